/* SPDX-License-Identifier: Apache-2.0 */
/* mask.c -- cast shadows and specks out of the mask, small gaps closed.
 *
 * Only the parts of the picture that have foreground in them are worked on, each by itself. The
 * loops over a row are in mask_loops.h.
 */
#include "vision/mask.h"

#include "base/vec.h"
#include "vision/mask_blobs.h"
#include "vision/mask_islands.h"
#include "vision/mask_rows.h"
#include "vision/mcw_kernel.h"

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
#define TOGETHER 8     /* rows whose windows are summed up together */
#define ISLAND_GAP 16  /* parts nearer than this are not worth the bother */

struct mask_work {
	int w, h;
	uint16_t *sum[3]; /* w x h each */
	uint16_t *
		cols; /* TOGETHER + 1 rows: sums of a window's columns, REACH_MAX more a side */
	uint8_t *row, *grown; /* a row of the mask, at least REACH_MAX more a side */
	uint8_t *zero;        /* a row */
	struct image plane;
	struct image padded; /* MCW_ALIGN more a side */
	struct mask_blobs *blobs;
};

/* Like image_init(), but wider than a picture may be. */
static void padded_init(struct image *im, int w, int h)
{
	const int stride = (w + 4 * MCW_ALIGN - 1) / MCW_ALIGN * MCW_ALIGN;

	*im = (struct image){ xalign((size_t)stride * (size_t)h), w, h, stride };
}

struct mask_work *mask_work_new(int w, int h)
{
	struct mask_work *work = xcalloc(1, sizeof(*work));
	const size_t n = (size_t)w * (size_t)h, wide = (size_t)w + 2 * MCW_ALIGN;

	work->w = w;
	work->h = h;
	for (int i = 0; i < 3; i++)
		work->sum[i] = xalign(n * sizeof(*work->sum[i]));
	work->cols = xalign((TOGETHER + 1) * wide * sizeof(*work->cols));
	work->row = xalign(wide);
	work->grown = xalign(wide);
	work->zero = xalign((size_t)w);
	image_init(&work->plane, w, h);
	padded_init(&work->padded, w, h);
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
	free(work->zero);
	image_clear(&work->plane);
	image_clear(&work->padded);
	mask_blobs_free(work->blobs);
	free(work);
}

/* ---- the part of the picture to work on ---- */

static int clamp(int i, int n)
{
	return i < 0 ? 0 : i >= n ? n - 1 : i;
}

static struct mask_box grow(struct mask_box b, int by, const struct mask_work *work)
{
	return (struct mask_box){ clamp(b.x0 - by, work->w), clamp(b.y0 - by, work->h),
				  clamp(b.x1 + by - 1, work->w) + 1,
				  clamp(b.y1 + by - 1, work->h) + 1 };
}

/* ---- sums over windows ---- */

/* Sums of columns, of which n from the left-th on are known, as if the picture's border went on
 * in both directions. */
static void repeat_border(uint16_t *cols, int left, int n, int wide)
{
	for (int i = 0; i < left; i++)
		cols[i] = cols[left];
	for (int i = left + n; i < wide; i++)
		cols[i] = cols[left + n - 1];
}

static uint16_t *cols_row(const struct mask_work *work, int i)
{
	return work->cols + (size_t)(i % (TOGETHER + 1)) * ((size_t)work->w + 2 * MCW_ALIGN);
}

/* For each pixel of box the sum of (in & bits) over the window around it; beyond the border the
 * nearest pixel counts again. out has work's size. Processors wait when what was just written
 * is read in other pieces: so several rows' columns are summed up before their windows are. */
static void window_sums(struct mask_work *work, const struct image *in, int bits, int reach,
			struct mask_box box, uint16_t *out)
{
	const struct mask_rows *rows = mask_rows();
	const struct mask_box from = grow(box, reach, work);
	const int left = from.x0 - (box.x0 - reach), n = from.x1 - from.x0;
	const int wide = box.x1 - box.x0 + 2 * reach;
	int done = box.y0; /* rows of out */

