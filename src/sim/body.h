/* SPDX-License-Identifier: Apache-2.0 */
/* body.h -- what people look like: an actor as limbs in the room, and limbs as pixels.
 */
#ifndef SIM_BODY_H
#define SIM_BODY_H

#include "sim/canvas.h"
#include "sim/crowd.h"

/* A limb: a cone between two balls (Rs over the floor, metres), one colour with a texture. */
struct limb {
	struct pt_room a, b;
	double ra, rb;
	struct colour colour;
	uint8_t pattern; /* 0 plain; else an enum cloth of body_parts.h */
	uint8_t shade;   /* 255 as it is; less: darker (legs between legs, folds) */
	uint8_t flat; /* 0: lit as the cone it is .. 255: as one face, for cones side by side */
	double turn;  /* where the front of its cloth points, radians from east */
};
#define BODY_LIMBS 64 /* most of one actor, with trolley or chair */

/* The limbs of an actor as he stands, walks, bends, reaches or sits, with what he wears,
 * carries, pushes or sits in; how many. They move without jumps with any member of *a. Who sits
 * brings no seat, but for wheelchair users, who always sit. */
int body_limbs(const struct actor *a, const struct scene *s, struct limb limb[BODY_LIMBS]);

/* How limbs are lit where they are: luma and chroma are multiplied. Made by the picture. */
struct body_light {
	double luma;         /* 1 = as in its colour */
	struct pt_room from; /* unit vector to where most light comes from */
	bool infrared;       /* no colour, bright clothes */
};

/* Draws limbs in front of what is on the canvas already (by depth), with this owner. */
void body_draw(struct canvas *c, const struct lens *lens, const struct limb *limb, int n,
	       const struct body_light *light, int owner);

/* The box of limbs in the picture, also of what lies outside it or is hidden. False (and
 * nothing written) when none of them is before the camera. A limb that is in part behind it is
 * left out, here and below. */
bool body_box(const struct lens *lens, const struct limb *limb, int n, struct box_px *box);

/* A limb's outline in a picture w x h, row by row: row(arg, y, x0, x1) for the pixels
 * x0 .. x1 - 1, x0 < x1, all inside the picture. Exactly the pixels that body_draw() takes. */
void body_rows(const struct lens *lens, const struct limb *limb, int w, int h,
	       void (*row)(void *arg, int y, int x0, int x1), void *arg);

#endif
