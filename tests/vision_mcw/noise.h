/* SPDX-License-Identifier: Apache-2.0 */
/* noise.h -- numbers that look random and are the same on every machine; pictures of them. */
#ifndef TEST_NOISE_H
#define TEST_NOISE_H

#include "video/image.h"

/* xorshift32; *state is not 0. */
uint32_t noise_next(uint32_t *state);

/* All pixels of a plane, or of a box in it, of one value. */
void fill(struct image *im, uint8_t v);
void fill_box(struct image *im, int x, int y, int w, int h, uint8_t v);

/* A room: luma 40..150 with edges and texture, some colour. */
void room(struct yuv *p);
/* Adds noise of -amount..amount to the luma of clean. */
void with_noise(struct yuv *out, const struct yuv *clean, int amount, uint32_t *state);

/* How many pixels are not 0, in all or in a box. */
int count_set(const struct image *im);
int count_set_box(const struct image *im, int x, int y, int w, int h);

#endif
