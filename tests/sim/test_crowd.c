/* SPDX-License-Identifier: Apache-2.0 */
/* test_crowd.c -- the people of a simulated store behave as they are said to. */
#include "base/real.h"
#include "base/str.h"
#include "sim/crowd.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define HOUR_TICKS 36000
#define PEOPLE_MAX 8192

/* A shop of 12 x 9 m with the street to the north. */
#define SHOP \
	"[floor]\nbox = 0,0 12,9\n" \
	"[portal west]\nat = 0.2,7.2 0.2,8.6\n[portal east]\nat = 11.8,7.2 11.8,8.6\n" \
	"[wall one]\npoints = 0,6 5,6\n[wall two]\npoints = 7,6 12,6\n" \
	"[wall west]\npoints = 0,0 0,6\n[wall east]\npoints = 12,0 12,6\n" \
	"[wall south]\npoints = 0,0 12,0\n" \
	"[door main]\nat = 5,6 7,6\n" \
	"[shelf left]\nbox = 2,1 3,3.4\n[shelf right]\nbox = 9,1 10,3.4\n" \
	"[camera one]\nat = 6,0.5,3\nto = 6,5,0\n"
#define TILL \
	"[till one]\ncustomer = 6,1.2\ncashier = 7.2,1.2\nqueue = 6,1.2 6,4.5\nservice = 30\n"

static struct scene *shop(const char *text)
{
	struct err err = { 0 };
	struct scene *s = scene_parse(text, strlen(text), "test.ini", &err);

	if (!s)
		fail_msg("%s", err.msg);
	return s;
}

static double apart(struct pt_m a, struct pt_m b)
{
	return hypot(a.x - b.x, a.y - b.y);
}

static void add_hash(uint64_t *h, const struct actor *a, int n)
{
	for (int i = 0; i < n; i++) {
		const double all[] = { a[i].at.x, a[i].at.y, a[i].facing, a[i].walked_m,
				       a[i].bend, a[i].sway, a[i].reach };

		*h = str_hash(*h, &a[i].who.id, sizeof(a[i].who.id));
		*h = str_hash(*h, all, sizeof(all));
	}
}

static uint64_t hash_of(const struct scene *s, uint64_t seed, int ticks)
{
	struct crowd *c = crowd_new(s, seed);
	uint64_t h = STR_HASH_INIT;

	for (int k = 0; k < ticks; k++) {
		const struct actor *a;
		int n;

		crowd_step(c, &a, &n);
		add_hash(&h, a, n);
	}
	crowd_free(c);
	return h;
}

static void the_seed_makes_the_people(void **state)
{
	struct scene *s = shop(SHOP TILL "[people]\nshoppers = 300\npassers = 100\n");
	(void)state;

	assert_true(hash_of(s, 1, 3000) == hash_of(s, 1, 3000));
	assert_true(hash_of(s, 1, 3000) != hash_of(s, 2, 3000));
	scene_free(s);
}

static double off_line(struct pt_m a, struct pt_m b, struct pt_m p)
{
	double dx = b.x - a.x, dy = b.y - a.y;
	double t = ((p.x - a.x) * dx + (p.y - a.y) * dy) / (dx * dx + dy * dy);

	t = fmin(fmax(t, 0), 1);
	return hypot(a.x + t * dx - p.x, a.y + t * dy - p.y);
}

/* How far from what is built; negative in a box. Corners run counter-clockwise. */
static double off_box(const struct pt_m corner[4], struct pt_m p)
{
	double best = HUGE_VAL;
	bool in = true;

	for (int i = 0; i < 4; i++) {
		struct pt_m a = corner[i], b = corner[(i + 1) % 4];

		best = fmin(best, off_line(a, b, p));
		in &= (b.x - a.x) * (p.y - a.y) - (b.y - a.y) * (p.x - a.x) > 0;
	}
	return in ? -best : best;
}

static double off_things(const struct scene *s, struct pt_m p)
{
	double best = HUGE_VAL;

	for (int i = 0; i < s->n_walls; i++)
		for (int k = 1; k < s->walls[i].line.n; k++)
			best = fmin(best, off_line(s->walls[i].line.at[k - 1],
						   s->walls[i].line.at[k], p));
	for (int i = 0; i < s->n_shelves; i++)
		best = fmin(best, off_box(s->shelf[i].corner, p));
	return best;
}

