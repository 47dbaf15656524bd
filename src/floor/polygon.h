/* SPDX-License-Identifier: Apache-2.0 */
/* polygon.h -- inside, across, how far: exact where counting depends on it.
 *
 * Coordinates are rounded to a grid of 2^-20 floor units before any predicate, and predicates
 * are integer arithmetic with a symbolic perturbation for points exactly on a line
 * (Edelsbrunner & Muecke, "Simulation of Simplicity", 1990): a path that runs exactly through a
 * vertex crosses once, never twice and never not at all.
 *
 * The perturbation: every point of a path, and every point asked about, is moved by (e, e^2)
 * for one e > 0 that is smaller than any number; lines and zones stay. As all points move
 * together, what is computed is the truth about one real configuration in which nothing touches
 * anything. So sums over the steps of a path are exact: for a closed polyline they are the
 * change of polygon_inside(), and a path that is reversed, or a line that is, negates them.
 */
#ifndef FLOOR_POLYGON_H
#define FLOOR_POLYGON_H

#include "types.h"

/* Coordinates beyond +-POLYGON_LIMIT floor units are taken for the limit, so that no product
 * of two differences leaves 64 bits. */
#define POLYGON_LIMIT 1023.0

/* Net crossings of the polyline v[0..n-1] by the step from a to b: +1 for each segment crossed
 * from its left to its right ("in", types.h), -1 for each from right to left. Left and right as
 * seen on a picture with y down (picture floor) or a plan with y up (metric): y_down says
 * which.
 *
 * Picture: a line drawn from the left edge to the right edge; "in" is down the picture, towards
 * the camera. (0,.5) -> (1,.5), step (.5,.4) -> (.5,.6) with y_down: +1.
 * Plan: a line drawn from west to east; "in" is to the south.
 * (0,0) -> (4,0), step (2,1) -> (2,-1) without y_down: +1. Both are the same turn to the eye.
 */
int polyline_cross(const struct pt_floor *v, int n, struct pt_floor a, struct pt_floor b,
		   bool y_down);
/* Distance from p to the nearest point of the polyline, floor units. */
double polyline_distance(const struct pt_floor *v, int n, struct pt_floor p);
double polyline_length(const struct pt_floor *v, int n);
/* Whether p lies in the closed polygon (even-odd rule); a point exactly on the edge is on one
 * definite side, and of two polygons that share an edge exactly one has it. */
bool polygon_inside(const struct pt_floor *v, int n, struct pt_floor p);
double polygon_distance(const struct pt_floor *v, int n, struct pt_floor p); /* to the edge */
double polygon_area(const struct pt_floor *v, int n);
/* No two edges cross or touch, but neighbours in their common corner; no edge without length.
 */
bool polygon_simple(const struct pt_floor *v, int n);

#endif
