/* SPDX-License-Identifier: Apache-2.0 */
/* test_pixels.c -- shrinking, PNG and colours against plain references and values by hand. */
#include "base/vec.h"
#include "video/png.h"
#include "video/shrink.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static uint32_t state = 1;

static uint32_t draw(void)
{
	state = state * 1664525u + 1013904223u;
	return state >> 16;
}

static void fill(struct image *im)
{
	for (int y = 0; y < im->h; y++)
		for (int x = 0; x < im->w; x++)
			image_row(im, y)[x] = (uint8_t)draw();
}

static uint8_t box_mean(const struct image *im, int x0, int x1, int y0, int y1)
{
	uint64_t sum = 0, n = 0;

	for (int y = y0; y < y1; y++)
		for (int x = x0; x < x1; x++, n++)
			sum += image_row(im, y)[x];
	return (uint8_t)((2 * sum + n) / (2 * n));
}

/* The chroma samples of output pixel i straight from the definition: centres of sample k are at
 * luma 2k+1; with none inside, the one that covers the pixel's left edge. */
static void chroma_range(int i, int f, int n, int *from, int *to)
{
	*from = *to = -1;
	for (int k = 0; k < n; k++) {
		bool inside = f % 2 ? 2 * k + 1 >= i * f && 2 * k + 1 < (i + 1) * f
				    : 2 * k >= i * f && 2 * k < (i + 1) * f;

		if (inside && *from < 0)
			*from = k;
		if (inside)
			*to = k + 1;
	}
	if (*from < 0) {
		*from = i * f / 2;
		*to = *from + 1;
	}
}

static void check_chroma(const struct image *out, const struct image *in, int f)
{
	for (int y = 0; y < out->h; y++) {
		for (int x = 0; x < out->w; x++) {
			int x0, x1, y0, y1;

			chroma_range(x, f, in->w, &x0, &x1);
			chroma_range(y, f, in->h, &y0, &y1);
			assert_int_equal(image_row(out, y)[x], box_mean(in, x0, x1, y0, y1));
		}
	}
}

static void check_shrink(int w, int h, int f)
{
	struct frame in = { 0 };
	struct yuv out;
	int ow, oh;

	image_init(&in.y, w, h);
	image_init(&in.u, (w + 1) / 2, (h + 1) / 2);
	image_init(&in.v, (w + 1) / 2, (h + 1) / 2);
	fill(&in.y);
	fill(&in.u);
	fill(&in.v);
	shrink_size(w, h, f, &ow, &oh);
	yuv_init(&out, ow, oh);
	shrink(&out, &in, f);
	for (int y = 0; y < oh; y++)
		for (int x = 0; x < ow; x++)
			assert_int_equal(
				image_row(&out.y, y)[x],
				box_mean(&in.y, x * f, (x + 1) * f, y * f, (y + 1) * f));
	check_chroma(&out.u, &in.u, f);
	check_chroma(&out.v, &in.v, f);
	yuv_clear(&out);
	image_clear(&in.y);
	image_clear(&in.u);
	image_clear(&in.v);
}

static void check_all_shrinks(void)
{
	for (int f = 1; f <= 12; f++)
		for (int i = 0; i < 20; i++)
			check_shrink(f + (int)(draw() % 120), f + (int)(draw() % 70), f);
	check_shrink(300, 300, 256); /* the last factor of the 16-bit sums, and beyond */
	check_shrink(300, 290, 257);
	check_shrink(600, 280, 258);
	check_shrink(16384, 2, 1);
	check_shrink(16384, 4, 4);
	check_shrink(1280, 24, 3); /* long enough for every vector */
	check_shrink(1283, 25, 3);
}

/* With what this processor has and without. */
static void shrink_is_exact(void **s)
{
	(void)s;
	check_all_shrinks();
	shrink_plain(true);
	check_all_shrinks();
	shrink_plain(false);
}

static void shrink_factors(void **s)
{
	(void)s;
	assert_int_equal(shrink_factor(640, 360, 200000), 2);
	assert_int_equal(shrink_factor(768, 576, 200000), 2);
	assert_int_equal(shrink_factor(1920, 1080, 200000), 4);
	assert_int_equal(shrink_factor(1280, 720, 200000), 3);
	assert_int_equal(shrink_factor(320, 240, 200000), 1);
	assert_int_equal(shrink_factor(1, 1, 1), 1);
	assert_int_equal(shrink_factor(16384, 1, 1), 1); /* a row must be left */
}

static void copy_keeps_pixels(void **s)
{
	struct image a, b;

	(void)s;
	image_init(&a, 70, 3);
	image_init(&b, 70, 3);
	fill(&a);
	image_copy(&b, &a);
	assert_int_equal((uintptr_t)image_row(&a, 1) % 64, 0);
	for (int y = 0; y < 3; y++)
		assert_memory_equal(image_row(&a, y), image_row(&b, y), 70);
	image_clear(&a);
	image_clear(&b);
}

