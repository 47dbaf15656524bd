/* SPDX-License-Identifier: Apache-2.0 */
/* test_zones_eval.c -- scores of occupancy and of visits, against figures worked out by others.
 */
#include "base/file.h"
#include "base/json.h"
#include "eval/dwell.h"
#include "eval/occupancy.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define FIXTURE SHARED_DIR "/metrics/handmade/counting.json"
#define NEAR(a, b) assert_true(fabs((a) - (b)) < 1e-9)
#define EVENTS "t_utc,t_local,camera,kind,name,event,person,dwell_s\n"

static struct json *fixture(void)
{
	struct err err;
	struct json *root;

	if (access(FIXTURE, R_OK) < 0) {
		print_message("skipped: no '%s'\n", FIXTURE);
		skip();
	}
	root = json_read(FIXTURE, 1 << 20, &err);
	assert_non_null(root);
	return root;
}

static size_t numbers(const struct json *list, double v[16])
{
	size_t n = json_count(list);

	assert_true(n > 0 && n <= 16);
	for (size_t i = 0; i < n; i++)
		assert_int_equal(json_value_double(json_at(list, i), 0, 1e6, &v[i], NULL), 0);
	return n;
}

#define FIGURE(expected, key, value) \
	do { \
		double v_; \
		assert_int_equal(json_double(expected, key, -1e9, 1e9, &v_, NULL), 0); \
		NEAR(value, v_); \
	} while (0)

static void occupancy_is_that_of_the_fixture(void **state)
{
	struct json *root = fixture();
	const struct json *all = json_get(root, "occupancy"), *e = json_get(all, "expected");
	double v[2][16];
	int people[2][16];
	size_t n = numbers(json_get(all, "true"), v[0]);
	struct occupancy_score s;
	(void)state;

	assert_int_equal(numbers(json_get(all, "pred"), v[1]), n);
	for (size_t i = 0; i < n; i++)
		for (int k = 0; k < 2; k++)
			people[k][i] = (int)v[k][i];
	occupancy_score_samples(&s, people[0], people[1], n);
	FIGURE(e, "MAE", s.mae);
	FIGURE(e, "exact", s.exact);
	FIGURE(e, "within1", s.within1);
	json_free(root);
}

static void dwell_is_that_of_the_fixture(void **state)
{
	struct json *root = fixture();
	const struct json *all = json_get(root, "dwell"), *e = json_get(all, "expected");
	double v[2][16];
	size_t n = numbers(json_get(all, "true_s"), v[0]);
	struct dwell_score s = { 0 };
	(void)state;

	assert_int_equal(numbers(json_get(all, "pred_s"), v[1]), n);
	dwell_score_pairs(&s, v[0], v[1], n);
	FIGURE(e, "MAE_s", s.mae_s);
	FIGURE(e, "MAPE", s.mape);
	FIGURE(e, "WAPE", s.wape);
	FIGURE(e, "mean_bias_s", s.bias_s);
	json_free(root);
}

/* ---- occupancy ---- */

/* One is missed in every hour. */
static void what_is_missed_adds_up_to_drift(void **state)
{
	int truth[241], counted[241];
	struct occupancy_score s;
	(void)state;

	for (int i = 0; i < 241; i++) {
		truth[i] = 10 + i % 7;
		counted[i] = truth[i] - i / 60;
	}
	occupancy_score_samples(&s, truth, counted, 241);
	assert_true(s.drift_h < -0.9 && s.drift_h > -1.1);
	assert_int_equal(s.max_error, 4);
	assert_true(s.bias < 0);
	/* The interval holds the mean, and says how much the quarters differ. */
	assert_true(s.mae_range.lo < s.mae && s.mae < s.mae_range.hi);
	assert_true(s.mae_range.hi - s.mae_range.lo > 0.5);
	for (int i = 0; i < 241; i++)
		counted[i] = truth[i] + 2;
	occupancy_score_samples(&s, truth, counted, 241);
	NEAR(s.drift_h, 0);
	NEAR(s.bias, 2);
	NEAR(s.mae_range.lo, 2);
	NEAR(s.mae_range.hi, 2);
	NEAR(s.within1, 0);
}

