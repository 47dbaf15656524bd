/* SPDX-License-Identifier: Apache-2.0 */
/* way.c -- how to get from anywhere to somewhere on a scene's floor. */
#include "sim/way.h"

#include "base/vec.h"
#include "sim/plane.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define CELL_M 0.15
#define SOLID_M 0.25  /* a body's middle is about this far from walls and shelves */
#define NARROW_M 0.45 /* nearer than this costs */
#define NARROW_COST 3
#define CELLS_MAX 1000000
#define AHEAD 18        /* cells looked along the way for one that can be walked to straight */
#define OVERHEAD_M 1.95 /* what hangs higher is walked under */

#define STRAIGHT 10 /* cost of a step, of a cell */
#define DIAGONAL 14

enum { FREE, NARROW, SOLID };

struct way {
	const struct ways *ways;
	struct pt_m goal;
	int cell;
	int32_t *cost; /* per cell; INT32_MAX: no way */
	int32_t *next; /* per cell: the cell after it */
};

struct heap_item {
	int32_t cost;
	int cell;
};

struct ways {
	const struct scene *scene;
	int cols, rows;
	struct pt_m from;
	uint8_t *kind, *fixed; /* now; without the things that come and go */
	bool object[SCENE_MAX];
	struct way **way; /* by the goal's cell; NULL: never asked for */
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

static void block_edges(struct ways *w)
{
	const struct scene_floor *f = &w->scene->floor;
	const struct pt_m corner[4] = {
		f->from, { f->to.x, f->from.y }, f->to, { f->from.x, f->to.y }
	};

	for (int i = 0; i < 4; i++)
		wall_off(w, corner[i], corner[(i + 1) % 4]);
}

static void forget_ways(struct ways *w)
{
	for (int i = 0; i < w->cols * w->rows; i++) {
		if (!w->way[i])
			continue;
		free(w->way[i]->cost);
		free(w->way[i]->next);
		free(w->way[i]);
		w->way[i] = NULL;
	}
}

bool ways_at_time(struct ways *w, double s)
{
	const struct scene *scene = w->scene;
	bool changed = false;

	for (int i = 0; i < scene->n_objects; i++) {
		const struct scene_object *o = &scene->object[i];
		bool there = s >= o->when.from && s < o->when.to && o->bottom_m < OVERHEAD_M;

		changed |= there != w->object[i];
		w->object[i] = there;
	}
	if (!changed)
		return false;
	forget_ways(w);
	memcpy(w->kind, w->fixed, (size_t)w->cols * (size_t)w->rows);
	for (int i = 0; i < scene->n_objects; i++)
		if (w->object[i])
			block_box(w, scene->object[i].corner);
	return true;
}

struct ways *ways_new(const struct scene *s)
{
	struct ways *w = xcalloc(1, sizeof(*w));
	size_t n;
	double cols = ceil((s->floor.to.x - s->floor.from.x) / CELL_M);
	double rows = ceil((s->floor.to.y - s->floor.from.y) / CELL_M);

