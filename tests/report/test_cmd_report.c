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

static const char *given_db, *given_out, *given_day, *given_bucket;

const char *cmd_value(const struct cmd_args *a, const char *name)
{
	(void)a;
	return strcmp(name, "db") == 0    ? given_db
	       : strcmp(name, "out") == 0 ? given_out
	       : strcmp(name, "day") == 0 ? given_day
					  : given_bucket;
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
	given_day = given_bucket = NULL;
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
	const struct cmd_args a = { .cmd = &cmd_report };

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

static void writes_three_files(void **state)
{
	struct err err;

	(void)state;
	assert_int_equal(run(&err), 0);
	/* 10 rows for each 15 minutes: store 3, camera 2, line 5; and the header */
	assert_int_equal(lines_of("caf-am-markt-2026-03-12.csv"), 1 + 96 * 10);
	assert_true(lines_of("caf-am-markt-2026-03-12.json") > 96);
	assert_true(lines_of("caf-am-markt-2026-03-12.html") > 10);

	given_bucket = "day";
	assert_int_equal(run(&err), 0);
	assert_int_equal(lines_of("caf-am-markt-2026-03-12.csv"), 1 + 10);
	lines_of("caf-am-markt-2026-03-12.json");
	lines_of("caf-am-markt-2026-03-12.html");
}

static void refuses(void **state)
{
	struct err err;

	(void)state;
	given_bucket = "week";
	assert_int_equal(run(&err), ERR_USAGE);
	assert_non_null(strstr(err.msg, "week"));
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(writes_three_files, setup, teardown),
		cmocka_unit_test_setup_teardown(refuses, setup, teardown),
	};
	int failed;

	if (!mkdtemp(dir))
		return 1;
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	rmdir(dir);
	return failed;
}
