/* SPDX-License-Identifier: Apache-2.0 */
/* background.h -- what belongs to the scene and what does not: one mask per frame. */
#ifndef VISION_BACKGROUND_H
#define VISION_BACKGROUND_H

#include "base/err.h"
#include "video/image.h"

/* Feedback of the tracker, a byte per pixel, for the next frame. FEEDBACK_IGNORE holds for
 * every backend; those of OpenCV (knn, mog2) have no rate per pixel and ignore the other two.
 */
enum feedback {
	FEEDBACK_PROTECT = 1 << 0, /* under a live track: nothing is absorbed */
	FEEDBACK_ABSORB = 1 << 1,  /* a ghost: take it over now */
	FEEDBACK_IGNORE = 1 << 2,  /* never foreground */
};

struct background_opts {
	char *backend;    /* name in backends[], "mcw" */
	double absorb_s;  /* something new that stands still is scene after about this long */
	double threshold; /* squared distance from the model; 0: the backend's own */
};
#define BACKGROUND_OPTS_DEFAULT \
	{ \
		.backend = "mcw", .absorb_s = 60, .threshold = 0 \
	}

/* What the camera itself did since the model was new. */
struct background_moves {
	int bumps;  /* times that the camera was knocked by a few pixels and the model moved
		       along */
	int dx, dy; /* of all those together: the scene now lies so many pixels further */
	/* The camera looks elsewhere: lines and zones lie wrong until this is false again. */
	bool moved;
};

/* One backend. To add one, write a file and name it in background.c's backends[]. */
struct background_kind {
	const char *name;
	const char *help;
	void *(*open)(const struct background_opts *o, int w, int h, struct err *err);
	/* As background_step; dt_s is the time since the frame before, 0 at first. */
	int (*step)(void *priv, double dt_s, const struct yuv *in, const struct image *feedback,
		    struct image *mask, struct err *err);
	int (*plate)(void *priv, struct yuv *out, struct err *err);
	void (*close)(void *priv);
	/* Optional: starts anew from a picture of the empty scene, without a bootstrap. */
	void (*seed)(void *priv, const struct yuv *plate);
	/* Optional: as background_correct(). */
	void (*correct)(void *priv, const struct yuv *scene, const struct image *where);
	/* Optional: as background_moved(). */
	struct background_moves (*moved)(void *priv);
	/* Optional, all three or none: the model as bytes, as many as state_size says, which
	 * depends on w and h only. load: false, and nothing changes, when they make no sense.
	 */
	size_t (*state_size)(void *priv);
	void (*save)(void *priv, uint8_t *to);
	bool (*load)(void *priv, const uint8_t *from);
};

struct background;

/* w x h: the analysis picture. NULL and *err when the backend is not known (the message lists
 * those that are) or refuses. */
struct background *background_new(const struct background_opts *o, int w, int h,
				  struct err *err);
void background_free(struct background *bg); /* NULL is allowed */

/* One frame. in and mask are w x h; feedback is, too, or NULL. mask becomes 255 for foreground
 * and 0 for background (shadows may still be foreground). In the very first frame all is 0,
 * unless the model was seeded.
 * t_us must rise; ERR_STATE if not. */
int background_step(struct background *bg, int64_t t_us, const struct yuv *in,
		    const struct image *feedback, struct image *mask, struct err *err);

/* Before the first frame: plate, w x h, is the empty scene (see lookahead.h). False, and
 * nothing happens, when the backend cannot start from one. */
bool background_seed(struct background *bg, const struct yuv *plate);

/* Whether it was seeded, or cannot be told what the scene is anyway. */
bool background_knows_scene(const struct background *bg);

/* Between frames: where is not 0, scene is the scene, all w x h, in the model's own light (that
 * of background_plate()). False, and nothing happens, when the backend cannot be told. */
bool background_correct(struct background *bg, const struct yuv *scene,
			const struct image *where);

/* All zero with a backend that does not look for it. A move shows after some seconds. */
struct background_moves background_moved(const struct background *bg);

/* The model as bytes, the caller's to free: what background_load() goes on from, as if there
 * had been no end. ERR_STATE when the backend has no such form. */
int background_save(const struct background *bg, uint8_t **buf, size_t *len, struct err *err);
/* From now on bg is the model that was saved. Times go on, too: the next frame may be the first
 * after the saved one, or any when that is not later. Nothing changes on failure: ERR_FORMAT
 * (no saved model, another version of the form, damaged), ERR_RANGE (another size), ERR_STATE
 * (another backend, or one without such a form). */
int background_load(struct background *bg, const uint8_t *buf, size_t len, struct err *err);

/* The model's present picture of the scene; costs about as much as a step. */
int background_plate(struct background *bg, struct yuv *out, struct err *err);

/* Names and help of the backends, for the manual: n-th or NULL. */
const struct background_kind *background_kind(int n);

#endif
