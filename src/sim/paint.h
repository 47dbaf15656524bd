/* SPDX-License-Identifier: Apache-2.0 */
/* paint.h -- what the surfaces of a simulated store look like, before the light. */
#ifndef SIM_PAINT_H
#define SIM_PAINT_H

#include "sim/face.h"

struct tone {
	double y, u, v; /* as struct colour */
};

/* The colour of a hit. wide: metres that a sample of the picture covers there; finer detail is
 * averaged out. */
struct tone paint_at(const struct hit *h, const struct scene_floor *floor, double wide);
/* Whether it stops the ray: not glass between its frames, nor a gap between leaves. */
bool paint_solid(const struct hit *h);
/* What a pane adds to what is behind it, and how much of the sum it is. */
struct tone paint_pane(const struct hit *h);
#define PANE_SHARE 0.16

/* Smooth noise over the plane, mean 0, -1..1, one bump per unit. */
double paint_noise(uint64_t seed, double x, double y);

#endif
