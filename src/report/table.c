/* SPDX-License-Identifier: Apache-2.0 */
/* table.c -- reading small CSV files that people make. */
#include "report/table.h"

#include "base/file.h"
#include "base/str.h"

#include <stdlib.h>
#include <string.h>

#define CELLS_MAX 256 /* of a line */

int table_err(const struct table *t, int column, const char *expected, struct err *err)
{
	return err_set(err, ERR_FORMAT, "%s:%d: %s: expected %s, found '%.40s'", t->path,
		       t->line, t->name[column] + (*t->name[column] == '?'), expected,
		       t->cell[column]);
}

/* Ends the cell at *at in place and moves past it; quotes are taken off. Returns its text, NULL
 * for a quote that does not end. *last: it was the line's last. */
static char *take_cell(struct table *t, bool *last)
{
	char *begin = t->at, *to = begin, *s = begin;
	bool quoted = *s == '"';
	char end;

	if (quoted) {
		for (s++; *s && (*s != '"' || s[1] == '"'); s++) {
			s += *s == '"';
			t->lines += *s == '\n';
			*to++ = *s;
		}
		if (!*s)
			return NULL;
		s++;
	}
	while (*s && *s != t->comma && *s != '\n' && *s != '\r')
		*to++ = *s++;
	if (*s == '\r' && s[1] == '\n')
		s++;
	end = *s;
	t->at = s + (end != '\0');
	t->lines += end == '\n' || end == '\r';
	*last = end != t->comma;
	*to = '\0';
	return begin;
}

/* Past blank lines and comments. */
static void skip_empty(struct table *t)
{
	while (*t->at == '\n' || *t->at == '\r' || *t->at == '#') {
		if (*t->at == '#')
			t->at += strcspn(t->at, "\r\n");
		if (!*t->at)
			return;
		t->at += t->at[0] == '\r' && t->at[1] == '\n' ? 2 : 1;
		t->lines++;
	}
}

/* Returns how many cells the line has; ERR_FORMAT. */
static int read_line(struct table *t, char **cell, struct err *err)
{
	bool last = false;
	int n = 0;

	t->line = t->lines;
	while (!last) {
		if (n == CELLS_MAX)
			return err_set(err, ERR_FORMAT, "%s:%d: more than %d cells", t->path,
				       t->line, CELLS_MAX);
		cell[n] = take_cell(t, &last);
		if (!cell[n++])
			return err_set(err, ERR_FORMAT, "%s:%d: a quote does not end", t->path,
				       t->line);
	}
	return n;
}

static int read_header(struct table *t, struct err *err)
{
	char *cell[CELLS_MAX];
	size_t n;
	int rc;

	skip_empty(t);
	n = strcspn(t->at, ",;\n");
	t->comma = t->at[n] == ';' ? ';' : ',';
	if ((rc = read_line(t, cell, err)) < 0)
		return rc;
	t->n_header = rc;
	for (int i = 0; i < t->n; i++) {
		bool optional = *t->name[i] == '?';

		t->from[i] = -1;
		for (int k = 0; k < t->n_header; k++)
			if (strcmp(cell[k], t->name[i] + optional) == 0)
				t->from[i] = k;
		if (t->from[i] < 0 && !optional)
			return err_set(err, ERR_FORMAT, "%s:%d: no column '%s' in the header",
				       t->path, t->line, t->name[i]);
	}
	return 0;
}

int table_open(struct table *t, const char *path, const char *const *names, int n,
	       struct err *err)
{
	int rc;

	*t = (struct table){ .path = path, .name = names, .n = n, .lines = 1 };
	if ((rc = file_read(path, TABLE_BYTES, &t->text, &t->len, err)) < 0)
		return rc;
	t->at = t->text + (str_starts(t->text, "\xef\xbb\xbf") ? 3 : 0);
	if (strlen(t->text) != t->len)
		rc = err_set(err, ERR_FORMAT, "%s: is no text file", path);
	else
		rc = read_header(t, err);
	if (rc < 0)
		table_close(t);
	return rc;
}

int table_next(struct table *t, struct err *err)
{
	char *cell[CELLS_MAX];
	int n;

	skip_empty(t);
	if (!*t->at)
		return 0;
	if ((n = read_line(t, cell, err)) < 0)
		return n;
	if (n != t->n_header)
		return err_set(err, ERR_FORMAT, "%s:%d: %d cells, the header has %d", t->path,
			       t->line, n, t->n_header);
	for (int i = 0; i < t->n; i++)
		t->cell[i] = t->from[i] < 0 ? "" : cell[t->from[i]];
	return 1;
}

void table_close(struct table *t)
{
	free(t->text);
	t->text = NULL;
}
