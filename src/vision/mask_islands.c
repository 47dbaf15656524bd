/* SPDX-License-Identifier: Apache-2.0 */
/* mask_islands.c -- the parts of a mask that something is in, far from each other. */
#include "vision/mask_islands.h"

#include "vision/mask_rows.h"

#include <stdbool.h>
#include <string.h>

static bool row_has(const struct image *mask, int y, int x0, int x1)
{
	return memchr(image_row(mask, y) + x0, 255, (size_t)(x1 - x0));
}

/* From y on, the next rows that something is in, with gaps of less than gap between them. */
static bool next_rows(const struct image *mask, int y, int gap, int *y0, int *y1)
{
	while (y < mask->h && !row_has(mask, y, 0, mask->w))
		y++;
	*y0 = *y1 = y;
	for (; y < mask->h && y < *y1 + gap; y++)
		if (row_has(mask, y, 0, mask->w))
			*y1 = y + 1;
	return *y0 < mask->h;
}

/* The same along a row of bytes that are 0 or 255. */
static bool next_columns(const uint8_t *row, int n, int x, int gap, int *x0, int *x1)
{
	const uint8_t *set = x < n ? memchr(row + x, 255, (size_t)(n - x)) : NULL;

	if (!set)
		return false;
	*x0 = x = (int)(set - row);
	do {
		const uint8_t *end = memchr(row + x, 0, (size_t)(n - x));

		*x1 = end ? (int)(end - row) : n;
		set = *x1 < n ? memchr(row + *x1, 255, (size_t)(n - *x1)) : NULL;
		x = set ? (int)(set - row) : n;
	} while (set && x < *x1 + gap);
	return true;
}

static struct mask_box tight(const struct image *mask, struct mask_box b)
{
	while (!row_has(mask, b.y0, b.x0, b.x1))
		b.y0++;
	while (!row_has(mask, b.y1 - 1, b.x0, b.x1))
		b.y1--;
	return b;
}

static struct mask_box around(const struct mask_box *box, int n)
{
	struct mask_box all = box[0];

	for (int i = 1; i < n; i++) {
		all.x0 = box[i].x0 < all.x0 ? box[i].x0 : all.x0;
		all.y0 = box[i].y0 < all.y0 ? box[i].y0 : all.y0;
		all.x1 = box[i].x1 > all.x1 ? box[i].x1 : all.x1;
		all.y1 = box[i].y1 > all.y1 ? box[i].y1 : all.y1;
	}
	return all;
}

int mask_islands(const struct image *mask, int gap, uint8_t *work, struct mask_box *box)
{
	const struct mask_rows *rows = mask_rows();
	bool many = false;
	int y0, y1 = 0, n = 0;

	while (next_rows(mask, y1, gap, &y0, &y1)) {
		int x0, x1 = 0;

		memset(work, 0, (size_t)mask->w);
		for (int y = y0; y < y1; y++)
			rows->any(work, image_row(mask, y), mask->w);
		while (next_columns(work, mask->w, x1, gap, &x0, &x1)) {
			const struct mask_box b = { x0, y0, x1, y1 };

			if (n == MASK_ISLANDS_MAX) {
				box[0] = around(box, n);
				n = 1;
				many = true;
			}
			box[n++] = tight(mask, b);
		}
	}
	if (many) { /* the first one may be nearer to others than gap */
		box[0] = around(box, n);
		n = 1;
	}
	return n;
}
