/* SPDX-License-Identifier: Apache-2.0 */
/* xlsx.c -- a report as a workbook, for who works on with the numbers. */
#include "report/xlsx.h"

#include "base/clock.h"
#include "base/str.h"
#include "report/metric.h"
#include "report/words.h"

#include <stdlib.h>
#include <string.h>
#include <xlsxwriter.h>

/* A sheet that is filled row by row. */
struct sheet {
	struct book *book;
	lxw_worksheet *ws;
	lxw_row_t row;
	lxw_col_t col;
};

struct book {
	lxw_workbook *wb;
	const struct day *d;
	lxw_format *head, *bold, *date, *time, *whole, *real, *share, *wrap;
};

static lxw_format *format(struct book *b, const char *number)
{
	lxw_format *f = workbook_add_format(b->wb);

	if (number)
		format_set_num_format(f, number);
	format_set_align(f, LXW_ALIGN_VERTICAL_TOP);
	return f;
}

static void make_formats(struct book *b)
{
	b->head = format(b, NULL);
	format_set_bold(b->head);
	format_set_bottom(b->head, LXW_BORDER_THIN);
	format_set_text_wrap(b->head);
	b->bold = format(b, NULL);
	format_set_bold(b->bold);
	b->date = format(b, "yyyy-mm-dd");
	b->time = format(b, "yyyy-mm-dd hh:mm");
	b->whole = format(b, "#,##0");
	b->real = format(b, "#,##0.00");
	b->share = format(b, "0.0%");
	b->wrap = format(b, NULL);
	format_set_text_wrap(b->wrap);
}

/* ---- Cells, from left to right ---- */

static void add_text(struct sheet *s, const char *text)
{
	worksheet_write_string(s->ws, s->row, s->col++, text, NULL);
}

static void add_number(struct sheet *s, bool known, double v, lxw_format *f)
{
	if (known)
		worksheet_write_number(s->ws, s->row, s->col, v, f);
	s->col++;
}

static void add_time(struct sheet *s, int64_t t_us, bool utc, lxw_format *f)
{
	lxw_datetime when;
	struct civil c;

	clock_local(t_us, &c);
	if (utc) {
		char text[CLOCK_TEXT];

		clock_text_utc(t_us, text);
		c.year = (int)strtol(text, NULL, 10);
		c.month = (int)strtol(text + 5, NULL, 10);
		c.day = (int)strtol(text + 8, NULL, 10);
		c.hour = (int)strtol(text + 11, NULL, 10);
		c.minute = (int)strtol(text + 14, NULL, 10);
	}
	when = (lxw_datetime){ c.year, c.month, c.day, c.hour, c.minute, 0 };
	worksheet_write_datetime(s->ws, s->row, s->col++, &when, f);
}

static void add_date(struct sheet *s, const char *date)
{
	lxw_datetime when = { (int)strtol(date, NULL, 10),
			      (int)strtol(date + 5, NULL, 10),
			      (int)strtol(date + 8, NULL, 10),
			      0,
			      0,
			      0 };

	worksheet_write_datetime(s->ws, s->row, s->col++, &when, s->book->date);
}

static void add_metrics(struct sheet *s, enum metric_of of, const void *row)
{
	int n;
	const struct metric *m = metric_table(of, &n);

	for (int i = 0; i < n; i++) {
		double v = 0;
		bool known = metric_observed_s(row) > 0 && m[i].get(row, &v);

		add_number(s, known, v, m[i].decimals ? s->book->real : s->book->whole);
	}
}

static void next_row(struct sheet *s)
{
	s->row++;
	s->col = 0;
}

/* A sheet with its header frozen above. */
static struct sheet sheet_new(struct book *b, const char *name, const char *const *columns,
			      int n)
{
	struct sheet s = { .book = b, .ws = workbook_add_worksheet(b->wb, name) };

	for (int i = 0; i < n; i++)
		worksheet_write_string(s.ws, 0, (lxw_col_t)i, columns[i], b->head);
	worksheet_set_row(s.ws, 0, 45, NULL);
	worksheet_freeze_panes(s.ws, 1, 1);
	worksheet_set_landscape(s.ws);
	worksheet_set_paper(s.ws, 9); /* A4 */
	worksheet_fit_to_pages(s.ws, 1, 0);
	worksheet_repeat_rows(s.ws, 0, 0);
	s.row = 1;
	return s;
}

