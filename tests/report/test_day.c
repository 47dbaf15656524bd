/* SPDX-License-Identifier: Apache-2.0 */
/* test_day.c -- a day's numbers are what the definitions say, from minutes made by hand. */
#include "base/clock.h"
#include "fake_query.h"
#include "report/day.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define NEAR(a, b) assert_float_equal((a), (b), 1e-6)

/* A moment in the zone of the store under test. */
static int64_t at(const char *text)
{
	struct err err;
	int64_t t_us;

	if (clock_parse(text, &t_us, &err) < 0)
		fail_msg("%s", err.msg);
	return t_us;
}

static struct query *store(const char *zone, int start_s)
{
	assert_int_equal(clock_set_zone(zone, NULL), 0);
	return fake_new("Corner", zone, start_s);
}

static struct day read_day(struct query *q, const char *date, int bucket_s)
{
	struct err err;
	struct day d;

	if (day_read(&d, q, date, bucket_s, &err) < 0)
		fail_msg("%s", err.msg);
	return d;
}

static void crossings(int line, int64_t t_us, int in, int out)
{
	fake_lines(&(struct minute_line){ line, t_us, in, out, in, out, 0 });
}

static int teardown(void **state)
{
	(void)state;
	fake_free();
	return 0;
}

static void lines_add_up(void **state)
{
	struct query *q = store("UTC", 0);
	int camera = fake_camera("door"), line = fake_line(camera, "Main", LINE_INNER);
	int64_t t_us = at("2026-03-12T09:00");
	struct day d;

	(void)state;
	fake_cover(camera, t_us, 60);
	fake_cover(camera, t_us + CLOCK_MINUTE_US, 30.5);
	fake_cover(camera, t_us + 20 * CLOCK_MINUTE_US, 60);
	fake_lines(&(struct minute_line){ line, t_us, 5, 3, 4, 2, 1 });
	fake_lines(&(struct minute_line){ line, t_us + CLOCK_MINUTE_US, 1, 0, 1, 0, 0 });
	fake_lines(&(struct minute_line){ line, t_us + 20 * CLOCK_MINUTE_US, 2, 2, 1, 1, 1 });
	d = read_day(q, NULL, 900);

	assert_int_equal(d.n_bucket, 96);
	assert_true(d.bucket[36].from_us == t_us);
	NEAR(d.place[0].line[36].observed_s, 90.5);
	assert_int_equal(d.place[0].line[36].crossings_in, 6);
	assert_int_equal(d.place[0].line[36].crossings_out, 3);
	assert_int_equal(d.place[0].line[36].persons_in, 5);
	assert_int_equal(d.place[0].line[36].uturns, 1);
	assert_int_equal(d.place[0].line[37].crossings_in, 2);
	NEAR(d.place[0].line[38].observed_s, 0);
	NEAR(d.place[0].line_total.observed_s, 150.5);
	assert_int_equal(d.place[0].line_total.persons_out, 3);
	NEAR(d.camera[0].observed_total_s, 150.5);
	assert_false(d.has_inside);
	day_clear(&d);
}

/* The mean weighs by observed time, and the minute in which nobody was there counts. */
static void zone_levels(void **state)
{
	struct query *q = store("UTC", 0);
	int camera = fake_camera("hall"), zone = fake_zone(camera, "Shelf", 10);
	int64_t t_us = at("2026-03-12T09:00");
	struct day d;

	(void)state;
	fake_cover(camera, t_us, 60);
	fake_cover(camera, t_us + CLOCK_MINUTE_US, 15);
	fake_cover(camera, t_us + 2 * CLOCK_MINUTE_US, 60);
	fake_zones(&(struct minute_zone){ .place = zone,
					  .start_us = t_us,
					  .begun = 3,
					  .ended = 1,
					  .min = 1,
					  .max = 4,
					  .p95 = 3,
					  .person_s = 120 });
	fake_zones(&(struct minute_zone){ .place = zone,
					  .start_us = t_us + CLOCK_MINUTE_US,
					  .begun = 1,
					  .ended = 2,
					  .min = 2,
					  .max = 9,
					  .p95 = 8,
					  .person_s = 60 });
	d = read_day(q, NULL, 3600);

	NEAR(d.place[0].zone[9].observed_s, 135);
	NEAR(d.place[0].zone[9].mean, 180.0 / 135);
	assert_int_equal(d.place[0].zone[9].min, 0);
	assert_int_equal(d.place[0].zone[9].max, 9);
	/* 0 holds for 60 s of 135, 3 for 120, and only 8 for at least 95 %. */
	assert_int_equal(d.place[0].zone[9].p95, 8);
	assert_int_equal(d.place[0].zone_total.begun, 4);
	assert_int_equal(d.place[0].zone_total.ended, 3);
	day_clear(&d);
}

