/* SPDX-License-Identifier: Apache-2.0 */
/* csv.c -- reading CSV with a head line. */
#include "eval/csv.h"

#include "base/file.h"
#include "base/vec.h"

#include <stdlib.h>
#include <string.h>

#define FILE_MAX_BYTES ((size_t)1 << 30)

/* Where the field at p ends: at a comma or the row's end. Quotes are taken off in its place;
 * NULL when they do not end. */
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
static int split(char *row, char *field[CSV_FIELDS_MAX])
{
	for (int n = 0; n < CSV_FIELDS_MAX;) {
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

/* Cuts the next row off. */
static char *take_row(struct csv *c)
{
	char *row = c->next;

	c->next += strcspn(row, "\n");
	if (*c->next)
		*c->next++ = '\0';
	row[strcspn(row, "\r")] = '\0';
	c->line++;
	return row;
}

/* Takes over text. */
static void begin(struct csv *c, char *text)
{
	int n;

	*c = (struct csv){ .text = text, .next = text };
	if (!strncmp(text, "\xef\xbb\xbf", 3))
		c->next += 3;
	n = split(take_row(c), c->head);
	c->n_head = n < 0 ? 0 : n;
}

int csv_parse(struct csv *c, const char *text, size_t len, struct err *err)
{
	struct csv new;

	begin(&new, xstrndup(text, len));
	if (!new.n_head) {
		csv_close(&new);
		return err_set(err, ERR_FORMAT, "line 1: expected a head line");
	}
	*c = new;
	return 0;
}

int csv_open(struct csv *c, const char *path, struct err *err)
{
	char *text;
	size_t len;
	int rc = file_read(path, FILE_MAX_BYTES, &text, &len, err);

	if (rc < 0)
		return rc;
	rc = csv_parse(c, text, len, err);
	if (rc < 0)
		err_ctx(err, "'%s'", path);
	free(text);
	return rc;
}

void csv_close(struct csv *c)
{
	free(c->text);
	*c = (struct csv){ 0 };
}

int csv_find(const struct csv *c, const char *name)
{
	for (int i = 0; i < c->n_head; i++)
		if (!strcmp(c->head[i], name))
			return i;
	return -1;
}

int csv_need(const struct csv *c, const char *name, const char *other, struct err *err)
{
	int i = csv_find(c, name);

	if (i < 0 && other)
		i = csv_find(c, other);
	if (i < 0)
		return err_set(err, ERR_FORMAT,
			       "line 1: expected a head line with a column '%s'", name);
	return i;
}

int csv_next(struct csv *c, struct err *err)
{
	char *row = NULL;

	do {
		if (!*c->next)
			return 0;
		row = take_row(c);
	} while (!*row);
	c->n = split(row, c->field);
	if (c->n < c->n_head)
		return err_set(err, ERR_FORMAT,
			       "line %zu: expected as many fields as the head line has (%d), "
			       "found %d",
			       c->line, c->n_head, c->n < 0 ? 0 : c->n);
	return 1;
}
