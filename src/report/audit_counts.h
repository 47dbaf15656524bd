/* SPDX-License-Identifier: Apache-2.0 */
/* audit_counts.h -- the form of an audit: windows of time and what people counted in them, as
 * CSV, and the comparison with what the machine counted.
 *
 * Columns: line, start (local time, or with an offset), in, out; and, as far as they are there,
 * camera (needed where two have a line of that name), minutes (15), stratum and weight
 * (audit_pick.h; 1 without). An empty 'in' or 'out' was not counted. What is counted is each
 * crossing of the line, in each direction; somebody who turns back on it has crossed twice.
 */
#ifndef REPORT_AUDIT_COUNTS_H
#define REPORT_AUDIT_COUNTS_H

#include "base/err.h"
#include "store/audit.h"
#include "store/query.h"

struct str;

#define AUDIT_NOT_COUNTED (-1)
/* Less of a window observed, and it is no sample: the machine was not asked. */
#define AUDIT_OBSERVED 0.95

struct audit_row {
	char camera[NAME_MAX_BYTES]; /* "": not said */
	char line[NAME_MAX_BYTES];
	int64_t start_us;
	int minutes;
	int stratum;
	double weight;
	int64_t in, out;      /* or AUDIT_NOT_COUNTED */
	const char *path;     /* where it was read, for messages */
	int at;               /* line of the file */
	int place, camera_id; /* database ids; audit_compare's */
};
struct audit_rows {
	struct audit_row *v;
	size_t n, cap;
};

/* Adds a file's rows; path must live as long. ERR_IO, ERR_FORMAT. */
int audit_rows_read(struct audit_rows *r, const char *path, struct err *err);
void audit_rows_clear(struct audit_rows *r);
/* The form, to be filled in or read again. */
void audit_rows_csv(const struct audit_rows *r, struct str *out);

/* Finds each row's line; ERR_FORMAT when there is none, or two. */
int audit_rows_find(struct audit_rows *r, struct query *q, struct err *err);

struct audit_set {
	struct audit *v;
	int n;
	struct audit_window *window; /* the audits' windows */
};
/* Sets the rows against the machine's counts: one audit for each line and direction that was
 * counted, in the order of rows sorted by line and time. Rows of which too little was observed
 * are left out; *left_out says so, a line of text each. ERR_FORMAT for windows that overlap,
 * ERR_STATE when no row is left. Needs audit_rows_find(). */
int audit_compare(struct audit_set *out, struct audit_rows *r, struct query *q, double margin,
		  struct str *left_out, struct err *err);
void audit_set_clear(struct audit_set *s);

/* For a terminal, and as JSON (form: footfall-audit-1). */
void audit_text(const struct audit_set *s, struct query *q, struct str *out);
void audit_json(const struct audit_set *s, struct query *q, struct str *out);

#endif
