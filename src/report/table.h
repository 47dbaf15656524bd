/* SPDX-License-Identifier: Apache-2.0 */
/* table.h -- reading small CSV files that people make: holidays, sales, rosters.
 *
 * RFC 4180 with a header line; ',' or ';' between cells, whichever the header has; a UTF-8 byte
 * order mark and CRLF are taken. Columns may stand in any order; those not asked for are left
 * out. Blank lines, and lines that begin with '#', are skipped.
 */
#ifndef REPORT_TABLE_H
#define REPORT_TABLE_H

#include "base/err.h"

#include <stddef.h>

#define TABLE_COLUMNS 8
#define TABLE_BYTES (64 << 20)

struct table {
	const char *cell[TABLE_COLUMNS]; /* of the row read last, in the order asked for */
	const char *path;
	int line; /* of the file, where the row begins: 1, 2, ... */
	/* the reader's own */
	char *text, *at;
	size_t len;
	char comma;
	int lines, n, n_header, from[TABLE_COLUMNS];
	const char *const *name;
};

/* Reads the header. path and names must live as long as t. A name that begins with '?' is of a
 * column that need not be there: its cells are "" then. ERR_IO, ERR_FORMAT (a column is
 * missing), ERR_RANGE (larger than TABLE_BYTES). */
int table_open(struct table *t, const char *path, const char *const *names, int n,
	       struct err *err);
/* The next row: 1, 0 after the last, or ERR_FORMAT. */
int table_next(struct table *t, struct err *err);
void table_close(struct table *t); /* an all-zero one is allowed */

/* "FILE:12: opens: expected a time like 09:30, found '9'"; returns ERR_FORMAT. */
int table_err(const struct table *t, int column, const char *expected, struct err *err);

#endif
