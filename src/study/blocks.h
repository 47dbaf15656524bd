/* SPDX-License-Identifier: Apache-2.0 */
/* blocks.h -- days made comparable and put together in blocks, for trial.c (steps 1 and 2 of
 * trial.h), and what neighbouring days have in common.
 */
#ifndef STUDY_BLOCKS_H
#define STUDY_BLOCKS_H

#include "study/trial.h"

/* How a level is worked out. */
struct level_model {
	bool arm;       /* the arm is a factor */
	double b_times; /* what is counted in B is taken times this */
};

struct blocks {
	int n;            /* of the trial */
	double *v;        /* value of each; NAN: no day of it was used */
	enum arm *arm;    /* of each */
	double *residual; /* per day, log(counted / expected); NAN: none */
	int n_day;
};

/* control: NULL, or what is taken off. ERR_STATE for a block in which nothing was counted; *b
 * is to be cleared in any case. */
int blocks_of(struct blocks *b, const struct trial *t, const struct panel *p,
	      const struct panel *control, const struct level_model *how, struct err *err);
void blocks_clear(struct blocks *b);

/* Correlation of a day with the next one, 0 .. 0.8. */
double blocks_correlation(const struct blocks *b, const struct trial *t);

/* Days laid out in blocks, for what an AR(1) makes of them. */
struct block_layout {
	int n, n_block; /* days, blocks */
	int *at;        /* place of each day in time */
	int *block;     /* of each day */
	enum arm *arm;  /* of each block; ARM_NONE: not used */
};

/* As the days of a trial lie; arm is b's. */
struct block_layout blocks_layout(const struct trial *t, const struct blocks *b);
void blocks_layout_clear(struct block_layout *l); /* not arm */

/* Where days have variance 1 and correlation rho with the next: variance of the difference of
 * the arms' means, and expected variance of blocks within arms (pooled). */
void blocks_variances(const struct block_layout *l, double rho, double *of_difference,
		      double *within);

#endif
