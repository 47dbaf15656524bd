/* SPDX-License-Identifier: Apache-2.0 */
/* test_day_store.c -- a day out of a real file: what was written is what is reported. */
#include "base/clock.h"
#include "base/str.h"
#include "report/day.h"
#include "store/writer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define NINE (INT64_C(1773302400) * CLOCK_SECOND_US) /* 2026-03-12 09:00 in Berlin */

static char dir[] = "/tmp/footfall-day-XXXXXX";
static char path[64];

#define MUST(call) \
	do { \
		if ((call) < 0) \
			fail_msg("%s", err.msg); \
	} while (0)

static void write_run(const struct place_info *places, int n, int64_t start_us)
{
	const struct store_info info = { "Corner", "Europe/Berlin", 0 };
	const struct run_info run = { "door", "0123456789abcdef", "{}", "0.1.0", false, false };
	const struct heat_cell cell = { 100, 30 };
	struct writer *w;
	struct err err;

	MUST(writer_open(&w, path, &info, &run, places, n, NULL, &err));
	for (int m = 0; m < 3; m++) {
		int64_t t_us = start_us + m * CLOCK_MINUTE_US;

		MUST(writer_cover(w,
				  &(struct minute_cover){ .start_us = t_us,
							  .from_us = t_us,
							  .to_us = t_us + CLOCK_MINUTE_US,
							  .observed_s = 60 },
				  &err));
		if (m == 1 && n)
			MUST(writer_line(w, &(struct minute_line){ 0, t_us, 4, 1, 3, 0, 1 },
					 &err));
		if (m == 2 && n)
			MUST(writer_zone(w,
					 &(struct minute_zone){ .place = 1,
								.start_us = t_us,
								.begun = 1,
								.ended = 1,
								.max = 1,
								.p95 = 1,
								.person_s = 42,
								.n_dwell = 1,
								.dwell_s = { 42 } },
					 &err));
		MUST(writer_heat(w, &(struct minute_heat){ 0, t_us, 1, &cell }, &err));
	}
	MUST(writer_close(w, &err));
}

static const struct place_info places[] = {
	{ "Main door", PLACE_LINE, LINE_ENTRY, "in", "out", "{}", 0 },
	{ "Shelf", PLACE_ZONE, LINE_INNER, "", "", "{}", 30 },
};

static void reports_what_was_written(void **state)
{
	struct query *q;
	struct err err;
	struct day d;
	struct str out = STR_INIT;

	(void)state;
	write_run(places, 2, NINE);
	MUST(query_open(&q, path, &err));
	MUST(day_read(&d, q, NULL, 3600, &err));

	assert_string_equal(d.date, "2026-03-12");
	assert_string_equal(d.params, "0123456789abcdef");
	assert_int_equal(d.n_place, 2);
	assert_float_equal(d.place[0].line[9].observed_s, 180, 1e-6);
	assert_int_equal(d.place[0].line[9].crossings_in, 4);
	assert_int_equal(d.place[0].line[9].persons_in, 3);
	assert_int_equal(d.inside_total.max, 3);
	assert_float_equal(d.place[1].zone[9].mean, 42.0 / 180, 1e-6);
	assert_int_equal(d.place[1].zone[9].min, 0);
	assert_float_equal(d.place[1].zone[9].dwell_p50_s, 42, 1e-3);
	assert_int_equal(d.place[1].zone[9].engaged, 1);
	assert_float_equal(d.camera[0].view_total.person_s, 90, 1e-3);
	assert_true(d.first_us == NINE && d.last_us == NINE + 3 * CLOCK_MINUTE_US);

	MUST(day_html(&d, q, NULL, &out, &err));
	MUST(day_csv(&d, &out, &err));
	str_clear(&out);
	day_clear(&d);
	query_close(q);
}

/* A later replay of other footage without a plan: the day grows, the line was not watched. */
static void a_place_is_observed_only_when_watched(void **state)
{
	struct query *q;
	struct err err;
	struct day d;

	(void)state;
	write_run(NULL, 0, NINE + 60 * CLOCK_MINUTE_US);
	MUST(query_open(&q, path, &err));
	MUST(day_read(&d, q, NULL, 3600, &err));
	assert_float_equal(d.camera[0].observed_s[10], 180, 1e-6);
	assert_int_equal(d.n_place, 2);
	assert_float_equal(d.place[0].line[9].observed_s, 180, 1e-6);
	assert_float_equal(d.place[0].line[10].observed_s, 0, 1e-6);
	assert_float_equal(d.place[1].zone_total.observed_s, 180, 1e-6);
	day_clear(&d);
	query_close(q);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reports_what_was_written),
		cmocka_unit_test(a_place_is_observed_only_when_watched),
	};
	static const char *const files[] = { "store.db", "store.db-wal", "store.db-shm" };
	int failed;

	if (!mkdtemp(dir))
		return 1;
	snprintf(path, sizeof(path), "%s/store.db", dir);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		snprintf(path, sizeof(path), "%s/%s", dir, files[i]);
		unlink(path);
	}
	rmdir(dir);
	return failed;
}
