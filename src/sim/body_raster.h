/* SPDX-License-Identifier: Apache-2.0 */
/* body_raster.h -- limbs as discs and hulls in the picture, and hulls as pixels. For body_*.c.
 *
 * A limb is seen as the convex hull of two discs, its balls' pictures: exact for a ball on the
 * camera's axis, and good wherever a ball is small against its distance. A row of it is what
 * discs and tangents cover. Along a row, the way along the limb (t, 0 at ball a, 1 at ball b)
 * and across it (s, in radii) change linearly. A limb is a ball on its way from a to b: the
 * surface at a pixel belongs to the ball that is nearest to the camera there. When the limb
 * leans by angle l out of the picture, that is the one which is sqrt(1 - s^2) r tan(l) nearer
 * along the limb, or the end. Depth and light are that ball's. Pixels are worked out in
 * stretches, without branches, in single precision: + - * and square root only, the same bits
 * from any compiler.
 */
#ifndef SIM_BODY_RASTER_H
#define SIM_BODY_RASTER_H

#include "sim/body_parts.h"

#define DEPTH_UNITS 500.0 /* of the canvas, per metre */

/* A ball's picture. */
struct disc {
	double x, y, r;   /* pixels */
	double z, m;      /* metres: along the axis, radius */
	struct pt_room c; /* in the camera's axes */
};

/* Two discs of which none holds the other, or one disc twice (then d is 1). */
struct hull {
	struct disc a, b;
	double d, ex, ey; /* from a to b: pixels, direction */
	/* The two tangents: where they begin, rows until which, and columns per row. */
	double x0[2], y0[2], y1[2], slope[2];
};

/* What the pixels of a hull need. */
struct brush {
	float dt, dc;           /* from pixel to pixel: along; across in pixels */
	float ira, dir;         /* 1 / radius in pixels: at a, and the change to b */
	float nearer;           /* t of the ball that is seen in the middle, less t */
	float over, dover;      /* from t to radii: at a, and the change to b */
	float z, dz, r, dr;     /* depth and radius in units of depth: at a, change to b */
	float light, most;      /* brightness, 256 = 1; its limit; how it changes */
	float side, end, front; /* across, along, and towards the camera */
	int y, u, v;            /* less 16, 128, 128 */
	enum cloth cloth;
	int deep;         /* how dark the pattern is, 256 = black */
	float rows, cols; /* cells of the pattern: along, and in a radian around */
	float turn;       /* cells around at the middle */
	uint16_t owner;
};

/* Some pixels of a row. */
#define STRETCH 64
struct stretch {
	int z[STRETCH], light[STRETCH];
	float at[STRETCH], across[STRETCH]; /* t of the ball that is seen; s */
};

/* What of a limb is seen: a hull; or both balls, when it points at the camera; or nothing. */
int hulls_of(const struct lens *lens, const struct limb *l, struct hull h[2]);
/* The rows of a picture h high that a hull can touch: from .. to - 1. */
void hull_lines(const struct hull *hull, int h, int *from, int *to);
/* The pixels from .. to - 1 of row y, of w, whose centres lie in a hull; false: none. */
bool hull_columns(const struct hull *h, int y, int w, int *from, int *to);

/* Depth and light of n <= STRETCH pixels, or up to three more, the first at t and c (pixels).
 */
void body_form(const struct brush *b, float t, float c, int n, struct stretch *to);

#endif
