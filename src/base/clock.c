/* SPDX-License-Identifier: Apache-2.0 */
/* clock.c -- time of day in the store's zone, and a stopwatch. */
#include "base/clock.h"

#include "base/str.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static char zone[64] = "UTC";
static bool ready;

static void prepare(void)
{
	if (ready)
		return;
	setenv("TZ", "UTC0", 1);
	tzset();
	ready = true;
}

/* The C library takes a name that it does not know, or a folder of zones, for UTC without a
 * word. */
static bool is_zone_file(const char *name)
{
	const char *dir = getenv("TZDIR");
	char path[256], magic[4] = "";
	FILE *f;
	int n = snprintf(path, sizeof(path), "%s/%s", dir && *dir ? dir : "/usr/share/zoneinfo",
			 name);
	bool yes;

	if (n < 0 || (size_t)n >= sizeof(path))
		return false;
	f = fopen(path, "rbe");
	if (!f)
		return false;
	yes = fread(magic, 1, 4, f) == 4 && !memcmp(magic, "TZif", 4);
	fclose(f);
	return yes;
}

int clock_check_zone(const char *name, struct err *err)
{
	if (!strcmp(name, "UTC"))
		return 0;
	/* "right/..." counts leap seconds and is half a minute off. */
	if (!isalpha((unsigned char)*name) || !strchr(name, '/') || strstr(name, "..") ||
	    str_starts(name, "right/") || strlen(name) >= sizeof(zone))
		return err_set(err, ERR_RANGE,
			       "time zone '%s' is not a name like Europe/Berlin or UTC", name);
	if (!is_zone_file(name))
		return err_set(err, ERR_RANGE,
			       "time zone '%s' is not known on this machine; expected a "
			       "name like Europe/Berlin or UTC (package tzdata)",
			       name);
	return 0;
}

int clock_set_zone(const char *name, struct err *err)
{
	int rc = clock_check_zone(name, err);

	if (rc < 0)
		return rc;
	str_copy(zone, sizeof(zone), name);
	setenv("TZ", strcmp(name, "UTC") ? name : "UTC0", 1);
	tzset();
	ready = true;
	return 0;
}

const char *clock_zone(void)
{
	return zone;
}

static int64_t floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

void clock_local(int64_t t_us, struct civil *c)
{
	int64_t s = floor_div(t_us, CLOCK_SECOND_US);
	time_t t = (time_t)s;
	struct tm tm;

	prepare();
	localtime_r(&t, &tm);
	*c = (struct civil){
		.year = tm.tm_year + 1900,
		.month = tm.tm_mon + 1,
		.day = tm.tm_mday,
		.hour = tm.tm_hour,
		.minute = tm.tm_min,
		.second = tm.tm_sec,
		.us = (int)(t_us - s * CLOCK_SECOND_US),
		.offset_s = (int)tm.tm_gmtoff,
		.weekday = (tm.tm_wday + 6) % 7,
	};
}

static bool is_date(const struct civil *c)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = (c->year % 4 == 0 && c->year % 100 != 0) || c->year % 400 == 0;

	return c->year >= 1970 && c->year <= 9999 && c->month >= 1 && c->month <= 12 &&
	       c->day >= 1 && c->day <= days[c->month - 1] + (c->month == 2 && leap);
}

static bool is_time(const struct civil *c)
{
	return c->hour >= 0 && c->hour <= 23 && c->minute >= 0 && c->minute <= 59 &&
	       c->second >= 0 && c->second <= 59;
}

/* Days since 1970-01-01 in the proleptic Gregorian calendar (Hinnant, "chrono-Compatible
 * Low-Level Date Algorithms", days_from_civil). */
static int64_t days_of(const struct civil *c)
{
	int64_t y = c->year - (c->month <= 2);
	int64_t era = y / 400, yoe = y - era * 400;
	int64_t doy = (153 * (c->month + (c->month > 2 ? -3 : 9)) + 2) / 5 + c->day - 1;
	int64_t doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;

	return era * 146097 + doe - 719468;
}

static int64_t as_utc(const struct civil *c)
{
	return (((days_of(c) * 24 + c->hour) * 60 + c->minute) * 60 + c->second) *
		       CLOCK_SECOND_US +
	       c->us;
}

