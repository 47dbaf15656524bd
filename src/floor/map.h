/* SPDX-License-Identifier: Apache-2.0 */
/* map.h -- from a camera's pixels to the floor that its lines and zones are drawn on. */
#ifndef FLOOR_MAP_H
#define FLOOR_MAP_H

#include "base/err.h"
#include "floor/lens.h"
#include "floor/plan.h"
#include "types.h"

/* A camera's calibration, schema calib/camera.schema.json: a homography from the full picture
 * (relative, 0..1) to floor metres. Other camera models become one of these when read. */
struct calib {
	double floor_from_img[9]; /* row by row: X = (h0 x + h1 y + h2) / (h6 x + h7 y + h8),
				     ... */
};
/* ERR_FORMAT, ERR_RANGE: a matrix that maps the picture to a line, or shows the floor as in a
 * mirror (then every "in" would be an "out"); point pairs that do not fit one another. */
int calib_read(struct calib *out, const char *path, struct err *err);
/* The homography that comes nearest to a lens: in least squares over those of the n floor
 * points that the picture shows. *off_m: the farthest that it puts one of them from its place,
 * which is rounding unless the lens distorts. ERR_RANGE when they do not determine one. */
int calib_of_lens(struct calib *out, const struct lens *l, const struct pt_m *at, int n,
		  double *off_m, struct err *err);

struct map;

/* calib may be NULL: then the floor is the picture, in picture heights (see types.h).
 * img_w x img_h: the camera's full picture; w x h: the analysis picture, factor: full pixels
 * per analysis pixel. Free with map_free(). */
struct map *map_new(const struct calib *calib, int img_w, int img_h, int w, int h, int factor);
void map_free(struct map *m);         /* NULL is allowed */
bool map_metric(const struct map *m); /* floor units are metres */

/* Foot point and body width of a track point on the floor. body is 0.5 m when metric (a
 * person's width does not depend on how well the mask saw it), else the box's width. False when
 * the point is at or above the horizon. */
bool map_locate(const struct map *m, const struct track_point *p, struct pt_floor *at,
		double *body);

/* A place's points on this map's floor, n of them into out[PLAN_MAX_POINTS]. ERR_STATE when
 * the place is in metres and the camera is not calibrated; ERR_RANGE when a point lies at or
 * above the horizon. */
int map_place(const struct map *m, const struct place *p, struct pt_floor *out,
	      struct err *err);

/* Whether the picture shows any of a place: a line's points, or a zone's edge or all of a
 * picture within it. */
bool map_shows(const struct map *m, enum place_kind kind, const struct pt_floor *v, int n);

/* The heat-map cell (types.h) of a track point's foot, or -1 outside the picture. */
int map_heat_cell(const struct map *m, const struct track_point *p);

#endif
