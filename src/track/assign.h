/* SPDX-License-Identifier: Apache-2.0 */
/* assign.h -- the cheapest pairing of rows with columns. */
#ifndef TRACK_ASSIGN_H
#define TRACK_ASSIGN_H

#define ASSIGN_FORBIDDEN 1e9 /* this pair may not be made */

/* Pairs as many rows with columns as allowed, at the least sum of costs (Jonker & Volgenant
 * 1987, shortest augmenting paths). cost: n_rows x n_cols, row by row, finite. row_to_col[r]:
 * the column of row r or -1. Ties go to the lower index. Costs at or above ASSIGN_FORBIDDEN are
 * never paired. */
void assign(const double *cost, int n_rows, int n_cols, int *row_to_col);

/* The same with memory that was made ahead, for callers that must not allocate. A worker takes
 * problems of up to max_rows x max_cols; it is used by one thread at a time. */
struct assign_work;
struct assign_work *assign_work_new(int max_rows, int max_cols);
void assign_work_free(struct assign_work *w); /* NULL is allowed */
void assign_with(struct assign_work *w, const double *cost, int n_rows, int n_cols,
		 int *row_to_col);

#endif
