/* SPDX-License-Identifier: Apache-2.0 */
/* view.c -- one camera's pictures of a simulated store.
 *
 * A picture begins as the empty stage and is put together back to front: things, light and
 * shadows on the floor, what the floor mirrors of people, people, door leaves. Each person is
 * drawn alone on a spare canvas first, so that it is known how much of him there would be to
 * see, and then laid over the picture by depth.
 */
#include "sim/view.h"

#include "base/rng.h"
#include "base/vec.h"
#include "sim/body.h"
#include "sim/dirt.h"
#include "sim/effect.h"
#include "sim/layer.h"
#include "sim/shade.h"
#include "sim/soften.h"
#include "sim/stage.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define SECOND_US 1e6
#define CHEST_M 1.1
#define INSIDE_SAMPLES 4 /* along a limb, for how much of it is in the picture */

struct area { /* of the picture: x0 <= x < x1 */
	int x0, y0, x1, y1;
};

/* A person in the picture. */
struct figure {
	struct limb limb[BODY_LIMBS];
	int n;
	struct body_light light;
	struct box_px box; /* before the trembling */
	struct area area;  /* of it, in the picture */
	bool any;          /* there is a box */
	int alone;         /* pixels, if nobody and nothing else were there */
	double inside;     /* share of the person that is inside the picture's edges */
};

struct view {
	const struct scene *scene;
	const struct lens *lens;
	uint64_t seed;
	struct stage stage;
	struct layers layers;
	struct shade *shade;
	struct dimmer *dimmer; /* NULL: no lamp is ever off */
	struct effects *effects;
	struct canvas canvas, spare;
	struct dirt dirt, peopled; /* peopled: where people were drawn in this frame */
	bool was_night;
	struct figure *figure;
	struct seen *seen;
	int cap; /* of both */
};

static void share_lamps(struct view *v)
{
	const struct stage *st = &v->stage;
	const struct lights *l = &st->lights;
	struct pt_room up = { 0, 0, 1 };

	v->dimmer = dimmer_new(st->day.w, st->day.h, l->n);
	for (int i = 0; i < dimmer_places(v->dimmer); i++) {
		double x, y, far, all;
		struct pt_room dir, p;
		int px, py;

		dimmer_place(v->dimmer, i, &x, &y);
		px = (int)fmin(x, st->day.w - 1);
		py = (int)fmin(y, st->day.h - 1);
		if (!lens_ray(v->lens, px + 0.5, py + 0.5, &dir))
			continue;
		far = st->day.depth[py * st->day.w + px] / stage_depth(st, dir);
		p = (struct pt_room){ v->lens->at.x + far * dir.x, v->lens->at.y + far * dir.y,
				      v->lens->at.z + far * dir.z };
		all = lights_at(l, p, up, NULL) * (1 + l->ambient);
		for (int k = 0; k < l->n && all > 0; k++)
			dimmer_set(v->dimmer, i, k, lights_from(l, k, p, up) / all);
	}
	dimmer_even(v->dimmer);
}

struct view *view_new(const struct scene *scene, int camera, uint64_t seed)
{
	struct view *v = xcalloc(1, sizeof(*v));
	const struct scene_camera *cam = &scene->camera[camera];

	v->scene = scene;
	v->lens = &cam->lens;
	v->seed = seed;
	stage_init(&v->stage, scene, camera);
	layers_init(&v->layers, &v->stage);
	v->shade = shade_new(&v->stage);
	v->effects = effects_new(scene, camera, seed);
	canvas_init(&v->canvas, cam->w, cam->h);
	canvas_init(&v->spare, cam->w, cam->h);
	dirt_init(&v->dirt, cam->w, cam->h);
	dirt_init(&v->peopled, cam->w, cam->h);
	dirt_mark_all(&v->dirt);
	if (v->stage.lights.switched)
		share_lamps(v);
	return v;
}

void view_free(struct view *v)
{
	if (!v)
		return;
	stage_clear(&v->stage);
	layers_clear(&v->layers);
	shade_free(v->shade);
	dimmer_free(v->dimmer);
	effects_free(v->effects);
	canvas_clear(&v->canvas);
	canvas_clear(&v->spare);
	dirt_clear(&v->dirt);
	dirt_clear(&v->peopled);
	free(v->figure);
	free(v->seen);
	free(v);
}

