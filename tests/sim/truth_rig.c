/* SPDX-License-Identifier: Apache-2.0 */
/* truth_rig.c -- the truth's files against the positions. */
#include "truth_rig.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/str.h"
#include "base/vec.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SUB 20       /* steps of a tick */
#define TIME_S 0.008 /* two of them and rounding */
#define SHORT_S 0.02 /* visits that steps may miss */
#define CLEAR_M 0.3
#define GAP_S 3.0
#define ALONG_M 0.004

/* ---- Recording ---- */

void record_add(struct record *r, int64_t t_us, const struct actor *actors, int n)
{
	size_t k = 0;

	if (!r->last_us)
		r->first_us = t_us;
	r->last_us = t_us;
	for (int i = 0; i < n; i++) {
		while (k < r->n && r->path[k].who.id != actors[i].who.id)
			k++;
		if (k == r->n) {
			VEC(struct recorded) v = { r->path, r->n, r->cap };

			*VEC_PUSH(&v) = (struct recorded){ .who = actors[i].who };
			r->path = v.v;
			r->n = v.n;
			r->cap = v.cap;
		}
		*VEC_PUSH(&r->path[k]) =
			(struct moment){ t_us, actors[i].at, actors[i].doing, actors[i].till };
	}
}

void record_clear(struct record *r)
{
	for (size_t i = 0; i < r->n; i++)
		free(r->path[i].v);
	free(r->path);
	*r = (struct record){ 0 };
}

/* ---- Tables ---- */

static int split(char *line, char **field, int max)
{
	int n = 0;

	for (char *c = line; c && n < max; n++) {
		field[n] = c;
		c = strchr(c, ',');
		if (c)
			*c++ = '\0';
	}
	return n;
}

#define COLUMNS 64

void table_read(struct table *t, const char *dir, const char *name)
{
	char *path = file_join(dir, name), *line;
	struct err err;
	size_t len;
	int cap = 1;

	*t = (struct table){ 0 };
	if (file_read(path, (size_t)1 << 28, &t->text, &len, &err) < 0)
		fail_msg("%s", err.msg);
	free(path);
	for (size_t i = 0; i < len; i++)
		cap += t->text[i] == '\n';
	t->row = xcalloc((size_t)cap, sizeof(*t->row));
	for (line = t->text; *line; t->n++) {
		char *end = strchr(line, '\n'), *field[COLUMNS];
		int n;

		assert_non_null(end); /* the last line is whole */
		*end = '\0';
		n = split(line, field, COLUMNS);
		if (t->n == 0)
			t->columns = n;
		assert_int_equal(n, t->columns);
		t->row[t->n] = xcalloc((size_t)n, sizeof(**t->row));
		memcpy(t->row[t->n], field, (size_t)n * sizeof(*field));
		line = end + 1;
	}
	assert_true(t->n > 0);
}

void table_clear(struct table *t)
{
	for (int i = 0; i < t->n; i++)
		free(t->row[i]);
	free(t->row);
	free(t->text);
}

const char *table_text(const struct table *t, int row, const char *column)
{
	for (int c = 0; c < t->columns; c++)
		if (!strcmp(t->row[0][c], column))
			return t->row[row][c];
	fail_msg("no column %s", column);
	return "";
}

double table_number(const struct table *t, int row, const char *column)
{
	double x;

	if (!str_to_double(table_text(t, row, column), &x))
		fail_msg("%s of row %d: '%s'", column, row, table_text(t, row, column));
	return x;
}

static double seconds(const struct scene *s, int64_t t_us)
{
	return (double)(t_us - s->start_us) / 1e6;
}

/* A time in its two columns, which agree. */
static void check_time(const struct table *t, int row, const char *column,
		       const struct scene *s, double expected, double within)
{
	char utc[32], since[32];
	int64_t t_us;

	snprintf(utc, sizeof(utc), "%s_utc", column);
	snprintf(since, sizeof(since), "%s_s", column);
	assert_int_equal(clock_parse(table_text(t, row, utc), &t_us, NULL), 0);
	assert_true(fabs(seconds(s, t_us) - table_number(t, row, since)) < 0.0015);
	if (!(fabs(table_number(t, row, since) - expected) <= within))
		fail_msg("row %d: %s %s, expected %.3f", row, since, table_text(t, row, since),
			 expected);
}

