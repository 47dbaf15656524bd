/* SPDX-License-Identifier: Apache-2.0 */
/* test_names.c -- start times from names, order of files, times from stamps. */
#include "video/files.h"
#include "video/stamp.h"
#include "video/timeline.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void names_with_times(void **s)
{
	/* The store is in Berlin: 09:30 on 14 March 2026 is 08:30 UTC. */
	static const char local[] = "2026-03-14T08:30:00Z", utc[] = "2026-03-14T09:30:00Z";
	static const struct {
		const char *name, *start;
	} cases[] = {
		{ "20260314_093000.mp4", local },
		{ "20260314-093000.mp4", local },
		{ "20260314T093000Z.mp4", utc },
		{ "20260314093000.mp4", local },
		{ "2026-03-14_09-30-00.mp4", local },
		{ "2026-03-14T09-30-00.mp4", local },
		{ "2026-03-14T09:30:00.mp4", local },
		{ "2026-03-14T09-30-00Z.mkv", utc },
		{ "2026-03-14 09.30.00.mp4", local },
		{ "2026-03-14 093000.mp4", local },
		{ "2026_03_14_09_30_00.avi", local },
		{ "ch01_20260314093000.mp4", local },
		{ "NVR_ch1_main_20260314093000_20260314100000.mp4", local },
		{ "/x/y/NVR_ch1_main_20260314093000_20260314100000.dav", local },
		{ "RecM01_20260314_093000_093500_1A2B3C4.mp4", local },
		{ "RecM01_DST20260314_093000_093500_0_1A2B.mp4", local },
		{ "VID_20260314_093000.mp4", local },
		{ "VID20260314093000.mp4", local },
		{ "VID_20260314_093000123.mp4", local },
		{ "PXL_20260314_093000123.mp4", utc },
		{ "WhatsApp Video 2026-03-14 at 09.30.00.mp4", local },
		{ "front.20260314_093000.mp4", local },
		{ "01-20260314093000.mkv", local },
		{ "20261399_250000_20260314_093000.mp4", local }, /* the first that exists */
		{ "cam/2026-03-14/001/dav/09/09.30.00-10.00.00[M][0@0][0].dav", local },
		{ "/2026-03-14/001/dav/09.30.00-10.00.00[R][0@0][0].dav", local },
		{ "/media/2026-03-14/09/front_door/30.00.mp4", utc },
		{ "2026-03-14/09/door/30.00.mp4", utc },
		{ "/motion/2026-03-14/09-30-00.mp4", local },
		{ "1773480600.mp4", utc },
		{ "1773480600000.mp4", utc },
		{ "cam1_1773480600_60.mp4", utc },
		{ "cam1_1773480600", utc },
	};

	(void)s;
	assert_int_equal(clock_set_zone("Europe/Berlin", NULL), 0);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int64_t t_us = stamp_of(cases[i].name);
		char text[CLOCK_TEXT] = "nothing";

		if (t_us != CLOCK_NONE)
			clock_text_utc(t_us, text);
		if (strcmp(text, cases[i].start) != 0)
			fail_msg("%s: %s, expected %s", cases[i].name, text, cases[i].start);
	}
}

static void names_without_times(void **s)
{
	static const char *const names[] = {
		"",
		"a.mp4",
		"/",
		"vtest.avi",
		"20260314.mp4",
		"20260314_0930.mp4",
		"120260314093000.mp4",
		"202603140930001.mp4",
		"20261314093000.mp4",
		"20260230_093000.mp4",
		"20260314_253000.mp4",
		"20260314_096000.mp4",
		"19990314_093000.mp4",
		"2026-03-14 at 09.30.00 PM.mp4",
		"1920x1080_20000000.mp4",
		"ch01_00000000012000000.mp4",
		"1234567.mp4",
		"0773480600.mp4",
		"9999999999.mp4",
		"17734806001.mp4",
		"cam-1773480600.mp4",
		"x1773480600.mp4",
		"2026-03-14/a.mp4",
		"2026-03-14/25/door/30.00.mp4",
		"2026-03-14/09/door/61.00.mp4",
		"2026-03-14/001/dav/10/09.30.00-10.00.00[M].dav", /* hours differ */
		"09/door/30.00.mp4",
	};

	(void)s;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (stamp_of(names[i]) != CLOCK_NONE)
			fail_msg("%s is taken for a time", names[i]);
}

static void natural_order(void **s)
{
	static const char *const sorted[] = { "a",    "a1", "a01",    "a2",     "a10",
					      "a10b", "b",  "cam2/9", "cam10/1" };

	(void)s;
	for (size_t i = 0; i < sizeof(sorted) / sizeof(sorted[0]); i++) {
		for (size_t j = 0; j < sizeof(sorted) / sizeof(sorted[0]); j++) {
			int c = files_compare(sorted[i], sorted[j]);

			/* "a01" and "a1" are the same number: their bytes decide. */
			if (i != j && (i == 1 || i == 2) && (j == 1 || j == 2))
				assert_int_not_equal(c, 0);
			else
				assert_int_equal((c > 0) - (c < 0), (i > j) - (i < j));
		}
	}
}

struct step {
	int64_t stamp_us, t_us;
	enum timeline_event what;
};

static void check_steps(const struct step *steps, size_t n)
{
	struct timeline t;

	timeline_init(&t, 40);
	for (size_t i = 0; i < n; i++) {
		enum timeline_event what;

		assert_int_equal(timeline_step(&t, steps[i].stamp_us, &what), steps[i].t_us);
		assert_int_equal(what, steps[i].what);
	}
}

static void times_rise(void **s)
{
	static const struct step variable[] = {
		{ 0, 0, TIMELINE_OK },
		{ 1, 1, TIMELINE_OK },
		{ 100, 100, TIMELINE_OK },
		{ TIMELINE_GAP_MAX_US + 100, TIMELINE_GAP_MAX_US + 100, TIMELINE_OK },
	};
	static const struct step missing[] = {
		{ CLOCK_NONE, 0, TIMELINE_MISSING },
		{ CLOCK_NONE, 40, TIMELINE_MISSING },
		{ 100, 100, TIMELINE_OK },
		{ INT64_MAX, 140, TIMELINE_MISSING },
	};
	static const struct step back[] = {
		{ 1000, 1000, TIMELINE_OK },      { 1000, 1040, TIMELINE_BACK },
		{ 1010, 1050, TIMELINE_OK },      { 0, 1090, TIMELINE_BACK },
		{ 40, 1130, TIMELINE_OK },        { CLOCK_NONE, 1170, TIMELINE_MISSING },
		{ -500000, 1210, TIMELINE_BACK },
	};
	static const struct step ahead[] = {
		{ 0, 0, TIMELINE_OK },
		{ TIMELINE_GAP_MAX_US + 1, 40, TIMELINE_AHEAD },
		{ TIMELINE_GAP_MAX_US + 41, 80, TIMELINE_OK },
	};

	(void)s;
	check_steps(variable, sizeof(variable) / sizeof(variable[0]));
	check_steps(missing, sizeof(missing) / sizeof(missing[0]));
	check_steps(back, sizeof(back) / sizeof(back[0]));
	check_steps(ahead, sizeof(ahead) / sizeof(ahead[0]));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_with_times),
		cmocka_unit_test(names_without_times),
		cmocka_unit_test(natural_order),
		cmocka_unit_test(times_rise),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
