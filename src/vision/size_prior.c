/* SPDX-License-Identifier: Apache-2.0 */
/* size_prior.c -- a line through the medians of what lone walkers measure. */
#include "vision/size_prior.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define TYPICAL 0.65    /* quantile of the heights */
#define KNOWN_AFTER 16  /* samples */
#define BAND_MIN 4      /* samples that make a band's median worth something */
#define BAND_TRUST 8    /* samples that weigh as much as the line */
#define FIT_EVERY 8     /* samples */
#define SLOPE_SPAN 0.15 /* of the picture: bands closer together tell no slope */
#define MOVED 0.12      /* of the height: nearer is the same sample again */

struct weighted {
	double v, w;
};

static int by_value(const void *a, const void *b)
{
	double x = ((const struct weighted *)a)->v, y = ((const struct weighted *)b)->v;

	return (x > y) - (x < y);
}

/* What a typical whole person measures. Errors are mostly fragments of people, so that it lies
 * above the middle of all. */
static double weighted_typical(struct weighted *s, int n)
{
	double share = 0, sum = 0;

	qsort(s, (size_t)n, sizeof(*s), by_value);
	for (int i = 0; i < n; i++)
		share += s[i].w * TYPICAL;
	for (int i = 0; i < n; i++)
		if ((sum += s[i].w) >= share)
			return s[i].v;
	return s[n - 1].v;
}

static double band_typical(const float *v, int n)
{
	struct weighted s[PRIOR_KEPT];

	for (int i = 0; i < n; i++)
		s[i] = (struct weighted){ (double)v[i], 1 };
	return weighted_typical(s, n);
}

/* A band's own median above the line, the more the more it has seen. */
static void fit_bands(struct size_prior *p)
{
	for (int i = 0; i < PRIOR_BANDS; i++) {
		const struct prior_band *b = &p->band[i];
		struct weighted s[PRIOR_KEPT];

		for (int k = 0; k < b->n; k++)
			s[k] = (struct weighted){
				(double)b->height[k] - p->a - p->b * (double)b->foot[k], 1
			};
		p->off[i] = b->n < BAND_MIN
				    ? 0
				    : weighted_typical(s, b->n) * b->n / (b->n + BAND_TRUST);
	}
}

/* Between the centres of two bands: a mix of their offsets. */
static double offset_at(const struct size_prior *p, double y)
{
	double at = fmin(fmax(y * PRIOR_BANDS / p->rows - 0.5, 0), PRIOR_BANDS - 1);
	int i = at < PRIOR_BANDS - 1 ? (int)at : PRIOR_BANDS - 2;

	return p->off[i] + (at - i) * (p->off[i + 1] - p->off[i]);
}

/* Theil-Sen over the bands: the median of the slopes of all pairs, then of the offsets. */
static void fit(struct size_prior *p)
{
	double y[PRIOR_BANDS], h[PRIOR_BANDS], w[PRIOR_BANDS];
	struct weighted s[PRIOR_BANDS * PRIOR_BANDS];
	int n = 0, pairs = 0;

	for (int i = 0; i < PRIOR_BANDS; i++) {
		const struct prior_band *b = &p->band[i];

		if (b->n < BAND_MIN)
			continue;
		y[n] = band_typical(b->foot, b->n);
		h[n] = band_typical(b->height, b->n);
		w[n++] = b->n;
	}
	if (n == 0)
		return;
	for (int i = 0; i < n; i++)
		for (int j = i + 1; j < n; j++) {
			double d = y[j] - y[i];

			if (d < SLOPE_SPAN * p->rows)
				continue;
			s[pairs++] = (struct weighted){ (h[j] - h[i]) / d, w[i] * w[j] * d };
		}
	p->b = pairs ? fmin(fmax(weighted_typical(s, pairs), 0), 3) : 0;
	for (int i = 0; i < n; i++)
		s[i] = (struct weighted){ h[i] - p->b * y[i], w[i] };
	p->a = weighted_typical(s, n);
	fit_bands(p);
	p->known = true;
}

static int band_of(const struct size_prior *p, double foot_y)
{
	int i = (int)(foot_y * PRIOR_BANDS / p->rows);

	return i < 0 ? 0 : i >= PRIOR_BANDS ? PRIOR_BANDS - 1 : i;
}

bool size_prior_sure(const struct size_prior *p, double foot_y)
{
	int at = band_of(p, foot_y);
	bool before = false, behind = false;

	if (!p->known)
		return false;
	for (int i = 0; i < PRIOR_BANDS; i++) {
		if (p->band[i].n < BAND_MIN)
			continue;
		before |= i <= at + 1;
		behind |= i >= at - 1;
	}
	return before && behind;
}

void size_prior_add(struct size_prior *p, double foot_x, double foot_y, double height)
{
	struct prior_band *b = &p->band[band_of(p, foot_y)];

	if (b->n && fabs(foot_x - (double)b->last_x) < MOVED * height &&
	    fabs(foot_y - (double)b->last_y) < MOVED * height)
		return;
	b->last_x = (float)foot_x;
	b->last_y = (float)foot_y;
	b->foot[b->next] = (float)foot_y;
	b->height[b->next] = (float)height;
	b->next = (b->next + 1) % PRIOR_KEPT;
	if (b->n < PRIOR_KEPT)
		b->n++;
	p->added++;
	if (p->added >= KNOWN_AFTER && (p->added - KNOWN_AFTER) % FIT_EVERY == 0)
		fit(p);
}

double size_prior_height(const struct size_prior *p, double foot_y)
{
	return p->known ? fmax(p->a + p->b * foot_y + offset_at(p, foot_y), 0) : 0;
}
