/* SPDX-License-Identifier: Apache-2.0 */
/* test_zones.c -- visits, occupancy, coverage and heat against sums made by hand. */
#include "rig.h"

static const struct pt_floor shelf[] = { { 0, 0 }, { 2, 0 }, { 2, 2 }, { 0, 2 } };

static int setup(void **state)
{
	struct rig *r = xcalloc(1, sizeof(*r));

	rig_init(r);
	rig_add(r, PLACE_ZONE, shelf, 4);
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

static void assert_visits(const struct rig *r, int visits)
{
	struct minute_zone sum = rig_zone_sum(r, 0);
	int enters = 0, leaves = 0;

	for (size_t i = 0; i < r->event.n; i++) {
		enters += r->event.v[i].kind == EVENT_ZONE_ENTER;
		leaves += r->event.v[i].kind == EVENT_ZONE_LEAVE;
	}
	assert_int_equal(sum.begun, visits);
	assert_int_equal(sum.ended, visits);
	assert_int_equal(enters, visits);
	assert_int_equal(leaves, visits);
	assert_int_equal(rig_dwells(r, 0), visits);
}

/* Stands still for n frames. */
static void stand(struct rig *r, int64_t track, double x, double y, int n)
{
	for (int i = 0; i < n; i++)
		rig_see(r, track, x, y);
}

static void a_visit_from_first_inside_to_first_outside(void **state)
{
	struct rig *r = *state;

	stand(r, 1, -1, 1, 10);
	stand(r, 1, 1, 1, 50); /* 5 s */
	stand(r, 1, 2.1, 1, 5);
	stand(r, 1, 4, 1, 40);
	rig_end(r);
	assert_visits(r, 1);
	assert_int_equal(r->event.v[0].t_us, MIDNIGHT_US + 10 * FRAME_US);
	assert_int_equal(r->event.v[1].t_us, MIDNIGHT_US + 60 * FRAME_US);
	assert_near(r->event.v[1].dwell_s, 5, 1e-9);
	assert_near(rig_dwell_sum(r, 0), 5, 1e-6);
	assert_int_equal(r->zone.v[0].max, 1);
	assert_int_equal(r->zone.v[0].min, 0);
	assert_near(r->zone.v[0].person_s, 5, 1e-9);
}

/* In and out over the edge by a hand's width, each time for less than the gap. */
static void standing_on_the_edge_is_one_visit(void **state)
{
	struct rig *r = *state;

	for (int i = 0; i < 20; i++)
		stand(r, 1, 1, i % 2 ? 2.1 : 1.9, 25);
	stand(r, 1, 1, 3.8, 50);
	rig_end(r);
	assert_visits(r, 1);
	assert_near(rig_dwell_sum(r, 0), 47.5, 1e-6);
}

/* However near to the edge: who is outside for the gap has left. */
static void lingering_just_outside_is_no_visit(void **state)
{
	struct rig *r = *state;

	stand(r, 1, 1, 1, 20);
	stand(r, 1, 1, 2.1, 300);
	stand(r, 1, 1, 1, 20);
	stand(r, 1, 1, 2.9, 50);
	rig_end(r);
	assert_visits(r, 2);
	assert_near(rig_dwell_sum(r, 0), 4, 1e-6);
}

static void a_step_out_and_back_within_the_gap_is_one_visit(void **state)
{
	struct rig *r = *state;

	stand(r, 1, 1, 1, 20);
	stand(r, 1, 2.9, 1, 29);
	stand(r, 1, 1, 1, 20);
	stand(r, 1, 2.9, 1, 50);
	rig_end(r);
	assert_visits(r, 1);
	assert_near(rig_dwell_sum(r, 0), 6.9, 1e-6);
}

static void a_longer_step_out_makes_two_visits(void **state)
{
	struct rig *r = *state;

	stand(r, 1, 1, 1, 20);
	stand(r, 1, 2.9, 1, 30);
	stand(r, 1, 1, 1, 20);
	stand(r, 1, 2.9, 1, 50);
	rig_end(r);
	assert_visits(r, 2);
	assert_near(rig_dwell_sum(r, 0), 4, 1e-6);
}

static void lost_from_sight_leaves_at_the_last_sighting(void **state)
{
	struct rig *r = *state;

	stand(r, 1, 1, 1, 21);
	rig_nobody(r, 100);
	assert_int_equal(r->event.n, 2);
	assert_int_equal(r->event.v[1].t_us, MIDNIGHT_US + 20 * FRAME_US);
	assert_near(r->event.v[1].dwell_s, 2, 1e-9);
	rig_end(r);
	assert_visits(r, 1);
}

static void starts_and_ends_inside(void **state)
{
	struct rig *r = *state;

	stand(r, 1, 1, 1, 11);
	rig_end(r);
	assert_visits(r, 1);
	assert_near(rig_dwell_sum(r, 0), 1, 1e-6);
}

/* Nobody is inside for 3 s, one for 6 s, two for 48 s, one for 3 s. */
static void occupancy_is_weighted_by_time(void **state)
{
	struct rig *r = *state;

	for (int i = 0; i < 1300; i++) {
		int64_t t_us = MIDNIGHT_US + i * FRAME_US;
		struct sighting who[2] = {
			{ 3, 1, t_us, { i < 30 || i >= 1200 ? 2.5 : 1, 1 }, 0.5 },
			{ 3, 2, t_us, { i < 90 || i >= 570 ? 2.5 : 1, 1 }, 0.5 },
		};

		rig_frame(r, t_us, FRAME_US, who, 2);
	}
	rig_end(r);
	assert_visits(r, 2);
	assert_int_equal(r->zone.n, 3);
	assert_int_equal(r->zone.v[0].begun, 2);
	assert_int_equal(r->zone.v[0].ended, 1);
	assert_int_equal(r->zone.v[0].min, 0);
	assert_int_equal(r->zone.v[0].max, 2);
	assert_int_equal(r->zone.v[0].p95, 2);
	assert_near(r->zone.v[0].person_s, 6 + 2 * 48 + 3, 1e-9);
	/* One person all the minute, who came before it and leaves after it. */
	assert_int_equal(r->zone.v[1].begun, 0);
	assert_int_equal(r->zone.v[1].ended, 0);
	assert_int_equal(r->zone.v[1].min, 1);
	assert_int_equal(r->zone.v[1].max, 1);
	assert_near(r->zone.v[1].person_s, 60, 1e-9);
	/* He leaves exactly when the third minute begins. */
	assert_int_equal(r->zone.v[2].ended, 1);
	assert_int_equal(r->zone.v[2].max, 0);
	assert_true(r->zone.v[2].person_s == 0);
}

static void percentile_leaves_out_short_peaks(void **state)
{
	struct rig *r = *state;

	for (int i = 0; i < 700; i++) {
		int64_t t_us = MIDNIGHT_US + i * FRAME_US;
		bool peak = i >= 100 && i < 130; /* 3 s of 60 are exactly 5 % */
		struct sighting who[2] = {
			{ 3, 1, t_us, { 1, 1 }, 0.5 },
			{ 3, 2, t_us, { peak ? 1 : 2.5, 1 }, 0.5 },
		};

		rig_frame(r, t_us, FRAME_US, who, 2);
	}
	rig_end(r);
	assert_int_equal(r->zone.v[0].min, 1);
	assert_int_equal(r->zone.v[0].max, 2);
	assert_int_equal(r->zone.v[0].p95, 1);
}

/* What was not observed counts for no one, but a visit goes on over a short gap. */
static void unobserved_time_is_no_occupancy(void **state)
{
	struct rig *r = *state;

	stand(r, 1, 1, 1, 20);
	r->t_us += 2 * CLOCK_SECOND_US;
	stand(r, 1, 1, 1, 20);
	rig_end(r);
	assert_visits(r, 1);
	assert_near(rig_dwell_sum(r, 0), 5.9, 1e-6);
	assert_near(rig_observed_s(r), 4, 1e-9);
	/* 0..2 s and 4..5.9 s */
	assert_near(rig_zone_sum(r, 0).person_s, 3.9, 1e-9);
}

static void more_visits_than_fit_come_as_another_part(void **state)
{
	struct rig *r = *state;
	struct sighting who[50];

	for (int burst = 0; burst < 3; burst++) {
		for (int i = 0; i < 50; i++)
			who[i] = (struct sighting){
				3, 50 * burst + i + 1, r->t_us, { 1, 1 }, .5
			};
		rig_frame(r, r->t_us, FRAME_US, who, 50);
		r->t_us += FRAME_US;
		rig_nobody(r, 30);
	}
	rig_nobody(r, 600);
	rig_end(r);
	assert_visits(r, 150);
	assert_int_equal(r->zone.n, 3);
	assert_int_equal(r->zone.v[0].n_dwell, MINUTE_DWELLS);
	assert_int_equal(r->zone.v[0].begun, 150);
	assert_int_equal(r->zone.v[1].begun, 0);
	assert_int_equal(r->zone.v[1].max, 0);
	assert_int_equal(r->zone.v[2].n_dwell, 150 - 2 * MINUTE_DWELLS);
}

static void coverage_is_what_was_seen(void **state)
{
	struct rig *r = *state;

	r->t_us = MIDNIGHT_US + 30 * CLOCK_SECOND_US + 123;
	rig_nobody(r, 200);                /* 20 s */
	r->t_us += 5 * CLOCK_SECOND_US;    /* lost */
	rig_nobody(r, 100);                /* 4,999877 s in the first minute */
	r->t_us += 3600 * CLOCK_SECOND_US; /* an hour lost */
	rig_nobody(r, 1);
	rig_end(r);
	assert_int_equal(r->cover.n, 3);
	assert_int_equal(r->cover.v[0].start_us, MIDNIGHT_US);
	assert_int_equal(r->cover.v[0].from_us, MIDNIGHT_US + 30 * CLOCK_SECOND_US + 123);
	assert_int_equal(r->cover.v[0].to_us, MIDNIGHT_US + CLOCK_MINUTE_US);
	assert_near(r->cover.v[0].observed_s, 24.999877, 1e-9);
	assert_near(r->cover.v[1].observed_s, 5.000123, 1e-9);
	assert_near(r->cover.v[2].observed_s, 0.1, 1e-9);
}

/* One picture in 4 s or so, and said so: that is what this camera does, nothing is lost. */
static void slow_frames_are_no_gaps(void **state)
{
	struct rig *r = *state;

	for (int i = 0; i < 24; i++)
		rig_frame(r, MIDNIGHT_US + i * 5 * CLOCK_SECOND_US, 4 * CLOCK_SECOND_US, NULL,
			  0);
	rig_end(r);
	assert_int_equal(r->cover.n, 2);
	assert_true(r->cover.v[0].observed_s == 60 && r->cover.v[1].observed_s == 59);
}

static void frames_without_a_length_still_cover(void **state)
{
	struct rig *r = *state;

	rig_frame(r, MIDNIGHT_US, 0, NULL, 0);
	rig_end(r);
	assert_int_equal(r->cover.n, 1);
	assert_true(r->cover.v[0].observed_s > 0);
}

static void heat_is_person_seconds_by_cell(void **state)
{
	struct rig *r = *state;

	r->t_us = MIDNIGHT_US + 59 * CLOCK_SECOND_US;
	stand(r, 700, 1, 1, 20); /* cell 700, see rig.c: one second in each minute */
	stand(r, 5, 9, 9, 30);
	rig_end(r);
	assert_int_equal(r->heat.n, 3);
	assert_int_equal(r->heat.v[0].start_us, MIDNIGHT_US);
	assert_int_equal(r->heat.v[0].cell.cell, 700);
	assert_near(r->heat.v[0].cell.person_s, 1, 1e-6);
	assert_int_equal(r->heat.v[1].start_us, MIDNIGHT_US + CLOCK_MINUTE_US);
	assert_int_equal(r->heat.v[1].cell.cell, 5);
	assert_near(r->heat.v[1].cell.person_s, 3, 1e-6);
	assert_int_equal(r->heat.v[2].cell.cell, 700);
	assert_near(r->heat.v[2].cell.person_s, 1, 1e-6);
}

/* With a gap longer than a minute several wait at once. */
static void heat_waits_for_the_gap(void **state)
{
	struct count_opts o = COUNT_OPTS_DEFAULT;
	struct rig r;
	(void)state;

	o.gap_s = 150;
	rig_init(&r);
	rig_start(&r, &o, true);
	for (int minute = 0; minute < 6; minute++)
		stand(&r, minute + 1, 1, 1, 600);
	assert_int_equal(r.heat.n, 3);
	rig_end(&r);
	assert_int_equal(r.heat.n, 6);
	for (size_t i = 0; i < 6; i++) {
		assert_int_equal(r.heat.v[i].start_us,
				 MIDNIGHT_US + (int64_t)i * CLOCK_MINUTE_US);
		assert_int_equal(r.heat.v[i].cell.cell, i + 1);
		assert_near(r.heat.v[i].cell.person_s, 60, 1e-4);
	}
	rig_clear(&r);
}

/* A minute is told a gap after its end, not later. */
static void minutes_come_when_they_are_complete(void **state)
{
	struct rig *r = *state;

	stand(r, 1, 1, 1, 630); /* the last frame is at 62.9 s */
	assert_int_equal(r->cover.n, 0);
	assert_int_equal(r->zone.n, 0);
	stand(r, 1, 1, 1, 1);
	assert_int_equal(r->cover.n, 1);
	assert_int_equal(r->zone.n, 1);
	assert_int_equal(r->heat.n, 1);
	assert_near(r->heat.v[0].cell.person_s, 60, 1e-4);
	rig_end(r);
}

#define TEST(t) cmocka_unit_test_setup_teardown(t, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_visit_from_first_inside_to_first_outside),
		TEST(standing_on_the_edge_is_one_visit),
		TEST(lingering_just_outside_is_no_visit),
		TEST(a_step_out_and_back_within_the_gap_is_one_visit),
		TEST(a_longer_step_out_makes_two_visits),
		TEST(lost_from_sight_leaves_at_the_last_sighting),
		TEST(starts_and_ends_inside),
		TEST(occupancy_is_weighted_by_time),
		TEST(percentile_leaves_out_short_peaks),
		TEST(unobserved_time_is_no_occupancy),
		TEST(more_visits_than_fit_come_as_another_part),
		TEST(coverage_is_what_was_seen),
		TEST(slow_frames_are_no_gaps),
		TEST(frames_without_a_length_still_cover),
		TEST(heat_is_person_seconds_by_cell),
		TEST(heat_waits_for_the_gap),
		TEST(minutes_come_when_they_are_complete),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
