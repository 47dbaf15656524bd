/* SPDX-License-Identifier: Apache-2.0 */
/* mcw_shift.h -- has the camera been moved? By how many pixels the picture lies off the model.
 *
 * Compared are the edges' sums by column and by row: they slide when the camera is bumped, and
 * people and light change them little.
 */
#ifndef VISION_MCW_SHIFT_H
#define VISION_MCW_SHIFT_H

#include "video/image.h"

#include <stdbool.h>

#define SHIFT_MAX 8 /* pixels: more is not a bump */

/* Of a picture: edges by column (w numbers), then by row (h numbers). */
struct shift_sums {
	int w, h;
	int *v;
};
void shift_sums_init(struct shift_sums *s, int w, int h);
void shift_sums_clear(struct shift_sums *s);
void shift_sums_measure(struct shift_sums *s, const struct image *luma);

struct shift_found {
	int dx, dy; /* a lies so many pixels right of and below b, within SHIFT_MAX */
	bool clear; /* far better so than not shifted; false: dx and dy are 0 */
	bool alike; /* at dx, dy the two are of the same scene */
};
/* Pictures of less than 64 pixels either way are always alike. */
struct shift_found shift_find(const struct shift_sums *a, const struct shift_sums *b);

#endif
