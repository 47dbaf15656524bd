/* SPDX-License-Identifier: Apache-2.0 */
/* cover.c -- a mask explained by people of known size. */
#include "vision/cover.h"

#include "base/vec.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MAX_CANDIDATES 65536

/* Log-likelihood ratios of a pixel in a person's outline. */
#define FG 3
#define BG (-2)

/* The person: shares of the height, and of the width for each part. */
static const struct {
	double top, bottom, width;
} parts[] = { { 0, 0.16, 0.40 }, { 0.16, 0.52, 0.95 }, { 0.52, 1, 0.62 } };

#define N_PARTS (int)(sizeof(parts) / sizeof(*parts))

static const double scales[] = { 1.0, 0.88, 1.12 };

#define N_SCALES (int)(sizeof(scales) / sizeof(*scales))

#define TAKE 0.9       /* mean score per pixel that makes a person */
#define KEEP 0.5       /* of a person beside all others */
#define VISIBLE 0.55   /* share of a person that must be in the picture */
#define REFINE 2       /* passes */
#define SCALE_SPAN 0.2 /* how far a person's height may be off the usual */

/* A person's parts. */
struct outline {
	struct mask_box part[N_PARTS];
};

/* A place where somebody may stand; who he is, his shape says. */
struct candidate {
	int x;
	int gain;
	double score;
};

/* People of one height whose feet are in one row. */
struct shape {
	double y, h, full;  /* full: area in pixels, also of what the picture cuts off */
	struct outline at0; /* with the feet at x = 0; not cut off */
	struct mask_box box;
	int visible; /* pixels in all parts */
	int from, n; /* its candidates, from left to right */
	int best;    /* the one with the largest gain, the first of these */
};

struct cover {
	int w, h, max;
	const struct size_prior *prior; /* of the call under way */
	double least_h, most_h;
	struct person *chosen;
	struct candidate *cand;
	struct shape *shape;
	int n_shape;
	uint8_t *explained;     /* by how many, per pixel */
	int8_t *score;          /* of a row's pixels */
	uint8_t *worth;         /* of a row: where a foot point is worth a look */
	struct mask_box window; /* of the picture; sums is the integral of its scores */
	int32_t *sums;          /* up to (w + 1) x (h + 1) */
};

struct cover *cover_new(int w, int h, int max)
{
	struct cover *c = xcalloc(1, sizeof(*c));

	assert(w > 0 && h > 0 && max > 0);
	c->w = w;
	c->h = h;
	c->max = max;
	c->chosen = xcalloc((size_t)max, sizeof(*c->chosen));
	c->cand = xcalloc(MAX_CANDIDATES, sizeof(*c->cand));
	c->shape = xcalloc((size_t)h * N_SCALES, sizeof(*c->shape));
	c->explained = xcalloc((size_t)w * (size_t)h, 1);
	c->score = xcalloc((size_t)w, sizeof(*c->score));
	c->worth = xcalloc((size_t)w, 1);
	c->sums = xcalloc((size_t)(w + 1) * (size_t)(h + 1), sizeof(*c->sums));
	return c;
}

void cover_free(struct cover *c)
{
	if (!c)
		return;
	free(c->chosen);
	free(c->cand);
	free(c->shape);
	free(c->explained);
	free(c->score);
	free(c->worth);
	free(c->sums);
	free(c);
}

void cover_clear(struct cover *c)
{
	memset(c->explained, 0, (size_t)c->w * (size_t)c->h);
}

void cover_hide(struct cover *c, const struct mask_blob *b)
{
	for (int y = b->y; y < b->y + b->h; y++)
		memset(c->explained + (size_t)y * (size_t)c->w + b->x, 1, (size_t)b->w);
}

/* ---- the outline and its score ---- */

/* The nearest whole number; quicker than floor() where that is a function of the library. */
static int px(double v)
{
	const int n = (int)(v + 0.5);

	return n - (n > v + 0.5);
}

static int within(int v, int max)
{
	return v < 0 ? 0 : v > max ? max : v;
}

