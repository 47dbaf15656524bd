/* SPDX-License-Identifier: Apache-2.0 */
/* equivalence.c -- two one-sided tests on samples that were counted by hand, too. */
#include "report/equivalence.h"

#include "base/real.h"
#include "base/rng.h"
#include "base/vec.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define BISECTIONS 60 /* halves an interval to the last bits of a double */
#define DF_MAX 400    /* beyond, Student's t is as good as normal */
#define RANGE_P 0.975
#define ROUNDS 1999 /* of the bootstrap */

const char *equiv_verdict_name(enum equiv_verdict v)
{
	static const char *const name[EQUIV_VERDICTS] = { "none", "proven", "more",
							  "not_proven" };

	return name[v];
}

/* ---- distributions ---- */

/* P(T <= t), by the finite series for whole df (Abramowitz & Stegun, "Handbook of Mathematical
 * Functions", 26.7.3 and 26.7.4). */
static double t_below(double t, int df)
{
	double theta = real_atan2(t, sqrt(df)), s = real_sin(theta), c = real_cos(theta);
	bool odd = df % 2;
	double term = odd ? c : 1, sum = 0;

	for (int i = odd ? 3 : 2; i <= df; i += 2) {
		sum += term;
		term *= c * c * (i - 1) / i;
	}
	return 0.5 + (odd ? (theta + s * sum) / REAL_PI : s * sum / 2);
}

double equiv_t(double p, int df)
{
	double lo = -1e4, hi = 1e4;

	if (df > DF_MAX)
		df = DF_MAX;
	for (int i = 0; i < BISECTIONS; i++) {
		double mid = (lo + hi) / 2;

		if (t_below(mid, df) < p)
			lo = mid;
		else
			hi = mid;
	}
	return (lo + hi) / 2;
}

/* log n!: Stirling's series (Abramowitz & Stegun 6.1.41), from 16 on. */
static double log_factorial(int64_t n)
{
	double shift = 0, x;

	for (; n < 16; n++)
		shift += real_log((double)(n + 1));
	x = (double)n + 1;
	return (x - 0.5) * real_log(x) - x + 0.5 * real_log(2 * REAL_PI) + 1 / (12 * x) -
	       1 / (360 * x * x * x) - shift;
}

/* P(X <= n) of a Poisson variable. The terms are added from the largest down, relative to it.
 */
static double poisson_below(int64_t n, double mean)
{
	int64_t top = mean < (double)n ? (int64_t)mean : n;
	double log_top, term = 1, sum = 1;

	if (mean <= 0)
		return 1;
	log_top = (double)top * real_log(mean) - mean - log_factorial(top);
	for (int64_t i = top; i > 0 && term > 1e-17; i--)
		sum += term *= (double)i / mean;
	term = 1;
	for (int64_t i = top + 1; i <= n && term > 1e-17; i++)
		sum += term *= mean / (double)i;
	return real_exp(log_top) * sum;
}

double equiv_poisson(int64_t n, double p)
{
	double lo = 0, hi = (double)n + 10 * sqrt((double)n) + 60;

	for (int i = 0; i < BISECTIONS; i++) {
		double mid = (lo + hi) / 2;

		if (poisson_below(n, mid) > p)
			lo = mid;
		else
			hi = mid;
	}
	return (lo + hi) / 2;
}

/* ---- between samples ---- */

/* Samples ordered by stratum, each group one stratum. */
struct groups {
	struct equiv_sample *v;
	int n;
	int *begin; /* n_groups + 1 */
	int n_groups;
};

static int by_stratum(const void *a, const void *b)
{
	const struct equiv_sample *x = a, *y = b;

	return (x->stratum > y->stratum) - (x->stratum < y->stratum);
}

/* A stratum with a single sample cannot say how far its samples differ: then all are one. */
static void groups_init(struct groups *g, const struct equiv_sample *v, int n)
{
	bool alone = false;

	*g = (struct groups){ .n = n };
	g->v = xcalloc((size_t)n, sizeof(*g->v));
	g->begin = xcalloc((size_t)n + 1, sizeof(*g->begin));
	memcpy(g->v, v, (size_t)n * sizeof(*v));
	qsort(g->v, (size_t)n, sizeof(*g->v), by_stratum);
	for (int i = 0; i < n; i++)
		if (i == 0 || g->v[i].stratum != g->v[i - 1].stratum)
			g->begin[g->n_groups++] = i;
	g->begin[g->n_groups] = n;
	for (int i = 0; i < g->n_groups; i++)
		alone |= g->begin[i + 1] - g->begin[i] < 2;
	if (alone) {
		g->n_groups = 1;
		g->begin[1] = n;
	}
}

static void groups_clear(struct groups *g)
{
	free(g->v);
	free(g->begin);
}

