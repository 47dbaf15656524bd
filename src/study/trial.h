/* SPDX-License-Identifier: Apache-2.0 */
/* trial.h -- the statistics of a comparison of two arms, A (as it was) and B (changed).
 *
 * Pure: numbers in, numbers out, no files and no clock; the same seed gives the same bits.
 *
 * 1. Level. Each hour is num / den of one measure (a count over observed hours, or a ratio of
 *    two counts). Hours are made comparable by the log-linear model
 *        E[num] = den * arm * weekday * hour of the day,
 *    its Poisson likelihood made largest by iterative proportional scaling (Darroch and
 *    Ratcliff, Ann. Math. Stat. 43, 1972). Poisson is not believed in: the model only weighs,
 *    so that a missing Saturday or a missing noon favours neither arm.
 * 2. Blocks. Consecutive whole days (all their hours) are blocks, as chance comes by the day
 *    (weather) and not by the visitor. A block's value is log(sum num / sum of what the model
 *    expects without arm); with a control, the control's is taken off.
 * 3. Effect, interval, p-value.
 *    Before and after, matched control: difference of the arms' mean blocks; t by the blocks'
 *    pooled variance (Ibragimov and Mueller, J. Bus. Econ. Stat. 28, 2010), made larger for
 *    what days of different blocks have in common by an AR(1) of the days' residuals (bias of
 *    its estimate taken off after Kendall, Biometrika 41, 1954). Its distribution: studentised
 *    block bootstrap, symmetric (Hall, Ann. Stat. 16, 1988), of the pooled residual blocks.
 *    Switch-back: mean difference of pairs of blocks; its distribution is that of the lot that
 *    dealt the order within each pair (Fisher's randomisation test, all orders or a sample);
 *    the interval is all effects that this test does not refuse.
 *    The other one of the two is given beside as a check.
 * 4. Power by the noncentral t (Abramowitz and Stegun 26.7.10); Holm's correction for several
 *    measures (Scand. J. Stat. 6, 1979).
 */
#ifndef STUDY_TRIAL_H
#define STUDY_TRIAL_H

#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

#define TRIAL_HOURS 24 /* per day, by local hour */
#define TRIAL_DRAWS 9999

enum arm { ARM_NONE = -1, ARM_A, ARM_B };

/* One measure, n_day * TRIAL_HOURS hours. den 0: the hour is left out. */
struct panel {
	const double *num, *den;
};

/* Who was when in which arm. */
struct trial_day {
	enum arm arm;
	int block; /* 0 .. n_block - 1, -1 with ARM_NONE */
	int weekday;
};

struct trial {
	int n_day;
	const struct trial_day *day;
	int n_block; /* switch-back: blocks 2k and 2k + 1 are pair k */
	bool paired; /* switch-back */
	double alpha, power;
	double target; /* effect worth finding, as a share: 0.1 = +10 % */
	uint64_t seed;
};

/* All effects are shares: 0.1 = B is 10 % above A. */
struct effect {
	double level[2];           /* sum num / sum den of each arm, as counted */
	double ratio, lo, hi;      /* effect and its 1 - alpha interval */
	double p, p_holm;          /* two-sided */
	double check_p;            /* by the other method */
	double log_ratio, se;      /* of the logarithm */
	double df;                 /* degrees of freedom of se */
	double day_correlation;    /* of a day with the next, after weekday and arm */
	double mde;                /* smallest effect found with probability 'power' */
	double power_target;       /* probability of finding 'target' */
	int n_block[2], n_dropped; /* used of each arm; with too few hours */
};

/* control: NULL, or what is taken off. ERR_STATE, with the reason, when there is too little to
 * say anything: fewer than 2 blocks in an arm, or a block without a single count. */
int trial_effect(const struct trial *t, const struct panel *p, const struct panel *control,
		 struct effect *e, struct err *err);

/* What may be expected of a design, from days in which nothing was changed (all ARM_A): sd of
 * blocks, or of differences of pairs, and from it the effect's se in a design of n blocks in
 * each arm. ERR_STATE with fewer than 4 blocks. Fills se, df, mde, power_target,
 * day_correlation; n_block as given. */
int trial_plan(const struct trial *history, const struct panel *p, const struct panel *control,
	       const int n_block[2], struct effect *e, struct err *err);

/* The least p-value that n pairs of blocks can give: two orders of 2^n. */
double trial_least_p(int n_pair);

/* Probability that a two-sided test at alpha finds the logarithm of an effect. */
double trial_power(double log_effect, double se, double df, double alpha);
/* The share that is found with this probability. */
double trial_mde(double se, double df, double alpha, double power);

/* Fills p_holm of n effects; those without a p-value (NaN) are no test. */
void trial_holm(struct effect *e, int n);

#endif