/* 1 minute in 20 is exactly the 5 % that p95 leaves out. */
static void p95_is_weighted(void **state)
{
	struct query *q = store("UTC", 0);
	int camera = fake_camera("hall"), zone = fake_zone(camera, "Shelf", 10);
	int64_t t_us = at("2026-03-12T09:00");
	struct day d;

	(void)state;
	for (int i = 0; i < 20; i++) {
		fake_cover(camera, t_us + i * CLOCK_MINUTE_US, 60);
		fake_zones(&(struct minute_zone){ .place = zone,
						  .start_us = t_us + i * CLOCK_MINUTE_US,
						  .min = 1,
						  .max = i == 7 ? 9 : 2,
						  .p95 = i == 7 ? 9 : 2,
						  .person_s = 90 });
	}
	d = read_day(q, NULL, 3600);
	assert_int_equal(d.place[0].zone[9].p95, 2);
	assert_int_equal(d.place[0].zone[9].max, 9);
	assert_int_equal(d.place[0].zone[9].min, 1);
	day_clear(&d);
}

static void dwell_by_nearest_rank(void **state)
{
	struct query *q = store("UTC", 0);
	int camera = fake_camera("hall"), zone = fake_zone(camera, "Shelf", 30);
	int64_t t_us = at("2026-03-12T09:59");
	struct day d;

	(void)state;
	fake_cover(camera, t_us, 60);
	fake_cover(camera, t_us + CLOCK_MINUTE_US, 60);
	fake_zones(&(struct minute_zone){
		.place = zone, .start_us = t_us, .n_dwell = 3, .dwell_s = { 50, 10, 30 } });
	fake_zones(&(struct minute_zone){ .place = zone,
					  .start_us = t_us + CLOCK_MINUTE_US,
					  .n_dwell = 7,
					  .dwell_s = { 20, 40, 100, 90, 80, 70, 60 } });
	d = read_day(q, NULL, 3600);

	/* 10, 20, ... 100: the 5th and the 9th. */
	assert_int_equal(d.place[0].zone_total.n_dwell, 10);
	NEAR(d.place[0].zone_total.dwell_p50_s, 50);
	NEAR(d.place[0].zone_total.dwell_p90_s, 90);
	NEAR(d.place[0].zone_total.dwell_max_s, 100);
	NEAR(d.place[0].zone_total.dwell_mean_s, 55);
	assert_int_equal(d.place[0].zone_total.engaged, 8);
	assert_int_equal(d.place[0].zone[9].n_dwell, 3);
	NEAR(d.place[0].zone[9].dwell_p50_s, 30);
	NEAR(d.place[0].zone[9].dwell_p90_s, 50);
	assert_int_equal(d.place[0].zone[10].n_dwell, 7);
	NEAR((double)d.place[0].dwell_s[0], 10);
	day_clear(&d);
}

/* Checks number and length of a day's hours, and that each begins at a whole local hour. */
static void check_hours(const char *zone, int start_s, const char *date, int n)
{
	struct query *q = store(zone, start_s);
	int camera = fake_camera("door");
	char noon[32];
	struct day d;

	snprintf(noon, sizeof(noon), "%sT12:00", date);
	fake_cover(camera, at(noon), 60);
	d = read_day(q, date, 3600);
	assert_int_equal(d.n_bucket, n);
	assert_true(d.to_us - d.from_us == n * 60 * CLOCK_MINUTE_US);
	for (int b = 0; b < n; b++) {
		struct civil c;

		clock_local(d.bucket[b].from_us, &c);
		assert_int_equal(c.minute, 0);
		assert_true(d.bucket[b].to_us - d.bucket[b].from_us == 60 * CLOCK_MINUTE_US);
		assert_true(d.bucket[b].from_us == (b ? d.bucket[b - 1].to_us : d.from_us));
	}
	day_clear(&d);
}

static void days_of_23_and_25_hours(void **state)
{
	(void)state;
	check_hours("Europe/Berlin", 0, "2026-03-29", 23);
	check_hours("Europe/Berlin", 0, "2026-10-25", 25);
	check_hours("Europe/Berlin", 0, "2026-10-26", 24);
	/* From 04:00 the night of the change belongs to the day before. */
	check_hours("Europe/Berlin", 4 * 3600, "2026-03-28", 23);
	check_hours("Europe/Berlin", 4 * 3600, "2026-03-29", 24);
	check_hours("Europe/Berlin", 4 * 3600, "2026-10-24", 25);
	check_hours("America/St_Johns", 0, "2026-03-08", 23);
	check_hours("America/St_Johns", 0, "2026-11-01", 25);
	check_hours("America/St_Johns", 0, "2026-06-01", 24);
}

