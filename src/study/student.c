/* SPDX-License-Identifier: Apache-2.0 */
/* student.c -- the normal and Student's t distribution. */
#include "study/student.h"

#include "base/real.h"

#include <math.h>

#define STEPS 100 /* of the integral over the standard error's chance; even */

/* Marsaglia, "Evaluating the Normal Distribution", J. Stat. Software 11(4), 2004: a series
 * that gains digits until nothing changes. */
double normal_below(double x)
{
	double sum = x, term = x;

	if (x < -8)
		return 0;
	if (x > 8)
		return 1;
	for (int i = 3; sum + term != sum; i += 2) {
		term *= x * x / i;
		sum += term;
	}
	return 0.5 + sum * real_exp(-x * x / 2) / sqrt(2 * REAL_PI);
}

/* Abramowitz and Stegun 26.7.3 and 26.7.4. */
double student_beyond(double t, int df)
{
	double angle = real_atan2(t, sqrt(df)), c = real_cos(angle), s = real_sin(angle);
	double sum = 0, term = df % 2 ? c : 1;

	for (int i = df % 2 ? 1 : 0; i <= df - 2; i += 2) {
		sum += term;
		term *= c * c * (i + 1) / (i + 2);
	}
	if (df % 2)
		sum = 2 / REAL_PI * (angle + s * sum);
	else
		sum *= s;
	return fmin(fmax(1 - sum, 0), 1);
}

double student_limit(double alpha, int df)
{
	double lo = 0, hi = 1;

	while (student_beyond(hi, df) > alpha && hi < 1e6)
		hi *= 2;
	for (int i = 0; i < 60; i++) {
		double middle = (lo + hi) / 2;

		if (student_beyond(middle, df) > alpha)
			lo = middle;
		else
			hi = middle;
	}
	return hi;
}

/* T = (Z + shift) / S, where df S^2 is chi-square: Simpson's rule over S, whose density is
 * proportional to s^(df - 1) exp(-df s^2 / 2). */
double student_shifted(double t, int df, double shift)
{
	double sum = 0, weight = 0, end = 1 + 7 / sqrt(2.0 * df);

	for (int i = 1; i <= STEPS; i++) {
		double s = end * i / STEPS;
		double w = real_exp((df - 1) * real_log(s) - df * (s * s - 1) / 2) *
			   (i == STEPS ? 1
			    : i % 2    ? 4
				       : 2);

		weight += w;
		sum += w * (normal_below(shift - t * s) + normal_below(-shift - t * s));
	}
	return sum / weight;
}
