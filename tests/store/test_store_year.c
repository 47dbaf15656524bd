/* SPDX-License-Identifier: Apache-2.0 */
/* test_store_year.c -- how large a year of a busy store is: two days of it, and the rest by
 * arithmetic. Prints the figures. */
#include "fixture.h"

#include "base/clock.h"
#include "store/measure.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define CAMERAS 6
#define LINES 2  /* per camera: 12 */
#define ZONES 7  /* per camera, the last one fewer: 40 */
#define GATES 1  /* per camera, ... */
#define QUEUES 1 /* ... too ... */
#define FIXTURES 4
#define OTHERS (GATES + QUEUES + FIXTURES)
#define DAYS 2
#define OPEN_MINUTES (12 * 60)
#define YEAR_LIMIT 1.5e9 /* bytes */

static uint64_t seed = 11;

static int dice(int n)
{
	seed ^= seed >> 12;
	seed ^= seed << 25;
	seed ^= seed >> 27;
	return (int)((seed * UINT64_C(2685821657736338717) >> 33) % (uint64_t)n);
}

static long long rows;

static void check(int rc, const struct err *err)
{
	rows++;
	if (rc < 0)
		fail_msg("%s", err->msg);
}

/* Someone in a third of the zones. */
static void put_zone(struct writer *w, int place, int64_t start_us)
{
	struct minute_zone m = { .place = place, .start_us = start_us };
	struct err err;

	if (dice(100) < 35) {
		m.begun = dice(3);
		m.max = 1 + dice(2);
		m.p95 = m.max;
		m.person_s = dice(60000) / 1000.0;
		m.ended = m.n_dwell = dice(3);
		for (int i = 0; i < m.n_dwell; i++)
			m.dwell_s[i] = (float)dice(90000) / 1000;
	}
	check(writer_zone(w, &m, &err), &err);
}

/* Three people before each camera, who look at shelves most of the time: 120 cells. */
static void put_heat(struct writer *w, int64_t start_us)
{
	struct heat_cell cells[240];
	struct minute_heat m = { .start_us = start_us, .cells = cells };
	int cell = dice(600), n = 80 + dice(81);
	struct err err;

	for (; m.n < n && cell < HEAT_COLS * HEAT_ROWS; m.n++) {
		cells[m.n].cell = (uint16_t)cell;
		cells[m.n].person_s = (float)(40 + dice(1500)) / 1000;
		cell += dice(5) ? 1 + dice(2) : 1 + dice(60);
	}
	check(writer_heat(w, &m, &err), &err);
}

/* The floor before the same camera: where they stood, and the ways between. */
static void put_floor(struct writer *w, int64_t start_us)
{
	struct floor_cell cells[240];
	struct minute_floor m = { .start_us = start_us, .cells = cells };
	int x = dice(20), y = dice(10), n = 100 + dice(81);
	struct err err;

	for (; m.n < n; m.n++) {
		cells[m.n] = (struct floor_cell){ .x = (int16_t)x,
						  .y = (int16_t)y,
						  .person_ms = 40 + (uint32_t)dice(1500),
						  .stops = !dice(40) };
		x += dice(4) ? 1 : 1 + dice(8);
		y += x > 40;
		x %= 41;
	}
	check(writer_floor(w, &m, &err), &err);
}

/* All measures, of all places but cameras' own staff: so often in a minute, in per cent, and up
 * to so many different keys. */
