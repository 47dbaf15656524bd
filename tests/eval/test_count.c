/* SPDX-License-Identifier: Apache-2.0 */
/* test_count.c -- scores of counted crossings, against figures worked out by others. */
#include "base/json.h"
#include "base/vec.h"
#include "eval/count.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define FIXTURE SHARED_DIR "/metrics/handmade/counting.json"
#define NEAR(a, b) assert_true(fabs((a) - (b)) < 1e-9)
#define HEAD "t_utc,t_local,camera,kind,name,event,person,dwell_s\n"

static struct crossings crossings_of(struct names *names, const char *text)
{
	struct crossings c = { 0 };
	struct err err;

	if (crossings_parse(&c, names, text, strlen(text), &err) < 0)
		fail_msg("%s", err.msg);
	return c;
}

static struct count_score score(const struct crossings *truth, const struct crossings *counted,
				const struct names *names, int line, int in)
{
	struct count_score s;

	count_score(&s, truth, counted, (int)names->n, line, in, count_span_of(truth, counted),
		    1);
	return s;
}

static void check_bins(const struct json *inputs, const struct json *expected,
		       const char *const *keys, int n_keys)
{
	int64_t truth[16], counted[16];
	struct count_score s;
	double v;
	size_t n = 0;

	for (int k = 0; k < n_keys; k++) {
		char key[32];
		const struct json *t, *p;

		snprintf(key, sizeof(key), "true_%s", keys[k]);
		t = json_get(inputs, key);
		snprintf(key, sizeof(key), "pred_%s", keys[k]);
		p = json_get(inputs, key);
		assert_int_equal(json_count(t), json_count(p));
		for (size_t i = 0; i < json_count(t); i++, n++) {
			assert_int_equal(json_value_double(json_at(t, i), 0, 1e6, &v, NULL), 0);
			truth[n] = (int64_t)v;
			assert_int_equal(json_value_double(json_at(p, i), 0, 1e6, &v, NULL), 0);
			counted[n] = (int64_t)v;
		}
	}
	count_score_bins(&s, truth, counted, n);
#define FIGURE(key, value) \
	assert_int_equal(json_double(expected, key, -1e9, 1e9, &v, NULL), 0); \
	NEAR(value, v)
	FIGURE("MAE", s.mae);
	FIGURE("RMSE", s.rmse);
	FIGURE("WAPE", s.wape);
	FIGURE("bias", s.bias);
	FIGURE("total_rel_error", s.bias);
	FIGURE("abs_total_error", fabs((double)(s.counted - s.truth)));
	FIGURE("max_bin_error", (double)s.max_error);
}

static void check_events(const struct json *events)
{
	struct names names = { 0 };
	struct crossings c[2] = { { 0 } };
	static const char *const lists[] = { "true", "pred" };
	const struct json *expected = json_get(events, "expected");
	struct count_score s;
	double v;

	*VEC_PUSH(&names) = xstrdup("door");
	for (int k = 0; k < 2; k++) {
		const struct json *list = json_get(events, lists[k]);

		for (size_t i = 0; i < json_count(list); i++) {
			const struct json *e = json_at(list, i);

			assert_int_equal(json_value_double(json_at(e, 0), 0, 1e6, &v, NULL), 0);
			*VEC_PUSH(&c[k]) = (struct crossing){
				.t_us = llrint(v * 1e6),
				.in = !strcmp(json_value_string(json_at(e, 1)), "in"),
			};
		}
	}
	s = score(&c[0], &c[1], &names, -1, -1);
	FIGURE("TP", (double)s.matched);
	FIGURE("FP", (double)(s.counted - s.matched));
	FIGURE("FN", (double)(s.truth - s.matched));
	FIGURE("precision", s.precision);
	FIGURE("recall", s.recall);
	FIGURE("F1", s.f1);
	crossings_clear(&c[0]);
	crossings_clear(&c[1]);
	names_clear(&names);
}

