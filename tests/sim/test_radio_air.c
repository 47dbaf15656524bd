/* SPDX-License-Identifier: Apache-2.0 */
/* test_radio_air.c -- how strong receivers hear phones: what is in the scene comes out of the
 * reports again. */
#include "base/rng.h"
#include "radio_rig.h"
#include "sim/radio_air.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

/* Reports are the model but for rounding, unless a test puts something back. */
static struct scene *plain_scene(void)
{
	struct scene *s = rig_scene();

	s->radio.shadow_db = s->radio.fading_db = s->radio.device_db = 0;
	s->radio.floor_dbm = -200;
	s->radio.bursts_min = 4;
	return s;
}

static double side_on(const struct scene *s, const struct actor *a)
{
	return atan2(s->receiver[0].at.y - a->at.y, s->receiver[0].at.x - a->at.x) + 1.5707963;
}

/* Least squares of power against distance: the exponent, the power at 1 m and the fading. */
static void power_falls_with_distance(void **state)
{
	double n = 0, sx = 0, sy = 0, sxx = 0, sxy = 0, syy = 0, slope, rest, sd;
	struct actor *a = rig_crowd(400, 1);
	struct scene *s = plain_scene();
	struct heard h;

	(void)state;
	s->radio.fading_db = 4;
	rig_receiver(s, "m", 20, 15, 3, true);
	for (int i = 0; i < 400; i++)
		a[i].facing = side_on(s, &a[i]);
	h = rig_hear(s, 1, a, 400, 300);
	for (size_t i = 0; i < h.report.n; i++) {
		const struct radio_report *r = &h.report.v[i];
		double x = -10 * log10(rig_distance(s, 0, &a[r->owner - 1]));

		assert_true(r->rssi_dbm == floor(r->rssi_dbm));
		n++;
		sx += x;
		sy += r->rssi_dbm;
		sxx += x * x;
		sxy += x * r->rssi_dbm;
		syy += r->rssi_dbm * r->rssi_dbm;
	}
	assert_true(n > 5000);
	sxx -= sx * sx / n;
	sxy -= sx * sy / n;
	syy -= sy * sy / n;
	slope = sxy / sxx;
	sd = sqrt((syy - slope * sxy) / (n - 2));
	rest = sd / sqrt(sxx);
	assert_near(slope, 2.4, 4 * rest);
	assert_near(sy / n - slope * sx / n, -42, 4 * sd * sqrt(1 / n + sx * sx / n / n / sxx));
	/* Rounding adds 1/12. */
	assert_near(sd, sqrt(16 + 1. / 12), 4 * sd / sqrt(2 * n));
	heard_clear(&h);
	free(a);
	free(s);
}

static void within_a_metre_it_gets_no_stronger(void **state)
{
	struct actor a[2] = { rig_actor(1, 20, 15), rig_actor(2, 20.5, 15) };
	struct scene *s = plain_scene();
	struct heard h;

	(void)state;
	rig_receiver(s, "m", 20, 15, 1.5, true);
	a[1].facing = side_on(s, &a[1]);
	h = rig_hear(s, 1, a, 2, 300);
	assert_true(h.report.n > 10);
	for (size_t i = 0; i < h.report.n; i++)
		assert_true(h.report.v[i].rssi_dbm == -42);
	heard_clear(&h);
	free(s);
}

static void a_body_between_takes_4_db(void **state)
{
	struct actor a[2] = { rig_actor(1, 10, 15), rig_actor(2, 10, 15) };
	struct moments facing = { 0 }, away = { 0 };
	struct scene *s = plain_scene();
	struct heard h;

	(void)state;
	s->radio.fading_db = 2;
	rig_receiver(s, "m", 20, 15, 3, true);
	a[1].facing = 3.14159265;
	h = rig_hear(s, 1, a, 2, 3600);
	for (size_t i = 0; i < h.report.n; i++)
		moments_add(h.report.v[i].owner == 1 ? &facing : &away, h.report.v[i].rssi_dbm);
	assert_true(facing.n > 400 && away.n > 400);
	assert_near(moments_mean(&facing) - moments_mean(&away), 4,
		    4 * 2.02 * sqrt(1 / facing.n + 1 / away.n));
	heard_clear(&h);
	free(s);
}

