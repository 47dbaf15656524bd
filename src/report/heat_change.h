/* SPDX-License-Identifier: Apache-2.0 */
/* heat_change.h -- where more people were than before, and where fewer. */
#ifndef REPORT_HEAT_CHANGE_H
#define REPORT_HEAT_CHANGE_H

#include "report/heat.h"

/* before, after: HEAT_COLS * HEAT_ROWS, person-seconds per hour; smoothed as by heat_png. More
 * is orange, fewer is blue; the colour is full at scale->max_s, which is worked out as by
 * heat_png from the changes' sizes. *png is the caller's to free. */
int heat_change_png(const float *before, const float *after, const struct rgba *plate,
		    struct heat_scale *scale, uint8_t **png, size_t *len, struct err *err);

/* Colour at t = -1..1 of the scale, as heat_colour. */
void heat_change_colour(double t, uint8_t rgba[4]);

#endif
