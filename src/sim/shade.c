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
#define CELLS_MAX 900   /* along each side; larger floors have larger cells */
#define MARGIN_M 2.0    /* around the floor */
#define REACH 80        /* farthest shadow from its person, cells */
#define MASK (2 * REACH)
#define LAMPS 3
#define THROW_MOST 4.0  /* a ball's shadow is at most so many times its own size */
#define SUN_SOFT_M 0.08 /* edge of a patch */
#define FINE 16         /* pixels' places in the map: parts of a cell */
#define NOWHERE UINT16_MAX
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
	uint16_t *mx, *my;   /* each pixel's place in the map; NOWHERE */
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

	s->mx[i] = s->my[i] = NOWHERE;
	if (!s->st->floor[i] || !lens_floor(s->st->lens, x + 0.5, y + 0.5, &p))
		return;
	gx = (p.x - s->x0) / s->cell - 0.5;
	gy = (p.y - s->y0) / s->cell - 0.5;
	if (!(gx >= 0 && gy >= 0 && gx < s->w - 1 && gy < s->h - 1))
		return;
	s->mx[i] = (uint16_t)(gx * FINE);
	s->my[i] = (uint16_t)(gy * FINE);
	tile = y / DIRT_H * ((s->st->day.w + DIRT_W - 1) / DIRT_W) + x / DIRT_W;
	widen(&s->tile[tile], (int)gx, (int)gy, (int)gx + 2, (int)gy + 2);
	widen(&s->seen, (int)gx, (int)gy, (int)gx + 2, (int)gy + 2);
}

static void place_pixels(struct shade *s)
{
	int w = s->st->day.w, h = s->st->day.h;
	int tiles = ((w + DIRT_W - 1) / DIRT_W) * ((h + DIRT_H - 1) / DIRT_H);

	s->mx = xcalloc((size_t)w * (size_t)h, sizeof(*s->mx));
	s->my = xcalloc((size_t)w * (size_t)h, sizeof(*s->my));
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
	s->blur = s->blur > REACH / 4 ? REACH / 4 : s->blur;
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
	free(s->mx);
	free(s->my);
	free(s->tile);
	free(s->mask);
	free(s->tmp);
	free(s);
}

