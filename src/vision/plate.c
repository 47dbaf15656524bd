/* SPDX-License-Identifier: Apache-2.0 */
/* plate.c -- the picture of the empty scene, pixel by pixel, where there is proof.
 *
 * Each pixel has a value that it is believed to have when nobody is there, and how long it had
 * it, in looks of 1/4 s. A look under the mask or a track's box teaches nothing; a free look
 * near the value lengthens its run; free looks far from it, one after another, are a rival.
 * So a pixel is proven by
 *   value for return_s, free -> a track's foreground -> the same value for return_s, free,
 *   and evidence_s since the value was first seen; or
 *   value for evidence_s, free.
 * Foreground without a track is no passer-by: it may be someone who stands there and sways. Nor
 * does coming back prove anything before evidence_s are over: whoever stands still from the
 * first frame comes back, too, after somebody passed in front of him.
 *
 * A rival that came after somebody stood in front of the value may be that somebody, absorbed
 * by the model: it takes the value's place only after evidence_s. Before that, 2 return_s do.
 */
#include "vision/plate.h"

#include "base/clock.h"
#include "base/vec.h"

#include <assert.h>
#include <math.h>

#define LOOK_US (CLOCK_SECOND_US / 4)
#define NEAR_LUMA 12 /* levels within which a value is the same */
#define NEAR_CHROMA 8
#define BLOCK 32  /* pixels that are looked at together while nothing happens there */
#define GROW 0.12 /* of a track's box: how much is added on each side */

/* A pixel's. They are kept in planes: see struct cells. */
struct cell {
	uint8_t y, u, v;
	uint8_t proven;
	uint8_t covered;    /* the mask of a track was over it after before was long enough */
	uint16_t before;    /* looks, free, with the value, before it was covered */
	uint16_t after;     /* and since */
	uint16_t rival;     /* looks, free and one after another, with another value */
	uint8_t ry, ru, rv; /* that value */
	uint32_t born;      /* in which look the value was first seen */
};

struct cells {
	uint8_t *y, *u, *v, *proven, *covered, *ry, *ru, *rv;
	uint16_t *before, *after, *rival;
	uint32_t *born;
};

struct plate {
	struct plate_opts o;
	int w, h;
	bool begun;
	int64_t next_us;
	uint16_t evidence, back; /* in looks */
	uint32_t looks;          /* so far */
	uint8_t *memory;         /* the cells' */
	struct cells cells;
	uint8_t *hidden; /* by a track's box, in this look */
};

static uint16_t looks(double s)
{
	return (uint16_t)fmin(fmax(ceil(s * 4), 1), UINT16_MAX - 1);
}

static void carve(struct plate *p)
{
	const size_t n = (size_t)p->w * (size_t)p->h, plane = (n + 63) / 64 * 64;
	struct cells *c = &p->cells;
	uint8_t **bytes[] = { &c->y,       &c->u,  &c->v,  &c->proven,
			      &c->covered, &c->ry, &c->ru, &c->rv };
	uint16_t **words[] = { &c->before, &c->after, &c->rival };
	uint8_t *at;

	p->memory = at = xalign(plane * (8 + 3 * sizeof(uint16_t) + sizeof(uint32_t)));
	for (size_t i = 0; i < sizeof(bytes) / sizeof(*bytes); i++, at += plane)
		*bytes[i] = at;
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++, at += 2 * plane)
		*words[i] = (uint16_t *)(void *)at;
	c->born = (uint32_t *)(void *)at;
}

static struct cell cell_at(const struct cells *c, size_t i)
{
	return (struct cell){ c->y[i],       c->u[i],      c->v[i],     c->proven[i],
			      c->covered[i], c->before[i], c->after[i], c->rival[i],
			      c->ry[i],      c->ru[i],     c->rv[i],    c->born[i] };
}

static void put_cell(const struct cells *c, size_t i, const struct cell *v)
{
	c->y[i] = v->y, c->u[i] = v->u, c->v[i] = v->v;
	c->proven[i] = v->proven, c->covered[i] = v->covered;
	c->before[i] = v->before, c->after[i] = v->after, c->rival[i] = v->rival;
	c->ry[i] = v->ry, c->ru[i] = v->ru, c->rv[i] = v->rv;
	c->born[i] = v->born;
}

struct plate *plate_new(const struct plate_opts *o, int w, int h)
{
	struct plate *p = xcalloc(1, sizeof(*p));

	assert(w > 0 && h > 0);
	p->o = *o;
	p->w = w;
	p->h = h;
	p->evidence = looks(o->evidence_s);
	p->back = looks(o->return_s);
	carve(p);
	p->hidden = xcalloc((size_t)w * (size_t)h, 1);
	return p;
}

