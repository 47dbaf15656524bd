/* SPDX-License-Identifier: Apache-2.0 */
/* test_span.c -- several days, opening hours, the till and the roster, other makers' layouts.
 */
#include "base/clock.h"
#include "base/file.h"
#include "base/str.h"
#include "fake_query.h"
#include "mutate.h"
#include "report/day.h"
#include "report/history.h"
#include "report/layout.h"
#include "report/metric.h"
#include "report/sales.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static struct calendar calendar;

static int64_t at(const char *text)
{
	int64_t t_us;

	assert_int_equal(clock_parse(text, &t_us, NULL), 0);
	return t_us;
}

static int teardown(void **state)
{
	(void)state;
	fake_free();
	calendar_clear(&calendar);
	return 0;
}

/* n minutes from a time on, of which each brings `in` people in and lets `out` out. */
static void add_minutes(int camera, int line, const char *from, int n, int in, int out)
{
	for (int m = 0; m < n; m++) {
		int64_t t_us = at(from) + m * CLOCK_MINUTE_US;

		fake_cover(camera, t_us, 60);
		fake_lines(&(struct minute_line){ .place = line,
						  .start_us = t_us,
						  .crossings_in = in,
						  .crossings_out = out });
	}
}

/* A door in Berlin, in the week in which clocks go forward. */
static struct query *door(int *camera, int *line)
{
	struct query *q;

	assert_int_equal(clock_set_zone("Europe/Berlin", NULL), 0);
	q = fake_new("Corner", "Europe/Berlin", 0);
	*camera = fake_camera("door");
	*line = fake_line(*camera, "Main door", LINE_ENTRY);
	return q;
}

static struct day read_span(struct query *q, const char *first, const char *last, int bucket_s,
			    const struct sales *sales)
{
	struct day_span s = { .first = first,
			      .last = last,
			      .bucket_s = bucket_s,
			      .calendar = &calendar,
			      .sales = sales };
	struct err err;
	struct day d;

	if (day_read_span(&d, q, &s, &err) < 0)
		fail_msg("%s", err.msg);
	return d;
}

static void set_hours(const char *hours)
{
	struct calendar_opts o = CALENDAR_OPTS_DEFAULT;

	o.hours = (char *)hours;
	assert_int_equal(calendar_init(&calendar, &o, NULL), 0);
}

static void weeks_and_short_days(void **state)
{
	int camera, line;
	struct query *q = door(&camera, &line);
	struct day d;

	(void)state;
	add_minutes(camera, line, "2026-03-28T10:00", 60, 1, 0);
	add_minutes(camera, line, "2026-03-29T10:00", 60, 2, 1);
	add_minutes(camera, line, "2026-03-30T10:00", 60, 3, 3);
	d = read_span(q, "2026-03-28", "2026-03-30", 86400, NULL);
	assert_int_equal(d.n_bucket, 3);
	assert_true(d.bucket[1].to_us - d.bucket[1].from_us == 23 * 60 * CLOCK_MINUTE_US);
	assert_int_equal(d.inside[1].crossings_in, 120);
	/* Who was left inside on the 28th is not carried into the 29th. */
	assert_int_equal(d.inside[0].max, 60);
	assert_int_equal(d.inside[1].max, 60);
	assert_int_equal(d.inside[2].max, 0);
	day_clear(&d);

	d = read_span(q, "2026-03-28", "2026-03-30", DAY_WEEK_S, NULL);
	assert_int_equal(d.n_bucket, 2);
	assert_true(d.bucket[1].from_us == at("2026-03-30"));
	assert_int_equal(d.inside[0].crossings_in, 180);
	assert_int_equal(d.inside[1].crossings_in, 180);
	assert_int_equal(d.dates[1].iso.week, 13);
	assert_int_equal(d.dates[2].iso.week, 14);
	day_clear(&d);

	d = read_span(q, "2026-03-28", "2026-03-30", 3600, NULL);
	assert_int_equal(d.n_bucket, 24 + 23 + 24);
	assert_int_equal(d.inside_total.crossings_in, 360);
	day_clear(&d);
}

