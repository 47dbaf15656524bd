/* SPDX-License-Identifier: Apache-2.0 */
/* layer.c -- what comes, goes and moves in a picture besides people. */
#include "sim/layer.h"

#include "base/real.h"
#include "base/rng.h"
#include "base/vec.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define ON_WALL_M 0.06 /* what hangs on a wall may be this far in it */
#define POT 0.3        /* share of a plant's height */
#define BLOCKS_X 12    /* of a screen's picture */
#define BLOCKS_Y 8
#define DRAUGHT_PX 2.0 /* how far the top of a plant moves */
#define SWAY_PX 12
#define LEAF_FRAME 36 /* width of a door leaf's frame, in 1024ths of the door */
#define OPEN_AT_M 1.3 /* a door is open when somebody is this near ... */
#define SHUT_AT_M 2.3 /* ... and shut when nobody is */

static uint8_t byte(double x)
{
	return (uint8_t)(x < 0 ? 0 : x > 255 ? 255 : floor(x + 0.5));
}

static void plant(struct faces *f, const struct scene_shelf *h, uint64_t seed)
{
	struct pt_m mid = { 0, 0 }, pot[4];
	double spread = 0;
	struct colour clay = { 96, 116, 146 };

	for (int i = 0; i < 4; i++) {
		mid.x += h->corner[i].x / 4;
		mid.y += h->corner[i].y / 4;
	}
	for (int i = 0; i < 4; i++) {
		double x = h->corner[i].x - mid.x, y = h->corner[i].y - mid.y;

		pot[i] = (struct pt_m){ mid.x + 0.45 * x, mid.y + 0.45 * y };
		spread = fmax(spread, real_hypot(x, y) * 0.85);
	}
	faces_box(f, pot, 0, POT * h->height_m, false, clay, seed);
	for (int i = 0; i < 5; i++) {
		double a = REAL_PI * i / 5, x = spread * real_cos(a), y = spread * real_sin(a);

		faces_sheet(f, (struct pt_m){ mid.x - x, mid.y - y },
			    (struct pt_m){ mid.x + x, mid.y + y }, 0.75 * POT * h->height_m,
			    h->height_m, PAINT_LEAVES, h->colour, seed + 10 + (uint64_t)i);
	}
}

static void build(const struct layer *l, const struct scene *s, struct faces *f)
{
	uint64_t seed = 7000 + 100 * (uint64_t)l->kind + (uint64_t)l->index;

	switch (l->kind) {
	case LAYER_OBJECT: {
		const struct scene_object *o = &s->object[l->index];

		faces_box(f, o->corner, o->bottom_m, o->top_m, false, o->colour, seed);
		break;
	}
	case LAYER_SCREEN: {
		const struct scene_screen *c = &s->screen[l->index];

		faces_sheet(f, c->at[0], c->at[1], c->bottom_m, c->top_m, PAINT_PLAIN,
			    (struct colour){ 128, 128, 128 }, seed);
		break;
	}
	case LAYER_PLANT:
		plant(f, &s->shelf[l->index], seed);
		break;
	default:
		faces_sheet(f, s->door[l->index].at[0], s->door[l->index].at[1], 0,
			    STAGE_DOOR_M, PAINT_PLAIN, (struct colour){ 150, 130, 126 }, seed);
	}
}

/* The rectangle of the picture that the faces are in; false: none. */
static bool bound(struct layer *l, struct faces *f, const struct lens *lens)
{
	int x0 = lens->w, y0 = lens->h, x1 = 0, y1 = 0;

	faces_bound(f, lens);
	for (size_t i = 0; i < f->n; i++) {
		const struct face *a = &f->v[i];

		if (a->x0 >= a->x1 || a->y0 >= a->y1)
			continue;
		x0 = a->x0 < x0 ? a->x0 : x0;
		y0 = a->y0 < y0 ? a->y0 : y0;
		x1 = a->x1 > x1 ? a->x1 : x1;
		y1 = a->y1 > y1 ? a->y1 : y1;
	}
	if (l->kind == LAYER_PLANT) { /* room to move in */
		x0 = x0 > SWAY_PX ? x0 - SWAY_PX : 0;
		x1 = x1 < lens->w - SWAY_PX ? x1 + SWAY_PX : lens->w;
	}
	l->x0 = x0;
	l->y0 = y0;
	l->w = x1 - x0;
	l->h = y1 - y0;
	return l->w > 0 && l->h > 0;
}

