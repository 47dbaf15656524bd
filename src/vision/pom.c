/* SPDX-License-Identifier: Apache-2.0 */
/* pom.c -- a mask explained by people who stand on a floor that is known. */
#include "vision/pom.h"

#include "base/vec.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Per pixel of the shell; one of the core says GRID_CORE times as much besides. */
#define FG 6
#define BG (-4)
#define RIM_BG (-2)    /* of the shell: arms and legs are not everywhere they reach */
#define EXPLAINED (-1) /* people seldom hide each other */

#define TAKE 0.8      /* mean score that makes a person */
#define TAKE_HINT 0.0 /* the same where one is expected */
#define KEEP 0.0      /* of a person beside all others */
#define UNSEEN 0.5    /* part of what is outside the picture that counts against him */
#define STRIDE 2      /* of the cells only every second each way is tried at first */
#define NEAR 4        /* cells that one is moved each way at once, */
#define STEPS 4       /* and how often in a pass at most */
#define REFINE 2      /* passes */
#define HINTED 0.6    /* share of his pixels that are expected */

struct candidate {
	int cell, sum, need;
};

struct pom {
	const struct grid *grid;
	int w, h, max;
	const struct image *mask;
	uint8_t *explained;  /* by how many, per pixel */
	int32_t *core, *rim; /* sums of scores along each row; h x (w + 1) */
	struct candidate *cand;
	struct candidate *chosen;
	struct pom_person *out;
	int n;
};

struct pom *pom_new(const struct grid *grid, int w, int h, int max)
{
	struct pom *p = xcalloc(1, sizeof(*p));

	assert(w > 0 && h > 0 && max > 0);
	p->grid = grid;
	p->w = w;
	p->h = h;
	p->max = max;
	p->explained = xcalloc((size_t)w * (size_t)h, 1);
	p->core = xcalloc((size_t)(w + 1) * (size_t)h, sizeof(*p->core));
	p->rim = xcalloc((size_t)(w + 1) * (size_t)h, sizeof(*p->rim));
	p->cand = xcalloc((size_t)grid->n + 1, sizeof(*p->cand));
	p->chosen = xcalloc((size_t)max, sizeof(*p->chosen));
	p->out = xcalloc((size_t)max, sizeof(*p->out));
	return p;
}

void pom_free(struct pom *p)
{
	if (!p)
		return;
	free(p->explained);
	free(p->core);
	free(p->rim);
	free(p->cand);
	free(p->chosen);
	free(p->out);
	free(p);
}

/* Sums of the scores in rows y0 <= y < y1, from column x0 to x1. */
static void add_up(struct pom *p, int x0, int x1, int y0, int y1)
{
	for (int y = y0; y < y1; y++) {
		const uint8_t *m = image_row(p->mask, y);
		const uint8_t *known = p->explained + (size_t)y * (size_t)p->w;
		int32_t *core = p->core + (size_t)y * (size_t)(p->w + 1), s = 0;
		int32_t *rim = p->rim + (size_t)y * (size_t)(p->w + 1), r = 0;

		core[x0] = rim[x0] = 0;
		for (int x = x0; x < x1; x++) {
			s += known[x] ? EXPLAINED : m[x] ? FG : BG;
			r += known[x] ? EXPLAINED : m[x] ? FG : RIM_BG;
			core[x + 1] = s;
			rim[x + 1] = r;
		}
	}
}

static int sum_of(const struct pom *p, const struct grid_cell *c)
{
	const struct grid_span *s = p->grid->span + c->first;
	const int32_t *core = p->core + (size_t)c->y0 * (size_t)(p->w + 1);
	const int32_t *rim = p->rim + (size_t)c->y0 * (size_t)(p->w + 1);
	int sum = 0;

	for (int i = 0; i < c->n_rows; i++, core += p->w + 1, rim += p->w + 1)
		sum += rim[s[i].x1] - rim[s[i].x0] +
		       GRID_CORE * (core[s[i].core1] - core[s[i].core0]);
	return sum;
}

static void paint(struct pom *p, const struct grid_cell *c, int by)
{
	const struct grid_span *s = p->grid->span + c->first;

	for (int i = 0; i < c->n_rows; i++) {
		uint8_t *known = p->explained + (size_t)(c->y0 + i) * (size_t)p->w;

		for (int x = s[i].x0; x < s[i].x1; x++)
			known[x] = (uint8_t)(known[x] + by);
	}
}

static bool meet(const struct box_px *a, double x0, double y0, double x1, double y1)
{
	return a->x < x1 && a->x + a->w > x0 && a->y < y1 && a->y + a->h > y0;
}

static bool expected_at(const struct pom *p, const struct image *expected,
			const struct grid_cell *c)
{
	const struct grid_span *s = p->grid->span + c->first;
	int n = 0;

	for (int i = 0; i < c->n_rows; i++) {
		const uint8_t *e = image_row(expected, c->y0 + i);

		for (int x = s[i].x0; x < s[i].x1; x++)
			n += e[x] != 0;
	}
	return n > HINTED * c->visible;
}

