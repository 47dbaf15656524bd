/* SPDX-License-Identifier: Apache-2.0 */
/* radio_air.h -- what becomes of a phone's power on its way to a receiver (the model is in
 * radio.h).
 */
#ifndef SIM_RADIO_AIR_H
#define SIM_RADIO_AIR_H

#include "base/rng.h"
#include "sim/crowd.h"

/* Shadowing at p around the receiver whose field this is: mean 0, variance 1 over fields;
 * shadow_m is the distance at which the correlation is 1/e. */
double air_shadow(uint64_t field, double shadow_m, struct pt_m p);

/* Power without device and fading, dBm, of a phone carried by a. */
double air_power(const struct scene_radio *radio, const struct scene_receiver *receiver,
		 uint64_t field, const struct actor *a);

/* One frame that arrives with this power on average: fades it, and whether it is heard.
 * *rssi_dbm: a whole number. Draws the same count of numbers either way. */
bool air_hears(const struct scene_radio *radio, double power_dbm, struct rng *rng,
	       double *rssi_dbm);

#endif
