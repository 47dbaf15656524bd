/* SPDX-License-Identifier: Apache-2.0 */
/* people.c -- people from a mask: what stands alone teaches how tall people are, and then every
 * blob is covered by as many people of that size as explain it.
 *
 * While the size is not known, a person is what is left after fragments above each other are
 * joined. Once it is known, the mask is explained greedily: a person is three rectangles (head,
 * torso, legs) over a foot point; a foreground pixel in them speaks for it with FG, a
 * background pixel against it with BG. The best one is taken, its pixels are explained and
 * speak no more, and so on until none is good enough; then each is moved to where it explains
 * most given the others, and those that explain too little on their own are dropped. (The
 * generative picture is that of Fleuret et al., PAMI 30(2) 2008; the search is ours.)
 */
#include "vision/people.h"

#include "base/vec.h"
#include "vision/mask_blobs.h"
#include "vision/size_prior.h"

#include <assert.h>
#include <math.h>

#define MAX_BLOBS 512
#define MAX_LONE 32
#define MAX_CANDIDATES 65536

/* Log-likelihood ratios of a pixel in a person's outline. */
#define FG 3
#define BG (-2)
#define FULL 3.0 /* mean of a person without a flaw: FG */

/* The person: shares of the height, and of the width for each part. */
#define WIDTH 0.36
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

/* A person-shaped hypothesis. */
struct person {
	double x, y, h; /* foot point and height */
	double score;   /* mean per pixel of its outline within the picture */
	double gain;    /* their sum: how much of the mask it explains */
};

struct rect {
	int x0, y0, x1, y1; /* x1, y1 excluded */
};

struct people {
	struct people_opts o;
	int w, h;
	struct size_prior prior;
	struct mask_blob blobs[MAX_BLOBS];
	struct mask_blob groups[MAX_BLOBS];
	struct mask_blobs *work;
	struct mask_blob lone[MAX_LONE]; /* candidates for learning in the frame before */
	int n_lone;
	struct detection *det;
	struct person *chosen;
	struct person *cand;
	uint8_t *cover;     /* how many chosen people explain a pixel */
	uint8_t *worth;     /* of a row: where a foot point is worth a look */
	struct rect window; /* of the picture; sums is the integral of its scores */
	int32_t *sums;      /* up to (w + 1) x (h + 1) */
};

struct people *people_new(const struct people_opts *o, int w, int h)
{
	struct people *p = xcalloc(1, sizeof(*p));

	assert(w > 0 && h > 0 && o->max_people > 0);
	p->o = *o;
	p->w = w;
	p->h = h;
	p->prior.rows = h;
	p->work = mask_blobs_new(h);
	p->det = xcalloc((size_t)o->max_people, sizeof(*p->det));
	p->chosen = xcalloc((size_t)o->max_people, sizeof(*p->chosen));
	p->cand = xcalloc(MAX_CANDIDATES, sizeof(*p->cand));
	p->cover = xcalloc((size_t)w * (size_t)h, 1);
	p->worth = xcalloc((size_t)w, 1);
	p->sums = xcalloc((size_t)(w + 1) * (size_t)(h + 1), sizeof(*p->sums));
	return p;
}

