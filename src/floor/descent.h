/* SPDX-License-Identifier: Apache-2.0 */
/* descent.h -- the parameters that make many residuals small: Levenberg and Marquardt's method
 * (Marquardt, "An Algorithm for Least-Squares Estimation of Nonlinear Parameters", J. SIAM
 * 11(2), 1963) with weights for what fits badly. The answer is the same on every machine.
 */
#ifndef FLOOR_DESCENT_H
#define FLOOR_DESCENT_H

#include <stdbool.h>

#define DESCENT_MAX 8 /* parameters */

/* What a pair of residuals costs, by its squared length s. */
enum descent_loss {
	DESCENT_SQUARE = 1, /* s */
	DESCENT_SOFT,       /* 2 (sqrt(1 + s) - 1): Charbonnier's; from anywhere */
	DESCENT_HARD, /* s / (1 + s / 4): Geman and McClure's; far off counts for nothing */
};

struct descent {
	int n_param;
	/* Residuals in units of their standard deviation: n_pairs of two that belong together,
	 * then n_plain single ones, whose loss is always the square. */
	int n_pairs, n_plain;
	enum descent_loss loss;
	int steps; /* at most */
	void (*residuals)(const void *ctx, const double *v, double *r);
	bool (*possible)(const void *ctx, const double *v); /* nothing else is tried */
	const void *ctx;
};

/* Goes down from v, which becomes the lowest point found. Returns the cost there. sd: standard
 * deviation of each parameter as the residuals have it (HUGE_VAL: they do not say), or NULL. */
double descent(const struct descent *d, double *v, double *sd);

#endif
