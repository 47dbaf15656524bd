/* SPDX-License-Identifier: Apache-2.0 */
/* sales.c -- what the till and the roster know, joined with counts per bucket. */
#include "report/sales.h"

#include "base/clock.h"
#include "base/str.h"
#include "base/vec.h"
#include "report/day.h"
#include "report/table.h"

#include <stdlib.h>

static int by_time(const void *a, const void *b)
{
	const struct sale *x = a, *y = b;

	return (x->t_us > y->t_us) - (x->t_us < y->t_us);
}

static int by_begin(const void *a, const void *b)
{
	const struct shift *x = a, *y = b;

	return (x->from_us > y->from_us) - (x->from_us < y->from_us);
}

static int read_sale(const struct table *t, struct sale *s, struct err *err)
{
	if (clock_parse(t->cell[0], &s->t_us, NULL) < 0)
		return table_err(t, 0, "a time like 2026-03-14 09:30", err);
	if (!str_to_i64(t->cell[1], &s->transactions) || s->transactions < 0)
		return table_err(t, 1, "a whole number from 0 on", err);
	if (!str_to_double(t->cell[2], &s->amount))
		return table_err(t, 2, "a number like 1234.50", err);
	return 0;
}

static int read_sales(struct sales *s, const char *path, struct err *err)
{
	static const char *const columns[] = { "time", "transactions", "amount" };
	VEC(struct sale) all = { 0 };
	struct table t;
	int rc = table_open(&t, path, columns, 3, err);

	if (rc < 0)
		return rc;
	while ((rc = table_next(&t, err)) > 0) {
		struct sale sale;

		if ((rc = read_sale(&t, &sale, err)) < 0)
			break;
		*VEC_PUSH(&all) = sale;
	}
	table_close(&t);
	if (all.n)
		qsort(all.v, all.n, sizeof(*all.v), by_time);
	s->sale = all.v;
	s->n_sale = (int)all.n;
	return rc;
}

static int read_shift(const struct table *t, struct shift *s, struct err *err)
{
	if (clock_parse(t->cell[0], &s->from_us, NULL) < 0)
		return table_err(t, 0, "a time like 2026-03-14 09:30", err);
	if (clock_parse(t->cell[1], &s->to_us, NULL) < 0 || s->to_us <= s->from_us ||
	    s->to_us - s->from_us > 24 * 60 * CLOCK_MINUTE_US)
		return table_err(t, 1, "a time within 24 hours after start", err);
	if (!str_to_double(t->cell[2], &s->associates) || s->associates < 0)
		return table_err(t, 2, "a number from 0 on", err);
	return 0;
}

static int read_roster(struct sales *s, const char *path, struct err *err)
{
	static const char *const columns[] = { "start", "end", "associates" };
	VEC(struct shift) all = { 0 };
	struct table t;
	int rc = table_open(&t, path, columns, 3, err);

	if (rc < 0)
		return rc;
	while ((rc = table_next(&t, err)) > 0) {
		struct shift shift;

		if ((rc = read_shift(&t, &shift, err)) < 0)
			break;
		*VEC_PUSH(&all) = shift;
	}
	table_close(&t);
	if (all.n)
		qsort(all.v, all.n, sizeof(*all.v), by_begin);
	s->shift = all.v;
	s->n_shift = (int)all.n;
	return rc;
}

int sales_read(struct sales *s, const char *till, const char *roster, struct err *err)
{
	struct sales made = { 0 };
	int rc = till ? read_sales(&made, till, err) : 0;

	if (rc >= 0 && roster)
		rc = read_roster(&made, roster, err);
	if (rc < 0) {
		sales_clear(&made);
		return rc;
	}
	*s = made;
	return 0;
}

void sales_clear(struct sales *s)
{
	free(s->sale);
	free(s->shift);
	*s = (struct sales){ 0 };
}

static int date_at(const struct day *d, int64_t t_us)
{
	int i = 0;

	while (i + 1 < d->n_date && t_us >= d->dates[i].to_us)
		i++;
	return i;
}

