/* SPDX-License-Identifier: Apache-2.0 */
/* heat.c -- where people were, as colours over the people-free picture. */
#include "report/heat.h"

#include "base/vec.h"
#include "report/chart.h"
#include "report/day.h"
#include "types.h"

#include <math.h>
#include <stdlib.h>

#define CELLS (HEAT_COLS * HEAT_ROWS)
#define WIDTH 800 /* of the picture when there is no larger plate */
#define WIDTH_MAX 1280

void heat_colour(double t, uint8_t rgba[4])
{
	/* "inferno" (matplotlib, CC0) at 0.2, 0.3, ... 1.0: from dark to light in steps that
	 * look even, also without colour. */
	static const uint8_t ramp[][3] = {
		{ 66, 10, 104 },  { 106, 23, 110 }, { 147, 38, 103 },
		{ 188, 55, 84 },  { 221, 81, 58 },  { 243, 120, 25 },
		{ 252, 165, 10 }, { 246, 215, 70 }, { 252, 255, 164 }
	};
	double at = fmin(fmax(t, 0), 1) * 8;
	int i = at < 7 ? (int)at : 7;

	for (int k = 0; k < 3; k++)
		rgba[k] =
			(uint8_t)lround(ramp[i][k] + (at - i) * (ramp[i + 1][k] - ramp[i][k]));
	rgba[3] = (uint8_t)lround(225 * fmin(1, fmax(t, 0) * 3));
}

static double at_cell(const double *v, int x, int y)
{
	x = x < 0 ? 0 : x >= HEAT_COLS ? HEAT_COLS - 1 : x;
	y = y < 0 ? 0 : y >= HEAT_ROWS ? HEAT_ROWS - 1 : y;
	return v[y * HEAT_COLS + x];
}

/* 1 2 1 in both directions; the border repeats, so that nothing is lost there. */
void heat_smooth(const float *cells, double *out)
{
	double *in = xcalloc(CELLS, sizeof(*in)), *half = xcalloc(CELLS, sizeof(*half));

	for (int i = 0; i < CELLS; i++)
		in[i] = (double)cells[i];
	for (int y = 0; y < HEAT_ROWS; y++)
		for (int x = 0; x < HEAT_COLS; x++)
			half[y * HEAT_COLS + x] =
				(at_cell(in, x - 1, y) + 2 * at_cell(in, x, y) +
				 at_cell(in, x + 1, y)) /
				4;
	for (int y = 0; y < HEAT_ROWS; y++)
		for (int x = 0; x < HEAT_COLS; x++)
			out[y * HEAT_COLS + x] =
				(at_cell(half, x, y - 1) + 2 * at_cell(half, x, y) +
				 at_cell(half, x, y + 1)) /
				4;
	free(in);
	free(half);
}

