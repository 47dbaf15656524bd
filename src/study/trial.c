/* SPDX-License-Identifier: Apache-2.0 */
/* trial.c -- the statistics of a comparison; trial.h says which and after whom. */
#include "study/trial.h"

#include "base/real.h"
#include "base/rng.h"
#include "base/vec.h"
#include "study/student.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define FIT_ROUNDS 100 /* at most; it is good enough when nothing moves by FIT_MOVE */
#define FIT_MOVE 1e-9
#define ALL_ORDERS 13 /* so many pairs: every order is looked at */
#define STREAM_BOOTSTRAP 1
#define STREAM_LOT 2

/* ---- Level: what is expected of each day ---- */

struct factors {
	double arm[2], weekday[7], hour[TRIAL_HOURS];
};

static double expected(const struct factors *f, const struct trial_day *d, int h, double den)
{
	return den * f->arm[d->arm] * f->weekday[d->weekday] * f->hour[h];
}

/* Where a factor of hour h on a day is kept: turn 0 arm, 1 weekday, 2 hour. */
static double *factor(struct factors *f, int turn, const struct trial_day *d, int h)
{
	return turn == 0 ? &f->arm[d->arm] : turn == 1 ? &f->weekday[d->weekday] : &f->hour[h];
}

static void ones(double *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		v[i] = 1;
}

#define N_FACTORS (sizeof(struct factors) / sizeof(double))

/* How a level is worked out. */
struct model {
	bool arm;       /* the arm is a factor */
	double b_times; /* what is counted in B is taken times this */
};

static double counted(const struct model *how, const struct trial_day *d, double num)
{
	return d->arm == ARM_B ? num * how->b_times : num;
}

/* One margin is made to fit: each of its factors times (sum counted / sum expected). Returns
 * how much the one that moved most did. */
static double scale(struct factors *f, int turn, const struct model *how, const struct trial *t,
		    const struct panel *p)
{
	struct factors seen = { 0 }, want = { 0 };
	double moved = 0;

	for (int i = 0; i < t->n_day; i++)
		for (int h = 0; t->day[i].arm != ARM_NONE && h < TRIAL_HOURS; h++) {
			int k = i * TRIAL_HOURS + h;

			if (!(p->den[k] > 0))
				continue;
			*factor(&seen, turn, &t->day[i], h) +=
				counted(how, &t->day[i], p->num[k]);
			*factor(&want, turn, &t->day[i], h) +=
				expected(f, &t->day[i], h, p->den[k]);
		}
	for (size_t i = 0; i < N_FACTORS; i++)
		if (((double *)&want)[i] > 0) {
			double by = ((double *)&seen)[i] / ((double *)&want)[i];

			((double *)f)[i] *= by;
			moved = fmax(moved, fabs(by - 1));
		}
	return moved;
}

/* y: counted, m: expected without the arm, per day; both 0 for a day that is left out. */
static void fit(const struct trial *t, const struct panel *p, const struct model *how,
		double *y, double *m)
{
	double moved = 1;
	struct factors f;

	ones((double *)&f, N_FACTORS);
	for (int i = 0; i < FIT_ROUNDS && moved > FIT_MOVE; i++) {
		moved = how->arm ? scale(&f, 0, how, t, p) : 0;
		moved = fmax(moved, scale(&f, 1, how, t, p));
		moved = fmax(moved, scale(&f, 2, how, t, p));
	}
	f.arm[ARM_A] = f.arm[ARM_B] = 1;
	for (int i = 0; i < t->n_day; i++) {
		y[i] = m[i] = 0;
		for (int h = 0; t->day[i].arm != ARM_NONE && h < TRIAL_HOURS; h++) {
			int k = i * TRIAL_HOURS + h;

			if (!(p->den[k] > 0))
				continue;
			y[i] += counted(how, &t->day[i], p->num[k]);
			m[i] += expected(&f, &t->day[i], h, p->den[k]);
		}
	}
}

/* ---- Blocks ---- */

struct blocks {
	int n;            /* of the trial */
	double *v;        /* value of each; NAN: no day of it was used */
	enum arm *arm;    /* of each */
	double *residual; /* per day, arm taken off; NAN: none */
	int n_day;
};

static void blocks_clear(struct blocks *b)
{
	free(b->v);
	free(b->arm);
	free(b->residual);
}

