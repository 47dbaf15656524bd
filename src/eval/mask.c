/* SPDX-License-Identifier: Apache-2.0 */
/* mask.c -- how right a foreground mask is, pixel by pixel, as on changedetection.net. */
#include "eval/mask.h"

#include "base/file.h"
#include "video/png.h"

#include <math.h>
#include <stdlib.h>

#define TRUTH_MAX_BYTES (64 << 20)

enum { STATIC = 0, SHADOW = 50, OUTSIDE = 85, UNKNOWN = 170, MOTION = 255 };

static void add_pixel(struct mask_score *s, bool found, uint8_t truth)
{
	if (truth == OUTSIDE || truth == UNKNOWN)
		return;
	if (truth == MOTION) {
		s->tp += found;
		s->fn += !found;
	} else {
		s->fp += found;
		s->tn += !found;
		s->shadow_errors += found && truth == SHADOW;
	}
}

int mask_score_add(struct mask_score *s, const struct image *mask, const struct image *truth,
		   struct err *err)
{
	struct mask_score sum = *s;

	if (mask->w != truth->w || mask->h != truth->h)
		return err_set(err, ERR_RANGE, "the truth is %dx%d; expected %dx%d", truth->w,
			       truth->h, mask->w, mask->h);
	for (int y = 0; y < mask->h; y++) {
		const uint8_t *m = image_row(mask, y), *t = image_row(truth, y);

		for (int x = 0; x < mask->w; x++) {
			if (t[x] != STATIC && t[x] != SHADOW && t[x] != OUTSIDE &&
			    t[x] != UNKNOWN && t[x] != MOTION)
				return err_set(err, ERR_RANGE,
					       "pixel %d, %d of the truth is %d; expected 0, "
					       "50, 85, 170 or 255",
					       x, y, t[x]);
			add_pixel(&sum, m[x], t[x]);
		}
	}
	*s = sum;
	return 0;
}

static double share(int64_t part, int64_t all)
{
	return all ? (double)part / (double)all : (double)NAN;
}

struct mask_figures mask_score_figures(const struct mask_score *s)
{
	return (struct mask_figures){
		.recall = share(s->tp, s->tp + s->fn),
		.specificity = share(s->tn, s->tn + s->fp),
		.fpr = share(s->fp, s->fp + s->tn),
		.fnr = share(s->fn, s->tp + s->fn),
		.pwc = 100 * share(s->fn + s->fp, s->tp + s->fp + s->fn + s->tn),
		.precision = share(s->tp, s->tp + s->fp),
		.f = share(2 * s->tp, 2 * s->tp + s->fp + s->fn),
	};
}

static int grey_of(struct image *out, const struct rgba *p, struct err *err)
{
	struct image grey;

	image_init(&grey, p->w, p->h);
	for (int y = 0; y < p->h; y++)
		for (int x = 0; x < p->w; x++) {
			const uint8_t *px =
				p->data + 4 * ((size_t)y * (size_t)p->w + (size_t)x);

			if (px[0] != px[1] || px[0] != px[2]) {
				image_clear(&grey);
				return err_set(err, ERR_FORMAT,
					       "pixel %d, %d is coloured; expected grey", x, y);
			}
			image_row(&grey, y)[x] = px[0];
		}
	*out = grey;
	return 0;
}

int mask_truth_read(struct image *truth, const char *path, struct err *err)
{
	struct rgba p = { 0 };
	char *png = NULL;
	size_t len;
	int rc;

	rc = file_read(path, TRUTH_MAX_BYTES, &png, &len, err);
	if (rc < 0)
		return rc;
	rc = png_decode((const uint8_t *)png, len, &p, err);
	if (rc >= 0)
		rc = grey_of(truth, &p, err);
	if (rc < 0)
		err_ctx(err, "'%s'", path);
	rgba_clear(&p);
	free(png);
	return rc;
}

void mask_enlarge(struct image *out, const struct image *mask, int factor)
{
	for (int y = 0; y < out->h; y++) {
		int from = y / factor < mask->h ? y / factor : mask->h - 1;
		const uint8_t *m = image_row(mask, from);
		uint8_t *o = image_row(out, y);

		for (int x = 0; x < out->w; x++)
			o[x] = m[x / factor < mask->w ? x / factor : mask->w - 1];
	}
}
