/* SPDX-License-Identifier: Apache-2.0 */
/* calib_picture.c -- a calibration to look at. */
#include "run/calib_picture.h"

#include "base/vec.h"
#include "video/png.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WIDTH 1280      /* of the picture, pixels */
#define WIDTH_TALL 720  /* of one that is higher than wide */
#define BOX_M .5        /* people's width and depth */
#define BOX_TALL_M 1.75 /* and height */
#define METRE_MIN 36    /* pixels: where a metre is smaller the floor is too far away */
#define SAMPLES 48      /* of the picture across and down, to see where there is floor */
#define LINES_MAX 40    /* of the grid, either way */
#define BOXES_MAX 40
#define PIECE_M .25 /* lines are drawn in pieces: a lens bends them */
#define GLYPH_W 5
#define GLYPH_H 7

static const uint8_t grey[] = { 96, 96, 96 }, grid_colour[] = { 120, 220, 255 },
		     axis_colour[] = { 255, 214, 64 }, box_colour[] = { 255, 96, 72 },
		     text_colour[] = { 255, 255, 255 };

struct painter {
	const struct calib *c;
	struct rgba im;
	double per_w, per_h; /* picture pixels to one of relative coordinates */
};

/* ---- pixels ---- */

static void dot(struct rgba *im, int x, int y, const uint8_t colour[3], int alpha)
{
	uint8_t *p;

	if (x < 0 || y < 0 || x >= im->w || y >= im->h)
		return;
	p = im->data + 4 * ((size_t)y * (size_t)im->w + (size_t)x);
	for (int k = 0; k < 3; k++)
		p[k] = (uint8_t)((p[k] * (255 - alpha) + colour[k] * alpha) / 255);
}

/* A segment one and a half pixels wide, by steps along its longer side. */
static void segment(struct rgba *im, double x0, double y0, double x1, double y1,
		    const uint8_t colour[3], int alpha)
{
	double dx = x1 - x0, dy = y1 - y0, far = fmax(fabs(dx), fabs(dy));
	bool flat = fabs(dx) >= fabs(dy);
	int n = (int)ceil(far);

	if (!(far < 4 * WIDTH))
		return;
	for (int i = 0; i < n; i++) {
		double x = x0 + dx * i / n, y = y0 + dy * i / n, across = flat ? y : x;
		int at = (int)floor(across), part = (int)(255 * (across - at));

		for (int k = -1; k <= 1; k++) {
			int a = alpha * (k ? k < 0 ? 255 - part : part : 255) / 255;

			if (flat)
				dot(im, (int)floor(x), at + k, colour, a);
			else
				dot(im, at + k, (int)floor(y), colour, a);
		}
	}
}

/* Rows of five bits, the left one highest. */
static const struct {
	char c;
	uint8_t row[GLYPH_H];
} glyphs[] = {
	{ '0', { 14, 17, 19, 21, 25, 17, 14 } }, { '1', { 4, 12, 4, 4, 4, 4, 14 } },
	{ '2', { 14, 17, 1, 2, 4, 8, 31 } },     { '3', { 31, 2, 4, 2, 1, 17, 14 } },
	{ '4', { 2, 6, 10, 18, 31, 2, 2 } },     { '5', { 31, 16, 30, 1, 1, 17, 14 } },
	{ '6', { 6, 8, 16, 30, 17, 17, 14 } },   { '7', { 31, 1, 2, 4, 8, 8, 8 } },
	{ '8', { 14, 17, 17, 14, 17, 17, 14 } }, { '9', { 14, 17, 17, 15, 1, 2, 12 } },
	{ '-', { 0, 0, 0, 14, 0, 0, 0 } },       { ',', { 0, 0, 0, 0, 12, 4, 8 } },
	{ 'm', { 0, 0, 26, 21, 21, 21, 21 } },
};

static void draw_glyph(struct rgba *im, int x, int y, const uint8_t *row)
{
	for (int pass = 0; pass < 2; pass++)
		for (int r = 0; r < GLYPH_H; r++)
			for (int c = 0; c < GLYPH_W; c++) {
				static const uint8_t black[] = { 0, 0, 0 };

				if (!(row[r] >> (GLYPH_W - 1 - c) & 1))
					continue;
				for (int k = 0; k < 9 && !pass; k++)
					dot(im, x + c + k % 3 - 1, y + r + k / 3 - 1, black,
					    110);
				if (pass)
					dot(im, x + c, y + r, text_colour, 255);
			}
}

