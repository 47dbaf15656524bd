/* SPDX-License-Identifier: Apache-2.0 */
/* bucket.h -- the minutes that are not finished: what was observed, who crossed, who was where.
 *
 * All sums are whole microseconds; they become seconds when a minute is handed out.
 */
#ifndef COUNT_BUCKET_H
#define COUNT_BUCKET_H

#include "base/vec.h"
#include "types.h"

struct span {
	int64_t from_us, to_us;
};

/* Somebody came into a zone or left it. */
struct change {
	int64_t t_us;
	int place;
	int delta; /* 1 or -1 */
	int64_t person;
	int64_t dwell_us; /* of the visit that ends */
};

/* All zero to start with. */
struct bucket {
	VEC(struct span) span;        /* observed; each within one minute; in order */
	VEC(struct minute_line) line; /* ordered by minute, then place */
	VEC(struct change) change;
	int *level; /* by place: people in it when the oldest minute here began */
	int n_places;
	VEC(int64_t) at_level_us; /* while a minute is added up: time at 0, 1, ... people */

	/* What bucket_take finished. */
	VEC(struct minute_cover) cover_out;
	VEC(struct minute_line) line_out;
	VEC(struct minute_zone) zone_out;
};

void bucket_init(struct bucket *b, int n_places);
void bucket_clear(struct bucket *b);

/* The start of t's minute. */
int64_t bucket_minute(int64_t t_us);

/* [from_us, to_us), within one minute and after all others, was observed. */
void bucket_observe(struct bucket *b, int64_t from_us, int64_t to_us);
/* The row of a line in the minute of t_us, also of one that was handed out: then it becomes a
 * late part. Valid until the next call. */
struct minute_line *bucket_line(struct bucket *b, int place, int64_t t_us);
/* Of a minute that was not handed out. */
void bucket_change(struct bucket *b, const struct change *c);

/* Finishes the minutes that start before before_us, into the _out arrays. */
void bucket_take(struct bucket *b, int camera, int64_t before_us);

#endif
