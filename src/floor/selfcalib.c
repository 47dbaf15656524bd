/* SPDX-License-Identifier: Apache-2.0 */
/* selfcalib.c -- a camera worked out from people. */
#include "floor/selfcalib.h"

#include "base/real.h"
#include "base/vec.h"
#include "floor/descent.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* An outline's lowest point is the nearer foot's tip, its highest that of a ball: seen from
 * above both are farther from the person's axis. */
#define FOOT_M .15
#define HEAD_M .10
/* Standard deviations, of a person's height: of where the head is beside the axis, of how tall
 * he looks from one time to the next, and of people's heights about their mean. */
#define SIGMA_SIDE .08
#define SIGMA_TALL .035
#define SIGMA_PEOPLE .05
#define SIGMA_ROLL .05 /* radians */
#define SIGMA_SIZE .02 /* of the mean height of people in a store, relative */
#define SIGMA_SPAN .005
#define SIGMA_FOCAL .01 /* of a lens angle that is given */
#define SIGMA_ANY .35   /* of one that is not, about ANY_HFOV_DEG */
#define ANY_HFOV_DEG 70
#define FIXED 1e-6
#define LEADS_AWAY .5  /* of a known distance: how much its ends differ in distance */
#define LOST 5         /* residual of a person whom the camera does not see on the floor */
#define DEPTH_MIN 1.15 /* people's heights, tall to small: below, all are at one distance */
#define SPREAD_MAX .12
#define WALKS_MIN 8 /* for a ratio */

enum { FOCAL, TILT, ROLL, HEIGHT, SIZE, PARAMS };

struct fit {
	const struct person_px *p; /* ordered by walk */
	int n, n_walks, w, h;
	const struct selfcalib_known *known;
	double focal, sigma_focal; /* what is expected, logarithm */
	double v[PARAMS];
	double cost;
};

/* ---- one person ---- */

static void lens_of(const struct fit *f, const double v[PARAMS], struct lens *l)
{
	const struct lens *known = f->known->lens;
	double f_px = real_exp(v[FOCAL]), up = real_exp(v[HEIGHT]);
	double hfov = 2 * real_atan2(f->w / 2.0, f_px) * 180 / REAL_PI;

	lens_look(l, f->w, f->h, hfov, known ? known->k1 : 0, (struct pt_room){ 0, 0, up },
		  (struct pt_room){ 0, real_cos(v[TILT]), up - real_sin(v[TILT]) },
		  v[ROLL] * 180 / REAL_PI);
	if (known) {
		l->cx = known->cx;
		l->cy = known->cy;
	}
}

/* Where the outline of a person of this height ends at the top, whose outline begins at a
 * pixel. */
static bool head_over(const struct lens *l, const double foot[2], double size_m, double head[2])
{
	double away, down, out;
	struct pt_m at;

	if (!lens_floor(l, foot[0], foot[1], &at))
		return false;
	away = real_hypot(at.x - l->at.x, at.y - l->at.y);
	if (!(away > 1e-6))
		return false;
	/* The axis is farther away than the foot's tip; the top of the head is where a ray
	 * touches it. */
	down = real_atan2(l->at.z - size_m, away + FOOT_M);
	out = 1 + (FOOT_M + HEAD_M * real_sin(down)) / away;
	return lens_project(l,
			    (struct pt_room){ l->at.x + out * (at.x - l->at.x),
					      l->at.y + out * (at.y - l->at.y),
					      size_m - HEAD_M * (1 - real_cos(down)) },
			    head, NULL);
}

static double tall(const struct person_px *p)
{
	return real_hypot(p->head[0] - p->foot[0], p->head[1] - p->foot[1]);
}

/* Where the head is expected, off where it is seen: beside and along the person's axis, in his
 * heights. */
static bool miss(const struct lens *l, const struct person_px *p, double size_m, double off[2])
{
	double head[2], x = p->head[0] - p->foot[0], y = p->head[1] - p->foot[1];
	double s = x * x + y * y;

	if (!head_over(l, p->foot, size_m, head))
		return false;
	off[0] = ((head[0] - p->head[0]) * y - (head[1] - p->head[1]) * x) / s;
	off[1] = ((head[0] - p->head[0]) * x + (head[1] - p->head[1]) * y) / s;
	return true;
}

