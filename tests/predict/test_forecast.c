/* SPDX-License-Identifier: Apache-2.0 */
/* test_forecast.c -- forecasts of made stores: better than last week, as sure as they say, and
 * nothing made of hours that nobody saw. */
#include "base/real.h"
#include "base/vec.h"
#include "made_store.h"
#include "study/forecast.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define DAYS_MAX 200
#define HOURS (DAYS_MAX * TRIAL_HOURS)

static const struct made_store shop = {
	.an_hour = 50, .day_sd = 0.1, .day_keeps = 0.4, .hour_sd = 0.12
};

struct made {
	int weekday[DAYS_MAX];
	bool holiday[DAYS_MAX], open[HOURS];
	double num[HOURS], den[HOURS];
	struct forecast_days d;
};

/* n_past days and the n_next that come after, which the forecast does not see. drift: of the
 * level, per day, logarithm. */
static void make(struct made *m, int n_past, int n_next, double drift, uint64_t seed)
{
	double effect[DAYS_MAX], lift[DAYS_MAX];
	struct rng r;

	memset(m, 0, sizeof(*m));
	rng_init(&r, seed, 3);
	made_days(&shop, &r, n_past + n_next, effect);
	for (int i = 0; i < n_past + n_next; i++) {
		m->weekday[i] = i % 7;
		lift[i] = drift * i;
	}
	made_hours(&shop, &r, n_past + n_next, effect, lift, m->num, m->den);
	for (int k = 0; k < HOURS; k++)
		m->open[k] = true;
	m->d = (struct forecast_days){ n_past,  n_next, m->weekday, m->holiday,
				       m->open, m->num, m->den };
}

static void must(struct forecast *f, const struct made *m)
{
	struct err err;

	if (forecast_make(f, &m->d, 0.8, &err) < 0)
		fail_msg("%s", err.msg);
}

/* Over many stores: what then came lies within the interval as often as it says, the forecast
 * errs less than last week's, and the back-test foretold both. */
static void as_sure_as_it_says(void **state)
{
	struct made *m = xcalloc(1, sizeof(*m));
	double error = 0, naive = 0, wape = 0, naive_wape = 0, mase = 0, inside = 0,
	       counted = 0;
	int n = 0, held = 0, days = 0, days_held = 0, stores = 40;

	(void)state;
	for (int store = 0; store < stores; store++) {
		struct forecast f;

		make(m, 70, 7, 0, (uint64_t)store + 1);
		must(&f, m);
		wape += f.hours.wape / stores;
		naive_wape += f.hours.naive_wape / stores;
		mase += f.hours.mase / stores;
		inside += f.hours.inside / stores;
		for (int i = 0; i < 7; i++) {
			double came = 0;

			for (int h = 0; h < TRIAL_HOURS; h++) {
				const struct forecast_value *v = &f.hour[i * TRIAL_HOURS + h];
				int k = (70 + i) * TRIAL_HOURS + h;

				assert_int_equal(v->known, m->den[k] > 0);
				if (!v->known)
					continue;
				n++;
				came += m->num[k];
				held += m->num[k] >= v->lo && m->num[k] <= v->hi;
				error += fabs(m->num[k] - v->expected);
				naive += fabs(m->num[k] - m->num[k - 7 * TRIAL_HOURS]);
				counted += m->num[k];
			}
			days++;
			days_held += came >= f.day[i].lo && came <= f.day[i].hi;
		}
		forecast_clear(&f);
	}
	free(m);
	print_message("hours: WAPE %.3f (back-test %.3f), last week's %.3f (%.3f), MASE %.3f; "
		      "within %.3f (%.3f); days within %.3f\n",
		      error / counted, wape, naive / counted, naive_wape, mase,
		      (double)held / n, inside, (double)days_held / days);
	assert_true(error < 0.85 * naive);
	assert_true(mase < 0.9);
	assert_true(fabs((double)held / n - 0.8) < 0.05);
	assert_true(fabs(inside - 0.8) < 0.05);
	assert_true(fabs((double)days_held / days - 0.8) < 0.08);
	assert_true(fabs(wape - error / counted) < 0.02);
	assert_true(fabs(naive_wape - naive / counted) < 0.02);
}

/* A store that grows by a half in ten weeks is not forecast at its mean. */
static void follows_the_level(void **state)
{
	struct made *m = xcalloc(1, sizeof(*m));
	double expected = 0, came = 0;

	(void)state;
	for (int store = 0; store < 10; store++) {
		struct forecast f;

		make(m, 70, 7, real_log(1.5) / 70, (uint64_t)store + 100);
		must(&f, m);
		for (int i = 0; i < 7; i++) {
			expected += f.day[i].expected;
			for (int h = 0; h < TRIAL_HOURS; h++)
				came += m->num[(70 + i) * TRIAL_HOURS + h];
		}
		forecast_clear(&f);
	}
	free(m);
	assert_true(fabs(expected / came - 1) < 0.07);
}

/* Hours that were not observed, a third of all: the forecast is much the same, and not lower.
 */