/* Headers of metrics after n fixed ones. */
static void add_metric_heads(struct sheet *s, lxw_col_t n, enum metric_of of)
{
	int count;
	const struct metric *m = metric_table(of, &count);

	for (int i = 0; i < count; i++) {
		struct str text = STR_INIT;

		str_addf(&text, "%s (%s)", m[i].name, m[i].unit);
		worksheet_write_string(s->ws, 0, (lxw_col_t)(n + i), text.s, s->book->head);
		str_clear(&text);
	}
	worksheet_set_column(s->ws, n, (lxw_col_t)(n + count - 1), 13, NULL);
}

/* ---- Sums over the entry lines ---- */

struct entries {
	int in, out, in_closed, out_closed;
	bool any;
};

static void entries_add(struct entries *e, const struct day_line *l)
{
	e->any |= l->observed_s > 0;
	e->in += day_passages(l, true);
	e->out += day_passages(l, false);
	e->in_closed += l->passages_in_closed;
	e->out_closed += l->passages_out_closed;
}

/* Of the buckets [from, to). */
static struct entries entries_of(const struct day *d, int from, int to)
{
	struct entries e = { 0 };

	for (int i = 0; i < d->n_place; i++)
		for (int b = from; b < to; b++)
			if (d->place[i].line && d->place[i].place.info.role == LINE_ENTRY)
				entries_add(&e, &d->place[i].line[b]);
	return e;
}

static void add_entries(struct sheet *s, const struct entries *e)
{
	bool hours = s->book->d->has_hours;

	add_number(s, e->any, e->in, s->book->whole);
	add_number(s, e->any, e->out, s->book->whole);
	add_number(s, e->any && hours, e->in_closed, s->book->whole);
	add_number(s, e->any && hours, e->out_closed, s->book->whole);
}

/* ---- The sheets ---- */

static void add_fact(struct sheet *s, const char *name, const char *text)
{
	worksheet_write_string(s->ws, s->row, 0, name, s->book->bold);
	s->col = 1;
	if (text)
		add_text(s, text);
}

static void add_summary(struct book *b)
{
	static const char *const columns[] = { "Footfall report", "" };
	struct sheet s = sheet_new(b, "Summary", columns, 2);
	const struct day *d = b->d;
	struct entries e = entries_of(d, 0, d->n_bucket);

	worksheet_set_column(s.ws, 0, 0, 42, NULL);
	worksheet_set_column(s.ws, 1, 1, 44, NULL);
	add_fact(&s, "Store", d->store.name);
	next_row(&s);
	add_fact(&s, "First business day", NULL);
	add_date(&s, d->date);
	next_row(&s);
	add_fact(&s, "Last business day", NULL);
	add_date(&s, d->last);
	next_row(&s);
	add_fact(&s, "Time zone of local times", d->store.zone);
	next_row(&s);
	add_fact(&s, "Walked in", NULL);
	add_number(&s, e.any, e.in, b->whole);
	next_row(&s);
	add_fact(&s, "Walked out", NULL);
	add_number(&s, e.any, e.out, b->whole);
	next_row(&s);
	if (d->has_hours) {
		add_fact(&s, "Walked in, outside opening hours", NULL);
		add_number(&s, e.any, e.in_closed, b->whole);
		next_row(&s);
	}
	add_fact(&s, "Most inside at once", NULL);
	add_number(&s, d->has_inside && d->inside_total.observed_s > 0, d->inside_total.max,
		   b->whole);
	next_row(&s);
	add_fact(&s, "Parameters (thresholds, plan, calibration)", d->params);
	next_row(&s);
	add_fact(&s, "Made by", "Footfall " FOOTFALL_VERSION);
	next_row(&s);
	worksheet_write_string(
		s.ws, ++s.row, 0,
		"An empty cell was not observed or is not known; it is not zero.", NULL);
}

/* The first bucket of date i; n_date: the end. */
static int date_bucket(const struct day *d, int i)
{
	int b = 0;

	if (i >= d->n_date)
		return d->n_bucket;
	while (b < d->n_bucket && d->bucket[b].from_us < d->dates[i].from_us)
		b++;
	return b;
}

static void add_week(struct sheet *s, const struct calendar_week *w, const char *form)
{
	char text[32];

	snprintf(text, sizeof(text), form, w->year, w->week);
	add_text(s, text);
}

