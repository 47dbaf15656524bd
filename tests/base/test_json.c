/* SPDX-License-Identifier: Apache-2.0 */
/* test_json.c -- values come out as written; every mistake is named with its place. */
#include "base/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static struct json *parsed(const char *text)
{
	struct err e = { 0 };
	struct json *root = json_parse(text, strlen(text), &e);

	if (!root)
		fail_msg("%s", e.msg);
	return root;
}

static void values_come_out(void **state)
{
	struct json *root = parsed("\xef\xbb\xbf{\"n\": 3.0, \"x\": -2.5e1, \"s\": \"a b\","
				   " \"t\": true, \"v\": [1, 2.5, 3], \"o\": {\"k\": [[7]]}}");
	double x, v[3];
	char s[8];
	bool t;
	int n;

	(void)state;
	assert_int_equal(json_int(root, "n", 0, 9, &n, NULL), 0);
	assert_int_equal(n, 3);
	assert_int_equal(json_double(root, "x", -30, 0, &x, NULL), 0);
	assert_true(x == -25);
	assert_int_equal(json_string(root, "s", s, sizeof(s), NULL), 0);
	assert_string_equal(s, "a b");
	assert_int_equal(json_bool(root, "t", &t, NULL), 0);
	assert_true(t);
	assert_int_equal(json_numbers(root, "v", 3, v, NULL), 0);
	assert_true(v[0] == 1 && v[1] == 2.5 && v[2] == 3);
	assert_null(json_get(root, "none"));
	assert_null(json_at(json_get(root, "v"), 3));
	assert_int_equal(json_count(json_get(root, "o")), 0);
	assert_string_equal(json_value_string(json_get(root, "s")), "a b");
	assert_null(json_value_string(json_get(root, "n")));
	json_free(root);
	json_free(NULL);
}

static void every_value_knows_its_place(void **state)
{
	struct json *root = parsed("{\"lines\": [0, 1, {\"points\": [[4, 5]]}]}");
	struct json *line = json_at(json_get(root, "lines"), 2);
	struct json *point = json_at(json_get(line, "points"), 0);
	double x;

	(void)state;
	assert_string_equal(json_where(root), "");
	assert_string_equal(json_where(line), "lines[2]");
	assert_string_equal(json_where(point), "lines[2].points[0]");
	assert_int_equal(json_value_double(json_at(point, 1), 0, 9, &x, NULL), 0);
	assert_true(x == 5);
	json_free(root);
}