static void outside_the_hours(void **state)
{
	int camera, line;
	struct query *q = door(&camera, &line);
	struct day d;

	(void)state;
	set_hours("mon-sun 10:00-20:00");
	add_minutes(camera, line, "2026-03-28T09:30", 60, 2, 1);
	d = read_span(q, "2026-03-28", "2026-03-28", 3600, NULL);
	assert_true(d.has_hours);
	assert_int_equal(d.place[0].line_total.passages_in_closed, 60);
	assert_int_equal(d.place[0].line[9].passages_out_closed, 30);
	assert_int_equal(d.place[0].line[10].passages_in_closed, 0);
	assert_int_equal(d.inside_total.crossings_in_closed, 60);
	assert_true(fabs(d.open_s - 36000) < 1e-9);
	assert_true(fabs(d.camera[0].open_observed_s - 1800) < 1e-9);
	day_clear(&d);
}

static struct sales read_sales(const char *till, const char *roster)
{
	char path[2][32] = { "/tmp/footfall-till-XXXXXX", "/tmp/footfall-roster-XXXXXX" };
	struct sales s;
	struct err err;

	for (int i = 0; i < 2; i++)
		close(mkstemp(path[i]));
	assert_int_equal(file_write(path[0], till, strlen(till), NULL), 0);
	assert_int_equal(file_write(path[1], roster, strlen(roster), NULL), 0);
	if (sales_read(&s, path[0], path[1], &err) < 0)
		fail_msg("%s", err.msg);
	unlink(path[0]);
	unlink(path[1]);
	return s;
}

static bool value_of(const char *name, const void *row, double *v)
{
	int n;
	const struct metric *m = metric_table(METRIC_SALES, &n);

	for (int i = 0; i < n; i++)
		if (strcmp(m[i].name, name) == 0)
			return m[i].get(row, v);
	fail_msg("no metric %s", name);
	return false;
}

static void joins_sales(void **state)
{
	int camera, line;
	struct query *q = door(&camera, &line);
	struct sales s;
	struct day d;
	double v = 0;

	(void)state;
	/* 10 to 11: 120 in; 11 to 12 not observed; the 29th observed, but not in the files */
	add_minutes(camera, line, "2026-03-28T10:00", 60, 2, 2);
	add_minutes(camera, line, "2026-03-29T10:00", 60, 1, 1);
	s = read_sales(
		"time,transactions,amount\n2026-03-28 10:59:59,30,300.5\n"
		"2026-03-28T09:00:00Z,6,60\n2026-03-28 11:30,50,9\n2026-04-02 10:00,1,1\n",
		"start,end,associates\n2026-03-28 10:30,2026-03-28 12:00,3\n"
		"2026-03-28 10:00,2026-03-28 11:00,1.5\n");
	d = read_span(q, "2026-03-28", "2026-03-29", 3600, &s);
	assert_true(fabs(d.sales[10].transactions - 36) < 1e-9);
	assert_true(fabs(d.sales[10].amount - 360.5) < 1e-9);
	assert_true(fabs(d.sales[10].staff_h - 3) < 1e-9);
	assert_true(fabs(d.sales[11].transactions - 50) < 1e-9);
	assert_true(value_of("conversion", &d.sales[10], &v) && fabs(v - 0.3) < 1e-9);
	assert_true(value_of("shoppers_per_associate", &d.sales[10], &v) &&
		    fabs(v - 40) < 1e-9);
	/* Nobody was counted from 11 to 12, and the 29th is not in the files. */
	assert_false(value_of("conversion", &d.sales[11], &v));
	assert_false(value_of("transactions", &d.sales[24 + 9], &v));
	assert_true(value_of("conversion", &d.sales_total, &v) && fabs(v - 0.3) < 1e-9);
	day_clear(&d);
	sales_clear(&s);
}