/* ---- Geometry, the slow way ---- */

static struct pt_m at_share(struct pt_m a, struct pt_m b, double k)
{
	return (struct pt_m){ a.x * (1 - k) + b.x * k, a.y * (1 - k) + b.y * k };
}

/* 1 when a to b meets p to q from its left, -1 from its right: Cramer's rule. */
static int meets(struct pt_m p, struct pt_m q, struct pt_m a, struct pt_m b)
{
	double rx = b.x - a.x, ry = b.y - a.y, sx = q.x - p.x, sy = q.y - p.y;
	double det = rx * sy - ry * sx, t, u;

	if (det == 0)
		return 0;
	t = ((p.x - a.x) * sy - (p.y - a.y) * sx) / det;
	u = ((p.x - a.x) * ry - (p.y - a.y) * rx) / det;
	if (t < 0 || t >= 1 || u < 0 || u >= 1)
		return 0;
	return det > 0 ? 1 : -1;
}

static struct pt_m corner(const struct place *p, int i)
{
	return (struct pt_m){ p->xy[i % p->n][0], p->xy[i % p->n][1] };
}

/* Whether all of a place is at least `by` from at in x or in y: saves most of the work. */
static bool far_off(const struct place *p, struct pt_m at, double by)
{
	double lo[2] = { INFINITY, INFINITY }, hi[2] = { -INFINITY, -INFINITY };

	for (int i = 0; i < p->n; i++) {
		for (int k = 0; k < 2; k++) {
			lo[k] = fmin(lo[k], p->xy[i][k]);
			hi[k] = fmax(hi[k], p->xy[i][k]);
		}
	}
	return at.x <= lo[0] - by || at.x >= hi[0] + by || at.y <= lo[1] - by ||
	       at.y >= hi[1] + by;
}

/* 1 m is as good as more. */
static double away(const struct place *line, struct pt_m at)
{
	double best = 1;

	if (far_off(line, at, 1))
		return best;

	for (int i = 1; i < line->n; i++) {
		struct pt_m p = corner(line, i - 1), q = corner(line, i);
		int steps = (int)ceil(hypot(q.x - p.x, q.y - p.y) / ALONG_M);

		for (int k = 0; k <= steps; k++) {
			struct pt_m x = at_share(p, q, (double)k / steps);

			best = fmin(best, hypot(x.x - at.x, x.y - at.y));
		}
	}
	return best;
}

/* All the way round when seen from inside, nothing when seen from outside. */
static bool inside(const struct place *zone, struct pt_m at)
{
	double sum = 0;

	if (far_off(zone, at, 0))
		return false;
	for (int i = 0; i < zone->n; i++) {
		struct pt_m p = corner(zone, i), q = corner(zone, i + 1);
		double ax = p.x - at.x, ay = p.y - at.y, bx = q.x - at.x, by = q.y - at.y;

		sum += atan2(ax * by - ay * bx, ax * bx + ay * by);
	}
	return fabs(sum) > 3;
}

/* ---- What happened ---- */

struct happened {
	double from_s, to_s, head_s; /* head: NAN: never */
	int place, dir;
	bool open;
	int64_t person;
};
struct list {
	struct happened *v;
	size_t n, cap;
};

/* One person is on one place at one time only once. */
static int by_place(const void *a, const void *b)
{
	const struct happened *x = a, *y = b;

	if (x->place != y->place)
		return x->place < y->place ? -1 : 1;
	if (x->person != y->person)
		return x->person < y->person ? -1 : 1;
	return (x->from_s > y->from_s) - (x->from_s < y->from_s);
}

static int by_time(const void *a, const void *b)
{
	const struct happened *x = a, *y = b;

	return x->from_s != y->from_s ? (x->from_s > y->from_s) - (x->from_s < y->from_s)
				      : by_place(a, b);
}

static void sort(struct list *l, int (*by)(const void *, const void *))
{
	if (l->n)
		qsort(l->v, l->n, sizeof(*l->v), by);
}

