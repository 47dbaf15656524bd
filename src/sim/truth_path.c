/* SPDX-License-Identifier: Apache-2.0 */
/* truth_path.c -- a person's true path over lines and through zones. */
#include "sim/truth_path.h"

#include "sim/plane.h"

#include <math.h>
#include <stdlib.h>

#define BOX_M (TRUTH_CLEAR_M + 0.01)

/* All paths lie a nanometre off, so that none touches a line or corner drawn in round numbers:
 * it goes over or it does not, and the next step agrees. */
static struct pt_m nudged(struct pt_m p)
{
	return (struct pt_m){ p.x + 1.3e-9, p.y + 0.7e-9 };
}

static struct step nudged_step(const struct step *s)
{
	return (struct step){ nudged(s->from), nudged(s->to), s->from_us, s->to_us };
}

/* Where the step goes through the line through p and q, and between them: as a share of the
 * step. */
static bool goes_over(struct pt_m p, struct pt_m q, const struct step *s, double *share)
{
	double a = plane_left(p, q, s->from), b = plane_left(p, q, s->to);

	if ((a > 0) == (b > 0) ||
	    (plane_left(s->from, s->to, p) > 0) == (plane_left(s->from, s->to, q) > 0))
		return false;
	*share = a / (a - b);
	return true;
}

static int64_t time_at(const struct step *s, double share)
{
	return s->from_us + llrint(share * (double)(s->to_us - s->from_us));
}

/* The same of a step over a line: later than its beginning, so that the moment says which step
 * it was. */
static int64_t over_at(const struct step *s, double share)
{
	int64_t t_us = time_at(s, share);

	return t_us > s->from_us ? t_us : s->from_us + 1;
}

static struct pt_m corner(const struct place *p, int i)
{
	return (struct pt_m){ p->xy[i][0], p->xy[i][1] };
}

void true_place_init(struct true_place *p, const struct place *place)
{
	*p = (struct true_place){ place, corner(place, 0), corner(place, 0) };
	for (int i = 1; i < place->n; i++) {
		struct pt_m c = corner(place, i);

		p->lo = (struct pt_m){ fmin(p->lo.x, c.x), fmin(p->lo.y, c.y) };
		p->hi = (struct pt_m){ fmax(p->hi.x, c.x), fmax(p->hi.y, c.y) };
	}
	p->lo.x -= BOX_M;
	p->lo.y -= BOX_M;
	p->hi.x += BOX_M;
	p->hi.y += BOX_M;
}

/* All of the step is on one side of the box. */
static bool passes_by(const struct true_place *p, const struct step *s)
{
	return (s->from.x < p->lo.x && s->to.x < p->lo.x) ||
	       (s->from.x > p->hi.x && s->to.x > p->hi.x) ||
	       (s->from.y < p->lo.y && s->to.y < p->lo.y) ||
	       (s->from.y > p->hi.y && s->to.y > p->hi.y);
}

/* ---- Lines ---- */

static double line_distance(const struct place *line, struct pt_m at)
{
	double best = INFINITY;

	for (int i = 1; i < line->n; i++)
		best = fmin(best, plane_distance(corner(line, i - 1), corner(line, i), at));
	return best;
}

static int settle(struct line_truth *l, int64_t *t_us)
{
	int dir = (l->net > 0) - (l->net < 0);

	if (!l->was_clear && l->before + l->after < TRUTH_CLEAR_M)
		dir = 0;
	if (dir)
		*t_us = l->over_us[dir > 0];
	l->net = 0;
	l->before = l->after = 0;
	return dir;
}

/* Net crossings of the line by the step, and when it went over: not by a corner that it cuts.
 */
static void go_over(struct line_truth *l, const struct place *line, const struct step *s)
{
	int64_t over_us[2] = { 0 };
	double share;
	int net = 0;

	for (int i = 1; i < line->n; i++) {
		struct pt_m p = corner(line, i - 1), q = corner(line, i);
		bool in = plane_left(p, q, s->from) > 0;

		if (!goes_over(p, q, s, &share))
			continue;
		net += in ? 1 : -1;
		over_us[in] = over_at(s, share);
	}
	l->net += net;
	if (net)
		l->over_us[net > 0] = over_us[net > 0];
}