static char path[] = "/tmp/footfall-zones-XXXXXX";

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

static void write_text(const char *text)
{
	assert_int_equal(file_write(path, text, strlen(text), NULL), 0);
}

static struct occupancy occupancy_of(struct names *names, const char *text)
{
	static const char *const entry[] = { "door" };
	struct occupancy o = { 0 };
	struct err err;

	write_text(text);
	if (occupancy_read(&o, names, entry, 1, path, &err) < 0)
		fail_msg("%s", err.msg);
	return o;
}

static void events_are_compared_with_the_truth(void **state)
{
	struct names names = { 0 };
	/* Minutes 0 to 3: 1, 2, 2, 0 in the store; 0, 1, 1, 0 at the till. */
	struct occupancy truth = occupancy_of(
		&names,
		"t_utc,t_s,in_store,staff,zone till\n"
		"2026-03-14T09:00:00.000Z,0,1,0,0\n2026-03-14T09:00:30.000Z,30,2,0,1\n"
		"2026-03-14T09:02:30.000Z,150,0,0,0\n2026-03-14T09:03:00.000Z,180,0,0,0\n");
	/* One comes in late, one is not seen to leave; another line is no entry. */
	struct occupancy counted = occupancy_of(
		&names, EVENTS "2026-03-14T09:00:00.000Z,,c,line,door,in,1,\n"
			       "2026-03-14T09:00:20.000Z,,c,line,aisle,in,1,\n"
			       "2026-03-14T09:00:31.000Z,,c,zone,till,enter,1,\n"
			       "2026-03-14T09:01:31.000Z,,c,line,door,in,2,\n"
			       "2026-03-14T09:02:31.000Z,,c,zone,till,leave,1,120\n"
			       "2026-03-14T09:02:32.000Z,,c,line,door,out,1,\n");
	struct occupancy_score s;
	(void)state;

	assert_int_equal(names.n, 2);
	assert_string_equal(names.v[0], OCCUPANCY_STORE);
	occupancy_score(&s, &truth, &counted, 0);
	assert_int_equal(s.samples, 4);
	NEAR(s.truth, 5.0 / 4);
	NEAR(s.mae, 2.0 / 4); /* minute 1: 1 of 2; minute 3: 1 of 0 */
	NEAR(s.bias, 0);
	occupancy_score(&s, &truth, &counted, 1);
	NEAR(s.mae, 0);
	NEAR(s.exact, 1);
	assert_true(isnan(s.mae_range.lo)); /* of one quarter of an hour nobody can tell */
	occupancy_clear(&truth);
	occupancy_clear(&counted);
	names_clear(&names);
}

/* ---- dwell ---- */

static struct visits visits_of(struct names *names, const char *text)
{
	struct visits v = { 0 };
	struct err err;

	write_text(text);
	if (visits_read(&v, names, path, &err) < 0)
		fail_msg("%s", err.msg);
	return v;
}

static void visits_are_paired_by_their_time(void **state)
{
	struct names names = { 0 };
	struct visits truth =
		visits_of(&names, "from_utc,to_utc,zone\n"
				  "2026-03-14T09:00:00Z,2026-03-14T09:01:00Z,till\n"
				  "2026-03-14T09:00:10Z,2026-03-14T09:00:20Z,till\n"
				  "2026-03-14T09:00:00Z,2026-03-14T09:01:00Z,shelf\n"
				  "2026-03-14T09:30:00Z,2026-03-14T09:31:40Z,till\n");
	/* The first is cut short, the second found, the third in another zone, the fourth
	 * overlaps too little. */
	struct visits counted =
		visits_of(&names, EVENTS "2026-03-14T09:00:21Z,,c,zone,till,leave,4,10\n"
					 "2026-03-14T09:00:30Z,,c,zone,till,enter,5,\n"
					 "2026-03-14T09:00:40Z,,c,zone,till,leave,1,40\n"
					 "2026-03-14T09:01:00Z,,c,line,door,in,1,\n"
					 "2026-03-14T09:30:29Z,,c,zone,till,leave,9,29\n");
	struct dwell_score s;
	(void)state;

	dwell_score(&s, &truth, &counted, -1);
	assert_int_equal(s.truth, 4);
	assert_int_equal(s.counted, 3);
	assert_int_equal(s.matched, 2);
	NEAR(s.recall, 0.5);
	NEAR(s.precision, 2.0 / 3);
	NEAR(s.mae_s, 10); /* 20 s and 0 s */
	NEAR(s.bias_s, -10);
	NEAR(s.wape, 20.0 / 70);
	assert_true(s.recall_range.lo >= 0 && s.recall_range.hi <= 1);
	dwell_score(&s, &truth, &counted, 1);
	assert_int_equal(s.truth, 1);
	assert_int_equal(s.matched, 0);
	NEAR(s.precision, 1);
	assert_true(isnan(s.mae_s));
	visits_clear(&truth);
	visits_clear(&counted);
	names_clear(&names);
}

