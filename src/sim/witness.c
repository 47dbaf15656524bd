/* SPDX-License-Identifier: Apache-2.0 */
/* witness.c -- what a tracker makes of a crowd, without pictures. */
#include "sim/witness.h"

#include "base/clock.h"
#include "base/real.h"
#include "base/rng.h"
#include "base/vec.h"

#include <math.h>
#include <stdlib.h>

#define BODY_M 0.5
#define PARTNERS 8 /* whom one is near at a time, as far as swaps go */
#define GHOST_S 3.0
#define GHOST_SD_M 0.1
/* Streams of random numbers beside those of the persons, who have their ids. */
#define STREAM_GHOSTS 0
#define SALT UINT64_C(0x7769746e657373) /* so that no other part draws the same numbers */

struct person {
	int64_t id, track;
	struct rng rng;
	struct pt_m at;
	double off_x, off_y; /* error of the position, in standard deviations */
	int64_t from_us;     /* not seen before */
	bool missed, close;
	int64_t partner[2][PARTNERS]; /* ids above his own; of the step before, of this one */
	int n_partner[2];
};

struct ghost {
	int64_t track, until_us;
	struct pt_m at;
};

struct witness {
	const struct scene *scene;
	uint64_t seed;
	bool renumber;
	int64_t last_track;
	int64_t t_us;                /* of the step before; CLOCK_NONE: none yet */
	int now;                     /* which of partner[] is this step's */
	VEC(struct person *) person; /* by id */
	VEC(struct person *) by_x;
	VEC(struct person *) spare;
	VEC(struct ghost) ghost;
	int64_t ghost_us; /* when the next one comes */
	struct rng rng;   /* of the ghosts */
	VEC(struct sighting) sighting;
};

struct witness *witness_new(const struct scene *s, uint64_t seed)
{
	const struct scene_tracks *o = &s->tracks;
	struct witness *w = xcalloc(1, sizeof(*w));

	w->scene = s;
	w->seed = rng_hash(seed, SALT);
	w->renumber = o->break_min > 0 || o->swap > 0 || o->ghosts_h > 0;
	w->t_us = w->ghost_us = CLOCK_NONE;
	rng_init(&w->rng, w->seed, STREAM_GHOSTS);
	return w;
}

void witness_free(struct witness *w)
{
	if (!w)
		return;
	for (size_t i = 0; i < w->person.n; i++)
		free(w->person.v[i]);
	for (size_t i = 0; i < w->spare.n; i++)
		free(w->spare.v[i]);
	VEC_FREE(&w->person);
	VEC_FREE(&w->by_x);
	VEC_FREE(&w->spare);
	VEC_FREE(&w->ghost);
	VEC_FREE(&w->sighting);
	free(w);
}

/* Chance that what happens rate times a second happens within dt_s. */
static double within(double rate, double dt_s)
{
	return rate > 0 ? 1 - real_exp(-rate * dt_s) : 0;
}

/* ---- who is there ---- */

static struct person *person_new(struct witness *w, const struct actor *a, int64_t t_us)
{
	const struct scene_tracks *o = &w->scene->tracks;
	struct person *p = w->spare.n ? w->spare.v[--w->spare.n] : xmalloc(sizeof(*p));
	double late_s;

	*p = (struct person){ .id = a->who.id };
	rng_init(&p->rng, rng_hash(w->seed, (uint64_t)p->id), (uint64_t)p->id);
	p->off_x = rng_normal(&p->rng);
	p->off_y = rng_normal(&p->rng);
	p->missed = rng_chance(&p->rng, o->miss);
	late_s = rng_between(&p->rng, 0.5, 1.5) * o->late_s;
	p->from_us = t_us + (int64_t)(late_s * 1e6);
	p->track = w->renumber ? ++w->last_track : p->id;
	return p;
}

/* Drops those who are not among the actors; both are ordered by id. */
static void drop_gone(struct witness *w, const struct actor *actors, int n)
{
	size_t kept = 0, n_gone = 0;
	int k = 0;

	for (size_t i = 0; i < w->person.n; i++) {
		struct person *p = w->person.v[i];

		while (k < n && actors[k].who.id < p->id)
			k++;
		if (k < n && actors[k].who.id == p->id) {
			w->person.v[kept++] = p;
		} else {
			p->id = 0;
			*VEC_PUSH(&w->spare) = p;
			n_gone++;
		}
	}
	w->person.n = kept;
	if (!n_gone)
		return;
	kept = 0;
	for (size_t i = 0; i < w->by_x.n; i++)
		if (w->by_x.v[i]->id)
			w->by_x.v[kept++] = w->by_x.v[i];
	w->by_x.n = kept;
}