int line_truth_step(struct line_truth *l, const struct true_place *line,
		    const struct step *step, int64_t *t_us)
{
	const struct step moved = nudged_step(step), *s = &moved;
	double away = INFINITY;
	int dir;

	if (!passes_by(line, s)) {
		go_over(l, line->place, s);
		away = line_distance(line->place, s->to);
	}
	if (l->net)
		l->after = fmax(l->after, away);
	else
		l->before = fmax(l->before, away);
	if (away < TRUTH_CLEAR_M)
		return 0;
	dir = settle(l, t_us);
	l->was_clear = true;
	return dir;
}

int line_truth_end(struct line_truth *l, int64_t *t_us)
{
	return settle(l, t_us);
}

int segment_crossed(struct pt_m a, struct pt_m b, const struct step *step)
{
	const struct step moved = nudged_step(step), *s = &moved;
	double share;

	if (!goes_over(a, b, s, &share))
		return 0;
	return plane_left(a, b, s->from) > 0 ? 1 : -1;
}

/* ---- Zones ---- */

/* A ray to the east meets the edge an odd number of times. */
static bool zone_has(const struct place *zone, struct pt_m at)
{
	struct pt_m p, q = corner(zone, zone->n - 1);
	bool in = false;

	for (int i = 0; i < zone->n; i++) {
		p = q;
		q = corner(zone, i);
		if ((p.y > at.y) != (q.y > at.y) && (plane_left(p, q, at) > 0) == (q.y > p.y))
			in = !in;
	}
	return in;
}

bool true_place_has(const struct true_place *zone, struct pt_m at)
{
	const struct step here = { at, at, 0, 0 };

	return !passes_by(zone, &here) && zone_has(zone->place, nudged(at));
}

double true_place_distance(const struct true_place *place, struct pt_m at)
{
	const struct place *p = place->place;
	double d = line_distance(p, at);

	if (p->kind == PLACE_ZONE)
		d = fmin(d, plane_distance(corner(p, p->n - 1), corner(p, 0), at));
	return d;
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Inside from..to; returns whether that ended a visit before it, which is then in *stay. */
static bool was_inside(struct zone_truth *z, int64_t from_us, int64_t to_us, struct stay *stay)
{
	bool ended = z->on && from_us - z->to_us >= TRUTH_GAP_US;

	if (ended)
		*stay = (struct stay){ z->from_us, z->to_us };
	if (!z->on || ended)
		z->from_us = from_us;
	z->on = true;
	z->to_us = to_us;
	return ended;
}

/* Ends visits as was_inside() does, for all of a step. */
static int step_inside(struct zone_truth *z, const struct place *zone, const struct step *s,
		       struct stay *stay)
{
	double cut[PLAN_MAX_POINTS + 2];
	int n = 1, ended = 0;

	cut[0] = 0;
	for (int i = 0; i < zone->n; i++)
		n += goes_over(corner(zone, i ? i - 1 : zone->n - 1), corner(zone, i), s,
			       &cut[n]);
	cut[n++] = 1;
	if (n > 3)
		qsort(cut, (size_t)n, sizeof(*cut), by_size);
	/* Between two cuts all is inside or all is outside; two in one place are a corner. */
	for (int i = 1; i < n; i++)
		if (cut[i] > cut[i - 1] &&
		    zone_has(zone, plane_between(s->from, s->to, (cut[i - 1] + cut[i]) / 2)))
			ended += was_inside(z, time_at(s, cut[i - 1]), time_at(s, cut[i]),
					    &stay[ended]);
	z->inside = zone_has(zone, s->to);
	return ended;
}

int zone_truth_step(struct zone_truth *z, const struct true_place *zone,
		    const struct step *step, struct stay stay[ZONE_STAYS])
{
	const struct step moved = nudged_step(step), *s = &moved;
	int ended = 0;

	if (passes_by(zone, s))
		z->inside = false;
	else
		ended = step_inside(z, zone->place, s, stay);
	if (z->on && s->to_us - z->to_us >= TRUTH_GAP_US) {
		stay[ended++] = (struct stay){ z->from_us, z->to_us };
		z->on = false;
	}
	return ended;
}
