/* SPDX-License-Identifier: Apache-2.0 */
/* predict.c -- from a store's file to the coming days. */
#include "study/predict.h"

#include "base/clock.h"
#include "base/vec.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define HOUR_US (60 * CLOCK_MINUTE_US)
#define QUARTER_US (15 * CLOCK_MINUTE_US)

/* What forecast_make is given. */
struct table {
	struct forecast_days d;
	int *weekday;
	bool *holiday, *open;
	double *num, *den;
};

static void table_init(struct table *t, int n_past, int n_next)
{
	size_t n = (size_t)(n_past + n_next);

	t->weekday = xcalloc(n, sizeof(*t->weekday));
	t->holiday = xcalloc(n, sizeof(*t->holiday));
	t->open = xcalloc(n * TRIAL_HOURS, sizeof(*t->open));
	t->num = xcalloc((size_t)n_past * TRIAL_HOURS, sizeof(*t->num));
	t->den = xcalloc((size_t)n_past * TRIAL_HOURS, sizeof(*t->den));
	t->d = (struct forecast_days){ n_past,  n_next, t->weekday, t->holiday,
				       t->open, t->num, t->den };
}

static void table_clear(struct table *t)
{
	free(t->weekday);
	free(t->holiday);
	free(t->open);
	free(t->num);
	free(t->den);
}

/* An hour is open when any quarter of it is. */
static void lay_day(struct table *t, int i, int64_t day, int64_t from_us, int64_t to_us,
		    const struct calendar *c)
{
	t->weekday[i] = calendar_weekday(day);
	t->holiday[i] = calendar_holiday(c, day) != NULL;
	for (int64_t at = from_us; at < to_us; at += QUARTER_US) {
		struct civil local;

		clock_local(at, &local);
		t->open[i * TRIAL_HOURS + local.hour] |= calendar_open(c, at);
	}
}

static void take_past(struct table *t, const struct hours *h, const struct hours_measure *m)
{
	for (int k = 0; k < h->n_day * TRIAL_HOURS; k++)
		if (h->length_s[k] > 0 &&
		    m->observed_s[k] >= PREDICT_COVERAGE * (double)h->length_s[k]) {
			t->num[k] = m->num[k];
			t->den[k] = m->den[k];
		}
}

static int lay_next(struct predict *p, struct table *t, int last, struct err *err)
{
	int rc = 0;

	p->day = xcalloc((size_t)p->opts.days, sizeof(*p->day));
	for (int i = 0; i < p->opts.days && rc == 0; i++) {
		struct predict_day *d = &p->day[i];
		const struct calendar_holiday *holiday;

		clock_date_text(last + 1 + i, d->date);
		rc = clock_day(d->date, p->store.business_day_start_s, &d->from_us, &d->to_us,
			       err);
		if (rc < 0)
			break;
		lay_day(t, t->d.n_past + i, last + 1 + i, d->from_us, d->to_us,
			p->opts.calendar);
		holiday = calendar_holiday(p->opts.calendar, last + 1 + i);
		d->holiday = holiday ? holiday->name : NULL;
	}
	return rc;
}

static int associates(double people, double per_associate)
{
	int n = (int)ceil(people / per_associate - 1e-9);

	return n > 1 ? n : 1;
}

/* The hours of the coming days in the order of time. */
static void take_hours(struct predict *p, const struct table *t)
{
	p->hour = xcalloc((size_t)p->opts.days * (TRIAL_HOURS + 2), sizeof(*p->hour));
	for (int i = 0; i < p->opts.days; i++) {
		struct predict_day *d = &p->day[i];

		d->v = p->f.day[i];
		for (int64_t at = d->from_us; at < d->to_us; at += HOUR_US) {
			struct predict_hour h = { .from_us = at,
						  .to_us = at + HOUR_US,
						  .day = i };
			struct civil local;

			clock_local(at, &local);
			h.to_us = h.to_us < d->to_us ? h.to_us : d->to_us;
			h.v = p->f.hour[i * TRIAL_HOURS + local.hour];
			if (!h.v.known &&
			    (!p->opts.calendar->has_hours ||
			     !t->open[(t->d.n_past + i) * TRIAL_HOURS + local.hour]))
				continue;
			if (h.v.known && p->opts.per_associate > 0) {
				h.staff = associates(h.v.expected, p->opts.per_associate);
				h.staff_hi = associates(h.v.hi, p->opts.per_associate);
				d->staff_h += h.staff;
				d->staff_hi_h += h.staff_hi;
			}
			p->hour[p->n_hour++] = h;
		}
	}
}

static int make(struct predict *p, struct query *q, struct err *err)
{
	struct hours h = { 0 };
	struct hours_measure m = { 0 };
	struct table t = { 0 };
	int first, last, rc;

	if ((rc = hours_span(q, &first, &last, err)) < 0)
		return rc;
	first = last - first >= PREDICT_HISTORY ? last - PREDICT_HISTORY + 1 : first;
	clock_date_text(first, p->first);
	clock_date_text(last, p->last);
	table_init(&t, last - first + 1, p->opts.days);
	if ((rc = hours_read(&h, q, first, last - first + 1, err)) < 0 ||
	    (rc = hours_measure(&h, &p->opts.of, &m, err)) < 0)
		goto out;
	p->store = h.store;
	take_past(&t, &h, &m);
	for (int i = 0; i < h.n_day; i++)
		lay_day(&t, i, first + i, h.from_us[i], h.from_us[i + 1], p->opts.calendar);
	if ((rc = lay_next(p, &t, last, err)) < 0 ||
	    (rc = forecast_make(&p->f, &t.d, p->opts.interval, err)) < 0)
		goto out;
	take_hours(p, &t);
out:
	table_clear(&t);
	hours_measure_clear(&m);
	hours_clear(&h);
	return rc;
}

int predict_make(struct predict *p, struct query *q, const struct predict_opts *opts,
		 struct err *err)
{
	struct predict made = { .opts = *opts };
	int rc = make(&made, q, err);

	if (rc < 0) {
		predict_clear(&made);
		return rc;
	}
	*p = made;
	return 0;
}

void predict_clear(struct predict *p)
{
	forecast_clear(&p->f);
	free(p->day);
	free(p->hour);
	*p = (struct predict){ 0 };
}

void predict_what(const struct predict *p, struct str *out)
{
	str_add(out, measure_of_word(p->opts.of.kind));
	if (*p->opts.of.place)
		str_addf(out, "%s%s", p->opts.of.kind == MEASURE_OF_VISITS ? " of " : " over ",
			 p->opts.of.place);
}
