/* SPDX-License-Identifier: Apache-2.0 */
/* pairs.c -- a camera from point pairs. */
#include "floor/pairs.h"

#include "base/real.h"
#include "base/vec.h"
#include "cv/cv.h"
#include "floor/descent.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define BEND .03    /* of the picture's width: so far a lens may move points off a homography */
#define CLICK .002  /* of the picture's width: how well a point is pointed at */
#define STRAY .01   /* of the picture's width and ... */
#define STRAY_M .10 /* ... on the floor: farther off than both, and than ... */
#define STRAY_SD 4  /* ... so many standard deviations, a point is a mistake */
#define ANY_HFOV_DEG 70
#define SIGMA_ANY .35   /* of the focal length when it is not given, relative */
#define SIGMA_FOCAL .01 /* and when it is */
#define SIGMA_BEND .1   /* of the distortion when it is not given */
#define SIGMA_HEIGHT .01
#define FIXED 1e-6
#define LOST 50 /* residual of a point that the camera does not see */
#define STARTS 7

enum { FOCAL, TURN, EAST = TURN + 3, NORTH, HEIGHT, BENT, PARAMS };

struct fit {
	const struct pair *p; /* those that count */
	int n, w, h;
	struct pairs_known known;
	double sigma_px;
	double focal, sigma_focal; /* what is expected, logarithm */
	double k1, sigma_k1;
	double turn[9]; /* parameters TURN.. are relative to this */
};

/* ---- the camera that parameters stand for ---- */

/* to = exp([v]x) from: Rodrigues' formula. */
static void rotate(const double v[3], const double from[9], double to[9])
{
	double angle = sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]);
	double s = angle > 1e-9 ? real_sin(angle) / angle : 1;
	double c = angle > 1e-9 ? (1 - real_cos(angle)) / (angle * angle) : .5;
	double k[9] = { 0, -v[2], v[1], v[2], 0, -v[0], -v[1], v[0], 0 }, r[9];

	for (int i = 0; i < 3; i++)
		for (int j = 0; j < 3; j++) {
			double kk = 0;

			for (int m = 0; m < 3; m++)
				kk += k[3 * i + m] * k[3 * m + j];
			r[3 * i + j] = (i == j) + s * k[3 * i + j] + c * kk;
		}
	for (int i = 0; i < 3; i++)
		for (int j = 0; j < 3; j++)
			to[3 * i + j] = r[3 * i] * from[j] + r[3 * i + 1] * from[3 + j] +
					r[3 * i + 2] * from[6 + j];
}

static void lens_of(const struct fit *f, const double v[PARAMS], struct lens *l)
{
	*l = (struct lens){ .w = f->w,
			    .h = f->h,
			    .f_px = real_exp(v[FOCAL]),
			    .cx = f->w / 2.0,
			    .cy = f->h / 2.0,
			    .k1 = v[BENT],
			    .at = { v[EAST], v[NORTH], real_exp(v[HEIGHT]) } };
	l->r2_max = l->k1 < 0 ? -1 / (3 * l->k1) : HUGE_VAL;
	if (f->known.lens) {
		l->cx = f->known.lens->cx;
		l->cy = f->known.lens->cy;
	}
	rotate(v + TURN, f->turn, l->turn);
}

static void residuals(const void *ctx, const double *v, double *r)
{
	const struct fit *f = ctx;
	struct lens l;

	lens_of(f, v, &l);
	for (int i = 0; i < f->n; i++, r += 2) {
		const struct pair *p = &f->p[i];
		double px[2];

		r[0] = r[1] = LOST;
		if (!lens_project(&l, (struct pt_room){ p->at.x, p->at.y, 0 }, px, NULL))
			continue;
		r[0] = (px[0] - p->px[0]) / f->sigma_px;
		r[1] = (px[1] - p->px[1]) / f->sigma_px;
	}
	r[0] = (v[FOCAL] - f->focal) / f->sigma_focal;
	r[1] = (v[BENT] - f->k1) / f->sigma_k1;
	r[2] = f->known.height_m > 0 ? (v[HEIGHT] - real_log(f->known.height_m)) / SIGMA_HEIGHT
				     : 0;
}

