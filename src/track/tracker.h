/* SPDX-License-Identifier: Apache-2.0 */
/* tracker.h -- joins one camera's detections into tracks over time.
 *
 * Knows pixels, the floor where there is one, and time stamps, nothing of cameras or threads.
 * The same detections with the same time stamps always give the same tracks.
 */
#ifndef TRACK_TRACKER_H
#define TRACK_TRACKER_H

#include "base/err.h"
#include "types.h"

struct tracker_opts {
	double gate_bh;   /* farthest a person is from where he was expected, body heights;
			   * as much again for each second that he was not seen */
	double confirm_s; /* seen this long before it counts as a person */
	double forget_s;  /* unseen this long, the track ends */
	int max_tracks;   /* hard limit; the weakest unconfirmed one yields */
};
#define TRACKER_OPTS_DEFAULT \
	{ \
		.gate_bh = 0.6, .confirm_s = 0.4, .forget_s = 2.0, .max_tracks = 128 \
	}

struct grid;
struct tracker;

/* Copies *opts; w x h is the analysis picture: who leaves it is not waited for. floor: of a
 * calibrated camera, whose detections have places on it, or NULL; it must live as long. Free
 * with tracker_free(). */
struct tracker *tracker_new(const struct tracker_opts *opts, int w, int h,
			    const struct grid *floor);
void tracker_free(struct tracker *t); /* NULL is allowed */

/* Takes in the detections of one frame and tells the live tracks.
 *
 * t_us    the frame's time; must rise
 * det     n_det detections of that frame; only read. Those that are no box (not finite, no
 *         area) or on a floor no place are passed over
 * tracks  set to the live tracks, confirmed or not, ordered by id; owned by t and valid until
 *         the next call on t. A track gets its id when it is confirmed; until then it has the
 *         id 0 and stands in front, the oldest first
 *
 * Two people in one large detection are both "seen" in it, each where he was heading.
 *
 * Returns the number of tracks, or ERR_STATE when t_us did not rise (nothing changes then).
 * Allocates only when there are more detections than in any frame before. Not thread safe; one
 * thread per tracker. */
int tracker_step(struct tracker *t, int64_t t_us, const struct detection *det, int n_det,
		 const struct track **tracks);

#endif
