/* SPDX-License-Identifier: Apache-2.0 */
/* html_table.c -- the page's tables: lines, zones, cameras and when they saw. */
#include "base/clock.h"
#include "report/page.h"
#include "report/words.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define UNKNOWN \
	"<td><span aria-hidden=\"true\">\xe2\x80\x93</span><span class=\"unseen\">%s</span></td>"

void page_cell_count(struct page *p, double observed_s, int n)
{
	if (observed_s <= 0) {
		str_addf(p->out, UNKNOWN, "not observed");
		return;
	}
	str_add(p->out, "<td>");
	words_count(p->out, n);
	str_add(p->out, "</td>");
}

void page_cell_duration(struct page *p, bool known, double s)
{
	if (!known) {
		str_addf(p->out, UNKNOWN, "not known");
		return;
	}
	str_add(p->out, "<td>");
	words_duration(p->out, s);
	str_add(p->out, "</td>");
}

bool page_metric(const struct day_place *place, const char *name, const struct tally_row *row,
		 double *v)
{
	int n;
	const struct metric *m = metric_table(metric_of_place(&place->place.info), &n);

	for (int i = 0; i < n; i++)
		if (strcmp(m[i].name, name) == 0)
			return metric_value(&m[i], row, v);
	return false;
}

void page_cell_metric(struct page *p, const struct metric *m, const struct tally_row *row)
{
	double v;

	if (!metric_value(m, row, &v)) {
		str_addf(p->out, UNKNOWN, row->observed_s > 0 ? "none" : "not observed");
		return;
	}
	str_add(p->out, "<td>");
	if (strcmp(m->unit, "seconds") == 0)
		words_duration(p->out, v);
	else if (strcmp(m->unit, "share") == 0)
		page_percent(p->out, v, 1);
	else if (m->decimals)
		str_addf(p->out, "%.2f", v);
	else
		words_count(p->out, (int64_t)v);
	str_add(p->out, "</td>");
}

void page_percent(struct str *out, double part, double whole)
{
	struct str plain = STR_INIT;

	words_percent(&plain, part, whole);
	words_html(out, plain.s);
	str_clear(&plain);
}

void page_observed(struct page *p, double observed_s)
{
	words_duration(p->out, observed_s);
	if (observed_s <= 0)
		return;
	str_add(p->out, " <small>(");
	page_percent(p->out, observed_s, (double)(p->d->last_us - p->d->first_us) / 1e6);
	str_add(p->out, ")</small>");
}

void page_table_head(struct page *p, const char *caption, const char *const *columns, int n)
{
	str_addf(p->out,
		 "<div class=\"card scroll\" tabindex=\"0\" role=\"group\" "
		 "aria-label=\"%s\"><table><caption>%s</caption><thead><tr>",
		 caption, caption);
	for (int i = 0; i < n; i++)
		str_addf(p->out, "<th scope=\"col\">%s</th>", columns[i]);
	str_add(p->out, "</tr></thead><tbody>\n");
}

void page_row_head(struct page *p, const char *name, const char *below)
{
	str_add(p->out, "<tr><th scope=\"row\">");
	words_html(p->out, name);
	str_add(p->out, "<small>");
	words_html(p->out, below);
	str_add(p->out, "</small></th>");
}

void page_cell_observed(struct page *p, double s)
{
	str_add(p->out, "<td>");
	page_observed(p, s);
	str_add(p->out, "</td>");
}

static const char *role_words(enum line_role role)
{
	return role == LINE_ENTRY     ? "entry"
	       : role == LINE_OUTSIDE ? "outside: passers-by"
	       : role == LINE_STAFF   ? "to where staff is"
				      : "inside the store";
}

/* "in" and "out", or with what the plan calls them: "in (to the tills)". With the bounds of the
 * audit, when there was one. */
static void add_labelled(struct page *p, const struct day_place *l, bool in)
{
	double observed_s = l->line_total.observed_s, lo, hi;
	const char *label = in ? l->place.info.in_label : l->place.info.out_label;
	const char *plain = in ? "in" : "out";
	int n = day_passages(&l->line_total, in);

	if (observed_s <= 0) {
		str_addf(p->out, UNKNOWN, "not observed");
		return;
	}
	str_add(p->out, "<td>");
	words_count(p->out, n);
	if (*label && strcmp(label, plain) != 0) {
		str_add(p->out, " <small>");
		words_html(p->out, label);
		str_add(p->out, "</small>");
	}
	if (audit_interval(&p->d->audits, l->place.id, in, p->d->to_us - 1, n, &lo, &hi)) {
		str_add(p->out, "<br><small>");
		words_count(p->out, (int64_t)floor(lo));
		str_add(p->out, " to ");
		words_count(p->out, (int64_t)ceil(hi));
		str_add(p->out, "</small>");
	}
	str_add(p->out, "</td>");
}