static int by_size(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

double heat_scale_end(const double *v, size_t cells)
{
	double *used = xcalloc(cells + 1, sizeof(*used));
	double max = 0;
	size_t n = 0;

	for (size_t i = 0; i < cells; i++)
		if (v[i] > 0)
			used[n++] = v[i];
	qsort(used, n, sizeof(*used), by_size);
	if (n)
		max = used[(size_t)ceil(0.99 * (double)n) - 1];
	free(used);
	return chart_step(max, 1, false);
}

double heat_scale_time_end(const double *person_s, size_t cells)
{
	double max = heat_scale_end(person_s, cells);

	return max >= HEAT_MINUTES_S ? 60 * chart_step(max / 60, 1, false) : max;
}

/* Between the four nearest cells; x and y are 0..1 of the picture. */
static double heat_at(const double *v, double x, double y)
{
	double cx = x * HEAT_COLS - 0.5, cy = y * HEAT_ROWS - 0.5;
	int x0 = (int)floor(cx), y0 = (int)floor(cy);
	double fx = cx - x0, fy = cy - y0;

	return (1 - fy) * ((1 - fx) * at_cell(v, x0, y0) + fx * at_cell(v, x0 + 1, y0)) +
	       fy * ((1 - fx) * at_cell(v, x0, y0 + 1) + fx * at_cell(v, x0 + 1, y0 + 1));
}

/* Brightness of plate pixel (x, y), or -1 where it is not known. */
static double plate_pixel(const struct rgba *p, int x, int y)
{
	const uint8_t *c;

	x = x < 0 ? 0 : x >= p->w ? p->w - 1 : x;
	y = y < 0 ? 0 : y >= p->h ? p->h - 1 : y;
	c = p->data + 4 * ((size_t)y * (size_t)p->w + (size_t)x);
	return c[3] < 128 ? -1 : 0.299 * c[0] + 0.587 * c[1] + 0.114 * c[2];
}

static double plate_at(const struct rgba *p, double x, double y)
{
	double px = x * p->w - 0.5, py = y * p->h - 0.5;
	int x0 = (int)floor(px), y0 = (int)floor(py);
	double fx = px - x0, fy = py - y0;
	double v[4] = { plate_pixel(p, x0, y0), plate_pixel(p, x0 + 1, y0),
			plate_pixel(p, x0, y0 + 1), plate_pixel(p, x0 + 1, y0 + 1) };

	for (int i = 0; i < 4; i++)
		if (v[i] < 0)
			return plate_pixel(p, (int)(x * p->w), (int)(y * p->h));
	return (1 - fy) * ((1 - fx) * v[0] + fx * v[1]) + fy * ((1 - fx) * v[2] + fx * v[3]);
}

/* What lies under the heat: the plate, darker than it is, and hatched where it is blank. */
static double ground(const struct rgba *plate, double x, double y, int px, int py)
{
	double v = plate ? plate_at(plate, x, y) : 110;

	if (v < 0)
		return (px + py) % 16 < 8 ? 62 : 74;
	return 26 + 0.62 * v;
}

static double share_of(double v, double max)
{
	return sqrt(v / max);
}

void heat_paint(struct rgba *out, const double *heat, double max, const struct rgba *plate,
		double (*share)(double v, double max),
		void (*colour)(double t, uint8_t rgba[4]))
{
	for (int y = 0; y < out->h; y++) {
		uint8_t *row = out->data + 4 * (size_t)y * (size_t)out->w;

		for (int x = 0; x < out->w; x++) {
			double rx = (x + 0.5) / out->w, ry = (y + 0.5) / out->h;
			double g = ground(plate, rx, ry, x, y), a;
			uint8_t c[4];

			colour(share(heat_at(heat, rx, ry), max), c);
			a = c[3] / 255.0;
			for (int k = 0; k < 3; k++)
				row[4 * x + k] = (uint8_t)lround((1 - a) * g + a * c[k]);
			row[4 * x + 3] = 255;
		}
	}
}

void heat_size(const struct rgba *plate, int *w, int *h)
{
	*w = WIDTH;
	*h = WIDTH * 3 / 4;
	if (!plate)
		return;
	*w = plate->w < WIDTH ? WIDTH : plate->w > WIDTH_MAX ? WIDTH_MAX : plate->w;
	*h = (int)lround((double)*w * plate->h / plate->w);
	*h = *h < 1 ? 1 : *h > 2 * WIDTH_MAX ? 2 * WIDTH_MAX : *h;
}

int heat_png(const float *cells, const struct rgba *plate, struct heat_scale *scale,
	     uint8_t **png, size_t *len, struct err *err)
{
	double *heat = xcalloc(CELLS, sizeof(*heat));
	struct rgba out;
	double max;
	int w, h, rc;

	heat_smooth(cells, heat);
	max = heat_scale_time_end(heat, CELLS);
	heat_size(plate, &w, &h);
	rgba_init(&out, w, h);
	heat_paint(&out, heat, max, plate, share_of, heat_colour);
	rc = png_encode(&out, png, len, err);
	if (rc >= 0)
		scale->max_s = max;
	rgba_clear(&out);
	free(heat);
	return rc;
}

int heat_of_camera(struct query *q, const struct day_camera *c, struct heat_shown *shown,
		   uint8_t **png, size_t *len, struct err *err)
{
	struct heat_shown made = { 0 };
	struct rgba plate = { 0 };
	void *stored = NULL;
	size_t n;
	int rc;

	if ((rc = query_plate(q, c->camera.id, &stored, &n, &made.plate_us, err)) < 0 ||
	    (stored && (rc = png_decode(stored, n, &plate, err)) < 0) ||
	    (rc = heat_png(c->heat, stored ? &plate : NULL, &made.scale, png, len, err)) < 0)
		err_ctx(err, "heat map of camera '%s'", c->camera.name);
	else if (shown)
		*shown = made;
	free(stored);
	rgba_clear(&plate);
	return rc < 0 ? rc : 0;
}
