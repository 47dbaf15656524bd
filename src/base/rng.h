/* SPDX-License-Identifier: Apache-2.0 */
/* rng.h -- random numbers that are the same on every machine.
 *
 * PCG-XSH-RR 64/32 (O'Neill, "PCG: A Family of Simple Fast Space-Efficient Statistically Good
 * Algorithms for Random Number Generation", HMC-CS-2014-0905). Streams with different numbers
 * are independent: give each person, device or effect a stream of its own, so that what one of
 * them draws does not change the others.
 */
#ifndef BASE_RNG_H
#define BASE_RNG_H

#include <stdint.h>

struct rng {
	uint64_t state, step;
};

void rng_init(struct rng *r, uint64_t seed, uint64_t stream);
uint32_t rng_u32(struct rng *r);
/* 0 .. n-1, without bias; n > 0. */
uint32_t rng_below(struct rng *r, uint32_t n);
/* 0 <= x < 1, 32 bits of it random. */
double rng_unit(struct rng *r);
/* lo <= x < hi. */
double rng_between(struct rng *r, double lo, double hi);
/* With probability p. */
int rng_chance(struct rng *r, double p);
/* Mean 0, variance 1: Marsaglia's polar method. Draws as many numbers as it takes. */
double rng_normal(struct rng *r);
/* Exponential with this mean. */
double rng_exponential(struct rng *r, double mean);
/* exp of a normal: median, and the standard deviation of the logarithm. */
double rng_lognormal(struct rng *r, double median, double sigma);

/* A number that depends on a and b only, well mixed (the finaliser of splitmix64; Steele, Lea,
 * Flood, OOPSLA 2014): random access where no order of drawing exists, as for the pixel (x, y)
 * of frame n. */
uint64_t rng_hash(uint64_t a, uint64_t b);

#endif
