/* SPDX-License-Identifier: Apache-2.0 */
/* test_kalman.c -- the filter finds speeds, whatever the frame times. */
#include "track/kalman.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void near_to(double got, double expected, double tolerance)
{
	if (!(fabs(got - expected) <= tolerance))
		fail_msg("got %.12g, expected %.12g", got, expected);
}

static void straight_line_converges(void **state)
{
	struct kalman k;

	(void)state;
	kalman_init(&k, 100, 4, 400);
	for (int i = 1; i <= 100; i++) {
		kalman_predict(&k, 0.1, 1);
		kalman_update(&k, 100 + 5.0 * i + (i % 2 ? 1 : -1), 4);
	}
	near_to(k.v, 50, 1);
	near_to(k.x, 600, 1);
}

/* One hand-made step: with dt 1, q 0 the predicted covariance of P = diag(4, 9) is
 * | 13 9 |, S = 13 + 3 = 16, gain = 13/16 and 9/16, innovation 16.
 * |  9 9 |  */
static void one_step_by_hand(void **state)
{
	struct kalman k;

	(void)state;
	kalman_init(&k, 10, 4, 9);
	kalman_predict(&k, 1, 0);
	near_to(kalman_distance2(&k, 26, 3), 16, 1e-12);
	kalman_update(&k, 26, 3);
	near_to(k.x, 23, 1e-12);
	near_to(k.v, 9, 1e-12);
	near_to(k.pxx, 13 - 13.0 * 13 / 16, 1e-12);
	near_to(k.pxv, 9 - 13.0 * 9 / 16, 1e-12);
	near_to(k.pvv, 9 - 9.0 * 9 / 16, 1e-12);
}

/* Without a measurement between them, steps add up: the frame rate does not matter. */
static void steps_add_up(void **state)
{
	const double dt[] = { 0.04, 0.3, 0.001, 0, 0.259, 0.4 };
	struct kalman many, one;

	(void)state;
	kalman_init(&many, 5, 2, 30);
	many.v = -12;
	many.pxv = 3;
	one = many;
	for (size_t i = 0; i < sizeof(dt) / sizeof(*dt); i++)
		kalman_predict(&many, dt[i], 7);
	kalman_predict(&one, 1, 7);
	near_to(many.x, one.x, 1e-9);
	near_to(many.v, one.v, 1e-9);
	near_to(many.pxx, one.pxx, 1e-9);
	near_to(many.pxv, one.pxv, 1e-9);
	near_to(many.pvv, one.pvv, 1e-9);
}

/* Noiseless positions at irregular times: the speed is right at every rate. */
static void irregular_times(void **state)
{
	const double dt[] = { 0.04, 0.2, 0.033, 0.5, 0.1 };
	struct kalman k;
	double t = 0;

	(void)state;
	kalman_init(&k, 0, 1, 1000);
	for (int i = 0; i < 60; i++) {
		t += dt[i % 5];
		kalman_predict(&k, dt[i % 5], 0.5);
		kalman_update(&k, -30 * t, 1);
	}
	near_to(k.v, -30, 0.05);
	near_to(k.x, -30 * t, 0.05);
}

static void covariance_stays_positive(void **state)
{
	const double dt[] = { 1e-6, 0.04, 2, 0.1, 0, 10 };
	const double r[] = { 1e-3, 1, 1e6, 0.1, 25 };
	struct kalman k;

	(void)state;
	kalman_init(&k, 0, 1e-3, 1e4);
	for (int i = 0; i < 5000; i++) {
		kalman_predict(&k, dt[i % 6], i % 7 ? 100 : 0);
		kalman_update(&k, i % 3 * 50, r[i % 5]);
		assert_true(k.pxx > 0 && k.pvv > 0);
		assert_true(k.pxx * k.pvv - k.pxv * k.pxv >= -1e-9 * k.pxx * k.pvv);
		assert_true(isfinite(k.x) && isfinite(k.v));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(straight_line_converges),
		cmocka_unit_test(one_step_by_hand),
		cmocka_unit_test(steps_add_up),
		cmocka_unit_test(irregular_times),
		cmocka_unit_test(covariance_stays_positive),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
