/* SPDX-License-Identifier: Apache-2.0 */
/* zone.h -- one person and one zone: when a visit begins and when it is over.
 *
 * A visit begins with the first point inside. It is over once the person was not inside for the
 * gap, or is gone. Its end is the first point outside after the last one inside, so that
 * beginning and end are measured alike; whoever is lost from sight inside was there until then.
 */
#ifndef COUNT_ZONE_H
#define COUNT_ZONE_H

#include "base/clock.h"

#include <stdbool.h>
#include <stdint.h>

/* All zero to start with. */
struct zone_state {
	bool in;          /* a visit is on */
	int64_t enter_us; /* its beginning */
	int64_t out_us;   /* first point outside since the last inside; CLOCK_NONE: inside */
};

struct visit {
	int64_t enter_us, leave_us;
};

/* The person's next point. zone_due must have been asked for t_us. True when a visit begins. */
static inline bool zone_step(struct zone_state *z, bool inside, int64_t t_us)
{
	bool begins = inside && !z->in;

	if (begins)
		z->enter_us = t_us;
	if (inside) {
		z->in = true;
		z->out_us = CLOCK_NONE;
	} else if (z->in && z->out_us == CLOCK_NONE) {
		z->out_us = t_us;
	}
	return begins;
}
/* Whether by now_us the visit is over for good; then *v is filled. */
bool zone_due(struct zone_state *z, int64_t now_us, int64_t gap_us, struct visit *v);
/* The same when the person was last seen at last_us and is gone. */
bool zone_gone(struct zone_state *z, int64_t last_us, struct visit *v);

#endif
