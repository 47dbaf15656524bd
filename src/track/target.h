/* SPDX-License-Identifier: Apache-2.0 */
/* target.h -- one person as the tracker follows him: motion, size, history.
 *
 * Where the floor is known he is followed on it, in metres, each sighting believed as far as
 * its detection says. Elsewhere his box is followed in the picture, and all noise is in body
 * heights, so that the same numbers hold near and far from the camera. Inside the tracker only.
 */
#ifndef TRACK_TARGET_H
#define TRACK_TARGET_H

#include "floor/grid.h"
#include "track/kalman.h"
#include "types.h"

#define TARGET_PAST 64 /* points kept until a track is confirmed */

struct target {
	int64_t id; /* 0 until confirmed */
	int64_t birth;
	bool seen; /* in this frame */
	int64_t first_us, last_us;
	int64_t now_us;
	int frames, sightings; /* since birth */
	int misses;            /* frames since it was seen */
	/* Where it is: the foot point on the floor, metres; without one the box's centre,
	 * pixels. */
	struct kalman at;
	const struct grid *floor; /* or NULL */
	double unit;              /* a body height, in the units of at */
	double w, h;              /* of the box, smoothed; where it was seen last on a floor */
	struct pt_px foot; /* foot point minus the middle of the box's lower side, smoothed */
	/* On a floor: the foot point in the picture, pixels of a body height there, and both
	 * where the box was seen last. */
	struct pt_px now, then;
	double body_now, body_then;
	struct pt_px corner; /* of that box */
	struct track_point past[TARGET_PAST];
	int n_past;
	int past_step, past_skip; /* every past_step-th sighting is kept */
};

/* floor: where d's place on the floor is known, else NULL. */
void target_birth(struct target *t, int64_t t_us, const struct detection *d,
		  const struct grid *floor);

/* Moves on to t_us; it is unseen there until told otherwise. */
void target_predict(struct target *t, int64_t t_us);

/* It is seen as d. */
void target_update(struct target *t, const struct detection *d);

/* It is seen somewhere inside a box that holds others as well. */
void target_update_within(struct target *t, const struct box_px *b);

/* How badly d fits: squared Mahalanobis distance, logarithm of the uncertainty, and difference
 * in size; HUGE_VAL when it is farther than gate (squared standard deviations) or reach_bh body
 * heights. */
double target_cost(const struct target *t, const struct detection *d, double gate,
		   double reach_bh);

struct box_px target_box(const struct target *t);
struct pt_px target_speed(const struct target *t); /* of the foot point, pixels per second */
struct track_point target_point(const struct target *t);

/* Seconds from the first to the last time it was seen, and since then. */
double target_seen_s(const struct target *t);
double target_lost_s(const struct target *t);

#endif
