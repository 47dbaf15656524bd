/* SPDX-License-Identifier: Apache-2.0 */
/* test_truth.c -- the truth's files: of single walks that are worked out by hand, and of a
 * crowd of drifting people against the positions. */
#include "base/file.h"
#include "base/rng.h"
#include "base/str.h"
#include "base/vec.h"
#include "eval/mot.h"
#include "sim/truth.h"
#include "truth_rig.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DIR_NAME "test_truth.tmp"

static const char *const files[] = { "people.csv",   "floor.csv", "crossings.csv",
				     "visits.csv",   "queue.csv", "occupancy.csv",
				     "measures.csv", "one.gt.txt" };
#define N_FILES (sizeof(files) / sizeof(files[0]))

static struct scene *scene;

/* A line to the east at y = 4 (in is south) and one with a corner; a square from 2,1 to 4,3 and
 * an L around its far corner. */
static struct place places[] = {
	{ .name = "straight",
	  .kind = PLACE_LINE,
	  .coords = PLAN_METRES,
	  .n = 2,
	  .xy = { { 0, 4 }, { 10, 4 } } },
	{ .name = "corner",
	  .kind = PLACE_LINE,
	  .coords = PLAN_METRES,
	  .n = 3,
	  .xy = { { 5, 1 }, { 5, 5 }, { 9, 5 } } },
	{ .name = "square",
	  .kind = PLACE_ZONE,
	  .coords = PLAN_METRES,
	  .n = 4,
	  .xy = { { 2, 1 }, { 4, 1 }, { 4, 3 }, { 2, 3 } } },
	{ .name = "L",
	  .kind = PLACE_ZONE,
	  .coords = PLAN_METRES,
	  .n = 6,
	  .xy = { { 3, 2 }, { 8, 2 }, { 8, 7 }, { 6, 7 }, { 6, 4 }, { 3, 4 } } },
};
static const struct plan plan = { places, sizeof(places) / sizeof(places[0]) };

static int start(void **state)
{
	static const char text[] = "[floor]\nbox = 0,0 10,8\n[camera one]\nat = 5,1,3\n"
				   "to = 5,5,0\n[till a]\ncustomer = 1,1\ncashier = 1,2\n"
				   "queue = 1,1 3,1\n[till b]\ncustomer = 1,5\ncashier = 1,6\n"
				   "queue = 1,5 3,5\n";

	(void)state;
	scene = scene_parse(text, sizeof(text) - 1, "scene.ini", NULL);
	return !scene || file_mkdirs(DIR_NAME, NULL);
}

static bool there(const char *name)
{
	char *path = file_join(DIR_NAME, name);
	bool yes = access(path, F_OK) == 0;

	free(path);
	return yes;
}

static void remove_files(void)
{
	for (size_t i = 0; i < N_FILES; i++) {
		char *path = file_join(DIR_NAME, files[i]);

		unlink(path);
		free(path);
	}
}

static int stop(void **state)
{
	(void)state;
	scene_free(scene);
	remove_files();
	return rmdir(DIR_NAME);
}

static struct truth *open_truth(void)
{
	struct truth *t;
	struct err err;

	remove_files();
	if (truth_open(&t, DIR_NAME, NULL, scene, &plan, &err) < 0)
		fail_msg("%s", err.msg);
	return t;
}

static int64_t at_s(double s)
{
	return scene->start_us + llrint(s * 1e6);
}

static void close_truth(struct truth *t)
{
	struct err err;

	if (truth_close(t, &err) < 0)
		fail_msg("%s", err.msg);
}

/* ---- One person ---- */

struct waypoint {
	double s, x, y;
};

static const struct actor nobody = { .who = { .id = 7,
					      .kind = PERSON_SHOPPER,
					      .body = BODY_ADULT,
					      .height_m = 1.7,
					      .walker = -1 },
				     .doing = DOING_WALK,
				     .till = -1,
				     .shelf = -1 };

/* Walks from waypoint to waypoint; gone after the last, and the store stays open until end_s.
 */
static void walk(const struct waypoint *w, int n, double end_s)
{
	struct truth *t = open_truth();
	struct actor a = nobody;
	int leg = 0;

	for (int tick = 0; tick * 0.1 <= end_s + 1e-9; tick++) {
		double s = tick * 0.1, k;

		while (leg < n - 2 && s > w[leg + 1].s + 1e-9)
			leg++;
		k = n > 1 ? (s - w[leg].s) / (w[leg + 1].s - w[leg].s) : 0;
		if (n > 1) {
			a.at.x = w[leg].x + k * (w[leg + 1].x - w[leg].x);
			a.at.y = w[leg].y + k * (w[leg + 1].y - w[leg].y);
		}
		truth_tick(t, at_s(s), &a, s <= w[n - 1].s + 1e-9);
	}
	close_truth(t);
}
#define WALK(end_s, ...) \
	walk((const struct waypoint[]){ __VA_ARGS__ }, \
	     sizeof((const struct waypoint[]){ __VA_ARGS__ }) / sizeof(struct waypoint), \
	     end_s)

