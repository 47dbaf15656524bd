/* SPDX-License-Identifier: Apache-2.0 */
/* body_draw.c -- limbs as pixels.
 *
 * A limb is seen as the convex hull of two discs, its balls' pictures: exact for a ball on the
 * camera's axis, and good wherever a ball is small against its distance. A row of it is what
 * discs and tangents cover. Along a row, the way along the limb (t, 0 at ball a, 1 at ball b)
 * and across it (s, in radii) change linearly. A limb is a ball on its way from a to b: the
 * surface at a pixel belongs to the ball that is nearest to the camera there. When the limb
 * leans by angle l out of the picture, that is the one which is sqrt(1 - s^2) r tan(l) nearer
 * along the limb, or the end. Depth and light are that ball's. Set-up in double, pixels in
 * integers.
 */
#include "sim/body_parts.h"

#include "base/real.h"

#include <stdlib.h>

#define NEAREST_M 0.05
#define THIN_PX 0.5       /* nothing is drawn thinner: a far wire does not break up */
#define FAR_PX 1e6        /* coordinates are cut there */
#define DEPTH_UNITS 500.0 /* per metre */
#define AMBIENT 0.74      /* light on a face across the light, and how much it changes */
#define DIRECTED 0.30
#define ONE 65536 /* 1 in the pixels' integers */

/* A ball's picture. */
struct disc {
	double x, y, r;   /* pixels */
	double z, m;      /* metres: along the axis, radius */
	struct pt_room c; /* in the camera's axes */
};

/* Two discs of which none holds the other, or one disc twice (then d is 1). */
struct hull {
	struct disc a, b;
	double d, ex, ey; /* from a to b: pixels, direction */
	/* The two tangents: where they begin, rows until which, and columns per row. */
	double x0[2], y0[2], y1[2], slope[2];
};

/* What the pixels of a hull need; Q16 where nothing else is said. */
struct brush {
	int64_t dt, dc;         /* from pixel to pixel: along; across in pixels */
	int64_t ira, dir;       /* 1 / radius in pixels, Q20: at a, and the change to b */
	int64_t nearer;         /* t of the ball that is seen in the middle, less t */
	int64_t over_a, over_b; /* from t to radii, at a and at b */
	int64_t z, dz, r, dr;   /* depth and radius in units of depth: at a, change to b */
	int64_t light;          /* brightness, Q8; its change across, along, to the front */
	int64_t side, end, front;
	int64_t y, u, v; /* less 16, 128, 128 */
	enum cloth cloth;
	int64_t deep;       /* how dark the pattern is, Q8 */
	int64_t rows, cols; /* of the pattern: along, and in one radian around; Q8 */
	int64_t turn;       /* around at the middle; Q8 cells */
	uint16_t owner;
};

/* 256 sqrt(1 - (i + 1/2) / 256) */
static const uint16_t dome[256] = {
	256, 255, 255, 254, 254, 253, 253, 252, 252, 251, 251, 250, 250, 249, 249, 248,
	248, 247, 247, 246, 246, 245, 244, 244, 243, 243, 242, 242, 241, 241, 240, 240,
	239, 239, 238, 238, 237, 237, 236, 235, 235, 234, 234, 233, 233, 232, 232, 231,
	230, 230, 229, 229, 228, 228, 227, 227, 226, 225, 225, 224, 224, 223, 223, 222,
	221, 221, 220, 220, 219, 219, 218, 217, 217, 216, 216, 215, 214, 214, 213, 213,
	212, 211, 211, 210, 210, 209, 208, 208, 207, 206, 206, 205, 205, 204, 203, 203,
	202, 201, 201, 200, 200, 199, 198, 198, 197, 196, 196, 195, 194, 194, 193, 192,
	192, 191, 190, 190, 189, 188, 188, 187, 186, 186, 185, 184, 183, 183, 182, 181,
	181, 180, 179, 179, 178, 177, 176, 176, 175, 174, 173, 173, 172, 171, 170, 170,
	169, 168, 167, 167, 166, 165, 164, 164, 163, 162, 161, 160, 160, 159, 158, 157,
	156, 156, 155, 154, 153, 152, 151, 151, 150, 149, 148, 147, 146, 145, 144, 144,
	143, 142, 141, 140, 139, 138, 137, 136, 135, 134, 133, 132, 131, 130, 129, 128,
	127, 126, 125, 124, 123, 122, 121, 120, 119, 118, 117, 116, 115, 114, 113, 111,
	110, 109, 108, 107, 106, 104, 103, 102, 101, 99,  98,  97,  95,  94,  93,  91,
	90,  88,  87,  85,  84,  82,  81,  79,  78,  76,  74,  72,  71,  69,  67,  65,
	63,  61,  59,  57,  54,  52,  49,  47,  44,  41,  38,  34,  30,  25,  20,  11,
};

