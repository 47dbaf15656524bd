/* SPDX-License-Identifier: Apache-2.0 */
/* test_audit.c -- samples: which are drawn, how people's counts are read and set against the
 * machine's, and what reports make of it.
 */
#include "base/clock.h"
#include "base/file.h"
#include "base/json.h"
#include "base/rng.h"
#include "base/str.h"
#include "base/vec.h"
#include "fake_query.h"
#include "report/audit.h"
#include "report/audit_counts.h"
#include "report/audit_pick.h"
#include "report/day.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <math.h>

#define MINUTE CLOCK_MINUTE_US
#define WINDOW (15 * MINUTE)

static int64_t at(const char *text)
{
	struct err err;
	int64_t t_us;

	if (clock_parse(text, &t_us, &err) < 0)
		fail_msg("%s", err.msg);
	return t_us;
}

static int camera, door, back;

/* Two days, 08:00 to 20:00 with people at the door from 09:00 to 19:00: 1 a minute in the first
 * window of each hour, then 2, 4 and 8. The back door has nobody. */
static struct query *two_days(void)
{
	struct query *q;

	assert_int_equal(clock_set_zone("Europe/Berlin", NULL), 0);
	q = fake_new("Shop", "Europe/Berlin", 0);
	camera = fake_camera("cam");
	back = fake_line(camera, "back", LINE_INNER);
	door = fake_line(camera, "door", LINE_ENTRY);
	for (int day = 12; day <= 13; day++)
		for (int m = 8 * 60; m < 20 * 60; m++) {
			char text[32];
			int64_t t_us;
			int people = 1 << (m % 60 / 15);

			snprintf(text, sizeof(text), "2026-03-%02dT%02d:%02d", day, m / 60,
				 m % 60);
			t_us = at(text);
			fake_cover(camera, t_us, 60);
			if (m >= 9 * 60 && m < 19 * 60)
				fake_lines(&(struct minute_line){ .place = door,
								  .start_us = t_us,
								  .crossings_in = people,
								  .crossings_out = people });
		}
	return q;
}

static const struct query_place *place_of(struct query *q, int id)
{
	const struct query_place *v;
	int n = query_places(q, &v, NULL);

	for (int i = 0; i < n; i++)
		if (v[i].id == id)
			return &v[i];
	fail();
	return NULL;
}

static int teardown(void **state)
{
	(void)state;
	fake_free();
	return 0;
}

/* ---- drawing ---- */

static struct audit_pick_opts pick_opts(int samples, uint64_t seed)
{
	return (struct audit_pick_opts){ .from_us = at("2026-03-12"),
					 .to_us = at("2026-03-14"),
					 .minutes = 15,
					 .samples = samples,
					 .seed = seed };
}

static struct audit_rows pick(struct query *q, int samples, uint64_t seed)
{
	struct audit_pick_opts o = pick_opts(samples, seed);
	struct audit_rows r = { 0 };
	struct err err;

	if (audit_pick(&r, q, place_of(q, door), &o, &err) < 0)
		fail_msg("%s", err.msg);
	return r;
}

static void the_same_seed_draws_the_same_windows(void **state)
{
	struct query *q = two_days();
	struct audit_rows a = pick(q, 20, 1), b = pick(q, 20, 1), c = pick(q, 20, 2);
	int same = 0;
	(void)state;

	assert_int_equal(a.n, 20);
	assert_int_equal(b.n, 20);
	for (size_t i = 0; i < 20; i++) {
		assert_int_equal(a.v[i].start_us, b.v[i].start_us);
		assert_true(i == 0 || a.v[i].start_us > a.v[i - 1].start_us);
		for (size_t k = 0; k < 20; k++)
			same += a.v[i].start_us == c.v[k].start_us;
	}
	assert_true(same < 15);
	audit_rows_clear(&a);
	audit_rows_clear(&b);
	audit_rows_clear(&c);
}

/* Weights add up to all windows of the time with people, 2 x 10 h: what the samples stand for.
 */
