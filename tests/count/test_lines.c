/* SPDX-License-Identifier: Apache-2.0 */
/* test_lines.c -- who crossed a line, and who only seemed to. */
#include "rig.h"

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

static void assert_counts(const struct rig *r, int in, int out, int p_in, int p_out, int uturns)
{
	struct minute_line sum = rig_line_sum(r, 0);

	assert_int_equal(sum.crossings_in, in);
	assert_int_equal(sum.crossings_out, out);
	assert_int_equal(sum.persons_in, p_in);
	assert_int_equal(sum.persons_out, p_out);
	assert_int_equal(sum.uturns, uturns);
	assert_int_equal(r->event.n, in + out);
}

static void a_person_walks_in(void **state)
{
	struct rig *r = *state;

	rig_walk(r, 7, 0, 1, 0, -1, 20);
	rig_end(r);
	assert_counts(r, 1, 0, 1, 0, 0);
	assert_int_equal(r->event.v[0].kind, EVENT_CROSS_IN);
	assert_int_equal(r->event.v[0].place, 0);
	assert_int_equal(r->event.v[0].person, 7);
	/* y = 0 at the 11th frame is still north: the perturbation is to the north. */
	assert_int_equal(r->event.v[0].t_us, MIDNIGHT_US + 11 * FRAME_US);
	assert_int_equal(r->line.v[0].start_us, MIDNIGHT_US);
}

static void a_person_walks_out(void **state)
{
	struct rig *r = *state;

	rig_walk(r, 7, 0.5, -1, 0.25, 1, 20);
	rig_end(r);
	assert_counts(r, 0, 1, 0, 1, 0);
}

static void down_the_picture_is_in_when_not_calibrated(void **state)
{
	static const struct pt_floor line[] = { { 0.1, 0.5 }, { 1.2, 0.5 } };
	struct rig r;
	(void)state;

	rig_init(&r);
	rig_add(&r, PLACE_LINE, line, 2);
	rig_start(&r, NULL, false);
	rig_walk(&r, 1, 0.6, 0.1, 0.6, 0.9, 10);
	rig_end(&r);
	assert_counts(&r, 1, 0, 1, 0, 0);
	rig_clear(&r);
}

/* Standing on the line with a foot point that trembles over it. */
static void jitter_on_the_line_counts_nothing(void **state)
{
	struct rig *r = *state;

	rig_walk(r, 1, 0, 2, 0, 0.05, 10);
	for (int i = 0; i < 500; i++)
		rig_see(r, 1, 0, i % 2 ? 0.12 : -0.12);
	rig_walk(r, 1, 0, 0.1, 0, 2, 10);
	rig_end(r);
	assert_counts(r, 0, 0, 0, 0, 0);
}

static void jitter_before_crossing_counts_once_at_the_last(void **state)
{
	struct rig *r = *state;

	rig_walk(r, 1, 0, 2, 0, 0.2, 10);
	for (int i = 0; i < 50; i++)
		rig_see(r, 1, 0, i % 2 ? 0.12 : -0.12); /* the last is north */
	rig_see(r, 1, 0, -0.1);
	rig_walk(r, 1, 0, -0.2, 0, -2, 10);
	rig_end(r);
	assert_counts(r, 1, 0, 1, 0, 0);
	assert_int_equal(r->event.v[0].t_us, MIDNIGHT_US + 61 * FRAME_US);
}

/* A flicker to the other side and back, shorter than any threshold of frames, made others
 * count the return as a crossing in the opposite direction. */
static void a_flicker_never_counts_the_wrong_way(void **state)
{
	struct rig *r = *state;

	rig_walk(r, 1, 0, 1, 0, 0.5, 5);
	rig_see(r, 1, 0, -0.2);
	rig_walk(r, 1, 0, 0.5, 0, 1, 5);
	rig_end(r);
	assert_counts(r, 0, 0, 0, 0, 0);
}

static void round_the_end_of_the_line_counts_nothing(void **state)
{
	struct rig *r = *state;

	rig_walk(r, 1, 3.9, 1, 4.1, 0.1, 10); /* close to the end, outside of it */
	rig_walk(r, 1, 4.1, 0, 3.9, -1, 10);
	rig_walk(r, 2, 6, 1, 6, -1, 10);
	rig_end(r);
	assert_counts(r, 0, 0, 0, 0, 0);
}

