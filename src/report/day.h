/* SPDX-License-Identifier: Apache-2.0 */
/* day.h -- one business day of one store, worked out once and written in several forms. */
#ifndef REPORT_DAY_H
#define REPORT_DAY_H

#include "base/err.h"
#include "store/query.h"
#include "types.h"

/* One bucket of one place. observed_s == 0: nothing is known, and no number may be shown. */
struct day_line {
	double observed_s;
	int crossings_in, crossings_out, persons_in, persons_out, uturns;
};

struct day_zone {
	double observed_s;
	int begun, ended, min, max, p95;
	double mean; /* persons, time-weighted over the observed time */
	double person_s;
	int n_dwell;                                                /* visits that ended here */
	double dwell_mean_s, dwell_p50_s, dwell_p90_s, dwell_max_s; /* 0 without any */
	int engaged; /* of them, at least the zone's engaged_s long */
};

struct day_bucket {
	int64_t from_us, to_us; /* [from, to) */
};

struct day_place {
	struct query_place place;
	struct day_line *line, line_total; /* one per bucket; lines */
	struct day_zone *zone, zone_total; /* one per bucket; zones */
};

struct day_camera {
	struct query_camera camera;
	double *observed_s, observed_total_s; /* one per bucket */
	float *heat;                          /* HEAT_COLS * HEAT_ROWS person-seconds */
};

struct day {
	struct store_info store;
	char date[11];
	int64_t from_us, to_us; /* the business day: 23, 24 or 25 hours */
	int bucket_s;           /* 60, 900, 3600 or 86400 (the whole day) */
	struct day_bucket *bucket;
	int n_bucket;
	struct day_place *place;
	int n_place;
	struct day_camera *camera;
	int n_camera;
	char params[512]; /* params_ids of the day */
};

/* date NULL: the last day that has anything. The process's zone becomes the store's
 * (clock_set_zone). ERR_STATE when nothing at all was observed on that day: the message names
 * the days that there are. Free with day_clear(). */
int day_read(struct day *d, struct query *q, const char *date, int bucket_s, struct err *err);
void day_clear(struct day *d);

/* The forms. Text is appended to *out; day_html reads plates from q. */
struct str;
int day_csv(const struct day *d, struct str *out, struct err *err);
int day_json(const struct day *d, struct str *out, struct err *err);
/* hourly: the same day read with bucket_s 3600 (charts); d may be finer. */
int day_html(const struct day *hourly, struct query *q, struct str *out, struct err *err);
/* A few lines for a terminal, at most 100 columns. */
int day_text(const struct day *d, struct str *out);

#endif
