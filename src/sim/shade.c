/* SPDX-License-Identifier: Apache-2.0 */
/* shade.c -- people's shadows and sun patches on the floor.
 *
 * A limb's shadow is the hull of the two balls' shadows, thrown from a lamp onto the floor. A
 * person's three brightest lamps throw shadows of their own; all other lamps together throw one
 * straight down. Each shadow is drawn as a mask of cells around the person, blurred, and added
 * to the map with the lamp's share of the light there.
 */
#include "sim/shade.h"

#include "base/real.h"
#include "base/vec.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define CELL_M 0.05
#define CELLS_MAX 900 /* along each side; larger floors have larger cells */
#define MARGIN_M 2.0  /* around the floor */
#define REACH 80      /* farthest shadow from its person, cells */
#define MASK (2 * REACH)
#define LAMPS 3
#define FAINT 6         /* of ONE: a shadow of its own is not worth it */
#define WIRE_M 0.012    /* thinner: no shadow */
#define THROW_MOST 4.0  /* a ball's shadow is at most so many times its own size */
#define SUN_SOFT_M 0.08 /* edge of a patch */
#define FINE 16         /* pixels' places in the map: parts of a cell */
#define NOWHERE UINT32_MAX
#define ONE 256

struct rect { /* x0 <= x < x1 */
	int x0, y0, x1, y1;
};

struct shade {
	const struct stage *st;
	double x0, y0, cell;
	int w, h;
	int blur;       /* radius of the box, cells */
	uint16_t most;  /* of dark: what scene.picture.shadows allows */
	uint16_t *dark; /* w x h, ONE: all light lost */
	uint8_t *hid;   /* w x h, how much of the sun people hide, 0..255 */
	uint16_t *sun;  /* w x h, what the sun adds, in ONEs */
	uint16_t *k;    /* w x h, the brightness, in ONEs */
	struct rect sunny;
	int64_t sun_key[SCENE_MAX][3];
	double level[SCENE_MAX];
	VEC(struct rect) touched;
	uint32_t *place;     /* each pixel's: cell of the map, FINE parts down, FINE across */
	struct rect *tile;   /* cells that each tile of the picture looks at */
	struct rect seen;    /* all of them */
	uint8_t *mask, *tmp; /* MASK x MASK */
};

static struct rect empty(void)
{
	return (struct rect){ INT32_MAX, INT32_MAX, INT32_MIN, INT32_MIN };
}

static void widen(struct rect *r, int x0, int y0, int x1, int y1)
{
	r->x0 = x0 < r->x0 ? x0 : r->x0;
	r->y0 = y0 < r->y0 ? y0 : r->y0;
	r->x1 = x1 > r->x1 ? x1 : r->x1;
	r->y1 = y1 > r->y1 ? y1 : r->y1;
}

static void clip(struct rect *r, int x0, int y0, int x1, int y1)
{
	r->x0 = r->x0 > x0 ? r->x0 : x0;
	r->y0 = r->y0 > y0 ? r->y0 : y0;
	r->x1 = r->x1 < x1 ? r->x1 : x1;
	r->y1 = r->y1 < y1 ? r->y1 : y1;
}

static bool meets(const struct rect *a, const struct rect *b)
{
	return a->x0 < b->x1 && b->x0 < a->x1 && a->y0 < b->y1 && b->y0 < a->y1;
}

static void place_pixel(struct shade *s, int x, int y)
{
	int i = y * s->st->day.w + x, tile;
	struct pt_m p;
	double gx, gy;

	s->place[i] = NOWHERE;
	if (!s->st->floor[i] || !lens_floor(s->st->lens, x + 0.5, y + 0.5, &p))
		return;
	gx = (p.x - s->x0) / s->cell - 0.5;
	gy = (p.y - s->y0) / s->cell - 0.5;
	if (!(gx >= 0 && gy >= 0 && gx < s->w - 1 && gy < s->h - 1))
		return;
	s->place[i] = ((uint32_t)gy * (uint32_t)s->w + (uint32_t)gx) * FINE * FINE +
		      (uint32_t)((gy - floor(gy)) * FINE) * FINE +
		      (uint32_t)((gx - floor(gx)) * FINE);
	tile = y / DIRT_H * ((s->st->day.w + DIRT_W - 1) / DIRT_W) + x / DIRT_W;
	widen(&s->tile[tile], (int)gx, (int)gy, (int)gx + 2, (int)gy + 2);
	widen(&s->seen, (int)gx, (int)gy, (int)gx + 2, (int)gy + 2);
}

