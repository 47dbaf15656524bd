/* SPDX-License-Identifier: Apache-2.0 */
/* test_ini.c -- settings files: what is read, and what each bad line is told. */
#include "base/ini.h"
#include "base/str.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static void on_item(void *arg, const struct ini_item *it)
{
	str_addf(arg, "%d [%s] %s=%s\n", it->line, it->section, it->key, it->value);
}

static void on_problem(void *arg, int line, const char *why)
{
	str_addf(arg, "%d: %s\n", line, why);
}

static void reads_as(const char *text, size_t len, const char *expected)
{
	struct str got = STR_INIT;
	struct ini_sink sink = { .item = on_item, .problem = on_problem, .arg = &got };

	ini_text(text, len, &sink);
	assert_string_equal(got.s, expected);
	str_clear(&got);
}

static void keys_come_with_section_and_line(void **state)
{
	static const char text[] = "\xef\xbb\xbf"
				   "first = 1\r\n"
				   "; comment\n"
				   "   # another\n"
				   "\n"
				   "[a]\n"
				   "  x = 1 ; cut\n"
				   "y: 2 # kept\n"
				   "z=a;b = c\n"
				   "empty =\n"
				   "[b] ; comment\n"
				   "x = last line";

	(void)state;
	reads_as(text, sizeof(text) - 1,
		 "1 [] first=1\n6 [a] x=1\n7 [a] y=2 # kept\n8 [a] z=a;b = c\n9 [a] empty=\n"
		 "11 [b] x=last line\n");
	reads_as("", 0, "");
}

static void every_bad_line_is_named(void **state)
{
	static const char text[] = "[a\n"
				   "lost = 1\n"
				   "[b] x = 1\n"
				   "[]\n"
				   "[c]\n"
				   "no value\n"
				   "= 5\n"
				   "good = 1\n"
				   "nul = \0 1\n";

	(void)state;
	reads_as(text, sizeof(text) - 1,
		 "1: expected [section]\n3: expected nothing after [section]\n"
		 "4: expected [section]\n6: expected 'key = value' or [section]\n"
		 "7: expected 'key = value' or [section]\n8 [c] good=1\n"
		 "9: holds a byte 0; is this a text file?\n");
}

static void on_section(void *arg, const char *section, int line)
{
	str_addf(arg, "%d [%s]\n", line, section);
}

static void sections_without_keys_are_told_to_who_asks(void **state)
{
	static const char text[] = "[empty]\n[a b] ; comment\nx = 1\n[lost\n[a b]\n";
	struct str got = STR_INIT;
	struct ini_sink sink = {
		.item = on_item, .problem = on_problem, .arg = &got, .section = on_section
	};

	(void)state;
	ini_text(text, sizeof(text) - 1, &sink);
	assert_string_equal(got.s, "1 [empty]\n2 [a b]\n3 [a b] x=1\n4: expected [section]\n"
				   "5 [a b]\n");
	str_clear(&got);
}

static void a_key_set_twice_names_both_lines(void **state)
{
	static const char text[] = "[a]\nx=1\n[b]\nx=2\n[a]\nx=3\n";

	(void)state;
	reads_as(text, sizeof(text) - 1,
		 "2 [a] x=1\n4 [b] x=2\n6: 'x' in [a] is already set in line 2\n");
}

static void long_lines_are_whole_or_refused(void **state)
{
	char text[300], expected[300];

	(void)state;
	memset(text, 'v', sizeof(text));
	memcpy(text, "k=", 2);
	snprintf(expected, sizeof(expected), "1 [] k=%.195s\n", text + 2);
	reads_as(text, INI_LINE_BYTES, expected);
	text[198] = '\n';
	memcpy(text + 199, "a=1", 3);
	reads_as(text, 202, "1: longer than 197 bytes\n2 [] a=1\n");

	/* A long comment harms nobody; a section that inih would cut is refused. */
	text[0] = '#';
	reads_as(text, 202, "2 [] a=1\n");
	text[0] = '[';
	text[60] = ']';
	text[61] = '\n';
	memcpy(text + 62, "a=1", 3);
	reads_as(text, 65, "1: the section's name is too long\n");
}

static void a_missing_file_is_named(void **state)
{
	struct str got = STR_INIT;
	struct ini_sink sink = { .item = on_item, .problem = on_problem, .arg = &got };
	struct err e;

	(void)state;
	assert_int_equal(ini_read("/nonexistent/f.conf", &sink, &e), ERR_IO);
	assert_non_null(strstr(e.msg, "/nonexistent/f.conf"));
	assert_string_equal(got.s, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_come_with_section_and_line),
		cmocka_unit_test(every_bad_line_is_named),
		cmocka_unit_test(sections_without_keys_are_told_to_who_asks),
		cmocka_unit_test(a_key_set_twice_names_both_lines),
		cmocka_unit_test(long_lines_are_whole_or_refused),
		cmocka_unit_test(a_missing_file_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
