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
#define GROW 0.12 /* of a track's box: how much is added on each side */

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

struct plate {
	struct plate_opts o;
	int w, h;
	bool begun;
	int64_t next_us;
	uint16_t evidence, back; /* in looks */
	uint32_t looks;          /* so far */
	struct cell *cells;
	uint8_t *hidden; /* by a track's box, in this look */
};

static uint16_t looks(double s)
{
	return (uint16_t)fmin(fmax(ceil(s * 4), 1), UINT16_MAX - 1);
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
	p->cells = xcalloc((size_t)w * (size_t)h, sizeof(*p->cells));
	p->hidden = xcalloc((size_t)w * (size_t)h, 1);
	return p;
}

void plate_free(struct plate *p)
{
	if (!p)
		return;
	free(p->cells);
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
		const uint8_t *py = image_row(&in->y, y), *pu = image_row(&in->u, y);
		const uint8_t *pv = image_row(&in->v, y), *m = image_row(mask, y);
		const size_t at = (size_t)y * (size_t)p->w;

		for (int x = 0; x < p->w; x++)
			look(p, &p->cells[at + (size_t)x], py[x], pu[x], pv[x], m[x] != 0,
			     p->hidden[at + (size_t)x] != 0);
	}
}

double plate_get(const struct plate *p, struct yuv *out, struct image *known)
{
	size_t n = 0;

	assert(out->y.w == p->w && out->y.h == p->h && known->w == p->w && known->h == p->h);
	for (int y = 0; y < p->h; y++) {
		const struct cell *c = p->cells + (size_t)y * (size_t)p->w;

		for (int x = 0; x < p->w; x++) {
			bool ok = c[x].proven != 0;

			image_row(&out->y, y)[x] = ok ? c[x].y : 0;
			image_row(&out->u, y)[x] = ok ? c[x].u : 128;
			image_row(&out->v, y)[x] = ok ? c[x].v : 128;
			image_row(known, y)[x] = ok ? 255 : 0;
			n += ok;
		}
	}
	return (double)n / ((double)p->w * p->h);
}
