/* SPDX-License-Identifier: Apache-2.0 */
/* test_plate.c -- nobody is in the picture of the empty scene. */
#include "vision/plate.h"

#include "base/clock.h"
#include "picture.h"

#define W 64
#define H 48
#define STEP_US (CLOCK_SECOND_US / 10)

struct stage {
	struct plate *plate;
	struct yuv in, out;
	struct image mask, known;
	int64_t t_us;
};

static void begin(struct stage *s)
{
	struct plate_opts o = PLATE_OPTS_DEFAULT;

	s->plate = plate_new(&o, W, H);
	yuv_init(&s->in, W, H);
	yuv_init(&s->out, W, H);
	image_init(&s->mask, W, H);
	image_init(&s->known, W, H);
	s->t_us = 0;
}

static void end(struct stage *s)
{
	plate_free(s->plate);
	yuv_clear(&s->in);
	yuv_clear(&s->out);
	image_clear(&s->mask);
	image_clear(&s->known);
}

/* A person of 8 x 20 at x, for so long; seen as foreground under a track, or not (absorbed). */
static void person(struct stage *s, int x, double seconds, bool seen)
{
	struct track t = { .id = 1, .at.box = { x, 20, 8, 20 } };

	for (int i = 0; i < (int)(seconds * 10); i++, s->t_us += STEP_US) {
		draw_floor(&s->in);
		draw_box(&s->in, x, 20, 8, 20, 30, 150, 100);
		fill(&s->mask, 0, 0, W, H, 0);
		if (seen)
			fill(&s->mask, x, 20, 8, 20, 255);
		plate_step(s->plate, s->t_us, &s->in, &s->mask, &t, seen);
	}
}

static void nobody(struct stage *s, double seconds)
{
	person(s, -100, seconds, false);
}

static void walk(struct stage *s)
{
	for (int x = -8; x <= W; x++)
		person(s, x, 0.3, true);
}

/* No known pixel may differ from the empty floor. */
static int leaked(struct stage *s)
{
	int n = 0;

	plate_get(s->plate, &s->out, &s->known);
	draw_floor(&s->in);
	for (int y = 0; y < H; y++)
		for (int x = 0; x < W; x++)
			n += image_row(&s->known, y)[x] &&
			     (abs(image_row(&s->out.y, y)[x] - image_row(&s->in.y, y)[x]) >
				      12 ||
			      abs(image_row(&s->out.u, y)[x] - 128) > 8);
	return n;
}

static void nothing_is_proven_at_first(void **state)
{
	struct stage s;
	(void)state;

	begin(&s);
	nobody(&s, 60);
	assert_true(plate_get(s.plate, &s.out, &s.known) == 0);
	assert_int_equal(count(&s.known, 0, 0, W, H), 0);
	assert_int_equal(image_row(&s.out.y, 5)[5], 0);
	assert_int_equal(image_row(&s.out.u, 5)[5], 128);
	end(&s);
}

static void evidence_proves(void **state)
{
	struct stage s;
	(void)state;

	begin(&s);
	nobody(&s, 1810);
	assert_true(plate_get(s.plate, &s.out, &s.known) == 1);
	assert_int_equal(leaked(&s), 0);
	end(&s);
}

/* Nowhere on a busy floor is nobody near for half an hour. */
static void passers_by_prove_the_floor(void **state)
{
	struct stage s;
	(void)state;

	begin(&s);
	nobody(&s, 10);
	walk(&s);
	nobody(&s, 10);
	assert_true(plate_get(s.plate, &s.out, &s.known) == 0);
	for (int i = 0; i < 19; i++) {
		nobody(&s, 80);
		walk(&s);
	}
	nobody(&s, 10);
	plate_get(s.plate, &s.out, &s.known);
	assert_int_equal(count(&s.known, 0, 20, W, 20), W * 20);
	assert_int_equal(leaked(&s), 0);
	end(&s);
}

/* Somebody else passes in front of him, and he comes back as the floor would. */
static void who_stands_from_the_first_frame_stays_out(void **state)
{
	struct stage s;
	(void)state;

	begin(&s);
	for (int i = 0; i < 15; i++) {
		person(&s, 30, 100, false);
		person(&s, 30, 2, true);
	}
	person(&s, 30, 100, false);
	plate_get(s.plate, &s.out, &s.known);
	assert_int_equal(count(&s.known, 30, 20, 8, 20), 0);
	assert_int_equal(leaked(&s), 0);
	nobody(&s, 10);
	assert_int_equal(leaked(&s), 0);
	end(&s);
}

static void who_never_moves_stays_out(void **state)
{
	struct stage s;
	(void)state;

	begin(&s);
	person(&s, 30, 600, false);
	plate_get(s.plate, &s.out, &s.known);
	assert_int_equal(count(&s.known, 30, 20, 8, 20), 0);
	end(&s);
}

/* Foreground without a track: the outline of someone who sways. */
static void swaying_proves_nothing(void **state)
{
	struct stage s;
	(void)state;

	begin(&s);
	for (int i = 0; i < 10; i++) {
		person(&s, 30, 10, false);
		fill(&s.mask, 28, 18, 12, 24, 255);
		for (int k = 0; k < 10; k++, s.t_us += STEP_US)
			plate_step(s.plate, s.t_us, &s.in, &s.mask, NULL, 0);
	}
	person(&s, 30, 10, false);
	plate_get(s.plate, &s.out, &s.known);
	assert_int_equal(count(&s.known, 30, 20, 8, 20), 0);
	end(&s);
}

static void who_comes_and_goes_leaves_the_floor(void **state)
{
	struct stage s;
	(void)state;

	begin(&s);
	nobody(&s, 1000);
	person(&s, 30, 20, true);
	person(&s, 30, 60, false);
	assert_int_equal(leaked(&s), 0);
	person(&s, 30, 2, true);
	nobody(&s, 800);
	plate_get(s.plate, &s.out, &s.known);
	assert_int_equal(count(&s.known, 30, 20, 8, 20), 8 * 20);
	assert_int_equal(leaked(&s), 0);
	end(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_proven_at_first),
		cmocka_unit_test(evidence_proves),
		cmocka_unit_test(passers_by_prove_the_floor),
		cmocka_unit_test(who_never_moves_stays_out),
		cmocka_unit_test(who_stands_from_the_first_frame_stays_out),
		cmocka_unit_test(swaying_proves_nothing),
		cmocka_unit_test(who_comes_and_goes_leaves_the_floor),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
