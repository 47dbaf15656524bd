/* SPDX-License-Identifier: Apache-2.0 */
/* target.h -- one person as the tracker follows him: motion, size, history.
 *
 * All noise is in body heights, so that the same numbers hold near and far from the camera.
 * Inside the tracker only.
 */
#ifndef TRACK_TARGET_H
#define TRACK_TARGET_H

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
	/* Where it is, pixels: the foot point where the floor is known, else the box's centre.
	 */
	struct kalman x, y;
	bool on_floor;
	double unit;       /* a body height, pixels: that of the box, or of a person there */
	double w, h;       /* of the box, smoothed */
	struct pt_px mid;  /* centre of the box minus where it is */
	struct pt_px foot; /* foot point minus the middle of the box's lower side, smoothed */
	struct track_point past[TARGET_PAST];
	int n_past;
	int past_step, past_skip; /* every past_step-th sighting is kept */
};

void target_birth(struct target *t, int64_t t_us, const struct detection *d);

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
struct track_point target_point(const struct target *t);

/* Seconds from the first to the last time it was seen, and since then. */
double target_seen_s(const struct target *t);
double target_lost_s(const struct target *t);

#endif
