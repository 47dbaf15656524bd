/* SPDX-License-Identifier: Apache-2.0 */
/* size_prior.h -- how tall a person is in the picture, by where the feet are.
 *
 * On a flat floor the height in pixels is nearly linear in the foot's row: h = a + b y. The
 * line is fitted to lone walkers, by medians, so that a few groups, cars or halves of people
 * among them do no harm. Where a band of rows has seen enough of its own (a wide lens bends the
 * line, a shelf hides legs), its own median counts.
 */
#ifndef VISION_SIZE_PRIOR_H
#define VISION_SIZE_PRIOR_H

#include <stdbool.h>

#define PRIOR_BANDS 12
#define PRIOR_KEPT 48 /* of the last samples per band */

struct prior_band {
	int n, next;
	float foot[PRIOR_KEPT], height[PRIOR_KEPT];
	float last_x, last_y; /* of the newest sample */
};

/* All zero but rows to start with. */
struct size_prior {
	int rows; /* of the picture */
	struct prior_band band[PRIOR_BANDS];
	int added;
	bool known;
	double a, b;
	double off[PRIOR_BANDS]; /* what a band's median is above the line */
};

/* A lone person's foot point and height. One that has not moved since its band's last sample
 * tells nothing new and is left out. */
void size_prior_add(struct size_prior *p, double foot_x, double foot_y, double height);

/* Pixels; 0 while too little is known, and where the line says that nobody can stand. */
double size_prior_height(const struct size_prior *p, double foot_y);

/* Whether lone walkers were measured near that row, or on both sides of it: a height from far
 * outside of what was seen is a guess. */
bool size_prior_sure(const struct size_prior *p, double foot_y);

#endif
