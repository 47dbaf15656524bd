/* SPDX-License-Identifier: Apache-2.0 */
/* calendar.c -- when a store is open, its holidays, and the weeks that retailers count in. */
#include "report/calendar.h"

#include "base/clock.h"
#include "base/str.h"
#include "base/vec.h"
#include "report/table.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define DAY_S (24 * 3600)

static const char *const weekdays[] = { "mon", "tue", "wed", "thu", "fri", "sat", "sun" };

/* A weekday's word at *s, which is moved past it; -1 when there is none. */
static int take_weekday(const char **s)
{
	for (int i = 0; i < 7; i++)
		if (strncmp(*s, weekdays[i], 3) == 0 && !isalpha((unsigned char)(*s)[3])) {
			*s += 3;
			return i;
		}
	return -1;
}

/* "09:30" at *s, up to 24:00; seconds, or -1. */
static int take_time(const char **s)
{
	const char *t = *s;
	int h, m;

	for (int i = 0; i < 5; i++)
		if (i == 2 ? t[i] != ':' : !isdigit((unsigned char)t[i]))
			return -1;
	h = (t[0] - '0') * 10 + t[1] - '0';
	m = (t[3] - '0') * 10 + t[4] - '0';
	if (m > 59 || h * 60 + m > 24 * 60)
		return -1;
	*s += 5;
	return h * 3600 + m * 60;
}

static void skip_blanks(const char **s)
{
	while (**s == ' ' || **s == '\t')
		(*s)++;
}

/* "09:00-20:00"; an end that is not after the begin is on the next day. */
static bool take_span(const char **s, struct calendar_span *span)
{
	int from = take_time(s), to;

	if (from < 0 || from == DAY_S || **s != '-')
		return false;
	(*s)++;
	to = take_time(s);
	if (to < 0)
		return false;
	*span = (struct calendar_span){ from, to > from ? to : to + DAY_S };
	return true;
}

/* One entry of the opening hours: days, then one or more spans, or "closed". */
static bool take_entry(const char **s, struct calendar_day *week)
{
	struct calendar_day day = { 0 };
	int first = take_weekday(s), last = first;

	if (first < 0)
		return false;
	if (**s == '-') {
		(*s)++;
		last = take_weekday(s);
	}
	if (last < 0 || (**s != ' ' && **s != '\t'))
		return false;
	skip_blanks(s);
	if (strncmp(*s, "closed", 6) == 0) {
		*s += 6;
	} else {
		while (isdigit((unsigned char)**s)) {
			if (day.n == CALENDAR_SPANS || !take_span(s, &day.span[day.n++]))
				return false;
			skip_blanks(s);
		}
		if (day.n == 0)
			return false;
	}
	for (int i = first;; i = (i + 1) % 7) {
		week[i] = day;
		if (i == last)
			return true;
	}
}

static int read_hours(struct calendar *c, const char *text, struct err *err)
{
	const char *s = text;

	skip_blanks(&s);
	c->has_hours = *s;
	while (*s) {
		const char *entry = s;

		if (take_entry(&s, c->week)) {
			skip_blanks(&s);
			if (!*s)
				break;
			if (*s == ',') {
				s++;
				skip_blanks(&s);
				continue;
			}
		}
		return err_set(err, ERR_CONFIG,
			       "store.hours: expected days and times like 'mon-sat "
			       "09:00-20:00, sun closed', found '%.40s'",
			       entry);
	}
	return 0;
}

static int by_day(const void *a, const void *b)
{
	const struct calendar_holiday *x = a, *y = b;

	return (x->day > y->day) - (x->day < y->day);
}

/* The cells "opens" and "closes": both empty means closed. */
static int read_opening(const struct table *t, struct calendar_day *open, struct err *err)
{
	const char *opens = t->cell[2], *closes = t->cell[3];
	int from, to;

	if (!*opens && !*closes)
		return 0;
	from = take_time(&opens);
	if (from < 0 || *opens)
		return table_err(t, 2, "a time like 09:30", err);
	to = take_time(&closes);
	if (to < 0 || *closes)
		return table_err(t, 3, "a time like 20:00", err);
	open->n = 1;
	open->span[0] = (struct calendar_span){ from, to > from ? to : to + DAY_S };
	return 0;
}

static int read_holidays(struct calendar *c, const char *path, struct err *err)
{
	static const char *const columns[] = { "date", "name", "opens", "closes" };
	VEC(struct calendar_holiday) all = { 0 };
	struct table t;
	int rc = table_open(&t, path, columns, 4, err);

	if (rc < 0)
		return rc;
	while ((rc = table_next(&t, err)) > 0) {
		struct calendar_holiday h = { 0 };

		if (clock_date(t.cell[0], &h.day, NULL) < 0)
			rc = table_err(&t, 0, "a day like 2026-12-25", err);
		else if (!*t.cell[1] || !str_copy(h.name, sizeof(h.name), t.cell[1]))
			rc = table_err(&t, 1, "a name of 1 to 63 bytes", err);
		else
			rc = read_opening(&t, &h.open, err);
		if (rc < 0)
			break;
		*VEC_PUSH(&all) = h;
	}
	table_close(&t);
	if (rc < 0) {
		VEC_FREE(&all);
		return rc;
	}
	if (all.n)
		qsort(all.v, all.n, sizeof(*all.v), by_day);
	c->holiday = all.v;
	c->n_holiday = (int)all.n;
	return 0;
}

