/* SPDX-License-Identifier: Apache-2.0 */
/* grid.c -- the floor in cells, and what a person who stands in one covers of the picture. */
#include "floor/grid.h"

#include "base/real.h"
#include "base/vec.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define RIM 12       /* points on a rim */
#define REACH_M 60   /* farther from the camera nobody is looked for */
#define VISIBLE 0.25 /* share of a person that must be in the picture */
#define CELLS_MAX 80000
#define COARSER 1.25
#define ROWS_MAX 4096

enum { CORE, SHELL, BOX, N_SHAPES };

static const struct {
	double low, high, radius[N_SHAPES]; /* metres */
} parts[] = {
	{ 0, 0.82, { 0.11, 0.24, 0.19 } },
	{ 0.75, 1.46, { 0.16, 0.28, 0.26 } },
	{ 1.42, GRID_PERSON_M, { 0.09, 0.13, 0.12 } },
};
#define N_PARTS (int)(sizeof(parts) / sizeof(*parts))

struct shape {
	struct pt_px hull[N_PARTS][2 * RIM + 1];
	int n[N_PARTS];
};

struct builder {
	const struct grid *grid;
	int w, h;
	double min_px;
	struct pt_m rim[RIM]; /* of a circle of 1 m */
	VEC(struct grid_cell) cell;
	VEC(struct grid_span) span;
};

static double turn(struct pt_px a, struct pt_px b, struct pt_px c)
{
	return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
}

static int by_x(const void *a, const void *b)
{
	const struct pt_px *p = a, *q = b;

	if (p->x != q->x)
		return p->x < q->x ? -1 : 1;
	return (p->y > q->y) - (p->y < q->y);
}

/* Convex hull by monotone chain (Andrew, Information Processing Letters 9(5), 1979). */
static int hull_of(struct pt_px *p, int n, struct pt_px *hull)
{
	int k = 0;

	qsort(p, (size_t)n, sizeof(*p), by_x);
	for (int pass = 0; pass < 2; pass++) {
		int base = k;

		for (int i = 0; i < n; i++) {
			struct pt_px q = pass ? p[n - 1 - i] : p[i];

			while (k >= base + 2 && turn(hull[k - 2], hull[k - 1], q) <= 0)
				k--;
			hull[k++] = q;
		}
		k--;
	}
	return k;
}

static bool project(const struct builder *b, double x, double y, double z, struct pt_px *p)
{
	double px[2];

	if (!lens_project(&b->grid->lens, (struct pt_room){ x, y, z }, px, NULL))
		return false;
	*p = (struct pt_px){ px[0] / b->grid->per_px_x, px[1] / b->grid->per_px_y };
	return true;
}

static bool shape_of(const struct builder *b, struct pt_m at, int which, struct shape *s)
{
	for (int i = 0; i < N_PARTS; i++) {
		struct pt_px p[2 * RIM];

		for (int k = 0; k < RIM; k++) {
			double x = at.x + parts[i].radius[which] * b->rim[k].x;
			double y = at.y + parts[i].radius[which] * b->rim[k].y;

			if (!project(b, x, y, parts[i].low, &p[2 * k]) ||
			    !project(b, x, y, parts[i].high, &p[2 * k + 1]))
				return false;
		}
		s->n[i] = hull_of(p, 2 * RIM, s->hull[i]);
	}
	return true;
}

static struct box_px box_of(const struct shape *s)
{
	double x0 = HUGE_VAL, y0 = HUGE_VAL, x1 = -HUGE_VAL, y1 = -HUGE_VAL;

	for (int i = 0; i < N_PARTS; i++)
		for (int k = 0; k < s->n[i]; k++) {
			x0 = fmin(x0, s->hull[i][k].x);
			x1 = fmax(x1, s->hull[i][k].x);
			y0 = fmin(y0, s->hull[i][k].y);
			y1 = fmax(y1, s->hull[i][k].y);
		}
	return (struct box_px){ x0, y0, x1 - x0, y1 - y0 };
}

/* Where the line at height y cuts the hull; widens *x0 .. *x1. */
static void cut(const struct pt_px *hull, int n, double y, double *x0, double *x1)
{
	for (int k = 0; k < n; k++) {
		struct pt_px a = hull[k], b = hull[(k + 1) % n];
		double x;

		if ((a.y <= y) == (b.y <= y))
			continue;
		x = a.x + (b.x - a.x) * (y - a.y) / (b.y - a.y);
		*x0 = fmin(*x0, x);
		*x1 = fmax(*x1, x);
	}
}

static int inside(double v, int limit)
{
	return v < 0 ? 0 : v > limit ? limit : (int)v;
}

/* The columns of a shape in the row whose middle is at y, rounded; false: none. */
static bool row_of(const struct shape *s, double y, double x[2])
{
	x[0] = HUGE_VAL;
	x[1] = -HUGE_VAL;
	for (int i = 0; i < N_PARTS; i++)
		cut(s->hull[i], s->n[i], y, &x[0], &x[1]);
	if (!(x[1] > x[0]))
		return false;
	x[0] = floor(x[0] + 0.5);
	x[1] = floor(x[1] + 0.5);
	return x[1] > x[0];
}

/* The spans of a cell's rows; counts its pixels. */
static void scan(struct builder *b, const struct shape *core, const struct shape *shell,
		 struct grid_cell *c)
{
	struct box_px box = box_of(shell);
	int y0 = (int)floor(box.y), y1 = (int)ceil(box.y + box.h);
	int left = b->w, right = 0;