/* What is asked of everybody, tick by tick. */
struct life {
	struct pt_m at;
	double facing;
	int64_t born, seen;
	int stood; /* ticks in a row that he meant to walk and did not */
	bool inside, bought;
};

static void nobody_goes_where_nobody_can(void **state)
{
	struct scene *s =
		shop(SHOP TILL "[people]\nshoppers = 360\npassers = 200\nstaff = 2\n"
			       "child = 0.1\ntrolley = 0.2\nwheelchair = 0.03\n"
			       "[portal staff]\nkind = staff\nat = 11.6,0.5 11.6,1.2\n");
	struct life *life = calloc(PEOPLE_MAX, sizeof(*life));
	struct crowd *c = crowd_new(s, 5);
	const struct actor *a;
	int64_t last_id = 0;
	int n;
	(void)state;

	for (int k = 0; k < HOUR_TICKS; k++) {
		crowd_step(c, &a, &n);
		for (int i = 0; i < n; i++) {
			struct life *l = &life[a[i].who.id];

			assert_true(a[i].who.id < PEOPLE_MAX);
			assert_true(i == 0 || a[i].who.id > a[i - 1].who.id);
			if (!l->born) {
				assert_true(a[i].who.id > last_id); /* never used again */
				last_id = a[i].who.id;
				l->born = k + 1;
			} else {
				assert_int_equal(l->seen, k - 1); /* nobody blinks */
				assert_true(apart(l->at, a[i].at) < 0.3);
			}
			assert_true(crowd_walkable(c, a[i].at));
			assert_true(off_things(s, a[i].at) > 0.15);
			assert_true(l->born == k + 1 || /* turns, and is not turned */
				    fabs(remainder(a[i].facing - l->facing, 2 * REAL_PI)) <
					    0.36);
			l->facing = a[i].facing;
			l->stood = a[i].doing == DOING_WALK && apart(l->at, a[i].at) < 0.005
					   ? l->stood + 1
					   : 0;
			assert_true(l->stood < 300); /* 30 s */
			l->at = a[i].at;
			l->seen = k;
		}
	}
	assert_true(last_id > 300);
	/* All but the staff are gone in time: nobody stays for ever. */
	for (int64_t id = 1; id <= last_id; id++)
		assert_true(life[id].born > 0);
	for (int i = 0; i < n; i++)
		assert_true(a[i].who.kind == PERSON_STAFF ||
			    HOUR_TICKS - life[a[i].who.id].born < 18000);
	crowd_free(c);
	free(life);
	scene_free(s);
}

/* Poisson numbers within five standard deviations (of parties: they come together). */
static void as_many_come_as_the_scene_says(void **state)
{
	struct scene *s = shop(SHOP "[people]\nshoppers = 9:400 10:100\npassers = 200\n"
				    "group = 1 0 0 0\nstops = 0\n");
	struct crowd *c = crowd_new(s, 3);
	int came[2] = { 0 }, passed[2] = { 0 };
	const struct actor *a;
	int64_t last = 0;
	int n;
	(void)state;

	for (int k = 0; k < 2 * HOUR_TICKS; k++) {
		crowd_step(c, &a, &n);
		for (int i = 0; i < n; i++) {
			if (a[i].who.id <= last)
				continue;
			last = a[i].who.id;
			if (a[i].who.kind == PERSON_SHOPPER)
				came[k / HOUR_TICKS]++;
			else
				passed[k / HOUR_TICKS]++;
		}
	}
	assert_true(abs(came[0] - 400) < 5 * 20);
	assert_true(abs(came[1] - 100) < 5 * 10);
	assert_true(abs(passed[0] - 200) < 5 * 15);
	assert_true(abs(passed[1] - 200) < 5 * 15);
	crowd_free(c);
	scene_free(s);
}

