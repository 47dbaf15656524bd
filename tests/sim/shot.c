/* SPDX-License-Identifier: Apache-2.0 */
/* shot.c -- for tests of the simulated store's pictures. */
#include "shot.h"

#include "base/vec.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define SHOTS 5

struct ring {
	struct frame f[SHOTS];
	int next;
};
static struct ring shots, kept;

void shot_aim(struct scene *s, struct pt_room at, struct pt_room to)
{
	struct scene_camera *c = &s->camera[0];

	c->at = at;
	c->to = to;
	lens_look(&c->lens, c->w, c->h, c->fov_deg, c->k1, c->at, c->to, c->roll_deg);
}

struct scene *shot_scene(void)
{
	struct scene *s = xcalloc(1, sizeof(*s));

	s->start_us = SHOT_START_US;
	s->seconds = 100;
	s->seed = 1;
	s->ground = (struct colour){ 80, 128, 128 };
	s->floor = (struct scene_floor){ .to = { 10, 10 },
					 .kind = FLOOR_PLAIN,
					 .colour = { 150, 120, 136 } };
	s->light[0] = (struct scene_light){ .at = { 5, 5, 400 }, .strength = 1 };
	s->n_lights = 1;
	s->camera[0] = (struct scene_camera){
		.w = SHOT_W, .h = SHOT_H, .fov_deg = 80, .k1 = -0.05, .fps = 25
	};
	s->n_cameras = 1;
	shot_aim(s, (struct pt_room){ 5, -1, 3.2 }, (struct pt_room){ 5, 4, 0.5 });
	return s;
}

struct actor shot_actor(int64_t id, double x, double y)
{
	return (struct actor){
		.who = { .id = id,
			 .kind = PERSON_SHOPPER,
			 .body = BODY_ADULT,
			 .height_m = 1.75,
			 .shoulder_m = 0.45,
			 .step_m = 0.7,
			 .look = 77 + (uint64_t)id,
			 .walker = -1 },
		.at = { x, y },
		.facing = 1.5707963,
		.doing = DOING_WAIT,
		.till = -1,
		.shelf = -1,
	};
}

static void clear(struct frame *f)
{
	image_clear(&f->y);
	image_clear(&f->u);
	image_clear(&f->v);
}

static struct frame *fresh(struct ring *ring, int w, int h)
{
	struct frame *f = &ring->f[ring->next];

	ring->next = (ring->next + 1) % SHOTS;
	clear(f);
	image_init(&f->y, w, h);
	image_init(&f->u, (w + 1) / 2, (h + 1) / 2);
	image_init(&f->v, (w + 1) / 2, (h + 1) / 2);
	return f;
}

void shot_end(void)
{
	for (int i = 0; i < SHOTS; i++) {
		clear(&shots.f[i]);
		clear(&kept.f[i]);
	}
}

const struct frame *shot_keep(const struct frame *f)
{
	struct frame *k = fresh(&kept, f->y.w, f->y.h);

	image_copy(&k->y, &f->y);
	image_copy(&k->u, &f->u);
	image_copy(&k->v, &f->v);
	return k;
}

const struct frame *shot_draw(struct view *v, double t, int64_t index, const struct actor *a,
			      int n, struct seen *seen)
{
	struct frame *f = fresh(&shots, SHOT_W, SHOT_H);
	const struct seen *all;
	int n_all;

	view_draw(v, SHOT_START_US + (int64_t)floor(t * 1e6 + 0.5), index, a, n, f, &all,
		  &n_all);
	for (int i = 0; i < n_all && seen; i++)
		if (all[i].id == a[0].who.id)
			*seen = all[i];
	return f;
}

const struct frame *shot_seen(const struct scene *s, double t, const struct actor *a, int n,
			      struct seen *seen)
{
	struct view *v = view_new(s, 0, s->seed);
	const struct frame *f = shot_draw(v, t, 0, a, n, seen);

	view_free(v);
	return f;
}

const struct frame *shot(const struct scene *s, double t, const struct actor *a, int n)
{
	return shot_seen(s, t, a, n, NULL);
}

int shot_luma(const struct frame *f, double x, double y)
{
	int px = (int)floor(x), py = (int)floor(y);

	px = px < 0 ? 0 : px >= f->y.w ? f->y.w - 1 : px;
	py = py < 0 ? 0 : py >= f->y.h ? f->y.h - 1 : py;
	return image_row(&f->y, py)[px];
}

int shot_floor(const struct scene *s, const struct frame *f, double x, double y)
{
	double px[2] = { -1, -1 };

	lens_project(&s->camera[0].lens, (struct pt_room){ x, y, 0 }, px, NULL);
	return shot_luma(f, px[0], px[1]);
}

double shot_mean(const struct image *im)
{
	double sum = 0;

	for (int y = 0; y < im->h; y++)
		for (int x = 0; x < im->w; x++)
			sum += image_row(im, y)[x];
	return sum / im->w / im->h;
}

static bool same(const struct image *a, const struct image *b)
{
	for (int y = 0; y < a->h; y++)
		if (memcmp(image_row(a, y), image_row(b, y), (size_t)a->w) != 0)
			return false;
	return true;
}

bool shot_same(const struct frame *a, const struct frame *b)
{
	return same(&a->y, &b->y) && same(&a->u, &b->u) && same(&a->v, &b->v);
}

int shot_changed(const struct frame *a, const struct frame *b, int by, struct box_px *box)
{
	int x0 = a->y.w, y0 = a->y.h, x1 = -1, y1 = -1, n = 0;

	for (int y = 0; y < a->y.h; y++)
		for (int x = 0; x < a->y.w; x++) {
			if (abs(image_row(&a->y, y)[x] - image_row(&b->y, y)[x]) <= by)
				continue;
			n++;
			x0 = x < x0 ? x : x0;
			y0 = y < y0 ? y : y0;
			x1 = x > x1 ? x : x1;
			y1 = y > y1 ? y : y1;
		}
	if (box)
		*box = (struct box_px){ x0, y0, x1 - x0 + 1, y1 - y0 + 1 };
	return n;
}
