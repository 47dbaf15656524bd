/* SPDX-License-Identifier: Apache-2.0 */
/* test_restart.c -- model and memory, saved and loaded, go on as if nothing had been. */
#include "base/str.h"
#include "base/vec.h"
#include "noise.h"
#include "vision/foreground.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { W = 96, H = 72, BW = 20, BH = 40, BY = 16, HOME = 40 };
#define STEP_US INT64_C(100000)

static const struct mask_opts mask_opts = MASK_OPTS_DEFAULT;

struct saved {
	uint8_t *buf;
	size_t len;
};

static struct foreground *fresh(const char *backend, int w, int h)
{
	struct background_opts o = BACKGROUND_OPTS_DEFAULT;
	struct foreground *f;

	o.backend = (char *)backend;
	f = foreground_new(&o, &mask_opts, w, h, NULL);
	assert_non_null(f);
	return f;
}

/* Frame i: somebody sits there from the start, gets up after 60 frames and walks about. */
static void look(struct foreground *f, int i, struct image *mask)
{
	struct yuv clean, in;
	struct image raw;
	uint32_t noise = (uint32_t)i + 1;

	yuv_init(&clean, W, H);
	yuv_init(&in, W, H);
	image_init(&raw, W, H);
	room(&clean);
	fill_box(&clean.y, i < 60 ? HOME : i % (W - BW), BY, BW, BH, 215);
	with_noise(&in, &clean, 3, &noise);
	assert_int_equal(foreground_raw(f, i * STEP_US, &in, NULL, &raw, NULL), 0);
	assert_int_equal(foreground_clean(f, i * STEP_US, &in, &raw, mask, NULL), 0);
	yuv_clear(&clean);
	yuv_clear(&in);
	image_clear(&raw);
}

static void look_on(struct foreground *f, int from, int to)
{
	struct image mask;

	image_init(&mask, W, H);
	for (int i = from; i < to; i++)
		look(f, i, &mask);
	image_clear(&mask);
}

static struct saved save(const struct foreground *f)
{
	struct saved s;

	assert_int_equal(foreground_save(f, &s.buf, &s.len, NULL), 0);
	return s;
}

static struct saved trained(struct foreground *f)
{
	look_on(f, 0, 50);
	return save(f);
}

/* Before he has moved, while the memory is putting it right, and later. The masks cover the
 * times at which the memory speaks: 8, 16 and 32 s. */
static void it_goes_on_bit_by_bit(void **state)
{
	static const int ends[] = { 0, 1, 50, 70, 150 };
	struct image ma, mb;
	(void)state;

	image_init(&ma, W, H);
	image_init(&mb, W, H);
	for (size_t k = 0; k < sizeof(ends) / sizeof(*ends); k++) {
		struct foreground *a = fresh("mcw", W, H), *b = fresh("mcw", W, H);
		struct saved s, again;

		look_on(a, 0, ends[k]);
		look_on(b, 0, 5); /* whatever it knew is forgotten */
		s = save(a);
		assert_int_equal(foreground_load(b, s.buf, s.len, NULL), 0);
		again = save(b);
		assert_int_equal(again.len, s.len);
		assert_memory_equal(again.buf, s.buf, s.len);
		for (int i = ends[k]; i < ends[k] + 200; i++) {
			look(a, i, &ma);
			look(b, i, &mb);
			for (int y = 0; y < H; y++)
				assert_memory_equal(image_row(&ma, y), image_row(&mb, y), W);
		}
		free(s.buf);
		free(again.buf);
		foreground_free(a);
		foreground_free(b);
	}
	image_clear(&ma);
	image_clear(&mb);
}

static void the_clock_may_have_been_set_back(void **state)
{
	struct foreground *a = fresh("mcw", W, H), *b = fresh("mcw", W, H);
	struct saved s = trained(a);
	(void)state;

	assert_int_equal(foreground_load(b, s.buf, s.len, NULL), 0);
	look_on(b, 3, 200);
	free(s.buf);
	foreground_free(a);
	foreground_free(b);
}

