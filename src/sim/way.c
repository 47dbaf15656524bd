/* SPDX-License-Identifier: Apache-2.0 */
/* way.c -- how to get from anywhere to somewhere on a scene's floor. */
#include "sim/way.h"

#include "base/vec.h"
#include "sim/plane.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define CELL_M 0.15
#define SOLID_M 0.2  /* a body's middle is at least this far from walls and shelves */
#define NARROW_M 0.4 /* nearer than this costs */
#define NARROW_COST 3
#define CELLS_MAX 1000000
#define AHEAD 5 /* cells */

#define STRAIGHT 10 /* cost of a step, of a cell */
#define DIAGONAL 14

enum { FREE, NARROW, SOLID };

struct way {
	const struct ways *ways;
	struct pt_m goal;
	int cell;
	int32_t *cost; /* per cell; INT32_MAX: no way */
};

struct heap_item {
	int32_t cost;
	int cell;
};

struct ways {
	const struct scene *scene;
	int cols, rows;
	struct pt_m from;
	uint8_t *kind;
	VEC(struct way *) way;
	VEC(struct heap_item) heap;
};

/* ---- the grid ---- */

static struct pt_m middle_of(const struct ways *w, int col, int row)
{
	return (struct pt_m){ w->from.x + (col + 0.5) * CELL_M,
			      w->from.y + (row + 0.5) * CELL_M };
}

static int cell_of(const struct ways *w, struct pt_m p)
{
	double col = floor((p.x - w->from.x) / CELL_M), row = floor((p.y - w->from.y) / CELL_M);

	if (!(col >= 0 && row >= 0 && col < w->cols && row < w->rows))
		return -1;
	return (int)row * w->cols + (int)col;
}

static void raise_to(struct ways *w, int cell, double distance)
{
	uint8_t kind = distance < SOLID_M ? SOLID : distance < NARROW_M ? NARROW : FREE;

	if (kind > w->kind[cell])
		w->kind[cell] = kind;
}

/* Cells near the segment a b become narrow or solid. */
static void wall_off(struct ways *w, struct pt_m a, struct pt_m b)
{
	double x0 = fmin(a.x, b.x) - NARROW_M - w->from.x,
	       y0 = fmin(a.y, b.y) - NARROW_M - w->from.y;
	double x1 = fmax(a.x, b.x) + NARROW_M - w->from.x,
	       y1 = fmax(a.y, b.y) + NARROW_M - w->from.y;

	for (int row = (int)fmax(0, floor(y0 / CELL_M)); row < w->rows && row * CELL_M <= y1;
	     row++)
		for (int col = (int)fmax(0, floor(x0 / CELL_M));
		     col < w->cols && col * CELL_M <= x1; col++)
			raise_to(w, row * w->cols + col,
				 plane_distance(a, b, middle_of(w, col, row)));
}

static void block_box(struct ways *w, const struct pt_m corner[4])
{
	for (int i = 0; i < 4; i++)
		wall_off(w, corner[i], corner[(i + 1) % 4]);
	for (int i = 0; i < w->cols * w->rows; i++)
		if (plane_in_box(corner, middle_of(w, i % w->cols, i / w->cols)))
			w->kind[i] = SOLID;
}

struct ways *ways_new(const struct scene *s)
{
	struct ways *w = xcalloc(1, sizeof(*w));
	double cols = ceil((s->floor.to.x - s->floor.from.x) / CELL_M);
	double rows = ceil((s->floor.to.y - s->floor.from.y) / CELL_M);

	w->scene = s;
	w->from = s->floor.from;
	w->cols = (int)fmin(fmax(cols, 1), CELLS_MAX);
	w->rows = (int)fmin(fmax(rows, 1), CELLS_MAX / w->cols);
	w->kind = xcalloc((size_t)w->cols * (size_t)w->rows, 1);
	for (int i = 0; i < s->n_walls; i++)
		for (int k = 1; k < s->walls[i].line.n; k++)
			wall_off(w, s->walls[i].line.at[k - 1], s->walls[i].line.at[k]);
	for (int i = 0; i < s->n_shelves; i++)
		block_box(w, s->shelf[i].corner);
	return w;
}

void ways_free(struct ways *w)
{
	if (!w)
		return;
	for (size_t i = 0; i < w->way.n; i++) {
		free(w->way.v[i]->cost);
		free(w->way.v[i]);
	}
	VEC_FREE(&w->way);
	VEC_FREE(&w->heap);
	free(w->kind);
	free(w);
}

bool ways_free_at(const struct ways *w, struct pt_m p)
{
	int cell = cell_of(w, p);

	return cell >= 0 && w->kind[cell] != SOLID;
}

bool ways_clear(const struct ways *w, struct pt_m a, struct pt_m b)
{
	double d = sqrt((b.x - a.x) * (b.x - a.x) + (b.y - a.y) * (b.y - a.y));
	int n = (int)(d / (CELL_M / 2)) + 1;

	for (int i = 0; i <= n; i++)
		if (!ways_free_at(w, plane_between(a, b, (double)i / n)))
			return false;
	return true;
}

