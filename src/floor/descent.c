/* SPDX-License-Identifier: Apache-2.0 */
/* descent.c -- Levenberg and Marquardt's method. */
#include "floor/descent.h"

#include "base/vec.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define STEP 1e-6       /* of a parameter, for its derivative */
#define LAMBDA_MAX 1e8  /* shorter steps lead nowhere */
#define GAIN_MIN 1e-9   /* relative; below, it is the bottom */
#define PIVOT_MIN 1e-12 /* of the normal equations */

struct normal {
	double a[DESCENT_MAX][DESCENT_MAX], b[DESCENT_MAX];
};

static int count(const struct descent *d)
{
	return 2 * d->n_pairs + d->n_plain;
}

static double loss(const struct descent *d, double s)
{
	switch (d->loss) {
	case DESCENT_SOFT:
		return 2 * (sqrt(1 + s) - 1);
	case DESCENT_HARD:
		return s / (1 + s / 4);
	default:
		return s;
	}
}

/* The loss's derivative. */
static double weight(const struct descent *d, double s)
{
	switch (d->loss) {
	case DESCENT_SOFT:
		return 1 / sqrt(1 + s);
	case DESCENT_HARD:
		return 1 / ((1 + s / 4) * (1 + s / 4));
	default:
		return 1;
	}
}

static double square(const double *r)
{
	return r[0] * r[0] + r[1] * r[1];
}

static double cost_of(const struct descent *d, const double *r)
{
	double sum = 0;

	for (int i = 0; i < d->n_pairs; i++)
		sum += loss(d, square(r + 2 * i));
	for (int i = 2 * d->n_pairs; i < count(d); i++)
		sum += r[i] * r[i];
	return sum;
}

/* a x = b by elimination, for a positive definite a; both are used up, b becomes x. */
static bool solve(struct normal *e, int n)
{
	for (int i = 0; i < n; i++) {
		if (!(e->a[i][i] > PIVOT_MIN))
			return false;
		for (int k = i + 1; k < n; k++) {
			double q = e->a[k][i] / e->a[i][i];

			for (int j = i; j < n; j++)
				e->a[k][j] -= q * e->a[i][j];
			e->b[k] -= q * e->b[i];
		}
	}
	for (int i = n - 1; i >= 0; i--) {
		for (int j = i + 1; j < n; j++)
			e->b[i] -= e->a[i][j] * e->b[j];
		e->b[i] /= e->a[i][i];
	}
	return true;
}

/* The weighted normal equations at v, whose residuals are r; row is scratch, n_param rows. */
static void normal_at(const struct descent *d, const double *v, const double *r, double *row,
		      struct normal *e)
{
	int n = count(d);

	memset(e, 0, sizeof(*e));
	for (int p = 0; p < d->n_param; p++) {
		double moved[DESCENT_MAX];

		memcpy(moved, v, (size_t)d->n_param * sizeof(*v));
		moved[p] += STEP;
		d->residuals(d->ctx, moved, row + p * n);
		for (int i = 0; i < n; i++)
			row[p * n + i] = (row[p * n + i] - r[i]) / STEP;
	}
	for (int i = 0; i < n; i++) {
		double w = i < 2 * d->n_pairs ? weight(d, square(r + (i & ~1))) : 1;

		for (int p = 0; p < d->n_param; p++) {
			e->b[p] -= w * row[p * n + i] * r[i];
			for (int q = 0; q < d->n_param; q++)
				e->a[p][q] += w * row[p * n + i] * row[q * n + i];
		}
	}
}

/* Tries steps, shorter and shorter, until one is for the better; false when none is. */
static bool step(const struct descent *d, const struct normal *e, double *lambda, double *v,
		 double *r, double *scratch, double *cost)
{
	for (; *lambda < LAMBDA_MAX; *lambda *= 5) {
		struct normal damped = *e;
		double to[DESCENT_MAX], there;

		for (int i = 0; i < d->n_param; i++)
			damped.a[i][i] += *lambda * (e->a[i][i] + 1e-6);
		if (!solve(&damped, d->n_param))
			continue;
		for (int i = 0; i < d->n_param; i++)
			to[i] = v[i] + damped.b[i];
		if (!d->possible(d->ctx, to))
			continue;
		d->residuals(d->ctx, to, scratch);
		there = cost_of(d, scratch);
		if (!(there < *cost))
			continue;
		memcpy(v, to, (size_t)d->n_param * sizeof(*v));
		memcpy(r, scratch, (size_t)count(d) * sizeof(*r));
		*cost = there;
		*lambda *= .1;
		return true;
	}
	return false;
}

/* Square roots of the diagonal of the normal matrix's inverse. */
static void deviations(const struct descent *d, const struct normal *e, double *sd)
{
	for (int i = 0; i < d->n_param; i++) {
		struct normal column = *e;

		memset(column.b, 0, sizeof(column.b));
		column.b[i] = 1;
		sd[i] = solve(&column, d->n_param) ? sqrt(fmax(0, column.b[i])) : HUGE_VAL;
	}
}

double descent(const struct descent *d, double *v, double *sd)
{
	size_t n = (size_t)count(d);
	double *space = xcalloc(n * (size_t)(d->n_param + 2), sizeof(*space));
	double *r = space, *scratch = space + n, *row = space + 2 * n, lambda = 1e-3, cost, was;
	struct normal e;

	assert(d->n_param > 0 && d->n_param <= DESCENT_MAX);
	d->residuals(d->ctx, v, r);
	cost = cost_of(d, r);
	for (int i = 0; i < d->steps; i++) {
		normal_at(d, v, r, row, &e);
		was = cost;
		if (!step(d, &e, &lambda, v, r, scratch, &cost) || was - cost < GAIN_MIN * was)
			break;
	}
	if (sd) {
		normal_at(d, v, r, row, &e);
		deviations(d, &e, sd);
	}
	free(space);
	return cost;
}
