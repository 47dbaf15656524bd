/* SPDX-License-Identifier: Apache-2.0 */
/* csv.h -- reading CSV (RFC 4180) with a head line, row by row; columns are found by name. */
#ifndef EVAL_CSV_H
#define EVAL_CSV_H

#include "base/err.h"

#include <stddef.h>

#define CSV_FIELDS_MAX 300

struct csv {
	char *text, *next; /* the whole file; where the next row begins */
	size_t line;       /* of the row in field[], from 1 */
	int n_head, n;
	char *head[CSV_FIELDS_MAX], *field[CSV_FIELDS_MAX];
};

/* Reads the file and its head line. ERR_IO; ERR_FORMAT when there is none. Free with
 * csv_close(). */
int csv_open(struct csv *c, const char *path, struct err *err);
/* The same from text of len bytes, which is copied. */
int csv_parse(struct csv *c, const char *text, size_t len, struct err *err);
void csv_close(struct csv *c); /* an all-zero one is allowed */

/* Index of the column with this name, or -1. */
int csv_find(const struct csv *c, const char *name);
/* The same, or ERR_FORMAT: "line 1: expected a head line with a column ...". other: a second
 * name that will do, or NULL. */
int csv_need(const struct csv *c, const char *name, const char *other, struct err *err);

/* The next row that is not empty: 1; 0 at the end; ERR_FORMAT when it has not as many fields as
 * the head line. Messages begin with the line. */
int csv_next(struct csv *c, struct err *err);

#endif
