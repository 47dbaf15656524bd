/* SPDX-License-Identifier: Apache-2.0 */
/* stage_build.c -- the fixed things of a scene as faces: floor, walls with their openings,
 * shelves, tills, ceiling. */
#include "base/real.h"
#include "base/vec.h"
#include "sim/stage.h"

#include <math.h>

#define NEAR_WALL_M 0.3  /* doors and portals this near to a wall's line are in it */
#define FAR_GROUND_M 400 /* beyond, there is nothing */
#define TILL_HIGH_M 0.95
#define CEILING ((struct colour){ 176, 128, 128 })

/* An opening of a wall, from..to metres along a piece of it. */
struct opening {
	double from, to;
	bool closed; /* a door that is shut while nobody uses it */
};

/* Whether the segment p0..p1 lies in the wall a..b, and where. */
static bool opening_in(struct pt_m a, struct pt_m b, const struct pt_m at[2], struct opening *o)
{
	double ex = b.x - a.x, ey = b.y - a.y, len = real_hypot(ex, ey), s[2];

	for (int i = 0; i < 2; i++) {
		double x = at[i].x - a.x, y = at[i].y - a.y;

		s[i] = (x * ex + y * ey) / len;
		if (fabs(x * ey - y * ex) / len > NEAR_WALL_M)
			return false;
	}
	o->from = fmax(0, fmin(s[0], s[1]));
	o->to = fmin(len, fmax(s[0], s[1]));
	return o->to > o->from;
}

static int openings(const struct scene *s, struct pt_m a, struct pt_m b, struct opening *o)
{
	int n = 0;

	for (int i = 0; i < s->n_doors; i++) {
		o[n].closed = false;
		n += opening_in(a, b, s->door[i].at, &o[n]);
	}
	for (int i = 0; i < s->n_portals; i++) {
		o[n].closed = true;
		if (s->portal[i].kind == PORTAL_STAFF)
			n += opening_in(a, b, s->portal[i].at, &o[n]);
	}
	for (int i = 1; i < n; i++)
		for (int k = i; k > 0 && o[k].from < o[k - 1].from; k--) {
			struct opening swap = o[k];

			o[k] = o[k - 1];
			o[k - 1] = swap;
		}
	return n;
}

static struct pt_m along(struct pt_m a, struct pt_m b, double s)
{
	double len = real_hypot(b.x - a.x, b.y - a.y);

	return (struct pt_m){ a.x + (b.x - a.x) * s / len, a.y + (b.y - a.y) * s / len };
}

static void wall_piece(struct faces *f, const struct scene *s, const struct scene_wall *w,
		       struct pt_m a, struct pt_m b, uint64_t seed)
{
	struct opening o[2 * SCENE_MAX + 1];
	enum paint paint = w->glass ? PAINT_GLASS : PAINT_WALL;
	double at = 0, len = real_hypot(b.x - a.x, b.y - a.y);
	int n;

	if (len <= 0)
		return;
	n = openings(s, a, b, o);
	for (int i = 0; i < n; i++) {
		struct pt_m p = along(a, b, o[i].from), q = along(a, b, o[i].to);
		double top = fmin(STAGE_DOOR_M, w->height_m);

		if (o[i].from > at)
			faces_sheet(f, along(a, b, at), p, 0, w->height_m, paint, w->colour,
				    seed);
		if (w->height_m > top)
			faces_sheet(f, p, q, top, w->height_m, PAINT_PLAIN, w->colour, seed);
		if (o[i].closed)
			faces_sheet(f, p, q, 0, top, PAINT_DOOR, w->colour, seed);
		at = fmax(at, o[i].to);
	}
	if (at < len)
		faces_sheet(f, along(a, b, at), b, 0, w->height_m, paint, w->colour, seed);
}

static void rectangle(struct pt_m from, struct pt_m to, struct pt_m corner[4])
{
	double x0 = fmin(from.x, to.x), x1 = fmax(from.x, to.x);
	double y0 = fmin(from.y, to.y), y1 = fmax(from.y, to.y);

	corner[0] = (struct pt_m){ x0, y0 };
	corner[1] = (struct pt_m){ x1, y0 };
	corner[2] = (struct pt_m){ x1, y1 };
	corner[3] = (struct pt_m){ x0, y1 };
}

