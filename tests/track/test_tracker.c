/* SPDX-License-Identifier: Apache-2.0 */
/* test_tracker.c -- people keep the number they came with. */
#include "track/tracker.h"

#include "floor/grid.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define FRAME_US 100000 /* 10 frames a second */
#define PICTURE 640, 360

static struct detection person_at(double x, double y)
{
	return (struct detection){
		.box = { x - 10, y - 60, 20, 60 }, .foot = { x, y }, .score = 1, .area_px = 900
	};
}

static struct tracker *with_defaults(void)
{
	const struct tracker_opts opts = TRACKER_OPTS_DEFAULT;

	return tracker_new(&opts, PICTURE, NULL);
}

static int step(struct tracker *t, int64_t t_us, const struct detection *det, int n,
		const struct track **tr)
{
	int got = tracker_step(t, t_us, det, n, tr);

	assert_true(got >= 0);
	return got;
}

static int count_confirmed(const struct track *tr, int n)
{
	int k = 0;

	for (int i = 0; i < n; i++)
		k += tr[i].confirmed;
	return k;
}

static const struct track *by_id(const struct track *tr, int n, int64_t id)
{
	for (int i = 0; i < n; i++)
		if (tr[i].id == id)
			return &tr[i];
	fail_msg("track %d is gone", (int)id);
	return NULL;
}

/* Two people walk past each other; each keeps the number he came with. */
static void crossing_keeps_ids(void **state)
{
	struct tracker *t = with_defaults();
	const struct track *tr = NULL;
	int n = 0;

	(void)state;
	for (int i = 0; i <= 40; i++) {
		double x = 120 + 4 * i;
		struct detection det[2] = { person_at(x, 200), person_at(400 - x, 204) };

		n = step(t, i * FRAME_US, det, 2, &tr);
		assert_int_equal(n, 2);
	}
	assert_true(by_id(tr, n, 1)->at.foot.x > 260);
	assert_true(by_id(tr, n, 2)->at.foot.x < 140);
	assert_true(by_id(tr, n, 1)->vel_px_s.x > 35 && by_id(tr, n, 1)->vel_px_s.x < 45);
	tracker_free(t);
}

/* Walks, is away for gap frames, and comes back where he would be. The last id there is. */
static int64_t id_after_gap(int gap)
{
	struct tracker *t = with_defaults();
	const struct track *tr;
	int64_t id = 0;

	for (int i = 0; i < 30 + gap; i++) {
		/* A slow walker: his place after the gap is not far from where he was. */
		struct detection d = person_at(200 + 0.5 * i, 200);
		bool away = i >= 15 && i < 15 + gap;
		int n = step(t, i * FRAME_US, &d, away ? 0 : 1, &tr);

		if (n > 0 && tr[n - 1].confirmed)
			id = tr[n - 1].id;
		if (away && n > 0)
			assert_false(tr[n - 1].seen);
	}
	tracker_free(t);
	return id;
}

static void gaps_up_to_forget_s(void **state)
{
	(void)state;
	assert_int_equal(id_after_gap(1), 1);
	assert_int_equal(id_after_gap(12), 1);
	assert_int_equal(id_after_gap(18), 1);
	assert_int_equal(id_after_gap(25), 2);
}

/* Something that is there every third frame, or in pairs of frames, is never a person. */
static void flicker_is_not_confirmed(void **state)
{
	struct tracker *t = with_defaults();
	const struct track *tr;

	(void)state;
	for (int i = 0; i < 600; i++) {
		struct detection det[2] = { person_at(100, 200), person_at(300, 200) };
		bool first = i % 3 == 0, second = i % 5 < 2;
		int n = step(t, i * FRAME_US, first ? det : det + 1, first + second, &tr);

		assert_int_equal(count_confirmed(tr, n), 0);
	}
	tracker_free(t);
}

/* The way so far comes with the step that confirms, once, and ends before that frame. One
 * missed frame on the way does no harm. */
