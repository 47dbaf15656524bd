/* SPDX-License-Identifier: Apache-2.0 */
/* mask.c -- cast shadows and specks out of the mask, small gaps closed.
 *
 * Only the box around the foreground is worked on. The loops over a row have no branches, so
 * that a compiler can do many pixels at once.
 */
#include "vision/mask.h"

#include "base/vec.h"
#include "vision/mask_blobs.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define REACH 2        /* of the windows in which evenness is judged */
#define WINDOW 25      /* pixels in one */
#define RATIO_MAX 0.97 /* brighter is not a shadow */
#define EVEN 8         /* mean levels that a shadow's ratio may be off over a window */
#define HOLE 500       /* holes up to 1/500 of the picture are filled: gaps between limbs */
#define REACH_MAX 31   /* of any window */

struct mask_work {
	int w, h;
	uint16_t *sum[3]; /* w x h each */
	uint16_t *cols;   /* sums of a window's columns along a row, REACH_MAX more a side */
	uint8_t *row, *grown; /* a row of the mask, REACH_MAX more a side */
	struct image plane;
	struct mask_blobs *blobs;
};

struct mask_work *mask_work_new(int w, int h)
{
	struct mask_work *work = xcalloc(1, sizeof(*work));
	const size_t n = (size_t)w * (size_t)h, wide = (size_t)w + 2 * REACH_MAX;

	work->w = w;
	work->h = h;
	for (int i = 0; i < 3; i++)
		work->sum[i] = xalign(n * sizeof(*work->sum[i]));
	work->cols = xalign(wide * sizeof(*work->cols));
	work->row = xalign(wide);
	work->grown = xalign(wide);
	image_init(&work->plane, w, h);
	work->blobs = mask_blobs_new(h);
	return work;
}

void mask_work_free(struct mask_work *work)
{
	if (!work)
		return;
	for (int i = 0; i < 3; i++)
		free(work->sum[i]);
	free(work->cols);
	free(work->row);
	free(work->grown);
	image_clear(&work->plane);
	mask_blobs_free(work->blobs);
	free(work);
}

/* ---- the part of the picture to work on ---- */

static int clamp(int i, int n)
{
	return i < 0 ? 0 : i >= n ? n - 1 : i;
}

static void or_row(uint8_t *restrict to, const uint8_t *restrict from, int n)
{
	for (int i = 0; i < n; i++)
		to[i] |= from[i];
}

static void and_row(uint8_t *restrict to, const uint8_t *restrict from, int n)
{
	for (int i = 0; i < n; i++)
		to[i] &= from[i];
}

/* The box around the foreground; false when there is none. */
static bool find_box(struct mask_work *work, const struct image *mask, struct mask_box *box)
{
	struct mask_box b = { .x1 = mask->w, .y1 = mask->h };

	while (b.y0 < b.y1 && !memchr(image_row(mask, b.y0), 255, (size_t)mask->w))
		b.y0++;
	if (b.y0 == b.y1)
		return false;
	while (!memchr(image_row(mask, b.y1 - 1), 255, (size_t)mask->w))
		b.y1--;
	memset(work->row, 0, (size_t)mask->w);
	for (int y = b.y0; y < b.y1; y++)
		or_row(work->row, image_row(mask, y), mask->w);
	while (!work->row[b.x0])
		b.x0++;
	while (!work->row[b.x1 - 1])
		b.x1--;
	*box = b;
	return true;
}

static struct mask_box grow(struct mask_box b, int by, const struct mask_work *work)
{
	return (struct mask_box){ clamp(b.x0 - by, work->w), clamp(b.y0 - by, work->h),
				  clamp(b.x1 + by - 1, work->w) + 1,
				  clamp(b.y1 + by - 1, work->h) + 1 };
}

/* ---- sums over windows ---- */

static void add_row(uint16_t *restrict cols, const uint8_t *restrict in, int bits, int n)
{
	for (int i = 0; i < n; i++)
		cols[i] = (uint16_t)(cols[i] + (in[i] & bits));
}

static void take_row(uint16_t *restrict cols, const uint8_t *restrict in, int bits, int n)
{
	for (int i = 0; i < n; i++)
		cols[i] = (uint16_t)(cols[i] - (in[i] & bits));
}

static void sum_row(uint16_t *restrict out, const uint16_t *restrict cols, int reach, int n)
{
	if (reach == 2) {
		for (int i = 0; i < n; i++)
			out[i] = (uint16_t)(cols[i] + cols[i + 1] + cols[i + 2] + cols[i + 3] +
					    cols[i + 4]);
		return;
	}
	memcpy(out, cols, (size_t)n * sizeof(*out));
	for (int k = 1; k <= 2 * reach; k++)
		for (int i = 0; i < n; i++)
			out[i] = (uint16_t)(out[i] + cols[i + k]);
}

