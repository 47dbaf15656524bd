/* SPDX-License-Identifier: Apache-2.0 */
/* view.h -- one camera's pictures of a simulated store, straight into 4:2:0 frames.
 *
 * A picture depends on the scene, the seed, the camera, the time and the actors only, not on
 * the pictures before it: any frame can be drawn alone and is the same as in a row.
 */
#ifndef SIM_VIEW_H
#define SIM_VIEW_H

#include "sim/crowd.h"
#include "video/image.h"

struct view;

/* scene must live as long as the view. The static part of the scene is drawn here, once. */
struct view *view_new(const struct scene *scene, int camera, uint64_t seed);
void view_free(struct view *v); /* NULL is allowed */

/* What of an actor a picture shows. Boxes are in pixels of the camera's picture. */
struct seen {
	int64_t id;
	struct box_px box; /* of the whole person, also of what is hidden or outside */
	struct pt_px foot; /* where the point under the body is; may be outside */
	struct pt_m at;    /* the same on the floor */
	/* 0..1: the pixels that are the person's in the finished picture (not hidden by things,
	 * people, door frames or a hand; behind a pane counts), over those that would be if
	 * nothing else were there. Of who reaches over the picture's edge, the latter is scaled
	 * by the share of the limbs, by solid angle, that lies inside. */
	double visible;
};

/* Draws frame number `index` at t_us. out: planes of a 4:2:0 picture of the camera's size, the
 * caller's (chroma (w+1)/2 x (h+1)/2); limited range BT.601. *seen: those actors of whom any
 * part could be in the picture, ordered by id, valid until the next call. out or seen may be
 * NULL: then that part of the work is left out. Allocates only when there are more actors than
 * in any frame before. */
void view_draw(struct view *v, int64_t t_us, int64_t index, const struct actor *actors, int n,
	       const struct frame *out, const struct seen **seen, int *n_seen);

/* The time of frame `index` (0, 1, ...) of a camera: whole microseconds, the first at
 * start_us. */
int64_t view_time(const struct scene *s, int camera, int64_t index, int64_t start_us);
/* Whether it arrives (picture.lost). */
bool view_arrives(const struct scene *s, int camera, uint64_t seed, int64_t index);

#endif
