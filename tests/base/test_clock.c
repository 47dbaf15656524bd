/* SPDX-License-Identifier: Apache-2.0 */
/* test_clock.c -- local time, clock changes, days of 23 and 25 hours, texts of times. */
#include "base/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void zone(const char *name)
{
	struct err e;

	if (clock_set_zone(name, &e) < 0)
		fail_msg("%s", e.msg);
}

static int64_t at(const char *text)
{
	struct err e;
	int64_t t = CLOCK_NONE;

	if (clock_parse(text, &t, &e) < 0)
		fail_msg("%s", e.msg);
	return t;
}

static void is_local(const char *utc, const char *local)
{
	char buf[CLOCK_TEXT];

	assert_string_equal(clock_text_local(at(utc), buf), local);
	assert_true(at(local) == at(utc)); /* and back */
}

/* Must run first: nothing has set a zone yet, and the machine's own must not show. */
static void without_a_zone_it_is_utc(void **state)
{
	char buf[CLOCK_TEXT];

	(void)state;
	setenv("TZ", "America/New_York", 1);
	assert_string_equal(clock_text_local(0, buf), "1970-01-01T00:00:00+00:00");
	assert_string_equal(clock_zone(), "UTC");
}

static void local_time_knows_its_history(void **state)
{
	(void)state;
	zone("Europe/Berlin");
	is_local("2026-03-29T00:59:59Z", "2026-03-29T01:59:59+01:00");
	is_local("2026-03-29T01:00:00Z", "2026-03-29T03:00:00+02:00");
	is_local("2026-10-25T00:59:59Z", "2026-10-25T02:59:59+02:00");
	is_local("2026-10-25T01:00:00Z", "2026-10-25T02:00:00+01:00");
	/* Summer time until 2019, changing at midnight, and none since. */
	zone("America/Sao_Paulo");
	is_local("2019-02-16T12:00:00Z", "2019-02-16T10:00:00-02:00");
	is_local("2026-02-16T12:00:00Z", "2026-02-16T09:00:00-03:00");
	zone("Australia/Lord_Howe");
	is_local("2026-01-15T00:00:00Z", "2026-01-15T11:00:00+11:00");
	is_local("2026-07-15T00:00:00Z", "2026-07-15T10:30:00+10:30");
	zone("Asia/Kathmandu");
	is_local("2026-07-15T00:00:00Z", "2026-07-15T05:45:00+05:45");
	zone("UTC");
	is_local("2026-07-15T00:00:00Z", "2026-07-15T00:00:00+00:00");
}

static void the_hour_that_comes_twice_is_the_first(void **state)
{
	(void)state;
	zone("Europe/Berlin");
	assert_true(at("2026-10-25T02:30") == at("2026-10-25T00:30Z"));
	assert_true(at("2026-10-25T02:30+01:00") == at("2026-10-25T01:30Z"));
	assert_true(at("2026-10-25T03:00") == at("2026-10-25T02:00Z"));
	zone("Australia/Lord_Howe"); /* half an hour back at 02:00 on 5 April 2026 */
	assert_true(at("2026-04-05T01:45") == at("2026-04-04T14:45Z"));
	assert_true(at("2026-04-05T02:00") == at("2026-04-04T15:30Z"));
}

static void the_hour_that_is_not_there_moves_forward(void **state)
{
	(void)state;
	zone("Europe/Berlin");
	assert_true(at("2026-03-29T02:30") == at("2026-03-29T03:30"));
	assert_true(at("2026-03-29T01:59:59") == at("2026-03-29T00:59:59Z"));
	zone("America/Sao_Paulo"); /* no midnight on 4 November 2018 */
	assert_true(at("2018-11-04T00:00") == at("2018-11-04T03:00Z"));
	assert_true(at("2018-11-04") == at("2018-11-04T01:00"));
	zone("Australia/Lord_Howe"); /* 02:00 becomes 02:30 on 4 October 2026 */
	assert_true(at("2026-10-04T02:10") == at("2026-10-04T02:40"));
}

static void a_day_has_23_24_or_25_hours(void **state)
{
	static const struct {
		const char *zone, *date;
		int start_s;
		int64_t minutes;
	} days[] = {
		{ "Europe/Berlin", "2026-03-28", 0, 24 * 60 },
		{ "Europe/Berlin", "2026-03-29", 0, 23 * 60 },
		{ "Europe/Berlin", "2026-10-25", 0, 25 * 60 },
		{ "Europe/Berlin", "2026-10-24", 4 * 3600, 25 * 60 },
		{ "Europe/Berlin", "2026-10-25", 4 * 3600, 24 * 60 },
		{ "Europe/Berlin", "2026-12-31", 0, 24 * 60 },
		{ "Australia/Lord_Howe", "2026-04-05", 0, 24 * 60 + 30 },
		{ "Australia/Lord_Howe", "2026-10-04", 0, 24 * 60 - 30 },
		{ "America/Sao_Paulo", "2018-11-04", 0, 23 * 60 },
		{ "UTC", "2024-02-28", 0, 24 * 60 },
	};
	int64_t from, to, next, after;

	(void)state;
	for (size_t i = 0; i < sizeof(days) / sizeof(days[0]); i++) {
		char name[CLOCK_TEXT];

		zone(days[i].zone);
		assert_int_equal(clock_day(days[i].date, days[i].start_s, &from, &to, NULL), 0);
		assert_int_equal((to - from) / CLOCK_MINUTE_US, days[i].minutes);
		/* Each moment of it is its own, the first after it the next day's. */
		for (int64_t t = from; t < to; t += 10 * CLOCK_MINUTE_US)
			assert_string_equal(clock_day_of(t, days[i].start_s, name),
					    days[i].date);
		assert_string_equal(clock_day_of(to - 1, days[i].start_s, name), days[i].date);
		clock_day_of(to, days[i].start_s, name);
		assert_string_not_equal(name, days[i].date);
		assert_int_equal(clock_day(name, days[i].start_s, &next, &after, NULL), 0);
		assert_true(next == to);
	}
}