static void place_pixels(struct shade *s)
{
	int w = s->st->day.w, h = s->st->day.h;
	int tiles = ((w + DIRT_W - 1) / DIRT_W) * ((h + DIRT_H - 1) / DIRT_H);

	s->place = xcalloc((size_t)w * (size_t)h, sizeof(*s->place));
	s->tile = xcalloc((size_t)tiles, sizeof(*s->tile));
	s->seen = empty();
	for (int i = 0; i < tiles; i++)
		s->tile[i] = empty();
	for (int y = 0; y < h; y++)
		for (int x = 0; x < w; x++)
			place_pixel(s, x, y);
}

struct shade *shade_new(const struct stage *st)
{
	const struct scene *sc = st->scene;
	const struct scene_floor *f = &sc->floor;
	struct shade *s = xcalloc(1, sizeof(*s));
	double w = fabs(f->to.x - f->from.x) + 2 * MARGIN_M;
	double h = fabs(f->to.y - f->from.y) + 2 * MARGIN_M;
	size_t n;

	s->st = st;
	s->cell = fmax(CELL_M, fmax(w, h) / CELLS_MAX);
	s->x0 = fmin(f->from.x, f->to.x) - MARGIN_M;
	s->y0 = fmin(f->from.y, f->to.y) - MARGIN_M;
	s->w = (int)(w / s->cell) + 1;
	s->h = (int)(h / s->cell) + 1;
	s->blur = (int)(sc->picture.shadow_soft_m / s->cell / 2);
	s->blur = s->blur > REACH / 6 ? REACH / 6 : s->blur;
	s->most = (uint16_t)(ONE * sc->picture.shadows + 0.5);
	n = (size_t)s->w * (size_t)s->h;
	s->dark = xcalloc(n, sizeof(*s->dark));
	s->hid = xcalloc(n, sizeof(*s->hid));
	s->sun = xcalloc(n, sizeof(*s->sun));
	s->k = xcalloc(n, sizeof(*s->k));
	for (size_t i = 0; i < n; i++)
		s->k[i] = ONE;
	s->sunny = empty();
	s->mask = xcalloc(MASK, MASK);
	s->tmp = xcalloc(MASK, MASK);
	place_pixels(s);
	return s;
}

void shade_free(struct shade *s)
{
	if (!s)
		return;
	free(s->dark);
	free(s->hid);
	free(s->sun);
	free(s->k);
	VEC_FREE(&s->touched);
	free(s->place);
	free(s->tile);
	free(s->mask);
	free(s->tmp);
	free(s);
}

/* Brightness of n cells. */
static void settle_row(uint16_t *restrict k, const uint16_t *restrict dark, uint16_t most,
		       const uint16_t *restrict sun, const uint8_t *restrict hid, int n)
{
	for (int x = 0; x < n; x++) {
		uint16_t d = dark[x] < most ? dark[x] : most;

		k[x] = (uint16_t)(ONE - d);
	}
	for (int x = 0; sun && x < n; x++)
		k[x] = (uint16_t)(k[x] + sun[x] * (255 - hid[x]) / 255);
}

static void settle(struct shade *s, const struct rect *r)
{
	bool sun = meets(r, &s->sunny);

	for (int y = r->y0; y < r->y1; y++) {
		size_t i = (size_t)y * (size_t)s->w + (size_t)r->x0;

		settle_row(s->k + i, s->dark + i, s->most, sun ? s->sun + i : NULL, s->hid + i,
			   r->x1 - r->x0);
	}
}

/* How far inside of a patch, moved by -shift, a point is, metres; outside: negative. */
static double inside_by(const struct polyline *p, double x, double y)
{
	bool in = false;
	double near2 = HUGE_VAL;

	for (int i = 0, j = p->n - 1; i < p->n; j = i++) {
		struct pt_m a = p->at[j], b = p->at[i];
		double ex = b.x - a.x, ey = b.y - a.y, px = x - a.x, py = y - a.y;
		double len2 = ex * ex + ey * ey, k = len2 > 0 ? (px * ex + py * ey) / len2 : 0;

		k = k < 0 ? 0 : k > 1 ? 1 : k;
		px -= k * ex;
		py -= k * ey;
		near2 = fmin(near2, px * px + py * py);
		if ((a.y > y) != (b.y > y) && x < a.x + (y - a.y) / ey * ex)
			in = !in;
	}
	return in ? sqrt(near2) : -sqrt(near2);
}

