/* SPDX-License-Identifier: Apache-2.0 */
/* cells.c -- person-seconds and stops per cell of the floor, minute by minute. */
#include "count/cells.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define SIZE_MIN 256

void cells_clear(struct cells *c)
{
	free(c->table);
	c->table = NULL;
	VEC_FREE(&c->done);
	VEC_FREE(&c->cells);
	VEC_FREE(&c->out);
}

/* floor(), which is a call where the processor's own may be missing. */
static int16_t round_down(double v)
{
	int i = (int)v;

	return (int16_t)(i - (v < i));
}

bool cells_of(struct pt_floor p, int16_t *x, int16_t *y)
{
	double cx = p.x / FLOOR_CELL_M, cy = p.y / FLOOR_CELL_M;

	if (!(cx >= -FLOOR_CELL_LIMIT && cx < FLOOR_CELL_LIMIT && cy >= -FLOOR_CELL_LIMIT &&
	      cy < FLOOR_CELL_LIMIT))
		return false;
	*x = round_down(cx);
	*y = round_down(cy);
	return true;
}

static bool is_free(const struct cell_sum *s)
{
	return !s->us && !s->stops;
}

/* The place of a cell in the table, or where it would be. */
static struct cell_sum *find(struct cell_sum *table, size_t size, int16_t x, int16_t y)
{
	uint32_t h = (uint32_t)(uint16_t)y << 16 | (uint16_t)x;
	size_t i;

	/* Knuth, The Art of Computer Programming 3, 6.4: multiplicative hashing. */
	for (i = (h * UINT32_C(2654435769)) >> 8 & (size - 1); !is_free(&table[i]);
	     i = (i + 1) & (size - 1))
		if (table[i].x == x && table[i].y == y)
			break;
	return &table[i];
}

static void grow(struct cells *c)
{
	size_t size = c->size ? 2 * c->size : SIZE_MIN;
	struct cell_sum *table = xcalloc(size, sizeof(*table));

	for (size_t i = 0; i < c->size; i++)
		if (!is_free(&c->table[i]))
			*find(table, size, c->table[i].x, c->table[i].y) = c->table[i];
	free(c->table);
	c->table = table;
	c->size = size;
}

static int by_cell(const void *a, const void *b)
{
	const struct floor_cell *p = a, *q = b;

	return p->y != q->y ? p->y - q->y : p->x - q->x;
}

/* The minute that fills becomes a list. */
static void finish(struct cells *c)
{
	struct cells_minute m = { .start_us = c->start_us, .first = c->cells.n };

	if (!c->used)
		return;
	for (size_t i = 0; i < c->size; i++) {
		struct cell_sum *s = &c->table[i];

		if (!is_free(s))
			*VEC_PUSH(&c->cells) =
				(struct floor_cell){ .x = s->x,
						     .y = s->y,
						     .person_ms =
							     (uint32_t)((s->us + 500) / 1000),
						     .stops = s->stops };
	}
	memset(c->table, 0, c->size * sizeof(*c->table));
	c->used = 0;
	m.n = c->cells.n - m.first;
	qsort(c->cells.v + m.first, m.n, sizeof(*c->cells.v), by_cell);
	*VEC_PUSH(&c->done) = m;
}

void cells_add(struct cells *c, int64_t start_us, int16_t x, int16_t y, int64_t dur_us,
	       int stops)
{
	struct cell_sum *s;

	assert(dur_us > 0 || stops > 0);
	if (start_us != c->start_us)
		finish(c);
	c->start_us = start_us;
	if (2 * (c->used + 1) > c->size)
		grow(c);
	s = find(c->table, c->size, x, y);
	c->used += is_free(s);
	s->x = x;
	s->y = y;
	s->us += dur_us;
	if (s->stops < UINT16_MAX)
		s->stops = (uint16_t)(s->stops + stops);
}

/* Forgets the minutes that the last cells_take handed out. */
static void forget_taken(struct cells *c)
{
	size_t cells = 0;

	if (c->taken == 0)
		return;
	for (size_t i = 0; i < c->taken; i++)
		cells += c->done.v[i].n;
	c->done.n -= c->taken;
	memmove(c->done.v, c->done.v + c->taken, c->done.n * sizeof(*c->done.v));
	c->cells.n -= cells;
	memmove(c->cells.v, c->cells.v + cells, c->cells.n * sizeof(*c->cells.v));
	for (size_t i = 0; i < c->done.n; i++)
		c->done.v[i].first -= cells;
	c->taken = 0;
}

void cells_take(struct cells *c, int camera, int64_t before_us)
{
	forget_taken(c);
	c->out.n = 0;
	if (c->start_us < before_us)
		finish(c);
	while (c->taken < c->done.n && c->done.v[c->taken].start_us < before_us) {
		const struct cells_minute *m = &c->done.v[c->taken++];

		*VEC_PUSH(&c->out) = (struct minute_floor){ .camera = camera,
							    .start_us = m->start_us,
							    .n = (int)m->n,
							    .cells = c->cells.v + m->first };
	}
}