/* Centred under a point. */
static void text(struct rgba *im, double x, double y, const char *s)
{
	int left = (int)x - (int)strlen(s) * (GLYPH_W + 1) / 2;

	for (; *s; s++, left += GLYPH_W + 1)
		for (size_t i = 0; i < sizeof(glyphs) / sizeof(*glyphs); i++)
			if (glyphs[i].c == *s)
				draw_glyph(im, left, (int)y, glyphs[i].row);
}

/* ---- the floor ---- */

static bool seen(const struct painter *p, double x, double y, double z, double at[2])
{
	const struct lens *l = &p->c->lens;
	struct pt_img i;

	if (!p->c->has_lens && calib_project(p->c, (struct pt_m){ x, y }, &i)) {
		at[0] = i.x * p->per_w;
		at[1] = i.y * p->per_h;
	} else if (p->c->has_lens && lens_project(l, (struct pt_room){ x, y, z }, at, NULL)) {
		at[0] *= p->per_w / l->w;
		at[1] *= p->per_h / l->h;
	} else {
		return false;
	}
	return at[0] > -WIDTH && at[0] < 2 * WIDTH && at[1] > -WIDTH && at[1] < 2 * WIDTH;
}

static bool inside(const struct painter *p, const double at[2])
{
	return at[0] >= 0 && at[1] >= 0 && at[0] < p->im.w && at[1] < p->im.h;
}

/* Whether a floor point is in the picture, and near enough. */
static bool near(const struct painter *p, double x, double y)
{
	double at[2], east[2], north[2];

	return seen(p, x, y, 0, at) && inside(p, at) && seen(p, x + .1, y, 0, east) &&
	       seen(p, x, y + .1, 0, north) &&
	       fmax(hypot(east[0] - at[0], east[1] - at[1]),
		    hypot(north[0] - at[0], north[1] - at[1])) *
			       10 >=
		       METRE_MIN;
}

static bool floor_at(const struct painter *p, double px, double py, struct pt_m *at)
{
	const double *h = p->c->floor_from_img;
	double x = px / p->per_w, y = py / p->per_h, den;

	if (p->c->has_lens)
		return lens_floor(&p->c->lens, x * p->c->lens.w, y * p->c->lens.h, at);
	den = h[6] * x + h[7] * y + h[8];
	if (!((den > 0) == (.5 * h[6] + h[7] + h[8] > 0)))
		return false;
	*at = (struct pt_m){ (h[0] * x + h[1] * y + h[2]) / den,
			     (h[3] * x + h[4] * y + h[5]) / den };
	return true;
}

struct extent {
	double x0, y0, x1, y1;
};

static bool extent_of(const struct painter *p, struct extent *e)
{
	*e = (struct extent){ HUGE_VAL, HUGE_VAL, -HUGE_VAL, -HUGE_VAL };
	for (int i = 0; i < SAMPLES * SAMPLES; i++) {
		struct pt_m at;

		if (!floor_at(p, (i % SAMPLES + .5) * p->im.w / SAMPLES,
			      (i / SAMPLES + .5) * p->im.h / SAMPLES, &at) ||
		    !near(p, at.x, at.y))
			continue;
		e->x0 = fmin(e->x0, at.x);
		e->y0 = fmin(e->y0, at.y);
		e->x1 = fmax(e->x1, at.x);
		e->y1 = fmax(e->y1, at.y);
	}
	return e->x0 < e->x1;
}

/* Metres between lines: 1, 2, 5, 10, ... so that there are not too many. */
static double step_of(const struct extent *e)
{
	static const double steps[] = { 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000 };
	double size = fmax(e->x1 - e->x0, e->y1 - e->y0);
	size_t i = 0;

	while (i + 1 < sizeof(steps) / sizeof(*steps) && size / steps[i] > LINES_MAX)
		i++;
	return steps[i];
}

static void floor_line(struct painter *p, double x0, double y0, double x1, double y1,
		       const uint8_t colour[3])
{
	int n = (int)ceil(hypot(x1 - x0, y1 - y0) / PIECE_M);
	double was[2], at[2];
	bool was_seen = false, was_near = false;

	for (int i = 0; i <= n; i++) {
		double x = x0 + (x1 - x0) * i / n, y = y0 + (y1 - y0) * i / n;
		bool is_seen = seen(p, x, y, 0, at), is_near = is_seen && near(p, x, y);

		if (was_seen && is_seen && (is_near || was_near))
			segment(&p->im, was[0], was[1], at[0], at[1], colour, 150);
		was_seen = is_seen;
		was_near = is_near;
		memcpy(was, at, sizeof(was));
	}
}