struct ratio {
	double value;
	double error; /* standard error */
	int df;
};

/* The ratio of the samples v[pick[i]] (pick NULL: of all as they are), grouped as g. */
static struct ratio ratio_of(const struct groups *g, const int *pick)
{
	double manual = 0, machine = 0, wrong = 0, sum = 0, squares_per_df = 0;
	struct ratio r = { 0 };

	for (int i = 0; i < g->n; i++) {
		const struct equiv_sample *v = &g->v[pick ? pick[i] : i];

		manual += v->weight * (double)v->manual;
		machine += v->weight * (double)v->machine;
		wrong += v->weight * v->weight * fabs((double)(v->machine - v->manual));
	}
	if (manual <= 0)
		return r;
	r.value = machine / manual;
	for (int k = 0; k < g->n_groups; k++) {
		int in = g->begin[k + 1] - g->begin[k];
		double mean = 0, squares = 0;

		for (int i = g->begin[k]; i < g->begin[k + 1]; i++) {
			const struct equiv_sample *v = &g->v[pick ? pick[i] : i];
			double e =
				v->weight * ((double)v->machine - r.value * (double)v->manual);

			mean += e;
			squares += e * e;
		}
		squares = fmax(0, squares - mean * mean / in) * in / (in - 1);
		sum += squares;
		squares_per_df += squares * squares / (in - 1);
	}
	r.df = squares_per_df > 0 ? (int)(sum * sum / squares_per_df + 1e-9)
				  : g->n - g->n_groups;
	/* Not less than errors that hit persons one by one: no sample is sure of its zero. */
	r.error = sqrt(fmax(sum, wrong + 0.5)) / manual;
	return r;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

struct limits {
	double lo, hi;
};

/* Of the ratio, by Student's t and by the bootstrap. */
static struct limits sample_limits(const struct groups *g, const struct ratio *r)
{
	double t = equiv_t(1 - EQUIV_ALPHA, r->df), *studentized;
	int *pick = xcalloc((size_t)g->n, sizeof(*pick)), n = 0;
	struct limits l;
	struct rng rng;

	studentized = xcalloc(ROUNDS, sizeof(*studentized));
	rng_init(&rng, 457, 0);
	for (int b = 0; b < ROUNDS; b++) {
		struct ratio again;

		for (int k = 0; k < g->n_groups; k++)
			for (int i = g->begin[k]; i < g->begin[k + 1]; i++)
				pick[i] = g->begin[k] +
					  (int)rng_below(&rng, (uint32_t)(g->begin[k + 1] -
									  g->begin[k]));
		again = ratio_of(g, pick);
		if (again.error > 0)
			studentized[n++] = (again.value - r->value) / again.error;
	}
	l = (struct limits){ r->value - t * r->error, r->value + t * r->error };
	if (n > 0) {
		qsort(studentized, (size_t)n, sizeof(*studentized), by_value);
		l.lo = fmin(l.lo,
			    r->value - studentized[(int)((1 - EQUIV_ALPHA) * n)] * r->error);
		l.hi = fmax(l.hi, r->value - studentized[(int)(EQUIV_ALPHA * n)] * r->error);
	}
	free(studentized);
	free(pick);
	return l;
}

/* ---- between persons ---- */

/* Of (over - under) / manual, persons too many and too few. */
static struct limits person_limits(int64_t over, int64_t under, double manual)
{
	double over_lo = over ? equiv_poisson(over - 1, 1 - EQUIV_ALPHA) : 0;
	double under_lo = under ? equiv_poisson(under - 1, 1 - EQUIV_ALPHA) : 0;
	double over_up = equiv_poisson(over, EQUIV_ALPHA) - (double)over;
	double under_up = equiv_poisson(under, EQUIV_ALPHA) - (double)under;
	double d = (double)(over - under);

	over_lo = (double)over - over_lo;
	under_lo = (double)under - under_lo;
	return (struct limits){
		(d - sqrt(over_lo * over_lo + under_up * under_up)) / manual,
		(d + sqrt(over_up * over_up + under_lo * under_lo)) / manual,
	};
}

/* ---- the test ---- */

struct sums {
	int64_t over, under; /* persons too many, too few */
};

static struct sums add_up(struct equiv *e, const struct equiv_sample *v, int n)
{
	struct sums s = { 0 };

