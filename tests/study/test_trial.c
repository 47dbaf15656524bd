/* SPDX-License-Identifier: Apache-2.0 */
/* test_trial.c -- how often studies are wrong, and how often they find what is there. */
#include "base/real.h"
#include "base/vec.h"
#include "made_store.h"

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(before_after),
		cmocka_unit_test(matched_control),
		cmocka_unit_test(switch_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
