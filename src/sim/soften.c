/* SPDX-License-Identifier: Apache-2.0 */
/* soften.c -- edges of people as soft as a lens makes them. */
#include "sim/soften.h"

#include <string.h>

/* n pixels of a row; each has all its neighbours, above and below stride and w away. */
static void soften_row(const uint8_t *restrict in, ptrdiff_t stride,
		       const uint16_t *restrict owner, ptrdiff_t w, int n,
		       uint8_t *restrict out)
{
	for (int x = 0; x < n; x++) {
		int o = owner[x];
		int edge = (o ^ owner[x - 1]) | (o ^ owner[x + 1]) | (o ^ owner[x - w]) |
			   (o ^ owner[x + w]);
		int around = in[x - 1] + in[x + 1] + in[x - stride] + in[x + stride];

		out[x] = edge ? (uint8_t)((3 * around + 4 * in[x] + 8) >> 4) : in[x];
	}
}

/* The part of a tile that is not at the picture's edge. */
static void inner(const struct dirt *d, int i, int *x0, int *y0, int *x1, int *y1)
{
	*x0 = i % d->nx * DIRT_W;
	*y0 = i / d->nx * DIRT_H;
	*x1 = *x0 + DIRT_W < d->w - 1 ? *x0 + DIRT_W : d->w - 1;
	*y1 = *y0 + DIRT_H < d->h - 1 ? *y0 + DIRT_H : d->h - 1;
	*x0 = *x0 > 1 ? *x0 : 1;
	*y0 = *y0 > 1 ? *y0 : 1;
}

void soften(struct dirt *where, struct canvas *c, const struct image *tmp)
{
	int x0, y0, x1, y1;

	for (int i = 0; i < where->nx * where->ny; i++) {
		if (!where->tile[i])
			continue;
		inner(where, i, &x0, &y0, &x1, &y1);
		for (int y = y0; y < y1; y++)
			soften_row(image_row(&c->y, y) + x0, c->y.stride,
				   c->owner + (ptrdiff_t)y * c->w + x0, c->w, x1 - x0,
				   image_row(tmp, y) + x0);
	}
	for (int i = 0; i < where->nx * where->ny; i++) {
		if (!where->tile[i])
			continue;
		inner(where, i, &x0, &y0, &x1, &y1);
		for (int y = y0; y < y1 && x0 < x1; y++)
			memcpy(image_row(&c->y, y) + x0, image_row(tmp, y) + x0,
			       (size_t)(x1 - x0));
		where->tile[i] = false;
	}
}
