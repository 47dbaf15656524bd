/* SPDX-License-Identifier: Apache-2.0 */
/* people.c -- people from a mask: what stands alone teaches how tall people are, and then every
 * blob is covered by as many people of that size as explain it (cover.h).
 *
 * Where the size is not known, a person is what is left after fragments above each other are
 * joined. On a calibrated floor nothing has to be learned, and pom.h does it all.
 */
#include "vision/people.h"

#include "base/real.h"
#include "base/vec.h"
#include "vision/cover.h"
#include "vision/mask_blobs.h"
#include "vision/pom.h"
#include "vision/size_prior.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MAX_BLOBS 512
#define MAX_LONE 32

#define JOIN_GAP 0.25 /* of the height: gaps between pieces of one person */

/* A lone, well-shaped walker: what the size is learned from. */
#define LONE_ASPECT_MIN 0.2
#define LONE_ASPECT_MAX 0.6
#define LONE_SOLID 0.45
#define PERSON_MIN_PX 16 /* high */
#define LONE_MIN_PX 20   /* high; smaller ones measure badly */
#define LONE_SPECK 0.1   /* of the area: smaller things beside a person are no part of him */
#define OUTGROWN 1.4     /* times the usual height and width */
#define BORDER 0.02      /* of the picture: nearer to its edge, someone may be cut off */

/* Standard deviations of a foot on a known floor. Along the body, and as a share of its length;
 * across it, and as a share of its height; of the floor and the camera's calibration. */
#define OFF_ALONG_PX 2.0
#define OFF_ALONG 0.05
#define OFF_HIDDEN 2.0 /* so much more when the feet are not seen */
#define OFF_ACROSS_PX 0.7
#define OFF_ACROSS 0.025
#define OFF_M 0.05

struct people {
	struct people_opts o;
	int w, h;
	struct size_prior prior;
	struct mask_blobs *work;
	struct mask_blob blobs[MAX_BLOBS];
	struct mask_blob groups[MAX_BLOBS];
	struct mask_blob lone[MAX_LONE]; /* candidates for learning in the frame before */
	int n_lone;
	struct cover *cover;
	struct detection *det;
	const struct grid *grid; /* of a calibrated camera, or NULL */
	struct pom *pom;
};

struct people *people_new(const struct people_opts *o, int w, int h, const struct grid *grid)
{
	struct people *p = xcalloc(1, sizeof(*p));

	assert(w > 0 && h > 0 && o->max_people > 0);
	p->o = *o;
	p->w = w;
	p->h = h;
	p->prior.rows = h;
	p->work = mask_blobs_new(h);
	p->cover = cover_new(w, h, o->max_people);
	p->det = xcalloc((size_t)o->max_people, sizeof(*p->det));
	if (grid)
		p->pom = pom_new(grid, w, h, o->max_people);
	p->grid = grid;
	return p;
}

void people_free(struct people *p)
{
	if (!p)
		return;
	mask_blobs_free(p->work);
	cover_free(p->cover);
	pom_free(p->pom);
	free(p->det);
	free(p);
}

/* ---- fragments of one person ---- */

static bool above_each_other(const struct mask_blob *a, const struct mask_blob *b)
{
	int left = a->x > b->x ? a->x : b->x;
	int right = a->x + a->w < b->x + b->w ? a->x + a->w : b->x + b->w;
	int narrow = a->w < b->w ? a->w : b->w;

	return 2 * (right - left) >= narrow;
}

static struct mask_blob both(const struct mask_blob *a, const struct mask_blob *b)
{
	struct mask_blob c = *a;

	c.x = a->x < b->x ? a->x : b->x;
	c.y = a->y < b->y ? a->y : b->y;
	c.w = (a->x + a->w > b->x + b->w ? a->x + a->w : b->x + b->w) - c.x;
	c.h = (a->y + a->h > b->y + b->h ? a->y + a->h : b->y + b->h) - c.y;
	c.area_px = a->area_px + b->area_px;
	return c;
}

