/* SPDX-License-Identifier: Apache-2.0 */
/* lookahead_words.h -- what looking ahead remembers of each pixel, for lookahead*.c only. */
#ifndef VISION_LOOKAHEAD_WORDS_H
#define VISION_LOOKAHEAD_WORDS_H

#include "video/image.h"
#include "vision/lookahead.h"
#include "vision/lookahead_light.h"

#include <stdbool.h>

#define LOOKAHEAD_WORDS 4
#define LOOKAHEAD_SEEN 3 /* pictures: fewer may be anyone passing */

/* A value that a pixel has had. */
struct lookahead_word {
	uint8_t y, u, v;
	uint64_t seen; /* a bit per picture, the oldest one's is the lowest; 0: unused */
};

struct lookahead {
	int w, h;
	int n; /* pictures so far */
	int64_t t_us[LOOKAHEAD_MAX];
	struct lookahead_word *words; /* LOOKAHEAD_WORDS of each pixel, row by row */
	struct yuv first;             /* the first picture: its light is the plate's */
	struct yuv evened;            /* the present one in that light */
	struct light light;
	uint16_t *gain;
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

/* Share of the n pictures + share of the time between the first and the last of them, in
 * 1/65536 each. */
int32_t lookahead_evidence(const struct lookahead_word *k, const int64_t *t_us, int n);
/* Did one give way to the other for good? Then time cannot tell which of them is the scene. */
bool lookahead_changed_once(const struct lookahead_word *a, const struct lookahead_word *b);

/* Decides which of its words each pixel has when nobody is there. words: LOOKAHEAD_WORDS per
 * pixel, row by row, at least one of them used; t_us: when the n pictures were. */
void lookahead_choose(const struct lookahead_word *words, const int64_t *t_us, int n,
		      struct yuv *out);

#endif
