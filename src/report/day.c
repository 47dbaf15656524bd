/* SPDX-License-Identifier: Apache-2.0 */
/* day.c -- minutes of the store become one business day in buckets. */
#include "report/day.h"

#include "base/clock.h"
#include "base/str.h"
#include "base/vec.h"
#include "report/span.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define HEAT_CELLS (HEAT_COLS * HEAT_ROWS)

/* Occupancy of one zone in one minute. */
struct level {
	short min, max, p95;
};

/* What is needed only while the minutes come in. */
struct reading {
	struct day *d;
	bool **watched;          /* [place][minute] */
	int *bucket_of;          /* of each minute */
	struct level **level;    /* [place][minute]; NULL for lines */
	int *door_in, *door_out; /* [minute] over the entry lines */
	double **heat;           /* [camera][cell] */
	struct {
		struct visit {
			int bucket;
			float dwell_s;
		} * v;
		size_t n, cap;
	} * visits; /* [place] */
};

static int minute_of(const struct day *d, int64_t t_us)
{
	return (int)((t_us - d->from_us) / CLOCK_MINUTE_US);
}

static void reading_init(struct reading *r, struct day *d)
{
	size_t minutes = (size_t)d->n_minute;

	*r = (struct reading){ .d = d };
	r->bucket_of = xcalloc(minutes, sizeof(*r->bucket_of));
	for (int m = 0, b = 0; m < d->n_minute; m++) {
		while (b + 1 < d->n_bucket &&
		       d->bucket[b + 1].from_us <= d->from_us + m * CLOCK_MINUTE_US)
			b++;
		r->bucket_of[m] = b;
	}
	r->door_in = xcalloc(minutes, sizeof(*r->door_in));
	r->door_out = xcalloc(minutes, sizeof(*r->door_out));
	r->heat = xcalloc((size_t)d->n_camera + 1, sizeof(*r->heat));
	for (int i = 0; i < d->n_camera; i++)
		r->heat[i] = xcalloc(HEAT_CELLS, sizeof(**r->heat));
	r->level = xcalloc((size_t)d->n_place + 1, sizeof(*r->level));
	r->visits = xcalloc((size_t)d->n_place + 1, sizeof(*r->visits));
	r->watched = xcalloc((size_t)d->n_place + 1, sizeof(*r->watched));
	for (int i = 0; i < d->n_place; i++) {
		r->watched[i] = xcalloc(minutes, sizeof(**r->watched));
		if (d->place[i].zone)
			r->level[i] = xcalloc(minutes, sizeof(**r->level));
	}
}

static void reading_clear(struct reading *r)
{
	for (int i = 0; i < r->d->n_camera; i++)
		free(r->heat[i]);
	for (int i = 0; i < r->d->n_place; i++) {
		free(r->watched[i]);
		free(r->level[i]);
		VEC_FREE(&r->visits[i]);
	}
	free(r->bucket_of);
	free(r->door_in);
	free(r->door_out);
	free(r->heat);
	free(r->level);
	free(r->visits);
	free(r->watched);
}

static int find_camera(const struct day *d, int id)
{
	for (int i = 0; i < d->n_camera; i++)
		if (d->camera[i].camera.id == id)
			return i;
	return -1;
}

static int find_place(const struct day *d, int id, enum place_kind kind)
{
	for (int i = 0; i < d->n_place; i++)
		if (d->place[i].place.id == id)
			return d->place[i].place.info.kind == kind ? i : -1;
	return -1;
}

static int on_cover(void *arg, const struct minute_cover *m)
{
	struct reading *r = arg;
	int c = find_camera(r->d, m->camera);
	int minute = minute_of(r->d, m->start_us);

	if (c < 0 || m->observed_s <= 0)
		return 0;
	r->d->camera[c].minute_s[minute] += (float)m->observed_s;
	r->d->camera[c].revision[r->bucket_of[minute]] += m->revision;
	r->d->camera[c].revision_total += m->revision;
	r->d->bucket[r->bucket_of[minute]].revision += m->revision;
	if (r->d->first_us == CLOCK_NONE || m->from_us < r->d->first_us)
		r->d->first_us = m->from_us;
	if (m->to_us > r->d->last_us)
		r->d->last_us = m->to_us;
	return 0;
}

