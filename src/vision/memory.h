/* SPDX-License-Identifier: Apache-2.0 */
/* memory.h -- a camera that is watched live remembers its last two hours.
 *
 * A background model that starts without a picture of the empty scene takes for scene whoever
 * is there, and forgets in minutes. The memory keeps what lookahead.h needs to tell the scene:
 * soon after the start from the last seconds, later from 10, 30 and in the end 120 minutes;
 * where it is surer than the model, the model takes it over.
 */
#ifndef VISION_MEMORY_H
#define VISION_MEMORY_H

#include "vision/background.h"

#define MEMORY_SPAN_US (INT64_C(7200) * 1000000)

struct memory;
/* For pictures of w x h; about 90 bytes a pixel. */
struct memory *memory_new(int w, int h);
void memory_free(struct memory *m); /* NULL is allowed */

/* After each background_step() of bg with the same t_us and picture; feedback: as there, or
 * NULL. Works on a picture now and then, and puts bg right at 4 s, 8 s, 16 s, ... and later
 * every ten minutes; then only it takes memory, and as long as some frames. Never puts anything
 * right under a track. Returns how many pixels it put right, or background_plate()'s error. */
int memory_step(struct memory *m, struct background *bg, int64_t t_us, const struct yuv *in,
		const struct image *feedback, struct err *err);

/* The memory as bytes, as many as memory_state_size says, which depends on w and h only. load:
 * false, and m is only good to be freed, when they make no sense. When the clock was set back
 * since, so that the next picture is not later than those remembered, memory_step() begins
 * anew. */
size_t memory_state_size(const struct memory *m);
void memory_save(const struct memory *m, uint8_t *to);
bool memory_load(struct memory *m, const uint8_t *from);

#endif
