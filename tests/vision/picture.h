/* SPDX-License-Identifier: Apache-2.0 */
/* picture.h -- pictures drawn by hand, for tests. */
#ifndef TESTS_VISION_PICTURE_H
#define TESTS_VISION_PICTURE_H

#include "video/image.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static inline void fill(struct image *im, int x0, int y0, int w, int h, uint8_t v)
{
	for (int y = y0; y < y0 + h; y++)
		if (y >= 0 && y < im->h)
			for (int x = x0; x < x0 + w; x++)
				if (x >= 0 && x < im->w)
					image_row(im, y)[x] = v;
}

/* A floor with a slight pattern and no colour. */
static inline void draw_floor(struct yuv *p)
{
	for (int y = 0; y < p->y.h; y++)
		for (int x = 0; x < p->y.w; x++)
			image_row(&p->y, y)[x] = (uint8_t)(110 + (x * 7 + y * 13) % 9);
	fill(&p->u, 0, 0, p->u.w, p->u.h, 128);
	fill(&p->v, 0, 0, p->v.w, p->v.h, 128);
}

static inline void draw_box(struct yuv *p, int x, int y, int w, int h, uint8_t luma, uint8_t u,
			    uint8_t v)
{
	fill(&p->y, x, y, w, h, luma);
	fill(&p->u, x, y, w, h, u);
	fill(&p->v, x, y, w, h, v);
}

static inline int count(const struct image *im, int x0, int y0, int w, int h)
{
	int n = 0;

	for (int y = y0; y < y0 + h; y++)
		for (int x = x0; x < x0 + w; x++)
			n += image_row(im, y)[x] != 0;
	return n;
}

#endif
