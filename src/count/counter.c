/* SPDX-License-Identifier: Apache-2.0 */
/* counter.c -- frames in, events and minutes out; person.c has what happens between. */
#include "count/person.h"

#include "base/clock.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Times this far from 1970 would leave 64 bits; no calendar has them. */
#define TIME_MAX (INT64_MAX / 4)

static int64_t us(double s)
{
	return llrint(s * 1e6);
}

/* Which of the counter's shapes is place i of the plan. */
static size_t shape_of(const struct shape *v, size_t n, int place)
{
	size_t i = 0;

	while (i < n && v[i].place != place)
		i++;
	assert(i < n);
	return i;
}

/* Gates and queues, whose parts are there. */
static void add_pair(struct counter *c, const struct plan *plan, int i)
{
	const struct place *p = &plan->place[i];
	bool gate = p->kind == PLACE_GATE;
	struct pair *pair = gate ? VEC_PUSH(&c->gate) : VEC_PUSH(&c->queue);
	int part[2];

	plan_parts(plan, p, part);
	pair->place = i;
	for (int k = 0; k < 2; k++)
		pair->part[k] = gate ? shape_of(c->line.v, c->line.n, part[k])
				     : shape_of(c->zone.v, c->zone.n, part[k]);
}

static void add_places(struct counter *c, const struct plan *plan,
		       const struct pt_floor *const *at)
{
	c->engaged_s = xcalloc((size_t)plan->n + 1, sizeof(*c->engaged_s));
	for (int i = 0; i < plan->n; i++) {
		const struct place *p = &plan->place[i];

		if (!at[i])
			continue;
		if (p->kind == PLACE_ZONE)
			c->engaged_s[c->zone.n] = p->engaged_s;
		if (p->kind == PLACE_LINE)
			*VEC_PUSH(&c->line) = shape_copy(i, p->role, p->n, at[i]);
		else if (p->kind == PLACE_ZONE)
			*VEC_PUSH(&c->zone) = shape_copy(i, p->role, p->n, at[i]);
		else if (p->kind == PLACE_FIXTURE)
			*VEC_PUSH(&c->fixture) = shape_copy(i, 0, p->n, at[i]);
	}
	for (int i = 0; i < plan->n; i++)
		if (at[i] &&
		    (plan->place[i].kind == PLACE_GATE || plan->place[i].kind == PLACE_QUEUE))
			add_pair(c, plan, i);
	c->inside = xcalloc(c->zone.n + 1, sizeof(*c->inside));
}

struct counter *counter_new(const struct count_opts *o, int camera, const struct plan *plan,
			    const struct pt_floor *const *at, bool metric)
{
	struct counter *c = xcalloc(1, sizeof(*c));

	assert(o->hysteresis_m >= 0 && o->hysteresis_body >= 0);
	assert(o->uturn_s >= 0 && o->gap_s > 0 && o->max_frame_s >= 0);
	c->o = *o;
	c->uturn_us = us(o->uturn_s);
	c->gap_us = us(o->gap_s);
	c->max_frame_us = us(o->max_frame_s);
	c->staff_us = us(o->staff_h * 3600);
	c->camera = camera;
	c->metric = metric;
	c->t_us = CLOCK_NONE;
	add_places(c, plan, at);
	bucket_init(&c->bucket, plan);
	return c;
}

static void person_free(struct person *p)
{
	free(p->line);
	free(p->zone);
	free(p->funnel);
	free(p->gate);
	free(p->waiting);
	free(p->near_line.v);
	free(p->near_zone.v);
	VEC_FREE(&p->deed);
	free(p);
}

void counter_free(struct counter *c)
{
	if (!c)
		return;
	for (size_t i = 0; i < c->line.n; i++)
		shape_clear(&c->line.v[i]);
	for (size_t i = 0; i < c->zone.n; i++)
		shape_clear(&c->zone.v[i]);
	for (size_t i = 0; i < c->fixture.n; i++)
		shape_clear(&c->fixture.v[i]);
	for (size_t i = 0; i < c->person.n; i++)
		person_free(c->person.v[i]);
	for (size_t i = 0; i < c->spare.n; i++)
		person_free(c->spare.v[i]);
	VEC_FREE(&c->line);
	VEC_FREE(&c->zone);
	VEC_FREE(&c->fixture);
	VEC_FREE(&c->gate);
	VEC_FREE(&c->queue);
	VEC_FREE(&c->person);
	VEC_FREE(&c->spare);
	VEC_FREE(&c->cell);
	VEC_FREE(&c->stood);
	VEC_FREE(&c->event);
	VEC_FREE(&c->why);
	VEC_FREE(&c->settled);
	VEC_FREE(&c->arrival);
	free(c->engaged_s);
	free(c->inside);
	groups_clear(&c->groups);
	bucket_clear(&c->bucket);
	heat_clear(&c->heat);
	cells_clear(&c->cells);
	free(c);
}

/* A person who has done nothing yet, with memory of his own. */
static struct person *person_new(const struct counter *c)
{
	struct person *p = xcalloc(1, sizeof(*p));

