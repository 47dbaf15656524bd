/* SPDX-License-Identifier: Apache-2.0 */
/* mask.h -- from the background model's raw mask to one worth reading. */
#ifndef VISION_MASK_H
#define VISION_MASK_H

#include "video/image.h"

struct mask_opts {
	bool shadows;       /* take cast shadows out */
	double shadow_dark; /* darkest shadow, share of the background's luma */
	int shadow_chroma;  /* chroma levels that a shadow may differ */
	int median_px;      /* window of the median filter, odd, at most 31; 0: none */
	int close_px;       /* gaps up to this, at most 63, are closed; 0: none */
	int min_area_px;    /* smaller components are dropped */
};
#define MASK_OPTS_DEFAULT \
	{ \
		.shadows = true, .shadow_dark = 0.65, .shadow_chroma = 8, .median_px = 5, \
		.close_px = 3, .min_area_px = 40 \
	}

/* Working memory for masks of w x h: nothing is allocated per frame, and nothing is carried
 * from one to the next. */
struct mask_work;
struct mask_work *mask_work_new(int w, int h);
void mask_work_free(struct mask_work *work); /* NULL is allowed */

/* Sets foreground pixels that are the background plate but darker to 0: luma ratio between
 * shadow_dark and 0.97, chroma within shadow_chroma, and the ratio even over 5x5 pixels
 * (design: texture-checked shadows). All of work's size; mask is 0/255 in and out. */
void mask_shadows(struct mask_work *work, struct image *mask, const struct yuv *in,
		  const struct yuv *plate, const struct mask_opts *o);

/* Median, closing by an ellipse, holes of less than 1/500 of the picture filled, small
 * components dropped. Beyond the border the median sees the nearest pixel again, the closing
 * nothing. Of work's size; mask is 0/255 in and out. */
void mask_clean(struct mask_work *work, struct image *mask, const struct mask_opts *o);

#endif