static void says(const char *name, const char *expected)
{
	char *path = file_join(DIR_NAME, name), *text;
	struct err err;
	size_t len;

	if (file_read(path, 1 << 20, &text, &len, &err) < 0)
		fail_msg("%s", err.msg);
	assert_string_equal(strchr(text, '\n') + 1, expected);
	free(path);
	free(text);
}

static void a_walk_over_a_line_is_timed_between_ticks(void **state)
{
	(void)state;
	/* 1 m/s south: y = 4 after 1.955 s. */
	WALK(5, { 0, 1, 5.955 }, { 4, 1, 1.955 });
	says("crossings.csv", "2026-03-14T09:00:01.955Z,1.955,straight,in,7,0,shopper\n");
	says("people.csv", "2026-03-14T09:00:00.000Z,0.000,2026-03-14T09:00:04.000Z,4.000,7,0,"
			   "shopper,adult,0,1.70,0,\n");
}

static void there_and_back_are_two_crossings(void **state)
{
	(void)state;
	WALK(8, { 0, 1, 5 }, { 2, 1, 3 }, { 4, 1, 5 });
	says("crossings.csv", "2026-03-14T09:00:01.000Z,1.000,straight,in,7,0,shopper\n"
			      "2026-03-14T09:00:03.000Z,3.000,straight,out,7,0,shopper\n");
}

static void nobody_crosses_who_does_not_get_clear(void **state)
{
	(void)state;
	/* From afar to 29 cm over the line, and back. */
	WALK(8, { 0, 1, 5 }, { 2, 1, 3.71 }, { 4, 1, 5 });
	says("crossings.csv", "");
	/* Trembles on it all his life. */
	WALK(8, { 0, 1, 4.14 }, { 1, 1, 3.86 }, { 2, 1, 4.14 }, { 3, 1, 3.86 });
	says("crossings.csv", "");
	/* Lingers there, then gets clear: once, when he was last over. */
	WALK(8, { 0, 1, 5 }, { 1, 1, 3.8 }, { 2, 1, 4.2 }, { 3, 1, 3.8 }, { 4, 1, 3 });
	says("crossings.csv", "2026-03-14T09:00:02.500Z,2.500,straight,in,7,0,shopper\n");
}

static void who_vanishes_behind_the_line_has_crossed(void **state)
{
	(void)state;
	WALK(4, { 0, 1, 5 }, { 1.1, 1, 3.9 });
	says("crossings.csv", "2026-03-14T09:00:01.000Z,1.000,straight,in,7,0,shopper\n");
	WALK(4, { 0, 1, 4.1 }, { 1.1, 1, 3 });
	says("crossings.csv", "2026-03-14T09:00:00.100Z,0.100,straight,in,7,0,shopper\n");
}

static void a_path_through_a_corner_crosses_once(void **state)
{
	(void)state;
	/* Exactly through 5,5, from the left of the line to its right. */
	WALK(4, { 0, 4, 6 }, { 1.6, 5.6, 4.4 });
	says("crossings.csv", "2026-03-14T09:00:01.000Z,1.000,corner,in,7,0,shopper\n");
	/* Touches it with one step and goes back with the next: does not cross. */
	WALK(4, { 0, 4, 4.5 }, { 1, 5, 5 }, { 2, 4, 5.5 });
	says("crossings.csv", "");
}

static void a_visit_lasts_from_edge_to_edge(void **state)
{
	(void)state;
	WALK(6, { 0, 1.45, 1.5 }, { 4, 5.45, 1.5 });
	says("visits.csv",
	     "2026-03-14T09:00:00.550Z,0.550,2026-03-14T09:00:02.550Z,2.550,square,7,0,shopper,"
	     "2.000,0\n");
}

static void short_gaps_are_the_same_visit(void **state)
{
	(void)state;
	/* Outside for 2.95 s, then for 3.05 s. */
	WALK(16, { 0, 3, 1.5 }, { 2, 1, 1.5 }, { 2.95, 1, 1.5 }, { 4.95, 3, 1.5 },
	     { 6.95, 1, 1.5 }, { 8, 1, 1.5 }, { 10, 3, 1.5 });
	says("visits.csv",
	     "2026-03-14T09:00:00.000Z,0.000,2026-03-14T09:00:05.950Z,5.950,square,7,0,shopper,"
	     "5.950,0\n"
	     "2026-03-14T09:00:09.000Z,9.000,2026-03-14T09:00:10.000Z,10.000,square,7,0,"
	     "shopper,1.000,0\n");
}

