/* SPDX-License-Identifier: Apache-2.0 */
/* selfcalib.c -- a camera worked out from people: Levenberg and Marquardt's method from several
 * starts, with weights that leave out who is no grown person alone. */
#include "floor/selfcalib.h"

#include "base/real.h"
#include "base/vec.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define PERSON_M 1.72
#define SIGMA_X .08 /* of a head's place, in heights of its person */
#define SIGMA_Y .06
#define SIGMA_ROLL .05 /* radians */
#define SIGMA_SIZE .02 /* of the mean height of people in a store, relative */
#define SIGMA_APART .005
#define SIGMA_FOCAL .01 /* of a lens angle that is given */
#define SIGMA_ANY .35   /* of one that is not, about ANY_HFOV_DEG */
#define ANY_HFOV_DEG 70
#define STEPS 40
#define COLS 6
#define ROWS 4
#define CELL_MAX 25
#define LOST 5         /* residual of a person whom the camera does not see on the floor */
#define DEPTH_MIN 1.15 /* people's heights, tall to small: below, all are at one distance */

enum { FOCAL, TILT, ROLL, HEIGHT, SIZE, PARAMS };

struct fit {
	const struct person_px *p;
	int n, w, h;
	const struct selfcalib_known *known;
	double focal; /* logarithm of what is expected, pixels */
	bool hard;    /* outliers count for nothing, and not only for less */
	double v[PARAMS];
	double cost;
};

static void lens_of(const struct fit *f, const double v[PARAMS], struct lens *l)
{
	double f_px = real_exp(v[FOCAL]), up = real_exp(v[HEIGHT]);
	double hfov = 2 * real_atan2(f->w / 2.0, f_px) * 180 / REAL_PI;

	lens_look(l, f->w, f->h, hfov, f->known->k1, (struct pt_room){ 0, 0, up },
		  (struct pt_room){ 0, real_cos(v[TILT]), up - real_sin(v[TILT]) },
		  v[ROLL] * 180 / REAL_PI);
}

/* Where the head of a person of this height is, whose feet are at a pixel. */
static bool head_over(const struct lens *l, const double foot[2], double size_m, double head[2])
{
	struct pt_m at;

	return lens_floor(l, foot[0], foot[1], &at) &&
	       lens_project(l, (struct pt_room){ at.x, at.y, size_m }, head, NULL);
}

static double tall(const struct person_px *p)
{
	return real_hypot(p->head[0] - p->foot[0], p->head[1] - p->foot[1]);
}

static void person_residual(const struct lens *l, const struct person_px *p, double size_m,
			    double r[2])
{
	double head[2], scale = tall(p);

	r[0] = r[1] = LOST / SIGMA_Y;
	if (!head_over(l, p->foot, size_m, head))
		return;
	r[0] = (head[0] - p->head[0]) / scale / SIGMA_X;
	r[1] = (head[1] - p->head[1]) / scale / SIGMA_Y;
}

/* How far the prior knowledge is missed. */
static void prior_residual(const struct fit *f, const struct lens *l, const double v[PARAMS],
			   double r[4])
{
	const struct selfcalib_known *k = f->known;
	struct pt_m a, b;

	r[0] = v[ROLL] / SIGMA_ROLL;
	r[1] = v[SIZE] / SIGMA_SIZE;
	r[2] = (v[FOCAL] - f->focal) / (k->hfov_deg > 0 ? SIGMA_FOCAL : SIGMA_ANY);
	r[3] = 0;
	if (!(k->apart_m > 0))
		return;
	r[3] = 1 / SIGMA_APART;
	if (lens_floor(l, k->a[0], k->a[1], &a) && lens_floor(l, k->b[0], k->b[1], &b))
		r[3] = real_log(real_hypot(a.x - b.x, a.y - b.y) / k->apart_m) / SIGMA_APART;
}

/* All residuals, 2 for each person and 4. */
static void residuals(const struct fit *f, const double v[PARAMS], double *r)
{
	struct lens l;

	lens_of(f, v, &l);
	for (int i = 0; i < f->n; i++)
		person_residual(&l, &f->p[i], PERSON_M * real_exp(v[SIZE]), r + 2 * i);
	prior_residual(f, &l, v, r + 2 * f->n);
}

/* Soft L1 (Charbonnier), or Geman and McClure's. */
static double loss(const struct fit *f, double r2)
{
	return f->hard ? r2 / (1 + r2 / 4) : 2 * (sqrt(1 + r2) - 1);
}

static double weight(const struct fit *f, double r2)
{
	return f->hard ? 1 / ((1 + r2 / 4) * (1 + r2 / 4)) : 1 / sqrt(1 + r2);
}

