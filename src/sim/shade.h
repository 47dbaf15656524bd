/* SPDX-License-Identifier: Apache-2.0 */
/* shade.h -- people's shadows and sun patches on the floor, as a map of the floor.
 *
 * The map says how bright each cell of the floor is compared with the empty stage. Shadows
 * darken it: where all lamps are hidden, by scene.picture.shadows, with edges blurred over
 * shadow_soft_m. Only the neighbourhood of people is worked on.
 */
#ifndef SIM_SHADE_H
#define SIM_SHADE_H

#include "sim/body.h"
#include "sim/dirt.h"
#include "sim/stage.h"

struct shade;
struct shade *shade_new(const struct stage *st);
void shade_free(struct shade *s); /* NULL is allowed */

/* Begins a frame at t seconds: no shadows, sun where it is. level[i]: how far on lamp i is. */
void shade_begin(struct shade *s, double t, const double *level);
/* The shadow of one person who stands at `at`; the frame's people together, one by one. */
void shade_cast(struct shade *s, struct pt_m at, const struct limb *limb, int n);
/* How much brighter a person at `at` is for the sun: 1 without. */
double shade_sun(const struct shade *s, struct pt_m at);
/* Darkens and brightens the floor's pixels of c; those that something covers (nearer than in
 * the stage) are left alone. Marks what it changes. */
void shade_apply(struct shade *s, struct canvas *c, struct dirt *dirt);

#endif