/* Whoever pairs each true visit with the counted one nearest to it takes the second's. */
static void the_best_pairs_are_found(void **state)
{
	struct names names = { 0 };
	struct visits truth =
		visits_of(&names, "from_utc,to_utc,zone\n"
				  "2026-03-14T09:00:00Z,2026-03-14T09:01:00Z,a\n"
				  "2026-03-14T09:00:20Z,2026-03-14T09:01:20Z,a\n");
	struct visits counted =
		visits_of(&names, "from_utc,to_utc,zone\n"
				  "2026-03-14T09:00:08Z,2026-03-14T09:01:08Z,a\n"
				  "2026-03-14T08:59:30Z,2026-03-14T09:00:50Z,a\n");
	struct dwell_score s;
	(void)state;

	dwell_score(&s, &truth, &counted, 0);
	assert_int_equal(s.matched, 2);
	NEAR(s.bias_s, 10); /* 80 - 60 and 60 - 60, over two */
	visits_clear(&truth);
	visits_clear(&counted);
	names_clear(&names);
}

/* ---- wrong files ---- */

static void refused(bool visits, const char *text, const char *why)
{
	struct names names = { 0 };
	struct occupancy o = { 0 };
	struct visits v = { 0 };
	struct err err = { 0 };

	write_text(text);
	assert_true((visits ? visits_read(&v, &names, path, &err)
			    : occupancy_read(&o, &names, NULL, 0, path, &err)) < 0);
	if (!strstr(err.msg, why) || !strstr(err.msg, path))
		fail_msg("'%s' has no '%s' or no file", err.msg, why);
	assert_null(o.v);
	assert_null(v.v);
	names_clear(&names);
}

static void wrong_files_are_told(void **state)
{
	(void)state;
	refused(false, "", "line 1: expected a head line with a column 't_utc'");
	refused(false, "t_utc,zone a\n2026-03-14T09:00:00Z,x\n",
		"line 2: zone a is 'x', expected a number of people");
	refused(false, "t_utc,zone a\n2026-03-14T09:00:00Z\n",
		"line 2: expected as many fields");
	refused(false, "t_utc,kind,name,event\n2026-03-14T09:00:00Z,zone,a,in\n",
		"line 2: event is 'in', expected 'enter' or 'leave'");
	refused(false, "t_utc,kind,name\n", "column 'event'");
	refused(true, "from_utc,to_utc\n", "column 'zone'");
	refused(true, "from_utc,to_utc,zone\n2026-03-14T09:00:00Z,2026-03-14T08:00:00Z,a\n",
		"line 2: to_utc is before from_utc");
	refused(true, "from_utc,to_utc,zone\n2026-03-14T09:00:00Z,soon,a\n", "line 2: 'soon'");
	refused(true, EVENTS "2026-03-14T09:00:00Z,,c,zone,a,leave,1,\n",
		"line 2: dwell_s is '', expected a number of seconds");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(occupancy_is_that_of_the_fixture),
		cmocka_unit_test(dwell_is_that_of_the_fixture),
		cmocka_unit_test(what_is_missed_adds_up_to_drift),
		cmocka_unit_test(events_are_compared_with_the_truth),
		cmocka_unit_test(visits_are_paired_by_their_time),
		cmocka_unit_test(the_best_pairs_are_found),
		cmocka_unit_test(wrong_files_are_told),
	};

	return cmocka_run_group_tests(tests, make_file, remove_file);
}
