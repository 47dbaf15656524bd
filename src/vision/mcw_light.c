/* SPDX-License-Identifier: Apache-2.0 */
/* mcw_light.c -- how much brighter or darker than the model the picture is, block by block. */
#include "vision/mcw_light.h"

#include "base/vec.h"

#include <string.h>

enum {
	RATIO_DEAD = 8,       /* smaller differences, 3 %, are left to the thresholds */
	RATIO_MOVE = 5,       /* 2 % */
	WINDOW = 25,          /* of the median, 5x5 blocks */
	SPAN = 2 * MCW_BLOCK, /* from one block's centre to the next, in half pixels */
	STEP = 2,             /* rows: every other one tells as much */
	BLOWN = 232,          /* white is 235, */
	BLOWN_FULL = 246,     /* or 255, which takes more than noise: */
	FULL_SHARE = 500,     /* so manieth of a picture is as bright */
	WHITE_STEP = 8,       /* rows that are looked at for it */
};

void light_init(struct light *l, int w, int h)
{
	size_t n;

	l->w = w;
	l->h = h;
	l->bw = (w + MCW_BLOCK - 1) / MCW_BLOCK;
	l->bh = (h + MCW_BLOCK - 1) / MCW_BLOCK;
	n = (size_t)l->bw * (size_t)l->bh;
	l->ratio = xcalloc(n, sizeof(*l->ratio));
	l->last = xcalloc(n, sizeof(*l->last));
	l->work = xcalloc(n, sizeof(*l->work));
	l->moving = xcalloc(n, 1);
	l->sum = xcalloc((size_t)w, sizeof(*l->sum));
	l->sum0 = xcalloc((size_t)w, sizeof(*l->sum0));
	l->count = xcalloc((size_t)w, sizeof(*l->count));
	light_reset(l);
}

void light_clear(struct light *l)
{
	free(l->ratio);
	free(l->last);
	free(l->work);
	free(l->moving);
	free(l->sum);
	free(l->sum0);
	free(l->count);
	*l = (struct light){ 0 };
}

void light_reset(struct light *l)
{
	for (int i = 0; i < l->bw * l->bh; i++) {
		l->ratio[i] = l->last[i] = LIGHT_ONE;
		l->moving[i] = 0;
	}
	l->overall = LIGHT_ONE;
	l->blown = BLOWN;
	l->even = true;
	l->any_moving = false;
}

void light_restore(struct light *l, const int *ratio)
{
	l->even = true;
	l->any_moving = false;
	for (int i = 0; i < l->bw * l->bh; i++) {
		l->ratio[i] = l->last[i] = ratio[i];
		l->moving[i] = 0;
		l->even &= ratio[i] == LIGHT_ONE;
	}
}

static int clamp(int v, int lo, int hi)
{
	return v < lo ? lo : v > hi ? hi : v;
}

/* The middle one: as many are smaller as are larger, ties aside. Counting beats sorting here:
 * compilers make vectors of it. */
static int median(const int16_t v[WINDOW])
{
	for (int i = 0; i < WINDOW; i++) {
		int16_t below = 0, up_to = 0;

		for (int k = 0; k < WINDOW; k++) {
			below = (int16_t)(below + (v[k] < v[i]));
			up_to = (int16_t)(up_to + (v[k] <= v[i]));
		}
		if (below <= WINDOW / 2 && up_to > WINDOW / 2)
			return v[i];
	}
	return LIGHT_ONE; /* not reached: one of them is in the middle */
}

/* The median of all blocks' ratios, found by counting: they are limited. -1: none is known. */
static int overall(const struct light *l)
{
	int bins[LIGHT_RATIO_MAX + 1] = { 0 }, known = 0, seen = 0;

	for (int i = 0; i < l->bw * l->bh; i++)
		if (l->ratio[i] >= 0) {
			bins[l->ratio[i]]++;
			known++;
		}
	for (int r = 0; r <= LIGHT_RATIO_MAX; r++) {
		seen += bins[r];
		if (seen * 2 >= known && known)
			return r;
	}
	return -1;
}

