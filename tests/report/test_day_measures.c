/* SPDX-License-Identifier: Apache-2.0 */
/* test_day_measures.c -- what the store's measures become in a report: figures where they were
 * counted, nothing where they were not, and no small cell of people's ways in any form. */
#include "base/clock.h"
#include "base/str.h"
#include "fake_query.h"
#include "report/heat_floor.h"
#include "report/layout.h"
#include "report/metric.h"
#include "store/measure.h"
#include "video/png.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define MINUTES 120

static struct {
	int camera, door, window, shelf, table, tills, gate, queue, fixture;
	int64_t from_us; /* 09:00; MINUTES are observed */
} shop;

static int64_t minute(int m)
{
	return shop.from_us + m * CLOCK_MINUTE_US;
}

static struct query *new_shop(void)
{
	struct query *q = fake_new("Corner", "UTC", 0);

	assert_int_equal(clock_set_zone("UTC", NULL), 0);
	assert_int_equal(clock_parse("2026-03-12T09:00", &shop.from_us, NULL), 0);
	shop.camera = fake_camera("hall");
	shop.door = fake_line(shop.camera, "Door", LINE_ENTRY);
	fake_geometry("{\"coords\":\"metres\",\"points\":[[1,5],[3,5]]}");
	shop.gate = fake_place(shop.camera, "Gate", PLACE_GATE);
	shop.queue = fake_place(shop.camera, "Queue", PLACE_QUEUE);
	shop.shelf = fake_zone(shop.camera, "Shelf", 20);
	shop.table = fake_zone(shop.camera, "Table", 20);
	shop.tills = fake_zone(shop.camera, "Tills", 20);
	shop.fixture = fake_place(shop.camera, "Rack", PLACE_FIXTURE);
	shop.window = fake_line(shop.camera, "Window", LINE_OUTSIDE);
	for (int m = 0; m < MINUTES; m++)
		fake_cover(shop.camera, minute(m), 60);
	return q;
}

static int teardown(void **state)
{
	(void)state;
	fake_free();
	return 0;
}

static struct day read_day(struct query *q, int bucket_s)
{
	struct err err;
	struct day d;

	if (day_read(&d, q, NULL, bucket_s, &err) < 0)
		fail_msg("%s", err.msg);
	return d;
}

static const struct day_place *place_of(const struct day *d, int id)
{
	for (int i = 0; i < d->n_place; i++)
		if (d->place[i].place.id == id)
			return &d->place[i];
	fail_msg("the day has no place %d", id);
	return NULL;
}

/* A figure of a place's measures, -1 when it is not known. */
static double figure(const struct day *d, int id, int bucket, const char *name)
{
	const struct day_place *p = place_of(d, id);
	const struct tally_row *row = bucket < 0 ? &p->tally.total : &p->tally.row[bucket];
	int n;
	const struct metric *m = metric_table(metric_of_place(&p->place.info), &n);
	double v;

	for (int i = 0; i < n; i++)
		if (strcmp(m[i].name, name) == 0)
			return metric_value(&m[i], row, &v) ? v : -1;
	fail_msg("no metric '%s'", name);
	return 0;
}

