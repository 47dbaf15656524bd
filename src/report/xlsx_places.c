/* SPDX-License-Identifier: Apache-2.0 */
/* xlsx_places.c -- the workbook's sheets of places, of the whole store, and of what it all
 * means.
 */
#include "base/str.h"
#include "report/xlsx_sheet.h"
#include "store/measure.h"

#include <math.h>
#include <string.h>

static void add_head(struct sheet *s, const char *text)
{
	worksheet_write_string(s->ws, 0, s->col++, text, s->book->head);
}

/* Lines have bounds of what was audited. */
static bool has_range(const struct metric *m, const struct book *b)
{
	return b->d->audits.n &&
	       (strncmp(m->name, "passages_", 9) == 0 ||
		strncmp(m->name, "crossings_", 10) == 0) &&
	       strstr(m->name, "_closed") == NULL;
}

/* A column for each metric, with one for each bound of those that were audited. */
static void add_metric_heads(struct sheet *s, enum metric_of of)
{
	static const char *const forms[] = { "%s (%s)", "%s, at least (95 %%)",
					     "%s, at most (95 %%)" };
	int n;
	const struct metric *m = metric_table(of, &n);
	lxw_col_t first = s->col;

	for (int i = 0; i < n; i++)
		for (int k = 0; k < (of == METRIC_LINE && has_range(&m[i], s->book) ? 3 : 1);
		     k++) {
			char text[160];

			snprintf(text, sizeof(text), forms[k], m[i].name, m[i].unit);
			add_head(s, text);
		}
	worksheet_set_column(s->ws, first, s->col - 1, 13, NULL);
}

static void add_metrics(struct sheet *s, enum metric_of of, const void *row,
			const struct day_place *p, int64_t to_us)
{
	const struct book *b = s->book;
	int n;
	const struct metric *m = metric_table(of, &n);

	for (int i = 0; i < n; i++) {
		int64_t lo = 0, hi = 0;
		double v = 0;
		bool known = metric_applies(&m[i], p ? &p->place.info : NULL) &&
			     metric_value(&m[i], row, &v);

		sheet_number(s, known, v,
			     strcmp(m[i].unit, "share") == 0 ? b->share
			     : m[i].decimals                 ? b->real
							     : b->whole);
		if (of != METRIC_LINE || !has_range(&m[i], b))
			continue;
		known = metric_range(&m[i], row, b->d, p, to_us, &lo, &hi);
		sheet_number(s, known, (double)lo, b->whole);
		sheet_number(s, known, (double)hi, b->whole);
	}
}

/* ---- Places ---- */

static const struct kind {
	enum place_kind kind;
	const char *sheet;
	enum metric_of own; /* 0: measures only */
} kinds[] = {
	{ PLACE_LINE, "Lines", METRIC_LINE }, { PLACE_ZONE, "Zones", METRIC_ZONE },
	{ PLACE_GATE, "Gates", 0 },           { PLACE_QUEUE, "Queues", 0 },
	{ PLACE_FIXTURE, "Fixtures", 0 },
};

static void add_bucket(struct sheet *s, const struct day_place *p, enum metric_of own, int k)
{
	const struct book *b = s->book;
	const struct day_bucket *u = &b->d->bucket[k];
	const struct day_camera *c = &b->d->camera[p->camera];
	const struct tally_row *measured = &p->tally.row[k];
	const void *row = p->line   ? (const void *)&p->line[k]
			  : p->zone ? (const void *)&p->zone[k]
				    : measured;

	if (metric_observed_s(row) <= 0)
		return;
	sheet_text(s, p->place.info.name);
	sheet_text(s, c->camera.name);
	sheet_when(s, u->from_us);
	sheet_number(s, true, (double)(u->to_us - u->from_us) / 1e6, b->whole);
	sheet_number(s, true, metric_observed_s(row), b->whole);
	sheet_number(s, true, c->revision[k], b->whole);
	if (own) {
		add_metrics(s, own, row, p, u->to_us);
		sheet_number(s, true, measured->observed_s, b->whole);
	}
	add_metrics(s, metric_of_place(&p->place.info), measured, p, u->to_us);
	sheet_next(s);
}

static bool has_kind(const struct day *d, enum place_kind kind)
{
	for (int i = 0; i < d->n_place; i++)
		if (d->place[i].place.info.kind == kind)
			return true;
	return false;
}

