/* SPDX-License-Identifier: Apache-2.0 */
/* polygon.h -- inside, across, how far: exact where counting depends on it.
 *
 * Coordinates are rounded to a grid of 2^-20 floor units before any predicate, and predicates
 * are integer arithmetic with a symbolic perturbation for points exactly on a line
 * (Edelsbrunner & Muecke, "Simulation of Simplicity", 1990): a path that runs exactly through a
 * vertex crosses once, never twice and never not at all.
 */
#ifndef FLOOR_POLYGON_H
#define FLOOR_POLYGON_H

#include "types.h"

/* Net crossings of the polyline v[0..n-1] by the step from a to b: +1 for each segment crossed
 * from its left to its right ("in", types.h), -1 for each from right to left. Left and right as
 * seen on a picture with y down (picture floor) or a plan with y up (metric): y_down says
 * which. */
int polyline_cross(const struct pt_floor *v, int n, struct pt_floor a, struct pt_floor b,
		   bool y_down);
/* Distance from p to the nearest point of the polyline, floor units. */
double polyline_distance(const struct pt_floor *v, int n, struct pt_floor p);
/* Whether p lies in the closed polygon (even-odd rule); a point exactly on the edge is on one
 * definite side, and of two polygons that share an edge exactly one has it. */
bool polygon_inside(const struct pt_floor *v, int n, struct pt_floor p);
double polygon_distance(const struct pt_floor *v, int n, struct pt_floor p); /* to the edge */
double polygon_area(const struct pt_floor *v, int n);
bool polygon_simple(const struct pt_floor *v, int n); /* no two edges cross */

#endif
