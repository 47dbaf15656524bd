/* SPDX-License-Identifier: Apache-2.0 */
/* shrink.c -- from the camera's picture to the analysis picture.
 *
 * A row of the output is made in two passes (shrink_loops.h): the rows that it covers are added
 * up column by column into 16-bit sums, then neighbouring columns of the sums are added and
 * divided. Factors above ROWS_MAX would overflow the sums and take a plain loop; no camera
 * needs them.
 */
#include "video/shrink.h"

#include "video/shrink_rows.h"

#include <assert.h>
#include <string.h>

#define ROWS_MAX 256 /* 256 * 255 fits 16 bits */

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

static bool plain_only;

void shrink_plain(bool plain)
{
	plain_only = plain;
}

static const struct shrink_rows *rows_in_use(void)
{
#if defined(__x86_64__)
	if (!plain_only && __builtin_cpu_supports("avx2"))
		return &shrink_rows_avx2;
#endif
	return &shrink_rows_plain;
}

/* sums[x] = column x of rows y0 .. y0+n-1, for x < w. */
static void add_rows(const struct shrink_rows *rows, uint16_t *sums, const struct image *in,
		     int w, int y0, int n)
{
	const uint8_t *row[SHRINK_ROWS];

	for (int y = 0; y < n; y += SHRINK_ROWS) {
		int some = n - y < SHRINK_ROWS ? n - y : SHRINK_ROWS;

		for (int i = 0; i < some; i++)
			row[i] = image_row(in, y0 + y + i);
		if (y == 0)
			memset(sums, 0, (size_t)w * sizeof(*sums));
		rows->add(sums, row, some, w);
	}
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
	const struct shrink_rows *rows = rows_in_use();
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
		add_rows(rows, sums, in, out->w * n, y * n, n);
		rows->columns(row, sums, out->w, n);
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

static void odd_columns(uint8_t *restrict out, const uint16_t *restrict sums, int w, int f,
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

static void odd_chroma(struct image *out, const struct image *in, int f)
{
	const struct shrink_rows *rows = rows_in_use();
	uint16_t sums[IMAGE_MAX];

	for (int y = 0; y < out->h; y++) {
		struct span v = odd_span(y, f), last = odd_span(out->w - 1, f);
		uint8_t *row = image_row(out, y);

		if (f == 1) {
			rows->twice(row, image_row(in, v.from), out->w);
			continue;
		}
		if (f > ROWS_MAX) {
			for (int x = 0; x < out->w; x++) {
				struct span s = odd_span(x, f);

				row[x] = mean(in, s.from, s.n, v.from, v.n);
			}
			continue;
		}
		add_rows(rows, sums, in, last.from + last.n, v.from, v.n);
		if (f == 3)
			rows->thirds(row, sums, out->w, last.from + last.n, v.n);
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
