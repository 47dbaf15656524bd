/* SPDX-License-Identifier: Apache-2.0 */
/* tsai.h -- camera files in the form of Tsai's calibration, as research footage comes with.
 *
 * R. Tsai, "A versatile camera calibration technique for high-accuracy 3D machine vision
 * metrology using off-the-shelf TV cameras and lenses", IEEE J. Robotics and Automation 3(4),
 * 1987. The XML is that of the PETS data sets and of R. Willson's program: elements Geometry,
 * Intrinsic and Extrinsic with attributes; lengths in millimetres, angles in radians.
 */
#ifndef FLOOR_TSAI_H
#define FLOOR_TSAI_H

#include "base/err.h"
#include "floor/lens.h"

#include <stddef.h>

/* text of len bytes, followed by a 0. Two things are not taken over as they are: pixels that
 * are not square are made so (*out is of a larger picture of the same shape; relative
 * coordinates are the same), and the distortion, which Tsai writes as a polynomial of the
 * distorted radius, is fitted by one of the undistorted (lens.h). ERR_FORMAT names the
 * attribute that is missing or no number, ERR_RANGE one that no camera has or a lens that does
 * not fit within half a pixel. */
int tsai_parse(struct lens *out, const char *text, size_t len, struct err *err);

#endif
