/* SPDX-License-Identifier: Apache-2.0 */
/* shot.h -- for tests of the simulated store's pictures: a plain scene made by hand, people in
 * it, and single frames.
 */
#ifndef TESTS_SIM_SHOT_H
#define TESTS_SIM_SHOT_H

#include "sim/view.h"

#define SHOT_W 240
#define SHOT_H 136
#define SHOT_START_US INT64_C(1700000000000000)

/* A plain floor of 10 x 10 m, one lamp so high that its light is even, a camera at the middle
 * of the south side that looks north and down, nothing difficult. Free with free(). */
struct scene *shot_scene(void);
/* The scene's camera, after its place was changed. */
void shot_aim(struct scene *s, struct pt_room at, struct pt_room to);
/* Somebody who stands at a place and looks north. */
struct actor shot_actor(int64_t id, double x, double y);

/* One frame; index 0. Its planes stay until the next four shots. */
const struct frame *shot(const struct scene *s, double t, const struct actor *a, int n);
/* The same, and what is seen of a[0] (one who is seen). */
const struct frame *shot_seen(const struct scene *s, double t, const struct actor *a, int n,
			      struct seen *seen);
/* Another frame of a view, into the same four. */
const struct frame *shot_draw(struct view *v, double t, int64_t index, const struct actor *a,
			      int n, struct seen *seen);
/* A copy that stays until the next four copies. */
const struct frame *shot_keep(const struct frame *f);
void shot_end(void); /* frees them */

int shot_luma(const struct frame *f, double x, double y);
/* The luma of the floor at a place. */
int shot_floor(const struct scene *s, const struct frame *f, double x, double y);
double shot_mean(const struct image *im);
bool shot_same(const struct frame *a, const struct frame *b);
/* Pixels whose luma differs by more than by, and the box of them. */
int shot_changed(const struct frame *a, const struct frame *b, int by, struct box_px *box);

#endif