/* What his score is the mean of: of what the picture cuts off, a part. */
static double size_of(const struct grid_cell *c)
{
	return c->visible + UNSEEN * (c->area - c->visible);
}

static int candidates(struct pom *p, const struct mask_blob *blob, int n_blobs,
		      const struct image *expected)
{
	int n = 0;

	for (int i = 0; i < p->grid->n; i++) {
		const struct grid_cell *c = &p->grid->cell[i];
		bool near = false;
		int sum;

		if (c->col % STRIDE || c->row % STRIDE)
			continue;
		for (int k = 0; k < n_blobs && !near; k++)
			near = meet(&c->clipped, blob[k].x, blob[k].y, blob[k].x + blob[k].w,
				    blob[k].y + blob[k].h);
		if (!near)
			continue;
		sum = sum_of(p, c);
		if (sum <= TAKE_HINT * size_of(c))
			continue;
		p->cand[n] = (struct candidate){ i, sum, (int)(TAKE * size_of(c)) };
		if (sum <= p->cand[n].need) {
			if (!expected || !expected_at(p, expected, c))
				continue;
			p->cand[n].need = (int)(TAKE_HINT * size_of(c));
		}
		n++;
	}
	return n;
}

static int best_of(const struct candidate *c, int n)
{
	int best = -1;

	for (int i = 0; i < n; i++)
		if (c[i].sum > c[i].need && (best < 0 || c[i].sum > c[best].sum))
			best = i;
	return best;
}

static int cover_greedily(struct pom *p, int n_cand)
{
	int n = 0, best;

	while (n < p->max && (best = best_of(p->cand, n_cand)) >= 0) {
		struct candidate q = p->cand[best];
		const struct grid_cell *c = &p->grid->cell[q.cell];
		const struct box_px *b = &c->clipped;
		int kept = 0;

		p->chosen[n++] = q;
		paint(p, c, 1);
		add_up(p, 0, p->w, c->y0, c->y0 + c->n_rows);
		for (int i = 0; i < n_cand; i++) {
			struct candidate *r = &p->cand[i];
			const struct grid_cell *d = &p->grid->cell[r->cell];

			if (meet(&d->clipped, b->x, b->y, b->x + b->w, b->y + b->h))
				r->sum = sum_of(p, d);
			if (r->sum > r->need)
				p->cand[kept++] = *r;
		}
		n_cand = kept;
	}
	return n;
}

/* Sums up anew what the cell and those within reach of it may cover, for as long as only they
 * are looked at. */
static void add_up_near(struct pom *p, const struct grid_cell *c, int reach)
{
	double x0 = c->clipped.x, y0 = c->clipped.y;
	double x1 = x0 + c->clipped.w, y1 = y0 + c->clipped.h;

	for (int dy = -reach; dy <= reach; dy++)
		for (int dx = -reach; dx <= reach; dx++) {
			const struct grid_cell *d = grid_at(p->grid, c->col + dx, c->row + dy);

			if (!d)
				continue;
			x0 = fmin(x0, d->clipped.x);
			y0 = fmin(y0, d->clipped.y);
			x1 = fmax(x1, d->clipped.x + d->clipped.w);
			y1 = fmax(y1, d->clipped.y + d->clipped.h);
		}
	add_up(p, (int)x0, (int)x1, (int)y0, (int)y1);
}

/* To where q, itself not painted, explains most; true when it moved. */
static bool move(struct pom *p, struct candidate *q)
{
	const struct grid_cell *c = &p->grid->cell[q->cell];
	int was = q->cell;

	add_up_near(p, c, NEAR);
	q->sum = sum_of(p, c);
	for (int dy = -NEAR; dy <= NEAR; dy++)
		for (int dx = -NEAR; dx <= NEAR; dx++) {
			const struct grid_cell *d = grid_at(p->grid, c->col + dx, c->row + dy);
			int sum = d ? sum_of(p, d) : 0;

			if (d && sum > q->sum) {
				q->sum = sum;
				q->cell = (int)(d - p->grid->cell);
			}
		}
	return q->cell != was;
}

/* Moves each where it explains most beside the others; drops who explains too little. */
static int refine(struct pom *p, int n)
{
	for (int pass = 0; pass < REFINE; pass++) {
		int kept = 0;

		for (int i = 0; i < n; i++) {
			struct candidate q = p->chosen[i];
			const struct grid_cell *c = &p->grid->cell[q.cell];

			paint(p, c, -1);
			for (int k = 0; k < STEPS && move(p, &q); k++)
				;
			c = &p->grid->cell[q.cell];
			if (q.sum <= KEEP * size_of(c))
				continue;
			paint(p, c, 1);
			p->chosen[kept++] = q;
		}
		n = kept;
	}
	return n;
}