static void line_add(struct day_line *sum, const struct minute_line *m, bool open)
{
	sum->crossings_in += m->crossings_in;
	sum->crossings_out += m->crossings_out;
	sum->persons_in += m->persons_in;
	sum->persons_out += m->persons_out;
	sum->uturns += m->uturns;
	if (!open) {
		sum->passages_in_closed += m->crossings_in - m->uturns;
		sum->passages_out_closed += m->crossings_out - m->uturns;
	}
}

static int on_line(void *arg, const struct minute_line *m, const char *params_id)
{
	struct reading *r = arg;
	int p = find_place(r->d, m->place, PLACE_LINE);
	int minute = minute_of(r->d, m->start_us);

	(void)params_id;
	if (p < 0)
		return 0;
	r->watched[p][minute] = true;
	line_add(&r->d->place[p].line[r->bucket_of[minute]], m, r->d->minute_open[minute]);
	line_add(&r->d->place[p].line_total, m, r->d->minute_open[minute]);
	if (r->d->place[p].place.info.role == LINE_ENTRY) {
		r->door_in[minute] += m->crossings_in;
		r->door_out[minute] += m->crossings_out;
	}
	return 0;
}

static void zone_add(struct day_zone *sum, const struct minute_zone *m, bool open)
{
	sum->begun += m->begun;
	sum->ended += m->ended;
	sum->person_s += m->person_s;
	if (!open)
		sum->begun_closed += m->begun;
}

static short to_short(int v)
{
	return (short)(v < 0 ? 0 : v > 32767 ? 32767 : v);
}

static int on_zone(void *arg, const struct minute_zone *m, const char *params_id)
{
	struct reading *r = arg;
	int p = find_place(r->d, m->place, PLACE_ZONE);
	int minute = minute_of(r->d, m->start_us);
	struct level *l;

	(void)params_id;
	if (p < 0)
		return 0;
	r->watched[p][minute] = true;
	zone_add(&r->d->place[p].zone[r->bucket_of[minute]], m, r->d->minute_open[minute]);
	zone_add(&r->d->place[p].zone_total, m, r->d->minute_open[minute]);
	/* Levels come in one part of a minute and are 0 in the others: the largest is it. */
	l = &r->level[p][minute];
	l->min = to_short(m->min) > l->min ? to_short(m->min) : l->min;
	l->max = to_short(m->max) > l->max ? to_short(m->max) : l->max;
	l->p95 = to_short(m->p95) > l->p95 ? to_short(m->p95) : l->p95;
	for (int i = 0; i < m->n_dwell && i < MINUTE_DWELLS; i++)
		*VEC_PUSH(&r->visits[p]) =
			(struct visit){ r->bucket_of[minute], m->dwell_s[i] };
	return 0;
}

static int on_heat(void *arg, const struct minute_heat *m)
{
	struct reading *r = arg;
	int c = find_camera(r->d, m->camera);
	int bucket = r->bucket_of[minute_of(r->d, m->start_us)];

	for (int i = 0; c >= 0 && i < m->n; i++) {
		if (m->cells[i].cell >= HEAT_CELLS)
			continue;
		r->heat[c][m->cells[i].cell] += (double)m->cells[i].person_s;
		r->d->camera[c].view[bucket].person_s += (double)m->cells[i].person_s;
		r->d->camera[c].view_total.person_s += (double)m->cells[i].person_s;
	}
	return 0;
}

/* Percentile p of n sorted values, by nearest rank. */
static double nearest_rank(const struct visit *v, int n, double p)
{
	/* The small term keeps 0.9 * 10 from becoming rank 10 by rounding. */
	int rank = (int)ceil(p * n - 1e-9);

	return (double)v[rank > 0 ? rank - 1 : 0].dwell_s;
}

static int by_dwell(const void *a, const void *b)
{
	const struct visit *x = a, *y = b;

	return (x->dwell_s > y->dwell_s) - (x->dwell_s < y->dwell_s);
}