/* A tenth turns round in the door: in the shop, but never farther than 2 m behind it. */
static void some_turn_round_in_the_door(void **state)
{
	struct scene *s = shop(SHOP "[people]\nshoppers = 400\ngroup = 1 0 0 0\nu_turn = 0.1\n"
				    "stops = 4\nstop = 5\n");
	double *deepest = calloc(PEOPLE_MAX, sizeof(*deepest));
	struct crowd *c = crowd_new(s, 9);
	int64_t last = 0;
	int turned = 0, entered = 0, n;
	const struct actor *a;
	(void)state;

	for (int k = 0; k < 2 * HOUR_TICKS; k++) {
		crowd_step(c, &a, &n);
		for (int i = 0; i < n; i++) {
			double deep = 6 - a[i].at.y;

			deepest[a[i].who.id] = fmax(deepest[a[i].who.id], deep);
			last = a[i].who.id > last ? a[i].who.id : last;
		}
	}
	for (int64_t id = 1; id <= last - n; id++) {
		entered += deepest[id] > 0.3;
		turned += deepest[id] > 0.3 && deepest[id] < 2.2;
	}
	assert_true(entered > 600);
	/* Those who look at no shelf (exp(-4) of them) turn soon, too. */
	assert_true(fabs((double)turned / entered - 0.1 - 0.9 * 0.0183) <
		    5 * sqrt(0.1 * 0.9 / entered));
	crowd_free(c);
	free(deepest);
	scene_free(s);
}

static void parties_stay_together(void **state)
{
	struct scene *s = shop(SHOP "[people]\nshoppers = 200\ngroup = 0 1 1 0\nstops = 3\n");
	struct crowd *c = crowd_new(s, 4);
	double sum = 0;
	int pairs = 0, n, far = 0;
	const struct actor *a;
	(void)state;

	for (int k = 0; k < HOUR_TICKS; k++) {
		crowd_step(c, &a, &n);
		for (int i = 0; i < n; i++) {
			assert_true(a[i].who.group > 0);
			for (int j = i + 1; j < n && k % 10 == 0; j++) {
				double d = apart(a[i].at, a[j].at);

				if (a[i].who.group != a[j].who.group)
					continue;
				sum += d;
				pairs++;
				far += d > 4;
			}
		}
	}
	assert_true(pairs > 1000);
	assert_true(sum / pairs < 1.6);
	assert_true(far < 0.05 * pairs);
	crowd_free(c);
	scene_free(s);
}

/* Who joins a line first is served first, and one at a time. */
static void lines_are_fair(void **state)
{
	struct scene *s = shop(SHOP TILL "[people]\nshoppers = 150\nbuyers = 1\nstops = 1\n"
					 "group = 1 0 0 0\n");
	struct crowd *c = crowd_new(s, 6);
	int64_t line[PEOPLE_MAX], served = 0;
	bool *joined = calloc(PEOPLE_MAX, sizeof(*joined)),
	     *paid = calloc(PEOPLE_MAX, sizeof(*paid));
	int in_line = 0, next = 0, n;
	const struct actor *a;
	(void)state;

	for (int k = 0; k < HOUR_TICKS; k++) {
		int paying = 0;

		crowd_step(c, &a, &n);
		for (int i = 0; i < n; i++) {
			int64_t id = a[i].who.id;

			if (a[i].doing == DOING_QUEUE && !joined[id]) {
				joined[id] = true;
				line[in_line++] = id;
			}
			if (a[i].doing != DOING_PAY)
				continue;
			assert_int_equal(a[i].till, 0);
			assert_true(apart(a[i].at, s->till[0].customer) < 0.4);
			paying++;
			if (!paid[id]) {
				paid[id] = true;
				served++;
				assert_true(line[next] == id);
				next++;
			}
		}
		assert_true(paying <= 1);
	}
	assert_true(served > 50);
	crowd_free(c);
	free(joined);
	free(paid);
	scene_free(s);
}

/* Bodies do not go through each other: two middles are hardly ever nearer than a body is deep,
 * and never for long. */
