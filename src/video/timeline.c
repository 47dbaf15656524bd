/* SPDX-License-Identifier: Apache-2.0 */
/* timeline.c -- from a file's time stamps to times that rise. */
#include "video/timeline.h"

#include <assert.h>

/* Stamps beyond this (a century) are as good as none, and keep the sums below from
 * overflowing. */
#define STAMP_MAX (INT64_C(36525) * 86400 * CLOCK_SECOND_US)

void timeline_init(struct timeline *t, int64_t nominal_us)
{
	assert(nominal_us > 0);
	*t = (struct timeline){ .nominal_us = nominal_us, .last_us = -1 };
}

int64_t timeline_step(struct timeline *t, int64_t stamp_us, enum timeline_event *what)
{
	int64_t next = t->last_us < 0 ? 0 : t->last_us + t->nominal_us;
	int64_t at;

	*what = TIMELINE_OK;
	if (stamp_us < -STAMP_MAX || stamp_us > STAMP_MAX) {
		*what = TIMELINE_MISSING;
		t->last_us = next;
		return next;
	}
	at = stamp_us + t->shift_us;
	if (at <= t->last_us)
		*what = TIMELINE_BACK;
	else if (at > (t->last_us < 0 ? 0 : t->last_us) + TIMELINE_GAP_MAX_US)
		*what = TIMELINE_AHEAD;
	if (*what != TIMELINE_OK) {
		t->shift_us = next - stamp_us;
		at = next;
	}
	t->last_us = at;
	return at;
}
