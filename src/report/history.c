/* SPDX-License-Identifier: Apache-2.0 */
/* history.c -- who walked in on the days before, to compare with. */
#include "report/history.h"

#include "base/clock.h"
#include "base/vec.h"

#include <math.h>
#include <stdlib.h>

/* The minute that comes in. */
struct reading {
	struct history *h;
	const struct day *d;
	int at; /* index of the day */
	int64_t start_us;
	double *seen_s; /* [camera] */
	int n_entries;  /* of the report's plan */
	int doors, in;  /* entry lines that had this minute; their passages */
	double least_s; /* over them */
};

static void finish_minute(struct reading *r)
{
	struct history_day *t;
	struct civil c;

	if (r->doors < r->n_entries || r->doors == 0 || r->least_s <= 0)
		return;
	while (r->at + 1 < r->h->n && r->start_us >= r->h->v[r->at].to_us)
		r->at++;
	t = &r->h->v[r->at];
	clock_local(r->start_us, &c);
	t->observed_s += r->least_s;
	t->in += r->in;
	t->hour_s[c.hour] += r->least_s;
	t->hour_in[c.hour] += r->in;
}

static void begin_minute(struct reading *r, int64_t start_us)
{
	if (start_us == r->start_us)
		return;
	finish_minute(r);
	for (int i = 0; i < r->d->n_camera; i++)
		r->seen_s[i] = 0;
	r->start_us = start_us;
	r->doors = r->in = 0;
	r->least_s = 60;
}

static int on_cover(void *arg, const struct minute_cover *m)
{
	struct reading *r = arg;

	begin_minute(r, m->start_us);
	for (int i = 0; i < r->d->n_camera; i++)
		if (r->d->camera[i].camera.id == m->camera)
			r->seen_s[i] = m->observed_s;
	return 0;
}

static int on_line(void *arg, const struct minute_line *m, const char *params_id)
{
	struct reading *r = arg;

	(void)params_id;
	for (int i = 0; i < r->d->n_place; i++) {
		const struct day_place *p = &r->d->place[i];

		if (!p->line || p->place.id != m->place || p->place.info.role != LINE_ENTRY)
			continue;
		r->doors++;
		r->in += m->crossings_in - m->uturns;
		r->least_s = fmin(r->least_s, r->seen_s[p->camera]);
	}
	return 0;
}

static int add_dates(struct history *h, const struct day *d, const struct calendar *c,
		     struct err *err)
{
	int before = (d->n_date + 6) / 7 * 7, rc = 0;

	before = before < HISTORY_DAYS ? HISTORY_DAYS : before;
	h->first = before;
	h->n = before + d->n_date;
	h->v = xcalloc((size_t)h->n, sizeof(*h->v));
	for (int i = 0; i < h->n && rc >= 0; i++) {
		struct history_day *t = &h->v[i];

		t->day = d->dates[0].day - before + i;
		clock_date_text(t->day, t->date);
		t->holiday = c && calendar_holiday(c, t->day);
		rc = clock_day(t->date, d->store.business_day_start_s, &t->from_us, &t->to_us,
			       err);
	}
	return rc;
}

int history_read(struct history *out, struct query *q, const struct day *d,
		 const struct calendar *calendar, struct err *err)
{
	struct history h = { 0 };
	struct reading r = { .h = &h, .d = d, .start_us = CLOCK_NONE };
	struct query_minutes fn = { .cover = on_cover, .line = on_line, .arg = &r };
	int rc;

	for (int i = 0; i < d->n_place; i++)
		r.n_entries += d->place[i].line && d->place[i].place.info.role == LINE_ENTRY;
	if (r.n_entries == 0) {
		*out = h;
		return 0;
	}
	r.seen_s = xcalloc((size_t)d->n_camera + 1, sizeof(*r.seen_s));
	rc = add_dates(&h, d, calendar, err);
	if (rc >= 0)
		rc = query_minutes(q, h.v[0].from_us, h.v[h.n - 1].to_us, &fn, err);
	if (rc >= 0)
		finish_minute(&r);
	free(r.seen_s);
	if (rc < 0)
		history_clear(&h);
	else
		*out = h;
	return rc;
}

void history_clear(struct history *h)
{
	free(h->v);
	*h = (struct history){ 0 };
}

bool history_sum(const struct history *h, int from, int n, struct history_day *sum)
{
	*sum = (struct history_day){ 0 };
	if (from < 0 || from + n > h->n)
		return false;
	for (int i = from; i < from + n; i++) {
		sum->observed_s += h->v[i].observed_s;
		sum->in += h->v[i].in;
		sum->holiday |= h->v[i].holiday;
	}
	return true;
}

bool history_comparable(const struct history_day *a, const struct history_day *b)
{
	double more = fmax(a->observed_s, b->observed_s);

	return more > 0 && fabs(a->observed_s - b->observed_s) <= more / 20;
}
