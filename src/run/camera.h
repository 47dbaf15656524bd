/* SPDX-License-Identifier: Apache-2.0 */
/* camera.h -- one camera's line: a frame in, who was seen out.
 *
 * 'run' calls it from a thread per camera, 'replay' and the tests from a loop; the answer is
 * the same. It reads no clock for its results and takes no lock.
 */
#ifndef RUN_CAMERA_H
#define RUN_CAMERA_H

#include "base/prof.h"
#include "conf/conf.h"
#include "floor/map.h"
#include "types.h"
#include "video/image.h"

/* One frame's outcome. Arrays are the camera's, valid until its next step. */
struct camera_out {
	/* All live tracks, confirmed or not, ordered by id; analysis pixels. */
	const struct track *track;
	int n_track;
	/* Confirmed tracks on the floor, seen in this frame; and, once, the earlier frames of a
	 * track that became confirmed in it (their t_us says which). heat_cell[i] belongs to
	 * sighting[i]. */
	const struct sighting *sighting;
	const int *heat_cell;
	int n_sighting;
	const struct image *mask; /* 255: foreground; an analysis picture */
	const struct image
		*sharp;        /* the mask with specks, feet and hair (foreground_sharp()) */
	int factor;            /* camera pixels per analysis pixel */
	const struct map *map; /* from analysis pixels to the floor */
};

struct camera;

/* index: goes into sightings. conf and calib (NULL: none) must live as long as the camera. */
struct camera *camera_new(const struct conf *conf, const struct calib *calib, int index);
void camera_free(struct camera *c); /* NULL is allowed */

/* Before the first frame: *scene is the empty scene as an analysis picture of camera pictures
 * of img_w x img_h; copied. It is used when the first frame has that size and the background
 * model can start from a picture. */
void camera_seed(struct camera *c, int img_w, int img_h, const struct yuv *scene);

/* Whether a frame has the shape (aspect ratio, within 1 %) of those before it: in another,
 * lines and zones would lie elsewhere. Any frame fits a new camera. */
bool camera_fits(const struct camera *c, const struct frame *f);

/* One frame, which must fit. One of another size than before restarts background and tracks.
 * Errors are those of the background model. */
int camera_step(struct camera *c, const struct frame *f, struct camera_out *out,
		struct err *err);

/* How far back in time a newly confirmed track's sightings can reach, seconds. */
double camera_late_s(const struct camera *c);

/* The people-free plate as a PNG, the caller's to free. Returns the share of the picture that
 * is proven to be empty scene, 0..1 (0: no picture, *png NULL), or an error. */
double camera_plate_png(const struct camera *c, uint8_t **png, size_t *len, struct err *err);

struct prof *camera_prof(struct camera *c);

#endif
