/* SPDX-License-Identifier: Apache-2.0 */
/* test_selfcalib.c -- cameras worked out from people, against the cameras that saw them. */
#include "base/rng.h"
#include "floor/selfcalib.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define W 640
#define H 360
#define PEOPLE 400
#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static void camera(struct lens *l, double hfov, double up, double tilt_deg)
{
	double t = tilt_deg * 3.14159265358979 / 180;

	lens_look(l, W, H, hfov, 0, (struct pt_room){ 3, 1, up },
		  (struct pt_room){ 3 + .3 * cos(t), 1 + cos(t), up - sin(t) }, 1);
}

/* How far a body of this height reaches down and up along its axis in the picture: shoes that
 * reach .15 m around, a ball of a head. */
static bool outline(const struct lens *l, struct pt_m at, double size, struct person_px *p)
{
	double axis[2][2], x, y, tall, low = 1e9, top = -1e9;

	if (!lens_project(l, (struct pt_room){ at.x, at.y, 0 }, axis[0], NULL) ||
	    !lens_project(l, (struct pt_room){ at.x, at.y, size }, axis[1], NULL))
		return false;
	x = axis[1][0] - axis[0][0];
	y = axis[1][1] - axis[0][1];
	tall = hypot(x, y);
	for (int i = 0; i < 64; i++)
		for (int k = 0; k <= 32; k++) {
			double turn = i * 2 * M_PI / 64, up = k * M_PI / 32, r = .1 * sin(up);
			double px[2], along;
			struct pt_room shoe = { at.x + .15 * cos(turn), at.y + .15 * sin(turn),
						0 };
			struct pt_room head = { at.x + r * cos(turn), at.y + r * sin(turn),
						size - .1 + .1 * cos(up) };

			if (!lens_project(l, k ? head : shoe, px, NULL))
				return false;
			along = ((px[0] - axis[0][0]) * x + (px[1] - axis[0][1]) * y) / tall;
			low = fmin(low, along);
			top = fmax(top, along);
		}
	for (int c = 0; c < 2; c++) {
		double d = (axis[1][c] - axis[0][c]) / tall;

		p->foot[c] = axis[0][c] + low * d;
		p->head[c] = axis[0][c] + top * d;
	}
	return true;
}

/* People seen whole, of all heights, as a mask shows them; one in `odd` is a child, a group or
 * half hidden. */