	memset(cols_row(work, 0), 0, (size_t)wide * sizeof(*work->cols));
	for (int y = box.y0 - reach, i = 1; y < box.y1 + reach; y++, i++) {
		const int old = y - 2 * reach - 1, ready = y - reach + 1;

		rows->slide(cols_row(work, i) + left, cols_row(work, i - 1) + left,
			    image_row(in, clamp(y, in->h)) + from.x0,
			    old < box.y0 - reach ? work->zero
						 : image_row(in, clamp(old, in->h)) + from.x0,
			    bits, n);
		if (ready - done < TOGETHER && ready < box.y1)
			continue;
		for (; done < ready; done++) {
			uint16_t *cols = cols_row(work, i - (ready - 1 - done));

			repeat_border(cols, left, n, wide);
			rows->sum(out + (size_t)done * (size_t)work->w + box.x0, cols, reach,
				  box.x1 - box.x0);
		}
	}
}

/* ---- shadows ---- */

/* Within box; a pixel needs no other pixel of mask. */
static void take_shadows(struct mask_work *work, struct image *mask, const struct yuv *in,
			 const struct yuv *plate, const struct mask_limits *l,
			 struct mask_box box)
{
	const struct mask_rows *rows = mask_rows();
	const struct mask_box around = grow(box, REACH, work);

	window_sums(work, &in->y, 255, REACH, around, work->sum[0]);
	window_sums(work, &plate->y, 255, REACH, around, work->sum[1]);
	for (int y = around.y0; y < around.y1; y++) {
		const size_t at = (size_t)y * (size_t)work->w + (size_t)around.x0;

		rows->residual(image_row(&work->plane, y) + around.x0,
			       image_row(&in->y, y) + around.x0,
			       image_row(&plate->y, y) + around.x0, work->sum[0] + at,
			       work->sum[1] + at, around.x1 - around.x0);
	}
	window_sums(work, &work->plane, 255, REACH, box, work->sum[2]);
	for (int y = box.y0; y < box.y1; y++) {
		const size_t at = (size_t)y * (size_t)work->w + (size_t)box.x0;
		const struct mask_shades s = {
			.y = work->sum[0] + at,
			.y0 = work->sum[1] + at,
			.uneven = work->sum[2] + at,
			.u = image_row(&in->u, y) + box.x0,
			.u0 = image_row(&plate->u, y) + box.x0,
			.v = image_row(&in->v, y) + box.x0,
			.v0 = image_row(&plate->v, y) + box.x0,
		};

		rows->take_shadows(image_row(mask, y) + box.x0, work->row, &s, l,
				   box.x1 - box.x0);
	}
}

void mask_shadows(struct mask_work *work, struct image *mask, const struct yuv *in,
		  const struct yuv *plate, const struct mask_opts *o)
{
	const struct mask_limits l = {
		.dark = (uint16_t)(8 * lround(o->shadow_dark * 1024)),
		.bright = (uint16_t)(8 * lround(RATIO_MAX * 1024)),
		.uneven = WINDOW * EVEN,
		.chroma = (uint8_t)clamp(o->shadow_chroma, 256),
	};
	struct mask_box island[MASK_ISLANDS_MAX];
	int n;

	assert(mask->w == work->w && mask->h == work->h);
	assert(in->y.w == work->w && in->y.h == work->h);
	assert(plate->y.w == work->w && plate->y.h == work->h);
	assert(o->shadow_dark >= 0 && o->shadow_dark <= 1);
	if (!o->shadows)
		return;
	n = mask_islands(mask, ISLAND_GAP, work->row, island);
	for (int i = 0; i < n; i++)
		take_shadows(work, mask, in, plate, &l, island[i]);
}

/* ---- cleaning ---- */

