/* SPDX-License-Identifier: Apache-2.0 */
/* student.h -- the normal and Student's t distribution, the same bits on every machine. */
#ifndef STUDY_STUDENT_H
#define STUDY_STUDENT_H

/* P(Z <= x). */
double normal_below(double x);
/* P(|T| >= t) with df = 1, 2, ... degrees of freedom; t >= 0. */
double student_beyond(double t, int df);
/* The t with P(|T| >= t) = alpha; 0 < alpha < 1. */
double student_limit(double alpha, int df);
/* P(|T| >= t) when the mean is not 0 but shift standard errors away. */
double student_shifted(double t, int df, double shift);

#endif
