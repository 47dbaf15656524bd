/* SPDX-License-Identifier: Apache-2.0 */
/* shape.h -- a place's points on the floor, with a box around them: most people are far from
 * most places, and there nothing depends on how far.
 */
#ifndef COUNT_SHAPE_H
#define COUNT_SHAPE_H

#include "types.h"

#include <stdbool.h>

struct shape {
	int place; /* index in the plan */
	int role;
	int n;
	struct pt_floor *v;
	/* Of the box; without limits when it is too far out to say (polygon.h). */
	struct pt_floor low, high;
};

/* Copies v; shape_clear() frees. */
struct shape shape_copy(int place, int role, int n, const struct pt_floor *v);
void shape_clear(struct shape *s);

/* Whether a and b both lie on one side of the shape, b at least h away: then the step between
 * them does not cross it. */
static inline bool shape_passed(const struct shape *s, struct pt_floor a, struct pt_floor b,
				double h)
{
	return (a.x > s->high.x && b.x > s->high.x + h) ||
	       (a.x < s->low.x && b.x < s->low.x - h) ||
	       (a.y > s->high.y && b.y > s->high.y + h) ||
	       (a.y < s->low.y && b.y < s->low.y - h);
}

/* Where p is. near: within h of a closed shape or in it; only when `near` is asked for is the
 * distance worked out. */
bool shape_inside(const struct shape *s, struct pt_floor p);
bool shape_near(const struct shape *s, struct pt_floor p, double h);

#endif
