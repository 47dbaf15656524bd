/* SPDX-License-Identifier: Apache-2.0 */
/* test_equivalence.c -- the test of counters: against tables, and by how often it is wrong on
 * thousands of counters of which the truth is known.
 */
#include "base/rng.h"
#include "report/equivalence.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>

#define assert_near(a, b, eps) assert_true(fabs((a) - (b)) <= (eps))
#define MARGIN 0.05
#define SAMPLES_MAX 64

/* ---- distributions, against printed tables ---- */

static void students_t_is_that_of_the_tables(void **state)
{
	(void)state;
	assert_near(equiv_t(0.95, 1), 6.3138, 1e-3);
	assert_near(equiv_t(0.95, 2), 2.9200, 1e-4);
	assert_near(equiv_t(0.975, 5), 2.5706, 1e-4);
	assert_near(equiv_t(0.95, 19), 1.7291, 1e-4);
	assert_near(equiv_t(0.975, 30), 2.0423, 1e-4);
	assert_near(equiv_t(0.05, 19), -1.7291, 1e-4);
	assert_near(equiv_t(0.95, 1000000), 1.6449, 4e-3);
}

/* Garwood's limits: 0 counted, at most 2.996 with 95 %. */
static void poisson_limits_are_those_of_the_tables(void **state)
{
	(void)state;
	assert_near(equiv_poisson(0, 0.05), 2.9957, 1e-3);
	assert_near(equiv_poisson(1, 0.05), 4.7439, 1e-3);
	assert_near(equiv_poisson(10, 0.05), 16.9622, 1e-3);
	assert_near(equiv_poisson(9, 0.95), 5.4254, 1e-3); /* lower limit of 10 */
	assert_near(equiv_poisson(50, 0.025), 65.9188, 1e-3);
	assert_near(equiv_poisson(10000, 0.05), 10000 + 1.6449 * 100 + 1.57, 0.1);
}

/* ---- verdicts ---- */

static struct equiv judge(const struct equiv_sample *v, int n)
{
	struct equiv e;

	equiv_test(&e, v, n, MARGIN);
	return e;
}

static void fill(struct equiv_sample *v, int n, int64_t manual, int64_t machine)
{
	for (int i = 0; i < n; i++)
		v[i] = (struct equiv_sample){ manual, machine, 1, 1 };
}

/* 16 samples with 3 persons each are 48 persons: their exact limits are +-6.2 %. */
static void no_error_among_few_persons_proves_nothing(void **state)
{
	struct equiv_sample v[SAMPLES_MAX];
	struct equiv e;
	(void)state;

	fill(v, 16, 3, 3);
	e = judge(v, 16);
	assert_true(e.bias == 0);
	assert_near(e.hi, 2.9957 / 48, 1e-4);
	assert_near(e.lo, -2.9957 / 48, 1e-4);
	assert_int_equal(e.verdict, EQUIV_MORE);
	assert_true(e.more >= 4 && e.more <= 16);
	fill(v, 16 + e.more, 3, 3);
	e = judge(v, 16 + e.more);
	assert_int_equal(e.verdict, EQUIV_PROVEN);
}

static void few_samples_prove_nothing_however_good(void **state)
{
	struct equiv_sample v[SAMPLES_MAX];
	struct equiv e;
	(void)state;

	for (int n = 1; n < EQUIV_MIN; n++) {
		fill(v, n, 100, 100);
		e = judge(v, n);
		assert_int_equal(e.verdict, EQUIV_MORE);
		assert_int_equal(e.more, EQUIV_MIN - n);
	}
	fill(v, EQUIV_MIN, 100, 100);
	assert_int_equal(judge(v, EQUIV_MIN).verdict, EQUIV_PROVEN);
}

