/* SPDX-License-Identifier: Apache-2.0 */
/* test_radio.c -- what the phones of a simulated store do: when they send and under which
 * address. */
#include "base/clock.h"
#include "radio_rig.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static int by_address(const void *a, const void *b)
{
	const struct radio_report *x = a, *y = b;
	int way = memcmp(x->address, y->address, 6);

	return way ? way : heard_by_device(a, b);
}

/* ---- Order ---- */

static void reports_come_in_order_and_in_their_tick(void **state)
{
	struct scene *s = rig_store();
	struct radio_sim *r = radio_sim_new(s, 1);
	struct actor *a = rig_crowd(100, 1);
	int64_t last_us = INT64_MIN;
	int64_t n = 0;

	(void)state;
	for (int tick = 0; tick < 3000; tick++) {
		int64_t t_us = RIG_START_US + tick * (int64_t)CROWD_TICK_US;
		const struct radio_report *report;
		int k = radio_sim_tick(r, t_us, a, 100, &report);

		for (int i = 0; i < k; i++) {
			assert_true(report[i].true_us >= last_us);
			assert_true(report[i].true_us > t_us - CROWD_TICK_US);
			assert_true(report[i].true_us <= t_us);
			assert_true(report[i].owner >= 1 && report[i].owner <= 100);
			last_us = report[i].true_us;
		}
		n += k;
	}
	assert_true(n > 1000);
	radio_sim_free(r);
	free(a);
	free(s);
}

static void assert_same(const struct radio_report *a, const struct radio_report *b)
{
	assert_int_equal(a->t_us, b->t_us);
	assert_int_equal(a->true_us, b->true_us);
	assert_int_equal(a->receiver, b->receiver);
	assert_int_equal(a->kind, b->kind);
	assert_memory_equal(a->address, b->address, 6);
	assert_int_equal(a->sequence, b->sequence);
	assert_true(a->rssi_dbm == b->rssi_dbm);
	assert_int_equal(a->owner, b->owner);
	assert_int_equal(a->device, b->device);
	assert_int_equal(a->serving, b->serving);
}

static void the_seed_decides(void **state)
{
	struct actor *a = rig_crowd(50, 2);
	struct scene *s = rig_store();
	struct heard one = rig_hear(s, 7, a, 50, 300), two = rig_hear(s, 7, a, 50, 300),
		     other = rig_hear(s, 8, a, 50, 300);
	size_t equal = 0;

	(void)state;
	assert_true(one.report.n > 500);
	assert_int_equal(one.report.n, two.report.n);
	for (size_t i = 0; i < one.report.n; i++) {
		assert_same(&one.report.v[i], &two.report.v[i]);
		equal += i < other.report.n &&
			 one.report.v[i].true_us == other.report.v[i].true_us;
	}
	assert_true(equal < 3);
	heard_clear(&one);
	heard_clear(&two);
	heard_clear(&other);
	free(a);
	free(s);
}

/* Taking people or the last receiver away leaves what was heard of the others at the others. */
static void nobody_disturbs_anybody(void **state)
{
	struct actor *a = rig_crowd(60, 2), *half = calloc(30, sizeof(*half));
	struct scene *s = rig_store();
	struct heard all, few, less;
	size_t k = 0;

	(void)state;
	for (int i = 0; i < 30; i++)
		half[i] = a[2 * i + 1];
	all = rig_hear(s, 7, a, 60, 600);
	few = rig_hear(s, 7, half, 30, 600);
	s->n_receivers--;
	less = rig_hear(s, 7, a, 60, 600);
	for (size_t i = 0; i < all.report.n; i++)
		if (all.report.v[i].owner % 2 == 0)
			assert_same(&all.report.v[i], &few.report.v[k++]);
	assert_int_equal(k, few.report.n);
	k = 0;
	for (size_t i = 0; i < all.report.n; i++)
		if (all.report.v[i].receiver < 3)
			assert_same(&all.report.v[i], &less.report.v[k++]);
	assert_int_equal(k, less.report.n);
	heard_clear(&all);
	heard_clear(&few);
	heard_clear(&less);
	free(half);
	free(a);
	free(s);
}

/* ---- Devices ---- */

#define HEADS 1000

