/* SPDX-License-Identifier: Apache-2.0 */
/* stage.c -- the empty store as one camera sees it. */
#include "sim/stage.h"

#include "base/vec.h"

#include <math.h>
#include <stdlib.h>

#define FAR_M (CANVAS_FAR * STAGE_DEPTH_M)
#define NIGHT_REACH_M 7.0 /* where the camera's own light has fallen to half */
#define NIGHT_NEAR 1.25   /* its light close by, straight ahead */
#define KNEE 1.0          /* brighter light is compressed, as cameras do */
#define LIGHT_MOST 1.25

double stage_depth(const struct stage *st, struct pt_room dir)
{
	const double *axis = &st->lens->turn[6];

	return (axis[0] * dir.x + axis[1] * dir.y + axis[2] * dir.z) / STAGE_DEPTH_M;
}

double stage_night(const struct stage *st, double far_m, struct pt_room dir)
{
	double k = far_m / NIGHT_REACH_M, ahead = stage_depth(st, dir) * STAGE_DEPTH_M;

	return NIGHT_NEAR * ahead * ahead / (1 + k * k);
}

static struct pt_room normal_of(const struct face *f, struct pt_room dir)
{
	double x, y, len, way;

	if (f->level)
		return (struct pt_room){ 0, 0, dir.z < 0 ? 1 : -1 };
	x = f->at[1].y - f->at[0].y;
	y = f->at[0].x - f->at[1].x;
	len = sqrt(x * x + y * y);
	way = x * dir.x + y * dir.y > 0 ? -1 / len : 1 / len;
	return (struct pt_room){ x * way, y * way, 0 };
}

/* The daylight colour of a hit. */
static struct tone lit(const struct stage *st, const struct hit *h, struct pt_room dir,
		       double wide, double *flat)
{
	struct tone t = paint_at(h, &st->scene->floor, wide);
	double light;

	*flat = h->face->paint == PAINT_LAMP ? 60 : t.y; /* off at night */
	if (h->face->paint == PAINT_LAMP || h->face->paint == PAINT_GROUND)
		return t;
	light = lights_at(&st->lights, h->at, normal_of(h->face, dir), NULL);
	if (h->face->level && h->at.z < 0.01)
		light *= floor_light_at(&st->floor_light, h->at.x, h->at.y);
	if (light > KNEE)
		light = fmin(KNEE + (light - KNEE) / 3, LIGHT_MOST);
	return (struct tone){ 16 + (t.y - 16) * light, 128 + (t.u - 128) * light,
			      128 + (t.v - 128) * light };
}

static struct tone mixed(struct tone a, struct tone b, double share)
{
	return (struct tone){ a.y + share * (b.y - a.y), a.u + share * (b.u - a.u),
			      a.v + share * (b.v - a.v) };
}

static double mirrors(const struct stage *st, const struct hit *h, struct pt_room dir)
{
	double up = 1 + dir.z; /* 0 seen from straight above, 1 along the floor */

	if (h->face->paint != PAINT_FLOOR)
		return 0;
	return st->scene->floor.gloss * (0.4 + 0.6 * up * up);
}

/* What the floor mirrors of the fixed things at a hit. */
static struct tone mirrored(const struct stage *st, const struct face *const *list, int n,
			    const struct hit *h, struct pt_room dir, struct tone t)
{
	double share = mirrors(st, h, dir), flat;
	struct ray ray = { h->at, { dir.x, dir.y, -dir.z } };
	struct hit far = { .far = FAR_M };

	ray.from.z = 0.001;
	if (share <= 0 || !faces_cast(list, n, &ray, &far, NULL))
		return t;
	return mixed(t, lit(st, &far, ray.dir, 0.05, &flat), share);
}

bool stage_sample(const struct stage *st, const struct face *const *list, int n, double px,
		  double py, struct hit *h, struct tone *tone, double *night)
{
	struct hit pane = { 0 };
	struct ray ray = { .from = st->lens->at };
	double wide, slant, flat;

	if (!lens_ray(st->lens, px, py, &ray.dir) || !faces_cast(list, n, &ray, h, &pane))
		return false;
	slant = h->face->level ? fabs(ray.dir.z) : 1;
	wide = h->far / st->lens->f_px / 2 / sqrt(slant > 0.05 ? slant : 0.05);
	*tone = lit(st, h, ray.dir, wide, &flat);
	if (pane.face)
		*tone = mixed(*tone, paint_pane(&pane), PANE_SHARE);
	if (night)
		*night = 16 + (flat - 16) * stage_night(st, h->far, ray.dir);
	return true;
}

static uint8_t byte(double x)
{
	return (uint8_t)(x < 0 ? 0 : x > 255 ? 255 : floor(x + 0.5));
}

static uint8_t luma(double x)
{
	return (uint8_t)(x < 16 ? 16 : x > 235 ? 235 : floor(x + 0.5));
}

/* Faces of the row or pixel only. */
static int within(const struct face *const *all, int n, int x, const struct face **list)
{
	int k = 0;

	for (int i = 0; i < n; i++)
		if (x >= all[i]->x0 && x < all[i]->x1)
			list[k++] = all[i];
	return k;
}

