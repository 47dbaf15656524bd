/* SPDX-License-Identifier: Apache-2.0 */
/* shrink_loops.h -- the loops that shrink_rows.h tells of.
 *
 * Included once by each of shrink_rows.c and shrink_avx2.c, after they have said what the table
 * is called, SHRINK_TABLE, and defined
 *   pick_3(out, from, n)      out[i] = from[3 i]
 * Compilers make vectors of all the others. Where every third column is wanted, the means from
 * all columns on are made and then picked from: that is much faster than to pick sums.
 */
#include "video/image.h"
#include "video/shrink_rows.h"

#define INLINE static inline __attribute__((always_inline))

INLINE void add_n(uint16_t *restrict sums, const uint8_t *const row[SHRINK_ROWS], int n, int w)
{
	const uint8_t *restrict a = row[0], *restrict b = n > 1 ? row[1] : a;
	const uint8_t *restrict c = n > 2 ? row[2] : a, *restrict d = n > 3 ? row[3] : a;

	for (int x = 0; x < w; x++)
		sums[x] = (uint16_t)(sums[x] + a[x] + (n > 1 ? b[x] : 0) + (n > 2 ? c[x] : 0) +
				     (n > 3 ? d[x] : 0));
}

/* The number of rows is known to the compiler in each of the calls. */
static void add(uint16_t *sums, const uint8_t *const row[SHRINK_ROWS], int n, int w)
{
	switch (n) {
	case 1:
		add_n(sums, row, 1, w);
		break;
	case 2:
		add_n(sums, row, 2, w);
		break;
	case 3:
		add_n(sums, row, 3, w);
		break;
	default:
		add_n(sums, row, 4, w);
	}
}

static void columns_2(uint8_t *restrict out, const uint16_t *restrict sums, int w)
{
	for (int x = 0; x < w; x++)
		out[x] = (uint8_t)((uint16_t)(sums[2 * x] + sums[2 * x + 1] + 2) >> 2);
}

/* A ninth of up to 2299 is as many times 7282 / 65536, rounded down. */
static void columns_3(uint8_t *restrict out, const uint16_t *restrict sums, int w)
{
	uint8_t from[IMAGE_MAX];

	for (int x = 0; x < 3 * w - 2; x++) {
		uint16_t sum = (uint16_t)(sums[x] + sums[x + 1] + sums[x + 2] + 4);

		from[x] = (uint8_t)((sum * 7282U) >> 16);
	}
	pick_3(out, from, w);
}

/* Four rows of at most 255 and the rounding fit 16 bits sixteen times over; narrow arithmetic
 * is what the compiler needs to keep many columns in a register. */
static void columns_4(uint8_t *restrict out, const uint16_t *restrict sums, int w)
{
	for (int x = 0; x < w; x++)
		out[x] = (uint8_t)((uint16_t)(sums[4 * x] + sums[4 * x + 1] + sums[4 * x + 2] +
					      sums[4 * x + 3] + 8) >>
				   4);
}

static void columns(uint8_t *restrict out, const uint16_t *restrict sums, int w, int n)
{
	const uint32_t area = (uint32_t)n * (uint32_t)n;

	if (n == 2)
		columns_2(out, sums, w);
	else if (n == 3)
		columns_3(out, sums, w);
	else if (n == 4)
		columns_4(out, sums, w);
	for (int x = 0; n > 4 && x < w; x++) {
		uint32_t sum = area / 2;

		for (int i = 0; i < n; i++)
			sum += sums[x * n + i];
		out[x] = (uint8_t)(sum / area);
	}
}

/* What is divided by is a power of two. */
static void thirds(uint8_t *restrict out, const uint16_t *restrict sums, int w, int n, int rows)
{
	const int shift = rows - 1;
	uint8_t even[IMAGE_MAX], odd[IMAGE_MAX], picked[2][IMAGE_MAX];

	for (int x = 0; x < n; x++)
		even[x] = (uint8_t)((uint16_t)(sums[x] + shift) >> shift);
	for (int x = 1; x + 1 < n; x++)
		odd[x - 1] = (uint8_t)((uint16_t)(sums[x] + sums[x + 1] + rows) >> (shift + 1));
	pick_3(picked[0], even, (w + 1) / 2);
	pick_3(picked[1], odd, w / 2);
	for (int x = 0; x < w / 2; x++) {
		out[2 * x] = picked[0][x];
		out[2 * x + 1] = picked[1][x];
	}
	if (w % 2)
		out[w - 1] = picked[0][w / 2];
}

static void twice(uint8_t *restrict out, const uint8_t *restrict in, int w)
{
	for (int x = 0; x < w / 2; x++) {
		out[2 * x] = in[x];
		out[2 * x + 1] = in[x];
	}
	if (w % 2)
		out[w - 1] = in[w / 2];
}

const struct shrink_rows SHRINK_TABLE = {
	.add = add,
	.columns = columns,
	.thirds = thirds,
	.twice = twice,
};
