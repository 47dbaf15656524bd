/* SPDX-License-Identifier: Apache-2.0 */
/* mask_loops.h -- the loops that mask_rows.h tells of.
 *
 * Included once by each of mask_rows.c and mask_avx2.c, after they have said what the table is
 * called: MASK_ROWS.
 */
#include "vision/mask_rows.h"

#include <math.h>
#include <string.h>

static void any(uint8_t *restrict to, const uint8_t *restrict from, int n)
{
	for (int i = 0; i < n; i++)
		to[i] |= from[i];
}

static void slide(uint16_t *restrict cols, const uint16_t *restrict before,
		  const uint8_t *restrict next, const uint8_t *restrict last, int bits, int n)
{
	for (int i = 0; i < n; i++)
		cols[i] = (uint16_t)(before[i] + (next[i] & bits) - (last[i] & bits));
}

static void sum(uint16_t *restrict out, const uint16_t *restrict cols, int reach, int n)
{
	if (reach == 2) {
		for (int i = 0; i < n; i++)
			out[i] = (uint16_t)(cols[i] + cols[i + 1] + cols[i + 2] + cols[i + 3] +
					    cols[i + 4]);
		return;
	}
	memcpy(out, cols, (size_t)n * sizeof(*out));
	for (int k = 1; k <= 2 * reach; k++)
		for (int i = 0; i < n; i++)
			out[i] = (uint16_t)(out[i] + cols[i + k]);
}

static void residual(uint8_t *restrict out, const uint8_t *restrict y,
		     const uint8_t *restrict b, const uint16_t *restrict sum_y,
		     const uint16_t *restrict sum_b, int n)
{
	for (int i = 0; i < n; i++) {
		float r = (float)b[i] * (float)sum_y[i] / (float)(sum_b[i] + (sum_b[i] == 0));
		float d = fabsf((float)y[i] - r) + 0.5F;

		out[i] = (uint8_t)(int)(d < 255 ? d : 255);
	}
}

/* keep becomes 0 where luma is that of a shadow; 255 elsewhere. */
static void keep_luma(uint8_t *restrict keep, const struct mask_shades *s,
		      const struct mask_limits *l, int n)
{
	const uint16_t *restrict sum_y = s->y, *restrict sum_b = s->y0;
	const uint16_t *restrict uneven = s->uneven;
	const uint16_t dark = l->dark, bright = l->bright, most = l->uneven;

	for (int i = 0; i < n; i++) {
		/* eight times a sum still has 16 bits, and the product's halves are one
		 * instruction each for many pixels */
		const uint16_t b = (uint16_t)(sum_b[i] * 8);
		const uint16_t rest = (uint16_t)((uint32_t)b * dark);
		const uint16_t lo = (uint16_t)((((uint32_t)b * dark) >> 16) + (rest != 0));
		const uint16_t hi = (uint16_t)(((uint32_t)b * bright) >> 16);
		const uint16_t y = sum_y[i];

		keep[i] = (y < lo) | (y > hi) | (uneven[i] >= most) ? 255 : 0;
	}
}

/* And 255 where chroma differs by more than most. */
static void keep_chroma(uint8_t *restrict keep, const uint8_t *restrict c,
			const uint8_t *restrict c0, uint8_t most, int n)
{
	for (int i = 0; i < n; i++) {
		const uint8_t d = (uint8_t)(c[i] > c0[i] ? c[i] - c0[i] : c0[i] - c[i]);

		keep[i] |= d > most ? 255 : 0;
	}
}

static void take_shadows(uint8_t *restrict mask, uint8_t *restrict keep,
			 const struct mask_shades *s, const struct mask_limits *l, int n)
{
	keep_luma(keep, s, l, n);
	keep_chroma(keep, s->u, s->u0, l->chroma, n);
	keep_chroma(keep, s->v, s->v0, l->chroma, n);
	for (int i = 0; i < n; i++)
		mask[i] &= keep[i];
}

static void any_of_5(uint8_t *restrict out, const uint8_t *above, const uint8_t *row,
		     const uint8_t *below, int n)
{
	out[0] = (uint8_t)(above[0] | row[0] | row[1] | below[0]);
	for (int i = 1; i < n - 1; i++)
		out[i] = (uint8_t)(above[i] | row[i - 1] | row[i] | row[i + 1] | below[i]);
	out[n - 1] = (uint8_t)(above[n - 1] | row[n - 2] | row[n - 1] | below[n - 1]);
}

static void all_of_5(uint8_t *restrict out, const uint8_t *above, const uint8_t *row,
		     const uint8_t *below, int n)
{
	out[0] = (uint8_t)(above[0] & row[0] & row[1] & below[0]);
	for (int i = 1; i < n - 1; i++)
		out[i] = (uint8_t)(above[i] & row[i - 1] & row[i] & row[i + 1] & below[i]);
	out[n - 1] = (uint8_t)(above[n - 1] & row[n - 2] & row[n - 1] & below[n - 1]);
}

const struct mask_rows MASK_ROWS = {
	.any = any,
	.slide = slide,
	.sum = sum,
	.residual = residual,
	.take_shadows = take_shadows,
	.any_of_5 = any_of_5,
	.all_of_5 = all_of_5,
};