int clock_from_local(const struct civil *c, int64_t *t_us, struct err *err)
{
	int64_t naive, before, after, a, b;
	struct civil x;

	if (!is_date(c) || !is_time(c))
		return err_set(err, ERR_RANGE, "%04d-%02d-%02d %02d:%02d:%02d is not a time",
			       c->year, c->month, c->day, c->hour, c->minute, c->second);
	naive = as_utc(c);
	/* Offsets are less than a day, and change at most once within two days: the offset a
	 * day before and a day after are the only candidates. The larger offset is the earlier
	 * instant. */
	clock_local(naive - 24 * 60 * CLOCK_MINUTE_US, &x);
	before = naive - x.offset_s * CLOCK_SECOND_US;
	clock_local(naive + 24 * 60 * CLOCK_MINUTE_US, &x);
	after = naive - x.offset_s * CLOCK_SECOND_US;
	a = before < after ? before : after;
	b = before < after ? after : before;
	clock_local(a, &x);
	if (as_utc(&x) == naive) {
		*t_us = a;
		return 0;
	}
	clock_local(b, &x);
	/* In the gap neither holds: the offset of before moves it past the gap. */
	*t_us = as_utc(&x) == naive ? b : before;
	return 0;
}

static bool digits(const char **s, int n, int *v)
{
	int x = 0;

	for (int i = 0; i < n; i++, (*s)++) {
		if (!isdigit((unsigned char)**s))
			return false;
		x = x * 10 + (**s - '0');
	}
	*v = x;
	return true;
}

static bool eat(const char **s, char c)
{
	if (**s != c)
		return false;
	(*s)++;
	return true;
}

static bool parse_time(const char **s, struct civil *c)
{
	int scale = 100000;

	if (!digits(s, 2, &c->hour) || !eat(s, ':') || !digits(s, 2, &c->minute))
		return false;
	if (!eat(s, ':'))
		return true;
	if (!digits(s, 2, &c->second))
		return false;
	if (!eat(s, '.'))
		return true;
	if (!isdigit((unsigned char)**s))
		return false;
	for (; isdigit((unsigned char)**s); (*s)++, scale /= 10)
		c->us += (**s - '0') * scale;
	return true;
}

int clock_parse(const char *text, int64_t *t_us, struct err *err)
{
	const char *s = text;
	struct civil c = { 0 };
	int oh, om = 0, sign;

	if (!digits(&s, 4, &c.year) || !eat(&s, '-') || !digits(&s, 2, &c.month) ||
	    !eat(&s, '-') || !digits(&s, 2, &c.day))
		goto bad;
	if ((eat(&s, 'T') || eat(&s, ' ')) && !parse_time(&s, &c))
		goto bad;
	if (!is_date(&c) || !is_time(&c))
		return err_set(err, ERR_RANGE, "'%s' is not a time that exists", text);
	if (!*s)
		return clock_from_local(&c, t_us, err);
	if (eat(&s, 'Z') && !*s) {
		*t_us = as_utc(&c);
		return 0;
	}
	sign = *s == '-' ? -1 : 1;
	if (!eat(&s, '+') && !eat(&s, '-'))
		goto bad;
	if (!digits(&s, 2, &oh))
		goto bad;
	if ((eat(&s, ':') || *s) && !digits(&s, 2, &om))
		goto bad;
	if (*s || oh > 15 || om > 59)
		goto bad;
	*t_us = as_utc(&c) - sign * (oh * 60 + om) * CLOCK_MINUTE_US;
	return 0;
bad:
	return err_set(err, ERR_FORMAT,
		       "'%s' is not a time; expected one like 2026-03-14T09:30:00, with or "
		       "without Z or +01:00",
		       text);
}

char *clock_text_local(int64_t t_us, char *buf)
{
	struct civil c;
	int o;

	clock_local(t_us, &c);
	o = abs(c.offset_s) / 60;
	snprintf(buf, CLOCK_TEXT, "%04d-%02d-%02dT%02d:%02d:%02d%c%02d:%02d", c.year % 10000,
		 c.month % 100, c.day % 100, c.hour % 100, c.minute % 100, c.second % 100,
		 c.offset_s < 0 ? '-' : '+', o / 60 % 100, o % 60);
	return buf;
}

