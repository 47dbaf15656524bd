/* SPDX-License-Identifier: Apache-2.0 */
/* truth_trail.c -- somebody's whole way, tick by tick. */
#include "sim/truth_trail.h"

#include <math.h>
#include <stdlib.h>

void trail_clear(struct trail *t)
{
	VEC_FREE(&t->point);
	VEC_FREE(&t->cross);
}

int64_t trail_time(const struct trail *t, int tick)
{
	return t->from_us + (int64_t)tick * CROWD_TICK_US;
}

int trail_last(const struct trail *t)
{
	return (int)t->point.n - 1;
}

static double apart(const struct trail *t, int a, int b)
{
	double dx = t->point.v[a].at.x - t->point.v[b].at.x;
	double dy = t->point.v[a].at.y - t->point.v[b].at.y;

	return sqrt(dx * dx + dy * dy);
}

void trail_stops(const struct trail *t, bool *stands, int *since, struct stops *stops)
{
	const int enough = TRAIL_STOP_US / CROWD_TICK_US, n = (int)t->point.n;
	int from = 0, to;
	bool before = false; /* he stood right before this place, too */

	for (; from < n; from = to) {
		for (to = from + 1; to < n && apart(t, from, to) <= TRAIL_STOP_M;)
			to++;
		for (int i = from; i < to; i++) {
			stands[i] = i - from >= enough;
			since[i] = before ? stops->v[stops->n - 1].when.from : from;
		}
		if (to - from <= enough) {
			before = false;
			continue;
		}
		if (!before)
			*VEC_PUSH(stops) =
				(struct trail_stop){ .when = { from, to },
						     .at = t->point.v[from + enough].at };
		stops->v[stops->n - 1].when.to = to < n ? to : n - 1;
		before = true;
	}
}

void trail_spans(const struct trail *t, const bool *in, int64_t gap_us, struct spans *spans)
{
	const int n = (int)t->point.n, gap = (int)(gap_us / CROWD_TICK_US);
	int last = -1; /* tick inside */

	for (int i = 0; i < n; i++) {
		if (!in[i])
			continue;
		if (last < 0 || i - (last + 1) >= gap)
			*VEC_PUSH(spans) = (struct trail_span){ .from = i };
		last = i;
		spans->v[spans->n - 1].to = i + 1 < n ? i + 1 : i;
	}
}
