/* SPDX-License-Identifier: Apache-2.0 */
/* route.h -- one person's way through the store: the first zone, the next ones, the last one,
 * and where he turned when he came in.
 */
#ifndef COUNT_ROUTE_H
#define COUNT_ROUTE_H

#include "types.h"

#include <stdbool.h>
#include <stdint.h>

#define ROUTE_TURN_M 3.0
#define ROUTE_TAN 0.57735026918962573 /* of 30 degrees: farther off is a turn */

/* All zero to start with. Zones and lines are numbers of the caller's, from 1 on; 0: none. */
struct route {
	int first, last;
	int64_t last_us; /* when the visit of the last one began */
	int entry;       /* line that he came in by, while the first zone after it is open */
	int turn_line;   /* line that he came in by, while he has not turned */
	int64_t turn_us;
	struct pt_floor turn_from, inwards;
};

/* A visit of a zone begins. *from: the zone before it, when that was another one, else 0;
 * *entry: the line that he came in by when this is the first zone after it, else 0. */
void route_zone(struct route *r, int zone, int64_t t_us, int *from, int *entry);

/* He has come in over a line: crossed it at cross_us, and is clear of it at t_us, at `at`.
 * inwards: the direction straight on, any length. Returns the zone whose visit began since he
 * crossed it, which is the first one after it; 0: none. */
int route_enter(struct route *r, int line, int64_t cross_us, int64_t t_us, struct pt_floor at,
		struct pt_floor inwards);
/* He went out over a line: whatever is open about coming in stays so for good. */
void route_leave(struct route *r);

/* His next point. metre: its length in floor units; y_down: as in polygon.h. Returns a turn_key
 * once that is clear, else 0: then he came in by *line at *t_us. */
int route_turn(struct route *r, struct pt_floor at, double metre, bool y_down, int *line,
	       int64_t *t_us);

#endif
