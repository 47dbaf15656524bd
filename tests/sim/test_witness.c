/* SPDX-License-Identifier: Apache-2.0 */
/* test_witness.c -- what a tracker makes of a crowd: each of its faults as large as asked for,
 * and none without being asked.
 */
#include "base/vec.h"
#include "sim/witness.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define STEP_US INT64_C(200000)
#define START_US (INT64_C(1000000) * 1773478800)
#define PEOPLE 60
#define IDS_MAX 100000

static struct scene *scene_with(struct scene_tracks tracks)
{
	struct scene *s = xcalloc(1, sizeof(*s));

	s->floor.to = (struct pt_m){ 30, 20 };
	s->tracks = tracks;
	return s;
}

/* Person i stands in place i, 2 m from everybody else. */
static void standing(struct actor *a, int n)
{
	memset(a, 0, (size_t)n * sizeof(*a));
	for (int i = 0; i < n; i++) {
		a[i].who.id = i + 1;
		a[i].at = (struct pt_m){ 2.0 * (i % 10), 2.0 * (i / 10) };
	}
}

/* Which person stands where something was seen; -1: nobody within a metre. */
static int who_stands(const struct actor *a, int n, struct pt_floor at)
{
	for (int i = 0; i < n; i++)
		if (hypot(a[i].at.x - at.x, a[i].at.y - at.y) < 1)
			return i;
	return -1;
}

static void ordered(const struct sighting *s, int n, int64_t t_us)
{
	for (int i = 0; i < n; i++) {
		assert_true(i == 0 || s[i].track > s[i - 1].track);
		assert_true(s[i].t_us == t_us);
		assert_int_equal(s[i].camera, 0);
		assert_true(s[i].body == 0.5);
	}
}

static void without_faults_it_is_the_truth(void **state)
{
	struct scene *scene = scene_with((struct scene_tracks){ 0 });
	struct witness *w = witness_new(scene, 1);
	struct actor a[PEOPLE];
	const struct sighting *s;

	(void)state;
	standing(a, PEOPLE);
	for (int t = 0; t < 50; t++) {
		/* One leaves, one comes, all walk. */
		int first = t / 10, n = PEOPLE - first;

		for (int i = 0; i < PEOPLE; i++)
			a[i].at.x += 0.3 / (i + 1);
		assert_int_equal(witness_step(w, START_US + t * STEP_US, a + first, n, &s), n);
		ordered(s, n, START_US + t * STEP_US);
		for (int i = 0; i < n; i++) {
			assert_int_equal(s[i].track, a[first + i].who.id);
			assert_true(s[i].at.x == a[first + i].at.x &&
				    s[i].at.y == a[first + i].at.y);
		}
	}
	assert_int_equal(witness_step(w, START_US + 60 * STEP_US, NULL, 0, &s), 0);
	witness_free(w);
	free(scene);
}

static void errors_have_their_size_and_last(void **state)
{
	struct scene *scene = scene_with((struct scene_tracks){ .sd_m = 0.2, .corr_s = 1.5 });
	struct witness *w = witness_new(scene, 1);
	struct actor a[PEOPLE];
	double before[PEOPLE][2], sum[2] = { 0 }, square[2] = { 0 }, lag[2] = { 0 };
	const struct sighting *s;
	const int steps = 4000;
	(void)state;

	standing(a, PEOPLE);
	for (int t = 0; t < steps; t++) {
		assert_int_equal(witness_step(w, START_US + t * STEP_US, a, PEOPLE, &s),
				 PEOPLE);
		for (int i = 0; i < PEOPLE; i++) {
			double e[2] = { s[i].at.x - a[i].at.x, s[i].at.y - a[i].at.y };

			for (int k = 0; k < 2; k++) {
				sum[k] += e[k];
				square[k] += e[k] * e[k];
				lag[k] += t ? e[k] * before[i][k] : 0;
				before[i][k] = e[k];
			}
		}
	}
	for (int k = 0; k < 2; k++) {
		double n = (double)steps * PEOPLE, var = square[k] / n;

		assert_true(fabs(sum[k] / n) < 0.01);
		assert_true(fabs(sqrt(var) - 0.2) < 0.005);
		assert_true(fabs(lag[k] / n / var - exp(-0.2 / 1.5)) < 0.01);
	}
	witness_free(w);
	free(scene);
}

