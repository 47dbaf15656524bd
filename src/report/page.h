/* SPDX-License-Identifier: Apache-2.0 */
/* page.h -- the parts of the HTML page; html.c puts them together. */
#ifndef REPORT_PAGE_H
#define REPORT_PAGE_H

#include "base/err.h"
#include "base/str.h"
#include "report/chart.h"
#include "report/day.h"
#include "report/history.h"
#include "report/metric.h"

#include <stdbool.h>

struct page {
	struct str *out;
	const struct day *d; /* in hours; in days when there are several */
	bool days;
	struct history history; /* empty without entry lines */
	struct query *q;
	int first, n; /* the hours or days that charts show; those left out were not observed */
	int64_t *from_us; /* n + 1: their begins, and the end of the last */
	int id;           /* of the last chart */
	struct str names; /* of a picture's lines and zones, while it is made */
	int n_lines, n_zones, n_entries;
};

extern const char *const page_style[]; /* pieces of one text; ends with NULL */

/* One per chart: what page_columns is given besides the values. */
struct page_series {
	const char *title, *desc;
	int height;
	const double *observed_s, *a, *b, *mark; /* per hour shown */
	const char *a_name, *b_name, *mark_name;
	int decimals;
};
/* The columns and, below them, what their hatching means. */
void page_columns(struct page *p, const struct page_series *s);

/* "+4 % on last week (2,910); +2 % on 4 Fridays before" */
void page_compare_words(struct page *p, struct str *out);
/* What is usual in each hour shown on this weekday, persons an hour; false when nothing is. */
bool page_usual_hours(const struct page *p, double *mark);
void page_table_head(struct page *p, const char *caption, const char *const *columns, int n);
/* "09:00-10:00", or the day. */
void page_bucket(struct page *p, int i);

/* A number of a row of metrics in its unit's words, or a dash. */
void page_cell_metric(struct page *p, const struct metric *m, const struct tally_row *row);
/* One of the metrics of a place's measures by its name, over all days; false: not known. */
bool page_metric(const struct day_place *place, const char *name, const struct tally_row *row,
		 double *v);
/* The name of a row, and what is said below it. */
void page_row_head(struct page *p, const char *name, const char *below);
void page_cell_observed(struct page *p, double s);

void page_compare(struct page *p);
void page_traffic(struct page *p);
void page_inside(struct page *p);
void page_people(struct page *p);
void page_stays(struct page *p);
void page_ways(struct page *p);
void page_queues(struct page *p);
void page_zones(struct page *p);
void page_tables(struct page *p);
void page_coverage(struct page *p);
int page_heat(struct page *p, struct err *err);

/* A place as it was drawn, in a picture of 1000 x 1000; its name, which is no part of the
 * stretched drawing, goes into names. floor: which stretch of the plan the picture is of; NULL:
 * it is the camera's. Nothing when the place was drawn on the other one. */
struct heat_floor;
void page_outline(struct str *out, struct str *names, const struct place_info *place,
		  const struct heat_floor *floor);

/* words_percent() as HTML. */
void page_percent(struct str *out, double part, double whole);
/* "11 h 54 min", and "(99 %)" of the time from the day's first to its last observed moment. */
void page_observed(struct page *p, double observed_s);
/* A table cell: the number, or a dash with "not observed" for who cannot see it. */
void page_cell_count(struct page *p, double observed_s, int n);
void page_cell_duration(struct page *p, bool known, double s);

#endif
