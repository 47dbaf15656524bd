/* SPDX-License-Identifier: Apache-2.0 */
/* floor_map.c -- where people were, per cell of the floor. */
#include "report/floor_map.h"

#include "base/vec.h"

#include <math.h>
#include <stdlib.h>

#define ROOM 32 /* cells more than needed, so that it seldom grows */

static size_t index_of(const struct floor_map *m, int x, int y)
{
	return (size_t)(y - m->y0) * (size_t)m->w + (size_t)(x - m->x0);
}

static struct floor_map map_new(int x0, int y0, int x1, int y1)
{
	struct floor_map m = { .x0 = x0, .y0 = y0, .w = x1 - x0, .h = y1 - y0 };
	size_t n = (size_t)m.w * (size_t)m.h;

	m.person_s = xcalloc(n, sizeof(*m.person_s));
	m.stops = xcalloc(n, sizeof(*m.stops));
	return m;
}

/* Makes the map cover [x0, x1) x [y0, y1), too. */
static void cover(struct floor_map *m, int x0, int y0, int x1, int y1)
{
	struct floor_map more;

	if (m->w && x0 >= m->x0 && y0 >= m->y0 && x1 <= m->x0 + m->w && y1 <= m->y0 + m->h)
		return;
	if (m->w) {
		x0 = m->x0 < x0 ? m->x0 : x0;
		y0 = m->y0 < y0 ? m->y0 : y0;
		x1 = m->x0 + m->w > x1 ? m->x0 + m->w : x1;
		y1 = m->y0 + m->h > y1 ? m->y0 + m->h : y1;
	}
	more = map_new(x0, y0, x1, y1);
	floor_map_join(&more, m);
	floor_map_clear(m);
	*m = more;
}

void floor_map_add(struct floor_map *m, const struct floor_cell *v, int n)
{
	int x0 = v ? v->x : 0, x1 = x0;

	if (n == 0)
		return;
	for (int i = 1; i < n; i++) {
		x0 = v[i].x < x0 ? v[i].x : x0;
		x1 = v[i].x > x1 ? v[i].x : x1;
	}
	/* Cells are ordered by y. */
	if (!m->w || x0 < m->x0 || x1 >= m->x0 + m->w || v[0].y < m->y0 ||
	    v[n - 1].y >= m->y0 + m->h)
		cover(m, x0 - ROOM, v[0].y - ROOM, x1 + 1 + ROOM, v[n - 1].y + 1 + ROOM);
	for (int i = 0; i < n; i++) {
		size_t k = index_of(m, v[i].x, v[i].y);

		m->person_s[k] += v[i].person_ms / 1000.0;
		m->stops[k] += v[i].stops;
	}
}

void floor_map_join(struct floor_map *to, const struct floor_map *from)
{
	if (!from->w)
		return;
	cover(to, from->x0, from->y0, from->x0 + from->w, from->y0 + from->h);
	for (int y = from->y0; y < from->y0 + from->h; y++)
		for (int x = from->x0; x < from->x0 + from->w; x++) {
			size_t a = index_of(to, x, y), b = index_of(from, x, y);

			to->person_s[a] = fmax(to->person_s[a], from->person_s[b]);
			to->stops[a] = fmax(to->stops[a], from->stops[b]);
		}
}

void floor_map_clear(struct floor_map *m)
{
	free(m->person_s);
	free(m->stops);
	*m = (struct floor_map){ 0 };
}

double floor_map_at(const struct floor_map *m, const double *v, int x, int y)
{
	if (x < m->x0 || y < m->y0 || x >= m->x0 + m->w || y >= m->y0 + m->h)
		return 0;
	return v[index_of(m, x, y)];
}
