/* SPDX-License-Identifier: Apache-2.0 */
/* test_measures.c -- what must hold of all measures, whatever people and their tracks do:
 * thousands of random days with jitter on lines, swapped numbers, breaks, stop and go.
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

/* Two walls round each other with a gate between, a queue, shelves: all where people walk. */
enum { OUTER, INNER, STREET, BACK, TAIL, HEAD, SHELF, COUNTER, TABLE, WALL, GATE, QUEUE, N };

#define RING(s) \
	{ -s, s }, { s, s }, { s, -s }, { -s, -s }, \
	{ \
		-s, s \
	}
static const struct shape_of {
	enum place_kind kind;
	int role, n;
	struct pt_floor v[5];
} shapes[] = {
	[OUTER] = { PLACE_LINE, LINE_ENTRY, 5, { RING(2) } },
	[INNER] = { PLACE_LINE, LINE_INNER, 5, { RING(1.2) } },
	[STREET] = { PLACE_LINE, LINE_OUTSIDE, 2, { { -3, -3 }, { -3, 3 } } },
	[BACK] = { PLACE_LINE, LINE_STAFF, 2, { { 3, -0.5 }, { 3, 0.5 } } },
	[TAIL] = { PLACE_ZONE, 0, 4, { { -1, -1 }, { 0.5, -1 }, { 0.5, 0 }, { -1, 0 } } },
	[HEAD] = { PLACE_ZONE, 0, 4, { { 0.5, -1 }, { 1.1, -1 }, { 1.1, 0 }, { 0.5, 0 } } },
	[SHELF] = { PLACE_ZONE, 0, 4, { { -1, 0.25 }, { 1, 0.25 }, { 1, 1 }, { -1, 1 } } },
	[COUNTER] = { PLACE_ZONE, ZONE_COUNTER, 3, { { 2, 2 }, { 3, 2 }, { 2.5, 3 } } },
	[TABLE] = { PLACE_FIXTURE, 0, 3, { { -0.5, -0.5 }, { -0.5, 0.5 }, { 0, 1 } } },
	[WALL] = { PLACE_FIXTURE, 0, 2, { { 1.5, -1 }, { 1.5, 1 } } },
};

struct day {
	int n;
	int64_t t_us[FRAMES];
	bool seen[FRAMES][PEOPLE];
	int track[FRAMES][PEOPLE];
	struct pt_floor at[FRAMES][PEOPLE];
};

/* What somebody is up to for a while: stands, trembles, strolls, or leaps. */
static void walk(struct pt_floor *p, int mood)
{
	static const int reach[] = { 0, 1, 4, 9 };
	int r = reach[mood];

	p->x = fmin(fmax(p->x + (upto(2 * r + 1) - r) / 8.0, -3.5), 3.5);
	p->y = fmin(fmax(p->y + (upto(2 * r + 1) - r) / 8.0, -3.5), 3.5);
}

/* Frames of 20 to 320 ms. People come and go once, and are unseen now and then, never for the
 * gap of 3 s. */
static void draw_day(struct day *d)
{
	d->n = upto(4) ? FRAMES : 20 + upto(FRAMES - 20);
	for (int i = 0; i < d->n; i++)
		d->t_us[i] = (i > 0 ? d->t_us[i - 1] : MIDNIGHT_US + upto(60000000)) + 20000 +
			     upto(300000);
	for (int k = 0; k < PEOPLE; k++) {
		int first = upto(d->n), last = first + upto(d->n - first), mood = upto(4);
		int far = k % 2 ? 28 : 9;
		struct pt_floor p = { (upto(2 * far + 1) - far) / 8.0,
				      (upto(2 * far + 1) - far) / 8.0 };

		for (int i = 0; i < d->n; i++) {
			if (upto(60) == 0)
				mood = upto(4);
			d->seen[i][k] = i == first || i == last ||
					(i > first && i < last && (i % 8 == 0 || upto(4)));
			d->track[i][k] = k + 1;
			if (d->seen[i][k])
				walk(&p, mood);
			/* Off the grid: nothing is exactly on a line, which has one side. */
			d->at[i][k].x = p.x + 0.0123 + 1e-5 * upto(100);
			d->at[i][k].y = p.y + 0.0111 + 1e-5 * upto(100);
		}
	}
}

