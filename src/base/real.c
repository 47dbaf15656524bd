/* SPDX-License-Identifier: Apache-2.0 */
/* real.c -- elementary functions that give the same bits on every machine.
 *
 * Arguments are brought into a short range (Cody & Waite, "Software Manual for the Elementary
 * Functions", 1980), where a power series with a fixed number of terms is exact to double
 * precision. Slower than libm, and nowhere in a loop over pixels.
 */
#include "base/real.h"

#include <math.h>

/* pi/2 and ln 2 in two pieces: the first has trailing zeros, so that n times it is exact. */
#define PI_2_HI 0x1.921fb544p+0
#define PI_2_LO 0x1.0b4611a626331p-34
#define LN2_HI 0x1.62e42feep-1
#define LN2_LO 0x1.a39ef35793c76p-33

static double horner(const double *c, int n, double x)
{
	double s = c[n - 1];

	for (int i = n - 2; i >= 0; i--)
		s = s * x + c[i];
	return s;
}

/* |x| <= pi/4. */
static double sin_near(double x)
{
	static const double c[] = { 1.,
				    -1. / 6,
				    1. / 120,
				    -1. / 5040,
				    1. / 362880,
				    -1. / 39916800,
				    1. / 6227020800,
				    -1. / 1307674368000,
				    1. / 355687428096000 };

	return x * horner(c, 9, x * x);
}

static double cos_near(double x)
{
	static const double c[] = { 1.,
				    -1. / 2,
				    1. / 24,
				    -1. / 720,
				    1. / 40320,
				    -1. / 3628800,
				    1. / 479001600,
				    -1. / 87178291200,
				    1. / 20922789888000 };

	return horner(c, 9, x * x);
}

/* sin(x + quarter * pi/2) */
static double sin_quarter(double x, int quarter)
{
	double n = floor(x * (2 / REAL_PI) + 0.5), r;

	if (!(fabs(x) < 1e9))
		return NAN;
	r = x - n * PI_2_HI - n * PI_2_LO;
	quarter += (int)(n - 4 * floor(n / 4));
	switch (quarter & 3) {
	case 0:
		return sin_near(r);
	case 1:
		return cos_near(r);
	case 2:
		return -sin_near(r);
	default:
		return -cos_near(r);
	}
}

double real_sin(double x)
{
	return sin_quarter(x, 0);
}

double real_cos(double x)
{
	return sin_quarter(x, 1);
}

double real_tan(double x)
{
	return real_sin(x) / real_cos(x);
}

/* 0 <= x <= 1: halved twice with tan(a/2) = t / (1 + sqrt(1 + t^2)), then the series. */
static double atan_unit(double x)
{
	static const double c[] = { 1.,       -1. / 3,  1. / 5,   -1. / 7, 1. / 9,
				    -1. / 11, 1. / 13,  -1. / 15, 1. / 17, -1. / 19,
				    1. / 21,  -1. / 23, 1. / 25 };

	x = x / (1 + sqrt(1 + x * x));
	x = x / (1 + sqrt(1 + x * x));
	return 4 * x * horner(c, 13, x * x);
}

double real_atan2(double y, double x)
{
	double ax = fabs(x), ay = fabs(y), a;

	if (ax == 0 && ay == 0)
		return 0;
	a = ay <= ax ? atan_unit(ay / ax) : REAL_PI / 2 - atan_unit(ax / ay);
	if (x < 0)
		a = REAL_PI - a;
	return y < 0 ? -a : a;
}

double real_acos(double x)
{
	x = x > 1 ? 1 : x < -1 ? -1 : x;
	return real_atan2(sqrt((1 - x) * (1 + x)), x);
}

double real_exp(double x)
{
	static const double c[] = { 1.,
				    1.,
				    1. / 2,
				    1. / 6,
				    1. / 24,
				    1. / 120,
				    1. / 720,
				    1. / 5040,
				    1. / 40320,
				    1. / 362880,
				    1. / 3628800,
				    1. / 39916800,
				    1. / 479001600,
				    1. / 6227020800 };
	double n = floor(x * 1.4426950408889634 + 0.5), r;

	if (x > 709)
		return HUGE_VAL;
	if (x < -745)
		return 0;
	if (!(x == x))
		return x;
	r = x - n * LN2_HI - n * LN2_LO;
	return ldexp(horner(c, 14, r), (int)n);
}

double real_log(double x)
{
	static const double c[] = { 1.,      1. / 3,  1. / 5,  1. / 7,  1. / 9, 1. / 11,
				    1. / 13, 1. / 15, 1. / 17, 1. / 19, 1. / 21 };
	double m, t, q;
	int e;

	if (!(x > 0))
		return x == 0 ? -HUGE_VAL : NAN;
	if (x == HUGE_VAL)
		return x;
	m = frexp(x, &e);
	if (m < 0.70710678118654752) {
		m *= 2;
		e--;
	}
	/* log m = 2 atanh t, |t| < 0.172 */
	t = (m - 1) / (m + 1);
	q = t * t;
	return e * LN2_HI + (e * LN2_LO + 2 * t * horner(c, 11, q));
}

double real_pow(double x, double y)
{
	return real_exp(y * real_log(x));
}

double real_hypot(double x, double y)
{
	return sqrt(x * x + y * y);
}
