/* SPDX-License-Identifier: Apache-2.0 */
/* arrival.h -- when a live picture was taken, by this machine's stopwatch.
 *
 * The stream's own times are even, but their clock is the camera's; arrivals are by our clock,
 * but uneven. The least delay between the two that was ever seen is taken for that of all, and
 * may grow slowly, as clocks drift. What comes faster than it was taken (the start of a stream,
 * which was stored somewhere) has no time that is worth anything yet.
 */
#ifndef RUN_ARRIVAL_H
#define RUN_ARRIVAL_H

#include <stdbool.h>
#include <stdint.h>

/* All zero to start with, and whenever the stream is opened anew. */
struct arrival {
	bool begun;
	int64_t offset_us; /* from the stream's times to the stopwatch's */
	int64_t stamp_us;  /* of the last picture */
	int64_t t_us;
};

/* A picture with the stream's time stamp_us came at now_us, by the stopwatch. *t_us: when it
 * was taken, which always rises. False when that is not known. */
bool arrival_step(struct arrival *a, int64_t stamp_us, int64_t now_us, int64_t *t_us);

#endif
