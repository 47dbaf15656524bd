/* SPDX-License-Identifier: Apache-2.0 */
/* calendar.c -- days and hours that are not like others. */
#include "study/calendar.h"

#include "base/clock.h"
#include "base/ini.h"
#include "base/str.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool calendar_is_date(const char *text)
{
	int64_t from_us, to_us;

	return strlen(text) == 10 && clock_day(text, 0, &from_us, &to_us, NULL) == 0;
}

/* "10-12" */
static bool hours_of(const char *text, int *from_h, int *to_h)
{
	int end = 0;

	return strspn(text, "0123456789-") == strlen(text) &&
	       sscanf(text, "%2d-%2d%n", from_h, to_h, &end) == 2 && !text[end] &&
	       *from_h >= 0 && *from_h < *to_h && *to_h <= 24;
}

int calendar_add(struct calendar *c, const char *key, const char *why, bool holiday,
		 struct err *err)
{
	struct calendar_row row = { .to_h = 24, .holiday = holiday };
	const char *hours = strchr(key, ' ');
	size_t len = hours ? (size_t)(hours - key) : strlen(key);
	char *date = xstrndup(key, len);
	bool ok = calendar_is_date(date) && str_copy(row.date, sizeof(row.date), date);

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

struct reading {
	struct calendar *c;
	struct err err; /* the first problem */
	int line;       /* of it; 0: none */
};

static void on_problem(void *arg, int line, const char *why)
{
	struct reading *r = arg;

	if (r->line)
		return;
	r->line = line;
	err_set(&r->err, ERR_FORMAT, "%s", why);
}

static void on_item(void *arg, const struct ini_item *it)
{
	struct reading *r = arg;
	bool holiday = !strcmp(it->section, "holidays");
	struct err e;

	if (!holiday && strcmp(it->section, "exclude") != 0)
		on_problem(arg, it->line, "expected [holidays] or [exclude]");
	else if (calendar_add(r->c, it->key, it->value, holiday, &e) < 0)
		on_problem(arg, it->line, e.msg);
}

int calendar_read(struct calendar *c, const char *path, struct err *err)
{
	struct calendar made = { 0 };
	struct reading r = { .c = &made };
	const struct ini_sink sink = { .item = on_item, .problem = on_problem, .arg = &r };
	int rc = ini_read(path, &sink, err);

	if (rc == 0 && r.line)
		rc = err_set(err, ERR_CONFIG, "%s:%d: %s", path, r.line, r.err.msg);
	if (rc < 0) {
		calendar_clear(&made);
		return rc;
	}
	calendar_clear(c);
	*c = made;
	return 0;
}

void calendar_clear(struct calendar *c)
{
	VEC_FREE(&c->rows);
}

const struct calendar_row *calendar_find(const struct calendar *c, const char *date, int hour)
{
	for (size_t i = 0; i < c->rows.n; i++) {
		const struct calendar_row *row = &c->rows.v[i];

		if (!strcmp(row->date, date) && hour >= row->from_h && hour < row->to_h)
			return row;
	}
	return NULL;
}

/* Hinnant, "chrono-Compatible Low-Level Date Algorithms": years begin in March, so that a leap
 * day is the last. */
int calendar_number(const char *date)
{
	int y = 0, m = 1, d = 1, era, of_era, of_year;

	sscanf(date, "%d-%d-%d", &y, &m, &d);
	y -= m <= 2;
	era = y / 400;
	of_era = y - era * 400;
	of_year = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

char *calendar_date(int number, char date[11])
{
	int z = number + 719468, era = z / 146097, day = z - era * 146097;
	int year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
	int of_year = day - (365 * year + year / 4 - year / 100), m = (5 * of_year + 2) / 153;
	unsigned y = (unsigned)(year + era * 400 + (m >= 10)), d, month;

	d = (unsigned)(of_year - (153 * m + 2) / 5 + 1);
	month = (unsigned)(m < 10 ? m + 3 : m - 9);
	snprintf(date, 11, "%04u-%02u-%02u", y % 10000, month % 100, d % 100);
	return date;
}

int calendar_weekday(int number)
{
	return ((number + 3) % 7 + 7) % 7;
}
