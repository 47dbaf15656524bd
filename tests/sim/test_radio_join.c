/* SPDX-License-Identifier: Apache-2.0 */
/* test_radio_join.c -- phones of a simulated store in its network: who joins, when and where,
 * and who reports them. */
#include "base/clock.h"
#include "radio_rig.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#define PHONES 300
#define HOUR 3600

static void access_points_know_only_who_has_joined(void **state)
{
	struct actor *a = rig_crowd(PHONES, 4);
	int64_t join_us = 0, n[RADIO_DATA + 1] = { 0 }, joined = 0;
	struct scene *s = rig_store();
	struct heard h = rig_hear(s, 5, a, PHONES, HOUR / 2);
	int ap = -1;

	(void)state;
	heard_sort(&h, -1);
	for (size_t i = 0; i < h.report.n; i++) {
		const struct radio_report *r = &h.report.v[i];

		n[r->kind]++;
		if (i == 0 || !same_device(r, r - 1))
			ap = -1;
		if (r->kind == RADIO_JOIN) {
			assert_int_equal(ap, -1); /* once a visit */
			ap = r->receiver;
			join_us = r->true_us;
			joined++;
		}
		assert_int_equal(r->serving, ap);
		assert_true(ap < 2);
		if (ap >= 0)
			assert_true(r->kind != RADIO_PROBE && r->true_us >= join_us);
		else
			assert_true(r->kind == RADIO_PROBE);
		/* Monitors hear frames, access points have members. */
		assert_int_equal(r->receiver >= 2,
				 r->kind == RADIO_PROBE || r->kind == RADIO_DATA);
	}
	for (int k = RADIO_PROBE; k <= RADIO_DATA; k++)
		assert_true(n[k] > 100);
	assert_near((double)joined / PHONES, 0.5, 0.08);
	heard_clear(&h);
	s->radio.joined = 0;
	h = rig_hear(s, 5, a, PHONES, 600);
	for (size_t i = 0; i < h.report.n; i++)
		assert_int_equal(h.report.v[i].kind, RADIO_PROBE);
	heard_clear(&h);
	free(a);
	free(s);
}

static void phones_join_where_they_are_heard_best(void **state)
{
	struct actor a[2] = { rig_actor(1, 9, 9), rig_actor(2, 31, 21) };
	struct scene *s = rig_store();
	struct heard h;
	int joins = 0;

	(void)state;
	s->radio.joined = 1;
	h = rig_hear(s, 1, a, 2, 600);
	for (size_t i = 0; i < h.report.n; i++)
		if (h.report.v[i].kind == RADIO_JOIN) {
			assert_int_equal(h.report.v[i].receiver, h.report.v[i].owner - 1);
			joins++;
		}
	assert_int_equal(joins, 2);
	heard_clear(&h);
	free(s);
}

/* Out of reach of all access points nobody joins; phones go on looking for networks. */
static void nobody_joins_what_does_not_hear_him(void **state)
{
	struct actor a = rig_actor(1, 20, 14);
	int64_t first_us = 0, last_us = 0;
	struct scene *s = rig_store();
	struct heard h;

	(void)state;
	s->radio.joined = 1;
	s->radio.floor_dbm = -90;
	for (int i = 0; i < 2; i++)
		s->receiver[i].at.z = 1e6;
	h = rig_hear(s, 1, &a, 1, HOUR);
	assert_true(h.report.n > 10);
	for (size_t i = 0; i < h.report.n; i++) {
		assert_int_equal(h.report.v[i].kind, RADIO_PROBE);
		first_us = first_us ? first_us : h.report.v[i].true_us;
		last_us = h.report.v[i].true_us;
	}
	assert_true(last_us - first_us > HOUR / 2 * CLOCK_SECOND_US);
	heard_clear(&h);
	free(s);
}

static void access_points_report_members_at_intervals(void **state)
{
	struct actor *a = rig_crowd(PHONES, 4);
	struct scene *s = rig_store();
	struct heard all = rig_hear(s, 5, a, PHONES, HOUR / 2);

	(void)state;
	for (int ap = 0; ap < 2; ap++) {
		struct moments gap = { 0 };
		struct heard h = { 0 };

		for (size_t i = 0; i < all.report.n; i++)
			if (all.report.v[i].kind == RADIO_REPORT)
				*VEC_PUSH(&h.report) = all.report.v[i];
		heard_sort(&h, ap); /* the one that serves and the one that does not */
		for (size_t i = 1; i < h.report.n; i++) {
			double s_apart =
				(double)(h.report.v[i].true_us - h.report.v[i - 1].true_us) /
				1e6;

			if (!same_device(&h.report.v[i], &h.report.v[i - 1]))
				continue;
			assert_true(s_apart > 4.9 && s_apart < 15.1);
			moments_add(&gap, s_apart);
		}
		assert_true(gap.n > 5000);
		assert_near(moments_mean(&gap), 10, 0.1);
		heard_clear(&h);
	}
	heard_clear(&all);
	free(a);
	free(s);
}

