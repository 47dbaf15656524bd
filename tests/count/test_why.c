/* SPDX-License-Identifier: Apache-2.0 */
/* test_why.c -- the reasons that the counter gives: one for each path that crossed a line. */
#include "base/rng.h"
#include "rig.h"

#include <string.h>

/* From west to east, 8 m; "in" is to the south. Hysteresis 0.3 m. */
static const struct pt_floor door[] = { { -4, 0 }, { 4, 0 } };

static int setup(void **state)
{
	struct rig *r = xcalloc(1, sizeof(*r));

	rig_init(r);
	rig_add(r, PLACE_LINE, door, 2);
	rig_start(r, NULL, true);
	*state = r;
	return 0;
}

static int teardown(void **state)
{
	rig_clear(*state);
	free(*state);
	return 0;
}

static void assert_why(const struct rig *r, size_t i, int64_t person, int dir,
		       enum line_rule rule)
{
	assert_true(i < r->why.n);
	assert_int_equal(r->why.v[i].person, person);
	assert_int_equal(r->why.v[i].place, 0);
	assert_int_equal(r->why.v[i].dir, dir);
	assert_string_equal(line_rule_name(r->why.v[i].rule), line_rule_name(rule));
}

static void who_gets_clear_is_counted_for_it(void **state)
{
	struct rig *r = *state;

	rig_walk(r, 7, 0, 1, 0, -1, 20);
	rig_end(r);
	assert_int_equal(r->why.n, 1);
	assert_why(r, 0, 7, 1, LINE_RULE_CLEAR);
	assert_int_equal(r->why.v[0].t_us, r->event.v[0].t_us);
}

static void who_vanishes_behind_the_line_is_counted_at_the_end(void **state)
{
	struct rig *r = *state;

	rig_walk(r, 7, 0, -1, 0, 0.05, 20);
	rig_end(r);
	assert_int_equal(r->why.n, 1);
	assert_why(r, 0, 7, -1, LINE_RULE_END);
}

static void a_reach_over_the_line_went_back(void **state)
{
	struct rig *r = *state;

	rig_walk(r, 7, 0, 1, 0, -0.2, 10);
	rig_walk(r, 7, 0, -0.2, 0, 1, 10);
	rig_end(r);
	assert_int_equal(r->why.n, 1);
	assert_why(r, 0, 7, 0, LINE_RULE_BACK);
	assert_int_equal(r->event.n, 0);
}

static void trembling_on_the_line_is_too_short(void **state)
{
	struct rig *r = *state;

	for (int i = 0; i < 51; i++)
		rig_see(r, 7, 0, i % 2 ? 0.1 : -0.1);
	rig_end(r);
	assert_int_equal(r->why.n, 1);
	assert_why(r, 0, 7, 0, LINE_RULE_SHORT);
}

static void a_quick_return_is_called_a_uturn(void **state)
{
	struct rig *r = *state;

	rig_walk(r, 7, 0, 1, 0, -0.5, 6);
	rig_walk(r, 7, 0, -0.5, 0, 1, 6);
	rig_end(r);
	assert_int_equal(r->why.n, 2);
	assert_why(r, 0, 7, 1, LINE_RULE_CLEAR);
	assert_why(r, 1, 7, -1, LINE_RULE_UTURN);
}

static void a_step_in_a_gap_is_nobodys(void **state)
{
	struct rig *r = *state;

	rig_walk(r, 7, 0, 1, 0, 0.4, 5);
	rig_nobody(r, 40);
	rig_walk(r, 7, 0, -0.4, 0, -1, 5);
	rig_end(r);
	assert_int_equal(r->event.n, 0);
	assert_int_equal(r->why.n, 1);
	assert_why(r, 0, 7, 1, LINE_RULE_GAP);
	assert_int_equal(r->why.v[0].t_us, MIDNIGHT_US + 46 * FRAME_US);
}

static void who_stays_on_one_side_has_no_reason(void **state)
{
	struct rig *r = *state;

	rig_walk(r, 7, -3, 0.1, 3, 0.1, 30);
	rig_walk(r, 8, 5, 1, 5, -1, 20); /* round the line's end */
	rig_end(r);
	assert_int_equal(r->why.n, 0);
}

/* Wherever people wander: each event has its reason, with its time, person and direction, and
 * whatever else is told was no event. */
static void reasons_and_events_are_the_same_crossings(void **state)
{
	struct rig *r = *state;
	struct rng rng;
	size_t n_event = 0;

	rng_init(&rng, 6, 0);
	for (int track = 1; track <= 300; track++) {
		double x = rng_between(&rng, -5, 5), y = rng_between(&rng, -1, 1);

		for (int i = 0; i < 60; i++) {
			rig_see(r, track, x, y);
			x += 0.1 * rng_normal(&rng);
			y += 0.2 * rng_normal(&rng);
			if (rng_chance(&rng, 0.02))
				rig_nobody(r, 20 + (int)rng_below(&rng, 20));
		}
	}
	rig_end(r);
	for (size_t i = 0; i < r->why.n; i++) {
		const struct count_why *w = &r->why.v[i];
		bool counted = w->rule == LINE_RULE_CLEAR || w->rule == LINE_RULE_END ||
			       w->rule == LINE_RULE_UTURN;
		int found = 0;

		assert_true(w->rule > LINE_RULE_NONE && w->rule < LINE_RULES);
		for (size_t k = 0; k < r->event.n; k++)
			found += r->event.v[k].t_us == w->t_us &&
				 r->event.v[k].person == w->person &&
				 (r->event.v[k].kind == EVENT_CROSS_IN) == (w->dir > 0);
		n_event += counted;
		if (counted)
			assert_int_equal(found, 1);
	}
	assert_int_equal(n_event, r->event.n);
	assert_true(n_event > 100 && r->why.n > n_event + 20);
}

#define TEST(t) cmocka_unit_test_setup_teardown(t, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(who_gets_clear_is_counted_for_it),
		TEST(who_vanishes_behind_the_line_is_counted_at_the_end),
		TEST(a_reach_over_the_line_went_back),
		TEST(trembling_on_the_line_is_too_short),
		TEST(a_quick_return_is_called_a_uturn),
		TEST(a_step_in_a_gap_is_nobodys),
		TEST(who_stays_on_one_side_has_no_reason),
		TEST(reasons_and_events_are_the_same_crossings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
