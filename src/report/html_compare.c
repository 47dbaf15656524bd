/* SPDX-License-Identifier: Apache-2.0 */
/* html_compare.c -- the page's comparisons: last week, the same days before, the days of a
 * month. */
#include "base/clock.h"
#include "base/vec.h"
#include "report/page.h"
#include "report/words.h"

#include <math.h>
#include <stdlib.h>

#define WEEKS 4 /* before, that make what is usual */

static const char *const weekdays[] = { "Monday", "Tuesday",  "Wednesday", "Thursday",
					"Friday", "Saturday", "Sunday" };

/* "+4 %" of a change from before to now. */
static void add_change(struct str *out, double now, double before)
{
	double percent = before > 0 ? 100 * (now - before) / before : 0;

	if (before <= 0)
		str_add(out, "\xe2\x80\x93");
	else if (fabs(percent) < 0.5)
		str_add(out, "\xc2\xb1\xc2\xa0"
			     "0\xc2\xa0%");
	else
		str_addf(out, "%s\xc2\xa0%.0f\xc2\xa0%%", percent > 0 ? "+" : "\xe2\x88\x92",
			 fabs(percent));
}

/* The report's own days and those n weeks before; false when they cannot be compared. */
static bool weeks_before(const struct page *p, int weeks, struct history_day *now,
			 struct history_day *then)
{
	const struct history *h = &p->history;

	return h->n && history_sum(h, h->first, h->n - h->first, now) &&
	       history_sum(h, h->first - 7 * weeks, h->n - h->first, then) &&
	       history_comparable(now, then);
}

/* Weeks to go back for days that do not overlap with the report's. */
static int whole_weeks(const struct page *p)
{
	return (p->d->n_date + 6) / 7;
}

/* The mean of the same weekdays before that can be compared and are no holidays. */
static int usual(const struct page *p, double *mean)
{
	struct history_day now, then;
	int n = 0;

	*mean = 0;
	for (int w = 1; w <= WEEKS; w++)
		if (weeks_before(p, w, &now, &then) && !then.holiday) {
			*mean += then.in;
			n++;
		}
	if (n)
		*mean /= n;
	return n;
}

void page_compare_words(struct page *p, struct str *out)
{
	struct history_day now, then;
	double mean;
	int n, weeks = whole_weeks(p);

	if (weeks_before(p, weeks, &now, &then)) {
		add_change(out, now.in, then.in);
		if (p->days)
			str_addf(out, " on the same days %d week%s before (", weeks,
				 weeks == 1 ? "" : "s");
		else
			str_add(out, " on last week (");
		words_count(out, then.in);
		str_add(out, ")");
	} else {
		str_add(out, p->days ? "no days before to compare with"
				     : "last week cannot be compared");
	}
	if (p->days || (n = usual(p, &mean)) < 2)
		return;
	str_add(out, "; ");
	add_change(out, now.in, mean);
	str_addf(out, " on %d %ss before", n, weekdays[calendar_weekday(p->d->dates[0].day)]);
}

bool page_usual_hours(const struct page *p, double *mark)
{
	const struct history *h = &p->history;
	bool any = false;

	for (int i = 0; i < p->n; i++) {
		double in = 0, s = 0;
		struct civil c;

		clock_local(p->from_us[i], &c);
		for (int w = 1; w <= WEEKS && h->n; w++) {
			const struct history_day *t = &h->v[h->first - 7 * w];

			if (t->holiday || t->hour_s[c.hour] < 1800)
				continue;
			in += t->hour_in[c.hour];
			s += t->hour_s[c.hour];
		}
		mark[i] = s > 0 ? in / s * 3600 : 0;
		any |= s > 0;
	}
	return any;
}

static void add_row(struct page *p, const struct history_day *t, const struct history_day *now,
		    const char *what)
{
	struct str change = STR_INIT;

	str_addf(p->out, "<tr><th scope=\"row\">%s<small>", what);
	words_day(p->out, t->from_us + 12 * 60 * CLOCK_MINUTE_US);
	str_addf(p->out, "%s</small></th>", t->holiday ? ", holiday" : "");
	page_cell_count(p, t->observed_s, t->in);
	if (t == now)
		str_add(p->out, "<td></td>");
	else if (history_comparable(t, now))
		add_change(&change, now->in, t->in);
	else
		str_add(&change, t->observed_s > 0 ? "not as long observed" : "not observed");
	if (t != now)
		str_addf(p->out, "<td>%s</td>", change.s);
	page_cell_duration(p, true, t->observed_s);
	str_add(p->out, "</tr>\n");
	str_clear(&change);
}

