/* SPDX-License-Identifier: Apache-2.0 */
/* truth_find.c -- what a whole trail says of zones, fixtures, ways and staff. */
#include "sim/truth_book.h"

#include "base/real.h"
#include "sim/plane.h"

#include <math.h>
#include <stdlib.h>

#define FACING_COS 0.70710678118654752   /* of 45 degrees */
#define STRAIGHT_TAN 0.57735026918962573 /* of 30 degrees */

static void book(struct truth_measures *m, int64_t t_us, int place, const char *measure)
{
	truth_book(m, t_us, place, measure, NULL, -1, BY_RULE);
}

/* ---- zones ---- */

static bool overlaps(const struct trail_span *a, int tick)
{
	return tick >= a->from && tick <= a->to;
}

/* Whether he stopped during it; whether a visit that began in it was long enough. */
static void find_exposure(struct truth_measures *m, const struct findings *f, int zone,
			  const struct trail_span *e, const bool *near,
			  const struct spans *visits)
{
	const double need_s = m->place[zone].place->engaged_s;
	int64_t end_us = trail_time(f->t, e->to);
	bool stopped = false, engaged = false;

	for (int i = e->from; i <= e->to && !stopped; i++)
		stopped = near[i] && f->stands[i];
	for (size_t k = 0; k < visits->n && !engaged; k++) {
		int ticks = visits->v[k].to - visits->v[k].from;

		engaged = overlaps(e, visits->v[k].from) &&
			  ticks * (CROWD_TICK_US / 1e6) >= need_s;
	}
	book(m, end_us, zone, "exposed");
	if (stopped)
		book(m, end_us, zone, "stopped");
	if (stopped && engaged)
		book(m, end_us, zone, "engaged");
}

static void find_zone(struct truth_measures *m, struct findings *f, int zone)
{
	const struct true_place *p = &m->place[zone];
	const int n = (int)f->t->point.n;
	bool *near = xcalloc((size_t)n, sizeof(*near)), *in;
	struct spans visits = { 0 }, exposures = { 0 };

	in = f->in[zone] = xcalloc((size_t)n, sizeof(*in));
	for (int i = 0; i < n; i++) {
		struct pt_m at = f->t->point.v[i].at;
		double box = TRAIL_NEAR_M + 0.01;

		if (at.x < p->lo.x - box || at.x > p->hi.x + box || at.y < p->lo.y - box ||
		    at.y > p->hi.y + box)
			continue;
		in[i] = true_place_has(p, at);
		near[i] = in[i] || true_place_distance(p, at) <= TRAIL_NEAR_M;
	}
	trail_spans(f->t, in, TRUTH_GAP_US, &visits);
	trail_spans(f->t, near, TRUTH_GAP_US, &exposures);
	for (size_t i = 0; i < visits.n; i++)
		*VEC_PUSH(&f->visit) = (struct trail_visit){ zone, visits.v[i] };
	for (size_t i = 0; i < exposures.n; i++)
		find_exposure(m, f, zone, &exposures.v[i], near, &visits);
	VEC_FREE(&visits);
	VEC_FREE(&exposures);
	free(near);
}

void truth_find_zones(struct truth_measures *m, struct findings *f)
{
	for (int i = 0; i < m->n_places; i++)
		if (m->place[i].place->kind == PLACE_ZONE)
			find_zone(m, f, i);
}

/* ---- fixtures ---- */

static struct pt_m corner(const struct place *p, int i)
{
	return (struct pt_m){ p->xy[i][0], p->xy[i][1] };
}

/* The nearest point of the segment a b. */
static struct pt_m nearest(struct pt_m a, struct pt_m b, struct pt_m p)
{
	double dx = b.x - a.x, dy = b.y - a.y;
	double share = ((p.x - a.x) * dx + (p.y - a.y) * dy) / (dx * dx + dy * dy);

	return plane_between(a, b, fmin(fmax(share, 0), 1));
}

struct fixture_view {
	double distance_m, cos; /* of the angle between where he faces and it */
	bool left;
};

static struct fixture_view view(const struct place *p, const struct trail_point *from)
{
	struct fixture_view v = { .distance_m = HUGE_VAL };
	double fx = real_cos(from->facing), fy = real_sin(from->facing);

