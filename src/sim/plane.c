/* SPDX-License-Identifier: Apache-2.0 */
/* plane.c -- lines and boxes on the floor. */
#include "sim/plane.h"

#include <math.h>

static int side(struct pt_m a, struct pt_m b, struct pt_m c)
{
	double x = plane_left(a, b, c);

	return (x > 0) - (x < 0);
}

/* p, on the line through a and b, is between them. */
static bool between(struct pt_m a, struct pt_m b, struct pt_m p)
{
	return fmin(a.x, b.x) <= p.x && p.x <= fmax(a.x, b.x) && fmin(a.y, b.y) <= p.y &&
	       p.y <= fmax(a.y, b.y);
}

bool plane_meet(struct pt_m a, struct pt_m b, struct pt_m c, struct pt_m d)
{
	int abc = side(a, b, c), abd = side(a, b, d), cda = side(c, d, a), cdb = side(c, d, b);

	if (abc * abd < 0 && cda * cdb < 0)
		return true;
	return (abc == 0 && between(a, b, c)) || (abd == 0 && between(a, b, d)) ||
	       (cda == 0 && between(c, d, a)) || (cdb == 0 && between(c, d, b));
}

struct pt_m plane_between(struct pt_m a, struct pt_m b, double share)
{
	return (struct pt_m){ a.x + share * (b.x - a.x), a.y + share * (b.y - a.y) };
}

double plane_distance(struct pt_m a, struct pt_m b, struct pt_m p)
{
	double dx = b.x - a.x, dy = b.y - a.y, len2 = dx * dx + dy * dy, t = 0;
	struct pt_m q;

	if (len2 > 0)
		t = fmin(fmax(((p.x - a.x) * dx + (p.y - a.y) * dy) / len2, 0), 1);
	q = plane_between(a, b, t);
	dx = p.x - q.x;
	dy = p.y - q.y;
	return sqrt(dx * dx + dy * dy);
}

bool plane_in_box(const struct pt_m corner[4], struct pt_m p)
{
	for (int i = 0; i < 4; i++)
		if (plane_left(corner[i], corner[(i + 1) % 4], p) < 0)
			return false;
	return true;
}

bool plane_hits_box(const struct pt_m corner[4], struct pt_m a, struct pt_m b)
{
	if (plane_in_box(corner, a) || plane_in_box(corner, b))
		return true;
	for (int i = 0; i < 4; i++)
		if (plane_meet(corner[i], corner[(i + 1) % 4], a, b))
			return true;
	return false;
}
