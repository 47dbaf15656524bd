/* SPDX-License-Identifier: Apache-2.0 */
/* resample.c -- the percentile bootstrap over blocks of time. */
#include "eval/resample.h"

#include "base/rng.h"
#include "base/vec.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#define STREAM 0x7265

static int by_value(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* Of sorted values, between two of them in a straight line. */
static double quantile(const double *v, size_t n, double q)
{
	double at = q * (double)(n - 1);
	size_t i = (size_t)at;

	return i + 1 < n ? v[i] + (at - (double)i) * (v[i + 1] - v[i]) : v[n - 1];
}

static struct interval interval_of(double *v, size_t n)
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i++)
		if (!isnan(v[i]))
			v[kept++] = v[i];
	if (!kept)
		return (struct interval){ NAN, NAN };
	qsort(v, kept, sizeof(*v), by_value);
	return (struct interval){ quantile(v, kept, 0.025), quantile(v, kept, 0.975) };
}

void resample(size_t n_blocks, int n_figures,
	      void (*figures)(void *ctx, const size_t *pick, double *out), void *ctx,
	      struct interval *out)
{
	size_t *pick = xcalloc(n_blocks + 1, sizeof(*pick));
	double *value = xcalloc((size_t)n_figures * RESAMPLE_ROUNDS, sizeof(*value));
	double *one = xcalloc((size_t)n_figures, sizeof(*one));
	size_t rounds = n_blocks < 2 ? 0 : RESAMPLE_ROUNDS;
	struct rng rng;

	rng_init(&rng, n_blocks, STREAM);
	for (size_t r = 0; r < rounds; r++) {
		for (size_t i = 0; i < n_blocks; i++)
			pick[i] = rng_below(&rng, (uint32_t)n_blocks);
		figures(ctx, pick, one);
		for (int k = 0; k < n_figures; k++)
			value[(size_t)k * RESAMPLE_ROUNDS + r] = one[k];
	}
	for (int k = 0; k < n_figures; k++)
		out[k] = interval_of(value + (size_t)k * RESAMPLE_ROUNDS, rounds);
	free(one);
	free(value);
	free(pick);
}
