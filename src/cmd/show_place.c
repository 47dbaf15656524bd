/* SPDX-License-Identifier: Apache-2.0 */
/* show_place.c -- lines and zones on a page, where the picture shows them. */
#include "cmd/show_place.h"

#define STEPS 8 /* of a floor's edge: lenses bend it */

static bool img_of(const struct calib *c, enum plan_coords coords, double x, double y,
		   struct pt_img *at)
{
	if (coords == PLAN_METRES)
		return calib_project(c, (struct pt_m){ x, y }, at);
	*at = (struct pt_img){ x, y };
	return true;
}

void show_place(struct player *player, const struct place *p, const struct calib *c)
{
	struct pt_img v[PLAN_MAX_POINTS * STEPS + 1];
	int edges = p->kind == PLACE_LINE ? p->n - 1 : p->n, n = 0;

	for (int i = 0; i < edges * STEPS + (p->kind == PLACE_LINE); i++) {
		const double *a = p->xy[i / STEPS], *b = p->xy[(i / STEPS + 1) % p->n];
		double s = (double)(i % STEPS) / STEPS;

		n += img_of(c, p->coords, a[0] + s * (b[0] - a[0]), a[1] + s * (b[1] - a[1]),
			    &v[n]);
	}
	if (n > 1)
		player_place(player, p->kind, p->name, v, n);
}
