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

static void at(struct kalman *k, double x, double y, double r, double var_v)
{
	kalman_init(k, (double[]){ x, y }, &(struct spread){ r, 0, r }, var_v);
}

static void see(struct kalman *k, double x, double y, double r)
{
	kalman_update(k, (double[]){ x, y }, &(struct spread){ r, 0, r });
}

static void straight_line_converges(void **state)
{
	struct kalman k;

	(void)state;
	at(&k, 100, 40, 4, 400);
	for (int i = 1; i <= 100; i++) {
		double off = i % 2 ? 1 : -1;

		kalman_predict(&k, 0.1, 1);
		see(&k, 100 + 5.0 * i + off, 40 - 2.0 * i + off, 4);
	}
	near_to(k.x[2], 50, 1);
	near_to(k.x[3], -20, 1);
	near_to(k.x[0], 600, 1);
	near_to(k.x[1], -160, 1);
}

/* One hand-made step: with dt 1, q 0 the predicted covariance of P = diag(4, 9) is
 * | 13 9 |, S = 13 + 3 = 16, gain = 13/16 and 9/16, innovation 16.
 * |  9 9 |  The other way it is the same with an innovation of -8. */
static void one_step_by_hand(void **state)
{
	struct kalman k;
	double det;

	(void)state;
	at(&k, 10, 20, 4, 9);
	kalman_predict(&k, 1, 0);
	near_to(kalman_distance2(&k, (double[]){ 26, 12 }, &(struct spread){ 3, 0, 3 }, &det),
		20, 1e-12);
	near_to(det, 256, 1e-12);
	see(&k, 26, 12, 3);
	near_to(k.x[0], 23, 1e-12);
	near_to(k.x[1], 13.5, 1e-12);
	near_to(k.x[2], 9, 1e-12);
	near_to(k.x[3], -4.5, 1e-12);
	near_to(k.p[0][0], 13 - 13.0 * 13 / 16, 1e-12);
	near_to(k.p[0][2], 9 - 9.0 * 13 / 16, 1e-12);
	near_to(k.p[2][2], 9 - 9.0 * 9 / 16, 1e-12);
	near_to(k.p[0][1], 0, 1e-12);
}

/* A sighting that is sure across the view and unsure along it, askew to the axes, moves the
 * position across only. */
static void unsure_along_the_view(void **state)
{
	const double wide = 100, narrow = 0.01;
	/* Along (1, 1) and across it (1, -1). */
	const struct spread r = { (wide + narrow) / 2, (wide - narrow) / 2,
				  (wide + narrow) / 2 };
	struct kalman k;
	double det;

	(void)state;
	at(&k, 0, 0, 1, 1);
	near_to(kalman_distance2(&k, (double[]){ 5, 5 }, &r, &det), 50.0 / 101, 1e-9);
	near_to(kalman_distance2(&k, (double[]){ 5, -5 }, &r, &det), 50.0 / 1.01, 1e-9);
	kalman_update(&k, (double[]){ 6, 4 }, &r);
	near_to(k.x[0] + k.x[1], 10.0 / 101, 1e-9);
	near_to(k.x[0] - k.x[1], 2.0 / 1.01, 1e-9);
}

/* Without a measurement between them, steps add up: the frame rate does not matter. */
static void steps_add_up(void **state)
{
	const double dt[] = { 0.04, 0.3, 0.001, 0, 0.259, 0.4 };
	struct kalman many, one;

	(void)state;
	at(&many, 5, -3, 2, 30);
	kalman_update(&many, (double[]){ 6, -3 }, &(struct spread){ 2, 1, 3 });
	many.x[2] = -12;
	one = many;
	for (size_t i = 0; i < sizeof(dt) / sizeof(*dt); i++)
		kalman_predict(&many, dt[i], 7);
	kalman_predict(&one, 1, 7);
	for (int i = 0; i < 4; i++) {
		near_to(many.x[i], one.x[i], 1e-9);
		for (int j = 0; j < 4; j++)
			near_to(many.p[i][j], one.p[i][j], 1e-9);
	}
}

/* Noiseless positions at irregular times: the speed is right at every rate. */
static void irregular_times(void **state)
{
	const double dt[] = { 0.04, 0.2, 0.033, 0.5, 0.1 };
	struct kalman k;
	double t = 0;

	(void)state;
	at(&k, 0, 0, 1, 1000);
	for (int i = 0; i < 60; i++) {
		t += dt[i % 5];
		kalman_predict(&k, dt[i % 5], 0.5);
		see(&k, -30 * t, 10 * t, 1);
	}
	near_to(k.x[2], -30, 0.05);
	near_to(k.x[3], 10, 0.05);
	near_to(k.x[0], -30 * t, 0.05);
}

static void covariance_stays_positive(void **state)
{
	const double dt[] = { 1e-6, 0.04, 2, 0.1, 0, 10 };
	const double r[] = { 1e-3, 1, 1e6, 0.1, 25 };
	struct kalman k;

	(void)state;
	at(&k, 0, 0, 1e-3, 1e4);
	for (int i = 0; i < 5000; i++) {
		double a = r[i % 5], b = r[i % 3];
		struct spread s = { a, 0.9 * sqrt(a * b), b };

		kalman_predict(&k, dt[i % 6], i % 7 ? 100 : 0);
		kalman_update(&k, (double[]){ i % 3 * 50, i % 4 * 20 }, &s);
		for (int d = 0; d < 2; d++) {
			double pxx = k.p[d][d], pxv = k.p[d][d + 2], pvv = k.p[d + 2][d + 2];

			assert_true(pxx > 0 && pvv > 0);
			assert_true(pxx * pvv - pxv * pxv >= -1e-9 * pxx * pvv);
		}
		for (int j = 0; j < 4; j++)
			assert_true(isfinite(k.x[j]));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(straight_line_converges),
		cmocka_unit_test(one_step_by_hand),
		cmocka_unit_test(unsure_along_the_view),
		cmocka_unit_test(steps_add_up),
		cmocka_unit_test(irregular_times),
		cmocka_unit_test(covariance_stays_positive),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
