/* SPDX-License-Identifier: Apache-2.0 */
/* kalman.h -- where something is and how fast it goes, from noisy positions at any times.
 *
 * Constant velocity disturbed by white noise acceleration, the same in both directions: Y.
 * Bar-Shalom, X. Li, T. Kirubarajan, "Estimation with Applications to Tracking and Navigation"
 * (2001), section 6.2.2 for the model and 5.2 for the filter. The noise is that of continuous
 * time, so one step of 0.2 s and two of 0.1 s lead to the same state: frame rates may vary.
 *
 * Positions may be surer in one direction than in another, as along the view and across it.
 */
#ifndef TRACK_KALMAN_H
#define TRACK_KALMAN_H

#include "types.h"

struct kalman {
	double x[4];    /* x, y, and their changes per second */
	double p[4][4]; /* their covariance; symmetric and positive */
};

/* A first position z with its spread r; the speed is 0 with variance var_v each way. */
void kalman_init(struct kalman *k, const double z[2], const struct spread *r, double var_v);

/* dt_s >= 0 seconds on. q: power of the acceleration noise, position units^2 / s^3; after a
 * second the speed has gained the variance q each way. */
void kalman_predict(struct kalman *k, double dt_s, double q);

/* Takes in a position z; r is positive definite. */
void kalman_update(struct kalman *k, const double z[2], const struct spread *r);

/* Squared distance of z from the position, in standard deviations of their difference; *det:
 * the determinant of that difference's covariance. */
double kalman_distance2(const struct kalman *k, const double z[2], const struct spread *r,
			double *det);

#endif
