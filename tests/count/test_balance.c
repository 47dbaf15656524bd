/* SPDX-License-Identifier: Apache-2.0 */
/* test_balance.c -- nobody is created and nobody is lost: thousands of random days with breaks,
 * stop and go, jitter, steps exactly through corners, and frames of any length.
 */
#include "floor/polygon.h"
#include "rig.h"

#define DAYS 1500
#define PEOPLE 6
#define FRAMES 300

static uint64_t seed;

/* xorshift64*: the same numbers everywhere. */
static int upto(int n)
{
	seed ^= seed >> 12;
	seed ^= seed << 25;
	seed ^= seed >> 27;
	return (int)((seed * UINT64_C(2685821657736338717) >> 33) % (unsigned)n);
}

/* A room and its walls, drawn clockwise as seen from above, so that "in" is into the room. Its
 * corners lie on the grid that people walk on. */
static const struct pt_floor room[] = { { -1, 1 }, { 0, 1.5 }, { 1, 1 },   { 1, -1 },
					{ 0, -1 }, { 0, 0 },   { -1, -1 }, { -1, 1 } };
#define ROOM_CORNERS 7
/* Ends in the open. */
static const struct pt_floor rail[] = { { -2, 0.25 }, { 0.5, 0.25 }, { 2, 1 } };

struct day {
	int n;
	int64_t t_us[FRAMES];
	bool seen[FRAMES][PEOPLE];
	struct pt_floor at[FRAMES][PEOPLE];
};

static double clear_of_room(struct pt_floor p)
{
	return polyline_distance(room, ROOM_CORNERS + 1, p);
}

/* On a grid of 1/8 m; sometimes a leap, sometimes standing, often a small step. */
static void walk(struct pt_floor *p)
{
	switch (upto(8)) {
	case 0:
	case 1:
		break;
	case 2:
		p->x = fmin(fmax(p->x + (upto(17) - 8) / 8.0, -2.5), 2.5);
		p->y = fmin(fmax(p->y + (upto(17) - 8) / 8.0, -2.5), 2.5);
		break;
	default:
		p->x = fmin(fmax(p->x + (upto(7) - 3) / 8.0, -2.5), 2.5);
		p->y = fmin(fmax(p->y + (upto(7) - 3) / 8.0, -2.5), 2.5);
	}
}

/* Frames of 20 to 320 ms. People come and go once and are unseen for some frames in between,
 * but never for the gap of 3 s. */
static void draw_day(struct day *d)
{
	d->n = 20 + upto(FRAMES - 20);
	for (int i = 0; i < d->n; i++)
		d->t_us[i] = (i > 0 ? d->t_us[i - 1] : MIDNIGHT_US + upto(60000000)) + 20000 +
			     upto(300000);
	for (int k = 0; k < PEOPLE; k++) {
		int first = upto(d->n), last = first + upto(d->n - first);
		struct pt_floor p = { (upto(41) - 20) / 8.0, (upto(41) - 20) / 8.0 };

		for (int i = 0; i < d->n; i++) {
			d->seen[i][k] = i == first || i == last ||
					(i > first && i < last && (i % 8 == 0 || upto(4)));
			if (d->seen[i][k])
				walk(&p);
			d->at[i][k] = p;
		}
	}
}

/* First and last sighting of person k. */
static void ends(const struct day *d, int k, int *first, int *last)
{
	*first = -1;
	*last = -1;
	for (int i = 0; i < d->n; i++) {
		if (!d->seen[i][k])
			continue;
		if (*first < 0)
			*first = i;
		*last = i;
	}
}

static void play(struct rig *r, const struct day *d, int64_t shift_us, double sx, int cut)
{
	for (int i = 0; i < d->n; i++) {
		struct sighting who[PEOPLE];
		int n = 0;
		int64_t t_us = d->t_us[i] + shift_us;

		for (int k = 0; k < PEOPLE; k++)
			if (d->seen[i][k])
				who[n++] =
					(struct sighting){ .camera = 3,
							   .track = k + 1 + (i < cut ? 0 : 100),
							   .t_us = t_us,
							   .at = { sx * d->at[i][k].x,
								   d->at[i][k].y },
							   .body = 0.5 };
		rig_frame(r, t_us, 170000, who, n);
	}
	rig_end(r);
}

/* Place 0: the room's walls as a line, 1: the rail, 2: the room as a zone. */
static void start(struct rig *r, double sx)
{
	struct pt_floor v[ROOM_CORNERS + 1], w[3];

	for (int i = 0; i <= ROOM_CORNERS; i++)
		v[i] = (struct pt_floor){ sx * room[i].x, room[i].y };
	for (int i = 0; i < 3; i++)
		w[i] = (struct pt_floor){ sx * rail[i].x, rail[i].y };
	rig_init(r);
	rig_add(r, PLACE_LINE, v, ROOM_CORNERS + 1);
	rig_add(r, PLACE_LINE, w, 3);
	rig_add(r, PLACE_ZONE, v, ROOM_CORNERS);
	rig_start(r, NULL, true);
}