static void draw_grid(struct painter *p, const struct extent *e, double step)
{
	for (double x = step * floor(e->x0 / step); x <= e->x1 + step; x += step)
		floor_line(p, x, e->y0 - step, x, e->y1 + step,
			   fabs(x) < step / 2 ? axis_colour : grid_colour);
	for (double y = step * floor(e->y0 / step); y <= e->y1 + step; y += step)
		floor_line(p, e->x0 - step, y, e->x1 + step, y,
			   fabs(y) < step / 2 ? axis_colour : grid_colour);
}

/* ---- people ---- */

static void draw_box(struct painter *p, double x, double y)
{
	double at[8][2], foot[2];
	char label[32];

	for (int i = 0; i < 8; i++) {
		double dx = (i & 1) ? BOX_M / 2 : -BOX_M / 2,
		       dy = (i & 2) ? BOX_M / 2 : -BOX_M / 2;

		if (!seen(p, x + dx, y + dy, (i & 4) ? BOX_TALL_M : 0, at[i]))
			return;
	}
	for (int i = 0; i < (p->c->has_lens ? 8 : 4); i++)
		for (int bit = 1; bit < (p->c->has_lens ? 8 : 4); bit *= 2)
			if (!(i & bit))
				segment(&p->im, at[i][0], at[i][1], at[i | bit][0],
					at[i | bit][1], box_colour, 220);
	snprintf(label, sizeof(label), "%.0f,%.0fm", x, y);
	if (seen(p, x, y, 0, foot))
		text(&p->im, foot[0], foot[1] + 3, label);
}

/* On every line, or fewer of them so that boxes do not hide one another. */
static void draw_boxes(struct painter *p, const struct extent *e, double step)
{
	int n;

	for (;; step *= 2) {
		n = 0;
		for (double x = step * floor(e->x0 / step); x <= e->x1; x += step)
			for (double y = step * floor(e->y0 / step); y <= e->y1; y += step)
				n += near(p, x, y);
		if (n <= BOXES_MAX)
			break;
	}
	for (double x = step * floor(e->x0 / step); x <= e->x1; x += step)
		for (double y = step * floor(e->y0 / step); y <= e->y1; y += step)
			if (near(p, x, y))
				draw_box(p, x + 0.0, y + 0.0);
}

/* ---- the picture ---- */

/* The plate, stretched; grey where it is not proven. */
static int paint_plate(struct painter *p, const uint8_t *plate, size_t len, struct err *err)
{
	struct rgba in = { 0 };
	int rc = len ? png_decode(plate, len, &in, err) : 0;

	if (rc < 0)
		return rc;
	for (int y = 0; y < p->im.h; y++)
		for (int x = 0; x < p->im.w; x++) {
			uint8_t *to =
				p->im.data + 4 * ((size_t)y * (size_t)p->im.w + (size_t)x);
			const uint8_t *from = NULL;

			if (in.data)
				from = in.data +
				       4 * ((size_t)(y * in.h / p->im.h) * (size_t)in.w +
					    (size_t)(x * in.w / p->im.w));
			for (int k = 0; k < 3; k++)
				to[k] = from ? (uint8_t)((from[k] * from[3] +
							  grey[k] * (255 - from[3])) /
							 255)
					     : grey[k];
			to[3] = 255;
		}
	rgba_clear(&in);
	return 0;
}

int calib_picture(const struct calib *c, int w, int h, const uint8_t *plate, size_t len,
		  uint8_t **png, size_t *png_len, struct err *err)
{
	struct painter p = { .c = c };
	struct extent e;
	int wide = w >= h ? WIDTH : WIDTH_TALL, rc;

	rgba_init(&p.im, wide, (int)lround((double)wide * h / w));
	p.per_w = p.im.w;
	p.per_h = p.im.h;
	rc = paint_plate(&p, plate, len, err);
	if (rc < 0)
		goto out;
	if (!extent_of(&p, &e)) {
		rc = err_set(err, ERR_RANGE,
			     "the calibration shows no floor near enough to draw people on");
		goto out;
	}
	draw_grid(&p, &e, step_of(&e));
	draw_boxes(&p, &e, step_of(&e));
	rc = png_encode(&p.im, png, png_len, err);
out:
	rgba_clear(&p.im);
	return rc;
}
