/* SPDX-License-Identifier: Apache-2.0 */
/* journeys.h -- the tables of people's ways: from where to where, how many.
 *
 * Of all days of a report together, never of a bucket. Cells below k are withheld, and with
 * them what would give them away (suppress.h); nobody else may show a measure that measure.h
 * calls `ways`.
 */
#ifndef REPORT_JOURNEYS_H
#define REPORT_JOURNEYS_H

#include "types.h"

#include <stdbool.h>
#include <stdint.h>

struct day;

#define JOURNEYS_K 5 /* people, when nothing else is said */

struct journeys_table {
	enum measure measure;
	int camera; /* index in day.camera: nobody is followed from one to another */
	int rows, cols;
	/* Indices in day.place, rows of them; also of the columns, but for turns: keys there.
	 */
	int *row, *col;
	bool words;        /* columns are keys */
	double observed_s; /* of the place that was observed longest: 0: nothing is known */
	int64_t *v;        /* (rows + 1) x (cols + 1), totals last; what is hidden is 0 */
	bool *hidden;
	int n_hidden; /* cells, without totals */
};

struct journeys {
	struct journeys_table *v;
	int n, k;
};

/* Tables without rows or columns are left out. k: 1 withholds nothing. */
void journeys_make(struct journeys *w, const struct day *d, int k);
void journeys_clear(struct journeys *w); /* an all-zero one is allowed */

int64_t journeys_at(const struct journeys_table *t, int row, int col);
bool journeys_hidden(const struct journeys_table *t, int row, int col);
/* The name of a row or column; NULL for a total. */
const char *journeys_row_name(const struct journeys_table *t, const struct day *d, int row);
const char *journeys_col_name(const struct journeys_table *t, const struct day *d, int col);

/* "3 cells withheld: ...". Nothing when there is none. */
struct str;
void journeys_note(struct str *out, const struct journeys_table *t, int k);

#endif