/* Since moment `from` (the last clear one, or the first) up to `to`. */
static void crossing_between(struct list *l, const struct recorded *p, const struct scene *s,
			     const struct plan *plan, int place, size_t from, size_t to,
			     bool clear)
{
	const struct place *line = &plan->place[place];
	double over_s[2] = { 0 }, before = 0, after = 0;
	int net = 0;

	for (size_t i = from + 1; i <= to; i++) {
		const struct moment *a = &p->v[i - 1], *b = &p->v[i];

		for (int k = 0; k < SUB && !far_off(line, a->at, 2); k++) {
			struct pt_m x = at_share(a->at, b->at, (double)k / SUB);
			struct pt_m y = at_share(a->at, b->at, (double)(k + 1) / SUB);

			for (int j = 1; j < line->n; j++) {
				int dir = meets(corner(line, j - 1), corner(line, j), x, y);

				net += dir;
				if (dir)
					over_s[dir > 0] = seconds(s, a->t_us) +
							  (k + 0.5) / SUB *
								  (double)(b->t_us - a->t_us) /
								  1e6;
			}
		}
		if (net)
			after = fmax(after, away(line, b->at));
		else
			before = fmax(before, away(line, b->at));
	}
	before = fmax(before, away(line, p->v[from].at));
	if (net && (clear || before + after >= CLEAR_M))
		*VEC_PUSH(l) = (struct happened){ .from_s = over_s[net > 0],
						  .place = place,
						  .dir = net > 0 ? 1 : -1,
						  .person = p->who.id };
}

static void crossings_of(struct list *l, const struct recorded *p, const struct scene *s,
			 const struct plan *plan, int place)
{
	size_t from = 0;
	bool clear = false;

	for (size_t i = 0; i < p->n; i++) {
		if (away(&plan->place[place], p->v[i].at) < CLEAR_M)
			continue;
		crossing_between(l, p, s, plan, place, from, i, true);
		from = i;
		clear = true;
	}
	crossing_between(l, p, s, plan, place, from, p->n - 1, clear);
}

/* Whether a step touches the zone, as it may between two points outside of it. */
static bool enters(const struct place *zone, struct pt_m x, struct pt_m y)
{
	if (far_off(zone, y, 1))
		return false;
	for (int i = 0; i < zone->n; i++)
		if (meets(corner(zone, i), corner(zone, i + 1), x, y))
			return true;
	return inside(zone, y);
}

static void visits_of(struct list *l, const struct recorded *p, const struct scene *s,
		      const struct plan *plan, int place, double end_s)
{
	struct happened v = { .place = place, .person = p->who.id };
	bool on = false;
	double t = 0;

	for (size_t i = 0; i < p->n; i++) {
		const struct moment *b = &p->v[i], *a = i ? b - 1 : b;

		for (int k = i ? 1 : SUB; k <= SUB; k++) {
			t = seconds(s, a->t_us) +
			    (double)k / SUB * (double)(b->t_us - a->t_us) / 1e6;
			if (!enters(&plan->place[place],
				    at_share(a->at, b->at, (k - 1.0) / SUB),
				    at_share(a->at, b->at, (double)k / SUB)))
				continue;
			if (on && t - v.to_s >= GAP_S)
				*VEC_PUSH(l) = v;
			if (!on || t - v.to_s >= GAP_S)
				v.from_s = t;
			v.to_s = t;
			on = true;
		}
	}
	v.open = on && v.to_s == t && t == end_s;
	if (on)
		*VEC_PUSH(l) = v;
}

static bool queues(const struct moment *m)
{
	return (m->doing == DOING_QUEUE || m->doing == DOING_PAY) && m->till >= 0;
}

