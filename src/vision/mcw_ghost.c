/* SPDX-License-Identifier: Apache-2.0 */
/* mcw_ghost.c -- is it a thing in front of the scene, or a hole where a thing was? */
#include "vision/mcw_ghost.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum {
	MIN_AREA = 40,
	MIN_PAIRS = 20,         /* places along the outline with surroundings in sight, */
	MIN_PAIRS_PERCENT = 25, /* and of the whole outline */
	AWAY = 3, /* outlines are soft: the surroundings begin so many pixels outside */
	CAP = 60, /* of one pair's contrast: a single edge must not decide */
	BETTER_PERCENT = 75,
};

/* What a pixel of doubt becomes on the way. */
enum { NO = 0, HERE = 1, GHOST = 2, THING = 3, IN_DOUBT = 255 };

struct region {
	const struct image *doubt, *covered;
	const struct yuv *picture, *model;
	int64_t contrast_picture, contrast_model;
	int outline, pairs; /* places along the outline; with surroundings */
};

static const int dirs[4][2] = { { 1, 0 }, { -1, 0 }, { 0, 1 }, { 0, -1 } };

static bool inside(const struct image *im, int x, int y)
{
	return x >= 0 && y >= 0 && x < im->w && y < im->h;
}

static int contrast(const struct yuv *p, int ax, int ay, int bx, int by)
{
	int d = abs(image_row(&p->y, ay)[ax] - image_row(&p->y, by)[bx]) +
		abs(image_row(&p->u, ay)[ax] - image_row(&p->u, by)[bx]) +
		abs(image_row(&p->v, ay)[ax] - image_row(&p->v, by)[bx]);

	return d < CAP ? d : CAP;
}

static void compare_across(struct region *r, int x, int y, int dx, int dy)
{
	int qx = x + AWAY * dx, qy = y + AWAY * dy, px = x - dx, py = y - dy;

	if (inside(r->doubt, x + dx, y + dy) && image_row(r->doubt, y + dy)[x + dx] == HERE)
		return;
	r->outline++;
	if (!inside(r->doubt, qx, qy))
		return;
	for (int k = 1; k <= AWAY; k++)
		if (image_row(r->doubt, y + k * dy)[x + k * dx] != NO ||
		    image_row(r->covered, y + k * dy)[x + k * dx])
			return;
	if (!inside(r->doubt, px, py) || image_row(r->doubt, py)[px] != HERE) {
		px = x;
		py = y;
	}
	r->contrast_picture += contrast(r->picture, px, py, qx, qy);
	r->contrast_model += contrast(r->model, px, py, qx, qy);
	r->pairs++;
}

/* Marks the component at x, y as HERE and lists its pixels in work. */
static int flood(struct image *doubt, int x, int y, int *work)
{
	int n = 1;

	work[0] = y * doubt->w + x;
	image_row(doubt, y)[x] = HERE;
	for (int i = 0; i < n; i++)
		for (int d = 0; d < 4; d++) {
			int xx = work[i] % doubt->w + dirs[d][0];
			int yy = work[i] / doubt->w + dirs[d][1];

			if (!inside(doubt, xx, yy) || image_row(doubt, yy)[xx] != IN_DOUBT)
				continue;
			image_row(doubt, yy)[xx] = HERE;
			work[n++] = yy * doubt->w + xx;
		}
	return n;
}

static bool is_ghost(struct region *r, const int *pixels, int n)
{
	if (n < MIN_AREA)
		return false;
	r->contrast_picture = r->contrast_model = r->outline = r->pairs = 0;
	for (int i = 0; i < n; i++)
		for (int d = 0; d < 4; d++)
			compare_across(r, pixels[i] % r->doubt->w, pixels[i] / r->doubt->w,
				       dirs[d][0], dirs[d][1]);
	return r->pairs >= MIN_PAIRS && r->pairs * 100 >= r->outline * MIN_PAIRS_PERCENT &&
	       r->contrast_picture * 100 < r->contrast_model * BETTER_PERCENT;
}

/* The component at x, y becomes GHOST or THING; which one is told. */
static bool judge(struct region *r, struct image *doubt, int x, int y, int *work)
{
	int n = flood(doubt, x, y, work);
	bool ghost = is_ghost(r, work, n);

	for (int i = 0; i < n; i++)
		image_row(doubt, work[i] / doubt->w)[work[i] % doubt->w] =
			ghost ? GHOST : THING;
	return ghost;
}

int ghost_find(struct image *doubt, const struct image *covered, const struct yuv *picture,
	       const struct yuv *model, int *work)
{
	struct region r = {
		.doubt = doubt, .covered = covered, .picture = picture, .model = model
	};
	int found = 0;

	for (int y = 0; y < doubt->h; y++) {
		uint8_t *row = image_row(doubt, y), *p;

		while ((p = memchr(row, IN_DOUBT, (size_t)doubt->w)) != NULL)
			found += judge(&r, doubt, (int)(p - row), y, work);
	}
	for (int y = 0; y < doubt->h; y++) {
		uint8_t *row = image_row(doubt, y);

		for (int x = 0; x < doubt->w; x++)
			row[x] = row[x] == GHOST ? IN_DOUBT : NO;
	}
	return found;
}