/* Tracks break, and pairs swap their numbers. */
static void spoil(struct day *d)
{
	int next = PEOPLE + 1, track[PEOPLE];

	for (int k = 0; k < PEOPLE; k++)
		track[k] = k + 1;
	for (int i = 0; i < d->n; i++) {
		if (upto(40) == 0)
			track[upto(PEOPLE)] = next++;
		if (upto(40) == 0) {
			int a = upto(PEOPLE), b = upto(PEOPLE), was = track[a];

			track[a] = track[b];
			track[b] = was;
		}
		for (int k = 0; k < PEOPLE; k++)
			d->track[i][k] = track[k];
	}
}

/* sx -1: in a mirror, with lines turned round so that in stays in. */
static void start(struct rig *r, double sx)
{
	rig_init(r);
	for (int i = 0; i < GATE; i++) {
		const struct shape_of *s = &shapes[i];
		struct pt_floor v[5];

		for (int k = 0; k < s->n; k++) {
			int from = sx < 0 && s->kind == PLACE_LINE ? s->n - 1 - k : k;

			v[k] = (struct pt_floor){ sx * s->v[from].x, s->v[from].y };
		}
		rig_add(r, s->kind, v, s->n);
		r->place[i].role = s->role;
		r->place[i].engaged_s = 4;
	}
	rig_pair(r, PLACE_GATE, OUTER, INNER);
	rig_pair(r, PLACE_QUEUE, HEAD, TAIL);
	rig_start(r, NULL, true);
}

static int by_track(const void *a, const void *b)
{
	const struct sighting *x = a, *y = b;

	return (x->track > y->track) - (x->track < y->track);
}

/* number: what makes another track number of one. */
static void play(struct rig *r, const struct day *d, int64_t shift_us, double sx,
		 int64_t (*number)(int64_t))
{
	for (int i = 0; i < d->n; i++) {
		struct sighting who[PEOPLE];
		int n = 0;

		for (int k = 0; k < PEOPLE; k++)
			if (d->seen[i][k])
				who[n++] = (struct sighting){
					.camera = 3,
					.track = number ? number(d->track[i][k])
							: d->track[i][k],
					.t_us = d->t_us[i] + shift_us,
					.at = { sx * d->at[i][k].x, d->at[i][k].y },
					.body = 0.5
				};
		qsort(who, (size_t)n, sizeof(*who), by_track);
		rig_frame(r, d->t_us[i] + shift_us, 170000, who, n);
	}
	rig_end(r);
}

static bool in_ring(struct pt_floor p, double s)
{
	return fabs(p.x) < s && fabs(p.y) < s;
}

static int first_of(const struct day *d, int k)
{
	int i = 0;

	while (!d->seen[i][k])
		i++;
	return i;
}

static int last_of(const struct day *d, int k)
{
	int i = d->n - 1;

	while (!d->seen[i][k])
		i--;
	return i;
}

/* Who begins and ends clear of both walls and not between them. */
static bool clear_of_gate(struct pt_floor p)
{
	return in_ring(p, 0.9) || (fabs(p.x) > 2.3 || fabs(p.y) > 2.3);
}

static void a_gate_counts_the_change_of_people_inside(void **state)
{
	static struct day d;
	int checked = 0;
	(void)state;

	seed = 21;
	for (int day = 0; day < DAYS; day++) {
		struct rig r;
		int change = 0;

		draw_day(&d);
		for (int k = 0; k < PEOPLE; k++) {
			int a = first_of(&d, k), b = last_of(&d, k);
			bool use = clear_of_gate(d.at[a][k]) && clear_of_gate(d.at[b][k]);

			for (int i = 0; i < d.n && !use; i++)
				d.seen[i][k] = false;
			if (use)
				change += in_ring(d.at[b][k], 1) - in_ring(d.at[a][k], 1);
			checked += use;
		}
		start(&r, 1);
		play(&r, &d, 0, 1, NULL);
		assert_int_equal(rig_values(&r, GATE, MEASURE_GATE_IN) -
					 rig_values(&r, GATE, MEASURE_GATE_OUT),
				 change);
		rig_clear(&r);
	}
	assert_true(checked > DAYS);
}