/* Whether two blobs are pieces of one person: above each other with a small gap. */
static bool one_person(const struct mask_blob *a, const struct mask_blob *b)
{
	const struct mask_blob *top = a->y <= b->y ? a : b, *low = top == a ? b : a;
	struct mask_blob c = both(a, b);

	return above_each_other(a, b) && low->y - (top->y + top->h) < JOIN_GAP * c.h &&
	       c.w > LONE_ASPECT_MIN * c.h;
}

/* Joins pieces until none fit; returns how many groups there are. */
static int join(struct people *p, int n)
{
	bool again = true;

	memcpy(p->groups, p->blobs, (size_t)n * sizeof(*p->groups));
	while (again) {
		again = false;
		for (int i = 0; i < n; i++)
			for (int j = i + 1; j < n; j++) {
				if (!one_person(&p->groups[i], &p->groups[j]))
					continue;
				p->groups[i] = both(&p->groups[i], &p->groups[j]);
				p->groups[j--] = p->groups[--n];
				again = true;
			}
	}
	return n;
}

/* Smaller people are not told from noise. */
static double least_height(const struct people *p)
{
	return fmax(p->o.min_height * p->h, PERSON_MIN_PX);
}

static bool at_border(const struct people *p, const struct mask_blob *b)
{
	int m = (int)(BORDER * p->h);

	return b->x <= m || b->y <= m || b->x + b->w >= p->w - m || b->y + b->h >= p->h - m;
}

/* Whether g has the outline of an upright person. */
static bool has_shape(const struct mask_blob *g)
{
	double aspect = (double)g->w / g->h;

	return aspect >= LONE_ASPECT_MIN && aspect <= LONE_ASPECT_MAX &&
	       g->area_px >= LONE_SOLID * g->w * g->h;
}

/* Whether all of him is to be seen, and large enough to be measured. */
static bool well_shaped(const struct people *p, const struct mask_blob *g)
{
	return !at_border(p, g) && g->h >= LONE_MIN_PX && g->h >= least_height(p) &&
	       g->h <= p->o.max_height * p->h && has_shape(g);
}

/* Whether nothing else is near: else g may be a piece of something. */
static bool alone(const struct people *p, int g, int n_groups)
{
	const struct mask_blob *a = &p->groups[g];

	for (int i = 0; i < n_groups; i++) {
		const struct mask_blob *b = &p->groups[i];

		if (b->area_px < LONE_SPECK * a->area_px &&
		    (b->x > a->x + a->w || b->x + b->w < a->x))
			continue;
		if (i != g && 2 * (b->x + b->w) > 2 * a->x - a->h &&
		    2 * b->x < 2 * (a->x + a->w) + a->h &&
		    2 * (b->y + b->h) > 2 * a->y - a->h && 2 * b->y < 2 * a->y + 3 * a->h)
			return false;
	}
	return true;
}

/* Whether g was there in the frame before, of the same size: what flickers is not a person. */
static bool steady(const struct people *p, const struct mask_blob *g)
{
	for (int i = 0; i < p->n_lone; i++) {
		const struct mask_blob *b = &p->lone[i];

		if (fabs(b->x + b->w / 2.0 - (g->x + g->w / 2.0)) < 0.3 * g->h &&
		    abs(b->y + b->h - g->y - g->h) < 0.15 * g->h &&
		    abs(b->h - g->h) < 0.12 * g->h)
			return true;
	}
	return false;
}

static void learn(struct people *p, int n_groups)
{
	struct mask_blob lone[MAX_LONE];
	int n = 0;

	for (int i = 0; i < n_groups && n < MAX_LONE; i++) {
		const struct mask_blob *g = &p->groups[i];

		if (!well_shaped(p, g) || !alone(p, i, n_groups))
			continue;
		if (steady(p, g))
			size_prior_add(&p->prior, g->x + g->w / 2.0, g->y + g->h, g->h);
		lone[n++] = *g;
	}
	memcpy(p->lone, lone, (size_t)n * sizeof(*lone));
	p->n_lone = n;
}

/* ---- detections ---- */

/* Where the mask ends near an outline's edge is the better edge; when it ends elsewhere
 * (someone else, a hidden part), the outline's own stays. */
