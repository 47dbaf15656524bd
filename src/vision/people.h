/* SPDX-License-Identifier: Apache-2.0 */
/* people.h -- people from a mask. One camera, one frame, no memory of the last.
 *
 * On a calibrated floor people are looked for where they can stand, and as large as they are
 * there (pom.h).
 *
 * An uncalibrated camera's people get smaller towards the horizon; how tall a person is at a
 * row is learned from lone walkers (struct people keeps that prior), so that fragments of one
 * person are put together and blobs of several are taken apart.
 */
#ifndef VISION_PEOPLE_H
#define VISION_PEOPLE_H

#include "floor/grid.h"
#include "types.h"
#include "video/image.h"

struct people_opts {
	double min_height; /* of a person, share of the picture's height */
	double max_height;
	int max_people; /* at once; the best are kept */
};
#define PEOPLE_OPTS_DEFAULT \
	{ \
		.min_height = 0.04, .max_height = 0.95, .max_people = 64 \
	}

struct people;
/* For masks of w x h. grid: the floor of a calibrated camera, which must live as long, or
 * NULL. */
struct people *people_new(const struct people_opts *o, int w, int h, const struct grid *grid);
void people_free(struct people *p); /* NULL is allowed */

/* mask: 0/255, w x h. expected: not 0 where the tracker expects people, of the same size, or
 * NULL; looked at with a grid only. *det: the detections, ordered by foot y then x, owned by p
 * until its next step. Returns how many. */
int people_step(struct people *p, const struct image *mask, const struct image *expected,
		const struct detection **det);

#endif
