/* SPDX-License-Identifier: Apache-2.0 */
/* counter.c -- one camera's lines and zones: sightings in order of time become events and
 * minutes.
 */
#include "count/counter.h"

#include "base/clock.h"
#include "base/vec.h"
#include "count/bucket.h"
#include "count/heat.h"
#include "count/line.h"
#include "count/zone.h"
#include "floor/polygon.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A place of this camera. */
struct shape {
	int place;
	int n;
	struct pt_floor *v;
	struct pt_floor low, high; /* of the box around it; without limits when it is too far
				      out to say (polygon.h) */
};

/* Most people are far from most places, and there nothing depends on how far. The box is that
 * much larger than its corners, so that polygon.h's grid is all inside. */
#define BOX_MARGIN 0x1p-16

struct person {
	int64_t track;
	int64_t last_us;
	struct pt_floor at;
	double hysteresis;
	struct line_state *line; /* one for each line ... */
	struct zone_state *zone; /* ... and zone of the counter */
};

/* Somebody who was not seen for the gap: whether he crossed a line in it is told when his track
 * comes back. */
struct gone {
	int64_t track;
	struct pt_floor at;
};
#define GONE 64

struct counter {
	struct count_opts o;
	int64_t uturn_us, gap_us, max_frame_us;
	int camera;
	bool metric, ended;
	VEC(struct shape) line;
	VEC(struct shape) zone;

	VEC(struct person *) person; /* ordered by track */
	VEC(struct person *) spare;

	int64_t t_us, dur_us; /* the frame before; CLOCK_NONE: none yet */
	VEC(int) cell;        /* where people stood in it */

	struct bucket bucket;
	struct heat heat;
	VEC(struct event) event;
	VEC(struct count_why) why;
	struct gone gone[GONE];
	unsigned n_gone; /* in all; the newest is at (n_gone - 1) % GONE */
};

/* Times this far from 1970 would leave 64 bits; no calendar has them. */
#define TIME_MAX (INT64_MAX / 4)

static int64_t us(double s)
{
	return llrint(s * 1e6);
}

static struct shape shape_copy(int place, int n, const struct pt_floor *v)
{
	struct shape s = { .place = place, .n = n };

	s.v = xcalloc((size_t)n, sizeof(*s.v));
	memcpy(s.v, v, (size_t)n * sizeof(*s.v));
	s.low = (struct pt_floor){ INFINITY, INFINITY };
	s.high = (struct pt_floor){ -INFINITY, -INFINITY };
	for (int i = 0; i < n; i++) {
		s.low.x = fmin(s.low.x, v[i].x - BOX_MARGIN);
		s.low.y = fmin(s.low.y, v[i].y - BOX_MARGIN);
		s.high.x = fmax(s.high.x, v[i].x + BOX_MARGIN);
		s.high.y = fmax(s.high.y, v[i].y + BOX_MARGIN);
	}
	if (!(s.low.x > -POLYGON_LIMIT && s.low.y > -POLYGON_LIMIT &&
	      s.high.x < POLYGON_LIMIT && s.high.y < POLYGON_LIMIT)) {
		s.low = (struct pt_floor){ -INFINITY, -INFINITY };
		s.high = (struct pt_floor){ INFINITY, INFINITY };
	}
	return s;
}

/* Whether a and b both lie on one side of the shape, b at least h away: then the step between
 * them does not cross it. */
static bool passes_by(const struct shape *s, struct pt_floor a, struct pt_floor b, double h)
{
	return (a.x > s->high.x && b.x > s->high.x + h) ||
	       (a.x < s->low.x && b.x < s->low.x - h) ||
	       (a.y > s->high.y && b.y > s->high.y + h) ||
	       (a.y < s->low.y && b.y < s->low.y - h);
}

struct counter *counter_new(const struct count_opts *o, int camera, const struct plan *plan,
			    const struct pt_floor *const *at, bool metric)
{
	struct counter *c = xcalloc(1, sizeof(*c));

	assert(o->hysteresis_m >= 0 && o->hysteresis_body >= 0);
	assert(o->uturn_s >= 0 && o->gap_s > 0 && o->max_frame_s >= 0);
	c->o = *o;
	c->uturn_us = us(o->uturn_s);
	c->gap_us = us(o->gap_s);
	c->max_frame_us = us(o->max_frame_s);
	c->camera = camera;
	c->metric = metric;
	c->t_us = CLOCK_NONE;
	for (int i = 0; i < plan->n; i++) {
		const struct place *p = &plan->place[i];

		if (!at[i])
			continue;
		if (p->kind == PLACE_LINE)
			*VEC_PUSH(&c->line) = shape_copy(i, p->n, at[i]);
		else if (p->kind == PLACE_ZONE)
			*VEC_PUSH(&c->zone) = shape_copy(i, p->n, at[i]);
	}
	bucket_init(&c->bucket, plan->n);
	return c;
}