static double edge(double outline, double mask_edge, double tolerance)
{
	return fabs(mask_edge - outline) <= tolerance ? mask_edge : outline;
}

static void set_box(struct detection *d, double x0, double y0, double x1, double y1,
		    const struct people *p)
{
	x0 = fmin(fmax(x0, 0), p->w - 1);
	y0 = fmin(fmax(y0, 0), p->h - 1);
	x1 = fmin(fmax(x1, x0 + 1), p->w);
	y1 = fmin(fmax(y1, y0 + 1), p->h);
	d->box = (struct box_px){ x0, y0, x1 - x0, y1 - y0 };
}

static struct detection detection_of(struct people *p, const struct person *q,
				     const struct image *mask)
{
	const double half = q->h * COVER_WIDTH * 0.5;
	struct detection d = { 0 };
	double foot_x;
	struct mask_box b;

	d.area_px = cover_bounds(p->cover, q, mask, &b, &foot_x);
	set_box(&d, edge(q->x - half, b.x0, 0.5 * half), edge(q->y - q->h, b.y0, 0.14 * q->h),
		edge(q->x + half, b.x1, 0.5 * half), edge(q->y, b.y1, 0.11 * q->h), p);
	d.foot.x = fmin(fmax(foot_x, d.box.x), d.box.x + d.box.w);
	d.foot.y = d.box.y + d.box.h;
	d.score = fmin(fmax(q->score / COVER_FULL, 0), 1);
	return d;
}

/* The rest of the mask, by people of known size, behind the n_det detections there are. */
static int explain(struct people *p, const struct image *mask, int n_blobs, int n_det)
{
	const struct person *who;
	int n = cover_people(p->cover, mask, p->blobs, n_blobs, &p->prior, least_height(p),
			     p->o.max_height * p->h, &who);

	for (int i = 0; i < n && n_det < p->o.max_people; i++)
		p->det[n_det++] = detection_of(p, &who[i], mask);
	return n_det;
}

/* Whether g looks like one person who is larger than people are thought to be there, in height
 * and width: then his outline says more than what was learned from others. */
static bool outgrown(const struct people *p, const struct mask_blob *g)
{
	double h = size_prior_height(&p->prior, g->y + g->h);

	return has_shape(g) && g->h > OUTGROWN * h && g->w > OUTGROWN * COVER_WIDTH * h;
}

/* Each group where the size of people is not known, or wrong, is a person; its pixels are
 * explained. */
static int take_groups(struct people *p, int n_groups)
{
	int n = 0;

	for (int i = 0; i < n_groups && n < p->o.max_people; i++) {
		const struct mask_blob *g = &p->groups[i];
		struct detection *d = &p->det[n];

		if (size_prior_sure(&p->prior, g->y + g->h) && !outgrown(p, g))
			continue;
		cover_hide(p->cover, g);
		if (g->h < least_height(p) || g->h > p->o.max_height * p->h || g->w > 2 * g->h)
			continue;
		set_box(d, g->x, g->y, g->x + g->w, g->y + g->h, p);
		d->foot = (struct pt_px){ d->box.x + d->box.w / 2, d->box.y + d->box.h };
		d->area_px = g->area_px;
		d->score = (double)g->area_px / (g->w * g->h);
		n++;
	}
	return n;
}

static double square(double x)
{
	return x * x;
}

/* Where in the picture pixels lie on the floor: metres per pixel, around a cell. */
struct scale {
	double xx, xy, yx, yy; /* east by right and down, north by right and down */
};

static struct scale scale_at(const struct grid *g, const struct grid_cell *c)
{
	const double step = 0.1;
	struct pt_px e = c->foot, n = c->foot;
	double body, ex, ey, nx, ny, det;

	if (!grid_place(g, (struct pt_m){ c->at.x + step, c->at.y }, &e, &body) ||
	    !grid_place(g, (struct pt_m){ c->at.x, c->at.y + step }, &n, &body))
		return (struct scale){ GRID_PERSON_M / c->body, 0, 0, GRID_PERSON_M / c->body };
	ex = (e.x - c->foot.x) / step;
	ey = (e.y - c->foot.y) / step;
	nx = (n.x - c->foot.x) / step;
	ny = (n.y - c->foot.y) / step;
	det = ex * ny - nx * ey;
	return (struct scale){ ny / det, -nx / det, -ey / det, ex / det };
}

