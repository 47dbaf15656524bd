/* SPDX-License-Identifier: Apache-2.0 */
/* resample.h -- how far a score might have been off by the luck of what was filmed: the
 * percentile bootstrap over blocks of time.
 *
 * Efron, "Bootstrap Methods: Another Look at the Jackknife", Annals of Statistics 7, 1979;
 * whole blocks of time are drawn because errors that are near in time belong together (Kuensch,
 * "The Jackknife and the Bootstrap for General Stationary Observations", ibid. 17, 1989). The
 * same blocks give the same interval on every machine.
 */
#ifndef EVAL_RESAMPLE_H
#define EVAL_RESAMPLE_H

#include <stddef.h>

#define RESAMPLE_ROUNDS 1000

struct interval {
	double lo, hi; /* NaN: not to be had */
};

/* 95 % intervals of n_figures figures of n_blocks blocks. figures() works them out of the
 * blocks pick[0 .. n_blocks-1], some of them several times and some not at all; NaN where it
 * cannot. With fewer than two blocks there is no interval. */
void resample(size_t n_blocks, int n_figures,
	      void (*figures)(void *ctx, const size_t *pick, double *out), void *ctx,
	      struct interval *out);

#endif
