/* SPDX-License-Identifier: Apache-2.0 */
/* lookahead_words.h -- what looking ahead remembers of each pixel, for lookahead*.c only. */
#ifndef VISION_LOOKAHEAD_WORDS_H
#define VISION_LOOKAHEAD_WORDS_H

#include "video/image.h"
#include "vision/lookahead.h"

#define LOOKAHEAD_WORDS 4

/* A value that a pixel has had. */
struct lookahead_word {
	uint8_t y, u, v;
	uint64_t seen; /* a bit per picture, the oldest one's is the lowest; 0: unused */
};

static inline int seen_count(uint64_t seen)
{
	return __builtin_popcountll(seen);
}

/* seen is not 0. */
static inline int seen_first(uint64_t seen)
{
	return __builtin_ctzll(seen);
}

static inline int seen_last(uint64_t seen)
{
	return 63 - __builtin_clzll(seen);
}

/* Decides which of its words each pixel has when nobody is there. words: LOOKAHEAD_WORDS per
 * pixel, row by row, at least one of them used; t_us: when the n pictures were. */
void lookahead_choose(const struct lookahead_word *words, const int64_t *t_us, int n,
		      struct yuv *out);

#endif