/* The light on a person: most of it comes from the strongest lamp there. */
static struct body_light light_of(const struct view *v, const struct actor *a, bool night,
				  const double *level)
{
	const struct lights *l = &v->stage.lights;
	struct pt_room p = { a->at.x, a->at.y, CHEST_M }, none = { 0 }, to = { 0, 0, 1 };
	struct pt_room floor = { a->at.x, a->at.y, 0 }, up = { 0, 0, 1 };
	double most = 0, x, y, z, far;
	struct body_light light = { .infrared = night };

	for (int i = 0; i < l->n; i++) {
		double k = lights_from(l, i, p, none) * level[i];

		if (k > most) {
			most = k;
			to = l->lamp[i].at;
			to = (struct pt_room){ to.x - p.x, to.y - p.y, to.z - p.z };
		}
	}
	if (night)
		to = (struct pt_room){ v->lens->at.x - p.x, v->lens->at.y - p.y,
				       v->lens->at.z - p.z };
	x = to.x;
	y = to.y;
	z = to.z;
	far = sqrt(x * x + y * y + z * z) + 1e-9;
	light.from = (struct pt_room){ x / far, y / far, z / far };
	if (night)
		light.luma = stage_night(&v->stage, far,
					 (struct pt_room){ -x / far, -y / far, -z / far });
	else
		light.luma =
			fmin(lights_at(l, floor, up, NULL), 1.6) * shade_sun(v->shade, a->at);
	return light;
}

static struct area area_of(const struct view *v, const struct box_px *b)
{
	double w = v->lens->w, h = v->lens->h;

	return (struct area){ (int)fmin(fmax(b->x - 2, 0), w), (int)fmin(fmax(b->y - 2, 0), h),
			      (int)fmin(fmax(b->x + b->w + 3, 0), w),
			      (int)fmin(fmax(b->y + b->h + 3, 0), h) };
}

static bool area_empty(const struct area *a)
{
	return a->x0 >= a->x1 || a->y0 >= a->y1;
}

/* Share of a person's limbs, by the angle that they take up, that lies in the picture. */
static double inside_of(const struct view *v, const struct figure *f)
{
	double in = 0, all = 0;

	for (int i = 0; i < f->n; i++) {
		const struct limb *l = &f->limb[i];
		double x = l->b.x - l->a.x, y = l->b.y - l->a.y, z = l->b.z - l->a.z;
		double size = (sqrt(x * x + y * y + z * z) + l->ra + l->rb) * (l->ra + l->rb);

		for (int k = 0; k < INSIDE_SAMPLES; k++) {
			double s = (k + 0.5) / INSIDE_SAMPLES, px[2];
			struct pt_room p = { l->a.x + s * x, l->a.y + s * y, l->a.z + s * z };
			struct pt_room c = lens_to_camera(v->lens, p);
			double angle = size / (c.x * c.x + c.y * c.y + c.z * c.z + 1e-6);

			all += angle;
			if (lens_project(v->lens, p, px, NULL) && px[0] >= 0 && px[1] >= 0 &&
			    px[0] < v->lens->w && px[1] < v->lens->h)
				in += angle;
		}
	}
	return all > 0 ? in / all : 0;
}

static void pose(struct view *v, struct figure *f, const struct actor *a, bool night,
		 const double *level)
{
	const struct box_px *b = &f->box;

	f->n = body_limbs(a, v->scene, f->limb);
	f->any = body_box(v->lens, f->limb, f->n, &f->box);
	f->area = f->any ? area_of(v, &f->box) : (struct area){ 0 };
	f->alone = 0;
	f->light = light_of(v, a, night, level);
	if (area_empty(&f->area))
		return;
	f->inside = 1;
	if (b->x < 0 || b->y < 0 || b->x + b->w > v->lens->w || b->y + b->h > v->lens->h)
		f->inside = inside_of(v, f);
}

struct pixels { /* a row of a canvas */
	uint8_t *y, *u, *v;
	uint16_t *depth, *owner;
};

static void mix(uint8_t *p, int tone, int share)
{
	*p = (uint8_t)((*p * (256 - share) + tone * share + 128) >> 8);
}

/* Makes an area of the spare canvas empty again. */
static void wipe_spare(struct view *v, const struct area *a)
{
	size_t n = (size_t)(a->x1 - a->x0);

	for (int y = a->y0; y < a->y1; y++) {
		size_t i = (size_t)y * (size_t)v->spare.w + (size_t)a->x0;

		memset(v->spare.depth + i, 0xff, n * sizeof(*v->spare.depth));
		memset(v->spare.owner + i, 0, n * sizeof(*v->spare.owner));
	}
}

static struct pixels row_of(const struct canvas *c, int y)
{
	size_t i = (size_t)y * (size_t)c->w;

	return (struct pixels){ image_row(&c->y, y), image_row(&c->u, y), image_row(&c->v, y),
				c->depth + i, c->owner + i };
}

