/* SPDX-License-Identifier: Apache-2.0 */
/* test_machines.c -- gates, funnels, queues, stops, ways, parties, passers-by and staff: what a
 * user means by each, played by hand.
 */
#include "rig.h"

/* The floor, in metres, y to the north. The street is north of y = 0. */
enum { DOOR, INNER, WINDOW, BACK, SHELF, TAIL, HEAD, COUNTER, TABLE, WALL, GATE, QUEUE };

static const struct pt_floor door[] = { { -1, 0 }, { 1, 0 } };
static const struct pt_floor inner[] = { { -2, -2 }, { 2, -2 } };
static const struct pt_floor window[] = { { 6, 4 }, { 6, 0.5 } };
static const struct pt_floor back[] = { { -20, -12 }, { -20, -8 } };
static const struct pt_floor shelf[] = { { -10, -10 }, { -7, -10 }, { -7, -8 }, { -10, -8 } };
static const struct pt_floor tail[] = { { 10, -10 }, { 12, -10 }, { 12, -5 }, { 10, -5 } };
static const struct pt_floor head[] = { { 10, -12 }, { 12, -12 }, { 12, -10 }, { 10, -10 } };
static const struct pt_floor counter[] = { { 10, -15 }, { 12, -15 }, { 12, -13 }, { 10, -13 } };
static const struct pt_floor table[] = { { 0, -10 }, { 0, -6 } };
static const struct pt_floor wall[] = { { 2.5, -10 }, { 2.5, -6 } };