static struct mask_box part_at(double x, double y, double h, int part)
{
	double half = h * COVER_WIDTH * parts[part].width / 2;

	return (struct mask_box){ px(x - half), px(y - h + h * parts[part].top), px(x + half),
				  px(y - h + h * parts[part].bottom) };
}

static struct mask_box cut(struct mask_box r, const struct mask_box *by)
{
	return (struct mask_box){
		r.x0 < by->x0   ? by->x0
		: r.x0 > by->x1 ? by->x1
				: r.x0,
		r.y0 < by->y0   ? by->y0
		: r.y0 > by->y1 ? by->y1
				: r.y0,
		r.x1 < by->x0   ? by->x0
		: r.x1 > by->x1 ? by->x1
				: r.x1,
		r.y1 < by->y0   ? by->y0
		: r.y1 > by->y1 ? by->y1
				: r.y1,
	};
}

/* In the picture, cut off at its edges. */
static struct outline outline_of(const struct cover *c, const struct person *q)
{
	const struct mask_box picture = { 0, 0, c->w, c->h };
	struct outline o;

	for (int i = 0; i < N_PARTS; i++)
		o.part[i] = cut(part_at(q->x, q->y, q->h, i), &picture);
	return o;
}

static double full_area(double h)
{
	double a = 0;

	for (int i = 0; i < N_PARTS; i++)
		a += (parts[i].bottom - parts[i].top) * parts[i].width;
	return a * COVER_WIDTH * h * h;
}

/* The scores of an outline's pixels, all of which must lie in the window. */
static int sum_of(const struct cover *c, const struct outline *o)
{
	const struct mask_box *w = &c->window;
	const ptrdiff_t stride = w->x1 - w->x0 + 1;
	int sum = 0;

	for (int i = 0; i < N_PARTS; i++) {
		const struct mask_box *r = &o->part[i];
		const int32_t *t = c->sums + (r->y0 - w->y0) * stride - w->x0;
		const int32_t *b = c->sums + (r->y1 - w->y0) * stride - w->x0;

		sum += b[r->x1] - b[r->x0] - t[r->x1] + t[r->x0];
	}
	return sum;
}

static int area_of(const struct outline *o)
{
	int area = 0;

	for (int i = 0; i < N_PARTS; i++)
		area += (o->part[i].x1 - o->part[i].x0) * (o->part[i].y1 - o->part[i].y0);
	return area;
}

/* mask is 0 or 255: its bits choose between FG and BG. */
static void score_row(int8_t *restrict score, const uint8_t *restrict mask,
		      const uint8_t *restrict known, int n)
{
	for (int x = 0; x < n; x++)
		score[x] = (int8_t)(((mask[x] & (FG - BG)) + BG) & -(known[x] == 0));
}

/* Sums of all that is above and to the left. */
static void add_up(int32_t *restrict out, const int32_t *restrict above,
		   const int8_t *restrict score, int n)
{
	int32_t row = 0;

	for (int x = 0; x < n; x++) {
		row += score[x];
		out[x] = above[x] + row;
	}
}

/* Makes the integral picture of a window: of what is not explained yet. */
static void integrate(struct cover *c, const struct image *mask, const struct mask_box *window)
{
	const ptrdiff_t stride = window->x1 - window->x0 + 1;
	const int n = window->x1 - window->x0;

	c->window = *window;
	memset(c->sums, 0, (size_t)stride * sizeof(*c->sums));
	for (int y = window->y0; y < window->y1; y++) {
		const int32_t *above = c->sums + (y - window->y0) * stride;

		c->sums[(y - window->y0 + 1) * stride] = 0;
		score_row(c->score, image_row(mask, y) + window->x0,
			  c->explained + (size_t)y * (size_t)c->w + window->x0, n);
		add_up(c->sums + (y - window->y0 + 1) * stride + 1, above + 1, c->score, n);
	}
}

static void grow(struct mask_box *r, const struct mask_box *b)
{
	r->x0 = b->x0 < r->x0 ? b->x0 : r->x0;
	r->y0 = b->y0 < r->y0 ? b->y0 : r->y0;
	r->x1 = b->x1 > r->x1 ? b->x1 : r->x1;
	r->y1 = b->y1 > r->y1 ? b->y1 : r->y1;
}