static int by_bucket(const void *a, const void *b)
{
	const struct visit *x = a, *y = b;

	return x->bucket != y->bucket ? (x->bucket > y->bucket) - (x->bucket < y->bucket)
				      : by_dwell(a, b);
}

/* v: n visits, shortest first. */
static void dwell_stats(struct day_zone *z, const struct visit *v, int n, double engaged_s)
{
	double sum = 0;

	if (n == 0)
		return;
	for (int i = 0; i < n; i++) {
		sum += (double)v[i].dwell_s;
		z->engaged += (double)v[i].dwell_s >= engaged_s;
	}
	z->n_dwell = n;
	z->dwell_mean_s = sum / n;
	z->dwell_p50_s = nearest_rank(v, n, 0.5);
	z->dwell_p90_s = nearest_rank(v, n, 0.9);
	z->dwell_max_s = (double)v[n - 1].dwell_s;
}

static void finish_dwell(struct day_place *p, struct visit *v, int n)
{
	double engaged_s = p->place.info.engaged_s;

	if (n == 0)
		return;
	qsort(v, (size_t)n, sizeof(*v), by_bucket);
	for (int from = 0, to; from < n; from = to) {
		for (to = from; to < n && v[to].bucket == v[from].bucket; to++)
			;
		dwell_stats(&p->zone[v[from].bucket], v + from, to - from, engaged_s);
	}
	qsort(v, (size_t)n, sizeof(*v), by_dwell);
	dwell_stats(&p->zone_total, v, n, engaged_s);
	p->dwell_s = xcalloc((size_t)n, sizeof(*p->dwell_s));
	for (int i = 0; i < n; i++)
		p->dwell_s[i] = v[i].dwell_s;
}

struct weighted {
	int value;
	double s;
};

static int by_value(const void *a, const void *b)
{
	const struct weighted *x = a, *y = b;

	return (x->value > y->value) - (x->value < y->value);
}

/* Seconds in which place p was observed, in minute m. */
static double place_observed(const struct reading *r, int p, int m)
{
	const struct day_camera *c = &r->d->camera[r->d->place[p].camera];

	return r->watched[p][m] ? (double)c->minute_s[m] : 0;
}

/* Minutes [from, to) of zone p: min, max, p95 and mean of what was observed. */
static void finish_level(const struct reading *r, int p, struct day_zone *z, int from, int to)
{
	struct weighted *w = xcalloc((size_t)(to - from) + 1, sizeof(*w));
	const struct level *l = r->level[p];
	double sum = 0, below = 0;
	int n = 0;

	for (int m = from; m < to; m++) {
		double s = place_observed(r, p, m);

		if (s <= 0)
			continue;
		z->min = n == 0 || l[m].min < z->min ? l[m].min : z->min;
		z->max = l[m].max > z->max ? l[m].max : z->max;
		w[n++] = (struct weighted){ l[m].p95, s };
		sum += s;
	}
	qsort(w, (size_t)n, sizeof(*w), by_value);
	for (int i = 0; i < n; i++) {
		below += w[i].s;
		z->p95 = w[i].value;
		if (below >= 0.95 * sum - 1e-6)
			break;
	}
	z->observed_s = sum;
	z->mean = sum > 0 ? z->person_s / sum : 0;
	z->hours = r->d->has_hours;
	free(w);
}

/* First minute of bucket b; b == n_bucket: the end of the day. */
static int first_minute(const struct day *d, int b)
{
	int64_t t_us = b < d->n_bucket ? d->bucket[b].from_us : d->to_us;

	return (int)((t_us - d->from_us + CLOCK_MINUTE_US - 1) / CLOCK_MINUTE_US);
}

static double observed(const struct day_camera *c, int from, int to)
{
	double sum = 0;

	for (int m = from; m < to; m++)
		sum += (double)c->minute_s[m];
	return sum;
}

static void view_finish(struct day_view *v, double observed_s)
{
	v->observed_s = observed_s;
	v->mean = observed_s > 0 ? v->person_s / observed_s : 0;
}