/* Brightness of the cells of a rectangle. */
static void settle(struct shade *s, const struct rect *r)
{
	for (int y = r->y0; y < r->y1; y++) {
		size_t i = (size_t)y * (size_t)s->w + (size_t)r->x0;

		for (int x = r->x0; x < r->x1; x++, i++) {
			int dark = s->dark[i] < s->most ? s->dark[i] : s->most;

			s->k[i] = (uint16_t)(ONE - dark + s->sun[i] * (255 - s->hid[i]) / 255);
		}
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

/* Fills the hull of two spots; near enough, a line that grows from one radius to the other. */
static void fill(uint8_t *mask, const struct spot *a, const struct spot *b, struct rect *seen)
{
	double ra = a->r > 0.5 ? a->r : 0.5, rb = b->r > 0.5 ? b->r : 0.5;
	float ex = (float)(b->x - a->x), ey = (float)(b->y - a->y);
	float len2 = ex * ex + ey * ey, per = len2 > 1e-6f ? 1 / len2 : 0;
	float r0 = (float)ra, dr = (float)(rb - ra);
	double x0 = fmin(a->x - ra, b->x - rb), x1 = fmax(a->x + ra, b->x + rb);
	double y0 = fmin(a->y - ra, b->y - rb), y1 = fmax(a->y + ra, b->y + rb);
	struct rect r;

	if (!(x1 > 0 && y1 > 0 && x0 < MASK && y0 < MASK))
		return;
	r = (struct rect){ (int)fmax(x0, 0), (int)fmax(y0, 0), (int)fmin(x1 + 1, MASK),
			   (int)fmin(y1 + 1, MASK) };
	widen(seen, r.x0, r.y0, r.x1, r.y1);
	for (int y = r.y0; y < r.y1; y++) {
		float py = (float)y - (float)a->y;

		for (int x = r.x0; x < r.x1; x++) {
			float px = (float)x - (float)a->x, k = (px * ex + py * ey) * per;
			float dx, dy, rad;

			k = k < 0 ? 0 : k > 1 ? 1 : k;
			dx = px - k * ex;
			dy = py - k * ey;
			rad = r0 + k * dr;
			mask[y * MASK + x] |= dx * dx + dy * dy <= rad * rad ? 255 : 0;
		}
	}
}

/* One box blur along n cells that are step apart. */
static void box(const uint8_t *in, uint8_t *out, int n, int step, int radius)
{
	int sum = 0, wide = 2 * radius + 1, scale = 65536 / wide + 1;

	for (int i = 0; i < radius && i < n; i++)
		sum += in[i * step];
	for (int i = 0; i < n; i++) {
		sum += i + radius < n ? in[(i + radius) * step] : 0;
		out[i * step] = (uint8_t)(sum * scale >> 16);
		sum -= i >= radius ? in[(i - radius) * step] : 0;
	}
}

static void blur(struct shade *s, struct rect *r)
{
	int n = s->blur;

	if (!n)
		return;
	widen(r, r->x0 - 2 * n, r->y0 - 2 * n, r->x1 + 2 * n, r->y1 + 2 * n);
	clip(r, 0, 0, MASK, MASK);
	for (int y = r->y0; y < r->y1; y++) {
		int at = y * MASK + r->x0;

		box(s->mask + at, s->tmp + at, r->x1 - r->x0, 1, n);
		box(s->tmp + at, s->mask + at, r->x1 - r->x0, 1, n);
	}
	for (int x = r->x0; x < r->x1; x++) {
		int at = r->y0 * MASK + x;

		box(s->mask + at, s->tmp + at, r->y1 - r->y0, MASK, n);
		box(s->tmp + at, s->mask + at, r->y1 - r->y0, MASK, n);
	}
}

/* Adds the mask to the map, as a lamp's shadow with this weight or as the sun's, and wipes it.
 */
static void lay(struct shade *s, const struct place *o, struct rect in, int weight, bool sun)
{
	struct rect r = in;

	clip(&r, -o->x, -o->y, s->w - o->x, s->h - o->y);
	for (int y = r.y0; y < r.y1; y++) {
		uint8_t *m = s->mask + y * MASK;
		size_t row = (size_t)(y + o->y) * (size_t)s->w + (size_t)(r.x0 + o->x);

		for (int x = r.x0; x < r.x1; x++, row++) {
			if (sun && m[x] > s->hid[row])
				s->hid[row] = m[x];
			if (!sun)
				s->dark[row] = (uint16_t)(s->dark[row] + (m[x] * weight + 127) / 255);
		}
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
		struct spot p = throw(s, o, b, limb[i].a, limb[i].ra);
		struct spot q = throw(s, o, b, limb[i].b, limb[i].rb);

		fill(s->mask, &p, &q, &seen);
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
		rest -= share[i];
		if (weight > 2)
			cast_one(s, &o, &b, limb, n, weight);
	}
	b.from = (struct pt_room){ at.x, at.y, 100 };
	if (rest * s->most > 2)
		cast_one(s, &o, &b, limb, n, (int)(rest * s->most + 0.5));
	b = (struct beam){ sun_from(), true };
	if (meets(&near, &s->sunny))
		cast_one(s, &o, &b, limb, n, 0);
}

static void light_pixel(struct canvas *c, int x, int y, int k)
{
	uint8_t *u = image_row(&c->u, y) + x, *v = image_row(&c->v, y) + x;
	int luma = 16 + ((image_row(&c->y, y)[x] - 16) * k + ONE / 2) / ONE;

	image_row(&c->y, y)[x] = (uint8_t)(luma > 235 ? 235 : luma);
	/* A colour is as strong as its light; beyond white it is not stronger. */
	k = k > ONE ? ONE : k;
	*u = (uint8_t)(128 + (*u - 128) * k / ONE);
	*v = (uint8_t)(128 + (*v - 128) * k / ONE);
}

static void apply_tile(const struct shade *s, struct canvas *c, int x0, int y0)
{
	int x1 = x0 + DIRT_W < c->w ? x0 + DIRT_W : c->w;
	int y1 = y0 + DIRT_H < c->h ? y0 + DIRT_H : c->h;

	for (int y = y0; y < y1; y++)
		for (int x = x0; x < x1; x++) {
			int i = y * c->w + x, kx, ky, k;
			const uint16_t *at;

			if (s->mx[i] == NOWHERE || c->depth[i] != s->st->day.depth[i])
				continue;
			at = s->k + s->my[i] / FINE * s->w + s->mx[i] / FINE;
			kx = s->mx[i] % FINE;
			ky = s->my[i] % FINE;
			k = ((at[0] * (FINE - kx) + at[1] * kx) * (FINE - ky) +
			     (at[s->w] * (FINE - kx) + at[s->w + 1] * kx) * ky) /
			    (FINE * FINE);
			if (k != ONE)
				light_pixel(c, x, y, k);
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
		apply_tile(s, c, x, y);
	}
}
