/* SPDX-License-Identifier: Apache-2.0 */
/* test_store_audit.c -- audits in and out of a store's file, and a line's events. */
#include "fixture.h"

#include "base/clock.h"
#include "store/audit.h"
#include "store/db.h"

#include <math.h>
#include <string.h>

#define A "aaaaaaaaaaaaaaaa"
#define B "bbbbbbbbbbbbbbbb"

/* A file with two counted minutes of line "entry"; its database id. */
static int counted(const char *path)
{
	const struct query_place *p;
	struct writer *w = open_run(path, A);
	struct query *q;
	int id = 0;

	put_cover(w, 0, 0, 60);
	put_line(w, 0, 3, 2);
	put_cover(w, 1, 0, 60);
	close_run(w);
	q = open_query(path);
	for (int i = query_places(q, &p, NULL) - 1; i >= 0; i--)
		if (!strcmp(p[i].info.name, "entry"))
			id = p[i].id;
	query_close(q);
	assert_true(id > 0);
	return id;
}

static const struct audit_window windows[] = {
	{ T0, 60, 1, 2.5, 3, 3 },
	{ T0 + MINUTE, 60, 2, 1, 0, 1 },
};

static struct audit audit_of(int place, bool in, int64_t from_us)
{
	struct audit a = { .place = place,
			   .in = in,
			   .from_us = from_us,
			   .to_us = T0 + 2 * MINUTE,
			   .params_id = A,
			   .method = "by hand",
			   .margin = 0.05,
			   .samples = 2,
			   .manual = 3,
			   .machine = 4,
			   .bias = 0.125,
			   .lo = -0.25,
			   .hi = 0.5,
			   .unbalanced = 0.333,
			   .spread = 0.2,
			   .df = 1,
			   .verdict = 2,
			   .more = 14,
			   .window = windows };

	return a;
}

static void what_goes_in_comes_out(void **state)
{
	const char *path = *state;
	int place = counted(path);
	struct audit put[2] = { audit_of(place, false, T0), audit_of(place, true, T0) }, *got;
	struct err err = { 0 };
	struct query *q;

	if (audit_write(path, put, 2, &err) < 0)
		fail_msg("%s", err.msg);
	q = open_query(path);
	assert_int_equal(audit_query(q, &got, NULL), 2);
	assert_true(got[0].in && !got[1].in); /* in comes first */
	for (int i = 0; i < 2; i++) {
		const struct audit *a = &got[i], *b = &put[1 - i];

		assert_int_equal(a->place, place);
		assert_int_equal(a->from_us, b->from_us);
		assert_int_equal(a->to_us, b->to_us);
		assert_string_equal(a->params_id, A);
		assert_string_equal(a->method, "by hand");
		assert_int_equal(a->samples, 2);
		assert_int_equal(a->manual, 3);
		assert_int_equal(a->machine, 4);
		assert_true(a->margin == b->margin && a->bias == b->bias && a->lo == b->lo &&
			    a->hi == b->hi && a->unbalanced == b->unbalanced &&
			    a->spread == b->spread);
		assert_int_equal(a->df, 1);
		assert_int_equal(a->verdict, 2);
		assert_int_equal(a->more, 14);
	}
	free(got);
	query_close(q);
	assert_int_equal(sql_int(path, "SELECT count(*) FROM audit_window"), 4);
	assert_int_equal(sql_int(path, "SELECT sum(manual * 10 + machine) FROM audit_window"),
			 68);
}

/* The same stretch audited again takes the place of what was there, its windows with it. */
static void an_audit_again_replaces_itself(void **state)
{
	const char *path = *state;
	int place = counted(path);
	struct audit a = audit_of(place, true, T0);

	assert_int_equal(audit_write(path, &a, 1, NULL), 0);
	a.samples = 1;
	a.to_us = T0 + 2 * MINUTE;
	a.bias = 0;
	assert_int_equal(audit_write(path, &a, 1, NULL), 0);
	assert_int_equal(sql_int(path, "SELECT count(*) FROM audit"), 1);
	assert_int_equal(sql_int(path, "SELECT count(*) FROM audit_window"), 1);
	assert_int_equal(sql_int(path, "SELECT bias = 0 FROM audit"), 1);
	a = audit_of(place, true, T0 - MINUTE); /* another stretch: both stay */
	assert_int_equal(audit_write(path, &a, 1, NULL), 0);
	assert_int_equal(sql_int(path, "SELECT count(*) FROM audit"), 2);
}

static void all_audits_or_none(void **state)
{
	const char *path = *state;
	int place = counted(path);
	struct audit a[2] = { audit_of(place, true, T0), audit_of(place + 1000, true, T0) };
	struct err err = { 0 };

	assert_true(audit_write(path, a, 2, &err) < 0); /* there is no such place */
	assert_int_equal(sql_int(path, "SELECT count(*) FROM audit"), 0);
	assert_int_equal(sql_int(path, "SELECT count(*) FROM audit_window"), 0);
}