void plate_free(struct plate *p)
{
	if (!p)
		return;
	free(p->memory);
	free(p->hidden);
	free(p);
}

static int within(double v, int max)
{
	return v <= 0 ? 0 : v >= max ? max : (int)v;
}

static void hide(struct plate *p, const struct track *tracks, int n)
{
	memset(p->hidden, 0, (size_t)p->w * (size_t)p->h);
	for (int i = 0; i < n; i++) {
		const struct box_px *b = &tracks[i].at.box;
		double dx = GROW * b->w + 2, dy = GROW * b->h + 2;
		int x0 = within(b->x - dx, p->w), x1 = within(ceil(b->x + b->w + dx), p->w);
		int y0 = within(b->y - dy, p->h), y1 = within(ceil(b->y + b->h + dy), p->h);

		for (int y = y0; y < y1 && x0 < x1; y++)
			memset(p->hidden + (size_t)y * (size_t)p->w + x0, 1, (size_t)(x1 - x0));
	}
}

static bool near_value(int y, int u, int v, int y0, int u0, int v0)
{
	return abs(y - y0) <= NEAR_LUMA && abs(u - u0) <= NEAR_CHROMA &&
	       abs(v - v0) <= NEAR_CHROMA;
}

static void toward(uint8_t *value, uint8_t seen)
{
	*value = (uint8_t)(*value + (seen > *value) - (seen < *value));
}

static void same(const struct plate *p, struct cell *c, uint8_t y, uint8_t u, uint8_t v)
{
	uint16_t *run = c->covered ? &c->after : &c->before;

	toward(&c->y, y);
	toward(&c->u, u);
	toward(&c->v, v);
	c->rival = 0;
	if (*run < UINT16_MAX)
		++*run;
	if (*run >= p->evidence ||
	    (c->covered && c->after >= p->back && p->looks - c->born >= p->evidence))
		c->proven = 1;
}

/* A value other than the believed one, and nobody there: the scene changed, or somebody stands
 * or stood there and is part of the model's scene. */
static void other(const struct plate *p, struct cell *c, uint8_t y, uint8_t u, uint8_t v)
{
	const int enough = c->covered || c->proven ? p->evidence : 2 * p->back;
	uint16_t run;

	c->after = 0;
	if (c->rival == 0 || !near_value(y, u, v, c->ry, c->ru, c->rv)) {
		c->ry = y;
		c->ru = u;
		c->rv = v;
		c->rival = 1;
		return;
	}
	run = ++c->rival;
	if (run < enough)
		return;
	*c = (struct cell){ .y = y,
			    .u = u,
			    .v = v,
			    .before = run,
			    .proven = run >= p->evidence,
			    .born = p->looks - run + 1 };
}

static void look(const struct plate *p, struct cell *c, uint8_t y, uint8_t u, uint8_t v,
		 bool masked, bool hidden)
{
	if (masked || hidden) {
		/* the run after it must be unbroken by people; the one before is kept */
		c->after = 0;
		c->rival = 0;
		if (masked && hidden && c->before >= p->back)
			c->covered = 1;
		else if (c->before < p->back)
			c->before = 0;
	} else if (c->before == 0) {
		*c = (struct cell){ .y = y, .u = u, .v = v, .before = 1, .born = p->looks };
	} else if (near_value(y, u, v, c->y, c->u, c->v)) {
		same(p, c, y, u, v);
	} else {
		other(p, c, y, u, v);
	}
}

/* What a run of pixels looks like now. */
struct seen {
	const uint8_t *y, *u, *v, *mask, *hidden;
};

/* Whether one of BLOCK pixels is farther off than most. */
static bool any_far(const uint8_t *restrict a, const uint8_t *restrict b, uint8_t most)
{
	uint8_t far = 0;

	for (int k = 0; k < BLOCK; k++) {
		uint8_t high = a[k] > b[k] ? a[k] : b[k], low = a[k] > b[k] ? b[k] : a[k];

		far |= (uint8_t)(high - low) > most ? 255 : 0;
	}
	return far;
}

/* Whether all that happens to BLOCK pixels from i on is same(). */
static bool all_same(const struct cells *c, size_t i, const struct seen *s)
{
	const uint16_t *before = c->before + i;
	const uint8_t *mask = s->mask, *hidden = s->hidden;
	uint8_t covered = 0;
	uint16_t unknown = 0;

	for (int k = 0; k < BLOCK; k++)
		covered |= mask[k] | hidden[k];
	for (int k = 0; k < BLOCK; k++)
		unknown |= before[k] == 0 ? UINT16_MAX : 0;
	return !covered && !unknown && !any_far(c->y + i, s->y, NEAR_LUMA) &&
	       !any_far(c->u + i, s->u, NEAR_CHROMA) && !any_far(c->v + i, s->v, NEAR_CHROMA);
}

