/* SPDX-License-Identifier: Apache-2.0 */
/* body_form.c -- depth and light of the pixels of a limb.
 *
 * A file of its own for its compiler flags: see CMakeLists.txt.
 */
#include "sim/body_raster.h"

#include <math.h>

static float within(float x, float most)
{
	x = x > 0 ? x : 0;
	return x < most ? x : most;
}

void body_form(const struct brush *restrict b, float t0, float c0, int n,
	       struct stretch *restrict to)
{
	n = (n + 3) & ~3;
	for (int i = 0; i < n; i++) {
		float t = t0 + b->dt * (float)i, c = c0 + b->dc * (float)i;
		float s = c * (b->ira + b->dir * within(t, 1)), q = s * s;
		float at = within(t + b->nearer * sqrtf(within(1 - q, 1)), 1);
		float o = (t - at) * (b->over + b->dover * at);
		float w = sqrtf(within(1 - q - o * o, 1));

		to->at[i] = at;
		to->across[i] = s;
		to->z[i] = (int)within(b->z + b->dz * at - (b->r + b->dr * at) * w,
				       CANVAS_FAR - 1);
		to->light[i] = (int)within(b->light + b->side * s + b->end * o + b->front * w,
					   b->most);
	}
}
