/* SPDX-License-Identifier: Apache-2.0 */
/* test_base.c -- errors, text, arrays, files, log lines, profiles. */
#include "base/err.h"
#include "base/file.h"
#include "base/log.h"
#include "base/prof.h"
#include "base/str.h"
#include "base/vec.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

/* ---- Errors ---- */

static void messages_are_one_line_with_context(void **state)
{
	char big[2000];
	struct err e;

	(void)state;
	assert_int_equal(err_set(&e, ERR_IO, "a\nb%c", 0x7f), ERR_IO);
	assert_string_equal(e.msg, "a b ");
	err_ctx(&e, "file '%s'", "x\ty");
	assert_string_equal(e.msg, "file 'x y': a b ");
	assert_int_equal(err_set(NULL, ERR_EOF, "nobody asks"), ERR_EOF);
	err_ctx(NULL, "nobody asks");

	memset(big, 'q', sizeof(big) - 1);
	big[sizeof(big) - 1] = '\0';
	err_set(&e, ERR_IO, "%s", big);
	assert_int_equal(strlen(e.msg), sizeof(e.msg) - 1);
	err_ctx(&e, "%s", big);
	assert_int_equal(strlen(e.msg), sizeof(e.msg) - 1);
}

/* ---- Text ---- */

static void text_grows_and_is_handed_over(void **state)
{
	struct str b = STR_INIT;
	char *s;

	(void)state;
	assert_string_equal(b.s, "");
	s = str_take(&b);
	assert_string_equal(s, "");
	free(s);
	for (int i = 0; i < 1000; i++)
		str_addf(&b, "%d,", i % 10);
	assert_int_equal(b.len, 2000);
	assert_int_equal(strlen(b.s), 2000);
	s = str_take(&b);
	assert_string_equal(b.s, "");
	assert_true(str_starts(s, "0,1,2,") && str_ends(s, ",8,9,"));
	assert_false(str_ends("a", "aa"));
	free(s);
	str_clear(&b);
}

static void copies_never_overrun(void **state)
{
	char buf[4];

	(void)state;
	assert_true(str_copy(buf, sizeof(buf), "abc"));
	assert_false(str_copy(buf, sizeof(buf), "abcd"));
	assert_string_equal(buf, "abc");
}

static void numbers_are_whole_texts(void **state)
{
	static const char *const not_int[] = { "",    " 1",   "1 ",
					       "1.0", "0x10", "a",
					       "1e3", "-",    "9223372036854775808" };
	static const char *const not_double[] = { "",    " 1",    "1 ",      "nan",
						  "inf", "0x1p3", "1,5",     "1e999",
						  "--1", "1e",    "infinity" };
	int64_t i = 7;
	double d = 7;

	(void)state;
	for (size_t k = 0; k < sizeof(not_int) / sizeof(not_int[0]); k++)
		assert_false(str_to_i64(not_int[k], &i));
	for (size_t k = 0; k < sizeof(not_double) / sizeof(not_double[0]); k++)
		assert_false(str_to_double(not_double[k], &d));
	assert_true(i == 7 && d == 7);
	assert_true(str_to_i64("-9223372036854775808", &i) && i == INT64_MIN);
	assert_true(str_to_i64("+5", &i) && i == 5);
	assert_true(str_to_double("-.5e1", &d) && d == -5);
}

static void doubles_print_short_and_read_back(void **state)
{
	static const struct {
		double v;
		const char *text;
	} known[] = {
		{ 0.1, "0.1" }, { 60, "60" },       { 0.3, "0.3" },    { -2.5, "-2.5" },
		{ 0, "0" },     { 86400, "86400" }, { 1e-7, "1e-07" },
	};
	char buf[STR_DOUBLE];
	uint64_t x = 1;

	(void)state;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		assert_string_equal(str_double(known[i].v, buf), known[i].text);
	for (int i = 0; i < 10000; i++) {
		double v, back;

		x = x * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
		memcpy(&v, &x, sizeof(v));
		/* Subnormal numbers set errno when read and are not settings. */
		if (!isnormal(v))
			continue;
		assert_true(str_to_double(str_double(v, buf), &back));
		assert_true(back == v);
	}
}

