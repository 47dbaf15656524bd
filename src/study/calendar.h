/* SPDX-License-Identifier: Apache-2.0 */
/* calendar.h -- days and hours that are not like others: holidays, and what went wrong.
 *
 * In a file: one a line in [holidays] or [exclude],
 *     2026-04-03 = Good Friday           the whole business day
 *     2026-04-11 10-12 = fire alarm      from 10 to 12 o'clock
 * What stands on the right is the reason, shown wherever the hours are missed.
 */
#ifndef STUDY_CALENDAR_H
#define STUDY_CALENDAR_H

#include "base/err.h"
#include "base/vec.h"

#include <stdbool.h>

struct calendar_row {
	char date[11];
	int from_h, to_h; /* whole hours, [from, to) */
	char why[96];
	bool holiday; /* a whole day of [holidays] */
};

struct calendar {
	VEC(struct calendar_row) rows;
};

/* One line of a file. ERR_FORMAT, ERR_RANGE. */
int calendar_add(struct calendar *c, const char *key, const char *why, bool holiday,
		 struct err *err);
/* A file with [holidays] and [exclude] alone. The message names file and line. */
int calendar_read(struct calendar *c, const char *path, struct err *err);
void calendar_clear(struct calendar *c); /* an all-zero one is allowed */

/* Why an hour is to be left out; NULL: it is not. */
const struct calendar_row *calendar_find(const struct calendar *c, const char *date, int hour);

/* Days since 1970-01-01 of a date that exists, and back. 0 = Monday. */
int calendar_number(const char *date);
char *calendar_date(int number, char date[11]);
int calendar_weekday(int number);

/* Whether text is a date like 2026-03-14 that exists. */
bool calendar_is_date(const char *text);

#endif
