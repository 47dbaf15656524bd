/* SPDX-License-Identifier: Apache-2.0 */
/* test_pairs.c -- cameras worked out from measured points, against the cameras that saw them.
 */
#include "base/rng.h"
#include "base/str.h"
#include "floor/pairs.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define W 1280
#define H 720
#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const struct {
	double tilt, roll, up, hfov, k1;
} cameras[] = {
	{ 12, 0, 2.5, 60, 0 },     { 20, -4, 3, 90, -.12 }, { 35, 3, 4, 75, -.05 },
	{ 50, 0, 3.5, 100, -.15 }, { 65, 180, 5, 70, 0 },
};

static void camera(size_t i, struct lens *l)
{
	double t = cameras[i].tilt * 3.14159265358979 / 180;

	lens_look(
		l, W, H, cameras[i].hfov, cameras[i].k1,
		(struct pt_room){ 14, -3, cameras[i].up },
		(struct pt_room){ 14 + .6 * cos(t), -3 + .8 * cos(t), cameras[i].up - sin(t) },
		cameras[i].roll);
}

/* Points of the floor all over the picture, pointed at to a pixel and measured to a centimetre.
 */
static void measure(const struct lens *l, struct pair *p, int n, double sloppy)
{
	struct rng r;

	rng_init(&r, 5, 1);
	for (int m = 0; m < n;) {
		double x = rng_between(&r, 20, W - 20), y = rng_between(&r, 20, H - 20);
		struct pt_m at;

		if (!lens_floor(l, x, y, &at) || hypot(at.x - l->at.x, at.y - l->at.y) > 15)
			continue;
		p[m].px[0] = x + sloppy * rng_normal(&r);
		p[m].px[1] = y + sloppy * rng_normal(&r);
		p[m].at = (struct pt_m){ at.x + .01 * sloppy * rng_normal(&r),
					 at.y + .01 * sloppy * rng_normal(&r) };
		m++;
	}
}

/* How far apart two calibrations put a pixel, relative to its distance from the camera: the
 * worst over the floor up to 12 m away. */
static double apart(const struct lens *truth, const struct calib *c)
{
	double worst = 0;

	for (int i = 0; i < 20 * 20; i++) {
		double x = (i % 20 + .5) * W / 20, y = (i / 20 + .5) * H / 20, far;
		struct pt_m a, b;

		if (!lens_floor(truth, x, y, &a) ||
		    (far = hypot(a.x - truth->at.x, a.y - truth->at.y)) > 12)
			continue;
		assert_true(lens_floor(&c->lens, x, y, &b));
		worst = fmax(worst, hypot(a.x - b.x, a.y - b.y) / fmax(far, 2));
	}
	return worst;
}

static void the_camera_is_found(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(cameras); i++) {
		struct pairs_known none = { 0 };
		struct pair p[20];
		struct pairs_fit fit;
		struct lens l;
		struct err err = { 0 };

		camera(i, &l);
		measure(&l, p, 20, 1);
		if (pairs_fit(&fit, p, 20, W, H, &none, &err) < 0)
			fail_msg("camera %zu: %s", i, err.msg);
		assert_true(fit.calib.has_lens);
		assert_int_equal(fit.n_used, 20);
		assert_true(fit.off_m < .05);
		assert_true(fabs(fit.calib.lens.at.z / l.at.z - 1) < .04);
		assert_true(fabs(lens_hfov(&fit.calib.lens) - cameras[i].hfov) < 5);
		assert_true(fabs(lens_pose(&fit.calib.lens).tilt - cameras[i].tilt) < 1);
		assert_true(fabs(fit.calib.lens.k1 - l.k1) < .05);
		assert_true(apart(&l, &fit.calib) < .03);
	}
}

/* A third of the points is wrong: a metre off, or two mixed up. */
static void mistakes_are_named_and_left_out(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(cameras); i++) {
		struct pairs_known none = { 0 };
		struct pair p[15];
		struct pairs_fit fit;
		struct pt_m swap;
		struct lens l;

		camera(i, &l);
		measure(&l, p, 15, .5);
		for (int k = 0; k < 3; k++)
			p[4 * k].at.x += k % 2 ? 1.5 : -1.2;
		swap = p[1].at;
		p[1].at = p[2].at;
		p[2].at = swap;
		assert_int_equal(pairs_fit(&fit, p, 15, W, H, &none, NULL), 0);
		assert_int_equal(fit.n_used, 10);
		for (int k = 0; k < 15; k++) {
			bool wrong = k == 0 || k == 4 || k == 8 || k == 1 || k == 2;

			assert_int_equal(fit.off[k].out, wrong);
			if (wrong)
				assert_true(fit.off[k].m > .3);
			else
				assert_true(fit.off[k].m < .2);
		}
		assert_true(apart(&l, &fit.calib) < .05);
	}
}