static void add_lines(struct page *p)
{
	static const char *const columns[] = { "Line",         "walked in",     "walked out",
					       "crossings in", "crossings out", "U-turns",
					       "observed" };

	page_table_head(p, p->days ? "Lines, all days" : "Lines, the whole day", columns, 7);
	for (int i = 0; i < p->d->n_place; i++) {
		const struct day_place *l = &p->d->place[i];
		const struct place_info *info = &l->place.info;
		const struct day_line *t = &l->line_total;

		if (!l->line)
			continue;
		page_row_head(p, info->name, role_words((enum line_role)info->role));
		add_labelled(p, l, true);
		add_labelled(p, l, false);
		page_cell_count(p, t->observed_s, t->crossings_in);
		page_cell_count(p, t->observed_s, t->crossings_out);
		page_cell_count(p, t->observed_s, t->uturns);
		page_cell_observed(p, t->observed_s);
		str_add(p->out, "</tr>\n");
	}
	str_add(p->out, "</tbody></table></div>\n");
}

static void add_zone(struct page *p, const struct day_place *z)
{
	const struct day_zone *t = &z->zone_total;
	bool dwell = t->observed_s > 0 && t->n_dwell > 0;

	page_row_head(p, z->place.info.name, p->d->camera[z->camera].camera.name);
	page_cell_count(p, t->observed_s, t->begun);
	page_cell_duration(p, dwell, t->dwell_p50_s);
	page_cell_duration(p, dwell, t->dwell_p90_s);
	page_cell_duration(p, dwell, t->dwell_max_s);
	if (t->observed_s > 0)
		str_addf(p->out, "<td>%.2f</td>", t->mean);
	else
		str_addf(p->out, UNKNOWN, "not observed");
	page_cell_count(p, t->observed_s, t->p95);
	page_cell_count(p, t->observed_s, t->max);
	page_cell_observed(p, t->observed_s);
	str_add(p->out, "</tr>\n");
}

static void add_zones(struct page *p)
{
	static const char *const columns[] = {
		"Zone",    "visits",       "median visit",         "90th percentile",
		"longest", "people, mean", "95 % of time at most", "most at once",
		"observed"
	};

	page_table_head(p, p->days ? "Zones, all days" : "Zones, the whole day", columns, 9);
	for (int i = 0; i < p->d->n_place; i++)
		if (p->d->place[i].zone)
			add_zone(p, &p->d->place[i]);
	str_add(p->out, "</tbody></table></div>\n");
}

void page_tables(struct page *p)
{
	if (p->d->n_place == 0)
		return;
	str_add(p->out, "<section aria-labelledby=\"tables\"><h2 id=\"tables\">Lines and zones "
			"in numbers</h2>\n<p class=\"lead\">");
	str_add(p->out,
		"Beside every number: how long it was observed, and which part that is of "
		"the time from the first to the last observed minute of the day. Below who "
		"walked in or out, where the line was audited: the bounds of the true number, "
		"95 % of the time.</p>\n"
		"<div class=\"grid\" style=\"grid-template-columns:minmax(0,1fr)\">");
	if (p->n_lines)
		add_lines(p);
	if (p->n_zones)
		add_zones(p);
	str_add(p->out, "</div></section>\n");
}

/* When in the hours shown the camera saw: a bar, hatched where it did not. */
static void add_rail(struct page *p, const struct day_camera *c)
{
	const struct day *d = p->d;
	int from = (int)((p->from_us[0] - d->from_us) / CLOCK_MINUTE_US);
	int to = (int)((p->from_us[p->n] - d->from_us) / CLOCK_MINUTE_US);
	double scale = 100.0 / (to - from);

	str_addf(p->out,
		 "<svg class=\"rail\" role=\"img\" aria-labelledby=\"c%d-t c%d-d\"><title "
		 "id=\"c%d-t\">When the camera saw</title><desc id=\"c%d-d\">Hatched: not "
		 "observed.</desc><rect class=\"none\" width=\"100%%\" height=\"14\"/>",
		 p->id + 1, p->id + 1, p->id + 1, p->id + 1);
	p->id++;
	for (int m = from, end; m < to; m = end) {
		for (end = m; end < to && c->minute_s[end] > 0; end++)
			;
		if (end > m)
			str_addf(p->out,
				 "<rect class=\"a\" x=\"%.3f%%\" width=\"%.3f%%\" "
				 "height=\"14\"/>",
				 scale * (m - from), scale * (end - m));
		else
			end++;
	}
	str_add(p->out, "</svg>");
}

static void add_fact(struct page *p, const char *name, const struct str *value,
		     const char *what)
{
	str_addf(p->out, "<div><dt>%s</dt><dd>%s <small>%s</small></dd></div>", name, value->s,
		 what);
}

/* What the count of people inside says of itself. */
static void add_closure(struct page *p)
{
	const struct day_inside *t = &p->d->inside_total;
	int apart = abs(t->crossings_in - t->crossings_out);
	struct str v = STR_INIT;

	words_count(&v, apart);
	if (t->crossings_in > 0) {
		str_add(&v, " <small>(");
		page_percent(&v, apart, t->crossings_in);
		str_add(&v, ")</small>");
	}
	add_fact(p, "in and out are apart", &v, "crossings");
	str_clear(&v);
	words_count(&v, p->d->corrections);
	add_fact(p, "added to keep the number inside from falling below 0", &v, "people");
	str_clear(&v);
}