/* For each pixel of box the sum of (in & bits) over the window around it; beyond the border the
 * nearest pixel counts again. out has work's size. */
static void window_sums(struct mask_work *work, const struct image *in, int bits, int reach,
			struct mask_box box, uint16_t *out)
{
	const struct mask_box from = grow(box, reach, work);
	const int left = from.x0 - (box.x0 - reach), n = from.x1 - from.x0;
	const int wide = box.x1 - box.x0 + 2 * reach;
	uint16_t *cols = work->cols;

	memset(cols, 0, (size_t)wide * sizeof(*cols));
	for (int y = box.y0 - reach; y < box.y0 + reach; y++)
		add_row(cols + left, image_row(in, clamp(y, in->h)) + from.x0, bits, n);
	for (int y = box.y0; y < box.y1; y++) {
		const uint8_t *next = image_row(in, clamp(y + reach, in->h)) + from.x0;
		const uint8_t *last = image_row(in, clamp(y - reach, in->h)) + from.x0;

		add_row(cols + left, next, bits, n);
		for (int i = 0; i < left; i++)
			cols[i] = cols[left];
		for (int i = left + n; i < wide; i++)
			cols[i] = cols[left + n - 1];
		sum_row(out + (size_t)y * (size_t)work->w + box.x0, cols, reach,
			box.x1 - box.x0);
		take_row(cols + left, last, bits, n);
	}
}

/* ---- shadows ---- */

/* How far each pixel is from its window's ratio: |y - (sum y / sum b) b|. */
static void residual_row(uint8_t *restrict out, const uint8_t *restrict y,
			 const uint8_t *restrict b, const uint16_t *restrict sum_y,
			 const uint16_t *restrict sum_b, int n)
{
	for (int i = 0; i < n; i++) {
		float r = (float)b[i] * (float)sum_y[i] / (float)(sum_b[i] + (sum_b[i] == 0));
		float d = fabsf((float)y[i] - r) + 0.5F;

		out[i] = (uint8_t)(int)(d < 255 ? d : 255);
	}
}

/* keep becomes 0 where luma, over the window, is between dark and bright of the plate's, in
 * shares of 1/8192, and even; 255 elsewhere. */
static void luma_row(uint8_t *restrict keep, const uint16_t *restrict sum_y,
		     const uint16_t *restrict sum_b, const uint16_t *restrict uneven,
		     uint16_t dark, uint16_t bright, int n)
{
	for (int i = 0; i < n; i++) {
		/* eight times a sum still has 16 bits, and the product's halves are one
		 * instruction each for many pixels */
		const uint16_t b = (uint16_t)(sum_b[i] * 8);
		const uint16_t rest = (uint16_t)((uint32_t)b * dark);
		const uint16_t lo = (uint16_t)((((uint32_t)b * dark) >> 16) + (rest != 0));
		const uint16_t hi = (uint16_t)(((uint32_t)b * bright) >> 16);
		const uint16_t y = sum_y[i];

		keep[i] = (y < lo) | (y > hi) | (uneven[i] >= WINDOW * EVEN) ? 255 : 0;
	}
}

/* And 255 where chroma differs by more than most. */
static void chroma_row(uint8_t *restrict keep, const uint8_t *restrict c,
		       const uint8_t *restrict c0, uint8_t most, int n)
{
	for (int i = 0; i < n; i++) {
		const uint8_t d = (uint8_t)(c[i] > c0[i] ? c[i] - c0[i] : c0[i] - c[i]);

		keep[i] |= d > most ? 255 : 0;
	}
}

static void take_shadows(struct mask_work *work, struct image *mask, const struct yuv *in,
			 const struct yuv *plate, const struct mask_opts *o,
			 struct mask_box box)
{
	const uint16_t dark = (uint16_t)(8 * lround(o->shadow_dark * 1024));
	const uint16_t bright = (uint16_t)(8 * lround(RATIO_MAX * 1024));
	const uint8_t most = (uint8_t)clamp(o->shadow_chroma, 256);
	const int n = box.x1 - box.x0;

	for (int y = box.y0; y < box.y1; y++) {
		const size_t at = (size_t)y * (size_t)work->w + (size_t)box.x0;

		luma_row(work->row, work->sum[0] + at, work->sum[1] + at, work->sum[2] + at,
			 dark, bright, n);
		chroma_row(work->row, image_row(&in->u, y) + box.x0,
			   image_row(&plate->u, y) + box.x0, most, n);
		chroma_row(work->row, image_row(&in->v, y) + box.x0,
			   image_row(&plate->v, y) + box.x0, most, n);
		and_row(image_row(mask, y) + box.x0, work->row, n);
	}
}