static int block_ratio(const struct light *l, int bx, int by)
{
	int x = bx * MCW_BLOCK, w = l->w - x < MCW_BLOCK ? l->w - x : MCW_BLOCK;
	int top = by * MCW_BLOCK, h = l->h - top < MCW_BLOCK ? l->h - top : MCW_BLOCK;
	uint32_t sum = 0, sum0 = 0, count = 0;

	for (int i = x; i < x + w; i++) {
		sum += l->sum[i];
		sum0 += l->sum0[i];
		count += l->count[i];
	}
	if (count * 2 * STEP < (uint32_t)(w * h) || !sum0)
		return -1;
	return clamp((int)((sum * LIGHT_ONE + sum0 / 2) / sum0), LIGHT_RATIO_MIN,
		     LIGHT_RATIO_MAX);
}

int light_neighbours(const struct light *l, int i, int *sum)
{
	static const int dirs[4][2] = { { 1, 0 }, { -1, 0 }, { 0, 1 }, { 0, -1 } };
	int n = 0;

	*sum = 0;
	for (int d = 0; d < 4; d++) {
		int bx = i % l->bw + dirs[d][0], by = i / l->bw + dirs[d][1];

		if (bx < 0 || by < 0 || bx >= l->bw || by >= l->bh ||
		    l->ratio[by * l->bw + bx] < 0)
			continue;
		*sum += l->ratio[by * l->bw + bx];
		n++;
	}
	return n;
}

void light_fill(struct light *l)
{
	bool more = true;

	while (more) {
		more = false;
		for (int i = 0; i < l->bw * l->bh; i++) {
			int sum, n = l->ratio[i] < 0 ? light_neighbours(l, i, &sum) : 0;

			l->work[i] = n ? (2 * sum / n + l->overall) / 3 : l->ratio[i];
			more |= n > 0;
		}
		for (int i = 0; i < l->bw * l->bh; i++)
			l->ratio[i] = l->work[i];
	}
}

/* A row of blocks. */
static void measure_row(struct light *l, const struct mcw_ops *ops, const struct image *y,
			const uint8_t *y0, const uint8_t *label, int stride, int by)
{
	const size_t bytes = (size_t)l->w * sizeof(*l->sum);

	memset(l->sum, 0, bytes);
	memset(l->sum0, 0, bytes);
	memset(l->count, 0, bytes);
	for (int r = by * MCW_BLOCK; r < (by + 1) * MCW_BLOCK && r < l->h; r += STEP) {
		size_t at = (size_t)r * (size_t)stride;

		ops->light(image_row(y, r), y0 + at, label + at, l->w, l->blown, l->sum,
			   l->sum0, l->count);
	}
	for (int bx = 0; bx < l->bw; bx++)
		l->ratio[by * l->bw + bx] = block_ratio(l, bx, by);
}

/* A 5x5 median over the blocks, from ratio to work. */
static void smooth_median(struct light *l)
{
	int16_t v[WINDOW];

	for (int by = 0; by < l->bh; by++)
		for (int bx = 0; bx < l->bw; bx++) {
			int n = 0;

			for (int dy = -2; dy <= 2; dy++)
				for (int dx = -2; dx <= 2; dx++) {
					int yy = clamp(by + dy, 0, l->bh - 1);
					int xx = clamp(bx + dx, 0, l->bw - 1);

					v[n++] = (int16_t)l->ratio[yy * l->bw + xx];
				}
			l->work[by * l->bw + bx] = median(v);
		}
}

/* A 3x3 binomial filter over the blocks, from work to ratio. */
static void smooth_binomial(struct light *l)
{
	for (int by = 0; by < l->bh; by++)
		for (int bx = 0; bx < l->bw; bx++) {
			int sum = 8;

			for (int dy = -1; dy <= 1; dy++)
				for (int dx = -1; dx <= 1; dx++) {
					int yy = clamp(by + dy, 0, l->bh - 1);
					int xx = clamp(bx + dx, 0, l->bw - 1);

					sum += (2 - dy * dy) * (2 - dx * dx) *
					       l->work[yy * l->bw + xx];
				}
			l->ratio[by * l->bw + bx] = sum >> 4;
		}
}

/* Leaves small differences alone. True when there are no others. */
static bool calm(struct light *l)
{
	bool even = true;

	for (int i = 0; i < l->bw * l->bh; i++) {
		if (abs(l->ratio[i] - LIGHT_ONE) <= RATIO_DEAD)
			l->work[i] = LIGHT_ONE;
		else
			l->work[i] = l->ratio[i], even = false;
	}
	return even;
}