/* The window that is used most, by the background model's loop for it. */
static void median_5(struct mask_work *work, struct image *mask, struct mask_box box)
{
	const struct mask_box from = grow(box, 2, work);
	const int n = box.x1 - box.x0;

	for (int y = from.y0; y < from.y1; y++) {
		uint8_t *row = image_row(&work->padded, y) + MCW_ALIGN;

		memcpy(row + from.x0, image_row(mask, y) + from.x0,
		       (size_t)(from.x1 - from.x0));
		if (from.x0 == 0)
			memset(row - 2, row[0], 2);
		if (from.x1 == work->w)
			memset(row + work->w, row[work->w - 1], 2);
	}
	for (int y = box.y0; y < box.y1; y++) {
		const uint8_t *in[5];

		for (int k = 0; k < 5; k++)
			in[k] = image_row(&work->padded, clamp(y + k - 2, work->h)) +
				MCW_ALIGN + box.x0;
		mcw_ops()->majority(work->row, in, n);
		memcpy(image_row(mask, y) + box.x0, work->row, (size_t)n);
	}
}

static void median(struct mask_work *work, struct image *mask, struct mask_box box, int size)
{
	if (size == 5) {
		median_5(work, mask, box);
		return;
	}
	window_sums(work, mask, 1, size / 2, box, work->sum[0]);
	for (int y = box.y0; y < box.y1; y++) {
		const uint16_t *s = work->sum[0] + (size_t)y * (size_t)work->w;
		uint8_t *m = image_row(mask, y);

		for (int x = box.x0; x < box.x1; x++)
			m[x] = s[x] > size * size / 2 ? 255 : 0;
	}
}

/* Closing by the smallest ellipse, a pixel and its four neighbours. box is at least two pixels
 * wide. */
static void close_1(struct mask_work *work, struct image *mask, struct mask_box box)
{
	const struct mask_rows *rows = mask_rows();
	const struct image *from = mask, *to = &work->plane;

	for (int pass = 0; pass < 2; pass++) {
		for (int y = box.y0; y < box.y1; y++) {
			const int above = y > box.y0 ? y - 1 : y;
			const int below = y + 1 < box.y1 ? y + 1 : y;

			(pass ? rows->all_of_5 : rows->any_of_5)(
				image_row(to, y) + box.x0, image_row(from, above) + box.x0,
				image_row(from, y) + box.x0, image_row(from, below) + box.x0,
				box.x1 - box.x0);
		}
		from = &work->plane;
		to = mask;
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
	const struct mask_rows *rows = mask_rows();
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
			rows->any(grown, row - dx, n);
			rows->any(grown, row + dx, n);
			for (; dy >= 0 && reach[dy] == dx; dy--) {
				if (y - dy >= box.y0)
					rows->any(image_row(out, y - dy) + box.x0, grown, n);
				if (dy && y + dy < box.y1)
					rows->any(image_row(out, y + dy) + box.x0, grown, n);
			}
		}
	}
	for (int y = box.y0; y < box.y1; y++)
		for (int x = box.x0; flip && x < box.x1; x++)
			image_row(out, y)[x] ^= flip;
}

static void clean(struct mask_work *work, struct image *mask, const struct mask_opts *o,
		  struct mask_box box)
{
	const int r = o->close_px / 2;

	if (o->median_px > 1)
		median(work, mask, box, o->median_px);
	/* beyond the reach of the ellipse there must be a rim of background */
	box = grow(box, r + 1, work);
	if (r == 1 && box.x1 - box.x0 > 1) {
		close_1(work, mask, box);
	} else if (r > 0) {
		dilate(work, mask, &work->plane, box, r, 0);
		dilate(work, &work->plane, mask, box, r, 255);
	}
	mask_blobs_filter(work->blobs, mask, box, work->w * work->h / HOLE, o->min_area_px);
}

void mask_clean(struct mask_work *work, struct image *mask, const struct mask_opts *o)
{
	/* what is done to one island must not reach another */
	const int gap = o->median_px + 2 * (o->close_px / 2 + 2);
	struct mask_box island[MASK_ISLANDS_MAX];
	int n;

	assert(mask->w == work->w && mask->h == work->h);
	assert(o->median_px / 2 <= REACH_MAX / 2 && o->close_px / 2 <= REACH_MAX);
	n = mask_islands(mask, gap > ISLAND_GAP ? gap : ISLAND_GAP, work->row, island);
	for (int i = 0; i < n; i++)
		clean(work, mask, o, island[i]);
}
