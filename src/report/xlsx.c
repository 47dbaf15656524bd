/* SPDX-License-Identifier: Apache-2.0 */
/* xlsx.c -- a report as a workbook, for who works on with the numbers. */
#include "report/xlsx.h"

#include "base/clock.h"
#include "base/str.h"
#include "report/xlsx_sheet.h"

#include <stdlib.h>
#include <string.h>

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

void sheet_text(struct sheet *s, const char *text)
{
	worksheet_write_string(s->ws, s->row, s->col++, text, NULL);
}

void sheet_number(struct sheet *s, bool known, double v, lxw_format *f)
{
	if (known)
		worksheet_write_number(s->ws, s->row, s->col, v, f);
	s->col++;
}

void sheet_time(struct sheet *s, int64_t t_us, bool utc, lxw_format *f)
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

void sheet_next(struct sheet *s)
{
	s->row++;
	s->col = 0;
}

struct sheet sheet_new(struct book *b, const char *name, const char *const *columns, int n)
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

	sheet_number(s, e->any, e->in, s->book->whole);
	sheet_number(s, e->any, e->out, s->book->whole);
	sheet_number(s, e->any && hours, e->in_closed, s->book->whole);
	sheet_number(s, e->any && hours, e->out_closed, s->book->whole);
}

/* ---- The sheets ---- */

static void add_fact(struct sheet *s, const char *name, const char *text)
{
	worksheet_write_string(s->ws, s->row, 0, name, s->book->bold);
	s->col = 1;
	if (text)
		sheet_text(s, text);
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
	sheet_next(&s);
	add_fact(&s, "First business day", NULL);
	add_date(&s, d->date);
	sheet_next(&s);
	add_fact(&s, "Last business day", NULL);
	add_date(&s, d->last);
	sheet_next(&s);
	add_fact(&s, "Time zone of local times", d->store.zone);
	sheet_next(&s);
	add_fact(&s, "Walked in", NULL);
	sheet_number(&s, e.any, e.in, b->whole);
	sheet_next(&s);
	add_fact(&s, "Walked out", NULL);
	sheet_number(&s, e.any, e.out, b->whole);
	sheet_next(&s);
	if (d->has_hours) {
		add_fact(&s, "Walked in, outside opening hours", NULL);
		sheet_number(&s, e.any, e.in_closed, b->whole);
		sheet_next(&s);
	}
	add_fact(&s, "Most inside at once", NULL);
	sheet_number(&s, d->has_inside && d->inside_total.observed_s > 0, d->inside_total.max,
		     b->whole);
	sheet_next(&s);
	add_fact(&s, "Parameters (thresholds, plan, calibration)", d->params);
	sheet_next(&s);
	add_fact(&s, "Made by", "Footfall " FOOTFALL_VERSION);
	sheet_next(&s);
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
	sheet_text(s, text);
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
	for (int i = 0, next; i < d->n_date; i++, sheet_next(&s)) {
		const struct day_date *t = &d->dates[i];
		int first = date_bucket(d, i);
		struct entries e;

		next = date_bucket(d, i + 1);
		e = entries_of(d, first, next);
		add_date(&s, t->date);
		sheet_text(&s, weekdays[calendar_weekday(t->day)]);
		add_week(&s, &t->iso, "%04d-W%02d");
		if (t->retail.year)
			add_week(&s, &t->retail, "%04d R%02d");
		else
			s.col++;
		sheet_text(&s, t->holiday);
		add_entries(&s, &e);
		sheet_number(&s, d->has_hours, t->open_s / 3600, b->real);
		sheet_number(&s, true, t->observed_s / 3600, b->real);
		sheet_number(&s, true, (double)(t->to_us - t->from_us) / 3.6e9, b->real);
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

void sheet_when(struct sheet *s, int64_t t_us)
{
	char text[CLOCK_TEXT];

	sheet_time(s, t_us, false, s->book->time);
	sheet_time(s, t_us, true, s->book->time);
	sheet_text(s, clock_text_local(t_us, text) + 19);
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
	for (int i = 0; i < d->n_bucket; i++, sheet_next(&s)) {
		struct entries e = entries_of(d, i, i + 1);
		double observed_s = 0;
		char hour[CLOCK_TEXT];

		for (int c = 0; c < d->n_camera; c++)
			if (d->camera[c].observed_s[i] > observed_s)
				observed_s = d->camera[c].observed_s[i];
		sheet_when(&s, d->bucket[i].from_us);
		sheet_text(&s, hour_text(d->bucket[i].from_us, hour));
		add_entries(&s, &e);
		sheet_number(&s, true, d->has_inside ? d->inside[i].observed_s : observed_s,
			     b->whole);
		sheet_number(&s, true, d->bucket[i].revision, b->whole);
	}
	if (s.row > 1)
		add_chart(b, &s, s.row - 1);
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
	xlsx_store(&b);
	xlsx_places(&b);
	xlsx_ways(&b);
	xlsx_audits(&b);
	xlsx_definitions(&b);
	rc = workbook_close(b.wb);
	if (rc != LXW_NO_ERROR)
		return err_set(err, ERR_IO, "cannot write '%s': %s", path, lxw_strerror(rc));
	return 0;
}
