/* SPDX-License-Identifier: Apache-2.0 */
/* test_leak.c -- the people-free picture is free of people. */
#include "shop.h"

#include "video/png.h"
#include "video/shrink.h"

#include <stdlib.h>

#define NEAR 30 /* levels of a colour: the plate's own tolerance, in colours, and noise */

/* Two who are there from the first picture on, one standing and one sitting; others pass before
 * and behind them. */
#define THERE_FROM_THE_START(wait) \
	"[walker stands]\npath = 3.4,4 3.4,5.6 0.4,6\nwait = " wait " 0 0\n" \
	"clothes = 60 140 110\n" \
	"[walker sits]\npath = 6.6,4 6.6,5.6 9.6,6\nwait = " wait " 0 0\nsits = yes\n" \
	"clothes = 190 110 140\n"
/* Comes at 40 s and stays. */
#define COMES_AND_STAYS \
	"[walker stays]\nstart = 40\npath = 9.6,6 5,5.2\nwait = 0 7200\nclothes = 80 120 150\n"
#define PASSES(name, start, y) \
	"[walker " name "]\nstart = " start "\npath = 0.4,6 2,6 2," y " 8," y " 8,6 9.6,6\n" \
	"clothes = 40 120 132\n"

/* Pixels of the plate that are known; none of them may differ from the empty scene. */
static int known_pixels(struct shop *s)
{
	struct frame *empty = &s->empty;
	struct rgba plate = { 0 }, scene;
	struct yuv small;
	struct err err = { 0 };
	uint8_t *png;
	size_t len;
	int known = 0, far = 0, w = s->out.mask->w, h = s->out.mask->h;
	double share = camera_plate_png(s->camera, &png, &len, &err);

	assert_true(share >= 0);
	if (!png)
		return 0;
	assert_int_equal(png_decode(png, len, &plate, &err), 0);
	free(png);
	assert_int_equal(plate.w, w);
	assert_int_equal(plate.h, h);
	view_draw(s->view, s->now.t_us, s->now.index, NULL, 0, empty, NULL, NULL);
	yuv_init(&small, w, h);
	rgba_init(&scene, w, h);
	shrink(&small, empty, s->out.factor);
	rgba_from_yuv(&scene, &small, NULL, empty->full_range, empty->matrix);
	for (int i = 0; i < w * h; i++) {
		const uint8_t *a = plate.data + 4 * (size_t)i, *b = scene.data + 4 * (size_t)i;

		known += a[3] != 0;
		far += a[3] && (abs(a[0] - b[0]) > NEAR || abs(a[1] - b[1]) > NEAR ||
				abs(a[2] - b[2]) > NEAR);
	}
	yuv_clear(&small);
	rgba_clear(&plate);
	rgba_clear(&scene);
	assert_int_equal(far, 0);
	return known;
}

static void a_short_recording_shows_nothing_that_never_changed(void **state)
{
	struct shop s;

	(void)state;
	shop_open(&s, THERE_FROM_THE_START("7000") PASSES("one", "5", "2.6")
			      PASSES("two", "30", "4.8") PASSES("three", "60", "2.6"));
	shop_until(&s, 120);
	assert_int_equal(known_pixels(&s), 0);
	shop_close(&s);
}

static void after_half_an_hour_the_scene_is_known_and_nobody_in_it(void **state)
{
	struct shop s;
	int all;

	(void)state;
	shop_open(&s, THERE_FROM_THE_START("1500") COMES_AND_STAYS PASSES("one", "5", "2.6")
			      PASSES("two", "70", "2.6") PASSES("three", "300", "4.8")
				      PASSES("four", "900", "2.6") PASSES("five", "1650", "2.6")
					      PASSES("six", "1700", "4.8"));
	shop_until(&s, 1960);
	all = s.out.mask->w * s.out.mask->h;
	assert_true(known_pixels(&s) > all * 7 / 10);
	shop_close(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_short_recording_shows_nothing_that_never_changed),
		cmocka_unit_test(after_half_an_hour_the_scene_is_known_and_nobody_in_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