void mask_shadows(struct mask_work *work, struct image *mask, const struct yuv *in,
		  const struct yuv *plate, const struct mask_opts *o)
{
	struct mask_box box, around;

	assert(mask->w == work->w && mask->h == work->h);
	assert(in->y.w == work->w && in->y.h == work->h);
	assert(plate->y.w == work->w && plate->y.h == work->h);
	assert(o->shadow_dark >= 0 && o->shadow_dark <= 1);
	if (!o->shadows || !find_box(work, mask, &box))
		return;
	around = grow(box, REACH, work);
	window_sums(work, &in->y, 255, REACH, around, work->sum[0]);
	window_sums(work, &plate->y, 255, REACH, around, work->sum[1]);
	for (int y = around.y0; y < around.y1; y++) {
		const size_t at = (size_t)y * (size_t)work->w + (size_t)around.x0;

		residual_row(image_row(&work->plane, y) + around.x0,
			     image_row(&in->y, y) + around.x0,
			     image_row(&plate->y, y) + around.x0, work->sum[0] + at,
			     work->sum[1] + at, around.x1 - around.x0);
	}
	window_sums(work, &work->plane, 255, REACH, box, work->sum[2]);
	take_shadows(work, mask, in, plate, o, box);
}

/* ---- cleaning ---- */

static void median(struct mask_work *work, struct image *mask, struct mask_box box, int size)
{
	window_sums(work, mask, 1, size / 2, box, work->sum[0]);
	for (int y = box.y0; y < box.y1; y++) {
		const uint16_t *s = work->sum[0] + (size_t)y * (size_t)work->w;
		uint8_t *m = image_row(mask, y);

		for (int x = box.x0; x < box.x1; x++)
			m[x] = s[x] > size * size / 2 ? 255 : 0;
	}
}

/* OpenCV's ellipse of 2 r + 1 pixels: how far it reaches to the sides, in each of r + 1 rows
 * from its middle to its end. */
static void ellipse(int reach[REACH_MAX + 1], int r)
{
	for (int dy = 0; dy <= r; dy++)
		reach[dy] = (int)lrint(r * sqrt((double)(r * r - dy * dy) / (r * r)));
}

/* out becomes 255 where an ellipse around the pixel has a 255 of in, that is XORed with flip;
 * out is XORed with it afterwards. With 255, then, it is erosion. */
static void dilate(struct mask_work *work, const struct image *in, struct image *out,
		   struct mask_box box, int r, uint8_t flip)
{
	const int n = box.x1 - box.x0;
	uint8_t *row = work->row + r, *grown = work->grown;
	int reach[REACH_MAX + 1];

	ellipse(reach, r);
	for (int y = box.y0; y < box.y1; y++)
		memset(image_row(out, y) + box.x0, 0, (size_t)n);
	memset(work->row, 0, (size_t)(n + 2 * r));
	for (int y = box.y0; y < box.y1; y++) {
		const uint8_t *from = image_row(in, y) + box.x0;

		for (int i = 0; i < n; i++)
			row[i] = (uint8_t)(from[i] ^ flip);
		memcpy(grown, row, (size_t)n);
		for (int dx = 0, dy = r; dx <= r; dx++) {
			or_row(grown, row - dx, n);
			or_row(grown, row + dx, n);
			for (; dy >= 0 && reach[dy] == dx; dy--) {
				if (y - dy >= box.y0)
					or_row(image_row(out, y - dy) + box.x0, grown, n);
				if (dy && y + dy < box.y1)
					or_row(image_row(out, y + dy) + box.x0, grown, n);
			}
		}
	}
	for (int y = box.y0; y < box.y1; y++)
		for (int x = box.x0; flip && x < box.x1; x++)
			image_row(out, y)[x] ^= flip;
}

void mask_clean(struct mask_work *work, struct image *mask, const struct mask_opts *o)
{
	const int r = o->close_px / 2;
	struct mask_box box;

	assert(mask->w == work->w && mask->h == work->h);
	assert(o->median_px / 2 <= REACH_MAX / 2 && r <= REACH_MAX);
	if (!find_box(work, mask, &box))
		return;
	if (o->median_px > 1)
		median(work, mask, box, o->median_px);
	/* beyond the reach of the ellipse there must be a rim of background */
	box = grow(box, r + 1, work);
	if (r > 0) {
		dilate(work, mask, &work->plane, box, r, 0);
		dilate(work, &work->plane, mask, box, r, 255);
	}
	mask_blobs_filter(work->blobs, mask, box, work->w * work->h / HOLE, o->min_area_px);
}
