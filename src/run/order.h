/* SPDX-License-Identifier: Apache-2.0 */
/* order.h -- frames and their sightings, put back into the order of time.
 *
 * A track is confirmed a little after it began, and then tells where it was before. Frames wait
 * here until nothing more can be said about them; lines and zones see each of them once, in
 * order, with everybody who was in it.
 */
#ifndef RUN_ORDER_H
#define RUN_ORDER_H

#include "types.h"

#include <stdbool.h>

struct order_frame {
	int64_t t_us, dur_us;
	const struct sighting *who; /* ordered by track */
	const int *heat_cell;
	int n;
};

struct order;

/* late_s: how long frames wait, in their own time. */
struct order *order_new(double late_s);
void order_free(struct order *o); /* NULL is allowed */

/* Adds a frame; its time must be later than that of all before. */
void order_frame(struct order *o, int64_t t_us, int64_t dur_us);
/* Adds a sighting to the frame of its time. False when that frame is gone already or never
 * was: then it is left out. */
bool order_sighting(struct order *o, const struct sighting *s, int heat_cell);

/* The next frame that has waited long enough, or, when the input is over, any; false when there
 * is none. *f is valid until the next call. */
bool order_next(struct order *o, bool over, struct order_frame *f);

#endif