static void the_nearest_word_is_one_that_may_be_meant(void **state)
{
	static const char *const words[] = { "gate", "confirm", "forget", "max_tracks", "a" };

	(void)state;
	assert_string_equal(str_nearest("gaet", words, 5), "gate");
	assert_string_equal(str_nearest("gat", words, 5), "gate");
	assert_string_equal(str_nearest("max_track", words, 5), "max_tracks");
	assert_string_equal(str_nearest("confrim", words, 5), "confirm");
	assert_string_equal(str_nearest("forget", words, 5), "forget");
	assert_null(str_nearest("threshold", words, 5));
	assert_null(str_nearest("", words, 5));
	assert_null(str_nearest("gate", NULL, 0));
}

static void only_clean_text_is_clean(void **state)
{
	static const char *const clean[] = {
		"", "abc", "Caf\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x98\x80", "\xf4\x8f\xbf\xbf"
	};
	static const char *const dirty[] = { "\xff",
					     "\xc3",
					     "a\xe2\x82",
					     "\xc0\xaf",
					     "\xe0\x80\xaf",
					     "\xed\xa0\x80",
					     "\xf0\x80\x80\x80",
					     "\xf4\x90\x80\x80",
					     "\x80",
					     "a\nb",
					     "\x7f",
					     "\xc2\x85" };

	(void)state;
	for (size_t i = 0; i < sizeof(clean) / sizeof(clean[0]); i++)
		assert_true(str_is_clean(clean[i]));
	for (size_t i = 0; i < sizeof(dirty) / sizeof(dirty[0]); i++)
		assert_false(str_is_clean(dirty[i]));
}

static void the_hash_is_fnv_1a(void **state)
{
	(void)state;
	/* Test vectors of the FNV draft (Fowler, Noll, Vo, Eastlake). */
	assert_true(str_hash(STR_HASH_INIT, "", 0) == UINT64_C(0xcbf29ce484222325));
	assert_true(str_hash(STR_HASH_INIT, "a", 1) == UINT64_C(0xaf63dc4c8601ec8c));
	assert_true(str_hash(STR_HASH_INIT, "foobar", 6) == UINT64_C(0x85944171f73967e8));
	assert_true(str_hash(str_hash(STR_HASH_INIT, "foo", 3), "bar", 3) ==
		    UINT64_C(0x85944171f73967e8));
}

