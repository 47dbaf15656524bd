/* SPDX-License-Identifier: Apache-2.0 */
/* wall.h -- the time of day that live pictures get, from a clock that may lie.
 *
 * It is the stopwatch, set once to the machine's clock. Small differences are made up for by
 * going a little slower or faster, so that it never jumps. A jump of the machine's clock is
 * not followed: counting goes on in the time from before, and no minute is lost or comes twice.
 * Only a jump that has stood for WALL_BELIEVE_S is taken over, all at once: forward, it leaves
 * a hole that was not observed; back, minutes that were there already are counted anew, and
 * take the place of those before (writer.h).
 *
 * One thread sets it, any may ask.
 */
#ifndef RUN_WALL_H
#define RUN_WALL_H

#include <stdint.h>

#define WALL_STEP_S 2      /* a difference that is no drift */
#define WALL_BELIEVE_S 600 /* a jump that stands so long is the truth */

enum wall_news {
	WALL_NONE,
	WALL_JUMPED, /* the machine's clock is another now; not followed */
	WALL_BACK,   /* it is right again */
	WALL_TAKEN,  /* followed: times jump */
};

struct wall;

/* stopwatch_us and clock_us are those two clocks, now. */
struct wall *wall_new(int64_t stopwatch_us, int64_t clock_us);
void wall_free(struct wall *w); /* NULL is allowed */

/* Once a second or so. */
enum wall_news wall_step(struct wall *w, int64_t stopwatch_us, int64_t clock_us);

/* The time of day at a moment of the stopwatch. *epoch, unless NULL, counts the jumps that were
 * taken over: times are only ordered within one. */
int64_t wall_time(struct wall *w, int64_t stopwatch_us, int *epoch);
/* How far the machine's clock was ahead of it at the last step. */
int64_t wall_ahead_us(struct wall *w);

#endif