static void sun_bounds(const struct shade *s, const struct scene_sun *sun, double dx, double dy,
		       struct rect *r)
{
	*r = empty();
	for (int i = 0; i < sun->patch.n; i++) {
		double gx = (sun->patch.at[i].x + dx - s->x0) / s->cell;
		double gy = (sun->patch.at[i].y + dy - s->y0) / s->cell;

		gx = fmin(fmax(gx, -9), s->w + 9);
		gy = fmin(fmax(gy, -9), s->h + 9);
		widen(r, (int)gx - 3, (int)gy - 3, (int)gx + 4, (int)gy + 4);
	}
	clip(r, 0, 0, s->w, s->h);
}

static void add_patch(struct shade *s, const struct scene_sun *sun, double dx, double dy,
		      double bright)
{
	struct rect r;

	sun_bounds(s, sun, dx, dy, &r);
	if (r.x0 >= r.x1 || r.y0 >= r.y1)
		return;
	for (int y = r.y0; y < r.y1; y++)
		for (int x = r.x0; x < r.x1; x++) {
			double px = s->x0 + (x + 0.5) * s->cell - dx;
			double py = s->y0 + (y + 0.5) * s->cell - dy;
			double k = inside_by(&sun->patch, px, py) / SUN_SOFT_M + 0.5;
			uint16_t *c = &s->sun[y * s->w + x];

			k = k < 0 ? 0 : k > 1 ? 1 : k;
			*c = (uint16_t)fmin(*c + k * bright * ONE, 4 * ONE);
		}
	widen(&s->sunny, r.x0, r.y0, r.x1, r.y1);
}

/* Patches move in steps of a centimetre and fade in steps of a 256th. */
static bool sun_moved(struct shade *s, double t)
{
	const struct scene *sc = s->st->scene;
	bool moved = false;

	for (int i = 0; i < sc->n_suns; i++) {
		const struct scene_sun *sun = &sc->sun[i];
		int64_t key[3] = { (int64_t)floor(sun->m_per_h.x * t / 36 + 0.5),
				   (int64_t)floor(sun->m_per_h.y * t / 36 + 0.5),
				   (int64_t)floor(sun_fade(sun, t) * 256 + 0.5) };

		moved |= memcmp(key, s->sun_key[i], sizeof(key)) != 0;
		memcpy(s->sun_key[i], key, sizeof(key));
	}
	return moved;
}

static void move_sun(struct shade *s, double t)
{
	const struct scene *sc = s->st->scene;
	struct rect was = s->sunny;

	if (!sun_moved(s, t))
		return;
	for (int y = was.y0; y < was.y1; y++)
		memset(s->sun + y * s->w + was.x0, 0,
		       (size_t)(was.x1 - was.x0) * sizeof(*s->sun));
	s->sunny = empty();
	for (int i = 0; i < sc->n_suns; i++)
		if (s->sun_key[i][2] > 0)
			add_patch(s, &sc->sun[i], (double)s->sun_key[i][0] / 100,
				  (double)s->sun_key[i][1] / 100,
				  sc->sun[i].strength * (double)s->sun_key[i][2] / 256);
	settle(s, &was);
	settle(s, &s->sunny);
}

void shade_begin(struct shade *s, double t, const double *level)
{
	for (size_t i = 0; i < s->touched.n; i++) {
		const struct rect *r = &s->touched.v[i];
		size_t n = (size_t)(r->x1 - r->x0);

		for (int y = r->y0; y < r->y1; y++) {
			memset(s->dark + y * s->w + r->x0, 0, n * sizeof(*s->dark));
			memset(s->hid + y * s->w + r->x0, 0, n);
		}
		settle(s, r);
	}
	s->touched.n = 0;
	memcpy(s->level, level, (size_t)s->st->lights.n * sizeof(*level));
	if (s->st->scene->n_suns)
		move_sun(s, t);
}

double shade_sun(const struct shade *s, struct pt_m at)
{
	double gx = (at.x - s->x0) / s->cell, gy = (at.y - s->y0) / s->cell;

	if (!(gx >= 0 && gy >= 0 && gx < s->w && gy < s->h))
		return 1;
	return 1 + (double)s->sun[(int)gy * s->w + (int)gx] / ONE;
}

