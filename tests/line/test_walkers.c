/* SPDX-License-Identifier: Apache-2.0 */
/* test_walkers.c -- cameras worked out from simulated people's pictures, against the cameras
 * that saw them. */
#include "base/clock.h"
#include "base/file.h"
#include "base/rng.h"
#include "base/str.h"
#include "run/replay.h"
#include "run/sources.h"
#include "run/walkers.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define W 640
#define H 360
#define PAIRS 2000
#define DEG (3.14159265358979 / 180)

struct camera_at {
	double tilt, roll, up, hfov;
};

static char scene_path[] = "/tmp/footfall_walkers_XXXXXX";

static void camera_lens(const struct camera_at *c, struct lens *l)
{
	double t = c->tilt * DEG;

	lens_look(l, W, H, c->hfov, 0, (struct pt_room){ 8, .5, c->up },
		  (struct pt_room){ 8, .5 + cos(t), c->up - sin(t) }, c->roll);
}

/* A wide empty floor that people cross. */
static void write_scene(const struct camera_at *c, int seconds, const char *people)
{
	struct str s = STR_INIT;
	double t = c->tilt * DEG;

	str_addf(&s,
		 "[scene]\nstart = 2026-03-14T10:00:00\nseconds = %d\n"
		 "[floor]\nbox = 0,0 16,20\nkind = tiles\ncolour = 150 126 130\n"
		 "[camera one]\nat = 8, 0.5, %.17g\nto = 8, %.17g, %.17g\nfov = %.17g\n"
		 "roll = %.17g\nsize = %d x %d\nfps = 8\n"
		 "[light one]\nat = 3, 3, 4\n[light two]\nat = 12, 12, 4\n"
		 "[portal west]\nat = 0.3,1 0.3,19\n[portal east]\nat = 15.7,1 15.7,19\n"
		 "[portal north]\nat = 1,19.7 15,19.7\n[portal south]\nat = 4,0.3 12,0.3\n"
		 "[people]\npassers = 900\n%s",
		 seconds, c->up, .5 + cos(t), c->up - sin(t), c->hfov, c->roll, W, H, people);
	assert_int_equal(file_write(scene_path, s.s, s.len, NULL), 0);
	str_clear(&s);
}

static bool gather(void *ctx, int64_t t_us, const struct camera_out *out)
{
	walkers_step(ctx, t_us, out);
	return true;
}

/* Who walks alone before the camera. */
static struct walkers *watch(const struct camera_at *c, int seconds, const char *people)
{
	struct walkers *w = walkers_new(W, H);
	const struct replay_watch watch = { .ctx = w, .frame = gather };
	struct replay_result r;
	struct conf conf;
	struct err err = { 0 };
	char spec[80];
	const char *specs[] = { spec };