/* ---- all of them ---- */

/* The residuals of one walk, n people, into r; returns how much smaller than all its person is
 * (what is best between how he is seen and how people are). */
static double walk_residuals(const struct lens *l, const struct person_px *p, int n,
			     double size_m, double *r)
{
	double sum = 0, own;
	int seen = 0;

	for (int i = 0; i < n; i++) {
		double off[2];

		r[2 * i] = r[2 * i + 1] = HUGE_VAL;
		if (!miss(l, &p[i], size_m, off))
			continue;
		r[2 * i] = off[0] / SIGMA_SIDE;
		r[2 * i + 1] = off[1] / SIGMA_TALL;
		sum += off[1];
		seen++;
	}
	own = sum / (seen + SIGMA_TALL * SIGMA_TALL / (SIGMA_PEOPLE * SIGMA_PEOPLE));
	for (int i = 0; i < 2 * n; i++)
		r[i] = isinf(r[i]) ? LOST / SIGMA_TALL : r[i] - (i % 2 ? own / SIGMA_TALL : 0);
	return own;
}

/* How far the prior knowledge is missed. */
static void prior_residuals(const struct fit *f, const struct lens *l, const double *v,
			    double *r)
{
	const struct selfcalib_known *k = f->known;

	*r++ = v[ROLL] / SIGMA_ROLL;
	*r++ = v[SIZE] / SIGMA_SIZE;
	*r++ = (v[FOCAL] - f->focal) / f->sigma_focal;
	for (int i = 0; i < k->n_spans; i++) {
		const struct selfcalib_span *s = &k->span[i];
		struct pt_m a, b;

		*r = LOST / SIGMA_SPAN;
		if (lens_floor(l, s->a[0], s->a[1], &a) && lens_floor(l, s->b[0], s->b[1], &b))
			*r = real_log(real_hypot(a.x - b.x, a.y - b.y) / s->m) / SIGMA_SPAN;
		r++;
	}
}

/* How many people of the first one's walk follow one another. */
static int walk_length(const struct person_px *p, int n)
{
	int m = 1;

	while (m < n && p[m].walk == p->walk)
		m++;
	return m;
}

/* A pair for each person, one for each walk, and what is known. */
static void residuals(const void *ctx, const double *v, double *r)
{
	const struct fit *f = ctx;
	double *own = r + 2 * f->n;
	struct lens l;
	int m;

	lens_of(f, v, &l);
	for (int i = 0; i < f->n; i += m, own += 2) {
		m = walk_length(f->p + i, f->n - i);
		own[0] = walk_residuals(&l, f->p + i, m, SELFCALIB_PERSON_M * real_exp(v[SIZE]),
					r + 2 * i) /
			 SIGMA_PEOPLE;
		own[1] = 0;
	}
	prior_residuals(f, &l, v, own);
}

static bool possible(const void *ctx, const double *v)
{
	(void)ctx;
	return fabs(v[FOCAL]) < 12 && v[TILT] > .01 && v[TILT] < 1.5 && fabs(v[ROLL]) < 1 &&
	       fabs(v[HEIGHT]) < 4 && fabs(v[SIZE]) < 1;
}

