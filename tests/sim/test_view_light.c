/* SPDX-License-Identifier: Apache-2.0 */
/* test_view_light.c -- light, shadows and the camera's own effects in the pictures of a
 * simulated store: each alone, as strong as the scene says, and nothing when it is off. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "shot.h"

#include <math.h>
#include <stdlib.h>

static int nearly(double a, double b, double by)
{
	return fabs(a - b) <= by;
}

/* Standard deviation of the difference of two planes. */
static double spread(const struct image *a, const struct image *b)
{
	double sum = 0, sum2 = 0, n = (double)a->w * a->h;

	for (int y = 0; y < a->h; y++)
		for (int x = 0; x < a->w; x++) {
			double d = image_row(a, y)[x] - image_row(b, y)[x];

			sum += d;
			sum2 += d * d;
		}
	return sqrt(sum2 / n - sum / n * sum / n);
}

static void noise_is_as_strong(void **state)
{
	struct scene *s = shot_scene();
	const struct frame *clean = shot(s, 1, NULL, 0), *a, *b;
	struct view *v;
	(void)state;

	s->picture.noise = 3;
	s->picture.noise_chroma = 2;
	v = view_new(s, 0, 1);
	a = shot_draw(v, 1, 25, NULL, 0, NULL);
	b = shot_draw(v, 1, 26, NULL, 0, NULL);
	view_free(v);
	assert_true(nearly(spread(&a->y, &clean->y), 3, 0.09));
	assert_true(nearly(spread(&a->u, &clean->u), 2, 0.06));
	assert_true(nearly(spread(&a->v, &clean->v), 2, 0.06));
	assert_true(nearly(shot_mean(&a->y), shot_mean(&clean->y), 0.1));
	/* Another frame's noise is another. */
	assert_true(nearly(spread(&a->y, &b->y), 3 * sqrt(2), 0.15));
	s->picture.noise = s->picture.noise_chroma = 0;
	assert_true(shot_same(clean, shot(s, 1, NULL, 0)));
	free(s);
}

static void lamps_switch(void **state)
{
	struct scene *s = shot_scene();
	double bright, now;
	(void)state;

	s->ambient = 0.5;
	bright = shot_floor(s, shot(s, 1, NULL, 0), 5, 4) - 16;
	s->light[0].off = (struct while_s){ 10, 20 };
	assert_int_equal(shot_floor(s, shot(s, 9.9, NULL, 0), 5, 4) - 16, bright);
	now = shot_floor(s, shot(s, 10.1, NULL, 0), 5, 4) - 16;
	assert_true(nearly(now / bright, 0.5 / 1.5, 0.015));
	assert_int_equal(shot_floor(s, shot(s, 20.1, NULL, 0), 5, 4) - 16, bright);
	s->light[0].ramp_s = 2;
	now = shot_floor(s, shot(s, 11, NULL, 0), 5, 4) - 16;
	assert_true(nearly(now / bright, 1 / 1.5, 0.015));
	/* An automatic exposure makes up for it, after a while. */
	s->light[0].ramp_s = 0;
	s->picture.exposure = 0.001;
	now = shot_floor(s, shot(s, 10.1, NULL, 0), 5, 4) - 16;
	assert_true(now / bright < 0.45);
	now = shot_floor(s, shot(s, 18, NULL, 0), 5, 4) - 16;
	assert_true(nearly(now / bright, 1, 0.03));
	now = shot_floor(s, shot(s, 20.1, NULL, 0), 5, 4) - 16;
	assert_true(now / bright > 1.3);
	free(s);
}

/* A lamp to the west throws shadows to the east. */
static void shadows_fall_away(void **state)
{
	struct scene *s = shot_scene();
	struct actor a = shot_actor(1, 5, 4);
	const struct frame *empty, *with;
	struct seen seen = { 0 };
	double px[2], u, v;
	(void)state;

	s->light[0] = (struct scene_light){ .at = { 1, 4, 4 }, .strength = 1 };
	s->picture.shadows = 0;
	assert_int_equal(shot_floor(s, shot(s, 1, &a, 1), 6.5, 4),
			 shot_floor(s, shot(s, 1, NULL, 0), 6.5, 4));
	s->picture.shadows = 0.5;
	s->picture.shadow_soft_m = 0.1;
	empty = shot(s, 1, NULL, 0);
	with = shot_seen(s, 1, &a, 1, &seen);
	/* Of the chest: 1.2 m high, 4 m from a lamp 4 m high. */
	assert_true(nearly((shot_floor(s, with, 6.7, 4) - 16.0) /
				   (shot_floor(s, empty, 6.7, 4) - 16.0),
			   0.5, 0.03));
	for (double x = 1.5; x < 4.5; x += 0.25)
		assert_int_equal(shot_floor(s, with, x, 4), shot_floor(s, empty, x, 4));
	assert_int_equal(shot_floor(s, with, 6.7, 5.2), shot_floor(s, empty, 6.7, 5.2));
	lens_project(&s->camera[0].lens, (struct pt_room){ 6.7, 4, 0 }, px, NULL);
	u = image_row(&with->u, (int)px[1] / 2)[(int)px[0] / 2];
	v = image_row(&with->v, (int)px[1] / 2)[(int)px[0] / 2];
	assert_true(nearly(u, image_row(&empty->u, (int)px[1] / 2)[(int)px[0] / 2], 4));
	assert_true(nearly(v, image_row(&empty->v, (int)px[1] / 2)[(int)px[0] / 2], 4));
	/* Shadows belong to the floor, not to him. */
	assert_true(seen.box.x + seen.box.w < px[0]);
	free(s);
}