static void who_is_there_at_the_end_is_open(void **state)
{
	(void)state;
	WALK(2, { 0, 0.95, 1.5 }, { 2, 2.95, 1.5 });
	says("visits.csv",
	     "2026-03-14T09:00:01.050Z,1.050,2026-03-14T09:00:02.000Z,2.000,square,7,0,shopper,"
	     "0.950,1\n");
	says("people.csv", "2026-03-14T09:00:00.000Z,0.000,,,7,0,shopper,adult,0,1.70,0,\n");
	says("occupancy.csv", "2026-03-14T09:00:00.000Z,0.000,1,0,0,0\n"
			      "2026-03-14T09:00:01.000Z,1.000,1,0,0,0\n"
			      "2026-03-14T09:00:02.000Z,2.000,1,0,1,0\n");
}

static void queues_are_joined_served_and_left(void **state)
{
	static const struct {
		enum doing doing;
		int till;
	} script[] = {
		{ DOING_WALK, -1 }, { DOING_QUEUE, 0 }, { DOING_QUEUE, 0 }, { DOING_PAY, 0 },
		{ DOING_PAY, 0 },   { DOING_WALK, -1 }, { DOING_QUEUE, 0 }, { DOING_QUEUE, 1 },
		{ DOING_WALK, -1 }, { DOING_WORK, 1 },  { DOING_PAY, 1 },
	};
	struct truth *t = open_truth();
	struct actor a = nobody;

	(void)state;
	for (size_t i = 0; i < sizeof(script) / sizeof(script[0]); i++) {
		a.doing = script[i].doing;
		a.till = script[i].till;
		truth_tick(t, at_s(0.1 * (double)i), &a, 1);
	}
	close_truth(t);
	says("queue.csv",
	     "2026-03-14T09:00:00.100Z,0.100,2026-03-14T09:00:00.300Z,0.300,"
	     "2026-03-14T09:00:00.500Z,0.500,a,7,0,shopper,0.200,paid\n"
	     "2026-03-14T09:00:00.600Z,0.600,,,2026-03-14T09:00:00.700Z,0.700,a,7,0,shopper,"
	     "0.100,left\n"
	     "2026-03-14T09:00:00.700Z,0.700,,,2026-03-14T09:00:00.800Z,0.800,b,7,0,shopper,"
	     "0.100,left\n"
	     "2026-03-14T09:00:01.000Z,1.000,2026-03-14T09:00:01.000Z,1.000,"
	     "2026-03-14T09:00:01.000Z,1.000,b,7,0,shopper,0.000,open\n");
}

/* ---- Files ---- */

static void boxes_are_read_by_eval(void **state)
{
	const struct seen seen[] = {
		{ .id = 3, .box = { 10.5, 20, 30, 80.25 }, .at = { 1.25, -2 }, .visible = 0.5 },
		{ .id = 4, .box = { 200, 20, 30, 80 }, .visible = 0 },
		{ .id = 9, .box = { -4, 30, 30, 80 }, .visible = 1 },
	};
	char *path = file_join(DIR_NAME, "one.gt.txt");
	struct truth *t = open_truth();
	struct mot_file mot;
	struct err err;

	(void)state;
	truth_frame(t, 0, 0, seen, 1);
	truth_frame(t, 0, 2, seen, 3);
	close_truth(t);
	says("one.gt.txt", "3,3,10.50,20.00,30.00,80.25,1,1,0.500,1.250,-2.000\n"
			   "3,9,-4.00,30.00,30.00,80.00,1,1,1.000,0.000,0.000\n");
	if (mot_read(&mot, path, &err) < 0)
		fail_msg("%s", err.msg);
	assert_int_equal(mot.n, 3);
	assert_int_equal(mot.n_frames, 3);
	assert_int_equal(mot.box[0].frame, 0);
	assert_true(mot.box[0].visible == 0.5);
	assert_true(mot.box[0].x_m == 1.25 && mot.box[0].y_m == -2);
	assert_true(mot.box[2].x == -4);
	mot_file_clear(&mot);
	free(path);
}

static void files_appear_when_all_is_written(void **state)
{
	struct truth *t = open_truth();

	(void)state;
	truth_tick(t, at_s(0), &nobody, 1);
	for (size_t i = 0; i < N_FILES; i++)
		assert_false(there(files[i]));
	truth_drop(t);
	for (size_t i = 0; i < N_FILES; i++)
		assert_false(there(files[i]));
	t = open_truth();
	close_truth(t);
	assert_true(there("people.csv"));
	assert_false(there("one.gt.txt")); /* no picture was made */
	assert_int_equal(truth_close(NULL, NULL), 0);
	truth_drop(NULL);
}