static void add_days(struct book *b)
{
	static const char *const columns[] = { "date",
					       "weekday",
					       "ISO week",
					       "retail week",
					       "holiday",
					       "walked in",
					       "walked out",
					       "in, outside opening hours",
					       "out, outside opening hours",
					       "open (h)",
					       "observed (h)",
					       "day length (h)" };
	static const char *const weekdays[] = {
		"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"
	};
	struct sheet s = sheet_new(b, "Days", columns, 12);
	const struct day *d = b->d;

	worksheet_set_column(s.ws, 0, 11, 13, NULL);
	for (int i = 0, next; i < d->n_date; i++, next_row(&s)) {
		const struct day_date *t = &d->dates[i];
		int first = date_bucket(d, i);
		struct entries e;

		next = date_bucket(d, i + 1);
		e = entries_of(d, first, next);
		add_date(&s, t->date);
		add_text(&s, weekdays[calendar_weekday(t->day)]);
		add_week(&s, &t->iso, "%04d-W%02d");
		if (t->retail.year)
			add_week(&s, &t->retail, "%04d R%02d");
		else
			s.col++;
		add_text(&s, t->holiday);
		add_entries(&s, &e);
		add_number(&s, d->has_hours, t->open_s / 3600, b->real);
		add_number(&s, true, t->observed_s / 3600, b->real);
		add_number(&s, true, (double)(t->to_us - t->from_us) / 3.6e9, b->real);
	}
}

/* Columns of persons in, per hour of one day or per day of several. */
static void add_chart(struct book *b, struct sheet *s, lxw_row_t last)
{
	lxw_chart *chart = workbook_add_chart(b->wb, LXW_CHART_COLUMN);
	bool days = b->d->n_date > 1;
	const char *sheet = days ? "Days" : "Hours";
	lxw_row_t rows = days ? (lxw_row_t)b->d->n_date : last;
	lxw_col_t in = days ? 5 : 4, name = days ? 0 : 3;
	static const char *const names[] = { "walked in", "walked out" };

	for (lxw_col_t i = 0; i < 2; i++) {
		lxw_chart_series *series = chart_add_series(chart, NULL, NULL);

		chart_series_set_categories(series, sheet, 1, name, rows, name);
		chart_series_set_values(series, sheet, 1, (lxw_col_t)(in + i), rows,
					(lxw_col_t)(in + i));
		chart_series_set_name(series, names[i]);
	}
	chart_title_set_name(chart, days ? "People per business day" : "People per hour");
	if (days)
		chart_axis_set_num_format(chart->x_axis, "dd mmm");
	chart_axis_set_name(chart->y_axis, "persons");
	chart_legend_set_position(chart, LXW_CHART_LEGEND_BOTTOM);
	worksheet_insert_chart_opt(s->ws, 1, 11, chart,
				   &(lxw_chart_options){ .x_scale = 1.6, .y_scale = 1.3 });
}

/* start_local, start_utc, offset */
static void add_when(struct sheet *s, int64_t t_us)
{
	char text[CLOCK_TEXT];

	add_time(s, t_us, false, s->book->time);
	add_time(s, t_us, true, s->book->time);
	add_text(s, clock_text_local(t_us, text) + 19);
}

/* "09:00": a chart takes times for dates. */
static const char *hour_text(int64_t t_us, char buf[CLOCK_TEXT])
{
	clock_text_local(t_us, buf);
	buf[16] = '\0';
	return buf + 11;
}

static void add_hours(struct book *b)
{
	static const char *const columns[] = { "start, local",
					       "start, UTC",
					       "offset",
					       "hour",
					       "walked in",
					       "walked out",
					       "in, outside opening hours",
					       "out, outside opening hours",
					       "observed (s)",
					       "revision" };
	struct sheet s = sheet_new(b, "Hours", columns, 10);
	const struct day *d = b->d;

	worksheet_set_column(s.ws, 0, 1, 16, NULL);
	worksheet_set_column(s.ws, 2, 9, 12, NULL);
	for (int i = 0; i < d->n_bucket; i++, next_row(&s)) {
		struct entries e = entries_of(d, i, i + 1);
		double observed_s = 0;
		char hour[CLOCK_TEXT];

		for (int c = 0; c < d->n_camera; c++)
			if (d->camera[c].observed_s[i] > observed_s)
				observed_s = d->camera[c].observed_s[i];
		add_when(&s, d->bucket[i].from_us);
		add_text(&s, hour_text(d->bucket[i].from_us, hour));
		add_entries(&s, &e);
		add_number(&s, true, d->has_inside ? d->inside[i].observed_s : observed_s,
			   b->whole);
		add_number(&s, true, d->bucket[i].revision, b->whole);
	}
	if (s.row > 1)
		add_chart(b, &s, s.row - 1);
}

