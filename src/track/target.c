/* SPDX-License-Identifier: Apache-2.0 */
/* target.c -- one person as the tracker follows him. */
#include "track/target.h"

#include <math.h>

/* In body heights, about 1.7 m. Settled on three clips of 7 and 25 frames a second with a
 * detector's boxes, and on simulated blobs. SWERVE_BH matters most: higher, and a track swings
 * over to a neighbour. */
#define NOISE_BH 0.05       /* standard deviation of where a detection is */
#define GROUP_NOISE_BH 0.15 /* the same of a person somewhere in a group */
#define SPEED_BH 0.6        /* standard deviation of a new track's speed, per second */
#define SWERVE_BH 0.25      /* how much the speed wanders in a second */

/* The same where the floor is known and feet are followed in place of boxes. Of simulated
 * people, feet were 0.12 m off in the median and 0.4 m in the worst tenth. */
#define FLOOR_NOISE_BH 0.1
#define FLOOR_SWERVE_BH 0.3

#define SIZE_TAU_S 0.3    /* time constant of the smoothed size */
#define SIZE_SD 0.25      /* standard deviation of the logarithm of the height */
#define SIZE_COST_MAX 6.0 /* half-hidden people look small: size alone rules nothing out */

#define COAST_S 0.5 /* unseen for longer, */
#define TIRE_S 1.0  /* speed fades with this time constant */

static double square(double x)
{
	return x * x;
}

/* Times can be any two 64-bit numbers in rising order: their difference may not fit in one. */
static double seconds_between(int64_t from_us, int64_t to_us)
{
	return (double)((uint64_t)to_us - (uint64_t)from_us) / 1e6;
}

double target_lost_s(const struct target *t)
{
	return seconds_between(t->last_us, t->now_us);
}

double target_seen_s(const struct target *t)
{
	return seconds_between(t->first_us, t->last_us);
}

static double noise_of(bool on_floor)
{
	return on_floor ? FLOOR_NOISE_BH : NOISE_BH;
}

static struct pt_px box_middle(const struct box_px *b)
{
	return (struct pt_px){ b->x + b->w / 2, b->y + b->h / 2 };
}

static struct pt_px place_of(const struct detection *d)
{
	return d->body > 0 ? d->foot : box_middle(&d->box);
}

struct box_px target_box(const struct target *t)
{
	return (struct box_px){ t->x.x + t->mid.x - t->w / 2, t->y.x + t->mid.y - t->h / 2,
				t->w, t->h };
}

struct track_point target_point(const struct target *t)
{
	return (struct track_point){
		.t_us = t->now_us,
		.box = target_box(t),
		.foot = { t->x.x + t->mid.x + t->foot.x,
			  t->y.x + t->mid.y + t->h / 2 + t->foot.y },
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

/* On a known floor the box changes with the place, most of all straight below a camera: it is
 * the detection's, around a foot that is smoothed. */
static void take_box(struct target *t, const struct detection *d)
{
	struct pt_px c = box_middle(&d->box);

	t->unit = d->body;
	t->w = d->box.w;
	t->h = d->box.h;
	t->mid = (struct pt_px){ c.x - t->x.x, c.y - t->y.x };
	t->foot = (struct pt_px){ -t->mid.x, -t->mid.y - t->h / 2 };
}

static struct pt_px foot_offset(const struct detection *d)
{
	return (struct pt_px){ d->foot.x - (d->box.x + d->box.w / 2),
			       d->foot.y - (d->box.y + d->box.h) };
}

void target_birth(struct target *t, int64_t t_us, const struct detection *d)
{
	struct pt_px c = place_of(d);
	double unit = d->body > 0 ? d->body : d->box.h;
	double r = square(noise_of(d->body > 0) * unit), var_v = square(SPEED_BH * unit);

	*t = (struct target){
		.seen = true,
		.first_us = t_us,
		.last_us = t_us,
		.now_us = t_us,
		.frames = 1,
		.sightings = 1,
		.on_floor = d->body > 0,
		.unit = unit,
		.w = d->box.w,
		.h = d->box.h,
		.foot = foot_offset(d),
		.past_step = 1,
	};
	kalman_init(&t->x, c.x, r, var_v);
	kalman_init(&t->y, c.y, r, var_v);
	if (t->on_floor)
		take_box(t, d);
	remember(t);
}

void target_predict(struct target *t, int64_t t_us)
{
	double dt_s = seconds_between(t->now_us, t_us),
	       q = square((t->on_floor ? FLOOR_SWERVE_BH : SWERVE_BH) * t->unit);

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
	struct pt_px c = place_of(d), foot = foot_offset(d);
	double lost_s = target_lost_s(t), r = square(noise_of(t->on_floor) * t->unit);
	double part = fmax(1 - exp(-lost_s / SIZE_TAU_S), 1.0 / (t->sightings + 1));

	kalman_update(&t->x, c.x, r);
	kalman_update(&t->y, c.y, r);
	if (t->on_floor) {
		take_box(t, d);
		be_seen(t);
		remember(t);
		return;
	}
	t->w += part * (d->box.w - t->w);
	t->h += part * (d->box.h - t->h);
	t->foot.x += part * (foot.x - t->foot.x);
	t->foot.y += part * (foot.y - t->foot.y);
	t->unit = t->h;
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
	double r = square(GROUP_NOISE_BH * t->h);

	kalman_update(&t->x, fit_inside(t->x.x, t->w, b->x, b->w), r);
	kalman_update(&t->y, fit_inside(t->y.x, t->h, b->y, b->h), r);
	be_seen(t);
}

double target_cost(const struct target *t, const struct detection *d, double gate,
		   double reach_bh)
{
	struct pt_px c = place_of(d);
	double r = square(noise_of(t->on_floor) * t->unit);
	double d2 = kalman_distance2(&t->x, c.x, r) + kalman_distance2(&t->y, c.y, r);
	double size = square(log(d->box.h / t->h) / SIZE_SD) +
		      square(log(d->box.w / t->w) / (2 * SIZE_SD));

	if (t->on_floor != (d->body > 0) || !(d2 <= gate) ||
	    hypot(c.x - t->x.x, c.y - t->y.x) > reach_bh * t->unit)
		return HUGE_VAL;
	return d2 + log((t->x.pxx + r) * (t->y.pxx + r) / square(square(t->unit))) +
	       (t->on_floor ? 0 : fmin(size, SIZE_COST_MAX));
}
