/* SPDX-License-Identifier: Apache-2.0 */
/* noise.c -- numbers that look random and are the same on every machine; pictures of them. */
#include "noise.h"

#include <string.h>

uint32_t noise_next(uint32_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return *state;
}

void fill_box(struct image *im, int x, int y, int w, int h, uint8_t v)
{
	for (int r = y; r < y + h; r++)
		memset(image_row(im, r) + x, v, (size_t)w);
}

void fill(struct image *im, uint8_t v)
{
	fill_box(im, 0, 0, im->w, im->h, v);
}

void room(struct yuv *p)
{
	uint32_t state = 7;

	for (int y = 0; y < p->y.h; y++)
		for (int x = 0; x < p->y.w; x++) {
			int shelf = (x / 24 + y / 40) % 3 * 35;

			image_row(&p->y, y)[x] =
				(uint8_t)(50 + shelf + (int)(noise_next(&state) % 21));
			image_row(&p->u, y)[x] = (uint8_t)(105 + x / 24 % 4 * 15);
			image_row(&p->v, y)[x] = (uint8_t)(150 - y / 40 % 3 * 15);
		}
}

void with_noise(struct yuv *out, const struct yuv *clean, int amount, uint32_t *state)
{
	image_copy(&out->u, &clean->u);
	image_copy(&out->v, &clean->v);
	for (int y = 0; y < out->y.h; y++)
		for (int x = 0; x < out->y.w; x++) {
			uint32_t n = noise_next(state) % (uint32_t)(2 * amount + 1);
			int v = image_row(&clean->y, y)[x] + (int)n - amount;

			image_row(&out->y, y)[x] = (uint8_t)(v < 0 ? 0 : v > 255 ? 255 : v);
		}
}

int count_set_box(const struct image *im, int x, int y, int w, int h)
{
	int n = 0;

	for (int r = y; r < y + h; r++)
		for (int c = x; c < x + w; c++)
			n += image_row(im, r)[c] != 0;
	return n;
}

int count_set(const struct image *im)
{
	return count_set_box(im, 0, 0, im->w, im->h);
}
