/* SPDX-License-Identifier: Apache-2.0 */
/* test_saved.c -- a background model saved and loaded goes on as if nothing had been. */
#include "base/str.h"
#include "base/vec.h"
#include "noise.h"
#include "vision/background.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { W = 70, H = 45, FRAME_US = 40000 };

struct saved {
	uint8_t *buf;
	size_t len;
};

static struct background *model(const char *backend, int w, int h)
{
	struct background_opts o = BACKGROUND_OPTS_DEFAULT;
	struct background *bg;

	o.backend = (char *)backend;
	o.absorb_s = 8;
	bg = background_new(&o, w, h, NULL);
	assert_non_null(bg);
	return bg;
}

/* Things come, go and stay, the light changes, a night comes: frame i is always the same. */
static void draw(struct yuv *in, int i)
{
	struct yuv clean;
	uint32_t noise = (uint32_t)i + 1;

	yuv_init(&clean, W, H);
	room(&clean);
	fill_box(&clean.y, i % (W - 12), 8, 12, 25, 210);
	fill_box(&clean.v, 40, 20, 20, i / 50 % 2 ? 20 : 1, 90);
	for (int y = 0; y < H; y++)
		for (int x = 0; x < W; x++)
			image_row(&clean.y, y)[x] = (uint8_t)(image_row(&clean.y, y)[x] *
							      (i % 90 > 60 ? 3 : 4) / 4);
	if (i > 150 && i < 220) {
		fill(&clean.u, 128);
		fill(&clean.v, 128);
	}
	with_noise(in, &clean, 4, &noise);
	yuv_clear(&clean);
}

static void step(struct background *bg, int i, struct image *mask)
{
	struct yuv in;

	yuv_init(&in, W, H);
	draw(&in, i);
	assert_int_equal(background_step(bg, (int64_t)i * FRAME_US, &in, NULL, mask, NULL), 0);
	yuv_clear(&in);
}

static struct saved save(const struct background *bg)
{
	struct saved s;

	assert_int_equal(background_save(bg, &s.buf, &s.len, NULL), 0);
	return s;
}

/* From frame on, 80 of them, a and b give the same masks. */
static void assert_same_masks(struct background *a, struct background *b, int frame)
{
	struct image ma, mb;

	image_init(&ma, W, H);
	image_init(&mb, W, H);
	for (int i = frame; i < frame + 80; i++) {
		step(a, i, &ma);
		step(b, i, &mb);
		for (int y = 0; y < H; y++)
			assert_memory_equal(image_row(&ma, y), image_row(&mb, y), W);
	}
	image_clear(&ma);
	image_clear(&mb);
}

/* Within the bootstrap, after it, while the light changes, by night and after it. */
static void it_goes_on_bit_by_bit(void **state)
{
	static const int ends[] = { 1, 10, 40, 62, 130, 160, 200, 240 };
	struct image mask;
	(void)state;

	image_init(&mask, W, H);
	for (size_t k = 0; k < sizeof(ends) / sizeof(*ends); k++) {
		struct background *a = model("mcw", W, H), *b = model("mcw", W, H);
		struct saved s, again;

		for (int i = 0; i < ends[k]; i++)
			step(a, i, &mask);
		step(b, 7, &mask); /* whatever it knew is forgotten */
		s = save(a);
		assert_int_equal(background_load(b, s.buf, s.len, NULL), 0);
		again = save(b);
		assert_int_equal(again.len, s.len);
		assert_memory_equal(again.buf, s.buf, s.len);
		assert_same_masks(a, b, ends[k]);
		free(s.buf);
		free(again.buf);
		background_free(a);
		background_free(b);
	}
	image_clear(&mask);
}

static void time_may_have_been_set_back(void **state)
{
	struct background *a = model("mcw", W, H), *b = model("mcw", W, H);
	struct image mask;
	struct saved s;
	struct yuv in;
	(void)state;

	image_init(&mask, W, H);
	yuv_init(&in, W, H);
	for (int i = 0; i < 40; i++)
		step(a, i, &mask);
	s = save(a);
	assert_int_equal(background_load(b, s.buf, s.len, NULL), 0);
	draw(&in, 40);
	assert_int_equal(background_step(b, 5, &in, NULL, &mask, NULL), 0);
	assert_int_equal(background_step(b, 5, &in, NULL, &mask, NULL), ERR_STATE);
	free(s.buf);
	yuv_clear(&in);
	image_clear(&mask);
	background_free(a);
	background_free(b);
}