/* Waits of 0, 10, ..., 90 s in ten minutes; two people wait for 30 s of one, one for 60 s. */
static void queue_figures(void **state)
{
	struct query *q = new_shop();
	struct day d;

	(void)state;
	for (int i = 0; i < 10; i++)
		fake_value(shop.camera, shop.queue, minute(i), MEASURE_QUEUE_WAIT, 10000 * i,
			   1);
	fake_value(shop.camera, shop.queue, minute(3), MEASURE_QUEUE_JOINED, 0, 12);
	fake_value(shop.camera, shop.queue, minute(3), MEASURE_QUEUE_ABANDONED, 45000, 2);
	fake_value(shop.camera, shop.queue, minute(4), MEASURE_QUEUE_LEVEL, 2, 30000);
	fake_value(shop.camera, shop.queue, minute(5), MEASURE_QUEUE_LEVEL, 1, 60000);
	fake_value(shop.camera, shop.queue, minute(70), MEASURE_QUEUE_LEVEL, 7, 6000);
	d = read_day(q, 3600);
	assert_float_equal(figure(&d, shop.queue, -1, "queue_wait_mean"), 45, 1e-9);
	assert_float_equal(figure(&d, shop.queue, -1, "queue_wait_p50"), 40, 1e-9);
	assert_float_equal(figure(&d, shop.queue, -1, "queue_wait_p90"), 80, 1e-9);
	assert_float_equal(figure(&d, shop.queue, -1, "queue_wait_max"), 90, 1e-9);
	assert_float_equal(figure(&d, shop.queue, -1, "abandonment_share"), 2.0 / 12, 1e-9);
	assert_float_equal(figure(&d, shop.queue, 9, "queue_length_max"), 2, 1e-9);
	assert_float_equal(figure(&d, shop.queue, -1, "queue_length_max"), 7, 1e-9);
	assert_float_equal(figure(&d, shop.queue, 9, "queue_length_mean"), 120.0 / 3600, 1e-9);
	assert_float_equal(figure(&d, shop.queue, 9, "queue_length_0"), 3510, 1e-9);
	assert_float_equal(figure(&d, shop.queue, 9, "queue_length_2"), 30, 1e-9);
	assert_float_equal(figure(&d, shop.queue, 10, "queue_length_5_or_more"), 6, 1e-9);
	/* Nobody waited from 10 o'clock on: no percentile, but a count of none. */
	assert_float_equal(figure(&d, shop.queue, 10, "queue_wait_p90"), -1, 1e-9);
	assert_float_equal(figure(&d, shop.queue, 10, "queue_wait"), 0, 1e-9);
	day_clear(&d);
}

/* From 10 o'clock on a program without measures counted: it is observed, they are not. */
static void what_was_not_measured_is_unknown(void **state)
{
	struct query *q = new_shop();
	struct str csv = STR_INIT, json = STR_INIT;
	struct day d;

	(void)state;
	fake_unmeasured(minute(60));
	for (int m = 0; m < 60; m++) {
		fake_value(shop.camera, shop.gate, minute(m), MEASURE_GATE_IN, 0, 2);
		fake_lines(&(struct minute_line){ shop.door, minute(m), 3, 1, 3, 1, 0 });
	}
	fake_lines(&(struct minute_line){ shop.door, minute(60), 50, 1, 50, 1, 0 });
	fake_value(shop.camera, shop.door, minute(7), MEASURE_STAFF_IN, 0, 5);
	d = read_day(q, 3600);
	assert_float_equal(place_of(&d, shop.gate)->tally.total.observed_s, 3600, 1e-9);
	assert_float_equal(figure(&d, shop.gate, 9, "gate_in"), 120, 1e-9);
	assert_float_equal(figure(&d, shop.gate, 9, "gate_out"), 0, 1e-9);
	assert_float_equal(figure(&d, shop.gate, 10, "gate_in"), -1, 1e-9);
	assert_float_equal(place_of(&d, shop.door)->line_total.observed_s, 7200, 1e-9);
	/* The 50 who came in unmeasured are no shoppers: who they were is not known. */
	assert_float_equal(figure(&d, shop.door, -1, "shoppers_in"), 180 - 5, 1e-9);
	assert_float_equal(d.street_total.observed_s, 3600, 1e-9);

	assert_int_equal(day_csv(&d, &csv, NULL), 0);
	assert_non_null(strstr(csv.s, "gate,Gate,gate_in,2026-03-12T09:00:00Z,"
				      "2026-03-12T09:00:00,+00:00,3600,120,"));
	assert_null(strstr(csv.s, "gate,Gate,gate_in,2026-03-12T10:00:00Z"));
	assert_int_equal(day_json(&d, &json, NULL), 0);
	assert_non_null(strstr(json.s, "{\"coverage_s\": 0.0, \"gate_in\": null"));
	str_clear(&csv);
	str_clear(&json);
	day_clear(&d);
}

