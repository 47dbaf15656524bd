/* SPDX-License-Identifier: Apache-2.0 */
/* indoors.c -- the street floods in from its portals and stops at walls and doors. */
#include "sim/indoors.h"

#include "base/vec.h"
#include "sim/plane.h"

#include <math.h>
#include <stdlib.h>

#define CELL_M 0.1
#define CELLS_MAX 1024 /* each way */
#define THICK_M 0.15   /* half of a wall, so that gaps are closed */
#define PORTAL_STEPS 64
#define NEAR_CELLS 4 /* from a wall's cell to one that is none */

enum { DRY, WALL, STREET };

struct indoors {
	const struct scene *s;
	struct pt_m from;
	double cell;
	int w, h;
	uint8_t *at; /* w x h */
};

static int cell_of(const struct indoors *in, struct pt_m p)
{
	int x = (int)floor((p.x - in->from.x) / in->cell);
	int y = (int)floor((p.y - in->from.y) / in->cell);

	/* The far edge belongs to the floor. */
	x -= x == in->w;
	y -= y == in->h;
	return x >= 0 && y >= 0 && x < in->w && y < in->h ? y * in->w + x : -1;
}

static struct pt_m middle(const struct indoors *in, int x, int y)
{
	return (struct pt_m){ in->from.x + (x + 0.5) * in->cell,
			      in->from.y + (y + 0.5) * in->cell };
}

static int clamp(double v, int n)
{
	return v < 0 ? 0 : v > n - 1 ? n - 1 : (int)v;
}

static void build(struct indoors *in, struct pt_m a, struct pt_m b)
{
	double thick = fmax(THICK_M, 0.6 * in->cell);
	int x0 = clamp((fmin(a.x, b.x) - thick - in->from.x) / in->cell, in->w);
	int x1 = clamp((fmax(a.x, b.x) + thick - in->from.x) / in->cell, in->w);
	int y0 = clamp((fmin(a.y, b.y) - thick - in->from.y) / in->cell, in->h);
	int y1 = clamp((fmax(a.y, b.y) + thick - in->from.y) / in->cell, in->h);

	for (int y = y0; y <= y1; y++)
		for (int x = x0; x <= x1; x++)
			if (plane_distance(a, b, middle(in, x, y)) <= thick)
				in->at[y * in->w + x] = WALL;
}

struct flood {
	struct indoors *in;
	VEC(int) cell;
};

static void wet(struct flood *f, int cell)
{
	if (f->in->at[cell] != DRY)
		return;
	f->in->at[cell] = STREET;
	*VEC_PUSH(&f->cell) = cell;
}

static void run(struct flood *f)
{
	const struct indoors *in = f->in;

	while (f->cell.n) {
		int cell = f->cell.v[--f->cell.n], x = cell % in->w, y = cell / in->w;

		if (x > 0)
			wet(f, cell - 1);
		if (x < in->w - 1)
			wet(f, cell + 1);
		if (y > 0)
			wet(f, cell - in->w);
		if (y < in->h - 1)
			wet(f, cell + in->w);
	}
}

static void flood(struct indoors *in, const struct scene *s)
{
	struct flood f = { .in = in };

	for (int i = 0; i < s->n_portals; i++) {
		const struct scene_portal *p = &s->portal[i];

		for (int k = 0; p->kind == PORTAL_STREET && k <= PORTAL_STEPS; k++) {
			int cell = cell_of(in, plane_between(p->at[0], p->at[1],
							     (double)k / PORTAL_STEPS));

			if (cell >= 0)
				wet(&f, cell);
		}
	}
	run(&f);
	VEC_FREE(&f.cell);
}

struct indoors *indoors_new(const struct scene *s)
{
	struct indoors *in = xcalloc(1, sizeof(*in));
	double w = s->floor.to.x - s->floor.from.x, h = s->floor.to.y - s->floor.from.y;

	in->s = s;
	in->from = s->floor.from;
	in->cell = fmax(CELL_M, fmax(w, h) / CELLS_MAX);
	in->w = (int)fmax(1, ceil(w / in->cell - 1e-9));
	in->h = (int)fmax(1, ceil(h / in->cell - 1e-9));
	in->at = xcalloc((size_t)in->w * (size_t)in->h, 1);
	if (!s->n_doors)
		return in;
	for (int i = 0; i < s->n_walls; i++)
		for (int k = 1; k < s->walls[i].line.n; k++)
			build(in, s->walls[i].line.at[k - 1], s->walls[i].line.at[k]);
	for (int i = 0; i < s->n_doors; i++)
		build(in, s->door[i].at[0], s->door[i].at[1]);
	flood(in, s);
	return in;
}

void indoors_free(struct indoors *in)
{
	if (!in)
		return;
	free(in->at);
	free(in);
}

/* Whether a wall or a door stands between. */
static bool parted(const struct scene *s, struct pt_m a, struct pt_m b)
{
	for (int i = 0; i < s->n_walls; i++)
		for (int k = 1; k < s->walls[i].line.n; k++)
			if (plane_meet(s->walls[i].line.at[k - 1], s->walls[i].line.at[k], a,
				       b))
				return true;
	for (int i = 0; i < s->n_doors; i++)
		if (plane_meet(s->door[i].at[0], s->door[i].at[1], a, b))
			return true;
	return false;
}

/* Of a point so near a wall that its cell is the wall's: what lies around it on its side. */
static bool beside_wall(const struct indoors *in, struct pt_m p)
{
	for (int y = -NEAR_CELLS; y <= NEAR_CELLS; y++) {
		for (int x = -NEAR_CELLS; x <= NEAR_CELLS; x++) {
			struct pt_m q = { p.x + x * in->cell, p.y + y * in->cell };
			int cell = cell_of(in, q);

			if (cell >= 0 && in->at[cell] != WALL && !parted(in->s, p, q))
				return in->at[cell] != STREET;
		}
	}
	return true;
}

bool indoors_at(const struct indoors *in, struct pt_m p)
{
	int cell = cell_of(in, p);

	if (cell < 0)
		return false;
	return in->at[cell] == WALL ? beside_wall(in, p) : in->at[cell] != STREET;
}
