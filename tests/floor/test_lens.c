/* SPDX-License-Identifier: Apache-2.0 */
/* test_lens.c -- a camera over the floor: what is where in its picture. */
#include "base/rng.h"
#include "floor/lens.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void sees(const struct lens *l, double x, double y, double z, double px[2])
{
	assert_true(lens_project(l, (struct pt_room){ x, y, z }, px, NULL));
}

static void near(double found, double expected, double eps)
{
	if (!(fabs(found - expected) <= eps))
		fail_msg("%.10g is not %.10g", found, expected);
}

/* 90 degrees wide at 3 m: the picture's edges are 3 m away. */
static void straight_down_north_is_up(void **state)
{
	struct lens l;
	double px[2], depth;
	(void)state;

	lens_look(&l, 640, 360, 90, 0, (struct pt_room){ 2, 1, 3 }, (struct pt_room){ 2, 1, 0 },
		  0);
	sees(&l, 2, 1, 0, px);
	near(px[0], 320, 1e-9);
	near(px[1], 180, 1e-9);
	sees(&l, 5, 1, 0, px);
	near(px[0], 640, 1e-9);
	sees(&l, 2, 1 + 3 * 180. / 320, 0, px);
	near(px[1], 0, 1e-9);
	/* A head is nearer to the camera than the feet. */
	assert_true(lens_project(&l, (struct pt_room){ 3, 1, 1.5 }, px, &depth));
	near(px[0], 320 + 320 / 1.5, 1e-9);
	near(depth, 1.5, 1e-12);
}

static void level_the_horizon_is_the_middle(void **state)
{
	struct lens l;
	struct pt_m at;
	double px[2];
	(void)state;

	lens_look(&l, 640, 480, 60, 0, (struct pt_room){ 0, 0, 2 }, (struct pt_room){ 0, 9, 2 },
		  0);
	sees(&l, 1, 10, 2, px);
	near(px[1], 240, 1e-9);
	assert_true(px[0] > 320); /* east is right when looking north */
	sees(&l, 0, 10, 0, px);
	assert_true(px[1] > 240);
	assert_false(lens_floor(&l, 320, 240, &at));
	assert_false(lens_floor(&l, 320, 100, &at));
	assert_false(lens_project(&l, (struct pt_room){ 0, -1, 0 }, px, NULL));
}

/* Turned clockwise, what was right of the middle is above it. */
static void roll_is_clockwise(void **state)
{
	struct lens l;
	double px[2];
	(void)state;

	lens_look(&l, 640, 480, 60, 0, (struct pt_room){ 0, 0, 2 }, (struct pt_room){ 0, 9, 2 },
		  90);
	sees(&l, 1, 10, 2, px);
	near(px[0], 320, 1e-9);
	assert_true(px[1] < 240);
}

static void barrel_pulls_inwards(void **state)
{
	struct pt_room at = { 0, 0, 3 }, to = { 0, 4, 0 };
	struct lens flat, barrel;
	double a[2], b[2];
	(void)state;

	lens_look(&flat, 640, 360, 90, 0, at, to, 0);
	lens_look(&barrel, 640, 360, 90, -0.2, at, to, 0);
	for (double x = -3; x <= 3; x++) {
		sees(&flat, x, 4, 0, a);
		sees(&barrel, x, 4, 0, b);
		if (x == 0)
			near(b[0], a[0], 1e-9);
		else
			assert_true(fabs(b[0] - 320) < fabs(a[0] - 320));
	}
	/* Beyond where the distortion folds back nothing is seen. */
	assert_false(lens_project(&barrel, (struct pt_room){ 40, 1, 0 }, b, NULL));
}

/* For any camera: the floor point of a pixel is seen at that pixel. */
static void there_and_back(void **state)
{
	struct rng r;
	int found = 0;
	(void)state;

	rng_init(&r, 5, 0);
	for (int i = 0; i < 20000; i++) {
		struct pt_room at = { rng_between(&r, -9, 9), rng_between(&r, -9, 9),
				      rng_between(&r, 2, 8) };
		struct pt_room to = { at.x + rng_between(&r, -6, 6),
				      at.y + rng_between(&r, -6, 6), 0 };
		double x = rng_between(&r, 0, 704), y = rng_between(&r, 0, 576), px[2];
		struct lens l;
		struct pt_m p;

		lens_look(&l, 704, 576, rng_between(&r, 20, 120), rng_between(&r, -0.25, 0.1),
			  at, to, rng_between(&r, -30, 30));
		if (!lens_floor(&l, x, y, &p) || hypot(p.x - at.x, p.y - at.y) > 200)
			continue;
		sees(&l, p.x, p.y, 0, px);
		near(px[0], x, 1e-4);
		near(px[1], y, 1e-4);
		found++;
	}
	assert_true(found > 10000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(straight_down_north_is_up),
		cmocka_unit_test(level_the_horizon_is_the_middle),
		cmocka_unit_test(roll_is_clockwise),
		cmocka_unit_test(barrel_pulls_inwards),
		cmocka_unit_test(there_and_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
