/* SPDX-License-Identifier: Apache-2.0 */
/* kalman.h -- where something is and how fast it goes, from noisy positions at any times.
 *
 * Constant velocity disturbed by white noise acceleration: Y. Bar-Shalom, X. Li, T.
 * Kirubarajan, "Estimation with Applications to Tracking and Navigation" (2001), section 6.2.2
 * for the model and 5.2 for the filter. The noise is that of continuous time, so one step of
 * 0.2 s and two of 0.1 s lead to the same state: frame rates may vary.
 *
 * The two directions of the picture disturb each other in neither the motion nor the
 * measurement, so the four-dimensional filter falls apart into two of these.
 */
#ifndef TRACK_KALMAN_H
#define TRACK_KALMAN_H

struct kalman {
	double x, v;          /* position, and its change per second */
	double pxx, pxv, pvv; /* their covariance; symmetric and positive */
};

/* A first position z with variance r; the speed is 0 with variance var_v. */
void kalman_init(struct kalman *k, double z, double r, double var_v);

/* dt_s >= 0 seconds on. q: power of the acceleration noise, position units^2 / s^3; after a
 * second the speed has gained the variance q. */
void kalman_predict(struct kalman *k, double dt_s, double q);

/* Takes in a position z with variance r > 0. */
void kalman_update(struct kalman *k, double z, double r);

/* Squared distance of z from the position, in standard deviations of their difference. */
double kalman_distance2(const struct kalman *k, double z, double r);

#endif