	p->line = xcalloc(c->line.n + 1, sizeof(*p->line));
	p->zone = xcalloc(c->zone.n + 1, sizeof(*p->zone));
	p->funnel = xcalloc(c->zone.n + 1, sizeof(*p->funnel));
	p->gate = xcalloc(c->gate.n + 1, sizeof(*p->gate));
	p->waiting = xcalloc(c->queue.n + 1, sizeof(*p->waiting));
	p->near_line.v = xcalloc(c->line.n + 1, sizeof(*p->near_line.v));
	p->near_zone.v = xcalloc(c->zone.n + 1, sizeof(*p->near_zone.v));
	return p;
}

/* The same with the memory of somebody who is gone. */
static struct person *person_again(const struct counter *c, struct person *p)
{
	struct person fresh = { .line = p->line,
				.zone = p->zone,
				.funnel = p->funnel,
				.gate = p->gate,
				.waiting = p->waiting,
				.near_line = { .v = p->near_line.v },
				.near_zone = { .v = p->near_zone.v } };

	memset(p->line, 0, c->line.n * sizeof(*p->line));
	memset(p->zone, 0, c->zone.n * sizeof(*p->zone));
	memset(p->funnel, 0, c->zone.n * sizeof(*p->funnel));
	memset(p->gate, 0, c->gate.n * sizeof(*p->gate));
	memset(p->waiting, 0, c->queue.n * sizeof(*p->waiting));
	fresh.deed.v = p->deed.v;
	fresh.deed.cap = p->deed.cap;
	*p = fresh;
	return p;
}