static void a_counter_that_misses_a_tenth_is_not_proven(void **state)
{
	struct equiv_sample v[SAMPLES_MAX];
	struct equiv e;
	(void)state;

	fill(v, 20, 50, 45);
	e = judge(v, 20);
	assert_near(e.bias, -0.1, 1e-9);
	assert_near(e.unbalanced, 0.1, 1e-9);
	assert_int_equal(e.verdict, EQUIV_NOT_PROVEN);
	assert_true(e.hi < -MARGIN); /* proven to be wrong, even */
}

/* Too many here and too few there cancel in the sum, and are seen all the same. */
static void errors_that_cancel_are_unbalanced(void **state)
{
	struct equiv_sample v[SAMPLES_MAX];
	struct equiv e;
	(void)state;

	fill(v, 20, 50, 50);
	for (int i = 0; i < 20; i++)
		v[i].machine += i % 2 ? 10 : -10;
	e = judge(v, 20);
	assert_near(e.bias, 0, 1e-12);
	assert_near(e.unbalanced, 0.2, 1e-12);
	assert_true(e.lo < -MARGIN && e.hi > MARGIN);
	assert_int_equal(e.verdict, EQUIV_MORE);
}

static void nobody_counted_by_hand_is_no_proof(void **state)
{
	struct equiv_sample v[SAMPLES_MAX];
	struct equiv e;
	double lo, hi;
	(void)state;

	fill(v, 20, 0, 3);
	e = judge(v, 20);
	assert_int_equal(e.verdict, EQUIV_NOT_PROVEN);
	assert_false(equiv_range(&e, 10, &lo, &hi));
	fill(v, 20, 3, 0);
	e = judge(v, 20);
	assert_int_equal(e.verdict, EQUIV_NOT_PROVEN);
	assert_false(equiv_range(&e, 10, &lo, &hi));
}

/* A sample of a stratum with many windows weighs more: quiet windows are right, busy ones lose
 * a fifth, and there are nine quiet ones for each busy one. */
static void weights_are_those_of_the_strata(void **state)
{
	struct equiv_sample v[SAMPLES_MAX];
	struct equiv e;
	(void)state;

	for (int i = 0; i < 20; i++)
		v[i] = i % 2 ? (struct equiv_sample){ 100, 80, 2, 1 }
			     : (struct equiv_sample){ 100, 100, 1, 9 };
	e = judge(v, 20);
	assert_near(e.bias, -0.02, 1e-9);
	/* What strata differ by is no uncertainty; taken for one stratum it would be. */
	assert_true(e.lo > -0.05);
}

static void order_and_labels_of_strata_do_not_matter(void **state)
{
	struct equiv_sample v[SAMPLES_MAX], w[SAMPLES_MAX];
	struct equiv a, b;
	struct rng r;
	(void)state;

	rng_init(&r, 3, 0);
	for (int i = 0; i < 24; i++) {
		v[i] = (struct equiv_sample){ 10 + rng_below(&r, 20), 0, i % 3, 1 + i % 3 };
		v[i].machine = v[i].manual - rng_below(&r, 3);
	}
	for (int i = 0; i < 24; i++)
		w[i] = v[23 - i];
	a = judge(v, 24);
	b = judge(w, 24);
	assert_int_equal(a.verdict, b.verdict);
	assert_near(a.bias, b.bias, 1e-12);
	assert_near(a.lo, b.lo, 0.005); /* the bootstrap draws others */
	assert_near(a.hi, b.hi, 0.005);
	b = judge(v, 24);
	assert_true(a.lo == b.lo && a.hi == b.hi); /* the same bits again */
}

/* ---- counters whose truth is known ---- */

enum kind {
	ALONE,   /* each person is missed or made up alone */
	CROWDED, /* some windows are much worse than others: an exponential factor */
	RARE,    /* all that is missed is missed in one window of five */
};

struct world {
	enum kind kind;
	double mean; /* persons in a usual window */
	double miss, extra;
};

static int64_t poisson(struct rng *r, double mean)
{
	double t = rng_exponential(r, 1);
	int64_t n = 0;

	for (; t < mean; n++)
		t += rng_exponential(r, 1);
	return n;
}