static void what_cannot_be_is_told(void **state)
{
	struct place drawn = { .name = "on the picture",
			       .kind = PLACE_LINE,
			       .coords = PLAN_IMAGE,
			       .n = 2,
			       .xy = { { 0, 0 }, { 1, 1 } } };
	struct plan picture = { &drawn, 1 };
	struct truth *t = NULL;
	struct err err;

	(void)state;
	assert_int_equal(truth_open(&t, DIR_NAME, NULL, scene, &picture, &err), ERR_CONFIG);
	assert_non_null(strstr(err.msg, "'on the picture' is drawn on a picture"));
	assert_int_equal(truth_open(&t, "nowhere", NULL, scene, &plan, &err), ERR_IO);
	assert_non_null(strstr(err.msg, "nowhere"));
	assert_null(t);
}

/* ---- A crowd without sense ---- */

#define DRIFTERS 14

struct drifter {
	struct actor a;
	struct rng rng;
	int from, to; /* ticks */
	double heading, pace;
};

static void drift(struct drifter *d)
{
	struct actor *a = &d->a;

	d->heading += 0.35 * rng_normal(&d->rng);
	if (rng_chance(&d->rng, 0.02))
		d->pace = rng_chance(&d->rng, 0.4) ? 0.02 : rng_between(&d->rng, 0.3, 1.6);
	a->at.x += 0.1 * d->pace * cos(d->heading);
	a->at.y += 0.1 * d->pace * sin(d->heading);
	if (a->at.x < 0.5 || a->at.x > 9.5 || a->at.y < 0.5 || a->at.y > 7.5)
		d->heading = atan2(4 - a->at.y, 5 - a->at.x);
	if (rng_chance(&d->rng, 0.03)) {
		a->doing = (enum doing)(1 + rng_below(&d->rng, 6));
		a->till = a->doing == DOING_QUEUE || a->doing == DOING_PAY
				  ? (int)rng_below(&d->rng, 2)
				  : -1;
	}
}

static bool everywhere(struct pt_m at)
{
	(void)at;
	return true;
}

static void drifters_agree_with_their_positions(void **state)
{
	struct drifter who[DRIFTERS];
	struct truth *t = open_truth();
	struct record record = { 0 };
	struct found found;

	(void)state;
	for (int i = 0; i < DRIFTERS; i++) {
		struct drifter *d = &who[i];

		*d = (struct drifter){ .a = nobody };
		rng_init(&d->rng, 20260314, (uint64_t)i);
		d->a.who.id = 2 * i + 1;
		d->a.who.group = i / 3;
		d->a.who.kind = (enum person_kind)(1 + i % 3);
		d->a.at =
			(struct pt_m){ rng_between(&d->rng, 1, 9), rng_between(&d->rng, 1, 7) };
		d->pace = 1;
		d->from = i * 40;
		d->to = i % 4 ? d->from + 600 + i * 40 : 1601;
	}
	for (int tick = 0; tick <= 1600; tick++) {
		struct actor there_now[DRIFTERS];
		int n = 0;

		for (int i = 0; i < DRIFTERS; i++) {
			if (tick < who[i].from || tick >= who[i].to)
				continue;
			drift(&who[i]);
			there_now[n++] = who[i].a;
		}
		truth_tick(t, at_s(0) + tick * CROWD_TICK_US, there_now, n);
		record_add(&record, at_s(0) + tick * CROWD_TICK_US, there_now, n);
	}
	close_truth(t);
	found = record_check(&record, scene, &plan, DIR_NAME, everywhere);
	assert_int_equal(found.people, DRIFTERS);
	assert_true(found.crossings > 40 && found.visits > 40 && found.queues > 40);
	record_clear(&record);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_walk_over_a_line_is_timed_between_ticks),
		cmocka_unit_test(there_and_back_are_two_crossings),
		cmocka_unit_test(nobody_crosses_who_does_not_get_clear),
		cmocka_unit_test(who_vanishes_behind_the_line_has_crossed),
		cmocka_unit_test(a_path_through_a_corner_crosses_once),
		cmocka_unit_test(a_visit_lasts_from_edge_to_edge),
		cmocka_unit_test(short_gaps_are_the_same_visit),
		cmocka_unit_test(who_is_there_at_the_end_is_open),
		cmocka_unit_test(queues_are_joined_served_and_left),
		cmocka_unit_test(boxes_are_read_by_eval),
		cmocka_unit_test(files_appear_when_all_is_written),
		cmocka_unit_test(what_cannot_be_is_told),
		cmocka_unit_test(drifters_agree_with_their_positions),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