static double cost_of(const struct fit *f, const double *r)
{
	double sum = 0;

	for (int i = 0; i < f->n; i++)
		sum += loss(f, r[2 * i] * r[2 * i] + r[2 * i + 1] * r[2 * i + 1]);
	for (int i = 2 * f->n; i < 2 * f->n + 4; i++)
		sum += r[i] * r[i];
	return sum;
}

/* a x = b for a positive definite a; false when it is not. Both are used up. */
static bool solve(double a[PARAMS][PARAMS], double b[PARAMS])
{
	for (int i = 0; i < PARAMS; i++) {
		if (!(a[i][i] > 1e-12))
			return false;
		for (int k = i + 1; k < PARAMS; k++) {
			double q = a[k][i] / a[i][i];

			for (int j = i; j < PARAMS; j++)
				a[k][j] -= q * a[i][j];
			b[k] -= q * b[i];
		}
	}
	for (int i = PARAMS - 1; i >= 0; i--) {
		for (int j = i + 1; j < PARAMS; j++)
			b[i] -= a[i][j] * b[j];
		b[i] /= a[i][i];
	}
	return true;
}

/* The weighted normal equations at f->v; r are the residuals there, moved those a little on. */
static void normal(const struct fit *f, const double *r, double *const moved[PARAMS],
		   double a[PARAMS][PARAMS], double b[PARAMS])
{
	memset(a, 0, sizeof(double[PARAMS][PARAMS]));
	memset(b, 0, sizeof(double[PARAMS]));
	for (int i = 0; i < 2 * f->n + 4; i++) {
		int k = i & ~1;
		double w = i < 2 * f->n ? weight(f, r[k] * r[k] + r[k + 1] * r[k + 1]) : 1;

		for (int p = 0; p < PARAMS; p++) {
			b[p] -= w * moved[p][i] * r[i];
			for (int q = 0; q < PARAMS; q++)
				a[p][q] += w * moved[p][i] * moved[q][i];
		}
	}
}

static bool possible(const double v[PARAMS])
{
	return fabs(v[FOCAL]) < 12 && v[TILT] > .01 && v[TILT] < 1.5 && fabs(v[ROLL]) < 1 &&
	       fabs(v[HEIGHT]) < 4 && fabs(v[SIZE]) < 1;
}

/* Tries steps, shorter and shorter, until one is for the better; false when none is. */
static bool step(struct fit *f, double a[PARAMS][PARAMS], const double b[PARAMS],
		 double *lambda, double *r, double *scratch)
{
	for (; *lambda < 1e8; *lambda *= 5) {
		double m[PARAMS][PARAMS], d[PARAMS], v[PARAMS], cost;

		memcpy(m, a, sizeof(m));
		memcpy(d, b, sizeof(d));
		for (int i = 0; i < PARAMS; i++)
			m[i][i] += *lambda * (a[i][i] + 1e-6);
		if (!solve(m, d))
			continue;
		for (int i = 0; i < PARAMS; i++)
			v[i] = f->v[i] + d[i];
		if (!possible(v))
			continue;
		residuals(f, v, scratch);
		cost = cost_of(f, scratch);
		if (!(cost < f->cost))
			continue;
		memcpy(f->v, v, sizeof(v));
		memcpy(r, scratch, (size_t)(2 * f->n + 4) * sizeof(*r));
		f->cost = cost;
		*lambda *= .1;
		return true;
	}
	return false;
}

/* Downhill from f->v. */
static void descend(struct fit *f)
{
	size_t n = (size_t)(2 * f->n + 4);
	double *space = xcalloc(n * (PARAMS + 2), sizeof(*space));
	double *r = space, *scratch = space + n, *moved[PARAMS], lambda = 1e-3;
	double a[PARAMS][PARAMS], b[PARAMS], was;

	for (int p = 0; p < PARAMS; p++)
		moved[p] = space + n * (size_t)(p + 2);
	residuals(f, f->v, r);
	f->cost = cost_of(f, r);
	for (int i = 0; i < STEPS; i++) {
		for (int p = 0; p < PARAMS; p++) {
			double v[PARAMS];

			memcpy(v, f->v, sizeof(v));
			v[p] += 1e-6;
			residuals(f, v, moved[p]);
			for (size_t k = 0; k < n; k++)
				moved[p][k] = (moved[p][k] - r[k]) / 1e-6;
		}
		normal(f, r, moved, a, b);
		was = f->cost;
		if (!step(f, a, b, &lambda, r, scratch) || was - f->cost < 1e-9 * was)
			break;
	}
	free(space);
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

		if (head_over(l, e.foot, PERSON_M, e.head) && tall(&e) > 0)
			v[m++] = tall(&p[i]) / tall(&e);
	}
	return m;
}

