/* SPDX-License-Identifier: Apache-2.0 */
/* stand.h -- one person: when somebody stops, and when he walks on.
 *
 * Slower than 0.3 m/s for 2 s: from a point of his path on he stays within 0.6 m of it for 2 s.
 * Then he has stopped, since that point. When he gets farther from it than that, the point
 * where he is takes its place; he walked on when he did not stay there for 2 s. So who moves
 * along a shelf slower than 0.3 m/s stops once, and what a position is off by stops nobody and
 * moves nobody.
 */
#ifndef COUNT_STAND_H
#define COUNT_STAND_H

#include "types.h"

#include <stdbool.h>
#include <stdint.h>

#define STAND_M_S 0.3
#define STAND_US INT64_C(2000000)
#define STAND_RADIUS_M (STAND_M_S * (double)STAND_US / 1e6)

/* All zero to start with. */
struct stand {
	bool known;              /* there is an anchor */
	struct pt_floor anchor;  /* the point that he has to stay near */
	int64_t anchor_us;       /* when he was there */
	bool held;               /* he stayed near it for STAND_US */
	bool stopped;            /* now */
	int64_t since_us;        /* of the stop */
	struct pt_floor spot;    /* where he was when it was sure */
	struct pt_floor towed;   /* follows him on a rope: where he came from */
	struct pt_floor heading; /* from it to the anchor, when that was set; not of length 1 */
	struct pt_floor came;    /* the heading of the stop */
};

struct stop {
	int64_t from_us, to_us;
	struct pt_floor spot, came;
};

enum stand_news { STAND_NOTHING, STAND_BEGAN, STAND_ENDED };

/* The person's next point. metre: its length in floor units there. STAND_ENDED: *s is filled.
 */
enum stand_news stand_step(struct stand *p, struct pt_floor at, double metre, int64_t t_us,
			   struct stop *s);
/* He is gone since last_us, where he was seen last. True when that ends a stop: *s is filled.
 */
bool stand_end(struct stand *p, int64_t last_us, struct stop *s);

#endif
