/* SPDX-License-Identifier: Apache-2.0 */
/* suppress.c -- which cells of a table of people may be shown. */
#include "report/suppress.h"

#include "base/vec.h"

#include <stdlib.h>

/* The table with its totals as one more row and column. */
struct grid {
	int rows, cols, k;
	int64_t *v;
	bool *known; /* by everybody: no use to hide it */
	bool *hidden;
};

static int at(const struct grid *g, int r, int c)
{
	return r * g->cols + c;
}

static void make_grid(struct grid *g, const int64_t *v, const bool *known)
{
	for (int r = 0; r < g->rows - 1; r++)
		for (int c = 0; c < g->cols - 1; c++) {
			int64_t x = v[r * (g->cols - 1) + c];

			g->v[at(g, r, c)] = x;
			g->known[at(g, r, c)] = known && known[r * (g->cols - 1) + c];
			g->v[at(g, r, g->cols - 1)] += x;
			g->v[at(g, g->rows - 1, c)] += x;
			g->v[at(g, g->rows - 1, g->cols - 1)] += x;
		}
	for (int i = 0; i < g->rows * g->cols; i++)
		g->hidden[i] = g->v[i] > 0 && g->v[i] < g->k;
}

/* Marks what is reached from row r over hidden cells other than cell `without`. Rows and
 * columns are numbered in one row: rows first. */
static void reach(const struct grid *g, int r, int without, bool *seen, int *todo)
{
	int n = 1;

	for (int i = 0; i < g->rows + g->cols; i++)
		seen[i] = false;
	seen[r] = true;
	todo[0] = r;
	while (n > 0) {
		int from = todo[--n];
		bool row = from < g->rows;

		for (int i = 0; i < (row ? g->cols : g->rows); i++) {
			int cell = row ? at(g, from, i) : at(g, i, from - g->rows);
			int to = row ? g->rows + i : i;

			if (!g->hidden[cell] || cell == without || seen[to])
				continue;
			seen[to] = true;
			todo[n++] = to;
		}
	}
}

#define NEVER (INT64_MAX / 4)

/* What hiding a cell costs: its people; totals only when there is nothing else. */
static int64_t cost(const struct grid *g, int r, int c)
{
	bool total = r == g->rows - 1 || c == g->cols - 1;

	if (g->hidden[at(g, r, c)])
		return 0;
	if (g->known[at(g, r, c)])
		return NEVER;
	return 1 + g->v[at(g, r, c)] + (total ? g->v[at(g, g->rows - 1, g->cols - 1)] : 0);
}

/* Hides the cheapest three cells that make a rectangle with (r, c). */
static void close_cycle(struct grid *g, int r, int c)
{
	int64_t least = INT64_MAX;
	int best_r = r, best_c = c;

	for (int i = 0; i < g->rows; i++)
		for (int j = 0; j < g->cols; j++) {
			int64_t sum;

			if (i == r || j == c)
				continue;
			sum = cost(g, i, c) + cost(g, r, j) + cost(g, i, j);
			if (sum < least) {
				least = sum;
				best_r = i;
				best_c = j;
			}
		}
	g->hidden[at(g, best_r, c)] = true;
	g->hidden[at(g, r, best_c)] = true;
	g->hidden[at(g, best_r, best_c)] = true;
}

static bool hide_bridges(struct grid *g, bool *seen, int *todo)
{
	bool any = false;

	for (int r = 0; r < g->rows; r++)
		for (int c = 0; c < g->cols; c++) {
			if (!g->hidden[at(g, r, c)])
				continue;
			reach(g, r, at(g, r, c), seen, todo);
			if (seen[g->rows + c])
				continue;
			close_cycle(g, r, c);
			any = true;
		}
	return any;
}

/* The hidden cells of a line without its total are too few people: one more. step: from cell to
 * cell of the line, n of them and the total. */
static bool fill_line(struct grid *g, int first, int step, int n)
{
	int64_t sum = 0, least = INT64_MAX;
	int best = first + n * step;
	bool any = false;

	if (g->hidden[first + n * step])
		return false;
	for (int i = 0; i < n; i++) {
		int cell = first + i * step;

		any |= g->hidden[cell];
		sum += g->hidden[cell] ? g->v[cell] : 0;
		if (!g->hidden[cell] && g->v[cell] > 0 && g->v[cell] < least) {
			least = g->v[cell];
			best = cell;
		}
	}
	if (!any || sum >= g->k)
		return false;
	g->hidden[best] = true;
	return true;
}

static bool fill_lines(struct grid *g)
{
	bool any = false;

	for (int r = 0; r < g->rows; r++)
		any |= fill_line(g, at(g, r, 0), 1, g->cols - 1);
	for (int c = 0; c < g->cols; c++)
		any |= fill_line(g, at(g, 0, c), g->cols, g->rows - 1);
	return any;
}

void suppress_table(const int64_t *v, const bool *known, int rows, int cols, int k,
		    bool *hidden)
{
	struct grid g = { .rows = rows + 1, .cols = cols + 1, .k = k, .hidden = hidden };
	bool *seen = xcalloc((size_t)(g.rows + g.cols), sizeof(*seen));
	int *todo = xcalloc((size_t)(g.rows + g.cols), sizeof(*todo));

	g.v = xcalloc((size_t)(g.rows * g.cols), sizeof(*g.v));
	g.known = xcalloc((size_t)(g.rows * g.cols), sizeof(*g.known));
	make_grid(&g, v, known);
	/* Each round hides more; there is an end to it. */
	while (fill_lines(&g) | hide_bridges(&g, seen, todo))
		;
	free(g.v);
	free(g.known);
	free(seen);
	free(todo);
}
