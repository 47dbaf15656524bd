/* SPDX-License-Identifier: Apache-2.0 */
/* blob.h -- the packed columns: lengths of visits, and heat cells of the picture and the floor.
 *
 * All are sequences of LEB128 numbers below 2^32: seven bits a byte, low bits first, the top
 * bit set on every byte of a number but its last. Decoding takes any bytes at all.
 */
#ifndef STORE_BLOB_H
#define STORE_BLOB_H

#include "types.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HEAT_CELLS (HEAT_COLS * HEAT_ROWS)

/* Members as base/vec.h wants them; all zero to start with, end with VEC_FREE. */
struct blob {
	unsigned char *v;
	size_t n, cap;
};
struct dwells {
	float *v; /* seconds */
	size_t n, cap;
};

/* Appends n visits, rounded to milliseconds; false, and b as it was, when one is not within
 * 0 .. 4e6 seconds. */
bool blob_put_dwells(struct blob *b, const float *dwell_s, int n);
/* Appends what data holds to d; false when it is not well formed, d then holds some of it. */
bool blob_get_dwells(const void *data, size_t len, struct dwells *d);

/* Appends the cells that are not 0, each below 2^32 milliseconds. */
void blob_put_heat(struct blob *b, const uint64_t ms[HEAT_CELLS]);
/* Adds what data holds to ms; false when it is not well formed, ms then holds some of it. */
bool blob_get_heat(const void *data, size_t len, uint64_t ms[HEAT_CELLS]);

/* Appends cells, ordered by y, then x, none twice; false, and b as it was, when one is not
 * within FLOOR_CELL_LIMIT or they are not in order. Times are rounded to hundredths of a
 * second, so that a cell that somebody walked through, beside another one, takes two bytes. */
bool blob_put_floor(struct blob *b, const struct floor_cell *cells, int n);
struct floor_cells {
	struct floor_cell *v;
	size_t n, cap;
};
/* Appends what data holds to c, in its order; false when it is not well formed, c then holds
 * some of it. */
bool blob_get_floor(const void *data, size_t len, struct floor_cells *c);

#endif