/* Doors are where the picture ends: who was seen coming is counted though he vanishes just
 * behind the line, and who appears just before it though nobody saw him come. */
static void vanishing_right_behind_the_line_counts(void **state)
{
	struct rig *r = *state;

	rig_walk(r, 1, 0, 1, 0, -0.05, 10);
	rig_nobody(r, 50);
	rig_walk(r, 2, 0, -1, 0, 0.05, 10);
	rig_end(r);
	assert_counts(r, 1, 1, 1, 1, 0);
	assert_true(r->event.v[0].t_us < r->event.v[1].t_us);
}

static void appearing_right_before_the_line_counts(void **state)
{
	struct rig *r = *state;

	rig_walk(r, 1, 0, 0.05, 0, -1, 10);
	rig_nobody(r, 50);
	rig_walk(r, 2, 0, -0.05, 0, 1, 10);
	rig_end(r);
	assert_counts(r, 1, 1, 1, 1, 0);
}

/* A thing that is parked on the line and gets a new track every minute. */
static void a_parked_object_is_not_counted_fifteen_times(void **state)
{
	struct rig *r = *state;

	for (int track = 1; track <= 15; track++) {
		for (int i = 0; i < 98; i++) /* ends on the other side */
			rig_see(r, track, 0, i % 3 ? 0.1 : -0.1);
		rig_nobody(r, 40);
	}
	rig_end(r);
	assert_counts(r, 0, 0, 0, 0, 0);
}

/* Whether a walker's track breaks before, on or behind the line: one crossing. */
/* Nine people on both sides of the line who share one number: they walk to and fro by a hand's
 * width, and nobody crosses. Who takes every step of the number for a step counts 97. */
static void one_number_for_nine_people_counts_nothing(void **state)
{
	struct rig *r = *state;

	for (int i = 0; i < 97; i++) {
		int k = i % 9;
		double x = k - 4, y = k % 2 ? 1.5 : -1.5;

		rig_see(r, 1, x, y + 0.01 * (i % 5));
	}
	rig_end(r);
	assert_counts(r, 0, 0, 0, 0, 0);
}

/* Two who meet on either side of the line swap their numbers. */
static void swapped_numbers_count_nobody(void **state)
{
	struct rig *r = *state;

	for (int i = 0; i < 40; i++) {
		double a = i < 20 ? 1.2 : -1.2;
		struct sighting who[2] = {
			{ 3, 1, r->t_us, { 0, a }, 0.5 },
			{ 3, 2, r->t_us, { 0.5, -a }, 0.5 },
		};

		rig_frame(r, r->t_us, FRAME_US, who, 2);
		r->t_us += FRAME_US;
	}
	rig_end(r);
	assert_counts(r, 0, 0, 0, 0, 0);
}

/* A line along the edge of the picture: people vanish on it and come out of it, and their feet
 * tremble there while the body is half out of the picture. Nobody is seen on its other side,
 * and nobody is counted, to and fro. */
static void a_line_at_the_frame_edge_counts_no_trembling(void **state)
{
	struct rig *r = *state;

	for (int track = 1; track <= 15; track++) {
		rig_walk(r, track, 0, 2, 0, 0.05, 20);
		for (int i = 0; i < 30; i++)
			rig_see(r, track, 0, i % 2 ? 0.05 : -0.05);
		rig_walk(r, track, 0, 0.05, 0, 2, 20);
	}
	rig_end(r);
	assert_counts(r, 0, 0, 0, 0, 0);
}

static void a_track_cut_in_two_counts_once(void **state)
{
	for (int cut = 1; cut < 40; cut++) {
		struct rig *r = *state;

		for (int i = 0; i <= 40; i++) {
			struct pt_floor at = { 0, 1 - i * 0.05 };
			struct sighting who[2] = { { 3, 1, r->t_us, at, 0.5 },
						   { 3, 2, r->t_us, at, 0.5 } };

			/* The new track begins where the old one ends. */
			if (i < cut)
				rig_frame(r, r->t_us, FRAME_US, who, 1);
			else
				rig_frame(r, r->t_us, FRAME_US, who + (i > cut),
					  1 + (i == cut));
			r->t_us += FRAME_US;
		}
		rig_end(r);
		assert_counts(r, 1, 0, 1, 0, 0);
		assert_int_equal(teardown(state), 0);
		assert_int_equal(setup(state), 0);
	}
}

