/* SPDX-License-Identifier: Apache-2.0 */
/* heat_floor.h -- where people were and where they stopped, as colours over the floor plan. */
#ifndef REPORT_HEAT_FLOOR_H
#define REPORT_HEAT_FLOOR_H

#include "base/err.h"
#include "report/day.h"

#include <stddef.h>
#include <stdint.h>

enum heat_floor_of { HEAT_FLOOR_TIME, HEAT_FLOOR_STOPS };

/* What a picture shows: a stretch of the plan, north up, and the end of its scale (as of
 * heat.h; person-seconds or stops a cell of FLOOR_CELL_M). */
struct heat_floor {
	double x0, y0, x1, y1; /* metres */
	double max;
};

/* bare: nothing but the colours, as the page needs them, which draws places and legend itself;
 * else with the plan's lines, zones and fixtures, a scale of metres and a legend. *png is the
 * caller's to free; NULL when nobody was seen on the floor. */
int heat_floor_png(const struct day *d, enum heat_floor_of of, bool bare,
		   struct heat_floor *shown, uint8_t **png, size_t *len, struct err *err);

#endif