static bool in_room(struct pt_floor p)
{
	return polygon_inside(room, ROOM_CORNERS, p);
}

/* The sighting before or after sighting i of person k; i when there is none. */
static int beside(const struct day *d, int k, int i, int step)
{
	for (int j = i + step; j >= 0 && j < d->n; j += step)
		if (d->seen[j][k])
			return j;
	return i;
}

/* Moves people's first and last sightings into the clear, not farther than a leap from those
 * beside them. */
static void clear_ends(struct day *d)
{
	for (int k = 0; k < PEOPLE; k++) {
		int at[2];

		ends(d, k, &at[0], &at[1]);
		for (int e = 0; e < 2; e++) {
			struct pt_floor *p = &d->at[at[e]][k];
			const struct pt_floor from = d->at[beside(d, k, at[e], e ? -1 : 1)][k];

			while (clear_of_room(*p) < 0.3) {
				p->x = from.x + (upto(17) - 8) / 8.0;
				p->y = from.y + (upto(17) - 8) / 8.0;
			}
		}
	}
}

static void walls_count_the_change_of_people_inside(void **state)
{
	static struct day d;
	(void)state;

	seed = 11;
	for (int day = 0; day < DAYS; day++) {
		struct rig r;
		struct minute_line sum;
		int change = 0, persons = 0, first, last;

		draw_day(&d);
		clear_ends(&d);
		for (int k = 0; k < PEOPLE; k++) {
			ends(&d, k, &first, &last);
			change += in_room(d.at[last][k]) - in_room(d.at[first][k]);
			persons++;
		}
		start(&r, 1);
		play(&r, &d, 0, 1, 0);
		sum = rig_line_sum(&r, 0);
		assert_int_equal(sum.crossings_in - sum.crossings_out, change);
		assert_int_equal(sum.persons_in - sum.persons_out, change);
		assert_true(sum.persons_in + sum.persons_out <= persons);
		rig_clear(&r);
	}
}

/* All tracks get new numbers at the same moment: the net count stays. */
static void a_switch_of_all_numbers_changes_no_net_count(void **state)
{
	static struct day d;
	(void)state;

	seed = 12;
	for (int day = 0; day < DAYS; day++) {
		struct rig r;
		struct minute_line sum;
		int change = 0, first, last;

		draw_day(&d);
		clear_ends(&d);
		for (int k = 0; k < PEOPLE; k++) {
			ends(&d, k, &first, &last);
			for (int i = 0; i < d.n; i++) /* no step is lost in the switch */
				d.seen[i][k] = i >= first && i <= last;
			change += in_room(d.at[last][k]) - in_room(d.at[first][k]);
		}
		start(&r, 1);
		for (int i = 0; i < d.n; i++) {
			struct sighting who[2 * PEOPLE];
			int n = 0, cut = d.n / 2;

			/* In the frame of the switch both tracks see the person. */
			for (int k = 0; k < PEOPLE; k++)
				if (d.seen[i][k] && i <= cut)
					who[n++] = (struct sighting){ 3, k + 1, d.t_us[i],
								      d.at[i][k], 0.5 };
			for (int k = 0; k < PEOPLE; k++)
				if (d.seen[i][k] && i >= cut)
					who[n++] = (struct sighting){ 3, k + 101, d.t_us[i],
								      d.at[i][k], 0.5 };
			rig_frame(&r, d.t_us[i], 170000, who, n);
		}
		rig_end(&r);
		sum = rig_line_sum(&r, 0);
		assert_int_equal(sum.crossings_in - sum.crossings_out, change);
		rig_clear(&r);
	}
}

static void visits_balance_and_dwell_is_occupancy(void **state)
{
	static struct day d;
	(void)state;

	seed = 13;
	for (int day = 0; day < DAYS; day++) {
		struct rig r;
		struct minute_zone sum;
		int level = 0;

		draw_day(&d);
		start(&r, 1);
		play(&r, &d, 0, 1, upto(d.n));
		sum = rig_zone_sum(&r, 2);
		assert_int_equal(sum.begun, sum.ended);
		assert_int_equal(rig_dwells(&r, 2), sum.ended);
		assert_near(rig_dwell_sum(&r, 2), sum.person_s, 1e-3);
		for (size_t i = 0; i < r.zone.n; i++) {
			const struct minute_zone *z = &r.zone.v[i];

			level += z->begun - z->ended;
			assert_true(level >= 0 && z->min <= z->p95 && z->p95 <= z->max);
			assert_true(z->max <= 2 * PEOPLE);
		}
		assert_int_equal(level, 0);
		assert_near(rig_observed_s(&r),
			    (double)(d.t_us[d.n - 1] - d.t_us[0] + 170000) / 1e6, 1e-6);
		rig_clear(&r);
	}
}

