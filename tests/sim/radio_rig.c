/* SPDX-License-Identifier: Apache-2.0 */
/* radio_rig.c -- a store with receivers and people who stand where a test puts them. */
#include "radio_rig.h"

#include "base/rng.h"
#include "base/str.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

struct scene *rig_scene(void)
{
	struct scene *s = xcalloc(1, sizeof(*s));

	s->start_us = RIG_START_US;
	s->floor.to = (struct pt_m){ 40, 30 };
	s->radio = (struct scene_radio){ .phones = 1,
					 .p0_dbm = -42,
					 .n = 2.4,
					 .shadow_db = 4,
					 .shadow_m = 4,
					 .fading_db = 3,
					 .device_db = 5,
					 .floor_dbm = -90,
					 .report_s = 10,
					 .join_s = 20,
					 .bursts_min = 0.76 };
	return s;
}

void rig_receiver(struct scene *s, const char *name, double x, double y, double z, bool monitor)
{
	struct scene_receiver *r = &s->receiver[s->n_receivers++];

	str_copy(r->name, sizeof(r->name), name);
	r->at = (struct pt_room){ x, y, z };
	r->monitor = monitor;
}

struct scene *rig_store(void)
{
	struct scene *s = rig_scene();

	s->radio.floor_dbm = -200;
	s->radio.joined = 0.5;
	rig_receiver(s, "ap1", 8, 8, 3, false);
	rig_receiver(s, "by the tills", 32, 22, 3, false);
	rig_receiver(s, "mon1", 20, 15, 3, true);
	rig_receiver(s, "mon2", 5, 25, 3, true);
	return s;
}

void rig_door(struct scene *s)
{
	s->door[s->n_doors++] = (struct scene_door){ .at = { { 10, 10 }, { 10, 12 } } };
	s->walls[s->n_walls++] =
		(struct scene_wall){ .line = { .n = 2, .at = { { 10, 0 }, { 10, 10 } } } };
	s->walls[s->n_walls++] =
		(struct scene_wall){ .line = { .n = 2, .at = { { 10, 12 }, { 10, 30 } } } };
	s->portal[s->n_portals++] =
		(struct scene_portal){ .kind = PORTAL_STREET, .at = { { 0, 0 }, { 5, 0 } } };
}

struct actor rig_actor(int64_t id, double x, double y)
{
	return (struct actor){ .who = { .id = id,
					.kind = PERSON_SHOPPER,
					.body = BODY_ADULT,
					.walker = -1,
					.height_m = 1.7 },
			       .at = { x, y },
			       .doing = DOING_LOOK,
			       .till = -1,
			       .shelf = -1 };
}

struct actor *rig_crowd(int n, uint64_t seed)
{
	struct actor *a = xcalloc((size_t)n, sizeof(*a));
	struct rng rng;

	rng_init(&rng, seed, 0);
	for (int i = 0; i < n; i++) {
		double x = rng_between(&rng, 0, 40), y = rng_between(&rng, 0, 30);

		a[i] = rig_actor(i + 1, x, y);
		a[i].facing = rng_between(&rng, -3.14, 3.14);
	}
	return a;
}

void rig_stand(struct heard *h, struct radio_sim *r, int64_t *t_us, const struct actor *a,
	       int n, double seconds)
{
	int64_t end_us = *t_us + (int64_t)(seconds * 1e6);

	for (; *t_us < end_us; *t_us += CROWD_TICK_US) {
		const struct radio_report *report;
		int k = radio_sim_tick(r, *t_us, a, n, &report);

		for (int i = 0; i < k; i++)
			*VEC_PUSH(&h->report) = report[i];
	}
}

struct heard rig_hear(const struct scene *s, uint64_t seed, const struct actor *a, int n,
		      double seconds)
{
	struct radio_sim *r = radio_sim_new(s, seed);
	int64_t t_us = s->start_us;
	struct heard h = { 0 };

	rig_stand(&h, r, &t_us, a, n, seconds);
	radio_sim_free(r);
	return h;
}

void heard_clear(struct heard *h)
{
	VEC_FREE(&h->report);
}

int heard_by_device(const void *a, const void *b)
{
	const struct radio_report *x = a, *y = b;

	if (x->owner != y->owner)
		return x->owner < y->owner ? -1 : 1;
	if (x->device != y->device)
		return x->device - y->device;
	if (x->true_us != y->true_us)
		return x->true_us < y->true_us ? -1 : 1;
	return x->receiver - y->receiver;
}

void heard_sort(struct heard *h, int receiver)
{
	size_t kept = 0;

	for (size_t i = 0; i < h->report.n; i++)
		if (receiver < 0 || h->report.v[i].receiver == receiver)
			h->report.v[kept++] = h->report.v[i];
	h->report.n = kept;
	if (kept)
		qsort(h->report.v, kept, sizeof(*h->report.v), heard_by_device);
}

bool same_device(const struct radio_report *a, const struct radio_report *b)
{
	return a->owner == b->owner && a->device == b->device;
}

void assert_near(double x, double expected, double within)
{
	if (!(fabs(x - expected) <= within))
		fail_msg("%g is not within %g of %g", x, within, expected);
}

double rig_distance(const struct scene *s, int receiver, const struct actor *a)
{
	const struct pt_room *at = &s->receiver[receiver].at;

	return sqrt(pow(at->x - a->at.x, 2) + pow(at->y - a->at.y, 2) + pow(at->z - 1.1, 2));
}

void moments_add(struct moments *m, double x)
{
	m->n++;
	m->sum += x;
	m->square += x * x;
}

double moments_mean(const struct moments *m)
{
	return m->sum / m->n;
}

double moments_sd(const struct moments *m)
{
	return sqrt((m->square - m->sum * m->sum / m->n) / (m->n - 1));
}
