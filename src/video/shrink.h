/* SPDX-License-Identifier: Apache-2.0 */
/* shrink.h -- from the camera's picture to the analysis picture. */
#ifndef VIDEO_SHRINK_H
#define VIDEO_SHRINK_H

#include "video/image.h"

/* The smallest whole factor f >= 1 that makes w*h/(f*f) at most max_px. 640x360, 768x576 and
 * 1920x1080 give 2, 2 and 4 for 200 000. Smaller where no row or column would be left. */
int shrink_factor(int w, int h, int max_px);

/* Size of the analysis picture: w/f x h/f, rounded down; right and bottom rest are left out. */
void shrink_size(int w, int h, int f, int *out_w, int *out_h);

/* Each output pixel is the mean, rounded to nearest, of the f x f luma pixels it covers, and of
 * the chroma samples that it covers (f even: f/2 x f/2 of them; f odd: those whose centre lies
 * in it, at least one). Exact: the same on every machine and with every instruction set.
 * out has the size that shrink_size() gives. */
void shrink(struct yuv *out, const struct frame *in, int f);

/* From now on do, or do not do, without what this processor has and others of its kind have
 * not. For tests: not to be called while another thread shrinks. */
void shrink_plain(bool plain);

#endif
