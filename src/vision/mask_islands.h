/* SPDX-License-Identifier: Apache-2.0 */
/* mask_islands.h -- the parts of a mask that something is in, far from each other. */
#ifndef VISION_MASK_ISLANDS_H
#define VISION_MASK_ISLANDS_H

#include "vision/mask_blobs.h"

#define MASK_ISLANDS_MAX 64

/* Boxes that together hold all of mask (0/255), no two of which are nearer than gap pixels in
 * both directions, into box[MASK_ISLANDS_MAX]. Cut along empty rows first, then along empty
 * columns: a mask with too many parts is one box. work: mask->w bytes. Returns how many. */
int mask_islands(const struct image *mask, int gap, uint8_t *work, struct mask_box *box);

#endif
