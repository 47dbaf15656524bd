/* SPDX-License-Identifier: Apache-2.0 */
/* occupancy.c -- how well the number of people at once is known. */
#include "eval/occupancy.h"

#include "base/clock.h"
#include "base/str.h"
#include "base/vec.h"
#include "eval/csv.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define PEOPLE_MAX 1000000
#define BLOCK 15 /* samples: a quarter of an hour */

void occupancy_clear(struct occupancy *o)
{
	VEC_FREE(o);
}

/* ---- reading ---- */

static void add_step(struct occupancy *o, int64_t t_us, int place, int people)
{
	*VEC_PUSH(o) = (struct occupancy_step){ t_us, place, people };
}

static int row_time(struct occupancy *o, const struct csv *csv, int column, int64_t *t_us,
		    struct err *err)
{
	int rc = clock_parse(csv->field[column], t_us, err);

	if (rc < 0)
		return rc;
	o->from_us = *t_us < o->from_us ? *t_us : o->from_us;
	o->to_us = *t_us > o->to_us ? *t_us : o->to_us;
	return 0;
}

/* The place that a column is about, or -1. */
static int column_place(const char *head, struct names *names, int *place, struct err *err)
{
	*place = -1;
	if (!strcmp(head, "in_store"))
		*place = names_index(names, OCCUPANCY_STORE, err);
	else if (str_starts(head, "zone "))
		*place = names_index(names, head + strlen("zone "), err);
	else
		return 0;
	return *place < 0 ? *place : 0;
}

/* A row says how many there are. */
static int read_numbers(struct occupancy *o, const struct csv *csv, const int *place, int time,
			struct err *err)
{
	int64_t t_us, people;
	int rc = row_time(o, csv, time, &t_us, err);

	for (int i = 0; i < csv->n_head && rc >= 0; i++) {
		if (place[i] < 0)
			continue;
		if (!str_to_i64(csv->field[i], &people) || people < 0 || people > PEOPLE_MAX)
			return err_set(err, ERR_FORMAT,
				       "%s is '%.40s', expected a number of people",
				       csv->head[i], csv->field[i]);
		add_step(o, t_us, place[i], (int)people);
	}
	return rc;
}

static int read_series(struct occupancy *o, struct names *names, struct csv *csv, int time,
		       struct err *err)
{
	int *place = xcalloc(CSV_FIELDS_MAX, sizeof(*place)), rc = 0;

	for (int i = 0; i < csv->n_head && rc >= 0; i++)
		rc = column_place(csv->head[i], names, &place[i], err);
	while (rc >= 0 && (rc = csv_next(csv, err)) > 0)
		if ((rc = read_numbers(o, csv, place, time, err)) < 0)
			err_ctx(err, "line %zu", csv->line);
	free(place);
	return rc;
}

struct event_columns {
	int time, kind, name, event;
};

static bool is_one_of(const char *name, const char *const *v, int n)
{
	for (int i = 0; i < n; i++)
		if (!strcmp(name, v[i]))
			return true;
	return false;
}

/* A row says that one more or one less is there; people holds the change for now. */
static int read_event(struct occupancy *o, struct names *names, const struct csv *csv,
		      const struct event_columns *c, const char *const *entry, int n_entry,
		      struct err *err)
{
	const char *event = csv->field[c->event], *name = csv->field[c->name];
	bool zone = !strcmp(csv->field[c->kind], "zone");
	bool more = !strcmp(event, zone ? "enter" : "in");
	int64_t t_us;
	int place, rc = row_time(o, csv, c->time, &t_us, err);

	if (rc < 0)
		return rc;
	if (!more && strcmp(event, zone ? "leave" : "out") != 0)
		return err_set(err, ERR_FORMAT, "event is '%.40s', expected '%s' or '%s'",
			       event, zone ? "enter" : "in", zone ? "leave" : "out");
	if (!zone && !is_one_of(name, entry, n_entry))
		return 0;
	place = names_index(names, zone ? name : OCCUPANCY_STORE, err);
	if (place >= 0)
		add_step(o, t_us, place, more ? 1 : -1);
	return place < 0 ? place : 0;
}

static int by_place_and_time(const void *a, const void *b)
{
	const struct occupancy_step *x = a, *y = b;

	if (x->place != y->place)
		return x->place < y->place ? -1 : 1;
	return (x->t_us > y->t_us) - (x->t_us < y->t_us);
}

static void put_in_order(struct occupancy *o)
{
	if (o->n)
		qsort(o->v, o->n, sizeof(*o->v), by_place_and_time);
}