/* The day and the same weekdays before. */
static void add_weeks(struct page *p)
{
	static const char *const columns[] = { "Day", "walked in", "the day against it",
					       "entries observed" };
	static const char *const names[] = { "This day", "A week before", "Two weeks before",
					     "Three weeks before", "Four weeks before" };
	const struct history *h = &p->history;
	const struct history_day *now = &h->v[h->first];

	page_table_head(p, "The same weekday before", columns, 4);
	for (int w = 0; w <= WEEKS; w++)
		add_row(p, &h->v[h->first - 7 * w], now, names[w]);
	str_add(p->out, "</tbody></table></div>\n");
}

/* Columns of the days up to the report's last. */
static void add_days(struct page *p, int from, int n)
{
	const struct history *h = &p->history;
	double *in = xcalloc((size_t)n, sizeof(*in)), *s = xcalloc((size_t)n, sizeof(*s));
	int64_t *t_us = xcalloc((size_t)n + 1, sizeof(*t_us));
	char id[16];

	for (int i = 0; i < n; i++) {
		in[i] = h->v[from + i].in;
		s[i] = h->v[from + i].observed_s;
		t_us[i] = h->v[from + i].from_us;
	}
	t_us[n] = h->v[from + n - 1].to_us;
	snprintf(id, sizeof(id), "c%d", ++p->id);
	str_add(p->out, "<figure class=\"card\"><p class=\"small\">Walked in, per day</p>");
	chart_columns(p->out, &(struct columns){ .id = id,
						 .title = "Walked in per day",
						 .desc = "Columns per business day.",
						 .height = 200,
						 .n = n,
						 .from_us = t_us,
						 .observed_s = s,
						 .a = in,
						 .a_name = "walked in",
						 .days = true });
	str_add(p->out, "</figure>\n");
	free(in);
	free(s);
	free(t_us);
}

static double hour_rate(const struct history *h, int weekday, int hour)
{
	double in = 0, s = 0;

	for (int i = h->first; i < h->n; i++)
		if (calendar_weekday(h->v[i].day) == weekday) {
			in += h->v[i].hour_in[hour];
			s += h->v[i].hour_s[hour];
		}
	return s >= 1800 ? in / s * 3600 : -1;
}

/* Weekdays by hours: how many walk in in an hour of the one, on average. */
static void add_matrix(struct page *p)
{
	const struct history *h = &p->history;
	double most = 0;
	int first = 24, last = -1;

	for (int d = 0; d < 7; d++)
		for (int k = 0; k < 24; k++)
			if (hour_rate(h, d, k) >= 0) {
				most = fmax(most, hour_rate(h, d, k));
				first = k < first ? k : first;
				last = k > last ? k : last;
			}
	if (last < first)
		return;
	str_add(p->out,
		"<div class=\"card scroll\" tabindex=\"0\" role=\"group\" aria-label=\"Walked in per "
		"hour, by weekday\"><table class=\"matrix\"><caption>Walked in per hour, mean of "
		"the observed time</caption><thead><tr><th scope=\"col\"></th>");
	for (int k = first; k <= last; k++)
		str_addf(p->out, "<th scope=\"col\">%02d</th>", k);
	str_add(p->out, "</tr></thead><tbody>\n");
	for (int d = 0; d < 7; d++) {
		str_addf(p->out, "<tr><th scope=\"row\">%.3s</th>", weekdays[d]);
		for (int k = first; k <= last; k++) {
			double v = hour_rate(h, d, k);

			if (v < 0)
				str_add(p->out, "<td class=\"unknown\">\xe2\x80\x93</td>");
			else
				str_addf(p->out, "<td style=\"--v:%.2f\">%.0f</td>",
					 most > 0 ? v / most : 0, v);
		}
		str_add(p->out, "</tr>\n");
	}
	str_add(p->out, "</tbody></table></div>\n");
}

void page_compare(struct page *p)
{
	const struct history *h = &p->history;

	if (!h->n)
		return;
	str_add(p->out,
		"<section aria-labelledby=\"compare\"><h2 id=\"compare\">Compared</h2>\n<p "
		"class=\"lead\">Who walked in through all entry lines, without U-turns. Days are "
		"only compared where the entries were observed for as long, within 5 %.</p>\n<div "
		"class=\"grid\" style=\"grid-template-columns:minmax(0,1fr)\">");
	if (p->days) {
		add_matrix(p);
	} else {
		add_weeks(p);
		add_days(p, h->first - 28, 29);
	}
	str_add(p->out, "</div></section>\n");
}