	for (int i = 0; i < n; i++) {
		int64_t d = v[i].machine - v[i].manual;

		e->manual += v[i].manual;
		e->machine += v[i].machine;
		if (d > 0)
			s.over += d;
		else
			s.under -= d;
	}
	return s;
}

/* Variance of the error per person: what the samples show, and not less than errors that hit
 * each person alone would have. */
static double spread_of(const struct equiv_sample *v, int n, double ratio, double wrong,
			double manual)
{
	double sum = 0;

	for (int i = 0; i < n; i++) {
		double m = (double)v[i].manual, e = (double)v[i].machine - ratio * m;

		sum += e * e / (m > 1 ? m : 1);
	}
	return fmax(n > 1 ? sum / (n - 1) : 0, (wrong + 0.5) / manual);
}

/* Whether n samples like these would prove it with EQUIV_POWER: the interval's ends, and the
 * luck of the estimate, must fit between the bias and the margin. */
static bool enough(const struct equiv *e, const struct sums *s, int n, double error,
		   double margin)
{
	double more = (double)n / e->samples, room = margin - fabs(e->bias);
	double manual = (double)e->manual * more;
	int64_t over = (int64_t)ceil((double)s->over * more - 1e-9);
	int64_t under = (int64_t)ceil((double)s->under * more - 1e-9);
	struct limits l = person_limits(over, under, manual);
	double d = (double)(over - under) / manual, z = equiv_t(EQUIV_POWER, DF_MAX);
	double luck = z * sqrt((double)(over + under)) / manual;

	if (fmax(l.hi - d, d - l.lo) + luck > room)
		return false;
	return (equiv_t(1 - EQUIV_ALPHA, n - 1) + z) * error / sqrt(more) <= room;
}

/* The least number of samples that is enough, or 0. */
static int find_enough(const struct equiv *e, const struct sums *s, int min, double error,
		       double margin)
{
	int lo = min, hi = min + EQUIV_MORE_MAX;

	if (!enough(e, s, hi, error, margin))
		return 0;
	while (lo < hi) {
		int mid = (lo + hi) / 2;

		if (enough(e, s, mid, error, margin))
			hi = mid;
		else
			lo = mid + 1;
	}
	return hi;
}

static void judge(struct equiv *e, const struct sums *s, double error, double margin)
{
	bool few = e->samples < EQUIV_MIN;
	int n;

	e->verdict = EQUIV_NOT_PROVEN;
	if (!few && e->lo > -margin && e->hi < margin) {
		e->verdict = EQUIV_PROVEN;
		return;
	}
	if (e->lo > margin || e->hi < -margin || (!few && fabs(e->bias) >= margin))
		return;
	n = find_enough(e, s, few ? EQUIV_MIN : e->samples + 1, error, margin);
	if (!n && few)
		n = EQUIV_MIN; /* too early to tell */
	if (n) {
		e->verdict = EQUIV_MORE;
		e->more = n - e->samples;
	}
}

void equiv_test(struct equiv *e, const struct equiv_sample *v, int n, double margin)
{
	struct equiv r = { .samples = n, .df = 1, .verdict = EQUIV_NOT_PROVEN };
	struct sums s = add_up(&r, v, n);
	struct limits persons, samples;
	struct ratio ratio = { .value = 1 };
	struct groups g;
	double plain;

	*e = r;
	if (r.manual <= 0)
		return;
	plain = (double)(s.over - s.under) / (double)r.manual;
	persons = person_limits(s.over, s.under, (double)r.manual);
	samples = (struct limits){ 1 + plain, 1 + plain };
	ratio.value = 1 + plain;
	if (n > 1) {
		groups_init(&g, v, n);
		ratio = ratio_of(&g, NULL);
		samples = sample_limits(&g, &ratio);
		groups_clear(&g);
		r.df = ratio.df;
	}
	r.bias = ratio.value - 1;
	r.unbalanced = (double)(s.over + s.under) / (double)r.manual;
	/* Around the weighted ratio, as far as they lie around the plain one. */
	r.lo = fmin(r.bias - plain + persons.lo, samples.lo - 1);
	r.hi = fmax(r.bias - plain + persons.hi, samples.hi - 1);
	r.spread = spread_of(v, n, ratio.value, (double)(s.over + s.under), (double)r.manual);
	judge(&r, &s, ratio.error, margin);
	*e = r;
}

bool equiv_range(const struct equiv *e, int64_t count, double *lo, double *hi)
{
	double ratio = 1 + e->bias, k = (double)count, t = equiv_t(RANGE_P, e->df);
	double one_sided = equiv_t(1 - EQUIV_ALPHA, e->df);
	double below = k * (e->bias - e->lo) / one_sided,
	       above = k * (e->hi - e->bias) / one_sided;
	double luck = e->spread * (k > 1 ? k : 1);

	if (e->manual <= 0 || ratio <= 0)
		return false;
	/* A machine that counts too many makes the true number smaller. */
	*lo = fmax(0, (k - t * sqrt(luck + above * above)) / ratio);
	*hi = (k + t * sqrt(luck + below * below)) / ratio;
	return true;
}