/* Each bucket of each place that was observed. */
static void add_kind(struct book *b, const struct kind *kind)
{
	static const char *const columns[] = { "name",         "camera",  "start, local",
					       "start, UTC",   "offset",  "length (s)",
					       "observed (s)", "revision" };
	const struct day *d = b->d;
	struct sheet s;

	if (!kind->own && !has_kind(d, kind->kind))
		return;
	s = sheet_new(b, kind->sheet, columns, 8);
	worksheet_set_column(s.ws, 0, 1, 18, NULL);
	worksheet_set_column(s.ws, 2, 3, 16, NULL);
	s.col = 8;
	if (kind->own) {
		add_metric_heads(&s, kind->own);
		add_head(&s, "observed for what follows (s)");
	}
	add_metric_heads(&s, metric_of_place(&(struct place_info){ .kind = kind->kind }));
	s.col = 0;
	for (int i = 0; i < d->n_place; i++)
		for (int k = 0; d->place[i].place.info.kind == kind->kind && k < d->n_bucket;
		     k++)
			add_bucket(&s, &d->place[i], kind->own, k);
	worksheet_autofilter(s.ws, 0, 0, s.row > 1 ? s.row - 1 : 1, 7);
}

void xlsx_places(struct book *b)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		add_kind(b, &kinds[i]);
}

/* ---- The whole store ---- */

/* rows: one per bucket, size bytes apart. who: a first cell, or NULL. */
static void add_buckets(struct sheet *s, enum metric_of of, const void *rows, size_t size,
			const char *who)
{
	const struct day *d = s->book->d;

	for (int i = 0; i < d->n_bucket; i++, sheet_next(s)) {
		const void *row = (const char *)rows + (size_t)i * size;

		if (who)
			sheet_text(s, who);
		sheet_when(s, d->bucket[i].from_us);
		sheet_number(s, true, metric_observed_s(row), s->book->whole);
		add_metrics(s, of, row, NULL, d->bucket[i].to_us);
	}
}

static struct sheet new_store_sheet(struct book *b, const char *name, enum metric_of of,
				    bool who)
{
	static const char *const columns[] = { "camera", "start, local", "start, UTC", "offset",
					       "observed (s)" };
	struct sheet s = sheet_new(b, name, columns + !who, 5 - !who);

	worksheet_set_column(s.ws, 0, 2, 16, NULL);
	s.col = (lxw_col_t)(5 - !who);
	add_metric_heads(&s, of);
	s.col = 0;
	return s;
}

void xlsx_store(struct book *b)
{
	const struct day *d = b->d;
	struct sheet s;

	if (d->street) {
		s = new_store_sheet(b, "Street", METRIC_STREET, false);
		add_buckets(&s, METRIC_STREET, d->street, sizeof(*d->street), NULL);
	}
	if (d->sales) {
		s = new_store_sheet(b, "Sales", METRIC_SALES, false);
		add_buckets(&s, METRIC_SALES, d->sales, sizeof(*d->sales), NULL);
	}
	s = new_store_sheet(b, "Staff", METRIC_STAFF, true);
	for (int i = 0; i < d->n_camera; i++)
		if (d->camera[i].tally.total.observed_s > 0)
			add_buckets(&s, METRIC_STAFF, d->camera[i].tally.row,
				    sizeof(*d->camera[i].tally.row), d->camera[i].camera.name);
}

/* ---- Ways ---- */

static void add_ways(struct sheet *s, const struct journeys_table *t)
{
	const struct book *b = s->book;
	struct str note = STR_INIT;

	worksheet_write_string(s->ws, s->row, s->col, measure_info(t->measure)->name, b->bold);
	s->col++;
	sheet_text(s, b->d->camera[t->camera].camera.name);
	sheet_text(s, measure_info(t->measure)->definition);
	sheet_next(s);
	journeys_note(&note, t, b->d->journeys.k);
	if (note.len) {
		sheet_text(s, note.s);
		sheet_next(s);
	}
	str_clear(&note);
	for (s->col = 1; s->col <= t->cols + 1; s->col++) {
		const char *name = journeys_col_name(t, b->d, s->col - 1);

		worksheet_write_string(s->ws, s->row, s->col, name ? name : "all", b->head);
	}
	sheet_next(s);
	for (int r = 0; r <= t->rows; r++, sheet_next(s)) {
		sheet_text(s, r < t->rows ? journeys_row_name(t, b->d, r) : "all");
		for (int c = 0; c <= t->cols; c++)
			if (t->observed_s > 0 && journeys_hidden(t, r, c))
				sheet_text(s, "withheld");
			else
				sheet_number(s, t->observed_s > 0, (double)journeys_at(t, r, c),
					     b->whole);
	}
	sheet_next(s);
}

