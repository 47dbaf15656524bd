/* SPDX-License-Identifier: Apache-2.0 */
/* day_files.h -- a report's table to the terminal, its forms to files. */
#ifndef CMD_DAY_FILES_H
#define CMD_DAY_FILES_H

#include "base/err.h"
#include "report/day.h"
#include "report/layout.h"
#include "store/query.h"

#include <stdint.h>

#define DAY_FILES_LAYOUTS 8

struct day_files_opts {
	struct day_span span; /* its buckets are those of CSV and JSON */
	const char *dir;      /* NULL: the table only */
	const struct layout *layout[DAY_FILES_LAYOUTS];
	int n_layouts;
	bool quiet; /* nothing is printed */
};

/* Prints the table of a span of business days, and writes DIR/<store>-<days>.csv, -ways.csv,
 * .json, .html, .xlsx, a heat map of each camera and of the floor and what layouts there are,
 * printing their names. Nothing is
 * written when one of them cannot be made. */
int day_files(struct query *q, const struct day_files_opts *o, struct err *err);

/* The same, in quarters of an hour, for each business day in [from_us, to_us) of which anything
 * was observed. */
int day_files_of_span(const char *db, int64_t from_us, int64_t to_us, const char *dir,
		      struct err *err);

#endif
