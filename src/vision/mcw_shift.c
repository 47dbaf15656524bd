/* SPDX-License-Identifier: Apache-2.0 */
/* mcw_shift.c -- by how many pixels the picture lies off the model. */
#include "vision/mcw_shift.h"

#include "base/vec.h"

#include <stdlib.h>
#include <string.h>

enum {
	SIDE_MIN = 64,
	STEP = 2,           /* rows, for the sums by column */
	CLEAR_PERCENT = 75, /* of the difference without a shift may be left: bumps are no whole
			       pixels */
	ALIKE_PERCENT = 50, /* of the sums' own variation they may differ by */
};

void shift_sums_init(struct shift_sums *s, int w, int h)
{
	s->w = w;
	s->h = h;
	s->v = xcalloc((size_t)w + (size_t)h, sizeof(*s->v));
}

void shift_sums_clear(struct shift_sums *s)
{
	free(s->v);
	*s = (struct shift_sums){ 0 };
}

void shift_sums_measure(struct shift_sums *s, const struct image *luma)
{
	const int w = luma->w, h = luma->h;
	int *cols = s->v, *rows = s->v + w;

	memset(s->v, 0, ((size_t)w + (size_t)h) * sizeof(*s->v));
	for (int y = 0; y < h; y += STEP) {
		const uint8_t *p = image_row(luma, y);

		for (int x = 0; x + 1 < w; x++)
			cols[x] += abs(p[x + 1] - p[x]);
	}
	for (int y = 0; y + 1 < h; y++) {
		const uint8_t *p = image_row(luma, y), *q = image_row(luma, y + 1);
		int sum = 0;

		for (int x = 0; x < w; x++)
			sum += abs(q[x] - p[x]);
		rows[y] = sum;
	}
}

static int64_t mean_of(const int *a, int n)
{
	int64_t sum = 0;

	for (int i = SHIFT_MAX; i < n - 1 - SHIFT_MAX; i++)
		sum += a[i];
	return sum / (n - 1 - 2 * SHIFT_MAX);
}

/* How different a is from b when it lies d further and has more of it everywhere, as noise
 * makes it; the last sum has no neighbour and is left out. */
static int64_t difference(const int *a, const int *b, int n, int d, int64_t more)
{
	int64_t sum = 0;

	for (int i = SHIFT_MAX; i < n - 1 - SHIFT_MAX; i++)
		sum += llabs(a[i] - b[i - d] - more);
	return sum;
}

/* How far the sums are from their mean, all together. */
static int64_t variation(const int *b, int n)
{
	int64_t mean = mean_of(b, n), sum = 0;

	for (int i = SHIFT_MAX; i < n - 1 - SHIFT_MAX; i++)
		sum += llabs(b[i] - mean);
	return sum;
}

/* One direction; returns the shift. */
static int find(const int *a, const int *b, int n, bool *alike)
{
	const int64_t more = mean_of(a, n) - mean_of(b, n);
	int64_t at_0 = difference(a, b, n, 0, more), best = at_0;
	int d = 0;

	for (int i = -SHIFT_MAX; i <= SHIFT_MAX; i++) {
		int64_t now = difference(a, b, n, i, more);

		if (now < best)
			best = now, d = i;
	}
	if (best * 100 > at_0 * CLEAR_PERCENT)
		best = at_0, d = 0;
	*alike = best * 100 <= variation(b, n) * ALIKE_PERCENT;
	return d;
}

struct shift_found shift_find(const struct shift_sums *a, const struct shift_sums *b)
{
	struct shift_found f = { .alike = true };
	bool x, y;

	if (a->w < SIDE_MIN || a->h < SIDE_MIN)
		return f;
	f.dx = find(a->v, b->v, a->w, &x);
	f.dy = find(a->v + a->w, b->v + a->w, a->h, &y);
	f.clear = f.dx || f.dy;
	f.alike = x || y;
	return f;
}
