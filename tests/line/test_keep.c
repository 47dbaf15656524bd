/* SPDX-License-Identifier: Apache-2.0 */
/* test_keep.c -- what was counted is kept while the database cannot take it. */
#include "base/clock.h"
#include "base/file.h"
#include "run/batch.h"
#include "run/counting.h"
#include "store/query.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cmocka.h>

#define T0 (INT64_C(29000000) * CLOCK_MINUTE_US)
#define FRAME_US 100000

static const char *const parts[] = { "", "-wal", "-shm" };

/* A database of its own for each test, and nobody before. */
static char db[64];

static void remove_db(void)
{
	char path[96];

	for (size_t i = 0; i < 3; i++) {
		snprintf(path, sizeof(path), "%s%s", db, parts[i]);
		unlink(path);
	}
}

static void limit_files(rlim_t bytes)
{
	struct rlimit l;

	getrlimit(RLIMIT_FSIZE, &l);
	l.rlim_cur = bytes;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &l), 0);
}

static struct conf conf;
static struct plan plan;

static int setup(void **state)
{
	static const char text[] = "{\"format\": \"footfall-plan-1\", \"lines\": [{\"name\": "
				   "\"door\", \"points\": [[0.5, 0.1], [0.5, 0.9]]}]}";
	struct err err;
	char path[96];
	(void)state;

	signal(SIGXFSZ, SIG_IGN);
	snprintf(db, sizeof(db), "/tmp/footfall-keep-%ld.db", (long)getpid());
	remove_db();
	conf_init(&conf);
	snprintf(path, sizeof(path), "%s.plan", db);
	if (file_write(path, text, strlen(text), &err) < 0 || plan_read(&plan, path, &err) < 0)
		fail_msg("%s", err.msg);
	unlink(path);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	limit_files(RLIM_INFINITY);
	remove_db();
	plan_clear(&plan);
	conf_clear(&conf);
	return 0;
}

static struct counting *open_counting(bool *checked)
{
	struct counting_opts o = { .conf = &conf,
				   .plan = &plan,
				   .plan_path = "plan",
				   .img_w = 640,
				   .img_h = 480,
				   .params = "\"causal\":true",
				   .late_s = 0.5,
				   .db = db,
				   .checked = checked };
	struct err err;
	struct counting *c = counting_open(&o, &err);

	if (!c)
		fail_msg("%s", err.msg);
	return c;
}

/* Minutes from..to of a camera; in each one person walks through the line from left to right.
 */
static void count_minutes(struct counting *c, int from, int to)
{
	struct err err;

	for (int64_t i = from * 600; i < to * 600; i++) {
		int in_minute = (int)(i % 600);
		struct sighting s = { .track = 1 + i / 600,
				      .t_us = T0 + i * FRAME_US,
				      .at = { 0.3 + in_minute * 0.02, 0.5 },
				      .body = 0.05 };
		int n = in_minute >= 5 && in_minute < 40, cell = 7;

		if (counting_step(c, s.t_us, FRAME_US, &s, &cell, n, &err) < 0)
			fail_msg("%s", err.msg);
	}
}

struct seen {
	int covers, in, out;
	double observed_s;
};

static int on_cover(void *arg, const struct minute_cover *m)
{
	((struct seen *)arg)->covers++;
	((struct seen *)arg)->observed_s += m->observed_s;
	return 0;
}

static int on_line(void *arg, const struct minute_line *m, const char *params_id)
{
	(void)params_id;
	((struct seen *)arg)->in += m->crossings_in;
	((struct seen *)arg)->out += m->crossings_out;
	return 0;
}

static struct seen read_db(void)
{
	struct seen s = { 0 };
	struct query_minutes fn = { .cover = on_cover, .line = on_line, .arg = &s };
	struct query *q = NULL;
	struct err err;

	if (query_open(&q, db, &err) < 0 ||
	    query_minutes(q, T0, T0 + 1000 * CLOCK_MINUTE_US, &fn, &err) < 0)
		fail_msg("%s", err.msg);
	query_close(q);
	return s;
}