/* False where it is not seen as a disc: behind the camera, around it, too far aside. */
static bool disc_of(const struct lens *l, struct pt_room p, double r, struct disc *d)
{
	struct pt_room c = lens_to_camera(l, p);
	double x, y, r2, k;

	if (!(c.z > NEAREST_M && c.z > 1.1 * r && r >= 0))
		return false;
	x = c.x / c.z;
	y = c.y / c.z;
	r2 = x * x + y * y;
	if (!(r2 < l->r2_max && r2 < 100))
		return false;
	k = 1 + l->k1 * r2;
	d->x = l->cx + l->f_px * k * x;
	d->y = l->cy + l->f_px * k * y;
	/* Of the ellipse that it really is, the circle of the same area: stretched outwards by
	 * the slant, and by the lens. */
	d->r = l->f_px * r / sqrt(c.z * c.z - r * r) *
	       sqrt(sqrt(1 + r2) * k * (1 + 3 * l->k1 * r2));
	d->r = d->r > THIN_PX ? d->r : THIN_PX;
	d->z = c.z;
	d->m = r;
	d->c = c;
	return fabs(d->x) < FAR_PX && fabs(d->y) < FAR_PX && d->r < FAR_PX;
}

static struct hull hull_of_disc(const struct disc *a)
{
	return (struct hull){ .a = *a, .b = *a, .d = 1, .ex = 1, .y0 = { 1, 1 } };
}

/* False when one disc holds the other, or nearly. */
static bool hull_of(const struct disc *a, const struct disc *b, struct hull *h)
{
	double dx = b->x - a->x, dy = b->y - a->y, d = sqrt(dx * dx + dy * dy), s, c;

	if (d < 0.5 || d < fabs(a->r - b->r) + 0.05)
		return false;
	*h = (struct hull){ .a = *a, .b = *b, .d = d, .ex = dx / d, .ey = dy / d };
	s = (a->r - b->r) / d;
	c = sqrt(1 - s * s);
	for (int i = 0; i < 2; i++, c = -c) {
		double nx = s * h->ex - c * h->ey, ny = s * h->ey + c * h->ex;
		double xa = a->x + a->r * nx, ya = a->y + a->r * ny;
		double xb = b->x + b->r * nx, yb = b->y + b->r * ny;

		h->x0[i] = ya <= yb ? xa : xb;
		h->y0[i] = ya <= yb ? ya : yb;
		h->y1[i] = ya <= yb ? yb : ya;
		h->slope[i] = fabs(yb - ya) > 1e-9 ? (xb - xa) / (yb - ya) : 0;
	}
	return true;
}

/* What of a limb is seen: a hull; or both balls, when it points at the camera; or nothing. */
static int hulls_of(const struct lens *lens, const struct limb *l, struct hull h[2])
{
	struct disc a, b;

	if (!disc_of(lens, l->a, l->ra, &a) || !disc_of(lens, l->b, l->rb, &b))
		return 0;
	if (hull_of(&a, &b, h))
		return 1;
	h[0] = hull_of_disc(&a);
	h[1] = hull_of_disc(&b);
	return 2;
}

static void widen(double *left, double *right, double lo, double hi)
{
	*left = lo < *left ? lo : *left;
	*right = hi > *right ? hi : *right;
}

static void widen_disc(const struct disc *d, double y, double *left, double *right)
{
	double dy = y - d->y, q = d->r * d->r - dy * dy;

	if (q >= 0) {
		q = sqrt(q);
		widen(left, right, d->x - q, d->x + q);
	}
}

/* The pixels from .. to - 1 of row y, of w, whose centres lie in a hull; false: none. */
static bool hull_columns(const struct hull *h, int y, int w, int *from, int *to)
{
	double at = y + 0.5, left = 4 * FAR_PX, right = -4 * FAR_PX;

	widen_disc(&h->a, at, &left, &right);
	widen_disc(&h->b, at, &left, &right);
	for (int i = 0; i < 2; i++) {
		double x = h->x0[i] + (at - h->y0[i]) * h->slope[i];

		if (at >= h->y0[i] && at <= h->y1[i])
			widen(&left, &right, x, x);
	}
	left = left > 0 ? left : 0;
	right = right < w ? right : w;
	if (!(left < right))
		return false;
	*from = (int)ceil(left - 0.5);
	*to = (int)floor(right - 0.5) + 1;
	return *from < *to;
}

