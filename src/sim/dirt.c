/* SPDX-License-Identifier: Apache-2.0 */
/* dirt.c -- which parts of a picture are no longer as on the empty stage. */
#include "sim/dirt.h"

#include "base/vec.h"

#include <stdlib.h>
#include <string.h>

void dirt_init(struct dirt *d, int w, int h)
{
	*d = (struct dirt){
		.w = w, .h = h, .nx = (w + DIRT_W - 1) / DIRT_W, .ny = (h + DIRT_H - 1) / DIRT_H
	};
	d->tile = xcalloc((size_t)(d->nx * d->ny), sizeof(*d->tile));
}

void dirt_clear(struct dirt *d)
{
	free(d->tile);
	*d = (struct dirt){ 0 };
}

void dirt_mark_all(struct dirt *d)
{
	memset(d->tile, true, (size_t)(d->nx * d->ny) * sizeof(*d->tile));
}

void dirt_mark(struct dirt *d, int x, int y, int w, int h)
{
	int x1 = x + w < d->w ? x + w : d->w, y1 = y + h < d->h ? y + h : d->h;

	x = x > 0 ? x : 0;
	y = y > 0 ? y : 0;
	if (x >= x1 || y >= y1)
		return;
	for (int ty = y / DIRT_H; ty <= (y1 - 1) / DIRT_H; ty++)
		for (int tx = x / DIRT_W; tx <= (x1 - 1) / DIRT_W; tx++)
			d->tile[ty * d->nx + tx] = true;
}

static void wipe_tile(const struct image *luma, const struct canvas *clean, struct canvas *c,
		      int x, int y)
{
	size_t n = (size_t)(c->w - x < DIRT_W ? c->w - x : DIRT_W);

	for (int i = y; i < y + DIRT_H && i < c->h; i++) {
		size_t at = (size_t)i * (size_t)c->w + (size_t)x;

		memcpy(image_row(&c->y, i) + x, image_row(luma, i) + x, n);
		memcpy(image_row(&c->u, i) + x, image_row(&clean->u, i) + x, n);
		memcpy(image_row(&c->v, i) + x, image_row(&clean->v, i) + x, n);
		memcpy(c->depth + at, clean->depth + at, n * sizeof(*c->depth));
		memset(c->owner + at, 0, n * sizeof(*c->owner));
	}
}

void dirt_wipe(struct dirt *d, const struct image *luma, const struct canvas *clean,
	       struct canvas *c)
{
	for (int i = 0; i < d->nx * d->ny; i++) {
		if (d->tile[i])
			wipe_tile(luma, clean, c, i % d->nx * DIRT_W, i / d->nx * DIRT_H);
		d->tile[i] = false;
	}
}
