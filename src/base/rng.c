/* SPDX-License-Identifier: Apache-2.0 */
/* rng.c -- random numbers that are the same on every machine. */
#include "base/rng.h"

#include "base/real.h"

#include <math.h>

void rng_init(struct rng *r, uint64_t seed, uint64_t stream)
{
	r->state = 0;
	r->step = stream << 1 | 1;
	rng_u32(r);
	r->state += seed;
	rng_u32(r);
}

uint32_t rng_u32(struct rng *r)
{
	uint64_t s = r->state;
	uint32_t x = (uint32_t)((s >> 18 ^ s) >> 27), turn = (uint32_t)(s >> 59);

	r->state = s * UINT64_C(6364136223846793005) + r->step;
	return x >> turn | x << (-turn & 31);
}

uint32_t rng_below(struct rng *r, uint32_t n)
{
	uint32_t least = -n % n, x;

	do
		x = rng_u32(r);
	while (x < least);
	return x % n;
}

double rng_unit(struct rng *r)
{
	return rng_u32(r) * 0x1p-32;
}

double rng_between(struct rng *r, double lo, double hi)
{
	return lo + (hi - lo) * rng_unit(r);
}

int rng_chance(struct rng *r, double p)
{
	return rng_unit(r) < p;
}

double rng_normal(struct rng *r)
{
	double x, y, s;

	do {
		x = 2 * rng_unit(r) - 1;
		y = 2 * rng_unit(r) - 1;
		s = x * x + y * y;
	} while (s >= 1 || s == 0);
	return x * sqrt(-2 * real_log(s) / s);
}

double rng_exponential(struct rng *r, double mean)
{
	return -mean * real_log(1 - rng_unit(r));
}

double rng_lognormal(struct rng *r, double median, double sigma)
{
	return median * real_exp(sigma * rng_normal(r));
}

uint64_t rng_hash(uint64_t a, uint64_t b)
{
	uint64_t x = a * UINT64_C(0x9e3779b97f4a7c15) + b;

	for (int i = 0; i < 2; i++) {
		x += UINT64_C(0x9e3779b97f4a7c15);
		x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
		x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
		x ^= x >> 31;
	}
	return x;
}
