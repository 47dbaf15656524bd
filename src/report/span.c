/* SPDX-License-Identifier: Apache-2.0 */
/* span.c -- the days, buckets and opening hours of a span of business days. */
#include "report/span.h"

#include "base/clock.h"
#include "base/str.h"
#include "base/vec.h"

static int64_t floor_mod(int64_t a, int64_t b)
{
	return (a % b + b) % b;
}

/* The next local time that is a whole multiple of bucket_s. */
static int64_t next_bucket(int64_t t_us, int bucket_s)
{
	int64_t length_us = bucket_s * CLOCK_SECOND_US;
	struct civil c;

	clock_local(t_us, &c);
	return t_us + length_us - floor_mod(t_us + c.offset_s * CLOCK_SECOND_US, length_us);
}

/* Buckets of one business day begin with it; a week's days make one bucket. */
void span_buckets(struct day *d, int week_start)
{
	VEC(struct day_bucket) b = { 0 };

	for (int i = 0; i < d->n_date; i++) {
		const struct day_date *date = &d->dates[i];

		if (d->bucket_s == DAY_WEEK_S && i > 0 &&
		    calendar_weekday(date->day) != week_start) {
			b.v[b.n - 1].to_us = date->to_us;
			continue;
		}
		for (int64_t t = date->from_us, to; t < date->to_us; t = to) {
			to = date->to_us;
			if (d->bucket_s < 86400 && next_bucket(t, d->bucket_s) < to)
				to = next_bucket(t, d->bucket_s);
			*VEC_PUSH(&b) = (struct day_bucket){ .from_us = t, .to_us = to };
		}
	}
	d->bucket = b.v;
	d->n_bucket = (int)b.n;
}

int span_dates(struct day *d, struct err *err)
{
	int64_t first = 0, last = 0;
	int rc;

	if ((rc = clock_date(d->date, &first, err)) < 0 ||
	    (rc = clock_date(d->last, &last, err)) < 0)
		return rc;
	if (last < first)
		return err_set(err, ERR_RANGE, "%s is before %s", d->last, d->date);
	if (last - first >= DAY_SPAN_MAX)
		return err_set(err, ERR_RANGE, "%s to %s: more than %d days", d->date, d->last,
			       DAY_SPAN_MAX);
	d->n_date = (int)(last - first) + 1;
	d->dates = xcalloc((size_t)d->n_date, sizeof(*d->dates));
	for (int i = 0; i < d->n_date; i++) {
		struct day_date *t = &d->dates[i];

		t->day = first + i;
		clock_date_text(t->day, t->date);
		rc = clock_day(t->date, d->store.business_day_start_s, &t->from_us, &t->to_us,
			       err);
		if (rc < 0)
			return rc;
	}
	d->from_us = d->dates[0].from_us;
	d->to_us = d->dates[d->n_date - 1].to_us;
	return 0;
}

static void name_dates(struct day *d, const struct calendar *c)
{
	for (int i = 0; i < d->n_date; i++) {
		struct day_date *t = &d->dates[i];
		const struct calendar_holiday *h = c ? calendar_holiday(c, t->day) : NULL;

		t->iso = calendar_iso_week(t->day);
		if (h)
			str_copy(t->holiday, sizeof(t->holiday), h->name);
		if (c)
			t->retail = calendar_retail_week(c, t->day);
	}
}

void span_hours(struct day *d, const struct calendar *c)
{
	name_dates(d, c);
	d->has_hours = c && c->has_hours;
	d->minute_open = xcalloc((size_t)d->n_minute, sizeof(*d->minute_open));
	for (int m = 0, i = 0; m < d->n_minute; m++) {
		int64_t t_us = d->from_us + m * CLOCK_MINUTE_US;

		while (t_us >= d->dates[i].to_us)
			i++;
		d->minute_open[m] = !d->has_hours || calendar_open(c, t_us);
		if (d->has_hours && d->minute_open[m]) {
			d->dates[i].open_s += 60;
			d->open_s += 60;
		}
	}
}

void span_observed(struct day *d)
{
	int n = 0;

	for (int i = 0; i < d->n_camera; i++) {
		const struct day_camera *c = &d->camera[i];

		if (c->observed_total_s <= 0)
			continue;
		n++;
		for (int m = 0, k = 0; m < d->n_minute; m++) {
			while (d->from_us + m * CLOCK_MINUTE_US >= d->dates[k].to_us)
				k++;
			d->dates[k].observed_s += (double)c->minute_s[m];
		}
	}
	for (int k = 0; k < d->n_date && n > 0; k++)
		d->dates[k].observed_s /= n;
}
