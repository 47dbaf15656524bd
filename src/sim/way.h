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

/* Puts those of the scene's objects on the floor that stand there s seconds after its start.
 * True when that changed anything: every struct way of before is gone. */
bool ways_at_time(struct ways *w, double s);

/* Whether the middle of a body can be at p. */
bool ways_free_at(const struct ways *w, struct pt_m p);
/* Whether somebody can step from one place to another near by: to a free one, and out of a
 * thing that was put down where he stood. */
bool ways_step(const struct ways *w, struct pt_m from, struct pt_m to);
/* Whether nothing solid lies on the straight way from a to b. */
bool ways_clear(const struct ways *w, struct pt_m a, struct pt_m b);
/* The free place nearest to p, the middle of a cell; p itself when it is free. False when
 * there is none. Where only a thing that came lies on p, it is on p's side of walls and
 * shelves. */
bool ways_nearest(const struct ways *w, struct pt_m p, struct pt_m *free);

/* The way to a goal, worked out when it is asked for first; goals of one cell share it. NULL
 * when the goal is solid. */
const struct way *ways_to(struct ways *w, struct pt_m goal);
/* Metres to walk from p; negative: there is no way. */
double way_left(const struct way *way, struct pt_m p);
/* Where to head for now: the farthest place on the way from p that can be walked to straight
 * without coming closer to things than the way does, up to some metres ahead, or the goal. p
 * itself when there is no way. */
struct pt_m way_next(const struct way *way, struct pt_m p);

#endif