static void person_free(struct person *p)
{
	free(p->line);
	free(p->zone);
	free(p);
}

void counter_free(struct counter *c)
{
	if (!c)
		return;
	for (size_t i = 0; i < c->line.n; i++)
		free(c->line.v[i].v);
	for (size_t i = 0; i < c->zone.n; i++)
		free(c->zone.v[i].v);
	for (size_t i = 0; i < c->person.n; i++)
		person_free(c->person.v[i]);
	for (size_t i = 0; i < c->spare.n; i++)
		person_free(c->spare.v[i]);
	VEC_FREE(&c->line);
	VEC_FREE(&c->zone);
	VEC_FREE(&c->person);
	VEC_FREE(&c->spare);
	VEC_FREE(&c->cell);
	VEC_FREE(&c->event);
	VEC_FREE(&c->why);
	bucket_clear(&c->bucket);
	heat_clear(&c->heat);
	free(c);
}

static struct person *person_new(struct counter *c)
{
	struct person *p;

	if (c->spare.n > 0) {
		p = c->spare.v[--c->spare.n];
		memset(p->line, 0, c->line.n * sizeof(*p->line));
		memset(p->zone, 0, c->zone.n * sizeof(*p->zone));
		return p;
	}
	p = xcalloc(1, sizeof(*p));
	p->line = xcalloc(c->line.n, sizeof(*p->line));
	p->zone = xcalloc(c->zone.n, sizeof(*p->zone));
	return p;
}

/* The person of a track, made when there is none: then its last_us is CLOCK_NONE. */
static struct person *person_of(struct counter *c, int64_t track)
{
	size_t lo = 0, hi = c->person.n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (c->person.v[mid]->track < track)
			lo = mid + 1;
		else
			hi = mid;
	}
	if (lo < c->person.n && c->person.v[lo]->track == track)
		return c->person.v[lo];
	VEC_PUSH(&c->person);
	memmove(&c->person.v[lo + 1], &c->person.v[lo],
		(c->person.n - 1 - lo) * sizeof(struct person *));
	c->person.v[lo] = person_new(c);
	c->person.v[lo]->track = track;
	c->person.v[lo]->last_us = CLOCK_NONE;
	return c->person.v[lo];
}

static void explain(struct counter *c, const struct person *p, size_t i, int dir,
		    enum line_rule rule, int64_t t_us)
{
	if (rule != LINE_RULE_NONE)
		*VEC_PUSH(&c->why) = (struct count_why){ .t_us = t_us,
							 .person = p->track,
							 .place = c->line.v[i].place,
							 .dir = dir,
							 .rule = rule };
}

static void crossed(struct counter *c, const struct person *p, size_t i, int dir)
{
	struct line_state *s = &p->line[i];
	int place = c->line.v[i].place;
	struct minute_line *row;

	if (dir == 0) {
		explain(c, p, i, 0, s->rule, s->cross_us);
		return;
	}
	*VEC_PUSH(&c->event) = (struct event){
		.t_us = s->cross_us,
		.kind = dir > 0 ? EVENT_CROSS_IN : EVENT_CROSS_OUT,
		.place = place,
		.person = p->track,
	};
	row = bucket_line(&c->bucket, place, s->cross_us);
	row->crossings_in += dir > 0;
	row->crossings_out += dir < 0;
	row->uturns += line_book(s, dir, s->cross_us, c->uturn_us);
	explain(c, p, i, dir, s->rule, s->cross_us);
}

/* A person who is new, with the number of one who was lost for the gap: that step counts for
 * nobody, and when it crosses a line somebody may ask why. */
