/* SPDX-License-Identifier: Apache-2.0 */
/* test_store_retention.c -- old events go, for good; minutes stay. */
#include "fixture.h"

#include "base/file.h"
#include "store/retention.h"

#include <string.h>
#include <unistd.h>

#define PERSON INT64_C(0x1122334455667788)

static void put_events(struct writer *w, int minutes)
{
	for (int i = 0; i < minutes; i++) {
		struct event e = { .t_us = T0 + i * MINUTE + 59999999,
				   .kind = EVENT_CROSS_IN,
				   .person = PERSON };

		put_cover(w, i, 0, 60);
		put_line(w, i, 1, 0);
		assert_int_equal(writer_event(w, &e, NULL), 0);
	}
}

/* How often PERSON's bytes, as SQLite stores a number, are in a file. */
static int traces(const char *path, const char *tail)
{
	static const unsigned char bytes[] = { 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88 };
	char name[256], *text;
	size_t len;
	int n = 0;

	snprintf(name, sizeof(name), "%s%s", path, tail);
	if (access(name, F_OK) < 0)
		return 0;
	assert_int_equal(file_read(name, 1 << 24, &text, &len, NULL), 0);
	for (size_t i = 0; i + sizeof(bytes) <= len; i++)
		n += !memcmp(text + i, bytes, sizeof(bytes));
	free(text);
	return n;
}

static void old_events_go_and_minutes_stay(void **state)
{
	struct writer *w = open_run(*state, "aaaaaaaaaaaaaaaa");
	int64_t n = 0;

	put_events(w, 10);
	close_run(w);
	assert_int_equal(retention_events(*state, T0 + 4 * MINUTE - 1, &n, NULL), 0);
	assert_int_equal(n, 3);
	assert_int_equal(retention_events(*state, T0 + 4 * MINUTE, &n, NULL), 0);
	assert_int_equal(n, 1);
	assert_int_equal(sql_int(*state, "SELECT min(minute) FROM event") * MINUTE - T0,
			 4 * MINUTE);
	assert_int_equal(see(*state).in, 10);
	assert_int_equal(retention_events(*state, INT64_MIN, &n, NULL), 0);
	assert_int_equal(n, 0);
}

static void nothing_of_them_is_left_in_the_files(void **state)
{
	struct writer *w = open_run(*state, "aaaaaaaaaaaaaaaa");

	put_events(w, 500);
	assert_int_equal(writer_commit(w, NULL), 0);
	assert_true(traces(*state, "-wal") >= 500);
	assert_int_equal(retention_events(*state, INT64_MAX, NULL, NULL), 0);
	assert_int_equal(traces(*state, ""), 0);
	assert_int_equal(traces(*state, "-wal"), 0);
	put_line(w, 0, 1, 0); /* the writer beside it goes on */
	close_run(w);
	assert_int_equal(see(*state).in, 501);
}

static void a_file_that_is_not_there_is_not_made(void **state)
{
	struct err err;

	assert_int_equal(retention_events(*state, T0, NULL, &err), ERR_IO);
	assert_true(access(*state, F_OK) < 0);
}

#define T(f) cmocka_unit_test_setup_teardown(f, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(old_events_go_and_minutes_stay),
		T(nothing_of_them_is_left_in_the_files),
		T(a_file_that_is_not_there_is_not_made),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