/* Row of the spare canvas mixed into the picture as far as the floor there mirrors. */
static void mirror_row(struct view *v, const struct area *a, int y)
{
	const struct pixels in = row_of(&v->spare, y), out = row_of(&v->canvas, y);
	const uint8_t *floor = v->stage.floor + (size_t)y * (size_t)v->canvas.w;
	const uint16_t *still = v->stage.day.depth + (size_t)y * (size_t)v->canvas.w;

	for (int x = a->x0; x < a->x1; x++) {
		if (!in.owner[x] || floor[x] < 2 || out.depth[x] != still[x])
			continue;
		mix(out.y + x, in.y[x], floor[x]);
		mix(out.u + x, in.u[x], floor[x]);
		mix(out.v + x, in.v[x], floor[x]);
	}
}

/* Upside down under the floor, as a mirror has it. */
static void mirror(struct view *v, const struct figure *f)
{
	struct limb limb[BODY_LIMBS];
	struct body_light light = f->light;
	struct box_px box;
	struct area a;

	light.from.z = -light.from.z;
	for (int i = 0; i < f->n; i++) {
		limb[i] = f->limb[i];
		limb[i].a.z = -limb[i].a.z;
		limb[i].b.z = -limb[i].b.z;
	}
	if (!body_box(v->lens, limb, f->n, &box))
		return;
	a = area_of(v, &box);
	if (area_empty(&a))
		return;
	dirt_mark(&v->dirt, a.x0, a.y0, a.x1 - a.x0, a.y1 - a.y0);
	body_draw(&v->spare, v->lens, limb, f->n, &light, 1);
	for (int y = a.y0; y < a.y1; y++)
		mirror_row(v, &a, y);
	wipe_spare(v, &a);
}

/* A pane between the camera and a person. */
static void tint(const struct pixels *out, const struct pixels *pane, int x)
{
	if (pane->depth[x] >= out->depth[x])
		return;
	mix(out->y + x, pane->y[x], (int)(256 * PANE_SHARE));
	mix(out->u + x, pane->u[x], (int)(256 * PANE_SHARE));
	mix(out->v + x, pane->v[x], (int)(256 * PANE_SHARE));
}

/* Row of the spare canvas laid over the picture; how many pixels the person has there. */
static int lay_row(struct view *v, const struct area *a, int y, uint16_t owner)
{
	const struct pixels in = row_of(&v->spare, y), out = row_of(&v->canvas, y);
	bool glass = v->stage.pane.w > 0;
	struct pixels pane = { 0 };
	int alone = 0;

	if (glass)
		pane = row_of(&v->stage.pane, y);
	for (int x = a->x0; x < a->x1; x++) {
		if (!in.owner[x])
			continue;
		alone++;
		if (in.depth[x] >= out.depth[x])
			continue;
		out.y[x] = in.y[x];
		out.u[x] = in.u[x];
		out.v[x] = in.v[x];
		out.depth[x] = in.depth[x];
		out.owner[x] = owner;
		if (glass)
			tint(&out, &pane, x);
	}
	return alone;
}

static void show(struct view *v, struct figure *f, int owner)
{
	const struct area *a = &f->area;

	dirt_mark(&v->dirt, a->x0, a->y0, a->x1 - a->x0, a->y1 - a->y0);
	dirt_mark(&v->peopled, a->x0, a->y0, a->x1 - a->x0, a->y1 - a->y0);
	body_draw(&v->spare, v->lens, f->limb, f->n, &f->light, owner);
	for (int y = a->y0; y < a->y1; y++)
		f->alone += lay_row(v, a, y, (uint16_t)owner);
	wipe_spare(v, a);
}

static double nearest(const struct scene_door *d, const struct actor *a, int n)
{
	double x = d->at[0].x, y = d->at[0].y, ex = d->at[1].x - x, ey = d->at[1].y - y;
	double len2 = ex * ex + ey * ey + 1e-12, best = HUGE_VAL;

	for (int i = 0; i < n; i++) {
		double px = a[i].at.x - x, py = a[i].at.y - y, k = (px * ex + py * ey) / len2;

		k = k < 0 ? 0 : k > 1 ? 1 : k;
		px -= k * ex;
		py -= k * ey;
		best = fmin(best, px * px + py * py);
	}
	return sqrt(best);
}

/* The things that are there; doors after the people, all else before. */
static void things(struct view *v, struct layer_now *now, bool dim, bool doors,
		   const struct actor *actors, int n)
{
	for (int i = 0; i < v->layers.n; i++) {
		const struct layer *l = &v->layers.layer[i];
		double open = 0;

		if ((l->kind == LAYER_DOOR) != doors || !layer_there(l, v->scene, now))
			continue;
		if (doors)
			open = layer_open(nearest(&v->scene->door[l->index], actors, n));
		dirt_mark(&v->dirt, l->x0, l->y0, l->w, l->h);
		now->light = dim ? dimmer_at(v->dimmer, l->x0 + l->w / 2, l->y0 + l->h / 2) : 1;
		layer_draw(l, v->scene, now, open, &v->canvas);
	}
}

