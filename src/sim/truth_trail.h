/* SPDX-License-Identifier: Apache-2.0 */
/* truth_trail.h -- somebody's whole way, tick by tick, and what it was made of.
 *
 * Kept until he is gone and only then looked at, from its beginning to its end: so that what is
 * found owes nothing to how count/ finds the same while it happens.
 */
#ifndef SIM_TRUTH_TRAIL_H
#define SIM_TRUTH_TRAIL_H

#include "base/vec.h"
#include "sim/crowd.h"
#include "sim/truth_path.h"

#define TRAIL_NEAR_M 1.5
#define TRAIL_STOP_US 2000000
#define TRAIL_STOP_M 0.6 /* 0.3 m/s for so long */

struct trail_point {
	struct pt_m at;
	double facing;
};

/* Back over the line within 2 s: the two crossings of a U-turn. */
enum trail_uturn { UTURN_NONE, UTURN_FIRST, UTURN_SECOND };

/* A crossing of a line, at the tick that ended the step over it, and the tick at which he was
 * clear of it. */
struct trail_cross {
	int place, dir;
	int tick, clear;
	enum trail_uturn uturn;
};

/* Ticks are counted from his first one. An end is the first tick after. */
struct trail_span {
	int from, to;
};
struct trail_stop {
	struct trail_span when;
	struct pt_m at; /* where he was when he had stood there for TRAIL_STOP_US */
};

struct spans {
	struct trail_span *v;
	size_t n, cap;
};
struct stops {
	struct trail_stop *v;
	size_t n, cap;
};

struct trail {
	struct persona who;
	int64_t from_us;
	VEC(struct trail_point) point;
	VEC(struct trail_cross) cross;
};

void trail_clear(struct trail *t);
int64_t trail_time(const struct trail *t, int tick);
/* The trail's last tick; -1: none. */
int trail_last(const struct trail *t);

/* When he stands: stands[i] is whether he has stood at tick i, within TRAIL_STOP_M of one place
 * since TRAIL_STOP_US before; since[i]: from which tick on, where he stands. Both have a member
 * for each point. Stops are appended. */
void trail_stops(const struct trail *t, bool *stands, int *since, struct stops *stops);

/* From where to where in[] holds, gaps of less than gap_us left out: a span's end is the first
 * tick without, or the last tick of all. Appended. */
void trail_spans(const struct trail *t, const bool *in, int64_t gap_us, struct spans *spans);

#endif