static void figures_are_those_of_the_fixture(void **state)
{
	static const char *const both[] = { "in", "out" };
	struct json *root;
	const struct json *inputs, *expected;
	struct err err;
	(void)state;

	if (access(FIXTURE, R_OK) < 0) {
		print_message("skipped: no '%s'\n", FIXTURE);
		skip();
	}
	root = json_read(FIXTURE, 1 << 20, &err);
	assert_non_null(root);
	inputs = json_get(root, "inputs");
	expected = json_get(root, "expected");
	check_bins(inputs, json_get(expected, "in_"), both, 1);
	check_bins(inputs, json_get(expected, "out"), both + 1, 1);
	check_bins(inputs, json_get(expected, "pooled"), both, 2);
	check_events(json_get(root, "events"));
	json_free(root);
}

/* Greedy by nearness would pair 10.0 with 10.4 and lose the other two. */
static void as_many_as_can_be_are_matched(void **state)
{
	struct names names = { 0 };
	struct crossings truth =
		crossings_of(&names, HEAD "2026-03-14T09:00:09.500Z,,,line,door,in,1,\n"
					  "2026-03-14T09:00:10.000Z,,,line,door,in,2,\n");
	struct crossings counted =
		crossings_of(&names, HEAD "2026-03-14T09:00:09.900Z,,,line,door,in,1,\n"
					  "2026-03-14T09:00:08.700Z,,,line,door,in,2,\n");
	struct count_score s = score(&truth, &counted, &names, 0, 1);
	(void)state;

	assert_int_equal(s.matched, 2);
	NEAR(s.off_s, (0.8 + 0.1) / 2);
	s = score(&truth, &counted, &names, 0, 0);
	assert_int_equal(s.truth, 0);
	NEAR(s.f1, 1);
	crossings_clear(&truth);
	crossings_clear(&counted);
	names_clear(&names);
}

/* Against every way of pairing, on times drawn at random. */
static int best_of_all(const int64_t *t, int n, const int64_t *c, int m, unsigned used,
		       int64_t *off)
{
	int best = 0;
	int64_t best_off = 0;

	if (!n) {
		*off = 0;
		return 0;
	}
	best = best_of_all(t + 1, n - 1, c, m, used, &best_off);
	for (int k = 0; k < m; k++) {
		int64_t d = t[0] < c[k] ? c[k] - t[0] : t[0] - c[k], rest;
		int got;

		if (d > 1000000 || (used & 1U << k))
			continue;
		got = 1 + best_of_all(t + 1, n - 1, c, m, used | 1U << k, &rest);
		if (got > best || (got == best && rest + d < best_off)) {
			best = got;
			best_off = rest + d;
		}
	}
	*off = best_off;
	return best;
}

