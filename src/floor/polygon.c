/* SPDX-License-Identifier: Apache-2.0 */
/* polygon.c -- inside, across, how far: exact where counting depends on it. */
#include "floor/polygon.h"

#include <math.h>

/* 2^20 steps a unit and 2^10 units make 30 bits; differences have 31, the difference of two of
 * their products stays below 2^63. */
#define GRID 1048576.0

struct cell {
	int64_t x, y;
};

static int64_t snap(double x)
{
	if (!(x > -POLYGON_LIMIT)) /* also what is no number */
		x = -POLYGON_LIMIT;
	if (x > POLYGON_LIMIT)
		x = POLYGON_LIMIT;
	return llrint(x * GRID);
}

static struct cell cell_of(struct pt_floor p)
{
	return (struct cell){ snap(p.x), snap(p.y) };
}

static bool same(struct cell a, struct cell b)
{
	return a.x == b.x && a.y == b.y;
}

static int sign(int64_t x)
{
	return (x > 0) - (x < 0);
}

/* > 0 when p lies counter-clockwise of the ray from o through to, with y up. */
static int turn(struct cell o, struct cell to, struct cell p)
{
	return sign((to.x - o.x) * (p.y - o.y) - (to.y - o.y) * (p.x - o.x));
}

/* turn(v0, v1, p) of the perturbed p. With d = v1 - v0 the perturbation adds
 * d.x e^2 - d.y e, which only matters when turn is 0. Never 0 unless v0 = v1. */
static int point_side(struct cell v0, struct cell v1, struct cell p)
{
	int s = turn(v0, v1, p);

	if (s != 0)
		return s;
	s = -sign(v1.y - v0.y);
	return s != 0 ? s : sign(v1.x - v0.x);
}

/* turn(a, b, v) of the perturbed a and b. Never 0 unless a = b. */
static int vertex_side(struct cell a, struct cell b, struct cell v)
{
	int s = turn(a, b, v);

	if (s != 0)
		return s;
	s = sign(b.y - a.y);
	return s != 0 ? s : -sign(b.x - a.x);
}

int polyline_cross(const struct pt_floor *v, int n, struct pt_floor a, struct pt_floor b,
		   bool y_down)
{
	struct cell from = cell_of(a), to = cell_of(b), v0, v1;
	int side0, side1, net = 0;

	if (n < 2 || same(from, to))
		return 0;
	v1 = cell_of(v[0]);
	side1 = vertex_side(from, to, v1);
	for (int i = 1; i < n; i++) {
		v0 = v1;
		side0 = side1;
		v1 = cell_of(v[i]);
		side1 = vertex_side(from, to, v1);
		if (side0 == side1)
			continue; /* also a segment without length */
		if (point_side(v0, v1, from) != point_side(v0, v1, to))
			net += point_side(v0, v1, from); /* left is > 0 when y is up */
	}
	return y_down ? -net : net;
}

static double segment_distance2(struct pt_floor a, struct pt_floor b, struct pt_floor p)
{
	double dx = b.x - a.x, dy = b.y - a.y;
	double len2 = dx * dx + dy * dy, t = 0;

	if (len2 > 0)
		t = ((p.x - a.x) * dx + (p.y - a.y) * dy) / len2;
	t = t > 0 ? t : 0;
	t = t < 1 ? t : 1;
	dx = p.x - (a.x + t * dx);
	dy = p.y - (a.y + t * dy);
	return dx * dx + dy * dy;
}

double polyline_distance(const struct pt_floor *v, int n, struct pt_floor p)
{
	double best = INFINITY;

	if (n == 1)
		return sqrt(segment_distance2(v[0], v[0], p));
	for (int i = 1; i < n; i++) {
		double d2 = segment_distance2(v[i - 1], v[i], p);

		best = d2 < best ? d2 : best;
	}
	return sqrt(best);
}

double polyline_length(const struct pt_floor *v, int n)
{
	double sum = 0;

	for (int i = 1; i < n; i++)
		sum += hypot(v[i].x - v[i - 1].x, v[i].y - v[i - 1].y);
	return sum;
}

/* A ray from the perturbed p to the east. It is above every corner that has p's y, so no corner
 * lies on it. */
bool polygon_inside(const struct pt_floor *v, int n, struct pt_floor p)
{
	struct cell q = cell_of(p), v0, v1;
	bool in = false;

	if (n < 3)
		return false;
	v1 = cell_of(v[n - 1]);
	for (int i = 0; i < n; i++) {
		v0 = v1;
		v1 = cell_of(v[i]);
		if ((v0.y > q.y) == (v1.y > q.y))
			continue;
		/* The edge is to the east when p is left of it going up, right going down. */
		if ((point_side(v0, v1, q) > 0) == (v1.y > v0.y))
			in = !in;
	}
	return in;
}

double polygon_distance(const struct pt_floor *v, int n, struct pt_floor p)
{
	double best = polyline_distance(v, n, p);

	if (n > 2)
		best = fmin(best, sqrt(segment_distance2(v[n - 1], v[0], p)));
	return best;
}

double polygon_area(const struct pt_floor *v, int n)
{
	double sum = 0;

	for (int i = 0, j = n - 1; i < n; j = i++)
		sum += (v[j].x - v[0].x) * (v[i].y - v[0].y) -
		       (v[i].x - v[0].x) * (v[j].y - v[0].y);
	return fabs(sum) / 2;
}

/* p, known to be on the line through a and b, is between them. */
static bool between(struct cell a, struct cell b, struct cell p)
{
	return (a.x <= p.x || b.x <= p.x) && (p.x <= a.x || p.x <= b.x) &&
	       (a.y <= p.y || b.y <= p.y) && (p.y <= a.y || p.y <= b.y);
}

static bool touch(struct cell a, struct cell b, struct cell c, struct cell d)
{
	int abc = turn(a, b, c), abd = turn(a, b, d);
	int cda = turn(c, d, a), cdb = turn(c, d, b);

	if (abc * abd < 0 && cda * cdb < 0)
		return true;
	return (abc == 0 && between(a, b, c)) || (abd == 0 && between(a, b, d)) ||
	       (cda == 0 && between(c, d, a)) || (cdb == 0 && between(c, d, b));
}

bool polygon_simple(const struct pt_floor *v, int n)
{
	if (n < 3)
		return false;
	for (int i = 0; i < n; i++) {
		struct cell a = cell_of(v[i]), b = cell_of(v[(i + 1) % n]);
		struct cell next = cell_of(v[(i + 2) % n]);

		if (same(a, b) || same(a, next))
			return false;
		/* The next edge begins where this one ends; it must not turn back on it. */
		if (turn(a, b, next) == 0 && (between(a, b, next) || between(b, next, a)))
			return false;
		for (int j = i + 2; j < n; j++) {
			if ((j + 1) % n == i)
				continue;
			if (touch(a, b, cell_of(v[j]), cell_of(v[(j + 1) % n])))
				return false;
		}
	}
	return true;
}
