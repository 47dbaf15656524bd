/* SPDX-License-Identifier: Apache-2.0 */
/* face.c -- the flat pieces that a simulated store is made of. */
#include "sim/face.h"

#include "base/real.h"
#include "base/vec.h"
#include "sim/paint.h"

#include <math.h>

#define EDGE_STEPS 16 /* points of an edge that bound it in a picture of a curving lens */

void faces_sheet(struct faces *f, struct pt_m a, struct pt_m b, double z0, double z1,
		 enum paint paint, struct colour colour, uint64_t seed)
{
	*VEC_PUSH(f) = (struct face){ .at = { a, b },
				      .z0 = z0,
				      .z1 = z1,
				      .paint = paint,
				      .colour = colour,
				      .seed = seed };
}

void faces_level(struct faces *f, const struct pt_m corner[4], double z, enum paint paint,
		 struct colour colour, uint64_t seed)
{
	*VEC_PUSH(f) = (struct face){ .level = true,
				      .at = { corner[0], corner[1], corner[2], corner[3] },
				      .z0 = z,
				      .z1 = z,
				      .paint = paint,
				      .colour = colour,
				      .seed = seed };
}

static double length(struct pt_m a, struct pt_m b)
{
	return real_hypot(b.x - a.x, b.y - a.y);
}

void faces_box(struct faces *f, const struct pt_m corner[4], double z0, double z1, bool goods,
	       struct colour colour, uint64_t seed)
{
	double even = length(corner[0], corner[1]), odd = length(corner[1], corner[2]);

	for (int i = 0; i < 4; i++) {
		bool longer = (even >= odd) == (i % 2 == 0);

		faces_sheet(f, corner[i], corner[(i + 1) % 4], z0, z1,
			    goods && longer ? PAINT_GOODS : PAINT_PLAIN, colour,
			    seed + (uint64_t)i);
	}
	faces_level(f, corner, z1, PAINT_PLAIN, colour, seed + 4);
}

/* Widens the bound of *f by the edge a..b; false when part of it cannot be projected. */
static bool bound_edge(struct face *f, const struct lens *lens, struct pt_room a,
		       struct pt_room b)
{
	for (int i = 0; i <= EDGE_STEPS; i++) {
		double k = (double)i / EDGE_STEPS, px[2];
		struct pt_room p = { a.x + k * (b.x - a.x), a.y + k * (b.y - a.y),
				     a.z + k * (b.z - a.z) };

		if (!lens_project(lens, p, px, NULL))
			return false;
		px[0] = fmin(fmax(px[0], -8), lens->w + 8);
		px[1] = fmin(fmax(px[1], -8), lens->h + 8);
		f->x0 = px[0] - 4 < f->x0 ? (int)floor(px[0] - 4) : f->x0;
		f->y0 = px[1] - 4 < f->y0 ? (int)floor(px[1] - 4) : f->y0;
		f->x1 = px[0] + 4 > f->x1 ? (int)ceil(px[0] + 4) : f->x1;
		f->y1 = px[1] + 4 > f->y1 ? (int)ceil(px[1] + 4) : f->y1;
	}
	return true;
}

static bool bound_edges(struct face *f, const struct lens *lens)
{
	int corners = f->level ? 4 : 2;

	for (int i = 0; i < corners; i++) {
		struct pt_m a = f->at[i], b = f->at[(i + 1) % corners];
		struct pt_room a0 = { a.x, a.y, f->z0 }, b0 = { b.x, b.y, f->z0 };
		struct pt_room a1 = { a.x, a.y, f->z1 }, b1 = { b.x, b.y, f->z1 };

		if (!bound_edge(f, lens, a0, b0) || !bound_edge(f, lens, a1, b1) ||
		    !bound_edge(f, lens, a0, a1))
			return false;
	}
	return true;
}

void faces_bound(struct faces *set, const struct lens *lens)
{
	for (size_t i = 0; i < set->n; i++) {
		struct face *f = &set->v[i];

		f->x0 = lens->w;
		f->y0 = lens->h;
		f->x1 = f->y1 = 0;
		if (!bound_edges(f, lens)) {
			f->x0 = f->y0 = 0;
			f->x1 = lens->w;
			f->y1 = lens->h;
		}
		f->x0 = f->x0 < 0 ? 0 : f->x0;
		f->y0 = f->y0 < 0 ? 0 : f->y0;
		f->x1 = f->x1 > lens->w ? lens->w : f->x1;
		f->y1 = f->y1 > lens->h ? lens->h : f->y1;
	}
}

static bool hit_upright(const struct face *f, const struct ray *ray, struct hit *h)
{
	double ex = f->at[1].x - f->at[0].x, ey = f->at[1].y - f->at[0].y;
	double ax = f->at[0].x - ray->from.x, ay = f->at[0].y - ray->from.y;
	double turn = ray->dir.x * ey - ray->dir.y * ex, far, s, z;

	if (fabs(turn) < 1e-9)
		return false;
	far = (ax * ey - ay * ex) / turn;
	s = (ax * ray->dir.y - ay * ray->dir.x) / turn;
	if (!(far > 1e-3 && far < h->far) || s < 0 || s > 1)
		return false;
	z = ray->from.z + far * ray->dir.z;
	if (z < f->z0 || z > f->z1)
		return false;
	*h = (struct hit){ f,
			   far,
			   s * sqrt(ex * ex + ey * ey),
			   { ray->from.x + far * ray->dir.x, ray->from.y + far * ray->dir.y,
			     z } };
	return true;
}

static bool hit_level(const struct face *f, const struct ray *ray, struct hit *h)
{
	double far, x, y;

	if (fabs(ray->dir.z) < 1e-9)
		return false;
	far = (f->z1 - ray->from.z) / ray->dir.z;
	if (!(far > 1e-3 && far < h->far))
		return false;
	x = ray->from.x + far * ray->dir.x;
	y = ray->from.y + far * ray->dir.y;
	for (int i = 0; i < 4; i++) {
		struct pt_m a = f->at[i], b = f->at[(i + 1) % 4];

		if ((b.x - a.x) * (y - a.y) - (b.y - a.y) * (x - a.x) < 0)
			return false;
	}
	*h = (struct hit){ f, far, 0, { x, y, f->z1 } };
	return true;
}

bool faces_cast(const struct face *const *list, int n, const struct ray *ray, struct hit *h,
		struct hit *glass)
{
	struct hit pane = { .far = h->far };
	bool any = false;

	for (int i = 0; i < n; i++) {
		struct hit x = { .far = h->far };

		if (!(list[i]->level ? hit_level(list[i], ray, &x)
				     : hit_upright(list[i], ray, &x)))
			continue;
		if (paint_solid(&x)) {
			*h = x;
			any = true;
		} else if (list[i]->paint == PAINT_GLASS && x.far < pane.far) {
			pane = x;
		}
	}
	if (glass && pane.face && pane.far < h->far)
		*glass = pane;
	return any;
}