static void capture_rate(void **state)
{
	struct query *q = new_shop();
	struct day d;

	(void)state;
	for (int m = 0; m < 10; m++) {
		fake_value(shop.camera, shop.door, minute(m), MEASURE_ENTERED, 0, 3);
		fake_value(shop.camera, shop.window, minute(m), MEASURE_PASSED_BY, WAY_IN, 4);
		fake_value(shop.camera, shop.window, minute(m), MEASURE_PASSED_BY, WAY_OUT, 5);
	}
	d = read_day(q, 3600);
	assert_int_equal(d.street_total.entered, 30);
	assert_int_equal(d.street_total.passed_by, 90);
	for (int i = 0, n; i < 4; i++) {
		const struct metric *m = metric_table(METRIC_STREET, &n);
		static const double want[] = { 30, 90, 0.25, 1.0 / 3 };
		double v = 0;

		assert_true(metric_value(&m[i], &d.street_total, &v));
		assert_float_equal(v, want[i], 1e-9);
	}
	day_clear(&d);
}

/* Every measure that is not of ways is some metric's, and each of ways some table's. */
static void no_measure_is_forgotten(void **state)
{
	bool shown[MEASURE_END] = { false };
	struct query *q = new_shop();
	struct day d = read_day(q, 3600);

	(void)state;
	for (enum metric_of of = METRIC_STORE; of < METRIC_OF_END; of++) {
		int n;
		const struct metric *m = metric_table(of, &n);

		for (int i = 0; i < n; i++) {
			struct str text = STR_INIT;

			metric_define(&text, &m[i]);
			assert_true(text.len > 0);
			str_clear(&text);
			if (m[i].measure < MEASURE_END)
				shown[m[i].measure] = true;
			if (m[i].measure < MEASURE_END && m[i].measure > 0)
				assert_false(measure_info((enum measure)m[i].measure)->ways);
		}
	}
	for (int i = 0; i < d.journeys.n; i++)
		shown[d.journeys.v[i].measure] = true;
	for (int m = 1; m < MEASURE_END; m++)
		if (measure_info((enum measure)m) && !shown[m])
			fail_msg("%s is in no report", measure_info((enum measure)m)->name);
	day_clear(&d);
}

/* 777 go from the shelf to the table, 3 from the shelf to the tills; all forms. */
static void small_cells_of_ways_are_withheld(void **state)
{
	struct query *q = new_shop();
	struct str out = STR_INIT;
	struct day d;
	struct err err;
	int tables = 0;

	(void)state;
	fake_value(shop.camera, shop.shelf, minute(1), MEASURE_NEXT, shop.table, 777);
	fake_value(shop.camera, shop.shelf, minute(2), MEASURE_NEXT, shop.tills, 3);
	fake_value(shop.camera, shop.table, minute(2), MEASURE_NEXT, shop.tills, 555);
	fake_value(shop.camera, shop.table, minute(2), MEASURE_NEXT, shop.shelf, 444);
	fake_value(shop.camera, shop.tills, minute(2), MEASURE_NEXT, shop.table, 666);
	fake_value(shop.camera, shop.door, minute(2), MEASURE_TURNS, TURN_LEFT, 2);
	fake_value(shop.camera, shop.door, minute(2), MEASURE_TURNS, TURN_RIGHT, 333);
	d = read_day(q, 900);
	for (int i = 0; i < d.journeys.n; i++) {
		const struct journeys_table *t = &d.journeys.v[i];

		if (t->measure != MEASURE_NEXT && t->measure != MEASURE_TURNS)
			continue;
		tables++;
		assert_true(t->n_hidden >= 2); /* the small one, and one that hides it */
		for (int r = 0; r <= t->rows; r++)
			for (int c = 0; c <= t->cols; c++)
				assert_true(journeys_at(t, r, c) == 0 ||
					    (!journeys_hidden(t, r, c) &&
					     journeys_at(t, r, c) >= 5));
	}
	assert_int_equal(tables, 2);
	assert_int_equal(day_ways_csv(&d, &out, &err), 0);
	assert_non_null(strstr(out.s, ",next_zone,Shelf,Tills,cell,2026-03-12T00:00:00Z,"
				      "2026-03-12T00:00:00,+00:00,86400,,yes,5,"));
	/* The tables are of all days; no bucket of the other CSV has any part of them. */
	str_clear(&out);
	assert_int_equal(day_csv(&d, &out, &err), 0);
	assert_null(strstr(out.s, "next_zone"));
	assert_null(strstr(out.s, ",turns"));
	assert_int_equal(day_text(&d, &out), 0);
	assert_non_null(strstr(out.s, "withheld: fewer than 5 people"));
	day_clear(&d);

	/* Whoever is said not to mind sees all. */
	assert_int_equal(
		day_read_span(&d, q, &(struct day_span){ .bucket_s = 900, .k = 1 }, &err), 0);
	for (int i = 0; i < d.journeys.n; i++)
		assert_int_equal(d.journeys.v[i].n_hidden, 0);
	day_clear(&d);
	str_clear(&out);
}

