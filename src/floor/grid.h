/* SPDX-License-Identifier: Apache-2.0 */
/* grid.h -- the floor in cells, and what a person who stands in one covers of the picture.
 *
 * A person is three upright cylinders on one axis (legs, torso, head), 1.72 m high: the picture
 * of Fleuret et al., PAMI 30(2) 2008, with a shape in place of a box. Each is projected through
 * the lens as the hull of its two rims, so that oblique, steep and overhead cameras, rolled and
 * wide-angle ones are all alike.
 */
#ifndef FLOOR_GRID_H
#define FLOOR_GRID_H

#include "floor/lens.h"
#include "types.h"

#define GRID_PERSON_M 1.72

/* Columns x0 <= x < x1 of one row, inside the picture; x1 <= x0: none. */
struct grid_span {
	int16_t x0, x1;
};

struct grid_cell {
	struct pt_m at;
	struct pt_px foot;     /* pixels of the analysis picture */
	struct box_px box;     /* of the person; may stick out of the picture */
	int col, row;          /* in the lattice of cells */
	int y0, n_rows;        /* rows of the picture */
	int first;             /* of n_rows spans */
	int area;              /* pixels, as if the picture had no edges */
	int visible;           /* of them inside the picture */
	struct box_px clipped; /* the spans' box: whole pixels */
};

struct grid {
	double step_m;
	int cols, rows;
	int *at; /* cols x rows: index of the cell, or -1 */
	struct grid_cell *cell;
	int n;
	struct grid_span *span;
};

/* Cells of step_m where a person is at least min_px high and for the most part in the picture
 * of w x h pixels. lens is of the camera's full picture, of which the analysis picture is the
 * top left, factor pixels to one. Free with grid_clear(). */
void grid_init(struct grid *g, const struct lens *lens, int img_w, int img_h, int w, int h,
	       int factor, double step_m, double min_px);
void grid_clear(struct grid *g); /* an all-zero one is allowed */

/* The cell of the lattice, or NULL. */
const struct grid_cell *grid_at(const struct grid *g, int col, int row);

#endif
