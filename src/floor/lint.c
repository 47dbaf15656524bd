/* SPDX-License-Identifier: Apache-2.0 */
/* lint.c -- what a careful installer would be told about a place that is allowed, but will not
 * count what was meant.
 */
#include "floor/plan.h"
#include "floor/polygon.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Parts of the picture, and metres. */
#define EDGE 0.03      /* a foot point stops moving when the body leaves the picture */
#define TOP 0.08       /* whoever stands here is out of the picture but for the feet */
#define SHORT_IMG 0.05 /* line */
#define SHORT_M 0.5
#define SMALL_IMG 0.002 /* zone, area */
#define SMALL_M2 0.25
#define NEAR_IMG 0.03 /* two lines that are one */
#define NEAR_M 0.3
#define APART_IMG 0.1 /* head and tail of a queue */
#define APART_M 1.0
#define SAMPLES 32
#define ALIKE 0.9 /* share of floor that makes two zones one */

struct lint {
	const struct plan *plan;
	int skip;
	char *buf;
	int size;
	bool said;
};

static void say(struct lint *l, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static void say(struct lint *l, const char *fmt, ...)
{
	va_list ap;

	if (l->skip-- != 0)
		return;
	va_start(ap, fmt);
	vsnprintf(l->buf, (size_t)l->size, fmt, ap);
	va_end(ap);
	l->said = true;
}

static int points(const struct place *p, struct pt_floor *v)
{
	for (int i = 0; i < p->n; i++)
		v[i] = (struct pt_floor){ p->xy[i][0], p->xy[i][1] };
	return p->n;
}

/* The edge of the picture that all n points are at, or NULL. */
static const char *edge(const double (*xy)[2], int n)
{
	bool left = true, right = true, bottom = true, top = true;

	for (int i = 0; i < n; i++) {
		left &= xy[i][0] < EDGE;
		right &= xy[i][0] > 1 - EDGE;
		bottom &= xy[i][1] > 1 - EDGE;
		top &= xy[i][1] < TOP;
	}
	return left ? "left" : right ? "right" : bottom ? "bottom" : top ? "top" : NULL;
}

static void line_at_edge(struct lint *l, const struct place *p)
{
	for (int i = 1; p->coords == PLAN_IMAGE && i < p->n; i++) {
		const char *side = edge(&p->xy[i - 1], 2);

		if (side)
			say(l,
			    "line '%s': from point %d to %d it lies at the picture's %s edge, "
			    "where nobody can be seen on both sides of it; move it at least a "
			    "body's width into the picture",
			    p->name, i, i + 1, side);
	}
}

static void line_short(struct lint *l, const struct place *p)
{
	struct pt_floor v[PLAN_MAX_POINTS];
	double length = polyline_length(v, points(p, v));
	bool img = p->coords == PLAN_IMAGE;

	if (length < (img ? SHORT_IMG : SHORT_M))
		say(l,
		    "line '%s': is only %.2g %s long, people will walk round it; draw it over the "
		    "whole width of the passage",
		    p->name, length, img ? "of the picture" : "m");
}

static void line_labels(struct lint *l, const struct place *p)
{
	if (strcmp(p->in_label, p->out_label) == 0)
		say(l,
		    "line '%s': both directions are called '%s'; give 'in' and 'out' their own",
		    p->name, p->in_label);
}

static bool comparable(const struct place *a, const struct place *b)
{
	return a->kind == b->kind && a->coords == b->coords &&
	       (strcmp(a->camera, b->camera) == 0 || !a->camera[0] || !b->camera[0]);
}

/* Share of a's length, 0..1, that lies within dist of b. */
static double line_share(const struct place *a, const struct place *b, double dist)
{
	struct pt_floor v[PLAN_MAX_POINTS], w[PLAN_MAX_POINTS];
	int n = points(a, v), m = points(b, w);
	double near = 0;

	for (int i = 1; i < n; i++) {
		for (int k = 0; k < SAMPLES; k++) {
			double t = (k + 0.5) / SAMPLES;
			struct pt_floor q = { v[i - 1].x + t * (v[i].x - v[i - 1].x),
					      v[i - 1].y + t * (v[i].y - v[i - 1].y) };

			if (polyline_distance(w, m, q) < dist)
				near += polyline_length(&v[i - 1], 2) / SAMPLES;
		}
	}
	return near / polyline_length(v, n);
}

/* Said of the later of the two. */
static void line_twice(struct lint *l, const struct place *p)
{
	for (const struct place *q = l->plan->place; q < p; q++) {
		double dist = p->coords == PLAN_IMAGE ? NEAR_IMG : NEAR_M;

		if (!comparable(p, q) || p->role != LINE_ENTRY || q->role != LINE_ENTRY)
			continue;
		if (line_share(p, q, dist) > 0.5 || line_share(q, p, dist) > 0.5)
			say(l,
			    "line '%s': runs along entry line '%s', and everybody would be "
			    "counted as entering twice; remove one or give it the role 'inner'",
			    p->name, q->name);
	}
}

static void zone_small(struct lint *l, const struct place *p)
{
	struct pt_floor v[PLAN_MAX_POINTS];
	double area = polygon_area(v, points(p, v));

	if (p->coords == PLAN_IMAGE && area < SMALL_IMG)
		say(l,
		    "zone '%s': is only %.2g %% of the picture, smaller than where a person "
		    "stands; draw it on the floor where people's feet are",
		    p->name, 100 * area);
	if (p->coords == PLAN_METRES && area < SMALL_M2)
		say(l,
		    "zone '%s': is only %.2g square metres, smaller than where a person stands; "
		    "draw it on the floor where people's feet are",
		    p->name, area);
}

/* A zone counts feet. */
static void zone_at_edge(struct lint *l, const struct place *p)
{
	const char *side = p->coords == PLAN_IMAGE ? edge(p->xy, p->n) : NULL;

	if (!side)
		return;
	say(l,
	    "zone '%s': lies at the picture's %s edge, where people are cut off; draw it on the "
	    "floor where their feet are seen",
	    p->name, side);
}

static void box(const struct place *p, double lo[2], double hi[2])
{
	for (int k = 0; k < 2; k++) {
		lo[k] = hi[k] = p->xy[0][k];
		for (int i = 1; i < p->n; i++) {
			lo[k] = fmin(lo[k], p->xy[i][k]);
			hi[k] = fmax(hi[k], p->xy[i][k]);
		}
	}
}

/* Share of a's floor, 0..1, that b has too. */
static double zone_share(const struct place *a, const struct place *b)
{
	struct pt_floor v[PLAN_MAX_POINTS], w[PLAN_MAX_POINTS];
	int n = points(a, v), m = points(b, w), in_a = 0, in_both = 0;
	double lo[2], hi[2];

	box(a, lo, hi);
	for (int i = 0; i < SAMPLES; i++) {
		for (int j = 0; j < SAMPLES; j++) {
			struct pt_floor q = { lo[0] + (i + 0.5) / SAMPLES * (hi[0] - lo[0]),
					      lo[1] + (j + 0.5) / SAMPLES * (hi[1] - lo[1]) };

			if (!polygon_inside(v, n, q))
				continue;
			in_a++;
			in_both += polygon_inside(w, m, q);
		}
	}
	return in_a > 0 ? (double)in_both / in_a : 0;
}

/* Said of the later of the two. A small zone inside a large one is nothing unusual. */
static void zone_twice(struct lint *l, const struct place *p)
{
	for (const struct place *q = l->plan->place; q < p; q++)
		if (comparable(p, q) && zone_share(p, q) > ALIKE && zone_share(q, p) > ALIKE)
			say(l,
			    "zone '%s': is nearly the same floor as zone '%s'; remove one, or "
			    "redraw it",
			    p->name, q->name);
}

static void no_camera(struct lint *l, const struct place *p)
{
	for (int i = 0; !p->camera[0] && i < l->plan->n; i++) {
		const struct place *q = &l->plan->place[i];

		if (q->camera[0]) {
			say(l,
			    "%s '%s': names no camera and so belongs to every one, while '%s' "
			    "is of camera '%s'; add its 'camera'",
			    plan_kind_name(p->kind), p->name, q->name, q->camera);
			return;
		}
	}
}

static const struct place *part(const struct lint *l, const struct place *p, int k)
{
	int i[2];

	plan_parts(l->plan, p, i);
	return &l->plan->place[i[k]];
}

/* The share of b's points (of its segments' middles, too) that lie to the right of a's nearest
 * segment: on its "in" side. */
static double in_share(const struct place *a, const struct place *b)
{
	struct pt_floor v[PLAN_MAX_POINTS], w[PLAN_MAX_POINTS];
	int n = points(a, v), m = points(b, w), right = 0, all = 0;

	for (int i = 0; i < 2 * m - 1; i++) {
		const struct pt_floor *p = &w[i / 2], *q = &w[(i + 1) / 2];
		struct pt_floor at = { (p->x + q->x) / 2, (p->y + q->y) / 2 };
		double least = INFINITY, turn = 0;

		for (int k = 1; k < n; k++) {
			double d = polyline_distance(&v[k - 1], 2, at);

			if (d >= least)
				continue;
			least = d;
			turn = (v[k].x - v[k - 1].x) * (at.y - v[k - 1].y) -
			       (v[k].y - v[k - 1].y) * (at.x - v[k - 1].x);
		}
		right += a->coords == PLAN_METRES ? turn < 0 : turn > 0;
		all++;
	}
	return (double)right / all;
}

static void gate_order(struct lint *l, const struct place *p)
{
	const struct place *first = part(l, p, 0), *second = part(l, p, 1);

	if (first->coords != second->coords)
		return;
	if (in_share(first, second) < 0.5)
		say(l,
		    "gate '%s': line '%s' lies on the out side of line '%s', so nobody goes in "
		    "over both; swap 'first' and 'second', or turn the lines round",
		    p->name, second->name, first->name);
	else if (in_share(second, first) > 0.5)
		say(l,
		    "gate '%s': line '%s' lies on the in side of line '%s', so nobody goes in "
		    "over both; turn one of the lines round",
		    p->name, first->name, second->name);
}

/* Lines must be farther apart than the hysteresis, or their crossings settle out of order. */
static void gate_narrow(struct lint *l, const struct place *p)
{
	const struct place *first = part(l, p, 0), *second = part(l, p, 1);
	double dist = first->coords == PLAN_IMAGE ? NEAR_IMG : NEAR_M;

	if (first->coords == second->coords &&
	    (line_share(first, second, dist) > 0 || line_share(second, first, dist) > 0))
		say(l,
		    "gate '%s': lines '%s' and '%s' are nearer to each other than a step; move "
		    "them apart so that people can be seen between them",
		    p->name, first->name, second->name);
}

static void queue_apart(struct lint *l, const struct place *p)
{
	const struct place *head = part(l, p, 0), *tail = part(l, p, 1);
	struct pt_floor v[PLAN_MAX_POINTS], w[PLAN_MAX_POINTS];
	int n = points(head, v), m = points(tail, w);
	bool img = head->coords == PLAN_IMAGE;
	double least = INFINITY;

	if (head->coords != tail->coords)
		return;
	for (int i = 0; i < n; i++)
		least = fmin(least, polygon_distance(w, m, v[i]));
	for (int i = 0; i < m; i++)
		least = fmin(least, polygon_distance(v, n, w[i]));
	if (least > (img ? APART_IMG : APART_M))
		say(l,
		    "queue '%s': zones '%s' and '%s' are %.2g %s apart, and whoever goes from one "
		    "to the other is seen to leave; let the tail begin where the head ends",
		    p->name, head->name, tail->name, least, img ? "of the picture" : "m");
}

static void fixture_short(struct lint *l, const struct place *p)
{
	struct pt_floor v[PLAN_MAX_POINTS];
	double length = polyline_length(v, points(p, v));
	bool img = p->coords == PLAN_IMAGE;

	if (length < (img ? SHORT_IMG / 2 : SHORT_M / 2))
		say(l,
		    "fixture '%s': is only %.2g %s long; draw it along the whole front that people "
		    "stand at",
		    p->name, length, img ? "of the picture" : "m");
}

/* Whoever comes in is told from a passer-by on the camera that sees both lines. */
static void outside_alone(struct lint *l, const struct place *p)
{
	const struct place *other = NULL;

	for (int i = 0; i < l->plan->n && p->role == LINE_OUTSIDE; i++) {
		const struct place *q = &l->plan->place[i];

		if (q->kind != PLACE_LINE || q->role != LINE_ENTRY)
			continue;
		if (!strcmp(p->camera, q->camera) || !p->camera[0] || !q->camera[0])
			return;
		other = q;
	}
	if (other)
		say(l,
		    "line '%s': is outside, and its camera has no entry line, which '%s' of "
		    "camera '%s' is: whoever crosses both passes by and comes in; draw them on "
		    "one camera",
		    p->name, other->name, other->camera);
}

#define CHECKS_MAX 8

const char *plan_lint(const struct plan *p, int i, int n, char *buf, int size)
{
	static void (*const checks[][CHECKS_MAX])(struct lint *, const struct place *) = {
		[PLACE_LINE] = { line_at_edge, line_short, line_labels, line_twice,
				 outside_alone, no_camera },
		[PLACE_ZONE] = { zone_at_edge, zone_small, zone_twice, no_camera },
		[PLACE_GATE] = { gate_order, gate_narrow },
		[PLACE_QUEUE] = { queue_apart },
		[PLACE_FIXTURE] = { fixture_short, no_camera },
	};
	struct lint l = { .plan = p, .skip = n, .buf = buf, .size = size };
	const struct place *place = &p->place[i];

	for (int k = 0; k < CHECKS_MAX && checks[place->kind][k]; k++)
		checks[place->kind][k](&l, place);
	return l.said ? buf : NULL;
}
