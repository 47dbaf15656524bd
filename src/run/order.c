/* SPDX-License-Identifier: Apache-2.0 */
/* order.c -- a ring of frames that wait for late sightings. */
#include "run/order.h"

#include "base/vec.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct slot {
	int64_t t_us, dur_us;
	VEC(struct sighting) who;
	VEC(int) cell;
};

struct order {
	int64_t late_us;
	struct slot *ring; /* cap of them, n in use from head on */
	size_t cap, head, n;
	bool shown; /* the head was handed out by the last order_next() */
};

struct order *order_new(double late_s)
{
	struct order *o = xcalloc(1, sizeof(*o));

	o->late_us = (int64_t)(late_s * 1e6);
	o->cap = 32;
	o->ring = xcalloc(o->cap, sizeof(*o->ring));
	return o;
}

void order_free(struct order *o)
{
	if (!o)
		return;
	for (size_t i = 0; i < o->cap; i++) {
		VEC_FREE(&o->ring[i].who);
		VEC_FREE(&o->ring[i].cell);
	}
	free(o->ring);
	free(o);
}

static struct slot *at(struct order *o, size_t i)
{
	return &o->ring[(o->head + i) % o->cap];
}

static void forget_shown(struct order *o)
{
	if (!o->shown)
		return;
	o->head = (o->head + 1) % o->cap;
	o->n--;
	o->shown = false;
}

static void grow(struct order *o)
{
	struct slot *ring = xcalloc(o->cap * 2, sizeof(*ring));

	for (size_t i = 0; i < o->cap; i++)
		ring[i] = *at(o, i);
	free(o->ring);
	o->ring = ring;
	o->cap *= 2;
	o->head = 0;
}

void order_frame(struct order *o, int64_t t_us, int64_t dur_us)
{
	struct slot *s;

	forget_shown(o);
	assert(!o->n || at(o, o->n - 1)->t_us < t_us);
	if (o->n == o->cap)
		grow(o);
	s = at(o, o->n++);
	s->t_us = t_us;
	s->dur_us = dur_us;
	s->who.n = s->cell.n = 0;
}

bool order_sighting(struct order *o, const struct sighting *s, int heat_cell)
{
	size_t lo = 0, hi;

	forget_shown(o);
	hi = o->n;
	while (lo < hi) {
		size_t mid = (lo + hi) / 2;

		if (at(o, mid)->t_us < s->t_us)
			lo = mid + 1;
		else
			hi = mid;
	}
	if (lo == o->n || at(o, lo)->t_us != s->t_us)
		return false;
	*VEC_PUSH(&at(o, lo)->who) = *s;
	*VEC_PUSH(&at(o, lo)->cell) = heat_cell;
	return true;
}

/* By track: few per frame and nearly sorted, so insertion it is. */
static void sort(struct slot *s)
{
	for (size_t i = 1; i < s->who.n; i++) {
		struct sighting who = s->who.v[i];
		int cell = s->cell.v[i];
		size_t k = i;

		for (; k > 0 && s->who.v[k - 1].track > who.track; k--) {
			s->who.v[k] = s->who.v[k - 1];
			s->cell.v[k] = s->cell.v[k - 1];
		}
		s->who.v[k] = who;
		s->cell.v[k] = cell;
	}
}

bool order_next(struct order *o, bool over, struct order_frame *f)
{
	struct slot *s;

	forget_shown(o);
	if (!o->n || (!over && at(o, o->n - 1)->t_us - at(o, 0)->t_us <= o->late_us))
		return false;
	s = at(o, 0);
	sort(s);
	*f = (struct order_frame){ .t_us = s->t_us,
				   .dur_us = s->dur_us,
				   .who = s->who.v,
				   .heat_cell = s->cell.v,
				   .n = (int)s->who.n };
	o->shown = true;
	return true;
}
