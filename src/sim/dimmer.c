/* SPDX-License-Identifier: Apache-2.0 */
/* dimmer.c -- a picture's light while lamps are switched: a coarse grid, interpolated. */
#include "sim/dimmer.h"

#include "base/vec.h"

#include <stdlib.h>
#include <string.h>

struct dimmer *dimmer_new(int w, int h, int n_lamps)
{
	struct dimmer *d = xcalloc(1, sizeof(*d));

	d->w = w / DIMMER_STEP + 2;
	d->h = h / DIMMER_STEP + 2;
	d->n_lamps = n_lamps;
	d->share = xcalloc((size_t)(d->w * d->h * n_lamps), sizeof(*d->share));
	d->k = xcalloc((size_t)(d->w * d->h), sizeof(*d->k));
	return d;
}

void dimmer_free(struct dimmer *d)
{
	if (!d)
		return;
	free(d->share);
	free(d->k);
	free(d);
}

int dimmer_places(const struct dimmer *d)
{
	return d->w * d->h;
}

void dimmer_place(const struct dimmer *d, int i, double *x, double *y)
{
	*x = i % d->w * DIMMER_STEP;
	*y = i / d->w * DIMMER_STEP;
}

void dimmer_set(struct dimmer *d, int i, int lamp, double share)
{
	d->share[i * d->n_lamps + lamp] = (float)share;
}

static float around(const struct dimmer *d, const float *was, int x, int y, int lamp)
{
	float sum = 0;
	int n = 0;

	for (int j = y - 1; j <= y + 1; j++)
		for (int i = x - 1; i <= x + 1; i++)
			if (i >= 0 && j >= 0 && i < d->w && j < d->h) {
				sum += was[(j * d->w + i) * d->n_lamps + lamp];
				n++;
			}
	return sum / (float)n;
}

void dimmer_even(struct dimmer *d)
{
	size_t n = (size_t)(d->w * d->h * d->n_lamps);
	float *was = xcalloc(n, sizeof(*was));

	for (int pass = 0; pass < 2; pass++) {
		memcpy(was, d->share, n * sizeof(*was));
		for (size_t i = 0; i < n; i++) {
			int place = (int)i / d->n_lamps;

			d->share[i] =
				around(d, was, place % d->w, place / d->w, (int)i % d->n_lamps);
		}
	}
	free(was);
}

bool dimmer_turn(struct dimmer *d, const double *level)
{
	bool dim = false;

	for (int l = 0; l < d->n_lamps; l++)
		dim |= level[l] < 1;
	for (int i = 0; i < d->w * d->h && dim; i++) {
		float k = 1;

		for (int l = 0; l < d->n_lamps; l++)
			k -= d->share[i * d->n_lamps + l] * (float)(1 - level[l]);
		d->k[i] = k > 0 ? k : 0;
	}
	return dim;
}

double dimmer_at(const struct dimmer *d, double x, double y)
{
	int gx = (int)(x / DIMMER_STEP + 0.5), gy = (int)(y / DIMMER_STEP + 0.5);

	gx = gx < 0 ? 0 : gx >= d->w ? d->w - 1 : gx;
	gy = gy < 0 ? 0 : gy >= d->h ? d->h - 1 : gy;
	return d->k[gy * d->w + gx];
}

void dimmer_row(const struct dimmer *d, int y, float gain, int w, int16_t *row)
{
	const float *top = d->k + y / DIMMER_STEP * d->w, *bottom = top + d->w;
	float ky = (float)(y % DIMMER_STEP) / DIMMER_STEP;

	for (int x = 0; x < w; x += DIMMER_STEP) {
		const float *a = top + x / DIMMER_STEP, *b = bottom + x / DIMMER_STEP;
		float left = a[0] + ky * (b[0] - a[0]), right = a[1] + ky * (b[1] - a[1]);
		int n = w - x < DIMMER_STEP ? w - x : DIMMER_STEP;

		for (int i = 0; i < n; i++) {
			float k = left + (right - left) * (float)i / DIMMER_STEP;

			k *= gain;
			row[x + i] = (int16_t)(k < 32767 ? k : 32767);
		}
	}
}