/* 10 % too few, give or take little: the bounds stand wherever the number does. */
static void audits_stand_beside_the_numbers(void **state)
{
	struct query *q = new_shop();
	struct str text = STR_INIT, page = STR_INIT;
	struct err err;
	struct day d;

	(void)state;
	for (int m = 0; m < 100; m++)
		fake_lines(&(struct minute_line){ shop.door, minute(m), 9, 9, 9, 9, 0 });
	fake_audit(&(struct audit){ .place = shop.door,
				    .in = true,
				    .from_us = minute(0),
				    .to_us = minute(90),
				    .margin = 0.05,
				    .samples = 20,
				    .manual = 1000,
				    .machine = 900,
				    .bias = -0.1,
				    .lo = -0.12,
				    .hi = -0.08,
				    .spread = 0.02,
				    .df = 19,
				    .verdict = EQUIV_NOT_PROVEN });
	d = read_day(q, 3600);
	assert_int_equal(day_text(&d, &text), 0);
	assert_non_null(strstr(text.s, "; of 900 crossings, "));
	assert_non_null(strstr(text.s, "(95 %)"));
	assert_int_equal(day_html(&d, q, NULL, &page, &err), 0);
	assert_non_null(strstr(page.s, "<td>900<br><small>"));
	assert_non_null(strstr(page.s,
			       "The last audit was of Door, in, on Thursday 12 March 2026, "
			       "with 20 samples: not proven within +-5 %"));
	str_clear(&text);
	str_clear(&page);
	day_clear(&d);
}

/* Buckets of all lengths come out of one pass, as if read one by one. */
static void several_lengths_in_one_pass(void **state)
{
	static const int lengths[] = { 900, 3600, 86400 };
	struct query *q = new_shop();
	struct day d[3];
	struct err err;

	(void)state;
	fake_value(shop.camera, shop.queue, minute(70), MEASURE_QUEUE_WAIT, 5000, 4);
	fake_lines(&(struct minute_line){ shop.door, minute(70), 6, 2, 6, 2, 0 });
	assert_int_equal(day_read_buckets(d, 3, q, &(struct day_span){ 0 }, lengths, &err), 0);
	for (int i = 0; i < 3; i++) {
		struct day one = read_day(q, lengths[i]);
		struct str a = STR_INIT, b = STR_INIT;

		assert_int_equal(day_json(&d[i], &a, NULL), 0);
		assert_int_equal(day_json(&one, &b, NULL), 0);
		assert_string_equal(a.s, b.s);
		str_clear(&a);
		str_clear(&b);
		day_clear(&one);
		day_clear(&d[i]);
	}
}

