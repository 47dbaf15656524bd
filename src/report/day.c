/* SPDX-License-Identifier: Apache-2.0 */
/* day.c -- a span of business days: its dates, buckets and places. */
#include "report/day.h"

#include "base/clock.h"
#include "base/str.h"
#include "base/vec.h"
#include "report/day_minutes.h"
#include "report/span.h"

#include <stdlib.h>
#include <string.h>

#define HEAT_CELLS (HEAT_COLS * HEAT_ROWS)

void day_place_clear(struct day_place *p)
{
	free(p->line);
	free(p->zone);
	free(p->dwell_s);
	tally_clear(&p->tally);
}

static int find_camera(const struct day *d, int id)
{
	for (int i = 0; i < d->n_camera; i++)
		if (d->camera[i].camera.id == id)
			return i;
	return -1;
}

static void add_camera(struct day *d, struct day_camera *c, const struct query_camera *info)
{
	size_t n = (size_t)d->n_bucket;

	c->camera = *info;
	c->view = xcalloc(n, sizeof(*c->view));
	c->observed_s = xcalloc(n, sizeof(*c->observed_s));
	c->revision = xcalloc(n, sizeof(*c->revision));
	c->params = xcalloc(n, sizeof(*c->params));
	c->heat = xcalloc(HEAT_CELLS, sizeof(*c->heat));
	c->minute_s = xcalloc((size_t)d->n_minute, sizeof(*c->minute_s));
}

static int read_places(struct day *d, struct query *q, struct err *err)
{
	const struct query_camera *camera;
	const struct query_place *place;
	size_t buckets = (size_t)d->n_bucket;
	int n;

	if ((n = query_cameras(q, &camera, err)) < 0)
		return n;
	d->camera = xcalloc((size_t)n + 1, sizeof(*d->camera));
	for (; d->n_camera < n; d->n_camera++)
		add_camera(d, &d->camera[d->n_camera], &camera[d->n_camera]);

	if ((n = query_places(q, &place, err)) < 0)
		return n;
	d->place = xcalloc((size_t)n + 1, sizeof(*d->place));
	for (int i = 0; i < n; i++) {
		struct day_place *p = &d->place[d->n_place];

		*p = (struct day_place){ .place = place[i],
					 .camera = find_camera(d, place[i].camera) };
		if (p->camera < 0)
			return err_set(err, ERR_FORMAT, "'%s' belongs to no camera of the file",
				       place[i].info.name);
		d->n_place++;
		if (place[i].info.kind == PLACE_LINE)
			p->line = xcalloc(buckets, sizeof(*p->line));
		else if (place[i].info.kind == PLACE_ZONE)
			p->zone = xcalloc(buckets, sizeof(*p->zone));
	}
	return 0;
}

static int read_params(struct day *d, struct query *q, struct err *err)
{
	char ids[sizeof(d->params)];
	int rc;

	rc = query_params(q, 0, d->from_us, d->to_us, d->params, sizeof(d->params), err);
	for (int i = 0; rc >= 0 && i < d->n_camera; i++) {
		struct day_camera *c = &d->camera[i];

		for (int b = 0; rc >= 0 && b < d->n_bucket; b++) {
			ids[0] = '\0';
			/* With one set of parameters all day there is nothing to ask. */
			if (c->observed_s[b] > 0 && !strchr(d->params, ','))
				str_copy(ids, sizeof(ids), d->params);
			else if (c->observed_s[b] > 0)
				rc = query_params(q, c->camera.id, d->bucket[b].from_us,
						  d->bucket[b].to_us, ids, sizeof(ids), err);
			if (rc >= 0)
				c->params[b] = xstrdup(ids);
		}
	}
	return rc < 0 ? rc : 0;
}

/* Which day is meant, and that the file has any. */
static int choose_dates(struct day *d, struct query *q, const struct day_span *s,
			struct err *err)
{
	char *first = d->first_known, *last = d->last_known;
	int64_t from_us, to_us;
	int rc;

	if ((rc = query_span(q, &from_us, &to_us, err)) < 0)
		return rc;
	if (from_us == CLOCK_NONE)
		return err_set(err, ERR_STATE, "nothing was observed yet: there is no day");
	clock_day_of(from_us, d->store.business_day_start_s, first);
	clock_day_of(to_us > from_us ? to_us - 1 : to_us, d->store.business_day_start_s, last);
	if (!str_copy(d->date, sizeof(d->date), s->first ? s->first : last) ||
	    !str_copy(d->last, sizeof(d->last), s->last ? s->last : last))
		return err_set(err, ERR_FORMAT,
			       "'%s' is not a day; expected one like 2026-03-14",
			       strlen(s->first ? s->first : last) > 10 ? s->first : s->last);
	return span_dates(d, err);
}