static void where(struct layer *l, int i, const struct hit *h)
{
	const struct face *f = h->face;
	double wide = real_hypot(f->at[1].x - f->at[0].x, f->at[1].y - f->at[0].y);

	l->along[i] = (uint16_t)fmin(1023, 1024 * h->s / wide);
	l->up[i] = (uint16_t)fmin(1023, 1024 * (h->at.z - f->z0) / (f->z1 - f->z0));
}

static void draw_pixel(struct layer *l, const struct stage *st, const struct face *const *list,
		       int n, int x, int y)
{
	static const double off[4][2] = {
		{ .25, .25 }, { .75, .25 }, { .25, .75 }, { .75, .75 }
	};
	struct tone sum = { 0 };
	double dark = 0, nearest = CANVAS_FAR;
	int i = y * l->w + x, k = 0, px = l->x0 + x, py = l->y0 + y;
	struct ray ray;

	if (!lens_ray(st->lens, px + 0.5, py + 0.5, &ray.dir))
		return;
	for (int j = 0; j < 4; j++) {
		double per_m = stage_depth(st, ray.dir), night;
		struct hit h = { .far = st->day.depth[py * st->day.w + px] / per_m +
					ON_WALL_M };
		struct tone t;

		if (!stage_sample(st, list, n, px + off[j][0], py + off[j][1], &h, &t, &night))
			continue;
		sum = (struct tone){ sum.y + t.y, sum.u + t.u, sum.v + t.v };
		dark += night;
		nearest = fmin(nearest,
			       h.far * per_m -
				       (l->kind == LAYER_DOOR ? 0 : ON_WALL_M / STAGE_DEPTH_M));
		if (l->along && !k)
			where(l, i, &h);
		k++;
	}
	if (!k)
		return;
	l->cover[i] = (uint8_t)(k * 255 / 4);
	l->depth[i] = (uint16_t)fmax(nearest, 1);
	image_row(&l->y, y)[x] = byte(sum.y / k);
	image_row(&l->u, y)[x] = byte(sum.u / k);
	image_row(&l->v, y)[x] = byte(sum.v / k);
	if (l->night.data)
		image_row(&l->night, y)[x] = byte(dark / k);
}

static void draw_faces(struct layer *l, const struct stage *st, const struct faces *f)
{
	const struct face **list = xmalloc((f->n + 1) * sizeof(*list));
	size_t n = (size_t)l->w * (size_t)l->h;
	bool sheet = l->kind == LAYER_SCREEN || l->kind == LAYER_DOOR;

	for (size_t i = 0; i < f->n; i++)
		list[i] = &f->v[i];
	image_init(&l->y, l->w, l->h);
	image_init(&l->u, l->w, l->h);
	image_init(&l->v, l->w, l->h);
	if (st->night.data)
		image_init(&l->night, l->w, l->h);
	l->cover = xcalloc(n, sizeof(*l->cover));
	l->depth = xcalloc(n, sizeof(*l->depth));
	l->along = sheet ? xcalloc(n, sizeof(*l->along)) : NULL;
	l->up = sheet ? xcalloc(n, sizeof(*l->up)) : NULL;
	for (int y = 0; y < l->h; y++)
		for (int x = 0; x < l->w; x++)
			draw_pixel(l, st, list, (int)f->n, x, y);
	free(list);
}

static void clear(struct layer *l)
{
	image_clear(&l->y);
	image_clear(&l->u);
	image_clear(&l->v);
	image_clear(&l->night);
	free(l->cover);
	free(l->depth);
	free(l->along);
	free(l->up);
}

/* The rows and columns, within the layer, that show any of it; false: none do. */
static bool shows(const struct layer *l, int *x0, int *y0, int *x1, int *y1)
{
	*x0 = l->w;
	*y0 = l->h;
	*x1 = *y1 = 0;
	for (int i = 0; i < l->w * l->h; i++) {
		int x = i % l->w, y = i / l->w;

		if (!l->cover[i])
			continue;
		*x0 = x < *x0 ? x : *x0;
		*y0 = y < *y0 ? y : *y0;
		*x1 = x + 1 > *x1 ? x + 1 : *x1;
		*y1 = y + 1 > *y1 ? y + 1 : *y1;
	}
	if (l->kind == LAYER_PLANT) { /* room to move in */
		*x0 = *x0 > SWAY_PX ? *x0 - SWAY_PX : 0;
		*x1 = *x1 < l->w - SWAY_PX ? *x1 + SWAY_PX : l->w;
	}
	return *x0 < *x1 && *y0 < *y1;
}