static struct mask_box box_of(const struct outline *o)
{
	struct mask_box all = o->part[0];

	for (int i = 1; i < N_PARTS; i++)
		grow(&all, &o->part[i]);
	return all;
}

static void paint(struct cover *c, const struct person *q, int by)
{
	const struct outline o = outline_of(c, q);

	for (int i = 0; i < N_PARTS; i++) {
		const struct mask_box *r = &o.part[i];

		for (int y = r->y0; y < r->y1; y++) {
			uint8_t *known = c->explained + (size_t)y * (size_t)c->w;

			for (int x = r->x0; x < r->x1; x++)
				known[x] = (uint8_t)(known[x] + by);
		}
	}
}

/* ---- the search ---- */

static double usual_height(const struct cover *c, double foot_y)
{
	double h = size_prior_height(c->prior, foot_y);

	return h < c->least_h || h > c->most_h ? 0 : h;
}

/* Marks where in row y somebody of height h may stand who is half foreground. */
static bool mark_worth(struct cover *c, const struct mask_blob *blob, int n_blobs, int y,
		       double h)
{
	bool any = false;

	memset(c->worth, 0, (size_t)c->w);
	for (int i = 0; i < n_blobs; i++) {
		const struct mask_blob *b = &blob[i];

		if (y < b->y + 4 || y > b->y + b->h + h / 2)
			continue;
		memset(c->worth + b->x, 1, (size_t)b->w);
		any = true;
	}
	return any;
}

static struct mask_box beside(const struct mask_box *b, int x)
{
	return (struct mask_box){ b->x0 + x, b->y0, b->x1 + x, b->y1 };
}

static bool inside(const struct mask_box *b, const struct mask_box *of)
{
	return b->x0 >= of->x0 && b->y0 >= of->y0 && b->x1 <= of->x1 && b->y1 <= of->y1;
}

/* Sets k's score and gain; false when he is not worth it. */
static bool rate(const struct cover *c, const struct shape *s, struct candidate *k)
{
	const struct mask_box picture = { 0, 0, c->w, c->h }, at = beside(&s->box, k->x);
	const bool whole = inside(&at, &picture);
	struct outline o;
	int visible;

	for (int i = 0; i < N_PARTS; i++) {
		o.part[i] = beside(&s->at0.part[i], k->x);
		if (!whole)
			o.part[i] = cut(o.part[i], &picture);
	}
	visible = whole ? s->visible : area_of(&o);
	if (visible < VISIBLE * s->full)
		return false;
	k->gain = sum_of(c, &o);
	k->score = (double)k->gain / visible;
	return k->score > TAKE;
}

static struct shape shape_at(double y, double h, int from)
{
	struct shape s = { .y = y, .h = h, .full = full_area(h), .from = from };

	for (int i = 0; i < N_PARTS; i++)
		s.at0.part[i] = part_at(0, y, h, i);
	s.box = box_of(&s.at0);
	s.visible = area_of(&s.at0);
	return s;
}

static void find_best(const struct cover *c, struct shape *s)
{
	const struct candidate *k = c->cand + s->from;

	s->best = 0;
	for (int i = 1; i < s->n; i++)
		if (k[i].gain > k[s->best].gain)
			s->best = i;
}

/* Where people of this height may stand in row y. */
static void add_shape(struct cover *c, int y, double h, int step)
{
	const struct shape *last = c->n_shape ? &c->shape[c->n_shape - 1] : NULL;
	struct shape s = shape_at(y, h, last ? last->from + last->n : 0);

	for (int x = 0; x < c->w && s.from + s.n < MAX_CANDIDATES; x += step) {
		struct candidate k = { .x = x };

		if (c->worth[x] && rate(c, &s, &k))
			c->cand[s.from + s.n++] = k;
	}
	find_best(c, &s);
	if (s.n)
		c->shape[c->n_shape++] = s;
}