	c->y0 = inside(y0, b->h);
	c->n_rows = inside(y1, b->h) - c->y0;
	c->first = (int)b->span.n;
	for (int y = y0; y < y1; y++) {
		struct grid_span span = { 0 };
		double x[2];

		if (row_of(shell, y + 0.5, x)) {
			c->area += (int)(x[1] - x[0]);
			span.x0 = (int16_t)inside(x[0], b->w);
			span.x1 = (int16_t)inside(x[1], b->w);
		}
		if (row_of(core, y + 0.5, x)) {
			c->area += GRID_CORE * (int)(x[1] - x[0]);
			span.core0 = (int16_t)inside(x[0], b->w);
			span.core1 = (int16_t)inside(x[1], b->w);
		}
		if (y < 0 || y >= b->h)
			continue;
		c->visible += span.x1 - span.x0 + GRID_CORE * (span.core1 - span.core0);
		if (span.x1 > span.x0) {
			left = span.x0 < left ? span.x0 : left;
			right = span.x1 > right ? span.x1 : right;
		}
		*VEC_PUSH(&b->span) = span;
	}
	c->clipped = (struct box_px){ left, c->y0, right - left, c->n_rows };
}

/* Whether somebody there would be in the picture, and large enough. */
static bool sees(const struct builder *b, struct grid_cell *c)
{
	struct shape usual;
	double longest;

	if (!grid_place(b->grid, c->at, &c->foot, &c->body) ||
	    !project(b, c->at.x, c->at.y, GRID_PERSON_M, &c->head))
		return false;
	if (c->foot.x < -b->w || c->foot.y < -b->h || c->foot.x > 2 * b->w ||
	    c->foot.y > 2 * b->h || 2 * c->body < b->min_px || !shape_of(b, c->at, BOX, &usual))
		return false;
	c->box = box_of(&usual);
	longest = fmax(c->box.w, c->box.h);
	return longest >= b->min_px && longest <= ROWS_MAX && c->box.x <= b->w &&
	       c->box.y <= b->h && c->box.x + c->box.w >= 0 && c->box.y + c->box.h >= 0;
}

/* True when it becomes a cell. */
static bool try_cell(struct builder *b, struct pt_m at, int col, int row)
{
	struct grid_cell c = { .at = at, .col = col, .row = row };
	size_t before = b->span.n;
	struct shape core, shell;

	if (!sees(b, &c) || !shape_of(b, at, CORE, &core) || !shape_of(b, at, SHELL, &shell))
		return false;
	scan(b, &core, &shell, &c);
	if (c.visible < VISIBLE * c.area || c.area == 0) {
		b->span.n = before;
		return false;
	}
	*VEC_PUSH(&b->cell) = c;
	return true;
}

/* The lattice, with its step; false when it has too many cells. */
static bool build(struct builder *b, struct grid *g)
{
	int half = (int)(REACH_M / g->step_m);

	g->cols = g->rows = 2 * half + 1;
	g->at = xrealloc(g->at, (size_t)g->cols * (size_t)g->rows, sizeof(*g->at));
	b->cell.n = b->span.n = 0;
	for (int row = 0; row < g->rows; row++)
		for (int col = 0; col < g->cols; col++) {
			struct pt_m at = { g->lens.at.x + (col - half) * g->step_m,
					   g->lens.at.y + (row - half) * g->step_m };
			bool there = try_cell(b, at, col, row);

			if (b->cell.n > CELLS_MAX)
				return false;
			g->at[row * g->cols + col] = there ? (int)b->cell.n - 1 : -1;
		}
	return true;
}

void grid_init(struct grid *g, const struct lens *lens, const struct grid_opts *o)
{
	struct builder b = { .grid = g, .w = o->w, .h = o->h, .min_px = o->min_px };

	for (int k = 0; k < RIM; k++) {
		double a = 2 * REAL_PI * k / RIM;

		b.rim[k] = (struct pt_m){ real_cos(a), real_sin(a) };
	}
	*g = (struct grid){ .lens = *lens,
			    .per_px_x = (double)o->factor * lens->w / o->img_w,
			    .per_px_y = (double)o->factor * lens->h / o->img_h,
			    .step_m = o->step_m };
	while (!build(&b, g))
		g->step_m *= COARSER;
	g->cell = b.cell.v;
	g->n = (int)b.cell.n;
	g->span = b.span.v;
}

void grid_clear(struct grid *g)
{
	free(g->at);
	free(g->cell);
	free(g->span);
	*g = (struct grid){ 0 };
}

bool grid_place(const struct grid *g, struct pt_m at, struct pt_px *foot, double *body)
{
	double px[2], depth;

	if (!lens_project(&g->lens, (struct pt_room){ at.x, at.y, 0 }, px, &depth))
		return false;
	*foot = (struct pt_px){ px[0] / g->per_px_x, px[1] / g->per_px_y };
	*body = GRID_PERSON_M * g->lens.f_px / depth / g->per_px_y;
	return true;
}

const struct grid_cell *grid_at(const struct grid *g, int col, int row)
{
	int i;

	if (col < 0 || row < 0 || col >= g->cols || row >= g->rows)
		return NULL;
	i = g->at[row * g->cols + col];
	return i < 0 ? NULL : &g->cell[i];
}