/* Where light comes from: a lamp, or, far away, a direction. */
struct beam {
	struct pt_room from;
	bool parallel;
};

/* The shadow of a ball on the floor. */
struct spot {
	double x, y, r; /* in cells of the mask */
};

/* A mask's place: its cell (0, 0) is cell (x, y) of the map. */
struct place {
	int x, y;
};

static struct spot throw(const struct shade *s, const struct place *o, const struct beam *b,
			 struct pt_room c, double r)
{
	double k = 1, x, y;

	if (b->parallel) {
		x = c.x - b->from.x / b->from.z * c.z;
		y = c.y - b->from.y / b->from.z * c.z;
	} else {
		k = b->from.z > c.z ? b->from.z / (b->from.z - c.z) : THROW_MOST;
		k = k > THROW_MOST ? THROW_MOST : k;
		x = b->from.x + (c.x - b->from.x) * k;
		y = b->from.y + (c.y - b->from.y) * k;
	}
	return (struct spot){ (x - s->x0) / s->cell - 0.5 - o->x,
			      (y - s->y0) / s->cell - 0.5 - o->y, r * k / s->cell };
}

/* The columns of row y that a spot covers, wider than those given. */
static void span_spot(const struct spot *a, double y, double *left, double *right)
{
	double dy = y - a->y, q = a->r * a->r - dy * dy;

	if (q < 0)
		return;
	q = sqrt(q);
	*left = fmin(*left, a->x - q);
	*right = fmax(*right, a->x + q);
}

/* The same of the line between two spots, as wide as they are on average. */
static void span_line(const struct spot *a, const struct spot *b, double y, double *left,
		      double *right)
{
	double ex = b->x - a->x, ey = b->y - a->y, len = sqrt(ex * ex + ey * ey);

	for (int side = -1; side <= 1; side += 2) {
		double nx = -ey / len * side, ny = ex / len * side;
		double x0 = a->x + nx * a->r, y0 = a->y + ny * a->r;
		double x1 = b->x + nx * b->r, y1 = b->y + ny * b->r, x;

		if ((y < y0) == (y < y1))
			continue;
		x = x0 + (x1 - x0) * (y - y0) / (y1 - y0);
		*left = fmin(*left, x);
		*right = fmax(*right, x);
	}
}

/* Fills the hull of two spots within the part of the mask that leaves room for the blur: each
 * of its two passes reaches one radius farther, and the last looks one beyond. */
static void fill(struct shade *s, const struct spot *a, const struct spot *b, struct rect *seen)
{
	double lo = 3 * s->blur, hi = MASK - 3 * s->blur;
	double y0 = fmax(fmin(a->y - a->r, b->y - b->r), lo);
	double y1 = fmin(fmax(a->y + a->r, b->y + b->r), hi - 1);

	for (int y = (int)ceil(y0); y <= y1; y++) {
		double left = HUGE_VAL, right = -HUGE_VAL;
		int x0, x1;

		span_spot(a, y, &left, &right);
		span_spot(b, y, &left, &right);
		span_line(a, b, y, &left, &right);
		if (!(right >= lo && left < hi - 1))
			continue;
		x0 = (int)(fmax(left, lo) + 0.5);
		x1 = (int)(fmin(right, hi - 1) + 0.5) + 1;
		memset(s->mask + y * MASK + x0, 255, (size_t)(x1 - x0));
		widen(seen, x0, y, x1, y + 1);
	}
}

/* Each of n bytes of out becomes the mean of the 2 radius + 1 bytes of in, step apart, around
 * it. */
static void box(const uint8_t *in, uint8_t *restrict out, int n, int step, int radius)
{
	uint16_t sum[MASK], scale = (uint16_t)(65536 / (2 * radius + 1) + 1);

	for (int i = 0; i < n; i++)
		sum[i] = in[i];
	for (int k = 1; k <= radius; k++)
		for (int i = 0; i < n; i++)
			sum[i] = (uint16_t)(sum[i] + in[i + k * step] + in[i - k * step]);
	for (int i = 0; i < n; i++)
		out[i] = (uint8_t)(sum[i] * (uint32_t)scale >> 16);
}