/* Afterwards person i is actor i. */
static void meet(struct witness *w, int64_t t_us, const struct actor *actors, int n)
{
	drop_gone(w, actors, n);
	for (int i = 0; i < n; i++) {
		size_t at = (size_t)i;

		if (at == w->person.n || w->person.v[at]->id != actors[i].who.id) {
			struct person *p = person_new(w, &actors[i], t_us);

			VEC_PUSH(&w->person);
			for (size_t k = w->person.n - 1; k > at; k--)
				w->person.v[k] = w->person.v[k - 1];
			w->person.v[at] = p;
			*VEC_PUSH(&w->by_x) = p;
		}
		w->person.v[at]->at = actors[i].at;
	}
}

/* ---- who is near whom ---- */

/* Nearly sorted from the step before. */
static void sort_by_x(struct witness *w)
{
	for (size_t i = 1; i < w->by_x.n; i++) {
		struct person *p = w->by_x.v[i];
		size_t k = i;

		for (; k > 0 && w->by_x.v[k - 1]->at.x > p->at.x; k--)
			w->by_x.v[k] = w->by_x.v[k - 1];
		w->by_x.v[k] = p;
	}
}

static bool was_partner(const struct person *p, int before, int64_t id)
{
	for (int i = 0; i < p->n_partner[before]; i++)
		if (p->partner[before][i] == id)
			return true;
	return false;
}

/* Whether this meeting makes the two swap: depends on who and when only. */
static bool swaps(const struct witness *w, int64_t t_us, int64_t a, int64_t b)
{
	uint64_t h =
		rng_hash(rng_hash(rng_hash(w->seed, (uint64_t)a), (uint64_t)b), (uint64_t)t_us);

	return (double)(h >> 11) * 0x1p-53 < w->scene->tracks.swap;
}

static void meet_pair(struct witness *w, int64_t t_us, struct person *a, struct person *b,
		      double distance)
{
	bool near = distance <= WITNESS_SWAP_M, was;
	int now = w->now;

	if (distance <= WITNESS_CLOSE_M)
		a->close = b->close = true;
	if (a->id > b->id) {
		struct person *c = a;

		a = b;
		b = c;
	}
	was = was_partner(a, !now, b->id);
	if ((!near && !was) || a->n_partner[now] == PARTNERS)
		return;
	a->partner[now][a->n_partner[now]++] = b->id;
	if (!was && swaps(w, t_us, a->id, b->id)) {
		int64_t track = a->track;

		a->track = b->track;
		b->track = track;
	}
}

static void find_pairs(struct witness *w, int64_t t_us)
{
	const struct scene_tracks *o = &w->scene->tracks;

	if (!(o->miss > 0 || o->swap > 0))
		return;
	sort_by_x(w);
	w->now = !w->now;
	for (size_t i = 0; i < w->by_x.n; i++) {
		w->by_x.v[i]->close = false;
		w->by_x.v[i]->n_partner[w->now] = 0;
	}
	for (size_t i = 0; i < w->by_x.n; i++) {
		struct person *a = w->by_x.v[i];

		for (size_t k = i + 1; k < w->by_x.n; k++) {
			struct person *b = w->by_x.v[k];
			double dx = b->at.x - a->at.x, dy = b->at.y - a->at.y;

			if (dx > WITNESS_APART_M)
				break;
			if (dx * dx + dy * dy <= WITNESS_APART_M * WITNESS_APART_M)
				meet_pair(w, t_us, a, b, sqrt(dx * dx + dy * dy));
		}
	}
}

/* ---- what is seen ---- */

/* What all persons' chances in one step have in common. */
struct step {
	int64_t t_us;
	double keep, fresh;   /* of the error: keep^2 + fresh^2 = 1 */
	double end, begin[2]; /* of a run of misses: its end; its beginning, alone and close */
	double breaks;
};

static struct step step_of(const struct witness *w, int64_t t_us)
{
	const struct scene_tracks *o = &w->scene->tracks;
	double dt_s = w->t_us == CLOCK_NONE ? 0 : (double)(t_us - w->t_us) / 1e6;
	struct step s = { .t_us = t_us };

