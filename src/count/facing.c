/* SPDX-License-Identifier: Apache-2.0 */
/* facing.c -- which fixture somebody who has stopped is facing, without looking at him. */
#include "count/facing.h"

#include <math.h>

/* How much nearer a fixture straight ahead seems than one beside, and one beside than one
 * straight behind. */
#define AHEAD_M 0.4

struct facing_view facing_look(const struct pt_floor *v, int n, struct pt_floor p, double metre,
			       bool y_down)
{
	struct facing_view best = { .distance_m = INFINITY };
	double least = INFINITY, most_turned = -1;

	for (int i = 1; i < n; i++) {
		double dx = v[i].x - v[i - 1].x, dy = v[i].y - v[i - 1].y;
		double px = p.x - v[i - 1].x, py = p.y - v[i - 1].y;
		double length2 = dx * dx + dy * dy;
		double t = length2 > 0 ? (px * dx + py * dy) / length2 : 0;
		double turn = dx * py - dy * px, x, y, d2, turned;

		t = fmin(fmax(t, 0), 1);
		x = v[i - 1].x + t * dx - p.x;
		y = v[i - 1].y + t * dy - p.y;
		d2 = x * x + y * y;
		/* At a corner two segments are equally near: the one that he is more beside of
		 * tells the side. */
		turned = length2 > 0 ? fabs(turn) / sqrt(length2) : 0;
		if (d2 > least || (d2 == least && turned <= most_turned))
			continue;
		least = d2;
		most_turned = turned;
		best.towards = (struct pt_floor){ x, y };
		best.left = (turn > 0) != y_down;
	}
	best.distance_m = sqrt(least) / metre;
	return best;
}

double facing_cost(const struct facing_view *f, struct pt_floor came)
{
	double a = sqrt(came.x * came.x + came.y * came.y);
	double b = sqrt(f->towards.x * f->towards.x + f->towards.y * f->towards.y);

	if (!(a > 0 && b > 0))
		return f->distance_m;
	return f->distance_m -
	       AHEAD_M * (came.x * f->towards.x + came.y * f->towards.y) / (a * b);
}