static void hull_box(const struct hull *h, double box[4])
{
	box[0] = fmin(h->a.x - h->a.r, h->b.x - h->b.r);
	box[1] = fmin(h->a.y - h->a.r, h->b.y - h->b.r);
	box[2] = fmax(h->a.x + h->a.r, h->b.x + h->b.r);
	box[3] = fmax(h->a.y + h->a.r, h->b.y + h->b.r);
}

/* The rows of a picture h high that a hull can touch: from .. to - 1. */
static void hull_lines(const struct hull *hull, int h, int *from, int *to)
{
	double box[4];

	hull_box(hull, box);
	*from = box[1] > 0 ? box[1] < h ? (int)box[1] : h : 0;
	*to = box[3] > 0 ? box[3] < h ? (int)box[3] + 1 : h : 0;
}

bool body_box(const struct lens *lens, const struct limb *limb, int n, struct box_px *box)
{
	double all[4] = { 8 * FAR_PX, 8 * FAR_PX, -8 * FAR_PX, -8 * FAR_PX }, one[4];
	struct hull h[2];
	bool any = false;

	for (int i = 0; i < n; i++) {
		int parts = hulls_of(lens, &limb[i], h);

		for (int k = 0; k < parts; k++, any = true) {
			hull_box(&h[k], one);
			widen(&all[0], &all[2], one[0], one[2]);
			widen(&all[1], &all[3], one[1], one[3]);
		}
	}
	if (any)
		*box = (struct box_px){ all[0], all[1], all[2] - all[0], all[3] - all[1] };
	return any;
}

void body_rows(const struct lens *lens, const struct limb *limb, int w, int h,
	       void (*row)(void *arg, int y, int x0, int x1), void *arg)
{
	struct hull hull[2];
	int parts = hulls_of(lens, limb, hull), y0, y1, from, to;

	if (parts == 0)
		return;
	if (parts == 2) /* one holds the other, near enough: together they have no gaps */
		hull[0].b = hull[1].a;
	hull_lines(&hull[0], h, &y0, &y1);
	for (int y = y0; y < y1; y++)
		if (hull_columns(&hull[0], y, w, &from, &to))
			row(arg, y, from, to);
}

static int64_t fixed(double x, double one)
{
	return (int64_t)floor(x * one + 0.5);
}

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

	b->deep = fixed(cloths[l->pattern].deep * clamp01((px - 1) / 2), 256);
	if (b->deep == 0)
		return;
	b->cloth = (enum cloth)l->pattern;
	b->rows = along > 0 ? fixed(vec_len(axis) / along, 256) : 0;
	if (around == 0)
		return;
	axis = unit(axis);
	front = to_axes(lens, vec(real_cos(l->turn), real_sin(l->turn), 0));
	front = vec_sub(front, vec_scale(axis, vec_dot(front, axis)));
	out = vec_cross(f->y, axis); /* the normal in the middle, but for its length */
	n = floor(REAL_PI * (h->a.m + h->b.m) / 2 / around + 0.5) * 2; /* even: checks meet */
	n = (n > 2 ? n : 2) / (2 * REAL_PI);
	b->turn = fixed(n * (8 * REAL_PI + real_atan2(vec_dot(out, vec_cross(axis, front)),
						      vec_dot(out, front))),
			256);
	b->cols = fixed(n, 256);
}

static void brush_colour(struct brush *b, struct colour c, bool infrared)
{
	b->y = c.y - 16;
	b->u = c.u - 128;
	b->v = c.v - 128;
	if (infrared) { /* most dyes let it through */
		b->y = 70 + b->y * 5 / 8;
		b->u = b->v = 0;
	}
}