static void queues_of(struct list *l, const struct recorded *p, const struct scene *s,
		      double end_s)
{
	for (size_t i = 0; i < p->n; i++) {
		const struct moment *m = &p->v[i];
		struct happened q = { .place = m->till, .person = p->who.id, .head_s = NAN };

		if (!queues(m) || (i && queues(m - 1) && m[-1].till == m->till))
			continue;
		q.from_s = seconds(s, m->t_us);
		for (; i < p->n && queues(&p->v[i]) && p->v[i].till == q.place; i++)
			if (p->v[i].doing == DOING_PAY && isnan(q.head_s))
				q.head_s = seconds(s, p->v[i].t_us);
		q.open = i == p->n && seconds(s, p->v[i - 1].t_us) == end_s;
		q.to_s = seconds(s, p->v[i < p->n ? i : i - 1].t_us);
		*VEC_PUSH(l) = q;
		i--;
	}
}

/* ---- Against the files ---- */

static const struct recorded *path_of(const struct record *r, int64_t id)
{
	for (size_t i = 0; i < r->n; i++)
		if (r->path[i].who.id == id)
			return &r->path[i];
	fail_msg("nobody is %lld", (long long)id);
	return NULL;
}

/* person, group and who of a row. */
static int64_t check_person(const struct table *t, int row, const struct record *r)
{
	static const char *const who[] = { "", "shopper", "passer", "staff" };
	int64_t id = (int64_t)table_number(t, row, "person");
	const struct recorded *p = path_of(r, id);

	assert_int_equal(table_number(t, row, "group"), p->who.group);
	assert_string_equal(table_text(t, row, "who"), who[p->who.kind]);
	return id;
}

static int place_of(const struct plan *plan, const char *name)
{
	for (int i = 0; i < plan->n; i++)
		if (!strcmp(plan->place[i].name, name))
			return i;
	fail_msg("no place '%s'", name);
	return -1;
}

static void check_order(const struct table *t, const char *column)
{
	for (int i = 2; i < t->n; i++)
		assert_true(table_number(t, i, column) >= table_number(t, i - 1, column));
}

static int check_crossings(const struct record *r, const struct scene *s,
			   const struct plan *plan, const char *dir)
{
	struct list expected = { 0 }, got = { 0 };
	struct table t;

	for (size_t i = 0; i < r->n; i++)
		for (int k = 0; k < plan->n; k++)
			if (plan->place[k].kind == PLACE_LINE)
				crossings_of(&expected, &r->path[i], s, plan, k);
	table_read(&t, dir, "crossings.csv");
	check_order(&t, "t_s");
	for (int i = 1; i < t.n; i++) {
		bool in = !strcmp(table_text(&t, i, "direction"), "in");

		check_time(&t, i, "t", s, table_number(&t, i, "t_s"), 0);
		assert_true(in || !strcmp(table_text(&t, i, "direction"), "out"));
		*VEC_PUSH(&got) =
			(struct happened){ .from_s = table_number(&t, i, "t_s"),
					   .place = place_of(plan, table_text(&t, i, "line")),
					   .dir = in ? 1 : -1,
					   .person = check_person(&t, i, r) };
	}
	sort(&expected, by_place);
	sort(&got, by_place);
	for (size_t i = 0; i < got.n && i < expected.n; i++) {
		const struct happened *a = &got.v[i], *b = &expected.v[i];

		if (a->place != b->place || a->dir != b->dir || a->person != b->person ||
		    fabs(a->from_s - b->from_s) > TIME_S)
			fail_msg("crossing %zu: %.3f %s %d of %lld, expected %.3f %s %d of "
				 "%lld",
				 i, a->from_s, plan->place[a->place].name, a->dir,
				 (long long)a->person, b->from_s, plan->place[b->place].name,
				 b->dir, (long long)b->person);
	}
	assert_int_equal(got.n, expected.n);
	table_clear(&t);
	free(expected.v);
	free(got.v);
	return (int)got.n;
}

static void drop_short(struct list *l)
{
	size_t kept = 0;

	for (size_t i = 0; i < l->n; i++)
		if (l->v[i].to_s - l->v[i].from_s >= SHORT_S)
			l->v[kept++] = l->v[i];
	l->n = kept;
}

