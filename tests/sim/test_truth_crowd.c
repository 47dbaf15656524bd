/* SPDX-License-Identifier: Apache-2.0 */
/* test_truth_crowd.c -- the truth of the project's own scenes: every file is worked out again
 * from the positions of their people. */
#include "base/err.h"
#include "base/file.h"
#include "base/str.h"
#include "sim/truth.h"
#include "truth_rig.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <unistd.h>

#define DIR_NAME "test_truth_crowd.tmp"

/* Runs a scene's people from from_s after its start on, and compares. */
static struct found agrees(const char *name, double from_s, double seconds,
			   bool (*in_shop)(struct pt_m))
{
	static const char *const files[] = { "people.csv",  "floor.csv", "crossings.csv",
					     "visits.csv",  "queue.csv", "occupancy.csv",
					     "measures.csv" };
	struct str path = STR_INIT;
	struct record record = { 0 };
	const struct actor *actors;
	struct plan plan = { 0 };
	struct found found;
	struct crowd *crowd;
	struct truth *truth;
	struct scene *s;
	struct err err = { 0 };

	str_addf(&path, TESTS_DIR "/../../samples/scenes/%s.ini", name);
	s = scene_read(path.s, &err);
	if (!s || plan_read(&plan, s->plan, &err) < 0)
		fail_msg("%s", err.msg);
	s->start_us += (int64_t)(from_s * 1e6);
	assert_int_equal(file_mkdirs(DIR_NAME, &err), 0);
	assert_int_equal(truth_open(&truth, DIR_NAME, NULL, s, &plan, &err), 0);
	crowd = crowd_new(s, 5);
	for (int64_t t_us = s->start_us; t_us - s->start_us < seconds * 1e6;) {
		int n;

		t_us = crowd_step(crowd, &actors, &n);
		truth_tick(truth, t_us, actors, n);
		record_add(&record, t_us, actors, n);
	}
	assert_int_equal(truth_close(truth, &err), 0);
	found = record_check(&record, s, &plan, DIR_NAME, in_shop);
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		path.len = 0;
		str_addf(&path, DIR_NAME "/%s", files[i]);
		assert_int_equal(unlink(path.s), 0);
	}
	assert_int_equal(rmdir(DIR_NAME), 0);
	crowd_free(crowd);
	record_clear(&record);
	plan_clear(&plan);
	scene_free(s);
	str_clear(&path);
	return found;
}

static bool in_door_shop(struct pt_m at)
{
	return at.y < 6;
}

static void the_door_agrees(void **state)
{
	struct found f = agrees("door", 0, 300, in_door_shop);

	(void)state;
	print_message("%d people, %d crossings, %d visits, %d at most in the shop\n", f.people,
		      f.crossings, f.visits, f.most_in_store);
	assert_true(f.people > 25 && f.crossings > 25 && f.visits > 15 && f.most_in_store > 3);
}

static bool in_checkout_shop(struct pt_m at)
{
	return at.x > 1.6;
}

static void the_checkout_agrees(void **state)
{
	struct found f = agrees("checkout", 0, 1200, in_checkout_shop);

	(void)state;
	print_message("%d people, %d crossings, %d visits, %d queued\n", f.people, f.crossings,
		      f.visits, f.queues);
	assert_true(f.people > 10 && f.crossings > 15 && f.visits > 15 && f.queues > 8);
}

static bool in_big_shop(struct pt_m at)
{
	return at.y < 14;
}

static void the_store_agrees(void **state)
{
	struct found f = agrees("store", 3 * 3600, 480, in_big_shop);

	(void)state;
	print_message("%d people, %d crossings, %d visits, %d queued, %d at most in the shop\n",
		      f.people, f.crossings, f.visits, f.queues, f.most_in_store);
	assert_true(f.people > 60 && f.crossings > 50 && f.visits > 50 && f.queues > 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_door_agrees),
		cmocka_unit_test(the_checkout_agrees),
		cmocka_unit_test(the_store_agrees),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
