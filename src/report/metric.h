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
	/* Of the measures of store/measure.h; their coverage is that of minutes with measures.
	 */
	METRIC_STREET,
	METRIC_STAFF, /* of a camera */
	METRIC_LINE_MORE,
	METRIC_ZONE_MORE,
	METRIC_GATE,
	METRIC_QUEUE,
	METRIC_FIXTURE,
	METRIC_OF_END
};

/* Which figure of a measure's cells. */
enum metric_stat {
	METRIC_SUM = 1,
	METRIC_KEY,     /* of one key */
	METRIC_OR_MORE, /* of the keys from one on */
	METRIC_N,       /* of a list: how many, mean, percentiles, longest */
	METRIC_MEAN,
	METRIC_P50,
	METRIC_P90,
	METRIC_LONGEST,
	METRIC_TOP,        /* the largest key */
	METRIC_KEY_MEAN,   /* of numbers: mean over the cells' counts */
	METRIC_LEVEL_MEAN, /* of levels: mean over the observed time */
	METRIC_LEVEL_S,    /* seconds at one level; 0: what is left */
	METRIC_LEVEL_MORE_S,
	METRIC_SHARE,   /* sum / sum of `of` */
	METRIC_SHARE_2, /* sum / (sum + sum of `of`) */
	METRIC_LESS,    /* sum - sum of `of` */
};

struct metric {
	const char *name, *unit;
	int decimals;
	/* False when there is no such value (a percentile of no visits). row is the bucket's or
	 * the total's day_inside, day_view, day_line, day_zone, day_sales or day_street. */
	bool (*get)(const void *row, double *v);
	const char *definition; /* one sentence; NULL: the measure's own */
	/* get NULL: of a measure, and row is a struct tally_row. */
	int measure, of; /* as of tally_cell */
	enum metric_stat stat;
	int key;
};

extern const char *const metric_kind[METRIC_OF_END];

/* The metrics of one kind, in their order. */
const struct metric *metric_table(enum metric_of of, int *n);

/* The rows of a place: METRIC_LINE_MORE ... METRIC_FIXTURE by its kind. */
enum metric_of metric_of_place(const struct place_info *info);
/* Whether places like this one have the metric at all: measures of entry lines. info NULL: of a
 * camera or the store. */
bool metric_applies(const struct metric *m, const struct place_info *info);
/* Appends the sentence that says what it is. */
void metric_define(struct str *out, const struct metric *m);

/* False when it is not known: nothing was observed, or there is no such value. */
bool metric_value(const struct metric *m, const void *row, double *v);
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