static struct equiv_sample window(struct rng *r, const struct world *w, int stratum)
{
	static const double size[] = { 0.4, 1, 1.6 };
	double mean = w->mean * size[stratum], miss = w->miss, extra = w->extra;
	struct equiv_sample s = { .manual = poisson(r, mean), .stratum = stratum, .weight = 1 };

	if (w->kind == RARE)
		miss = rng_chance(r, 0.2) ? 5 * miss : 0;
	if (w->kind == CROWDED) {
		miss = fmin(1, miss * rng_exponential(r, 1));
		extra *= rng_exponential(r, 1);
	}
	for (int64_t i = 0; i < s.manual; i++)
		s.machine += !rng_chance(r, miss);
	s.machine += poisson(r, mean * extra);
	return s;
}

struct tally {
	int covered, proven, ranged;
};

/* Audits of n samples each of that world. */
static struct tally audit_often(const struct world *w, int n, int audits, uint64_t seed)
{
	double truth = w->extra - w->miss;
	struct tally t = { 0 };
	struct rng r;

	rng_init(&r, seed, (uint64_t)n);
	for (int a = 0; a < audits; a++) {
		struct equiv_sample v[SAMPLES_MAX], later;
		struct equiv e;
		double lo, hi;

		for (int i = 0; i < n; i++)
			v[i] = window(&r, w, i % 3);
		e = judge(v, n);
		later = window(&r, w, 1);
		t.covered += e.lo <= truth && truth <= e.hi;
		t.proven += e.verdict == EQUIV_PROVEN;
		assert_true(equiv_range(&e, later.machine, &lo, &hi));
		t.ranged +=
			floor(lo) <= (double)later.manual && (double)later.manual <= ceil(hi);
	}
	return t;
}

/* Largest count of N trials at rate p that luck explains, and least: three standard deviations.
 */
static double most(int n, double p)
{
	return n * p + 3 * sqrt(n * p * (1 - p));
}

static double least(int n, double p)
{
	return n * p - 3 * sqrt(n * p * (1 - p));
}

#define AUDITS 600

/* Counters that are wrong by the margin exactly are proven right in at most 5 % of the audits:
 * persons alone. Where errors come in crowds, so few samples cannot promise it; 10 % they do.
 */
static void the_wrong_are_seldom_proven_right(void **state)
{
	static const struct {
		struct world w;
		int n;
		double at_most;
	} cases[] = {
		{ { ALONE, 10, 0.05, 0 }, 20, 0.05 },
		{ { ALONE, 40, 0, 0.05 }, 20, 0.05 },
		{ { ALONE, 40, 0.08, 0.03 }, 16, 0.06 },
		{ { ALONE, 40, 0.03, 0.08 }, 48, 0.05 },
		{ { CROWDED, 40, 0.05, 0 }, 20, 0.10 },
		{ { CROWDED, 40, 0, 0.05 }, 48, 0.08 },
		{ { RARE, 40, 0.05, 0 }, 20, 0.08 },
	};
	(void)state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct tally t = audit_often(&cases[i].w, cases[i].n, AUDITS, i);

		printf("wrong by 5 %%, kind %d, %d samples of %g: proven in %.1f %%\n",
		       cases[i].w.kind, cases[i].n, cases[i].w.mean, 100.0 * t.proven / AUDITS);
		assert_true(t.proven <= most(AUDITS, cases[i].at_most));
	}
}