/* How many devices a crowd of this kind has, per head. */
static double carried(const struct scene *s, enum body_kind body, enum person_kind kind,
		      int most)
{
	struct actor *a = rig_crowd(HEADS, 3);
	int64_t n = 0, highest = 0;
	struct heard h;

	for (int i = 0; i < HEADS; i++) {
		a[i].who.body = body;
		a[i].who.kind = kind;
	}
	h = rig_hear(s, 1, a, HEADS, 40);
	heard_sort(&h, -1);
	for (size_t i = 0; i < h.report.n; i++) {
		n += i == 0 || !same_device(&h.report.v[i], &h.report.v[i - 1]);
		assert_true(h.report.v[i].device >= 0 && h.report.v[i].device < most);
		highest = h.report.v[i].device > highest ? h.report.v[i].device : highest;
	}
	assert_int_equal(highest, most - 1);
	heard_clear(&h);
	free(a);
	return (double)n / HEADS;
}

static void people_carry_as_many_as_the_scene_says(void **state)
{
	struct scene *s = rig_scene();

	(void)state;
	rig_receiver(s, "m", 20, 15, 3, true);
	s->radio.floor_dbm = -200;
	s->radio.bursts_min = 30; /* so that each is heard soon */
	s->radio.phones = 0.8;
	assert_near(carried(s, BODY_ADULT, PERSON_SHOPPER, 1), 0.8, 0.05);
	assert_near(carried(s, BODY_WHEELCHAIR, PERSON_PASSER, 1), 0.8, 0.05);
	s->radio.phones = 1.6;
	assert_near(carried(s, BODY_ADULT, PERSON_SHOPPER, 2), 1.6, 0.06);
	assert_true(carried(s, BODY_CHILD, PERSON_SHOPPER, 1) < 0.8);
	free(s);
}

static void a_scene_without_phones_or_receivers_is_silent(void **state)
{
	struct actor *a = rig_crowd(50, 2);
	struct scene *s = rig_store();
	struct heard h;

	(void)state;
	s->radio.phones = 0;
	h = rig_hear(s, 1, a, 50, 120);
	assert_int_equal(h.report.n, 0);
	s->radio.phones = 2;
	s->n_receivers = 0;
	h = rig_hear(s, 1, a, 50, 120);
	assert_int_equal(h.report.n, 0);
	heard_clear(&h);
	free(a);
	free(s);
}

static void a_device_goes_with_its_owner(void **state)
{
	struct actor *a = rig_crowd(3, 2);
	struct scene *s = rig_store();
	struct radio_sim *r = radio_sim_new(s, 1);
	int64_t t_us = RIG_START_US, gone_us, n[2] = { 0 };
	struct heard h = { 0 };

	(void)state;
	s->radio.bursts_min = 20;
	rig_stand(&h, r, &t_us, a, 3, 120);
	gone_us = t_us;
	a[1] = a[2]; /* the second has left */
	rig_stand(&h, r, &t_us, a, 2, 120);
	for (size_t i = 0; i < h.report.n; i++) {
		bool late = h.report.v[i].true_us > gone_us - CROWD_TICK_US;

		assert_false(late && h.report.v[i].owner == 2);
		n[late] += h.report.v[i].owner == 3;
	}
	assert_true(n[0] > 10 && n[1] > 10);
	heard_clear(&h);
	radio_sim_free(r);
	free(a);
	free(s);
}

/* ---- Probing ---- */

#define PHONES 300
#define HOUR 3600

/* What one monitor hears of phones of which none joins in an hour, by device and time. */
static struct heard probes(struct scene *s)
{
	struct actor *a = rig_crowd(PHONES, 4);
	struct heard h;

	s->radio.joined = 0;
	h = rig_hear(s, 5, a, PHONES, HOUR);
	for (size_t i = 0; i < h.report.n; i++)
		assert_int_equal(h.report.v[i].kind, RADIO_PROBE);
	heard_sort(&h, 2);
	free(a);
	return h;
}

struct burst {
	int64_t owner, start_us, end_us;
	int frames, addresses;
};

/* Bursts: frames of a device less than a second apart. */
static struct burst *find_bursts(const struct heard *h, size_t *n)
{
	struct burst *b = calloc(h->report.n, sizeof(*b)), *now = NULL;

