/* SPDX-License-Identifier: Apache-2.0 */
/* map.h -- from a camera's pixels to the floor that its lines and zones are drawn on. */
#ifndef FLOOR_MAP_H
#define FLOOR_MAP_H

#include "base/err.h"
#include "floor/lens.h"
#include "floor/plan.h"
#include "types.h"

/* A camera's calibration, schema calib/camera.schema.json: where the floor is in its picture.
 */
struct calib {
	/* A homography from the full picture (relative, 0..1) to floor metres, row by row:
	 * X = (h0 x + h1 y + h2) / (h6 x + h7 y + h8), ... Not used when there is a lens. */
	double floor_from_img[9];
	/* The camera itself, for pictures of any size of the same shape. */
	bool has_lens;
	struct lens lens;
};
/* ERR_FORMAT, ERR_RANGE: a matrix that maps the picture to a line, or shows the floor as in a
 * mirror (then every "in" would be an "out"); point pairs that do not fit one another; a camera
 * that does not see the floor at the bottom of its picture. ERR_STATE: a lens without a place.
 * Files in Tsai's form are read, too (tsai.h). */
int calib_read(struct calib *out, const char *path, struct err *err);
/* The same from text of len bytes, which must be followed by a 0. */
int calib_parse(struct calib *out, const char *text, size_t len, struct err *err);

/* What both say of a calibration that does not show the floor from above, ERR_RANGE; else 0. */
int calib_check(const struct calib *c, struct err *err);

/* All that the numbers depend on, as canonical JSON text (the caller frees). */
char *calib_text(const struct calib *c);

/* The calibration as a file of calib/camera.schema.json (the caller frees); calib_parse() makes
 * the same of it, but for rounding. */
char *calib_json(const struct calib *c);

/* A lens without a place, from a file's "lens" or "camera" or one in Tsai's form: only w, h,
 * f_px, cx, cy, k1 and r2_max are set, the rest is 0. */
int calib_read_lens(struct lens *out, const char *path, struct err *err);
/* Such a file, for calib_read_lens() alone (the caller frees). */
char *calib_lens_json(const struct lens *l);

/* Where the full picture shows a floor point (relative; it may be outside 0..1). False when
 * that is behind the camera, or beyond what its lens can be said to show. */
bool calib_project(const struct calib *c, struct pt_m p, struct pt_img *at);

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