/* All places worth a look, row by row. */
static void find_candidates(struct cover *c, const struct mask_blob *blob, int n_blobs)
{
	c->n_shape = 0;
	for (int y = 4; y < c->h * 2; y += 2) {
		double h = usual_height(c, y);
		int step = h > 80 ? (int)(h / 40) : 2;

		if (h <= 0 || !mark_worth(c, blob, n_blobs, y, h))
			continue;
		for (int i = 0; i < N_SCALES; i++)
			add_shape(c, y, h * scales[i], step);
	}
}

/* Which of s's candidates, from the *from-th on, may share pixels with q. Returns how many. */
static int sharing(const struct cover *c, const struct shape *s, const struct person *q,
		   int *from)
{
	const struct candidate *k = c->cand + s->from;
	const double far = COVER_WIDTH * (q->h + s->h) / 2 + 2;
	int i = 0, n = 0;

	if (q->y - q->h >= s->y + 2 || s->y - s->h >= q->y + 2)
		return 0;
	while (i < s->n && q->x - k[i].x >= far)
		i++;
	while (i + n < s->n && k[i + n].x - q->x < far)
		n++;
	*from = i;
	return n;
}

/* Rates s's candidates anew, n of them from one on, and drops those no longer worth it. */
static void rate_shape(struct cover *c, struct shape *s, int from, int n)
{
	struct candidate *k = c->cand + s->from;
	int kept = from;

	for (int i = from; i < from + n; i++)
		if (rate(c, s, &k[i]))
			k[kept++] = k[i];
	memmove(&k[kept], &k[from + n], (size_t)(s->n - from - n) * sizeof(*k));
	s->n -= from + n - kept;
	find_best(c, s);
}

/* Rates anew those that share pixels with q, which was just painted. */
static void rate_again(struct cover *c, const struct image *mask, const struct person *q)
{
	const struct mask_box picture = { 0, 0, c->w, c->h };
	struct mask_box window = { c->w, c->h, 0, 0 };
	int from, n;

	for (int i = 0; i < c->n_shape; i++) {
		const struct shape *s = &c->shape[i];
		const struct candidate *k = c->cand + s->from;
		struct mask_box a, b;

		n = sharing(c, s, q, &from);
		if (!n)
			continue;
		a = beside(&s->box, k[from].x);
		b = beside(&s->box, k[from + n - 1].x);
		grow(&a, &b);
		a = cut(a, &picture);
		grow(&window, &a);
	}
	if (window.x0 >= window.x1 || window.y0 >= window.y1)
		return;
	integrate(c, mask, &window);
	for (int i = 0; i < c->n_shape; i++) {
		n = sharing(c, &c->shape[i], q, &from);
		if (n)
			rate_shape(c, &c->shape[i], from, n);
	}
}

static const struct shape *best_shape(const struct cover *c)
{
	const struct shape *best = NULL;

	for (const struct shape *s = c->shape; s < c->shape + c->n_shape; s++)
		if (s->n && (!best || c->cand[s->from + s->best].gain >
					      c->cand[best->from + best->best].gain))
			best = s;
	return best;
}

static int cover_greedily(struct cover *c, const struct image *mask)
{
	const struct shape *s;
	int n = 0;

	while (n < c->max && (s = best_shape(c)) != NULL) {
		const struct candidate *k = &c->cand[s->from + s->best];
		const struct person q = {
			.x = k->x, .y = s->y, .h = s->h, .score = k->score, .gain = k->gain
		};

		c->chosen[n++] = q;
		paint(c, &q, 1);
		rate_again(c, mask, &q);
	}
	return n;
}

/* Sets q's score and gain; false when nobody can be that high there, or too little of him is
 * in the picture. */
static bool rate_here(const struct cover *c, struct person *q)
{
	const double usual = usual_height(c, q->y);
	struct outline o;
	int visible;

	if (usual <= 0 || fabs(q->h / usual - 1) > SCALE_SPAN)
		return false;
	o = outline_of(c, q);
	visible = area_of(&o);
	if (visible < VISIBLE * full_area(q->h))
		return false;
	q->gain = sum_of(c, &o);
	q->score = q->gain / visible;
	return true;
}