/* Share of the sightings that person 0 and his like are missed in, and how long a run is. */
static double missed(struct scene *scene, const struct actor *a, int n, double *run_s)
{
	struct witness *w = witness_new(scene, 3);
	bool was[PEOPLE] = { 0 };
	const struct sighting *s;
	const int steps = 20000;
	double misses = 0, runs = 0;

	for (int t = 0; t < steps; t++) {
		int got = witness_step(w, START_US + t * STEP_US, a, n, &s), k = 0;

		for (int i = 0; i < n; i++) {
			bool seen = k < got && s[k].track == a[i].who.id;

			k += seen;
			misses += !seen;
			runs += !seen && !was[i];
			was[i] = !seen;
		}
		assert_int_equal(k, got);
	}
	witness_free(w);
	*run_s = misses / runs * STEP_US / 1e6;
	return misses / steps / n;
}

static void misses_have_their_share_and_come_in_runs(void **state)
{
	struct scene *scene = scene_with((struct scene_tracks){ .miss = 0.1, .miss_s = 1.2 });
	struct actor a[PEOPLE];
	double run_s, alone, close;
	(void)state;

	standing(a, PEOPLE);
	alone = missed(scene, a, PEOPLE, &run_s);
	assert_true(fabs(alone - 0.1) < 0.005);
	assert_true(fabs(run_s - 1.3) < 0.1); /* half a step more: runs are whole steps */

	/* Two by two. */
	for (int i = 0; i < PEOPLE; i++)
		a[i].at.x = 4.0 * (i / 2 % 10) + 0.6 * (i % 2);
	close = missed(scene, a, PEOPLE, &run_s);
	assert_true(close > 0.2 && close < 0.3);

	/* One by one when they do not last. */
	standing(a, PEOPLE);
	scene->tracks.miss_s = 0;
	assert_true(fabs(missed(scene, a, PEOPLE, &run_s) - 0.1) < 0.005);
	assert_true(fabs(run_s - 0.2 / 0.9) < 0.01);
	free(scene);
}

static void broken_tracks_go_on_under_new_numbers(void **state)
{
	struct scene *scene = scene_with((struct scene_tracks){ .break_min = 3 });
	struct witness *w = witness_new(scene, 1);
	bool *used = xcalloc(IDS_MAX, sizeof(*used));
	int64_t now[PEOPLE] = { 0 };
	struct actor a[PEOPLE];
	const struct sighting *s;
	const int steps = 3000; /* ten minutes */
	int breaks = 0;
	(void)state;

	standing(a, PEOPLE);
	for (int t = 0; t < steps; t++) {
		int n = witness_step(w, START_US + t * STEP_US, a, PEOPLE, &s);

		assert_int_equal(n, PEOPLE);
		ordered(s, n, START_US + t * STEP_US);
		for (int i = 0; i < n; i++) {
			int who = who_stands(a, PEOPLE, s[i].at);

			if (now[who] == s[i].track)
				continue;
			breaks += now[who] != 0;
			now[who] = s[i].track;
			assert_true(s[i].track > 0 && s[i].track < IDS_MAX);
			assert_false(used[s[i].track]);
			used[s[i].track] = true;
		}
	}
	/* 3 a minute for 60 people in 10 minutes: 1800, a little less when two fall into one
	 * step. */
	assert_true(breaks > 1600 && breaks < 1950);
	free(used);
	witness_free(w);
	free(scene);
}

/* Of n pairs who walk through each other and back, how often numbers swapped. */
static int swaps(double chance, int n_pairs, int meetings)
{
	struct scene *scene = scene_with((struct scene_tracks){ .swap = chance });
	struct witness *w = witness_new(scene, 5);
	struct actor *a = xcalloc((size_t)n_pairs * 2, sizeof(*a));
	int64_t *track = xcalloc((size_t)n_pairs * 2, sizeof(*track));
	const struct sighting *s;
	int n = 2 * n_pairs, swapped = 0;

	for (int t = 0; t <= 40 * meetings; t++) {
		double apart = 3 * cos(3.14159265 * t / 40);

		for (int i = 0; i < n; i++) {
			a[i].who.id = i + 1;
			a[i].at = (struct pt_m){ 10.0 * (i / 2) + (i % 2 ? apart : -apart) / 2,
						 0.1 * (i % 2) };
		}
		assert_int_equal(witness_step(w, START_US + t * STEP_US, a, n, &s), n);
		ordered(s, n, START_US + t * STEP_US);
		for (int i = 0; i < n; i++) {
			int who = -1;

			for (int k = 0; k < n; k++)
				if (a[k].at.x == s[i].at.x && a[k].at.y == s[i].at.y)
					who = k;
			assert_true(who >= 0);
			if (track[who] && track[who] != s[i].track) {
				/* With the one he met, and with nobody else. */
				assert_int_equal(track[who ^ 1], s[i].track);
				swapped++;
				track[who ^ 1] = track[who];
			}
			track[who] = s[i].track;
		}
	}
	free(track);
	free(a);
	witness_free(w);
	free(scene);
	return swapped;
}