static void explain_gap(struct counter *c, const struct person *p, const struct sighting *s)
{
	unsigned n = c->n_gone < GONE ? c->n_gone : GONE;

	for (unsigned k = 1; k <= n; k++) {
		const struct gone *g = &c->gone[(c->n_gone - k) % GONE];

		if (g->track != s->track)
			continue;
		for (size_t i = 0; i < c->line.n; i++) {
			const struct shape *l = &c->line.v[i];
			int net = polyline_cross(l->v, l->n, g->at, s->at, !c->metric);

			if (net)
				explain(c, p, i, net > 0 ? 1 : -1, LINE_RULE_GAP, s->t_us);
		}
		return;
	}
}

static void entered(struct counter *c, const struct person *p, size_t i, int64_t t_us)
{
	int place = c->zone.v[i].place;
	struct change change = { .t_us = t_us, .place = place, .delta = 1, .person = p->track };

	bucket_change(&c->bucket, &change);
	*VEC_PUSH(&c->event) = (struct event){
		.t_us = t_us, .kind = EVENT_ZONE_ENTER, .place = place, .person = p->track
	};
}

static void left(struct counter *c, const struct person *p, size_t i, const struct visit *v)
{
	int place = c->zone.v[i].place;
	struct change change = { .t_us = v->leave_us,
				 .place = place,
				 .delta = -1,
				 .person = p->track,
				 .dwell_us = v->leave_us - v->enter_us };

	bucket_change(&c->bucket, &change);
	*VEC_PUSH(&c->event) = (struct event){ .t_us = v->leave_us,
					       .kind = EVENT_ZONE_LEAVE,
					       .place = place,
					       .person = p->track,
					       .dwell_s = (double)change.dwell_us / 1e6 };
}

/* Everything that is still open about a person is decided. */
static void person_end(struct counter *c, struct person *p)
{
	struct visit v;

	for (size_t i = 0; i < c->line.n; i++) {
		struct line_state *s = &p->line[i];
		int64_t t_us;
		int dir;

		crossed(c, p, i, line_end(s, p->hysteresis));
		dir = line_person(s, &t_us);
		if (dir != 0) {
			struct minute_line *row =
				bucket_line(&c->bucket, c->line.v[i].place, t_us);

			row->persons_in += dir > 0;
			row->persons_out += dir < 0;
		}
	}
	for (size_t i = 0; i < c->zone.n; i++)
		if (zone_gone(&p->zone[i], p->last_us, &v))
			left(c, p, i, &v);
}

/* Those not seen since last_us or longer are gone. */
static void end_unseen(struct counter *c, int64_t last_us)
{
	size_t kept = 0;

	for (size_t i = 0; i < c->person.n; i++) {
		struct person *p = c->person.v[i];

		if (p->last_us > last_us) {
			c->person.v[kept++] = p;
			continue;
		}
		person_end(c, p);
		c->gone[c->n_gone++ % GONE] = (struct gone){ p->track, p->at };
		*VEC_PUSH(&c->spare) = p;
	}
	c->person.n = kept;
}

static void end_visits(struct counter *c, int64_t t_us)
{
	struct visit v;

	for (size_t i = 0; i < c->person.n; i++)
		for (size_t j = 0; j < c->zone.n; j++)
			if (zone_due(&c->person.v[i]->zone[j], t_us, c->gap_us, &v))
				left(c, c->person.v[i], j, &v);
}

static void person_step(struct counter *c, const struct sighting *s)
{
	struct person *p = person_of(c, s->track);
	bool first = p->last_us == CLOCK_NONE;
	double h = c->metric ? c->o.hysteresis_m : c->o.hysteresis_body * s->body;

	if (first)
		explain_gap(c, p, s);
	for (size_t i = 0; i < c->line.n; i++) {
		const struct shape *l = &c->line.v[i];
		double dist = INFINITY;
		int net = 0;

		if (!passes_by(l, first ? s->at : p->at, s->at, h)) {
			net = first ? 0 : polyline_cross(l->v, l->n, p->at, s->at, !c->metric);
			dist = polyline_distance(l->v, l->n, s->at);
		}
		crossed(c, p, i, line_step(&p->line[i], net, dist, h, s->t_us));
	}
	for (size_t i = 0; i < c->zone.n; i++) {
		const struct shape *z = &c->zone.v[i];
		bool far = passes_by(z, s->at, s->at, h);
		bool inside = !far && polygon_inside(z->v, z->n, s->at);
		double dist = far ? INFINITY : 0;

		/* How far outside matters to whoever was inside only. */
		if (!far && !inside && p->zone[i].in)
			dist = polygon_distance(z->v, z->n, s->at);
		if (zone_step(&p->zone[i], inside, dist, h, s->t_us, c->gap_us))
			entered(c, p, i, s->t_us);
	}
	p->at = s->at;
	p->hysteresis = h;
	p->last_us = s->t_us;
}

