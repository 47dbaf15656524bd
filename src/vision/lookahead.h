/* SPDX-License-Identifier: Apache-2.0 */
/* lookahead.h -- the empty scene of a whole recording, from a few pictures spread over it.
 *
 * What comes back is background: of the few values that a pixel has had, the one with the
 * largest share of pictures and share of the time between its first and last sighting. Since
 * neighbours are hidden at the same times, they are asked, too. What changed only once, for
 * good, is decided by its outline: the scene goes on without an edge.
 *
 * To replay a recording in two passes: open it, add about LOOKAHEAD_SAMPLES pictures spread
 * over it (key frames are nearly free) as analysis pictures, get the plate, background_seed()
 * with it, and run from the first frame.
 */
#ifndef VISION_LOOKAHEAD_H
#define VISION_LOOKAHEAD_H

#include "base/err.h"
#include "video/image.h"

#define LOOKAHEAD_SAMPLES 60 /* enough for any recording */
#define LOOKAHEAD_MAX 64

struct lookahead;
/* For pictures of w x h; about 80 bytes a pixel. */
struct lookahead *lookahead_new(int w, int h);
void lookahead_free(struct lookahead *l); /* NULL is allowed */

/* One picture. Times must rise (ERR_STATE), and there are at most LOOKAHEAD_MAX (ERR_RANGE). */
int lookahead_add(struct lookahead *l, int64_t t_us, const struct yuv *in, struct err *err);

/* The scene as it is without what moved through it, in the first picture's light. ERR_STATE
 * before the first picture. */
int lookahead_plate(const struct lookahead *l, struct yuv *out, struct err *err);

#endif