static void png_round_trip(void **s)
{
	static const int sizes[][2] = { { 1, 1 }, { 3, 200 }, { 321, 77 } };

	(void)s;
	for (size_t i = 0; i < 3; i++) {
		struct rgba a, b;
		uint8_t *png;
		size_t len, n;

		rgba_init(&a, sizes[i][0], sizes[i][1]);
		n = (size_t)a.w * (size_t)a.h * 4;
		for (size_t k = 0; k < n; k++)
			a.data[k] = (uint8_t)draw();
		assert_int_equal(png_encode(&a, &png, &len, NULL), 0);
		assert_memory_equal(png, "\x89PNG\r\n\x1a\n", 8);
		assert_int_equal(png_decode(png, len, &b, NULL), 0);
		assert_int_equal(b.w, a.w);
		assert_int_equal(b.h, a.h);
		assert_memory_equal(a.data, b.data, n);
		free(png);
		rgba_clear(&a);
		rgba_clear(&b);
	}
}

/* Every cut-off and many a changed byte is refused, or gives a picture of the size it says, and
 * nothing is written when it is refused. */
static void png_broken(void **s)
{
	struct rgba a, b = { 0 };
	uint8_t *png;
	size_t len;
	int refused = 0;

	(void)s;
	rgba_init(&a, 40, 30);
	assert_int_equal(png_encode(&a, &png, &len, NULL), 0);
	for (size_t n = 0; n + 12 < len; n++) { /* up to the end chunk */
		struct err err;

		assert_int_equal(png_decode(png, n, &b, &err), ERR_FORMAT);
		assert_null(b.data);
	}
	for (int i = 0; i < 300; i++) {
		size_t at = draw() % len;
		uint8_t was = png[at];

		png[at] = (uint8_t)(was ^ (1u << draw() % 8));
		if (png_decode(png, len, &b, NULL) < 0)
			refused++;
		else
			rgba_clear(&b);
		png[at] = was;
	}
	assert_true(refused > 150);
	free(png);
	rgba_clear(&a);
}

static void png_too_large(void **s)
{
	struct rgba a, b = { 0 };
	struct err err;
	uint8_t *png;
	size_t len;

	(void)s;
	rgba_init(&a, 4097, 1);
	assert_int_equal(png_encode(&a, &png, &len, NULL), 0);
	assert_int_equal(png_decode(png, len, &b, &err), ERR_FORMAT);
	assert_string_equal(err.msg, "PNG of 4097x1 pixels; expected at most 4096x4096");
	free(png);
	rgba_clear(&a);
}

/* Colour bars at 100 %: ITU-R BT.601 and BT.709 as tables print them. */
static void colours(void **s)
{
	static const struct {
		uint8_t y, u, v;
		bool full;
		enum yuv_matrix matrix;
		uint8_t r, g, b;
	} cases[] = {
		{ 16, 128, 128, false, YUV_BT601, 0, 0, 0 },
		{ 235, 128, 128, false, YUV_BT601, 255, 255, 255 },
		{ 81, 90, 240, false, YUV_BT601, 254, 0, 0 },
		{ 145, 54, 34, false, YUV_BT601, 0, 255, 1 },
		{ 41, 240, 110, false, YUV_BT601, 0, 0, 255 },
		{ 63, 102, 240, false, YUV_BT709, 255, 1, 0 },
		{ 173, 42, 26, false, YUV_BT709, 0, 255, 1 },
		{ 76, 85, 255, true, YUV_BT601, 254, 0, 0 },
		{ 128, 128, 128, true, YUV_BT709, 128, 128, 128 },
		{ 0, 128, 128, false, YUV_BT601, 0, 0, 0 },
		{ 255, 128, 128, false, YUV_BT601, 255, 255, 255 },
	};
	struct yuv in;
	struct rgba out;

	(void)s;
	yuv_init(&in, 1, 1);
	rgba_init(&out, 1, 1);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		in.y.data[0] = cases[i].y;
		in.u.data[0] = cases[i].u;
		in.v.data[0] = cases[i].v;
		rgba_from_yuv(&out, &in, NULL, cases[i].full, cases[i].matrix);
		assert_in_range(out.data[0] + 1, cases[i].r, cases[i].r + 2);
		assert_in_range(out.data[1] + 1, cases[i].g, cases[i].g + 2);
		assert_in_range(out.data[2] + 1, cases[i].b, cases[i].b + 2);
		assert_int_equal(out.data[3], 255);
	}
	yuv_clear(&in);
	rgba_clear(&out);
}

static void unknown_is_transparent(void **s)
{
	static const uint8_t clear[4];
	struct image mask;
	struct rgba out;
	struct yuv in;

	(void)s;
	yuv_init(&in, 2, 1);
	image_init(&mask, 2, 1);
	rgba_init(&out, 2, 1);
	memset(in.y.data, 200, 2);
	memset(in.u.data, 128, 2);
	memset(in.v.data, 128, 2);
	mask.data[1] = 255;
	rgba_from_yuv(&out, &in, &mask, true, YUV_BT601);
	assert_memory_equal(out.data, clear, 4);
	assert_memory_equal(out.data + 4, "\xc8\xc8\xc8\xff", 4);
	yuv_clear(&in);
	image_clear(&mask);
	rgba_clear(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shrink_is_exact),   cmocka_unit_test(shrink_factors),
		cmocka_unit_test(copy_keeps_pixels), cmocka_unit_test(png_round_trip),
		cmocka_unit_test(png_broken),        cmocka_unit_test(png_too_large),
		cmocka_unit_test(colours),           cmocka_unit_test(unknown_is_transparent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
