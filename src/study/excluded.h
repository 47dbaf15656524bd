/* SPDX-License-Identifier: Apache-2.0 */
/* excluded.h -- days and hours that are not like others: holidays, and what went wrong.
 *
 * In a file: one a line in [holidays] or [exclude],
 *     2026-04-03 = Good Friday           the whole business day
 *     2026-04-11 10-12 = fire alarm      from 10 to 12 o'clock
 * What stands on the right is the reason, shown wherever the hours are missed.
 */
#ifndef STUDY_EXCLUDED_H
#define STUDY_EXCLUDED_H

#include "base/err.h"
#include "base/vec.h"

#include <stdbool.h>

struct excluded_row {
	char date[11];
	int from_h, to_h; /* whole hours, [from, to) */
	char why[96];
	bool holiday; /* a whole day of [holidays] */
};

struct excluded {
	VEC(struct excluded_row) rows;
};

/* One line of a file. ERR_FORMAT, ERR_RANGE. */
int excluded_add(struct excluded *c, const char *key, const char *why, bool holiday,
		 struct err *err);
void excluded_clear(struct excluded *c); /* an all-zero one is allowed */

/* Why an hour is to be left out; NULL: it is not. */
const struct excluded_row *excluded_find(const struct excluded *c, const char *date, int hour);

/* Whether text is a date like 2026-03-14 that exists. */
bool excluded_is_day(const char *text);
/* Its day as of clock_date(); of such a text only. */
int excluded_day(const char *date);

#endif
