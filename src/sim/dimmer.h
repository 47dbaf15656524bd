/* SPDX-License-Identifier: Apache-2.0 */
/* dimmer.h -- a picture's light while lamps are switched.
 *
 * A coarse grid over the picture holds how much of each place's light is each lamp's; turning
 * lamps down gives the factor of every pixel by interpolation.
 */
#ifndef SIM_DIMMER_H
#define SIM_DIMMER_H

#include <stdbool.h>
#include <stdint.h>

#define DIMMER_STEP 8 /* pixels between places of the grid */

struct dimmer {
	int w, h, n_lamps;
	float *share; /* [place][lamp] */
	float *k;     /* [place], from dimmer_turn() */
};

struct dimmer *dimmer_new(int w, int h, int n_lamps);
void dimmer_free(struct dimmer *d); /* NULL is allowed */
/* The grid's places, and which pixel each is at. */
int dimmer_places(const struct dimmer *d);
void dimmer_place(const struct dimmer *d, int i, double *x, double *y);
void dimmer_set(struct dimmer *d, int i, int lamp, double share);
/* Evens the shares out between neighbours, once all are set: places on thin things would show.
 */
void dimmer_even(struct dimmer *d);
/* level[lamp]: how far on each is, 0..1. Whether any light is missing; if not, the factors are
 * not worked out. */
bool dimmer_turn(struct dimmer *d, const double *level);
/* How bright it is at a pixel, relative to all lamps on. */
double dimmer_at(const struct dimmer *d, double x, double y);
/* The same of a row of w pixels, times gain, at most 32767. */
void dimmer_row(const struct dimmer *d, int y, float gain, int w, int16_t *row);

#endif
