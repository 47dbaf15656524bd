/* SPDX-License-Identifier: Apache-2.0 */
/* test_trial.c -- how often studies are wrong, and how often they find what is there. */
#include "base/real.h"
#include "base/vec.h"
#include "made_store.h"
#include "study/student.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define STUDIES 400
#define DAYS_MAX 84

static const struct made_store shop = {
	.an_hour = 60, .day_sd = 0.12, .day_keeps = 0.35, .hour_sd = 0.15
};

/* One made study: its days, and two stores of them. */
struct made {
	struct trial t;
	struct trial_day day[DAYS_MAX];
	double num[2][DAYS_MAX * TRIAL_HOURS], den[2][DAYS_MAX * TRIAL_HOURS];
	struct panel panel[2];
};

enum kind { BEFORE_AFTER, CONTROL, SWITCH_BACK };

static void lay_out(struct made *m, enum kind kind, struct rng *r)
{
	int length = kind == SWITCH_BACK ? 2 : 7;

	m->t = (struct trial){ .n_day = DAYS_MAX - 28,
			       .day = m->day,
			       .alpha = 0.05,
			       .power = 0.8,
			       .target = 0.1,
			       .seed = 1,
			       .paired = kind == SWITCH_BACK };
	m->t.n_block = m->t.n_day / length;
	for (int i = 0; i < m->t.n_day; i++) {
		int block = i / length;
		bool first = kind != SWITCH_BACK     ? block >= m->t.n_block / 2
			     : i % (2 * length) == 0 ? rng_chance(r, 0.5)
						     : m->day[i - 1].arm == ARM_B;

		if (kind == SWITCH_BACK && i % (2 * length) == length)
			first = !first;
		m->day[i] = (struct trial_day){ .arm = first ? ARM_B : ARM_A,
						.block = block,
						.weekday = i % 7 };
	}
}

/* The weather is the same for both stores, half of it. */
static void make(struct made *m, enum kind kind, double lift, uint64_t seed)
{
	double days[3][DAYS_MAX], effect[DAYS_MAX], lifts[DAYS_MAX];
	struct rng r;

	rng_init(&r, seed, 7);
	lay_out(m, kind, &r);
	for (int i = 0; i < 3; i++)
		made_days(&shop, &r, m->t.n_day, days[i]);
	for (int s = 0; s < 2; s++) {
		for (int i = 0; i < m->t.n_day; i++) {
			effect[i] = sqrt(0.5) * (days[0][i] + days[1 + s][i]);
			lifts[i] = s == 0 && m->day[i].arm == ARM_B ? lift : 0;
		}
		made_hours(&shop, &r, m->t.n_day, effect, lifts, m->num[s], m->den[s]);
		m->panel[s] = (struct panel){ m->num[s], m->den[s] };
	}
}

struct outcome {
	int found, up, covered, checked;
	double se2, df;
};

static struct outcome studies(enum kind kind, double lift)
{
	struct outcome o = { 0 };
	struct made *m = xcalloc(1, sizeof(*m));

	for (int i = 0; i < STUDIES; i++) {
		struct effect e;
		struct err err;

		make(m, kind, lift, (uint64_t)i + 1);
		if (trial_effect(&m->t, &m->panel[0], kind == CONTROL ? &m->panel[1] : NULL, &e,
				 &err) < 0)
			fail_msg("study %d: %s", i, err.msg);
		o.found += e.p <= m->t.alpha;
		o.checked += e.check_p <= m->t.alpha;
		o.up += e.p <= m->t.alpha && e.ratio > 0;
		o.covered += e.lo <= real_exp(lift) - 1 && real_exp(lift) - 1 <= e.hi;
		o.se2 += e.se * e.se / STUDIES;
		o.df = e.df;
	}
	free(m);
	return o;
}

/* How far a binomial count strays: 99 % (2.576 standard deviations and half a step). */
static int strays(double p)
{
	return (int)ceil(2.576 * sqrt(STUDIES * p * (1 - p)) + 0.5);
}

static void is_share(const char *what, int n, double p)
{
	print_message("%s: %d of %d, %.1f expected\n", what, n, STUDIES, p * STUDIES);
	assert_true(abs(n - (int)lround(p * STUDIES)) <= strays(p));
}