static void bodies_are_solid(void **state)
{
	struct scene *s = shop(SHOP TILL "[people]\nshoppers = 360\npassers = 300\nstaff = 2\n"
					 "trolley = 0.2\nstops = 3\n");
	struct crowd *c = crowd_new(s, 12);
	int people = 0, close = 0, n;
	const struct actor *a;
	(void)state;

	for (int k = 0; k < HOUR_TICKS; k++) {
		crowd_step(c, &a, &n);
		people += n;
		for (int i = 0; i < n; i++)
			for (int j = i + 1; j < n; j++)
				close += apart(a[i].at, a[j].at) < 0.25;
	}
	assert_true(people > 100000);
	assert_true(close < people / 1000);
	crowd_free(c);
	scene_free(s);
}

/* The shares are of all people; children are in a grown-up's company, and a party has one
 * trolley at most. */
static void parties_are_as_said(void **state)
{
	struct scene *s = shop(SHOP "[people]\nshoppers = 600\nchild = 0.1\ntrolley = 0.2\n"
				    "wheelchair = 0.05\ngroup = 4 3 2 1\nstops = 0\n");
	struct {
		int grown, trolleys;
	} *group = calloc(PEOPLE_MAX, sizeof(*group));
	int children = 0, trolleys = 0, chairs = 0, n;
	struct crowd *c = crowd_new(s, 13);
	const struct actor *a;
	int64_t last = 0;
	(void)state;

	for (int k = 0; k < 4 * HOUR_TICKS; k++) {
		crowd_step(c, &a, &n);
		for (int i = 0; i < n; i++) {
			const struct persona *w = &a[i].who;

			if (w->id <= last)
				continue;
			last = w->id;
			children += w->body == BODY_CHILD;
			trolleys += w->trolley;
			chairs += w->body == BODY_WHEELCHAIR;
			assert_true(w->body != BODY_CHILD || group[w->group].grown > 0);
			assert_true(w->body == BODY_CHILD ? w->height_m < 1.45
							  : w->height_m > 1.3);
			if (!w->group)
				continue;
			group[w->group].grown += w->body != BODY_CHILD;
			group[w->group].trolleys += w->trolley;
			assert_true(group[w->group].trolleys <= 1);
		}
	}
	assert_true(last > 2000);
	assert_true(fabs(children / (double)last - 0.1) < 5 * sqrt(0.1 * 0.9 / (double)last));
	assert_true(fabs(trolleys / (double)last - 0.2) < 5 * sqrt(0.2 * 0.8 / (double)last));
	assert_true(fabs(chairs / (double)last - 0.05) < 5 * sqrt(0.05 * 0.95 / (double)last));
	crowd_free(c);
	free(group);
	scene_free(s);
}

/* A pallet stands in the middle of the shop for five minutes. */
static void things_are_walked_round_while_they_are_there(void **state)
{
	struct scene *s = shop(SHOP "[people]\nshoppers = 300\nstops = 4\nstop = 5\n"
				    "[object pallet]\nbox = 4.5,3.4 7.5,4.4\ntop = 0.8\n"
				    "when = 600 900\n"
				    "[object banner]\nbox = 0,4.6 12,5.2\nbottom = 2.2\n"
				    "top = 3\n");
	struct crowd *c = crowd_new(s, 14);
	int before = 0, after = 0, n;
	const struct actor *a;
	(void)state;

	for (int k = 0; k < 15000; k++) {
		crowd_step(c, &a, &n);
		for (int i = 0; i < n; i++) {
			double off = off_box(s->object[0].corner, a[i].at);

			if (k < 6000)
				before += off < 0;
			else if (k >= 9000)
				after += off < 0;
			else if (k > 6050) /* who stood there has stepped off */
				assert_true(off > 0.15);
		}
	}
	assert_true(before > 100);
	assert_true(after > 100);
	crowd_free(c);
	scene_free(s);
}