static int check_visits(const struct record *r, const struct scene *s, const struct plan *plan,
			const char *dir)
{
	struct list expected = { 0 }, got = { 0 };
	double end_s = seconds(s, r->last_us);
	struct table t;

	for (size_t i = 0; i < r->n; i++)
		for (int k = 0; k < plan->n; k++)
			if (plan->place[k].kind == PLACE_ZONE)
				visits_of(&expected, &r->path[i], s, plan, k, end_s);
	table_read(&t, dir, "visits.csv");
	check_order(&t, "from_s");
	for (int i = 1; i < t.n; i++) {
		double from = table_number(&t, i, "from_s"), to = table_number(&t, i, "to_s");

		check_time(&t, i, "from", s, from, 0);
		check_time(&t, i, "to", s, to, 0);
		assert_true(fabs(table_number(&t, i, "dwell_s") - (to - from)) < 0.0015);
		*VEC_PUSH(&got) =
			(struct happened){ .from_s = from,
					   .to_s = to,
					   .place = place_of(plan, table_text(&t, i, "zone")),
					   .open = *table_text(&t, i, "open") == '1',
					   .person = check_person(&t, i, r) };
	}
	drop_short(&expected);
	drop_short(&got);
	sort(&expected, by_place);
	sort(&got, by_place);
	for (size_t i = 0; i < got.n && i < expected.n; i++) {
		const struct happened *a = &got.v[i], *b = &expected.v[i];

		if (a->place != b->place || a->person != b->person || a->open != b->open ||
		    fabs(a->from_s - b->from_s) > TIME_S || fabs(a->to_s - b->to_s) > TIME_S)
			fail_msg("visit %zu: %.3f to %.3f %s of %lld, expected %.3f to %.3f %s "
				 "of %lld",
				 i, a->from_s, a->to_s, plan->place[a->place].name,
				 (long long)a->person, b->from_s, b->to_s,
				 plan->place[b->place].name, (long long)b->person);
	}
	assert_int_equal(got.n, expected.n);
	table_clear(&t);
	free(expected.v);
	free(got.v);
	return (int)got.n;
}

static int check_queues(const struct record *r, const struct scene *s, const char *dir)
{
	struct list expected = { 0 };
	double end_s = seconds(s, r->last_us);
	struct table t;

	for (size_t i = 0; i < r->n; i++)
		queues_of(&expected, &r->path[i], s, end_s);
	sort(&expected, by_time);
	table_read(&t, dir, "queue.csv");
	assert_int_equal(t.n - 1, expected.n);
	for (int i = 1; i < t.n; i++) {
		const struct happened *q = &expected.v[i - 1];
		bool paid = !isnan(q->head_s);
		double wait = (paid ? q->head_s : q->to_s) - q->from_s;

		assert_int_equal(check_person(&t, i, r), q->person);
		assert_string_equal(table_text(&t, i, "till"), s->till[q->place].name);
		check_time(&t, i, "joined", s, q->from_s, 0.0015);
		check_time(&t, i, "left", s, q->to_s, 0.0015);
		if (paid)
			check_time(&t, i, "head", s, q->head_s, 0.0015);
		else
			assert_string_equal(table_text(&t, i, "head_s"), "");
		assert_true(fabs(table_number(&t, i, "wait_s") - wait) < 0.0015);
		assert_string_equal(table_text(&t, i, "how"), q->open ? "open"
							      : paid  ? "paid"
								      : "left");
	}
	table_clear(&t);
	free(expected.v);
	return (int)expected.n;
}

static int check_people(const struct record *r, const struct scene *s, const char *dir)
{
	static const char *const body[] = { "", "adult", "child", "wheelchair" };
	struct table t;

	table_read(&t, dir, "people.csv");
	check_order(&t, "came_s");
	assert_int_equal(t.n - 1, r->n);
	for (int i = 1; i < t.n; i++) {
		const struct recorded *p = path_of(r, check_person(&t, i, r));
		int64_t last_us = p->v[p->n - 1].t_us;

		check_time(&t, i, "came", s, seconds(s, p->v[0].t_us), 0.0015);
		if (last_us < r->last_us)
			check_time(&t, i, "went", s, seconds(s, last_us), 0.0015);
		else
			assert_string_equal(table_text(&t, i, "went_utc"), "");
		assert_string_equal(table_text(&t, i, "body"), body[p->who.body]);
		assert_int_equal(table_number(&t, i, "trolley"), p->who.trolley);
		assert_true(fabs(table_number(&t, i, "height_m") - p->who.height_m) < 0.006);
		assert_string_equal(table_text(&t, i, "walker"),
				    p->who.walker >= 0 ? s->walker[p->who.walker].name : "");
	}
	table_clear(&t);
	return (int)r->n;
}

