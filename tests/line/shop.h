/* SPDX-License-Identifier: Apache-2.0 */
/* shop.h -- for tests of a camera's line over hours: a small simulated shop, its pictures with
 * its people and without, and the line that watches it.
 */
#ifndef TESTS_LINE_SHOP_H
#define TESTS_LINE_SHOP_H

#include "run/camera.h"
#include "sim/crowd.h"
#include "sim/view.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

struct shop {
	struct scene *scene;
	struct crowd *crowd;
	struct view *view;
	struct conf conf;
	struct camera *camera;
	struct frame now, empty; /* the picture of the last step; and without people */
	struct camera_out out;   /* of the last step */
	int64_t index;           /* of the next picture */
	double t_s;              /* of the last one, since the start */
	/* Draws into each picture what the camera burns into it; NULL: nothing. */
	void (*burn)(struct frame *f, double t_s);
};

/* A floor of 10 x 8 m with walls and shelves, one camera of 320x180 that sees all of it, nobody
 * there. people: the rest of the scene's file. */
void shop_open(struct shop *s, const char *people);
void shop_close(struct shop *s);

/* One picture further. */
void shop_step(struct shop *s);
/* Pictures up to and with the one at t_s. */
void shop_until(struct shop *s, double t_s);
/* 255 where the last picture shows a person; image_clear() frees. */
void shop_people(struct shop *s, struct image *where);
/* The share of where's pixels that are foreground now. */
double shop_share(const struct shop *s, const struct image *where);

#endif