static void samples_stand_for_all_windows(void **state)
{
	struct query *q = two_days();
	(void)state;

	for (int n = 6; n <= 40; n += 17) {
		struct audit_rows r = pick(q, n, 5);
		double windows = 0;
		int of[AUDIT_STRATA + 1] = { 0 };

		assert_int_equal(r.n, n);
		for (size_t i = 0; i < r.n; i++) {
			struct civil c;

			windows += r.v[i].weight;
			of[r.v[i].stratum]++;
			clock_local(r.v[i].start_us, &c);
			assert_true(c.hour >= 9 && c.hour < 19);
			assert_int_equal(c.minute % 15, 0);
			assert_string_equal(r.v[i].line, "door");
			assert_string_equal(r.v[i].camera, "cam");
			assert_int_equal(r.v[i].minutes, 15);
			assert_int_equal(r.v[i].in, AUDIT_NOT_COUNTED);
		}
		assert_true(fabs(windows - 80) < 1e-9);
		for (int k = 1; k <= AUDIT_STRATA; k++)
			assert_true(of[k] >= n / AUDIT_STRATA && of[k] <= n / AUDIT_STRATA + 1);
		audit_rows_clear(&r);
	}
}

/* A busy window is drawn more often than a quiet one, over many seeds, and none is left out. */
static void busy_windows_are_drawn_more_often(void **state)
{
	struct query *q = two_days();
	int drawn[4] = { 0 };
	(void)state;

	for (uint64_t seed = 0; seed < 200; seed++) {
		struct audit_rows r = pick(q, 12, seed);

		for (size_t i = 0; i < r.n; i++)
			drawn[r.v[i].start_us / WINDOW % 4]++;
		audit_rows_clear(&r);
	}
	assert_true(drawn[0] > 100);
	assert_true(drawn[3] > drawn[0] * 3 / 2);
	assert_true(drawn[3] > drawn[1]);
}

static void what_was_not_observed_is_not_drawn(void **state)
{
	struct query *q = two_days();
	struct audit_pick_opts o = pick_opts(100, 1);
	struct audit_rows r = { 0 };
	struct err err;
	(void)state;

	o.from_us = at("2026-03-14");
	o.to_us = at("2026-03-15");
	/* The camera sees half of each minute of the 14th. */
	for (int m = 0; m < 60; m++) {
		fake_cover(camera, o.from_us + m * MINUTE, 30);
		fake_lines(&(struct minute_line){
			.place = door, .start_us = o.from_us + m * MINUTE, .crossings_in = 3 });
	}
	assert_int_equal(audit_pick(&r, q, place_of(q, door), &o, &err), ERR_STATE);
	assert_int_equal(r.n, 0);
	/* Nobody ever used the back door. */
	o = pick_opts(10, 1);
	assert_int_equal(audit_pick(&r, q, place_of(q, back), &o, &err), ERR_STATE);
	assert_non_null(strstr(err.msg, "back"));
	/* There are no more than there are. */
	o.samples = 1000;
	assert_int_equal(audit_pick(&r, q, place_of(q, door), &o, &err), 0);
	assert_int_equal(r.n, 80);
	audit_rows_clear(&r);
}

/* ---- the file ---- */

static char path[] = "/tmp/footfall-audit-XXXXXX";

static int make_file(void **state)
{
	int fd = mkstemp(path);

	(void)state;
	return fd < 0 ? -1 : close(fd);
}

static int remove_file(void **state)
{
	(void)state;
	return unlink(path);
}

static int read_text(struct audit_rows *r, const char *text, struct err *err)
{
	assert_int_equal(file_write(path, text, strlen(text), NULL), 0);
	return audit_rows_read(r, path, err);
}