static bool possible(const void *ctx, const double *v)
{
	(void)ctx;
	return v[FOCAL] > 0 && v[FOCAL] < 12 && fabs(v[EAST]) < 1e4 && fabs(v[NORTH]) < 1e4 &&
	       fabs(v[HEIGHT]) < 5 && fabs(v[BENT]) <= 1;
}

static double go_down(const struct fit *f, enum descent_loss loss, double *v, double *sd)
{
	const struct descent d = { .n_param = PARAMS,
				   .n_pairs = f->n,
				   .n_plain = 3,
				   .loss = loss,
				   .steps = 60,
				   .residuals = residuals,
				   .possible = possible,
				   .ctx = f };

	return descent(&d, v, sd);
}

/* ---- where to start ---- */

static void unit(double a[3])
{
	double n = sqrt(a[0] * a[0] + a[1] * a[1] + a[2] * a[2]);

	for (int i = 0; i < 3; i++)
		a[i] /= n;
}

/* The camera with focal length f_px that the homography g (picture from floor) is nearest to
 * (Zhang, "A Flexible New Technique for Camera Calibration", PAMI 22(11), 2000): columns of
 * K^-1 g are two of the turn's and the shift. False: it looks from below, or at nothing. */
static bool start_at(struct fit *f, const double g[9], double f_px, double cx, double cy,
		     double v[PARAMS])
{
	double a[3][3], x[3], y[3], z[3], scale = 0, skew = 0, depth = 0, at[3];

	for (int c = 0; c < 3; c++) {
		a[c][0] = (g[c] - cx * g[6 + c]) / f_px;
		a[c][1] = (g[3 + c] - cy * g[6 + c]) / f_px;
		a[c][2] = g[6 + c];
	}
	for (int i = 0; i < f->n; i++)
		depth += a[0][2] * f->p[i].at.x + a[1][2] * f->p[i].at.y + a[2][2];
	for (int c = 0; c < 2; c++)
		scale += sqrt(a[c][0] * a[c][0] + a[c][1] * a[c][1] + a[c][2] * a[c][2]) / 2;
	if (!(scale > 0))
		return false;
	if (depth < 0)
		scale = -scale;
	for (int i = 0; i < 3; i++) {
		x[i] = a[0][i] / scale;
		y[i] = a[1][i] / scale;
	}
	unit(x);
	for (int i = 0; i < 3; i++)
		skew += x[i] * y[i];
	for (int i = 0; i < 3; i++)
		y[i] -= skew * x[i];
	unit(y);
	z[0] = x[1] * y[2] - x[2] * y[1];
	z[1] = x[2] * y[0] - x[0] * y[2];
	z[2] = x[0] * y[1] - x[1] * y[0];
	for (int i = 0; i < 3; i++) {
		f->turn[3 * i] = x[i];
		f->turn[3 * i + 1] = y[i];
		f->turn[3 * i + 2] = z[i];
	}
	for (int i = 0; i < 3; i++)
		at[i] = -(f->turn[i] * a[2][0] + f->turn[3 + i] * a[2][1] +
			  f->turn[6 + i] * a[2][2]) /
			scale;
	if (!(at[2] > .01 && at[2] < 140))
		return false;
	memset(v, 0, PARAMS * sizeof(*v));
	v[FOCAL] = real_log(f_px);
	v[EAST] = at[0];
	v[NORTH] = at[1];
	v[HEIGHT] = real_log(at[2]);
	v[BENT] = f->k1;
	return possible(f, v);
}