static void those_who_meet_swap_numbers_at_most_once(void **state)
{
	int n;
	(void)state;

	assert_int_equal(swaps(0, 20, 3), 0);
	assert_int_equal(swaps(1, 20, 3), 60);
	n = swaps(0.3, 40, 20);
	assert_true(n > 240 - 50 && n < 240 + 50);
}

static void new_people_are_seen_late(void **state)
{
	struct scene *scene = scene_with((struct scene_tracks){ .late_s = 2 });
	struct witness *w = witness_new(scene, 1);
	double sum = 0, first[PEOPLE] = { 0 };
	struct actor a[PEOPLE];
	const struct sighting *s;
	(void)state;

	standing(a, PEOPLE);
	for (int t = 0; t < 40; t++) {
		int n = witness_step(w, START_US + t * STEP_US, a, PEOPLE, &s);

		for (int i = 0; i < n; i++)
			if (first[s[i].track - 1] == 0)
				first[s[i].track - 1] = t * 0.2;
	}
	for (int i = 0; i < PEOPLE; i++) {
		assert_true(first[i] >= 1 && first[i] <= 3.2);
		sum += first[i];
	}
	assert_true(fabs(sum / PEOPLE - 2.1) < 0.4);
	witness_free(w);
	free(scene);
}

static void ghosts_are_as_many_as_asked_for(void **state)
{
	struct scene *scene = scene_with((struct scene_tracks){ .ghosts_h = 120 });
	struct witness *w = witness_new(scene, 1);
	struct actor a[PEOPLE];
	const struct sighting *s;
	const int steps = 5 * 3600 * 2;
	int64_t last = PEOPLE;
	int ghosts = 0, seen = 0;
	(void)state;

	standing(a, PEOPLE);
	for (int t = 0; t < steps; t++) {
		int n = witness_step(w, START_US + t * STEP_US, a, PEOPLE, &s);

		ordered(s, n, START_US + t * STEP_US);
		for (int i = PEOPLE; i < n; i++) {
			ghosts += s[i].track > last;
			last = s[i].track > last ? s[i].track : last;
			seen++;
			assert_true(s[i].at.x > -1 && s[i].at.x < 31);
			assert_true(s[i].at.y > -1 && s[i].at.y < 21);
		}
	}
	assert_true(ghosts > 240 - 50 && ghosts < 240 + 50);
	assert_int_equal(last, PEOPLE + ghosts);
	assert_true(fabs(seen * 0.2 / ghosts - 3) < 0.7); /* seconds each */
	witness_free(w);
	free(scene);
}

/* All faults at once: by seed the same, and of one person whoever else is there. */
static void faults_depend_on_the_seed_and_the_person_only(void **state)
{
	struct scene *scene =
		scene_with((struct scene_tracks){ .sd_m = 0.1, .corr_s = 1, .miss = 0.1 });
	struct witness *all = witness_new(scene, 1), *few = witness_new(scene, 1),
		       *other = witness_new(scene, 2);
	struct actor a[PEOPLE];
	const struct sighting *s, *f, *o;
	int same = 0;
	(void)state;

	standing(a, PEOPLE);
	for (int t = 0; t < 200; t++) {
		int n = witness_step(all, START_US + t * STEP_US, a, PEOPLE, &s), k = 0;
		int n_few = witness_step(few, START_US + t * STEP_US, a + 20, 10, &f);
		int n_other = witness_step(other, START_US + t * STEP_US, a, PEOPLE, &o);

		for (int i = 0; i < n_few; i++) {
			while (k < n && s[k].track != f[i].track)
				k++;
			assert_true(k < n);
			assert_memory_equal(&s[k], &f[i], sizeof(s[k]));
		}
		same += n == n_other;
	}
	assert_true(same < 100);
	witness_free(all);
	witness_free(few);
	witness_free(other);
	free(scene);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_faults_it_is_the_truth),
		cmocka_unit_test(errors_have_their_size_and_last),
		cmocka_unit_test(misses_have_their_share_and_come_in_runs),
		cmocka_unit_test(broken_tracks_go_on_under_new_numbers),
		cmocka_unit_test(those_who_meet_swap_numbers_at_most_once),
		cmocka_unit_test(new_people_are_seen_late),
		cmocka_unit_test(ghosts_are_as_many_as_asked_for),
		cmocka_unit_test(faults_depend_on_the_seed_and_the_person_only),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