static void a_full_disk_loses_nothing(void **state)
{
	bool checked = false;
	struct counting *c = open_counting(&checked);
	struct err err;
	struct seen s;
	(void)state;

	count_minutes(c, 0, 5);
	assert_int_equal(counting_flush(c, &err), 0);
	assert_true(checked);
	assert_int_equal(counting_waiting(c), 0);
	limit_files(4096);
	count_minutes(c, 5, 20);
	assert_int_equal(counting_flush(c, &err), ERR_IO);
	assert_true(counting_waiting(c) > 15);
	count_minutes(c, 20, 30);
	assert_int_equal(counting_flush(c, &err), ERR_IO);
	limit_files(RLIM_INFINITY);
	assert_int_equal(counting_end(c, &err), 0);
	assert_int_equal(counting_flush(c, &err), 0);
	assert_int_equal(counting_lost(c)->minutes, 0);
	assert_int_equal(counting_close(c, &err), 0);
	s = read_db();
	assert_int_equal(s.covers, 30);
	assert_int_equal(s.in + s.out, 30);
	assert_in_range((int)(s.observed_s + 0.5), 1799, 1800);
}

/* The next start finds the file damaged: it is kept aside, and counting goes on in a new one.
 */
static void a_damaged_file_is_set_aside(void **state)
{
	bool checked = false;
	struct counting *c = open_counting(&checked);
	char aside[96];
	struct err err;
	FILE *f;
	(void)state;

	count_minutes(c, 0, 3);
	assert_int_equal(counting_flush(c, &err), 0);
	counting_close(c, NULL);
	f = fopen(db, "r+b");
	assert_non_null(f);
	fseek(f, 5000, SEEK_SET);
	for (int i = 0; i < 40000; i++)
		fputc('x', f);
	fclose(f);
	checked = false;
	c = open_counting(&checked);
	count_minutes(c, 3, 6);
	if (counting_end(c, &err) < 0 || counting_flush(c, &err) < 0)
		fail_msg("%s", err.msg);
	counting_close(c, NULL);
	assert_int_equal(read_db().covers, 3);
	snprintf(aside, sizeof(aside), "%s.broken-1", db);
	assert_int_equal(unlink(aside), 0);
}

/* Where people were goes before events, events before minutes; a minute goes as a whole. */
static void what_matters_least_is_given_up_first(void **state)
{
	struct batch *b = batch_new(12);
	struct heat_cell cell = { 3, 1.5F };
	const struct batch_loss *l = batch_lost(b);
	(void)state;

	for (int i = 0; i < 8; i++) {
		int64_t start = T0 + i * CLOCK_MINUTE_US;
		struct minute_cover cover = { .start_us = start, .observed_s = 60 };
		struct minute_line line = { .start_us = start, .crossings_in = 1 };
		struct minute_heat heat = { .start_us = start, .n = 1, .cells = &cell };
		struct event event = { .t_us = start, .kind = EVENT_CROSS_IN };
		struct count_out out = { .cover = &cover,
					 .n_cover = 1,
					 .line = &line,
					 .n_line = 1,
					 .heat = &heat,
					 .n_heat = 1,
					 .event = &event,
					 .n_event = 1 };

		batch_add(b, &out);
		if (i == 3) { /* 16 rows: 12 are left, and of 4 minutes all is */
			assert_int_equal(l->where, 4);
			assert_int_equal(l->events, 0);
		}
		if (i == 5) {
			assert_int_equal(l->events, 6);
			assert_int_equal(l->minutes, 0);
		}
	}
	assert_int_equal(l->where, 8);
	assert_int_equal(l->events, 8);
	assert_int_equal(l->minutes, 2);
	assert_int_equal(batch_rows(b), 12);
	batch_free(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_full_disk_loses_nothing, setup, teardown),
		cmocka_unit_test_setup_teardown(a_damaged_file_is_set_aside, setup, teardown),
		cmocka_unit_test(what_matters_least_is_given_up_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