	*n = 0;
	for (size_t i = 0; i < h->report.n; i++) {
		const struct radio_report *r = &h->report.v[i];
		bool same = i > 0 && same_device(r, r - 1) &&
			    r->true_us - r[-1].true_us < CLOCK_SECOND_US;

		if (!same) {
			now = &b[(*n)++];
			*now = (struct burst){ .owner = r->owner, .start_us = r->true_us };
		}
		now->frames++;
		now->addresses += !same || memcmp(r->address, r[-1].address, 6) != 0;
		now->end_us = r->true_us;
	}
	return b;
}

/* As many bursts as the scene says from the first moment on, and as scattered as measured in
 * stores: the variance of a phone's count in 10 minutes is 2 to 5 times its mean. */
static void bursts_are_as_frequent_and_as_scattered_as_measured(void **state)
{
	struct moments per_10_min = { 0 }, first_10_min = { 0 };
	int(*count)[6] = calloc(PHONES, sizeof(*count));
	struct scene *s = rig_store();
	struct heard h = probes(s);
	double scatter;
	size_t n;
	struct burst *b = find_bursts(&h, &n);

	(void)state;
	for (size_t i = 0; i < n; i++)
		count[b[i].owner - 1][(b[i].start_us - RIG_START_US) / 600000000]++;
	for (int i = 0; i < PHONES; i++) {
		moments_add(&first_10_min, count[i][0]);
		for (int k = 0; k < 6; k++)
			moments_add(&per_10_min, count[i][k]);
	}
	/* Counts of one phone hang together: so many phones, not six times as many. */
	assert_near(moments_mean(&per_10_min), 7.6, 4 * moments_sd(&per_10_min) / sqrt(PHONES));
	assert_near(moments_mean(&first_10_min), 7.6,
		    4 * moments_sd(&first_10_min) / sqrt(PHONES));
	scatter = pow(moments_sd(&per_10_min), 2) / moments_mean(&per_10_min);
	assert_true(scatter > 2 && scatter < 5.5);
	free(b);
	free(count);
	heard_clear(&h);
	free(s);
}

/* Measured: sd 0.4 to 1.2 of the mean, the middle one 0.8. */
static void gaps_of_one_phone_vary_as_measured(void **state)
{
	struct moments ratio = { 0 };
	struct scene *s = rig_store();
	struct heard h;
	struct burst *b;
	size_t n;

	(void)state;
	s->radio.bursts_min = 4; /* so that an hour has enough of them */
	h = probes(s);
	b = find_bursts(&h, &n);
	for (size_t i = 0; i < n;) {
		struct moments gap = { 0 };
		int64_t owner = b[i].owner;

		for (i++; i < n && b[i].owner == owner; i++)
			moments_add(&gap, (double)(b[i].start_us - b[i - 1].start_us));
		if (gap.n >= 100)
			moments_add(&ratio, moments_sd(&gap) / moments_mean(&gap));
	}
	assert_true(ratio.n > PHONES / 2);
	assert_near(moments_mean(&ratio), 0.8, 0.06);
	free(b);
	heard_clear(&h);
	free(s);
}

static void a_burst_has_frames_and_addresses_as_measured(void **state)
{
	int with[8] = { 0 }, frames[3] = { 0 }, touch = 0;
	struct scene *s = rig_store();
	struct heard h = probes(s);
	size_t n;
	struct burst *b = find_bursts(&h, &n);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		if (b[i].end_us - b[i].start_us > 1300000) {
			touch++; /* two in a row by chance */
			continue;
		}
		assert_true(b[i].addresses >= 1 && b[i].addresses <= 7);
		assert_true(b[i].addresses <= b[i].frames);
		with[b[i].addresses]++;
		frames[b[i].frames < 3 ? 0 : b[i].frames <= 30 ? 1 : 2]++;
	}
	assert_true(touch < 0.001 * (double)n);
	assert_near(with[1] / (double)n, 0.5, 0.1);
	for (int k = 2; k <= 7; k++)
		assert_near(with[k] / (double)n, 0.5 / 6, 0.03);
	assert_true(frames[0] > 0.02 * (double)n && frames[1] > 0.7 * (double)n &&
		    frames[2] > 0.003 * (double)n);
	free(b);
	heard_clear(&h);
	free(s);
}

/* ---- Addresses and sequence numbers ---- */