static char *layout(const char *name, const struct day *d)
{
	struct str out = STR_INIT;

	layout_find(name)->write(d, &out);
	return str_take(&out);
}

static void other_layouts(void **state)
{
	int camera, line;
	struct query *q = door(&camera, &line);
	struct day d;
	char *text;

	(void)state;
	add_minutes(camera, line, "2026-03-28T10:00", 61, 2, 1);
	d = read_span(q, "2026-03-28", "2026-03-28", 3600, NULL);
	text = layout("hikvision", &d);
	assert_string_equal(text, "channelName,startTime,endTime,enterCount,exitCount\n"
				  "Main door,2026-03-28T10:00:00,2026-03-28T10:59:59,120,60\n"
				  "Main door,2026-03-28T11:00:00,2026-03-28T11:59:59,2,1\n");
	free(text);
	text = layout("axis-counter", &d);
	assert_string_equal(text,
			    "Interval start,Interval stop,Camera serial number,Name,In,Out\n"
			    "2026-03-28 10:00:00,2026-03-28 11:00:00,door,Main door,120,60\n"
			    "2026-03-28 11:00:00,2026-03-28 12:00:00,door,Main door,2,1\n");
	free(text);
	assert_null(layout_find("siemens"));
	day_clear(&d);
}

static void history_of_weeks(void **state)
{
	int camera, line;
	struct query *q = door(&camera, &line);
	struct history h;
	struct history_day now, then;
	struct day d;

	(void)state;
	add_minutes(camera, line, "2026-03-21T10:00", 60, 1, 0);
	add_minutes(camera, line, "2026-03-14T10:00", 30, 1, 0);
	add_minutes(camera, line, "2026-03-28T10:00", 60, 2, 0);
	d = read_span(q, "2026-03-28", "2026-03-28", 3600, NULL);
	assert_int_equal(history_read(&h, q, &d, NULL, NULL), 0);
	assert_string_equal(h.v[h.first].date, "2026-03-28");
	assert_true(history_sum(&h, h.first, 1, &now));
	assert_int_equal(now.in, 120);
	assert_true(history_sum(&h, h.first - 7, 1, &then));
	assert_int_equal(then.in, 60);
	assert_int_equal(h.v[h.first - 7].hour_in[10], 60);
	assert_true(history_comparable(&now, &then));
	/* Half an hour of the 14th says nothing of a whole one. */
	assert_true(history_sum(&h, h.first - 14, 1, &then));
	assert_false(history_comparable(&now, &then));
	assert_false(history_sum(&h, -1, 1, &then));
	history_clear(&h);
	day_clear(&d);
}

/* A till's file with a few bytes wrong is read, or refused in one line that names it. */
static void check_mutated(const char *text, size_t len)
{
	char path[] = "/tmp/footfall-till-XXXXXX";
	struct sales s = { .n_sale = 77 };
	struct err err;

	close(mkstemp(path));
	assert_int_equal(file_write(path, text, len, NULL), 0);
	if (sales_read(&s, path, NULL, &err) < 0) {
		assert_non_null(strstr(err.msg, path));
		assert_int_equal(s.n_sale, 77);
	} else {
		for (int i = 1; i < s.n_sale; i++)
			assert_true(s.sale[i].t_us >= s.sale[i - 1].t_us);
		sales_clear(&s);
	}
	unlink(path);
}

static void mutated_files_are_read_or_refused(void **state)
{
	(void)state;
	for_mutations(SALES_CSV, 2000, check_mutated);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(weeks_and_short_days, teardown),
		cmocka_unit_test_teardown(outside_the_hours, teardown),
		cmocka_unit_test_teardown(joins_sales, teardown),
		cmocka_unit_test_teardown(other_layouts, teardown),
		cmocka_unit_test_teardown(history_of_weeks, teardown),
		cmocka_unit_test_teardown(mutated_files_are_read_or_refused, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
