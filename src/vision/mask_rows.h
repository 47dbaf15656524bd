/* SPDX-License-Identifier: Apache-2.0 */
/* mask_rows.h -- the loops of mask.c along a row of n pixels, for mask*.c only.
 *
 * They are plain C without branches (mask_loops.h), that a compiler makes vectors of; it is
 * compiled once for every processor that the program runs on (mask_rows.c) and once more for
 * those with AVX2 (mask_avx2.c). The results are the same bytes.
 */
#ifndef VISION_MASK_ROWS_H
#define VISION_MASK_ROWS_H

#include <stdint.h>

/* What may be a shadow: limits of its luma over the plate's, in shares of 1/8192, of its
 * unevenness, summed up over a window, and of its distance in chroma. */
struct mask_limits {
	uint16_t dark, bright, uneven;
	uint8_t chroma;
};

/* A row of what they are compared with: sums of luma over windows, and chroma. */
struct mask_shades {
	const uint16_t *y, *y0, *uneven; /* picture, plate, residuals */
	const uint8_t *u, *u0, *v, *v0;
};

struct mask_rows {
	void (*any)(uint8_t *to, const uint8_t *from, int n); /* to |= from */
	/* cols = before + next & bits - last & bits, of 16 bits. */
	void (*slide)(uint16_t *cols, const uint16_t *before, const uint8_t *next,
		      const uint8_t *last, int bits, int n);
	/* out[i] = cols[i] + ... + cols[i + 2 reach] */
	void (*sum)(uint16_t *out, const uint16_t *cols, int reach, int n);
	/* How far each pixel is from its window's ratio: |y - (sum_y / sum_b) b|, rounded. */
	void (*residual)(uint8_t *out, const uint8_t *y, const uint8_t *b,
			 const uint16_t *sum_y, const uint16_t *sum_b, int n);
	/* mask becomes 0 where everything is within l. keep: n bytes to work in. */
	void (*take_shadows)(uint8_t *mask, uint8_t *keep, const struct mask_shades *s,
			     const struct mask_limits *l, int n);
	/* A pixel or one of its four neighbours; a pixel and all four. Beyond a row's ends
	 * there is no neighbour. n >= 2. */
	void (*any_of_5)(uint8_t *out, const uint8_t *above, const uint8_t *row,
			 const uint8_t *below, int n);
	void (*all_of_5)(uint8_t *out, const uint8_t *above, const uint8_t *row,
			 const uint8_t *below, int n);
};

extern const struct mask_rows mask_rows_plain;
extern const struct mask_rows mask_rows_avx2; /* only where the program was built for it */

/* The loops now in use: the choice of the background model's (mcw_set_level()). */
const struct mask_rows *mask_rows(void);

#endif
