/* SPDX-License-Identifier: Apache-2.0 */
/* day_minutes.c -- minutes of the store become buckets. */
#include "report/day_minutes.h"

#include "base/clock.h"
#include "base/vec.h"
#include "report/floor_map.h"
#include "report/span.h"
#include "report/tallying.h"

#include <math.h>
#include <stdlib.h>

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
	struct floor_map *floor; /* [camera] */
	struct tallying tally;
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
	r->floor = xcalloc((size_t)d->n_camera + 1, sizeof(*r->floor));
	tallying_init(&r->tally, d, r->bucket_of);
	for (int i = 0; i < d->n_place; i++) {
		r->watched[i] = xcalloc(minutes, sizeof(**r->watched));
		if (d->place[i].zone)
			r->level[i] = xcalloc(minutes, sizeof(**r->level));
	}
}

static void reading_clear(struct reading *r)
{
	tallying_clear(&r->tally);
	for (int i = 0; i < r->d->n_camera; i++)
		free(r->heat[i]);
	for (int i = 0; i < r->d->n_camera; i++)
		floor_map_clear(&r->floor[i]);
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
	free(r->floor);
}

static int find_camera(const struct day *d, int id)
{
	for (int i = 0; i < d->n_camera; i++)
		if (d->camera[i].camera.id == id)
			return i;
	return -1;
}

/* kind PLACE_NONE: of any. */
static int find_place(const struct day *d, int id, enum place_kind kind)
{
	for (int i = 0; i < d->n_place; i++)
		if (d->place[i].place.id == id)
			return !kind || d->place[i].place.info.kind == kind ? i : -1;
	return -1;
}