static void add(struct layers *all, const struct stage *st, enum layer_kind kind, int index)
{
	struct layer l = { .kind = kind, .index = index };
	struct faces f = { 0 };
	int x0, y0, x1, y1;

	build(&l, st->scene, &f);
	if (!bound(&l, &f, st->lens))
		goto out;
	draw_faces(&l, st, &f);
	if (!shows(&l, &x0, &y0, &x1, &y1)) {
		clear(&l);
		goto out;
	}
	if (x1 - x0 < l.w / 2 || y1 - y0 < l.h / 2) {
		/* What reaches behind the camera has no close bound until it is drawn. */
		clear(&l);
		l.x0 += x0;
		l.y0 += y0;
		l.w = x1 - x0;
		l.h = y1 - y0;
		draw_faces(&l, st, &f);
	}
	all->layer[all->n++] = l;
out:
	VEC_FREE(&f);
}

void layers_init(struct layers *l, const struct stage *st)
{
	const struct scene *s = st->scene;

	l->n = 0;
	for (int i = 0; i < s->n_shelves; i++)
		if (s->shelf[i].draught)
			add(l, st, LAYER_PLANT, i);
	for (int i = 0; i < s->n_screens; i++)
		add(l, st, LAYER_SCREEN, i);
	for (int i = 0; i < s->n_objects; i++)
		if (s->object[i].when.to > s->object[i].when.from)
			add(l, st, LAYER_OBJECT, i);
	for (int i = 0; i < s->n_doors; i++)
		if (s->door[i].glass)
			add(l, st, LAYER_DOOR, i);
}

void layers_clear(struct layers *l)
{
	for (int i = 0; i < l->n; i++)
		clear(&l->layer[i]);
	l->n = 0;
}

bool layer_there(const struct layer *l, const struct scene *s, const struct layer_now *now)
{
	return l->kind != LAYER_OBJECT || light_within(&s->object[l->index].when, now->t);
}

double layer_open(double near_m)
{
	double k = (SHUT_AT_M - near_m) / (SHUT_AT_M - OPEN_AT_M);

	k = k < 0 ? 0 : k > 1 ? 1 : k;
	return k * k * (3 - 2 * k);
}

/* a/255 of the pixel becomes tone. */
static void blend(uint8_t *p, int tone, int a)
{
	*p = (uint8_t)((*p * (255 - a) + tone * a + 127) / 255);
}

static void put(struct canvas *c, int x, int y, struct colour k, int a, uint16_t depth)
{
	int i = y * c->w + x;

	if (depth >= c->depth[i] || !a)
		return;
	blend(image_row(&c->y, y) + x, k.y, a);
	blend(image_row(&c->u, y) + x, k.u, a);
	blend(image_row(&c->v, y) + x, k.v, a);
	if (a >= 128) {
		c->depth[i] = depth;
		c->owner[i] = 0;
	}
}

static void draw_object(const struct layer *l, bool night, struct canvas *c)
{
	const struct image *luma = night && l->night.data ? &l->night : &l->y;

	for (int y = 0; y < l->h; y++)
		for (int x = 0; x < l->w; x++) {
			int i = y * l->w + x;
			struct colour k = { image_row(luma, y)[x], image_row(&l->u, y)[x],
					    image_row(&l->v, y)[x] };

			put(c, l->x0 + x, l->y0 + y, k, l->cover[i], l->depth[i]);
		}
}

/* Rows of leaves move to the sides, the more the higher; the phase wanders up the plant. */
static void draw_plant(const struct layer *l, const struct layer_now *now, struct canvas *c)
{
	const struct image *luma = now->night && l->night.data ? &l->night : &l->y;

	for (int y = 0; y < l->h; y++) {
		double high = 1 - (double)(y + 1) / l->h, t = now->t + l->index;
		double sway = real_sin(2.1 * t + 3 * high) + 0.6 * real_sin(5.3 * t + 9 * high);
		double px = high > POT ? (high - POT) * DRAUGHT_PX * sway * l->h / 60 : 0;
		int dx = (int)floor(px * 16 + 0.5), whole = dx >> 4, part = dx & 15;

		for (int x = 0; x < l->w; x++) {
			int a = x - whole, b = a - 1, i;
			bool in = a >= 0 && a < l->w, in_b = b >= 0 && b < l->w;
			const uint8_t *row = l->cover + y * l->w;
			int cover =
				((in ? row[a] : 0) * (16 - part) + (in_b ? row[b] : 0) * part) /
				16;
			int from = in && row[a] ? a : b;
			struct colour k;

			if (!cover)
				continue;
			i = y * l->w + from;
			k = (struct colour){ image_row(luma, y)[from],
					     image_row(&l->u, y)[from],
					     image_row(&l->v, y)[from] };
			put(c, l->x0 + x, l->y0 + y, k, cover, l->depth[i]);
		}
	}
}