/* Lines or zones: each bucket of each place that was observed. */
static void add_places(struct book *b, enum metric_of of)
{
	static const char *const columns[] = { "name",         "camera",  "start, local",
					       "start, UTC",   "offset",  "length (s)",
					       "observed (s)", "revision" };
	struct sheet s = sheet_new(b, of == METRIC_LINE ? "Lines" : "Zones", columns, 8);
	const struct day *d = b->d;

	worksheet_set_column(s.ws, 0, 1, 18, NULL);
	worksheet_set_column(s.ws, 2, 3, 16, NULL);
	add_metric_heads(&s, 8, of);
	for (int i = 0; i < d->n_place; i++) {
		const struct day_place *p = &d->place[i];
		const struct day_camera *c = &d->camera[p->camera];

		if ((p->line != NULL) != (of == METRIC_LINE))
			continue;
		for (int k = 0; k < d->n_bucket; k++) {
			const void *row = p->line ? (const void *)&p->line[k] : &p->zone[k];
			const struct day_bucket *u = &d->bucket[k];

			if (metric_observed_s(row) <= 0)
				continue;
			add_text(&s, p->place.info.name);
			add_text(&s, c->camera.name);
			add_when(&s, u->from_us);
			add_number(&s, true, (double)(u->to_us - u->from_us) / 1e6, b->whole);
			add_number(&s, true, metric_observed_s(row), b->whole);
			add_number(&s, true, c->revision[k], b->whole);
			add_metrics(&s, of, row);
			next_row(&s);
		}
	}
	worksheet_autofilter(s.ws, 0, 0, s.row > 1 ? s.row - 1 : 1, 7);
}

static void add_sales(struct book *b)
{
	static const char *const columns[] = { "start, local", "start, UTC", "offset",
					       "observed (s)" };
	struct sheet s = sheet_new(b, "Sales", columns, 4);
	const struct day *d = b->d;

	worksheet_set_column(s.ws, 0, 1, 16, NULL);
	add_metric_heads(&s, 4, METRIC_SALES);
	for (int i = 0; i < d->n_bucket; i++, next_row(&s)) {
		add_when(&s, d->bucket[i].from_us);
		add_number(&s, true, d->sales[i].observed_s, b->whole);
		add_metrics(&s, METRIC_SALES, &d->sales[i]);
	}
}

static void add_definitions(struct book *b)
{
	static const char *const columns[] = { "metric", "of a", "unit", "definition" };
	struct sheet s = sheet_new(b, "Definitions", columns, 4);

	worksheet_set_column(s.ws, 0, 2, 22, NULL);
	worksheet_set_column(s.ws, 3, 3, 90, b->wrap);
	for (enum metric_of of = METRIC_STORE; of < METRIC_OF_END; of++) {
		int n;
		const struct metric *m = metric_table(of, &n);

		for (int i = 0; i < n; i++, next_row(&s)) {
			add_text(&s, m[i].name);
			add_text(&s, metric_kind[of]);
			add_text(&s, m[i].unit);
			add_text(&s, m[i].definition);
		}
	}
}

int day_xlsx(const struct day *d, const char *path, struct err *err)
{
	lxw_workbook_options options = { .constant_memory = LXW_FALSE };
	struct book b = { .d = d };
	lxw_doc_properties about = { 0 };
	lxw_error rc;

	b.wb = workbook_new_opt(path, &options);
	if (!b.wb)
		return err_set(err, ERR_IO, "cannot make a workbook");
	about.title = (char *)d->store.name;
	about.created = (time_t)(d->to_us / CLOCK_SECOND_US); /* not the clock's time */
	workbook_set_properties(b.wb, &about);
	make_formats(&b);
	add_summary(&b);
	add_days(&b);
	add_hours(&b);
	add_places(&b, METRIC_LINE);
	add_places(&b, METRIC_ZONE);
	if (d->sales)
		add_sales(&b);
	add_definitions(&b);
	rc = workbook_close(b.wb);
	if (rc != LXW_NO_ERROR)
		return err_set(err, ERR_IO, "cannot write '%s': %s", path, lxw_strerror(rc));
	return 0;
}
