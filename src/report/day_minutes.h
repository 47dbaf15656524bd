/* SPDX-License-Identifier: Apache-2.0 */
/* day_minutes.h -- minutes of the store become buckets. day.c's other half. */
#ifndef REPORT_DAY_MINUTES_H
#define REPORT_DAY_MINUTES_H

#include "report/day.h"

/* n days of the same span, with dates, buckets and places: one pass over the minutes fills them
 * all. Places of another plan are dropped. */
int day_minutes(struct day *d, int n, struct query *q, struct err *err);

void day_place_clear(struct day_place *p);

#endif