struct pixel {
	struct tone tone;
	double night;
};

static void sample_pixel(struct stage *st, const struct face *const *list, int n, int x, int y,
			 struct pixel *out)
{
	static const double off[4][2] = {
		{ .25, .25 }, { .75, .25 }, { .25, .75 }, { .75, .75 }
	};
	const struct colour *g = &st->scene->ground;

	*out = (struct pixel){ 0 };
	for (int i = 0; i < 4; i++) {
		struct tone t = { g->y, g->u, g->v };
		struct hit h = { .far = FAR_M };
		double night = 16;

		stage_sample(st, list, n, x + off[i][0], y + off[i][1], &h, &t, &night);
		out->tone.y += t.y / 4;
		out->tone.u += t.u / 4;
		out->tone.v += t.v / 4;
		out->night += night / 4;
	}
}

static void pane_pixel(struct stage *st, const struct hit *pane, struct pt_room dir, int x,
		       int y)
{
	struct tone t = paint_pane(pane);

	st->pane.depth[y * st->pane.w + x] = (uint16_t)(pane->far * stage_depth(st, dir));
	image_row(&st->pane.y, y)[x] = luma(t.y);
	image_row(&st->pane.u, y)[x] = byte(t.u);
	image_row(&st->pane.v, y)[x] = byte(t.v);
}

/* What the middle of the pixel shows tells how far away it is. */
static void middle(struct stage *st, const struct face *const *all, int n_all,
		   const struct face *const *list, int n, int x, int y, struct pixel *p)
{
	int i = y * st->day.w + x;
	struct ray ray = { .from = st->lens->at };
	struct hit h = { .far = FAR_M }, pane = { 0 };

	if (!lens_ray(st->lens, x + 0.5, y + 0.5, &ray.dir))
		return;
	if (faces_cast(list, n, &ray, &h, &pane)) {
		double depth = h.far * stage_depth(st, ray.dir);

		st->day.depth[i] = (uint16_t)(depth < CANVAS_FAR ? depth : CANVAS_FAR);
		if (h.face->level && h.at.z < 0.01 && ray.dir.z < 0) {
			double share = mirrors(st, &h, ray.dir);

			st->floor[i] = (uint8_t)(1 + 254 * (share < 1 ? share : 1));
			p->tone = mirrored(st, all, n_all, &h, ray.dir, p->tone);
		}
	}
	if (pane.face && st->pane.w)
		pane_pixel(st, &pane, ray.dir, x, y);
}

static void draw_row(struct stage *st, const struct face *const *all, int n_all, int y,
		     const struct face **row, const struct face **list)
{
	int n = 0;

	for (int i = 0; i < n_all; i++)
		if (y >= all[i]->y0 && y < all[i]->y1)
			row[n++] = all[i];
	for (int x = 0; x < st->day.w; x++) {
		int k = within(row, n, x, list);
		struct pixel p;

		sample_pixel(st, list, k, x, y, &p);
		middle(st, all, n_all, list, k, x, y, &p);
		image_row(&st->day.y, y)[x] = luma(p.tone.y);
		image_row(&st->day.u, y)[x] = byte(p.tone.u);
		image_row(&st->day.v, y)[x] = byte(p.tone.v);
		if (st->night.data)
			image_row(&st->night, y)[x] = luma(p.night);
	}
}

static void draw(struct stage *st)
{
	size_t n = st->faces.n + 1;
	const struct face **list = xmalloc(3 * n * sizeof(*list));

	for (size_t i = 0; i < st->faces.n; i++)
		list[i] = &st->faces.v[i];
	for (int y = 0; y < st->day.h; y++)
		draw_row(st, list, (int)st->faces.n, y, list + n, list + 2 * n);
	free(list);
}

void stage_init(struct stage *st, const struct scene *scene, int camera)
{
	const struct scene_camera *cam = &scene->camera[camera];
	const struct while_s *ir = &scene->picture.infrared;
	bool glass = false;

	*st = (struct stage){ .scene = scene, .lens = &cam->lens };
	lights_init(&st->lights, scene);
	stage_build(&st->faces, scene, st->lens);
	floor_light_init(&st->floor_light, scene, &st->lights, &st->faces);
	canvas_init(&st->day, cam->w, cam->h);
	if (ir->to > ir->from)
		image_init(&st->night, cam->w, cam->h);
	for (int i = 0; i < scene->n_walls; i++)
		glass |= scene->walls[i].glass;
	if (glass)
		canvas_init(&st->pane, cam->w, cam->h);
	st->floor = xalign((size_t)cam->w * (size_t)cam->h);
	draw(st);
}

void stage_clear(struct stage *st)
{
	floor_light_clear(&st->floor_light);
	VEC_FREE(&st->faces);
	canvas_clear(&st->day);
	image_clear(&st->night);
	canvas_clear(&st->pane);
	free(st->floor);
	*st = (struct stage){ 0 };
}
