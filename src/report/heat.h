/* SPDX-License-Identifier: Apache-2.0 */
/* heat.h -- where people were, as colours over the people-free picture. */
#ifndef REPORT_HEAT_H
#define REPORT_HEAT_H

#include "base/err.h"
#include "video/png.h"

#include <stddef.h>
#include <stdint.h>

/* The end of the colour scale: person-seconds a cell, a round number at or above the value that
 * 99 % of the cells with anybody in them do not exceed. Colour goes with the square root. */
struct heat_scale {
	double max_s;
};

/* What a picture of a camera shows. */
struct heat_shown {
	struct heat_scale scale;
	int64_t plate_us; /* the plate's time; CLOCK_NONE without one */
};

/* cells: HEAT_COLS * HEAT_ROWS person-seconds, smoothed once over 3 x 3 cells (1 2 1: the sum
 * stays). plate: people-free, transparent where nothing is known; NULL when there is none.
 * *png is the caller's to free. */
int heat_png(const float *cells, const struct rgba *plate, struct heat_scale *scale,
	     uint8_t **png, size_t *len, struct err *err);

struct query;
struct day_camera;
/* The same of a camera's heat over its plate in q. shown may be NULL. */
int heat_of_camera(struct query *q, const struct day_camera *c, struct heat_shown *shown,
		   uint8_t **png, size_t *len, struct err *err);
/* Its steps, for who paints other cells (HEAT_COLS * HEAT_ROWS values each): smoothed; the end
 * of the scale of those above 0, of any number of cells; size of the picture; painted, with the
 * colour of share(value, max). */
void heat_smooth(const float *cells, double *out);
double heat_scale_end(const double *v, size_t cells);
#define HEAT_MINUTES_S 120 /* scales that end here or later are told in minutes ... */
/* ... and end at a round number of them. */
double heat_scale_time_end(const double *person_s, size_t cells);
void heat_size(const struct rgba *plate, int *w, int *h);
void heat_paint(struct rgba *out, const double *heat, double max, const struct rgba *plate,
		double (*share)(double v, double max),
		void (*colour)(double t, uint8_t rgba[4]));

/* Colour at t = 0..1 of the scale: R, G, B and how much of it (A) lies over the plate. */
void heat_colour(double t, uint8_t rgba[4]);

#endif
