/* SPDX-License-Identifier: Apache-2.0 */
/* truth_queue.c -- what a whole trail says of queues and gates. */
#include "sim/truth_book.h"

#include "base/clock.h"
#include "sim/plane.h"

#include <stdlib.h>

#define MERGE (TRUTH_MERGE_US / CROWD_TICK_US)

/* One person and one queue. */
struct queueing {
	struct truth_measures *m;
	const struct findings *f;
	int place, n;
	const bool *head, *tail;
	int free; /* what was before this tick is of an earlier time in the queue */
};

static int64_t ms(int from, int to)
{
	return (int64_t)(to - from) * CROWD_TICK_US / 1000;
}

static void book(struct queueing *q, int tick, const char *measure, int64_t number)
{
	truth_book(q->m, trail_time(q->f->t, tick), q->place, measure, NULL, number, BY_RULE);
}

/* The first tick of the stay that tick i is in. */
static int begin_of(const bool *in, int i)
{
	while (i > 0 && in[i - 1])
		i--;
	return i;
}

/* From tick i on, until `in` did not hold for MERGE ticks: then *away is the first of those and
 * the tick after them is returned. Else n, and *away is the first of those without at the end;
 * -1 when there is none. */
static int until_away(const bool *in, int n, int i, int *away)
{
	*away = -1;
	for (; i < n; i++) {
		if (*away >= 0 && i - *away >= MERGE)
			return i;
		if (in[i])
			*away = -1;
		else if (*away < 0)
			*away = i;
	}
	return n;
}

/* He is at the head since `head`, for sure at tick i. */
static int serve(struct queueing *q, int head, int i)
{
	int away, next = until_away(q->head, q->n, i, &away);
	int end = away >= 0 ? away : q->n - 1;

	book(q, end, "queue_service", ms(head, end));
	return q->free = next;
}

static void change(struct queueing *q, int tick, int delta)
{
	*VEC_PUSH(&q->m->level) =
		(struct level_change){ trail_time(q->f->t, tick), q->place, delta };
}

/* He waits since `join`, for sure at tick i. */
static int wait(struct queueing *q, int join, int i)
{
	bool in_line = true;
	int away = -1;

	change(q, join, 1);
	for (; i < q->n && !(away >= 0 && i - away >= MERGE); i++) {
		bool now = q->tail[i] && !q->head[i];

		if (now != in_line)
			change(q, i, now ? 1 : -1);
		in_line = now;
		if (q->head[i]) {
			book(q, i, "queue_wait", ms(join, i));
			return serve(q, i, i);
		}
		away = q->tail[i] ? -1 : away < 0 ? i : away;
	}
	if (in_line)
		change(q, q->n - 1, -1);
	if (away >= 0)
		book(q, away, "queue_abandoned", ms(join, away));
	else
		book(q, q->n - 1, "queue_lost", -1);
	return q->free = i;
}

/* He stands at the head at tick i, and did not wait. */
static int at_head(struct queueing *q, int i)
{
	int enter = begin_of(q->head, i), tail = i, join = enter > q->free ? enter : q->free;
	int away;

	while (tail >= 0 && !q->tail[tail])
		tail--;
	if (tail >= 0 && enter - tail < MERGE) {
		book(q, join, "queue_joined", -1);
		book(q, join, "queue_wait", 0);
		return serve(q, join, i);
	}
	book(q, i, "queue_front", -1);
	return q->free = until_away(q->head, q->n, i, &away);
}

static int in_tail(struct queueing *q, int i)
{
	int join = begin_of(q->tail, i);

	if (q->f->since[i] > join)
		join = q->f->since[i];
	if (q->free > join)
		join = q->free;
	book(q, join, "queue_joined", -1);
	return wait(q, join, i);
}

static void find_queue(struct queueing *q)
{
	for (int i = 0; i < q->n;) {
		if (!q->f->stands[i] || !(q->head[i] || q->tail[i]))
			i++;
		else
			i = q->head[i] ? at_head(q, i) : in_tail(q, i);
	}
}

/* ---- gates ---- */

/* Which side of the gate a crossing leads to, and which it comes from: 1 inside, -1 outside, 0
 * between the lines. */
static void sides(const struct trail_cross *c, int second, int *from, int *to)
{
	int beyond = c->place == second ? 1 : -1;

	*to = c->dir == beyond ? beyond : 0;
	*from = c->dir == beyond ? 0 : beyond;
}

