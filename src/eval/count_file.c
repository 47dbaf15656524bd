/* SPDX-License-Identifier: Apache-2.0 */
/* count_file.c -- crossings from CSV. */
#include "eval/count.h"

#include "base/clock.h"
#include "base/vec.h"
#include "eval/csv.h"

#include <stdlib.h>
#include <string.h>

void crossings_clear(struct crossings *c)
{
	VEC_FREE(c);
}

struct columns {
	int time, name, way, kind; /* kind: -1 where there is none */
};

static int find_columns(const struct csv *csv, struct columns *c, struct err *err)
{
	c->kind = csv_find(csv, "kind");
	if ((c->time = csv_need(csv, "t_utc", NULL, err)) < 0)
		return c->time;
	if ((c->name = csv_need(csv, "name", "line", err)) < 0)
		return c->name;
	return c->way = csv_need(csv, "event", "direction", err);
}

static int read_row(struct crossings *out, struct names *names, const struct csv *csv,
		    const struct columns *col, struct err *err)
{
	const char *way = csv->field[col->way];
	struct crossing c = { .in = !strcmp(way, "in") };
	int rc;

	if (col->kind >= 0 && strcmp(csv->field[col->kind], "line") != 0)
		return 0;
	if (!c.in && strcmp(way, "out") != 0)
		return err_set(err, ERR_FORMAT, "expected 'in' or 'out', found '%.40s'", way);
	rc = clock_parse(csv->field[col->time], &c.t_us, err);
	if (rc < 0)
		return rc;
	c.line = names_index(names, csv->field[col->name], err);
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

static int read_all(struct crossings *out, struct names *names, struct csv *csv,
		    struct err *err)
{
	struct columns col;
	int rc = find_columns(csv, &col, err);

	while (rc >= 0 && (rc = csv_next(csv, err)) > 0)
		if ((rc = read_row(out, names, csv, &col, err)) < 0)
			err_ctx(err, "line %zu", csv->line);
	if (rc < 0)
		crossings_clear(out);
	else if (out->n)
		qsort(out->v, out->n, sizeof(*out->v), by_time);
	return rc;
}

int crossings_parse(struct crossings *out, struct names *names, const char *text, size_t len,
		    struct err *err)
{
	struct csv csv = { 0 };
	int rc = csv_parse(&csv, text, len, err);

	if (rc >= 0)
		rc = read_all(out, names, &csv, err);
	csv_close(&csv);
	return rc;
}

int crossings_read(struct crossings *out, struct names *names, const char *path,
		   struct err *err)
{
	struct csv csv = { 0 };
	int rc = csv_open(&csv, path, err);

	if (rc < 0)
		return rc;
	rc = read_all(out, names, &csv, err);
	if (rc < 0)
		err_ctx(err, "'%s'", path);
	csv_close(&csv);
	return rc;
}
