/* SPDX-License-Identifier: Apache-2.0 */
/* show_place.c -- lines and zones on a page, where the picture shows them. */
#include "cmd/show_place.h"

#include <math.h>

#define STEPS 8 /* of a floor's edge: lenses bend it */

/* Where a floor point is in the picture, by a homography from the picture to the floor. */
static bool img_of_floor(const double h[9], struct pt_m p, struct pt_img *at)
{
	/* Rows of the adjugate, which is the inverse but for a factor that cancels. */
	double x = (h[4] * h[8] - h[5] * h[7]) * p.x + (h[2] * h[7] - h[1] * h[8]) * p.y +
		   (h[1] * h[5] - h[2] * h[4]);
	double y = (h[5] * h[6] - h[3] * h[8]) * p.x + (h[0] * h[8] - h[2] * h[6]) * p.y +
		   (h[2] * h[3] - h[0] * h[5]);
	double w = (h[3] * h[7] - h[4] * h[6]) * p.x + (h[1] * h[6] - h[0] * h[7]) * p.y +
		   (h[0] * h[4] - h[1] * h[3]);

	if (fabs(w) < 1e-12)
		return false;
	*at = (struct pt_img){ x / w, y / w };
	return true;
}

static bool img_of(const struct calib *c, enum plan_coords coords, double x, double y,
		   struct pt_img *at)
{
	double px[2];

	if (coords == PLAN_IMAGE) {
		*at = (struct pt_img){ x, y };
		return true;
	}
	if (!c->has_lens)
		return img_of_floor(c->floor_from_img, (struct pt_m){ x, y }, at);
	if (!lens_project(&c->lens, (struct pt_room){ x, y, 0 }, px, NULL))
		return false;
	*at = (struct pt_img){ px[0] / c->lens.w, px[1] / c->lens.h };
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