void xlsx_ways(struct book *b)
{
	static const char *const columns[] = { "Ways: of all days together" };
	struct sheet s;

	if (!b->d->journeys.n)
		return;
	s = sheet_new(b, "Ways", columns, 1);
	worksheet_set_column(s.ws, 0, 0, 24, NULL);
	worksheet_set_column(s.ws, 1, 40, 12, NULL);
	for (int i = 0; i < b->d->journeys.n; i++)
		add_ways(&s, &b->d->journeys.v[i]);
}

/* ---- Audits ---- */

static void add_audit(struct sheet *s, const struct day_place *p, bool in)
{
	const struct book *b = s->book;
	const struct day *d = b->d;
	const struct audit *a = audits_at(&d->audits, p->place.id, in, d->to_us - 1);
	int64_t count = in ? p->line_total.crossings_in : p->line_total.crossings_out;
	double lo = 0, hi = 0;
	struct str words = STR_INIT;
	bool known;

	if (!a)
		return;
	known = p->line_total.observed_s > 0 &&
		audit_interval(&d->audits, p->place.id, in, d->to_us - 1, count, &lo, &hi);
	sheet_text(s, p->place.info.name);
	sheet_text(s, in ? "in" : "out");
	sheet_number(s, p->line_total.observed_s > 0, (double)count, b->whole);
	sheet_number(s, known, floor(lo), b->whole);
	sheet_number(s, known, ceil(hi), b->whole);
	sheet_number(s, true, a->samples, b->whole);
	sheet_number(s, true, (double)a->manual, b->whole);
	sheet_number(s, true, (double)a->machine, b->whole);
	sheet_number(s, a->manual > 0, a->bias, b->share);
	sheet_number(s, a->manual > 0, a->lo, b->share);
	sheet_number(s, a->manual > 0, a->hi, b->share);
	sheet_time(s, a->to_us, false, b->time);
	audit_words(&words, a);
	sheet_text(s, words.s);
	sheet_next(s);
	str_clear(&words);
}

void xlsx_audits(struct book *b)
{
	static const char *const columns[] = {
		"line",           "direction",      "crossings, all days", "at least (95 %)",
		"at most (95 %)", "samples",        "counted by hand",     "by the machine",
		"bias",           "bias, at least", "bias, at most",       "last sample, local",
		"verdict"
	};
	struct sheet s;

	if (!b->d->audits.n)
		return;
	s = sheet_new(b, "Audits", columns, 13);
	worksheet_set_column(s.ws, 0, 11, 13, NULL);
	worksheet_set_column(s.ws, 12, 12, 80, NULL);
	for (int i = 0; i < b->d->n_place; i++)
		for (int in = 1; in >= 0 && b->d->place[i].line; in--)
			add_audit(&s, &b->d->place[i], in);
}

/* ---- Definitions ---- */

static void add_definition(struct sheet *s, const char *name, const char *of, const char *unit,
			   const char *text)
{
	sheet_text(s, name);
	sheet_text(s, of);
	sheet_text(s, unit);
	worksheet_write_string(s->ws, s->row, s->col, text, s->book->wrap);
	sheet_next(s);
}

void xlsx_definitions(struct book *b)
{
	static const char *const columns[] = { "metric", "of a", "unit", "definition" };
	struct sheet s = sheet_new(b, "Definitions", columns, 4);

	worksheet_set_column(s.ws, 0, 2, 24, NULL);
	worksheet_set_column(s.ws, 3, 3, 90, b->wrap);
	for (enum metric_of of = METRIC_STORE; of < METRIC_OF_END; of++) {
		int n;
		const struct metric *m = metric_table(of, &n);

		for (int i = 0; i < n; i++) {
			struct str text = STR_INIT;

			metric_define(&text, &m[i]);
			add_definition(&s, m[i].name, metric_kind[of], m[i].unit, text.s);
			str_clear(&text);
		}
	}
	for (int m = 1; m < MEASURE_END; m++) {
		const struct measure_info *info = measure_info((enum measure)m);

		if (info && info->ways)
			add_definition(&s, info->name, "ways", info->unit, info->definition);
	}
}
