/* SPDX-License-Identifier: Apache-2.0 */
/* hours.h -- what a store's file has for each hour of many business days.
 *
 * Hours are those of the local clock. Where it goes back, the hour that comes twice is one of
 * 7200 s; where it goes forward, the one that does not come has 0 s. A place is observed in a
 * minute when it has a row there, for as long as its camera was; without a row it was not
 * watched. What was not observed is missing and never a zero.
 */
#ifndef STUDY_HOURS_H
#define STUDY_HOURS_H

#include "base/err.h"
#include "store/query.h"
#include "study/measure_of.h"
#include "study/trial.h"
#include "types.h"

struct hour {
	double observed_s;
	double in, out;           /* lines: persons */
	double begun, ended;      /* zones: visits */
	double dwell_s, person_s; /* zones: of the visits that ended; in the hour */
};

struct hours_place {
	struct query_place place;
	char camera[NAME_MAX_BYTES];
	struct hour *hour; /* n_day * TRIAL_HOURS */
	bool watched;      /* in some hour */
};

struct hours {
	struct store_info store;
	int n_day, first; /* day i is first + i, as of clock_date() */
	int64_t *from_us; /* n_day + 1 */
	float *length_s;  /* of each hour: 3600 but for changes of the clock */
	struct hours_place *place;
	int n_place;
};

/* n_day business days from day 'first' (clock_date) on. The process's zone becomes the
 * store's. Geometry texts are q's. ERR_RANGE for days that the clock does not have. */
int hours_read(struct hours *h, struct query *q, int first, int n_day, struct err *err);
void hours_clear(struct hours *h); /* an all-zero one is allowed */

/* First and last business day with anything, as numbers; ERR_STATE when there is none. */
int hours_span(struct query *q, int *first, int *last, struct err *err);

/* One measure of each hour, whether it may be used or not: num; den as of a panel (observed
 * hours, or the other count); and the seconds in which all that it needs was observed. Each has
 * room for n_day * TRIAL_HOURS. ERR_STATE, with the names that there are, when the file has no
 * such place, or several. */
struct hours_measure {
	double *num, *den, *observed_s;
};
int hours_measure(const struct hours *h, const struct measure_of *m, struct hours_measure *out,
		  struct err *err);
void hours_measure_clear(struct hours_measure *m);

/* Business day and hour of a moment; false outside of the days. */
bool hours_slot(const struct hours *h, int64_t t_us, int *day, int *hour);

#endif
