/* SPDX-License-Identifier: Apache-2.0 */
/* test_cmd_report.c -- footfall report: which files it writes, and what it refuses. */
#include "base/clock.h"
#include "base/file.h"
#include "cmd/cmd.h"
#include "fake_query.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static const char *given_db, *given_out, *given_day, *given_bucket, *given_from, *given_to;
static const char *given_sales;
static struct calendar_opts calendar = CALENDAR_OPTS_DEFAULT;

const char *cmd_value(const struct cmd_args *a, const char *name)
{
	(void)a;
	return strcmp(name, "db") == 0       ? given_db
	       : strcmp(name, "out") == 0    ? given_out
	       : strcmp(name, "day") == 0    ? given_day
	       : strcmp(name, "from") == 0   ? given_from
	       : strcmp(name, "to") == 0     ? given_to
	       : strcmp(name, "sales") == 0  ? given_sales
	       : strcmp(name, "bucket") == 0 ? given_bucket
					     : NULL;
}

static char dir[] = "/tmp/footfall-report-XXXXXX";

static int setup(void **state)
{
	int camera;

	(void)state;
	fake_new("Caf\xc3\xa9 am Markt", "UTC", 0);
	camera = fake_camera("door");
	fake_line(camera, "Main", LINE_ENTRY);
	fake_cover(camera, INT64_C(1773306000) * CLOCK_SECOND_US, 60); /* 2026-03-12 09:00 */
	given_db = "store.db";
	given_out = dir;
	given_day = given_bucket = given_from = given_to = given_sales = NULL;
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	fake_free();
	return 0;
}

static int run(struct err *err)
{
	struct conf conf = { .calendar = calendar };
	const struct cmd_args a = { .cmd = &cmd_report, .conf = &conf };

	return cmd_report.run(&a, err);
}

static size_t lines_of(const char *name)
{
	char *path = file_join(dir, name), *text;
	size_t len, n = 0;

	assert_int_equal(file_read(path, 1 << 24, &text, &len, NULL), 0);
	for (const char *s = text; *s; s++)
		n += *s == '\n';
	unlink(path);
	free(path);
	free(text);
	return n;
}

static void writes_a_day(void **state)
{
	struct err err;

	(void)state;
	assert_int_equal(run(&err), 0);
	/* 20 rows for each 15 minutes: store 5, street 4, camera 2, line 9; the header; and in
	 * the one that was observed 16 of measures: staff 4, line 12 */
	assert_int_equal(lines_of("caf-am-markt-2026-03-12.csv"), 1 + 96 * 20 + 16);
	assert_int_equal(lines_of("caf-am-markt-2026-03-12-ways.csv"), 1 + 2 * 4);
	assert_true(lines_of("caf-am-markt-2026-03-12.json") > 96);
	assert_true(lines_of("caf-am-markt-2026-03-12.html") > 10);

	given_bucket = "day";
	assert_int_equal(run(&err), 0);
	assert_int_equal(lines_of("caf-am-markt-2026-03-12.csv"), 1 + 20 + 16);
	lines_of("caf-am-markt-2026-03-12-ways.csv");
	lines_of("caf-am-markt-2026-03-12.json");
	lines_of("caf-am-markt-2026-03-12.html");
	lines_of("caf-am-markt-2026-03-12-heat-door.png");
#ifdef HAVE_XLSX
	lines_of("caf-am-markt-2026-03-12.xlsx");
#endif
}

static void refuses(void **state)
{
	struct err err;

	(void)state;
	given_bucket = "fortnight";
	assert_int_equal(run(&err), ERR_USAGE);
	assert_non_null(strstr(err.msg, "fortnight"));
	given_bucket = NULL;
	given_db = NULL;
	assert_int_equal(run(&err), ERR_USAGE);
	assert_non_null(strstr(err.msg, "--db"));
	given_db = "store.db";
	given_out = NULL;
	assert_int_equal(run(&err), ERR_USAGE);
	assert_non_null(strstr(err.msg, "--out"));
	given_out = dir;
	given_day = "2026-03-13";
	assert_int_equal(run(&err), ERR_STATE);
	assert_non_null(strstr(err.msg, "2026-03-12"));
}

static void writes_several_days(void **state)
{
	struct err err;

	(void)state;
	given_from = "2026-03-11";
	given_to = "2026-03-17";
	given_bucket = "week";
	assert_int_equal(run(&err), 0);
	/* ISO weeks begin on Monday the 16th */
	assert_int_equal(lines_of("caf-am-markt-2026-03-11_2026-03-17.csv"),
			 1 + 2 * 20 + 16); /* and measures */
	lines_of("caf-am-markt-2026-03-11_2026-03-17-ways.csv");
	lines_of("caf-am-markt-2026-03-11_2026-03-17.json");
	lines_of("caf-am-markt-2026-03-11_2026-03-17.html");
	lines_of("caf-am-markt-2026-03-11_2026-03-17-heat-door.png");
#ifdef HAVE_XLSX
	lines_of("caf-am-markt-2026-03-11_2026-03-17.xlsx");
#endif
	given_from = NULL;
	assert_int_equal(run(&err), ERR_USAGE);
	assert_non_null(strstr(err.msg, "--from"));
	given_from = "2026-03-18";
	assert_int_equal(run(&err), ERR_RANGE);
	given_from = "2026-03-11";
	given_day = "2026-03-12";
	assert_int_equal(run(&err), ERR_USAGE);
	assert_non_null(strstr(err.msg, "exclude"));
}

/* What is wrong with the till's file is said, and nothing is written. */
static void refuses_bad_sales(void **state)
{
	static const char text[] = "time,transactions,amount\n2026-03-12 09:00,many,3\n";
	char *path = file_join(dir, "sales.csv");
	struct err err;

	(void)state;
	assert_int_equal(file_write(path, text, strlen(text), NULL), 0);
	given_sales = path;
	assert_int_equal(run(&err), ERR_FORMAT);
	assert_non_null(strstr(err.msg, "sales.csv:2: transactions: expected a whole number"));
	unlink(path); /* the folder is empty at the end, or rmdir says so */
	free(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(writes_a_day, setup, teardown),
		cmocka_unit_test_setup_teardown(writes_several_days, setup, teardown),
		cmocka_unit_test_setup_teardown(refuses_bad_sales, setup, teardown),
		cmocka_unit_test_setup_teardown(refuses, setup, teardown),
	};
	int failed;

	if (!mkdtemp(dir))
		return 1;
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	if (rmdir(dir) < 0)
		failed++;
	return failed;
}