static void history_comes_with_confirmation(void **state)
{
	struct tracker *t = with_defaults();
	const struct track *tr;
	int told = 0;

	(void)state;
	for (int i = 0; i < 20; i++) {
		struct detection d = person_at(100 + 2 * i, 200);
		int n = step(t, i * FRAME_US, &d, i == 2 ? 0 : 1, &tr);

		assert_int_equal(n, 1);
		assert_int_equal(tr[0].confirmed, i >= 4); /* 0.4 s */
		assert_int_equal(tr[0].id, i >= 4 ? 1 : 0);
		assert_int_equal(tr[0].first_us, 0);
		if (tr[0].n_past == 0)
			continue;
		told++;
		assert_int_equal(i, 4);
		assert_int_equal(tr[0].n_past, 3);
		assert_int_equal(tr[0].past[0].t_us, 0);
		assert_int_equal(tr[0].past[1].t_us, FRAME_US);
		assert_int_equal(tr[0].past[2].t_us, 3 * FRAME_US);
		assert_true(fabs(tr[0].past[0].foot.x - 100) < 1e-9);
		assert_true(fabs(tr[0].past[2].foot.x - 106) < 2);
	}
	assert_int_equal(told, 1);
	tracker_free(t);
}

/* A long wait for confirmation at a high frame rate: the past is thinned, not cut off. */
static void long_history_keeps_its_beginning(void **state)
{
	struct tracker_opts opts = TRACKER_OPTS_DEFAULT;
	struct tracker *t;
	const struct track *tr;
	int told = 0;

	(void)state;
	opts.confirm_s = 10;
	t = tracker_new(&opts, PICTURE, NULL);
	for (int i = 0; i < 400; i++) {
		struct detection d = person_at(100 + 0.5 * i, 200);

		step(t, i * 33333, &d, 1, &tr);
		if (tr[0].n_past == 0)
			continue;
		told = tr[0].n_past;
		assert_int_equal(tr[0].past[0].t_us, 0);
		for (int k = 1; k < told; k++)
			assert_true(tr[0].past[k].t_us > tr[0].past[k - 1].t_us);
		assert_true(tr[0].past[told - 1].t_us > 9000000);
		assert_true(tr[0].past[told - 1].t_us < tr[0].at.t_us);
	}
	assert_in_range(told, 16, 64);
	tracker_free(t);
}

/* Two people meet, are one wide detection for a while, and walk on. turn: they turn round. */
static void merge_then_split(void **state)
{
	struct tracker *t = with_defaults();
	const struct track *tr = NULL;
	int n = 0;

	(void)state;
	for (int i = 0; i <= 60; i++) {
		double a = 140 + 4 * i, b = 380 - 4 * i;
		struct detection det[2] = { person_at(a, 200), person_at(b, 203) };
		double left = fmin(a, b) - 10, right = fmax(a, b) + 10;

		if (fabs(a - b) < 26) {
			det[0].box = (struct box_px){ left, 140, right - left, 63 };
			det[0].foot = (struct pt_px){ (left + right) / 2, 203 };
			n = step(t, i * FRAME_US, det, 1, &tr);
		} else {
			n = step(t, i * FRAME_US, det, 2, &tr);
		}
		if (i > 5)
			assert_int_equal(count_confirmed(tr, n), 2);
		if (i > 5 && fabs(a - b) < 26 && fabs(a - b) > 12)
			assert_true(tr[0].seen && tr[1].seen);
	}
	assert_int_equal(n, 2);
	assert_true(tr[0].id == 1 && tr[0].at.foot.x > 360);
	assert_true(tr[1].id == 2 && tr[1].at.foot.x < 160);
	tracker_free(t);
}

/* Two people stand together as one detection for a minute, then part: no one is lost and no one
 * is new. */