/* Zones that persons went to in one after the other, from the events. */
static void check_ways(const struct rig *r)
{
	int64_t next = 0, last = 0, visited = 0;

	for (size_t i = 0; i < r->event.n; i++) {
		const struct event *e = &r->event.v[i];
		bool same_person = false, same_zone = false;

		if (e->kind != EVENT_ZONE_ENTER)
			continue;
		for (size_t k = i; k > 0 && !same_person; k--)
			if (r->event.v[k - 1].kind == EVENT_ZONE_ENTER &&
			    r->event.v[k - 1].person == e->person) {
				same_person = true;
				same_zone = r->event.v[k - 1].place == e->place;
			}
		visited += !same_person;
		next += same_person && !same_zone;
	}
	for (int z = TAIL; z <= COUNTER; z++) {
		next -= rig_values(r, z, MEASURE_NEXT);
		last += rig_values(r, z, MEASURE_OD);
	}
	assert_int_equal(next, 0);
	assert_int_equal(last, visited);
}

static void check_queue(const struct rig *r)
{
	int64_t waits = rig_values(r, QUEUE, MEASURE_QUEUE_WAIT);
	int64_t gave_up = rig_values(r, QUEUE, MEASURE_QUEUE_ABANDONED);
	int64_t lost = rig_values(r, QUEUE, MEASURE_QUEUE_LOST);

	assert_int_equal(rig_values(r, QUEUE, MEASURE_QUEUE_JOINED), waits + gave_up + lost);
	assert_int_equal(rig_values(r, QUEUE, MEASURE_QUEUE_SERVICE), waits);
	if (!lost) /* who waited was one of those who wait for no longer than that */
		assert_true(rig_key_sum(r, QUEUE, MEASURE_QUEUE_LEVEL) <=
			    rig_key_sum(r, QUEUE, MEASURE_QUEUE_WAIT) +
				    rig_key_sum(r, QUEUE, MEASURE_QUEUE_ABANDONED) + 20);
}

static void check_places(const struct rig *r)
{
	struct minute_line door = rig_line_sum(r, OUTER);

	for (int z = TAIL; z <= COUNTER; z++) {
		int64_t exposed = rig_values(r, z, MEASURE_EXPOSED);
		int64_t stopped = rig_values(r, z, MEASURE_STOPPED);

		assert_true(stopped <= exposed);
		assert_true(rig_values(r, z, MEASURE_ENGAGED) <= stopped);
		assert_true(exposed > 0 || rig_zone_sum(r, z).begun == 0);
	}
	for (int f = TABLE; f <= WALL; f++) {
		for (int side = SIDE_LEFT; side <= SIDE_RIGHT; side++)
			assert_true(rig_value(r, f, MEASURE_FACING, side) <=
				    rig_value(r, f, MEASURE_STOPS, side));
		assert_int_equal(rig_value(r, f, MEASURE_FACING, SIDE_LEFT),
				 rig_values(r, f, MEASURE_FACING_LEFT));
		assert_int_equal(rig_value(r, f, MEASURE_FACING, SIDE_RIGHT),
				 rig_values(r, f, MEASURE_FACING_RIGHT));
	}
	assert_true(rig_key_sum(r, OUTER, MEASURE_GROUPS) <= door.crossings_in);
	assert_true(rig_key_sum(r, OUTER, MEASURE_GROUPS) >= door.crossings_in - door.uturns);
	assert_true(rig_values(r, OUTER, MEASURE_TURNS) <= door.crossings_in);
	assert_true(rig_values(r, OUTER, MEASURE_ENTERED) >= door.persons_in);
	assert_true(rig_values(r, OUTER, MEASURE_STAFF_IN) <= door.crossings_in);
}

static void check_floor(const struct rig *r, const struct day *d)
{
	int64_t ms = 0, us = 0;

	for (size_t i = 0; i < r->floor.n; i++)
		ms += r->floor.v[i].person_ms;
	for (int i = 0; i < d->n; i++)
		for (int k = 0; k < PEOPLE; k++)
			if (d->seen[i][k])
				us += i + 1 < d->n ? d->t_us[i + 1] - d->t_us[i] : 170000;
	assert_near((double)ms, (double)us / 1000, 0.5 * (double)r->floor.n + 1);
}