static int setup(void **state)
{
	struct rig *r = xcalloc(1, sizeof(*r));

	rig_init(r);
	rig_add(r, PLACE_LINE, door, 2);
	rig_add(r, PLACE_LINE, inner, 2);
	rig_add(r, PLACE_LINE, window, 2);
	rig_add(r, PLACE_LINE, back, 2);
	rig_add(r, PLACE_ZONE, shelf, 4);
	rig_add(r, PLACE_ZONE, tail, 4);
	rig_add(r, PLACE_ZONE, head, 4);
	rig_add(r, PLACE_ZONE, counter, 4);
	rig_add(r, PLACE_FIXTURE, table, 2);
	rig_add(r, PLACE_FIXTURE, wall, 2);
	rig_pair(r, PLACE_GATE, DOOR, INNER);
	rig_pair(r, PLACE_QUEUE, HEAD, TAIL);
	r->place[DOOR].role = LINE_ENTRY;
	r->place[WINDOW].role = LINE_OUTSIDE;
	r->place[BACK].role = LINE_STAFF;
	r->place[COUNTER].role = ZONE_COUNTER;
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

static void stand(struct rig *r, int64_t track, double x, double y, int frames)
{
	for (int i = 0; i < frames; i++)
		rig_see(r, track, x, y);
}

#define assert_value(r, place, m, key, n) assert_int_equal(rig_value(r, place, m, key), n)

/* ---- gates ---- */

static void through_both_lines_is_a_passage(void **state)
{
	struct rig *r = *state;

	rig_walk(r, 1, 0, 2, 0, -4, 60);
	rig_walk(r, 1, 0, -4, 0, 2, 60);
	rig_end(r);
	assert_value(r, GATE, MEASURE_GATE_IN, 0, 1);
	assert_value(r, GATE, MEASURE_GATE_OUT, 0, 1);
	assert_int_equal(rig_values(r, GATE, MEASURE_GATE_TURNED), 0);
}

static void waiting_between_the_lines_is_no_second_passage(void **state)
{
	struct rig *r = *state;

	rig_walk(r, 1, 0, 2, 0, -1, 30);
	stand(r, 1, 0, -1, 600);
	rig_walk(r, 1, 0, -1, 0, -4, 30);
	rig_walk(r, 1, 0, -4, 0, -1, 30); /* and back between them, and in again */
	rig_walk(r, 1, 0, -1, 0, -4, 30);
	rig_end(r);
	assert_value(r, GATE, MEASURE_GATE_IN, 0, 1);
	assert_value(r, GATE, MEASURE_GATE_OUT, 0, 0);
	assert_value(r, GATE, MEASURE_GATE_TURNED, TURNED_INSIDE, 1);
}

static void turning_between_the_lines_is_no_passage(void **state)
{
	struct rig *r = *state;

	rig_walk(r, 1, 0, 2, 0, -1, 30);
	rig_walk(r, 1, 0, -1, 0, 2, 30);
	rig_end(r);
	assert_int_equal(rig_line_sum(r, DOOR).crossings_in, 1);
	assert_value(r, GATE, MEASURE_GATE_IN, 0, 0);
	assert_value(r, GATE, MEASURE_GATE_OUT, 0, 0);
	assert_value(r, GATE, MEASURE_GATE_TURNED, TURNED_OUTSIDE, 1);
}

/* His track began between them: nobody knows where he came from. */
static void half_a_way_through_is_no_passage(void **state)
{
	struct rig *r = *state;

	rig_walk(r, 1, 0, -1, 0, -4, 30);
	rig_end(r);
	assert_int_equal(rig_line_sum(r, INNER).crossings_in, 1);
	assert_value(r, GATE, MEASURE_GATE_IN, 0, 0);
}

/* ---- funnels ---- */

static void walking_by_a_zone_is_exposure_only(void **state)
{
	struct rig *r = *state;

	rig_walk(r, 1, -14, -6.7, -3, -6.7, 110); /* 1.3 m from it */
	rig_end(r);
	assert_value(r, SHELF, MEASURE_EXPOSED, 0, 1);
	assert_value(r, SHELF, MEASURE_STOPPED, 0, 0);
	assert_int_equal(rig_zone_sum(r, SHELF).begun, 0);
}

static void farther_away_is_no_exposure(void **state)
{
	struct rig *r = *state;

	rig_walk(r, 1, -14, -6.4, -3, -6.4, 110); /* 1.6 m */
	rig_end(r);
	assert_value(r, SHELF, MEASURE_EXPOSED, 0, 0);
}

static void stopping_and_staying_go_down_the_funnel(void **state)
{
	struct rig *r = *state;

	rig_walk(r, 1, -14, -6.9, -9, -6.9, 50); /* stops beside it */
	stand(r, 1, -9, -6.9, 60);
	rig_walk(r, 1, -9, -6.9, -3, -6.9, 60);
	rig_nobody(r, 40);
	rig_walk(r, 2, -14, -9, -8, -9, 60); /* stays in it */
	stand(r, 2, -8, -9, 290);
	rig_walk(r, 2, -8, -9, -3, -9, 50);
	rig_end(r);
	assert_value(r, SHELF, MEASURE_EXPOSED, 0, 2);
	assert_value(r, SHELF, MEASURE_STOPPED, 0, 2);
	assert_value(r, SHELF, MEASURE_ENGAGED, 0, 1);
}

/* Half a minute in the zone without a stop: he was busy there, but no shopper. */
static void walking_about_in_a_zone_is_not_engaged(void **state)
{
	struct rig *r = *state;

	rig_walk(r, 1, -14, -9, -9.5, -9, 45);
	for (int i = 0; i < 20; i++) {
		rig_walk(r, 1, -9.5, -9, -7.5, -9, 10);
		rig_walk(r, 1, -7.5, -9, -9.5, -9, 10);
	}
	rig_walk(r, 1, -9.5, -9, -14, -9, 45);
	rig_end(r);
	assert_value(r, SHELF, MEASURE_EXPOSED, 0, 1);
	assert_value(r, SHELF, MEASURE_ENGAGED, 0, 0);
}

/* ---- queues ---- */

static int64_t single_key(const struct rig *r, int place, enum measure m)
{
	assert_int_equal(rig_values(r, place, m), 1);
	return rig_key_sum(r, place, m);
}

/* Waits 20 s, is served 30 s, and walks off through the front. */
static void a_customer_joins_waits_and_is_served(void **state)
{
	struct rig *r = *state;

	rig_walk(r, 1, 11, -2, 11, -8, 60);
	stand(r, 1, 11, -8, 200);
	rig_walk(r, 1, 11, -8, 11, -11, 30);
	stand(r, 1, 11, -11, 300);
	rig_walk(r, 1, 11, -11, 16, -11, 50);
	rig_nobody(r, 400);
	rig_end(r);
	assert_value(r, QUEUE, MEASURE_QUEUE_JOINED, 0, 1);
	/* From within 0.6 m of where he stood until he was over the border. */
	assert_near((double)single_key(r, QUEUE, MEASURE_QUEUE_WAIT), 22600, 500);
	assert_near((double)single_key(r, QUEUE, MEASURE_QUEUE_SERVICE), 32000, 500);
	assert_int_equal(rig_values(r, QUEUE, MEASURE_QUEUE_ABANDONED), 0);
	assert_int_equal(rig_values(r, QUEUE, MEASURE_QUEUE_FRONT), 0);
	/* One waited; how long is known to within what may still be changed when he joined. */
	assert_near((double)rig_value(r, QUEUE, MEASURE_QUEUE_LEVEL, 1), 20600, 500);
	assert_int_equal(rig_values(r, QUEUE, MEASURE_QUEUE_LEVEL),
			 rig_value(r, QUEUE, MEASURE_QUEUE_LEVEL, 1));
}

static void walking_through_the_tail_is_no_queueing(void **state)
{
	struct rig *r = *state;

	rig_walk(r, 1, 11, -2, 11, -7, 50);
	stand(r, 1, 11, -7, 30); /* 3 s for somebody else */
	rig_walk(r, 1, 11, -7, 16, -7, 50);
	rig_end(r);
	assert_value(r, QUEUE, MEASURE_QUEUE_JOINED, 0, 0);
	assert_int_equal(rig_values(r, QUEUE, MEASURE_QUEUE_LEVEL), 0);
}

static void a_free_till_is_no_wait(void **state)
{
	struct rig *r = *state;

	rig_walk(r, 1, 11, -2, 11, -11, 90);
	stand(r, 1, 11, -11, 100);
	rig_walk(r, 1, 11, -11, 16, -11, 50);
	rig_end(r);
	assert_value(r, QUEUE, MEASURE_QUEUE_JOINED, 0, 1);
	assert_value(r, QUEUE, MEASURE_QUEUE_WAIT, 0, 1);
	assert_int_equal(rig_values(r, QUEUE, MEASURE_QUEUE_SERVICE), 1);
}

static void leaving_the_tail_is_abandoning(void **state)
{
	struct rig *r = *state;

	rig_walk(r, 1, 11, -2, 11, -8, 60);
	stand(r, 1, 11, -8, 600);
	rig_walk(r, 1, 11, -8, 16, -8, 50);
	for (int i = 0; i < 400; i++)
		rig_see(r, 1, 16, -8);
	rig_end(r);
	assert_value(r, QUEUE, MEASURE_QUEUE_JOINED, 0, 1);
	assert_near((double)single_key(r, QUEUE, MEASURE_QUEUE_ABANDONED), 61500, 700);
	assert_int_equal(rig_values(r, QUEUE, MEASURE_QUEUE_WAIT), 0);
}

/* He fetches something and comes back 20 s later: he still waits. 40 s later he queues anew. */
static void away_for_a_moment_is_the_same_queueing(void **state)
{
	for (int away = 200; away <= 400; away += 200) {
		struct rig *r;
		void *fresh;
		(void)state;

		setup(&fresh);
		r = fresh;
		rig_walk(r, 1, 11, -2, 11, -8, 60);
		stand(r, 1, 11, -8, 200);
		rig_walk(r, 1, 11, -8, 14, -8, 30);
		stand(r, 1, 14, -8, away - 60);
		rig_walk(r, 1, 14, -8, 11, -8, 30);
		stand(r, 1, 11, -8, 100);
		rig_walk(r, 1, 11, -8, 11, -11, 30);
		stand(r, 1, 11, -11, 100);
		rig_end(r);
		assert_value(r, QUEUE, MEASURE_QUEUE_JOINED, 0, away < 300 ? 1 : 2);
		assert_int_equal(rig_values(r, QUEUE, MEASURE_QUEUE_ABANDONED), away >= 300);
		assert_int_equal(rig_values(r, QUEUE, MEASURE_QUEUE_WAIT), 1);
		teardown(&fresh);
	}
}

static void staff_from_the_front_do_not_queue(void **state)
{
	struct rig *r = *state;

	rig_walk(r, 1, 16, -11, 11, -11, 50);
	stand(r, 1, 11, -11, 300);
	rig_walk(r, 1, 11, -11, 16, -11, 50);
	rig_end(r);
	assert_value(r, QUEUE, MEASURE_QUEUE_FRONT, 0, 1);
	assert_value(r, QUEUE, MEASURE_QUEUE_JOINED, 0, 0);
	assert_int_equal(rig_values(r, QUEUE, MEASURE_QUEUE_SERVICE), 0);
}

static void who_is_lost_while_waiting_is_told(void **state)
{
	struct rig *r = *state;

	rig_walk(r, 1, 11, -2, 11, -8, 60);
	stand(r, 1, 11, -8, 200);
	rig_nobody(r, 100);
	rig_end(r);
	assert_value(r, QUEUE, MEASURE_QUEUE_LOST, 0, 1);
	assert_int_equal(rig_values(r, QUEUE, MEASURE_QUEUE_ABANDONED), 0);
	/* Until he was lost, and not a moment longer. */
	assert_near((double)rig_value(r, QUEUE, MEASURE_QUEUE_LEVEL, 1), 18500, 700);
}

/* ---- stops and fixtures ---- */

static void a_stop_at_a_table_has_a_side(void **state)
{
	struct rig *r = *state;

	rig_walk(r, 1, -4, -8, -0.7, -8, 33); /* the table runs north: west of it is left */
	stand(r, 1, -0.7, -8, 100);
	rig_walk(r, 1, -0.7, -8, -4, -8, 33);
	rig_end(r);
	assert_value(r, TABLE, MEASURE_STOPS, SIDE_LEFT, 1);
	assert_value(r, TABLE, MEASURE_FACING, SIDE_LEFT, 1);
	assert_value(r, WALL, MEASURE_STOPS, SIDE_LEFT, 0); /* 3.2 m away */
	assert_near((double)single_key(r, TABLE, MEASURE_FACING_LEFT), 11000, 800);
	assert_int_equal(rig_values(r, TABLE, MEASURE_FACING_RIGHT), 0);
}

/* Between two fixtures, 1.2 and 1.3 m away, he faces the one he walked up to. */
static void of_two_fixtures_the_one_he_came_to_is_faced(void **state)
{
	struct rig *r = *state;

	rig_walk(r, 1, 0.3, -8, 1.3, -8, 10); /* away from the table, to the wall */
	stand(r, 1, 1.3, -8, 100);
	rig_end(r);
	assert_value(r, TABLE, MEASURE_STOPS, SIDE_RIGHT, 1);
	assert_value(r, WALL, MEASURE_STOPS, SIDE_LEFT, 1);
	assert_value(r, WALL, MEASURE_FACING, SIDE_LEFT, 1);
	assert_int_equal(rig_values(r, TABLE, MEASURE_FACING), 0);
}

static void the_back_to_a_fixture_is_not_facing_it(void **state)
{
	struct rig *r = *state;

	rig_walk(r, 1, -0.2, -8, -1.3, -8, 11);
	stand(r, 1, -1.3, -8, 100);
	rig_end(r);
	assert_value(r, TABLE, MEASURE_STOPS, SIDE_LEFT, 1);
	assert_int_equal(rig_values(r, TABLE, MEASURE_FACING), 0);
}

static void waiting_for_the_way_is_no_interest(void **state)
{
	struct rig *r = *state;

	rig_walk(r, 1, -4, -8, -0.7, -8, 33);
	stand(r, 1, -0.7, -8, 28);
	rig_walk(r, 1, -0.7, -8, -4, -8, 33);
	rig_end(r);
	assert_value(r, TABLE, MEASURE_STOPS, SIDE_LEFT, 1);
	assert_int_equal(rig_values(r, TABLE, MEASURE_FACING), 0);
}

/* 0.2 m/s along the table: one stop, as long as it takes. */
static void moving_along_a_shelf_is_one_stop(void **state)
{
	struct rig *r = *state;

	rig_walk(r, 1, -4, -6.5, -0.7, -6.5, 33);
	rig_walk(r, 1, -0.7, -6.5, -0.7, -9.5, 150);
	rig_walk(r, 1, -0.7, -9.5, -4, -9.5, 33);
	rig_end(r);
	assert_value(r, TABLE, MEASURE_STOPS, SIDE_LEFT, 1);
	assert_near((double)single_key(r, TABLE, MEASURE_FACING_LEFT), 15500, 1200);
}

static void the_floors_cells_have_the_time_and_the_stops(void **state)
{
	struct rig *r = *state;
	int64_t ms = 0, stops = 0, there = 0;

	rig_walk(r, 1, -4, -8.1, -0.7, -8.1, 33);
	stand(r, 1, -0.7, -8.1, 100);
	rig_end(r);
	for (size_t i = 0; i < r->floor.n; i++) {
		const struct floor_cell *c = &r->floor.v[i];

		ms += c->person_ms;
		stops += c->stops;
		if (c->x == -3 && c->y == -33) /* -0.75 .. -0.5, -8.25 .. -8 */
			there = c->person_ms;
		if (c->stops)
			assert_true(c->x == -3 && c->y == -33);
	}
	assert_near((double)ms / 1000, rig_observed_s(r), 1e-6);
	assert_int_equal(stops, 1);
	assert_true(there >= 10000 && there <= 10500);
}

/* ---- ways ---- */

static void ways_through_the_store(void **state)
{
	struct rig *r = *state;

	rig_walk(r, 1, 0, 2, 0, -4, 60);
	rig_walk(r, 1, 0, -4, -8.5, -9, 85);   /* the shelf */
	rig_walk(r, 1, -8.5, -9, 11, -9, 195); /* the tail */
	rig_walk(r, 1, 11, -9, 11, -11, 20);   /* the head */
	rig_end(r);
	assert_value(r, SHELF, MEASURE_FIRST_FROM, DOOR, 1);
	assert_value(r, SHELF, MEASURE_NEXT, TAIL, 1);
	assert_value(r, TAIL, MEASURE_NEXT, HEAD, 1);
	assert_value(r, SHELF, MEASURE_OD, HEAD, 1);
	assert_value(r, DOOR, MEASURE_ENTERED, 0, 1);
}

/* He walks south through the door, so his left is east. */
static void where_people_turn_when_they_come_in(void **state)
{
	static const double x[] = { 3, 0.5, -3 };
	struct rig *r = *state;

	for (int i = 0; i < 3; i++) {
		rig_walk(r, i + 1, 0, 2, 0, -1, 30);
		rig_walk(r, i + 1, 0, -1, x[i], -4, 40);
		rig_nobody(r, 50);
	}
	rig_walk(r, 9, 0, 2, 0, -1, 30); /* not far enough to say */
	rig_end(r);
	for (int turn = TURN_LEFT; turn <= TURN_RIGHT; turn++)
		assert_value(r, DOOR, MEASURE_TURNS, turn, 1);
}

/* ---- who passes by, who comes in, and with whom ---- */

static void passers_by_and_those_who_come_in(void **state)
{
	struct rig *r = *state;

	rig_walk(r, 1, 9, 2, 3, 2, 60); /* westwards, past the door */
	rig_nobody(r, 50);
	rig_walk(r, 2, 3, 2, 9, 2, 60); /* eastwards */
	rig_nobody(r, 50);
	rig_walk(r, 3, 9, 2, 0, 2, 90); /* comes in */
	rig_walk(r, 3, 0, 2, 0, -4, 60);
	rig_nobody(r, 50);
	rig_walk(r, 4, 0, -4, 0, 2, 60); /* goes out and away */
	rig_walk(r, 4, 0, 2, 9, 2, 90);
	rig_nobody(r, 50);
	rig_walk(r, 5, 9, 2, 0, 2, 90); /* looks in, and goes on */
	rig_walk(r, 5, 0, 2, 0, -0.4, 24);
	rig_walk(r, 5, 0, -0.4, 0, 2, 24);
	rig_walk(r, 5, 0, 2, -9, 2, 90);
	rig_end(r);
	assert_int_equal(rig_line_sum(r, WINDOW).crossings_out, 2);
	assert_value(r, WINDOW, MEASURE_PASSED_BY, WAY_OUT, 1);
	assert_value(r, WINDOW, MEASURE_PASSED_BY, WAY_IN, 2);
	assert_value(r, DOOR, MEASURE_ENTERED, 0, 1);
	assert_int_equal(rig_line_sum(r, DOOR).uturns, 1);
}

/* One frame with people side by side, at y. */
static void row(struct rig *r, const double *x, int n, double y)
{
	struct sighting who[8];

	for (int i = 0; i < n; i++)
		who[i] = (struct sighting){ 3, i + 1, r->t_us, { x[i], y }, 0.5 };
	rig_frame(r, r->t_us, FRAME_US, who, n);
	r->t_us += FRAME_US;
}

static void who_comes_in_together_is_a_party(void **state)
{
	static const double two_and_one[] = { -0.9, -0.2, 0.8 + 0.55 };
	static const struct pt_floor wide[] = { { -3, 0 }, { 3, 0 } };
	struct rig *r = *state;

	rig_clear(r);
	rig_init(r);
	rig_add(r, PLACE_LINE, wide, 2);
	r->place[0].role = LINE_ENTRY;
	rig_start(r, NULL, true);
	for (int i = 0; i < 40; i++)
		row(r, two_and_one, 3, 2 - 0.1 * i);
	rig_end(r);
	assert_value(r, 0, MEASURE_GROUPS, 1, 1);
	assert_value(r, 0, MEASURE_GROUPS, 2, 1);
	assert_int_equal(rig_key_sum(r, 0, MEASURE_GROUPS), 3);
}

static void who_follows_later_is_another_party(void **state)
{
	struct rig *r = *state;

	for (int64_t track = 1; track <= 3; track++) {
		rig_walk(r, track, 0, 2, 0, -2, 40);
		rig_nobody(r, 10);
	}
	rig_end(r);
	assert_value(r, DOOR, MEASURE_GROUPS, 1, 3);
}

static void who_turns_back_at_once_is_no_party(void **state)
{
	struct rig *r = *state;

	rig_walk(r, 1, 0, 2, 0, -0.5, 25);
	rig_walk(r, 1, 0, -0.5, 0, 2, 25);
	rig_end(r);
	assert_int_equal(rig_line_sum(r, DOOR).uturns, 1);
	assert_int_equal(rig_values(r, DOOR, MEASURE_GROUPS), 0);
	assert_value(r, DOOR, MEASURE_ENTERED, 0, 0);
}

/* ---- staff ---- */

static void who_comes_from_the_back_is_staff(void **state)
{
	struct rig *r = *state;

	rig_walk(r, 1, -22, -10, -18, -10, 40);
	rig_walk(r, 1, -18, -10, -8.5, -9, 95);
	rig_walk(r, 1, -8.5, -9, 0, -4, 85);
	rig_walk(r, 1, 0, -4, 0, 2, 60);
	rig_end(r);
	assert_value(r, -1, MEASURE_STAFF, STAFF_DOOR, 1);
	assert_value(r, DOOR, MEASURE_STAFF_OUT, 0, 1);
	assert_int_equal(rig_values(r, SHELF, MEASURE_STAFF_VISITS), 1);
	/* He stays in all that is counted of people. */
	assert_int_equal(rig_line_sum(r, DOOR).crossings_out, 1);
	assert_int_equal(rig_zone_sum(r, SHELF).begun, 1);
}

/* Known late, counted from the start. */
static void who_stays_behind_the_counter_was_staff_all_along(void **state)
{
	struct rig *r = *state;

	rig_walk(r, 1, 0, 2, 0, -4, 60);
	rig_walk(r, 1, 0, -4, 11, -14, 150);
	stand(r, 1, 11, -14, 620);
	rig_end(r);
	assert_value(r, -1, MEASURE_STAFF, STAFF_COUNTER, 1);
	assert_value(r, DOOR, MEASURE_STAFF_IN, 0, 1);
}

static void a_minute_behind_the_counter_makes_staff_and_not_less(void **state)
{
	struct rig *r = *state;

	rig_walk(r, 1, 0, 2, 0, -4, 60);
	rig_walk(r, 1, 0, -4, 11, -14, 150);
	stand(r, 1, 11, -14, 580);
	rig_end(r);
	assert_int_equal(rig_values(r, -1, MEASURE_STAFF), 0);
	assert_value(r, DOOR, MEASURE_STAFF_IN, 0, 0);
}

static void who_is_there_for_hours_is_staff(void **state)
{
	struct rig *r = *state;

	/* Every other second is enough to stay the same person. */
	for (int i = 0; i < 4 * 1800 + 2; i++) {
		struct sighting s = { 3, 1, r->t_us, { 5, -5 }, 0.5 };

		rig_frame(r, r->t_us, 2 * CLOCK_SECOND_US, &s, 1);
		r->t_us += 2 * CLOCK_SECOND_US;
	}
	rig_end(r);
	assert_value(r, -1, MEASURE_STAFF, STAFF_HOURS, 1);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(through_both_lines_is_a_passage),
		TEST(waiting_between_the_lines_is_no_second_passage),
		TEST(turning_between_the_lines_is_no_passage),
		TEST(half_a_way_through_is_no_passage),
		TEST(walking_by_a_zone_is_exposure_only),
		TEST(farther_away_is_no_exposure),
		TEST(stopping_and_staying_go_down_the_funnel),
		TEST(walking_about_in_a_zone_is_not_engaged),
		TEST(a_customer_joins_waits_and_is_served),
		TEST(walking_through_the_tail_is_no_queueing),
		TEST(a_free_till_is_no_wait),
		TEST(leaving_the_tail_is_abandoning),
		TEST(away_for_a_moment_is_the_same_queueing),
		TEST(staff_from_the_front_do_not_queue),
		TEST(who_is_lost_while_waiting_is_told),
		TEST(a_stop_at_a_table_has_a_side),
		TEST(of_two_fixtures_the_one_he_came_to_is_faced),
		TEST(the_back_to_a_fixture_is_not_facing_it),
		TEST(waiting_for_the_way_is_no_interest),
		TEST(moving_along_a_shelf_is_one_stop),
		TEST(the_floors_cells_have_the_time_and_the_stops),
		TEST(ways_through_the_store),
		TEST(where_people_turn_when_they_come_in),
		TEST(passers_by_and_those_who_come_in),
		TEST(who_comes_in_together_is_a_party),
		TEST(who_follows_later_is_another_party),
		TEST(who_turns_back_at_once_is_no_party),
		TEST(who_comes_from_the_back_is_staff),
		TEST(who_stays_behind_the_counter_was_staff_all_along),
		TEST(a_minute_behind_the_counter_makes_staff_and_not_less),
		TEST(who_is_there_for_hours_is_staff),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