static void standing_together(void **state)
{
	struct tracker *t = with_defaults();
	const struct track *tr = NULL;
	int n = 0;

	(void)state;
	for (int i = 0; i < 700; i++) {
		double apart = i < 20 ? 60 - 2 * i : i < 640 ? 22 : 22 + 2 * (i - 640);
		struct detection det[2] = { person_at(300 - apart / 2, 200),
					    person_at(300 + apart / 2, 200) };

		if (i >= 20 && i < 640) {
			det[0].box = (struct box_px){ 279, 140, 42, 60 };
			det[0].foot = (struct pt_px){ 300, 200 };
		}
		n = step(t, i * FRAME_US, det, i >= 20 && i < 640 ? 1 : 2, &tr);
		if (i > 5)
			assert_int_equal(count_confirmed(tr, n), 2);
	}
	assert_int_equal(n, 2);
	assert_true(tr[0].id == 1 && tr[0].at.foot.x < 260);
	assert_true(tr[1].id == 2 && tr[1].at.foot.x > 340);
	tracker_free(t);
}

/* A mask that breaks at the belt for three seconds does not make two people of one. */
static void broken_body_is_one_person(void **state)
{
	struct tracker *t = with_defaults();
	const struct track *tr = NULL;

	(void)state;
	for (int i = 0; i < 60; i++) {
		double x = 200 + 3 * i;
		struct detection det[2] = { person_at(x, 200), person_at(x, 200) };
		bool broken = i >= 20 && i < 50;
		int n;

		if (broken) {
			det[0].box.h = 26;
			det[0].foot.y = 166;
			det[1].box.y = 168;
			det[1].box.h = 32;
		}
		n = step(t, i * FRAME_US, det, broken ? 2 : 1, &tr);
		assert_int_equal(count_confirmed(tr, n), i >= 4);
	}
	assert_int_equal(tr[0].id, 1);
	assert_true(fabs(tr[0].at.foot.y - 200) < 2);
	tracker_free(t);
}

/* At 30 frames a second a short flicker on the way to confirmation does no harm. */
static void fast_camera_may_flicker(void **state)
{
	struct tracker *t = with_defaults();
	const struct track *tr = NULL;

	(void)state;
	for (int i = 0; i < 20; i++) {
		struct detection d = person_at(200 + i, 200);

		assert_int_equal(step(t, i * 33333, &d, i != 6 && i != 7, &tr), 1);
	}
	assert_int_equal(tr[0].id, 1);
	assert_int_equal(tr[0].first_us, 0);
	tracker_free(t);
}

/* Ten minutes on one spot, with the jitter that masks have. */
static void stands_still(void **state)
{
	struct tracker *t = with_defaults();
	const struct track *tr = NULL;

	(void)state;
	for (int i = 0; i < 6000; i++) {
		struct detection d = person_at(300 + i * 7 % 5 - 2, 200 + i * 3 % 4 - 1);
		int n = step(t, i * FRAME_US, &d, i % 9 != 8, &tr);

		assert_int_equal(n, 1);
		if (i > 8)
			assert_int_equal(tr[0].id, 1);
	}
	assert_true(fabs(tr[0].at.foot.x - 300) < 3);
	assert_true(fabs(tr[0].vel_px_s.x) < 6);
	assert_int_equal(tr[0].first_us, 0);
	tracker_free(t);
}

/* A time that does not rise is refused, and nothing has changed. */
static void time_must_rise(void **state)
{
	struct tracker *t = with_defaults(), *u = with_defaults();
	const struct track *a = NULL, *b = NULL;

	(void)state;
	for (int i = 0; i < 20; i++) {
		struct detection d = person_at(100 + 3 * i, 200), wrong = person_at(500, 100);
		int n = step(t, i * FRAME_US, &d, 1, &a);

		assert_int_equal(step(u, i * FRAME_US, &d, 1, &b), n);
		assert_int_equal(tracker_step(u, i * FRAME_US, &wrong, 1, &b), ERR_STATE);
		assert_int_equal(tracker_step(u, i * FRAME_US - 1, &wrong, 1, &b), ERR_STATE);
		assert_true(a[0].at.foot.x == b[0].at.foot.x);
		assert_true(a[0].vel_px_s.x == b[0].vel_px_s.x);
	}
	tracker_free(t);
	tracker_free(u);
}

