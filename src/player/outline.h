/* SPDX-License-Identifier: Apache-2.0 */
/* outline.h -- the outlines of a mask: what it covers and nothing of what it shows. */
#ifndef PLAYER_OUTLINE_H
#define PLAYER_OUTLINE_H

#include "video/image.h"

struct corner {
	int x, y; /* pixel corners: 0..w, 0..h */
};

/* All outlines of a mask, one after the other: of areas clockwise on the picture, of the holes
 * in them the other way round; filled by the even-odd rule they are the mask. */
struct outlines {
	struct corner *corner;
	size_t n, cap;
	struct outline_end {
		size_t at; /* index behind the outline's last corner */
	} * v;
	size_t n_v, cap_v;
};
void outlines_clear(struct outlines *o);

/* Of mask's pixels that are not 0, pixels that touch by a corner belong together. Corners are
 * left out where the outline stays within tolerance_px of it (Douglas & Peucker, "Algorithms
 * for the Reduction of the Number of Points Required to Represent a Digitized Line or Its
 * Caricature", Cartographica 10(2), 1973); 0: none but those on straight lines. What was in *o
 * before is gone. */
void outlines_find(struct outlines *o, const struct image *mask, double tolerance_px);

#endif