/* The place of a foot on the floor and how far off it may be: across the body as far as its
 * sides, along it as its ends, which swing, melt into shadows and depend on how tall he is, and
 * more when the feet are hidden. */
static void put_on_floor(struct detection *d, const struct grid *g,
			 const struct pom_person *who)
{
	const struct grid_cell *c = &g->cell[who->cell];
	struct scale m = scale_at(g, c);
	double dx = who->foot.x - c->foot.x, dy = who->foot.y - c->foot.y;
	double ux = c->head.x - c->foot.x, uy = c->head.y - c->foot.y, l = real_hypot(ux, uy);
	double along =
		square(OFF_ALONG_PX) + square(OFF_ALONG * (1 + OFF_HIDDEN * who->hidden) * l);
	double across = square(OFF_ACROSS_PX) + square(OFF_ACROSS * c->body);
	double more = l > 0 ? (along - across) / (l * l) : 0;
	double px = across + more * ux * ux, pxy = more * ux * uy, py = across + more * uy * uy;

	d->at = (struct pt_m){ c->at.x + m.xx * dx + m.xy * dy,
			       c->at.y + m.yx * dx + m.yy * dy };
	d->at_off = (struct spread){
		m.xx * m.xx * px + 2 * m.xx * m.xy * pxy + m.xy * m.xy * py + square(OFF_M),
		m.xx * m.yx * px + (m.xx * m.yy + m.xy * m.yx) * pxy + m.xy * m.yy * py,
		m.yx * m.yx * px + 2 * m.yx * m.yy * pxy + m.yy * m.yy * py + square(OFF_M),
	};
}

static int on_the_floor(struct people *p, const struct image *mask, int n_blobs,
			const struct image *expected)
{
	const struct pom_person *who;
	int n = pom_step(p->pom, mask, p->blobs, n_blobs, expected, &who);

	for (int i = 0; i < n; i++) {
		const struct grid_cell *c = &p->grid->cell[who[i].cell];
		struct detection *d = &p->det[i];
		double dx = who[i].foot.x - c->foot.x, dy = who[i].foot.y - c->foot.y;
		double x0 = c->box.x + dx, y0 = c->box.y + dy, x1 = x0 + c->box.w,
		       y1 = y0 + c->box.h;
		struct mask_box b;

		*d = (struct detection){ .foot = who[i].foot, .body = c->body };
		put_on_floor(d, p->grid, &who[i]);
		d->area_px = pom_bounds(p->pom, i, mask, &b);
		set_box(d, edge(x0, b.x0, 0.25 * c->box.w), edge(y0, b.y0, 0.14 * c->box.h),
			edge(x1, b.x1, 0.25 * c->box.w), edge(y1, b.y1, 0.11 * c->box.h), p);
		d->score = fmin(fmax(who[i].score / POM_FULL, 0), 1);
	}
	return n;
}

static int by_foot(const void *a, const void *b)
{
	const struct detection *d = a, *e = b;

	if (d->foot.y != e->foot.y)
		return d->foot.y < e->foot.y ? -1 : 1;
	return (d->foot.x > e->foot.x) - (d->foot.x < e->foot.x);
}

int people_step(struct people *p, const struct image *mask, const struct image *expected,
		const struct detection **det)
{
	int n_blobs, n_groups, n;

	assert(mask->w == p->w && mask->h == p->h);
	n_blobs = mask_blobs_find(p->work, mask, p->blobs, MAX_BLOBS);
	if (p->grid) {
		n = on_the_floor(p, mask, n_blobs, expected);
	} else {
		n_groups = join(p, n_blobs);
		learn(p, n_groups);
		cover_clear(p->cover);
		n = take_groups(p, n_groups);
		if (n_blobs && p->prior.known)
			n = explain(p, mask, n_blobs, n);
	}
	qsort(p->det, (size_t)n, sizeof(*p->det), by_foot);
	*det = p->det;
	return n;
}