/* A line that is longer than the shop has room for: nobody stands in another's place. */
static void a_full_line_is_not_joined(void **state)
{
	struct scene *s =
		shop(SHOP "[till slow]\ncustomer = 6,1.2\ncashier = 7.2,1.2\n"
			  "queue = 6,1.2 6,4.5\nservice = 120\n"
			  "[people]\nshoppers = 150\nbuyers = 1\nstops = 1\nstop = 5\n"
			  "group = 1 0 0 0\n");
	struct crowd *c = crowd_new(s, 15);
	int longest = 0, n;
	const struct actor *a;
	(void)state;

	for (int k = 0; k < HOUR_TICKS; k++) {
		int in_line = 0;

		crowd_step(c, &a, &n);
		for (int i = 0; i < n; i++) {
			if (a[i].till < 0)
				continue;
			in_line++;
			assert_true(a[i].at.y < 6); /* not in the street */
			for (int j = i + 1; j < n; j++)
				if (a[j].till >= 0)
					assert_true(apart(a[i].at, a[j].at) > 0.2);
		}
		longest = in_line > longest ? in_line : longest;
	}
	assert_in_range(longest, 5, 12);
	crowd_free(c);
	scene_free(s);
}

/* Staff come when they begin, man the till, cross the shop, and are gone afterwards. */
static void staff_work_their_shift(void **state)
{
	struct scene *s =
		shop(SHOP TILL "[scene]\nstart = 2026-03-14T08:30:00\n"
			       "[people]\nshoppers = 60\nstaff = 2\nstaff_from = 9\n"
			       "staff_to = 11\nshift = 8\ncross = 120\n"
			       "[portal staff]\nkind = staff\nat = 11.6,0.5 11.6,1.2\n");
	struct crowd *c = crowd_new(s, 16);
	int manned = 0, walked = 0, open = 0, n;
	const struct actor *a;
	(void)state;

	for (int k = 0; k < 3 * HOUR_TICKS; k++) {
		int staff = 0;

		crowd_step(c, &a, &n);
		for (int i = 0; i < n; i++) {
			if (a[i].who.kind != PERSON_STAFF)
				continue;
			staff++;
			walked += a[i].doing == DOING_WALK;
			if (a[i].doing != DOING_WORK)
				continue;
			manned += a[i].till == 0;
			if (a[i].till == 0)
				assert_true(apart(a[i].at, s->till[0].cashier) < 0.5);
		}
		assert_true(staff <= 2);
		if (k < HOUR_TICKS / 2 || k > 5 * HOUR_TICKS / 2 + 6600)
			assert_int_equal(staff, 0);
		else if (k > HOUR_TICKS / 2 + 1200 && k < 5 * HOUR_TICKS / 2 - 1200) {
			assert_int_equal(staff, 2);
			open++;
		}
	}
	assert_true(manned > open / 2);
	assert_true(walked > open / 50);
	crowd_free(c);
	scene_free(s);
}

/* Looks at shelves last as the scene says: its median, and the limits. Time on the way to the
 * spot is no look. */
static void looks_last_as_long_as_said(void **state)
{
	struct scene *s =
		shop(SHOP "[people]\nshoppers = 300\ngroup = 1 0 0 0\nstops = 3\n"
			  "stop = 20\nstop_sigma = 0.8\nstop_min = 5\nstop_max = 200\n");
	struct crowd *c = crowd_new(s, 8);
	int *since = calloc(PEOPLE_MAX, sizeof(*since)), below = 0, looks = 0, n;
	const struct actor *a;
	(void)state;

	for (int k = 0; k < 2 * HOUR_TICKS; k++) {
		crowd_step(c, &a, &n);
		for (int i = 0; i < n; i++) {
			int *from = &since[a[i].who.id];

			if (a[i].doing == DOING_LOOK) {
				const struct scene_shelf *shelf = &s->shelf[a[i].shelf];
				double side = a[i].at.x < shelf->corner[0].x ? -1 : 1;
				bool beside = a[i].at.y > shelf->corner[0].y - 0.1 &&
					      a[i].at.y < shelf->corner[2].y + 0.1;

				if (!*from)
					*from = k;
				/* Turned to the goods, after a moment. */
				if (beside && k - *from > 30)
					assert_true(-side * real_cos(a[i].facing) > 0.7);
			} else if (*from) {
				double s_long = (k - *from) / 10.0;

				*from = 0;
				looks++;
				below += s_long < 20;
				assert_true(s_long > 4.7 && s_long < 200.5);
			}
		}
	}
	assert_true(looks > 1000);
	/* Of the lognormal cut off at 5 and 200 s, 48 % lie below 20 s. */
	assert_true(fabs((double)below / looks - 0.48) < 5 * 0.5 / sqrt(looks));
	crowd_free(c);
	free(since);
	scene_free(s);
}

