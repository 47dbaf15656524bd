/* SPDX-License-Identifier: Apache-2.0 */
/* calendar.h -- when a store is open, its holidays, and the weeks that retailers count in.
 *
 * ISO weeks (ISO 8601) begin on Monday; week 1 has the year's first Thursday. The 4-5-4
 * calendar (National Retail Federation) cuts a year of 52 or 53 whole weeks into months of 4, 5
 * and 4 weeks, so that months of different years have the same weekdays. Its year ends on the
 * last day of a week: the one nearest to the end of a month, or the last one in it; a 53rd week
 * belongs to the last month. A retail year is named after the calendar year that its first
 * month begins in.
 */
#ifndef REPORT_CALENDAR_H
#define REPORT_CALENDAR_H

#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

struct calendar_opts {
	char *hours;      /* "mon-sat 09:00-20:00, sun 11:00-17:00"; "": not known */
	char *holidays;   /* a CSV file with date, name, opens, closes; "": none */
	char *week_start; /* of retail weeks: "mon" .. "sun" */
	char *pattern;    /* weeks of the months of a quarter: "4-5-4" */
	char *year_end;   /* "nearest" or "last" */
	int year_month;   /* the retail year ends at the end of this month, 1..12 */
};

#define CALENDAR_OPTS_DEFAULT \
	{ \
		.hours = "", .holidays = "", .week_start = "sun", .pattern = "4-5-4", \
		.year_end = "nearest", .year_month = 1 \
	}

#define CALENDAR_SPANS 4 /* opening times of one day, at most */

struct calendar_span {
	int from_s, to_s; /* after local midnight; to_s beyond 24 h: into the next day */
};
struct calendar_day {
	int n;
	struct calendar_span span[CALENDAR_SPANS];
};
struct calendar_holiday {
	int64_t day; /* as of clock_date */
	char name[64];
	struct calendar_day open;
};

struct calendar {
	bool has_hours;
	struct calendar_day week[7]; /* Monday first */
	struct calendar_holiday *holiday;
	int n_holiday; /* by day */
	int week_start, pattern[3], year_month;
	bool year_end_nearest;
};

/* Reads what the settings say, holidays from their file. ERR_CONFIG for a setting (the message
 * begins with its name), ERR_IO and ERR_FORMAT for the file (with its name, line and field). */
int calendar_init(struct calendar *c, const struct calendar_opts *o, struct err *err);
void calendar_clear(struct calendar *c); /* an all-zero one is allowed */

/* Whether the store is open at t_us, in the process's zone. True when hours are not known. What
 * is open past midnight belongs to the day on which it began. */
bool calendar_open(const struct calendar *c, int64_t t_us);

/* The holiday on a date, or NULL. */
const struct calendar_holiday *calendar_holiday(const struct calendar *c, int64_t day);

struct calendar_week {
	int year, week;    /* week: 1 .. 53 of the year */
	int month;         /* retail: 1 .. 12; ISO: 0 */
	int64_t first_day; /* the day on which it begins */
};
struct calendar_week calendar_iso_week(int64_t day);
struct calendar_week calendar_retail_week(const struct calendar *c, int64_t day);

/* 0 = Monday. */
int calendar_weekday(int64_t day);

#endif