void people_free(struct people *p)
{
	if (!p)
		return;
	mask_blobs_free(p->work);
	free(p->det);
	free(p->chosen);
	free(p->cand);
	free(p->cover);
	free(p->worth);
	free(p->sums);
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

/* ---- the outline and its score ---- */

static int px(double v)
{
	return (int)floor(v + 0.5);
}

static int within(int v, int max)
{
	return v < 0 ? 0 : v > max ? max : v;
}

/* A person's parts in the picture, cut off at its edges. */
struct outline {
	struct rect part[N_PARTS];
};

static struct rect part_at(double x, double y, double h, int part)
{
	double half = h * WIDTH * parts[part].width / 2;

	return (struct rect){ px(x - half), px(y - h + h * parts[part].top), px(x + half),
			      px(y - h + h * parts[part].bottom) };
}

static struct rect cut(struct rect r, const struct rect *by)
{
	return (struct rect){
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

static struct outline outline_of(const struct people *p, const struct person *q)
{
	const struct rect picture = { 0, 0, p->w, p->h };
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
	return a * WIDTH * h * h;
}

/* Sets q's score and gain from the scores of its outline's pixels, all of which must lie in
 * the window; false when too little of it is in the picture. */
static bool rate(const struct people *p, struct person *q, const struct outline *o, double full)
{
	const struct rect *w = &p->window;
	const ptrdiff_t stride = w->x1 - w->x0 + 1;
	int sum = 0, visible = 0;

	for (int i = 0; i < N_PARTS; i++) {
		const struct rect *r = &o->part[i];
		const int32_t *t = p->sums + (r->y0 - w->y0) * stride - w->x0;
		const int32_t *b = p->sums + (r->y1 - w->y0) * stride - w->x0;

		sum += b[r->x1] - b[r->x0] - t[r->x1] + t[r->x0];
		visible += (r->x1 - r->x0) * (r->y1 - r->y0);
	}
	if (visible < VISIBLE * full)
		return false;
	q->score = (double)sum / visible;
	q->gain = sum;
	return true;
}

/* Makes the integral picture of a window: of what is not explained yet. */
static void integrate(struct people *p, const struct image *mask, const struct rect *window)
{
	const ptrdiff_t stride = window->x1 - window->x0 + 1;

	p->window = *window;
	memset(p->sums, 0, (size_t)stride * sizeof(*p->sums));
	for (int y = window->y0; y < window->y1; y++) {
		const uint8_t *m = image_row(mask, y);
		const uint8_t *c = p->cover + (size_t)y * (size_t)p->w;
		const int32_t *above = p->sums + (y - window->y0) * stride + 1 - window->x0;
		int32_t *out = p->sums + (y - window->y0 + 1) * stride + 1 - window->x0;
		int32_t row = 0;

		out[window->x0 - 1] = 0;
		for (int x = window->x0; x < window->x1; x++) {
			row += c[x] ? 0 : m[x] ? FG : BG;
			out[x] = above[x] + row;
		}
	}
}

static void grow(struct rect *r, const struct outline *o)
{
	for (int i = 0; i < N_PARTS; i++) {
		const struct rect *b = &o->part[i];

		r->x0 = b->x0 < r->x0 ? b->x0 : r->x0;
		r->y0 = b->y0 < r->y0 ? b->y0 : r->y0;
		r->x1 = b->x1 > r->x1 ? b->x1 : r->x1;
		r->y1 = b->y1 > r->y1 ? b->y1 : r->y1;
	}
}

static void paint(struct people *p, const struct person *q, int by)
{
	const struct outline o = outline_of(p, q);

	for (int i = 0; i < N_PARTS; i++) {
		const struct rect *r = &o.part[i];

		for (int y = r->y0; y < r->y1; y++) {
			uint8_t *c = p->cover + (size_t)y * (size_t)p->w;

			for (int x = r->x0; x < r->x1; x++)
				c[x] = (uint8_t)(c[x] + by);
		}
	}
}

/* ---- the search ---- */

static double usual_height(const struct people *p, double foot_y)
{
	double h = size_prior_height(&p->prior, foot_y);

	return h < least_height(p) || h > p->o.max_height * p->h ? 0 : h;
}

/* Marks where in row y somebody of height h may stand who is half foreground. */
static bool mark_worth(struct people *p, int n_blobs, int y, double h)
{
	bool any = false;

	memset(p->worth, 0, (size_t)p->w);
	for (int i = 0; i < n_blobs; i++) {
		const struct mask_blob *b = &p->blobs[i];

		if (y < b->y + 4 || y > b->y + b->h + h / 2)
			continue;
		memset(p->worth + b->x, 1, (size_t)b->w);
		any = true;
	}
	return any;
}

/* Candidates of row y and height h behind the first n. */
static int row_candidates(struct people *p, int n, int y, double h, int step)
{
	const struct rect picture = { 0, 0, p->w, p->h };
	const double full = full_area(h);
	struct outline at0, o;

	for (int i = 0; i < N_PARTS; i++)
		at0.part[i] = part_at(0, y, h, i);
	for (int x = 0; x < p->w && n < MAX_CANDIDATES; x += step) {
		struct person q = { .x = x, .y = y, .h = h };

		if (!p->worth[x])
			continue;
		for (int i = 0; i < N_PARTS; i++) {
			struct rect r = at0.part[i];

			r.x0 += x;
			r.x1 += x;
			o.part[i] = cut(r, &picture);
		}
		if (rate(p, &q, &o, full) && q.score > TAKE)
			p->cand[n++] = q;
	}
	return n;
}

/* All places worth a look, row by row. */
static int candidates(struct people *p, int n_blobs)
{
	int n = 0;

	for (int y = 4; y < p->h * 2; y += 2) {
		double h = usual_height(p, y);
		int step = h > 80 ? (int)(h / 40) : 2;

		if (h <= 0 || !mark_worth(p, n_blobs, y, h))
			continue;
		for (int i = 0; i < N_SCALES; i++)
			n = row_candidates(p, n, y, h * scales[i], step);
	}
	return n;
}

static bool overlap(const struct person *a, const struct person *b)
{
	return fabs(a->x - b->x) < WIDTH * (a->h + b->h) / 2 + 2 && a->y - a->h < b->y + 2 &&
	       b->y - b->h < a->y + 2;
}

static int best_of(const struct person *q, int n)
{
	int best = -1;

	for (int i = 0; i < n; i++)
		if (q[i].score > TAKE && (best < 0 || q[i].gain > q[best].gain))
			best = i;
	return best;
}

/* Rates anew those that share pixels with q, which was just painted. */
static void rate_again(struct people *p, const struct image *mask, const struct person *q,
		       int n_cand)
{
	struct rect window = { p->w, p->h, 0, 0 };

	for (int i = 0; i < n_cand; i++)
		if (overlap(q, &p->cand[i])) {
			struct outline o = outline_of(p, &p->cand[i]);

			grow(&window, &o);
		}
	integrate(p, mask, &window);
	for (int i = 0; i < n_cand; i++) {
		struct person *c = &p->cand[i];
		struct outline o;

		if (!overlap(q, c))
			continue;
		o = outline_of(p, c);
		if (!rate(p, c, &o, full_area(c->h)))
			c->score = BG;
	}
}

static int cover_greedily(struct people *p, const struct image *mask, int n_cand)
{
	int n = 0, best;

	while (n < p->o.max_people && (best = best_of(p->cand, n_cand)) >= 0) {
		struct person q = p->cand[best];
		int kept = 0;

		p->chosen[n++] = q;
		paint(p, &q, 1);
		rate_again(p, mask, &q, n_cand);
		for (int i = 0; i < n_cand; i++)
			if (p->cand[i].score > TAKE)
				p->cand[kept++] = p->cand[i];
		n_cand = kept;
	}
	return n;
}

static bool rate_here(const struct people *p, struct person *q)
{
	struct outline o = outline_of(p, q);
	double usual = usual_height(p, q->y);

	return usual > 0 && fabs(q->h / usual - 1) <= SCALE_SPAN &&
	       rate(p, q, &o, full_area(q->h));
}

#define CLIMB 6 /* steps at most */

/* Moves q, itself not painted, uphill by small steps. False when it is nobody where it is. */
static bool climb(struct people *p, struct person *q, const struct image *mask)
{
	static const signed char moves[][3] = { { 1, 0, 0 },  { -1, 0, 0 }, { 0, 1, 0 },
						{ 0, -1, 0 }, { 0, 0, 1 },  { 0, 0, -1 } };
	const double step = fmax(1, q->h / 40), far = (CLIMB + 1) * step;
	const struct person nw = { .x = q->x - far, .y = q->y - far, .h = q->h + far };
	const struct person se = { .x = q->x + far, .y = q->y + far, .h = q->h + far };
	const struct outline a = outline_of(p, &nw), b = outline_of(p, &se);
	struct rect window = { p->w, p->h, 0, 0 };

	grow(&window, &a);
	grow(&window, &b);
	integrate(p, mask, &window);
	if (!rate_here(p, q))
		return false;
	for (int turn = 0; turn < CLIMB; turn++) {
		struct person top = *q;

		for (int i = 0; i < (int)(sizeof(moves) / sizeof(*moves)); i++) {
			struct person r = *q;

			r.x += step * moves[i][0];
			r.y += step * moves[i][1];
			r.h += step * moves[i][2];
			if (rate_here(p, &r) && r.gain > top.gain)
				top = r;
		}
		if (top.gain <= q->gain)
			break;
		*q = top;
	}
	return true;
}

/* Moves each where it explains most beside the others; drops who explains too little. */
static int refine(struct people *p, const struct image *mask, int n)
{
	for (int pass = 0; pass < REFINE; pass++) {
		int kept = 0;

		for (int i = 0; i < n; i++) {
			struct person q = p->chosen[i];

			paint(p, &q, -1);
			if (!climb(p, &q, mask) || q.score < KEEP)
				continue;
			paint(p, &q, 1);
			p->chosen[kept++] = q;
		}
		n = kept;
	}
	return n;
}

/* ---- from outline to detection ---- */

/* Where the mask ends near an outline's edge is the better edge; when it ends elsewhere
 * (someone else, a hidden part), the outline's own stays. */
static double edge(double outline, double mask_edge, double tolerance)
{
	return fabs(mask_edge - outline) <= tolerance ? mask_edge : outline;
}

/* Bounds of the mask pixels around q that nobody else explains. Returns how many. */
static int own_bounds(struct people *p, const struct person *q, const struct image *mask,
		      struct rect *b, double *foot_x)
{
	const double half = q->h * WIDTH * 0.5;
	const struct rect r = { within(px(q->x - 1.5 * half), p->w),
				within(px(q->y - 1.15 * q->h), p->h),
				within(px(q->x + 1.5 * half), p->w),
				within(px(q->y + 0.12 * q->h), p->h) };
	int n = 0, n_foot = 0, sum_foot = 0;

	*b = (struct rect){ r.x1, r.y1, r.x0, r.y0 };
	for (int y = r.y0; y < r.y1; y++) {
		const uint8_t *m = image_row(mask, y);
		const uint8_t *c = p->cover + (size_t)y * (size_t)p->w;

		for (int x = r.x0; x < r.x1; x++) {
			if (!m[x] || c[x])
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
	*foot_x = n_foot ? (double)sum_foot / n_foot + 0.5 : q->x;
	return n;
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
	const double half = q->h * WIDTH * 0.5;
	struct detection d = { 0 };
	double foot_x;
	struct rect b;

	paint(p, q, -1);
	d.area_px = own_bounds(p, q, mask, &b, &foot_x);
	paint(p, q, 1);
	set_box(&d, edge(q->x - half, b.x0, 0.5 * half), edge(q->y - q->h, b.y0, 0.14 * q->h),
		edge(q->x + half, b.x1, 0.5 * half), edge(q->y, b.y1, 0.11 * q->h), p);
	d.foot.x = fmin(fmax(foot_x, d.box.x), d.box.x + d.box.w);
	d.foot.y = d.box.y + d.box.h;
	d.score = fmin(fmax(q->score / FULL, 0), 1);
	return d;
}

/* The rest of the mask, by people of known size, behind the n_det detections there are. */
static int explain(struct people *p, const struct image *mask, int n_blobs, int n_det)
{
	const struct rect picture = { 0, 0, p->w, p->h };
	int n;

	integrate(p, mask, &picture);
	n = cover_greedily(p, mask, candidates(p, n_blobs));
	n = refine(p, mask, n);
	for (int i = 0; i < n && n_det < p->o.max_people; i++)
		p->det[n_det++] = detection_of(p, &p->chosen[i], mask);
	return n_det;
}

/* Whether g looks like one person who is larger than people are thought to be there, in height
 * and width: then his outline says more than what was learned from others. */
static bool outgrown(const struct people *p, const struct mask_blob *g)
{
	double h = size_prior_height(&p->prior, g->y + g->h);

	return has_shape(g) && g->h > OUTGROWN * h && g->w > OUTGROWN * WIDTH * h;
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
		for (int y = g->y; y < g->y + g->h; y++)
			memset(p->cover + (size_t)y * (size_t)p->w + g->x, 1, (size_t)g->w);
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

static int by_foot(const void *a, const void *b)
{
	const struct detection *d = a, *e = b;

	if (d->foot.y != e->foot.y)
		return d->foot.y < e->foot.y ? -1 : 1;
	return (d->foot.x > e->foot.x) - (d->foot.x < e->foot.x);
}

int people_step(struct people *p, const struct image *mask, const struct detection **det)
{
	int n_blobs, n_groups, n;

	assert(mask->w == p->w && mask->h == p->h);
	n_blobs = mask_blobs_find(p->work, mask, p->blobs, MAX_BLOBS);
	n_groups = join(p, n_blobs);
	learn(p, n_groups);
	memset(p->cover, 0, (size_t)p->w * (size_t)p->h);
	n = take_groups(p, n_groups);
	if (n_blobs && p->prior.known)
		n = explain(p, mask, n_blobs, n);
	qsort(p->det, (size_t)n, sizeof(*p->det), by_foot);
	*det = p->det;
	return n;
}
