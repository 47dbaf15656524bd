/* SPDX-License-Identifier: Apache-2.0 */
/* facing.h -- which fixture somebody who has stopped is facing, without looking at him.
 *
 * What counts is where the body stands and how it came. A fixture within FACING_M is faced by
 * whoever stands at it; of several, by the nearest, where one that he walked towards is taken
 * for nearer, and one that he turned his back to when he came is taken for farther. Who came
 * straight away from it and does not stand close to it faces none.
 */
#ifndef COUNT_FACING_H
#define COUNT_FACING_H

#include "types.h"

#include <stdbool.h>

#define FACING_M 1.5

/* A fixture as somebody sees it who stands somewhere. */
struct facing_view {
	double distance_m;       /* to its nearest point */
	struct pt_floor towards; /* from him to that point; any length */
	bool left;               /* he is on its left side, as drawn */
};

/* The view of the polyline v from p. metre: its length in floor units. y_down: as in polygon.h.
 */
struct facing_view facing_look(const struct pt_floor *v, int n, struct pt_floor p, double metre,
			       bool y_down);

/* How far the fixture seems to be for whoever came that way, metres: the least is faced, and
 * none beyond FACING_M. came: any length. */
double facing_cost(const struct facing_view *f, struct pt_floor came);

#endif
