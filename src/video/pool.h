/* SPDX-License-Identifier: Apache-2.0 */
/* pool.h -- the pictures of a source that draws them itself: given out, come back, used again.
 *
 * Pictures come back by frame_unref(), from any thread.
 */
#ifndef VIDEO_POOL_H
#define VIDEO_POOL_H

#include "video/image.h"

struct pool;

/* For 4:2:0 pictures of w x h. */
struct pool *pool_new(int w, int h);
/* Pictures that are still out stay good until they come back. NULL is allowed. */
void pool_free(struct pool *p);

/* A picture to draw into: f's planes, ref and unref are filled in, the rest is 0. Planes hold
 * what they held before. As many are made as are out at once. */
void pool_frame(struct pool *p, struct frame *f);

#endif