static void few_points_tell_how_the_floor_lies(void **state)
{
	struct pairs_known none = { 0 }, angle = { .hfov_deg = 60 };
	struct pair p[4] = { 0 };
	struct pairs_fit fit;
	struct lens l;
	static const double at[4][2] = {
		{ 200, 650 }, { 1000, 600 }, { 300, 300 }, { 900, 350 }
	};
	(void)state;

	camera(0, &l);
	for (int i = 0; i < 4; i++) {
		memcpy(p[i].px, at[i], sizeof(p[i].px));
		assert_true(lens_floor(&l, at[i][0], at[i][1], &p[i].at));
	}
	assert_int_equal(pairs_fit(&fit, p, 4, W, H, &none, NULL), 0);
	assert_false(fit.calib.has_lens);
	for (int i = 0; i < 4; i++)
		assert_true(fit.off[i].m < 1e-3);
	/* With the lens's angle four are enough for the camera. */
	assert_int_equal(pairs_fit(&fit, p, 4, W, H, &angle, NULL), 0);
	assert_true(fit.calib.has_lens);
	assert_true(fabs(fit.calib.lens.at.z - l.at.z) < .03);
}

/* From straight above nobody can tell a high camera from a narrow lens, unless it is said. */
static void from_above_the_height_has_to_be_said(void **state)
{
	struct pairs_known none = { 0 }, height = { .height_m = 3.2 };
	struct pair p[12];
	struct pairs_fit fit;
	struct lens l;
	(void)state;

	lens_look(&l, W, H, 95, 0, (struct pt_room){ 2, 3, 3.2 }, (struct pt_room){ 2, 3, 0 },
		  30);
	measure(&l, p, 12, .5);
	assert_int_equal(pairs_fit(&fit, p, 12, W, H, &none, NULL), 0);
	assert_true(fit.calib.has_lens && fit.focal_sd > .1);
	assert_int_equal(pairs_fit(&fit, p, 12, W, H, &height, NULL), 0);
	assert_true(fit.focal_sd < .1);
	assert_true(fabs(fit.calib.lens.at.z - 3.2) < .1);
	assert_true(fabs(lens_hfov(&fit.calib.lens) - 95) < 4);
	assert_true(apart(&l, &fit.calib) < .03);
}

static void what_cannot_be_is_refused(void **state)
{
	struct pairs_known none = { 0 };
	struct pair p[50];
	struct pairs_fit fit = { .n_used = -1 };
	struct err err;
	struct lens l;
	(void)state;

	camera(2, &l);
	measure(&l, p, 50, 1);
	assert_int_equal(pairs_fit(&fit, p, 3, W, H, &none, &err), ERR_RANGE);
	assert_non_null(strstr(err.msg, "3 points"));
	assert_int_equal(pairs_fit(&fit, p, 51, W, H, &none, &err), ERR_RANGE);
	for (int i = 0; i < 50; i++) /* east and west mixed up */
		p[i].at.x = -p[i].at.x;
	assert_int_equal(pairs_fit(&fit, p, 50, W, H, &none, &err), ERR_RANGE);
	assert_non_null(strstr(err.msg, "mirror"));
	for (int i = 0; i < 50; i++)
		p[i].at.y = p[i].at.x;
	assert_true(pairs_fit(&fit, p, 50, W, H, &none, &err) < 0);
	measure(&l, p, 50, 1);
	for (int i = 0; i < 50; i++) /* of another place */
		p[i].at = p[(i * 17 + 5) % 50].at;
	assert_int_equal(pairs_fit(&fit, p, 50, W, H, &none, &err), ERR_RANGE);
	assert_int_equal(fit.n_used, -1);
}

/* A calibration written down and read again shows the floor where it was, rolled, from above,
 * off the middle, and as a homography. */
static void what_is_written_is_read_back(void **state)
{
	(void)state;
	for (size_t i = 0; i <= COUNT(cameras); i++) {
		struct calib c = { .has_lens = true }, back;
		struct pt_img a, b;
		struct err err = { 0 };
		char *text;

		if (i < COUNT(cameras))
			camera(i, &c.lens);
		else
			lens_look(&c.lens, W, H, 95, 0, (struct pt_room){ 2, 3, 3.2 },
				  (struct pt_room){ 2, 3, 0 }, 30);
		c.lens.cx += 17.5;
		text = calib_json(&c);
		if (calib_parse(&back, text, strlen(text), &err) < 0)
			fail_msg("camera %zu: %s", i, err.msg);
		free(text);
		for (int k = 0; k < 9; k++) {
			struct pt_m at;

			if (!lens_floor(&c.lens, (k % 3 + .5) * W / 3, (k / 3 + 1) * H / 3.,
					&at))
				continue;
			assert_true(calib_project(&c, at, &a) && calib_project(&back, at, &b));
			assert_true(hypot(a.x - b.x, a.y - b.y) < 1e-6);
		}
	}
}

static void a_lens_alone_is_no_calibration(void **state)
{
	struct calib c;
	struct lens l;
	struct err err;
	char *text;
	(void)state;

	camera(1, &l);
	text = calib_lens_json(&l);
	assert_int_equal(calib_parse(&c, text, strlen(text), &err), ERR_STATE);
	assert_non_null(strstr(err.msg, "calibrate points"));
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_camera_is_found),
		cmocka_unit_test(mistakes_are_named_and_left_out),
		cmocka_unit_test(few_points_tell_how_the_floor_lies),
		cmocka_unit_test(from_above_the_height_has_to_be_said),
		cmocka_unit_test(what_cannot_be_is_refused),
		cmocka_unit_test(what_is_written_is_read_back),
		cmocka_unit_test(a_lens_alone_is_no_calibration),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