static void settle(struct light *l)
{
	l->even = calm(l);
	l->any_moving = false;
	for (int i = 0; i < l->bw * l->bh; i++) {
		l->moving[i] = abs(l->work[i] - l->last[i]) > RATIO_MOVE;
		l->any_moving |= l->moving[i];
		l->ratio[i] = l->last[i] = l->work[i];
	}
}

void light_measure(struct light *l, const struct mcw_ops *ops, const struct image *y,
		   const uint8_t *y0, const uint8_t *label, int stride)
{
	int all;
	bool known;

	light_find_white(l, y->data, y->stride, y0, stride);
	for (int by = 0; by < l->bh; by++)
		measure_row(l, ops, y, y0, label, stride, by);
	all = overall(l);
	known = all >= 0;
	if (!known)
		all = l->overall; /* no background in sight: as it was */
	l->overall = all;
	for (int i = 0; !known && i < l->bw * l->bh; i++)
		l->ratio[i] = all;
	if (known)
		light_fill(l);
	if (!calm(l)) { /* if it is, smoothing changes nothing */
		smooth_median(l);
		smooth_binomial(l);
	}
	settle(l);
}

/* LIGHT_ONE squared over the ratio between two blocks, wy of SPAN from up to down. */
static unsigned factor(int up, int down, int wy)
{
	unsigned r = (unsigned)(up * (SPAN - wy) + down * wy);

	return (LIGHT_ONE * LIGHT_ONE * SPAN + r / 2) / r;
}

bool light_gains(const struct light *l, int y, uint16_t *gain)
{
	/* Centre b is at 16 b + 7.5; twice that is whole. */
	int fy = clamp(2 * y + 1 - MCW_BLOCK, 0, SPAN * (l->bh - 1));
	int by = fy / SPAN, wy = fy % SPAN;
	const int *up = l->ratio + by * l->bw;
	const int *down = l->ratio + (by + 1 < l->bh ? by + 1 : by) * l->bw;
	bool even = true;

	for (int bx = 0; bx < l->bw; bx++)
		even &= up[bx] == LIGHT_ONE && down[bx] == LIGHT_ONE;
	if (even)
		return false;
	for (int bx = -1; bx < l->bw; bx++) {
		int a = clamp(bx, 0, l->bw - 1), b = clamp(bx + 1, 0, l->bw - 1);
		/* Interpolating the factors themselves saves a division per pixel. */
		unsigned from = factor(up[a], down[a], wy), to = factor(up[b], down[b], wy);
		int x = bx * MCW_BLOCK + MCW_BLOCK / 2, end = x + MCW_BLOCK;

		for (int i = x < 0 ? 0 : x; i < end && i < l->w; i++) {
			unsigned wx = 2 * (unsigned)(i - x) + 1;

			gain[i] = (uint16_t)((from * (SPAN - wx) + to * wx + SPAN / 2) / SPAN);
		}
	}
	return true;
}

/* Does white lie at 255? */
static bool full_white(const uint8_t *y, int stride, int w, int h)
{
	int bright = 0, n = 0;

	for (int r = 0; r < h; r += WHITE_STEP, n += w) {
		const uint8_t *row = y + (ptrdiff_t)r * stride;

		for (int x = 0; x < w; x++)
			bright += row[x] >= BLOWN_FULL;
	}
	return bright * FULL_SHARE > n;
}

void light_find_white(struct light *l, const uint8_t *y, int stride, const uint8_t *y0,
		      int stride0)
{
	bool full = full_white(y, stride, l->w, l->h) || full_white(y0, stride0, l->w, l->h);

	l->blown = full ? BLOWN_FULL : BLOWN;
}

void light_spare_blown(const struct light *l, uint8_t *const yuv[3], const uint8_t *raw,
		       const uint8_t *const model[3], int n)
{
	for (int i = 0; i < n; i++) {
		uint8_t y = yuv[0][i], y0 = model[0][i];
		bool blown = (raw[i] >= l->blown && y0 > y) || (y0 >= l->blown && y > y0);

		for (int k = 0; blown && k < 3; k++)
			yuv[k][i] = model[k][i];
	}
}