static void intervals_hold_the_truth(void **state)
{
	static const struct {
		struct world w;
		int n;
		double bias_at_least, range_at_least;
	} cases[] = {
		{ { ALONE, 10, 0.02, 0.01 }, 16, 0.90, 0.95 },
		{ { ALONE, 40, 0.02, 0.02 }, 24, 0.90, 0.95 },
		{ { ALONE, 100, 0.10, 0.02 }, 20, 0.90, 0.95 },
		{ { CROWDED, 40, 0.04, 0 }, 24, 0.88, 0.94 },
		{ { CROWDED, 40, 0, 0.04 }, 48, 0.88, 0.94 },
		{ { RARE, 40, 0.02, 0 }, 24, 0.88, 0.90 },
	};
	(void)state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct tally t = audit_often(&cases[i].w, cases[i].n, AUDITS, 100 + i);

		printf("kind %d, %d samples of %g: bias within in %.1f %%, next window in "
		       "%.1f %%\n",
		       cases[i].w.kind, cases[i].n, cases[i].w.mean, 100.0 * t.covered / AUDITS,
		       100.0 * t.ranged / AUDITS);
		assert_true(t.covered >= least(AUDITS, cases[i].bias_at_least));
		assert_true(t.ranged >= least(AUDITS, cases[i].range_at_least));
	}
}

static void the_right_are_proven_right(void **state)
{
	static const struct world good = { ALONE, 40, 0.01, 0.01 };
	struct tally t = audit_often(&good, 20, AUDITS, 7);
	(void)state;

	assert_true(t.proven >= least(AUDITS, 0.99));
}

/* As many more samples as it asks for prove a counter that is like those so far, in about as
 * many cases as it says. */
static void as_many_more_as_asked_for_are_enough(void **state)
{
	static const struct world fair = { ALONE, 12, 0.03, 0 };
	int asked = 0, enough = 0;
	struct rng r;
	(void)state;

	rng_init(&r, 11, 0);
	for (int a = 0; a < 400; a++) {
		struct equiv_sample v[EQUIV_MORE_MAX + SAMPLES_MAX];
		struct equiv e;
		int n = 16;

		for (int i = 0; i < n; i++)
			v[i] = window(&r, &fair, i % 3);
		e = judge(v, n);
		if (e.verdict != EQUIV_MORE)
			continue;
		asked++;
		for (; n < 16 + e.more; n++)
			v[n] = window(&r, &fair, n % 3);
		enough += judge(v, n).verdict == EQUIV_PROVEN;
	}
	assert_true(asked > 40);
	assert_true(enough > asked * 0.6);
}

/* A whole day's true number lies nearer to its count, in proportion, than an hour's. */
static void many_persons_are_known_better_than_few(void **state)
{
	static const struct world fair = { ALONE, 40, 0.03, 0.01 };
	struct equiv_sample v[SAMPLES_MAX];
	struct equiv e;
	double lo, hi, before = INFINITY;
	struct rng r;
	(void)state;

	rng_init(&r, 5, 0);
	for (int i = 0; i < 24; i++)
		v[i] = window(&r, &fair, i % 3);
	e = judge(v, 24);
	for (int64_t k = 10; k <= 100000; k *= 10) {
		assert_true(equiv_range(&e, k, &lo, &hi));
		assert_true(lo <= (double)k / (1 + e.bias) && (double)k / (1 + e.bias) <= hi);
		assert_true((hi - lo) / (double)k < before);
		before = (hi - lo) / (double)k;
	}
	assert_true(equiv_range(&e, 0, &lo, &hi));
	assert_true(lo == 0 && hi > 0 && hi < 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(students_t_is_that_of_the_tables),
		cmocka_unit_test(poisson_limits_are_those_of_the_tables),
		cmocka_unit_test(no_error_among_few_persons_proves_nothing),
		cmocka_unit_test(few_samples_prove_nothing_however_good),
		cmocka_unit_test(a_counter_that_misses_a_tenth_is_not_proven),
		cmocka_unit_test(errors_that_cancel_are_unbalanced),
		cmocka_unit_test(nobody_counted_by_hand_is_no_proof),
		cmocka_unit_test(weights_are_those_of_the_strata),
		cmocka_unit_test(order_and_labels_of_strata_do_not_matter),
		cmocka_unit_test(the_wrong_are_seldom_proven_right),
		cmocka_unit_test(intervals_hold_the_truth),
		cmocka_unit_test(the_right_are_proven_right),
		cmocka_unit_test(as_many_more_as_asked_for_are_enough),
		cmocka_unit_test(many_persons_are_known_better_than_few),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