static int by_int(const void *a, const void *b)
{
	const int *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static void arrays_grow(void **state)
{
	VEC(int) v = { 0 };

	(void)state;
	VEC_SORT(&v, by_int);
	assert_null(v.v);
	for (int i = 0; i < 1000; i++)
		*VEC_PUSH(&v) = i;
	assert_int_equal(v.n, 1000);
	for (int i = 0; i < 1000; i++)
		assert_int_equal(v.v[i], i);
	for (int i = 0; i < 1000; i++)
		v.v[i] = i * 7 % 1000;
	VEC_SORT(&v, by_int);
	for (int i = 0; i < 1000; i++)
		assert_int_equal(v.v[i], i);
	VEC_FREE(&v);
	assert_null(v.v);
}

/* ---- Files ---- */

static char dir[] = "/tmp/footfall-base-XXXXXX";

static int make_folder(void **state)
{
	(void)state;
	return mkdtemp(dir) ? 0 : -1;
}

static int remove_folder(void **state)
{
	(void)state;
	return rmdir(dir);
}

static void files_are_whole(void **state)
{
	char *path = file_join(dir, "f"), *part = file_join(dir, "f.part"), *text = NULL;
	char *big = xcalloc(1, 100000);
	struct err e;
	size_t len;

	(void)state;
	assert_int_equal(file_write(path, big, 100000, &e), 0);
	assert_int_equal(file_read(path, 100000, &text, &len, &e), 0);
	assert_int_equal(len, 100000);
	assert_memory_equal(text, big, len);
	free(text);
	text = NULL;
	assert_int_equal(file_read(path, 99999, &text, &len, &e), ERR_RANGE);
	assert_null(text);
	assert_int_equal(file_write(path, "", 0, &e), 0);
	assert_int_equal(file_read(path, 0, &text, &len, &e), 0);
	assert_string_equal(text, "");
	free(text);
	assert_int_equal(access(part, F_OK), -1);
	assert_int_equal(file_read(dir, 10, &text, &len, &e), ERR_IO); /* a folder */
	assert_int_equal(file_write("/nonexistent/f", "", 0, &e), ERR_IO);
	assert_non_null(strstr(e.msg, "/nonexistent/f"));
	unlink(path);
	free(big);
	free(path);
	free(part);
}

static void a_file_appears_when_it_is_whole(void **state)
{
	char *path = file_join(dir, "f"), *part = file_join(dir, "f.part"), *text = NULL;
	struct file_out o = { 0 };
	struct err e;
	size_t len;

	(void)state;
	assert_int_equal(file_out_close(&o, &e), 0);
	file_out_drop(&o);
	assert_int_equal(file_write(path, "old", 3, &e), 0);
	assert_int_equal(file_out_open(&o, path, &e), 0);
	file_out_drop(&o);
	assert_int_equal(access(part, F_OK), -1);
	assert_int_equal(file_out_open(&o, path, &e), 0);
	fputs("new", o.f);
	fflush(o.f);
	assert_int_equal(file_read(path, 10, &text, &len, &e), 0);
	assert_string_equal(text, "old");
	free(text);
	assert_int_equal(file_out_close(&o, &e), 0);
	assert_null(o.f);
	assert_int_equal(file_read(path, 10, &text, &len, &e), 0);
	assert_string_equal(text, "new");
	free(text);
	assert_int_equal(access(part, F_OK), -1);
	unlink(path);

	assert_int_equal(file_out_open(&o, "/nonexistent/f", &e), ERR_IO);
	assert_int_equal(file_out_open(&o, path, &e), 0);
	assert_int_equal(mkdir(path, 0755), 0); /* in the way when it is to get its name */
	assert_int_equal(file_out_close(&o, &e), ERR_IO);
	assert_non_null(strstr(e.msg, path));
	assert_int_equal(access(part, F_OK), -1);
	rmdir(path);
	free(path);
	free(part);
}

static void a_full_device_is_told_of(void **state)
{
	struct file_out o;
	struct err e;

	(void)state;
	assert_int_equal(file_out_open(&o, "/dev/full", &e), 0);
	fputs("x", o.f);
	assert_int_equal(file_out_close(&o, &e), ERR_IO);
	assert_non_null(strstr(e.msg, "/dev/full"));
}

static void a_device_stays_a_device(void **state)
{
	char *path = file_join(dir, "null");
	struct stat st;

	(void)state;
	assert_int_equal(symlink("/dev/null", path), 0);
	assert_int_equal(file_write(path, "x", 1, NULL), 0);
	assert_int_equal(stat(path, &st), 0);
	assert_true(S_ISCHR(st.st_mode));
	unlink(path);
	free(path);
}

static void folders_are_made_with_those_above(void **state)
{
	char *deep = file_join(dir, "a/b//c/"), *file = file_join(dir, "a/b/c/f");
	struct err e;

	(void)state;
	assert_int_equal(file_mkdirs(deep, &e), 0);
	assert_int_equal(file_mkdirs(deep, &e), 0);
	assert_int_equal(file_write(file, "x", 1, &e), 0);
	assert_int_equal(file_mkdirs(file, &e), ERR_IO);
	assert_int_equal(file_mkdirs("", &e), ERR_IO);
	assert_int_equal(file_mkdirs("/", &e), 0);
	assert_string_equal(file_base(file), "f");
	assert_string_equal(file_base("f"), "f");
	unlink(file);
	for (int i = 0; i < 3; i++) {
		static const char *const names[] = { "a/b/c", "a/b", "a" };
		char *d = file_join(dir, names[i]);

		assert_int_equal(rmdir(d), 0);
		free(d);
	}
	free(deep);
	free(file);
}

/* ---- Log and profile ---- */

static int wipes;

static void count_wipe(void)
{
	wipes++;
}

static void a_log_line_is_one_line(void **state)
{
	FILE *f = tmpfile();
	int saved = dup(STDERR_FILENO);
	char text[4096] = "", big[3000];
	size_t n;

	(void)state;
	memset(big, 'b', sizeof(big) - 1);
	big[sizeof(big) - 1] = '\0';
	unsetenv("JOURNAL_STREAM");
	log_set_before(count_wipe);
	dup2(fileno(f), STDERR_FILENO);
	log_warn("two\nlines\r%s", "\x1b[2J");
	log_debug("not shown");
	log_error("%s", big);
	setenv("JOURNAL_STREAM", "1:2", 1);
	log_info("journal");
	unsetenv("JOURNAL_STREAM");
	dup2(saved, STDERR_FILENO);
	log_set_before(NULL);
	close(saved);
	rewind(f);
	n = fread(text, 1, sizeof(text) - 1, f);
	text[n] = '\0';
	assert_true(str_starts(text, "warning: two lines  [2J\nerror: bbb"));
	assert_true(str_ends(text, "b\n<6>journal\n"));
	assert_int_equal(wipes, 3);
	fclose(f);
}

static void profiles_add_up_by_name(void **state)
{
	struct prof a = { .on = true }, b = { .on = true }, off = { 0 };

	(void)state;
	prof_start(&a);
	prof_mark(&a, "shrink");
	prof_mark(&a, "track");
	prof_mark(&a, "shrink");
	prof_start(&b);
	prof_mark(&b, "track");
	prof_add(&b, &a);
	assert_int_equal(b.n, 2);
	assert_string_equal(b.stage[0].name, "track");
	assert_int_equal(b.stage[0].calls, 2);
	assert_int_equal(b.stage[1].calls, 2);
	assert_true(b.stage[1].sum_us >= b.stage[1].max_us);
	prof_start(&off);
	prof_mark(&off, "shrink");
	assert_int_equal(off.n, 0);
	for (int i = 0; i < 100; i++) {
		static char names[100][4];

		snprintf(names[i], sizeof(names[i]), "%d", i);
		prof_mark(&a, names[i]);
	}
	assert_int_equal(a.n, PROF_STAGES); /* too many stages share the last */
}

static void text_as_json(void **state)
{
	struct str b = STR_INIT;
	(void)state;

	str_add_json(&b, "a \"b\"\\ \n\x7f\xc3\xa9");
	assert_string_equal(b.s, "\"a \\\"b\\\"\\\\ \\u000a\\u007f\xc3\xa9\"");
	str_clear(&b);
}

/* The test vectors of RFC 4648, section 10. */
static void bytes_in_base64(void **state)
{
	static const char *const want[] = { "",         "Zg==",     "Zm8=",    "Zm9v",
					    "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy" };
	(void)state;

	for (size_t n = 0; n < sizeof(want) / sizeof(want[0]); n++) {
		struct str b = STR_INIT;

		str_add_base64(&b, (const uint8_t *)"foobar", n);
		assert_string_equal(b.s, want[n]);
		str_clear(&b);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_as_json),
		cmocka_unit_test(bytes_in_base64),
		cmocka_unit_test(messages_are_one_line_with_context),
		cmocka_unit_test(text_grows_and_is_handed_over),
		cmocka_unit_test(copies_never_overrun),
		cmocka_unit_test(numbers_are_whole_texts),
		cmocka_unit_test(doubles_print_short_and_read_back),
		cmocka_unit_test(the_nearest_word_is_one_that_may_be_meant),
		cmocka_unit_test(only_clean_text_is_clean),
		cmocka_unit_test(the_hash_is_fnv_1a),
		cmocka_unit_test(arrays_grow),
		cmocka_unit_test(files_are_whole),
		cmocka_unit_test(a_file_appears_when_it_is_whole),
		cmocka_unit_test(a_full_device_is_told_of),
		cmocka_unit_test(a_device_stays_a_device),
		cmocka_unit_test(folders_are_made_with_those_above),
		cmocka_unit_test(a_log_line_is_one_line),
		cmocka_unit_test(profiles_add_up_by_name),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