static void kind_is_honest(enum kind kind)
{
	double lift = real_log(1.1);
	struct outcome none = studies(kind, 0), some = studies(kind, lift);
	double power = trial_power(lift, sqrt(none.se2), none.df, 0.05);

	is_share("wrong without a difference", none.found, 0.05);
	print_message("  by the check: %d\n", none.checked);
	is_share("interval covers nothing", none.covered, 0.95);
	is_share("interval covers +10 %", some.covered, 0.95);
	print_message("  se %.4f df %.0f\n", sqrt(none.se2), none.df);
	is_share("+10 % found", some.up, power);
}

static void before_after(void **state)
{
	(void)state;
	kind_is_honest(BEFORE_AFTER);
}

static void matched_control(void **state)
{
	(void)state;
	kind_is_honest(CONTROL);
}

static void switch_back(void **state)
{
	(void)state;
	kind_is_honest(SWITCH_BACK);
}

/* What is said before the study, from 8 weeks in which nothing changed, is what comes true. */
static void plan(void **state)
{
	struct made *m = xcalloc(1, sizeof(*m));
	double planned = 0, power = 0, real = 0;
	int found = 0, n = 200;

	(void)state;
	for (int i = 0; i < n; i++) {
		static const int blocks[2] = { 4, 4 };
		struct effect e;
		struct err err;

		make(m, BEFORE_AFTER, 0, (uint64_t)i + 5000);
		for (int k = 0; k < m->t.n_day; k++)
			m->day[k].arm = ARM_A;
		if (trial_plan(&m->t, &m->panel[0], NULL, blocks, &e, &err) < 0)
			fail_msg("%s", err.msg);
		planned += e.se * e.se / n;
		power += e.power_target / n;
		make(m, BEFORE_AFTER, real_log(1.1), (uint64_t)i + 9000);
		assert_int_equal(trial_effect(&m->t, &m->panel[0], NULL, &e, &err), 0);
		real += e.se * e.se / n;
		found += e.p <= 0.05 && e.ratio > 0;
	}
	free(m);
	print_message("se %.4f planned, %.4f in the study; power %.2f, found %.2f\n",
		      sqrt(planned), sqrt(real), power, (double)found / n);
	assert_true(fabs(sqrt(planned / real) - 1) < 0.1);
	/* One history is a rough guide: on average it is right within a tenth. */
	assert_true(fabs(power - (double)found / n) < 0.1);
}

/* Both stores grow by 15 % for the season, and one of them is changed for nothing. */
static void control_takes_the_season_off(void **state)
{
	struct made *m = xcalloc(1, sizeof(*m));
	struct effect plain, matched;
	struct err err;

	(void)state;
	make(m, CONTROL, 0, 11);
	for (int i = 0; i < m->t.n_day * TRIAL_HOURS; i++)
		for (int s = 0; s < 2 && m->day[i / TRIAL_HOURS].arm == ARM_B; s++)
			m->num[s][i] *= 1.15;
	assert_int_equal(trial_effect(&m->t, &m->panel[0], NULL, &plain, &err), 0);
	assert_int_equal(trial_effect(&m->t, &m->panel[0], &m->panel[1], &matched, &err), 0);
	assert_true(plain.ratio > 0.08);
	assert_true(fabs(matched.ratio) < 0.08 && matched.lo < 0 && matched.hi > 0);
	free(m);
}

/* Saturdays and evenings, twice as busy, are missing in B: that is no effect. */
static void missing_hours_favour_nobody(void **state)
{
	struct made *m = xcalloc(1, sizeof(*m));
	struct effect e;
	struct err err;

	(void)state;
	make(m, BEFORE_AFTER, 0, 12);
	for (int k = 0; k < m->t.n_day * TRIAL_HOURS; k++) {
		int day = k / TRIAL_HOURS, hour = k % TRIAL_HOURS;
		/* No chance in it: what is expected, exactly, and a day's own whim. */
		double mean = (day % 7 == 5 ? 200 : 100) * (hour >= 17 ? 2 : 1);

		m->num[0][k] = m->den[0][k] * mean * (1 + 0.02 * (day * 7 % 5 - 2));
		if (m->day[day].arm == ARM_B && (day % 7 == 5 || hour >= 17) && day % 2)
			m->num[0][k] = m->den[0][k] = 0;
	}
	assert_int_equal(trial_effect(&m->t, &m->panel[0], NULL, &e, &err), 0);
	print_message("levels %.1f and %.1f, effect %.2f %%\n", e.level[0], e.level[1],
		      100 * e.ratio);
	assert_true(e.level[1] < 0.95 * e.level[0]);
	assert_true(fabs(e.ratio) < 0.02);
	free(m);
}