static void the_form_reads_back_as_it_was_written(void **state)
{
	struct query *q = two_days();
	struct audit_rows a = pick(q, 20, 1), b = { 0 };
	struct str text = STR_INIT;
	struct err err;
	(void)state;

	a.v[3].in = 0;
	a.v[3].out = 17;
	str_copy(a.v[4].camera, sizeof(a.v[4].camera), "cam, \"left\"");
	audit_rows_csv(&a, &text);
	if (read_text(&b, text.s, &err) < 0)
		fail_msg("%s", err.msg);
	assert_int_equal(b.n, a.n);
	for (size_t i = 0; i < a.n; i++) {
		assert_string_equal(a.v[i].camera, b.v[i].camera);
		assert_string_equal(a.v[i].line, b.v[i].line);
		assert_int_equal(a.v[i].start_us, b.v[i].start_us);
		assert_int_equal(a.v[i].minutes, b.v[i].minutes);
		assert_int_equal(a.v[i].stratum, b.v[i].stratum);
		assert_true(a.v[i].weight == b.v[i].weight);
		assert_int_equal(a.v[i].in, b.v[i].in);
		assert_int_equal(a.v[i].out, b.v[i].out);
	}
	str_clear(&text);
	audit_rows_clear(&a);
	audit_rows_clear(&b);
}

static void people_may_write_less(void **state)
{
	struct audit_rows r = { 0 };
	struct err err;
	(void)state;

	assert_int_equal(clock_set_zone("Europe/Berlin", NULL), 0);
	if (read_text(&r, "# by hand\nstart;in;out;line\n2026-03-12 09:00;12;;door\n", &err) <
	    0)
		fail_msg("%s", err.msg);
	assert_int_equal(r.n, 1);
	assert_int_equal(r.v[0].start_us, at("2026-03-12T08:00:00Z"));
	assert_int_equal(r.v[0].minutes, 15);
	assert_int_equal(r.v[0].in, 12);
	assert_int_equal(r.v[0].out, AUDIT_NOT_COUNTED);
	assert_true(r.v[0].weight == 1 && r.v[0].stratum == 1);
	audit_rows_clear(&r);
}

static void the_sample_reads(void **state)
{
	struct audit_rows r = { 0 };
	struct err err;
	(void)state;

	if (audit_rows_read(&r, COUNTED_CSV, &err) < 0)
		fail_msg("%s", err.msg);
	assert_int_equal(r.n, 6);
	assert_string_equal(r.v[0].camera, "entrance");
	assert_int_equal(r.v[0].in, 12);
	assert_int_equal(r.v[5].out, AUDIT_NOT_COUNTED);
	assert_true(r.v[5].weight == 3.5);
	audit_rows_clear(&r);
}

static void what_is_wrong_in_a_file_is_named(void **state)
{
	static const struct {
		const char *text, *says;
	} cases[] = {
		{ "line,start,in\ndoor,2026-03-12,1\n", ":1: no column 'out'" },
		{ "line,start,in,out\n,2026-03-12,1,2\n", ":2: line: expected the name" },
		{ "line,start,in,out\ndoor,noon,1,2\n", ":2: start: expected a time" },
		{ "line,start,in,out\ndoor,2026-03-12T09:00:30,1,2\n",
		  ":2: start: expected a time" },
		{ "line,start,in,out\ndoor,2026-03-12,-1,2\n",
		  ":2: in: expected a whole number" },
		{ "line,start,in,out\ndoor,2026-03-12,1,2.5\n",
		  ":2: out: expected a whole number" },
		{ "line,start,in,out,minutes\ndoor,2026-03-12,1,2,90\n",
		  ":2: minutes: expected" },
		{ "line,start,in,out,weight\ndoor,2026-03-12,1,2,0\n", ":2: weight: expected" },
		{ "line,start,in,out,stratum\ndoor,2026-03-12,1,2,x\n",
		  ":2: stratum: expected" },
	};
	struct audit_rows r = { 0 };
	struct err err;
	(void)state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		assert_int_equal(read_text(&r, cases[i].text, &err), ERR_FORMAT);
		if (!strstr(err.msg, cases[i].says))
			fail_msg("'%s' does not say '%s'", err.msg, cases[i].says);
		assert_int_equal(r.n, 0);
	}
}

/* ---- against the machine ---- */

static int compare_text(struct query *q, const char *text, struct audit_set *set,
			struct str *left_out, struct err *err)
{
	struct audit_rows r = { 0 };
	int rc = read_text(&r, text, err);

	if (rc >= 0)
		rc = audit_rows_find(&r, q, err);
	if (rc >= 0)
		rc = audit_compare(set, &r, q, 0.05, left_out, err);
	audit_rows_clear(&r);
	return rc;
}

