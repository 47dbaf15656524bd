/* SPDX-License-Identifier: Apache-2.0 */
/* target.c -- one person as the tracker follows him. */
#include "track/target.h"

#include "base/real.h"

#include <math.h>

/* In body heights, about 1.7 m. Settled on three clips of 7 and 25 frames a second with a
 * detector's boxes, and on simulated blobs. SWERVE_BH matters most: higher, and a track swings
 * over to a neighbour. */
#define NOISE_BH 0.05       /* standard deviation of where a detection is */
#define GROUP_NOISE_BH 0.15 /* the same of a person somewhere in a group */
#define SPEED_BH 0.6        /* standard deviation of a new track's speed, per second */
#define SWERVE_BH 0.25      /* how much the speed wanders in a second */

/* The same on a known floor. How sure a place is the detection says; what is wrong with it
 * stays so for about a step, since it comes from the posture, so more pictures a second do not
 * say more.
 */
#define FLOOR_SPEED_M 0.8
#define FLOOR_SWERVE_M 0.7
#define FLOOR_STUCK_S 0.15

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

static struct pt_px box_middle(const struct box_px *b)
{
	return (struct pt_px){ b->x + b->w / 2, b->y + b->h / 2 };
}

/* Where d is, in the units in which t is followed, and how far off it may be. */
static struct spread place_of(const struct target *t, const struct detection *d, double z[2])
{
	struct pt_px c = box_middle(&d->box);
	double r = square(NOISE_BH * t->unit);

	z[0] = t->floor ? d->at.x : c.x;
	z[1] = t->floor ? d->at.y : c.y;
	return t->floor ? d->at_off : (struct spread){ r, 0, r };
}

struct box_px target_box(const struct target *t)
{
	double size = t->floor ? t->body_now / t->body_then : 1;

	if (!t->floor)
		return (struct box_px){ t->at.x[0] - t->w / 2, t->at.x[1] - t->h / 2, t->w,
					t->h };
	return (struct box_px){ t->now.x + size * (t->corner.x - t->then.x),
				t->now.y + size * (t->corner.y - t->then.y), size * t->w,
				size * t->h };
}

struct track_point target_point(const struct target *t)
{
	struct track_point p = { .t_us = t->now_us, .box = target_box(t), .foot = t->now };

	if (!t->floor)
		p.foot = (struct pt_px){ t->at.x[0] + t->foot.x,
					 t->at.x[1] + t->h / 2 + t->foot.y };
	return p;
}

struct pt_px target_speed(const struct target *t)
{
	const double ahead_s = 0.1;
	struct pt_m next = { t->at.x[0] + ahead_s * t->at.x[2],
			     t->at.x[1] + ahead_s * t->at.x[3] };
	struct pt_px foot;
	double body;

	if (!t->floor)
		return (struct pt_px){ t->at.x[2], t->at.x[3] };
	if (!grid_place(t->floor, next, &foot, &body))
		return (struct pt_px){ 0, 0 };
	return (struct pt_px){ (foot.x - t->now.x) / ahead_s, (foot.y - t->now.y) / ahead_s };
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

/* Where he is on the floor is there in the picture; where the lens does not reach he stays
 * where he was seen. */
static void find_in_picture(struct target *t)
{
	if (t->floor)
		grid_place(t->floor, (struct pt_m){ t->at.x[0], t->at.x[1] }, &t->now,
			   &t->body_now);
}

/* On a known floor the box changes with the place, most of all straight below a camera: it is
 * the detection's, around a foot that is smoothed. */
static void take_box(struct target *t, const struct detection *d)
{
	t->w = d->box.w;
	t->h = d->box.h;
	t->corner = (struct pt_px){ d->box.x, d->box.y };
	t->now = d->foot;
	t->body_now = d->body;
	find_in_picture(t);
	t->then = t->now;
	t->body_then = t->body_now;
}

static struct pt_px foot_offset(const struct detection *d)
{
	return (struct pt_px){ d->foot.x - (d->box.x + d->box.w / 2),
			       d->foot.y - (d->box.y + d->box.h) };
}

void target_birth(struct target *t, int64_t t_us, const struct detection *d,
		  const struct grid *floor)
{
	struct spread r;
	double z[2];

	*t = (struct target){
		.seen = true,
		.first_us = t_us,
		.last_us = t_us,
		.now_us = t_us,
		.frames = 1,
		.sightings = 1,
		.floor = floor,
		.unit = floor ? GRID_PERSON_M : d->box.h,
		.w = d->box.w,
		.h = d->box.h,
		.foot = foot_offset(d),
		.past_step = 1,
	};
	r = place_of(t, d, z);
	kalman_init(&t->at, z, &r, square(floor ? FLOOR_SPEED_M : SPEED_BH * t->unit));
	if (floor)
		take_box(t, d);
	remember(t);
}

void target_predict(struct target *t, int64_t t_us)
{
	double dt_s = seconds_between(t->now_us, t_us);

	/* Nobody walks on unseen for ever: most who are lost have stopped behind something. */
	if (target_lost_s(t) > COAST_S) {
		t->at.x[2] *= real_exp(-dt_s / TIRE_S);
		t->at.x[3] *= real_exp(-dt_s / TIRE_S);
	}
	kalman_predict(&t->at, dt_s, square(t->floor ? FLOOR_SWERVE_M : SWERVE_BH * t->unit));
	find_in_picture(t);
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

/* The spread of a sighting dt_s after the last one, which was wrong in the same way. */
static struct spread longer_wrong(const struct spread *r, double dt_s)
{
	double k = fmax(1, 2 * FLOOR_STUCK_S / dt_s);

	return (struct spread){ k * r->xx, k * r->xy, k * r->yy };
}

void target_update(struct target *t, const struct detection *d)
{
	struct pt_px foot = foot_offset(d);
	double z[2], lost_s = target_lost_s(t);
	struct spread r = place_of(t, d, z);
	double part = fmax(1 - real_exp(-lost_s / SIZE_TAU_S), 1.0 / (t->sightings + 1));

	if (t->floor) {
		r = longer_wrong(&r, lost_s);
		kalman_update(&t->at, z, &r);
		take_box(t, d);
		be_seen(t);
		remember(t);
		return;
	}
	kalman_update(&t->at, z, &r);
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
	double z[2] = { fit_inside(t->at.x[0], t->w, b->x, b->w),
			fit_inside(t->at.x[1], t->h, b->y, b->h) };

	kalman_update(&t->at, z, &(struct spread){ r, 0, r });
	be_seen(t);
}

double target_cost(const struct target *t, const struct detection *d, double gate,
		   double reach_bh)
{
	double z[2], det;
	struct spread r = place_of(t, d, z);
	double d2 = kalman_distance2(&t->at, z, &r, &det);
	double reach = reach_bh * t->unit + (t->floor ? 2 * sqrt(r.xx + r.yy) : 0);
	double size = square(real_log(d->box.h / t->h) / SIZE_SD) +
		      square(real_log(d->box.w / t->w) / (2 * SIZE_SD));

	if (!(d2 <= gate) || real_hypot(z[0] - t->at.x[0], z[1] - t->at.x[1]) > reach)
		return HUGE_VAL;
	return d2 + real_log(det / square(square(t->unit))) +
	       (t->floor ? 0 : fmin(size, SIZE_COST_MAX));
}
