/* SPDX-License-Identifier: Apache-2.0 */
/* predict.h -- the coming days of a store, with the staff they need, and their forms. */
#ifndef STUDY_PREDICT_H
#define STUDY_PREDICT_H

#include "base/err.h"
#include "base/str.h"
#include "report/calendar.h"
#include "study/forecast.h"
#include "study/hours.h"

#include <stdint.h>

#define PREDICT_HISTORY 400 /* days that are looked back at most */
#define PREDICT_COVERAGE \
	0.5 /* an hour observed less is left out; else counted up to a whole \
	     */

struct predict_opts {
	struct measure_of of; /* counted per hour; measure_is_count() */
	int days;             /* 1 .. FORECAST_DAYS_MAX */
	double interval;      /* 0.5 .. 0.99 */
	double per_associate; /* counted people an hour that one associate looks after; 0: none
			       */
	const struct calendar *calendar; /* opening hours and holidays */
};

/* Associates are whole: expected / per_associate rounded up, 1 at least where anybody may come;
 * staff_hi the same for the interval's upper end. */
struct predict_hour {
	int64_t from_us, to_us;
	int day;
	struct forecast_value v;
	int staff, staff_hi;
};

struct predict_day {
	char date[11];
	int64_t from_us, to_us;
	const char *holiday; /* its name, the calendar's; or NULL */
	struct forecast_value v;
	int staff_h, staff_hi_h; /* hours of associates */
};

struct predict {
	struct predict_opts opts;
	struct store_info store;
	char first[11], last[11]; /* days that were learned from */
	struct forecast f;
	struct predict_day *day;   /* opts.days */
	struct predict_hour *hour; /* those that the store is open, or known */
	int n_hour;
};

/* The days after the last one with data. ERR_STATE when the history is too short or nothing of
 * this kind was counted. Free with predict_clear(). */
int predict_make(struct predict *p, struct query *q, const struct predict_opts *opts,
		 struct err *err);
void predict_clear(struct predict *p); /* an all-zero one is allowed */

/* The forms. CSV: a row per day and hour; what is not known is empty. JSON: in
 * predict.schema.json. HTML: a page of its own; predict_section is its content, for other pages
 * in the report's style. */
void predict_text(const struct predict *p, struct str *out);
void predict_csv(const struct predict *p, struct str *out);
void predict_json(const struct predict *p, struct str *out);
void predict_section(const struct predict *p, struct str *out);
void predict_html(const struct predict *p, struct str *out);

/* "entries", "visits of fruit" */
void predict_what(const struct predict *p, struct str *out);

#endif