/* At 09:00 the machine counts 15 each way in the first quarter, 30 in the second. */
static void counts_are_those_of_the_window(void **state)
{
	struct query *q = two_days();
	struct audit_set set = { 0 };
	struct str left_out = STR_INIT;
	struct err err;
	(void)state;

	if (compare_text(q,
			 "line,start,in,out\ndoor,2026-03-12T09:15,31,\n"
			 "door,2026-03-12T09:00,14,16\nback,2026-03-12T09:00,0,\n",
			 &set, &left_out, &err) < 0)
		fail_msg("%s", err.msg);
	assert_string_equal(left_out.s, "");
	assert_int_equal(set.n, 3);
	assert_int_equal(set.v[0].place, back);
	assert_true(set.v[0].in && set.v[0].samples == 1);
	assert_int_equal(set.v[1].place, door);
	assert_true(set.v[1].in && set.v[1].samples == 2);
	assert_int_equal(set.v[1].manual, 45);
	assert_int_equal(set.v[1].machine, 45);
	assert_true(set.v[1].bias == 0);
	assert_true(fabs(set.v[1].unbalanced - 2.0 / 45) < 1e-12);
	assert_int_equal(set.v[1].from_us, at("2026-03-12T09:00"));
	assert_int_equal(set.v[1].to_us, at("2026-03-12T09:30"));
	assert_int_equal(set.v[1].window[0].manual, 14);
	assert_int_equal(set.v[1].window[1].machine, 30);
	assert_true(!set.v[2].in && set.v[2].samples == 1 && set.v[2].machine == 15);
	audit_set_clear(&set);
	str_clear(&left_out);
}

static void comparisons_that_cannot_be_are_refused(void **state)
{
	static const struct {
		const char *rows, *says;
	} cases[] = {
		{ "door,2026-03-12T09:00,1,1\ndoor,2026-03-12T09:10,1,1\n",
		  "the same time of line" },
		{ "window,2026-03-12T09:00,1,1\n", "line 'window' is not in the database" },
		{ "door,2026-03-20T09:00,1,1\n", "none of the samples was observed" },
		{ "door,2026-03-12T09:00,,\n", "no sample has a number" },
		{ "", "there are no samples" },
	};
	struct query *q = two_days();
	(void)state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct audit_set set = { 0 };
		struct str text = STR_INIT, left_out = STR_INIT;
		struct err err = { 0 };

		str_addf(&text, "line,start,in,out\n%s", cases[i].rows);
		assert_true(compare_text(q, text.s, &set, &left_out, &err) < 0);
		if (!strstr(err.msg, cases[i].says))
			fail_msg("'%s' does not say '%s'", err.msg, cases[i].says);
		assert_null(set.v);
		str_clear(&text);
		str_clear(&left_out);
	}
}

static void a_window_that_was_not_observed_is_left_out(void **state)
{
	struct query *q = two_days();
	struct audit_set set = { 0 };
	struct str left_out = STR_INIT;
	struct err err;
	(void)state;

	if (compare_text(q,
			 "line,start,in,out\ndoor,2026-03-12T07:50,9,9\n"
			 "door,2026-03-12T10:00,15,15\n",
			 &set, &left_out, &err) < 0)
		fail_msg("%s", err.msg);
	assert_int_equal(set.v[0].samples, 1);
	assert_non_null(strstr(left_out.s, ":2: left out: of line 'door'"));
	assert_non_null(strstr(left_out.s, "only 300 s of 15 min"));
	audit_set_clear(&set);
	str_clear(&left_out);
}

static void two_lines_of_one_name_need_the_camera(void **state)
{
	struct query *q = two_days();
	int other = fake_camera("other"), line = fake_line(other, "door", LINE_ENTRY);
	struct audit_set set = { 0 };
	struct str left_out = STR_INIT;
	struct err err;
	(void)state;

	fake_cover(other, at("2026-03-15T09:00"), 60);
	assert_int_equal(compare_text(q, "line,start,in,out\ndoor,2026-03-12T09:00,15,15\n",
				      &set, &left_out, &err),
			 ERR_FORMAT);
	assert_non_null(strstr(err.msg, "expected a column camera"));
	assert_int_equal(compare_text(q,
				      "line,start,in,out,camera,minutes\n"
				      "door,2026-03-15T09:00,0,0,other,1\n",
				      &set, &left_out, &err),
			 0);
	assert_int_equal(set.v[0].place, line);
	audit_set_clear(&set);
	str_clear(&left_out);
}