/* Over many fields: variance 1 at any place, on a lattice or off it; correlation 1/e at its
 * distance in any direction, none far away. */
static void shadowing_has_its_variance_and_its_distance(void **state)
{
	static const struct pt_m from[] = {
		{ 0, 0 }, { -7.3, 12.9 }, { 3, 5 }, { 101.5, 0.6 }
	};
	const double shadow_m = 5;
	const int fields = 20000;

	(void)state;
	for (size_t k = 0; k < sizeof(from) / sizeof(from[0]); k++) {
		double sum = 0, square = 0, near[2] = { 0 }, far = 0, c = cos(0.7 * (double)k),
		       sn = sin(0.7 * (double)k);

		for (int i = 0; i < fields; i++) {
			uint64_t field = rng_hash(99, (uint64_t)i);
			struct pt_m p = from[k], q = { p.x + 5 * c, p.y + 5 * sn },
				    half = { p.x - 2.5 * sn, p.y + 2.5 * c },
				    away = { p.x + 15 * c, p.y + 15 * sn };
			double v = air_shadow(field, shadow_m, p);

			sum += v;
			square += v * v;
			near[0] += v * air_shadow(field, shadow_m, q);
			near[1] += v * air_shadow(field, shadow_m, half);
			far += v * air_shadow(field, shadow_m, away);
		}
		assert_near(sum / fields, 0, 4 / sqrt(fields));
		assert_near(square / fields, 1, 4 * sqrt(2. / fields));
		assert_near(near[0] / fields, exp(-1), 0.04);
		assert_near(near[1] / fields, exp(-0.25), 0.04);
		assert_near(far / fields, 0, 0.03);
	}
}

static void shadowing_is_smooth(void **state)
{
	double last = air_shadow(5, 4, (struct pt_m){ -20, 3 }), least = last, most = last;

	(void)state;
	for (int i = 1; i <= 6000; i++) {
		double v = air_shadow(5, 4, (struct pt_m){ -20 + 0.01 * i, 3 + 0.002 * i });

		assert_true(fabs(v - last) < 0.025);
		last = v;
		least = fmin(least, v);
		most = fmax(most, v);
	}
	assert_true(most - least > 2); /* over 15 distances it does change */
}

/* In the reports: of sixty receivers at one place each sees people through a field of its own.
 */
static void receivers_have_fields_of_their_own(void **state)
{
	struct actor *a = rig_crowd(100, 3);
	struct moments rest = { 0 }, first = { 0 };
	struct scene *s = plain_scene();
	struct heard h;

	(void)state;
	s->radio.shadow_db = 6;
	for (int i = 0; i < 60; i++)
		rig_receiver(s, "m", 20, 15, 3, true);
	for (int i = 0; i < 100; i++)
		a[i].facing = side_on(s, &a[i]);
	h = rig_hear(s, 1, a, 100, 60);
	for (size_t i = 0; i < h.report.n; i++) {
		const struct radio_report *r = &h.report.v[i];
		const struct actor *who = &a[r->owner - 1];
		double model = -42 - 24 * log10(rig_distance(s, 0, who));

		moments_add(&rest, r->rssi_dbm - model);
		/* Standing still, one receiver hears one person with one power. */
		if (r->receiver == 0 && r->owner == h.report.v[0].owner)
			moments_add(&first, r->rssi_dbm);
	}
	assert_near(moments_mean(&rest), 0, 0.4);
	assert_near(moments_sd(&rest), 6, 0.3);
	assert_true(first.n > 2 && moments_sd(&first) == 0);
	heard_clear(&h);
	free(a);
	free(s);
}

