/* SPDX-License-Identifier: Apache-2.0 */
/* made_store.h -- days of a made store: hours as chance, weather and the calendar make them. */
#ifndef TESTS_STUDY_MADE_STORE_H
#define TESTS_STUDY_MADE_STORE_H

#include "base/rng.h"
#include "study/trial.h"

/* Log-normal day effects that last (AR(1)), a weekday and an hour pattern of which the hours
 * 10 to 19 are open, and hours that vary more than Poisson's (gamma-Poisson, so negative
 * binomial). */
struct made_store {
	double an_hour;   /* visitors, on average */
	double day_sd;    /* of the logarithm of a day's effect */
	double day_keeps; /* correlation with the day before */
	double hour_sd;   /* relative, on top of Poisson's */
};

/* One day effect (log) for each of n days. */
void made_days(const struct made_store *s, struct rng *r, int n, double *effect);
/* Counts of n days * TRIAL_HOURS; closed hours are 0 with den 0. lift: per day, log. */
void made_hours(const struct made_store *s, struct rng *r, int n, const double *effect,
		const double *lift, double *num, double *den);
int made_count(struct rng *r, double mean, double sd);

#endif