/* The frame before stands for the time from its own to to_us. */
static void observe(struct counter *c, int64_t to_us)
{
	int64_t from_us = c->t_us;

	while (from_us < to_us) {
		int64_t start_us = bucket_minute(from_us);
		int64_t end_us = start_us + CLOCK_MINUTE_US;

		if (end_us > to_us)
			end_us = to_us;
		bucket_observe(&c->bucket, from_us, end_us);
		for (size_t i = 0; i < c->cell.n; i++)
			heat_add(&c->heat, start_us, c->cell.v[i], end_us - from_us);
		from_us = end_us;
	}
}

/* Until when the frame before was what there was to see, when the next is at t_us. */
static int64_t observed_until(const struct counter *c, int64_t t_us)
{
	int64_t dt_us = t_us - c->t_us;

	return dt_us <= c->max_frame_us || dt_us <= 2 * c->dur_us ? t_us : c->t_us + c->dur_us;
}

static void remember_frame(struct counter *c, int64_t t_us, int64_t dur_us,
			   const int *heat_cell, int n)
{
	c->t_us = t_us;
	c->dur_us = dur_us < 1 ? 1 : dur_us > CLOCK_MINUTE_US ? CLOCK_MINUTE_US : dur_us;
	c->cell.n = 0;
	for (int i = 0; i < n; i++)
		if (heat_cell[i] >= 0)
			*VEC_PUSH(&c->cell) = heat_cell[i];
}

static int by_time(const void *a, const void *b)
{
	const struct event *x = a, *y = b;

	if (x->t_us != y->t_us)
		return x->t_us < y->t_us ? -1 : 1;
	if (x->person != y->person)
		return x->person < y->person ? -1 : 1;
	if (x->place != y->place)
		return x->place < y->place ? -1 : 1;
	return (int)x->kind - (int)y->kind;
}

/* Hands out the events of this call and the minutes that start before before_us. */
static void take(struct counter *c, int64_t before_us, struct count_out *out)
{
	struct bucket *b = &c->bucket;

	if (c->event.n > 1)
		qsort(c->event.v, c->event.n, sizeof(*c->event.v), by_time);
	bucket_take(b, c->camera, before_us);
	heat_take(&c->heat, c->camera, before_us);
	*out = (struct count_out){
		.event = c->event.v,
		.n_event = (int)c->event.n,
		.cover = b->cover_out.v,
		.n_cover = (int)b->cover_out.n,
		.line = b->line_out.v,
		.n_line = (int)b->line_out.n,
		.zone = b->zone_out.v,
		.n_zone = (int)b->zone_out.n,
		.heat = c->heat.out.v,
		.n_heat = (int)c->heat.out.n,
		.why = c->why.v,
		.n_why = (int)c->why.n,
	};
}

int counter_step(struct counter *c, int64_t t_us, int64_t dur_us, const struct sighting *who,
		 const int *heat_cell, int n, struct count_out *out)
{
	if (c->ended || t_us <= c->t_us || t_us < -TIME_MAX || t_us > TIME_MAX)
		return ERR_STATE;
	c->event.n = c->why.n = 0;
	if (c->t_us != CLOCK_NONE)
		observe(c, observed_until(c, t_us));
	end_unseen(c, t_us - c->gap_us);
	end_visits(c, t_us);
	for (int i = 0; i < n; i++) {
		assert(who[i].t_us == t_us && (i == 0 || who[i].track > who[i - 1].track));
		person_step(c, &who[i]);
	}
	remember_frame(c, t_us, dur_us, heat_cell, n);
	/* Whoever was not seen for the gap is gone, whatever ended longer ago is over: nothing
	 * can happen any more in a minute that ended a gap ago. */
	take(c, bucket_minute(t_us - c->gap_us), out);
	return 0;
}

void counter_end(struct counter *c, struct count_out *out)
{
	c->event.n = c->why.n = 0;
	if (c->t_us != CLOCK_NONE && !c->ended)
		observe(c, c->t_us + c->dur_us);
	c->ended = true;
	end_unseen(c, TIME_MAX);
	take(c, INT64_MAX, out);
}