static void finish_camera(struct reading *r, int i)
{
	struct day *d = r->d;
	struct day_camera *c = &d->camera[i];

	for (int b = 0; b < d->n_bucket; b++) {
		c->observed_s[b] = observed(c, first_minute(d, b), first_minute(d, b + 1));
		view_finish(&c->view[b], c->observed_s[b]);
	}
	c->observed_total_s = observed(c, 0, d->n_minute);
	for (int m = 0; d->has_hours && m < d->n_minute; m++)
		if (d->minute_open[m])
			c->open_observed_s += (double)c->minute_s[m];
	view_finish(&c->view_total, c->observed_total_s);
	for (int k = 0; k < HEAT_CELLS; k++)
		c->heat[k] = (float)r->heat[i][k];
}

static void finish_line(const struct reading *r, int p, struct day_line *l, int from, int to)
{
	for (int m = from; m < to; m++)
		l->observed_s += place_observed(r, p, m);
	l->hours = r->d->has_hours;
}

static void finish_place(struct reading *r, int i)
{
	struct day *d = r->d;
	struct day_place *p = &d->place[i];

	for (int b = 0; b < d->n_bucket; b++) {
		int from = first_minute(d, b), to = first_minute(d, b + 1);

		if (p->line)
			finish_line(r, i, &p->line[b], from, to);
		else
			finish_level(r, i, &p->zone[b], from, to);
	}
	if (p->line) {
		finish_line(r, i, &p->line_total, 0, d->n_minute);
	} else {
		finish_level(r, i, &p->zone_total, 0, d->n_minute);
		finish_dwell(p, r->visits[i].v, (int)r->visits[i].n);
	}
}

/* A line or zone that was not watched while its camera was belongs to another plan. One whose
 * camera saw nothing all day stays, as not observed. */
static bool belongs(const struct day *d, const struct day_place *p)
{
	double s = p->line ? p->line_total.observed_s : p->zone_total.observed_s;

	return s > 0 || d->camera[p->camera].observed_total_s <= 0;
}

static bool is_entry(const struct day *d, const struct day_place *p)
{
	return p->line && p->place.info.role == LINE_ENTRY && belongs(d, p);
}

/* Seconds of minute m in which every entry line was observed. */
static double doors_observed(const struct reading *r, int m)
{
	double least = 60;

	for (int i = 0; i < r->d->n_place; i++)
		if (is_entry(r->d, &r->d->place[i]) && place_observed(r, i, m) < least)
			least = place_observed(r, i, m);
	return least;
}

static void inside_add(struct day_inside *sum, double observed_s, int in, int out, int now,
		       bool open)
{
	sum->observed_s += observed_s;
	sum->crossings_in += in;
	sum->crossings_out += out;
	if (!open) {
		sum->crossings_in_closed += in;
		sum->crossings_out_closed += out;
	}
	if (observed_s > 0 && now > sum->max)
		sum->max = now;
}

static void finish_inside(struct reading *r)
{
	struct day *d = r->d;
	int now = 0, date = 0;

	d->peak_us = CLOCK_NONE;
	for (int i = 0; i < d->n_place; i++)
		d->has_inside |= is_entry(d, &d->place[i]);
	if (!d->has_inside)
		return;
	d->inside = xcalloc((size_t)d->n_bucket, sizeof(*d->inside));
	d->minute_inside = xcalloc((size_t)d->n_minute, sizeof(*d->minute_inside));
	for (int m = 0; m < d->n_minute; m++) {
		double s = doors_observed(r, m);
		int in = r->door_in[m], out = r->door_out[m];

		if (d->from_us + m * CLOCK_MINUTE_US >= d->dates[date].to_us) {
			date++;
			now = 0;
		}
		now += in - out;
		if (now < 0) {
			d->corrections -= now;
			now = 0;
		}
		d->minute_inside[m] = s > 0 ? now : -1;
		if (s > 0 && (now > d->inside_total.max || d->peak_us == CLOCK_NONE))
			d->peak_us = d->from_us + (m + 1) * CLOCK_MINUTE_US;
		inside_add(&d->inside[r->bucket_of[m]], s, in, out, now, d->minute_open[m]);
		inside_add(&d->inside_total, s, in, out, now, d->minute_open[m]);
	}
	for (int b = 0; b < d->n_bucket; b++)
		d->inside[b].hours = d->has_hours;
	d->inside_total.hours = d->has_hours;
}

