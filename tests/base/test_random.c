/* SPDX-License-Identifier: Apache-2.0 */
/* test_random.c -- random numbers and elementary functions: right, and the same everywhere. */
#include "base/real.h"
#include "base/rng.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define DRAWS 200000

/* The reference values of the generator's own demonstration program (pcg32_random_r with seed
 * 42, stream 54). */
static void the_generator_is_pcg(void **state)
{
	static const uint32_t expected[] = { 0xa15c02b7, 0x7b47f409, 0xba1d3330,
					     0x83d2f293, 0xbfa4784b, 0xcbed606e };
	struct rng r;

	(void)state;
	rng_init(&r, 42, 54);
	for (int i = 0; i < 6; i++)
		assert_int_equal(rng_u32(&r), expected[i]);
}

static void streams_do_not_depend_on_each_other(void **state)
{
	struct rng a, b, c;
	int equal = 0;

	(void)state;
	rng_init(&a, 1, 1);
	rng_init(&b, 1, 2);
	rng_init(&c, 1, 1);
	for (int i = 0; i < 1000; i++) {
		uint32_t x = rng_u32(&a);

		equal += x == rng_u32(&b);
		assert_int_equal(x, rng_u32(&c));
	}
	assert_true(equal < 2);
}

static void distributions_have_their_moments(void **state)
{
	double unit = 0, normal = 0, square = 0, wait = 0, below_median = 0;
	int below[3] = { 0 };
	struct rng r;

	(void)state;
	rng_init(&r, 7, 0);
	for (int i = 0; i < DRAWS; i++) {
		double u = rng_unit(&r), z = rng_normal(&r);

		assert_true(u >= 0 && u < 1);
		unit += u;
		normal += z;
		square += z * z;
		wait += rng_exponential(&r, 5);
		below_median += rng_lognormal(&r, 30, 1.5) < 30;
		below[rng_below(&r, 3)]++;
	}
	/* Five standard errors each. */
	assert_true(fabs(unit / DRAWS - 0.5) < 5 * 0.289 / sqrt(DRAWS));
	assert_true(fabs(normal / DRAWS) < 5 / sqrt(DRAWS));
	assert_true(fabs(square / DRAWS - 1) < 5 * 1.415 / sqrt(DRAWS));
	assert_true(fabs(wait / DRAWS - 5) < 5 * 5 / sqrt(DRAWS));
	assert_true(fabs(below_median / DRAWS - 0.5) < 5 * 0.5 / sqrt(DRAWS));
	for (int i = 0; i < 3; i++)
		assert_true(fabs((double)below[i] / DRAWS - 1. / 3) < 5 * 0.472 / sqrt(DRAWS));
}

static void near(double found, double expected)
{
	assert_true(fabs(found - expected) <= 4e-15 * fmax(1, fabs(expected)));
}

static void functions_are_those_of_mathematics(void **state)
{
	struct rng r;

	(void)state;
	rng_init(&r, 3, 0);
	for (int i = 0; i < DRAWS; i++) {
		double x = rng_between(&r, -100, 100), y = rng_between(&r, -100, 100);

		near(real_sin(x), sin(x));
		near(real_cos(x), cos(x));
		near(real_atan2(y, x), atan2(y, x));
		near(real_acos(x / 100), acos(x / 100));
		near(real_exp(x) / exp(x), 1);
		near(real_log(fabs(x) + 1e-9), log(fabs(x) + 1e-9));
		near(real_hypot(x, y), hypot(x, y));
		assert_true(fabs(real_pow(fabs(x) + 1, y / 20) / pow(fabs(x) + 1, y / 20) - 1) <
			    1e-13);
	}
	near(real_atan2(0, -1), REAL_PI);
	near(real_atan2(-1, 0), -REAL_PI / 2);
	assert_true(real_atan2(0, 0) == 0);
	assert_true(real_log(0) == -HUGE_VAL && real_log(-1) != real_log(-1));
	assert_true(real_exp(1000) == HUGE_VAL && real_exp(-1000) == 0 && real_exp(0) == 1);
	assert_true(real_sin(NAN) != real_sin(NAN));
}

/* Written down once: another machine, compiler or set of instructions must say the same. */
static void functions_have_the_same_bits_everywhere(void **state)
{
	uint64_t h = 0;
	struct rng r;

	(void)state;
	rng_init(&r, 11, 0);
	for (int i = 0; i < 10000; i++) {
		double x = rng_between(&r, -30, 30), all[6];

		all[0] = real_sin(x);
		all[1] = real_cos(x);
		all[2] = real_atan2(x, 3);
		all[3] = real_exp(x);
		all[4] = real_log(x * x);
		all[5] = rng_lognormal(&r, 3, 1);
		for (int k = 0; k < 6; k++) {
			union {
				double d;
				uint64_t u;
			} bits = { .d = all[k] };

			h = rng_hash(h, bits.u);
		}
	}
	assert_int_equal(h, UINT64_C(0xb040c751a9769572));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_generator_is_pcg),
		cmocka_unit_test(streams_do_not_depend_on_each_other),
		cmocka_unit_test(distributions_have_their_moments),
		cmocka_unit_test(functions_are_those_of_mathematics),
		cmocka_unit_test(functions_have_the_same_bits_everywhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
