/* SPDX-License-Identifier: Apache-2.0 */
/* assign.c -- the cheapest pairing of rows with columns, by shortest augmenting paths.
 *
 * R. Jonker, A. Volgenant, "A shortest augmenting path algorithm for dense and sparse linear
 * assignment problems", Computing 38 (1987), the augmentation phase: rows are added one by one,
 * each along the shortest path (Dijkstra on reduced costs) to a free column.
 *
 * A forbidden pair costs one unit of something that no sum of costs can outweigh. Costs, duals
 * and distances are therefore pairs (forbidden, cost), ordered by the first and then the second
 * member: exact where one large number added to a cost would round.
 */
#include "track/assign.h"

#include "base/vec.h"

#include <assert.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

struct amount {
	double forbidden, cost;
};

/* The shorter side of the matrix is "lines", the longer one "slots": every line ends up with a
 * slot of its own, allowed or not. */
struct assign_work {
	int max_lines, max_slots;
	struct amount *line_dual, *slot_dual, *dist;
	int *line_slot; /* slot of a line, or -1 */
	int *slot_line; /* line that holds a slot, or -1 */
	int *from;      /* line from which a slot is reached on the shortest path */
	bool *done;     /* shortest distance of a slot is final */
};

static struct amount minus(struct amount a, struct amount b)
{
	return (struct amount){ a.forbidden - b.forbidden, a.cost - b.cost };
}

static struct amount plus(struct amount a, struct amount b)
{
	return (struct amount){ a.forbidden + b.forbidden, a.cost + b.cost };
}

static bool less(struct amount a, struct amount b)
{
	return a.forbidden < b.forbidden || (a.forbidden == b.forbidden && a.cost < b.cost);
}

struct assign_work *assign_work_new(int max_rows, int max_cols)
{
	struct assign_work *w = xcalloc(1, sizeof(*w));
	size_t lines, slots;

	w->max_lines = max_rows < max_cols ? max_rows : max_cols;
	w->max_slots = max_rows < max_cols ? max_cols : max_rows;
	lines = (size_t)w->max_lines + 1;
	slots = (size_t)w->max_slots + 1;
	w->line_dual = xcalloc(lines, sizeof(*w->line_dual));
	w->slot_dual = xcalloc(slots, sizeof(*w->slot_dual));
	w->dist = xcalloc(slots, sizeof(*w->dist));
	w->line_slot = xcalloc(lines, sizeof(*w->line_slot));
	w->slot_line = xcalloc(slots, sizeof(*w->slot_line));
	w->from = xcalloc(slots, sizeof(*w->from));
	w->done = xcalloc(slots, sizeof(*w->done));
	return w;
}

void assign_work_free(struct assign_work *w)
{
	if (!w)
		return;
	free(w->line_dual);
	free(w->slot_dual);
	free(w->dist);
	free(w->line_slot);
	free(w->slot_line);
	free(w->from);
	free(w->done);
	free(w);
}

/* The matrix seen with its shorter side as lines. */
struct view {
	const double *cost;
	size_t line_step, slot_step;
	int n_lines, n_slots;
};

static struct amount cost_at(const struct view *m, int line, int slot)
{
	double c = m->cost[(size_t)line * m->line_step + (size_t)slot * m->slot_step];

	return c >= ASSIGN_FORBIDDEN ? (struct amount){ 1, 0 } : (struct amount){ 0, c };
}

/* Shortens the distances of open slots by way of a line that is reached at distance "at". */
static void relax(struct assign_work *w, const struct view *m, int line, struct amount at)
{
	struct amount base = minus(at, w->line_dual[line]);

	for (int j = 0; j < m->n_slots; j++) {
		struct amount d;

		if (w->done[j])
			continue;
		d = plus(base, minus(cost_at(m, line, j), w->slot_dual[j]));
		if (w->from[j] < 0 || less(d, w->dist[j])) {
			w->dist[j] = d;
			w->from[j] = line;
		}
	}
}

static int nearest_open(const struct assign_work *w, int n_slots)
{
	int best = -1;

	for (int j = 0; j < n_slots; j++)
		if (!w->done[j] && (best < 0 || less(w->dist[j], w->dist[best])))
			best = j;
	return best;
}

/* Gives one more line a slot; lines on the way move on to others. */
static void augment(struct assign_work *w, const struct view *m, int line)
{
	struct amount far = { 0, 0 };
	int end;

	memset(w->done, 0, (size_t)m->n_slots * sizeof(*w->done));
	for (int j = 0; j < m->n_slots; j++)
		w->from[j] = -1;
	relax(w, m, line, far);
	for (;;) {
		end = nearest_open(w, m->n_slots);
		far = w->dist[end];
		if (w->slot_line[end] < 0)
			break;
		w->done[end] = true;
		relax(w, m, w->slot_line[end], far);
	}
	w->line_dual[line] = plus(w->line_dual[line], far);
	for (int j = 0; j < m->n_slots; j++) {
		struct amount change;

		if (!w->done[j])
			continue;
		change = minus(far, w->dist[j]);
		w->slot_dual[j] = minus(w->slot_dual[j], change);
		w->line_dual[w->slot_line[j]] = plus(w->line_dual[w->slot_line[j]], change);
	}
	for (int next; end >= 0; end = next) {
		int via = w->from[end];

		next = w->line_slot[via];
		w->line_slot[via] = end;
		w->slot_line[end] = via;
	}
}

void assign_with(struct assign_work *w, const double *cost, int n_rows, int n_cols,
		 int *row_to_col)
{
	bool tall = n_rows > n_cols;
	struct view m = {
		.cost = cost,
		.line_step = tall ? 1 : (size_t)n_cols,
		.slot_step = tall ? (size_t)n_cols : 1,
		.n_lines = tall ? n_cols : n_rows,
		.n_slots = tall ? n_rows : n_cols,
	};

	assert(m.n_lines <= w->max_lines && m.n_slots <= w->max_slots);
	memset(w->slot_dual, 0, (size_t)m.n_slots * sizeof(*w->slot_dual));
	for (int j = 0; j < m.n_slots; j++)
		w->slot_line[j] = -1;
	for (int i = 0; i < m.n_lines; i++) {
		w->line_slot[i] = -1;
		w->line_dual[i] = (struct amount){ 0, 0 };
	}
	for (int i = 0; i < m.n_lines; i++)
		augment(w, &m, i);

	for (int r = 0; r < n_rows; r++)
		row_to_col[r] = -1;
	for (int i = 0; i < m.n_lines; i++) {
		int row = tall ? w->line_slot[i] : i, col = tall ? i : w->line_slot[i];

		if (cost[(size_t)row * (size_t)n_cols + (size_t)col] < ASSIGN_FORBIDDEN)
			row_to_col[row] = col;
	}
}

void assign(const double *cost, int n_rows, int n_cols, int *row_to_col)
{
	struct assign_work *w = assign_work_new(n_rows, n_cols);

	assign_with(w, cost, n_rows, n_cols, row_to_col);
	assign_work_free(w);
}