/* Both hours between two and three in the night of October exist, and are two. */
static void the_hour_that_comes_twice(void **state)
{
	struct query *q = store("Europe/Berlin", 0);
	int camera = fake_camera("door"), line = fake_line(camera, "Main", LINE_INNER);
	struct day d;

	(void)state;
	fake_cover(camera, at("2026-10-25T02:30+02:00"), 60);
	fake_cover(camera, at("2026-10-25T02:30+01:00"), 60);
	crossings(line, at("2026-10-25T02:30+02:00"), 3, 0);
	crossings(line, at("2026-10-25T02:30+01:00"), 5, 0);
	d = read_day(q, "2026-10-25", 3600);
	assert_int_equal(d.place[0].line[2].crossings_in, 3);
	assert_int_equal(d.place[0].line[3].crossings_in, 5);
	assert_int_equal(d.place[0].line_total.crossings_in, 8);
	day_clear(&d);
}

/* 02:00 belongs to the business day before; a start at half past gives a half first hour. */
static void business_day(void **state)
{
	struct query *q = store("Europe/Berlin", 4 * 3600 + 1800);
	int camera = fake_camera("door"), line = fake_line(camera, "Main", LINE_INNER);
	struct day d;

	(void)state;
	fake_cover(camera, at("2026-03-12T04:29"), 60);
	crossings(line, at("2026-03-12T04:29"), 1, 0);
	fake_cover(camera, at("2026-03-12T04:30"), 60);
	crossings(line, at("2026-03-12T04:30"), 2, 0);
	fake_cover(camera, at("2026-03-13T02:00"), 60);
	crossings(line, at("2026-03-13T02:00"), 4, 0);
	d = read_day(q, "2026-03-12", 3600);
	assert_int_equal(d.place[0].line_total.crossings_in, 6);
	assert_int_equal(d.n_bucket, 25);
	assert_true(d.bucket[0].to_us == at("2026-03-12T05:00"));
	assert_true(d.bucket[24].to_us == at("2026-03-13T04:30"));
	assert_int_equal(d.place[0].line[0].crossings_in, 2);
	day_clear(&d);

	d = read_day(q, NULL, 86400);
	assert_string_equal(d.date, "2026-03-12");
	assert_int_equal(d.n_bucket, 1);
	assert_int_equal(d.place[0].line[0].crossings_in, 6);
	day_clear(&d);
}

static void says_which_days_there_are(void **state)
{
	struct query *q = store("Europe/Berlin", 0);
	int camera;
	struct err err;
	struct day d;

	(void)state;
	assert_int_equal(day_read(&d, q, NULL, 900, &err), ERR_STATE);
	camera = fake_camera("door");
	fake_cover(camera, at("2026-03-10T12:00"), 60);
	fake_cover(camera, at("2026-03-14T23:59"), 60);
	assert_int_equal(day_read(&d, q, "2026-03-12", 900, &err), ERR_STATE);
	assert_non_null(strstr(err.msg, "2026-03-12"));
	assert_non_null(strstr(err.msg, "2026-03-10"));
	assert_non_null(strstr(err.msg, "2026-03-14"));
	assert_int_equal(day_read(&d, q, "12.3.2026", 900, &err), ERR_FORMAT);
	assert_int_equal(day_read(&d, q, "2026-02-30", 900, &err), ERR_RANGE);
	assert_int_equal(day_read(&d, q, NULL, 7, &err), ERR_RANGE);
	d = read_day(q, NULL, 900);
	assert_string_equal(d.date, "2026-03-14");
	day_clear(&d);
}

/* Known only while all entries are seen; never below zero. */
static void people_inside(void **state)
{
	struct query *q = store("UTC", 0);
	int a = fake_camera("a"), b = fake_camera("b");
	int front = fake_line(a, "Front", LINE_ENTRY), side = fake_line(b, "Side", LINE_ENTRY);
	int64_t t_us = at("2026-03-12T09:00");
	struct day d;

	(void)state;
	for (int i = 0; i < 5; i++) {
		fake_cover(a, t_us + i * CLOCK_MINUTE_US, 60);
		if (i != 2)
			fake_cover(b, t_us + i * CLOCK_MINUTE_US, i == 3 ? 20 : 60);
	}
	crossings(front, t_us, 0, 2);
	crossings(front, t_us + CLOCK_MINUTE_US, 7, 1);
	crossings(side, t_us + CLOCK_MINUTE_US, 1, 0);
	crossings(front, t_us + 2 * CLOCK_MINUTE_US, 50, 0);
	crossings(front, t_us + 3 * CLOCK_MINUTE_US, 0, 49);
	crossings(side, t_us + 4 * CLOCK_MINUTE_US, 0, 1);
	d = read_day(q, NULL, 3600);

	assert_true(d.has_inside);
	assert_int_equal(d.corrections, 2);
	assert_int_equal(d.minute_inside[540], 0);
	assert_int_equal(d.minute_inside[541], 7);
	assert_int_equal(d.minute_inside[542], -1);
	assert_int_equal(d.minute_inside[543], 8);
	assert_int_equal(d.minute_inside[544], 7);
	assert_int_equal(d.inside_total.max, 8);
	assert_true(d.peak_us == t_us + 4 * CLOCK_MINUTE_US);
	NEAR(d.inside[9].observed_s, 200);
	assert_int_equal(d.inside_total.crossings_in, 58);
	assert_int_equal(d.inside_total.crossings_out, 53);
	day_clear(&d);
}

