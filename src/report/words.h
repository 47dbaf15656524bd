/* SPDX-License-Identifier: Apache-2.0 */
/* words.h -- numbers, times and names as people read them. */
#ifndef REPORT_WORDS_H
#define REPORT_WORDS_H

#include <stddef.h>
#include <stdint.h>

struct str;

/* Text from outside as HTML text or attribute; control characters become spaces, and what is
 * no UTF-8 becomes U+FFFD. */
void words_html(struct str *out, const char *s);

/* RFC 4648, for pictures within a page. */
void words_base64(struct str *out, const uint8_t *v, size_t len);

/* "12,345" */
void words_count(struct str *out, int64_t n);
/* "45 s", "3 min 20 s", "11 h 54 min" */
void words_duration(struct str *out, double s);
/* "96 %"; "< 1 %" and "> 99 %" rather than a rounded 0 or 100; "0 %" of nothing. */
void words_percent(struct str *out, double part, double whole);
/* "Saturday 14 March 2026" of "2026-03-14"-like dates in local time at t_us. */
void words_day(struct str *out, int64_t t_us);
/* "09:30" */
void words_time(struct str *out, int64_t t_us);
/* "UTC+01:00" */
void words_offset(struct str *out, int64_t t_us);

/* A name as part of a file's name: lower-case ASCII letters and digits with '-' between;
 * "store" when nothing is left. */
void words_slug(struct str *out, const char *name);

/* Exactly width columns: cut or padded, control characters as '?'. Code points count as one
 * column each. */
void words_column(struct str *out, const char *s, int width);

#endif
