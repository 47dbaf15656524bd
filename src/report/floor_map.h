/* SPDX-License-Identifier: Apache-2.0 */
/* floor_map.h -- where people were, per cell of the floor (types.h: FLOOR_CELL_M), over any
 * time.
 */
#ifndef REPORT_FLOOR_MAP_H
#define REPORT_FLOOR_MAP_H

#include "types.h"

#include <stddef.h>

/* Cells [x0, x0 + w) x [y0, y0 + h), row by row from the south-west; all zero: nothing. */
struct floor_map {
	int x0, y0, w, h;
	double *person_s, *stops;
};

void floor_map_add(struct floor_map *m, const struct floor_cell *v, int n);
/* Each cell of *to becomes the larger of the two. */
void floor_map_join(struct floor_map *to, const struct floor_map *from);
void floor_map_clear(struct floor_map *m); /* an all-zero one is allowed */

/* Person-seconds (or stops) at a cell of the floor, 0 outside. */
double floor_map_at(const struct floor_map *m, const double *v, int x, int y);

#endif
