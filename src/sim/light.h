/* SPDX-License-Identifier: Apache-2.0 */
/* light.h -- how bright it is where and when.
 *
 * Light is reckoned as it shows in the picture: twice the light is twice the luma above black
 * (16). 1 is the mean over the floor with all lamps on. A lamp's light falls off with the
 * square of the distance; to it comes the light that has no direction (scene.ambient, relative
 * to that mean of the lamps).
 */
#ifndef SIM_LIGHT_H
#define SIM_LIGHT_H

#include "sim/scene.h"

/* A lamp as it is used here; a scene without lamps has one high over the middle of its floor.
 */
struct lamp {
	struct pt_room at;
	double strength; /* scaled: the lamps together are 1 on the mean of the floor */
	struct while_s off;
	double ramp_s;
	double share; /* of all light on the floor */
};

struct lights {
	int n;
	struct lamp lamp[SCENE_MAX];
	double ambient;
	bool switched; /* any of them is ever off */
};

void lights_init(struct lights *l, const struct scene *s);

/* What lamp i gives to a surface at p with unit normal n (0, 0, 0: a body in the room), when
 * on. */
double lights_from(const struct lights *l, int i, struct pt_room p, struct pt_room n);
/* All light there, each lamp times level[i] (NULL: all on). */
double lights_at(const struct lights *l, struct pt_room p, struct pt_room n,
		 const double *level);
/* How far on lamp i is at t seconds, 0..1. */
double lights_level(const struct lights *l, int i, double t);
/* The mean light on the floor at t as an exposure control that follows with light_lag_s sees
 * it: the exact low-pass of the ramps. */
double lights_followed(const struct lights *l, double t);
#define LIGHT_LAG_S 1.2

/* 0..1 of a sun patch at t: it fades within 20 s at both ends. */
double sun_fade(const struct scene_sun *sun, double t);
/* Unit vector towards the sun: low from the south-west, as light comes in through a window. */
struct pt_room sun_from(void);

/* Whether t is within w. */
bool light_within(const struct while_s *w, double t);

#endif
