/* SPDX-License-Identifier: Apache-2.0 */
/* test_cv.c -- each call into OpenCV, against pictures made by hand. */
#include "cv/cv.h"

#include <math.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define W 40
#define H 30

static void fill(struct image *im, int x0, int y0, int w, int h, uint8_t v)
{
	for (int y = y0; y < y0 + h; y++)
		memset(image_row(im, y) + x0, v, (size_t)w);
}

static int count(const struct image *im)
{
	int n = 0;

	for (int y = 0; y < im->h; y++)
		for (int x = 0; x < im->w; x++)
			n += image_row(im, y)[x] != 0;
	return n;
}

static void draw(struct yuv *p, int frame, bool square)
{
	for (int y = 0; y < H; y++)
		for (int x = 0; x < W; x++)
			image_row(&p->y, y)[x] =
				(uint8_t)(100 + (x * 5 + y * 3 + frame * 7) % 11);
	fill(&p->u, 0, 0, W, H, 128);
	fill(&p->v, 0, 0, W, H, 128);
	if (square)
		fill(&p->y, 10, 10, 8, 8, 200);
}

static void square_appears(enum cv_bg_kind kind, double threshold)
{
	struct cv_bg *bg = cv_bg_new(kind, W, H, 100, threshold, NULL);
	struct yuv in, plate;
	struct image mask;

	assert_non_null(bg);
	yuv_init(&in, W, H);
	yuv_init(&plate, W, H);
	image_init(&mask, W, H);
	for (int i = 0; i < 40; i++) {
		draw(&in, i, false);
		assert_int_equal(cv_bg_step(bg, &in, 0.1, &mask, NULL), 0);
	}
	assert_int_equal(count(&mask), 0);
	draw(&in, 40, true);
	assert_int_equal(cv_bg_step(bg, &in, 0.01, &mask, NULL), 0);
	assert_int_equal(count(&mask), 64);
	assert_int_equal(image_row(&mask, 10)[10], 255);
	assert_int_equal(cv_bg_plate(bg, &plate, NULL), 0);
	assert_in_range(image_row(&plate.y, 12)[12], 98, 113);
	assert_int_equal(image_row(&plate.u, 12)[12], 128);
	cv_bg_free(bg);
	yuv_clear(&in);
	yuv_clear(&plate);
	image_clear(&mask);
}

static void backgrounds_see_a_square(void **state)
{
	(void)state;
	square_appears(CV_BG_MOG2, 16);
	square_appears(CV_BG_KNN, 400);
}

/* A model over noisy frames with slow movement; each mask is added to a running sum. */
struct model {
	struct cv_bg *bg;
	struct yuv in;
	struct image mask;
	uint64_t sum;
	unsigned seed;
};

static void model_begin(struct model *m, unsigned seed)
{
	m->bg = cv_bg_new(CV_BG_KNN, W, H, 100, 60, NULL);
	assert_non_null(m->bg);
	yuv_init(&m->in, W, H);
	image_init(&m->mask, W, H);
	m->sum = 0;
	m->seed = seed;
}

static void model_end(struct model *m)
{
	cv_bg_free(m->bg);
	yuv_clear(&m->in);
	image_clear(&m->mask);
}

static void model_step(struct model *m, int frame)
{
	draw(&m->in, frame, frame % 9 > 4);
	for (int y = 0; y < H; y++)
		for (int x = 0; x < W; x++) {
			m->seed = m->seed * 1664525U + 1013904223U;
			image_row(&m->in.y, y)[x] =
				(uint8_t)(image_row(&m->in.y, y)[x] + (m->seed >> 27));
		}
	cv_bg_step(m->bg, &m->in, 0.05, &m->mask, NULL);
	for (int y = 0; y < H; y++)
		for (int x = 0; x < W; x++)
			m->sum = m->sum * 31 + image_row(&m->mask, y)[x];
}

static void *model_run(void *arg)
{
	for (int i = 0; i < 60; i++)
		model_step(arg, i);
	return NULL;
}