/* Two box blurs, each across and down; the mask is empty around r. */
static void blur(struct shade *s, struct rect *r)
{
	int n = s->blur;

	for (int pass = 0; pass < 2 && n > 0; pass++) {
		widen(r, r->x0 - n, r->y0 - n, r->x1 + n, r->y1 + n);
		for (int y = r->y0; y < r->y1; y++)
			box(s->mask + y * MASK + r->x0, s->tmp + y * MASK + r->x0,
			    r->x1 - r->x0, 1, n);
		for (int y = r->y0; y < r->y1; y++)
			box(s->tmp + y * MASK + r->x0, s->mask + y * MASK + r->x0,
			    r->x1 - r->x0, MASK, n);
		for (int y = r->y0; y < r->y1; y++)
			memset(s->tmp + y * MASK + r->x0, 0, (size_t)(r->x1 - r->x0));
	}
}

static void add_row(uint16_t *restrict dark, const uint8_t *restrict mask, int n,
		    uint16_t weight)
{
	for (int x = 0; x < n; x++)
		dark[x] = (uint16_t)(dark[x] + ((uint16_t)(mask[x] * weight + 255) >> 8));
}

static void hide_row(uint8_t *restrict hid, const uint8_t *restrict mask, int n)
{
	for (int x = 0; x < n; x++)
		hid[x] = hid[x] > mask[x] ? hid[x] : mask[x];
}

/* Adds the mask to the map, as a lamp's shadow with this weight or as the sun's, and wipes it.
 */
static void lay(struct shade *s, const struct place *o, struct rect in, int weight, bool sun)
{
	struct rect r = in;

	clip(&r, -o->x, -o->y, s->w - o->x, s->h - o->y);
	for (int y = r.y0; y < r.y1 && r.x0 < r.x1; y++) {
		const uint8_t *m = s->mask + y * MASK + r.x0;
		size_t at = (size_t)(y + o->y) * (size_t)s->w + (size_t)(r.x0 + o->x);

		if (sun)
			hide_row(s->hid + at, m, r.x1 - r.x0);
		else
			add_row(s->dark + at, m, r.x1 - r.x0, (uint16_t)weight);
	}
	for (int y = in.y0; y < in.y1; y++)
		memset(s->mask + y * MASK + in.x0, 0, (size_t)(in.x1 - in.x0));
	if (r.x0 < r.x1 && r.y0 < r.y1)
		*VEC_PUSH(&s->touched) =
			(struct rect){ r.x0 + o->x, r.y0 + o->y, r.x1 + o->x, r.y1 + o->y };
}

static void cast_one(struct shade *s, const struct place *o, const struct beam *b,
		     const struct limb *limb, int n, int weight)
{
	struct rect seen = empty();

	for (int i = 0; i < n; i++) {
		struct spot p, q;

		if (limb[i].ra < WIRE_M && limb[i].rb < WIRE_M)
			continue;
		p = throw(s, o, b, limb[i].a, limb[i].ra);
		q = throw(s, o, b, limb[i].b, limb[i].rb);
		fill(s, &p, &q, &seen);
	}
	if (seen.x0 >= seen.x1)
		return;
	blur(s, &seen);
	lay(s, o, seen, weight, b->parallel);
}

/* The brightest lamps at a place: which, and their shares of the lamps' light there, ONE = all.
 */
static int brightest(const struct shade *s, struct pt_m at, int lamp[LAMPS],
		     double share[LAMPS])
{
	const struct lights *l = &s->st->lights;
	struct pt_room p = { at.x, at.y, 0 }, up = { 0, 0, 1 };
	double all = 0;
	int n = 0;

	for (int i = 0; i < l->n; i++) {
		double x = lights_from(l, i, p, up);
		int k;

		all += x; /* a lamp that is off takes its shadow with it */
		x *= s->level[i];
		if (n < LAMPS)
			n++;
		else if (x <= share[n - 1])
			continue;
		for (k = n - 1; k > 0 && share[k - 1] < x; k--) {
			share[k] = share[k - 1];
			lamp[k] = lamp[k - 1];
		}
		share[k] = x;
		lamp[k] = i;
	}
	for (int k = 0; k < n; k++)
		share[k] = all > 0 ? share[k] / all : 0;
	return n;
}

/* Share of the lamps' light at a place that is on now. */
static double lit_share(const struct shade *s, struct pt_m at)
{
	const struct lights *l = &s->st->lights;
	struct pt_room p = { at.x, at.y, 0 }, up = { 0, 0, 1 };
	double all = 0, on = 0;

	for (int i = 0; i < l->n; i++) {
		double x = lights_from(l, i, p, up);

		all += x;
		on += x * s->level[i];
	}
	return all > 0 ? on / all : 0;
}

