/* SPDX-License-Identifier: Apache-2.0 */
/* body_draw.c -- limbs as pixels. */
#include "sim/body_raster.h"

#include "base/real.h"

#include <stdlib.h>

#define AMBIENT 0.74 /* light on a face across the light, and how much it changes */
#define DIRECTED 0.30

/* The camera's axes of a direction in the room. */
static struct pt_room to_axes(const struct lens *l, struct pt_room d)
{
	const double *t = l->turn;

	return vec(t[0] * d.x + t[1] * d.y + t[2] * d.z, t[3] * d.x + t[4] * d.y + t[5] * d.z,
		   t[6] * d.x + t[7] * d.y + t[8] * d.z);
}

static struct pt_room unit(struct pt_room a)
{
	double n = vec_len(a);

	return n > 1e-12 ? vec_scale(a, 1 / n) : vec(0, 0, -1);
}

/* The directions of a limb as it is seen: along it and across it in the picture, and towards
 * the camera. */
static struct axes picture_of(const struct hull *h)
{
	struct pt_room view = unit(vec_scale(vec_add(h->a.c, h->b.c), -1));
	struct pt_room along = vec(h->ex, h->ey, 0);
	struct axes f = { .z = view };

	f.x = unit(vec_sub(along, vec_scale(view, vec_dot(along, view))));
	f.y = vec_cross(f.x, view);
	return f;
}

/* Cells of a kind of cloth: metres along, and around; 0: it does not change that way. */
static const struct {
	double along, around;
	double deep; /* how much darker */
} cloths[] = {
	[CLOTH_PLAIN] = { 0, 0, 0 },          [CLOTH_FOLDS] = { 0.09, 0.06, 0.09 },
	[CLOTH_RINGS] = { 0.045, 0, 0.4 },    [CLOTH_STRIPES] = { 0, 0.035, 0.3 },
	[CLOTH_CHECKS] = { 0.05, 0.05, 0.3 }, [CLOTH_PRINT] = { 0.04, 0.04, 0.4 },
};

/* The pattern, fixed to the limb's front, and paler where its cells come near a pixel. */
static void brush_cloth(struct brush *b, const struct lens *lens, const struct limb *l,
			const struct hull *h, const struct axes *f)
{
	double along = cloths[l->pattern].along, around = cloths[l->pattern].around;
	double cell = along > 0 && (along < around || around == 0) ? along : around;
	double px = cell * h->a.r / h->a.m, n;
	struct pt_room axis = vec_sub(h->b.c, h->a.c), front, out;

	b->deep = (int)(256 * cloths[l->pattern].deep * clamp01((px - 1) / 2));
	if (b->deep == 0)
		return;
	b->cloth = (enum cloth)l->pattern;
	b->rows = along > 0 ? (float)(vec_len(axis) / along) : 0;
	if (around == 0)
		return;
	axis = unit(axis);
	front = to_axes(lens, vec(real_cos(l->turn), real_sin(l->turn), 0));
	front = vec_sub(front, vec_scale(axis, vec_dot(front, axis)));
	out = vec_cross(f->y, axis); /* the normal in the middle, but for its length */
	n = floor(REAL_PI * (h->a.m + h->b.m) / 2 / around + 0.5) * 2; /* even: checks meet */
	n = (n > 2 ? n : 2) / (2 * REAL_PI);
	b->cols = (float)n;
	b->turn = (float)(n * (4 * REAL_PI + real_atan2(vec_dot(out, vec_cross(axis, front)),
							vec_dot(out, front))));
}

static void brush_colour(struct brush *b, struct colour c, bool infrared)
{
	b->y = c.y > 16 ? c.y - 16 : 0;
	b->u = c.u - 128;
	b->v = c.v - 128;
	if (infrared) { /* most dyes let it through */
		b->y = 70 + b->y * 5 / 8;
		b->u = b->v = 0;
	}
	/* As bright as it gets without leaving the range of any of the three. */
	b->most = 256.0F * 219 / (float)(b->y > 1 ? b->y : 1);
	if (b->u != 0)
		b->most = fminf(b->most, 256.0F * 112 / (float)abs(b->u));
	if (b->v != 0)
		b->most = fminf(b->most, 256.0F * 112 / (float)abs(b->v));
}

