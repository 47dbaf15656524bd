/* SPDX-License-Identifier: Apache-2.0 */
/* mask_blobs.h -- components of a mask: told, small ones dropped, small holes filled. */
#ifndef VISION_MASK_BLOBS_H
#define VISION_MASK_BLOBS_H

#include "video/image.h"

/* Part of a picture: x0 <= x < x1, y0 <= y < y1. */
struct mask_box {
	int x0, y0, x1, y1;
};

/* Working memory; grows with the busiest mask seen and is used again. */
struct mask_blobs;
struct mask_blobs *mask_blobs_new(int h);   /* of masks up to h pixels high */
void mask_blobs_free(struct mask_blobs *b); /* NULL is allowed */

/* First, components of 0 that have fewer than hole_px pixels and do not reach the picture's
 * border become 255; then components of 255 with fewer than min_px become 0. Eight neighbours
 * for both. at: the only part of mask (0/255) that is looked at; outside it all is 0, and
 * inside along its border, too, save where that is the picture's border. */
void mask_blobs_filter(struct mask_blobs *b, struct image *mask, struct mask_box at,
		       int hole_px, int min_px);

/* A component of 255, eight neighbours. */
struct mask_blob {
	int x, y, w, h; /* box */
	int area_px;
};

/* The components of a whole mask (0/255), ordered by first pixel in reading order, into
 * blob[max]; of more than max the smaller ones are left out. Returns how many there are in
 * blob. */
int mask_blobs_find(struct mask_blobs *b, const struct image *mask, struct mask_blob *blob,
		    int max);

#endif