static void go_down(struct fit *f, enum descent_loss loss, int steps)
{
	const struct descent d = { .n_param = PARAMS,
				   .n_pairs = f->n + f->n_walks,
				   .n_plain = 3 + f->known->n_spans,
				   .loss = loss,
				   .steps = steps,
				   .residuals = residuals,
				   .possible = possible,
				   .ctx = f };

	f->cost = descent(&d, f->v, NULL);
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median(double *v, int n)
{
	qsort(v, (size_t)n, sizeof(*v), compare);
	return v[n / 2];
}

/* Seen to expected height of those whom the lens sees, into v; how many. */
static int ratios(const struct lens *l, const struct person_px *p, int n, double *v)
{
	int m = 0;

	for (int i = 0; i < n; i++) {
		struct person_px e = p[i];

		if (head_over(l, e.foot, SELFCALIB_PERSON_M, e.head) && tall(&e) > 0)
			v[m++] = tall(&p[i]) / tall(&e);
	}
	return m;
}

/* The best of several starts. The camera's height is put right first: people look as much
 * smaller as it is higher. */
static void search(struct fit *best)
{
	static const double zoom[] = { 1, .6, 1.7 }, tilt[] = { .15, .35, .6, .9, 1.2 };
	double *v = xcalloc((size_t)best->n, sizeof(*v));
	bool given = best->sigma_focal < SIGMA_ANY;

	best->cost = HUGE_VAL;
	for (int i = 0; i < (given ? 5 : 15); i++) {
		struct fit f = *best;
		struct lens l;
		int m;

		f.v[FOCAL] = f.focal + real_log(zoom[i / 5]);
		f.v[TILT] = tilt[i % 5];
		f.v[ROLL] = f.v[SIZE] = 0;
		f.v[HEIGHT] = real_log(4);
		lens_of(&f, f.v, &l);
		m = ratios(&l, f.p, f.n, v);
		if (m < f.n / 2)
			continue;
		f.v[HEIGHT] -= fmin(2, fmax(-1.5, real_log(median(v, m))));
		go_down(&f, DESCENT_SOFT, 20);
		if (f.cost < best->cost)
			*best = f;
	}
	free(v);
	if (best->cost < HUGE_VAL) {
		go_down(best, DESCENT_SOFT, 40);
		go_down(best, DESCENT_HARD, 40);
	}
}

/* Whether people are seen near and far. */
static bool deep(const struct person_px *p, int n)
{
	double *v = xcalloc((size_t)n, sizeof(*v));
	bool is;

	for (int i = 0; i < n; i++)
		v[i] = tall(&p[i]);
	median(v, n);
	is = v[n * 9 / 10] >= DEPTH_MIN * v[n / 10];
	free(v);
	return is;
}

static double spread_of(const struct fit *f, const struct lens *l)
{
	double *v = xcalloc((size_t)f->n, sizeof(*v)), spread;

	for (int i = 0; i < f->n; i++) {
		double off[2] = { LOST, LOST };

		miss(l, &f->p[i], SELFCALIB_PERSON_M * real_exp(f->v[SIZE]), off);
		v[i] = fabs(off[1]);
	}
	spread = median(v, f->n);
	free(v);
	return spread;
}

static void expect(struct fit *f)
{
	const struct selfcalib_known *k = f->known;
	double hfov = k->hfov_deg > 0 ? k->hfov_deg : ANY_HFOV_DEG;

	f->focal =
		real_log(k->lens ? k->lens->f_px : f->w / 2.0 / real_tan(hfov * REAL_PI / 360));
	f->sigma_focal = k->lens ? FIXED : k->hfov_deg > 0 ? SIGMA_FOCAL : SIGMA_ANY;
}

static int check_spans(const struct selfcalib_known *k, const struct lens *l, struct err *err)
{
	struct pt_m at;

	for (int i = 0; i < k->n_spans; i++)
		if (!lens_floor(l, k->span[i].a[0], k->span[i].a[1], &at) ||
		    !lens_floor(l, k->span[i].b[0], k->span[i].b[1], &at))
			return err_set(
				err, ERR_RANGE,
				"an end of the known distance %d is not on the floor, as "
				"people have it; expected two points of the floor",
				i + 1);
	return 0;
}

/* Whether what is known makes metres of people's heights: a distance across the view does not.
 */
static bool is_metric(const struct selfcalib_known *k, const struct lens *l)
{
	struct pt_m a, b;

	if (k->lens || k->hfov_deg > 0)
		return true;
	for (int i = 0; i < k->n_spans; i++) {
		const struct selfcalib_span *s = &k->span[i];

		if (lens_floor(l, s->a[0], s->a[1], &a) &&
		    lens_floor(l, s->b[0], s->b[1], &b) &&
		    fabs(real_hypot(a.x, a.y) - real_hypot(b.x, b.y)) >= LEADS_AWAY * s->m)
			return true;
	}
	return false;
}

static int fit_people(struct selfcalib *out, struct fit *f, struct err *err)
{
	struct selfcalib s = { .n_used = f->n, .n_walks = f->n_walks };
	int rc;

	if (f->n < SELFCALIB_MIN)
		return err_set(err, ERR_STATE,
			       "%d people seen alone and whole, expected %d or more", f->n,
			       SELFCALIB_MIN);
	if (!deep(f->p, f->n))
		return err_set(err, ERR_STATE,
			       "all people look equally tall: expected some near and some far");
	expect(f);
	search(f);
	if (!(f->cost < HUGE_VAL))
		return err_set(err, ERR_RANGE, "no camera over a floor explains the people");
	lens_of(f, f->v, &s.lens);
	rc = check_spans(f->known, &s.lens, err);
	if (rc < 0)
		return rc;
	s.metric = is_metric(f->known, &s.lens);
	s.spread = spread_of(f, &s.lens);
	if (!(s.spread < SPREAD_MAX))
		return err_set(err, ERR_RANGE,
			       "no camera over a floor explains the people: half of them are "
			       "off by more than %.0f %% of their height",
			       100 * s.spread);
	*out = s;
	return 0;
}

static int by_walk(const void *a, const void *b)
{
	const struct person_px *x = a, *y = b;

	if (x->walk != y->walk)
		return x->walk < y->walk ? -1 : 1;
	if (x->foot[1] < y->foot[1] || x->foot[1] > y->foot[1])
		return x->foot[1] < y->foot[1] ? -1 : 1;
	return (x->foot[0] > y->foot[0]) - (x->foot[0] < y->foot[0]);
}

/* Those that are some pixels tall, ordered by walk. */
static struct person_px *in_walks(const struct person_px *p, int n, int *n_out, int *n_walks)
{
	struct person_px *some = xcalloc((size_t)n + 1, sizeof(*some));
	int m = 0;

	for (int i = 0; i < n; i++)
		if (tall(&p[i]) > 1)
			some[m++] = p[i];
	qsort(some, (size_t)m, sizeof(*some), by_walk);
	*n_walks = 0;
	for (int i = 0; i < m; i += walk_length(some + i, m - i))
		++*n_walks;
	*n_out = m;
	return some;
}

int selfcalib_fit(struct selfcalib *out, const struct person_px *p, int n, int w, int h,
		  const struct selfcalib_known *known, struct err *err)
{
	struct selfcalib_known k = *known;
	struct fit f = { .w = w, .h = h, .known = &k };
	struct person_px *some = in_walks(p, n, &f.n, &f.n_walks);
	struct lens lens;
	int rc;

	if (k.lens) {
		lens = *k.lens;
		lens_resize(&lens, w);
		k.lens = &lens;
	}
	f.p = some;
	rc = fit_people(out, &f, err);
	free(some);
	return rc;
}

/* The median with its interval by order statistics: each walk is below the true median with one
 * half. */
static void interval(double *v, int n, struct selfcalib_ratio *out)
{
	int k = (int)floor(n / 2.0 - .98 * sqrt(n));

	k = k < 0 ? 0 : k;
	out->median = median(v, n);
	out->lo = v[k];
	out->hi = v[n - 1 - k];
}

bool selfcalib_check(struct selfcalib_ratio *out, const struct lens *l,
		     const struct person_px *p, int n)
{
	struct selfcalib_ratio r = { 0 };
	int walks, m, seen;
	struct person_px *some = in_walks(p, n, &n, &walks);
	double *of_walk = xcalloc((size_t)walks + 1, sizeof(*of_walk));
	double *v = xcalloc((size_t)n + 1, sizeof(*v));

	for (int i = 0; i < n; i += m) {
		m = walk_length(some + i, n - i);
		seen = ratios(l, some + i, m, v);
		r.n += seen;
		if (seen)
			of_walk[r.n_walks++] = median(v, seen);
	}
	if (r.n >= SELFCALIB_MIN && r.n_walks >= WALKS_MIN) {
		interval(of_walk, r.n_walks, &r);
		*out = r;
	}
	free(of_walk);
	free(v);
	free(some);
	return r.n >= SELFCALIB_MIN && r.n_walks >= WALKS_MIN;
}