static struct brush brush_of(const struct hull *h, const struct lens *lens,
			     const struct limb *l, const struct body_light *light)
{
	struct axes f = picture_of(h);
	struct pt_room from = to_axes(lens, light->from), way = vec_sub(h->b.c, h->a.c);
	double k = 256 * fmin(light->luma, 16) * l->shade / 255;
	double directed = DIRECTED * k, round = directed * (255 - l->flat) / 255;
	double len = vec_len(way), lean = vec_dot(way, f.z);
	double flat = sqrt(fmax(len * len - lean * lean, 1e-6 * len * len));
	struct brush b = {
		.dt = (float)(h->ex / h->d),
		.dc = (float)-h->ey,
		.ira = (float)(1 / h->a.r),
		.dir = (float)(1 / h->b.r - 1 / h->a.r),
		.nearer = len > 0 ? (float)((h->a.m + h->b.m) / 2 * lean / (flat * len)) : 0,
		.over = (float)(h->d / h->a.r),
		.dover = (float)(h->d / h->b.r - h->d / h->a.r),
		.z = (float)(h->a.z * DEPTH_UNITS),
		.dz = (float)((h->b.z - h->a.z) * DEPTH_UNITS),
		.r = (float)(h->a.m * DEPTH_UNITS),
		.dr = (float)((h->b.m - h->a.m) * DEPTH_UNITS),
		.light = (float)(AMBIENT * k),
		.side = (float)(round * vec_dot(f.y, from)),
		.end = (float)(round * vec_dot(f.x, from)),
		.front = (float)(directed * vec_dot(f.z, from)),
	};

	brush_colour(&b, l->colour, light->infrared);
	if (l->pattern != CLOTH_PLAIN && l->pattern <= CLOTH_PRINT)
		brush_cloth(&b, lens, l, h, &f);
	return b;
}

/* Whether the cell of the pattern that is at along (t), across (radii) is a dark one. */
static bool dark_cell(const struct brush *b, float along, float across)
{
	/* An angle from its sine: near enough for cloth. */
	float angle = across + 0.5F * across * across * across;
	unsigned row = (unsigned)(int)(b->rows * along);
	unsigned col = (unsigned)(int)(b->cols * angle + b->turn), mixed;

	switch (b->cloth) {
	case CLOTH_RINGS:
		return row & 1;
	case CLOTH_STRIPES:
		return col & 1;
	case CLOTH_CHECKS:
		return (row ^ col) & 1;
	default:
		mixed = (row * 0x9e3779b1U) ^ (col * 0x85ebca6bU);
		mixed = (mixed ^ mixed >> 15) * 0x2c1b3c6dU;
		return mixed >> 30 == 0;
	}
}

/* Those of n pixels that are in front, from column x of row y on. */
static void paint(const struct canvas *p, int x, int y, int n, const struct brush *b,
		  const struct stretch *s)
{
	size_t first = (size_t)y * (size_t)p->w + (size_t)x;
	uint16_t *depth = p->depth + first, *owner = p->owner + first;
	uint8_t *py = image_row(&p->y, y) + x, *pu = image_row(&p->u, y) + x,
		*pv = image_row(&p->v, y) + x;

	for (int i = 0; i < n; i++) {
		int k = s->light[i];

		if (s->z[i] >= depth[i])
			continue;
		if (b->deep && dark_cell(b, s->at[i], s->across[i]))
			k -= k * b->deep >> 8;
		depth[i] = (uint16_t)s->z[i];
		owner[i] = b->owner;
		py[i] = (uint8_t)(16 + (b->y * k >> 8));
		pu[i] = (uint8_t)(128 + (b->u * k >> 8));
		pv[i] = (uint8_t)(128 + (b->v * k >> 8));
	}
}

static void draw_hull(const struct canvas *p, const struct hull *h, const struct brush *b)
{
	struct stretch s;
	int y0, y1, from, to;

	hull_lines(h, p->h, &y0, &y1);
	for (int y = y0; y < y1; y++) {
		double dy = y + 0.5 - h->a.y;

		if (!hull_columns(h, y, p->w, &from, &to))
			continue;
		for (int x = from; x < to; x += STRETCH) {
			double dx = x + 0.5 - h->a.x;
			int n = to - x < STRETCH ? to - x : STRETCH;

			body_form(b, (float)((dx * h->ex + dy * h->ey) / h->d),
				  (float)(dy * h->ex - dx * h->ey), n, &s);
			paint(p, x, y, n, b, &s);
		}
	}
}

void body_draw(struct canvas *c, const struct lens *lens, const struct limb *limb, int n,
	       const struct body_light *light, int owner)
{
	struct hull h[2];

	for (int i = 0; i < n; i++) {
		int parts = hulls_of(lens, &limb[i], h);

		for (int k = 0; k < parts; k++) {
			struct brush b = brush_of(&h[k], lens, &limb[i], light);

			b.owner = (uint16_t)owner;
			draw_hull(c, &h[k], &b);
		}
	}
}
