/* SPDX-License-Identifier: Apache-2.0 */
/* clock.h -- time of day in the store's zone, and a stopwatch.
 *
 * All times are int64_t microseconds since 1970-01-01T00:00:00Z. A process works for one store
 * and so in one zone: clock_set_zone() is called once, before any thread; until then the zone
 * is UTC, whatever the machine's own zone is, so that output never depends on the machine.
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CLOCK_SECOND_US INT64_C(1000000)
#define CLOCK_MINUTE_US (60 * CLOCK_SECOND_US)
#define CLOCK_NONE INT64_MIN /* no time */

/* An IANA name as in "Europe/Berlin", or "UTC". ERR_RANGE when the machine's zone data does not
 * have it; the zone stays what it was. */
int clock_set_zone(const char *name, struct err *err);
/* Whether clock_set_zone would take the name; changes nothing. ERR_RANGE. */
int clock_check_zone(const char *name, struct err *err);
const char *clock_zone(void);

struct civil {
	int year, month, day; /* 2026, 1..12, 1..31 */
	int hour, minute, second, us;
	int offset_s; /* local time minus UTC */
	int weekday;  /* 0 = Monday */
};

void clock_local(int64_t t_us, struct civil *c);

/* From year .. us in the store's zone (offset_s and weekday are not read). A time that occurs
 * twice (clocks go back) is the first of the two; one that does not exist (clocks go forward)
 * is moved forward by the gap. ERR_RANGE for a 30 February. */
int clock_from_local(const struct civil *c, int64_t *t_us, struct err *err);

/* Reads "2026-03-14", "2026-03-14T09:30", "2026-03-14 09:30:00.25", each optionally ending in
 * "Z" or an offset "+01:00"; without one it is in the store's zone. ERR_FORMAT, ERR_RANGE. */
int clock_parse(const char *text, int64_t *t_us, struct err *err);

/* Writes "2026-03-14T09:30:00+01:00" (local) or "2026-03-14T08:30:00Z" (UTC). Whole seconds;
 * buf of at least CLOCK_TEXT bytes. Returns buf. */
#define CLOCK_TEXT 48
char *clock_text_local(int64_t t_us, char *buf);
char *clock_text_utc(int64_t t_us, char *buf);

/* The business day that starts on the given local date at start_s seconds after midnight:
 * [*from_us, *to_us), 23, 24 or 25 hours. date is "YYYY-MM-DD". ERR_FORMAT, ERR_RANGE. */
int clock_day(const char *date, int start_s, int64_t *from_us, int64_t *to_us, struct err *err);

/* The local date ("YYYY-MM-DD", 11 bytes with the 0) of the business day that t_us lies in. */
char *clock_day_of(int64_t t_us, int start_s, char *buf);

/* Dates as whole days since 1970-01-01, for counting with them. The text is "YYYY-MM-DD" (11
 * bytes with the 0) of the years 1970 to 9999. ERR_FORMAT, ERR_RANGE. Day 0 was a Thursday. */
int clock_date(const char *date, int64_t *day, struct err *err);
char *clock_date_text(int64_t day, char *buf);

/* The time of day now: for sources that stamp what they hand out. Everybody else's time is the
 * frames'. */
int64_t clock_now_us(void);

/* A stopwatch that never goes back; its zero means nothing. For progress and profiles only:
 * no result may depend on it. */
int64_t clock_stopwatch_us(void);
/* The same of the time that processors worked for this process: others do not slow it down. */
int64_t clock_cpu_us(void);

#endif