	for (int i = 1; i < p->n; i++) {
		struct pt_m a = corner(p, i - 1), b = corner(p, i);
		struct pt_m q = nearest(a, b, from->at);
		double dx = q.x - from->at.x, dy = q.y - from->at.y, d = real_hypot(dx, dy);

		if (d >= v.distance_m)
			continue;
		v.distance_m = d;
		v.cos = d > 0 ? (dx * fx + dy * fy) / d : 1;
		v.left = plane_left(a, b, from->at) > 0;
	}
	return v;
}

static void find_stop(struct truth_measures *m, const struct findings *f,
		      const struct trail_stop *s)
{
	const struct trail_point *middle = &f->t->point.v[(s->when.from + s->when.to) / 2];
	const struct trail_point spot = { s->at, middle->facing };
	int64_t end_us = trail_time(f->t, s->when.to);
	int64_t ms = (int64_t)(s->when.to - s->when.from) * CROWD_TICK_US / 1000;
	double least = TRAIL_NEAR_M;
	int faced = -1;
	bool left = false;

	for (int i = 0; i < m->n_places; i++) {
		const struct place *p = m->place[i].place;
		struct fixture_view v;

		if (p->kind != PLACE_FIXTURE)
			continue;
		v = view(p, &spot);
		if (v.distance_m > TRAIL_NEAR_M)
			continue;
		truth_book(m, end_us, i, "stops", v.left ? "left" : "right", -1, BY_RULE);
		if (v.distance_m > least || v.cos < FACING_COS)
			continue;
		least = v.distance_m;
		faced = i;
		left = v.left;
	}
	if (faced < 0)
		return;
	truth_book(m, end_us, faced, "stopped_facing", left ? "left" : "right", -1, BY_INTENT);
	truth_book(m, end_us, faced, left ? "stopped_facing_left" : "stopped_facing_right",
		   NULL, ms, BY_INTENT);
}

void truth_find_stops(struct truth_measures *m, const struct findings *f)
{
	for (size_t i = 0; i < f->stops.n; i++)
		find_stop(m, f, &f->stops.v[i]);
}

/* ---- ways ---- */

static const struct place *line_of(const struct truth_measures *m, const struct trail_cross *c)
{
	return m->place[c->place].place;
}

/* The last crossing of a line of a role that was no part of a U-turn, or NULL. */
static const struct trail_cross *last_over(const struct truth_measures *m,
					   const struct trail *t, enum line_role role,
					   bool only_in)
{
	const struct trail_cross *last = NULL;

	for (size_t i = 0; i < t->cross.n; i++) {
		const struct trail_cross *c = &t->cross.v[i];

		if (line_of(m, c)->role == (int)role && c->uturn == UTURN_NONE &&
		    (!only_in || c->dir > 0) && (!last || c->tick > last->tick))
			last = c;
	}
	return last;
}

static void find_passage(struct truth_measures *m, const struct trail *t)
{
	const struct trail_cross *in = last_over(m, t, LINE_ENTRY, true);
	const struct trail_cross *past = last_over(m, t, LINE_OUTSIDE, false);

	if (in)
		book(m, trail_time(t, in->tick), in->place, "entered");
	else if (past && !last_over(m, t, LINE_ENTRY, false))
		truth_book(m, trail_time(t, past->tick), past->place, "passed_by",
			   past->dir > 0 ? "in" : "out", -1, BY_RULE);
}

/* "left", "straight", "right", or NULL when he did not get far enough before tick end. */
static const char *turn(const struct truth_measures *m, const struct trail *t,
			const struct trail_cross *c, int end)
{
	const struct place *p = line_of(m, c);
	struct pt_m a = corner(p, 0), b = corner(p, p->n - 1), at = t->point.v[c->clear].at;
	double ix = b.y - a.y, iy = a.x - b.x; /* to the right */

	for (int i = c->clear; i < end; i++) {
		double x = t->point.v[i].at.x - at.x, y = t->point.v[i].at.y - at.y;
		double ahead = x * ix + y * iy, beside = ix * y - iy * x;

		if (sqrt(x * x + y * y) < TRUTH_TURN_M)
			continue;
		if (ahead > 0 && fabs(beside) <= STRAIGHT_TAN * ahead)
			return "straight";
		return beside > 0 ? "left" : "right";
	}
	return NULL;
}

