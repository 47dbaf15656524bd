/* SPDX-License-Identifier: Apache-2.0 */
/* grid.h -- the floor in cells, and what a person who stands in one covers of the picture.
 *
 * A person is three upright cylinders on one axis (legs, torso, head), 1.72 m high: the picture
 * of Fleuret et al., PAMI 30(2) 2008, with a shape in place of a box. Each is projected through
 * the lens as the hull of its two rims, so that oblique, steep and overhead cameras, rolled and
 * wide-angle ones are all alike. Each is there in three sizes: the core, which the slimmest
 * covers from whatever side he is seen; the shell, which arms and legs reach as they swing; and
 * the usual one between them, whose box is the person's.
 */
#ifndef FLOOR_GRID_H
#define FLOOR_GRID_H

#include "floor/lens.h"
#include "types.h"

#define GRID_PERSON_M 1.72
#define GRID_CORE 4 /* how much more a pixel of the core says than another */

/* Columns x0 <= x < x1 of one row, inside the picture, that a person may cover, and of them
 * those that he covers however he walks, core0 <= x < core1; empty: none. */
struct grid_span {
	int16_t x0, x1, core0, core1;
};

struct grid_cell {
	struct pt_m at;
	struct pt_px foot;     /* pixels of the analysis picture */
	struct pt_px head;     /* the same straight above it, at GRID_PERSON_M */
	double body;           /* pixels of GRID_PERSON_M across the view, at the foot */
	struct box_px box;     /* of the person; may stick out of the picture */
	int col, row;          /* in the lattice of cells */
	int y0, n_rows;        /* rows of the picture */
	int first;             /* of n_rows spans */
	int area;              /* pixels, as if the picture had no edges; the core's count as
				* 1 + GRID_CORE */
	int visible;           /* of them inside the picture */
	struct box_px clipped; /* the spans' box: whole pixels */
};

struct grid {
	struct lens lens;
	double per_px_x, per_px_y; /* of the lens's picture to one of the analysis picture */
	double step_m;
	int cols, rows;
	int *at; /* cols x rows: index of the cell, or -1 */
	struct grid_cell *cell;
	int n;
	struct grid_span *span;
};

struct grid_opts {
	int img_w, img_h; /* the camera's full picture, which the lens is of */
	int w, h, factor; /* the analysis picture: its top left, factor pixels to one */
	double step_m;    /* of the cells; coarser where they would be too many */
	double min_px;    /* smaller people are not looked for */
};

/* Cells where a person is large enough and enough of him is in the picture. Free with
 * grid_clear(). */
void grid_init(struct grid *g, const struct lens *lens, const struct grid_opts *o);
void grid_clear(struct grid *g); /* an all-zero one is allowed */

/* Where somebody who stands at a place has his foot, cell or not, and how many pixels
 * GRID_PERSON_M are there across the view. False, and nothing written, where the lens does not
 * reach. */
bool grid_place(const struct grid *g, struct pt_m at, struct pt_px *foot, double *body);

/* The cell of the lattice, or NULL. */
const struct grid_cell *grid_at(const struct grid *g, int col, int row);

#endif