static int bucket_at(const struct day *d, int64_t t_us)
{
	int lo = 0, hi = d->n_bucket - 1;

	while (lo < hi) {
		int mid = (lo + hi + 1) / 2;

		if (d->bucket[mid].from_us <= t_us)
			lo = mid;
		else
			hi = mid - 1;
	}
	return lo;
}

static bool seen_at(const struct day *d, int64_t t_us)
{
	return d->minute_inside[(t_us - d->from_us) / CLOCK_MINUTE_US] >= 0;
}

static void add_sale(struct day_sales *b, const struct sale *s, bool seen)
{
	b->transactions += (double)s->transactions;
	b->amount += s->amount;
	if (seen)
		b->transactions_seen += (double)s->transactions;
}

static void add_sales(const struct sales *s, struct day *d, bool *known)
{
	for (int i = 0; i < s->n_sale; i++) {
		const struct sale *x = &s->sale[i];

		if (x->t_us < d->from_us || x->t_us >= d->to_us)
			continue;
		known[date_at(d, x->t_us)] = true;
		add_sale(&d->sales[bucket_at(d, x->t_us)], x, seen_at(d, x->t_us));
		add_sale(&d->sales_total, x, seen_at(d, x->t_us));
	}
}

static void add_staff(struct day_sales *b, double hours, bool seen)
{
	b->staff_h += hours;
	if (seen)
		b->staff_seen_h += hours;
}

/* A shift, minute by minute. */
static void add_shift(const struct shift *s, struct day *d, bool *known)
{
	int64_t t = s->from_us > d->from_us ? s->from_us : d->from_us;
	int64_t end = s->to_us < d->to_us ? s->to_us : d->to_us;

	while (t < end) {
		int64_t next = t - (t - d->from_us) % CLOCK_MINUTE_US + CLOCK_MINUTE_US;
		double hours;

		next = next < end ? next : end;
		hours = s->associates * (double)(next - t) / (60.0 * CLOCK_MINUTE_US);
		known[date_at(d, t)] = true;
		add_staff(&d->sales[bucket_at(d, t)], hours, seen_at(d, t));
		add_staff(&d->sales_total, hours, seen_at(d, t));
		t = next;
	}
}

static int walked_in(const struct day *d, int b)
{
	int n = 0;

	for (int i = 0; i < d->n_place; i++)
		if (d->place[i].line && d->place[i].place.info.role == LINE_ENTRY)
			n += day_passages(&d->place[i].line[b], true);
	return n;
}

/* Whether the files know every day of a bucket. */
static bool all_known(const struct day *d, const struct day_bucket *b, const bool *known)
{
	for (int i = date_at(d, b->from_us); i <= date_at(d, b->to_us - 1); i++)
		if (!known[i])
			return false;
	return true;
}

static void finish(struct day *d, int b, const bool *sold, const bool *staffed)
{
	struct day_sales *x = &d->sales[b], *sum = &d->sales_total;

	x->observed_s = d->inside[b].observed_s;
	x->walked_in = walked_in(d, b);
	x->has_sales = all_known(d, &d->bucket[b], sold);
	x->has_staff = all_known(d, &d->bucket[b], staffed);
	x->walked_sold = x->has_sales ? x->walked_in : 0;
	x->walked_staffed = x->has_staff ? x->walked_in : 0;
	sum->walked_in += x->walked_in;
	sum->walked_sold += x->walked_sold;
	sum->walked_staffed += x->walked_staffed;
	sum->has_sales |= x->has_sales;
	sum->has_staff |= x->has_staff;
}

void sales_join(const struct sales *s, struct day *d)
{
	bool *sold, *staffed;

	if (!d->has_inside)
		return;
	sold = xcalloc((size_t)d->n_date, sizeof(*sold));
	staffed = xcalloc((size_t)d->n_date, sizeof(*staffed));
	d->sales = xcalloc((size_t)d->n_bucket, sizeof(*d->sales));
	add_sales(s, d, sold);
	for (int i = 0; i < s->n_shift; i++)
		add_shift(&s->shift[i], d, staffed);
	for (int b = 0; b < d->n_bucket; b++)
		finish(d, b, sold, staffed);
	d->sales_total.observed_s = d->inside_total.observed_s;
	free(sold);
	free(staffed);
}
