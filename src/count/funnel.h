/* SPDX-License-Identifier: Apache-2.0 */
/* funnel.h -- one person and one zone: exposed to it, stopped, engaged.
 *
 * He is exposed from the first point within FUNNEL_NEAR_M of the zone until he was farther away
 * for the gap, or is gone: one exposure, whatever happens in it. Each stage is one of those
 * before: who stopped was exposed, who was engaged had stopped.
 */
#ifndef COUNT_FUNNEL_H
#define COUNT_FUNNEL_H

#include "count/zone.h"

#define FUNNEL_NEAR_M 1.5

/* All zero to start with. */
struct funnel_state {
	struct zone_state near;
	bool stopped, long_visit;
};

struct exposure {
	int64_t from_us, to_us;
	bool stopped, engaged;
};

/* The person's next point; stopped: he has, as stand.h says. funnel_due must have been asked
 * for t_us. */
void funnel_step(struct funnel_state *f, bool near, bool stopped, int64_t t_us);
/* A visit at least as long as the zone's threshold ended. Told before the exposure's end. */
void funnel_visited(struct funnel_state *f);
/* Whether by now_us the exposure is over for good; then *e is filled. */
bool funnel_due(struct funnel_state *f, int64_t now_us, int64_t gap_us, struct exposure *e);
/* The same when the person was last seen at last_us and is gone. */
bool funnel_gone(struct funnel_state *f, int64_t last_us, struct exposure *e);

#endif
