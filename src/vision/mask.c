/* SPDX-License-Identifier: Apache-2.0 */
/* mask.c -- cast shadows and specks out of the mask, small gaps closed. */
#include "vision/mask.h"

#include "base/vec.h"
#include "cv/cv.h"

#include <assert.h>
#include <math.h>

#define REACH 2        /* of the windows in which evenness is judged */
#define WINDOW 25      /* pixels in one */
#define RATIO_MAX 0.97 /* brighter is not a shadow */
#define EVEN 8         /* mean levels that a shadow's ratio may be off over a window */
#define HOLE 500       /* holes up to 1/500 of the picture are filled: gaps between limbs */
#define MAX_BLOBS 4096

/* ---- shadows ---- */

static int clamp(int i, int n)
{
	return i < 0 ? 0 : i >= n ? n - 1 : i;
}

static void row_sums(const uint8_t *in, uint16_t *out, int w)
{
	for (int x = 0; x < w; x++) {
		if (x == REACH && w > 2 * REACH)
			for (; x < w - REACH; x++)
				out[x] = (uint16_t)(in[x - 2] + in[x - 1] + in[x] + in[x + 1] +
						    in[x + 2]);
		out[x] = (uint16_t)(in[clamp(x - 2, w)] + in[clamp(x - 1, w)] + in[x] +
				    in[clamp(x + 1, w)] + in[clamp(x + 2, w)]);
	}
}

/* Sums over windows of 5 x 5 pixels, row by row without gaps; beyond the border the nearest
 * pixel counts again. tmp is as large as out. */
static void box_sums(const struct image *in, uint16_t *out, uint16_t *tmp)
{
	const size_t w = (size_t)in->w;

	for (int y = 0; y < in->h; y++)
		row_sums(image_row(in, y), tmp + (size_t)y * w, in->w);
	for (int y = 0; y < in->h; y++) {
		const uint16_t *r[2 * REACH + 1];
		uint16_t *o = out + (size_t)y * w;

		for (int i = 0; i <= 2 * REACH; i++)
			r[i] = tmp + (size_t)clamp(y + i - REACH, in->h) * w;
		for (size_t x = 0; x < w; x++)
			o[x] = (uint16_t)(r[0][x] + r[1][x] + r[2][x] + r[3][x] + r[4][x]);
	}
}

/* How far each pixel is from its window's ratio: |y - (sum y / sum b) b|. */
static void residuals(struct image *out, const struct image *y, const struct image *b,
		      const uint16_t *sum_y, const uint16_t *sum_b)
{
	for (int i = 0; i < out->h; i++) {
		uint8_t *o = image_row(out, i);
		const uint8_t *yr = image_row(y, i), *br = image_row(b, i);
		const uint16_t *sy = sum_y + (size_t)i * (size_t)out->w;
		const uint16_t *sb = sum_b + (size_t)i * (size_t)out->w;

		for (int x = 0; x < out->w; x++) {
			float r = (float)br[x] * (float)sy[x] / (float)(sb[x] + (sb[x] == 0));
			float d = (float)yr[x] - r;

			d = d < 0 ? -d : d;
			o[x] = (uint8_t)(d > 255 ? 255 : d + 0.5F);
		}
	}
}

static bool any_set(const struct image *mask)
{
	for (int y = 0; y < mask->h; y++)
		if (memchr(image_row(mask, y), 255, (size_t)mask->w))
			return true;
	return false;
}