static void models_do_not_disturb_each_other(void **state)
{
	struct model alone, a, b, c;
	pthread_t ta, tb;
	(void)state;

	model_begin(&alone, 1);
	model_run(&alone);
	model_begin(&a, 1);
	model_begin(&b, 1);
	for (int i = 0; i < 60; i++) {
		model_step(&a, i);
		model_step(&b, i);
	}
	assert_true(a.sum == alone.sum && b.sum == alone.sum);
	model_end(&a);
	model_end(&b);

	model_begin(&a, 1);
	model_begin(&b, 1);
	model_begin(&c, 2);
	assert_int_equal(pthread_create(&ta, NULL, model_run, &a), 0);
	assert_int_equal(pthread_create(&tb, NULL, model_run, &c), 0);
	model_run(&b);
	pthread_join(ta, NULL);
	pthread_join(tb, NULL);
	assert_true(a.sum == alone.sum && b.sum == alone.sum);
	assert_true(c.sum != alone.sum);
	model_end(&alone);
	model_end(&a);
	model_end(&b);
	model_end(&c);
}

static void morphology_and_median(void **state)
{
	struct image m;
	(void)state;

	image_init(&m, W, H);
	fill(&m, 10, 10, 9, 9, 255);
	fill(&m, 30, 5, 1, 1, 255);
	fill(&m, 14, 14, 1, 1, 0);
	assert_int_equal(cv_median(&m, 3, NULL), 0);
	assert_int_equal(image_row(&m, 5)[30], 0);
	assert_int_equal(image_row(&m, 14)[14], 255);
	fill(&m, 10, 10, 9, 9, 255);
	assert_int_equal(cv_morph(&m, CV_ERODE, 3, 3, 1, NULL), 0);
	assert_int_equal(count(&m), 49);
	assert_int_equal(cv_morph(&m, CV_DILATE, 3, 3, 1, NULL), 0);
	assert_int_equal(count(&m), 49 + 4 * 7);
	fill(&m, 14, 14, 1, 1, 0);
	assert_int_equal(cv_morph(&m, CV_CLOSE, 3, 3, 1, NULL), 0);
	assert_int_equal(image_row(&m, 14)[14], 255);
	fill(&m, 30, 5, 1, 1, 255);
	assert_int_equal(cv_morph(&m, CV_OPEN, 3, 3, 1, NULL), 0);
	assert_int_equal(image_row(&m, 5)[30], 0);
	image_clear(&m);
}

static void components_are_measured(void **state)
{
	struct cv_blob b[8];
	int labels[W * H];
	struct image m;
	(void)state;

	image_init(&m, W, H);
	fill(&m, 20, 2, 4, 6, 255);
	fill(&m, 2, 4, 3, 3, 255);
	fill(&m, 5, 7, 2, 2, 255); /* touches by a corner */
	fill(&m, 30, 20, 1, 1, 255);
	assert_int_equal(cv_components(&m, b, 8, labels, NULL), 3);
	assert_int_equal(b[0].x, 20);
	assert_int_equal(b[0].y, 2);
	assert_int_equal(b[0].w, 4);
	assert_int_equal(b[0].h, 6);
	assert_int_equal(b[0].area_px, 24);
	assert_true(fabs(b[0].cx - 21.5) < 1e-9 && fabs(b[0].cy - 4.5) < 1e-9);
	assert_int_equal(b[1].area_px, 13);
	assert_int_equal(labels[8 * W + 6], b[1].label);
	assert_int_equal(labels[0], 0);
	/* the largest are kept, in order */
	assert_int_equal(cv_components(&m, b, 2, NULL, NULL), 3);
	assert_int_equal(b[0].area_px, 24);
	assert_int_equal(b[1].area_px, 13);
	image_clear(&m);
}

static void map(const double h[9], double x, double y, double out[2])
{
	double w = h[6] * x + h[7] * y + h[8];

	out[0] = (h[0] * x + h[1] * y + h[2]) / w;
	out[1] = (h[3] * x + h[4] * y + h[5]) / w;
}