/* Adds sign * log(y / m) to the blocks' values and the days' residuals. */
static int add_levels(struct blocks *b, const struct trial *t, const struct panel *p,
		      const struct model *how, double sign, struct err *err)
{
	double *y = xcalloc((size_t)t->n_day + 1, sizeof(*y)),
	       *m = xcalloc((size_t)t->n_day + 1, sizeof(*m)),
	       *sum = xcalloc((size_t)t->n_block + 1, 2 * sizeof(*sum));
	int rc = 0;

	fit(t, p, how, y, m);
	for (int i = 0; i < t->n_day; i++) {
		bool used = t->day[i].arm != ARM_NONE && m[i] > 0;

		b->residual[i] += used && y[i] > 0 ? sign * real_log(y[i] / m[i]) : NAN;
		if (!used)
			continue;
		sum[2 * t->day[i].block] += y[i];
		sum[2 * t->day[i].block + 1] += m[i];
		b->arm[t->day[i].block] = t->day[i].arm;
	}
	for (int g = 0; g < t->n_block && rc == 0; g++) {
		if (sum[2 * g + 1] > 0 && !(sum[2 * g] > 0))
			rc = err_set(err, ERR_STATE,
				     "a block of days has nothing counted at all; this needs "
				     "longer blocks or a busier place");
		b->v[g] +=
			sum[2 * g + 1] > 0 ? sign * real_log(sum[2 * g] / sum[2 * g + 1]) : NAN;
	}
	free(y);
	free(m);
	free(sum);
	return rc;
}

static int blocks_of(struct blocks *b, const struct trial *t, const struct panel *p,
		     const struct panel *control, const struct model *how, struct err *err)
{
	const struct model as_it_is = { how->arm, 1 };
	int rc;

	*b = (struct blocks){ .n = t->n_block, .n_day = t->n_day };
	b->v = xcalloc((size_t)t->n_block + 1, sizeof(*b->v));
	b->arm = xcalloc((size_t)t->n_block + 1, sizeof(*b->arm));
	b->residual = xcalloc((size_t)t->n_day + 1, sizeof(*b->residual));
	for (int g = 0; g < b->n; g++)
		b->arm[g] = ARM_NONE;
	rc = add_levels(b, t, p, how, 1, err);
	if (rc == 0 && control)
		rc = add_levels(b, t, control, &as_it_is, -1, err);
	return rc;
}

/* ---- What days have in common ---- */

/* Correlation of a day with the next one. */
static double day_correlation(const struct blocks *b, const struct trial *t)
{
	double mean[2] = { 0, 0 }, var = 0, cov = 0, rho;
	int n[2] = { 0, 0 }, pairs = 0, days;

	for (int i = 0; i < t->n_day; i++)
		if (!isnan(b->residual[i])) {
			mean[t->day[i].arm] += b->residual[i];
			n[t->day[i].arm]++;
		}
	days = n[0] + n[1];
	for (int a = 0; a < 2; a++)
		mean[a] = n[a] ? mean[a] / n[a] : 0;
	for (int i = 0; i < t->n_day; i++) {
		double r;

		if (isnan(b->residual[i]))
			continue;
		r = b->residual[i] - mean[t->day[i].arm];
		var += r * r;
		if (i + 1 < t->n_day && !isnan(b->residual[i + 1])) {
			cov += r * (b->residual[i + 1] - mean[t->day[i + 1].arm]);
			pairs++;
		}
	}
	if (pairs < 4 || !(var > 0))
		return 0;
	rho = cov / pairs / (var / days);
	/* Two means taken off pull it down by about (1 + 3 rho) / n each half: Kendall. */
	rho += (1 + 3 * rho) / days * (n[1] ? 2 : 1);
	return fmin(fmax(rho, 0), 0.8);
}

/* Days laid out in blocks, for what an AR(1) makes of them. */
struct layout {
	int n, n_block; /* days, blocks */
	int *at;        /* place of each day in time */
	int *block;     /* of each day */
	enum arm *arm;  /* of each block; ARM_NONE: not used */
};

/* Variance of the difference of the arms' means, and expected variance within arms of blocks
 * (pooled), where days have variance 1. */
