/* SPDX-License-Identifier: Apache-2.0 */
/* test_conf.c -- settings: what is taken, what is refused and how, and that print reads back.
 */
#include "base/file.h"
#include "base/json.h"
#include "base/vec.h"
#include "conf/conf.h"
#include "conf/schema.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static char dir[] = "/tmp/footfall-conf-XXXXXX";
static char path[64];

static void write_conf(const char *text)
{
	assert_int_equal(file_write(path, text, strlen(text), NULL), 0);
}

static void *field(const struct conf *c, const struct conf_item *it)
{
	return (char *)c + it->offset;
}

static bool equal(const struct conf *a, const struct conf *b)
{
	for (size_t i = 0; i < conf_n_items; i++) {
		const struct conf_item *it = &conf_items[i];
		const void *x = field(a, it), *y = field(b, it);
		bool same = it->type == CONF_INT      ? *(const int *)x == *(const int *)y
			    : it->type == CONF_DOUBLE ? *(const double *)x == *(const double *)y
			    : it->type == CONF_BOOL
				    ? *(const bool *)x == *(const bool *)y
				    : !strcmp(*(char *const *)x, *(char *const *)y);

		if (!same)
			return false;
	}
	return true;
}

static void the_defaults_are_valid(void **state)
{
	struct str problems = STR_INIT;
	struct conf c;

	(void)state;
	conf_init(&c);
	assert_int_equal(conf_check(&c, &problems), 0);
	assert_string_equal(problems.s, "");
	assert_int_equal(c.store.business_day_start_s, 0);
	for (size_t i = 0; i < conf_n_items; i++) {
		const struct conf_item *it = &conf_items[i];
		double v = it->type == CONF_INT      ? *(int *)field(&c, it)
			   : it->type == CONF_DOUBLE ? *(double *)field(&c, it)
						     : it->min;

		if (v < it->min || v > it->max)
			fail_msg("the default of %s is out of its range", it->key);
	}
	conf_clear(&c);
}

static void a_file_is_read_over_the_defaults(void **state)
{
	struct str problems = STR_INIT;
	char plan[128];
	struct conf c;

	(void)state;
	conf_init(&c);
	write_conf("[store]\nname = Gr\xc3\xbcner Laden #5\ntime_zone = Europe/Berlin ; local\n"
		   "business_day_start = 06:30\n[track]\ngate = 0.75\n[mask]\nshadows = off\n"
		   "median = 7\n[files]\nplan = sub/plan.json\ncalib = /abs/c.json\n");
	assert_int_equal(conf_read(&c, path, &problems), 0);
	assert_int_equal(conf_check(&c, &problems), 0);
	assert_string_equal(c.store.name, "Gr\xc3\xbcner Laden #5");
	assert_int_equal(c.store.business_day_start_s, 6 * 3600 + 30 * 60);
	assert_true(c.track.gate_bh == 0.75 && !c.mask.shadows && c.mask.median_px == 7);
	assert_int_equal(c.analysis.max_px, 200000);
	snprintf(plan, sizeof(plan), "%s/sub/plan.json", dir);
	assert_string_equal(c.files.plan, plan);
	assert_string_equal(c.files.calib, "/abs/c.json");
	conf_clear(&c);
}

static void every_problem_of_a_file_is_named(void **state)
{
	static const char *const expected[] = {
		":2: unknown key 'gat' in [track]; did you mean 'gate'?\n",
		":3: [track] confirm: expected a number from 0 to 60 s, found '1,5'\n",
		":4: [track] max_tracks: expected a whole number from 1 to 1024 tracks, found "
		"'2000'\n",
		":5: [track] forget: expected a number from 0.1 to 60 s, found ''\n",
		":6: unknown key 'plan' in [track]; did you mean 'plan' in [files]?\n",
		":8: unknown section [maks]; did you mean [mask]?\n",
		":11: [mask] shadows: expected yes or no, found 'maybe'\n",
		":12: [mask] median: expected 0 or an odd number from 0 to 31 px, found '4'\n",
		":13: expected 'key = value' or [section]\n",
		":15: [store] name: expected a name of 1 to 63 bytes, found ''\n",
	};
	struct str problems = STR_INIT, all = STR_INIT;
	struct conf c;

	(void)state;
	conf_init(&c);
	write_conf("[track]\ngat = 1\nconfirm = 1,5\nmax_tracks = 2000\nforget =\nplan = x\n"
		   "[maks]\na = 1\nb = 2\n[mask]\nshadows = maybe\nmedian = 4\nwhat\n"
		   "[store]\nname =\n");
	for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++)
		str_addf(&all, "%s%s", path, expected[i]);
	assert_int_equal(conf_read(&c, path, &problems), 10);
	assert_string_equal(problems.s, all.s);
	conf_clear(&c);
	str_clear(&problems);
	str_clear(&all);
}