#define CLIMB 6 /* steps at most */

/* Moves q, itself not painted, uphill by small steps. False when it is nobody where it is. */
static bool climb(struct cover *c, struct person *q, const struct image *mask)
{
	static const signed char moves[][3] = { { 1, 0, 0 },  { -1, 0, 0 }, { 0, 1, 0 },
						{ 0, -1, 0 }, { 0, 0, 1 },  { 0, 0, -1 } };
	const double step = fmax(1, q->h / 40), far = (CLIMB + 1) * step;
	const struct person nw = { .x = q->x - far, .y = q->y - far, .h = q->h + far };
	const struct person se = { .x = q->x + far, .y = q->y + far, .h = q->h + far };
	const struct outline a = outline_of(c, &nw), b = outline_of(c, &se);
	struct mask_box window = box_of(&a), more = box_of(&b);

	grow(&window, &more);
	integrate(c, mask, &window);
	if (!rate_here(c, q))
		return false;
	for (int turn = 0; turn < CLIMB; turn++) {
		struct person top = *q;

		for (int i = 0; i < (int)(sizeof(moves) / sizeof(*moves)); i++) {
			struct person r = *q;

			r.x += step * moves[i][0];
			r.y += step * moves[i][1];
			r.h += step * moves[i][2];
			if (rate_here(c, &r) && r.gain > top.gain)
				top = r;
		}
		if (top.gain <= q->gain)
			break;
		*q = top;
	}
	return true;
}

/* Moves each where it explains most beside the others; drops who explains too little. */
static int refine(struct cover *c, const struct image *mask, int n)
{
	for (int pass = 0; pass < REFINE; pass++) {
		int kept = 0;

		for (int i = 0; i < n; i++) {
			struct person q = c->chosen[i];

			paint(c, &q, -1);
			if (!climb(c, &q, mask) || q.score < KEEP)
				continue;
			paint(c, &q, 1);
			c->chosen[kept++] = q;
		}
		n = kept;
	}
	return n;
}

int cover_people(struct cover *c, const struct image *mask, const struct mask_blob *blob,
		 int n_blobs, const struct size_prior *prior, double least_h, double most_h,
		 const struct person **people)
{
	const struct mask_box picture = { 0, 0, c->w, c->h };
	int n;

	assert(mask->w == c->w && mask->h == c->h);
	c->prior = prior;
	c->least_h = least_h;
	c->most_h = most_h;
	integrate(c, mask, &picture);
	find_candidates(c, blob, n_blobs);
	n = cover_greedily(c, mask);
	n = refine(c, mask, n);
	*people = c->chosen;
	return n;
}

int cover_bounds(struct cover *c, const struct person *q, const struct image *mask,
		 struct mask_box *b, double *foot_x)
{
	const double half = q->h * COVER_WIDTH * 0.5;
	const struct mask_box r = { within(px(q->x - 1.5 * half), c->w),
				    within(px(q->y - 1.15 * q->h), c->h),
				    within(px(q->x + 1.5 * half), c->w),
				    within(px(q->y + 0.12 * q->h), c->h) };
	int n = 0, n_foot = 0, sum_foot = 0;

	paint(c, q, -1);
	*b = (struct mask_box){ r.x1, r.y1, r.x0, r.y0 };
	for (int y = r.y0; y < r.y1; y++) {
		const uint8_t *m = image_row(mask, y);
		const uint8_t *known = c->explained + (size_t)y * (size_t)c->w;

		for (int x = r.x0; x < r.x1; x++) {
			if (!m[x] || known[x])
				continue;
			n++;
			b->x0 = x < b->x0 ? x : b->x0;
			b->x1 = x >= b->x1 ? x + 1 : b->x1;
			b->y0 = y < b->y0 ? y : b->y0;
			b->y1 = y >= b->y1 ? y + 1 : b->y1;
			if (y > q->y - 0.25 * q->h) {
				n_foot++;
				sum_foot += x;
			}
		}
	}
	paint(c, q, 1);
	*foot_x = n_foot ? (double)sum_foot / n_foot + 0.5 : q->x;
	return n;
}
