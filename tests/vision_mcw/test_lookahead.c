/* SPDX-License-Identifier: Apache-2.0 */
/* test_lookahead.c -- looking ahead finds the empty scene behind those who come and go. */
#include "noise.h"
#include "vision/lookahead.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

enum { W = 160, H = 120, N = LOOKAHEAD_SAMPLES };

/* Is a person in the box x, 10, 16 x 40 in picture i of N? */
typedef bool presence(int i, int *x);

/* From picture n on there is so much percent of the light. */
struct lamp {
	int n, percent;
	bool colours; /* follow the light */
};

static void shine(struct yuv *p, const struct lamp *lamp)
{
	for (int y = 0; y < H; y++)
		for (int x = 0; x < W; x++) {
			uint8_t *u = image_row(&p->u, y) + x, *v = image_row(&p->v, y) + x;

			image_row(&p->y, y)[x] =
				(uint8_t)(image_row(&p->y, y)[x] * lamp->percent / 100);
			if (!lamp->colours)
				continue;
			*u = (uint8_t)(128 + (*u - 128) * lamp->percent / 100);
			*v = (uint8_t)(128 + (*v - 128) * lamp->percent / 100);
		}
}

/* Of the plate, against the room in the first picture's light. */
static int wrong_pixels_lit(presence *person, int64_t step_us, struct lamp lamp)
{
	struct lookahead *l = lookahead_new(W, H);
	struct yuv clean, in, plate;
	uint32_t noise = 5;
	int wrong = 0, x;

	yuv_init(&clean, W, H);
	yuv_init(&in, W, H);
	yuv_init(&plate, W, H);
	room(&clean);
	for (int i = 0; i < N; i++) {
		with_noise(&in, &clean, 3, &noise);
		if (person(i, &x))
			fill_box(&in.y, x, 10, 16, 40, 180);
		if (i >= lamp.n)
			shine(&in, &lamp);
		assert_int_equal(lookahead_add(l, i * step_us, &in, NULL), 0);
	}
	assert_int_equal(lookahead_plate(l, &plate, NULL), 0);
	for (int y = 0; y < H; y++)
		for (int c = 0; c < W; c++)
			wrong += abs(image_row(&plate.y, y)[c] - image_row(&clean.y, y)[c]) > 6;
	lookahead_free(l);
	yuv_clear(&clean);
	yuv_clear(&in);
	yuv_clear(&plate);
	return wrong;
}

static int wrong_pixels(presence *person, int64_t step_us)
{
	return wrong_pixels_lit(person, step_us, (struct lamp){ .n = N });
}

static bool passes(int i, int *x)
{
	*x = i;
	return true;
}

/* Two thirds of the time, but the wall was there before and comes back. */
static bool sits_in_the_middle(int i, int *x)
{
	*x = 30;
	return i >= 10 && i < 50;
}

static bool stands_at_first(int i, int *x)
{
	*x = 30;
	return i < 25;
}

/* Never seen again once gone, and gone only at the end; and the other way round. */
static bool leaves_late(int i, int *x)
{
	*x = 30;
	return i < 50;
}

static bool sits_down_early(int i, int *x)
{
	*x = 30;
	return i >= 10;
}

/* Time says that they are the scene; their outline says that they are not. */
static void who_stays_nearly_all_the_time_is_not_in_the_plate(void **state)
{
	(void)state;
	assert_int_equal(wrong_pixels(leaves_late, 1000000), 0);
	assert_int_equal(wrong_pixels(sits_down_early, 1000000), 0);
}

static void who_comes_and_goes_is_not_in_the_plate(void **state)
{
	(void)state;
	assert_int_equal(wrong_pixels(passes, 1000000), 0);
	assert_int_equal(wrong_pixels(sits_in_the_middle, 1000000), 0);
	assert_int_equal(wrong_pixels(stands_at_first, 1000000), 0);
}

static void very_long_recordings_count_the_same(void **state)
{
	(void)state;
	assert_int_equal(wrong_pixels(sits_in_the_middle, (int64_t)86400 * 1000000), 0);
}

static void one_picture_is_its_own_plate(void **state)
{
	struct lookahead *l = lookahead_new(W, H);
	struct yuv in, plate;
	(void)state;

	yuv_init(&in, W, H);
	yuv_init(&plate, W, H);
	room(&in);
	assert_int_equal(lookahead_plate(l, &plate, NULL), ERR_STATE);
	assert_int_equal(lookahead_add(l, -5, &in, NULL), 0);
	assert_int_equal(lookahead_plate(l, &plate, NULL), 0);
	for (int y = 0; y < H; y++)
		assert_memory_equal(image_row(&plate.u, y), image_row(&in.u, y), W);
	lookahead_free(l);
	yuv_clear(&in);
	yuv_clear(&plate);
}

static void times_rise(void **state)
{
	struct lookahead *l = lookahead_new(8, 8);
	struct yuv in;
	struct err err = { 0 };
	(void)state;

	yuv_init(&in, 8, 8);
	assert_int_equal(lookahead_add(l, 0, &in, NULL), 0);
	assert_int_equal(lookahead_add(l, 0, &in, &err), ERR_STATE);
	lookahead_free(l);
	yuv_clear(&in);
}

/* However many there are, the oldest count, too; and those that are too old do not. */
static void what_is_remembered_has_limits(void **state)
{
	enum { MANY = 20 * LOOKAHEAD_MAX };
	(void)state;

	for (int old = 0; old < 2; old++) {
		struct lookahead *l = lookahead_new(16, 16);
		struct yuv in, plate;

		yuv_init(&in, 16, 16);
		yuv_init(&plate, 16, 16);
		for (int i = 0; i < MANY; i++) {
			fill(&in.y, 60);
			fill_box(&in.y, 6, 6, 5, 5, i < MANY * 2 / 3 ? 60 : 160);
			assert_int_equal(lookahead_add(l, i, &in, NULL), 0);
			if (old)
				lookahead_forget_before(l, i - MANY / 2);
		}
		assert_int_equal(lookahead_plate(l, &plate, NULL), 0);
		assert_int_equal(image_row(&plate.y, 8)[8], old ? 160 : 60);
		lookahead_free(l);
		yuv_clear(&in);
		yuv_clear(&plate);
	}
}

/* One room in two lights is one room: the plate is whole, and nobody is in it. */
static void the_light_may_change(void **state)
{
	static const struct lamp lamps[] = { { 20, 70, true },   { 20, 70, false },
					     { 20, 60, true },   { 20, 135, true },
					     { 20, 130, false }, { 40, 70, true },
					     { 5, 65, false },   { 58, 70, true } };
	(void)state;

	for (size_t i = 0; i < sizeof(lamps) / sizeof(*lamps); i++) {
		assert_in_range(wrong_pixels_lit(passes, 1000000, lamps[i]), 0, W * H / 100);
		assert_in_range(wrong_pixels_lit(sits_in_the_middle, 1000000, lamps[i]), 0,
				W * H / 100);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_comes_and_goes_is_not_in_the_plate),
		cmocka_unit_test(who_stays_nearly_all_the_time_is_not_in_the_plate),
		cmocka_unit_test(very_long_recordings_count_the_same),
		cmocka_unit_test(one_picture_is_its_own_plate),
		cmocka_unit_test(the_light_may_change),
		cmocka_unit_test(times_rise),
		cmocka_unit_test(what_is_remembered_has_limits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
