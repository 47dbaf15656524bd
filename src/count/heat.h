/* SPDX-License-Identifier: Apache-2.0 */
/* heat.h -- person-seconds per cell of the picture, minute by minute. */
#ifndef COUNT_HEAT_H
#define COUNT_HEAT_H

#include "base/vec.h"
#include "types.h"

struct heat_minute {
	int64_t start_us;
	size_t first, n; /* of cells */
};

/* All zero to start with. */
struct heat {
	bool filling;     /* cell_us is not all 0 */
	int64_t start_us; /* of the minute that fills */
	int64_t cell_us[HEAT_COLS * HEAT_ROWS];
	VEC(struct heat_minute) done; /* whose time is over, oldest first */
	VEC(struct heat_cell) cells;
	VEC(struct minute_heat) out;
	size_t taken; /* of done: in out, and gone with the next heat_take */
};

void heat_clear(struct heat *h);

/* Somebody stood in cell for dur_us of the minute that starts at start_us; minutes must not go
 * back. */
void heat_add(struct heat *h, int64_t start_us, int cell, int64_t dur_us);

/* Minutes that start before before_us; they are in h->out until the next call. */
void heat_take(struct heat *h, int camera, int64_t before_us);

#endif
