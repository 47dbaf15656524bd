/* SPDX-License-Identifier: Apache-2.0 */
/* journeys.c -- the tables of people's ways, without what may not be shown. */
#include "report/journeys.h"

#include "base/str.h"
#include "base/vec.h"
#include "report/day.h"
#include "report/suppress.h"
#include "store/measure.h"

#include <stdlib.h>

/* Rows are the zones that have the measure, or the entry lines. */
static const struct {
	enum measure measure;
	enum place_kind row, col; /* col PLACE_NONE: words */
} tables[] = {
	{ MEASURE_TURNS, PLACE_LINE, PLACE_NONE },
	{ MEASURE_FIRST_FROM, PLACE_ZONE, PLACE_LINE },
	{ MEASURE_NEXT, PLACE_ZONE, PLACE_ZONE },
	{ MEASURE_OD, PLACE_ZONE, PLACE_ZONE },
};

static size_t index_of(const struct journeys_table *t, int row, int col)
{
	return (size_t)row * ((size_t)t->cols + 1) + (size_t)col;
}

int64_t journeys_at(const struct journeys_table *t, int row, int col)
{
	return t->v[index_of(t, row, col)];
}

bool journeys_hidden(const struct journeys_table *t, int row, int col)
{
	return t->hidden[index_of(t, row, col)];
}

/* Places of a camera, of lines only the entries. Returns how many. */
static int find_places(const struct day *d, int camera, enum place_kind kind, int **out)
{
	int n = 0;

	*out = xcalloc((size_t)d->n_place + 1, sizeof(**out));
	for (int i = 0; i < d->n_place; i++) {
		const struct day_place *p = &d->place[i];

		if (p->camera == camera && p->place.info.kind == kind &&
		    (kind != PLACE_LINE || p->place.info.role == LINE_ENTRY))
			(*out)[n++] = i;
	}
	return n;
}

static int find_words(enum measure m, int **out)
{
	int n = 0;

	while (measure_word(m, n + 1))
		n++;
	*out = xcalloc((size_t)n + 1, sizeof(**out));
	for (int i = 0; i < n; i++)
		(*out)[i] = i + 1;
	return n;
}

static int64_t cell(const struct journeys_table *t, const struct day *d, int row, int col)
{
	int key = t->words ? t->col[col] : d->place[t->col[col]].place.id;

	return tally_at(&d->place[t->row[row]].tally.total, (int)t->measure, key, false);
}

/* Hides, counts what is hidden, and forgets the numbers. */
static void suppress(struct journeys_table *t, const struct day *d, int k)
{
	size_t n = (size_t)t->rows * (size_t)t->cols;
	int64_t *v = xcalloc(n + 1, sizeof(*v));
	bool *known = xcalloc(n + 1, sizeof(*known));

	for (int r = 0; r < t->rows; r++)
		for (int c = 0; c < t->cols; c++) {
			v[r * t->cols + c] = cell(t, d, r, c);
			/* Next is another zone: everybody knows that these are 0. */
			known[r * t->cols + c] = t->measure == MEASURE_NEXT &&
						 t->row[r] == t->col[c] &&
						 v[r * t->cols + c] == 0;
		}
	suppress_table(v, known, t->rows, t->cols, k, t->hidden);
	for (int r = 0; r < t->rows; r++)
		for (int c = 0; c < t->cols; c++) {
			int64_t x = v[r * t->cols + c];

			t->v[index_of(t, r, c)] = x;
			t->v[index_of(t, r, t->cols)] += x;
			t->v[index_of(t, t->rows, c)] += x;
			t->v[index_of(t, t->rows, t->cols)] += x;
			t->n_hidden += journeys_hidden(t, r, c);
		}
	for (size_t i = 0; i <= index_of(t, t->rows, t->cols); i++)
		if (t->hidden[i])
			t->v[i] = 0;
	free(known);
	free(v);
}

static struct journeys_table make_table(const struct day *d, int camera, size_t which, int k)
{
	struct journeys_table t = { .measure = tables[which].measure, .camera = camera };
	size_t n;

	t.rows = find_places(d, camera, tables[which].row, &t.row);
	t.words = tables[which].col == PLACE_NONE;
	t.cols = t.words ? find_words(t.measure, &t.col)
			 : find_places(d, camera, tables[which].col, &t.col);
	n = ((size_t)t.rows + 1) * ((size_t)t.cols + 1);
	t.v = xcalloc(n, sizeof(*t.v));
	t.hidden = xcalloc(n, sizeof(*t.hidden));
	for (int r = 0; r < t.rows; r++) {
		double s = d->place[t.row[r]].tally.total.observed_s;

		t.observed_s = s > t.observed_s ? s : t.observed_s;
	}
	if (t.rows && t.cols)
		suppress(&t, d, k);
	return t;
}

static void table_clear(struct journeys_table *t)
{
	free(t->row);
	free(t->col);
	free(t->v);
	free(t->hidden);
}

void journeys_make(struct journeys *w, const struct day *d, int k)
{
	size_t kinds = sizeof(tables) / sizeof(tables[0]);

	*w = (struct journeys){ .k = k };
	w->v = xcalloc((size_t)d->n_camera * kinds + 1, sizeof(*w->v));
	for (int c = 0; c < d->n_camera; c++)
		for (size_t i = 0; i < kinds; i++) {
			struct journeys_table t = make_table(d, c, i, k);

			if (t.rows && t.cols)
				w->v[w->n++] = t;
			else
				table_clear(&t);
		}
}

void journeys_clear(struct journeys *w)
{
	for (int i = 0; i < w->n; i++)
		table_clear(&w->v[i]);
	free(w->v);
	*w = (struct journeys){ 0 };
}

const char *journeys_row_name(const struct journeys_table *t, const struct day *d, int row)
{
	return row < t->rows ? d->place[t->row[row]].place.info.name : NULL;
}

const char *journeys_col_name(const struct journeys_table *t, const struct day *d, int col)
{
	if (col >= t->cols)
		return NULL;
	return t->words ? measure_word(t->measure, t->col[col])
			: d->place[t->col[col]].place.info.name;
}

void journeys_note(struct str *out, const struct journeys_table *t, int k)
{
	if (t->n_hidden)
		str_addf(
			out,
			"%d of %d cells withheld: fewer than %d people, or enough to work such "
			"a cell out by subtraction.",
			t->n_hidden, t->rows * t->cols, k);
}