static void devices_differ_by_a_constant(void **state)
{
	const int n = 3000;
	struct moments *mine = calloc((size_t)n, sizeof(*mine)), all = { 0 };
	struct actor *a = rig_crowd(n, 4);
	struct scene *s = plain_scene();
	struct heard h;

	(void)state;
	s->radio.device_db = 5;
	rig_receiver(s, "m", 20, 15, 3, true);
	rig_receiver(s, "m2", 20, 15, 3, true);
	for (int i = 0; i < n; i++) {
		a[i].at = (struct pt_m){ 24, 15 };
		a[i].facing = side_on(s, &a[i]);
	}
	h = rig_hear(s, 1, a, n, 120);
	for (size_t i = 0; i < h.report.n; i++)
		moments_add(&mine[h.report.v[i].owner - 1], h.report.v[i].rssi_dbm);
	for (int i = 0; i < n; i++) {
		if (mine[i].n < 2)
			continue;
		assert_true(moments_sd(&mine[i]) == 0); /* at both receivers, every time */
		moments_add(&all, moments_mean(&mine[i]));
	}
	assert_true(all.n > 2500);
	assert_near(moments_mean(&all), -42 - 24 * log10(rig_distance(s, 0, &a[0])),
		    4 * 5 / sqrt(all.n));
	assert_near(moments_sd(&all), sqrt(25 + 1. / 12), 4 * 5 / sqrt(2 * all.n));
	heard_clear(&h);
	free(mine);
	free(a);
	free(s);
}

/* One receiver hears every frame; others, with the same power, some (they are farther away). */
static void what_is_weak_is_heard_less_and_less(void **state)
{
	static const double above[] = { -3, 0.2, 3, 8 };
	struct actor *a = rig_crowd(100, 5);
	struct scene *s = plain_scene();
	int heard[5] = { 0 };
	struct heard h;

	(void)state;
	s->radio.floor_dbm = -90;
	rig_receiver(s, "near", 0, 0, 1.1, true);
	for (int i = 0; i < 4; i++) {
		double d = pow(10, (-42 - -90 - above[i]) / 24);

		rig_receiver(s, "far", 0, d, 1.1, true);
	}
	for (int i = 0; i < 100; i++)
		a[i].at = (struct pt_m){ 0.001, 0 };
	for (int i = 0; i < 100; i++)
		a[i].facing = 0; /* side on to those in the north */
	h = rig_hear(s, 1, a, 100, 600);
	for (size_t i = 0; i < h.report.n; i++) {
		assert_true(h.report.v[i].rssi_dbm >= -90);
		heard[h.report.v[i].receiver]++;
	}
	assert_true(heard[0] > 5000);
	assert_int_equal(heard[1], 0);
	assert_near(heard[2] / (double)heard[0], 1 / 6., 0.02);
	assert_near(heard[3] / (double)heard[0], 4 / 6., 0.03);
	assert_int_equal(heard[4], heard[0]);
	heard_clear(&h);
	free(a);
	free(s);
}

static void each_receiver_has_a_clock(void **state)
{
	struct actor *a = rig_crowd(30, 6);
	struct scene *s = plain_scene();
	struct moments all = { 0 };

	(void)state;
	s->radio.clock_sd_s = 2;
	for (int i = 0; i < SCENE_MAX; i++)
		rig_receiver(s, "m", i % 8 * 5, i / 8 * 4, 3, true);
	for (uint64_t seed = 1; seed <= 10; seed++) {
		int64_t off[SCENE_MAX];
		struct heard h = rig_hear(s, seed, a, 30, 60);

		for (int i = 0; i < SCENE_MAX; i++)
			off[i] = INT64_MIN;
		assert_true(h.report.n > 0);
		for (size_t i = 0; i < h.report.n; i++) {
			const struct radio_report *r = &h.report.v[i];

			if (off[r->receiver] == INT64_MIN) {
				off[r->receiver] = r->t_us - r->true_us;
				moments_add(&all, (double)off[r->receiver] / 1e6);
			}
			assert_int_equal(r->t_us - r->true_us, off[r->receiver]);
		}
		heard_clear(&h);
	}
	assert_true(all.n == 10 * SCENE_MAX);
	assert_near(moments_mean(&all), 0, 4 * 2 / sqrt(all.n));
	assert_near(moments_sd(&all), 2, 4 * 2 / sqrt(2 * all.n));
	free(a);
	free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(power_falls_with_distance),
		cmocka_unit_test(within_a_metre_it_gets_no_stronger),
		cmocka_unit_test(a_body_between_takes_4_db),
		cmocka_unit_test(shadowing_has_its_variance_and_its_distance),
		cmocka_unit_test(shadowing_is_smooth),
		cmocka_unit_test(receivers_have_fields_of_their_own),
		cmocka_unit_test(devices_differ_by_a_constant),
		cmocka_unit_test(what_is_weak_is_heard_less_and_less),
		cmocka_unit_test(each_receiver_has_a_clock),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
