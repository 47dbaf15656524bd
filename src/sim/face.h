/* SPDX-License-Identifier: Apache-2.0 */
/* face.h -- the flat pieces that a simulated store is made of, and rays that meet them. */
#ifndef SIM_FACE_H
#define SIM_FACE_H

#include "floor/lens.h"
#include "sim/scene.h"

/* What a face is painted with (paint.h). */
enum paint {
	PAINT_PLAIN = 1,
	PAINT_FLOOR,
	PAINT_GROUND,
	PAINT_WALL,
	PAINT_GLASS,  /* seen through between its frames */
	PAINT_GOODS,  /* shelf boards with goods on them */
	PAINT_DOOR,   /* a closed door */
	PAINT_LEAVES, /* of a plant, with holes */
	PAINT_LAMP,
};

/* An upright sheet from at[0] to at[1] between z0 and z1; or, level, a convex polygon of four
 * corners (counter-clockwise) at z1. */
struct face {
	bool level;
	struct pt_m at[4];
	double z0, z1;
	enum paint paint;
	struct colour colour;
	uint64_t seed;
	int x0, y0, x1, y1; /* pixels that it may be seen in, from face_bound() */
};

struct faces { /* a VEC */
	struct face *v;
	size_t n, cap;
};

void faces_sheet(struct faces *f, struct pt_m a, struct pt_m b, double z0, double z1,
		 enum paint paint, struct colour colour, uint64_t seed);
void faces_level(struct faces *f, const struct pt_m corner[4], double z, enum paint paint,
		 struct colour colour, uint64_t seed);
/* Four sides and a lid. goods: shelf boards on the two long sides. */
void faces_box(struct faces *f, const struct pt_m corner[4], double z0, double z1, bool goods,
	       struct colour colour, uint64_t seed);
/* Works out where in the picture each face may be. */
void faces_bound(struct faces *f, const struct lens *lens);

struct ray {
	struct pt_room from, dir; /* dir: of length 1 */
};

struct hit {
	const struct face *face; /* NULL: nothing */
	double far;              /* along the ray, m */
	double s;                /* along an upright sheet, m from at[0] */
	struct pt_room at;
};

/* The nearest opaque face within those of list[0..n) on the ray; h->far: at most. Whether
 * there is any. Glass is opaque in its frames, plants in their leaves; *glass, unless NULL, is
 * the nearest pane before it. */
bool faces_cast(const struct face *const *list, int n, const struct ray *ray, struct hit *h,
		struct hit *glass);

#endif