static void bad_days_are_told(void **state)
{
	static const char *const bad[] = { "",           "2026-02-29",  "2026-13-01",
					   "2026-3-1",   "2026-03-01x", "26-03-01",
					   "1969-12-31", "9999-12-31",  "yesterday" };
	int64_t from = 7, to = 7;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_true(clock_day(bad[i], 0, &from, &to, NULL) < 0);
	assert_true(from == 7 && to == 7);
}

static void texts_of_times(void **state)
{
	static const struct {
		const char *text, *same;
	} good[] = {
		{ "2026-03-14", "2026-03-13T23:00:00Z" },
		{ "2026-03-14T09:30", "2026-03-14T08:30:00Z" },
		{ "2026-03-14 09:30:15", "2026-03-14T08:30:15Z" },
		{ "2026-03-14T09:30:00Z", "2026-03-14T10:30:00" },
		{ "2026-03-14T09:30:00-05:00", "2026-03-14T14:30:00Z" },
		{ "2026-03-14T09:30:00+0545", "2026-03-14T03:45:00Z" },
		{ "2024-02-29T00:00Z", "2024-02-28T19:00:00-05" },
	};
	static const char *const bad[] = {
		"",
		"now",
		"2026",
		"2026-03",
		"2026-3-14",
		"2026-03-14T",
		"2026-03-14T9:30",
		"2026-03-14T09",
		"2026-03-14T09:30:",
		"2026-03-14T09:30:00.",
		"2026-03-14T24:00",
		"2026-03-14T09:60",
		"2026-03-14T09:30:60",
		"2026-02-29",
		"2026-04-31T00:00Z",
		"2026-03-14T09:30ZZ",
		"2026-03-14T09:30+",
		"2026-03-14T09:30+1",
		"2026-03-14T09:30+01:",
		"2026-03-14T09:30+01:60",
		"2026-03-14T09:30+16:00",
		"2026-03-14T09:30 ",
		" 2026-03-14",
		"2026-03-14x09:30",
	};
	int64_t t = 7;

	(void)state;
	zone("Europe/Berlin");
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		assert_true(at(good[i].text) == at(good[i].same));
	assert_true(at("2026-03-14T09:30:00.25Z") - at("2026-03-14T09:30:00Z") == 250000);
	assert_true(at("2026-03-14T09:30:00.1234567Z") - at("2026-03-14T09:30:00Z") == 123456);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (clock_parse(bad[i], &t, NULL) == 0)
			fail_msg("taken for a time: '%s'", bad[i]);
	assert_int_equal(t, 7);
}

static void times_before_1970_have_texts(void **state)
{
	char buf[CLOCK_TEXT];
	struct civil c;

	(void)state;
	zone("UTC");
	assert_string_equal(clock_text_utc(-1, buf), "1969-12-31T23:59:59Z");
	clock_local(-1, &c);
	assert_int_equal(c.us, 999999);
	assert_int_equal(c.weekday, 2); /* a Wednesday */
	clock_local(0, &c);
	assert_int_equal(c.weekday, 3);
	assert_int_equal(c.us, 0);
}

static void unknown_zones_are_refused(void **state)
{
	static const char *const bad[] = {
		"",
		"Berlin",
		"Europe/Berln",
		"Europe",
		"Europe/",
		"America/Argentina",
		"/etc/localtime",
		":Europe/Berlin",
		"../etc/passwd",
		"Europe/../UTC",
		"right/UTC",
		"EST5EDT,M3.2.0,M11.1.0",
		"Europe/Berlin ",
		"utc",
		"CET-1CEST",
	};

	(void)state;
	zone("Europe/Berlin");
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct err e;

		if (clock_set_zone(bad[i], &e) == 0)
			fail_msg("taken for a zone: '%s'", bad[i]);
		assert_int_equal(e.code, ERR_RANGE);
		assert_non_null(strstr(e.msg, "Europe/Berlin or UTC"));
	}
	assert_string_equal(clock_zone(), "Europe/Berlin");
	assert_int_equal(clock_check_zone("Asia/Tokyo", NULL), 0);
	assert_string_equal(clock_zone(), "Europe/Berlin");
	is_local("2026-07-01T00:00:00Z", "2026-07-01T02:00:00+02:00");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_a_zone_it_is_utc),
		cmocka_unit_test(local_time_knows_its_history),
		cmocka_unit_test(the_hour_that_comes_twice_is_the_first),
		cmocka_unit_test(the_hour_that_is_not_there_moves_forward),
		cmocka_unit_test(a_day_has_23_24_or_25_hours),
		cmocka_unit_test(bad_days_are_told),
		cmocka_unit_test(texts_of_times),
		cmocka_unit_test(times_before_1970_have_texts),
		cmocka_unit_test(unknown_zones_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
