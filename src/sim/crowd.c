/* SPDX-License-Identifier: Apache-2.0 */
/* crowd.c -- the people of a simulated store, tick by tick. */
#include "sim/crowd_person.h"

#include "base/real.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

enum { STREAM_SHOPPERS = 1, STREAM_PASSERS, STREAM_STAFF };

struct crowd *crowd_new(const struct scene *scene, uint64_t seed)
{
	struct crowd *c = xcalloc(1, sizeof(*c));

	c->scene = scene;
	c->seed = seed;
	c->ways = ways_new(scene);
	ways_at_time(c->ways, 0);
	rng_init(&c->shoppers, seed, STREAM_SHOPPERS);
	rng_init(&c->passers, seed, STREAM_PASSERS);
	rng_init(&c->staff, seed, STREAM_STAFF);
	plan_places(c);
	return c;
}

void crowd_free(struct crowd *c)
{
	if (!c)
		return;
	for (size_t i = 0; i < c->person.n; i++)
		VEC_FREE(&c->person.v[i].task);
	VEC_FREE(&c->person);
	VEC_FREE(&c->spot);
	VEC_FREE(&c->out);
	VEC_FREE(&c->before);
	for (int i = 0; i < SCENE_MAX; i++) {
		VEC_FREE(&c->till[i].who);
		VEC_FREE(&c->till[i].place);
	}
	free(c->cell_first);
	free(c->cell_next);
	ways_free(c->ways);
	free(c);
}

bool crowd_walkable(const struct crowd *c, struct pt_m p)
{
	return ways_free_at(c->ways, p);
}

static void remove_gone(struct crowd *c)
{
	size_t kept = 0;

	for (size_t i = 0; i < c->person.n; i++) {
		struct person *p = &c->person.v[i];

		if (p->over) {
			VEC_FREE(&p->task);
			continue;
		}
		if (kept < i)
			c->person.v[kept] = *p;
		kept++;
	}
	c->person.n = kept;
}

/* Who ends in a tick is seen in it for the last time. */
static void tick(struct crowd *c)
{
	size_t there;

	c->t_us = c->started ? c->t_us + CROWD_TICK_US : c->scene->start_us;
	c->started = true;
	remove_gone(c);
	if (ways_at_time(c->ways, (double)(c->t_us - c->scene->start_us) / 1e6))
		for (size_t i = 0; i < c->person.n; i++)
			c->person.v[i].way = NULL;
	there = c->person.n;
	plan_arrivals(c);
	walk_neighbours(c);
	for (size_t i = 0; i < there; i++)
		do_tick(c, i);
	walk_apart(c);
}

static void tell(struct crowd *c)
{
	c->out.n = 0;
	for (size_t i = 0; i < c->person.n; i++)
		*VEC_PUSH(&c->out) = c->person.v[i].a;
}

int64_t crowd_step(struct crowd *c, const struct actor **actors, int *n)
{
	tick(c);
	tell(c);
	*actors = c->out.v;
	*n = (int)c->out.n;
	return c->t_us;
}

/* ---- between ticks ---- */

static double mix(double a, double b, double part)
{
	return a + (b - a) * part;
}

static struct actor between(const struct actor *a, const struct actor *b, double part)
{
	struct actor m = part < 0.5 ? *a : *b;

	m.at = (struct pt_m){ mix(a->at.x, b->at.x, part), mix(a->at.y, b->at.y, part) };
	m.facing = a->facing + part * angle_towards(0, b->facing - a->facing, REAL_PI);
	m.speed_m_s = mix(a->speed_m_s, b->speed_m_s, part);
	m.walked_m = mix(a->walked_m, b->walked_m, part);
	m.bend = mix(a->bend, b->bend, part);
	m.reach = mix(a->reach, b->reach, part);
	m.sway = mix(a->sway, b->sway, part);
	m.sit = mix(a->sit, b->sit, part);
	return m;
}

void crowd_at(struct crowd *c, int64_t t_us, const struct actor **actors, int *n)
{
	size_t k = 0;
	double part;

	if (!c->asked) {
		c->asked = true;
		tick(c);
		c->before_us = c->t_us;
		for (size_t i = 0; i < c->person.n; i++)
			*VEC_PUSH(&c->before) = c->person.v[i].a;
		tick(c);
	}
	assert(t_us >= c->before_us);
	while (t_us > c->t_us) {
		c->before_us = c->t_us;
		c->before.n = 0;
		for (size_t i = 0; i < c->person.n; i++)
			*VEC_PUSH(&c->before) = c->person.v[i].a;
		tick(c);
	}
	part = (double)(t_us - c->before_us) / CROWD_TICK_US;
	c->out.n = 0;
	for (size_t i = 0; i < c->person.n; i++) {
		const struct actor *b = &c->person.v[i].a;

		while (k < c->before.n && c->before.v[k].who.id < b->who.id)
			k++;
		if (k < c->before.n && c->before.v[k].who.id == b->who.id)
			*VEC_PUSH(&c->out) = between(&c->before.v[k], b, part);
	}
	*actors = c->out.v;
	*n = (int)c->out.n;
}