/* A whole audit, of people who count one of twenty less than the machine: proven within 10 %,
 * not within 5 %. */
static void an_audit_of_its_own_sample(void **state)
{
	struct query *q = two_days();
	struct audit_rows r = pick(q, 20, 1);
	struct audit_set set = { 0 };
	struct str left_out = STR_INIT, text = STR_INIT;
	struct json *root;
	struct err err;
	(void)state;

	for (size_t i = 0; i < r.n; i++) {
		int64_t machine = 15 << (r.v[i].start_us / WINDOW % 4);

		r.v[i].in = machine;
		r.v[i].out = machine - machine / 15;
	}
	if (audit_compare(&set, &r, q, 0.05, &left_out, &err) < 0)
		fail_msg("%s", err.msg);
	assert_int_equal(set.n, 2);
	assert_int_equal(set.v[0].verdict, EQUIV_PROVEN);
	assert_int_equal(set.v[1].verdict, EQUIV_NOT_PROVEN);
	assert_true(fabs(set.v[1].bias - 1.0 / 14) < 1e-9);
	audit_text(&set, q, &text);
	assert_non_null(strstr(text.s, "proven within +-5 %: counts 0 % ("));
	assert_non_null(strstr(text.s, "not proven within +-5 %: counts 7.1 % too many ("));
	str_clear(&text);
	audit_json(&set, q, &text);
	root = json_parse(text.s, text.len, &err);
	if (!root)
		fail_msg("%s", err.msg);
	assert_int_equal(json_count(json_get(root, "audits")), 2);
	assert_int_equal(json_count(json_get(json_at(json_get(root, "audits"), 1), "windows")),
			 20);
	json_free(root);
	str_clear(&text);
	str_clear(&left_out);
	audit_set_clear(&set);
	audit_rows_clear(&r);
}

/* ---- later counts ---- */

static struct audit audit_at(const char *from, bool in, double bias)
{
	return (struct audit){ .place = door,
			       .in = in,
			       .from_us = at(from),
			       .to_us = at(from) + WINDOW,
			       .margin = 0.05,
			       .samples = 20,
			       .manual = 1000,
			       .machine = 1000 + (int64_t)(1000 * bias),
			       .bias = bias,
			       .lo = bias - 0.02,
			       .hi = bias + 0.02,
			       .spread = 0.1,
			       .df = 19,
			       .verdict = EQUIV_PROVEN };
}

static void the_latest_audit_holds(void **state)
{
	struct query *q = two_days();
	struct audit v[] = { audit_at("2026-03-12T10:00", true, 0.0),
			     audit_at("2026-03-13T10:00", true, 0.25) };
	struct audits a = { 0 };
	double lo, hi, lo2, hi2;
	(void)state;

	fake_audit(&v[0]);
	fake_audit(&v[1]);
	assert_true(audits_read(&a, q, NULL) >= 0);
	assert_false(audit_interval(&a, door, true, at("2026-03-12T09:59"), 100, &lo, &hi));
	assert_false(audit_interval(&a, door, false, at("2026-03-12T11:00"), 100, &lo, &hi));
	assert_false(audit_interval(&a, back, true, at("2026-03-12T11:00"), 100, &lo, &hi));
	assert_true(audit_interval(&a, door, true, at("2026-03-12T10:00"), 100, &lo, &hi));
	assert_true(lo < 100 && hi > 100 && lo > 85 && hi < 115);
	assert_true(audit_interval(&a, door, true, at("2026-04-01"), 100, &lo2, &hi2));
	assert_true(lo2 < 80 && hi2 > 80 && hi2 < 100); /* counted a quarter too many */
	audits_clear(&a);
}

static char *made(int (*form)(const struct day *, struct str *, struct err *), struct query *q,
		  const char *date)
{
	struct str out = STR_INIT;
	struct err err;
	struct day d;

	if (day_read(&d, q, date, 3600, &err) < 0 || form(&d, &out, &err) < 0)
		fail_msg("%s", err.msg);
	day_clear(&d);
	return str_take(&out);
}

