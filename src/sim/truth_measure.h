/* SPDX-License-Identifier: Apache-2.0 */
/* truth_measure.h -- what the measures of places (README "What the numbers mean") really were.
 *
 * Worked out twice where it can differ. By rule: the definitions with their default settings,
 * applied to exact positions, ten a second; counting with exact tracks gives the same. By
 * intent: what people were about, which no position tells: who queued, who came together, who
 * looked at what, who is staff.
 */
#ifndef SIM_TRUTH_MEASURE_H
#define SIM_TRUTH_MEASURE_H

#include "sim/truth_trail.h"

#include <stdio.h>

struct truth_measures;

/* scene and places must live as long. */
struct truth_measures *truth_measures_new(const struct scene *scene,
					  const struct true_place *place, int n_places);
void truth_measures_free(struct truth_measures *m); /* NULL is allowed */

/* Somebody crossed a line in the step that ended at over_us, and is clear of it since the last
 * point of his trail. Told in order of time. */
void truth_measures_crossed(struct truth_measures *m, struct trail *t, int place, int dir,
			    int64_t over_us);
/* After everybody's tick: where they are. */
void truth_measures_tick(struct truth_measures *m, const struct actor *actors, int n);
/* Somebody's time at a till is over: when he joined, reached its head (CLOCK_NONE: did not),
 * and left. */
void truth_measures_queued(struct truth_measures *m, int till, int64_t joined_us,
			   int64_t head_us, int64_t left_us);
/* Somebody is gone: his trail is complete. */
void truth_measures_went(struct truth_measures *m, const struct trail *t);

/* Rows "minute_utc,place,measure,key,by,value", without a head, ordered. At the end. */
void truth_measures_write(struct truth_measures *m, FILE *f);

#endif
