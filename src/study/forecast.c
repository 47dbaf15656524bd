/* SPDX-License-Identifier: Apache-2.0 */
/* forecast.c -- seasonal smoothing, intervals from past errors, and the back-test. */
#include "study/forecast.h"

#include "base/vec.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_DAYS 14 /* the season begins with these */
#define FIT_ROUNDS 30
#define TEST_DAYS 28    /* at most a third of the history */
#define LEAST_ERRORS 40 /* for an interval */
#define WEEKS_AHEAD (FORECAST_DAYS_MAX / 7)

static const double level_grid[] = { 0.02, 0.05, 0.1, 0.2, 0.35 };
static const double weekday_grid[] = { 0, 0.1, 0.25 };
static const double hour_grid[] = { 0, 0.05, 0.15 };

struct speed {
	double level, weekday, hour;
};
static const struct speed usual = { 0.1, 0.1, 0.05 };

struct state {
	double level;
	double season[7][TRIAL_HOURS]; /* passages in a whole hour; 0: never observed */
};

/* ---- The model ---- */

static bool learns(const struct forecast_days *d, int day)
{
	return day < d->n_past && !d->holiday[day];
}

static double known(const struct forecast_days *d, int k)
{
	return d->open[k] && d->den[k] > 0 ? d->den[k] : 0;
}

/* One margin of weekday * hour made to fit days [0, n). */
static void scale(const struct forecast_days *d, int n, double weekday[7],
		  double hour[TRIAL_HOURS], bool of_weekday)
{
	double seen[TRIAL_HOURS] = { 0 }, want[TRIAL_HOURS] = { 0 };

	for (int i = 0; i < n; i++)
		for (int h = 0; learns(d, i) && h < TRIAL_HOURS; h++) {
			int k = i * TRIAL_HOURS + h, at = of_weekday ? d->weekday[i] : h;

			if (!(known(d, k) > 0))
				continue;
			seen[at] += d->num[k];
			want[at] += d->den[k] * weekday[d->weekday[i]] * hour[h];
		}
	for (int i = 0; i < (of_weekday ? 7 : TRIAL_HOURS); i++) {
		double *v = of_weekday ? &weekday[i] : &hour[i];

		*v = want[i] > 0 ? *v * seen[i] / want[i] : *v;
	}
}

/* Which weekday and hour were ever observed in days [0, n), holidays apart. */
static void mark_seen(const struct forecast_days *d, int n, bool seen[7][TRIAL_HOURS])
{
	memset(seen, 0, 7 * TRIAL_HOURS * sizeof(bool));
	for (int i = 0; i < n; i++)
		for (int h = 0; learns(d, i) && h < TRIAL_HOURS; h++)
			if (known(d, i * TRIAL_HOURS + h) > 0)
				seen[d->weekday[i]][h] = true;
}

static void begin(struct state *s, const struct forecast_days *d)
{
	double weekday[7], hour[TRIAL_HOURS];
	bool seen[7][TRIAL_HOURS];
	int n = d->n_past < FIRST_DAYS ? d->n_past : FIRST_DAYS;

	for (int i = 0; i < 7; i++)
		weekday[i] = 1;
	for (int h = 0; h < TRIAL_HOURS; h++)
		hour[h] = 1;
	for (int i = 0; i < FIT_ROUNDS; i++) {
		scale(d, n, weekday, hour, false);
		scale(d, n, weekday, hour, true);
	}
	mark_seen(d, n, seen);
	s->level = 1;
	for (int w = 0; w < 7; w++)
		for (int h = 0; h < TRIAL_HOURS; h++)
			s->season[w][h] = seen[w][h] ? weekday[w] * hour[h] : 0;
}

