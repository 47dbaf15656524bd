/* SPDX-License-Identifier: Apache-2.0 */
/* plane.h -- lines and boxes on the floor, in metres; everything closed: a touch is a hit. */
#ifndef SIM_PLANE_H
#define SIM_PLANE_H

#include "types.h"

/* Twice the area of the triangle a b c: > 0 when c lies to the left of the way from a to b. */
static inline double plane_left(struct pt_m a, struct pt_m b, struct pt_m c)
{
	return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
}
/* Whether the segments a b and c d have a point in common. */
bool plane_meet(struct pt_m a, struct pt_m b, struct pt_m c, struct pt_m d);
/* From p to the nearest point of the segment a b. */
double plane_distance(struct pt_m a, struct pt_m b, struct pt_m p);
/* A point on the way from a (0) to b (1). */
struct pt_m plane_between(struct pt_m a, struct pt_m b, double share);

/* A convex box, counter-clockwise. */
bool plane_in_box(const struct pt_m corner[4], struct pt_m p);
/* Whether any of the segment a b lies in it. */
bool plane_hits_box(const struct pt_m corner[4], struct pt_m a, struct pt_m b);

#endif