static const struct moment *moment_at(const struct recorded *p, int64_t t_us)
{
	size_t i;

	if (t_us < p->v[0].t_us || t_us > p->v[p->n - 1].t_us)
		return NULL;
	i = (size_t)((t_us - p->v[0].t_us) / CROWD_TICK_US);
	assert_int_equal(p->v[i].t_us, t_us); /* nobody is gone in between */
	return &p->v[i];
}

static void check_floor(const struct record *r, const struct scene *s, const char *dir,
			bool (*in_shop)(struct pt_m))
{
	static const char *const doing[] = {
		"", "walk", "look", "queue", "pay", "work", "wait"
	};
	struct table t;
	int row = 1;

	table_read(&t, dir, "floor.csv");
	for (int64_t t_us = r->first_us; t_us <= r->last_us; t_us += CLOCK_SECOND_US) {
		for (size_t i = 0; i < r->n; i++) {
			const struct moment *m = moment_at(&r->path[i], t_us);

			if (!m)
				continue;
			check_time(&t, row, "t", s, seconds(s, t_us), 0.0015);
			assert_int_equal(table_number(&t, row, "person"), r->path[i].who.id);
			assert_true(fabs(table_number(&t, row, "x_m") - m->at.x) < 0.0006);
			assert_true(fabs(table_number(&t, row, "y_m") - m->at.y) < 0.0006);
			assert_string_equal(table_text(&t, row, "doing"), doing[m->doing]);
			assert_string_equal(table_text(&t, row, "till"),
					    m->till >= 0 ? s->till[m->till].name : "");
			assert_int_equal(table_number(&t, row, "in_store"), in_shop(m->at));
			row++;
		}
	}
	assert_int_equal(row, t.n);
	table_clear(&t);
}

static int check_occupancy(const struct record *r, const struct scene *s,
			   const struct plan *plan, const char *dir,
			   bool (*in_shop)(struct pt_m))
{
	int row = 1, most = 0;
	struct table t;

	table_read(&t, dir, "occupancy.csv");
	for (int64_t t_us = r->first_us; t_us <= r->last_us; t_us += CLOCK_SECOND_US, row++) {
		int in_store = 0, staff = 0, in_zone[PLAN_MAX_PLACES] = { 0 };

		for (size_t i = 0; i < r->n; i++) {
			const struct moment *m = moment_at(&r->path[i], t_us);

			if (!m)
				continue;
			in_store += in_shop(m->at);
			staff += in_shop(m->at) && r->path[i].who.kind == PERSON_STAFF;
			for (int k = 0; k < plan->n; k++)
				in_zone[k] += inside(&plan->place[k], m->at);
		}
		check_time(&t, row, "t", s, seconds(s, t_us), 0.0015);
		assert_int_equal(table_number(&t, row, "in_store"), in_store);
		assert_int_equal(table_number(&t, row, "staff"), staff);
		for (int k = 0; k < plan->n; k++) {
			char column[NAME_MAX_BYTES + 8];

			snprintf(column, sizeof(column), "zone %s", plan->place[k].name);
			if (plan->place[k].kind == PLACE_ZONE)
				assert_int_equal(table_number(&t, row, column), in_zone[k]);
		}
		most = in_store > most ? in_store : most;
	}
	assert_int_equal(row, t.n);
	table_clear(&t);
	return most;
}

struct found record_check(const struct record *r, const struct scene *s,
			  const struct plan *plan, const char *dir,
			  bool (*in_shop)(struct pt_m at))
{
	struct found f = { 0 };

	f.people = check_people(r, s, dir);
	check_floor(r, s, dir, in_shop);
	f.crossings = check_crossings(r, s, plan, dir);
	f.visits = check_visits(r, s, plan, dir);
	f.queues = check_queues(r, s, dir);
	f.most_in_store = check_occupancy(r, s, plan, dir, in_shop);
	return f;
}