static void a_file_that_is_not_there_is_one_problem(void **state)
{
	struct str problems = STR_INIT;
	struct conf c;

	(void)state;
	conf_init(&c);
	assert_int_equal(conf_read(&c, "/nonexistent/a.conf", &problems), 1);
	assert_non_null(strstr(problems.s, "/nonexistent/a.conf"));
	conf_clear(&c);
	str_clear(&problems);
}

static void one_setting_from_the_command_line(void **state)
{
	static const struct {
		const char *text, *msg;
	} bad[] = {
		{ "track.gate", "expected SECTION.KEY=VALUE, found 'track.gate'" },
		{ "=1", "expected SECTION.KEY=VALUE, found '=1'" },
		{ "track.gaet=1", "unknown setting 'track.gaet'; did you mean 'track.gate'?" },
		{ "zzz.q=1", "unknown setting 'zzz.q'" },
		{ "track.gate=9", "track.gate: expected a number from 0.05 to 5 body heights, "
				  "found '9'" },
		{ "track.gate=nan", "track.gate: expected a number from 0.05 to 5 body "
				    "heights, found 'nan'" },
		{ "camera.name=a ; b", "camera.name: expected a name of 1 to 63 bytes, found "
				       "'a ; b'" },
		{ "camera.name=\xff", "camera.name: expected a name of 1 to 63 bytes, found "
				      "'\xff'" },
		{ "camera.name=a\nb", "camera.name: expected a name of 1 to 63 bytes, found "
				      "'a b'" },
	};
	struct conf c, d;
	struct err e;

	(void)state;
	conf_init(&c);
	conf_init(&d);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(conf_set(&c, bad[i].text, &e), ERR_USAGE);
		assert_string_equal(e.msg, bad[i].msg);
	}
	assert_true(equal(&c, &d)); /* nothing was changed by a mistake */
	assert_int_equal(conf_set(&c, "track.gate=1.25", &e), 0);
	assert_int_equal(conf_set(&c, "camera.name=a=b", &e), 0);
	assert_true(c.track.gate_bh == 1.25);
	assert_string_equal(c.camera.name, "a=b");
	conf_clear(&c);
	conf_clear(&d);
}

static void what_only_shows_together(void **state)
{
	static const char *const set[] = { "store.time_zone=Europe/Berln",
					   "store.business_day_start=24:00",
					   "background.backend=magic",
					   "people.min_height=0.99" };
	static const char *const days[] = { "",      "6:00",  "06-00", "12:60",
					    "1:234", "ab:cd", "12:3:", "-1:00" };
	struct str problems = STR_INIT;
	struct conf c;

	(void)state;
	conf_init(&c);
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(conf_set(&c, set[i], NULL), 0);
	assert_int_equal(conf_set(&c, "store.hours=9 to 5", NULL), 0);
	assert_int_equal(conf_check(&c, &problems), 5);
	assert_non_null(strstr(problems.s, "store.time_zone: time zone 'Europe/Berln' is not"));
	assert_non_null(strstr(problems.s, "store.business_day_start: expected HH:MM from "
					   "00:00 to 23:59, found '24:00'\n"));
	assert_non_null(strstr(problems.s, "store.hours: expected days and times like "));
	assert_non_null(strstr(problems.s, "background.backend: expected one of "));
	assert_non_null(strstr(problems.s, "found 'magic'\n"));
	assert_non_null(strstr(problems.s, "people.min_height: is more than "));
	conf_clear(&c);
	for (size_t i = 0; i < sizeof(days) / sizeof(days[0]); i++) {
		conf_init(&c);
		free(c.store.business_day_start);
		c.store.business_day_start = xstrdup(days[i]);
		assert_int_equal(conf_check(&c, &problems), 1);
		conf_clear(&c);
	}
	str_clear(&problems);
}