/* The lens that all points but a few agree to; false: none. */
static bool search(struct fit *f, const double g[9], double v[PARAMS])
{
	double best = HUGE_VAL, turn[9] = { 0 };
	double cx = f->known.lens ? f->known.lens->cx : f->w / 2.0;
	double cy = f->known.lens ? f->known.lens->cy : f->h / 2.0;

	for (int i = 0; i < STARTS; i++) {
		double off = f->sigma_focal > SIGMA_FOCAL ? .35 * (i - STARTS / 2) : 0;
		double to[PARAMS], cost;

		if (!start_at(f, g, real_exp(f->focal + off), cx, cy, to))
			continue;
		f->sigma_px = BEND / 2 * f->w;
		go_down(f, DESCENT_HARD, to, NULL);
		f->sigma_px = CLICK * f->w;
		cost = go_down(f, DESCENT_HARD, to, NULL);
		if (!(cost < best))
			continue;
		best = cost;
		memcpy(v, to, PARAMS * sizeof(*v));
		memcpy(turn, f->turn, sizeof(turn));
	}
	memcpy(f->turn, turn, sizeof(turn));
	return best < HUGE_VAL;
}

/* ---- how far off points are ---- */

static bool to_floor(const struct calib *c, const struct pair *p, int w, int h, struct pt_m *at)
{
	const double *m = c->floor_from_img;
	double x = p->px[0] / w, y = p->px[1] / h, den = m[6] * x + m[7] * y + m[8];

	if (c->has_lens)
		return lens_floor(&c->lens, p->px[0], p->px[1], at);
	if (!((den > 0) == (.5 * m[6] + m[7] + m[8] > 0)))
		return false;
	*at = (struct pt_m){ (m[0] * x + m[1] * y + m[2]) / den,
			     (m[3] * x + m[4] * y + m[5]) / den };
	return true;
}

static void off_of(const struct calib *c, const struct pair *p, int w, int h,
		   struct pairs_off *o)
{
	struct pt_img seen;
	struct pt_m at;

