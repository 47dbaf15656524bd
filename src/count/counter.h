/* SPDX-License-Identifier: Apache-2.0 */
/* counter.h -- one camera's places: sightings in order of time become events and minutes.
 * Definitions: README "What the numbers mean".
 *
 * Time is the frames'. The counter knows no clock: a minute is finished when later frames say
 * so, or at counter_end().
 *
 * When a crossing is one: count/line.h. When a visit begins and ends: count/zone.h. The others:
 * stand.h, gate.h, funnel.h, waiting.h, facing.h, route.h, group.h. A person is a track, as
 * long as it is never unseen for gap_s; the same number seen later is another person. Memory is
 * kept for people who are there and for minutes that are not finished.
 */
#ifndef COUNT_COUNTER_H
#define COUNT_COUNTER_H

#include "base/err.h"
#include "count/line.h"
#include "floor/plan.h"
#include "types.h"

/* A step may be this long, and so much longer for each second that it took; in metres, or twice
 * as many body widths. */
#define COUNT_JUMP_M 1.5
#define COUNT_JUMP_M_S 5.0

struct count_opts {
	double hysteresis_m;    /* of a line, metres (calibrated cameras) */
	double hysteresis_body; /* the same in body widths (uncalibrated cameras) */
	double uturn_s;         /* back over the line within this: a U-turn, not a person */
	double gap_s;           /* unseen for less: the same visit */
	double max_frame_s;     /* frames farther apart than this and than twice their nominal
				 * length: the time between was not observed */
	double staff_h;         /* in the store for so many hours: staff; 0: nobody is */
};
#define COUNT_OPTS_DEFAULT \
	{ \
		.hysteresis_m = 0.3, .hysteresis_body = 0.25, .uturn_s = 2.0, .gap_s = 3.0, \
		.max_frame_s = 1.0, .staff_h = 4.0 \
	}

/* Why a path that crossed a line counted or did not. */
struct count_why {
	int64_t t_us; /* of the crossing, or the last of several; of its event if it has one */
	int64_t person; /* track */
	int place;
	int dir; /* 1 in, -1 out; 0: there and back. It counted when rule says so */
	enum line_rule rule;
};

/* What was finished since the last call. All arrays are the counter's, valid until its next
 * call. Minutes of one kind are ordered by time, then place; events by time.
 *
 * An event is told when it is sure, and its time can be older than that of one told before.
 * Every minute with a frame in it has one cover row, gap_s after its end, in the same call as
 * all else of that minute, except late parts of lines and values: what settles, and persons who
 * leave, after that. What has nothing to say has no row. Visits beyond MINUTE_DWELLS come in
 * further rows in which all but the dwells is 0. */
struct count_out {
	const struct event *event;
	int n_event;
	const struct minute_cover *cover;
	int n_cover;
	const struct minute_line *line;
	int n_line;
	const struct minute_zone *zone;
	int n_zone;
	const struct minute_heat *heat;
	int n_heat;
	/* A line's events, and paths that crossed it without one; in the order of deciding. */
	const struct count_why *why;
	int n_why;
	const struct minute_floor *floor; /* metric only */
	int n_floor;
	const struct minute_value *value; /* of one minute by place, measure, key */
	int n_value;
};

struct counter;

/* The plan's places of this camera. at[i] are the floor points of place i (map_place), NULL for
 * places of other cameras; both are copied. Gates and queues come with their parts. metric: the
 * floor is metres with y up, otherwise the picture with y down (types.h). */
struct counter *counter_new(const struct count_opts *o, int camera, const struct plan *plan,
			    const struct pt_floor *const *at, bool metric);
void counter_free(struct counter *c); /* NULL is allowed */

/* One frame: its time, its nominal length (1 us to a minute; beyond, the limit is taken), and
 * who was seen in it (ordered by track, all with t_us; heat_cell[i] is map_heat_cell of
 * who[i]). A frame stands for the time to the next one, or for its length when that is too far
 * away. t_us must rise: ERR_STATE if not, and nothing changes. */
int counter_step(struct counter *c, int64_t t_us, int64_t dur_us, const struct sighting *who,
		 const int *heat_cell, int n, struct count_out *out);

/* The input is over: everybody leaves at the time of the last sighting, all minutes finish.
 * After that only counter_free(). */
void counter_end(struct counter *c, struct count_out *out);

#endif