void shade_cast(struct shade *s, struct pt_m at, const struct limb *limb, int n)
{
	double gx = fmin(fmax(floor((at.x - s->x0) / s->cell), -1e6), 1e6);
	double gy = fmin(fmax(floor((at.y - s->y0) / s->cell), -1e6), 1e6);
	double share[LAMPS], rest = lit_share(s, at);
	struct place o = { (int)gx - REACH, (int)gy - REACH };
	struct rect near = { o.x, o.y, o.x + MASK, o.y + MASK };
	struct beam b = { .parallel = false };
	int lamp[LAMPS], lamps;

	if (!s->most || !meets(&near, &s->seen))
		return;
	lamps = brightest(s, at, lamp, share);
	for (int i = 0; i < lamps; i++) {
		int weight = (int)(share[i] * s->most + 0.5);

		b.from = s->st->lights.lamp[lamp[i]].at;
		if (weight < FAINT)
			continue;
		rest -= share[i];
		cast_one(s, &o, &b, limb, n, weight);
	}
	b.from = (struct pt_room){ at.x, at.y, 100 };
	if (rest * s->most >= FAINT)
		cast_one(s, &o, &b, limb, n, (int)(rest * s->most + 0.5));
	b = (struct beam){ sun_from(), true };
	if (meets(&near, &s->sunny))
		cast_one(s, &o, &b, limb, n, 0);
}

/* A row's pixels, and what tells of them where they are. */
struct pixels {
	uint8_t *y, *u, *v;
	const uint16_t *depth, *still; /* now, and of the empty stage */
	const uint32_t *place;
	int n;
};

static void light_pixel(const struct pixels *p, int x, int k)
{
	int luma = 16 + ((p->y[x] - 16) * k + ONE / 2) / ONE;

	p->y[x] = (uint8_t)(luma > 235 ? 235 : luma);
	/* A colour is as strong as its light; beyond white it is not stronger. */
	k = k > ONE ? ONE : k;
	p->u[x] = (uint8_t)(128 + (p->u[x] - 128) * k / ONE);
	p->v[x] = (uint8_t)(128 + (p->v[x] - 128) * k / ONE);
}

static void light_row(const struct pixels *p, const uint16_t *map, int w)
{
	const uint16_t ones[2] = { ONE, ONE };

	for (int x = 0; x < p->n; x++) {
		uint32_t place = p->place[x];
		const uint16_t *a, *b;
		int kx, ky;

		if (place == NOWHERE || p->depth[x] != p->still[x])
			continue;
		a = map + place / (FINE * FINE);
		b = a + w;
		if (!memcmp(a, ones, sizeof(ones)) && !memcmp(b, ones, sizeof(ones)))
			continue;
		kx = place % FINE;
		ky = place / FINE % FINE;
		light_pixel(p, x,
			    ((a[0] * (FINE - kx) + a[1] * kx) * (FINE - ky) +
			     (b[0] * (FINE - kx) + b[1] * kx) * ky) /
				    (FINE * FINE));
	}
}

static void light_tile(const struct shade *s, struct canvas *c, int x, int y0)
{
	int y1 = y0 + DIRT_H < c->h ? y0 + DIRT_H : c->h;

	for (int y = y0; y < y1; y++) {
		size_t i = (size_t)y * (size_t)c->w + (size_t)x;
		struct pixels p = { .y = image_row(&c->y, y) + x,
				    .u = image_row(&c->u, y) + x,
				    .v = image_row(&c->v, y) + x,
				    .depth = c->depth + i,
				    .still = s->st->day.depth + i,
				    .place = s->place + i,
				    .n = x + DIRT_W < c->w ? DIRT_W : c->w - x };

		light_row(&p, s->k, s->w);
	}
}

void shade_apply(struct shade *s, struct canvas *c, struct dirt *dirt)
{
	for (size_t i = 0; i < s->touched.n; i++)
		settle(s, &s->touched.v[i]);
	for (int i = 0; i < dirt->nx * dirt->ny; i++) {
		int x = i % dirt->nx * DIRT_W, y = i / dirt->nx * DIRT_H;
		bool any = meets(&s->tile[i], &s->sunny);

		for (size_t k = 0; k < s->touched.n && !any; k++)
			any = meets(&s->tile[i], &s->touched.v[k]);
		if (!any)
			continue;
		dirt_mark(dirt, x, y, DIRT_W, DIRT_H);
		light_tile(s, c, x, y);
	}
}