	o->m = o->px = HUGE_VAL;
	if (to_floor(c, p, w, h, &at))
		o->m = real_hypot(at.x - p->at.x, at.y - p->at.y);
	if (calib_project(c, p->at, &seen))
		o->px = real_hypot(seen.x * w - p->px[0], seen.y * h - p->px[1]);
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* The median of what is used, in metres or in pixels. */
static double median_off(const struct pairs_off *o, int n, bool metres)
{
	double v[PAIRS_MAX];
	int m = 0;

	for (int i = 0; i < n; i++)
		if (!o[i].out)
			v[m++] = metres ? o[i].m : o[i].px;
	qsort(v, (size_t)m, sizeof(*v), compare);
	return m ? v[m / 2] : HUGE_VAL;
}

/* Which are mistakes, by how far all are off; how many are none. */
static int sort_out(struct pairs_off *o, int n, int w)
{
	double limit;
	int used = 0;

	for (int i = 0; i < n; i++)
		o[i].out = false;
	/* 1.18: the median of a distance in two dimensions, in standard deviations. */
	limit = fmax(STRAY * w, STRAY_SD * median_off(o, n, false) / 1.18);
	for (int i = 0; i < n; i++) {
		o[i].out = o[i].px > limit && o[i].m > STRAY_M;
		used += !o[i].out;
	}
	return used;
}

/* ---- all together ---- */

/* The homography, floor from picture and picture from floor, that most points agree to. */
static int agree(const struct pair *p, int n, int w, int h, double floor_from_img[9],
		 double px_from_floor[9], struct pairs_off *off, struct err *err)
{
	double px[2 * PAIRS_MAX], m[2 * PAIRS_MAX], img[2 * PAIRS_MAX];
	unsigned char in[PAIRS_MAX];
	int used = 0, rc;

	for (int i = 0; i < n; i++) {
		px[2 * i] = p[i].px[0];
		px[2 * i + 1] = p[i].px[1];
		m[2 * i] = p[i].at.x;
		m[2 * i + 1] = p[i].at.y;
	}
	rc = cv_homography(m, px, n, n > PAIRS_MIN ? BEND * w : 0, px_from_floor, in, err);
	if (rc < 0)
		return rc;
	for (int i = 0; i < n; i++) {
		off[i].out = n > PAIRS_MIN && !in[i];
		if (off[i].out)
			continue;
		img[2 * used] = p[i].px[0] / w;
		img[2 * used + 1] = p[i].px[1] / h;
		m[2 * used] = p[i].at.x;
		m[2 * used + 1] = p[i].at.y;
		used++;
	}
	if (used < PAIRS_MIN || 2 * used < n)
		return err_set(err, ERR_RANGE,
			       "only %d of %d points agree on how the floor lies; measure them "
			       "again, and see that picture and floor points are not mixed up",
			       used, n);
	return cv_homography(img, m, used, 0, floor_from_img, NULL, err);
}

/* Those that are no mistakes, into keep; how many. */
static int kept(const struct pair *p, const struct pairs_off *o, int n, struct pair *keep)
{
	int m = 0;

	for (int i = 0; i < n; i++)
		if (!o[i].out)
			keep[m++] = p[i];
	return m;
}

/* A camera in place of the homography, when the points tell one. */
static void fit_lens(struct pairs_fit *out, struct fit *f, const struct pair *p, int n,
		     const double g[9])
{
	struct pair keep[PAIRS_MAX];
	struct pairs_off off[PAIRS_MAX];
	struct calib c = { .has_lens = true };
	double v[PARAMS] = { 0 }, sd[PARAMS];

	f->p = keep;
	f->n = kept(p, out->off, n, keep);
	if (!search(f, g, v))
		return;
	for (int round = 0; round < 3; round++) {
		lens_of(f, v, &c.lens);
		for (int i = 0; i < n; i++)
			off_of(&c, &p[i], f->w, f->h, &off[i]);
		sort_out(off, n, f->w);
		f->n = kept(p, off, n, keep);
		go_down(f, DESCENT_SQUARE, v, sd);
	}
	lens_of(f, v, &c.lens);
	for (int i = 0; i < n; i++) {
		bool was = off[i].out;

		off_of(&c, &p[i], f->w, f->h, &off[i]);
		off[i].out = was;
	}
	/* A picture that was cut or stretched has no such lens. */
	if (f->n < PAIRS_MIN || f->n < kept(p, out->off, n, keep) ||
	    median_off(off, n, false) >
		    fmax(2 * median_off(out->off, n, false), 2 * CLICK * f->w))
		return;
	out->calib = c;
	out->focal_sd = sd[FOCAL];
	memcpy(out->off, off, sizeof(off));
}

static void expect(struct fit *f, int used)
{
	const struct lens *l = f->known.lens;
	double hfov = f->known.hfov_deg > 0 ? f->known.hfov_deg : ANY_HFOV_DEG;

	f->focal =
		l ? real_log(l->f_px) : real_log(f->w / 2.0 / real_tan(hfov * REAL_PI / 360));
	f->sigma_focal = l ? FIXED : f->known.hfov_deg > 0 ? SIGMA_FOCAL : SIGMA_ANY;
	f->k1 = l ? l->k1 : 0;
	f->sigma_k1 = !l && used >= PAIRS_LENS ? SIGMA_BEND : FIXED;
}

int pairs_fit(struct pairs_fit *out, const struct pair *p, int n, int w, int h,
	      const struct pairs_known *known, struct err *err)
{
	struct fit f = { .w = w, .h = h, .known = *known };
	struct pairs_fit o = { 0 };
	struct lens lens;
	double g[9];
	int used, rc;

	if (n < PAIRS_MIN || n > PAIRS_MAX)
		return err_set(err, ERR_RANGE, "%d points, expected %d to %d", n, PAIRS_MIN,
			       PAIRS_MAX);
	rc = agree(p, n, w, h, o.calib.floor_from_img, g, o.off, err);
	if (rc < 0 || (rc = calib_check(&o.calib, err)) < 0)
		return rc;
	for (int i = 0; i < n; i++) {
		bool was = o.off[i].out;

		off_of(&o.calib, &p[i], w, h, &o.off[i]);
		o.off[i].out = was;
		o.n_used += !was;
	}
	used = o.n_used;
	if (known->lens) {
		lens = *known->lens;
		lens_resize(&lens, w);
		f.known.lens = &lens;
	}
	expect(&f, used);
	if (used >= PAIRS_LENS || f.sigma_focal < SIGMA_ANY)
		fit_lens(&o, &f, p, n, g);
	o.n_used = 0;
	for (int i = 0; i < n; i++)
		o.n_used += !o.off[i].out;
	o.off_m = median_off(o.off, n, true);
	*out = o;
	return 0;
}
