/* SPDX-License-Identifier: Apache-2.0 */
/* mask_blobs.c -- components of a mask, of both colours at once, as runs of pixels.
 *
 * Each row is cut into runs of equal pixels, and runs that touch and have the same colour are
 * united. Holes are told by their size; they change colour, the same is done once more, and
 * what they joined is one component. No picture of labels is made.
 */
#include "vision/mask_blobs.h"

#include "base/vec.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct run {
	int x0, x1;
	int up;      /* a run of the same component that came before; itself in the first one */
	int area_px; /* in a component's first run: of all of it */
	int blob;    /* in a component's first run: which one it is told as, or -1 */
	bool set;    /* pixels are 255 */
	bool border; /* in a component's first run: it reaches the border */
};

struct mask_blobs {
	int h;
	VEC(struct run) run; /* in reading order */
	int *row;            /* h + 1: where a row's runs begin */
};

struct mask_blobs *mask_blobs_new(int h)
{
	struct mask_blobs *b = xcalloc(1, sizeof(*b));

	assert(h > 0);
	b->h = h;
	b->row = xcalloc((size_t)h + 1, sizeof(*b->row));
	return b;
}

void mask_blobs_free(struct mask_blobs *b)
{
	if (!b)
		return;
	VEC_FREE(&b->run);
	free(b->row);
	free(b);
}

static void cut_row(struct mask_blobs *b, const uint8_t *m, int x0, int x1)
{
	for (int x = x0; x < x1;) {
		const bool set = m[x] != 0;
		const int up = (int)b->run.n;
		const uint8_t *end = memchr(m + x, set ? 0 : 255, (size_t)(x1 - x));
		const int next = end ? (int)(end - m) : x1;

		*VEC_PUSH(&b->run) = (struct run){ .x0 = x, .x1 = next, .up = up, .set = set };
		x = next;
	}
}

static int first_of(struct run *run, int i)
{
	while (run[i].up != i) {
		run[i].up = run[run[i].up].up;
		i = run[i].up;
	}
	return i;
}

static void unite(struct run *run, int i, int k)
{
	i = first_of(run, i);
	k = first_of(run, k);
	if (i < k)
		run[k].up = i;
	else
		run[i].up = k;
}

/* Unites what touches and has the same colour, to the left and above. */
static void unite_all(struct mask_blobs *b, int rows)
{
	struct run *run = b->run.v;

	for (int y = 0; y < rows; y++) {
		int above = y ? b->row[y - 1] : 0;

		for (int i = b->row[y]; i < b->row[y + 1]; i++) {
			if (i > b->row[y] && run[i].set == run[i - 1].set)
				unite(run, i, i - 1);
			if (y == 0)
				continue;
			while (run[above].x1 < run[i].x0)
				above++;
			for (int k = above; k < b->row[y] && run[k].x0 <= run[i].x1; k++)
				if (run[k].set == run[i].set)
					unite(run, i, k);
		}
	}
}

static void measure(struct mask_blobs *b, struct mask_box at)
{
	for (int y = 0; y < at.y1 - at.y0; y++) {
		for (int i = b->row[y]; i < b->row[y + 1]; i++) {
			struct run *r = &b->run.v[i], *first;

			/* the first one comes first: it is emptied before it is added to */
			r->area_px = 0;
			r->border = false;
			first = &b->run.v[first_of(b->run.v, i)];
			first->area_px += r->x1 - r->x0;
			first->border |= y == 0 || y == at.y1 - at.y0 - 1 || r->x0 == at.x0 ||
					 r->x1 == at.x1;
		}
	}
}

static bool set_holes(struct mask_blobs *b, int hole_px)
{
	bool any = false;

	for (int i = 0; i < (int)b->run.n; i++) {
		const struct run *first = &b->run.v[first_of(b->run.v, i)];

		if (!b->run.v[i].set && !first->border && first->area_px < hole_px) {
			b->run.v[i].set = true;
			any = true;
		}
	}
	return any;
}

static void cut(struct mask_blobs *b, const struct image *mask, struct mask_box at)
{
	const int rows = at.y1 - at.y0;

	assert(rows <= b->h);
	b->run.n = 0;
	for (int y = 0; y < rows; y++) {
		b->row[y] = (int)b->run.n;
		cut_row(b, image_row(mask, at.y0 + y), at.x0, at.x1);
	}
	b->row[rows] = (int)b->run.n;
	unite_all(b, rows);
	measure(b, at);
}

void mask_blobs_filter(struct mask_blobs *b, struct image *mask, struct mask_box at,
		       int hole_px, int min_px)
{
	const int rows = at.y1 - at.y0;

	cut(b, mask, at);
	if (set_holes(b, hole_px)) {
		unite_all(b, rows);
		measure(b, at);
	}
	for (int y = 0; y < rows; y++) {
		for (int i = b->row[y]; i < b->row[y + 1]; i++) {
			const struct run *r = &b->run.v[i];
			const int area_px = b->run.v[first_of(b->run.v, i)].area_px;

			if (r->set)
				memset(image_row(mask, at.y0 + y) + r->x0,
				       area_px >= min_px ? 255 : 0, (size_t)(r->x1 - r->x0));
		}
	}
}

static int larger_first(const void *a, const void *b)
{
	int x = *(const int *)a, y = *(const int *)b;

	return (x < y) - (x > y);
}

/* The least area of the max largest components, of which there are n in all. */
static int least_of_largest(const struct mask_blobs *b, int n, int max)
{
	int *area = xcalloc((size_t)n, sizeof(*area));
	int k = 0, least;

	for (int i = 0; i < (int)b->run.n; i++)
		if (b->run.v[i].set && b->run.v[i].up == i)
			area[k++] = b->run.v[i].area_px;
	qsort(area, (size_t)n, sizeof(*area), larger_first);
	least = area[max - 1];
	free(area);
	return least;
}

static int number_blobs(struct mask_blobs *b, struct mask_blob *blob, int max)
{
	int all = 0, n = 0, least = 0;

	for (int i = 0; i < (int)b->run.n; i++)
		all += b->run.v[i].set && b->run.v[i].up == i;
	if (all > max)
		least = least_of_largest(b, all, max);
	for (int i = 0; i < (int)b->run.n; i++) {
		struct run *r = &b->run.v[i];

		if (!r->set || r->up != i)
			continue;
		r->blob = n < max && r->area_px >= least ? n++ : -1;
		if (r->blob >= 0)
			blob[r->blob] = (struct mask_blob){ .area_px = 0 };
	}
	return n;
}

int mask_blobs_find(struct mask_blobs *b, const struct image *mask, struct mask_blob *blob,
		    int max)
{
	int n;

	cut(b, mask, (struct mask_box){ 0, 0, mask->w, mask->h });
	n = number_blobs(b, blob, max);
	for (int y = 0; y < mask->h; y++)
		for (int i = b->row[y]; i < b->row[y + 1]; i++) {
			const struct run *r = &b->run.v[i];
			const int k = b->run.v[first_of(b->run.v, i)].blob;
			struct mask_blob *o = &blob[k < 0 ? 0 : k];

			if (!r->set || k < 0)
				continue;
			if (!o->area_px)
				*o = (struct mask_blob){ .x = r->x0, .y = y };
			if (r->x0 < o->x) {
				o->w += o->x - r->x0;
				o->x = r->x0;
			}
			if (r->x1 > o->x + o->w)
				o->w = r->x1 - o->x;
			o->h = y + 1 - o->y;
			o->area_px += r->x1 - r->x0;
		}
	return n;
}
