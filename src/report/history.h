/* SPDX-License-Identifier: Apache-2.0 */
/* history.h -- who walked in on the days before, to compare with.
 *
 * Only the entry lines' passages in (day_passages), per day and local hour. Time counts as
 * observed when every entry line was. Two days can be compared when the longer observed of them
 * has at most a twentieth more of it.
 */
#ifndef REPORT_HISTORY_H
#define REPORT_HISTORY_H

#include "report/day.h"

struct history_day {
	char date[11];
	int64_t day, from_us, to_us;
	bool holiday;
	double observed_s;
	int in;
	double hour_s[24]; /* by hour of local time; an hour that clocks repeat is one */
	int hour_in[24];
};

struct history {
	struct history_day *v; /* oldest first, to the last day of the report */
	int n;
	int first; /* index of the report's first day */
};

#define HISTORY_DAYS 35 /* before the report's first day, at least */

/* d: the report's days. calendar may be NULL. Empty when d has no entry lines. */
int history_read(struct history *h, struct query *q, const struct day *d,
		 const struct calendar *calendar, struct err *err);
void history_clear(struct history *h); /* an all-zero one is allowed */

/* Days [from, from + n) added up; false when part of them is not there. */
bool history_sum(const struct history *h, int from, int n, struct history_day *sum);

bool history_comparable(const struct history_day *a, const struct history_day *b);

#endif
