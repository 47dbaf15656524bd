/* SPDX-License-Identifier: Apache-2.0 */
/* lens.h -- a camera over the floor: where a point of the room is in the picture, and back.
 *
 * A pinhole with square pixels and one radial coefficient (Brown, "Close-Range Camera
 * Calibration", 1971): a ray at x, y (in focal lengths off the axis) is seen at
 * x (1 + k1 r^2), y (1 + k1 r^2), r^2 = x^2 + y^2. Wide lenses have k1 < 0 (barrel).
 *
 * The room: x east, y north (types.h, _m), z up, the floor at z = 0. The camera's own axes: x
 * right, y down, z into the picture. Pixels are of the camera's full picture; the centre of the
 * pixel in column i and row j is (i + 0.5, j + 0.5).
 */
#ifndef FLOOR_LENS_H
#define FLOOR_LENS_H

#include "types.h"

#include <stdbool.h>

struct pt_room {
	double x, y, z;
};

struct lens {
	int w, h;      /* picture, pixels */
	double f_px;   /* focal length */
	double cx, cy; /* principal point */
	double k1;
	double r2_max; /* beyond this r^2 the distortion folds back: nothing is seen there */
	struct pt_room at; /* of the camera */
	double turn[9];    /* room to camera axes, row by row */
};

/* A camera at `at` that looks at `to`, picture w x h with hfov_deg horizontally (of the
 * undistorted picture), rolled clockwise by roll_deg as seen from behind the camera. Looking
 * straight down, north is up in the picture. `to` differs from `at`. */
void lens_look(struct lens *l, int w, int h, double hfov_deg, double k1, struct pt_room at,
	       struct pt_room to, double roll_deg);

/* How a camera is turned, degrees: its axis below the horizon and clockwise from north, and
 * roll as of lens_look(). Straight down, heading is 0. */
struct lens_pose {
	double tilt, heading, roll;
};
struct lens_pose lens_pose(const struct lens *l);
/* Horizontal angle of view without distortion, degrees. */
double lens_hfov(const struct lens *l);
/* The same camera's pictures, w pixels wide: pixels are counted anew, nothing else changes. */
void lens_resize(struct lens *l, int w);

/* Into the camera's axes, metres. */
struct pt_room lens_to_camera(const struct lens *l, struct pt_room p);

/* Where p is seen, pixels; it may lie outside the picture. depth: along the axis, metres; may
 * be NULL. False (and nothing written) when p is behind the camera, nearer than 1 cm, or
 * farther out than the lens reaches. */
bool lens_project(const struct lens *l, struct pt_room p, double px[2], double *depth);

/* The floor point seen at a pixel; false at or above the horizon. */
bool lens_floor(const struct lens *l, double px, double py, struct pt_m *at);
/* The direction of the ray through a pixel, of length 1, in the room's axes. False where the
 * lens does not reach. */
bool lens_ray(const struct lens *l, double px, double py, struct pt_room *dir);

#endif
