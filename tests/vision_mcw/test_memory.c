/* SPDX-License-Identifier: Apache-2.0 */
/* test_memory.c -- a live camera's memory puts right what the model learned wrongly. */
#include "noise.h"
#include "vision/memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { W = 160, H = 120, BW = 24, BH = 60, BY = 30, HOME = 60 };
#define STEP_US 100000

struct live {
	struct background *bg;
	struct memory *memory;
	struct yuv clean, in;
	struct image mask, feedback;
	uint32_t noise;
	int64_t t_us;
	int corrected; /* pixels, so far */
};

static void begin(struct live *s)
{
	struct background_opts o = BACKGROUND_OPTS_DEFAULT;

	*s = (struct live){ .noise = 3 };
	s->bg = background_new(&o, W, H, NULL);
	s->memory = memory_new(W, H);
	yuv_init(&s->clean, W, H);
	yuv_init(&s->in, W, H);
	image_init(&s->mask, W, H);
	image_init(&s->feedback, W, H);
	room(&s->clean);
}

static void end(struct live *s)
{
	background_free(s->bg);
	memory_free(s->memory);
	yuv_clear(&s->clean);
	yuv_clear(&s->in);
	image_clear(&s->mask);
	image_clear(&s->feedback);
}

/* So many frames with somebody at x; x < 0: nobody. */
static void look(struct live *s, int frames, int x)
{
	for (int i = 0; i < frames; i++, s->t_us += STEP_US) {
		int n;

		with_noise(&s->in, &s->clean, 3, &s->noise);
		if (x >= 0)
			fill_box(&s->in.y, x, BY, BW, BH, 215);
		assert_int_equal(
			background_step(s->bg, s->t_us, &s->in, &s->feedback, &s->mask, NULL),
			0);
		n = memory_step(s->memory, s->bg, s->t_us, &s->in, &s->feedback, NULL);
		assert_true(n >= 0);
		s->corrected += n;
	}
}

static int seen(const struct live *s, int x)
{
	return count_set_box(&s->mask, x + 2, BY + 2, BW - 4, BH - 4);
}

/* The model takes him for scene; the memory knows better soon after he has moved. */
static void who_is_there_at_the_start_is_put_right(void **state)
{
	struct live s;
	(void)state;

	begin(&s);
	look(&s, 12, HOME);
	look(&s, 1, 0);
	assert_int_equal(seen(&s, HOME), (BW - 4) * (BH - 4)); /* a ghost */
	look(&s, 9, 0);
	assert_in_range(s.corrected, (BW - 4) * (BH - 4), BW * BH);
	assert_int_equal(seen(&s, HOME), 0);
	for (int i = 0; i < 12; i++) {
		look(&s, 8, 120);
		look(&s, 2, HOME);
		assert_int_equal(seen(&s, HOME), (BW - 4) * (BH - 4));
		look(&s, 8, -1);
		assert_int_equal(count_set(&s.mask), 0);
	}
	end(&s);
}

/* Who comes in later and sits down is not absorbed any sooner than without a memory. */
static void who_sits_down_stays_foreground(void **state)
{
	struct live s;
	(void)state;

	begin(&s);
	look(&s, 50, -1);
	look(&s, 400, HOME);
	assert_int_equal(seen(&s, HOME), (BW - 4) * (BH - 4));
	look(&s, 1, -1);
	assert_int_equal(count_set(&s.mask), 0);
	end(&s);
}

static void nothing_is_put_right_under_a_track(void **state)
{
	struct live s;
	(void)state;

	begin(&s);
	fill(&s.feedback, FEEDBACK_PROTECT);
	look(&s, 12, HOME);
	for (int i = 0; i < 12; i++) {
		look(&s, 8, 0);
		look(&s, 8, 120);
		look(&s, 2, HOME);
	}
	assert_int_equal(s.corrected, 0);
	end(&s);
}

/* Hours of an empty room with people in between: nothing to put right, and no error. */
static void a_quiet_day_changes_nothing(void **state)
{
	struct live s;
	(void)state;

	begin(&s);
	look(&s, 100, -1);
	for (int hour = 0; hour < 5; hour++) {
		s.t_us += INT64_C(3540) * 1000000;
		look(&s, 20, HOME);
		look(&s, 20, -1);
		assert_int_equal(count_set(&s.mask), 0);
	}
	assert_int_equal(s.corrected, 0);
	end(&s);
}

static void other_backends_know_nothing_of_it(void **state)
{
	struct background_opts o = BACKGROUND_OPTS_DEFAULT;
	struct background *bg;
	struct yuv scene;
	struct image where;
	(void)state;

	o.backend = (char *)"knn";
	bg = background_new(&o, W, H, NULL);
	yuv_init(&scene, W, H);
	image_init(&where, W, H);
	assert_true(background_knows_scene(bg));
	assert_false(background_correct(bg, &scene, &where));
	background_free(bg);
	yuv_clear(&scene);
	image_clear(&where);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_is_there_at_the_start_is_put_right),
		cmocka_unit_test(who_sits_down_stays_foreground),
		cmocka_unit_test(nothing_is_put_right_under_a_track),
		cmocka_unit_test(a_quiet_day_changes_nothing),
		cmocka_unit_test(other_backends_know_nothing_of_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
