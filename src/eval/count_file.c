/* SPDX-License-Identifier: Apache-2.0 */
/* count_file.c -- crossings from CSV. */
#include "eval/count.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/str.h"
#include "base/vec.h"

#include <stdlib.h>
#include <string.h>

#define FILE_MAX_BYTES ((size_t)1 << 30)
#define FIELDS_MAX 64
#define LINES_MAX 256

void line_names_clear(struct line_names *l)
{
	for (size_t i = 0; i < l->n; i++)
		free(l->v[i]);
	VEC_FREE(l);
}

void crossings_clear(struct crossings *c)
{
	VEC_FREE(c);
}

/* Where the field at p ends: at a comma or the row's end. Quotes (RFC 4180) are taken off in
 * its place; NULL when they do not end. */
static char *end_of_field(char *p)
{
	char *to = p;

	if (*p != '"')
		return p + strcspn(p, ",");
	for (p++; *p; *to++ = *p++) {
		if (*p == '"' && *++p != '"') {
			*to = '\0';
			return p;
		}
	}
	return NULL;
}

/* Takes a row (ended by 0) apart in its place. Returns how many fields, or -1. */
static int split(char *row, char *field[FIELDS_MAX])
{
	for (int n = 0; n < FIELDS_MAX;) {
		char *end = end_of_field(row);

		field[n++] = row;
		if (!end || (*end && *end != ','))
			return -1;
		if (!*end)
			return n;
		*end = '\0';
		row = end + 1;
	}
	return -1;
}

/* Columns, by either of two names. */
enum column { COL_TIME, COL_NAME, COL_WAY, COL_KIND, N_COLUMNS };
static const char *const column_names[N_COLUMNS][2] = {
	[COL_TIME] = { "t_utc", "t_utc" },
	[COL_NAME] = { "name", "line" },
	[COL_WAY] = { "event", "direction" },
	[COL_KIND] = { "kind", "kind" },
};

static int read_head(char *row, int column[N_COLUMNS], struct err *err)
{
	char *field[FIELDS_MAX];
	int n = split(row, field);

	for (int c = 0; c < N_COLUMNS; c++) {
		const char *const *names = column_names[c];

		column[c] = -1;
		for (int i = 0; i < n; i++)
			if (!strcmp(field[i], names[0]) || !strcmp(field[i], names[1]))
				column[c] = i;
		if (column[c] < 0 && c != COL_KIND)
			return err_set(err, ERR_FORMAT,
				       "line 1: expected a head line with a column '%s'",
				       names[0]);
	}
	return 0;
}

static int name_index(struct line_names *names, const char *name, struct err *err)
{
	for (size_t i = 0; i < names->n; i++)
		if (!strcmp(names->v[i], name))
			return (int)i;
	if (names->n == LINES_MAX)
		return err_set(err, ERR_RANGE, "more than %d lines", LINES_MAX);
	*VEC_PUSH(names) = xstrdup(name);
	return (int)names->n - 1;
}

static int read_row(struct crossings *out, struct line_names *names, char *row,
		    const int column[N_COLUMNS], struct err *err)
{
	char *field[FIELDS_MAX];
	struct crossing c = { 0 };
	int n = split(row, field), rc;

	for (int i = 0; i < N_COLUMNS; i++)
		if (column[i] >= n)
			return err_set(err, ERR_FORMAT,
				       "expected as many fields as the head line has, found %d",
				       n < 0 ? 0 : n);
	if (column[COL_KIND] >= 0 && strcmp(field[column[COL_KIND]], "line") != 0)
		return 0;
	c.in = !strcmp(field[column[COL_WAY]], "in");
	if (!c.in && strcmp(field[column[COL_WAY]], "out") != 0)
		return err_set(err, ERR_FORMAT, "expected 'in' or 'out', found '%.40s'",
			       field[column[COL_WAY]]);
	rc = clock_parse(field[column[COL_TIME]], &c.t_us, err);
	if (rc < 0)
		return rc;
	c.line = name_index(names, field[column[COL_NAME]], err);
	if (c.line < 0)
		return c.line;
	*VEC_PUSH(out) = c;
	return 0;
}

static int by_time(const void *a, const void *b)
{
	const struct crossing *x = a, *y = b;

	return (x->t_us > y->t_us) - (x->t_us < y->t_us);
}

int crossings_parse(struct crossings *out, struct line_names *names, const char *text,
		    size_t len, struct err *err)
{
	char *copy = xstrndup(text, len), *row = copy;
	int column[N_COLUMNS], rc = 0;

	for (size_t line = 1; rc >= 0 && (*row || line == 1); line++) {
		char *next = row + strcspn(row, "\n");

		if (*next)
			*next++ = '\0';
		row[strcspn(row, "\r")] = '\0';
		if (line == 1)
			rc = read_head(row, column, err);
		else if (*row && (rc = read_row(out, names, row, column, err)) < 0)
			err_ctx(err, "line %zu", line);
		row = next;
	}
	free(copy);
	if (rc < 0)
		crossings_clear(out);
	else if (out->n)
		qsort(out->v, out->n, sizeof(*out->v), by_time);
	return rc;
}

int crossings_read(struct crossings *out, struct line_names *names, const char *path,
		   struct err *err)
{
	char *text;
	size_t len;
	int rc = file_read(path, FILE_MAX_BYTES, &text, &len, err);

	if (rc < 0)
		return rc;
	rc = crossings_parse(out, names, text, len, err);
	if (rc < 0)
		err_ctx(err, "'%s'", path);
	free(text);
	return rc;
}