static int people(const struct lens *l, struct person_px *p, int n, uint32_t odd)
{
	struct rng r;
	int m = 0;

	rng_init(&r, 7, 1);
	for (int tries = 0; m < n && tries < 400 * n; tries++) {
		double px = rng_between(&r, 0, W), py = rng_between(&r, 0, H), noise;
		double size = 1.72 + .08 * rng_normal(&r);
		struct pt_m at;

		if (odd && !rng_below(&r, odd))
			size *= rng_between(&r, .4, .8);
		p[m].walk = m; /* each is somebody else: what tells the least */
		if (!lens_floor(l, px, py, &at) || hypot(at.x - 3, at.y - 1) > 20 ||
		    !outline(l, at, size, &p[m]))
			continue;
		if (p[m].head[1] < 2 || p[m].head[0] < 2 || p[m].head[0] > W - 2 ||
		    p[m].foot[1] > H - 2)
			continue;
		noise = .02 * hypot(p[m].head[0] - px, p[m].head[1] - py) + .5;
		for (int c = 0; c < 2; c++) {
			p[m].foot[c] += noise * rng_normal(&r);
			p[m].head[c] += noise * rng_normal(&r);
		}
		m++;
	}
	return m;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Errors of distances between random pairs of places where people stood, relative. */
static void errors(const struct lens *truth, const struct lens *found,
		   const struct person_px *p, int n, double *median, double *p90)
{
	double v[2000];
	int m = 0;
	struct rng r;

	rng_init(&r, 8, 1);
	while (m < 2000) {
		const double *a = p[rng_below(&r, (uint32_t)n)].foot;
		const double *b = p[rng_below(&r, (uint32_t)n)].foot;
		struct pt_m ta, tb, fa, fb;
		double d;

		if (!lens_floor(truth, a[0], a[1], &ta) || !lens_floor(truth, b[0], b[1], &tb))
			continue;
		d = hypot(ta.x - tb.x, ta.y - tb.y);
		if (d < 1)
			continue;
		v[m] = 1;
		if (lens_floor(found, a[0], a[1], &fa) && lens_floor(found, b[0], b[1], &fb))
			v[m] = fabs(hypot(fa.x - fb.x, fa.y - fb.y) / d - 1);
		m++;
	}
	qsort(v, 2000, sizeof(*v), compare);
	*median = v[1000];
	*p90 = v[1800];
}

static const struct {
	double hfov, up, tilt;
} cameras[] = {
	{ 50, 2.4, 15 }, { 50, 3, 20 },   { 50, 4, 30 },  { 70, 2.4, 20 },
	{ 70, 3, 30 },   { 70, 4, 40 },   { 70, 6, 45 },  { 90, 2.8, 30 },
	{ 90, 3.5, 45 }, { 90, 4.5, 60 }, { 110, 3, 40 }, { 110, 6, 60 },
};

/* The known distance: from low to high in the middle of the picture, measured in the room. */
static void aisle(const struct lens *l, struct selfcalib_known *k)
{
	struct selfcalib_span *s = &k->span[0];
	struct pt_m a, b;

	k->n_spans = 1;
	*s = (struct selfcalib_span){ .a = { W / 2, H * .9 }, .b = { W / 2, H * .45 } };
	assert_true(lens_floor(l, s->a[0], s->a[1], &a) && lens_floor(l, s->b[0], s->b[1], &b));
	s->m = hypot(a.x - b.x, a.y - b.y);
}

static void check_all(bool angle, uint32_t odd)
{
	static struct person_px p[PEOPLE];

	for (size_t i = 0; i < COUNT(cameras); i++) {
		struct selfcalib_known k = { 0 };
		struct selfcalib s;
		struct lens l;
		struct err err = { 0 };
		double median, p90;
		int n;

		camera(&l, cameras[i].hfov, cameras[i].up, cameras[i].tilt);
		n = people(&l, p, PEOPLE, odd);
		if (angle)
			k.hfov_deg = cameras[i].hfov;
		else
			aisle(&l, &k);
		if (selfcalib_fit(&s, p, n, W, H, &k, &err) < 0)
			fail_msg("camera %zu: %s", i, err.msg);
		errors(&l, &s.lens, p, n, &median, &p90);
		print_message("hfov %3.0f height %.1f tilt %2.0f: median %.1f %%, p90 %.1f %%; "
			      "%d people\n",
			      cameras[i].hfov, cameras[i].up, cameras[i].tilt, 100 * median,
			      100 * p90, n);
		assert_true(s.metric);
		assert_true(median <= .03);
		assert_true(p90 <= .10);
	}
}

static void with_the_lens_angle_distances_are_right(void **state)
{
	(void)state;
	check_all(true, 0);
}

static void with_one_distance_distances_are_right(void **state)
{
	(void)state;
	check_all(false, 0);
}

static void one_in_five_odd_does_no_harm(void **state)
{
	(void)state;
	check_all(true, 5);
	check_all(false, 5);
}

/* Without anything known, metres are not, but people are as tall as they look. */
static void alone_it_knows_sizes_only(void **state)
{
	static struct person_px p[PEOPLE];
	struct selfcalib_known k = { 0 };
	struct selfcalib_ratio r;
	struct selfcalib s;
	struct lens l;
	(void)state;

	for (size_t i = 0; i < COUNT(cameras); i++) {
		int n;

		camera(&l, cameras[i].hfov, cameras[i].up, cameras[i].tilt);
		n = people(&l, p, PEOPLE, 0);
		assert_int_equal(selfcalib_fit(&s, p, n, W, H, &k, NULL), 0);
		assert_false(s.metric);
		assert_true(selfcalib_check(&r, &s.lens, p, n));
		assert_true(fabs(r.median - 1) < .05);
	}
}

static void a_distance_across_the_view_makes_no_metres(void **state)
{
	static struct person_px p[PEOPLE];
	struct selfcalib_known k = { .span = { { { 100, 300 }, { 540, 300 }, 3 } },
				     .n_spans = 1 };
	struct selfcalib s;
	struct lens l;
	int n;
	(void)state;

	camera(&l, 70, 3, 30);
	n = people(&l, p, PEOPLE, 0);
	assert_int_equal(selfcalib_fit(&s, p, n, W, H, &k, NULL), 0);
	assert_false(s.metric);
}

/* Which way a camera is rolled, and by how much. */
static void roll_has_its_sign(void **state)
{
	static struct person_px p[PEOPLE];
	static const double rolls[] = { -5, -2, 0, 2, 5 };
	struct selfcalib_known k = { .hfov_deg = 70 };
	struct selfcalib s;
	struct lens l;
	(void)state;

	for (size_t i = 0; i < COUNT(rolls); i++) {
		int n;

		lens_look(&l, W, H, 70, 0, (struct pt_room){ 3, 1, 3 },
			  (struct pt_room){ 3, 5, .5 }, rolls[i]);
		n = people(&l, p, PEOPLE, 0);
		assert_int_equal(selfcalib_fit(&s, p, n, W, H, &k, NULL), 0);
		assert_true(fabs(lens_pose(&s.lens).roll - rolls[i]) < .6);
	}
}

/* The lens alone, as a checkerboard tells it: off its middle, and bent. */
static void a_lens_of_another_size_is_the_same(void **state)
{
	static struct person_px p[PEOPLE];
	struct selfcalib_known k = { 0 };
	double median, p90;
	struct selfcalib s;
	struct lens l, twice;
	int n;
	(void)state;

	lens_look(&l, W, H, 80, -.1, (struct pt_room){ 3, 1, 3 }, (struct pt_room){ 3, 5, .5 },
		  0);
	l.cx += 12;
	l.cy -= 9;
	n = people(&l, p, PEOPLE, 0);
	twice = l;
	lens_resize(&twice, 2 * W);
	k.lens = &twice;
	assert_int_equal(selfcalib_fit(&s, p, n, W, H, &k, NULL), 0);
	errors(&l, &s.lens, p, n, &median, &p90);
	assert_true(s.metric && median <= .03 && p90 <= .10);
}

static void a_moved_camera_is_noticed(void **state)
{
	static struct person_px p[PEOPLE];
	struct selfcalib_ratio r = { 0 };
	struct lens l, moved;
	int n;
	(void)state;

	camera(&l, 70, 3, 30);
	n = people(&l, p, PEOPLE, 5);
	assert_true(selfcalib_check(&r, &l, p, n));
	assert_true(r.median > SELFCALIB_RATIO_LO && r.median < SELFCALIB_RATIO_HI);
	assert_true(r.lo <= r.median && r.median <= r.hi && r.hi - r.lo < .05);
	camera(&moved, 70, 3, 36);
	assert_true(selfcalib_check(&r, &moved, p, n));
	assert_true(r.hi < SELFCALIB_RATIO_LO || r.lo > SELFCALIB_RATIO_HI);
	r.median = 7;
	assert_false(selfcalib_check(&r, &l, p, SELFCALIB_MIN - 1));
	for (int i = 0; i < n; i++) /* always the same person */
		p[i].walk = 3;
	assert_false(selfcalib_check(&r, &l, p, n));
	assert_true(r.median == 7);
}

static void too_little_is_refused(void **state)
{
	static struct person_px p[PEOPLE];
	struct selfcalib_known k = { 0 };
	struct selfcalib s = { .n_used = -1 };
	struct lens l;
	struct err err;
	(void)state;

	camera(&l, 70, 3, 30);
	people(&l, p, PEOPLE, 0);
	assert_int_equal(selfcalib_fit(&s, p, SELFCALIB_MIN - 1, W, H, &k, &err), ERR_STATE);
	assert_non_null(strstr(err.msg, "59 people"));
	for (int i = 1; i < PEOPLE; i++)
		p[i] = p[0];
	assert_int_equal(selfcalib_fit(&s, p, PEOPLE, W, H, &k, &err), ERR_STATE);
	assert_int_equal(s.n_used, -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(with_the_lens_angle_distances_are_right),
		cmocka_unit_test(with_one_distance_distances_are_right),
		cmocka_unit_test(one_in_five_odd_does_no_harm),
		cmocka_unit_test(alone_it_knows_sizes_only),
		cmocka_unit_test(a_distance_across_the_view_makes_no_metres),
		cmocka_unit_test(roll_has_its_sign),
		cmocka_unit_test(a_lens_of_another_size_is_the_same),
		cmocka_unit_test(a_moved_camera_is_noticed),
		cmocka_unit_test(too_little_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