/* Which picture a screen shows: it changes once, at some moment, in each stretch of change_s.
 */
static int64_t shown(const struct scene_screen *s, int index, const struct layer_now *now)
{
	double n, at;
	uint64_t h;

	if (s->change_s <= 0)
		return now->index;
	n = floor(now->t / s->change_s);
	h = rng_hash(now->seed + (uint64_t)index, (uint64_t)(int64_t)n);
	at = (double)(h >> 40) * 0x1p-24;
	return (int64_t)n + (now->t / s->change_s - n >= at);
}

static void draw_screen(const struct layer *l, const struct scene *s,
			const struct layer_now *now, struct canvas *c)
{
	int64_t n = shown(&s->screen[l->index], l->index, now);
	struct colour block[BLOCKS_Y][BLOCKS_X];
	uint64_t look = rng_hash(now->seed ^ 0x5c7eu, (uint64_t)n * 64 + (uint64_t)l->index);
	double light = fmax(now->light, 0.3);

	for (int i = 0; i < BLOCKS_X * BLOCKS_Y; i++) {
		/* A few rectangles of one colour on a ground of another. */
		int bx = i % BLOCKS_X, by = i / BLOCKS_X;
		uint64_t part = rng_hash(look, (uint64_t)((bx + (int)(look & 3)) / 4 * 8 +
							  (by + (int)(look >> 2 & 3)) / 3));
		double y = 40 + (double)(part & 0xff) * 0.7 + (double)(look >> 8 & 0x3f) - 16;

		block[by][bx] =
			(struct colour){ byte(fmin(16 + (y - 16) / light, 235)),
					 byte(128 + ((double)(part >> 8 & 0x7f) - 64) * 0.7),
					 byte(128 + ((double)(part >> 16 & 0x7f) - 64) * 0.7) };
	}
	for (int y = 0; y < l->h; y++)
		for (int x = 0; x < l->w; x++) {
			int i = y * l->w + x;

			put(c, l->x0 + x, l->y0 + y,
			    block[l->up[i] * BLOCKS_Y >> 10][l->along[i] * BLOCKS_X >> 10],
			    l->cover[i], l->depth[i]);
		}
}

/* Two leaves that slide apart; glass in a frame. */
static void draw_door(const struct layer *l, const struct layer_now *now, double open,
		      struct canvas *c)
{
	const struct image *luma = now->night && l->night.data ? &l->night : &l->y;
	int shift = (int)(open * 512 * 0.94);

	for (int y = 0; y < l->h; y++)
		for (int x = 0; x < l->w; x++) {
			int i = y * l->w + x, s = l->along[i], in;
			struct colour k = { image_row(luma, y)[x], image_row(&l->u, y)[x],
					    image_row(&l->v, y)[x] };
			bool frame;

			s = s < 512 ? s : 1023 - s;
			in = s + shift; /* from the leaf's outer edge */
			if (in >= 512)
				continue;
			frame = in < LEAF_FRAME || in >= 512 - LEAF_FRAME || l->up[i] > 990 ||
				l->up[i] < 50;
			put(c, l->x0 + x, l->y0 + y, k,
			    frame ? l->cover[i] : (int)(l->cover[i] * PANE_SHARE), l->depth[i]);
		}
}

void layer_draw(const struct layer *l, const struct scene *s, const struct layer_now *now,
		double open, struct canvas *c)
{
	switch (l->kind) {
	case LAYER_SCREEN:
		draw_screen(l, s, now, c);
		break;
	case LAYER_PLANT:
		draw_plant(l, now, c);
		break;
	case LAYER_DOOR:
		draw_door(l, now, open, c);
		break;
	default:
		draw_object(l, now->night, c);
	}
}
