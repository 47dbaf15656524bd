/* SPDX-License-Identifier: Apache-2.0 */
/* span.h -- the days, buckets and opening hours of a span of business days, for day.c. */
#ifndef REPORT_SPAN_H
#define REPORT_SPAN_H

#include "report/day.h"

/* From d->date and d->last: the dates and d's first and last moment. ERR_FORMAT, ERR_RANGE. */
int span_dates(struct day *d, struct err *err);
/* Buckets of d->bucket_s within them. */
void span_buckets(struct day *d, int week_start);
/* Which of d's minutes lie within the opening hours; c may be NULL. */
void span_hours(struct day *d, const struct calendar *c);
/* How much of each date the cameras saw, from their minutes. */
void span_observed(struct day *d);

#endif
