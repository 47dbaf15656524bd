/* SPDX-License-Identifier: Apache-2.0 */
/* test_calendar.c -- opening hours, holidays and weeks, against published calendars. */
#include "base/clock.h"
#include "base/file.h"
#include "report/calendar.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static int64_t day(const char *date)
{
	int64_t n = -1;

	assert_int_equal(clock_date(date, &n, NULL), 0);
	return n;
}

static struct calendar calendar(const char *hours)
{
	struct calendar_opts o = CALENDAR_OPTS_DEFAULT;
	struct calendar c;
	struct err err;

	o.hours = (char *)hours;
	if (calendar_init(&c, &o, &err) < 0)
		fail_msg("%s", err.msg);
	return c;
}

static bool open_at(const struct calendar *c, const char *text)
{
	int64_t t_us;

	assert_int_equal(clock_parse(text, &t_us, NULL), 0);
	return calendar_open(c, t_us);
}

static void dates_count(void **state)
{
	char text[11];

	(void)state;
	assert_int_equal(day("1970-01-01"), 0);
	assert_int_equal(day("2000-03-01") - day("2000-02-28"), 2);
	assert_int_equal(calendar_weekday(day("1970-01-01")), 3);
	assert_int_equal(calendar_weekday(day("2026-03-16")), 0);
	for (int64_t n = 0; n < 60000; n++)
		assert_int_equal(day(clock_date_text(n, text)), n);
}

/* ISO 8601's own examples of years that begin in another one's week. */
static void iso_weeks(void **state)
{
	static const struct {
		const char *date;
		int year, week;
	} known[] = {
		{ "2005-01-01", 2004, 53 }, { "2005-12-31", 2005, 52 },
		{ "2007-01-01", 2007, 1 },  { "2008-12-29", 2009, 1 },
		{ "2010-01-03", 2009, 53 }, { "2026-12-31", 2026, 53 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		struct calendar_week w = calendar_iso_week(day(known[i].date));

		assert_int_equal(w.year, known[i].year);
		assert_int_equal(w.week, known[i].week);
	}
}

/* First days of fiscal years as the National Retail Federation publishes them; 2012, 2017 and
 * 2023 had 53 weeks. */
static void retail_years(void **state)
{
	static const struct {
		const char *first;
		int year, weeks;
	} known[] = {
		{ "2012-01-29", 2012, 53 }, { "2013-02-03", 2013, 52 },
		{ "2017-01-29", 2017, 53 }, { "2018-02-04", 2018, 52 },
		{ "2023-01-29", 2023, 53 }, { "2024-02-04", 2024, 52 },
		{ "2025-02-02", 2025, 52 },
	};
	struct calendar c = calendar("");

	(void)state;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		int64_t first = day(known[i].first);
		struct calendar_week w = calendar_retail_week(&c, first);
		struct calendar_week last =
			calendar_retail_week(&c, first + 7 * known[i].weeks - 1);

		assert_int_equal(w.year, known[i].year);
		assert_int_equal(w.week, 1);
		assert_int_equal(w.month, 1);
		assert_int_equal(last.year, known[i].year);
		assert_int_equal(last.week, known[i].weeks);
		assert_int_equal(last.month, 12);
		assert_int_equal(calendar_retail_week(&c, first - 1).year, known[i].year - 1);
	}
	/* 4, 5 and 4 weeks */
	assert_int_equal(calendar_retail_week(&c, day("2025-03-01")).month, 1);
	assert_int_equal(calendar_retail_week(&c, day("2025-03-02")).month, 2);
	assert_int_equal(calendar_retail_week(&c, day("2025-04-05")).month, 2);
	assert_int_equal(calendar_retail_week(&c, day("2025-04-06")).month, 3);
	assert_int_equal(calendar_retail_week(&c, day("2025-05-03")).month, 3);
	assert_int_equal(calendar_retail_week(&c, day("2025-05-04")).month, 4);
}