static void too_little(void **state)
{
	struct made *m = xcalloc(1, sizeof(*m));
	struct effect e = { .p = -7 };
	struct err err;

	(void)state;
	make(m, BEFORE_AFTER, 0, 13);
	for (int i = 7; i < m->t.n_day / 2; i++)
		m->day[i] = (struct trial_day){ ARM_NONE, -1, i % 7 };
	assert_int_equal(trial_effect(&m->t, &m->panel[0], NULL, &e, &err), ERR_STATE);
	assert_non_null(strstr(err.msg, "1 and 4 blocks"));
	make(m, BEFORE_AFTER, 0, 13);
	memset(m->num[0], 0, 7 * TRIAL_HOURS * sizeof(double));
	assert_int_equal(trial_effect(&m->t, &m->panel[0], NULL, &e, &err), ERR_STATE);
	assert_non_null(strstr(err.msg, "nothing counted"));
	make(m, SWITCH_BACK, 0, 13);
	for (int i = 20; i < m->t.n_day; i++)
		m->day[i] = (struct trial_day){ ARM_NONE, -1, i % 7 };
	assert_int_equal(trial_effect(&m->t, &m->panel[0], NULL, &e, &err), ERR_STATE);
	assert_non_null(strstr(err.msg, "5 pairs"));
	make(m, BEFORE_AFTER, 0, 13);
	assert_int_equal(trial_effect(&m->t, &m->panel[0], &m->panel[0], &e, &err), ERR_STATE);
	assert_non_null(strstr(err.msg, "no chance in it"));
	assert_true(e.p == -7);
	free(m);
}

/* Holm's own rule by hand; what is no test neither counts nor changes. */
static void holm(void **state)
{
	struct effect e[5] = {
		{ .p = 0.01 }, { .p = 0.04 }, { .p = NAN }, { .p = 0.03 }, { .p = 0.005 }
	};

	(void)state;
	trial_holm(e, 5);
	assert_true(fabs(e[4].p_holm - 0.02) < 1e-12);
	assert_true(fabs(e[0].p_holm - 0.03) < 1e-12);
	assert_true(fabs(e[3].p_holm - 0.06) < 1e-12);
	assert_true(fabs(e[1].p_holm - 0.06) < 1e-12); /* never below a smaller p's */
	assert_true(isnan(e[2].p_holm));
}

/* Against tables: t of Abramowitz and Stegun 26.10, the normal of 26.1, and the power of the
 * t-test in Cohen, Statistical Power Analysis, table 2.3 (n 20 each, d 0.8: 69 %). */
static void tables(void **state)
{
	(void)state;
	assert_true(fabs(student_limit(0.05, 6) - 2.447) < 5e-4);
	assert_true(fabs(student_limit(0.05, 1) - 12.706) < 5e-3);
	assert_true(fabs(student_limit(0.01, 13) - 3.012) < 5e-4);
	assert_true(fabs(normal_below(1.96) - 0.9750021049) < 1e-9);
	assert_true(fabs(normal_below(-3) - 0.0013498980) < 1e-9);
	assert_true(isnan(normal_below(NAN)));
	assert_true(fabs(trial_power(0.8, sqrt(0.1), 38, 0.05) - 0.69) < 0.005);
	assert_true(fabs(student_shifted(student_limit(0.05, 6), 6, 0) - 0.05) < 1e-4);
	assert_true(
		fabs(trial_power(real_log(1 + trial_mde(0.03, 8, 0.05, 0.8)), 0.03, 8, 0.05) -
		     0.8) < 1e-4);
	assert_true(trial_least_p(6) == 2.0 / 64);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tables),
		cmocka_unit_test(holm),
		cmocka_unit_test(missing_hours_favour_nobody),
		cmocka_unit_test(control_takes_the_season_off),
		cmocka_unit_test(too_little),
		cmocka_unit_test(plan),
		cmocka_unit_test(before_after),
		cmocka_unit_test(matched_control),
		cmocka_unit_test(switch_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