/* Frames between 0.02 and 0.5 s apart: the same walk, one track, the right speed. */
static void variable_frame_rate(void **state)
{
	static const int64_t dt_us[] = { 20000, 500000, 40000, 40000, 250000, 33000 };
	struct tracker *t = with_defaults();
	const struct track *tr = NULL;
	int64_t t_us = 0;

	(void)state;
	for (int i = 0; i < 60; i++) {
		struct detection d;
		int n;

		t_us += dt_us[i % 6];
		d = person_at(50 + 50e-6 * (double)t_us, 200);
		n = step(t, t_us, &d, 1, &tr);
		assert_int_equal(n, 1);
	}
	assert_int_equal(tr[0].id, 1);
	assert_true(fabs(tr[0].vel_px_s.x - 50) < 3);
	tracker_free(t);
}

/* Who walks out of the picture is not waited for as long as who vanishes inside it. */
static void leaving_ends_sooner(void **state)
{
	struct tracker *t = with_defaults();
	const struct track *tr;
	int last[3] = { 0 };

	(void)state;
	for (int i = 0; i < 60; i++) {
		struct detection det[2] = { person_at(400 + 10 * i, 200), person_at(300, 200) };
		int n = step(t, i * FRAME_US, det, i < 24 ? 2 : 0, &tr);

		for (int k = 0; k < n; k++)
			if (tr[k].confirmed)
				last[tr[k].id] = i;
	}
	assert_in_range(last[1], 24, 34);
	assert_in_range(last[2], 42, 44);
	tracker_free(t);
}

/* More things than tracks: the limit holds, and who is confirmed stays. */
static void limit_holds(void **state)
{
	struct tracker_opts opts = TRACKER_OPTS_DEFAULT;
	struct tracker *t;
	struct detection det[300];
	const struct track *tr = NULL;
	int n = 0;

	(void)state;
	opts.max_tracks = 4;
	t = tracker_new(&opts, PICTURE, NULL);
	for (int i = 0; i < 100; i++) {
		int k = 0;

		det[k++] = person_at(50, 100);
		det[k++] = person_at(150, 100);
		det[k++] = person_at(250, 100);
		/* Noise that never stays. */
		for (; i > 10 && k < 300; k++)
			det[k] = person_at((k * 37 + i * 101) % 600,
					   200 + (k * 53 + i * 71) % 150);
		n = step(t, i * FRAME_US, det, k, &tr);
		assert_in_range(n, 3, 4);
	}
	for (int64_t id = 1; id <= 3; id++)
		assert_true(fabs(by_id(tr, n, id)->at.foot.x - (double)(id * 100 - 50)) < 1);
	tracker_free(t);
}

/* In a full tracker what was seen once and is not there any more makes room. */
static void weakest_yields(void **state)
{
	struct tracker_opts opts = TRACKER_OPTS_DEFAULT;
	struct tracker *t;
	const struct track *tr;

	(void)state;
	opts.max_tracks = 2;
	t = tracker_new(&opts, PICTURE, NULL);
	for (int i = 0; i < 8; i++) {
		struct detection det[2] = { person_at(100, 200), person_at(50 + 70 * i, 300) };

		assert_int_equal(step(t, i * FRAME_US, det, 2, &tr), 2);
		assert_true(tr[i >= 4].at.foot.x == 100);
		assert_true(tr[i < 4].at.foot.x == 50 + 70 * i);
	}
	assert_true(by_id(tr, 2, 1)->at.foot.x == 100);
	tracker_free(t);
}