static void a_mirrored_plan_counts_mirrored(void **state)
{
	static struct day d;
	(void)state;

	seed = 14;
	for (int day = 0; day < DAYS; day++) {
		struct rig r, m;
		struct minute_line a, b;

		draw_day(&d);
		/* Off the grid: nothing is exactly on a line, which has one side only. */
		for (int i = 0; i < d.n; i++)
			for (int k = 0; k < PEOPLE; k++) {
				d.at[i][k].x += 0.0123 + 1e-5 * upto(100);
				d.at[i][k].y += 0.0111 + 1e-5 * upto(100);
			}
		start(&r, 1);
		start(&m, -1);
		play(&r, &d, 0, 1, 0);
		play(&m, &d, 0, -1, 0);
		for (int place = 0; place < 2; place++) {
			a = rig_line_sum(&r, place);
			b = rig_line_sum(&m, place);
			assert_int_equal(a.crossings_in, b.crossings_out);
			assert_int_equal(a.crossings_out, b.crossings_in);
			assert_int_equal(a.persons_in, b.persons_out);
			assert_int_equal(a.persons_out, b.persons_in);
			assert_int_equal(a.uturns, b.uturns);
		}
		assert_true(rig_dwell_sum(&r, 2) == rig_dwell_sum(&m, 2));
		rig_clear(&r);
		rig_clear(&m);
	}
}

/* Where the minutes begin changes what is in which, never what there is. */
static void sums_do_not_depend_on_where_minutes_begin(void **state)
{
	static struct day d;
	(void)state;

	seed = 15;
	for (int day = 0; day < DAYS; day++) {
		struct rig r, s;
		struct minute_line a, b;

		draw_day(&d);
		start(&r, 1);
		start(&s, 1);
		play(&r, &d, 0, 1, 0);
		play(&s, &d, upto(60000000) - INT64_C(1900000000) * CLOCK_SECOND_US, 1, 0);
		for (int place = 0; place < 2; place++) {
			a = rig_line_sum(&r, place);
			b = rig_line_sum(&s, place);
			assert_memory_equal(&a, &b, sizeof(a));
		}
		assert_int_equal(r.event.n, s.event.n);
		for (size_t i = 0; i < r.event.n; i++) {
			assert_int_equal(r.event.v[i].kind, s.event.v[i].kind);
			assert_int_equal(r.event.v[i].person, s.event.v[i].person);
			assert_true(r.event.v[i].dwell_s == s.event.v[i].dwell_s);
		}
		assert_near(rig_zone_sum(&r, 2).person_s, rig_zone_sum(&s, 2).person_s, 1e-6);
		assert_near(rig_observed_s(&r), rig_observed_s(&s), 1e-6);
		rig_clear(&r);
		rig_clear(&s);
	}
}

/* Two runs one after the other, cut while nobody is there, are the one run. */
static void a_recording_in_two_files_counts_the_same(void **state)
{
	static struct day d, e;
	(void)state;

	seed = 16;
	for (int day = 0; day < DAYS / 4; day++) {
		struct rig one, first, second;

		draw_day(&d);
		draw_day(&e);
		for (int i = e.n - 1; i >= 0; i--)
			e.t_us[i] += d.t_us[d.n - 1] + 170000 - e.t_us[0];
		start(&one, 1);
		start(&first, 1);
		start(&second, 1);
		play(&first, &d, 0, 1, 0);
		play(&second, &e, 0, 1, 0);
		for (int i = 0; i < d.n + e.n; i++) {
			const struct day *x = i < d.n ? &d : &e;
			int at = i < d.n ? i : i - d.n, n = 0;
			struct sighting who[PEOPLE];

			for (int k = 0; k < PEOPLE; k++)
				if (x->seen[at][k])
					who[n++] =
						(struct sighting){ 3, k + 1 + (x == &e) * 100,
								   x->t_us[at], x->at[at][k],
								   0.5 };
			rig_frame(&one, x->t_us[at], 170000, who, n);
		}
		rig_end(&one);
		assert_near(rig_observed_s(&one),
			    rig_observed_s(&first) + rig_observed_s(&second), 1e-6);
		for (int place = 0; place < 2; place++) {
			struct minute_line a = rig_line_sum(&one, place);
			struct minute_line b = rig_line_sum(&first, place);
			struct minute_line c = rig_line_sum(&second, place);

			assert_int_equal(a.crossings_in, b.crossings_in + c.crossings_in);
			assert_int_equal(a.crossings_out, b.crossings_out + c.crossings_out);
			assert_int_equal(a.persons_in, b.persons_in + c.persons_in);
			assert_int_equal(a.persons_out, b.persons_out + c.persons_out);
		}
		assert_int_equal(rig_zone_sum(&one, 2).begun,
				 rig_zone_sum(&first, 2).begun +
					 rig_zone_sum(&second, 2).begun);
		rig_clear(&one);
		rig_clear(&first);
		rig_clear(&second);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(walls_count_the_change_of_people_inside),
		cmocka_unit_test(a_switch_of_all_numbers_changes_no_net_count),
		cmocka_unit_test(visits_balance_and_dwell_is_occupancy),
		cmocka_unit_test(a_mirrored_plan_counts_mirrored),
		cmocka_unit_test(sums_do_not_depend_on_where_minutes_begin),
		cmocka_unit_test(a_recording_in_two_files_counts_the_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
