/* SPDX-License-Identifier: Apache-2.0 */
/* excluded.c -- days and hours that are not like others. */
#include "study/excluded.h"

#include "base/clock.h"
#include "base/str.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool excluded_is_day(const char *text)
{
	int64_t day;

	return strlen(text) == 10 && clock_date(text, &day, NULL) == 0;
}

/* "10-12" */
static bool hours_of(const char *text, int *from_h, int *to_h)
{
	int end = 0;

	return strspn(text, "0123456789-") == strlen(text) &&
	       sscanf(text, "%2d-%2d%n", from_h, to_h, &end) == 2 && !text[end] &&
	       *from_h >= 0 && *from_h < *to_h && *to_h <= 24;
}

int excluded_add(struct excluded *c, const char *key, const char *why, bool holiday,
		 struct err *err)
{
	struct excluded_row row = { .to_h = 24, .holiday = holiday };
	const char *hours = strchr(key, ' ');
	size_t len = hours ? (size_t)(hours - key) : strlen(key);
	char *date = xstrndup(key, len);
	bool ok = excluded_is_day(date) && str_copy(row.date, sizeof(row.date), date);

	free(date);
	if (!ok)
		return err_set(err, ERR_FORMAT,
			       "'%s' is no day; expected one like 2026-04-03, or 2026-04-03 "
			       "10-12 for some hours",
			       key);
	if (hours && (holiday || !hours_of(hours + strspn(hours, " "), &row.from_h, &row.to_h)))
		return err_set(err, ERR_FORMAT, "'%s': expected %s", key,
			       holiday ? "a whole day" : "hours like 10-12, from 0 to 24");
	if (!*why || !str_copy(row.why, sizeof(row.why), why) || !str_is_clean(why))
		return err_set(err, ERR_FORMAT,
			       "'%s': expected the reason in at most %zu plain characters", key,
			       sizeof(row.why) - 1);
	*VEC_PUSH(&c->rows) = row;
	return 0;
}

void excluded_clear(struct excluded *c)
{
	VEC_FREE(&c->rows);
}

const struct excluded_row *excluded_find(const struct excluded *c, const char *date, int hour)
{
	for (size_t i = 0; i < c->rows.n; i++) {
		const struct excluded_row *row = &c->rows.v[i];

		if (!strcmp(row->date, date) && hour >= row->from_h && hour < row->to_h)
			return row;
	}
	return NULL;
}

int excluded_day(const char *date)
{
	int64_t day = 0;

	clock_date(date, &day, NULL);
	return (int)day;
}