/* What is no box must neither become a track nor harm one. */
static void nonsense_is_passed_over(void **state)
{
	static const double bad[] = { NAN, INFINITY, -INFINITY, 1e300, 0, -5 };
	struct tracker *t = with_defaults();
	const struct track *tr = NULL;

	(void)state;
	for (int i = 0; i < 60; i++) {
		struct detection det[4] = { person_at(200 + i, 200), person_at(200 + i, 200),
					    person_at(200 + i, 200), person_at(200 + i, 200) };
		int n;

		det[0].box.w = bad[i % 6];
		det[1].box.h = bad[i % 6];
		det[2].box.x = bad[i % 4];
		n = step(t, i * FRAME_US, det, 4, &tr);
		assert_int_equal(n, 1);
		det[3].foot.y = NAN;
	}
	assert_int_equal(tr[0].id, 1);
	assert_true(fabs(tr[0].at.foot.x - 259) < 2);
	tracker_free(t);
}

/* First and last representable times; a gap as long as time itself. */
static void extreme_times(void **state)
{
	struct tracker *t = with_defaults();
	struct detection d = person_at(200, 200);
	const struct track *tr;

	(void)state;
	assert_int_equal(step(t, INT64_MIN, &d, 1, &tr), 1);
	assert_int_equal(step(t, INT64_MAX, &d, 1, &tr), 1);
	assert_false(tr[0].confirmed);
	assert_true(tr[0].first_us == INT64_MAX);
	tracker_free(t);
}

/* A crowd that moves by a fixed rule; sums every bit that is told. */
static uint64_t crowd(void)
{
	struct tracker *t = with_defaults();
	uint64_t sum = 0;

	for (int i = 0; i < 300; i++) {
		struct detection det[40];
		const struct track *tr;
		int n = 0;

		for (int k = 0; k < 40; k++)
			if ((i * 7 + k * 13) % 11 != 0)
				det[n++] =
					person_at(320 + 300 * sin(i * 0.01 * (k % 7 + 1) + k),
						  200 + 130 * cos(i * 0.013 * (k % 5 + 1) + k));
		n = step(t, i * FRAME_US, det, n, &tr);
		for (int k = 0; k < n; k++) {
			const double v[] = { tr[k].at.box.x, tr[k].at.foot.y, tr[k].vel_px_s.x,
					     (double)tr[k].id };
			uint64_t bits[4];

			memcpy(bits, v, sizeof(bits));
			for (int b = 0; b < 4; b++)
				sum = (sum ^ bits[b]) * UINT64_C(0x100000001b3);
			assert_true(k == 0 || tr[k].id == 0 || tr[k].id > tr[k - 1].id);
		}
	}
	tracker_free(t);
	return sum;
}

static void same_input_same_bytes(void **state)
{
	(void)state;
	assert_true(crowd() == crowd());
}

/* ---- on a floor ---- */

/* A shop's camera, 2.9 m high, that looks north along the floor. */
static void init_floor(struct grid *g)
{
	const struct grid_opts o = { .img_w = 640,
				     .img_h = 360,
				     .w = 640,
				     .h = 360,
				     .factor = 1,
				     .step_m = 0.5,
				     .min_px = 16 };
	struct lens lens;

	lens_look(&lens, 640, 360, 75, 0, (struct pt_room){ 0, 0, 2.9 },
		  (struct pt_room){ 0, 10, 0 }, 0);
	grid_init(g, &lens, &o);
}

/* Seen at a place, as sure as 12 m from that camera: 0.1 m across the view, 0.6 m along it. */
static struct detection on_floor(const struct grid *g, double x, double y)
{
	struct detection d = { .at = { x, y }, .at_off = { 0.01, 0, 0.36 }, .score = 1 };

	assert_true(grid_place(g, d.at, &d.foot, &d.body));
	d.box = (struct box_px){ d.foot.x - d.body / 6, d.foot.y - d.body, d.body / 3, d.body };
	return d;
}

/* Where a track stands, metres. */
static struct pt_m stands_at(const struct grid *g, const struct track *t)
{
	struct pt_m at = { 0 };

	assert_true(lens_floor(&g->lens, t->at.foot.x, t->at.foot.y, &at));
	return at;
}

