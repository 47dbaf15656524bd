/* SPDX-License-Identifier: Apache-2.0 */
/* mcw.h -- the background model MCW: a few codewords per pixel, counted, never drawn at random.
 *
 * Each pixel has three codewords (Y, U, V, weight), heaviest first. A codeword gains weight
 * with the time that its pixel has it and loses it, four times as slowly, while the pixel has
 * another; from a certain weight on it is background. So what stands still is absorbed after a
 * time, not after a number of frames, and what it covered is known again at once when it
 * leaves. Before that the light is evened out in blocks of 16x16 pixels, after that what is
 * only darker than the background, in the same proportion all over 5x5 pixels, is taken for a
 * shadow.
 *
 * Integers only: the same pictures give the same bytes on every machine.
 */
#ifndef VISION_MCW_H
#define VISION_MCW_H

#include "vision/background.h"

extern const struct background_kind bg_mcw; /* backend "mcw" */

struct mcw;

/* o: absorb_s and threshold are used (0: luma differs by 12 levels). */
struct mcw *mcw_new(const struct background_opts *o, int w, int h);
void mcw_free(struct mcw *m); /* NULL is allowed */

/* One frame, w x h as are all pictures here. dt_s: since the frame before; pauses of more than
 * two seconds count as two, since nobody knows what stood there meanwhile. feedback: enum
 * feedback, or NULL. mask becomes 255 or 0; shadows are 0. Allocates nothing. */
void mcw_step(struct mcw *m, double dt_s, const struct yuv *in, const struct image *feedback,
	      struct image *mask);

/* Forgets everything and takes plate for the scene: no bootstrap follows. */
void mcw_seed(struct mcw *m, const struct yuv *plate);

/* Where is not 0, scene is the scene, and what the model took for it is not. */
void mcw_correct(struct mcw *m, const struct yuv *scene, const struct image *where);

/* The scene as it is now, by the heaviest codewords. */
void mcw_plate(const struct mcw *m, struct yuv *out);

struct background_moves mcw_moved(const struct mcw *m);

/* The model as bytes: how many, depending on its size only, and into to. */
size_t mcw_state_size(const struct mcw *m);
void mcw_save(const struct mcw *m, uint8_t *to);
/* Goes on where the model that was saved stopped, which had the same size. False, and m is what
 * it was, when a number in it is out of its limits. */
bool mcw_load(struct mcw *m, const uint8_t *from);

/* Instruction sets that the pixel loops exist for. All give the same bytes. */
enum mcw_level { MCW_NONE, MCW_SCALAR, MCW_SSE2, MCW_AVX2, MCW_NEON };

/* From now on, for all models, use this one; MCW_NONE: the best that the processor has, as at
 * the start of the program. False, and nothing changes, when the processor or the program does
 * not have it. For tests and benchmarks: not to be called while another thread steps. */
bool mcw_set_level(enum mcw_level level);
/* Which one is used: "scalar", "sse2", "avx2", "neon". */
const char *mcw_level_name(void);

#endif
