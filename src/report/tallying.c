/* SPDX-License-Identifier: Apache-2.0 */
/* tallying.c -- the measures of minutes that come in, put where they belong. */
#include "report/tallying.h"

#include "base/vec.h"

#include <stdlib.h>

void tallying_init(struct tallying *t, struct day *d, const int *bucket_of)
{
	size_t minutes = (size_t)d->n_minute;

	*t = (struct tallying){ .d = d, .bucket_of = bucket_of, .minute = -1 };
	t->place = xcalloc((size_t)d->n_place + 1, sizeof(*t->place));
	t->camera = xcalloc((size_t)d->n_camera + 1, sizeof(*t->camera));
	t->measured = xcalloc((size_t)d->n_place + 1, sizeof(*t->measured));
	t->entered = xcalloc(minutes, sizeof(*t->entered));
	t->passed_by = xcalloc(minutes, sizeof(*t->passed_by));
	for (int i = 0; i < d->n_place; i++) {
		tally_init(&d->place[i].tally, d->n_bucket);
		if (d->place[i].line)
			t->measured[i] = xcalloc(minutes, sizeof(**t->measured));
	}
	for (int i = 0; i < d->n_camera; i++)
		tally_init(&d->camera[i].tally, d->n_bucket);
}

void tallying_clear(struct tallying *t)
{
	for (int i = 0; i < t->d->n_place; i++)
		free(t->measured[i]);
	free(t->measured);
	free(t->place);
	free(t->camera);
	free(t->entered);
	free(t->passed_by);
	VEC_FREE(&t->values);
}

static void close_value(struct tallying *t, const struct tally_value *v)
{
	struct day *d = t->d;
	int bucket = t->bucket_of[t->minute];

	if (v->place >= 0 ? !t->place[v->place] : !t->camera[v->camera])
		return;
	tally_add(v->place >= 0 ? &d->place[v->place].tally : &d->camera[v->camera].tally,
		  bucket, v->cell);
	if (v->cell.measure == MEASURE_ENTERED)
		t->entered[t->minute] += (int)v->cell.value;
	if (v->cell.measure == MEASURE_PASSED_BY)
		t->passed_by[t->minute] += (int)v->cell.value;
}

/* Puts the open minute away. */
static void close_minute(struct tallying *t)
{
	struct day *d = t->d;
	int bucket = t->bucket_of[t->minute];

	for (int i = 0; i < d->n_place; i++) {
		struct day_place *p = &d->place[i];

		if (!t->place[i])
			continue;
		p->tally.row[bucket].observed_s +=
			(double)d->camera[p->camera].minute_s[t->minute];
		if (t->measured[i])
			t->measured[i][t->minute] = true;
	}
	for (int i = 0; i < d->n_camera; i++)
		if (t->camera[i])
			d->camera[i].tally.row[bucket].observed_s +=
				(double)d->camera[i].minute_s[t->minute];
	for (size_t i = 0; i < t->values.n; i++)
		close_value(t, &t->values.v[i]);
	t->values.n = 0;
	for (int i = 0; i < d->n_place; i++)
		t->place[i] = false;
	for (int i = 0; i < d->n_camera; i++)
		t->camera[i] = false;
}

void tallying_minute(struct tallying *t, int minute)
{
	if (minute == t->minute)
		return;
	if (t->minute >= 0)
		close_minute(t);
	t->minute = minute;
}

void tallying_watched(struct tallying *t, int camera, int place)
{
	t->camera[camera] = true;
	t->place[place] = true;
}

void tallying_add(struct tallying *t, int camera, int place, struct tally_cell cell)
{
	if (cell.value > 0)
		*VEC_PUSH(&t->values) = (struct tally_value){ place, camera, cell };
}

void tallying_finish(struct tallying *t)
{
	if (t->minute >= 0)
		close_minute(t);
	for (int i = 0; i < t->d->n_place; i++)
		tally_finish(&t->d->place[i].tally);
	for (int i = 0; i < t->d->n_camera; i++)
		tally_finish(&t->d->camera[i].tally);
}

/* Seconds of a minute in which all entry and outside lines that belong were measured. */
static double street_observed(const struct tallying *t, int minute,
			      bool (*belongs)(const struct day *d, const struct day_place *p))
{
	const struct day *d = t->d;
	double least = 60;

	for (int i = 0; i < d->n_place; i++) {
		const struct day_place *p = &d->place[i];
		int role = p->place.info.role;
		double s;

		if (!p->line || (role != LINE_ENTRY && role != LINE_OUTSIDE) || !belongs(d, p))
			continue;
		s = t->measured[i][minute] ? (double)d->camera[p->camera].minute_s[minute] : 0;
		least = s < least ? s : least;
	}
	return least;
}

static void street_add(struct day_street *sum, double s, int entered, int passed_by)
{
	sum->observed_s += s;
	sum->entered += entered;
	sum->passed_by += passed_by;
}

void tallying_street(struct tallying *t,
		     bool (*belongs)(const struct day *d, const struct day_place *p))
{
	struct day *d = t->d;
	bool entries = false;

	for (int i = 0; i < d->n_place; i++) {
		const struct day_place *p = &d->place[i];

		entries |= p->line && p->place.info.role == LINE_ENTRY && belongs(d, p);
		d->has_outside |=
			p->line && p->place.info.role == LINE_OUTSIDE && belongs(d, p);
	}
	if (!entries)
		return;
	d->street = xcalloc((size_t)d->n_bucket, sizeof(*d->street));
	for (int m = 0; m < d->n_minute; m++) {
		double s = street_observed(t, m, belongs);

		if (s <= 0)
			continue;
		street_add(&d->street[t->bucket_of[m]], s, t->entered[m], t->passed_by[m]);
		street_add(&d->street_total, s, t->entered[m], t->passed_by[m]);
	}
	for (int b = 0; b < d->n_bucket; b++)
		d->street[b].outside = d->has_outside;
	d->street_total.outside = d->has_outside;
}
