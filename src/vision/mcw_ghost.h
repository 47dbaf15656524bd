/* SPDX-License-Identifier: Apache-2.0 */
/* mcw_ghost.h -- is it a thing in front of the scene, or a hole where a thing was?
 *
 * Two pictures differ in a region. Where a thing stands, its outline is an edge; where the
 * thing is gone, the region continues what is around it. So the picture with less contrast
 * across the outline is the scene.
 */
#ifndef VISION_MCW_GHOST_H
#define VISION_MCW_GHOST_H

#include "video/image.h"

/* Looks at each component (4 neighbours) of doubt, 0/255, and leaves only those in which
 * picture fits its surroundings clearly better than model. covered: not 0 where it cannot serve
 * as surroundings; what is in doubt is covered anyway. All are of one size, w x h; work is room
 * for w * h ints. Returns how many components are left. */
int ghost_find(struct image *doubt, const struct image *covered, const struct yuv *picture,
	       const struct yuv *model, int *work);

#endif