/* Until when what he does is what he came in for: the next time over an entry line. */
static int until(const struct truth_measures *m, const struct trail *t, size_t i)
{
	for (size_t k = i + 1; k < t->cross.n; k++)
		if (line_of(m, &t->cross.v[k])->role == LINE_ENTRY &&
		    (t->cross.v[k].dir < 0 || t->cross.v[k].uturn != UTURN_SECOND))
			return t->cross.v[k].clear;
	return (int)t->point.n;
}

static void find_entry(struct truth_measures *m, const struct findings *f, size_t i)
{
	const struct trail_cross *c = &f->t->cross.v[i];
	int end = until(m, f->t, i);
	const char *way = turn(m, f->t, c, end);

	if (way)
		truth_book(m, trail_time(f->t, c->clear), c->place, "turns", way, -1, BY_RULE);
	for (size_t k = 0; k < f->visit.n; k++) {
		const struct trail_visit *v = &f->visit.v[k];
		int known = v->when.from > c->clear ? v->when.from : c->clear;

		if (v->when.from < c->tick || v->when.from >= end)
			continue;
		truth_book(m, trail_time(f->t, known), v->zone, "first_from",
			   line_of(m, c)->name, -1, BY_RULE);
		return;
	}
}

void truth_find_ways(struct truth_measures *m, const struct findings *f)
{
	const struct trail *t = f->t;
	const struct trail_visit *v = f->visit.v;

	find_passage(m, t);
	for (size_t i = 0; i < t->cross.n; i++) {
		const struct trail_cross *c = &t->cross.v[i];

		if (line_of(m, c)->role == LINE_ENTRY && c->dir > 0 && c->uturn != UTURN_SECOND)
			find_entry(m, f, i);
	}
	for (size_t i = 1; i < f->visit.n; i++)
		if (v[i].zone != v[i - 1].zone)
			truth_book(m, trail_time(t, v[i].when.from), v[i - 1].zone, "next_zone",
				   m->place[v[i].zone].place->name, -1, BY_RULE);
	if (f->visit.n)
		truth_book(m, trail_time(t, trail_last(t)), v[0].zone, "last_zone",
			   m->place[v[f->visit.n - 1].zone].place->name, -1, BY_RULE);
}

/* ---- staff ---- */

/* The first tick at which a rule says that he is staff, and which; n ticks: none does. */
static int staff_since(const struct truth_measures *m, const struct findings *f,
		       const char **rule)
{
	const int n = (int)f->t->point.n, long_ticks = TRUTH_COUNTER_US / CROWD_TICK_US;
	int first = n;

	if (TRUTH_STAFF_US / CROWD_TICK_US < n) {
		first = (int)(TRUTH_STAFF_US / CROWD_TICK_US);
		*rule = "hours";
	}
	for (size_t i = 0; i < f->visit.n; i++) {
		const struct trail_visit *v = &f->visit.v[i];
		int at = v->when.from + long_ticks;

		if (m->place[v->zone].place->role != ZONE_COUNTER)
			continue;
		while (at <= v->when.to && !f->in[v->zone][at])
			at++;
		if (at <= v->when.to && at <= first) {
			first = at;
			*rule = "counter";
		}
	}
	for (size_t i = 0; i < f->t->cross.n; i++) {
		const struct trail_cross *c = &f->t->cross.v[i];

		if (line_of(m, c)->role == LINE_STAFF && c->clear <= first) {
			first = c->tick;
			*rule = "door";
		}
	}
	return first;
}

void truth_find_staff(struct truth_measures *m, const struct findings *f)
{
	const struct trail *t = f->t;
	const char *rule = NULL;
	int since = staff_since(m, f, &rule);

	if (t->who.kind == PERSON_STAFF)
		truth_book(m, t->from_us, -1, "staff", NULL, -1, BY_INTENT);
	if (!rule)
		return;
	truth_book(m, trail_time(t, since), -1, "staff", rule, -1, BY_RULE);
	for (size_t i = 0; i < t->cross.n; i++)
		book(m, trail_time(t, t->cross.v[i].tick), t->cross.v[i].place,
		     t->cross.v[i].dir > 0 ? "staff_in" : "staff_out");
	for (size_t i = 0; i < f->visit.n; i++) {
		const struct trail_span *w = &f->visit.v[i].when;

		truth_book(m, trail_time(t, w->to), f->visit.v[i].zone, "staff_visits", NULL,
			   (int64_t)(w->to - w->from) * CROWD_TICK_US / 1000, BY_RULE);
	}
}