static void toward_all(uint8_t *restrict value, const uint8_t *restrict seen)
{
	for (int k = 0; k < BLOCK; k++)
		value[k] = (uint8_t)(value[k] + (seen[k] > value[k]) - (seen[k] < value[k]));
}

/* same() for each of BLOCK pixels from i on. */
static void all_again(const struct plate *p, size_t i, const struct seen *s)
{
	const struct cells *c = &p->cells;
	const uint8_t *restrict hid = c->covered + i;
	uint8_t *restrict proven = c->proven + i;
	uint16_t *restrict before = c->before + i, *restrict after = c->after + i;
	const uint16_t evidence = p->evidence, back = p->back;
	const uint32_t *born = c->born + i, now = p->looks;
	uint16_t enough[BLOCK], old[BLOCK];

	toward_all(c->y + i, s->y);
	toward_all(c->u + i, s->u);
	toward_all(c->v + i, s->v);
	memset(c->rival + i, 0, BLOCK * sizeof(*c->rival));
	for (int k = 0; k < BLOCK; k++)
		old[k] = now - born[k] >= evidence ? UINT16_MAX : 0;
	for (int k = 0; k < BLOCK; k++) {
		uint16_t covered = hid[k] ? UINT16_MAX : 0, b = before[k], a = after[k];

		b = (uint16_t)(b + ((b != UINT16_MAX) & ~covered & 1));
		a = (uint16_t)(a + ((a != UINT16_MAX) & covered & 1));
		enough[k] = (uint16_t)((((a >= evidence) | ((a >= back) & old[k])) & covered) |
				       ((b >= evidence) & ~covered));
		before[k] = b;
		after[k] = a;
	}
	for (int k = 0; k < BLOCK; k++)
		proven[k] |= (uint8_t)(enough[k] & 1);
}

static void look_along(const struct plate *p, size_t i, struct seen s, int n)
{
	for (int x = 0; x < n;) {
		const size_t at = i + (size_t)x;
		const struct seen here = { s.y + x, s.u + x, s.v + x, s.mask + x,
					   s.hidden + x };
		int end = x + BLOCK < n ? x + BLOCK : n;

		if (x + BLOCK <= n && all_same(&p->cells, at, &here)) {
			all_again(p, at, &here);
			x += BLOCK;
			continue;
		}
		for (; x < end; x++) {
			struct cell c = cell_at(&p->cells, i + (size_t)x);

			look(p, &c, s.y[x], s.u[x], s.v[x], s.mask[x] != 0, s.hidden[x] != 0);
			put_cell(&p->cells, i + (size_t)x, &c);
		}
	}
}

void plate_step(struct plate *p, int64_t t_us, const struct yuv *in, const struct image *mask,
		const struct track *tracks, int n)
{
	assert(in->y.w == p->w && in->y.h == p->h && mask->w == p->w && mask->h == p->h);
	if (!p->begun)
		p->next_us = t_us;
	p->begun = true;
	if (t_us < p->next_us)
		return;
	p->next_us = p->next_us + LOOK_US > t_us ? p->next_us + LOOK_US : t_us + LOOK_US;
	hide(p, tracks, n);
	p->looks++;
	for (int y = 0; y < p->h; y++) {
		const size_t at = (size_t)y * (size_t)p->w;
		const struct seen s = { image_row(&in->y, y), image_row(&in->u, y),
					image_row(&in->v, y), image_row(mask, y),
					p->hidden + at };

		look_along(p, at, s, p->w);
	}
}

double plate_get(const struct plate *p, struct yuv *out, struct image *known)
{
	size_t n = 0;

	assert(out->y.w == p->w && out->y.h == p->h && known->w == p->w && known->h == p->h);
	for (int y = 0; y < p->h; y++)
		for (int x = 0; x < p->w; x++) {
			struct cell c =
				cell_at(&p->cells, (size_t)y * (size_t)p->w + (size_t)x);
			bool ok = c.proven != 0;

			image_row(&out->y, y)[x] = ok ? c.y : 0;
			image_row(&out->u, y)[x] = ok ? c.u : 128;
			image_row(&out->v, y)[x] = ok ? c.v : 128;
			image_row(known, y)[x] = ok ? 255 : 0;
			n += ok;
		}
	return (double)n / ((double)p->w * p->h);
}
