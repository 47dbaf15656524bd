/* SPDX-License-Identifier: Apache-2.0 */
/* arrival.c -- when a live picture was taken, by this machine's stopwatch. */
#include "run/arrival.h"

#include "base/clock.h"

#define BURST_US (CLOCK_SECOND_US / 50) /* coming so much too early: it was stored */
#define LOST_US (10 * CLOCK_SECOND_US)  /* coming so much too late: another clock */
#define DRIFT 1000                      /* a clock is off by one part in so many at most */

bool arrival_step(struct arrival *a, int64_t stamp_us, int64_t now_us, int64_t *t_us)
{
	int64_t offset_us = now_us - stamp_us, early_us = a->offset_us - offset_us, t;
	int64_t drift_us = (stamp_us - a->stamp_us) / DRIFT;
	bool sure = true;

	if (!a->begun || early_us < -LOST_US) {
		a->offset_us = offset_us;
	} else if (early_us > 0) {
		a->offset_us = offset_us;
		sure = early_us <= BURST_US;
	} else {
		a->offset_us += drift_us < -early_us ? drift_us : -early_us;
	}
	a->stamp_us = stamp_us;
	t = stamp_us + a->offset_us;
	if (!sure || (a->begun && t <= a->t_us)) {
		a->begun = true;
		return false;
	}
	a->begun = true;
	a->t_us = *t_us = t;
	return true;
}