/* Far from the camera feet are seen half a metre nearer or farther for half a second: who
 * stands stays where he is, and so would not cross a line there and back. */
static void trembling_feet_stand_still(void **state)
{
	const struct tracker_opts opts = TRACKER_OPTS_DEFAULT;
	const struct track *tr;
	struct tracker *t;
	struct grid g;

	(void)state;
	init_floor(&g);
	t = tracker_new(&opts, PICTURE, &g);
	for (int i = 0; i < 200; i++) {
		struct detection d = on_floor(&g, 1, i / 5 % 2 ? 12.5 : 11.5);

		assert_int_equal(step(t, i * FRAME_US, &d, 1, &tr), 1);
		if (i >= 50)
			assert_true(fabs(stands_at(&g, &tr[0]).y - 12) < 0.3);
	}
	assert_int_equal(tr[0].id, 1);
	tracker_free(t);
	grid_clear(&g);
}

/* Two people 0.6 m beside each other whose distances are seen wrongly, now one's, now the
 * other's: they are told apart across the view. */
static void side_by_side_far_away(void **state)
{
	const struct tracker_opts opts = TRACKER_OPTS_DEFAULT;
	const struct track *tr;
	struct tracker *t;
	struct grid g;
	int n = 0;

	(void)state;
	init_floor(&g);
	t = tracker_new(&opts, PICTURE, &g);
	for (int i = 0; i < 100; i++) {
		double off = i / 4 % 2 ? 0.6 : -0.6, y = 14 - 0.05 * i;
		struct detection d[2] = { on_floor(&g, -0.3, y + off),
					  on_floor(&g, 0.3, y - off) };

		n = step(t, i * FRAME_US, d, 2, &tr);
		assert_int_equal(n, 2);
	}
	assert_true(fabs(stands_at(&g, by_id(tr, n, 1)).x + 0.3) < 0.1);
	assert_true(fabs(stands_at(&g, by_id(tr, n, 2)).x - 0.3) < 0.1);
	tracker_free(t);
	grid_clear(&g);
}

/* On a floor, what has no place on it is nobody. */
static void no_place_no_person(void **state)
{
	const struct tracker_opts opts = TRACKER_OPTS_DEFAULT;
	const struct track *tr;
	struct tracker *t;
	struct grid g;

	(void)state;
	init_floor(&g);
	t = tracker_new(&opts, PICTURE, &g);
	for (int i = 0; i < 20; i++) {
		struct detection d[4] = { person_at(100, 200), on_floor(&g, 0, 9),
					  on_floor(&g, 1, 9), on_floor(&g, 2, 9) };

		d[1].at.x = NAN;
		d[2].at_off.yy = 0;
		d[3].at_off.xy = 1;
		assert_int_equal(step(t, i * FRAME_US, d, 4, &tr), 0);
	}
	tracker_free(t);
	grid_clear(&g);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(crossing_keeps_ids),
		cmocka_unit_test(gaps_up_to_forget_s),
		cmocka_unit_test(flicker_is_not_confirmed),
		cmocka_unit_test(history_comes_with_confirmation),
		cmocka_unit_test(long_history_keeps_its_beginning),
		cmocka_unit_test(merge_then_split),
		cmocka_unit_test(standing_together),
		cmocka_unit_test(broken_body_is_one_person),
		cmocka_unit_test(fast_camera_may_flicker),
		cmocka_unit_test(stands_still),
		cmocka_unit_test(time_must_rise),
		cmocka_unit_test(variable_frame_rate),
		cmocka_unit_test(leaving_ends_sooner),
		cmocka_unit_test(limit_holds),
		cmocka_unit_test(weakest_yields),
		cmocka_unit_test(nonsense_is_passed_over),
		cmocka_unit_test(extreme_times),
		cmocka_unit_test(trembling_feet_stand_still),
		cmocka_unit_test(side_by_side_far_away),
		cmocka_unit_test(no_place_no_person),
		cmocka_unit_test(same_input_same_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