static void ar_variances(const struct layout *l, double rho, double *of_difference,
			 double *within)
{
	int n_arm[2] = { 0, 0 };
	int *size = xcalloc((size_t)l->n_block + 1, sizeof(*size));
	int last = l->n ? l->at[l->n - 1] : 0;
	double *fade = xcalloc((size_t)last + 1, sizeof(*fade));
	double arm_sum[2] = { 0, 0 }, own = 0, across = 0;

	fade[0] = 1;
	for (int i = 1; i <= last; i++)
		fade[i] = fade[i - 1] * rho;
	for (int i = 0; i < l->n; i++)
		size[l->block[i]]++;
	for (int g = 0; g < l->n_block; g++)
		if (l->arm[g] != ARM_NONE)
			n_arm[l->arm[g]]++;
	for (int i = 0; i < l->n; i++)
		for (int k = 0; k < l->n; k++) {
			int g = l->block[i], h = l->block[k];
			double c = fade[abs(l->at[i] - l->at[k])];

			if (l->arm[g] == ARM_NONE || l->arm[h] == ARM_NONE)
				continue;
			c /= (double)size[g] * size[h];
			own += g == h ? c : 0;
			if (l->arm[g] == l->arm[h])
				arm_sum[l->arm[g]] += c;
			else
				across += c / n_arm[0] / n_arm[1];
		}
	*of_difference = -across;
	*within = own;
	for (int a = 0; a < 2; a++)
		if (n_arm[a]) {
			*of_difference += arm_sum[a] / n_arm[a] / n_arm[a];
			*within -= arm_sum[a] / n_arm[a];
		}
	*within /= n_arm[0] + n_arm[1] - (n_arm[0] > 0) - (n_arm[1] > 0);
	free(size);
	free(fade);
}

/* As the days of a trial lie; free at and block. */
static struct layout layout_of(const struct trial *t, const struct blocks *b)
{
	struct layout l = { .n_block = b->n, .arm = b->arm };

	l.at = xcalloc((size_t)t->n_day + 1, sizeof(*l.at));
	l.block = xcalloc((size_t)t->n_day + 1, sizeof(*l.block));
	for (int i = 0; i < t->n_day; i++)
		if (!isnan(b->residual[i])) {
			l.at[l.n] = i;
			l.block[l.n++] = t->day[i].block;
		}
	return l;
}

static void layout_clear(struct layout *l)
{
	free(l->at);
	free(l->block);
}

/* ---- Two arms of blocks ---- */

struct sample {
	double *v; /* A's, then B's */
	int n[2];
};

static double difference(const double *v, const int n[2], double *pooled)
{
	double mean[2] = { 0, 0 }, ss = 0;

	for (int i = 0; i < n[0] + n[1]; i++)
		mean[i >= n[0]] += v[i] / n[i >= n[0]];
	for (int i = 0; i < n[0] + n[1]; i++) {
		double r = v[i] - mean[i >= n[0]];

		ss += r * r;
	}
	*pooled = ss / (n[0] + n[1] - 2);
	return mean[1] - mean[0];
}

/* |difference| / its standard error; HUGE_VAL when the blocks do not differ at all. */
static double studentised(const double *v, const int n[2])
{
	double var, d = fabs(difference(v, n, &var));

	return var > 0 ? d / sqrt(var * (1.0 / n[0] + 1.0 / n[1])) : d > 0 ? HUGE_VAL : 0;
}

