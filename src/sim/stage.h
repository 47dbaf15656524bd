/* SPDX-License-Identifier: Apache-2.0 */
/* stage.h -- the empty store as one camera sees it, by day and by night, drawn once.
 *
 * A ray per sample, four samples per pixel. What comes and goes (objects, screens, plants, door
 * leaves: layer.h) is not in it.
 */
#ifndef SIM_STAGE_H
#define SIM_STAGE_H

#include "sim/canvas.h"
#include "sim/face.h"
#include "sim/light.h"
#include "sim/paint.h"

#define STAGE_DOOR_M 2.1 /* height of doors */

/* What the fixed things do to the light on the floor: 1 open floor; less near walls and in
 * shelves' shadows. Cells of cell metres from (x0, y0). */
struct floor_light {
	double x0, y0, cell;
	int w, h;
	float *k;
};

struct stage {
	const struct scene *scene;
	const struct lens *lens;
	struct lights lights;
	struct floor_light floor_light;
	struct faces faces;
	struct canvas day;  /* all lamps on; owner is not used */
	struct image night; /* luma in infrared light; only in scenes with infrared */
	/* w x h. 0: no floor there; else 1 + how much it mirrors, 0..254. */
	uint8_t *floor;
	/* Nearest pane before everything: colour, and depth (CANVAS_FAR: none). Only in scenes
	 * with glass walls. */
	struct canvas pane;
};

/* scene must live as long. */
void stage_init(struct stage *st, const struct scene *scene, int camera);
void stage_clear(struct stage *st);

/* One sample: what list[0..n) shows at a place of the picture, lit; h->far: no farther than
 * this. night: luma in infrared light, unless NULL. False: none of it is there. */
bool stage_sample(const struct stage *st, const struct face *const *list, int n, double px,
		  double py, struct hit *h, struct tone *tone, double *night);
/* Distance along a ray of the picture to units of canvas.depth: times this. */
double stage_depth(const struct stage *st, struct pt_room dir);
/* Light from the camera itself on what is so far away in this direction, relative to by day. */
double stage_night(const struct stage *st, double far_m, struct pt_room dir);
#define STAGE_DEPTH_M 0.002

void floor_light_init(struct floor_light *f, const struct scene *s, const struct lights *l,
		      const struct faces *faces);
void floor_light_clear(struct floor_light *f);
double floor_light_at(const struct floor_light *f, double x, double y);

/* The fixed things of a scene. */
void stage_build(struct faces *f, const struct scene *s, const struct lens *lens);

#endif