/* A track's number that comes again after its end is somebody else. */
static void a_number_used_again_inherits_nothing(void **state)
{
	struct rig *r = *state;

	rig_walk(r, 1, 0, 1, 0, 0.4, 5);
	rig_nobody(r, 29); /* unseen for the gap, exactly */
	rig_walk(r, 1, 0, -0.4, 0, -1, 5);
	rig_end(r);
	assert_counts(r, 0, 0, 0, 0, 0);
}

static void unseen_for_less_than_the_gap_is_the_same_person(void **state)
{
	struct rig *r = *state;

	rig_walk(r, 1, 0, 1, 0, 0.4, 5);
	rig_nobody(r, 28);
	rig_walk(r, 1, 0, -0.4, 0, -1, 5);
	rig_end(r);
	assert_counts(r, 1, 0, 1, 0, 0);
}

static void a_quick_return_is_a_uturn(void **state)
{
	struct rig *r = *state;

	rig_walk(r, 1, 0, 1, 0, -0.5, 6);
	rig_walk(r, 1, 0, -0.5, 0, 1, 6);
	rig_end(r);
	assert_counts(r, 1, 1, 0, 0, 1);
}

static void a_late_return_is_no_uturn_and_nobody_entered(void **state)
{
	struct rig *r = *state;

	rig_walk(r, 1, 0, 1, 0, -1, 6);
	rig_walk(r, 1, 0, -1, 0, -1, 30);
	rig_walk(r, 1, 0, -1, 0, 1, 6);
	rig_end(r);
	assert_counts(r, 1, 1, 0, 0, 0);
}

/* In, out and back within the qualifier, in again: one person in, by the last crossing. */
static void in_after_a_uturn_counts_by_the_last_crossing(void **state)
{
	struct rig *r = *state;

	rig_walk(r, 1, 0, 1, 0, -0.5, 6);
	rig_walk(r, 1, 0, -0.5, 0, 1, 6);
	rig_walk(r, 1, 0, 1, 0, 1, 650);
	rig_walk(r, 1, 0, 1, 0, -1, 6);
	rig_end(r);
	assert_counts(r, 2, 1, 1, 0, 1);
	assert_int_equal(r->line.v[r->line.n - 1].start_us, MIDNIGHT_US + CLOCK_MINUTE_US);
	assert_int_equal(r->line.v[r->line.n - 1].persons_in, 1);
}

/* In; much later a look outside and back. Who came in came in at first. */
static void a_uturn_gives_back_the_crossing_before(void **state)
{
	struct rig *r = *state;

	rig_walk(r, 1, 0, 1, 0, -1, 6);
	rig_walk(r, 1, 0, -1, 0, -1, 650);
	rig_walk(r, 1, 0, -1, 0, 0.5, 6);
	rig_walk(r, 1, 0, 0.5, 0, -1, 6);
	rig_end(r);
	assert_counts(r, 2, 1, 1, 0, 1);
	for (size_t i = 0; i < r->line.n; i++)
		if (r->line.v[i].persons_in > 0)
			assert_int_equal(r->line.v[i].start_us, MIDNIGHT_US);
}

/* In, round the line's end to the outside, and a minute later a step in and back. */
static void a_uturn_leaves_the_crossing_before_it(void **state)
{
	struct rig *r = *state;

	rig_walk(r, 1, 0, 1, 0, -1, 6);
	rig_walk(r, 1, 0, -1, 6, -1, 6);
	rig_walk(r, 1, 6, -1, 6, 1, 6);
	rig_walk(r, 1, 6, 1, 0, 1, 650);
	rig_walk(r, 1, 0, 1, 0, -0.5, 6);
	rig_walk(r, 1, 0, -0.5, 0, 1, 6);
	rig_end(r);
	assert_counts(r, 2, 1, 1, 0, 1);
	for (size_t i = 0; i < r->line.n; i++)
		if (r->line.v[i].persons_in > 0)
			assert_int_equal(r->line.v[i].start_us, MIDNIGHT_US);
}

/* The person stays for minutes: the crossing is told when its minute is over, the person as a
 * late part of that minute when he is gone. */