/* A weekday and hour that is observed for the first time begins with what was counted. */
static void learn_day(struct state *s, const struct forecast_days *d, int day,
		      const struct speed *by)
{
	double *season = s->season[d->weekday[day]];
	double counted = 0, expected = 0, off;

	if (!learns(d, day))
		return;
	for (int h = 0; h < TRIAL_HOURS; h++) {
		int k = day * TRIAL_HOURS + h;
		double den = known(d, k);

		if (!(den > 0) || !(season[h] > 0))
			continue;
		counted += d->num[k];
		expected += den * s->level * season[h];
	}
	off = expected > 0 ? counted / expected : 1;
	s->level *= 1 + by->level * (off - 1);
	/* What is left of the day's surprise is its weekday's, and the rest its hours'. */
	off = expected > 0 ? off / (1 + by->level * (off - 1)) : 1;
	for (int h = 0; h < TRIAL_HOURS; h++) {
		int k = day * TRIAL_HOURS + h;
		double den = known(d, k), rest;

		if (!(den > 0))
			continue;
		if (!(season[h] > 0)) {
			season[h] = d->num[k] / den / s->level;
			continue;
		}
		season[h] *= 1 + by->weekday * (off - 1);
		rest = off > 0 ? d->num[k] / (den * s->level * season[h]) : 1;
		season[h] *= 1 + by->hour * (rest - 1);
	}
}

static double expect(const struct state *s, const struct forecast_days *d, int day, int h)
{
	return s->level * s->season[d->weekday[day]][h];
}

static bool can_expect(const struct state *s, const struct forecast_days *d, int day, int h)
{
	return d->open[day * TRIAL_HOURS + h] && s->season[d->weekday[day]][h] > 0;
}

/* ---- How fast to learn ---- */

/* Absolute errors of forecasts 1 to 7 days ahead of days before 'end'. */
static double past_errors(const struct forecast_days *d, int end, const struct speed *by)
{
	struct state s;
	double sum = 0;

	begin(&s, d);
	for (int i = 0; i < end; i++) {
		if (i >= FIRST_DAYS)
			learn_day(&s, d, i, by);
		for (int day = i + 1; i + 1 >= FIRST_DAYS && day <= i + 7 && day < end; day++)
			for (int h = 0; learns(d, day) && h < TRIAL_HOURS; h++) {
				int k = day * TRIAL_HOURS + h;

				if (known(d, k) > 0 && can_expect(&s, d, day, h))
					sum += fabs(d->num[k] -
						    d->den[k] * expect(&s, d, day, h));
			}
	}
	return sum;
}

#define N(a) (sizeof(a) / sizeof((a)[0]))

static struct speed choose(const struct forecast_days *d, int end)
{
	struct speed best = usual;
	double least = HUGE_VAL;

	if (end < FIRST_DAYS + 14)
		return usual;
	for (size_t i = 0; i < N(level_grid) * N(weekday_grid) * N(hour_grid); i++) {
		struct speed by = { level_grid[i % N(level_grid)],
				    weekday_grid[i / N(level_grid) % N(weekday_grid)],
				    hour_grid[i / N(level_grid) / N(weekday_grid)] };
		double sum = past_errors(d, end, &by);

		if (sum < least) {
			least = sum;
			best = by;
		}
	}
	return best;
}

/* ---- Errors and what they say of the next ones ---- */

/* Counted and expected of one forecast: of an hour or of a whole day. */
struct pair {
	double counted, expected;
	int target; /* day */
};

struct pairs {
	VEC(struct pair) hour[WEEKS_AHEAD], day[WEEKS_AHEAD];
};

static void pairs_clear(struct pairs *p)
{
	for (int w = 0; w < WEEKS_AHEAD; w++) {
		VEC_FREE(&p->hour[w]);
		VEC_FREE(&p->day[w]);
	}
}

/* A day's open hours; only when all of them were observed and can be expected. */
static bool whole_day(const struct state *s, const struct forecast_days *d, int day,
		      struct pair *p)
{
	*p = (struct pair){ .target = day };
	for (int h = 0; h < TRIAL_HOURS; h++) {
		int k = day * TRIAL_HOURS + h;

		if (!can_expect(s, d, day, h))
			continue;
		if (!(known(d, k) > 0))
			return false;
		p->counted += d->num[k] / d->den[k];
		p->expected += expect(s, d, day, h);
	}
	return p->expected > 0;
}

