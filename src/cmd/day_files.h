/* SPDX-License-Identifier: Apache-2.0 */
/* day_files.h -- a day's table to the terminal, its forms to files. */
#ifndef CMD_DAY_FILES_H
#define CMD_DAY_FILES_H

#include "base/err.h"
#include "store/query.h"

#include <stdint.h>

/* Prints the table of a business day (date NULL: the last one with data), and writes
 * DIR/<store>-<date>.csv, .json and .html with buckets of bucket_s, printing their names.
 * dir NULL: the table only. */
int day_files(struct query *q, const char *date, int bucket_s, const char *dir,
	      struct err *err);

/* The same, in quarters of an hour, for each business day in [from_us, to_us) of which anything
 * was observed. */
int day_files_of_span(const char *db, int64_t from_us, int64_t to_us, const char *dir,
		      struct err *err);

#endif
