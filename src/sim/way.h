/* SPDX-License-Identifier: Apache-2.0 */
/* way.h -- how to get from anywhere to somewhere on a scene's floor, round what stands on it.
 *
 * The floor is a grid of cells. Cells that a body's middle cannot be in are solid; those close
 * to something solid cost more, so that people keep a distance from walls where there is room.
 * For each goal the distance of all cells is worked out once (Dijkstra, Numerische Mathematik
 * 1, 1959) and kept.
 */
#ifndef SIM_WAY_H
#define SIM_WAY_H

#include "sim/scene.h"

struct ways;
struct way; /* the distances to one goal */

struct ways *ways_new(const struct scene *s);
void ways_free(struct ways *w); /* NULL is allowed */

/* Whether the middle of a body can be at p. */
bool ways_free_at(const struct ways *w, struct pt_m p);
/* Whether nothing solid lies on the straight way from a to b. */
bool ways_clear(const struct ways *w, struct pt_m a, struct pt_m b);
/* The free place nearest to p, on the same cell grid; p itself when it is free. False when the
 * whole floor is solid. */
bool ways_nearest(const struct ways *w, struct pt_m p, struct pt_m *free);

/* The way to a goal, worked out when it is asked for first; goals of one cell share it. NULL
 * when the goal is solid. */
const struct way *ways_to(struct ways *w, struct pt_m goal);
/* Metres to walk from p; negative: there is no way. */
double way_left(const struct way *way, struct pt_m p);
/* Where to head for now, some steps ahead on the way from p; the goal itself when it is near.
 * p itself when there is no way. */
struct pt_m way_next(const struct way *way, struct pt_m p);

#endif
