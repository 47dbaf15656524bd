/* SPDX-License-Identifier: Apache-2.0 */
/* light.c -- how bright it is where and when. */
#include "sim/light.h"

#include "base/real.h"

#include <math.h>

#define GRID 12       /* points along each side of the floor for its mean light */
#define NEAR_GAIN 1.6 /* most a lamp gives close by, relative to straight below it */
#define WRAP 0.35     /* of a lamp's light reaches every side, off the other surfaces */
#define HIGH_M 12.0   /* of the lamp of a scene without */
#define SUN_FADE_S 20.0

bool light_within(const struct while_s *w, double t)
{
	return t >= w->from && t < w->to;
}

double lights_from(const struct lights *l, int i, struct pt_room p, struct pt_room n)
{
	const struct lamp *a = &l->lamp[i];
	double x = a->at.x - p.x, y = a->at.y - p.y, z = a->at.z - p.z;
	double d2 = x * x + y * y + z * z + 1e-6, h = a->at.z > 1 ? a->at.z : 1;
	double near = h * h / d2, slant = 1;

	if (near > NEAR_GAIN)
		near = NEAR_GAIN;
	if (n.x != 0 || n.y != 0 || n.z != 0) {
		slant = (n.x * x + n.y * y + n.z * z) / sqrt(d2);
		slant = WRAP + (1 - WRAP) * (slant > 0 ? slant : 0);
	}
	return a->strength * near * slant;
}

double lights_at(const struct lights *l, struct pt_room p, struct pt_room n,
		 const double *level)
{
	double sum = l->ambient;

	for (int i = 0; i < l->n; i++)
		if (!level || level[i] > 0)
			sum += lights_from(l, i, p, n) * (level ? level[i] : 1);
	return sum / (1 + l->ambient);
}

/* Mean over the floor of what lamp i gives. */
static double floor_mean(const struct lights *l, int i, const struct scene_floor *f)
{
	struct pt_room up = { 0, 0, 1 };
	double sum = 0;

	for (int k = 0; k < GRID * GRID; k++) {
		double fx = (k % GRID + 0.5) / GRID, fy = (k / GRID + 0.5) / GRID;
		struct pt_room p = { f->from.x + fx * (f->to.x - f->from.x),
				     f->from.y + fy * (f->to.y - f->from.y), 0 };

		sum += lights_from(l, i, p, up);
	}
	return sum / (GRID * GRID);
}

static void one_high(struct lights *l, const struct scene_floor *f)
{
	l->n = 1;
	l->lamp[0] = (struct lamp){
		.at = { (f->from.x + f->to.x) / 2, (f->from.y + f->to.y) / 2, HIGH_M },
		.strength = 1,
	};
}

void lights_init(struct lights *l, const struct scene *s)
{
	double mean = 0;

	*l = (struct lights){ .n = s->n_lights, .ambient = s->ambient };
	for (int i = 0; i < s->n_lights; i++) {
		const struct scene_light *x = &s->light[i];

		l->lamp[i] = (struct lamp){
			.at = x->at, .strength = x->strength, .off = x->off, .ramp_s = x->ramp_s
		};
		l->switched |= x->off.to > x->off.from;
	}
	if (!l->n)
		one_high(l, &s->floor);
	for (int i = 0; i < l->n; i++) {
		l->lamp[i].share = floor_mean(l, i, &s->floor);
		mean += l->lamp[i].share;
	}
	for (int i = 0; i < l->n && mean > 0; i++) {
		l->lamp[i].strength /= mean;
		l->lamp[i].share /= mean * (1 + l->ambient);
	}
}

/* 0 before t0, 1 from t0 + ramp on. */
static double ramp_up(double t, double t0, double ramp)
{
	if (t < t0)
		return 0;
	return t >= t0 + ramp ? 1 : (t - t0) / ramp;
}

/* The same seen through a first-order lag. */
static double ramp_lagged(double t, double t0, double ramp)
{
	double x = t - t0;

	if (x <= 0)
		return 0;
	if (ramp <= 0)
		return 1 - real_exp(-x / LIGHT_LAG_S);
	if (x < ramp)
		return (x - LIGHT_LAG_S * (1 - real_exp(-x / LIGHT_LAG_S))) / ramp;
	return 1 - LIGHT_LAG_S / ramp *
			   (real_exp(-(x - ramp) / LIGHT_LAG_S) - real_exp(-x / LIGHT_LAG_S));
}

double lights_level(const struct lights *l, int i, double t)
{
	const struct lamp *a = &l->lamp[i];

	if (a->off.to <= a->off.from)
		return 1;
	return 1 - ramp_up(t, a->off.from, a->ramp_s) + ramp_up(t, a->off.to, a->ramp_s);
}

double lights_followed(const struct lights *l, double t)
{
	double sum = 1;

	for (int i = 0; i < l->n; i++) {
		const struct lamp *a = &l->lamp[i];

		if (a->off.to > a->off.from)
			sum -= a->share * (ramp_lagged(t, a->off.from, a->ramp_s) -
					   ramp_lagged(t, a->off.to, a->ramp_s));
	}
	return sum;
}

double sun_fade(const struct scene_sun *sun, double t)
{
	double in = (t - sun->when.from) / SUN_FADE_S, out = (sun->when.to - t) / SUN_FADE_S;
	double f = in < out ? in : out;

	return f < 0 ? 0 : f > 1 ? 1 : f;
}

struct pt_room sun_from(void)
{
	return (struct pt_room){ -0.48, -0.6, 0.64 };
}
