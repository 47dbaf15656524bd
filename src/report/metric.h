/* SPDX-License-Identifier: Apache-2.0 */
/* metric.h -- the names, units and values of everything that is exported, in one table. */
#ifndef REPORT_METRIC_H
#define REPORT_METRIC_H

#include "report/day.h"

#include <stdbool.h>

struct str;

/* What a row is about; the word in "kind". */
enum metric_of {
	METRIC_STORE = 1,
	METRIC_CAMERA,
	METRIC_LINE,
	METRIC_ZONE,
	METRIC_SALES,
	METRIC_OF_END
};

struct metric {
	const char *name, *unit;
	int decimals;
	/* False when there is no such value (a percentile of no visits). row is the bucket's or
	 * the total's day_inside, day_view, day_line, day_zone or day_sales. */
	bool (*get)(const void *row, double *v);
	const char *definition; /* one sentence */
};

extern const char *const metric_kind[METRIC_OF_END];

/* The metrics of one kind, in their order. */
const struct metric *metric_table(enum metric_of of, int *n);

/* Appends the value, or nothing and false when it is not known: nothing was observed, or
 * metric.get says so. */
bool metric_add(struct str *out, const struct metric *m, const void *row);

/* Within which bounds, whole numbers, the true value lies 95 % of the time, by the audit that
 * holds for the bucket's end (audit.h). False: nothing is known of it. Lines' crossings and
 * passages have it. */
bool metric_range(const struct metric *m, const void *row, const struct day *d,
		  const struct day_place *p, int64_t to_us, int64_t *lo, int64_t *hi);

/* Seconds in which row was observed. */
double metric_observed_s(const void *row);

#endif