static void add_trust(struct page *p)
{
	struct str v = STR_INIT;
	int revised = 0;

	for (int b = 0; b < p->d->n_bucket; b++)
		revised += p->d->bucket[b].revision > 0;
	str_add(p->out, "<dl class=\"facts trust\">");
	if (p->n_entries)
		add_closure(p);
	words_count(&v, revised);
	add_fact(p, "counted anew or late", &v,
		 p->days ? (revised == 1 ? "day" : "days") : (revised == 1 ? "hour" : "hours"));
	str_clear(&v);
	str_add(p->out, "</dl>\n");
}

static void add_audit(struct page *p, const struct day_place *place, bool in)
{
	const struct day *d = p->d;
	const struct audit *a = audits_at(&d->audits, place->place.id, in, d->to_us - 1);
	const struct day_line *t = &place->line_total;
	double lo, hi;

	if (!a)
		return;
	str_add(p->out, "<tr><th scope=\"row\">");
	words_html(p->out, place->place.info.name);
	str_add(p->out, "</th><td>");
	words_html(p->out, in ? place->place.info.in_label : place->place.info.out_label);
	str_add(p->out, "</td><td>");
	if (t->observed_s > 0 && audit_interval(&d->audits, place->place.id, in, d->to_us - 1,
						day_passages(t, in), &lo, &hi)) {
		words_count(p->out, (int64_t)floor(lo));
		str_add(p->out, " to ");
		words_count(p->out, (int64_t)ceil(hi));
	} else {
		str_add(p->out, "-");
	}
	str_add(p->out, "</td><td class=\"words\">");
	audit_words(p->out, a);
	str_add(p->out, "</td><td class=\"words\">");
	words_day(p->out, a->to_us - 1);
	str_addf(p->out, ", %d samples</td></tr>\n", a->samples);
}

/* The newest audit in one sentence. */
static void add_last_audit(struct page *p)
{
	const struct day *d = p->d;
	const struct audit *last = NULL;
	const struct day_place *of = NULL;

	for (int i = 0; i < d->n_place; i++)
		for (int in = 0; in < 2 && d->place[i].line; in++) {
			const struct audit *a =
				audits_at(&d->audits, d->place[i].place.id, in, d->to_us - 1);

			if (a && (!last || a->to_us > last->to_us)) {
				last = a;
				of = &d->place[i];
			}
		}
	str_add(p->out, "<p class=\"lead\">");
	if (!last) {
		str_add(p->out, "No line has been audited yet: how far its counts are from the "
				"truth is not known. <code>footfall audit</code> finds out.");
	} else {
		str_add(p->out, "The last audit was of ");
		words_html(p->out, of->place.info.name);
		str_addf(p->out, ", %s, on ", last->in ? "in" : "out");
		words_day(p->out, last->to_us - 1);
		str_addf(p->out, ", with %d samples: ", last->samples);
		audit_words(p->out, last);
		str_add(p->out, ".");
	}
	str_add(p->out, "</p>\n");
}

/* How right the lines' counts are, where people counted, too. */
static void add_audits(struct page *p)
{
	static const char *const columns[] = { "Line", "direction", "true number, 95 %",
					       "audit", "last sample" };

	if (!p->d->audits.n)
		return;
	page_table_head(p, "Audits: counted by hand, too", columns, 5);
	for (int i = 0; i < p->d->n_place; i++)
		for (int in = 1; in >= 0 && p->d->place[i].line; in--)
			add_audit(p, &p->d->place[i], in);
	str_add(p->out, "</tbody></table></div>\n");
}

void page_coverage(struct page *p)
{
	static const char *const columns[] = { "Camera", "observed", "of the day",
					       "people in view, mean", "when" };
	double day_s = (double)(p->d->to_us - p->d->from_us) / 1e6;

	str_add(p->out,
		"<section aria-labelledby=\"coverage\"><h2 id=\"coverage\">Can I "
		"trust it</h2>\n<p class=\"lead\">No number on this page stands for "
		"time that was not observed. In and out of a day should be the same: what "
		"they are apart, somebody was missed or counted twice.</p>\n");
	add_trust(p);
	if (p->n_lines)
		add_last_audit(p);
	add_audits(p);
	page_table_head(p, p->days ? "Cameras, all days" : "Cameras, the whole day", columns,
			5);
	for (int i = 0; i < p->d->n_camera; i++) {
		const struct day_camera *c = &p->d->camera[i];

		str_add(p->out, "<tr><th scope=\"row\">");
		words_html(p->out, c->camera.name);
		str_add(p->out, "</th>");
		page_cell_observed(p, c->observed_total_s);
		str_add(p->out, "<td>");
		page_percent(p->out, c->observed_total_s, day_s);
		str_add(p->out, "</td>");
		if (c->observed_total_s > 0)
			str_addf(p->out, "<td>%.2f</td>", c->view_total.mean);
		else
			str_addf(p->out, UNKNOWN, "not observed");
		str_add(p->out, "<td style=\"width:45%;min-width:180px\">");
		add_rail(p, c);
		str_add(p->out, "</td></tr>\n");
	}
	str_add(p->out, "</tbody></table></div></section>\n");
}