static int read_retail(struct calendar *c, const struct calendar_opts *o, struct err *err)
{
	const char *s = o->week_start, *p = o->pattern;

	c->week_start = take_weekday(&s);
	if (c->week_start < 0 || *s)
		return err_set(err, ERR_CONFIG,
			       "report.retail_week_start: expected mon, tue, wed, thu, fri, "
			       "sat or sun, found '%s'",
			       o->week_start);
	if (strcmp(p, "4-5-4") != 0 && strcmp(p, "4-4-5") != 0 && strcmp(p, "5-4-4") != 0)
		return err_set(err, ERR_CONFIG,
			       "report.retail_pattern: expected 4-5-4, 4-4-5 or 5-4-4, "
			       "found '%s'",
			       p);
	for (int i = 0; i < 3; i++)
		c->pattern[i] = p[2 * i] - '0';
	c->year_end_nearest = strcmp(o->year_end, "nearest") == 0;
	if (!c->year_end_nearest && strcmp(o->year_end, "last") != 0)
		return err_set(err, ERR_CONFIG,
			       "report.retail_year_end: expected nearest or last, found '%s'",
			       o->year_end);
	c->year_month = o->year_month;
	return 0;
}

int calendar_init(struct calendar *c, const struct calendar_opts *o, struct err *err)
{
	struct calendar made = { 0 };
	int rc;

	if ((rc = read_hours(&made, o->hours, err)) < 0 ||
	    (rc = read_retail(&made, o, err)) < 0 ||
	    (*o->holidays && (rc = read_holidays(&made, o->holidays, err)) < 0))
		return rc;
	*c = made;
	return 0;
}

void calendar_clear(struct calendar *c)
{
	free(c->holiday);
	*c = (struct calendar){ 0 };
}

const struct calendar_holiday *calendar_holiday(const struct calendar *c, int64_t day)
{
	for (int i = 0; i < c->n_holiday && c->holiday[i].day <= day; i++)
		if (c->holiday[i].day == day)
			return &c->holiday[i];
	return NULL;
}

/* Whether the opening times of a date hold s seconds after its midnight. */
static bool open_on(const struct calendar *c, int64_t day, int s)
{
	const struct calendar_holiday *h = calendar_holiday(c, day);
	const struct calendar_day *d = h ? &h->open : &c->week[calendar_weekday(day)];

	for (int i = 0; i < d->n; i++)
		if (s >= d->span[i].from_s && s < d->span[i].to_s)
			return true;
	return false;
}

bool calendar_open(const struct calendar *c, int64_t t_us)
{
	struct civil at;
	int64_t day;
	int s;

	if (!c->has_hours)
		return true;
	clock_local(t_us, &at);
	s = at.hour * 3600 + at.minute * 60 + at.second;
	/* The date is the whole days of local time. */
	day = (t_us / CLOCK_SECOND_US + at.offset_s - s) / DAY_S;
	return open_on(c, day, s) || open_on(c, day - 1, s + DAY_S);
}

int calendar_weekday(int64_t day)
{
	return (int)((day % 7 + 7 + 3) % 7);
}

static int64_t day_of(int year, int month, int day)
{
	char text[32];
	int64_t n = 0;

	snprintf(text, sizeof(text), "%04d-%02d-%02d", year, month, day);
	clock_date(text, &n, NULL);
	return n;
}

static int year_of(int64_t day)
{
	char text[11];

	clock_date_text(day, text);
	text[4] = '\0';
	return (int)strtol(text, NULL, 10);
}

struct calendar_week calendar_iso_week(int64_t day)
{
	int64_t monday = day - calendar_weekday(day);
	int year = year_of(monday + 3); /* its Thursday's */

	return (struct calendar_week){
		.year = year,
		.week = 1 + (int)((monday + 3 - day_of(year, 1, 1)) / 7),
		.first_day = monday,
	};
}

/* The last day of the retail year that ends about the end of year_month of a year. */
static int64_t retail_end(const struct calendar *c, int year)
{
	int64_t month_end = c->year_month == 12 ? day_of(year, 12, 31)
						: day_of(year, c->year_month + 1, 1) - 1;
	int back = (calendar_weekday(month_end) - (c->week_start + 6) % 7 + 7) % 7;

	return month_end - back + (c->year_end_nearest && back > 3 ? 7 : 0);
}

struct calendar_week calendar_retail_week(const struct calendar *c, int64_t day)
{
	int year = year_of(day), week, month, rest;
	int64_t first;

	while (retail_end(c, year) >= day)
		year--;
	while (retail_end(c, year + 1) < day)
		year++;
	first = retail_end(c, year) + 1;
	week = (int)((day - first) / 7);
	month = week / 13 < 4 ? week / 13 * 3 : 11;
	rest = week % 13;
	for (int i = 0; week < 52 && i < 2 && rest >= c->pattern[i]; i++) {
		rest -= c->pattern[i];
		month++;
	}
	return (struct calendar_week){
		.year = c->year_month == 12 ? year + 1 : year,
		.week = week + 1,
		.month = month + 1,
		.first_day = first + 7 * week,
	};
}
