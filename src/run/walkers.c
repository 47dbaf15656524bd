/* SPDX-License-Identifier: Apache-2.0 */
/* walkers.c -- people who walk alone and are seen whole. */
#include "run/walkers.h"

#include "base/vec.h"

#include <math.h>
#include <stdlib.h>

#define APART_US 500000 /* between two looks: the same person in another place */
#define TALL_MIN_PX 18
#define SHAPE_MIN .2 /* width to height */
#define SHAPE_MAX .6
#define BORDER_PX 3

struct walkers {
	int64_t next_us;
	VEC(struct person_px) people;
};

struct walkers *walkers_new(void)
{
	struct walkers *w = xcalloc(1, sizeof(*w));

	w->next_us = INT64_MIN;
	return w;
}

void walkers_free(struct walkers *w)
{
	if (w)
		VEC_FREE(&w->people);
	free(w);
}

static bool whole(const struct box_px *b, const struct image *mask)
{
	return b->h >= TALL_MIN_PX && b->w >= SHAPE_MIN * b->h && b->w <= SHAPE_MAX * b->h &&
	       b->x >= BORDER_PX && b->y >= BORDER_PX && b->x + b->w <= mask->w - BORDER_PX &&
	       b->y + b->h <= mask->h - BORDER_PX;
}

static bool alone(const struct camera_out *o, int i)
{
	const struct box_px *a = &o->track[i].at.box;

	for (int k = 0; k < o->n_track; k++) {
		const struct box_px *b = &o->track[k].at.box;

		if (k != i && fabs(a->x + a->w / 2 - b->x - b->w / 2) < (a->w + b->w) * .75 &&
		    fabs(a->y + a->h / 2 - b->y - b->h / 2) < (a->h + b->h) * .6)
			return false;
	}
	return true;
}

void walkers_step(struct walkers *w, int64_t t_us, const struct camera_out *o)
{
	if (t_us < w->next_us)
		return;
	w->next_us = t_us + APART_US;
	for (int i = 0; i < o->n_track && w->people.n < WALKERS_MAX; i++) {
		const struct track *t = &o->track[i];
		const struct box_px *b = &t->at.box;
		double x = (b->x + b->w / 2) * o->factor;

		if (t->confirmed && t->seen && whole(b, o->mask) && alone(o, i))
			*VEC_PUSH(&w->people) =
				(struct person_px){ { x, (b->y + b->h) * o->factor },
						    { x, b->y * o->factor } };
	}
}

const struct person_px *walkers_people(const struct walkers *w, int *n)
{
	*n = (int)w->people.n;
	return w->people.v;
}