/* What was forecast of each day of [from, to) by each day before, up to horizon days. */
static void collect(struct pairs *p, const struct forecast_days *d, int from, int to,
		    int horizon, const struct speed *by)
{
	struct state s;

	begin(&s, d);
	for (int i = 0; i + 1 < to; i++) {
		if (i >= FIRST_DAYS)
			learn_day(&s, d, i, by);
		for (int day = i + 1; i + 1 >= FIRST_DAYS && day <= i + horizon && day < to;
		     day++) {
			int week = (day - i - 1) / 7;
			struct pair whole;

			if (day < from || !learns(d, day))
				continue;
			for (int h = 0; h < TRIAL_HOURS; h++) {
				int k = day * TRIAL_HOURS + h;

				if (known(d, k) > 0 && can_expect(&s, d, day, h))
					*VEC_PUSH(&p->hour[week]) =
						(struct pair){ d->num[k] / d->den[k],
							       expect(&s, d, day, h), day };
			}
			if (whole_day(&s, d, day, &whole))
				*VEC_PUSH(&p->day[week]) = whole;
		}
	}
}

/* Errors over their expected size: quantiles. */
struct spread {
	bool known;
	double beyond; /* k of sqrt(f + k f^2) */
	double lo, hi;
};

static double size_of(double expected, double beyond)
{
	return sqrt(expected + beyond * expected * expected);
}

