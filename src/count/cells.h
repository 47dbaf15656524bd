/* SPDX-License-Identifier: Apache-2.0 */
/* cells.h -- person-seconds and stops per cell of the floor, minute by minute. */
#ifndef COUNT_CELLS_H
#define COUNT_CELLS_H

#include "base/vec.h"
#include "types.h"

#include <stdbool.h>

struct cell_sum {
	int16_t x, y;
	uint16_t stops;
	int64_t us; /* 0, and no stops: not used */
};

struct cells_minute {
	int64_t start_us;
	size_t first, n; /* of cells */
};

/* All zero to start with. */
struct cells {
	struct cell_sum
		*table; /* of the minute that fills: hashed by x, y; size a power of 2 */
	size_t size, used;
	int64_t start_us;
	VEC(struct cells_minute) done; /* whose time is over, oldest first */
	VEC(struct floor_cell) cells;
	VEC(struct minute_floor) out;
	size_t taken; /* of done: in out, and gone with the next cells_take */
};

void cells_clear(struct cells *c);

/* The cell of a point of a floor in metres; false when it is too far out. */
bool cells_of(struct pt_floor p, int16_t *x, int16_t *y);

/* Somebody was in a cell for dur_us of the minute that starts at start_us, or stopped there
 * (stops: 1); minutes must not go back. */
void cells_add(struct cells *c, int64_t start_us, int16_t x, int16_t y, int64_t dur_us,
	       int stops);

/* Minutes that start before before_us; they are in c->out until the next call. */
void cells_take(struct cells *c, int camera, int64_t before_us);

#endif
