/* SPDX-License-Identifier: Apache-2.0 */
/* real.h -- elementary functions that give the same bits on every machine.
 *
 * libm's differ in the last bit between versions, processors and even instruction sets of one
 * processor. These use only operations that IEEE 754 rounds exactly (+ - * / sqrt floor,
 * scaling by powers of two), in a fixed order. Error: a few units in the last place within the
 * ranges given. Not a number in, not a number out.
 */
#ifndef BASE_REAL_H
#define BASE_REAL_H

#define REAL_PI 3.14159265358979323846

/* |x| up to 1e6 radians; beyond, the reduction loses digits. */
double real_sin(double x);
double real_cos(double x);
double real_tan(double x);
/* -pi .. pi; 0 for (0, 0). */
double real_atan2(double y, double x);
/* |x| <= 1 (clamped). */
double real_acos(double x);
double real_exp(double x);
/* x > 0; -HUGE_VAL for 0, NaN below. */
double real_log(double x);
/* x > 0. */
double real_pow(double x, double y);
double real_hypot(double x, double y);

#endif
