/* SPDX-License-Identifier: Apache-2.0 */
/* test_mask_score.c -- the figures are those of changedetection.net. */
#include "base/json.h"
#include "eval/mask.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <unistd.h>

#include <cmocka.h>

#define FIXTURE SHARED_DIR "/metrics/handmade/cdnet_pixels.json"

static void near_to(const char *what, double got, double expected)
{
	if (!(fabs(got - expected) <= 1e-12))
		fail_msg("%s is %.15g, expected %.15g", what, got, expected);
}

static struct image image_of(uint8_t *data, int w, int h)
{
	return (struct image){ .data = data, .w = w, .h = h, .stride = w };
}

static void every_code_has_its_meaning(void **state)
{
	uint8_t truth[] = { 0, 50, 85, 170, 255, 0, 50, 85, 170, 255, 255, 0 };
	uint8_t mask[] = { 255, 255, 255, 255, 255, 0, 0, 0, 0, 0, 1, 0 };
	struct image t = image_of(truth, 4, 3), m = image_of(mask, 4, 3);
	struct mask_score s = { 0 };
	(void)state;

	assert_int_equal(mask_score_add(&s, &m, &t, NULL), 0);
	assert_int_equal(s.tp, 2);
	assert_int_equal(s.fp, 2);
	assert_int_equal(s.fn, 1);
	assert_int_equal(s.tn, 3);
	assert_int_equal(s.shadow_errors, 1);
	near_to("recall", mask_score_figures(&s).recall, 2 / 3.);
	near_to("pwc", mask_score_figures(&s).pwc, 37.5);
}

static void frames_add_up(void **state)
{
	uint8_t truth[] = { 255, 0 }, hit[] = { 255, 0 }, miss[] = { 0, 255 };
	struct image t = image_of(truth, 2, 1), a = image_of(hit, 2, 1),
		     b = image_of(miss, 2, 1);
	struct mask_score s = { 0 };
	(void)state;

	assert_int_equal(mask_score_add(&s, &a, &t, NULL), 0);
	near_to("f", mask_score_figures(&s).f, 1);
	assert_int_equal(mask_score_add(&s, &b, &t, NULL), 0);
	near_to("f", mask_score_figures(&s).f, 0.5);
}

/* A video without motion has no recall, but its false alarms show. */
static void nothing_moves(void **state)
{
	uint8_t truth[] = { 0, 0 }, mask[] = { 0, 255 };
	struct image t = image_of(truth, 2, 1), m = image_of(mask, 2, 1);
	struct mask_score s = { 0 };
	(void)state;

	assert_int_equal(mask_score_add(&s, &m, &t, NULL), 0);
	assert_true(isnan(mask_score_figures(&s).recall));
	near_to("fpr", mask_score_figures(&s).fpr, 0.5);
	near_to("f", mask_score_figures(&s).f, 0);
}

static void a_wrong_truth_is_named(void **state)
{
	uint8_t truth[] = { 255, 0, 0, 254 }, mask[] = { 255, 0, 0, 0 };
	struct image t = image_of(truth, 2, 2), m = image_of(mask, 2, 2);
	struct image row = image_of(truth, 4, 1);
	struct mask_score s = { .tp = 5 };
	struct err err = { 0 };
	(void)state;

	assert_int_equal(mask_score_add(&s, &m, &t, &err), ERR_RANGE);
	assert_string_equal(err.msg, "pixel 1, 1 of the truth is 254; "
				     "expected 0, 50, 85, 170 or 255");
	assert_int_equal(mask_score_add(&s, &m, &row, &err), ERR_RANGE);
	assert_string_equal(err.msg, "the truth is 4x1; expected 2x2");
	assert_int_equal(s.tp, 5);
}

static struct image read_image(const struct json *root, const char *key, uint8_t *data)
{
	const struct json *rows = json_get(root, key);
	int h = (int)json_count(rows), w = (int)json_count(json_at(rows, 0));

	assert_in_range(w * h, 1, 1024);
	for (int i = 0; i < w * h; i++) {
		const struct json *row = json_at(rows, (size_t)(i / w));
		double v;

		assert_int_equal(
			json_value_double(json_at(row, (size_t)(i % w)), 0, 255, &v, NULL), 0);
		data[i] = (uint8_t)v;
	}
	return image_of(data, w, h);
}

static void expect(const struct json *o, const char *key, double got)
{
	double v;

	assert_int_equal(json_double(o, key, 0, 1e6, &v, NULL), 0);
	near_to(key, got, v);
}

static void the_fixture_is_reproduced(void **state)
{
	uint8_t truth[1024], mask[1024];
	struct image t, m;
	struct mask_score s = { 0 };
	struct mask_figures f;
	struct json *root;
	const struct json *o;
	(void)state;

	if (access(FIXTURE, R_OK) != 0) {
		print_message("no %s here\n", FIXTURE);
		skip();
	}
	root = json_read(FIXTURE, 65536, NULL);
	assert_non_null(root);
	t = read_image(root, "gt", truth);
	m = read_image(root, "mask", mask);
	assert_int_equal(mask_score_add(&s, &m, &t, NULL), 0);
	f = mask_score_figures(&s);
	o = json_get(root, "expected");
	expect(o, "TP", (double)s.tp);
	expect(o, "FP", (double)s.fp);
	expect(o, "FN", (double)s.fn);
	expect(o, "TN", (double)s.tn);
	expect(o, "shadow_errors", (double)s.shadow_errors);
	expect(o, "Re", f.recall);
	expect(o, "Sp", f.specificity);
	expect(o, "FPR", f.fpr);
	expect(o, "FNR", f.fnr);
	expect(o, "PWC", f.pwc);
	expect(o, "Precision", f.precision);
	expect(o, "F", f.f);
	json_free(root);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_code_has_its_meaning),
		cmocka_unit_test(frames_add_up),
		cmocka_unit_test(nothing_moves),
		cmocka_unit_test(a_wrong_truth_is_named),
		cmocka_unit_test(the_fixture_is_reproduced),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