/* ---- In and out of the store ---- */

#define WALKERS 1000

/* People in front of the door; after a minute they come in, for so long, and stand in front of
 * it again. *first_us: when they were first seen inside. */
static struct heard visit(struct scene *s, double inside_s, int64_t *first_us)
{
	struct actor *a = calloc(WALKERS, sizeof(*a));
	struct radio_sim *r = radio_sim_new(s, 3);
	int64_t t_us = RIG_START_US;
	struct heard h = { 0 };

	for (int i = 0; i < WALKERS; i++)
		a[i] = rig_actor(i + 1, 9.5, 11);
	rig_stand(&h, r, &t_us, a, WALKERS, 60);
	*first_us = t_us;
	for (int i = 0; i < WALKERS; i++)
		a[i].at.x = 10.5;
	rig_stand(&h, r, &t_us, a, WALKERS, inside_s);
	for (int i = 0; i < WALKERS; i++)
		a[i].at.x = 9.5;
	rig_stand(&h, r, &t_us, a, WALKERS, 60);
	radio_sim_free(r);
	free(a);
	return h;
}

static void joining_takes_its_time_after_coming_in(void **state)
{
	struct scene *s = rig_store();
	int64_t first_us, sooner = 0, joins = 0, outside = 0;
	double s_after;
	struct heard h;

	(void)state;
	s->radio.joined = 1;
	rig_door(s);
	h = visit(s, 300, &first_us);
	for (size_t i = 0; i < h.report.n; i++) {
		outside += h.report.v[i].kind == RADIO_REPORT &&
			   h.report.v[i].true_us > first_us + 301 * CLOCK_SECOND_US;
		if (h.report.v[i].kind != RADIO_JOIN)
			continue;
		s_after = (double)(h.report.v[i].true_us - first_us) / 1e6;
		assert_true(s_after > 0 && s_after < 300);
		joins++;
		sooner += s_after < 20;
	}
	assert_true(joins > 0.99 * WALKERS);
	assert_near((double)sooner / WALKERS, 0.5, 2 / sqrt(WALKERS)); /* the median */
	assert_true(outside > WALKERS); /* once joined, also in front of the door */
	heard_clear(&h);

	/* Of those who leave after the median, half have not joined, and do not outside. */
	h = visit(s, 20, &first_us);
	joins = 0;
	for (size_t i = 0; i < h.report.n; i++)
		joins += h.report.v[i].kind == RADIO_JOIN;
	assert_near((double)joins / WALKERS, 0.5, 2 / sqrt(WALKERS));
	heard_clear(&h);
	free(s);
}

/* How many of a crowd of this kind that stands there join within 10 minutes. */
static int joins_of(const struct scene *s, struct actor who, double *mean_s)
{
	struct actor a[100];
	struct heard h;
	int n = 0;

	*mean_s = 0;
	for (int i = 0; i < 100; i++) {
		a[i] = who;
		a[i].who.id = i + 1;
	}
	h = rig_hear(s, 9, a, 100, 600);
	for (size_t i = 0; i < h.report.n; i++)
		if (h.report.v[i].kind == RADIO_JOIN) {
			n++;
			*mean_s += (double)(h.report.v[i].true_us - RIG_START_US) / 1e8;
		}
	heard_clear(&h);
	return n;
}

static void who_is_not_in_the_store_does_not_join(void **state)
{
	struct actor who = rig_actor(1, 12, 11);
	struct scene *s = rig_store();
	double mean_s;

	(void)state;
	s->radio.joined = 1;
	/* No doors: everybody is inside, but those who pass by. */
	assert_int_equal(joins_of(s, who, &mean_s), 100);
	assert_true(mean_s > 10);
	who.who.kind = PERSON_PASSER;
	assert_int_equal(joins_of(s, who, &mean_s), 0);
	/* A door: what is before it is the street. */
	rig_door(s);
	assert_int_equal(joins_of(s, who, &mean_s), 0);
	who.who.kind = PERSON_SHOPPER;
	assert_int_equal(joins_of(s, who, &mean_s), 100);
	who.at.x = 8;
	assert_int_equal(joins_of(s, who, &mean_s), 0);
	/* Staff are members, wherever they come from. */
	s->radio.joined = 0;
	assert_int_equal(joins_of(s, who, &mean_s), 0);
	who.who.kind = PERSON_STAFF;
	assert_int_equal(joins_of(s, who, &mean_s), 100);
	assert_true(mean_s < 1);
	free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(access_points_know_only_who_has_joined),
		cmocka_unit_test(phones_join_where_they_are_heard_best),
		cmocka_unit_test(nobody_joins_what_does_not_hear_him),
		cmocka_unit_test(access_points_report_members_at_intervals),
		cmocka_unit_test(joining_takes_its_time_after_coming_in),
		cmocka_unit_test(who_is_not_in_the_store_does_not_join),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
