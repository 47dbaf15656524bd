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
	uint8_t pattern; /* 0 plain; else one of a few kinds of cloth, by body.c */
	uint8_t shade;   /* 255 as it is; less: darker (legs between legs, folds) */
};
#define BODY_LIMBS 48 /* most of one actor, with trolley or chair */

/* The limbs of an actor as he stands, walks, bends, reaches or sits; how many. floor is for
 * those who wear its colour. */
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

#endif
