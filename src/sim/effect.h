/* SPDX-License-Identifier: Apache-2.0 */
/* effect.h -- what the camera makes of a picture: exposure, colour balance, mains flicker,
 * trembling, a hand over the lens, noise; and from the canvas to 4:2:0.
 *
 * Everything is a function of the seed, the time and the frame's number. What the scene does
 * not have leaves every byte as it is.
 */
#ifndef SIM_EFFECT_H
#define SIM_EFFECT_H

#include "sim/canvas.h"
#include "sim/dimmer.h"
#include "sim/light.h"

/* What the effects are at a moment. */
struct effect_now {
	double gain;   /* of the exposure */
	double du, dv; /* of the colour balance, levels */
	double beat;   /* phase of the mains at the first row, turns */
	int dx, dy;    /* the picture is this far right and down, 1/16 pixel */
	double hand;   /* 0: none .. 1: covers everything */
	bool night;    /* in infrared light */
	int64_t index; /* of the frame */
	bool dim;      /* some lamp is not fully on: the dimmer has its say */
};

struct effects;
struct effects *effects_new(const struct scene *s, int camera, uint64_t seed);
void effects_free(struct effects *e); /* NULL is allowed */
/* t: seconds since the scene's start. lights: those of the scene. */
void effects_at(const struct effects *e, const struct lights *lights, double t, int64_t index,
		struct effect_now *now);
/* Draws a canvas into the planes of out. d may be NULL. */
void effects_out(struct effects *e, const struct effect_now *now, const struct dimmer *d,
		 const struct canvas *c, const struct frame *out);
/* Whether the hand hides a pixel for the most part. */
bool effects_hidden(const struct effects *e, const struct effect_now *now, int x, int y);

#endif