/* A softer edge is longer: how many pixels of a row across it are between dark and bright. */
static int edge_pixels(struct scene *s, double soft_m)
{
	struct actor a = shot_actor(1, 5, 4);
	const struct frame *empty, *with;
	int n = 0;

	s->picture.shadow_soft_m = soft_m;
	empty = shot(s, 1, NULL, 0);
	with = shot(s, 1, &a, 1);
	for (double y = 4; y < 5.5; y += 0.02) {
		double k = (shot_floor(s, with, 6.7, y) - 16.0) /
			   (shot_floor(s, empty, 6.7, y) - 16.0);

		n += k > 0.55 && k < 0.95;
	}
	return n;
}

static void shadows_are_soft(void **state)
{
	struct scene *s = shot_scene();
	(void)state;

	s->light[0] = (struct scene_light){ .at = { 1, 4, 4 }, .strength = 1 };
	s->picture.shadows = 0.5;
	assert_true(edge_pixels(s, 0.4) > edge_pixels(s, 0.05) + 4);
	free(s);
}

static void sun_moves(void **state)
{
	struct scene *s = shot_scene();
	const struct frame *without = shot(s, 100, NULL, 0), *f;
	double k;
	(void)state;

	s->sun[0] =
		(struct scene_sun){ .patch = { 4, { { 4, 3 }, { 5, 3 }, { 5, 4 }, { 4, 4 } } },
				    .strength = 0.4,
				    .m_per_h = { 36, 0 },
				    .when = { 50, 200 } };
	s->n_suns = 1;
	assert_true(shot_same(without, shot(s, 49, NULL, 0)));
	assert_true(shot_same(without, shot(s, 201, NULL, 0)));
	f = shot(s, 100, NULL, 0); /* a metre to the east */
	k = (shot_floor(s, f, 5.5, 3.5) - 16.0) / (shot_floor(s, without, 5.5, 3.5) - 16.0);
	assert_true(nearly(k, 1.4, 0.03));
	assert_int_equal(shot_floor(s, f, 4.5, 3.5), shot_floor(s, without, 4.5, 3.5));
	f = shot(s, 60, NULL, 0); /* half faded in, 0.6 m */
	k = (shot_floor(s, f, 5.1, 3.5) - 16.0) / (shot_floor(s, without, 5.1, 3.5) - 16.0);
	assert_true(nearly(k, 1.2, 0.03));
	free(s);
}

static void infrared_has_no_colour(void **state)
{
	struct scene *s = shot_scene();
	struct actor a = shot_actor(1, 5, 4);
	const struct frame *day = shot(s, 4, &a, 1), *night;
	(void)state;

	s->picture.infrared = (struct while_s){ 5, 10 };
	s->picture.noise_chroma = 0;
	assert_true(shot_same(day, shot(s, 4, &a, 1)));
	night = shot(s, 6, &a, 1);
	for (int y = 0; y < night->u.h; y++)
		for (int x = 0; x < night->u.w; x++)
			assert_true(image_row(&night->u, y)[x] == 128 &&
				    image_row(&night->v, y)[x] == 128);
	assert_true(shot_floor(s, night, 6, 3) > shot_floor(s, night, 6, 5) + 8);
	assert_true(shot_floor(s, night, 6, 5) > shot_floor(s, night, 6, 9) + 8);
	free(s);
}

static void exposure_hunts(void **state)
{
	struct scene *s = shot_scene();
	double mean = shot_mean(&shot(s, 1, NULL, 0)->y) - 16, last = 0, lo = 9, hi = 0;
	double u = shot_mean(&shot(s, 1, NULL, 0)->u), most_u = 0;
	struct view *v;
	(void)state;

	s->picture.exposure = 0.1;
	s->picture.white_balance = 4;
	v = view_new(s, 0, 1);
	for (int i = 0; i < 1500; i++) {
		const struct frame *f = shot_draw(v, i * 0.08, i, NULL, 0, NULL);
		double k = (shot_mean(&f->y) - 16) / mean, du = shot_mean(&f->u) - u;

		assert_true(k > 0.89 && k < 1.11);
		assert_true(i == 0 || fabs(k - last) < 0.02); /* slowly */
		assert_true(fabs(du) < 6);
		most_u = fmax(most_u, fabs(du));
		last = k;
		lo = fmin(lo, k);
		hi = fmax(hi, k);
	}
	view_free(v);
	assert_true(lo < 0.95 && hi > 1.05 && most_u > 2);
	free(s);
}

