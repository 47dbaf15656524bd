/* SPDX-License-Identifier: Apache-2.0 */
/* timeline.h -- from a file's time stamps to times that rise.
 *
 * Cameras' clocks are set, wrap around and fail. A step forward of up to an hour is a gap in
 * the recording and kept; a stamp that does not rise, and a larger step, is a fault of the
 * clock: time goes on by one picture's nominal length, and later stamps count from there.
 */
#ifndef VIDEO_TIMELINE_H
#define VIDEO_TIMELINE_H

#include "base/clock.h"

#define TIMELINE_GAP_MAX_US (60 * CLOCK_MINUTE_US)

struct timeline {
	int64_t nominal_us; /* length of a picture, > 0 */
	int64_t last_us;    /* -1: no picture yet */
	int64_t shift_us;   /* what stamps are moved by */
};

enum timeline_event {
	TIMELINE_OK,
	TIMELINE_MISSING, /* there was no stamp */
	TIMELINE_BACK,    /* it did not rise */
	TIMELINE_AHEAD,   /* it rose by more than an hour */
};

void timeline_init(struct timeline *t, int64_t nominal_us);

/* The time of the next picture since the file's start; always more than the one before and at
 * least 0. stamp_us: since the file's first stamp, or CLOCK_NONE. */
int64_t timeline_step(struct timeline *t, int64_t stamp_us, enum timeline_event *what);

#endif
