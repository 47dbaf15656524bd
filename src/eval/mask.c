/* SPDX-License-Identifier: Apache-2.0 */
/* mask.c -- how right a foreground mask is, pixel by pixel, as on changedetection.net. */
#include "eval/mask.h"

#include <math.h>

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