/* ---- Print reads back ---- */

static uint64_t seed = 1;

static double random01(void)
{
	seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (double)(seed >> 11) / 9007199254740992.0;
}

static void random_text(char *s, size_t size)
{
	static const char *const parts[] = { "a",  "Z",        "0", "#",  "=", "[",
					     "]",  "\"",       "|", "\\", ":", ".",
					     " b", "\xc3\xa4", "-", "'",  ";" };
	size_t n = 1 + (size_t)(random01() * 15);
	struct str b = STR_INIT;

	str_add(&b, "x");
	while (n--)
		str_add(&b, parts[(size_t)(random01() * 17)]);
	assert_true(str_copy(s, size, b.s));
	str_clear(&b);
}

static void set_random(struct conf *c, const struct conf_item *it)
{
	struct str s = STR_INIT;
	char text[63], num[STR_DOUBLE];
	double v = it->min + random01() * (it->max - it->min);

	if (it->type == CONF_DOUBLE)
		str_addf(&s, "%s=%s", it->key, str_double(v, num));
	else if (it->type == CONF_INT)
		str_addf(&s, "%s=%d", it->key, (int)v | (it->flags & CONF_ODD ? 1 : 0));
	else if (it->type == CONF_BOOL)
		str_addf(&s, "%s=%s", it->key, v < 0.5 ? "off" : "true");
	else
		random_text(text, sizeof(text));
	if (it->type == CONF_STRING)
		str_addf(&s, "%s=%s", it->key, text);
	if (conf_set(c, s.s, NULL) < 0)
		fail_msg("refused: %s", s.s);
	str_clear(&s);
}

static void what_is_printed_reads_back(void **state)
{
	(void)state;
	for (int round = 0; round < 300; round++) {
		struct str text = STR_INIT, problems = STR_INIT;
		struct conf c, back;

		conf_init(&c);
		conf_init(&back);
		for (size_t i = 0; i < conf_n_items; i++)
			if (random01() < 0.7)
				set_random(&c, &conf_items[i]);
		conf_print(&c, round % 2, &text);
		write_conf(text.s);
		if (conf_read(&back, path, &problems))
			fail_msg("%s\n%s", problems.s, text.s);
		assert_true(equal(&c, &back));
		str_clear(&text);
		str_clear(&problems);
		conf_clear(&c);
		conf_clear(&back);
	}
}

/* ---- Cameras ---- */

static void a_camera_has_settings_of_its_own(void **state)
{
	struct str problems = STR_INIT, text = STR_INIT, again = STR_INIT;
	struct conf c, door;
	(void)state;

	conf_init(&c);
	write_conf("[people]\nmax_height = 0.5\n[camera back door]\nuri = rtsp://10.0.0.2/sub\n"
		   "transport = udp\npeople.max_height = 0.75\nplan = door.json\n"
		   "[camera till]\nuri = clips/till.mp4\n");
	if (conf_read(&c, path, &problems) || conf_check(&c, &problems))
		fail_msg("%s", problems.s);
	assert_int_equal(c.cameras.n, 2);
	assert_string_equal(c.cameras.v[0].uri, "rtsp://10.0.0.2/sub");
	assert_true(c.cameras.v[0].udp);
	assert_true(*c.cameras.v[1].uri == '/' &&
		    str_ends(c.cameras.v[1].uri, "/clips/till.mp4"));
	conf_of_camera(&door, &c, 0);
	assert_string_equal(door.camera.name, "back door");
	assert_true(door.people.max_height > 0.74);
	assert_true(str_ends(door.files.plan, "/door.json"));
	conf_clear(&door);
	conf_of_camera(&door, &c, 1);
	assert_true(door.people.max_height < 0.51);
	assert_string_equal(door.files.plan, "");
	conf_clear(&door);
	/* What is printed is the same again. */
	conf_print(&c, false, &text);
	conf_clear(&c);
	conf_init(&c);
	write_conf(text.s);
	if (conf_read(&c, path, &problems))
		fail_msg("%s", problems.s);
	conf_print(&c, false, &again);
	assert_string_equal(text.s, again.s);
	conf_clear(&c);
	str_clear(&problems);
	str_clear(&text);
	str_clear(&again);
}