static bool is_length(int bucket_s)
{
	return bucket_s == 60 || bucket_s == 900 || bucket_s == 3600 || bucket_s == 86400 ||
	       bucket_s == DAY_WEEK_S;
}

/* Dates, buckets and places; nothing of the minutes yet. */
static int begin_span(struct day *d, struct query *q, const struct day_span *s, struct err *err)
{
	int rc;

	if (!is_length(d->bucket_s))
		return err_set(err, ERR_RANGE,
			       "buckets of %d s; expected 60, 900, 3600, 86400 or 604800",
			       d->bucket_s);
	if ((rc = query_store(q, &d->store, err)) < 0 ||
	    (rc = clock_set_zone(d->store.zone, err)) < 0 ||
	    (rc = choose_dates(d, q, s, err)) < 0)
		return rc;
	span_buckets(d, s->week_start);
	d->n_minute = (int)((d->to_us - d->from_us + CLOCK_MINUTE_US - 1) / CLOCK_MINUTE_US);
	span_hours(d, s->calendar);
	return read_places(d, q, err);
}

static int finish_span(struct day *d, struct query *q, const struct day_span *s,
		       struct err *err)
{
	int rc;

	if (d->first_us == CLOCK_NONE)
		return err_set(err, ERR_STATE,
			       "nothing was observed on %s%s%s; the first day with data is "
			       "%s, the last is %s",
			       d->date, d->n_date > 1 ? " to " : "",
			       d->n_date > 1 ? d->last : "", d->first_known, d->last_known);
	if (s->sales)
		sales_join(s->sales, d);
	if ((rc = audits_read(&d->audits, q, err)) < 0)
		return rc;
	journeys_make(&d->journeys, d, s->k ? s->k : JOURNEYS_K);
	return read_params(d, q, err);
}

int day_read(struct day *d, struct query *q, const char *date, int bucket_s, struct err *err)
{
	return day_read_span(
		d, q, &(struct day_span){ .first = date, .last = date, .bucket_s = bucket_s },
		err);
}

int day_read_span(struct day *d, struct query *q, const struct day_span *s, struct err *err)
{
	return day_read_buckets(d, 1, q, s, &s->bucket_s, err);
}

int day_read_buckets(struct day *d, int n, struct query *q, const struct day_span *s,
		     const int *bucket_s, struct err *err)
{
	struct day *made = xcalloc((size_t)n, sizeof(*made));
	int rc = 0;

	for (int i = 0; i < n && rc >= 0; i++) {
		made[i].bucket_s = bucket_s[i];
		rc = begin_span(&made[i], q, s, err);
	}
	if (rc >= 0)
		rc = day_minutes(made, n, q, err);
	for (int i = 0; i < n && rc >= 0; i++)
		rc = finish_span(&made[i], q, s, err);
	for (int i = 0; i < n; i++)
		if (rc < 0)
			day_clear(&made[i]);
		else
			d[i] = made[i];
	free(made);
	return rc < 0 ? rc : 0;
}

int day_passages(const struct day_line *l, bool in)
{
	int n = (in ? l->crossings_in : l->crossings_out) - l->uturns;

	return n > 0 ? n : 0;
}

void day_clear(struct day *d)
{
	for (int i = 0; i < d->n_camera; i++) {
		struct day_camera *c = &d->camera[i];

		for (int b = 0; b < d->n_bucket; b++)
			free(c->params[b]);
		free(c->view);
		free(c->observed_s);
		free(c->revision);
		free(c->params);
		free(c->heat);
		free(c->minute_s);
		tally_clear(&c->tally);
	}
	for (int i = 0; i < d->n_place; i++)
		day_place_clear(&d->place[i]);
	free(d->camera);
	free(d->place);
	free(d->bucket);
	free(d->dates);
	free(d->minute_open);
	free(d->inside);
	free(d->sales);
	free(d->minute_inside);
	free(d->street);
	floor_map_clear(&d->floor);
	journeys_clear(&d->journeys);
	audits_clear(&d->audits);
	*d = (struct day){ 0 };
}
