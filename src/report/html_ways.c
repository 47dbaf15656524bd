/* SPDX-License-Identifier: Apache-2.0 */
/* html_ways.c -- the page's tables of people's ways. */
#include "report/page.h"
#include "report/words.h"
#include "store/measure.h"

static const char *title(enum measure m)
{
	return m == MEASURE_TURNS        ? "Where they turned when they came in"
	       : m == MEASURE_FIRST_FROM ? "First zone, by entry"
	       : m == MEASURE_NEXT       ? "From zone to zone: where next"
					 : "First zone and last zone";
}

static int64_t largest(const struct journeys_table *t)
{
	int64_t most = 1;

	for (int r = 0; r < t->rows; r++)
		for (int c = 0; c < t->cols; c++)
			most = journeys_at(t, r, c) > most ? journeys_at(t, r, c) : most;
	return most;
}

static void add_cell(struct page *p, const struct journeys_table *t, int r, int c, int64_t most)
{
	if (t->observed_s <= 0)
		str_add(p->out, "<td class=\"unknown\">\xe2\x80\x93</td>");
	else if (journeys_hidden(t, r, c))
		str_add(p->out, "<td class=\"unknown\" title=\"withheld\">*</td>");
	else if (r == t->rows || c == t->cols)
		str_add(p->out, "<td class=\"all\">");
	else
		str_addf(p->out, "<td style=\"--v:%.2f\">",
			 (double)journeys_at(t, r, c) / (double)most);
	if (t->observed_s > 0 && !journeys_hidden(t, r, c)) {
		words_count(p->out, journeys_at(t, r, c));
		str_add(p->out, "</td>");
	}
}

static void add_name(struct page *p, const char *tag, const char *name)
{
	str_addf(p->out, "<th scope=\"%s\">", tag);
	words_html(p->out, name ? name : "all");
	str_add(p->out, "</th>");
}

static void add_note(struct page *p, const struct journeys_table *t)
{
	struct str note = STR_INIT;

	words_html(&note, measure_info(t->measure)->definition);
	str_add(&note, " Rows: ");
	str_add(&note, t->measure == MEASURE_TURNS        ? "the entry line"
		       : t->measure == MEASURE_NEXT       ? "from this zone"
		       : t->measure == MEASURE_FIRST_FROM ? "the zone"
							  : "the first zone");
	str_add(&note, "; columns: ");
	str_add(&note, t->measure == MEASURE_TURNS        ? "the turn"
		       : t->measure == MEASURE_NEXT       ? "to that one"
		       : t->measure == MEASURE_FIRST_FROM ? "the entry line"
							  : "the last one");
	str_add(&note, ". Observed ");
	words_duration(&note, t->observed_s);
	str_add(&note, t->n_hidden ? ". * " : ".");
	journeys_note(&note, t, p->d->journeys.k);
	str_addf(p->out, "<p class=\"soft\">%s</p>", note.s);
	str_clear(&note);
}

static void add_table(struct page *p, const struct journeys_table *t)
{
	int64_t most = largest(t);

	str_addf(p->out,
		 "<div class=\"card scroll\" tabindex=\"0\" role=\"group\" aria-label=\"%s\">"
		 "<table class=\"matrix\"><caption>%s",
		 title(t->measure), title(t->measure));
	if (p->d->n_camera > 1) {
		str_add(p->out, ", ");
		words_html(p->out, p->d->camera[t->camera].camera.name);
	}
	str_add(p->out, "</caption><thead><tr><th></th>");
	for (int c = 0; c <= t->cols; c++)
		add_name(p, "col", journeys_col_name(t, p->d, c));
	str_add(p->out, "</tr></thead><tbody>\n");
	for (int r = 0; r <= t->rows; r++) {
		str_add(p->out, "<tr>");
		add_name(p, "row", journeys_row_name(t, p->d, r));
		for (int c = 0; c <= t->cols; c++)
			add_cell(p, t, r, c, most);
		str_add(p->out, "</tr>\n");
	}
	str_add(p->out, "</tbody></table>");
	add_note(p, t);
	str_add(p->out, "</div>\n");
}

void page_ways(struct page *p)
{
	const struct journeys *w = &p->d->journeys;

	if (!w->n)
		return;
	str_addf(
		p->out,
		"<section aria-labelledby=\"ways\"><h2 id=\"ways\">Where they went</h2>\n<p "
		"class=\"lead\">Ways are shown from %d people on: a smaller number could point to "
		"somebody. Smaller ones are withheld (*), and with them as many others as it takes "
		"that nobody can work them out from the totals.</p>\n<div class=\"grid one\">",
		w->k);
	for (int i = 0; i < w->n; i++)
		add_table(p, &w->v[i]);
	str_add(p->out, "</div></section>\n");
}