static struct brush brush_of(const struct hull *h, const struct lens *lens,
			     const struct limb *l, const struct body_light *light)
{
	struct axes f = picture_of(h);
	struct pt_room from = to_axes(lens, light->from), l3 = vec_sub(h->b.c, h->a.c);
	double k = 256 * light->luma * l->shade / 255,
	       round = DIRECTED * k * (255 - l->flat) / 255;
	double len = vec_len(l3), lean = vec_dot(l3, f.z);
	double flat = sqrt(fmax(len * len - lean * lean, 1e-6 * len * len));
	struct brush b = {
		.dt = fixed(h->ex / h->d, ONE),
		.dc = fixed(-h->ey, 256),
		.ira = fixed(1 / h->a.r, 1 << 20),
		.dir = fixed(1 / h->b.r - 1 / h->a.r, 1 << 20),
		.nearer = len > 0 ? fixed((h->a.m + h->b.m) / 2 * lean / (flat * len), ONE) : 0,
		.over_a = fixed(h->d / h->a.r, ONE),
		.over_b = fixed(h->d / h->b.r, ONE),
		.z = fixed(h->a.z, DEPTH_UNITS),
		.dz = fixed(h->b.z - h->a.z, DEPTH_UNITS),
		.r = fixed(h->a.m, DEPTH_UNITS),
		.dr = fixed(h->b.m - h->a.m, DEPTH_UNITS),
		.light = fixed(AMBIENT * k, 1),
		.side = fixed(round * vec_dot(f.y, from), 1),
		.end = fixed(round * vec_dot(f.x, from), 1),
		.front = fixed(DIRECTED * k * vec_dot(f.z, from), 1),
	};

	brush_colour(&b, l->colour, light->infrared);
	if (l->pattern != CLOTH_PLAIN)
		brush_cloth(&b, lens, l, h, &f);
	return b;
}

/* Whether the cell of the pattern that is at along (Q16), across (Q16 radii) is a dark one. */
static int64_t dark_cell(const struct brush *b, int64_t along, int64_t across)
{
	/* An angle from its sine: near enough for cloth. */
	int64_t angle = across + ((across * across >> 16) * across >> 17);
	uint32_t row = (uint32_t)(b->rows * along >> 24);
	uint32_t col = (uint32_t)(((b->cols * angle >> 16) + b->turn) >> 8), mixed;

	switch (b->cloth) {
	case CLOTH_RINGS:
		return row & 1;
	case CLOTH_STRIPES:
		return col & 1;
	case CLOTH_CHECKS:
		return (row ^ col) & 1;
	default:
		mixed = (row * 0x9e3779b1u) ^ (col * 0x85ebca6bu);
		mixed = (mixed ^ mixed >> 15) * 0x2c1b3c6du;
		return mixed >> 30 == 0;
	}
}

static uint8_t level(int64_t x, int64_t most)
{
	return (uint8_t)(x < 16 ? 16 : x > most ? most : x);
}

/* Within 0 .. most. */
static int64_t limit(int64_t x, int64_t most)
{
	return x < 0 ? 0 : x > most ? most : x;
}

/* Pixels of a row: n of them from x on, the first at t and c (pixels Q8). */
static void paint(const struct canvas *p, int x, int y, int n, const struct brush *b, int64_t t,
		  int64_t c)
{
	size_t first = (size_t)y * (size_t)p->w + (size_t)x;
	uint16_t *depth = p->depth + first, *owner = p->owner + first;
	uint8_t *py = image_row(&p->y, y) + x, *pu = image_row(&p->u, y) + x,
		*pv = image_row(&p->v, y) + x;

	for (int i = 0; i < n; i++, t += b->dt, c += b->dc) {
		int64_t s = c * (b->ira + (b->dir * limit(t, ONE) >> 16)) >> 12, at, o, w, z, k;

		w = dome[limit(s * s >> 24, 255)];
		at = limit(t + (b->nearer * w >> 8), ONE);
		o = (t - at) * (b->over_a + ((b->over_b - b->over_a) * at >> 16)) >> 16;
		w = dome[limit((s * s + o * o) >> 24, 255)];
		z = b->z + (b->dz * at >> 16) - ((b->r + (b->dr * at >> 16)) * w >> 8);
		z = z > 0 ? z : 0;
		if (z >= depth[i])
			continue;
		k = b->light + ((b->side * s + b->end * o) >> 16) + (b->front * w >> 8);
		if (b->deep && dark_cell(b, at, s))
			k -= k * b->deep >> 8;
		depth[i] = (uint16_t)z;
		owner[i] = b->owner;
		py[i] = level(16 + (b->y * k >> 8), 235);
		pu[i] = level(128 + (b->u * k >> 8), 240);
		pv[i] = level(128 + (b->v * k >> 8), 240);
	}
}

static void draw_hull(const struct canvas *p, const struct hull *h, const struct brush *b)
{
	int y0, y1, from, to;

	hull_lines(h, p->h, &y0, &y1);
	for (int y = y0; y < y1; y++) {
		double dx, dy = y + 0.5 - h->a.y;

		if (!hull_columns(h, y, p->w, &from, &to))
			continue;
		dx = from + 0.5 - h->a.x;
		paint(p, from, y, to - from, b, fixed((dx * h->ex + dy * h->ey) / h->d, ONE),
		      fixed(dy * h->ex - dx * h->ey, 256));
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