static const struct often {
	enum measure measure;
	int percent, keys;
} often[] = {
	{ MEASURE_ENTERED, 60, 1 },
	{ MEASURE_PASSED_BY, 60, 2 },
	{ MEASURE_GROUPS, 60, 3 },
	{ MEASURE_TURNS, 60, 3 },
	{ MEASURE_STAFF_IN, 10, 1 },
	{ MEASURE_STAFF_OUT, 10, 1 },
	{ MEASURE_GATE_IN, 60, 1 },
	{ MEASURE_GATE_OUT, 60, 1 },
	{ MEASURE_GATE_TURNED, 10, 2 },
	{ MEASURE_EXPOSED, 60, 1 },
	{ MEASURE_STOPPED, 40, 1 },
	{ MEASURE_ENGAGED, 20, 1 },
	{ MEASURE_FIRST_FROM, 10, 2 },
	{ MEASURE_NEXT, 40, 3 },
	{ MEASURE_OD, 10, 2 },
	{ MEASURE_STAFF_VISITS, 5, 2 },
	{ MEASURE_QUEUE_JOINED, 60, 1 },
	{ MEASURE_QUEUE_WAIT, 50, 2 },
	{ MEASURE_QUEUE_SERVICE, 50, 2 },
	{ MEASURE_QUEUE_ABANDONED, 15, 1 },
	{ MEASURE_QUEUE_LOST, 5, 1 },
	{ MEASURE_QUEUE_FRONT, 5, 1 },
	{ MEASURE_QUEUE_LEVEL, 60, 4 },
	{ MEASURE_STOPS, 40, 2 },
	{ MEASURE_FACING, 30, 2 },
	{ MEASURE_FACING_LEFT, 15, 1 },
	{ MEASURE_FACING_RIGHT, 15, 1 },
};

/* A key that a measure can have, where the camera has so many places. */
static int key_of(const struct measure_info *info, int k, int places)
{
	switch (info->key) {
	case MEASURE_KEY_PLACE:
		return LINES + (dice(places - LINES) + k) % (places - LINES);
	case MEASURE_KEY_MS:
		return dice(60000);
	case MEASURE_KEY_NONE:
		return 0;
	default:
		return 1 + k;
	}
}

static void put_values(struct writer *w, const struct place_info *place, int places,
		       int64_t start_us)
{
	struct minute_value v[256];
	struct err err;
	int n = 0;

	for (int i = 0; i < places; i++)
		for (size_t k = 0; k < sizeof(often) / sizeof(often[0]); k++) {
			const struct often *o = &often[k];
			const struct measure_info *info = measure_info(o->measure);

			if (info->of != place[i].kind || dice(100) >= o->percent)
				continue;
			for (int m = dice(o->keys); m >= 0 && n < 256; m--)
				v[n++] = (struct minute_value){
					.place = i,
					.start_us = start_us,
					.measure = o->measure,
					.key = key_of(info, m, LINES + ZONES - 1),
					.value = info->form == MEASURE_LEVEL ? 1 + dice(60000)
									     : 1 + dice(2)
				};
		}
	assert_true(n < 256);
	if (n)
		check(writer_values(w, v, n, &err), &err);
}

static void put_minute(struct writer *w, const struct place_info *place, int zones,
		       int64_t start_us)
{
	struct minute_cover cover = { .start_us = start_us,
				      .from_us = start_us,
				      .to_us = start_us + CLOCK_MINUTE_US,
				      .observed_s = 60 };
	struct err err;

	check(writer_cover(w, &cover, &err), &err);
	for (int i = 0; i < LINES; i++) {
		struct minute_line m = { .place = i, .start_us = start_us };

		if (dice(2)) {
			m.crossings_in = m.persons_in = dice(4);
			m.crossings_out = m.persons_out = dice(4);
		}
		check(writer_line(w, &m, &err), &err);
	}
	for (int i = 0; i < zones; i++)
		put_zone(w, LINES + i, start_us);
	put_heat(w, start_us);
	put_floor(w, start_us);
	put_values(w, place, LINES + zones + OTHERS, start_us);
}

/* Some twenty a minute in all: a thousand visitors a day who stop at eight shelves. */
static void put_events(struct writer *w, int64_t start_us)
{
	struct err err;

	for (int i = 2 + dice(4); i > 0; i--) {
		struct event e = { .t_us = start_us + dice(60000000),
				   .kind = EVENT_ZONE_LEAVE,
				   .place = LINES + dice(3),
				   .person = dice(10000),
				   .dwell_s = dice(90000) / 1000.0 };

		check(writer_event(w, &e, &err), &err);
	}
}