/* Where the person of a track is, or would be. */
static size_t person_index(const struct counter *c, int64_t track)
{
	size_t lo = 0, hi = c->person.n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (c->person.v[mid]->track < track)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

/* The person of a track, made when there is none: then its last_us is CLOCK_NONE. *next: where
 * he is, if all of the frame are seen again, and where the one after him is. */
static struct person *person_of(struct counter *c, int64_t track, size_t *next)
{
	size_t i = *next;
	struct person *p;

	if (i >= c->person.n || c->person.v[i]->track != track)
		i = person_index(c, track);
	*next = i + 1;
	if (i < c->person.n && c->person.v[i]->track == track)
		return c->person.v[i];
	p = c->spare.n > 0 ? person_again(c, c->spare.v[--c->spare.n]) : person_new(c);
	p->track = track;
	p->last_us = CLOCK_NONE;
	VEC_PUSH(&c->person);
	memmove(&c->person.v[i + 1], &c->person.v[i],
		(c->person.n - 1 - i) * sizeof(struct person *));
	c->person.v[i] = p;
	return p;
}

/* Whether he cannot have come from where he was seen last. */
static bool jumps(const struct counter *c, const struct person *p, const struct sighting *s)
{
	double dx = s->at.x - p->at.x, dy = s->at.y - p->at.y;
	double metre = person_metre(c, s), least = COUNT_JUMP_M * metre, dt_s;

	if (dx * dx + dy * dy <= least * least)
		return false;
	dt_s = (double)(s->t_us - p->last_us) / 1e6;
	return sqrt(dx * dx + dy * dy) > (COUNT_JUMP_M + COUNT_JUMP_M_S * dt_s) * metre;
}

static void step(struct counter *c, const struct sighting *s, size_t *next)
{
	struct person *p = person_of(c, s->track, next);

	if (p->last_us != CLOCK_NONE && jumps(c, p, s)) {
		person_end(c, p);
		person_again(c, p);
		p->track = s->track;
		p->last_us = CLOCK_NONE;
	}
	person_step(c, p, s);
}

/* Those not seen since last_us or longer are gone. */
static void end_unseen(struct counter *c, int64_t last_us)
{
	size_t kept = 0;

	for (size_t i = 0; i < c->person.n; i++)
		if (c->person.v[i]->last_us <= last_us)
			person_end(c, c->person.v[i]);
	for (size_t i = 0; i < c->person.n; i++) {
		struct person *p = c->person.v[i];

		if (p->last_us > last_us) {
			c->person.v[kept++] = p;
		} else {
			c->gone[c->n_gone++ % GONE] = (struct gone){ p->track, p->at };
			*VEC_PUSH(&c->spare) = p;
		}
	}
	c->person.n = kept;
}

/* Whoever came in joins those near him, who are where they are in this frame. */
static void join_groups(struct counter *c)
{
	for (size_t i = 0; i < c->groups.member.n && c->arrival.n > 0; i++) {
		struct group_member *m = &c->groups.member.v[i];
		size_t k = person_index(c, m->track);

		if (k < c->person.n && c->person.v[k]->track == m->track)
			m->at = c->person.v[k]->at;
	}
	for (size_t i = 0; i < c->arrival.n; i++)
		groups_enter(&c->groups, &c->arrival.v[i]);
	c->arrival.n = 0;
}

/* Parties that are complete at now_us. */
static void end_groups(struct counter *c, int64_t now_us)
{
	struct group g;

	while (groups_take(&c->groups, now_us, &g))
		bucket_value(&c->bucket, c->line.v[g.line].place, MEASURE_GROUPS, g.n, g.t_us,
			     1);
}

/* The frame before stands for the time from its own to to_us. */
static void observe(struct counter *c, int64_t to_us)
{
	int64_t from_us = c->t_us;

	while (from_us < to_us) {
		int64_t start_us = bucket_minute(from_us);
		int64_t end_us = start_us + CLOCK_MINUTE_US;

		if (end_us > to_us)
			end_us = to_us;
		bucket_observe(&c->bucket, from_us, end_us);
		for (size_t i = 0; i < c->cell.n; i++)
			heat_add(&c->heat, start_us, c->cell.v[i], end_us - from_us);
		for (size_t i = 0; i < c->stood.n; i++) {
			int16_t x, y;

			if (cells_of(c->stood.v[i], &x, &y))
				cells_add(&c->cells, start_us, x, y, end_us - from_us, 0);
		}
		from_us = end_us;
	}
}

/* Until when the frame before was what there was to see, when the next is at t_us. */
static int64_t observed_until(const struct counter *c, int64_t t_us)
{
	int64_t dt_us = t_us - c->t_us;

	return dt_us <= c->max_frame_us || dt_us <= 2 * c->dur_us ? t_us : c->t_us + c->dur_us;
}

static void remember_frame(struct counter *c, int64_t t_us, int64_t dur_us,
			   const struct sighting *who, const int *heat_cell, int n)
{
	c->t_us = t_us;
	c->dur_us = dur_us < 1 ? 1 : dur_us > CLOCK_MINUTE_US ? CLOCK_MINUTE_US : dur_us;
	c->cell.n = c->stood.n = 0;
	for (int i = 0; i < n; i++) {
		if (heat_cell[i] >= 0)
			*VEC_PUSH(&c->cell) = heat_cell[i];
		if (c->metric)
			*VEC_PUSH(&c->stood) = who[i].at;
	}
}

static int by_time(const void *a, const void *b)
{
	const struct event *x = a, *y = b;

	if (x->t_us != y->t_us)
		return x->t_us < y->t_us ? -1 : 1;
	if (x->person != y->person)
		return x->person < y->person ? -1 : 1;
	if (x->place != y->place)
		return x->place < y->place ? -1 : 1;
	return (int)x->kind - (int)y->kind;
}

/* Hands out the events of this call and the minutes that start before before_us. */
static void take(struct counter *c, int64_t before_us, struct count_out *out)
{
	struct bucket *b = &c->bucket;

	VEC_SORT(&c->event, by_time);
	bucket_take(b, c->camera, before_us);
	heat_take(&c->heat, c->camera, before_us);
	cells_take(&c->cells, c->camera, before_us);
	*out = (struct count_out){
		.event = c->event.v,
		.n_event = (int)c->event.n,
		.cover = b->cover_out.v,
		.n_cover = (int)b->cover_out.n,
		.line = b->line_out.v,
		.n_line = (int)b->line_out.n,
		.zone = b->zone_out.v,
		.n_zone = (int)b->zone_out.n,
		.heat = c->heat.out.v,
		.n_heat = (int)c->heat.out.n,
		.why = c->why.v,
		.n_why = (int)c->why.n,
		.floor = c->cells.out.v,
		.n_floor = (int)c->cells.out.n,
		.value = b->value_out.v,
		.n_value = (int)b->value_out.n,
	};
}

int counter_step(struct counter *c, int64_t t_us, int64_t dur_us, const struct sighting *who,
		 const int *heat_cell, int n, struct count_out *out)
{
	size_t next = 0;

	if (c->ended || t_us <= c->t_us || t_us < -TIME_MAX || t_us > TIME_MAX)
		return ERR_STATE;
	c->event.n = c->why.n = 0;
	if (c->t_us != CLOCK_NONE)
		observe(c, observed_until(c, t_us));
	end_unseen(c, t_us - c->gap_us);
	for (size_t i = 0; i < c->person.n; i++)
		person_due(c, c->person.v[i], t_us);
	end_groups(c, t_us);
	for (int i = 0; i < n; i++) {
		assert(who[i].t_us == t_us && (i == 0 || who[i].track > who[i - 1].track));
		step(c, &who[i], &next);
	}
	join_groups(c);
	remember_frame(c, t_us, dur_us, who, heat_cell, n);
	/* Whoever was not seen for the gap is gone, whatever ended longer ago is over: nothing
	 * can happen any more in a minute that ended a gap ago. */
	take(c, bucket_minute(t_us - c->gap_us), out);
	return 0;
}

void counter_end(struct counter *c, struct count_out *out)
{
	c->event.n = c->why.n = 0;
	if (c->t_us != CLOCK_NONE && !c->ended)
		observe(c, c->t_us + c->dur_us);
	c->ended = true;
	end_unseen(c, TIME_MAX);
	join_groups(c);
	end_groups(c, TIME_MAX);
	take(c, INT64_MAX, out);
}