static void persons_come_as_a_late_part(void **state)
{
	struct rig *r = *state;

	rig_walk(r, 1, 0, 1, 0, -1, 20);
	rig_walk(r, 1, 0, -1, 0, -2, 640);
	assert_int_equal(r->line.n, 1);
	assert_int_equal(r->line.v[0].crossings_in, 1);
	assert_int_equal(r->line.v[0].persons_in, 0);
	rig_walk(r, 1, 0, -2, 0, -3, 900);
	rig_end(r);
	assert_int_equal(r->line.n, 2);
	assert_int_equal(r->line.v[1].start_us, MIDNIGHT_US);
	assert_int_equal(r->line.v[1].crossings_in, 0);
	assert_int_equal(r->line.v[1].persons_in, 1);
}

static void a_crossing_is_of_its_own_minute(void **state)
{
	struct rig *r = *state;

	r->t_us = MIDNIGHT_US + CLOCK_MINUTE_US - 11 * FRAME_US; /* crosses in frame 11 */
	rig_walk(r, 1, 0, 1, 0, -1, 20);
	rig_nobody(r, 1300);
	rig_end(r);
	assert_counts(r, 1, 0, 1, 0, 0);
	assert_int_equal(r->line.n, 1);
	assert_int_equal(r->line.v[0].start_us, MIDNIGHT_US + CLOCK_MINUTE_US);
	assert_int_equal(r->cover.n, 4);
}

/* A line without traffic has no row; that it was watched, the coverage says. */
static void nobody_is_no_row_but_coverage(void **state)
{
	struct rig *r = *state;

	rig_nobody(r, 1200);
	rig_end(r);
	assert_int_equal(r->line.n, 0);
	assert_int_equal(r->zone.n, 0);
	assert_int_equal(r->heat.n, 0);
	assert_int_equal(r->cover.n, 2);
	assert_true(r->cover.v[0].observed_s == 60);
	assert_true(r->cover.v[1].observed_s == 60);
}

static void time_must_rise(void **state)
{
	struct rig *r = *state;
	struct count_out out;

	rig_walk(r, 1, 0, 1, 0, 0.5, 5);
	assert_int_equal(counter_step(r->c, r->t_us - FRAME_US, FRAME_US, NULL, NULL, 0, &out),
			 ERR_STATE);
	assert_int_equal(counter_step(r->c, INT64_MAX, FRAME_US, NULL, NULL, 0, &out),
			 ERR_STATE);
	rig_walk(r, 1, 0, 0.4, 0, -1, 5);
	rig_end(r);
	assert_counts(r, 1, 0, 1, 0, 0);
	assert_int_equal(counter_step(r->c, r->t_us, FRAME_US, NULL, NULL, 0, &out), ERR_STATE);
}

#define TEST(t) cmocka_unit_test_setup_teardown(t, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_person_walks_in),
		TEST(a_person_walks_out),
		TEST(down_the_picture_is_in_when_not_calibrated),
		TEST(jitter_on_the_line_counts_nothing),
		TEST(jitter_before_crossing_counts_once_at_the_last),
		TEST(a_flicker_never_counts_the_wrong_way),
		TEST(round_the_end_of_the_line_counts_nothing),
		TEST(vanishing_right_behind_the_line_counts),
		TEST(appearing_right_before_the_line_counts),
		TEST(a_parked_object_is_not_counted_fifteen_times),
		TEST(one_number_for_nine_people_counts_nothing),
		TEST(swapped_numbers_count_nobody),
		TEST(a_line_at_the_frame_edge_counts_no_trembling),
		TEST(a_track_cut_in_two_counts_once),
		TEST(a_number_used_again_inherits_nothing),
		TEST(unseen_for_less_than_the_gap_is_the_same_person),
		TEST(a_quick_return_is_a_uturn),
		TEST(a_late_return_is_no_uturn_and_nobody_entered),
		TEST(in_after_a_uturn_counts_by_the_last_crossing),
		TEST(a_uturn_gives_back_the_crossing_before),
		TEST(a_uturn_leaves_the_crossing_before_it),
		TEST(persons_come_as_a_late_part),
		TEST(a_crossing_is_of_its_own_minute),
		TEST(nobody_is_no_row_but_coverage),
		TEST(time_must_rise),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