void mask_shadows(struct image *mask, const struct yuv *in, const struct yuv *plate,
		  const struct mask_opts *o)
{
	const size_t n = (size_t)mask->w * (size_t)mask->h;
	const int dark = (int)lround(o->shadow_dark * 1024);
	const int bright = (int)lround(RATIO_MAX * 1024);
	uint16_t *sums, *sum_y, *sum_b, *uneven;
	struct image rest;

	assert(in->y.w == mask->w && in->y.h == mask->h);
	assert(plate->y.w == mask->w && plate->y.h == mask->h);
	if (!o->shadows || !any_set(mask))
		return;
	sums = xmalloc(4 * n * sizeof(*sums));
	sum_y = sums + n;
	sum_b = sums + 2 * n;
	uneven = sums + 3 * n;
	image_init(&rest, mask->w, mask->h);
	box_sums(&in->y, sum_y, sums);
	box_sums(&plate->y, sum_b, sums);
	residuals(&rest, &in->y, &plate->y, sum_y, sum_b);
	box_sums(&rest, uneven, sums);

	for (int y = 0; y < mask->h; y++) {
		const size_t at = (size_t)y * (size_t)mask->w;
		const uint8_t *u = image_row(&in->u, y), *u0 = image_row(&plate->u, y);
		const uint8_t *v = image_row(&in->v, y), *v0 = image_row(&plate->v, y);
		uint8_t *m = image_row(mask, y);

		for (int x = 0; x < mask->w; x++) {
			int sy = 1024 * sum_y[at + (size_t)x], sb = sum_b[at + (size_t)x];

			if (m[x] && sy >= dark * sb && sy <= bright * sb &&
			    abs(u[x] - u0[x]) <= o->shadow_chroma &&
			    abs(v[x] - v0[x]) <= o->shadow_chroma &&
			    uneven[at + (size_t)x] < WINDOW * EVEN)
				m[x] = 0;
		}
	}
	image_clear(&rest);
	free(sums);
}

/* ---- cleaning ---- */

static void invert(struct image *mask)
{
	for (int y = 0; y < mask->h; y++) {
		uint8_t *m = image_row(mask, y);

		for (int x = 0; x < mask->w; x++)
			m[x] = (uint8_t)~m[x];
	}
}

static bool at_border(const struct cv_blob *b, const struct image *mask)
{
	return b->x == 0 || b->y == 0 || b->x + b->w == mask->w || b->y + b->h == mask->h;
}

/* Sets components of mask with fewer than min_area_px pixels to 0; with inside_only those that
 * touch the border stay. */
static int drop_small(struct image *mask, int min_area_px, bool inside_only, struct err *err)
{
	struct cv_blob *blobs = xmalloc(MAX_BLOBS * sizeof(*blobs));
	int *labels = xmalloc((size_t)mask->w * (size_t)mask->h * sizeof(*labels));
	uint8_t *keep = NULL;
	int n = cv_components(mask, blobs, MAX_BLOBS, labels, err);

	if (n < 0)
		goto out;
	/* of more than MAX_BLOBS components only the largest are told: the rest is noise */
	keep = xcalloc((size_t)n + 1, 1);
	for (int i = 0; i < n && i < MAX_BLOBS; i++)
		keep[blobs[i].label] = blobs[i].area_px >= min_area_px ||
				       (inside_only && at_border(&blobs[i], mask));
	for (int y = 0; y < mask->h; y++) {
		uint8_t *m = image_row(mask, y);
		const int *l = labels + (size_t)y * (size_t)mask->w;

		for (int x = 0; x < mask->w; x++)
			m[x] = keep[l[x]] ? 255 : 0;
	}
out:
	free(keep);
	free(labels);
	free(blobs);
	return n < 0 ? n : 0;
}

static int fill_holes(struct image *mask, struct err *err)
{
	int rc;

	invert(mask);
	rc = drop_small(mask, mask->w * mask->h / HOLE, true, err);
	invert(mask);
	return rc;
}

int mask_clean(struct image *mask, const struct mask_opts *o, struct err *err)
{
	int rc = 0;

	if (!any_set(mask))
		return 0;
	if (o->median_px > 1)
		rc = cv_median(mask, o->median_px, err);
	if (rc == 0 && o->close_px > 0)
		rc = cv_morph(mask, CV_CLOSE, o->close_px | 1, o->close_px | 1, 1, err);
	if (rc == 0)
		rc = fill_holes(mask, err);
	if (rc == 0 && o->min_area_px > 1)
		rc = drop_small(mask, o->min_area_px, false, err);
	return rc;
}