char *clock_text_utc(int64_t t_us, char *buf)
{
	time_t t = (time_t)floor_div(t_us, CLOCK_SECOND_US);
	struct tm tm;

	gmtime_r(&t, &tm);
	snprintf(buf, CLOCK_TEXT, "%04d-%02d-%02dT%02d:%02d:%02dZ", (tm.tm_year + 1900) % 10000,
		 (tm.tm_mon + 1) % 100, tm.tm_mday % 100, tm.tm_hour % 100, tm.tm_min % 100,
		 tm.tm_sec % 100);
	return buf;
}

static void at_second(struct civil *c, int start_s)
{
	c->hour = start_s / 3600;
	c->minute = start_s / 60 % 60;
	c->second = start_s % 60;
	c->us = 0;
}

static int parse_date(const char *date, struct civil *c, struct err *err)
{
	const char *s = date;

	if (!digits(&s, 4, &c->year) || !eat(&s, '-') || !digits(&s, 2, &c->month) ||
	    !eat(&s, '-') || !digits(&s, 2, &c->day) || *s)
		return err_set(err, ERR_FORMAT,
			       "'%s' is not a day; expected one like 2026-03-14", date);
	if (!is_date(c))
		return err_set(err, ERR_RANGE, "'%s' is not a day that exists", date);
	return 0;
}

int clock_date(const char *date, int64_t *day, struct err *err)
{
	struct civil c = { 0 };
	int rc = parse_date(date, &c, err);

	if (rc == 0)
		*day = days_of(&c);
	return rc;
}

char *clock_date_text(int64_t day, char *buf)
{
	char text[CLOCK_TEXT];

	clock_text_utc(day * 24 * 60 * CLOCK_MINUTE_US, text);
	text[10] = '\0';
	memcpy(buf, text, 11);
	return buf;
}

int clock_day(const char *date, int start_s, int64_t *from_us, int64_t *to_us, struct err *err)
{
	struct civil c = { 0 };
	int64_t from = 0, to = 0;
	time_t next;
	struct tm tm;
	int rc = parse_date(date, &c, err);

	if (rc < 0)
		return rc;
	at_second(&c, start_s);
	clock_from_local(&c, &from, NULL);
	/* The next date: noon of a date plus a day is never in the same date again. */
	c.hour = 12, c.minute = c.second = 0;
	next = (time_t)floor_div(as_utc(&c) + 24 * 60 * CLOCK_MINUTE_US, CLOCK_SECOND_US);
	gmtime_r(&next, &tm);
	c.year = tm.tm_year + 1900;
	c.month = tm.tm_mon + 1;
	c.day = tm.tm_mday;
	at_second(&c, start_s);
	if (clock_from_local(&c, &to, NULL) < 0)
		return err_set(err, ERR_RANGE, "'%s' is the last day there is", date);
	*from_us = from;
	*to_us = to;
	return 0;
}

char *clock_day_of(int64_t t_us, int start_s, char *buf)
{
	/* Local time minus the start of day names the date; only near a clock change may that
	 * be off by one, so it is checked. */
	static const int nudge_h[] = { 0, 2, -2 };
	int64_t from = 0, to = 0;

	for (size_t i = 0; i < sizeof(nudge_h) / sizeof(nudge_h[0]); i++) {
		char text[CLOCK_TEXT];

		clock_text_local(t_us - (start_s - nudge_h[i] * 3600) * CLOCK_SECOND_US, text);
		text[10] = '\0';
		memcpy(buf, text, 11);
		if (clock_day(buf, start_s, &from, &to, NULL) == 0 && t_us >= from && t_us < to)
			break;
	}
	return buf;
}

int64_t clock_now_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	return ts.tv_sec * CLOCK_SECOND_US + ts.tv_nsec / 1000;
}

int64_t clock_stopwatch_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * CLOCK_SECOND_US + ts.tv_nsec / 1000;
}

int64_t clock_cpu_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (int64_t)t.tv_sec * CLOCK_SECOND_US + t.tv_nsec / 1000;
}
