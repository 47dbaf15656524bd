/* SPDX-License-Identifier: Apache-2.0 */
/* mcw_light.h -- how much brighter or darker than the model the picture is, block by block. */
#ifndef VISION_MCW_LIGHT_H
#define VISION_MCW_LIGHT_H

#include "vision/mcw_kernel.h"

#include <stdbool.h>

#define LIGHT_ONE 256      /* fixed point: the same brightness */
#define LIGHT_RATIO_MIN 77 /* .3 */
#define LIGHT_RATIO_MAX (3 * LIGHT_ONE)

struct light {
	int w, h;   /* pixels */
	int bw, bh; /* blocks */
	int *ratio; /* per block, picture : model; -1 while it is being measured: unknown */
	int *last;  /* the frame before's */
	int *work;
	uint16_t *sum, *sum0, *count; /* of columns, w each, over a row of blocks */
	uint8_t *moving; /* per block: the ratio changes by more than 2 % a frame */
	int overall;     /* median ratio */
	uint8_t blown;   /* luma from which on the camera cannot tell how bright it is */
	bool even;       /* all blocks are LIGHT_ONE */
	bool any_moving;
};

void light_init(struct light *l, int w, int h);
void light_clear(struct light *l);
/* Back to LIGHT_ONE everywhere. */
void light_reset(struct light *l);
/* As it was after a frame that left these ratios; l->overall is the caller's to set. */
void light_restore(struct light *l, const int *ratio);

/* Measures over what was background in the frame before. y0 and label have stride bytes a row.
 */
void light_measure(struct light *l, const struct mcw_ops *ops, const struct image *y,
		   const uint8_t *y0, const uint8_t *label, int stride);

/* How many of the up to four blocks next to block i have known ratios, and their sum. */
int light_neighbours(const struct light *l, int i, int *sum);
/* Gives blocks whose ratio is unknown that of what is around them. One must be known. */
void light_fill(struct light *l);

/* The factors that bring row y to the model's brightness, w of them, interpolated between the
 * centres of blocks, in 1/256. False when all are 1: gain is not touched then. */
bool light_gains(const struct light *l, int y, uint16_t *gain);

/* Sets l->blown: just below white, which is 235, or 255 where one of two pictures, w x h as the
 * light, goes beyond it. y and y0 have stride and stride0 bytes a row. */
void light_find_white(struct light *l, const uint8_t *y, int stride, const uint8_t *y0,
		      int stride0);

/* Where the camera cannot tell how bright it is, now or in the model, that is no difference.
 * For n pixels: y, u, v are the picture, evened out, raw is its luma before, model the model.
 */
void light_spare_blown(const struct light *l, uint8_t *const yuv[3], const uint8_t *raw,
		       const uint8_t *const model[3], int n);

#endif