static void addresses_are_random_and_never_used_again(void **state)
{
	struct actor *a = rig_crowd(PHONES, 4);
	int64_t joined_as = 0, probed_as = 0;
	struct scene *s = rig_store();
	struct heard h = rig_hear(s, 5, a, PHONES, HOUR / 2);
	unsigned ever = 0, always = 0xff;

	(void)state;
	qsort(h.report.v, h.report.n, sizeof(*h.report.v), by_address);
	for (size_t i = 0; i < h.report.n; i++) {
		const struct radio_report *r = &h.report.v[i], *last = r - 1;

		assert_int_equal(r->address[0] & 3, 2); /* one station, locally administered */
		ever |= r->address[0];
		always &= r->address[0];
		if (i == 0 || memcmp(r->address, last->address, 6) != 0) {
			joined_as += r->serving >= 0;
			probed_as += r->serving < 0;
			continue;
		}
		assert_true(same_device(r, last));
		assert_int_equal(r->serving, last->serving);
		if (r->serving < 0) /* the same burst */
			assert_true(r->true_us - last->true_us < CLOCK_SECOND_US);
	}
	assert_int_equal(ever & ~3U, 0xfc); /* all other bits are free */
	assert_int_equal(always & ~3U, 0);
	assert_near((double)joined_as / PHONES, 0.5, 0.08); /* one per visit */
	assert_true(probed_as > 5000);
	heard_clear(&h);
	free(a);
	free(s);
}

/* Frames of one address count up; a new address starts anywhere. */
static void sequence_numbers_count_frames(void **state)
{
	struct actor *a = rig_crowd(PHONES, 4);
	struct scene *s = rig_store();
	struct heard h = rig_hear(s, 5, a, PHONES, HOUR / 2);
	int64_t steps = 0, starts = 0, high = 0;

	(void)state;
	heard_sort(&h, -1);
	for (size_t i = 1; i < h.report.n; i++) {
		const struct radio_report *r = &h.report.v[i], *last = r - 1;
		int step = (r->sequence - last->sequence) & 4095;

		assert_true(r->sequence <= 4095);
		if (memcmp(r->address, last->address, 6) != 0) {
			starts++;
			high += r->sequence >= 2048;
			continue;
		}
		/* One frame at two monitors is one frame. */
		if (r->true_us == last->true_us)
			assert_int_equal(step, 0);
		else if (r->kind == RADIO_PROBE)
			assert_int_equal(step, 1);
		else
			assert_true(step <= 20);
		steps += step > 0;
	}
	assert_true(steps > 5000);
	assert_near((double)high / (double)starts, 0.5, 2 / sqrt((double)starts));
	heard_clear(&h);
	free(a);
	free(s);
}

static void each_monitor_hears_each_frame(void **state)
{
	struct actor *a = rig_crowd(PHONES, 4);
	struct scene *s = rig_store();
	struct heard h = rig_hear(s, 5, a, PHONES, 600);
	struct radio_report *at[2] = { NULL };
	size_t n[2] = { 0 };

	(void)state;
	for (int k = 0; k < 2; k++)
		at[k] = calloc(h.report.n, sizeof(*at[k]));
	for (size_t i = 0; i < h.report.n; i++)
		if (h.report.v[i].receiver >= 2) {
			int k = h.report.v[i].receiver - 2;

			at[k][n[k]++] = h.report.v[i];
		}
	assert_true(n[0] > 1000);
	assert_int_equal(n[0], n[1]);
	for (size_t i = 0; i < n[0]; i++) {
		assert_int_equal(at[0][i].true_us, at[1][i].true_us);
		assert_int_equal(at[0][i].sequence, at[1][i].sequence);
		assert_memory_equal(at[0][i].address, at[1][i].address, 6);
	}
	for (int k = 0; k < 2; k++)
		free(at[k]);
	heard_clear(&h);
	free(a);
	free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reports_come_in_order_and_in_their_tick),
		cmocka_unit_test(the_seed_decides),
		cmocka_unit_test(nobody_disturbs_anybody),
		cmocka_unit_test(people_carry_as_many_as_the_scene_says),
		cmocka_unit_test(a_scene_without_phones_or_receivers_is_silent),
		cmocka_unit_test(a_device_goes_with_its_owner),
		cmocka_unit_test(bursts_are_as_frequent_and_as_scattered_as_measured),
		cmocka_unit_test(gaps_of_one_phone_vary_as_measured),
		cmocka_unit_test(a_burst_has_frames_and_addresses_as_measured),
		cmocka_unit_test(addresses_are_random_and_never_used_again),
		cmocka_unit_test(sequence_numbers_count_frames),
		cmocka_unit_test(each_monitor_hears_each_frame),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
