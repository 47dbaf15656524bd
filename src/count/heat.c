/* SPDX-License-Identifier: Apache-2.0 */
/* heat.c -- person-seconds per cell of the picture, minute by minute. */
#include "count/heat.h"

#include <assert.h>
#include <string.h>

void heat_clear(struct heat *h)
{
	VEC_FREE(&h->done);
	VEC_FREE(&h->cells);
	VEC_FREE(&h->out);
}

/* The minute that fills becomes a sparse one. */
static void finish(struct heat *h)
{
	struct heat_minute m = { .start_us = h->start_us, .first = h->cells.n };

	if (!h->filling)
		return;
	for (int i = 0; i < HEAT_COLS * HEAT_ROWS; i++) {
		if (h->cell_us[i] == 0)
			continue;
		*VEC_PUSH(&h->cells) =
			(struct heat_cell){ .cell = (uint16_t)i,
					    .person_s = (float)((double)h->cell_us[i] / 1e6) };
		h->cell_us[i] = 0;
	}
	m.n = h->cells.n - m.first;
	*VEC_PUSH(&h->done) = m;
	h->filling = false;
}

void heat_add(struct heat *h, int64_t start_us, int cell, int64_t dur_us)
{
	assert(cell >= 0 && cell < HEAT_COLS * HEAT_ROWS && dur_us > 0);

	if (start_us != h->start_us)
		finish(h);
	h->start_us = start_us;
	h->filling = true;
	h->cell_us[cell] += dur_us;
}

/* Forgets the minutes that the last heat_take handed out. */
static void forget_taken(struct heat *h)
{
	size_t cells = 0;

	if (h->taken == 0)
		return;
	for (size_t i = 0; i < h->taken; i++)
		cells += h->done.v[i].n;
	h->done.n -= h->taken;
	memmove(h->done.v, h->done.v + h->taken, h->done.n * sizeof(*h->done.v));
	h->cells.n -= cells;
	memmove(h->cells.v, h->cells.v + cells, h->cells.n * sizeof(*h->cells.v));
	for (size_t i = 0; i < h->done.n; i++)
		h->done.v[i].first -= cells;
	h->taken = 0;
}

void heat_take(struct heat *h, int camera, int64_t before_us)
{
	forget_taken(h);
	h->out.n = 0;
	if (h->start_us < before_us)
		finish(h);
	while (h->taken < h->done.n && h->done.v[h->taken].start_us < before_us) {
		const struct heat_minute *m = &h->done.v[h->taken++];

		*VEC_PUSH(&h->out) = (struct minute_heat){ .camera = camera,
							   .start_us = m->start_us,
							   .n = (int)m->n,
							   .cells = h->cells.v + m->first };
	}
}