static void bad_text_is_refused_with_line_and_column(void **state)
{
	static const struct {
		const char *text, *where, *what;
	} bad[] = {
		{ "", "line 1, column 1: ", "end of file" },
		{ "{\n  \"a\": 1,\n}", "line 3, column 1: ", "'}'" },
		{ "{\"a\": 1, \"a\": 2}", "line 1, column ", "duplicate" },
		{ "{} x", "line 1, column ", "end of file expected" },
		{ "[1e999]", "line 1, column ", "overflow" },
		{ "[99999999999999999999]", "line 1, column ", "too big" },
		{ "[NaN]", "line 1, column ", "NaN" },
		{ "\"\xff\"", "line 1, column ", "decode byte 0xff" },
		{ "\"\\u0000\"", "line 1, column ", "u0000" },
		{ "[\n [", "line 2, column ", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct err e = { 0 };

		assert_null(json_parse(bad[i].text, strlen(bad[i].text), &e));
		assert_int_equal(e.code, ERR_FORMAT);
		if (!strstr(e.msg, bad[i].where) || !strstr(e.msg, bad[i].what))
			fail_msg("'%s': %s", bad[i].text, e.msg);
	}
}

static void depth_is_limited(void **state)
{
	char text[300];
	struct json *root;
	struct err e;

	(void)state;
	memset(text, '[', 64);
	memset(text + 64, ']', 64);
	root = json_parse(text, 128, &e);
	assert_non_null(root);
	json_free(root);

	memset(text, '[', 65);
	memset(text + 65, ']', 65);
	assert_null(json_parse(text, 130, &e));
	assert_string_equal(e.msg, "line 1, column 65: more than 64 levels deep");

	/* Brackets inside text are no levels. */
	memset(text, '[', 200);
	text[0] = text[199] = '"';
	root = json_parse(text, 200, &e);
	assert_non_null(root);
	json_free(root);
}

static void unknown_keys_get_the_nearest(void **state)
{
	static const char *const keys[] = { "name", "points", "role" };
	struct json *root =
		parsed("{\"lines\": [{\"name\": 1, \"ponits\": 2}, {\"x\": 1}, 7]}");
	struct json *lines = json_get(root, "lines");
	struct err e;

	(void)state;
	assert_int_equal(json_only(json_at(lines, 0), keys, 3, &e), ERR_FORMAT);
	assert_string_equal(e.msg, "lines[0]: unknown key 'ponits'; did you mean 'points'?");
	assert_int_equal(json_only(json_at(lines, 1), keys, 3, &e), ERR_FORMAT);
	assert_string_equal(e.msg, "lines[1]: unknown key 'x'");
	assert_int_equal(json_only(json_at(lines, 2), keys, 3, &e), ERR_FORMAT);
	assert_string_equal(e.msg, "lines[2]: expected an object, found a number");
	json_free(root);
}

static void mistakes_name_the_field_and_change_nothing(void **state)
{
	struct json *root = parsed("{\"z\": {\"i\": 2.5, \"s\": \"\", \"l\": \"12345678\", "
				   "\"b\": 1, \"v\": [1, \"x\"], \"d\": 11}}");
	struct json *z = json_get(root, "z");
	double x = 77, v[2] = { 77, 77 };
	char s[8] = "same";
	bool b = true;
	int n = 77;
	struct err e;

	(void)state;
	assert_int_equal(json_int(z, "i", 0, 9, &n, &e), ERR_FORMAT);
	assert_string_equal(e.msg, "z.i: expected a whole number, found 2.5");
	assert_int_equal(json_int(z, "none", 0, 9, &n, &e), ERR_FORMAT);
	assert_string_equal(e.msg, "z: 'none' is missing");
	assert_int_equal(json_int(root, "z", 0, 9, &n, &e), ERR_FORMAT);
	assert_string_equal(e.msg, "z: expected a number, found an object");
	assert_int_equal(json_double(z, "d", 0, 9.5, &x, &e), ERR_RANGE);
	assert_string_equal(e.msg, "z.d: 11 is not within 0 .. 9.5");
	assert_int_equal(json_string(z, "s", s, sizeof(s), &e), ERR_RANGE);
	assert_string_equal(e.msg, "z.s: must not be empty");
	assert_int_equal(json_string(z, "l", s, sizeof(s), &e), ERR_RANGE);
	assert_string_equal(e.msg, "z.l: longer than 7 bytes");
	assert_int_equal(json_bool(z, "b", &b, &e), ERR_FORMAT);
	assert_string_equal(e.msg, "z.b: expected true or false, found a number");
	assert_int_equal(json_numbers(z, "v", 2, v, &e), ERR_FORMAT);
	assert_string_equal(e.msg, "z.v[1]: expected a number, found text");
	assert_int_equal(json_numbers(z, "v", 3, v, &e), ERR_FORMAT);
	assert_string_equal(e.msg, "z.v: expected 3 numbers, found 2");
	assert_true(x == 77 && v[0] == 77 && n == 77 && b);
	assert_string_equal(s, "same");
	json_free(root);
}

static void a_missing_file_is_named(void **state)
{
	struct err e;

	(void)state;
	assert_null(json_read("/nonexistent/plan.json", 100, &e));
	assert_int_equal(e.code, ERR_IO);
	assert_non_null(strstr(e.msg, "/nonexistent/plan.json"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_come_out),
		cmocka_unit_test(every_value_knows_its_place),
		cmocka_unit_test(bad_text_is_refused_with_line_and_column),
		cmocka_unit_test(depth_is_limited),
		cmocka_unit_test(unknown_keys_get_the_nearest),
		cmocka_unit_test(mistakes_name_the_field_and_change_nothing),
		cmocka_unit_test(a_missing_file_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