	write_scene(c, seconds, people);
	conf_init(&conf);
	conf.analysis.max_px = WALKERS_MAX_PX;
	snprintf(spec, sizeof(spec), "sim:%s", scene_path);
	if (replay(&(struct replay_opts){ .conf = &conf,
					  .source = { .specs = specs,
						      .n_specs = 1,
						      .start_us = CLOCK_NONE,
						      .kinds = sources },
					  .threads = 1,
					  .watch = &watch },
		   &r, &err) < 0)
		fail_msg("%s", err.msg);
	conf_clear(&conf);
	return w;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Errors of distances between places where people stood, relative: median and p90. */
static void errors(const struct lens *truth, const struct lens *found,
		   const struct person_px *p, int n, double *median, double *p90)
{
	static double v[PAIRS];
	struct rng r;

	rng_init(&r, 8, 1);
	for (int m = 0; m < PAIRS;) {
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
	qsort(v, PAIRS, sizeof(*v), compare);
	*median = v[PAIRS / 2];
	*p90 = v[PAIRS * 9 / 10];
}

/* An aisle: from low to high in the middle of the picture, measured in the room. */
static void measure_aisle(const struct lens *l, struct selfcalib_known *k)
{
	struct selfcalib_span *s = &k->span[k->n_spans++];
	struct pt_m a, b;

	*s = (struct selfcalib_span){ .a = { W / 2., H * .95 }, .b = { W / 2., H * .5 } };
	assert_true(lens_floor(l, s->a[0], s->a[1], &a) && lens_floor(l, s->b[0], s->b[1], &b));
	s->m = hypot(a.x - b.x, a.y - b.y);
}

static void check_fit(const char *known, const struct camera_at *c, const struct lens *truth,
		      const struct selfcalib_known *k, const struct person_px *p, int n)
{
	double median, p90;
	struct selfcalib s;
	struct err err = { 0 };

	if (selfcalib_fit(&s, p, n, W, H, k, &err) < 0)
		fail_msg("tilt %g: %s", c->tilt, err.msg);
	errors(truth, &s.lens, p, n, &median, &p90);
	print_message("tilt %2.0f roll %2.0f height %.1f hfov %3.0f, %s: median %.1f %%, p90 "
		      "%.1f %%; height %.2f tilt %.1f roll %.1f; %d people on %d walks\n",
		      c->tilt, c->roll, c->up, c->hfov, known, 100 * median, 100 * p90,
		      s.lens.at.z, lens_pose(&s.lens).tilt, lens_pose(&s.lens).roll, n,
		      s.n_walks);
	assert_true(s.metric);
	assert_true(n >= SELFCALIB_GOOD);
	assert_true(median <= .03);
	assert_true(p90 <= .10);
	assert_true(fabs(lens_pose(&s.lens).roll - c->roll) < 2);
}

static void check_camera(const struct camera_at *c, int seconds, const char *people)
{
	struct walkers *w = watch(c, seconds, people);
	struct selfcalib_known angle = { .hfov_deg = c->hfov }, aisle = { 0 };
	struct selfcalib_ratio r;
	const struct person_px *p;
	struct lens truth;
	int n;

	camera_lens(c, &truth);
	p = walkers_people(w, &n);
	assert_true(selfcalib_check(&r, &truth, p, n));
	print_message("true camera: %.3f (%.3f to %.3f)\n", r.median, r.lo, r.hi);
	measure_aisle(&truth, &aisle);
	check_fit("angle", c, &truth, &angle, p, n);
	check_fit("aisle", c, &truth, &aisle, p, n);
	assert_true(r.median > SELFCALIB_RATIO_LO && r.median < SELFCALIB_RATIO_HI);
	walkers_free(w);
}

#define ALONE "group = 1 0 0 0\n"

static void cameras_low_and_high_are_found(void **state)
{
	static const struct camera_at cameras[] = {
		{ 15, 0, 2.5, 60 }, { 20, -5, 3, 70 }, { 30, 3, 3, 80 }, { 45, 5, 5, 80 }
	};
	(void)state;

	for (size_t i = 0; i < sizeof(cameras) / sizeof(*cameras); i++)
		check_camera(&cameras[i], 360, ALONE);
}

/* What the first day gathered outlives a restart, and nothing else is taken for it. */
static void what_was_gathered_is_saved(void **state)
{
	struct walkers *w = watch(&(struct camera_at){ 30, 0, 3, 80 }, 60, ALONE), *back,
		       *other;
	const struct person_px *a, *b;
	uint8_t *bytes, *again;
	size_t len, len_again;
	int n, m;
	(void)state;

	bytes = walkers_save(w, &len);
	a = walkers_people(w, &n);
	assert_true(n > 10);
	back = walkers_new(W, H);
	assert_true(walkers_load(back, bytes, len));
	b = walkers_people(back, &m);
	assert_int_equal(m, n);
	for (int i = 0; i < n; i++) {
		assert_int_equal(a[i].walk, b[i].walk);
		for (int c = 0; c < 2; c++) {
			assert_true(fabs(a[i].foot[c] - b[i].foot[c]) < .04);
			assert_true(fabs(a[i].head[c] - b[i].head[c]) < .04);
		}
	}
	again = walkers_save(back, &len_again);
	assert_int_equal(len, len_again);
	assert_memory_equal(bytes, again, len);
	other = walkers_new(W, H + 2);
	assert_false(walkers_load(other, bytes, len));
	for (size_t cut = 0; cut < len; cut += 7)
		assert_false(walkers_load(back, bytes, cut));
	bytes[12] ^= 0x40;
	assert_false(walkers_load(back, bytes, len));
	walkers_people(back, &m);
	assert_int_equal(m, n);
	free(bytes);
	free(again);
	walkers_free(w);
	walkers_free(back);
	walkers_free(other);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cameras_low_and_high_are_found),
		cmocka_unit_test(what_was_gathered_is_saved),
	};
	int fd = mkstemp(scene_path), rc;

	if (fd < 0)
		return 1;
	close(fd);
	rc = cmocka_run_group_tests(tests, NULL, NULL);
	unlink(scene_path);
	return rc;
}