static void name_places(struct place_info *place, int zones)
{
	int end[] = { LINES, LINES + zones, LINES + zones + GATES,
		      LINES + zones + GATES + QUEUES, LINES + zones + OTHERS };
	static const enum place_kind kind[] = { PLACE_LINE, PLACE_ZONE, PLACE_GATE, PLACE_QUEUE,
						PLACE_FIXTURE };

	for (int i = 0, k = 0; i < LINES + zones + OTHERS; i++) {
		while (i >= end[k])
			k++;
		place[i] = (struct place_info){ .kind = kind[k], .geometry = "{}" };
		snprintf(place[i].name, sizeof(place[i].name), "place %d", i);
	}
}

static void write_days(const char *path, bool events)
{
	struct place_info place[LINES + ZONES + OTHERS];

	for (int cam = 0; cam < CAMERAS; cam++) {
		char name[] = { 'c', (char)('0' + cam), '\0' };
		int zones = cam < 4 ? ZONES : ZONES - 1;
		struct writer *w;

		name_places(place, zones);
		w = open_as(path, name, "0123456789abcdef", place, LINES + zones + OTHERS);
		for (int day = 0; day < DAYS; day++)
			for (int i = 0; i < OPEN_MINUTES; i++) {
				int64_t t = T0 + (day * 1440 + i) * CLOCK_MINUTE_US;

				put_minute(w, place, zones, t);
				if (events)
					put_events(w, t);
				if (i % 60 == 59)
					assert_int_equal(writer_commit(w, NULL), 0);
			}
		close_run(w);
	}
}

static double bytes_per_year(const char *path, off_t begin)
{
	struct stat st;

	assert_int_equal(stat(path, &st), 0);
	return (double)(st.st_size - begin) / DAYS * 365;
}

static void a_year_stays_below_its_limit(void **state)
{
	int64_t t0 = clock_stopwatch_us(), t1, t2;
	double year;
	struct seen s;

	write_days(*state, false);
	t1 = clock_stopwatch_us();
	year = bytes_per_year(*state, 0);
	s = see(*state);
	t2 = clock_stopwatch_us();
	assert_int_equal(s.n_cover, CAMERAS * DAYS * OPEN_MINUTES);
	assert_int_equal(s.n_line, 12 * DAYS * OPEN_MINUTES);
	assert_int_equal(s.n_zone, 40 * DAYS * OPEN_MINUTES);
	print_message(
		"a year of 6 cameras, 12 lines, 40 zones, 6 gates, 6 queues, 24 fixtures, all "
		"measures: %.2f GB; %.0f rows/s written, "
		"%d minutes read in %.2f s\n",
		year / 1e9, (double)rows * 1e6 / (double)(t1 - t0),
		s.n_cover + s.n_line + s.n_zone + s.n_heat, (double)(t2 - t1) / 1e6);
	assert_true(year < YEAR_LIMIT);
}

/* Events have a retention; even a whole year of them would be no trouble. */
static void events_of_a_year_stay_below_a_gigabyte(void **state)
{
	int64_t n;
	double year;

	write_days(*state, true);
	n = sql_int(*state, "SELECT count(*) FROM event");
	year = (double)sql_int(*state, "SELECT sum(pgsize) FROM dbstat WHERE name = 'event'") /
	       DAYS * 365;
	print_message("its events: %.2f GB a year, %.1f bytes each\n", year / 1e9,
		      year * DAYS / 365 / (double)n);
	assert_true(year < 1e9);
}

#define T(f) cmocka_unit_test_setup_teardown(f, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(a_year_stays_below_its_limit),
		T(events_of_a_year_stay_below_a_gigabyte),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