/* Ten minutes of two in the queue and one of six make 10 mid, 1 high and 4 low. */
static void axis_queue(void **state)
{
	struct query *q = new_shop();
	struct str out = STR_INIT;
	struct day d;

	(void)state;
	for (int m = 0; m < 10; m++)
		fake_value(shop.camera, shop.queue, minute(m), MEASURE_QUEUE_LEVEL, 2, 60000);
	fake_value(shop.camera, shop.queue, minute(10), MEASURE_QUEUE_LEVEL, 6, 60000);
	d = read_day(q, 900);
	layout_find("axis-queue")->write(&d, &out);
	assert_non_null(strstr(out.s, "\n2026-03-12 09:00:00,2026-03-12 09:15:00,hall,Queue,"
				      "1,10,4,,,,,,\n"));
	assert_null(strstr(out.s, "2026-03-12 08:45:00,2026")); /* not observed: no row */
	str_clear(&out);
	day_clear(&d);
}

static uint8_t brightness(const struct rgba *p, const struct heat_floor *f, double x_m,
			  double y_m)
{
	int x = (int)((x_m - f->x0) / (f->x1 - f->x0) * p->w);
	int y = (int)((f->y1 - y_m) / (f->y1 - f->y0) * p->h);

	return p->data[4 * ((size_t)y * (size_t)p->w + (size_t)x)];
}

/* A minute of somebody at (2.1, 3.1), and half of one that two cameras saw at (1.1, 1.1). */
static void floor_heat(void **state)
{
	struct query *q = new_shop();
	int other = fake_camera("yard");
	struct heat_floor shown;
	struct rgba picture = { 0 };
	uint8_t *png;
	size_t len;
	struct day d;

	(void)state;
	fake_cover(other, minute(0), 60);
	fake_floor(shop.camera, minute(0), 8, 12, 60000, 0);
	fake_floor(shop.camera, minute(0), 4, 4, 30000, 1);
	fake_floor(other, minute(0), 4, 4, 20000, 1);
	d = read_day(q, 900);
	assert_float_equal(floor_map_at(&d.floor, d.floor.person_s, 8, 12), 60, 1e-9);
	assert_float_equal(floor_map_at(&d.floor, d.floor.person_s, 4, 4), 30, 1e-9);
	assert_float_equal(floor_map_at(&d.floor, d.floor.stops, 4, 4), 1, 1e-9);
	assert_int_equal(heat_floor_png(&d, HEAT_FLOOR_TIME, true, &shown, &png, &len, NULL),
			 0);
	assert_int_equal(png_decode(png, len, &picture, NULL), 0);
	/* All of the door, which lies farther up, is in the picture; north is up. */
	assert_true(shown.y1 > 5 && shown.x1 > 3 && shown.y0 < 1);
	assert_true(brightness(&picture, &shown, 2.1, 3.1) >
		    brightness(&picture, &shown, 1.1, 1.1));
	assert_true(brightness(&picture, &shown, 1.1, 1.1) >
		    brightness(&picture, &shown, 2.6, 1.9));
	rgba_clear(&picture);
	free(png);
	day_clear(&d);
}

/* Without a plan in metres there is no picture of the floor. */
static void no_floor_no_picture(void **state)
{
	struct query *q = new_shop();
	struct day d = read_day(q, 900);
	uint8_t *png;
	size_t len;

	(void)state;
	assert_int_equal(heat_floor_png(&d, HEAT_FLOOR_TIME, false, NULL, &png, &len, NULL), 0);
	assert_null(png);
	day_clear(&d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(queue_figures, teardown),
		cmocka_unit_test_teardown(what_was_not_measured_is_unknown, teardown),
		cmocka_unit_test_teardown(capture_rate, teardown),
		cmocka_unit_test_teardown(no_measure_is_forgotten, teardown),
		cmocka_unit_test_teardown(small_cells_of_ways_are_withheld, teardown),
		cmocka_unit_test_teardown(audits_stand_beside_the_numbers, teardown),
		cmocka_unit_test_teardown(several_lengths_in_one_pass, teardown),
		cmocka_unit_test_teardown(axis_queue, teardown),
		cmocka_unit_test_teardown(floor_heat, teardown),
		cmocka_unit_test_teardown(no_floor_no_picture, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
