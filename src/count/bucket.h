/* SPDX-License-Identifier: Apache-2.0 */
/* bucket.h -- the minutes that are not finished: what was observed, who crossed, who was where,
 * and all that is counted of places otherwise.
 *
 * All sums are whole microseconds; they become seconds when a minute is handed out.
 */
#ifndef COUNT_BUCKET_H
#define COUNT_BUCKET_H

#include "base/vec.h"
#include "floor/plan.h"
#include "types.h"

struct span {
	int64_t from_us, to_us;
};

/* Somebody came into a zone or left it, or into the line of those who wait in a queue. */
struct change {
	int64_t t_us;
	int place;
	int delta; /* 1 or -1 */
	int64_t person;
	int64_t dwell_us; /* of the visit of a zone that ends */
};

/* All zero to start with. */
struct bucket {
	VEC(struct span) span;          /* observed; each within one minute; in order */
	VEC(struct minute_line) line;   /* ordered by minute, then place */
	VEC(struct minute_value) value; /* ordered by minute, then place, measure, key */
	VEC(struct change) change;
	int *level;  /* by place: people in it when the oldest minute here began */
	bool *queue; /* by place: it is one */
	int n_places;
	VEC(int64_t) at_level_us; /* while a minute is added up: time at 0, 1, ... people */

	/* What bucket_take finished. */
	VEC(struct minute_cover) cover_out;
	VEC(struct minute_line) line_out;
	VEC(struct minute_zone) zone_out;
	VEC(struct minute_value) value_out;
};

/* The places of plan; bucket_clear() frees. */
void bucket_init(struct bucket *b, const struct plan *plan);
void bucket_clear(struct bucket *b);

/* The start of t's minute. */
int64_t bucket_minute(int64_t t_us);

/* [from_us, to_us), within one minute and after all others, was observed. */
void bucket_observe(struct bucket *b, int64_t from_us, int64_t to_us);
/* The row of a line in the minute of t_us, also of one that was handed out: then it becomes a
 * late part. Valid until the next call. */
struct minute_line *bucket_line(struct bucket *b, int place, int64_t t_us);
/* Adds n > 0 to a value of the minute of t_us, also of one that was handed out. */
void bucket_value(struct bucket *b, int place, enum measure measure, int key, int64_t t_us,
		  int64_t n);
/* Of a minute that was not handed out. */
void bucket_change(struct bucket *b, const struct change *c);

/* Finishes the minutes that start before before_us, into the _out arrays. */
void bucket_take(struct bucket *b, int camera, int64_t before_us);

#endif