/* A line of an older plan is no 'not observed' line; one of a dead camera is. */
static void places_of_other_plans(void **state)
{
	struct query *q = store("UTC", 0);
	int a = fake_camera("a"), b = fake_camera("b");
	int old;
	struct day d;

	(void)state;
	fake_line(b, "Dead", LINE_INNER);
	fake_line(a, "New", LINE_ENTRY);
	old = fake_line(a, "Old", LINE_ENTRY);
	fake_unwatched(old);
	fake_cover(a, at("2026-03-12T09:00"), 60);
	d = read_day(q, NULL, 3600);
	assert_int_equal(d.n_place, 2);
	assert_string_equal(d.place[0].place.info.name, "Dead");
	NEAR(d.place[0].line_total.observed_s, 0);
	assert_string_equal(d.place[1].place.info.name, "New");
	NEAR(d.place[1].line_total.observed_s, 60);
	NEAR(d.inside_total.observed_s, 60);
	day_clear(&d);

	/* Watched for a part of the time, it is observed for that part. */
	fake_cover(a, at("2026-03-12T09:01"), 60);
	crossings(old, at("2026-03-12T09:00"), 1, 0);
	d = read_day(q, NULL, 3600);
	assert_int_equal(d.n_place, 3);
	NEAR(d.place[2].line_total.observed_s, 60);
	NEAR(d.place[1].line_total.observed_s, 120);
	day_clear(&d);
}

static void parameters_by_bucket(void **state)
{
	struct query *q = store("UTC", 0);
	int camera = fake_camera("a");
	struct day d;

	(void)state;
	fake_params(at("2026-03-12T00:00"), "aaaa");
	fake_params(at("2026-03-12T10:30"), "bbbb");
	fake_cover(camera, at("2026-03-12T09:00"), 60);
	fake_cover(camera, at("2026-03-12T10:00"), 60);
	fake_cover(camera, at("2026-03-12T11:00"), 60);
	d = read_day(q, NULL, 3600);
	assert_string_equal(d.params, "aaaa,bbbb");
	assert_string_equal(d.camera[0].params[8], "");
	assert_string_equal(d.camera[0].params[9], "aaaa");
	assert_string_equal(d.camera[0].params[10], "aaaa,bbbb");
	assert_string_equal(d.camera[0].params[11], "bbbb");
	day_clear(&d);
}

static void everybody_in_view(void **state)
{
	struct query *q = store("UTC", 0);
	int camera = fake_camera("a");
	int64_t t_us = at("2026-03-12T09:00");
	struct day d;

	(void)state;
	fake_cover(camera, t_us, 40);
	fake_heat(camera, t_us, 5, 12);
	fake_heat(camera, t_us, 6, 8);
	fake_heat(camera, t_us, 5, 0.5F);
	d = read_day(q, NULL, 3600);
	NEAR((double)d.camera[0].heat[5], 12.5);
	NEAR((double)d.camera[0].heat[6], 8);
	NEAR(d.camera[0].view[9].person_s, 20.5);
	NEAR(d.camera[0].view[9].mean, 20.5 / 40);
	day_clear(&d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(lines_add_up, teardown),
		cmocka_unit_test_teardown(zone_levels, teardown),
		cmocka_unit_test_teardown(p95_is_weighted, teardown),
		cmocka_unit_test_teardown(dwell_by_nearest_rank, teardown),
		cmocka_unit_test_teardown(days_of_23_and_25_hours, teardown),
		cmocka_unit_test_teardown(the_hour_that_comes_twice, teardown),
		cmocka_unit_test_teardown(business_day, teardown),
		cmocka_unit_test_teardown(says_which_days_there_are, teardown),
		cmocka_unit_test_teardown(people_inside, teardown),
		cmocka_unit_test_teardown(places_of_other_plans, teardown),
		cmocka_unit_test_teardown(parameters_by_bucket, teardown),
		cmocka_unit_test_teardown(everybody_in_view, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