static void missing_is_not_zero(void **state)
{
	struct made *m = xcalloc(1, sizeof(*m));
	struct forecast whole, holes;
	double a = 0, b = 0;
	struct rng r;

	(void)state;
	make(m, 56, 7, 0, 5);
	must(&whole, m);
	rng_init(&r, 1, 1);
	for (int k = 0; k < 56 * TRIAL_HOURS; k++)
		if (rng_chance(&r, 1.0 / 3))
			m->num[k] = m->den[k] = 0;
	must(&holes, m);
	for (int k = 0; k < 7 * TRIAL_HOURS; k++) {
		assert_int_equal(whole.hour[k].known, holes.hour[k].known);
		a += whole.hour[k].expected;
		b += holes.hour[k].expected;
	}
	print_message("%.0f with all hours, %.0f with two thirds\n", a, b);
	assert_true(fabs(b / a - 1) < 0.05);
	forecast_clear(&whole);
	forecast_clear(&holes);
	free(m);
}

/* Closed on Sundays: no forecast of a Sunday, rather than a 0. */
static void closed_days(void **state)
{
	struct made *m = xcalloc(1, sizeof(*m));
	struct forecast f;

	(void)state;
	make(m, 42, 14, 0, 6);
	for (int i = 0; i < 42; i++)
		for (int h = 0; i % 7 == 6 && h < TRIAL_HOURS; h++)
			m->num[i * TRIAL_HOURS + h] = m->den[i * TRIAL_HOURS + h] = 0;
	must(&f, m);
	for (int i = 0; i < 14; i++)
		assert_int_equal(f.day[i].known, i % 7 != 6);
	assert_false(f.hour[6 * TRIAL_HOURS + 12].known);
	assert_true(f.hour[5 * TRIAL_HOURS + 12].known);
	forecast_clear(&f);
	free(m);
}

/* Holidays at a third of the traffic: they spoil no weekday; a coming one is forecast by those
 * that were, or not at all. */
static void holidays(void **state)
{
	static const int days[] = { 18, 33, 47, 59 };
	struct made *m = xcalloc(1, sizeof(*m));
	struct forecast plain, f;

	(void)state;
	make(m, 63, 7, 0, 7);
	must(&plain, m);
	for (int i = 0; i < 4; i++) {
		m->holiday[days[i]] = i < 2;
		for (int h = 0; h < TRIAL_HOURS; h++)
			m->num[days[i] * TRIAL_HOURS + h] /= i < 2 ? 3 : 1;
	}
	m->holiday[63 + 2] = true;
	must(&f, m);
	assert_false(f.day[2].known); /* two are too few to know what a holiday is */
	assert_false(f.hour[2 * TRIAL_HOURS + 12].known);
	assert_true(isnan(f.holiday_factor));
	assert_true(fabs(f.day[3].expected / plain.day[3].expected - 1) < 0.03);
	forecast_clear(&f);

	for (int i = 2; i < 4; i++) {
		m->holiday[days[i]] = true;
		for (int h = 0; h < TRIAL_HOURS; h++)
			m->num[days[i] * TRIAL_HOURS + h] /= 3;
	}
	must(&f, m);
	assert_true(f.day[2].known);
	assert_true(f.holiday_factor > 0.25 && f.holiday_factor < 0.42);
	assert_true(fabs(f.day[2].expected / plain.day[2].expected - f.holiday_factor) < 0.02);
	assert_true(f.day[2].lo <= f.day[2].expected && f.day[2].expected <= f.day[2].hi);
	forecast_clear(&f);
	forecast_clear(&plain);
	free(m);
}

static void short_history(void **state)
{
	struct made *m = xcalloc(1, sizeof(*m));
	struct forecast f = { .test_days = -7 };
	struct err err;

	(void)state;
	make(m, 20, 7, 0, 8);
	assert_int_equal(forecast_make(&f, &m->d, 0.8, &err), ERR_STATE);
	assert_string_equal(err.msg,
			    "a forecast needs at least 3 weeks of observed days; has 2.8");
	assert_int_equal(f.test_days, -7);
	make(m, 40, 7, 0, 8);
	for (int k = 0; k < 30 * TRIAL_HOURS; k++)
		m->den[k] = 0;
	assert_int_equal(forecast_make(&f, &m->d, 0.8, &err), ERR_STATE);
	assert_non_null(strstr(err.msg, "has 2.0"));
	make(m, 21, 7, 0, 8);
	must(&f, m);
	assert_int_equal(f.test_days, 7);
	assert_true(f.day[0].known || f.hour[12].known);
	forecast_clear(&f);
	free(m);
}

/* A store without anybody is expected to stay so, without a division by it. */
static void empty_store(void **state)
{
	struct made *m = xcalloc(1, sizeof(*m));
	struct forecast f;

	(void)state;
	make(m, 42, 7, 0, 9);
	memset(m->num, 0, sizeof(m->num));
	must(&f, m);
	for (int k = 0; k < 7 * TRIAL_HOURS; k++)
		assert_true(!f.hour[k].known || f.hour[k].expected == 0);
	forecast_clear(&f);
	free(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(as_sure_as_it_says),
		cmocka_unit_test(follows_the_level),
		cmocka_unit_test(missing_is_not_zero),
		cmocka_unit_test(closed_days),
		cmocka_unit_test(holidays),
		cmocka_unit_test(short_history),
		cmocka_unit_test(empty_store),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