static void place_clear(struct day_place *p)
{
	free(p->line);
	free(p->zone);
	free(p->dwell_s);
}

static void drop_places(struct day *d)
{
	int n = 0;

	for (int i = 0; i < d->n_place; i++)
		if (belongs(d, &d->place[i]))
			d->place[n++] = d->place[i];
		else
			place_clear(&d->place[i]);
	d->n_place = n;
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

		if (place[i].info.kind != PLACE_LINE && place[i].info.kind != PLACE_ZONE)
			continue;
		*p = (struct day_place){ .place = place[i],
					 .camera = find_camera(d, place[i].camera) };
		if (p->camera < 0)
			return err_set(err, ERR_FORMAT, "'%s' belongs to no camera of the file",
				       place[i].info.name);
		d->n_place++;
		if (place[i].info.kind == PLACE_LINE)
			p->line = xcalloc(buckets, sizeof(*p->line));
		else
			p->zone = xcalloc(buckets, sizeof(*p->zone));
	}
	return 0;
}

static int read_minutes(struct day *d, struct query *q, struct err *err)
{
	struct reading r;
	struct query_minutes fn = {
		.cover = on_cover, .line = on_line, .zone = on_zone, .heat = on_heat, .arg = &r
	};
	int rc;

	reading_init(&r, d);
	d->first_us = d->last_us = CLOCK_NONE;
	rc = query_minutes(q, d->from_us, d->to_us, &fn, err);
	for (int i = 0; rc >= 0 && i < d->n_camera; i++)
		finish_camera(&r, i);
	for (int i = 0; rc >= 0 && i < d->n_place; i++)
		finish_place(&r, i);
	if (rc >= 0) {
		finish_inside(&r);
		span_observed(d);
	}
	reading_clear(&r);
	if (rc >= 0)
		drop_places(d);
	return rc;
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
			char first[11], char last[11], struct err *err)
{
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

static int read_span(struct day *d, struct query *q, const struct day_span *s, struct err *err)
{
	char first[11], last[11];
	int rc;

	if (!is_length(d->bucket_s))
		return err_set(err, ERR_RANGE,
			       "buckets of %d s; expected 60, 900, 3600, 86400 or 604800",
			       d->bucket_s);
	if ((rc = query_store(q, &d->store, err)) < 0 ||
	    (rc = clock_set_zone(d->store.zone, err)) < 0 ||
	    (rc = choose_dates(d, q, s, first, last, err)) < 0)
		return rc;
	span_buckets(d, s->week_start);
	d->n_minute = (int)((d->to_us - d->from_us + CLOCK_MINUTE_US - 1) / CLOCK_MINUTE_US);
	span_hours(d, s->calendar);
	if ((rc = read_places(d, q, err)) < 0 || (rc = read_minutes(d, q, err)) < 0)
		return rc;
	if (d->first_us == CLOCK_NONE)
		return err_set(err, ERR_STATE,
			       "nothing was observed on %s%s%s; the first day with data is "
			       "%s, the last is %s",
			       d->date, d->n_date > 1 ? " to " : "",
			       d->n_date > 1 ? d->last : "", first, last);
	if (s->sales)
		sales_join(s->sales, d);
	if ((rc = audits_read(&d->audits, q, err)) < 0)
		return rc;
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
	struct day made = { .bucket_s = s->bucket_s };
	int rc = read_span(&made, q, s, err);

	if (rc < 0) {
		day_clear(&made);
		return rc;
	}
	*d = made;
	return 0;
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
	}
	for (int i = 0; i < d->n_place; i++)
		place_clear(&d->place[i]);
	free(d->camera);
	free(d->place);
	free(d->bucket);
	free(d->dates);
	free(d->minute_open);
	free(d->inside);
	free(d->sales);
	free(d->minute_inside);
	audits_clear(&d->audits);
	*d = (struct day){ 0 };
}