static void refuses(struct background *bg, const uint8_t *buf, size_t len, int code)
{
	struct err err = { 0 };

	assert_int_equal(background_load(bg, buf, len, &err), code);
	assert_true(err.msg[0] != '\0');
}

static struct saved trained(struct background *bg)
{
	struct image mask;

	image_init(&mask, W, H);
	for (int i = 0; i < 60; i++)
		step(bg, i, &mask);
	image_clear(&mask);
	return save(bg);
}

static void what_does_not_fit_is_refused(void **state)
{
	struct background *a = model("mcw", W, H), *other = model("mcw", W + 1, H);
	struct background *knn = model("knn", W, H);
	struct saved s = trained(a);
	uint8_t *none;
	size_t n;
	(void)state;

	refuses(other, s.buf, s.len, ERR_RANGE);
	refuses(knn, s.buf, s.len, ERR_STATE);
	assert_int_equal(background_save(knn, &none, &n, NULL), ERR_STATE);
	s.buf[8]++; /* the version */
	refuses(a, s.buf, s.len, ERR_FORMAT);
	free(s.buf);
	background_free(a);
	background_free(other);
	background_free(knn);
}

/* Cut off anywhere, or with any one byte changed, it is refused, and the model stays. */
static void damage_is_noticed(void **state)
{
	struct background *a = model("mcw", W, H), *b = model("mcw", W, H);
	struct saved s = trained(a), before;
	(void)state;

	before = trained(b);
	for (size_t n = 0; n < s.len; n += n < 200 ? 1 : 997)
		refuses(b, s.buf, n, ERR_FORMAT);
	for (size_t i = 0; i < s.len; i += i < 200 ? 1 : 499) {
		struct err err = { 0 };

		s.buf[i] ^= 0x10;
		assert_true(background_load(b, s.buf, s.len, &err) < 0);
		s.buf[i] ^= 0x10;
	}
	free(s.buf);
	s = save(b);
	assert_memory_equal(s.buf, before.buf, s.len);
	free(s.buf);
	free(before.buf);
	background_free(a);
	background_free(b);
}

/* Whatever the bytes, as long as the sum is right: it is refused, or the model works. */
static void nonsense_does_no_harm(void **state)
{
	struct background *a = model("mcw", W, H);
	struct saved s = trained(a);
	uint8_t *good = xmalloc(s.len);
	uint32_t random = 5;
	struct image mask;
	int taken = 0, refused = 0;
	(void)state;

	image_init(&mask, W, H);
	memcpy(good, s.buf, s.len);
	for (int round = 0; round < 400; round++) {
		struct background *b = model("mcw", W, H);
		size_t reach = round % 2 ? 400 : s.len - 8;
		uint64_t sum;

		memcpy(s.buf, good, s.len);
		for (int k = 0; k <= round % 7; k++)
			s.buf[72 + noise_next(&random) % (reach - 72)] =
				(uint8_t)noise_next(&random);
		sum = str_hash(STR_HASH_INIT, s.buf, s.len - 8);
		for (int i = 0; i < 8; i++)
			s.buf[s.len - 8 + (size_t)i] = (uint8_t)(sum >> (8 * i));
		if (background_load(b, s.buf, s.len, NULL) == 0) {
			taken++;
			for (int i = 60; i < 64; i++)
				step(b, i, &mask);
		} else {
			refused++;
		}
		background_free(b);
	}
	assert_true(taken > 20 && refused > 20);
	free(good);
	free(s.buf);
	image_clear(&mask);
	background_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_goes_on_bit_by_bit),
		cmocka_unit_test(time_may_have_been_set_back),
		cmocka_unit_test(what_does_not_fit_is_refused),
		cmocka_unit_test(damage_is_noticed),
		cmocka_unit_test(nonsense_does_no_harm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