static void homography_is_found(void **state)
{
	static const double truth[9] = { 1.2, 0.1, 30, -0.2, 0.9, 12, 1e-3, -5e-4, 1 };
	double from[40], to[40], h[9], p[2];
	unsigned char in[20];
	(void)state;

	for (int i = 0; i < 20; i++) {
		from[2 * i] = 37 * i % 101;
		from[2 * i + 1] = 53 * i % 89;
		map(truth, from[2 * i], from[2 * i + 1], to + 2 * i);
	}
	assert_int_equal(cv_homography(from, to, 20, 0, h, NULL, NULL), 0);
	map(h, 50, 60, p);
	map(truth, 50, 60, to + 38);
	assert_true(fabs(p[0] - to[38]) < 1e-6 && fabs(p[1] - to[39]) < 1e-6);

	to[4] += 80;
	to[21] -= 90;
	map(truth, from[38], from[39], to + 38);
	assert_int_equal(cv_homography(from, to, 20, 2, h, in, NULL), 0);
	for (int i = 0; i < 20; i++)
		assert_int_equal(in[i] != 0, i != 2 && i != 10);
	map(h, from[4], from[5], p);
	assert_true(fabs(p[0] - (to[4] - 80)) < 1e-4);
}

static void homography_needs_a_plane(void **state)
{
	const double line[10] = { 0, 0, 1, 1, 2, 2, 3, 3, 4, 4 };
	const double flat[8] = { 0, 0, 1, 0, 2, 0, 1, 5 }; /* three in line */
	const double same[8] = { 7, 7, 7, 7, 7, 7, 7, 7 };
	const double square[10] = { 0, 0, 9, 0, 9, 9, 0, 9, 4, 4 };
	const double bad[8] = { 0, 0, 9, 0, 9, NAN, 0, 9 };
	double h[9] = { 42 };
	struct err err;
	(void)state;

	assert_int_equal(cv_homography(line, square, 5, 0, h, NULL, &err), ERR_RANGE);
	assert_int_equal(cv_homography(square, line, 5, 3, h, NULL, &err), ERR_RANGE);
	assert_int_equal(cv_homography(flat, square, 4, 0, h, NULL, &err), ERR_RANGE);
	assert_int_equal(cv_homography(same, square, 4, 0, h, NULL, &err), ERR_RANGE);
	assert_int_equal(cv_homography(square, bad, 4, 0, h, NULL, &err), ERR_RANGE);
	assert_int_equal(cv_homography(square, square, 3, 0, h, NULL, &err), ERR_RANGE);
	assert_true(h[0] == 42);
}

#define COLS 7
#define ROWS 5
#define VIEWS 6
#define PIC_W 320
#define PIC_H 240

/* A board of squares of 30 mm before a camera of 300 px focal length, turned about x and y. */
static void board_view(struct image *im, double turn_x, double turn_y, double corners[])
{
	const double f = 300, cx = PIC_W / 2.0, cy = PIC_H / 2.0, d = 0.5;
	const double c = cos(turn_y), s = sin(turn_y), e = cos(turn_x), g = sin(turn_x);
	/* columns: where the board's x and y go */
	const double ax = c, ay = g * s, az = -e * s, by = e, bz = g;
	const double px = 0.03 * (COLS - 1) / 2, py = 0.03 * (ROWS - 1) / 2;
	const double h[9] = { f * ax + cx * az,
			      cx * bz,
			      cx * d,
			      f * ay + cy * az,
			      f * by + cy * bz,
			      cy * d,
			      az,
			      bz,
			      d };

	for (int i = 0; i < COLS * ROWS; i++)
		map(h, 0.03 * (i % COLS) - px, 0.03 * (i / COLS) - py, corners + 2 * i);
	for (int y = 0; y < PIC_H; y++)
		for (int x = 0; x < PIC_W; x++) {
			/* the picture's ray meets the board: two equations in u and v */
			int sum = 0;

			for (int k = 0; k < 16; k++) {
				double xx = x + (k % 4) / 4.0 - 0.375;
				double yy = y + k / 4 / 4.0 - 0.375;
				double a = h[0] - xx * h[6], b = h[1] - xx * h[7];
				double m = h[3] - yy * h[6], n = h[4] - yy * h[7];
				double p = xx * h[8] - h[2], q = yy * h[8] - h[5];
				double det = a * n - b * m;
				double u = floor(((p * n - b * q) / det + px) / 0.03);
				double v = floor(((a * q - p * m) / det + py) / 0.03);
				bool on = u >= -1 && u < COLS && v >= -1 && v < ROWS;

				sum += on && fmod(fabs(u + v), 2) == 1 ? 20 : 230;
			}
			image_row(im, y)[x] = (uint8_t)(sum / 16);
		}
}

