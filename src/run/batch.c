/* SPDX-License-Identifier: Apache-2.0 */
/* batch.c -- what was counted, until the database has it. */
#include "run/batch.h"

#include "base/vec.h"

#include <stdlib.h>
#include <string.h>

enum kind { HEAT, FLOOR, EVENT, VALUES, ZONE, LINE, COVER };

struct row {
	enum kind kind;
	union {
		struct minute_cover cover;
		struct minute_line line;
		struct minute_zone *zone; /* the pointers are the row's own */
		struct minute_heat heat;
		struct minute_floor floor;
		struct {
			struct minute_value *v;
			int n;
		} values;
		struct event event;
	} u;
};

struct batch {
	VEC(struct row) row;
	size_t max;
	struct batch_loss lost;
};

struct batch *batch_new(size_t max)
{
	struct batch *b = xcalloc(1, sizeof(*b));

	b->max = max;
	return b;
}

static void row_clear(struct row *r)
{
	if (r->kind == HEAT)
		free((void *)r->u.heat.cells);
	else if (r->kind == FLOOR)
		free((void *)r->u.floor.cells);
	else if (r->kind == ZONE)
		free(r->u.zone);
	else if (r->kind == VALUES)
		free(r->u.values.v);
}

static void empty(struct batch *b)
{
	for (size_t i = 0; i < b->row.n; i++)
		row_clear(&b->row.v[i]);
	b->row.n = 0;
}

void batch_free(struct batch *b)
{
	if (!b)
		return;
	empty(b);
	VEC_FREE(&b->row);
	free(b);
}

static void *copy(const void *v, size_t size)
{
	return size ? memcpy(xmalloc(size), v, size) : NULL;
}

static struct row *push(struct batch *b, enum kind kind)
{
	struct row *r = VEC_PUSH(&b->row);

	*r = (struct row){ .kind = kind };
	return r;
}

/* Minutes' values go to the writer minute by minute. */
static void add_values(struct batch *b, const struct count_out *out)
{
	for (int i = 0, n; i < out->n_value; i += n) {
		struct row *r = push(b, VALUES);

		for (n = 1; i + n < out->n_value &&
			    out->value[i + n].start_us == out->value[i].start_us;)
			n++;
		r->u.values.v = copy(&out->value[i], (size_t)n * sizeof(*out->value));
		r->u.values.n = n;
	}
}

static void add_cells(struct batch *b, const struct count_out *out)
{
	for (int i = 0; i < out->n_heat; i++) {
		struct row *r = push(b, HEAT);

		r->u.heat = out->heat[i];
		r->u.heat.cells = copy(out->heat[i].cells,
				       (size_t)out->heat[i].n * sizeof(struct heat_cell));
	}
	for (int i = 0; i < out->n_floor; i++) {
		struct row *r = push(b, FLOOR);

		r->u.floor = out->floor[i];
		r->u.floor.cells = copy(out->floor[i].cells,
					(size_t)out->floor[i].n * sizeof(struct floor_cell));
	}
}

/* Gives up the oldest rows of a kind until there is room; how many. */
static size_t give_up(struct batch *b, enum kind kind)
{
	size_t kept = 0, gone = 0, over = b->row.n > b->max ? b->row.n - b->max : 0;

	for (size_t i = 0; i < b->row.n; i++) {
		if (gone < over && b->row.v[i].kind == kind) {
			row_clear(&b->row.v[i]);
			gone++;
		} else {
			b->row.v[kept++] = b->row.v[i];
		}
	}
	b->row.n = kept;
	return gone;
}

static int64_t start_of(const struct row *r)
{
	switch (r->kind) {
	case HEAT:
		return r->u.heat.start_us;
	case FLOOR:
		return r->u.floor.start_us;
	case VALUES:
		return r->u.values.v->start_us;
	case ZONE:
		return r->u.zone->start_us;
	case LINE:
		return r->u.line.start_us;
	case COVER:
		return r->u.cover.start_us;
	case EVENT:
		break;
	}
	return INT64_MAX;
}

/* Gives up the oldest minute as a whole: with a part of it missing it would look as if it had
 * been observed and nobody had come. */
static void give_up_minute(struct batch *b)
{
	int64_t oldest = INT64_MAX;
	size_t kept = 0;

	for (size_t i = 0; i < b->row.n; i++)
		if (start_of(&b->row.v[i]) < oldest)
			oldest = start_of(&b->row.v[i]);
	for (size_t i = 0; i < b->row.n; i++) {
		if (start_of(&b->row.v[i]) == oldest)
			row_clear(&b->row.v[i]);
		else
			b->row.v[kept++] = b->row.v[i];
	}
	b->row.n = kept;
	b->lost.minutes++;
}

static void make_room(struct batch *b)
{
	b->lost.where += give_up(b, HEAT);
	b->lost.where += give_up(b, FLOOR);
	b->lost.events += give_up(b, EVENT);
	while (b->row.n > b->max)
		give_up_minute(b);
}

void batch_add(struct batch *b, const struct count_out *out)
{
	for (int i = 0; i < out->n_cover; i++)
		push(b, COVER)->u.cover = out->cover[i];
	for (int i = 0; i < out->n_line; i++)
		push(b, LINE)->u.line = out->line[i];
	for (int i = 0; i < out->n_zone; i++)
		push(b, ZONE)->u.zone = copy(&out->zone[i], sizeof(*out->zone));
	add_cells(b, out);
	add_values(b, out);
	for (int i = 0; i < out->n_event; i++)
		push(b, EVENT)->u.event = out->event[i];
	if (b->row.n > b->max)
		make_room(b);
}

size_t batch_rows(const struct batch *b)
{
	return b->row.n;
}

const struct batch_loss *batch_lost(const struct batch *b)
{
	return &b->lost;
}

static int write_row(struct writer *w, const struct row *r, struct err *err)
{
	switch (r->kind) {
	case HEAT:
		return writer_heat(w, &r->u.heat, err);
	case FLOOR:
		return writer_floor(w, &r->u.floor, err);
	case EVENT:
		return writer_event(w, &r->u.event, err);
	case VALUES:
		return writer_values(w, r->u.values.v, r->u.values.n, err);
	case ZONE:
		return writer_zone(w, r->u.zone, err);
	case LINE:
		return writer_line(w, &r->u.line, err);
	case COVER:
		return writer_cover(w, &r->u.cover, err);
	}
	return 0;
}

int batch_write(struct batch *b, struct writer *w, struct err *err)
{
	size_t refused = 0;
	int rc = 0;

	for (size_t i = 0; i < b->row.n && rc >= 0; i++) {
		rc = write_row(w, &b->row.v[i], err);
		if (rc == ERR_STATE || rc == ERR_RANGE) {
			refused++;
			rc = 0;
		}
	}
	if (rc >= 0)
		rc = writer_commit(w, err);
	if (rc < 0)
		return rc;
	b->lost.refused += refused;
	empty(b);
	return 0;
}