	w->scene = s;
	w->from = s->floor.from;
	w->cols = (int)fmin(fmax(cols, 1), CELLS_MAX);
	w->rows = (int)fmin(fmax(rows, 1), CELLS_MAX / w->cols);
	n = (size_t)w->cols * (size_t)w->rows;
	w->kind = xcalloc(n, 1);
	w->fixed = xcalloc(n, 1);
	w->way = xcalloc(n, sizeof(struct way *));
	block_edges(w);
	for (int i = 0; i < s->n_walls; i++)
		for (int k = 1; k < s->walls[i].line.n; k++)
			wall_off(w, s->walls[i].line.at[k - 1], s->walls[i].line.at[k]);
	for (int i = 0; i < s->n_shelves; i++)
		block_box(w, s->shelf[i].corner);
	memcpy(w->fixed, w->kind, n);
	return w;
}

void ways_free(struct ways *w)
{
	if (!w)
		return;
	forget_ways(w);
	VEC_FREE(&w->heap);
	free(w->way);
	free(w->fixed);
	free(w->kind);
	free(w);
}

bool ways_free_at(const struct ways *w, struct pt_m p)
{
	int cell = cell_of(w, p);

	return cell >= 0 && w->kind[cell] != SOLID;
}

bool ways_step(const struct ways *w, struct pt_m from, struct pt_m to)
{
	int cell = cell_of(w, to);

	return ways_free_at(w, to) ||
	       (cell >= 0 && w->fixed[cell] != SOLID && !ways_free_at(w, from));
}

/* Whether the straight way from a to b stays clear of cells worse than `most`. */
static bool no_worse(const struct ways *w, const uint8_t *kinds, struct pt_m a, struct pt_m b,
		     uint8_t most)
{
	double dx = b.x - a.x, dy = b.y - a.y;
	int n = (int)(sqrt(dx * dx + dy * dy) / (0.6 * CELL_M)) + 1;

	for (int i = 0; i <= n; i++) {
		double part = (double)i / n;
		int cell = cell_of(w, (struct pt_m){ a.x + part * dx, a.y + part * dy });

		if (cell < 0 || kinds[cell] > most)
			return false;
	}
	return true;
}

bool ways_clear(const struct ways *w, struct pt_m a, struct pt_m b)
{
	return no_worse(w, w->kind, a, b, NARROW);
}

/* The middle of the nearest cell that is not solid among those `ring` cells away from (col,
 * row); straight past walls and shelves only if p is among them itself. */
static void nearest_in_ring(const struct ways *w, int col, int row, int ring, struct pt_m p,
			    double *best, struct pt_m *free)
{
	int cell = cell_of(w, p);
	bool walled = cell < 0 || w->fixed[cell] == SOLID;

	for (int r = row - ring; r <= row + ring; r++) {
		bool whole = r == row - ring || r == row + ring;

		for (int k = col - ring; k <= col + ring; k += whole || !ring ? 1 : 2 * ring) {
			struct pt_m m = middle_of(w, k, r);
			double d = (m.x - p.x) * (m.x - p.x) + (m.y - p.y) * (m.y - p.y);

			if (d < *best && ways_free_at(w, m) &&
			    (walled || no_worse(w, w->fixed, p, m, NARROW))) {
				*best = d;
				*free = m;
			}
		}
	}
}

bool ways_nearest(const struct ways *w, struct pt_m p, struct pt_m *free)
{
	struct pt_m in = { fmin(fmax(p.x, w->from.x), w->from.x + w->cols * CELL_M),
			   fmin(fmax(p.y, w->from.y), w->from.y + w->rows * CELL_M) };
	int col = (int)((in.x - w->from.x) / CELL_M), row = (int)((in.y - w->from.y) / CELL_M);
	double best = HUGE_VAL;

	if (ways_free_at(w, p)) {
		*free = p;
		return true;
	}
	/* Cells of a ring are at least (ring - 1) cells away. */
	for (int ring = 0; ring <= w->cols + w->rows; ring++) {
		double least = (ring - 1) * CELL_M;

		if (ring > 1 && least * least > best)
			break;
		nearest_in_ring(w, col, row, ring, in, &best, free);
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
	way->next = xcalloc(n, sizeof(*way->next));
	for (size_t i = 0; i < n; i++)
		way->cost[i] = INT32_MAX;
	way->cost[way->cell] = 0;
	way->next[way->cell] = way->cell;
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
				way->next[next] = at.cell;
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
	if (w->way[cell])
		return w->way[cell];
	way = xcalloc(1, sizeof(*way));
	way->ways = w;
	way->goal = goal;
	way->cell = cell;
	work_out(w, way);
	w->way[cell] = way;
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
	struct pt_m to = p;
	uint8_t most;

	if (cell < 0 || way->cost[cell] == INT32_MAX)
		return p;
	most = w->kind[cell];
	for (int i = 0; i < AHEAD; i++) {
		bool end = cell == way->cell;
		struct pt_m m;

		cell = way->next[cell];
		if (w->kind[cell] > most)
			most = w->kind[cell];
		if (!end && i % 3)
			continue;
		m = end ? way->goal : middle_of(w, cell % w->cols, cell / w->cols);
		/* To the next cell it is always clear. */
		if (i && !no_worse(w, w->kind, p, m, most))
			break;
		to = m;
		if (end)
			break;
	}
	return to;
}