static int cover_one(struct reading *r, const struct minute_cover *m)
{
	int c = find_camera(r->d, m->camera);
	int minute = minute_of(r->d, m->start_us);

	if (c < 0 || m->observed_s <= 0)
		return 0;
	tallying_minute(&r->tally, minute);
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

static int line_one(struct reading *r, const struct minute_line *m)
{
	int p = find_place(r->d, m->place, PLACE_LINE);
	int minute = minute_of(r->d, m->start_us);

	if (p < 0)
		return 0;
	r->watched[p][minute] = true;
	line_add(&r->d->place[p].line[r->bucket_of[minute]], m, r->d->minute_open[minute]);
	line_add(&r->d->place[p].line_total, m, r->d->minute_open[minute]);
	tallying_add(&r->tally, -1, p,
		     (struct tally_cell){ TALLY_CROSSED_IN, 0, m->crossings_in });
	tallying_add(&r->tally, -1, p,
		     (struct tally_cell){ TALLY_CROSSED_OUT, 0, m->crossings_out });
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

static int zone_one(struct reading *r, const struct minute_zone *m)
{
	int p = find_place(r->d, m->place, PLACE_ZONE);
	int minute = minute_of(r->d, m->start_us);
	struct level *l;

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

static int heat_one(struct reading *r, const struct minute_heat *m)
{
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

static int floor_one(struct reading *r, const struct minute_floor *m)
{
	int c = find_camera(r->d, m->camera);

	if (c >= 0)
		floor_map_add(&r->floor[c], m->cells, m->n);
	return 0;
}

static int value_one(struct reading *r, const struct minute_value *m)
{
	int c = find_camera(r->d, m->camera);
	int p = m->place < 0 ? -1 : find_place(r->d, m->place, PLACE_NONE);

	if (c >= 0 && (p >= 0 || m->place < 0))
		tallying_add(&r->tally, c, p,
			     (struct tally_cell){ (int)m->measure, m->key, m->value });
	return 0;
}

/* The same minutes for several readings. */
struct pass {
	struct reading *r;
	int n;
};

#define EACH(call) \
	do { \
		struct pass *pass = arg; \
		int rc = 0; \
\
		for (int i = 0; i < pass->n && rc == 0; i++) \
			rc = call; \
		return rc; \
	} while (0)

static int on_cover(void *arg, const struct minute_cover *m)
{
	EACH(cover_one(&pass->r[i], m));
}

static int on_line(void *arg, const struct minute_line *m, const char *params_id)
{
	(void)params_id;
	EACH(line_one(&pass->r[i], m));
}

static int on_zone(void *arg, const struct minute_zone *m, const char *params_id)
{
	(void)params_id;
	EACH(zone_one(&pass->r[i], m));
}

static int on_heat(void *arg, const struct minute_heat *m)
{
	EACH(heat_one(&pass->r[i], m));
}

static int on_floor(void *arg, const struct minute_floor *m)
{
	EACH(floor_one(&pass->r[i], m));
}

static int on_value(void *arg, const struct minute_value *m)
{
	EACH(value_one(&pass->r[i], m));
}

static int watched_one(struct reading *r, int camera, int place)
{
	int c = find_camera(r->d, camera), p = find_place(r->d, place, PLACE_NONE);

	if (c >= 0 && p >= 0)
		tallying_watched(&r->tally, c, p);
	return 0;
}

static int on_watched(void *arg, int camera, int place, int64_t start_us)
{
	(void)start_us;
	EACH(watched_one(&pass->r[i], camera, place));
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
		else if (p->zone)
			finish_level(r, i, &p->zone[b], from, to);
	}
	if (p->line) {
		finish_line(r, i, &p->line_total, 0, d->n_minute);
	} else if (p->zone) {
		finish_level(r, i, &p->zone_total, 0, d->n_minute);
		finish_dwell(p, r->visits[i].v, (int)r->visits[i].n);
	}
}

/* A line or zone that was not watched while its camera was belongs to another plan. One whose
 * camera saw nothing all day stays, as not observed. */
static bool belongs(const struct day *d, const struct day_place *p)
{
	double s = p->line   ? p->line_total.observed_s
		   : p->zone ? p->zone_total.observed_s
			     : p->tally.total.observed_s;

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

static void drop_places(struct day *d)
{
	int n = 0;

	for (int i = 0; i < d->n_place; i++)
		if (belongs(d, &d->place[i]))
			d->place[n++] = d->place[i];
		else
			day_place_clear(&d->place[i]);
	d->n_place = n;
}

/* The whole floor: where cameras see the same cell, the one that saw more people there. */
static void finish_floor(struct reading *r)
{
	for (int i = 0; i < r->d->n_camera; i++)
		floor_map_join(&r->d->floor, &r->floor[i]);
}

static void finish(struct reading *r)
{
	struct day *d = r->d;

	for (int i = 0; i < d->n_camera; i++)
		finish_camera(r, i);
	tallying_finish(&r->tally);
	for (int i = 0; i < d->n_place; i++)
		finish_place(r, i);
	finish_inside(r);
	tallying_street(&r->tally, belongs);
	finish_floor(r);
	span_observed(d);
}

int day_minutes(struct day *d, int n, struct query *q, struct err *err)
{
	struct reading *r = xcalloc((size_t)n, sizeof(*r));
	struct pass pass = { r, n };
	struct query_minutes fn = { .cover = on_cover,
				    .line = on_line,
				    .zone = on_zone,
				    .heat = on_heat,
				    .floor = on_floor,
				    .value = on_value,
				    .watched = on_watched,
				    .arg = &pass };
	int rc;

	for (int i = 0; i < n; i++) {
		reading_init(&r[i], &d[i]);
		d[i].first_us = d[i].last_us = CLOCK_NONE;
	}
	rc = query_minutes(q, d->from_us, d->to_us, &fn, err);
	for (int i = 0; i < n; i++) {
		if (rc >= 0)
			finish(&r[i]);
		reading_clear(&r[i]);
		if (rc >= 0)
			drop_places(&d[i]);
	}
	free(r);
	return rc;
}