static int by_value(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* Of n errors, those of days before 'end'. */
static struct spread spread_of(const struct pair *p, size_t n, int end, double interval)
{
	double *v = xcalloc(n + 1, sizeof(*v)), square = 0, extra = 0;
	double tail = (1 - interval) / 2;
	struct spread s = { false, 0, 0, 0 };
	int used = 0, rank;

	for (size_t i = 0; i < n; i++) {
		double off = p[i].counted - p[i].expected;

		if (p[i].target >= end)
			continue;
		extra += off * off - p[i].expected;
		square += p[i].expected * p[i].expected;
	}
	s.beyond = square > 0 ? fmax(0, extra / square) : 0;
	for (size_t i = 0; i < n; i++)
		if (p[i].target < end)
			v[used++] = (p[i].counted - p[i].expected) /
				    size_of(p[i].expected, s.beyond);
	qsort(v, (size_t)used, sizeof(*v), by_value);
	s.known = used * tail >= 1;
	if (s.known) {
		/* One more than there are: the next one is among them. */
		rank = (int)floor((used + 1) * tail);
		s.lo = v[rank - 1];
		s.hi = v[used - rank];
	}
	free(v);
	return s;
}

static struct forecast_value value_of(double expected, const struct spread *s)
{
	struct forecast_value v = { true, expected, 0, 0 };
	double size = size_of(expected, s->beyond);

	v.lo = fmin(expected, fmax(0, expected + s->lo * size));
	v.hi = fmax(expected, expected + s->hi * size);
	return v;
}

/* ---- Back-test ---- */

/* The same weekday last week; farther back where that was not observed or not yet over (ahead
 * days before). Below 0: none. */
static double naive(const struct forecast_days *d, int day, int h, int ahead)
{
	for (int i = day - 7; i >= 0; i -= 7) {
		int k = i * TRIAL_HOURS + h;

		if (i <= day - ahead && learns(d, i) && known(d, k) > 0)
			return d->num[k] / d->den[k];
	}
	return -1;
}

/* Mean error of last week's forecast in days [0, end). */
static double naive_error(const struct forecast_days *d, int end)
{
	double sum = 0;
	int n = 0;

	for (int i = 7; i < end; i++)
		for (int h = 0; learns(d, i) && h < TRIAL_HOURS; h++) {
			int k = i * TRIAL_HOURS + h;
			double last = known(d, k) > 0 ? naive(d, i, h, 1) : -1;

			if (last < 0)
				continue;
			sum += fabs(d->num[k] / d->den[k] - last);
			n++;
		}
	return n ? sum / n : NAN;
}

struct sums {
	double error, naive, counted;
	int n, inside, judged;
};

static void add_score(struct sums *s, const struct pair *p, double last,
		      const struct spread *spread)
{
	if (last < 0)
		return;
	s->error += fabs(p->counted - p->expected);
	s->naive += fabs(p->counted - last);
	s->counted += p->counted;
	s->n++;
	if (spread->known) {
		struct forecast_value v = value_of(p->expected, spread);

		s->judged++;
		s->inside += p->counted >= v.lo && p->counted <= v.hi;
	}
}

static struct forecast_score score_of(const struct sums *s, double naive_mean)
{
	struct forecast_score r = { .n = s->n };

	r.wape = s->counted > 0 ? s->error / s->counted : NAN;
	r.naive_wape = s->counted > 0 ? s->naive / s->counted : NAN;
	r.mase = s->n && naive_mean > 0 ? s->error / s->n / naive_mean : NAN;
	r.inside = s->judged ? (double)s->inside / s->judged : NAN;
	return r;
}

/* All hours of a day as last week; below 0 when one is missing. */
static double naive_day(const struct state *s, const struct forecast_days *d, int day,
			int ahead)
{
	double sum = 0;

	for (int h = 0; h < TRIAL_HOURS; h++) {
		double v = can_expect(s, d, day, h) ? naive(d, day, h, ahead) : 0;

		if (v < 0)
			return -1;
		sum += v;
	}
	return sum;
}

/* One week [from, to) of the back-test, by what was known before it. */
static void test_week(const struct forecast_days *d, int from, int to, int horizon,
		      double interval, struct sums *hours, struct sums *days)
{
	struct speed by = choose(d, from);
	struct spread hour[WEEKS_AHEAD], day[WEEKS_AHEAD];
	struct pairs past = { 0 };
	struct state s;

	collect(&past, d, FIRST_DAYS, from, horizon, &by);
	for (int w = 0; w < WEEKS_AHEAD; w++) {
		hour[w] = spread_of(past.hour[w].v, past.hour[w].n, from, interval);
		day[w] = spread_of(past.day[w].v, past.day[w].n, from, interval);
	}
	pairs_clear(&past);
	begin(&s, d);
	for (int i = 0; i + 1 < to; i++) {
		if (i >= FIRST_DAYS)
			learn_day(&s, d, i, &by);
		for (int t = i + 1; t <= i + horizon && t < to; t++) {
			int week = (t - i - 1) / 7;
			struct pair p;

			if (t < from || i + 1 < FIRST_DAYS || !learns(d, t))
				continue;
			for (int h = 0; h < TRIAL_HOURS; h++) {
				int k = t * TRIAL_HOURS + h;

				if (!(known(d, k) > 0) || !can_expect(&s, d, t, h))
					continue;
				p = (struct pair){ d->num[k] / d->den[k], expect(&s, d, t, h),
						   t };
				add_score(hours, &p, naive(d, t, h, t - i), &hour[week]);
			}
			if (whole_day(&s, d, t, &p))
				add_score(days, &p, naive_day(&s, d, t, t - i), &day[week]);
		}
	}
}

static void back_test(struct forecast *f, const struct forecast_days *d, int horizon)
{
	struct sums hours = { 0 }, days = { 0 };
	int n = (d->n_past - FIRST_DAYS) / 7 * 7, first;
	double by_hour;

	n = n > TEST_DAYS ? TEST_DAYS : n;
	first = d->n_past - n;
	for (int from = first; from < d->n_past; from += 7)
		test_week(d, from, from + 7, horizon, f->interval, &hours, &days);
	by_hour = naive_error(d, first);
	f->test_days = n;
	f->hours = score_of(&hours, by_hour);
	f->days = score_of(&days, NAN);
}

/* ---- Holidays ---- */

struct holiday {
	int n;
	double mean, least, most; /* counted / expected */
};

static struct holiday holidays_of(const struct forecast_days *d, const struct speed *by)
{
	struct holiday r = { 0, 0, HUGE_VAL, 0 };
	struct state s;

	begin(&s, d);
	for (int i = 0; i < d->n_past; i++) {
		struct pair p;
		double v;

		if (i >= FIRST_DAYS)
			learn_day(&s, d, i, by);
		if (!d->holiday[i] || !whole_day(&s, d, i, &p))
			continue;
		v = p.counted / p.expected;
		r.mean += v;
		r.least = fmin(r.least, v);
		r.most = fmax(r.most, v);
		r.n++;
	}
	r.mean = r.n ? r.mean / r.n : NAN;
	return r;
}

static struct forecast_value as_holiday(struct forecast_value v, const struct holiday *h)
{
	v.known = v.known && h->n >= FORECAST_HOLIDAYS;
	v.expected *= h->mean;
	v.lo *= h->least;
	v.hi *= h->most;
	return v;
}

/* ---- The coming days ---- */

static void forecast_day(struct forecast *f, const struct forecast_days *d,
			 const struct state *s, int n, const struct spread *hour,
			 const struct spread *day, const struct holiday *holiday)
{
	double sum = 0;
	int at = d->n_past + n;

	for (int h = 0; h < TRIAL_HOURS; h++) {
		struct forecast_value *v = &f->hour[n * TRIAL_HOURS + h];

		if (!hour->known || !can_expect(s, d, at, h))
			continue;
		*v = value_of(expect(s, d, at, h), hour);
		sum += v->expected;
		if (d->holiday[at])
			*v = as_holiday(*v, holiday);
	}
	if (sum > 0 && day->known)
		f->day[n] = value_of(sum, day);
	if (d->holiday[at])
		f->day[n] = as_holiday(f->day[n], holiday);
}

/* Far ahead there may be no errors yet: those of the week before stand in. */
static void spreads_of(const struct pairs *past, const struct forecast_days *d, double interval,
		       struct spread *hour, struct spread *day)
{
	for (int w = 0; w < WEEKS_AHEAD; w++) {
		hour[w] = spread_of(past->hour[w].v, past->hour[w].n, d->n_past, interval);
		day[w] = spread_of(past->day[w].v, past->day[w].n, d->n_past, interval);
		if (w && past->hour[w].n < LEAST_ERRORS)
			hour[w] = hour[w - 1];
		if (w && !day[w].known)
			day[w] = day[w - 1];
	}
}

static void make(struct forecast *f, const struct forecast_days *d)
{
	struct speed by = choose(d, d->n_past);
	struct spread hour[WEEKS_AHEAD], day[WEEKS_AHEAD];
	struct holiday holiday = holidays_of(d, &by);
	struct pairs past = { 0 };
	struct state s;

	f->level_by = by.level;
	f->weekday_by = by.weekday;
	f->hour_by = by.hour;
	f->holiday_factor = holiday.n >= FORECAST_HOLIDAYS ? holiday.mean : NAN;
	collect(&past, d, FIRST_DAYS, d->n_past, d->n_next, &by);
	spreads_of(&past, d, f->interval, hour, day);
	pairs_clear(&past);
	begin(&s, d);
	for (int i = FIRST_DAYS; i < d->n_past; i++)
		learn_day(&s, d, i, &by);
	for (int n = 0; n < d->n_next; n++)
		forecast_day(f, d, &s, n, &hour[n / 7], &day[n / 7], &holiday);
}

/* Weeks of history: those that passed, and not more than there are observed days for (a store
 * may be closed two days a week). */
static double weeks_of(const struct forecast_days *d)
{
	int observed = 0;

	for (int i = 0; i < d->n_past; i++) {
		bool any = false;

		for (int h = 0; learns(d, i) && h < TRIAL_HOURS; h++)
			any |= known(d, i * TRIAL_HOURS + h) > 0;
		observed += any;
	}
	return fmin(d->n_past / 7.0, observed / 5.0);
}

int forecast_make(struct forecast *f, const struct forecast_days *d, double interval,
		  struct err *err)
{
	struct forecast made = { .interval = interval };
	double weeks = weeks_of(d);

	if (weeks < FORECAST_WEEKS)
		return err_set(err, ERR_STATE,
			       "a forecast needs at least %d weeks of observed days; has %.1f",
			       FORECAST_WEEKS, floor(10 * weeks) / 10);
	made.hour = xcalloc((size_t)d->n_next * TRIAL_HOURS, sizeof(*made.hour));
	made.day = xcalloc((size_t)d->n_next, sizeof(*made.day));
	make(&made, d);
	back_test(&made, d, d->n_next < 7 ? d->n_next : 7);
	*f = made;
	return 0;
}

void forecast_clear(struct forecast *f)
{
	free(f->hour);
	free(f->day);
	*f = (struct forecast){ 0 };
}