static void a_walker_does_what_he_is_told(void **state)
{
	struct scene *s = shop(SHOP "[walker one]\nstart = 2\npath = 1,1 1,5 5,5\nspeed = 1\n"
				    "wait = 0 10 0\nheight = 1.9\n");
	struct crowd *c = crowd_new(s, 1);
	const struct actor *a;
	int n;
	(void)state;

	for (int k = 0; k < 300; k++) {
		double t = k / 10.0 - 2;

		crowd_step(c, &a, &n);
		if (t < 0 || t > 18.05) {
			assert_int_equal(n, 0);
			continue;
		}
		assert_int_equal(n, 1);
		assert_true(a->who.height_m == 1.9);
		assert_true(fabs(a->at.x - (t < 14 ? 1 : fmin(t - 13, 5))) < 1e-9);
		assert_true(fabs(a->at.y - (t < 4 ? 1 + t : 5)) < 1e-9);
		assert_int_equal(a->doing, t < 4 - 1e-9 || (t > 14 - 1e-9 && t < 18 - 1e-9)
						   ? DOING_WALK
						   : DOING_WAIT);
	}
	crowd_free(c);
	scene_free(s);
}

/* Between ticks people are between the places of the ticks; steps of any size say the same. */
static void between_ticks_is_between(void **state)
{
	struct scene *s = shop(SHOP "[people]\nshoppers = 300\npassers = 100\n");
	struct crowd *whole = crowd_new(s, 2), *fine = crowd_new(s, 2), *far = crowd_new(s, 2);
	const struct actor *a, *b;
	struct actor before[512];
	int n_before = 0, n, m;
	(void)state;

	for (int k = 0; k < 2000; k++) {
		int64_t t = crowd_step(whole, &a, &n);

		if (k)
			crowd_at(fine, t - 30000, &b, &m);
		for (int i = 0, j = 0; k && i < m; i++) {
			int q = 0;

			while (j < n && a[j].who.id < b[i].who.id)
				j++;
			while (q < n_before && before[q].who.id < b[i].who.id)
				q++;
			assert_true(j < n && q < n_before && a[j].who.id == b[i].who.id);
			assert_true(fabs(b[i].at.x - (0.3 * before[q].at.x + 0.7 * a[j].at.x)) <
				    1e-9);
			assert_true(fabs(b[i].at.y - (0.3 * before[q].at.y + 0.7 * a[j].at.y)) <
				    1e-9);
		}
		assert_true(n <= 512);
		n_before = n;
		if (n)
			memcpy(before, a, (size_t)n * sizeof(*a));
	}
	crowd_at(far, s->start_us + 150 * INT64_C(1000000), &a, &n);
	crowd_free(fine);
	fine = crowd_new(s, 2);
	for (int k = 0; k <= 150; k++)
		crowd_at(fine, s->start_us + k * INT64_C(1000000), &b, &m);
	assert_int_equal(n, m);
	for (int i = 0; i < n; i++)
		assert_true(a[i].who.id == b[i].who.id && a[i].at.x == b[i].at.x);
	crowd_free(whole);
	crowd_free(fine);
	crowd_free(far);
	scene_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_seed_makes_the_people),
		cmocka_unit_test(nobody_goes_where_nobody_can),
		cmocka_unit_test(as_many_come_as_the_scene_says),
		cmocka_unit_test(some_turn_round_in_the_door),
		cmocka_unit_test(parties_stay_together),
		cmocka_unit_test(lines_are_fair),
		cmocka_unit_test(bodies_are_solid),
		cmocka_unit_test(parties_are_as_said),
		cmocka_unit_test(things_are_walked_round_while_they_are_there),
		cmocka_unit_test(a_full_line_is_not_joined),
		cmocka_unit_test(staff_work_their_shift),
		cmocka_unit_test(looks_last_as_long_as_said),
		cmocka_unit_test(a_walker_does_what_he_is_told),
		cmocka_unit_test(between_ticks_is_between),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