static void refuses(struct foreground *f, const uint8_t *buf, size_t len, int code)
{
	struct err err = { 0 };

	assert_int_equal(foreground_load(f, buf, len, &err), code);
	assert_true(err.msg[0] != '\0');
}

static void what_does_not_fit_is_refused(void **state)
{
	struct foreground *a = fresh("mcw", W, H), *other = fresh("mcw", W + 1, H);
	struct foreground *knn = fresh("knn", W, H);
	struct saved s = trained(a);
	uint8_t *none;
	size_t n;
	(void)state;

	refuses(other, s.buf, s.len, ERR_RANGE);
	refuses(knn, s.buf, s.len, ERR_STATE);
	assert_int_equal(foreground_save(knn, &none, &n, NULL), ERR_STATE);
	s.buf[8]++; /* the version */
	refuses(a, s.buf, s.len, ERR_FORMAT);
	free(s.buf);
	foreground_free(a);
	foreground_free(other);
	foreground_free(knn);
}

/* Cut off anywhere, or with any one byte changed, it is refused, and nothing changes. */
static void damage_is_noticed(void **state)
{
	struct foreground *a = fresh("mcw", W, H), *b = fresh("mcw", W, H);
	struct saved s = trained(a), before;
	(void)state;

	look_on(b, 0, 7);
	before = save(b);
	for (size_t n = 0; n < s.len; n += n < 200 ? 1 : 9973)
		refuses(b, s.buf, n, ERR_FORMAT);
	for (size_t i = 0; i < s.len; i += i < 200 ? 1 : 4999) {
		struct err err = { 0 };

		s.buf[i] ^= 0x10;
		assert_true(foreground_load(b, s.buf, s.len, &err) < 0);
		assert_true(err.msg[0] != '\0');
		s.buf[i] ^= 0x10;
	}
	free(s.buf);
	s = save(b);
	assert_memory_equal(s.buf, before.buf, s.len);
	free(s.buf);
	free(before.buf);
	foreground_free(a);
	foreground_free(b);
}

/* Whatever the bytes, as long as the sums are right: it is refused, or it works. */
static void nonsense_does_no_harm(void **state)
{
	struct foreground *a = fresh("mcw", W, H);
	struct saved s = trained(a);
	uint8_t *good = xmalloc(s.len);
	const size_t memory_len = 32 + 65 * 8 + (size_t)W * H * (3 + 4 * 11);
	uint32_t random = 5;
	int taken = 0, refused = 0;
	(void)state;

	memcpy(good, s.buf, s.len);
	for (int round = 0; round < 120; round++) {
		struct foreground *b = fresh("mcw", W, H);
		const size_t at = s.len - 8 - memory_len;
		const size_t reach = round % 2 ? 600 : memory_len;
		uint64_t sum;

		memcpy(s.buf, good, s.len);
		for (int k = 0; k <= round % 5; k++)
			s.buf[at + noise_next(&random) % reach] = (uint8_t)noise_next(&random);
		sum = str_hash(STR_HASH_INIT, s.buf, s.len - 8);
		for (int i = 0; i < 8; i++)
			s.buf[s.len - 8 + (size_t)i] = (uint8_t)(sum >> (8 * i));
		if (foreground_load(b, s.buf, s.len, NULL) == 0) {
			taken++;
			look_on(b, 50, 90);
		} else {
			refused++;
		}
		foreground_free(b);
	}
	assert_true(taken > 10 && refused > 10);
	free(good);
	free(s.buf);
	foreground_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_goes_on_bit_by_bit),
		cmocka_unit_test(the_clock_may_have_been_set_back),
		cmocka_unit_test(what_does_not_fit_is_refused),
		cmocka_unit_test(damage_is_noticed),
		cmocka_unit_test(nonsense_does_no_harm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