static void what_cannot_be_is_refused(void **state)
{
	const char *path = *state;
	int place = counted(path);
	const struct audit good = audit_of(place, true, T0);
	struct audit_window w[2] = { windows[0], windows[1] };
	struct audit a[6] = { good, good, good, good, good, good };

	a[0].bias = NAN;
	a[1].hi = INFINITY;
	a[2].to_us = a[2].from_us;
	a[3].samples = 0;
	a[4].df = 0;
	w[1].start_us += MINUTE; /* ends behind the stretch */
	a[5].window = w;
	for (int i = 0; i < 6; i++)
		assert_int_equal(audit_write(path, &a[i], 1, NULL), ERR_RANGE);
	assert_int_equal(audit_write("/nowhere/store.db", &good, 1, NULL), ERR_IO);
	assert_int_equal(sql_int(path, "SELECT count(*) FROM audit"), 0);
}

/* Counting the audited minutes anew changes nothing about what was audited. */
static void counting_again_leaves_audits(void **state)
{
	const char *path = *state;
	struct audit a = audit_of(counted(path), true, T0);

	assert_int_equal(audit_write(path, &a, 1, NULL), 0);
	counted(path);
	assert_int_equal(sql_int(path, "SELECT count(*) FROM audit"), 1);
	assert_int_equal(sql_int(path, "SELECT count(*) FROM audit_window"), 2);
}

/* A file from before there were audits gets them with the first that is written. */
static void an_older_file_learns_of_audits(void **state)
{
	const char *path = *state;
	struct audit a = audit_of(counted(path), true, T0), *got = NULL;
	struct query *q;

	sql_run(path, "DROP TABLE audit_window; DROP TABLE audit; PRAGMA user_version = 3");
	assert_int_equal(audit_write(path, &a, 1, NULL), 0);
	assert_int_equal(sql_int(path, "PRAGMA user_version"), DB_VERSION);
	q = open_query(path);
	assert_int_equal(audit_query(q, &got, NULL), 1);
	free(got);
	query_close(q);
}

static void a_damaged_audit_is_told(void **state)
{
	const char *path = *state;
	struct audit a = audit_of(counted(path), true, T0), *got = NULL;
	struct err err = { 0 };
	struct query *q;

	assert_int_equal(audit_write(path, &a, 1, NULL), 0);
	sql_run(path, "UPDATE audit SET samples = -5");
	q = open_query(path);
	assert_int_equal(audit_query(q, &got, &err), ERR_FORMAT);
	assert_null(got);
	assert_non_null(strstr(err.msg, "damaged"));
	query_close(q);
}

/* ---- events ---- */

static void put_event(struct writer *w, int64_t t_us, enum event_kind kind, int place,
		      int64_t person)
{
	struct event e = { .t_us = t_us, .kind = kind, .place = place, .person = person };

	assert_int_equal(writer_event(w, &e, NULL), 0);
}

static void events_are_of_one_place_and_in_order_of_time(void **state)
{
	const char *path = *state;
	int place = counted(path);
	struct writer *w = open_run(path, B);
	struct event *v;
	struct query *q;

	put_cover(w, 10, 0, 60);
	put_cover(w, 11, 0, 60);
	put_event(w, T0 + 10 * MINUTE + 30, EVENT_CROSS_OUT, 0, 5);
	put_event(w, T0 + 10 * MINUTE + 20, EVENT_CROSS_IN, 0, 4);
	put_event(w, T0 + 10 * MINUTE + 25, EVENT_ZONE_ENTER, 1, 4);
	put_event(w, T0 + 11 * MINUTE, EVENT_CROSS_IN, 0, 6);
	close_run(w);
	q = open_query(path);
	assert_int_equal(query_events(q, place, T0 + 10 * MINUTE, T0 + 11 * MINUTE, &v, NULL),
			 2);
	assert_int_equal(v[0].t_us, T0 + 10 * MINUTE + 20);
	assert_int_equal(v[0].kind, EVENT_CROSS_IN);
	assert_int_equal(v[0].person, 4);
	assert_int_equal(v[0].place, place);
	assert_int_equal(v[1].kind, EVENT_CROSS_OUT);
	free(v);
	v = NULL;
	assert_int_equal(query_events(q, place, T0 + 12 * MINUTE, T0 + 20 * MINUTE, &v, NULL),
			 0);
	free(v);
	query_close(q);
}

#define TEST(t) cmocka_unit_test_setup_teardown(t, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_goes_in_comes_out),
		TEST(an_audit_again_replaces_itself),
		TEST(all_audits_or_none),
		TEST(what_cannot_be_is_refused),
		TEST(counting_again_leaves_audits),
		TEST(an_older_file_learns_of_audits),
		TEST(a_damaged_audit_is_told),
		TEST(events_are_of_one_place_and_in_order_of_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
