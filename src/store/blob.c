/* SPDX-License-Identifier: Apache-2.0 */
/* blob.c -- packing and unpacking lengths of visits and heat cells.
 *
 * A cell of the floor: cells skipped since the one before it, row by row over rows of
 * FLOOR_COLS cells; then hundredths of a second twice, and 1 more when its stops follow.
 */
#include "store/blob.h"

#include "base/vec.h"

#include <assert.h>
#include <math.h>

#define DWELL_MAX_S 4e6f               /* in milliseconds below 2^32 */
#define FLOOR_MS_MAX (UINT32_MAX - 10) /* rounding leaves it within 32 bits */
#define FLOOR_COLS (2 * FLOOR_CELL_LIMIT)

static void put(struct blob *b, uint32_t x)
{
	for (; x >= 0x80; x >>= 7)
		*VEC_PUSH(b) = (unsigned char)(x | 0x80);
	*VEC_PUSH(b) = (unsigned char)x;
}

/* The number at *p, which is moved behind it; false when there is none. */
static bool get(const unsigned char **p, const unsigned char *end, uint32_t *x)
{
	uint64_t sum = 0;

	for (int shift = 0; shift < 35 && *p < end; shift += 7) {
		unsigned char c = *(*p)++;

		sum |= (uint64_t)(c & 0x7f) << shift;
		if (!(c & 0x80)) {
			*x = (uint32_t)sum;
			return sum <= UINT32_MAX;
		}
	}
	return false;
}

bool blob_put_dwells(struct blob *b, const float *dwell_s, int n)
{
	for (int i = 0; i < n; i++)
		if (!(dwell_s[i] >= 0 && dwell_s[i] <= DWELL_MAX_S))
			return false;
	for (int i = 0; i < n; i++)
		put(b, (uint32_t)llround((double)dwell_s[i] * 1000));
	return true;
}

bool blob_get_dwells(const void *data, size_t len, struct dwells *d)
{
	const unsigned char *p = data, *end = len ? p + len : p;

	while (p < end) {
		uint32_t ms;

		if (!get(&p, end, &ms))
			return false;
		*VEC_PUSH(d) = (float)(ms / 1000.0);
	}
	return true;
}

void blob_put_heat(struct blob *b, const uint64_t ms[HEAT_CELLS])
{
	uint32_t skipped = 0;

	for (int i = 0; i < HEAT_CELLS; i++) {
		if (!ms[i]) {
			skipped++;
			continue;
		}
		assert(ms[i] <= UINT32_MAX);
		put(b, skipped);
		put(b, (uint32_t)ms[i]);
		skipped = 0;
	}
}

bool blob_get_heat(const void *data, size_t len, uint64_t ms[HEAT_CELLS])
{
	const unsigned char *p = data, *end = len ? p + len : p;
	uint32_t cell = 0, skipped, x;

	while (p < end) {
		if (!get(&p, end, &skipped) || !get(&p, end, &x))
			return false;
		if (!x || skipped >= HEAT_CELLS - cell)
			return false;
		cell += skipped;
		ms[cell++] += x;
	}
	return true;
}

static bool floor_cell_within(const struct floor_cell *c)
{
	return c->x >= -FLOOR_CELL_LIMIT && c->x < FLOOR_CELL_LIMIT &&
	       c->y >= -FLOOR_CELL_LIMIT && c->y < FLOOR_CELL_LIMIT &&
	       c->person_ms <= FLOOR_MS_MAX;
}

static uint32_t floor_cell_index(const struct floor_cell *c)
{
	return (uint32_t)(c->y + FLOOR_CELL_LIMIT) * FLOOR_COLS +
	       (uint32_t)(c->x + FLOOR_CELL_LIMIT);
}

bool blob_put_floor(struct blob *b, const struct floor_cell *cells, int n)
{
	uint32_t next = 0;

	for (int i = 0; i < n; i++)
		if (!floor_cell_within(&cells[i]) ||
		    (i && floor_cell_index(&cells[i]) <= floor_cell_index(&cells[i - 1])))
			return false;
	for (int i = 0; i < n; i++) {
		uint32_t index = floor_cell_index(&cells[i]);
		uint32_t hundredths = (cells[i].person_ms + 5) / 10;

		if (!hundredths && !cells[i].stops)
			continue;
		put(b, index - next);
		put(b, 2 * hundredths + (cells[i].stops > 0));
		if (cells[i].stops)
			put(b, cells[i].stops);
		next = index + 1;
	}
	return true;
}

bool blob_get_floor(const void *data, size_t len, struct floor_cells *c)
{
	const unsigned char *p = data, *end = len ? p + len : p;
	uint32_t next = 0, skipped, x, stops;

	while (p < end) {
		stops = 0;
		if (!get(&p, end, &skipped) || !get(&p, end, &x) ||
		    ((x & 1) && (!get(&p, end, &stops) || !stops || stops > UINT16_MAX)))
			return false;
		if (!x || x / 2 > UINT32_MAX / 10 || skipped >= FLOOR_COLS * FLOOR_COLS - next)
			return false;
		next += skipped;
		*VEC_PUSH(c) = (struct floor_cell){
			.x = (int16_t)((int)(next % FLOOR_COLS) - FLOOR_CELL_LIMIT),
			.y = (int16_t)((int)(next / FLOOR_COLS) - FLOOR_CELL_LIMIT),
			.person_ms = x / 2 * 10,
			.stops = (uint16_t)stops
		};
		next++;
	}
	return true;
}
