/* SPDX-License-Identifier: Apache-2.0 */
/* mask.h -- from the background model's raw mask to one worth reading. */
#ifndef VISION_MASK_H
#define VISION_MASK_H

#include "base/err.h"
#include "video/image.h"

struct mask_opts {
	bool shadows;       /* take cast shadows out */
	double shadow_dark; /* darkest shadow, share of the background's luma */
	int shadow_chroma;  /* chroma levels that a shadow may differ */
	int median_px;      /* window of the median filter, odd; 0: none */
	int close_px;       /* gaps up to this are closed; 0: none */
	int min_area_px;    /* smaller components are dropped */
};
#define MASK_OPTS_DEFAULT \
	{ \
		.shadows = true, .shadow_dark = 0.6, .shadow_chroma = 8, .median_px = 5, \
		.close_px = 3, .min_area_px = 40 \
	}

/* Sets foreground pixels that are the background plate but darker to 0: luma ratio between
 * shadow_dark and 0.97, chroma within shadow_chroma, and the ratio even over 5x5 pixels
 * (design: texture-checked shadows). All of one size; mask is 0/255 in and out. */
void mask_shadows(struct image *mask, const struct yuv *in, const struct yuv *plate,
		  const struct mask_opts *o);

/* Median, closing, hole filling, small components dropped. */
int mask_clean(struct image *mask, const struct mask_opts *o, struct err *err);

#endif