static void board_calibrates_the_camera(void **state)
{
	static const double turns[VIEWS][2] = { { 0.4, 0.1 },   { -0.4, 0.2 }, { 0.1, 0.5 },
						{ -0.1, -0.5 }, { 0.3, -0.3 }, { -0.3, 0.4 } };
	double corners[VIEWS * COLS * ROWS * 2], truth[COLS * ROWS * 2];
	double camera[4], distortion[5], rms;
	struct image im;
	(void)state;

	image_init(&im, PIC_W, PIC_H);
	for (int i = 0; i < VIEWS; i++) {
		double *c = corners + (ptrdiff_t)i * COLS * ROWS * 2;

		board_view(&im, turns[i][0], turns[i][1], truth);
		assert_int_equal(cv_checkerboard(&im, COLS, ROWS, c, NULL), 0);
		/* the board looks the same upside down: either corner may be the first */
		if (hypot(c[0] - truth[0], c[1] - truth[1]) < 1) {
			for (int k = 0; k < COLS * ROWS * 2; k++)
				assert_true(fabs(c[k] - truth[k]) < 0.3);
		} else {
			assert_true(hypot(c[0] - truth[2 * COLS * ROWS - 2],
					  c[1] - truth[2 * COLS * ROWS - 1]) < 0.3);
		}
	}
	assert_int_equal(cv_calibrate(corners, VIEWS, COLS, ROWS, 0.03, PIC_W, PIC_H, camera,
				      distortion, &rms, NULL),
			 0);
	assert_true(rms < 0.2);
	assert_true(fabs(camera[0] - 300) < 6 && fabs(camera[1] - 300) < 6);
	assert_true(fabs(camera[2] - 160) < 5 && fabs(camera[3] - 120) < 5);
	image_clear(&im);
}

static void failures_are_told(void **state)
{
	double corners[2 * COLS * ROWS];
	struct yuv small;
	struct image im;
	struct cv_bg *bg;
	struct err err;
	(void)state;

	image_init(&im, W, H);
	yuv_init(&small, 8, 8);
	assert_int_equal(cv_checkerboard(&im, COLS, ROWS, corners, &err), ERR_RANGE);
	assert_non_null(strstr(err.msg, "7x5"));
	assert_int_equal(cv_median(&im, 4, &err), ERR_STATE);
	assert_non_null(strstr(err.msg, "opencv"));
	assert_int_equal(cv_morph(&im, CV_OPEN, 2, 3, 1, &err), ERR_STATE);
	assert_null(cv_bg_new(CV_BG_KNN, 0, 10, 100, 400, &err));
	assert_int_equal(err.code, ERR_RANGE);
	assert_null(cv_bg_new((enum cv_bg_kind)3, 10, 10, 100, 400, &err));
	bg = cv_bg_new(CV_BG_KNN, W, H, 100, 400, &err);
	assert_non_null(bg);
	assert_int_equal(cv_bg_step(bg, &small, 0.1, &im, &err), ERR_STATE);
	assert_int_equal(cv_bg_step(bg, &small, 0.1, &small.y, NULL), ERR_STATE);
	assert_int_equal(cv_bg_plate(bg, &small, &err), ERR_STATE);
	cv_bg_free(bg);
	cv_bg_free(NULL);
	yuv_clear(&small);
	image_clear(&im);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(backgrounds_see_a_square),
		cmocka_unit_test(models_do_not_disturb_each_other),
		cmocka_unit_test(morphology_and_median),
		cmocka_unit_test(components_are_measured),
		cmocka_unit_test(homography_is_found),
		cmocka_unit_test(homography_needs_a_plane),
		cmocka_unit_test(board_calibrates_the_camera),
		cmocka_unit_test(failures_are_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