static void ground(struct faces *f, const struct scene *s)
{
	struct pt_m far[4], in[4];
	struct pt_m a = { s->floor.from.x - FAR_GROUND_M, s->floor.from.y - FAR_GROUND_M };
	struct pt_m b = { s->floor.to.x + FAR_GROUND_M, s->floor.to.y + FAR_GROUND_M };

	rectangle(a, b, far);
	rectangle(s->floor.from, s->floor.to, in);
	/* A hair below the floor, so that the floor is nearer. */
	faces_level(f, far, -1e-4, PAINT_GROUND, s->ground, 1);
	faces_level(f, in, 0, PAINT_FLOOR, s->floor.colour, 2);
}

/* Seen from below only. */
static void ceiling(struct faces *f, const struct scene *s, const struct lens *lens)
{
	struct pt_m corner[4];
	double top = 0;

	for (int i = 0; i < s->n_walls; i++)
		top = fmax(top, s->walls[i].height_m);
	if (top < 2.2 || lens->at.z > top - 0.05)
		return;
	rectangle(s->floor.from, s->floor.to, corner);
	faces_level(f, corner, top, PAINT_PLAIN, CEILING, 3);
	for (int i = 0; i < s->n_lights; i++) {
		struct pt_room at = s->light[i].at;
		struct pt_m a = { at.x - 0.6, at.y - 0.15 }, b = { at.x + 0.6, at.y + 0.15 };

		rectangle(a, b, corner);
		if (at.z > lens->at.z + 0.1)
			faces_level(f, corner, fmin(at.z, top - 0.02), PAINT_LAMP, CEILING, 4);
	}
}

/* A counter between customer and cashier, unless the scene has one there, and a till on it. */
static void till(struct faces *f, const struct scene *s, const struct scene_till *t)
{
	double ex = t->cashier.x - t->customer.x, ey = t->cashier.y - t->customer.y;
	double gap = real_hypot(ex, ey), high = 0, deep = gap / 2 - 0.3;
	struct pt_m mid = { (t->customer.x + t->cashier.x) / 2,
			    (t->customer.y + t->cashier.y) / 2 };
	struct pt_m corner[4];
	static const double side[4][2] = { { -1, -1 }, { 1, -1 }, { 1, 1 }, { -1, 1 } };

	if (gap < 0.8)
		return;
	ex /= gap;
	ey /= gap;
	for (int i = 0; i < s->n_shelves; i++) {
		const struct pt_m *c = s->shelf[i].corner;
		bool inside = true;

		for (int k = 0; k < 4; k++) {
			struct pt_m a = c[k], b = c[(k + 1) % 4];

			inside &= (b.x - a.x) * (mid.y - a.y) > (b.y - a.y) * (mid.x - a.x);
		}
		if (inside)
			high = fmax(high, s->shelf[i].height_m);
	}
	for (int pass = high > 0; pass < 2; pass++) {
		double a = pass ? 0.14 : fmin(deep, 0.35), b = pass ? 0.18 : 0.8;

		for (int i = 0; i < 4; i++)
			corner[i] = (struct pt_m){
				mid.x + side[i][0] * a * ex - side[i][1] * b * ey,
				mid.y + side[i][0] * a * ey + side[i][1] * b * ex,
			};
		faces_box(f, corner, high, pass ? high + 0.32 : TILL_HIGH_M, false,
			  pass ? (struct colour){ 48, 128, 128 }
			       : (struct colour){ 120, 122, 134 },
			  90);
		high = pass ? high : TILL_HIGH_M;
	}
}

void stage_build(struct faces *f, const struct scene *s, const struct lens *lens)
{
	ground(f, s);
	for (int i = 0; i < s->n_walls; i++) {
		const struct polyline *l = &s->walls[i].line;

		for (int k = 0; k + 1 < l->n; k++)
			wall_piece(f, s, &s->walls[i], l->at[k], l->at[k + 1],
				   (uint64_t)(100 + i));
	}
	for (int i = 0; i < s->n_shelves; i++) {
		const struct scene_shelf *h = &s->shelf[i];

		if (!h->draught)
			faces_box(f, h->corner, 0, h->height_m, h->goods, h->colour,
				  (uint64_t)(1000 + 10 * i));
	}
	for (int i = 0; i < s->n_tills; i++)
		till(f, s, &s->till[i]);
	ceiling(f, s, lens);
	faces_bound(f, lens);
}
