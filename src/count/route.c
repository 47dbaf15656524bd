/* SPDX-License-Identifier: Apache-2.0 */
/* route.c -- one person's way through the store. */
#include "count/route.h"

#include <math.h>

void route_zone(struct route *r, int zone, int64_t t_us, int *from, int *entry)
{
	*from = r->last != zone ? r->last : 0;
	*entry = r->entry;
	if (!r->first)
		r->first = zone;
	r->last = zone;
	r->last_us = t_us;
	r->entry = 0;
}

int route_enter(struct route *r, int line, int64_t cross_us, int64_t t_us, struct pt_floor at,
		struct pt_floor inwards)
{
	bool there = r->last && r->last_us >= cross_us;

	r->entry = there ? 0 : line;
	r->turn_line = line;
	r->turn_us = t_us;
	r->turn_from = at;
	r->inwards = inwards;
	return there ? r->last : 0;
}

void route_leave(struct route *r)
{
	r->entry = 0;
	r->turn_line = 0;
}

int route_turn(struct route *r, struct pt_floor at, double metre, bool y_down, int *line,
	       int64_t *t_us)
{
	double x = at.x - r->turn_from.x, y = at.y - r->turn_from.y, ahead, left;

	if (!r->turn_line || sqrt(x * x + y * y) < ROUTE_TURN_M * metre)
		return 0;
	*line = r->turn_line;
	*t_us = r->turn_us;
	r->turn_line = 0;
	ahead = r->inwards.x * x + r->inwards.y * y;
	left = r->inwards.x * y - r->inwards.y * x;
	if (y_down)
		left = -left;
	if (ahead > 0 && fabs(left) <= ROUTE_TAN * ahead)
		return TURN_STRAIGHT;
	return left > 0 ? TURN_LEFT : TURN_RIGHT;
}
