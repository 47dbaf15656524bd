/* SPDX-License-Identifier: Apache-2.0 */
/* plate.h -- the picture of the empty scene: the only picture that is ever kept.
 *
 * A pixel is in the plate only when it is proven to be scene: it kept one value, free of
 * tracks, for evidence_s; or it had one value, was covered by people in between, and still came
 * back to it evidence_s after it was first seen. Who stands still through a shorter recording
 * therefore stays out of it, whoever passes in front of him. Pixels that are not proven are
 * unknown and stay blank.
 */
#ifndef VISION_PLATE_H
#define VISION_PLATE_H

#include "types.h"
#include "video/image.h"

struct plate_opts {
	double evidence_s; /* unchanged this long counts as proof */
	double return_s;   /* before and after being covered: at least this long each */
};
#define PLATE_OPTS_DEFAULT \
	{ \
		.evidence_s = 1800, .return_s = 5 \
	}

struct plate;
struct plate *plate_new(const struct plate_opts *o, int w, int h);
void plate_free(struct plate *p); /* NULL is allowed */

/* One frame: its picture, the raw mask before shadows and small things were taken out (0/255),
 * and the boxes of the live tracks, confirmed or not (n of them): neither is looked at as
 * scene. Call it with every frame; it works on a few a second. */
void plate_step(struct plate *p, int64_t t_us, const struct yuv *in, const struct image *mask,
		const struct track *tracks, int n);

/* out and known (255 = proven, 0 = unknown) are w x h. Unknown pixels of out are 0, 128, 128.
 * Returns the share of pixels that are proven. */
double plate_get(const struct plate *p, struct yuv *out, struct image *known);

#endif
