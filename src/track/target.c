/* SPDX-License-Identifier: Apache-2.0 */
/* target.c -- one person as the tracker follows him. */
#include "track/target.h"

#include <math.h>
#include <string.h>

#ifndef NOISE_BH
#define NOISE_BH 0.05
#endif
#ifndef NOISEY_BH
#define NOISEY_BH 0.05
#endif
#ifndef SPEED_BH
#define SPEED_BH 0.6
#endif
#ifndef SWERVE_BH
#define SWERVE_BH 0.5
#endif
#ifndef SIZE_TAU_S
#define SIZE_TAU_S 0.5
#endif
#ifndef SIZE_SD
#define SIZE_SD 0.25
#endif
#ifndef SIZE_COST_MAX
#define SIZE_COST_MAX 6.0
#endif
#ifndef GROUP_NOISE
#define GROUP_NOISE 3.0
#endif
#ifndef COAST_S
#define COAST_S 0.5
#endif
#ifndef TIRE_S
#define TIRE_S 1.0
#endif

static double square(double x)
{
	return x * x;
}

/* Times can be any two 64-bit numbers in rising order: their difference may not fit in one. */
static double seconds_between(int64_t from_us, int64_t to_us)
{
	return (double)((uint64_t)to_us - (uint64_t)from_us) * 1e-6;
}

double target_lost_s(const struct target *t)
{
	return seconds_between(t->last_us, t->now_us);
}

static struct pt_px box_middle(const struct box_px *b)
{
	return (struct pt_px){ b->x + b->w / 2, b->y + b->h / 2 };
}

struct box_px target_box(const struct target *t)
{
	return (struct box_px){ t->x.x - t->w / 2, t->y.x - t->h / 2, t->w, t->h };
}

struct track_point target_point(const struct target *t)
{
	return (struct track_point){
		.t_us = t->now_us,
		.box = target_box(t),
		.foot = { t->x.x + t->foot.x, t->y.x + t->h / 2 + t->foot.y },
	};
}

/* Keeps the way so far for the day it is confirmed. When there is no more room, every second
 * point goes, and from then on only every second is taken. */
static void remember(struct target *t)
{
	if (t->id != 0 || t->past_skip-- > 0)
		return;
	if (t->n_past == TARGET_PAST) {
		for (int i = 0; i < TARGET_PAST / 2; i++)
			t->past[i] = t->past[2 * i];
		t->n_past = TARGET_PAST / 2;
		t->past_step *= 2;
	}
	t->past[t->n_past++] = target_point(t);
	t->past_skip = t->past_step - 1;
}

static struct pt_px foot_offset(const struct detection *d)
{
	return (struct pt_px){ d->foot.x - (d->box.x + d->box.w / 2),
			       d->foot.y - (d->box.y + d->box.h) };
}

void target_birth(struct target *t, int64_t t_us, const struct detection *d)
{
	struct pt_px c = box_middle(&d->box);
	double var_v = square(SPEED_BH * d->box.h);

	*t = (struct target){
		.seen = true,
		.first_us = t_us,
		.last_us = t_us,
		.now_us = t_us,
		.frames = 1,
		.sightings = 1,
		.w = d->box.w,
		.h = d->box.h,
		.foot = foot_offset(d),
		.past_step = 1,
	};
	kalman_init(&t->x, c.x, square(NOISE_BH * t->h), var_v);
	kalman_init(&t->y, c.y, square(NOISEY_BH * t->h), var_v);
	remember(t);
}

void target_predict(struct target *t, int64_t t_us)
{
	double dt_s = seconds_between(t->now_us, t_us), q = square(SWERVE_BH * t->h);

	/* Nobody walks on unseen for ever: most who are lost have stopped behind something. */
	if (target_lost_s(t) > COAST_S) {
		t->x.v *= exp(-dt_s / TIRE_S);
		t->y.v *= exp(-dt_s / TIRE_S);
	}
	kalman_predict(&t->x, dt_s, q);
	kalman_predict(&t->y, dt_s, q);
	t->now_us = t_us;
	t->frames++;
	t->misses++;
	t->seen = false;
}

static void be_seen(struct target *t)
{
	t->seen = true;
	t->last_us = t->now_us;
	t->misses = 0;
	t->sightings++;
}

void target_update(struct target *t, const struct detection *d)
{
	struct pt_px c = box_middle(&d->box), foot = foot_offset(d);
	double lost_s = target_lost_s(t);
	double part = fmax(1 - exp(-lost_s / SIZE_TAU_S), 1.0 / (t->sightings + 1));

	kalman_update(&t->x, c.x, square(NOISE_BH * t->h));
	kalman_update(&t->y, c.y, square(NOISEY_BH * t->h));
	t->w += part * (d->box.w - t->w);
	t->h += part * (d->box.h - t->h);
	t->foot.x += part * (foot.x - t->foot.x);
	t->foot.y += part * (foot.y - t->foot.y);
	be_seen(t);
	remember(t);
}

/* The nearest place to x for something of this size inside [from, from + room). */
static double fit_inside(double x, double size, double from, double room)
{
	if (size >= room)
		return from + room / 2;
	return fmin(fmax(x, from + size / 2), from + room - size / 2);
}

void target_update_within(struct target *t, const struct box_px *b)
{
	double r = square(GROUP_NOISE * NOISE_BH * t->h);

	kalman_update(&t->x, fit_inside(t->x.x, t->w, b->x, b->w), r);
	kalman_update(&t->y, fit_inside(t->y.x, t->h, b->y, b->h), r);
	be_seen(t);
}

double target_cost(const struct target *t, const struct detection *d, double gate,
		   double reach_bh)
{
	struct pt_px c = box_middle(&d->box);
	double rx = square(NOISE_BH * t->h), ry = square(NOISEY_BH * t->h);
	double d2 = kalman_distance2(&t->x, c.x, rx) + kalman_distance2(&t->y, c.y, ry);
	double size = square(log(d->box.h / t->h) / SIZE_SD) +
		      square(log(d->box.w / t->w) / (2 * SIZE_SD));

	if (!(d2 <= gate) || hypot(c.x - t->x.x, c.y - t->y.x) > reach_bh * t->h)
		return HUGE_VAL;
	return d2 + log((t->x.pxx + rx) * (t->y.pxx + ry) / square(square(t->h))) +
	       fmin(size, SIZE_COST_MAX);
}