static void nobody_is_created_and_nobody_is_lost(void **state)
{
	static struct day d;
	int64_t queued = 0, stops = 0, groups = 0;
	(void)state;

	seed = 22;
	for (int day = 0; day < DAYS; day++) {
		struct rig r;

		draw_day(&d);
		if (day % 2)
			spoil(&d);
		start(&r, 1);
		play(&r, &d, 0, 1, NULL);
		check_queue(&r);
		check_places(&r);
		check_floor(&r, &d);
		if (day % 2 == 0)
			check_ways(&r);
		queued += rig_values(&r, QUEUE, MEASURE_QUEUE_JOINED);
		stops += rig_values(&r, TABLE, MEASURE_STOPS);
		groups += rig_values(&r, OUTER, MEASURE_GROUPS);
		rig_clear(&r);
	}
	print_message("%d days: %d queued, %d stops, %d parties\n", DAYS, (int)queued,
		      (int)stops, (int)groups);
	assert_true(queued > DAYS / 4 && stops > DAYS / 4 && groups > DAYS / 4);
}

/* Sums over all minutes: every place, measure and key. */
static void assert_same_values(const struct rig *a, const struct rig *b)
{
	int64_t sum_a = 0, sum_b = 0;

	for (size_t i = 0; i < a->value.n; i++) {
		const struct minute_value *v = &a->value.v[i];

		assert_int_equal(rig_value(a, v->place, v->measure, v->key),
				 rig_value(b, v->place, v->measure, v->key));
		sum_a += v->value;
	}
	for (size_t i = 0; i < b->value.n; i++)
		sum_b += b->value.v[i].value;
	assert_int_equal(sum_a, sum_b);
}

/* Left becomes right, and nothing else changes. */
static void mirror(struct rig *r)
{
	for (size_t i = 0; i < r->value.n; i++) {
		struct minute_value *v = &r->value.v[i];

		switch (v->measure) {
		case MEASURE_TURNS:
			v->key = TURN_LEFT + TURN_RIGHT - v->key;
			break;
		case MEASURE_STOPS:
		case MEASURE_FACING:
			v->key = SIDE_LEFT + SIDE_RIGHT - v->key;
			break;
		case MEASURE_FACING_LEFT:
			v->measure = MEASURE_FACING_RIGHT;
			break;
		case MEASURE_FACING_RIGHT:
			v->measure = MEASURE_FACING_LEFT;
			break;
		default:
			break;
		}
	}
}

static void a_mirrored_store_counts_mirrored(void **state)
{
	static struct day d;
	(void)state;

	seed = 23;
	for (int day = 0; day < DAYS; day++) {
		struct rig r, m;

		draw_day(&d);
		if (day % 2)
			spoil(&d);
		start(&r, 1);
		start(&m, -1);
		play(&r, &d, 0, 1, NULL);
		play(&m, &d, 0, -1, NULL);
		mirror(&m);
		assert_same_values(&r, &m);
		rig_clear(&r);
		rig_clear(&m);
	}
}

static int64_t backwards(int64_t track)
{
	return 1000000 - 7 * track;
}

/* Which number somebody has, and where minutes begin, changes no sum. */
static void numbers_and_minutes_mean_nothing(void **state)
{
	static struct day d;
	(void)state;

	seed = 24;
	for (int day = 0; day < DAYS; day++) {
		int64_t shift_us = upto(60000000) - INT64_C(1900000000) * CLOCK_SECOND_US;
		struct rig r, s;

		draw_day(&d);
		if (day % 2)
			spoil(&d);
		start(&r, 1);
		start(&s, 1);
		play(&r, &d, 0, 1, NULL);
		play(&s, &d, shift_us, 1, backwards);
		/* The time at a level is rounded in each minute. */
		for (size_t i = 0; i < r.value.n; i++)
			if (r.value.v[i].measure == MEASURE_QUEUE_LEVEL)
				r.value.v[i].value = 0;
		for (size_t i = 0; i < s.value.n; i++)
			if (s.value.v[i].measure == MEASURE_QUEUE_LEVEL)
				s.value.v[i].value = 0;
		assert_same_values(&r, &s);
		rig_clear(&r);
		rig_clear(&s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_gate_counts_the_change_of_people_inside),
		cmocka_unit_test(nobody_is_created_and_nobody_is_lost),
		cmocka_unit_test(a_mirrored_store_counts_mirrored),
		cmocka_unit_test(numbers_and_minutes_mean_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
