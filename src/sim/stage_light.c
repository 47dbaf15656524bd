/* SPDX-License-Identifier: Apache-2.0 */
/* stage_light.c -- what the fixed things do to the light on the floor. */
#include "base/vec.h"
#include "sim/stage.h"

#include <math.h>
#include <stdlib.h>

#define CELL_M 0.15
#define MARGIN_M 1.0
#define CELLS_MAX 256 /* along each side; larger floors have larger cells */
#define CORNER_M 0.7  /* how far walls and shelves take light from around */

/* Share of the light of lamps that does not come to p past the things on the floor. */
static double shaded(const struct lights *l, const struct face *const *list, int n,
		     struct pt_room p)
{
	struct pt_room up = { 0, 0, 1 };
	double all = 0, lost = 0;

	for (int i = 0; i < l->n; i++) {
		struct pt_room to = l->lamp[i].at;
		double light = lights_from(l, i, p, up), x = to.x - p.x, y = to.y - p.y;
		double far = sqrt(x * x + y * y + to.z * to.z);
		struct ray ray = { p, { x / far, y / far, to.z / far } };
		struct hit h = { .far = far - 0.1 };

		all += light;
		if (faces_cast(list, n, &ray, &h, NULL))
			lost += light;
	}
	return all > 0 ? lost / all : 0;
}

/* Share of low directions that are blocked close by. */
static double cornered(const struct face *const *list, int n, struct pt_room p)
{
	static const double dir[8][2] = { { 1, 0 },  { .7, .7 },   { 0, 1 },  { -.7, .7 },
					  { -1, 0 }, { -.7, -.7 }, { 0, -1 }, { .7, -.7 } };
	double sum = 0;

	for (int i = 0; i < 8; i++) {
		struct ray ray = { p, { 0.87 * dir[i][0], 0.87 * dir[i][1], 0.49 } };
		struct hit h = { .far = CORNER_M };

		if (faces_cast(list, n, &ray, &h, NULL))
			sum += (1 - h.far / CORNER_M) / 8;
	}
	return sum;
}

static int standing(const struct faces *faces, const struct face **list)
{
	int n = 0;

	for (size_t i = 0; i < faces->n; i++) {
		const struct face *f = &faces->v[i];

		if (f->z1 > 0.05 && f->paint != PAINT_GLASS && !(f->level && f->z1 > 2))
			list[n++] = f;
	}
	return n;
}

static void blur(struct floor_light *f)
{
	float *was = xmalloc((size_t)f->w * (size_t)f->h * sizeof(*was));

	for (int pass = 0; pass < 2; pass++) {
		for (int i = 0; i < f->w * f->h; i++)
			was[i] = f->k[i];
		for (int y = 1; y + 1 < f->h; y++)
			for (int x = 1; x + 1 < f->w; x++) {
				const float *c = was + y * f->w + x;

				f->k[y * f->w + x] =
					(c[0] * 4 + c[-1] + c[1] + c[-f->w] + c[f->w]) / 8;
			}
	}
	free(was);
}

void floor_light_init(struct floor_light *f, const struct scene *s, const struct lights *l,
		      const struct faces *faces)
{
	double w = fabs(s->floor.to.x - s->floor.from.x) + 2 * MARGIN_M;
	double h = fabs(s->floor.to.y - s->floor.from.y) + 2 * MARGIN_M;
	const struct face **list;
	int n;

	*f = (struct floor_light){ .cell = fmax(CELL_M, fmax(w, h) / CELLS_MAX) };
	if (s->picture.shadows <= 0)
		return;
	f->x0 = fmin(s->floor.from.x, s->floor.to.x) - MARGIN_M;
	f->y0 = fmin(s->floor.from.y, s->floor.to.y) - MARGIN_M;
	f->w = (int)ceil(w / f->cell);
	f->h = (int)ceil(h / f->cell);
	f->k = xmalloc((size_t)f->w * (size_t)f->h * sizeof(*f->k));
	list = xmalloc((faces->n + 1) * sizeof(*list));
	n = standing(faces, list);
	for (int i = 0; i < f->w * f->h; i++) {
		struct pt_room p = { f->x0 + (i % f->w + 0.5) * f->cell,
				     f->y0 + (i / f->w + 0.5) * f->cell, 0.01 };

		f->k[i] = (float)((1 - s->picture.shadows * shaded(l, list, n, p)) *
				  (1 - s->picture.shadows * cornered(list, n, p)));
	}
	free(list);
	blur(f);
}

void floor_light_clear(struct floor_light *f)
{
	free(f->k);
	*f = (struct floor_light){ 0 };
}

double floor_light_at(const struct floor_light *f, double x, double y)
{
	double gx = (x - f->x0) / f->cell - 0.5, gy = (y - f->y0) / f->cell - 0.5, kx, ky;
	const float *c;

	if (!f->k || gx < 0 || gy < 0 || gx >= f->w - 1 || gy >= f->h - 1)
		return 1;
	kx = gx - floor(gx);
	ky = gy - floor(gy);
	c = f->k + (int)gy * f->w + (int)gx;
	return (1 - ky) * ((1 - kx) * c[0] + kx * c[1]) +
	       ky * ((1 - kx) * c[f->w] + kx * c[f->w + 1]);
}
