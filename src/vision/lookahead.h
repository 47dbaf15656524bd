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

#include "base/clock.h"
#include "base/err.h"
#include "video/image.h"

#define LOOKAHEAD_SAMPLES 60 /* enough for any recording */
#define LOOKAHEAD_MAX 64     /* so many are remembered */

struct lookahead;
/* For pictures of w x h; about 80 bytes a pixel. */
struct lookahead *lookahead_new(int w, int h);
void lookahead_free(struct lookahead *l); /* NULL is allowed */

/* One picture. Times must rise (ERR_STATE). When there is no room left, one that lies close
 * between others is forgotten. */
int lookahead_add(struct lookahead *l, int64_t t_us, const struct yuv *in, struct err *err);
void lookahead_forget_all(struct lookahead *l);
/* When the last picture was; CLOCK_NONE: there is none. */
int64_t lookahead_last_us(const struct lookahead *l);
/* Forgets pictures from before t_us, but for the last one. */
void lookahead_forget_before(struct lookahead *l, int64_t t_us);

/* The scene as it is without what moved through it, in the first picture's light. ERR_STATE
 * before the first picture. */
int lookahead_plate(const struct lookahead *l, struct yuv *out, struct err *err);

/* Where, 255, the pictures say more surely what the scene is than
 * model does, and what it is, in model's light. Returns how many pixels that are; 0,
 * and nothing is written, when there are too few pictures to tell. */
int lookahead_surer(struct lookahead *l, const struct yuv *model, struct yuv *out,
		    struct image *where);

/* All of it as bytes, as many as lookahead_state_size says, which depends on w and h only.
 * load: false, and nothing changes, when they make no sense. */
size_t lookahead_state_size(const struct lookahead *l);
void lookahead_save(const struct lookahead *l, uint8_t *to);
bool lookahead_load(struct lookahead *l, const uint8_t *from);

#endif
