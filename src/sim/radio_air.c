/* SPDX-License-Identifier: Apache-2.0 */
/* radio_air.c -- path loss, shadowing, the carrier's body, fading, hearing. */
#include "sim/radio_air.h"

#include "base/real.h"

#include <math.h>

#define PHONE_M 1.1   /* over the floor: trouser pocket, hand, bag */
#define BODY_DB 2.0   /* facing the receiver more, turned away less */
#define HEARING_DB 6. /* from hardly heard to always heard */
#define SHADOW_LEAST_M 0.1

/* Lattice points on either side that count, and what the kernel has there: it is taken off, so
 * that points come and go without a step. */
#define REACH 3
#define KERNEL_END 0.011108996538242306 /* exp(-REACH^2 / 2) */

/* Uniform bits to something like a normal: mean 0, variance 1 (Irwin-Hall of four). */
static double bell(uint64_t bits)
{
	double sum = 0;

	for (int i = 0; i < 4; i++)
		sum += (double)(bits >> 16 * i & 0xffff);
	/* The sum of four numbers uniform on 0..65535 has variance 4 (65536^2 - 1) / 12. */
	return (sum - 4 * 32767.5) * (1 / 37837.2289);
}

/* Weights of the lattice points from floor(x) - REACH + 1 on; the sum of their squares. */
static double kernel(double x, double w[2 * REACH], int32_t *first)
{
	double low = floor(x), sum = 0;

	*first = (int32_t)low - REACH + 1;
	for (int i = 0; i < 2 * REACH; i++) {
		double d = x - low + REACH - 1 - i;

		w[i] = real_exp(-0.5 * d * d) - KERNEL_END;
		sum += w[i] * w[i];
	}
	return sum;
}

/* White noise on a lattice, smoothed by a Gaussian as wide as the lattice is fine and scaled to
 * variance 1 wherever p is. The correlation of such a field is a Gaussian again, sqrt(2) times
 * as wide. */
double air_shadow(uint64_t field, double shadow_m, struct pt_m p)
{
	double fine = fmax(shadow_m, SHADOW_LEAST_M) / 2, wx[2 * REACH], wy[2 * REACH], sum = 0;
	int32_t x0, y0;
	double norm = kernel(p.x / fine, wx, &x0) * kernel(p.y / fine, wy, &y0);

	for (int j = 0; j < 2 * REACH; j++) {
		double row = 0;

		for (int i = 0; i < 2 * REACH; i++) {
			uint64_t at = (uint64_t)(uint32_t)(y0 + j) << 32 | (uint32_t)(x0 + i);

			row += wx[i] * bell(rng_hash(field, at));
		}
		sum += wy[j] * row;
	}
	return sum / sqrt(norm);
}

double air_power(const struct scene_radio *radio, const struct scene_receiver *receiver,
		 uint64_t field, const struct actor *a)
{
	double dx = receiver->at.x - a->at.x, dy = receiver->at.y - a->at.y;
	double dz = receiver->at.z - PHONE_M, flat = sqrt(dx * dx + dy * dy);
	double d = fmax(sqrt(flat * flat + dz * dz), 1), dbm;

	dbm = radio->p0_dbm - 10 * radio->n * real_log(d) * (1 / 2.302585092994046);
	if (radio->shadow_db > 0)
		dbm += radio->shadow_db * air_shadow(field, radio->shadow_m, a->at);
	if (flat > 0)
		dbm += BODY_DB * (dx * real_cos(a->facing) + dy * real_sin(a->facing)) / flat;
	return dbm;
}

bool air_hears(const struct scene_radio *radio, double power_dbm, struct rng *rng,
	       double *rssi_dbm)
{
	double rssi = floor(power_dbm + radio->fading_db * rng_normal(rng) + 0.5);
	bool hears = rng_unit(rng) * HEARING_DB < rssi + 1 - radio->floor_dbm;

	*rssi_dbm = rssi;
	return rssi >= radio->floor_dbm && hears;
}