static int by_value(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* Symmetric bootstrap-t: TRIAL_DRAWS values in order. */
static double *bootstrap(const struct sample *s, uint64_t seed)
{
	int n = s->n[0] + s->n[1];
	double *draws = xcalloc(TRIAL_DRAWS, sizeof(*draws));
	double *v = xcalloc((size_t)n, sizeof(*v)), *pool = xcalloc((size_t)n, sizeof(*pool));
	double mean[2] = { 0, 0 };
	struct rng r;

	rng_init(&r, seed, STREAM_BOOTSTRAP);
	for (int i = 0; i < n; i++)
		mean[i >= s->n[0]] += s->v[i] / s->n[i >= s->n[0]];
	for (int i = 0; i < n; i++)
		pool[i] = s->v[i] - mean[i >= s->n[0]];
	for (int k = 0; k < TRIAL_DRAWS; k++) {
		for (int i = 0; i < n; i++)
			v[i] = pool[rng_below(&r, (uint32_t)n)];
		draws[k] = studentised(v, s->n);
	}
	qsort(draws, TRIAL_DRAWS, sizeof(*draws), by_value);
	free(v);
	free(pool);
	return draws;
}

/* Share of draws (in order) that are at least t; the data is one draw of its own (Phipson and
 * Smyth, Stat. Appl. Genet. Mol. Biol. 9, 2010). */
static double share_beyond(const double *draws, double t)
{
	int lo = 0, hi = TRIAL_DRAWS;

	while (lo < hi) {
		int middle = (lo + hi) / 2;

		if (draws[middle] >= t * (1 - 1e-12))
			hi = middle;
		else
			lo = middle + 1;
	}
	return (1.0 + TRIAL_DRAWS - lo) / (1.0 + TRIAL_DRAWS);
}

/* Blocks dealt to the arms anew. */
static double dealt_anew(const struct sample *s, uint64_t seed)
{
	int n = s->n[0] + s->n[1], beyond = 0;
	double *v = xcalloc((size_t)n, sizeof(*v)), t = studentised(s->v, s->n);
	struct rng r;

	rng_init(&r, seed, STREAM_LOT);
	memcpy(v, s->v, (size_t)n * sizeof(*v));
	for (int k = 0; k < TRIAL_DRAWS; k++) {
		for (int i = n - 1; i > 0; i--) {
			int other = (int)rng_below(&r, (uint32_t)i + 1);
			double kept = v[i];

			v[i] = v[other];
			v[other] = kept;
		}
		beyond += studentised(v, s->n) >= t * (1 - 1e-12);
	}
	free(v);
	return (1.0 + beyond) / (1.0 + TRIAL_DRAWS);
}

static struct sample sample_of(const struct blocks *b, struct effect *e)
{
	struct sample s = { .v = xcalloc((size_t)b->n + 1, sizeof(*s.v)) };

	for (int a = 0; a < 2; a++)
		for (int g = 0; g < b->n; g++)
			if (b->arm[g] == (enum arm)a && !isnan(b->v[g]))
				s.v[s.n[0] + s.n[1]] = b->v[g], s.n[a]++;
	e->n_block[0] = s.n[0];
	e->n_block[1] = s.n[1];
	e->n_dropped = b->n - s.n[0] - s.n[1];
	return s;
}

static int two_arms(const struct trial *t, const struct blocks *b, struct effect *e,
		    struct err *err)
{
	struct sample s = sample_of(b, e);
	struct layout l = layout_of(t, b);
	double var, of_difference, within, *draws, q;
	int rc = 0;

	if (s.n[0] < 2 || s.n[1] < 2) {
		rc = err_set(err, ERR_STATE,
			     "%d and %d blocks of days could be used; at least 2 and 2 are "
			     "needed",
			     s.n[0], s.n[1]);
		goto out;
	}
	e->log_ratio = difference(s.v, s.n, &var);
	if (!(var > 0)) {
		rc = err_set(err, ERR_STATE, "all blocks are alike: there is no chance in it");
		goto out;
	}
	e->day_correlation = day_correlation(b, t);
	ar_variances(&l, e->day_correlation, &of_difference, &within);
	e->se = sqrt(var * of_difference / within);
	e->df = s.n[0] + s.n[1] - 2;
	draws = bootstrap(&s, t->seed);
	q = draws[(int)ceil((1 - t->alpha) * (TRIAL_DRAWS + 1)) - 1];
	e->lo = real_exp(e->log_ratio - q * e->se) - 1;
	e->hi = real_exp(e->log_ratio + q * e->se) - 1;
	e->p = share_beyond(draws, fabs(e->log_ratio) / e->se);
	e->check_p = dealt_anew(&s, t->seed);
	free(draws);
out:
	layout_clear(&l);
	free(s.v);
	return rc;
}

static int unpaired(const struct trial *t, const struct panel *p, const struct panel *control,
		    struct effect *e, struct err *err)
{
	const struct model how = { true, 1 };
	struct blocks b;
	int rc = blocks_of(&b, t, p, control, &how, err);

	if (rc == 0)
		rc = two_arms(t, &b, e, err);
	blocks_clear(&b);
	return rc;
}

/* ---- Pairs of blocks ---- */

/* Differences B - A of the pairs that have both, when no effect is assumed; an assumed effect
 * of x makes them d - x * g. Weekdays and hours are fitted to both arms together, so that what
 * is compared does not depend on how the lot fell: that makes the test exact. g is 1 but for
 * what the fit took of the effect for the weekdays'. */
struct pairs {
	int n;
	double *d, *g;
};

static void pairs_clear(struct pairs *p)
{
	free(p->d);
	free(p->g);
}

static struct pairs differences(const struct blocks *none, const struct blocks *some, double x)
{
	struct pairs p = { .d = xcalloc((size_t)none->n / 2 + 1, sizeof(*p.d)),
			   .g = xcalloc((size_t)none->n / 2 + 1, sizeof(*p.g)) };

	for (int i = 0; i + 1 < none->n; i += 2) {
		int a = none->arm[i] == ARM_B ? i + 1 : i, b = i + (a == i);
		double d = none->v[b] - none->v[a];

		if (isnan(d))
			continue;
		p.d[p.n] = d;
		p.g[p.n++] = (d - (some->v[b] - some->v[a])) / x;
	}
	return p;
}

static int pairs_of(struct pairs *p, const struct trial *t, const struct panel *panel,
		    const struct panel *control, double *correlation, struct err *err)
{
	const double x = 0.1;
	const struct model plain = { false, 1 }, moved = { false, real_exp(-x) };
	struct blocks none, some = { 0 };
	int rc = blocks_of(&none, t, panel, control, &plain, err);

	if (rc == 0)
		rc = blocks_of(&some, t, panel, control, &moved, err);
	if (rc == 0) {
		*p = differences(&none, &some, x);
		*correlation = day_correlation(&none, t);
	}
	blocks_clear(&none);
	blocks_clear(&some);
	return rc;
}

static double mean_of(const double *v, int n, double *var)
{
	double mean = 0, ss = 0;

	for (int i = 0; i < n; i++)
		mean += v[i] / n;
	for (int i = 0; i < n; i++)
		ss += (v[i] - mean) * (v[i] - mean);
	*var = n > 1 ? ss / (n - 1) : 0;
	return mean;
}

/* The orders that the lot could have dealt: sums over pairs of sign * d and of sign * g. */
struct orders {
	int n;
	bool all;
	double *d, *g;
	double sum_d, sum_g; /* of the order that it did deal */
};

static struct orders deal(const struct pairs *p, uint64_t seed)
{
	struct orders o = { .all = p->n <= ALL_ORDERS };
	struct rng r;

	rng_init(&r, seed, STREAM_LOT);
	o.n = o.all ? 1 << p->n : TRIAL_DRAWS;
	o.d = xcalloc((size_t)o.n, sizeof(*o.d));
	o.g = xcalloc((size_t)o.n, sizeof(*o.g));
	for (int k = 0; k < o.n; k++)
		for (int i = 0; i < p->n; i++) {
			double sign = (o.all ? k >> i & 1 : rng_chance(&r, 0.5)) ? 1 : -1;

			o.d[k] += sign * p->d[i];
			o.g[k] += sign * p->g[i];
		}
	for (int i = 0; i < p->n; i++) {
		o.sum_d += p->d[i];
		o.sum_g += p->g[i];
	}
	return o;
}

/* p-value of the assumed effect x: the share of orders that lie as far from it. */
static double p_of_effect(const struct orders *o, double x)
{
	double seen = fabs(o->sum_d - o->sum_g * x) - 1e-12;
	int beyond = 0;

	for (int k = 0; k < o->n; k++)
		beyond += fabs(o->d[k] - o->g[k] * x) >= seen;
	return o->all ? (double)beyond / o->n : (1.0 + beyond) / (1.0 + o->n);
}

/* The farthest effect from the middle, in steps, that is not refused at alpha. */
static double effect_limit(const struct orders *o, double step, double alpha)
{
	double near = o->sum_d / o->sum_g, far = near + step;

	for (int i = 0; i < 60 && p_of_effect(o, far) > alpha; i++)
		far += step;
	for (int i = 0; i < 30; i++) {
		double middle = (near + far) / 2;

		if (p_of_effect(o, middle) > alpha)
			near = middle;
		else
			far = middle;
	}
	return far;
}

/* Share of bootstrap samples of pairs whose mean strays as many standard errors. left: what is
 * left of the pairs when the effect is taken off. */
static double pairs_bootstrap(const double *left, int n, double t, uint64_t seed)
{
	double *v = xcalloc((size_t)n, sizeof(*v)), var;
	int beyond = 0;
	struct rng r;

	rng_init(&r, seed, STREAM_BOOTSTRAP);
	for (int k = 0; k < TRIAL_DRAWS; k++) {
		double off;

		for (int i = 0; i < n; i++)
			v[i] = left[rng_below(&r, (uint32_t)n)];
		off = fabs(mean_of(v, n, &var));
		beyond += off >= t * sqrt(var / n);
	}
	free(v);
	return (1.0 + beyond) / (1.0 + TRIAL_DRAWS);
}

static void pairs_effect(const struct trial *t, const struct pairs *p, struct effect *e)
{
	struct orders o = deal(p, t->seed);
	double *left = xcalloc((size_t)p->n, sizeof(*left)), var;

	e->log_ratio = o.sum_d / o.sum_g;
	for (int i = 0; i < p->n; i++)
		left[i] = p->d[i] - e->log_ratio * p->g[i];
	mean_of(left, p->n, &var);
	e->se = sqrt(var / p->n) / (o.sum_g / p->n);
	e->df = p->n - 1;
	e->p = p_of_effect(&o, 0);
	e->lo = real_exp(effect_limit(&o, -e->se, t->alpha)) - 1;
	e->hi = real_exp(effect_limit(&o, e->se, t->alpha)) - 1;
	e->check_p = pairs_bootstrap(left, p->n, fabs(e->log_ratio) / e->se, t->seed);
	free(o.d);
	free(o.g);
	free(left);
}

static int paired(const struct trial *t, const struct panel *panel, const struct panel *control,
		  struct effect *e, struct err *err)
{
	struct pairs p = { 0 };
	double var = 0;
	int rc = pairs_of(&p, t, panel, control, &e->day_correlation, err);

	if (rc < 0)
		return rc;
	mean_of(p.d, p.n, &var);
	e->n_block[0] = e->n_block[1] = p.n;
	e->n_dropped = t->n_block - 2 * p.n;
	/* The two orders farthest out are the least that p can be. */
	if (trial_least_p(p.n) > t->alpha)
		rc = err_set(err, ERR_STATE,
			     "%d pairs of blocks could be used: their orders cannot give a "
			     "p-value of %g or less",
			     p.n, t->alpha);
	else if (!(var > 0))
		rc = err_set(err, ERR_STATE, "all pairs are alike: there is no chance in it");
	else
		pairs_effect(t, &p, e);
	pairs_clear(&p);
	return rc;
}

double trial_least_p(int n_pair)
{
	double p = 2;

	for (int i = 0; i < n_pair && p > 1e-12; i++)
		p /= 2;
	return fmin(p, 1);
}

/* ---- All together ---- */

static void levels(const struct trial *t, const struct panel *p, double level[2])
{
	double num[2] = { 0, 0 }, den[2] = { 0, 0 };

	for (int i = 0; i < t->n_day; i++)
		for (int h = 0; t->day[i].arm != ARM_NONE && h < TRIAL_HOURS; h++) {
			num[t->day[i].arm] += p->num[i * TRIAL_HOURS + h];
			den[t->day[i].arm] += p->den[i * TRIAL_HOURS + h];
		}
	for (int a = 0; a < 2; a++)
		level[a] = den[a] > 0 ? num[a] / den[a] : NAN;
}

static void powers(const struct trial *t, struct effect *e)
{
	e->mde = trial_mde(e->se, e->df, t->alpha, t->power);
	e->power_target = trial_power(real_log(1 + t->target), e->se, e->df, t->alpha);
}

int trial_effect(const struct trial *t, const struct panel *p, const struct panel *control,
		 struct effect *e, struct err *err)
{
	struct effect made = { .p_holm = NAN };
	int rc = t->paired ? paired(t, p, control, &made, err)
			   : unpaired(t, p, control, &made, err);

	if (rc < 0)
		return rc;
	made.ratio = real_exp(made.log_ratio) - 1;
	levels(t, p, made.level);
	powers(t, &made);
	*e = made;
	return 0;
}

/* Blocks of the same length one after the other, first those of A. */
static double planned_variance(const int n_block[2], int length, double rho)
{
	int n = n_block[0] + n_block[1];
	struct layout l = { .n = n * length, .n_block = n };
	double of_difference, within;

	l.at = xcalloc((size_t)l.n + 1, sizeof(*l.at));
	l.block = xcalloc((size_t)l.n + 1, sizeof(*l.block));
	l.arm = xcalloc((size_t)n + 1, sizeof(*l.arm));
	for (int i = 0; i < l.n; i++) {
		l.at[i] = i;
		l.block[i] = i / length;
		l.arm[i / length] = i / length < n_block[0] ? ARM_A : ARM_B;
	}
	ar_variances(&l, rho, &of_difference, &within);
	layout_clear(&l);
	free(l.arm);
	return of_difference;
}

static int plan_pairs(const struct blocks *b, int n_pair, struct effect *e, struct err *err)
{
	double *d = xcalloc((size_t)b->n / 2 + 1, sizeof(*d)), var;
	int n = 0;

	for (int i = 0; i + 1 < b->n; i += 2)
		if (!isnan(b->v[i] + b->v[i + 1]))
			d[n++] = b->v[i + 1] - b->v[i];
	mean_of(d, n, &var);
	free(d);
	if (n < 4)
		return err_set(err, ERR_STATE,
			       "the days before the study make %d pairs of blocks; at least 4 "
			       "are needed to say what it can find",
			       n);
	e->se = sqrt(var / n_pair);
	e->df = n_pair - 1;
	return 0;
}

static int plan_arms(const struct trial *t, const struct blocks *b, const int n_block[2],
		     struct effect *e, struct err *err)
{
	struct sample s = { .v = xcalloc((size_t)b->n + 1, sizeof(*s.v)) };
	struct layout l = layout_of(t, b);
	double of_difference, within, var;

	for (int g = 0; g < b->n; g++)
		if (!isnan(b->v[g]))
			s.v[s.n[0]++] = b->v[g];
	if (s.n[0] >= 4) {
		mean_of(s.v, s.n[0], &var);
		ar_variances(&l, e->day_correlation, &of_difference, &within);
		e->se = sqrt(var / within *
			     planned_variance(n_block, l.n / s.n[0], e->day_correlation));
		e->df = n_block[0] + n_block[1] - 2;
	}
	layout_clear(&l);
	free(s.v);
	if (s.n[0] < 4)
		return err_set(err, ERR_STATE,
			       "the days before the study make %d blocks; at least 4 are "
			       "needed to say what it can find",
			       s.n[0]);
	return 0;
}

int trial_plan(const struct trial *history, const struct panel *p, const struct panel *control,
	       const int n_block[2], struct effect *e, struct err *err)
{
	struct effect made = {
		.p = NAN, .p_holm = NAN, .check_p = NAN, .n_block = { n_block[0], n_block[1] }
	};
	const struct model how = { false, 1 };
	struct blocks b;
	int rc = blocks_of(&b, history, p, control, &how, err);

	if (rc == 0) {
		made.day_correlation = day_correlation(&b, history);
		rc = history->paired ? plan_pairs(&b, n_block[0], &made, err)
				     : plan_arms(history, &b, n_block, &made, err);
	}
	blocks_clear(&b);
	if (rc < 0)
		return rc;
	levels(history, p, made.level);
	powers(history, &made);
	*e = made;
	return 0;
}

double trial_power(double log_effect, double se, double df, double alpha)
{
	int n = (int)df;

	return student_shifted(student_limit(alpha, n), n, fabs(log_effect) / se);
}

double trial_mde(double se, double df, double alpha, double power)
{
	double lo = 0, hi = se, t = student_limit(alpha, (int)df);

	while (student_shifted(t, (int)df, hi / se) < power && hi < 1e3 * se)
		hi *= 2;
	for (int i = 0; i < 24; i++) {
		double middle = (lo + hi) / 2;

		if (student_shifted(t, (int)df, middle / se) < power)
			lo = middle;
		else
			hi = middle;
	}
	return real_exp(hi) - 1;
}

void trial_holm(struct effect *e, int n)
{
	int tests = 0;

	for (int i = 0; i < n; i++)
		tests += !isnan(e[i].p);
	for (int i = 0; i < n; i++) {
		e[i].p_holm = e[i].p;
		/* The largest over all p not above this one of p times the tests left there. */
		for (int k = 0; k < n && !isnan(e[i].p); k++) {
			int smaller = 0;

			for (int j = 0; j < n; j++)
				smaller += e[j].p < e[k].p;
			if (e[k].p <= e[i].p)
				e[i].p_holm = fmax(e[i].p_holm, (tests - smaller) * e[k].p);
		}
		e[i].p_holm = fmin(e[i].p_holm, 1);
	}
}