static void lamps_flicker(void **state)
{
	struct scene *s = shot_scene();
	double mean = shot_mean(&shot(s, 1, NULL, 0)->y) - 16, lo = 9, hi = 0;
	struct view *v;
	(void)state;

	s->picture.flicker = 0.1;
	v = view_new(s, 0, 1);
	for (int i = 0; i < 100; i++) {
		const struct frame *f = shot_draw(v, i * 0.04, i, NULL, 0, NULL);

		lo = fmin(lo, (shot_mean(&f->y) - 16) / mean);
		hi = fmax(hi, (shot_mean(&f->y) - 16) / mean);
	}
	view_free(v);
	assert_true(lo > 0.89 && hi < 1.11 && hi - lo > 0.015);
	free(s);
}

/* Mean squared difference of a plane from another that is moved by dx, dy. */
static double differs(const struct image *a, const struct image *b, double dx, double dy)
{
	double sum = 0;
	int n = 0;

	for (int y = 8; y < a->h - 8; y++)
		for (int x = 8; x < a->w - 8; x++, n++) {
			double sx = x - dx, sy = y - dy, kx = sx - floor(sx),
			       ky = sy - floor(sy);
			const uint8_t *p = image_row(b, (int)floor(sy)) + (int)floor(sx);
			const uint8_t *q = image_row(b, (int)floor(sy) + 1) + (int)floor(sx);
			double d = (1 - ky) * ((1 - kx) * p[0] + kx * p[1]) +
				   ky * ((1 - kx) * q[0] + kx * q[1]) - image_row(a, y)[x];

			sum += d * d;
		}
	return sum / n;
}

/* The picture and the boxes move together, by as much as the scene says. */
static void cameras_tremble(void **state)
{
	struct scene *s = shot_scene();
	struct actor a = shot_actor(1, 5, 4);
	struct seen still = { 0 }, seen = { 0 };
	const struct frame *calm;
	struct view *v;
	double sum2 = 0;
	(void)state;

	s->floor.kind = FLOOR_TILES;
	calm = shot_seen(s, 1, &a, 1, &still);
	s->picture.shake_px = 1.5;
	v = view_new(s, 0, 1);
	for (int i = 0; i < 3; i++) {
		const struct frame *f = shot_draw(v, 1, i, &a, 1, &seen);
		double dx = seen.box.x - still.box.x, dy = seen.box.y - still.box.y;

		assert_true(nearly(seen.foot.x - still.foot.x, dx, 1e-9));
		assert_true(differs(&f->y, &calm->y, dx, dy) < 0.5);
		assert_true(fabs(dx) + fabs(dy) < 0.5 || differs(&f->y, &calm->y, 0, 0) > 1);
	}
	for (int i = 0; i < 400; i++) {
		shot_draw(v, 1, i * 3, &a, 1, &seen);
		sum2 += (seen.box.x - still.box.x) * (seen.box.x - still.box.x);
	}
	assert_true(nearly(sqrt(sum2 / 400), 1.5, 0.2));
	view_free(v);
	free(s);
}

static void a_hand_covers(void **state)
{
	struct scene *s = shot_scene();
	struct actor a = shot_actor(1, 5, 4);
	const struct frame *before = shot(s, 3, &a, 1), *f;
	struct seen seen = { 0 };
	int covered = 0;
	(void)state;

	s->picture.hand = (struct while_s){ 4, 8 };
	assert_true(shot_same(before, shot(s, 3, &a, 1)));
	assert_true(shot_same(before, shot(s, 8, &a, 1)));
	f = shot_seen(s, 6, &a, 1, &seen);
	for (int y = 0; y < f->y.h; y++)
		for (int x = 0; x < f->y.w; x++)
			covered += image_row(&f->y, y)[x] < 60;
	assert_true(covered > 0.95 * SHOT_W * SHOT_H);
	assert_true(seen.visible < 0.05);
	/* On its way in it covers a part. */
	covered = shot_changed(before, shot(s, 4.2, &a, 1), 10, NULL);
	assert_true(covered > 0.05 * SHOT_W * SHOT_H && covered < 0.95 * SHOT_W * SHOT_H);
	free(s);
}

static int end(void **state)
{
	(void)state;
	shot_end();
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(noise_is_as_strong), cmocka_unit_test(lamps_switch),
		cmocka_unit_test(shadows_fall_away),  cmocka_unit_test(shadows_are_soft),
		cmocka_unit_test(sun_moves),          cmocka_unit_test(infrared_has_no_colour),
		cmocka_unit_test(exposure_hunts),     cmocka_unit_test(lamps_flicker),
		cmocka_unit_test(cameras_tremble),    cmocka_unit_test(a_hand_covers),
	};

	return cmocka_run_group_tests(tests, NULL, end);
}