static void wrong_cameras_are_told(void **state)
{
	static const char *const wrong[][2] = {
		{ "[camera a]\n", "[camera a]: there is no uri" },
		{ "[camera a]\nuri = rtsp://u:geheim@h/\n", ":2: [camera a] uri: a login" },
		{ "[camera a]\nuri = x:y\ntransport = tpc\n",
		  "expected tcp or udp, found 'tpc'" },
		{ "[camera a]\nuri = x:y\npeople.max_height = 9\n",
		  ":3: [camera a] people.max_height: expected a number" },
		{ "[camera a]\nuri = x:y\nrun.db = z\n", ":3: [camera a] run.db" },
		{ "[camera a]\nuri =\n", ":2: [camera a] uri: expected an address" },
	};
	(void)state;

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct str problems = STR_INIT;
		struct conf c;

		conf_init(&c);
		write_conf(wrong[i][0]);
		assert_true(conf_read(&c, path, &problems) + conf_check(&c, &problems) > 0);
		if (!strstr(problems.s, wrong[i][1]) || strstr(problems.s, "geheim"))
			fail_msg("%s: %s", wrong[i][0], problems.s);
		conf_clear(&c);
		str_clear(&problems);
	}
}

/* ---- Manual and identity ---- */

static void the_manual_has_every_setting(void **state)
{
	struct str md = STR_INIT, roff = STR_INIT, want = STR_INIT;

	(void)state;
	conf_manual(&md, false);
	conf_manual(&roff, true);
	for (size_t i = 0; i < conf_n_items; i++) {
		const char *key = strchr(conf_items[i].key, '.') + 1;

		want.len = 0;
		str_addf(&want, "| `%s` |", key);
		assert_non_null(strstr(md.s, want.s));
		want.len = 0;
		str_addf(&want, "\n.B %s\n", key);
		assert_non_null(strstr(roff.s, want.s));
	}
	assert_non_null(strstr(md.s, "One of: knn ("));
	str_clear(&md);
	str_clear(&roff);
	str_clear(&want);
}

static void the_identity_is_what_counts(void **state)
{
	struct conf c, d;
	struct json *j;
	char *a, *b;
	double x;

	(void)state;
	conf_init(&c);
	conf_init(&d);
	assert_int_equal(conf_set(&d, "store.name=other", NULL), 0);
	assert_int_equal(conf_set(&d, "camera.name=other", NULL), 0);
	assert_int_equal(conf_set(&d, "store.time_zone=Europe/Berlin", NULL), 0);
	assert_int_equal(conf_set(&d, "files.plan=other", NULL), 0);
	a = conf_params(&c);
	b = conf_params(&d);
	assert_string_equal(a, b);
	j = json_parse(a, strlen(a), NULL);
	assert_non_null(j);
	assert_int_equal(json_double(j, "track.gate", 0.6, 0.6, &x, NULL), 0);
	json_free(j);
	free(b);
	assert_int_equal(conf_set(&d, "track.gate=0.61", NULL), 0);
	b = conf_params(&d);
	assert_string_not_equal(a, b);
	free(a);
	free(b);
	conf_clear(&c);
	conf_clear(&d);
}

static int make_folder(void **state)
{
	(void)state;
	if (!mkdtemp(dir))
		return -1;
	snprintf(path, sizeof(path), "%s/test.conf", dir);
	return 0;
}

static int remove_folder(void **state)
{
	(void)state;
	unlink(path);
	return rmdir(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_defaults_are_valid),
		cmocka_unit_test(a_file_is_read_over_the_defaults),
		cmocka_unit_test(every_problem_of_a_file_is_named),
		cmocka_unit_test(a_file_that_is_not_there_is_one_problem),
		cmocka_unit_test(one_setting_from_the_command_line),
		cmocka_unit_test(what_only_shows_together),
		cmocka_unit_test(what_is_printed_reads_back),
		cmocka_unit_test(a_camera_has_settings_of_its_own),
		cmocka_unit_test(wrong_cameras_are_told),
		cmocka_unit_test(the_manual_has_every_setting),
		cmocka_unit_test(the_identity_is_what_counts),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