static void opening_hours(void **state)
{
	struct calendar c = calendar("mon-fri 09:00-13:00 15:00-19:30, sat 20:00-03:00");

	(void)state;
	assert_int_equal(clock_set_zone("Europe/Berlin", NULL), 0);
	assert_true(c.has_hours);
	assert_false(open_at(&c, "2026-03-16T08:59"));
	assert_true(open_at(&c, "2026-03-16T09:00"));
	assert_false(open_at(&c, "2026-03-16T13:00"));
	assert_true(open_at(&c, "2026-03-16T19:29"));
	assert_false(open_at(&c, "2026-03-16T19:30"));
	/* over midnight, in the night in which clocks go forward: until 03:00 on the clock */
	assert_true(open_at(&c, "2026-03-29T01:59"));
	assert_false(open_at(&c, "2026-03-29T03:00"));
	assert_false(open_at(&c, "2026-03-28T02:00"));
	assert_false(open_at(&c, "2026-03-29T12:00"));
	c = calendar("");
	assert_false(c.has_hours);
	assert_true(open_at(&c, "2026-03-29T12:00"));
}

static void refuses_hours(void **state)
{
	static const char *const bad[] = {
		"9-18",
		"mon",
		"mon 09:00",
		"mon 09:00-",
		"mon 25:00-26:00",
		"mon 09:60-10:00",
		"monday 09:00-10:00",
		"mon-xxx 09:00-10:00",
		"mon 09:00-10:00 tue 09:00-10:00",
		"mon 01:00-02:00 03:00-04:00 05:00-06:00 07:00-08:00 "
		"09:00-10:00"
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct calendar_opts o = CALENDAR_OPTS_DEFAULT;
		struct calendar c = { .n_holiday = 77 };
		struct err err;

		o.hours = (char *)bad[i];
		assert_int_equal(calendar_init(&c, &o, &err), ERR_CONFIG);
		assert_non_null(strstr(err.msg, "store.hours"));
		assert_int_equal(c.n_holiday, 77);
	}
}

static int read_holidays(struct calendar *c, const char *text, struct err *err)
{
	struct calendar_opts o = CALENDAR_OPTS_DEFAULT;
	char path[] = "/tmp/footfall-holidays-XXXXXX";
	int rc;

	close(mkstemp(path));
	assert_int_equal(file_write(path, text, strlen(text), NULL), 0);
	o.hours = "mon-sun 09:00-18:00";
	o.holidays = path;
	rc = calendar_init(c, &o, err);
	unlink(path);
	return rc;
}

static void holidays(void **state)
{
	struct calendar c;
	struct err err;

	(void)state;
	assert_int_equal(clock_set_zone("UTC", NULL), 0);
	/* another order of columns, CRLF, a mark, semicolons, quotes */
	assert_int_equal(read_holidays(&c,
				       "\xef\xbb\xbfname;date;note;opens;closes\r\n"
				       "\"Boxing; Day\";2026-12-26;x;;\r\n\r\n# later\r\n"
				       "Eve;2026-12-24;;10:00;14:00\r\n",
				       &err),
			 0);
	assert_int_equal(c.n_holiday, 2);
	assert_string_equal(calendar_holiday(&c, day("2026-12-26"))->name, "Boxing; Day");
	assert_null(calendar_holiday(&c, day("2026-12-25")));
	assert_false(open_at(&c, "2026-12-26T12:00"));
	assert_false(open_at(&c, "2026-12-24T09:30"));
	assert_true(open_at(&c, "2026-12-24T13:59"));
	assert_true(open_at(&c, "2026-12-25T12:00"));
	calendar_clear(&c);
}

static void refuses_holidays(void **state)
{
	static const struct {
		const char *text, *says;
	} bad[] = {
		{ "date,name,opens\n", "no column 'closes'" },
		{ "date,name,opens,closes\n2026-02-30,x,,\n", ":2: date: expected a day" },
		{ "date,name,opens,closes\n\n2026-02-03,,,\n", ":3: name: expected a name" },
		{ "date,name,opens,closes\n2026-02-03,x,9,12\n", ":2: opens: expected a time" },
		{ "date,name,opens,closes\n2026-02-03,x,09:00,\n", ":2: closes: expected" },
		{ "date,name,opens,closes\n2026-02-03,x\n", ":2: 2 cells, the header has 4" },
		{ "date,name,opens,closes\n2026-02-03,\"x\n", ":2: a quote does not end" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct calendar c;
		struct err err;

		assert_int_equal(read_holidays(&c, bad[i].text, &err), ERR_FORMAT);
		if (!strstr(err.msg, bad[i].says))
			fail_msg("'%s' does not say '%s'", err.msg, bad[i].says);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(dates_count),      cmocka_unit_test(iso_weeks),
		cmocka_unit_test(retail_years),     cmocka_unit_test(opening_hours),
		cmocka_unit_test(refuses_hours),    cmocka_unit_test(holidays),
		cmocka_unit_test(refuses_holidays),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