bool ways_nearest(const struct ways *w, struct pt_m p, struct pt_m *free)
{
	double best = HUGE_VAL;

	if (ways_free_at(w, p)) {
		*free = p;
		return true;
	}
	for (int i = 0; i < w->cols * w->rows; i++) {
		struct pt_m m = middle_of(w, i % w->cols, i / w->cols);
		double d = (m.x - p.x) * (m.x - p.x) + (m.y - p.y) * (m.y - p.y);

		if (w->kind[i] != SOLID && d < best) {
			best = d;
			*free = m;
		}
	}
	return best < HUGE_VAL;
}

/* ---- distances ---- */

static bool before(struct heap_item a, struct heap_item b)
{
	return a.cost != b.cost ? a.cost < b.cost : a.cell < b.cell;
}

static void push(struct ways *w, int32_t cost, int cell)
{
	size_t i = w->heap.n;

	*VEC_PUSH(&w->heap) = (struct heap_item){ cost, cell };
	while (i > 0 && before(w->heap.v[i], w->heap.v[(i - 1) / 2])) {
		struct heap_item t = w->heap.v[i];

		w->heap.v[i] = w->heap.v[(i - 1) / 2];
		w->heap.v[(i - 1) / 2] = t;
		i = (i - 1) / 2;
	}
}

static struct heap_item pop(struct ways *w)
{
	struct heap_item top = w->heap.v[0], last = w->heap.v[--w->heap.n];
	size_t i = 0;

	for (;;) {
		size_t k = 2 * i + 1;

		if (k >= w->heap.n)
			break;
		if (k + 1 < w->heap.n && before(w->heap.v[k + 1], w->heap.v[k]))
			k++;
		if (!before(w->heap.v[k], last))
			break;
		w->heap.v[i] = w->heap.v[k];
		i = k;
	}
	if (w->heap.n)
		w->heap.v[i] = last;
	return top;
}

/* The cell next to `cell` in direction 0..7, or -1 where nobody can step: also not diagonally
 * past a solid corner. */
static int step_from(const struct ways *w, int cell, int direction)
{
	static const signed char dx[] = { 1, -1, 0, 0, 1, 1, -1, -1 };
	static const signed char dy[] = { 0, 0, 1, -1, 1, -1, 1, -1 };
	int col = cell % w->cols, row = cell / w->cols;
	int c = col + dx[direction], r = row + dy[direction];

	if (c < 0 || r < 0 || c >= w->cols || r >= w->rows || w->kind[r * w->cols + c] == SOLID)
		return -1;
	if (direction >= 4 &&
	    (w->kind[row * w->cols + c] == SOLID || w->kind[r * w->cols + col] == SOLID))
		return -1;
	return r * w->cols + c;
}

static void work_out(struct ways *w, struct way *way)
{
	size_t n = (size_t)w->cols * (size_t)w->rows;

	way->cost = xcalloc(n, sizeof(*way->cost));
	for (size_t i = 0; i < n; i++)
		way->cost[i] = INT32_MAX;
	way->cost[way->cell] = 0;
	push(w, 0, way->cell);
	while (w->heap.n) {
		struct heap_item at = pop(w);

		if (at.cost > way->cost[at.cell])
			continue;
		for (int d = 0; d < 8; d++) {
			int next = step_from(w, at.cell, d);
			int32_t cost = at.cost + (d < 4 ? STRAIGHT : DIAGONAL);

			if (next < 0)
				continue;
			if (w->kind[next] == NARROW)
				cost += (NARROW_COST - 1) * STRAIGHT;
			if (cost < way->cost[next]) {
				way->cost[next] = cost;
				push(w, cost, next);
			}
		}
	}
}

const struct way *ways_to(struct ways *w, struct pt_m goal)
{
	int cell = cell_of(w, goal);
	struct way *way;

	if (cell < 0 || w->kind[cell] == SOLID)
		return NULL;
	for (size_t i = 0; i < w->way.n; i++)
		if (w->way.v[i]->cell == cell)
			return w->way.v[i];
	way = xcalloc(1, sizeof(*way));
	way->ways = w;
	way->goal = goal;
	way->cell = cell;
	work_out(w, way);
	*VEC_PUSH(&w->way) = way;
	return way;
}

double way_left(const struct way *way, struct pt_m p)
{
	int cell = cell_of(way->ways, p);

	if (cell < 0 || way->cost[cell] == INT32_MAX)
		return -1;
	return way->cost[cell] * (CELL_M / STRAIGHT);
}

struct pt_m way_next(const struct way *way, struct pt_m p)
{
	const struct ways *w = way->ways;
	int cell = cell_of(w, p);

	if (cell < 0 || way->cost[cell] == INT32_MAX)
		return p;
	for (int i = 0; i < AHEAD; i++) {
		int best = cell;

		for (int d = 0; d < 8; d++) {
			int next = step_from(w, cell, d);

			if (next >= 0 && way->cost[next] < way->cost[best])
				best = next;
		}
		if (best == cell)
			break;
		cell = best;
	}
	if (cell == way->cell)
		return way->goal;
	return middle_of(w, cell % w->cols, cell / w->cols);
}