double selfcalib_ratio(const struct lens *l, const struct person_px *p, int n)
{
	double *v = xcalloc((size_t)n + 1, sizeof(*v)), ratio = 0;
	int m = ratios(l, p, n, v);

	if (m >= SELFCALIB_MIN)
		ratio = median(v, m);
	free(v);
	return ratio;
}

/* The best of several starts. The camera's height is put right first: people look as much
 * smaller as it is higher. */
static void search(struct fit *best)
{
	static const double zoom[] = { .6, 1, 1.7 }, tilt[] = { .15, .35, .6, .9, 1.2 };
	double *v = xcalloc((size_t)best->n, sizeof(*v));

	best->cost = HUGE_VAL;
	for (int i = 0; i < 15; i++) {
		struct fit f = *best;
		struct lens l;
		int m;

		f.v[FOCAL] = f.focal + (best->known->hfov_deg > 0 ? 0 : real_log(zoom[i % 3]));
		f.v[TILT] = tilt[i / 3];
		f.v[ROLL] = f.v[SIZE] = 0;
		f.v[HEIGHT] = real_log(4);
		if (best->known->hfov_deg > 0 && i % 3)
			continue;
		lens_of(&f, f.v, &l);
		m = ratios(&l, f.p, f.n, v);
		if (m < f.n / 2)
			continue;
		f.v[HEIGHT] -= fmin(2, fmax(-1.5, real_log(median(v, m))));
		descend(&f);
		if (f.cost < best->cost)
			*best = f;
	}
	free(v);
	if (best->cost < HUGE_VAL) {
		best->hard = true;
		descend(best);
	}
}

/* At most CELL_MAX people for each part of the picture, spread over all that were there. */
static int spread_out(const struct person_px *p, int n, int w, int h, struct person_px *out)
{
	int there[COLS * ROWS] = { 0 }, seen[COLS * ROWS] = { 0 }, m = 0;

	for (int pass = 0; pass < 2; pass++)
		for (int i = 0; i < n; i++) {
			int col = (int)(p[i].foot[0] * COLS / w);
			int row = (int)(p[i].foot[1] * ROWS / h), c, k;

			if (!(tall(&p[i]) > 1))
				continue;
			col = col < 0 ? 0 : col < COLS ? col : COLS - 1;
			row = row < 0 ? 0 : row < ROWS ? row : ROWS - 1;
			c = row * COLS + col;
			if (!pass) {
				there[c]++;
				continue;
			}
			k = seen[c]++;
			if (there[c] <= CELL_MAX || (long)k * CELL_MAX / there[c] !=
							    (long)(k + 1) * CELL_MAX / there[c])
				out[m++] = p[i];
		}
	return m;
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
	double r[2];

	for (int i = 0; i < f->n; i++) {
		person_residual(l, &f->p[i], PERSON_M * real_exp(f->v[SIZE]), r);
		v[i] = fabs(r[1]) * SIGMA_Y;
	}
	spread = median(v, f->n);
	free(v);
	return spread;
}

static int fit_people(struct selfcalib *out, struct fit *f, struct err *err)
{
	const struct selfcalib_known *k = f->known;
	struct selfcalib s = { .n_used = f->n, .metric = k->hfov_deg > 0 || k->apart_m > 0 };
	double hfov = k->hfov_deg > 0 ? k->hfov_deg : ANY_HFOV_DEG;

	if (f->n < SELFCALIB_MIN)
		return err_set(err, ERR_STATE,
			       "%d people alone in the picture, expected %d or more", f->n,
			       SELFCALIB_MIN);
	if (!deep(f->p, f->n))
		return err_set(err, ERR_STATE,
			       "all people look equally tall: expected some near and some far");
	f->focal = real_log(f->w / 2.0 / real_tan(hfov * REAL_PI / 360));
	search(f);
	if (!(f->cost < HUGE_VAL))
		return err_set(err, ERR_RANGE, "no camera over a floor explains the people");
	lens_of(f, f->v, &s.lens);
	s.spread = spread_of(f, &s.lens);
	if (!(s.spread < 2 * SIGMA_Y))
		return err_set(err, ERR_RANGE,
			       "no camera over a floor explains the people: half of them are "
			       "off by more than %.0f %% of their height",
			       100 * s.spread);
	*out = s;
	return 0;
}

int selfcalib_fit(struct selfcalib *out, const struct person_px *p, int n, int w, int h,
		  const struct selfcalib_known *known, struct err *err)
{
	struct person_px *some = xcalloc((size_t)n + 1, sizeof(*some));
	struct fit f = { .p = some, .w = w, .h = h, .known = known };
	int rc;

	f.n = spread_out(p, n, w, h, some);
	rc = fit_people(out, &f, err);
	free(some);
	return rc;
}
