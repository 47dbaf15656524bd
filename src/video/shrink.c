/* SPDX-License-Identifier: Apache-2.0 */
/* shrink.c -- from the camera's picture to the analysis picture.
 *
 * A row of the output is made in two passes that compilers turn into vector code: the rows that
 * it covers are added up column by column into 16-bit sums, then neighbouring columns of the
 * sums are added and divided. Factors above ROWS_MAX would overflow the sums and take a plain
 * loop; no camera needs them.
 */
#include "video/shrink.h"

#include <assert.h>
#include <string.h>

#define ROWS_MAX 256 /* 256 * 255 fits 16 bits */
#define INLINE static inline __attribute__((always_inline))

int shrink_factor(int w, int h, int max_px)
{
	int f = 1;

	assert(w >= 1 && h >= 1 && max_px >= 1);
	while ((int64_t)w * h > (int64_t)max_px * f * f)
		f++;
	/* A long thin picture must keep at least one row and one column. */
	while (f > 1 && (w / f < 1 || h / f < 1))
		f--;
	return f;
}

void shrink_size(int w, int h, int f, int *out_w, int *out_h)
{
	*out_w = w / f;
	*out_h = h / f;
}

/* sums[x] = column x of rows y0 .. y0+n-1, for x < w. */
static void add_rows(uint16_t *restrict sums, const struct image *in, int w, int y0, int n)
{
	const uint8_t *restrict first = image_row(in, y0);

	for (int x = 0; x < w; x++)
		sums[x] = first[x];
	for (int y = y0 + 1; y < y0 + n; y++) {
		const uint8_t *restrict row = image_row(in, y);

		for (int x = 0; x < w; x++)
			sums[x] = (uint16_t)(sums[x] + row[x]);
	}
}

/* Means of n columns each, of sums over n rows. */
INLINE void add_columns(uint8_t *restrict out, const uint16_t *restrict sums, int w, int n)
{
	uint32_t area = (uint32_t)n * (uint32_t)n;

	for (int x = 0; x < w; x++) {
		uint32_t sum = area / 2;

		for (int i = 0; i < n; i++)
			sum += sums[x * n + i];
		out[x] = (uint8_t)(sum / area);
	}
}

/* Four rows of at most 255 and the rounding fit 16 bits sixteen times over; narrow arithmetic
 * is what the compiler needs to keep eight columns in a register. */
static void add_columns_4(uint8_t *restrict out, const uint16_t *restrict sums, int w)
{
	for (int x = 0; x < w; x++)
		out[x] = (uint8_t)((uint16_t)(sums[4 * x] + sums[4 * x + 1] + sums[4 * x + 2] +
					      sums[4 * x + 3] + 8) >>
				   4);
}

static uint8_t mean(const struct image *in, int x0, int nx, int y0, int ny)
{
	uint64_t n = (uint64_t)nx * (uint64_t)ny, sum = n / 2;

	for (int y = y0; y < y0 + ny; y++)
		for (int x = x0; x < x0 + nx; x++)
			sum += image_row(in, y)[x];
	return (uint8_t)(sum / n);
}

/* Each output pixel is the mean of n x n of in. */
static void boxes(struct image *out, const struct image *in, int n)
{
	uint16_t sums[IMAGE_MAX];

	for (int y = 0; y < out->h; y++) {
		uint8_t *row = image_row(out, y);

		if (n == 1) {
			memcpy(row, image_row(in, y), (size_t)out->w);
			continue;
		}
		if (n > ROWS_MAX) {
			for (int x = 0; x < out->w; x++)
				row[x] = mean(in, x * n, n, y * n, n);
			continue;
		}
		add_rows(sums, in, out->w * n, y * n, n);
		if (n == 2)
			add_columns(row, sums, out->w, 2);
		else if (n == 3)
			add_columns(row, sums, out->w, 3);
		else if (n == 4)
			add_columns_4(row, sums, out->w);
		else
			add_columns(row, sums, out->w, n);
	}
}

/* Chroma for an odd f. A chroma sample lies at the corner of four luma pixels, sample i at
 * 2i+1: of the f samples that belong to outputs 2k and 2k+1, the first (f-1)/2 have their
 * centre in output 2k, the others in 2k+1. With f = 1 output 2k has none and takes the one it
 * shares. */
struct span {
	int from, n;
};

static struct span odd_span(int out, int f)
{
	int half = (f - 1) / 2, from = out / 2 * f;

	if (out % 2)
		return (struct span){ from + half, f - half };
	return (struct span){ from, half ? half : 1 };
}

INLINE void odd_columns(uint8_t *restrict out, const uint16_t *restrict sums, int w, int f,
			int rows)
{
	for (int x = 0; x < w; x++) {
		struct span s = odd_span(x, f);
		uint32_t n = (uint32_t)(s.n * rows), sum = n / 2;

		for (int i = 0; i < s.n; i++)
			sum += sums[s.from + i];
		out[x] = (uint8_t)(sum / n);
	}
}

/* f = 1: each sample serves its four pixels. */
static void double_columns(uint8_t *restrict out, const uint8_t *restrict in, int w)
{
	int x;

	for (x = 0; x + 1 < w; x += 2)
		out[x] = out[x + 1] = in[x / 2];
	if (x < w)
		out[x] = in[x / 2];
}

/* f = 3, the factor of 1280x720: one sample for an even output and two for an odd one, so that
 * dividing is a shift. */
static void odd_columns_3(uint8_t *restrict out, const uint16_t *restrict sums, int w, int rows)
{
	int shift = rows - 1, x;

	for (x = 0; x + 1 < w; x += 2) {
		const uint16_t *s = sums + x / 2 * 3;

		out[x] = (uint8_t)((s[0] + shift) >> shift);
		out[x + 1] = (uint8_t)((s[1] + s[2] + rows) >> (shift + 1));
	}
	if (x < w)
		out[x] = (uint8_t)((sums[x / 2 * 3] + shift) >> shift);
}

static void odd_chroma(struct image *out, const struct image *in, int f)
{
	uint16_t sums[IMAGE_MAX];

	for (int y = 0; y < out->h; y++) {
		struct span v = odd_span(y, f), last = odd_span(out->w - 1, f);
		uint8_t *row = image_row(out, y);

		if (f == 1) {
			double_columns(row, image_row(in, v.from), out->w);
			continue;
		}
		if (f > ROWS_MAX) {
			for (int x = 0; x < out->w; x++) {
				struct span s = odd_span(x, f);

				row[x] = mean(in, s.from, s.n, v.from, v.n);
			}
			continue;
		}
		add_rows(sums, in, last.from + last.n, v.from, v.n);
		if (f == 3)
			odd_columns_3(row, sums, out->w, v.n);
		else
			odd_columns(row, sums, out->w, f, v.n);
	}
}

void shrink(struct yuv *out, const struct frame *in, int f)
{
	assert(f >= 1 && out->y.w == in->y.w / f && out->y.h == in->y.h / f);
	boxes(&out->y, &in->y, f);
	if (f % 2 == 0) {
		boxes(&out->u, &in->u, f / 2);
		boxes(&out->v, &in->v, f / 2);
	} else {
		odd_chroma(&out->u, &in->u, f);
		odd_chroma(&out->v, &in->v, f);
	}
}
