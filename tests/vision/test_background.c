/* SPDX-License-Identifier: Apache-2.0 */
/* test_background.c -- what stays still becomes scene, in seconds and not in frames. */
#include "vision/background.h"

#include "base/clock.h"
#include "picture.h"

#define W 48
#define H 40

struct stage {
	struct background *bg;
	struct yuv in;
	struct image mask;
	int64_t t_us, step_us;
};

static void begin(struct stage *s, char *backend, double absorb_s, int fps)
{
	struct background_opts o = BACKGROUND_OPTS_DEFAULT;
	struct err err;

	o.backend = backend;
	o.absorb_s = absorb_s;
	s->bg = background_new(&o, W, H, &err);
	assert_non_null(s->bg);
	yuv_init(&s->in, W, H);
	image_init(&s->mask, W, H);
	s->t_us = 0;
	s->step_us = CLOCK_SECOND_US / fps;
}

static void end(struct stage *s)
{
	background_free(s->bg);
	yuv_clear(&s->in);
	image_clear(&s->mask);
}

/* Shows the floor, with a box on it or not; how many of the box's 100 pixels are foreground in
 * the last frame. */
static int show(struct stage *s, double seconds, bool box, const struct image *feedback)
{
	struct err err;

	draw_floor(&s->in);
	if (box)
		draw_box(&s->in, 20, 20, 10, 10, 40, 140, 120);
	for (int64_t end_us = s->t_us + (int64_t)(seconds * 1e6); s->t_us < end_us;
	     s->t_us += s->step_us)
		assert_int_equal(
			background_step(s->bg, s->t_us, &s->in, feedback, &s->mask, &err), 0);
	return count(&s->mask, 20, 20, 10, 10);
}

static void absorbs(char *backend, double absorb_s, int fps)
{
	struct stage s;

	begin(&s, backend, absorb_s, fps);
	assert_int_equal(show(&s, 3 * absorb_s, false, NULL), 0);
	assert_true(show(&s, 0.45 * absorb_s, true, NULL) > 90);
	assert_true(show(&s, 1.6 * absorb_s, true, NULL) < 10);
	/* the old scene is remembered */
	assert_true(show(&s, 1, false, NULL) < 10);
	end(&s);
}

static void absorption_takes_its_time(void **state)
{
	(void)state;
	absorbs("knn", 20, 10);
	absorbs("knn", 20, 4);
	absorbs("knn", 8, 25);
	absorbs("mog2", 20, 10);
	absorbs("mog2", 8, 25);
}

static void first_frame_is_scene(void **state)
{
	struct stage s;
	(void)state;

	begin(&s, "knn", 40, 10);
	assert_int_equal(show(&s, 0.1, true, NULL), 0);
	assert_int_equal(count(&s.mask, 0, 0, W, H), 0);
	assert_int_equal(show(&s, 0.1, true, NULL), 0);
	end(&s);
}

static void ghost_of_the_start_goes_soon(void **state)
{
	struct stage s;
	(void)state;

	begin(&s, "knn", 40, 10);
	show(&s, 2, true, NULL);
	assert_true(show(&s, 0.5, false, NULL) > 0);
	assert_true(show(&s, 8, false, NULL) < 10);
	end(&s);
}

static void ignored_is_never_foreground(void **state)
{
	struct stage s;
	struct image f;
	(void)state;

	image_init(&f, W, H);
	fill(&f, 20, 20, 10, 5, FEEDBACK_IGNORE);
	begin(&s, "knn", 40, 10);
	show(&s, 5, false, &f);
	assert_int_equal(show(&s, 1, true, &f), 50);
	assert_int_equal(count(&s.mask, 20, 20, 10, 5), 0);
	end(&s);
	image_clear(&f);
}

static void plate_is_the_scene(void **state)
{
	struct stage s;
	struct yuv out;
	struct err err;
	(void)state;

	begin(&s, "knn", 40, 10);
	yuv_init(&out, W, H);
	assert_int_equal(background_plate(s.bg, &out, &err), ERR_STATE);
	show(&s, 5, false, NULL);
	show(&s, 1, true, NULL);
	assert_int_equal(background_plate(s.bg, &out, &err), 0);
	draw_floor(&s.in);
	assert_int_equal(image_row(&out.y, 25)[25], image_row(&s.in.y, 25)[25]);
	yuv_clear(&out);
	end(&s);
}

static void time_must_rise(void **state)
{
	struct stage s;
	struct err err;
	(void)state;

	begin(&s, "knn", 40, 10);
	show(&s, 1, false, NULL);
	assert_int_equal(background_step(s.bg, s.t_us - s.step_us, &s.in, NULL, &s.mask, &err),
			 ERR_STATE);
	assert_int_equal(background_step(s.bg, s.t_us, &s.in, NULL, &s.mask, &err), 0);
	end(&s);
}

static void unknown_backend_names_the_known(void **state)
{
	struct background_opts o = BACKGROUND_OPTS_DEFAULT;
	struct err err;
	(void)state;

	o.backend = "magic";
	assert_null(background_new(&o, W, H, &err));
	assert_non_null(strstr(err.msg, "magic"));
	assert_non_null(strstr(err.msg, "knn, mog2"));
	assert_null(background_kind(99));
	assert_string_equal(background_kind(0)->name, "knn");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(absorption_takes_its_time),
		cmocka_unit_test(first_frame_is_scene),
		cmocka_unit_test(ghost_of_the_start_goes_soon),
		cmocka_unit_test(ignored_is_never_foreground),
		cmocka_unit_test(plate_is_the_scene),
		cmocka_unit_test(time_must_rise),
		cmocka_unit_test(unknown_backend_names_the_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