static void grow(struct view *v, int n)
{
	if (n <= v->cap)
		return;
	v->cap = n + n / 2 + 8;
	v->figure = xrealloc(v->figure, (size_t)v->cap, sizeof(*v->figure));
	v->seen = xrealloc(v->seen, (size_t)v->cap, sizeof(*v->seen));
}

/* The empty scene of this moment. */
static void wipe(struct view *v, bool night)
{
	if (night != v->was_night)
		dirt_mark_all(&v->dirt);
	v->was_night = night;
	dirt_wipe(&v->dirt, night ? &v->stage.night : &v->stage.day.y, &v->stage.day,
		  &v->canvas);
}

static void put_together(struct view *v, double t, const struct effect_now *now,
			 const struct actor *actors, int n, const double *level)
{
	struct layer_now at = {
		.t = t, .index = now->index, .seed = v->seed, .night = now->night
	};

	wipe(v, now->night);
	things(v, &at, now->dim, false, actors, n);
	if (!now->night)
		shade_begin(v->shade, t, level);
	for (int i = 0; i < n; i++) {
		pose(v, &v->figure[i], &actors[i], now->night, level);
		if (!now->night)
			shade_cast(v->shade, actors[i].at, v->figure[i].limb, v->figure[i].n);
	}
	if (!now->night)
		shade_apply(v->shade, &v->canvas, &v->dirt);
	for (int i = 0; i < n && v->scene->floor.gloss > 0; i++)
		if (v->figure[i].any)
			mirror(v, &v->figure[i]);
	for (int i = 0; i < n; i++)
		if (!area_empty(&v->figure[i].area))
			show(v, &v->figure[i], i + 1);
	things(v, &at, now->dim, true, actors, n);
	soften(&v->peopled, &v->canvas, &v->spare.y);
}

/* Pixels of a person that the picture shows. */
static int owned(const struct view *v, const struct effect_now *now, const struct area *a,
		 int owner)
{
	int sum = 0;

	for (int y = a->y0; y < a->y1; y++) {
		const uint16_t *row = v->canvas.owner + y * v->canvas.w;

		for (int x = a->x0; x < a->x1; x++)
			sum += row[x] == owner &&
			       (now->hand <= 0 || !effects_hidden(v->effects, now, x, y));
	}
	return sum;
}

static int tell(struct view *v, const struct effect_now *now, const struct actor *actors, int n)
{
	double dx = now->dx / 16.0, dy = now->dy / 16.0;
	int k = 0;

	for (int i = 0; i < n; i++) {
		const struct figure *f = &v->figure[i];
		struct seen *s = &v->seen[k];
		struct pt_room foot = { actors[i].at.x, actors[i].at.y, 0 };
		double px[2];

		if (!f->alone)
			continue;
		*s = (struct seen){ .id = actors[i].who.id, .box = f->box, .at = actors[i].at };
		s->box.x += dx;
		s->box.y += dy;
		s->foot = (struct pt_px){ s->box.x + s->box.w / 2, s->box.y + s->box.h };
		if (lens_project(v->lens, foot, px, NULL))
			s->foot = (struct pt_px){ px[0] + dx, px[1] + dy };
		s->visible = owned(v, now, &f->area, i + 1) * f->inside / f->alone;
		k++;
	}
	return k;
}

void view_draw(struct view *v, int64_t t_us, int64_t index, const struct actor *actors, int n,
	       const struct frame *out, const struct seen **seen, int *n_seen)
{
	double t = (double)(t_us - v->scene->start_us) / SECOND_US, level[SCENE_MAX];
	struct effect_now now;

	grow(v, n);
	for (int i = 0; i < v->stage.lights.n; i++)
		level[i] = lights_level(&v->stage.lights, i, t);
	effects_at(v->effects, &v->stage.lights, t, index, &now);
	now.dim = v->dimmer && !now.night && dimmer_turn(v->dimmer, level);
	put_together(v, t, &now, actors, n, level);
	if (out)
		effects_out(v->effects, &now, v->dimmer, &v->canvas, out);
	if (seen) {
		*n_seen = tell(v, &now, actors, n);
		*seen = v->seen;
	}
}

int64_t view_time(const struct scene *s, int camera, int64_t index, int64_t start_us)
{
	double us = (double)index * SECOND_US / s->camera[camera].fps;

	return start_us + (int64_t)floor(us + 0.5);
}

bool view_arrives(const struct scene *s, int camera, uint64_t seed, int64_t index)
{
	uint64_t h = rng_hash(rng_hash(seed, 0x6c6f7374u + (uint64_t)camera), (uint64_t)index);

	return (double)(h >> 32) * 0x1p-32 >= s->picture.lost;
}
