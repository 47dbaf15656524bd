/* SPDX-License-Identifier: Apache-2.0 */
/* equivalence.h -- is a counter right to within a margin? Samples that were counted by hand,
 * too, and two one-sided tests.
 *
 * That a difference is "not significant" proves nothing: the fewer the samples, the better a
 * counter looks. So the burden is turned round, as VDV Recommendation 457 (version 2.1, 2018)
 * does for passenger counting in trains: the counter is taken to be wrong by the margin or
 * more, one way or the other, until both are refuted at alpha each (two one-sided tests:
 * Schuirmann, "A Comparison of the Two One-Sided Tests Procedure and the Power Approach ...", J
 * Pharmacokinet Biopharm 15(6), 1987; for counting: Siebert & Ellenberger, "Validation of
 * automatic passenger counting: introducing the t-test-induced equivalence test",
 * Transportation 47(6), 2020). That is the same as asking whether the interval at 1 - 2 alpha
 * lies within -margin .. margin.
 *
 * The error is that of the sum, R - 1 with R = sum(w k) / sum(w m): k counted by the machine, m
 * by hand, w how many windows of time a sample stands for (Cochran, "Sampling Techniques", 3rd
 * ed. 1977, 6.11, the combined ratio estimate of a stratified sample). Its interval is the hull
 * of three, because each is blind where another sees:
 *
 * Between samples: Student's t on the linearised ratio, e = k - R m within strata, degrees of
 * freedom by Satterthwaite (Cochran 5.4, formula 5.16). It sees errors that come together, as
 * in a crowded hour.
 *
 * The bootstrap-t of the same, samples drawn again within strata (Efron & Tibshirani, "An
 * Introduction to the Bootstrap", 1993, 12.5). It sees that a few bad windows among good ones
 * say less than t takes them for.
 *
 * Between persons: exact Poisson limits (Garwood, "Fiducial Limits for the Poisson
 * Distribution", Biometrika 28, 1936) of the persons too many and of those too few, and of
 * their difference by the method of variance estimates recovery (Zou & Donner, "Construction of
 * confidence limits about effect measures: a general approach", Statistics in Medicine 27(10),
 * 2008). It sees that 20 persons without any error prove nothing about 5 %.
 *
 * How often the whole proves what is not so: tests/report/test_equivalence.c.
 */
#ifndef REPORT_EQUIVALENCE_H
#define REPORT_EQUIVALENCE_H

#include <stdbool.h>
#include <stdint.h>

#define EQUIV_MARGIN 0.05 /* what is meant by right, unless said otherwise */
#define EQUIV_ALPHA 0.05  /* of each of the two tests: the interval is one of 90 % */
#define EQUIV_POWER 0.8   /* chance that 'more' samples like those prove it */
/* Fewer samples never prove anything. What goes wrong in one of five windows is not in any of
 * 16 samples once in 36 times, and no arithmetic can see it then. */
#define EQUIV_MIN 16
/* So many more are beyond reason. */
#define EQUIV_MORE_MAX 400

struct equiv_sample {
	int64_t manual, machine; /* counted in the same window of time */
	int stratum;             /* any number; samples of one stratum were drawn alike */
	double weight;           /* windows that it stands for, > 0 */
};

enum equiv_verdict {
	EQUIV_NONE,
	EQUIV_PROVEN,     /* the error is proven to be within the margin */
	EQUIV_MORE,       /* it may be; 'more' samples would show it */
	EQUIV_NOT_PROVEN, /* it is not, or no number of samples within reason would show it */
	EQUIV_VERDICTS
};

struct equiv {
	int samples;
	int64_t manual, machine; /* in all, without weights */
	double bias;             /* R - 1 */
	double lo, hi;           /* of the bias: interval at 1 - 2 alpha */
	/* sum |k - m| / sum m: what is wrong before too many and too few cancel. */
	double unbalanced;
	/* For later counts (equiv_range): variance of the error per person, degrees of freedom.
	 */
	double spread;
	int df;
	enum equiv_verdict verdict;
	int more; /* EQUIV_MORE: how many */
};

/* margin within 0 .. 1. With nobody counted by hand the numbers are 0 and nothing is proven. */
void equiv_test(struct equiv *e, const struct equiv_sample *v, int n, double margin);

/* "proven", "more", "not_proven". */
const char *equiv_verdict_name(enum equiv_verdict v);

/* How many there really were when the machine counted 'count' in a place and direction with
 * this audit: 95 % of the time within *lo .. *hi. Both what is wrong on average (and how well
 * that is known) and the luck of so few persons are in it; for days, the first is nearly all.
 * False when nothing can be said: nobody was counted, by hand or by the machine. */
bool equiv_range(const struct equiv *e, int64_t count, double *lo, double *hi);

/* Student's t with df >= 1 degrees of freedom: its quantile at p, 0 < p < 1. */
double equiv_t(double p, int df);
/* The largest mean with which a Poisson count is <= n with probability p or more (p small:
 * upper limit), 0 < p < 1. */
double equiv_poisson(int64_t n, double p);

#endif
