/* SPDX-License-Identifier: Apache-2.0 */
/* shrink_rows.h -- the loops of shrink.c along a row, for shrink*.c only.
 *
 * They are plain C (shrink_loops.h), compiled once for every processor that the program runs on
 * (shrink_rows.c) and once more for those with AVX2 (shrink_avx2.c): the results are the same.
 */
#ifndef VIDEO_SHRINK_ROWS_H
#define VIDEO_SHRINK_ROWS_H

#include <stdint.h>

#define SHRINK_ROWS 4 /* of a picture, added up at once */

struct shrink_rows {
	/* sums[x] += row[0][x] + ... + row[n - 1][x], for x < w */
	void (*add)(uint16_t *sums, const uint8_t *const row[SHRINK_ROWS], int n, int w);
	/* Means of n columns each, of sums over n rows. */
	void (*columns)(uint8_t *out, const uint16_t *sums, int w, int n);
	/* Means of one column for an even output, of the two after it for an odd one: three of
	 * n columns for each two of w. rows: 1 or 2, that sums are over. */
	void (*thirds)(uint8_t *out, const uint16_t *sums, int w, int n, int rows);
	/* Each sample of in serves two pixels of w. */
	void (*twice)(uint8_t *out, const uint8_t *in, int w);
};

extern const struct shrink_rows shrink_rows_plain;
extern const struct shrink_rows shrink_rows_avx2; /* only where the program was built for it */

#endif