/* The top of the parabola through three sums, -0.5 .. 0.5 from the middle one. */
static double top_of(int before, int at, int after)
{
	int bend = 2 * at - before - after;

	return bend <= 0 ? 0 : fmin(fmax((after - before) / (2.0 * bend), -0.5), 0.5);
}

static int sum_at(const struct pom *p, const struct grid_cell *c, int dx, int dy, int otherwise)
{
	const struct grid_cell *d = grid_at(p->grid, c->col + dx, c->row + dy);

	return d ? sum_of(p, d) : otherwise;
}

/* The share of the lower half's core, towards the feet, that shows nothing of him: behind
 * others, behind things, or out of the picture. He himself is not painted. */
static double hidden_part(const struct pom *p, const struct grid_cell *c)
{
	const struct grid_span *s = p->grid->span + c->first;
	double ux = c->head.x - c->foot.x, uy = c->head.y - c->foot.y;
	double half = (ux * ux + uy * uy) / 2;
	int n = 0, seen = 0;

	for (int i = 0; i < c->n_rows; i++) {
		const uint8_t *m = image_row(p->mask, c->y0 + i);
		const uint8_t *known = p->explained + (size_t)(c->y0 + i) * (size_t)p->w;
		double y = (c->y0 + i + 0.5 - c->foot.y) * uy;

		for (int x = s[i].core0; x < s[i].core1; x++) {
			if ((x + 0.5 - c->foot.x) * ux + y > half)
				continue;
			n++;
			seen += m[x] && !known[x];
		}
	}
	if (c->foot.x < 0 || c->foot.y < 0 || c->foot.x >= p->w || c->foot.y >= p->h)
		return 1;
	return n ? 1 - (double)seen / n : 0;
}

static struct pom_person person_of(struct pom *p, const struct candidate *q)
{
	const struct grid_cell *c = &p->grid->cell[q->cell];
	const struct grid_cell *e = grid_at(p->grid, c->col + 1, c->row);
	const struct grid_cell *n = grid_at(p->grid, c->col, c->row + 1);
	struct pom_person out = { .cell = q->cell, .foot = c->foot };
	int sum;
	double x, y;

	paint(p, c, -1);
	add_up_near(p, c, 1);
	sum = sum_of(p, c);
	x = top_of(sum_at(p, c, -1, 0, sum), sum, sum_at(p, c, 1, 0, sum));
	y = top_of(sum_at(p, c, 0, -1, sum), sum, sum_at(p, c, 0, 1, sum));
	out.hidden = hidden_part(p, c);
	paint(p, c, 1);
	out.score = sum / size_of(c);
	if (e && n) {
		out.foot.x += x * (e->foot.x - c->foot.x) + y * (n->foot.x - c->foot.x);
		out.foot.y += x * (e->foot.y - c->foot.y) + y * (n->foot.y - c->foot.y);
	}
	return out;
}

int pom_step(struct pom *p, const struct image *mask, const struct mask_blob *blob, int n_blobs,
	     const struct image *expected, const struct pom_person **people)
{
	assert(mask->w == p->w && mask->h == p->h);
	p->mask = mask;
	memset(p->explained, 0, (size_t)p->w * (size_t)p->h);
	add_up(p, 0, p->w, 0, p->h);
	p->n = cover_greedily(p, candidates(p, blob, n_blobs, expected));
	p->n = refine(p, p->n);
	for (int i = 0; i < p->n; i++)
		p->out[i] = person_of(p, &p->chosen[i]);
	*people = p->out;
	return p->n;
}

int pom_bounds(struct pom *p, int i, const struct image *mask, struct mask_box *b)
{
	const struct grid_cell *c = &p->grid->cell[p->out[i].cell];
	double mx = 0.2 * c->box.w, my = 0.15 * c->box.h;
	int x0 = (int)fmax(c->box.x - mx, 0), y0 = (int)fmax(c->box.y - my, 0), n = 0;
	int x1 = (int)fmin(c->box.x + c->box.w + mx, p->w);
	int y1 = (int)fmin(c->box.y + c->box.h + my, p->h);

	paint(p, c, -1);
	*b = (struct mask_box){ x1, y1, x0, y0 };
	for (int y = y0; y < y1; y++) {
		const uint8_t *m = image_row(mask, y);
		const uint8_t *known = p->explained + (size_t)y * (size_t)p->w;

		for (int x = x0; x < x1; x++) {
			if (!m[x] || known[x])
				continue;
			n++;
			b->x0 = x < b->x0 ? x : b->x0;
			b->x1 = x >= b->x1 ? x + 1 : b->x1;
			b->y0 = y < b->y0 ? y : b->y0;
			b->y1 = y >= b->y1 ? y + 1 : b->y1;
		}
	}
	paint(p, c, 1);
	if (!n)
		*b = (struct mask_box){ 0 };
	return n;
}
