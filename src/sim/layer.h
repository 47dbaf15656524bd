/* SPDX-License-Identifier: Apache-2.0 */
/* layer.h -- what comes, goes and moves in a picture besides people: objects that are there
 * for a time, screens, plants in the draught, glass door leaves.
 *
 * Each is drawn once, as far as the fixed things leave it in sight, and laid over the picture
 * when it is there.
 */
#ifndef SIM_LAYER_H
#define SIM_LAYER_H

#include "sim/stage.h"

enum layer_kind { LAYER_OBJECT = 1, LAYER_SCREEN, LAYER_PLANT, LAYER_DOOR };

struct layer {
	enum layer_kind kind;
	int index; /* of the scene's object, screen, shelf or door */
	int x0, y0, w, h;
	struct image y, u, v, night; /* night: luma in infrared light, as in stage.h */
	uint8_t *cover;              /* w x h: how much of a pixel it takes, 0..255 */
	uint16_t *depth;             /* w x h, as in the canvas */
	/* Screens and doors: where on the sheet a pixel is, 0..1023 along it and up. */
	uint16_t *along, *up;
};

struct layers {
	struct layer layer[4 * SCENE_MAX];
	int n;
};

void layers_init(struct layers *l, const struct stage *st);
void layers_clear(struct layers *l);

struct layer_now {
	double t;      /* seconds since the scene's start */
	int64_t index; /* of the frame */
	uint64_t seed;
	bool night;
	double light; /* for what shines by itself: how bright the room is */
};

/* Whether a layer is there before people are drawn, or, doors, after. */
bool layer_there(const struct layer *l, const struct scene *s, const struct layer_now *now);
/* Lays it on c where it is nearer. open: of a door, 0..1. */
void layer_draw(const struct layer *l, const struct scene *s, const struct layer_now *now,
		double open, struct canvas *c);
/* How far open the leaves of a door are with somebody near_m away. */
double layer_open(double near_m);

#endif