static int by_value(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static void matching_is_optimal(void **state)
{
	struct names names = { 0 };
	uint32_t r = 1;
	(void)state;

	*VEC_PUSH(&names) = xstrdup("door");
	for (int round = 0; round < 300; round++) {
		int64_t t[2][7], off;
		struct crossings c[2] = { { 0 } };
		struct count_score s;
		int best;

		for (int k = 0; k < 2; k++) {
			for (int i = 0; i < 7; i++) {
				r = r * 1664525 + 1013904223;
				t[k][i] = (int64_t)(r >> 8) % 6000000;
			}
			qsort(t[k], 7, sizeof(t[k][0]), by_value);
			for (int i = 0; i < 7; i++)
				*VEC_PUSH(&c[k]) = (struct crossing){ .t_us = t[k][i] };
		}
		s = score(&c[0], &c[1], &names, 0, 0);
		best = best_of_all(t[0], 7, t[1], 7, 0, &off);
		assert_int_equal(s.matched, best);
		NEAR(s.off_s * best, (double)off / 1e6);
		crossings_clear(&c[0]);
		crossings_clear(&c[1]);
	}
	names_clear(&names);
}

static void lines_ways_and_bins_do_not_mix(void **state)
{
	struct names names = { 0 };
	/* Another program's columns, quotes, a zone's rows, and a time with an offset. */
	struct crossings truth =
		crossings_of(&names, "line,t_utc,direction\r\n"
				     "\"front \"\"A\"\"\",2026-03-14T09:14:59.900Z,in\r\n"
				     "back,2026-03-14T11:20:00+01:00,out\r\n");
	struct crossings counted = crossings_of(
		&names, HEAD "2026-03-14T09:15:00.100Z,,,line,\"front \"\"A\"\"\",in,1,\n"
			     "2026-03-14T09:15:00.100Z,,,zone,\"front \"\"A\"\"\",enter,1,\n"
			     "2026-03-14T10:20:00.100Z,,,line,back,in,1,\n");
	struct count_score s;
	(void)state;

	assert_int_equal(names.n, 2);
	assert_string_equal(names.v[0], "front \"A\"");
	s = score(&truth, &counted, &names, 0, 1);
	assert_int_equal(s.bins, 6); /* 09:00 to 10:30 */
	assert_int_equal(s.empty_bins, 4);
	NEAR(s.wape, 2); /* the right crossing, in the wrong bin */
	NEAR(s.bias, 0);
	assert_int_equal(s.matched, 1);
	NEAR(s.f1, 1);
	s = score(&truth, &counted, &names, 1, 1);
	assert_true(isnan(s.wape) && isnan(s.bias));
	NEAR(s.precision, 0);
	NEAR(s.recall, 1);
	s = score(&truth, &counted, &names, -1, -1);
	assert_int_equal(s.truth, 2);
	assert_int_equal(s.counted, 2);
	assert_int_equal(s.matched, 1);
	assert_int_equal(s.bins, 24);
	crossings_clear(&truth);
	crossings_clear(&counted);
	names_clear(&names);
}

static void nothing_is_compared_with_nothing(void **state)
{
	struct names names = { 0 };
	struct crossings none = crossings_of(&names, HEAD);
	struct count_score s = score(&none, &none, &names, -1, -1);
	(void)state;

	assert_int_equal(s.bins, 0);
	NEAR(s.wape, 0);
	NEAR(s.f1, 1);
}

static void refused(const char *text, const char *why)
{
	struct names names = { 0 };
	struct crossings c = { 0 };
	struct err err = { 0 };

	assert_true(crossings_parse(&c, &names, text, strlen(text), &err) < 0);
	if (!strstr(err.msg, why))
		fail_msg("'%s' has no '%s'", err.msg, why);
	assert_null(c.v);
	names_clear(&names);
}

static void wrong_files_are_told(void **state)
{
	(void)state;

	refused("", "line 1: expected a head line with a column 't_utc'");
	refused("1,2,3\n", "line 1: expected a head line");
	refused("t_utc,name\n", "column 'event'");
	refused(HEAD "2026-03-14T09:00:00Z,,,line,door,inn,1,\n",
		"line 2: expected 'in' or 'out', found 'inn'");
	refused(HEAD "2026-03-14T09:00:00Z,,,line,door,in,1,\nyesterday,,,line,door,in,1,\n",
		"line 3: 'yesterday'");
	refused(HEAD "2026-03-14T09:00:00Z,,\n", "line 2: expected as many fields");
	refused(HEAD "2026-03-14T09:00:00Z,,,line,\"door,in,1,\n", "line 2: expected as many");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(figures_are_those_of_the_fixture),
		cmocka_unit_test(as_many_as_can_be_are_matched),
		cmocka_unit_test(matching_is_optimal),
		cmocka_unit_test(lines_ways_and_bins_do_not_mix),
		cmocka_unit_test(nothing_is_compared_with_nothing),
		cmocka_unit_test(wrong_files_are_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
