/* SPDX-License-Identifier: Apache-2.0 */
/* outline.c -- the outlines of a mask, by following the cracks between its pixels. */
#include "player/outline.h"

#include "base/vec.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum heading { UP, RIGHT, DOWN, LEFT };
static const struct corner ahead[4] = { { 0, -1 }, { 1, 0 }, { 0, 1 }, { -1, 0 } };

void outlines_clear(struct outlines *o)
{
	free(o->corner);
	free(o->v);
	*o = (struct outlines){ 0 };
}

static void add_corner(struct outlines *o, struct corner c)
{
	if (o->n == o->cap)
		o->corner = vec_grow(o->corner, &o->cap, sizeof(*o->corner));
	o->corner[o->n++] = c;
}

static void end_outline(struct outlines *o)
{
	if (o->n_v == o->cap_v)
		o->v = vec_grow(o->v, &o->cap_v, sizeof(*o->v));
	o->v[o->n_v++].at = o->n;
}

static bool is_set(const struct image *m, int x, int y)
{
	return x >= 0 && y >= 0 && x < m->w && y < m->h && image_row(m, y)[x];
}

/* Whether the pixel to the left or right beyond corner c is set, when heading so. */
static bool beyond(const struct image *m, struct corner c, enum heading h, bool right)
{
	/* The pixel whose top left corner is c, moved by what lies ahead and aside. */
	static const struct corner left_of[4] = { { -1, -1 }, { 0, -1 }, { 0, 0 }, { -1, 0 } };
	const struct corner *d = &left_of[right ? (h + 1) % 4 : h];

	return is_set(m, c.x + d->x, c.y + d->y);
}

/* Follows the crack that begins at the left edge of pixel x, y, with the area to the right. */
static void follow(struct outlines *o, const struct image *m, uint8_t *seen, int x, int y)
{
	const struct corner start = { x, y + 1 };
	struct corner c = start;
	enum heading h = UP;

	do {
		enum heading before = h;

		if (h == UP)
			seen[(size_t)(c.y - 1) * (size_t)m->w + (size_t)c.x] = 1;
		c.x += ahead[h].x;
		c.y += ahead[h].y;
		if (beyond(m, c, h, false))
			h = (enum heading)((h + 3) % 4);
		else if (!beyond(m, c, h, true))
			h = (enum heading)((h + 1) % 4);
		if (h != before)
			add_corner(o, c);
	} while (c.x != start.x || c.y != start.y || h != UP);
}

/* ---- fewer corners ---- */

static double off(struct corner p, struct corner a, struct corner b)
{
	double dx = b.x - a.x, dy = b.y - a.y, length = hypot(dx, dy);

	if (length == 0)
		return hypot(p.x - a.x, p.y - a.y);
	return fabs(dx * (p.y - a.y) - dy * (p.x - a.x)) / length;
}

/* The corner between a and b that is farthest off the straight line; 0: none is too far. */
static size_t farthest(const struct corner *v, size_t a, size_t b, double tolerance)
{
	size_t at = 0;
	double most = tolerance;

	for (size_t i = a + 1; i < b; i++) {
		double d = off(v[i], v[a], v[b]);

		if (d > most) {
			most = d;
			at = i;
		}
	}
	return at;
}

struct piece {
	size_t a, b;
};

/* Marks which corners of v[0 .. n], the first once more behind the last, stay. */
static void choose(const struct corner *v, size_t n, double tolerance, uint8_t *stays,
		   struct piece *stack)
{
	size_t depth = 0;

	stays[0] = stays[n] = 1;
	stack[depth++] = (struct piece){ 0, n };
	while (depth) {
		struct piece p = stack[--depth];
		size_t at = farthest(v, p.a, p.b, tolerance);

		if (!at)
			continue;
		stays[at] = 1;
		stack[depth++] = (struct piece){ p.a, at };
		stack[depth++] = (struct piece){ at, p.b };
	}
}

/* Of the outline that begins at first and ends with the last corner. */
static void simplify(struct outlines *o, size_t first, double tolerance)
{
	size_t n = o->n - first, kept = 0;
	uint8_t *stays = xcalloc(n + 1, 1);
	struct piece *stack = xcalloc(n + 2, sizeof(*stack));
	struct corner *v;

	add_corner(o, o->corner[first]);
	v = o->corner + first;
	choose(v, n, tolerance, stays, stack);
	for (size_t i = 0; i < n; i++)
		if (stays[i])
			v[kept++] = v[i];
	o->n = first + kept;
	free(stack);
	free(stays);
}

void outlines_find(struct outlines *o, const struct image *mask, double tolerance_px)
{
	uint8_t *seen = xcalloc((size_t)mask->w * (size_t)mask->h, 1);

	o->n = o->n_v = 0;
	for (int y = 0; y < mask->h; y++)
		for (int x = 0; x < mask->w; x++) {
			size_t first = o->n;

			if (!is_set(mask, x, y) || is_set(mask, x - 1, y) ||
			    seen[(size_t)y * (size_t)mask->w + (size_t)x])
				continue;
			follow(o, mask, seen, x, y);
			if (tolerance_px > 0)
				simplify(o, first, tolerance_px);
			if (o->n - first < 3)
				o->n = first;
			else
				end_outline(o);
		}
	free(seen);
}