static void find_gate(struct truth_measures *m, const struct trail *t, int place, int first,
		      int second)
{
	int side = 0;
	bool between = false;

	for (size_t i = 0; i < t->cross.n; i++) {
		const struct trail_cross *c = &t->cross.v[i];
		int from, to;

		if (c->place != first && c->place != second)
			continue;
		sides(c, second, &from, &to);
		if (!to) {
			side = from;
			between = true;
			continue;
		}
		if (side == -to)
			truth_book(m, trail_time(t, c->tick), place,
				   to > 0 ? "gate_in" : "gate_out", NULL, -1, BY_RULE);
		else if (between && side == to)
			truth_book(m, trail_time(t, c->tick), place, "gate_turned",
				   to > 0 ? "inside" : "outside", -1, BY_RULE);
		side = to;
		between = false;
	}
}

/* Index of the place called name. */
static int named(const struct truth_measures *m, const char *name)
{
	int i = 0;

	while (strcmp(m->place[i].place->name, name) != 0)
		i++;
	return i;
}

void truth_find_queues(struct truth_measures *m, const struct findings *f)
{
	for (int i = 0; i < m->n_places; i++) {
		const struct place *p = m->place[i].place;
		struct queueing q = { m, f, i, (int)f->t->point.n, NULL, NULL, 0 };

		if (p->kind == PLACE_GATE)
			find_gate(m, f->t, i, named(m, p->part[0]), named(m, p->part[1]));
		if (p->kind != PLACE_QUEUE)
			continue;
		q.head = f->in[named(m, p->part[0])];
		q.tail = f->in[named(m, p->part[1])];
		find_queue(&q);
	}
}

/* ---- what people were about ---- */

/* The queue whose head a till's customer stands in; -1: none. */
static int queue_of(const struct truth_measures *m, int till)
{
	for (int i = 0; i < m->n_places; i++) {
		const struct place *p = m->place[i].place;

		if (p->kind == PLACE_QUEUE && true_place_has(&m->place[named(m, p->part[0])],
							     m->scene->till[till].customer))
			return i;
	}
	return -1;
}

void truth_measures_queued(struct truth_measures *m, int till, int64_t joined_us,
			   int64_t head_us, int64_t left_us)
{
	int place = queue_of(m, till);

	if (place < 0)
		return;
	truth_book(m, joined_us, place, "queue_joined", NULL, -1, BY_INTENT);
	if (head_us != CLOCK_NONE)
		truth_book(m, head_us, place, "queue_wait", NULL, (head_us - joined_us) / 1000,
			   BY_INTENT);
	if (left_us == CLOCK_NONE)
		return;
	if (head_us != CLOCK_NONE)
		truth_book(m, left_us, place, "queue_service", NULL, (left_us - head_us) / 1000,
			   BY_INTENT);
	else
		truth_book(m, left_us, place, "queue_abandoned", NULL,
			   (left_us - joined_us) / 1000, BY_INTENT);
}

/* ---- levels ---- */

static int by_time(const void *a, const void *b)
{
	const struct level_change *x = a, *y = b;

	if (x->place != y->place)
		return x->place - y->place;
	return (x->t_us > y->t_us) - (x->t_us < y->t_us);
}

static void book_level(struct truth_measures *m, int place, int level, int64_t from_us,
		       int64_t to_us)
{
	while (level > 0 && from_us < to_us) {
		int64_t end_us = from_us - from_us % CLOCK_MINUTE_US + CLOCK_MINUTE_US;

		if (end_us > to_us)
			end_us = to_us;
		truth_book(m, from_us, place, "queue_level", NULL, level, BY_RULE);
		m->row.v[m->row.n - 1].value = (end_us - from_us) / 1000;
		from_us = end_us;
	}
}

void truth_queue_levels(struct truth_measures *m)
{
	int level = 0;

	if (m->level.n)
		qsort(m->level.v, m->level.n, sizeof(*m->level.v), by_time);
	for (size_t i = 0; i < m->level.n; i++) {
		const struct level_change *c = &m->level.v[i];

		level += c->delta;
		if (i + 1 < m->level.n && c[1].place == c->place)
			book_level(m, c->place, level, c->t_us, c[1].t_us);
		else
			level = 0;
	}
}