static int read_events(struct occupancy *o, struct names *names, struct csv *csv, int time,
		       const char *const *entry, int n_entry, struct err *err)
{
	struct event_columns c = { .time = time, .kind = csv_find(csv, "kind") };
	int rc = c.name = csv_need(csv, "name", NULL, err);

	if (rc >= 0)
		rc = c.event = csv_need(csv, "event", NULL, err);
	while (rc >= 0 && (rc = csv_next(csv, err)) > 0)
		if ((rc = read_event(o, names, csv, &c, entry, n_entry, err)) < 0)
			err_ctx(err, "line %zu", csv->line);
	put_in_order(o);
	for (size_t i = 1; i < o->n; i++)
		if (o->v[i].place == o->v[i - 1].place)
			o->v[i].people += o->v[i - 1].people;
	return rc;
}

int occupancy_read(struct occupancy *out, struct names *names, const char *const *entry,
		   int n_entry, const char *path, struct err *err)
{
	struct occupancy o = { .from_us = INT64_MAX, .to_us = INT64_MIN };
	struct csv csv = { 0 };
	int rc = csv_open(&csv, path, err), time;

	if (rc < 0)
		return rc;
	rc = time = csv_need(&csv, "t_utc", NULL, err);
	if (rc >= 0 && csv_find(&csv, "kind") >= 0)
		rc = read_events(&o, names, &csv, time, entry, n_entry, err);
	else if (rc >= 0)
		rc = read_series(&o, names, &csv, time, err);
	csv_close(&csv);
	if (rc < 0) {
		err_ctx(err, "'%s'", path);
		occupancy_clear(&o);
		return rc;
	}
	put_in_order(&o);
	*out = o;
	return 0;
}

/* ---- scoring ---- */

struct samples {
	const int *truth, *counted;
	size_t n;
};

static void figures(void *ctx, const size_t *pick, double *out)
{
	const struct samples *s = ctx;
	double off = 0, sum = 0, exact = 0, all = 0;

	for (size_t b = 0; b < (s->n + BLOCK - 1) / BLOCK; b++)
		for (size_t i = pick[b] * BLOCK; i < s->n && i < (pick[b] + 1) * BLOCK; i++) {
			int d = s->counted[i] - s->truth[i];

			off += abs(d);
			sum += d;
			exact += d == 0;
			all++;
		}
	out[0] = off / all;
	out[1] = sum / all;
	out[2] = exact / all;
}

/* Least squares: the errors' slope over the hours. */
static double slope(const int *truth, const int *counted, size_t n)
{
	double hour = (double)OCCUPANCY_EVERY_US / 3.6e9, mid = (double)(n - 1) / 2;
	double xy = 0, xx = 0;

	for (size_t i = 0; i < n; i++) {
		double x = ((double)i - mid) * hour;

		xy += x * (counted[i] - truth[i]);
		xx += x * x;
	}
	return n > 1 ? xy / xx : NAN;
}

void occupancy_score_samples(struct occupancy_score *s, const int *truth, const int *counted,
			     size_t n)
{
	struct samples all = { truth, counted, n };
	struct interval v[3];
	size_t *order = xcalloc(n + 1, sizeof(*order));
	double f[3] = { NAN, NAN, NAN };

	*s = (struct occupancy_score){ .samples = (int64_t)n, .drift_h = NAN };
	for (size_t i = 0; i < n; i++) {
		int d = abs(counted[i] - truth[i]);

		order[i] = i;
		s->truth += (double)truth[i] / (double)n;
		s->within1 += d <= 1;
		s->max_error = d > s->max_error ? d : s->max_error;
	}
	if (n) {
		figures(&all, order, f);
		s->drift_h = slope(truth, counted, n);
	}
	s->within1 = n ? s->within1 / (double)n : NAN;
	s->mae = f[0];
	s->bias = f[1];
	s->exact = f[2];
	resample((n + BLOCK - 1) / BLOCK, 3, figures, &all, v);
	s->mae_range = v[0];
	s->bias_range = v[1];
	s->exact_range = v[2];
	free(order);
}

/* People of a place at each time; 0 before the first step. */
static int *sample(const struct occupancy *o, int place, int64_t from_us, size_t n)
{
	int *v = xcalloc(n + 1, sizeof(*v)), people = 0;
	size_t k = 0;

	while (k < o->n && o->v[k].place < place)
		k++;
	for (size_t i = 0; i < n; i++) {
		int64_t t_us = from_us + (int64_t)i * OCCUPANCY_EVERY_US;

		while (k < o->n && o->v[k].place == place && o->v[k].t_us <= t_us)
			people = o->v[k++].people;
		v[i] = people;
	}
	return v;
}

void occupancy_score(struct occupancy_score *s, const struct occupancy *truth,
		     const struct occupancy *counted, int place)
{
	size_t n = 0;
	int *t, *c;

	if (truth->from_us <= truth->to_us)
		n = (size_t)((truth->to_us - truth->from_us) / OCCUPANCY_EVERY_US) + 1;
	t = sample(truth, place, truth->from_us, n);
	c = sample(counted, place, truth->from_us, n);
	occupancy_score_samples(s, t, c, n);
	free(t);
	free(c);
}
