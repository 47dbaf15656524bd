/* SPDX-License-Identifier: Apache-2.0 */
/* day.h -- a business day of one store, or several in a row, worked out once and written in
 * several forms.
 *
 * How minutes become longer buckets, and buckets the day:
 *   counts, person_s      added up
 *   observed_s            added up over the minutes in which the place was watched (had a
 *                         minute of its own): its camera's. A bucket without any has no numbers
 *   min, max              of the observed minutes
 *   mean                  person_s / observed_s: time-weighted over what was observed
 *   p95                   of a minute: as counted. Of more: the smallest of the minutes' p95
 *                         that was not exceeded by the p95 of minutes with 95 % of the observed
 *                         time. Seconds are not kept, so it is no percentile of seconds.
 *   dwell_*               of the visits that ended in the bucket, each once. Percentile p of n
 *                         visits is by nearest rank: the ceil(p * n)-th shortest.
 *   inside                crossings in - out of all entry lines since the day began, at the end
 *                         of each minute; it begins anew with each day. It is not below 0:
 * where it would be, it is set to 0 and 'corrections' counts by how many. Observed when all of
 * them were.
 *   ..._closed            what of it was counted in minutes outside the opening hours; means
 *                         something when these are known (hours)
 *   revision              the sum over the camera's minutes of how often each was counted anew
 * or came late: it grows whenever the bucket changes after it was written. A place that was not
 * watched on a day on which its camera was is of another plan, and is left out.
 */
#ifndef REPORT_DAY_H
#define REPORT_DAY_H

#include "base/err.h"
#include "report/audit.h"
#include "report/calendar.h"
#include "report/floor_map.h"
#include "report/journeys.h"
#include "report/sales.h"
#include "report/tally.h"
#include "store/query.h"
#include "types.h"

/* One bucket of one place. observed_s == 0: nothing is known, and no number may be shown. */
struct day_line {
	double observed_s;
	int crossings_in, crossings_out, persons_in, persons_out, uturns;
	bool hours;
	int passages_in_closed, passages_out_closed;
};

struct day_zone {
	double observed_s;
	int begun, ended, min, max, p95;
	double mean; /* persons, time-weighted over the observed time */
	double person_s;
	int n_dwell;                                                /* visits that ended here */
	double dwell_mean_s, dwell_p50_s, dwell_p90_s, dwell_max_s; /* 0 without any */
	int engaged; /* of them, at least the zone's engaged_s long */
	bool hours;
	int begun_closed;
};

/* Everybody in one camera's view. */
struct day_view {
	double observed_s;
	double person_s, mean; /* as of a zone */
};

/* Over all entry lines. */
struct day_inside {
	double observed_s; /* by every camera that has an entry line */
	int crossings_in, crossings_out;
	bool hours;
	int crossings_in_closed, crossings_out_closed;
	int max; /* people inside; over the observed minutes */
};

/* Who came in and who passed by, over minutes in which the measures of every entry and outside
 * line were counted. */
struct day_street {
	double observed_s;
	bool outside; /* there are outside lines: passers-by are counted */
	int entered, passed_by;
};

/* The till and the roster, beside who came in. */
struct day_sales {
	double observed_s; /* of the entry lines */
	bool has_sales, has_staff;
	double transactions, amount, staff_h;   /* all of them */
	double transactions_seen, staff_seen_h; /* in minutes with all entry lines observed */
	int walked_in;                          /* passages in over the entry lines */
	int walked_sold, walked_staffed;        /* of them, on days that the files know */
};

struct day_bucket {
	int64_t from_us, to_us; /* [from, to) */
	int revision;           /* over all cameras */
};

/* One of the business days. */
struct day_date {
	char date[11];
	int64_t day;                      /* as of clock_date */
	char holiday[64];                 /* its name, or "" */
	struct calendar_week iso, retail; /* retail: all 0 without a calendar */
	int64_t from_us, to_us;           /* 23, 24 or 25 hours */
	double observed_s; /* mean over the cameras that saw anything in the span */
	double open_s;     /* the store was open; 0 when its hours are not known */
};

struct day_place {
	struct query_place place;
	int camera;                        /* index in day.camera */
	struct day_line *line, line_total; /* one per bucket; lines */
	struct day_zone *zone, zone_total; /* one per bucket; zones */
	float *dwell_s;                    /* zone_total.n_dwell, shortest first; zones */
	struct tally tally;                /* its measures, whatever its kind */
};

struct day_camera {
	struct query_camera camera;
	struct day_view *view, view_total;
	double *observed_s, observed_total_s; /* one per bucket */
	double open_observed_s;               /* of the opening hours */
	int *revision, revision_total;        /* one per bucket */
	float *heat;                          /* HEAT_COLS * HEAT_ROWS person-seconds */
	char **params;      /* one per bucket: params_ids, comma-separated; "" without any */
	float *minute_s;    /* observed seconds of each minute of the day */
	struct tally tally; /* of the whole camera; observed_s: that of any place in it */
};