static int text_form(const struct day *d, struct str *out, struct err *err)
{
	(void)err;
	return day_text(d, out);
}

/* 15 + 30 + 60 + 120 people in the hour, 5 % too many by the audit, all in 214 or so. */
static void reports_show_what_an_audit_found(void **state)
{
	struct query *q = two_days();
	struct audit v[] = { audit_at("2026-03-13T10:00", true, 0.05) };
	char *csv, *json, *text;
	(void)state;

	fake_audit(&v[0]);
	csv = made(day_csv, q, "2026-03-13");
	assert_non_null(strstr(
		csv,
		"cam,line,door,crossings_in,2026-03-13T08:00:00Z,2026-03-13T09:00:00,+01:00,"
		"3600,225,,,3600.0,"));
	assert_non_null(strstr(
		csv,
		"cam,line,door,crossings_in,2026-03-13T09:00:00Z,2026-03-13T10:00:00,+01:00,"
		"3600,225,203,226,3600.0,"));
	assert_non_null(strstr(
		csv, "cam,line,door,crossings_out,2026-03-13T09:00:00Z,2026-03-13T10:00:00,"
		     "+01:00,3600,225,,,3600.0,"));
	json = made(day_json, q, "2026-03-13");
	assert_non_null(strstr(json, "\"ranges\": {\"crossings_in\": [203, 226], "
				     "\"passages_in\": [203, 226]}"));
	assert_non_null(strstr(json, "\"audits\": [{\"direction\": \"in\", \"verdict\": "
				     "\"proven\""));
	text = made(text_form, q, "2026-03-13");
	assert_non_null(strstr(text, "Audit of door, in: proven within +-5 %: counts 5.0 % too "
				     "many (90 % interval: 3.0 % too many to 7.0 % too many)"));
	free(csv);
	free(json);
	free(text);
	/* The day before knows nothing of it. */
	csv = made(day_csv, q, "2026-03-12");
	json = made(day_json, q, "2026-03-12");
	text = made(text_form, q, "2026-03-12");
	assert_null(strstr(csv, ",225,2"));
	assert_null(strstr(json, "ranges"));
	assert_null(strstr(json, "audits"));
	assert_null(strstr(text, "Audit"));
	free(csv);
	free(json);
	free(text);
}

static void the_page_shows_audits_in_its_trust(void **state)
{
	struct query *q = two_days();
	struct audit v[] = { audit_at("2026-03-13T10:00", true, 0.05) };
	struct str out = STR_INIT;
	struct err err;
	struct day d;
	(void)state;

	fake_audit(&v[0]);
	if (day_read(&d, q, "2026-03-13", 3600, &err) < 0 ||
	    day_html(&d, q, NULL, &out, &err) < 0)
		fail_msg("%s", err.msg);
	assert_non_null(strstr(out.s, "Audits: counted by hand, too"));
	assert_non_null(strstr(out.s, "proven within +-5 %: counts 5.0 % too many"));
	day_clear(&d);
	str_clear(&out);
}

#define TEST(t) cmocka_unit_test_teardown(t, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_same_seed_draws_the_same_windows),
		TEST(samples_stand_for_all_windows),
		TEST(busy_windows_are_drawn_more_often),
		TEST(what_was_not_observed_is_not_drawn),
		TEST(the_form_reads_back_as_it_was_written),
		TEST(people_may_write_less),
		TEST(the_sample_reads),
		TEST(what_is_wrong_in_a_file_is_named),
		TEST(counts_are_those_of_the_window),
		TEST(comparisons_that_cannot_be_are_refused),
		TEST(a_window_that_was_not_observed_is_left_out),
		TEST(two_lines_of_one_name_need_the_camera),
		TEST(an_audit_of_its_own_sample),
		TEST(the_latest_audit_holds),
		TEST(reports_show_what_an_audit_found),
		TEST(the_page_shows_audits_in_its_trust),
	};

	return cmocka_run_group_tests(tests, make_file, remove_file);
}
