/* SPDX-License-Identifier: Apache-2.0 */
/* layout.h -- counts in the layouts of other makers' counters, which BI systems load already.
 *
 * They have room for less than day_csv() says: local time without an offset (an hour that
 * clocks repeat stands twice), no coverage, no interval. What was not observed is left out: a
 * row that is missing is how these formats say so.
 */
#ifndef REPORT_LAYOUT_H
#define REPORT_LAYOUT_H

#include "report/day.h"

struct str;

struct layout {
	const char *name, *help;
	bool hourly; /* d must have been read in hours */
	void (*write)(const struct day *d, struct str *out);
};

/* "axis-counter", "axis-queue", "hikvision"; ends with a NULL name. */
extern const struct layout layouts[];

/* NULL when there is none of that name. */
const struct layout *layout_find(const char *name);

#endif