struct day {
	struct store_info store;
	char date[11], last[11]; /* the first and the last business day */
	int64_t from_us, to_us;
	int bucket_s; /* as of struct day_span */
	struct day_date *dates;
	int n_date;
	bool has_hours; /* the opening hours are known */
	double open_s;
	struct day_bucket *bucket;
	int n_bucket;
	struct day_place *place;
	int n_place;
	struct day_camera *camera;
	int n_camera;
	char params[8192]; /* params_ids of the day; hundreds of cameras have room */

	int n_minute;
	bool has_inside;                         /* there are entry lines; else NULLs and 0 */
	struct day_inside *inside, inside_total; /* one per bucket */
	bool *minute_open;                       /* one per minute */
	int *minute_inside; /* one per minute; -1: some entry line was not observed */
	int64_t peak_us;    /* end of the first minute with inside_total.max; or CLOCK_NONE */
	int corrections;
	struct day_sales *sales, sales_total; /* one per bucket; NULL: not joined */
	/* First and last moment that any camera observed. */
	int64_t first_us, last_us;
	struct day_street *street, street_total; /* one per bucket; NULL without entry lines */
	bool has_outside;                        /* lines of passers-by */
	struct floor_map floor;                  /* where people were, in metres of the plan */
	struct journeys journeys;                /* of all days together */
	char first_known[11], last_known[11];    /* the days with data that there are at all */
	struct audits audits; /* what is known of how far lines' counts may be off */
};

/* date NULL: the last day that has anything. The process's zone becomes the store's
 * (clock_set_zone). Buckets begin at whole multiples of bucket_s of local time; the first and
 * the last of a day are shorter when the business day does not. ERR_STATE when nothing at all
 * was observed on that day: the message names the days that there are. Free with day_clear().
 */
int day_read(struct day *d, struct query *q, const char *date, int bucket_s, struct err *err);

#define DAY_WEEK_S (7 * 86400)
#define DAY_SPAN_MAX 400 /* business days */

/* Who walked in (or out) over a line: its crossings in that direction without those that were
 * taken back at once (U-turns, which are one in each). Not below 0, which it might be where a
 * minute's end lies between the two. Also right where a track lasts for the whole visit, whose
 * net is 0. */
int day_passages(const struct day_line *l, bool in);

/* Several days, first to last (NULL: the last one that has anything), in buckets of bucket_s:
 * 60, 900, 3600, 86400 (business days), or DAY_WEEK_S. Weeks begin on the weekday week_start (0
 * = Monday: ISO weeks); the first and the last are shorter when the span begins or ends within.
 */
struct day_span {
	const char *first, *last;
	int bucket_s, week_start;
	const struct calendar *calendar; /* opening hours; NULL: not known */
	const struct sales *sales;       /* to be joined, or NULL */
	int k; /* ways of fewer people are withheld (journeys.h); 0: JOURNEYS_K */
};
int day_read_span(struct day *d, struct query *q, const struct day_span *s, struct err *err);
/* The same span in n lengths of buckets, read in one pass; s->bucket_s is not looked at. All or
 * none of d[0..n) are filled. */
int day_read_buckets(struct day *d, int n, struct query *q, const struct day_span *s,
		     const int *bucket_s, struct err *err);
void day_clear(struct day *d); /* an all-zero day is allowed */

/* The forms. Text is appended to *out; day_html reads plates from q. */
struct str;

/* RFC 4180 but for the line ends, which are LF; UTF-8; one header line. Rows are ordered by
 * bucket, then store, street, cameras, lines, zones, gates, queues, fixtures by name, then
 * metric in the order of metric.c. A
 * value that is not known (nothing observed, no visit to measure) is empty; of measures, which
 * are many, buckets that were not observed are left out. A text that a
 * spreadsheet would take for a formula gets a ' in front. */
int day_csv(const struct day *d, struct str *out, struct err *err);
/* The tables of people's ways (journeys.h), a cell a row: of all days together. */
int day_ways_csv(const struct day *d, struct str *out, struct err *err);
/* One document; form in report.schema.json. What is not known is null. */
int day_json(const struct day *d, struct str *out, struct err *err);
/* hourly: read with bucket_s 3600 (charts). One page that needs nothing from anywhere else;
 * compared with the weeks before, which are read from q. calendar: for their holidays; may be
 * NULL.
 */
int day_html(const struct day *hourly, struct query *q, const struct calendar *calendar,
	     struct str *out, struct err *err);
/* A few lines for a terminal, at most 100 columns. */
int day_text(const struct day *d, struct str *out);

#endif