	s.keep = o->corr_s > 0 ? real_exp(-dt_s / o->corr_s) : 0;
	s.fresh = sqrt(1 - s.keep * s.keep);
	s.end = o->miss >= 1 ? 0 : o->miss_s > 0 ? within(1 / o->miss_s, dt_s) : 1 - o->miss;
	for (int close = 0; close < 2; close++) {
		double odds = o->miss < 1 ? o->miss / (1 - o->miss) : 0;

		s.begin[close] = s.end * odds * (close ? WITNESS_CLOSE_TIMES : 1);
	}
	s.breaks = within(o->break_min / 60, dt_s);
	return s;
}

static void person_step(struct witness *w, struct person *p, const struct step *s)
{
	const struct scene_tracks *o = &w->scene->tracks;

	if (o->sd_m > 0) {
		p->off_x = s->keep * p->off_x + s->fresh * rng_normal(&p->rng);
		p->off_y = s->keep * p->off_y + s->fresh * rng_normal(&p->rng);
	}
	if (o->miss > 0)
		p->missed = p->missed ? !rng_chance(&p->rng, s->end)
				      : rng_chance(&p->rng, s->begin[p->close]);
	if (s->breaks > 0 && rng_chance(&p->rng, s->breaks))
		p->track = ++w->last_track;
	if (p->missed || s->t_us < p->from_us)
		return;
	*VEC_PUSH(&w->sighting) = (struct sighting){ .track = p->track,
						     .t_us = s->t_us,
						     .at = { p->at.x + o->sd_m * p->off_x,
							     p->at.y + o->sd_m * p->off_y },
						     .body = BODY_M };
}

static void ghosts_step(struct witness *w, int64_t t_us)
{
	const struct scene_floor *f = &w->scene->floor;
	double every_s = 3600 / w->scene->tracks.ghosts_h;
	size_t kept = 0;

	if (w->ghost_us == CLOCK_NONE)
		w->ghost_us = t_us + (int64_t)(rng_exponential(&w->rng, every_s) * 1e6);
	while (w->ghost_us <= t_us) {
		struct ghost *g = VEC_PUSH(&w->ghost);

		g->track = ++w->last_track;
		g->until_us = w->ghost_us + (int64_t)(rng_exponential(&w->rng, GHOST_S) * 1e6);
		g->at.x = rng_between(&w->rng, f->from.x, f->to.x);
		g->at.y = rng_between(&w->rng, f->from.y, f->to.y);
		w->ghost_us += (int64_t)(rng_exponential(&w->rng, every_s) * 1e6) + 1;
		/* Each is seen once at least. */
		if (g->until_us < t_us)
			g->until_us = t_us;
	}
	for (size_t i = 0; i < w->ghost.n; i++) {
		struct ghost *g = &w->ghost.v[i];

		if (g->until_us < t_us)
			continue;
		*VEC_PUSH(&w->sighting) =
			(struct sighting){ .track = g->track,
					   .t_us = t_us,
					   .at = { g->at.x + GHOST_SD_M * rng_normal(&w->rng),
						   g->at.y + GHOST_SD_M * rng_normal(&w->rng) },
					   .body = BODY_M };
		w->ghost.v[kept++] = *g;
	}
	w->ghost.n = kept;
}

/* By track: nearly sorted, unless numbers were swapped. */
static void sort_sightings(struct witness *w)
{
	for (size_t i = 1; i < w->sighting.n; i++) {
		struct sighting s = w->sighting.v[i];
		size_t k = i;

		for (; k > 0 && w->sighting.v[k - 1].track > s.track; k--)
			w->sighting.v[k] = w->sighting.v[k - 1];
		w->sighting.v[k] = s;
	}
}

int witness_step(struct witness *w, int64_t t_us, const struct actor *actors, int n,
		 const struct sighting **who)
{
	struct step s = step_of(w, t_us);

	w->sighting.n = 0;
	meet(w, t_us, actors, n);
	find_pairs(w, t_us);
	for (size_t i = 0; i < w->person.n; i++)
		person_step(w, w->person.v[i], &s);
	if (w->scene->tracks.ghosts_h > 0)
		ghosts_step(w, t_us);
	sort_sightings(w);
	w->t_us = t_us;
	*who = w->sighting.v;
	return (int)w->sighting.n;
}
