/* SPDX-License-Identifier: Apache-2.0 */
/* shape.c -- a place's points on the floor, with a box around them. */
#include "count/shape.h"

#include "base/vec.h"
#include "floor/polygon.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The box is that much larger than its corners, so that polygon.h's grid is all inside. */
#define BOX_MARGIN 0x1p-16

struct shape shape_copy(int place, int role, int n, const struct pt_floor *v)
{
	struct shape s = { .place = place, .role = role, .n = n };

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

void shape_clear(struct shape *s)
{
	free(s->v);
	s->v = NULL;
}

bool shape_inside(const struct shape *s, struct pt_floor p)
{
	return !shape_passed(s, p, p, 0) && polygon_inside(s->v, s->n, p);
}

bool shape_near(const struct shape *s, struct pt_floor p, double h)
{
	return !shape_passed(s, p, p, h) && polygon_distance(s->v, s->n, p) <= h;
}
