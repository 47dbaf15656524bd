/* SPDX-License-Identifier: Apache-2.0 */
/* html_hours.c -- the page's charts over the day: traffic, people inside, zones. */
#include "base/clock.h"
#include "base/vec.h"
#include "report/page.h"
#include "report/words.h"

#include <math.h>
#include <stdlib.h>

static void add_key(struct page *p, const char *class, const char *text)
{
	str_addf(p->out,
		 "<li><svg width=\"14\" height=\"12\" aria-hidden=\"true\"><rect class=\"%s\" "
		 "width=\"14\" height=\"12\" rx=\"2\"/></svg>",
		 class);
	words_html(p->out, text);
	str_add(p->out, "</li>");
}

static void add_keys(struct page *p, const struct page_series *s)
{
	bool gap = false, partly = false;

	for (int i = 0; i < p->n; i++) {
		gap |= s->observed_s[i] <= 0;
		partly |= !p->days &&
			  chart_partly(s->observed_s[i],
				       (double)(p->from_us[i + 1] - p->from_us[i]) / 1e6);
	}
	if (!s->b && !s->mark && !gap && !partly)
		return;
	str_add(p->out, "<ul class=\"key\">");
	if (s->b || s->mark)
		add_key(p, "a", s->a_name);
	if (s->b)
		add_key(p, "b", s->b_name);
	if (s->mark)
		str_addf(p->out,
			 "<li><svg width=\"14\" height=\"12\" aria-hidden=\"true\"><line "
			 "class=\"mark\" x2=\"14\" y1=\"6\" y2=\"6\"/></svg>%s</li>",
			 s->mark_name);
	if (gap)
		add_key(p, "hatch", "not observed");
	if (partly)
		add_key(p, "partly", "observed in part");
	str_add(p->out, "</ul>\n");
}

void page_columns(struct page *p, const struct page_series *s)
{
	char id[16];

	snprintf(id, sizeof(id), "c%d", ++p->id);
	chart_columns(p->out, &(struct columns){
				      .id = id,
				      .title = s->title,
				      .desc = s->desc,
				      .height = s->height,
				      .n = p->n,
				      .from_us = p->from_us,
				      .observed_s = s->observed_s,
				      .a = s->a,
				      .b = s->b,
				      .mark = s->mark,
				      .a_name = s->a_name,
				      .b_name = s->b_name,
				      .mark_name = s->mark_name,
				      .decimals = s->decimals,
				      .days = p->days,
			      });
	add_keys(p, s);
}

/* In, out and observed time of each hour shown, and what is usual. */
struct traffic {
	double *in, *out, *observed_s, *usual;
	bool has_usual;
};

static struct traffic traffic_new(const struct page *p)
{
	size_t n = (size_t)p->n;

	return (struct traffic){ xcalloc(n, sizeof(double)), xcalloc(n, sizeof(double)),
				 xcalloc(n, sizeof(double)), xcalloc(n, sizeof(double)),
				 false };
}

static void traffic_clear(struct traffic *t)
{
	free(t->in);
	free(t->out);
	free(t->observed_s);
	free(t->usual);
}

static void traffic_add(const struct page *p, struct traffic *t, const struct day_place *line)
{
	for (int i = 0; i < p->n; i++) {
		t->in[i] += day_passages(&line->line[p->first + i], true);
		t->out[i] += day_passages(&line->line[p->first + i], false);
	}
}

void page_bucket(struct page *p, int i)
{
	if (p->days) {
		words_day(p->out, p->from_us[i]);
		return;
	}
	words_time(p->out, p->from_us[i]);
	str_add(p->out, "\xe2\x80\x93");
	words_time(p->out, p->from_us[i + 1]);
}

static void add_hour_rows(struct page *p, const struct traffic *t)
{
	for (int i = 0; i < p->n; i++) {
		str_add(p->out, "<tr><th scope=\"row\">");
		page_bucket(p, i);
		str_add(p->out, "</th>");
		page_cell_count(p, t->observed_s[i], (int)t->in[i]);
		page_cell_count(p, t->observed_s[i], (int)t->out[i]);
		page_cell_duration(p, true, t->observed_s[i]);
		str_add(p->out, "</tr>\n");
	}
}

/* info NULL: all entry lines. */
static void add_traffic(struct page *p, const struct traffic *t, const struct place_info *info)
{
	const char *in = info ? info->in_label : "in", *out = info ? info->out_label : "out";

	str_add(p->out, "<figure class=\"card\">");
	if (info) {
		str_add(p->out, "<h3>");
		words_html(p->out, info->name);
		str_add(p->out, "</h3>");
	}
	page_columns(p, &(struct page_series){
				.title = info ? info->name : "People in and out",
				.desc = "Columns; the table below has the numbers.",
				.height = 230,
				.observed_s = t->observed_s,
				.a = t->in,
				.b = t->out,
				.a_name = in,
				.b_name = out,
				.mark = t->has_usual ? t->usual : NULL,
				.mark_name = "in, usually on this weekday",
			});
	str_add(p->out, "<details><summary>The numbers of each column</summary><div "
			"class=\"scroll\"><table><thead><tr><th scope=\"col\">When</th><th "
			"scope=\"col\">");
	words_html(p->out, in);
	str_add(p->out, "</th><th scope=\"col\">");
	words_html(p->out, out);
	str_add(p->out, "</th><th scope=\"col\">observed</th></tr></thead><tbody>\n");
	add_hour_rows(p, t);
	str_add(p->out, "</tbody></table></div></details></figure>\n");
}

static void add_entries(struct page *p)
{
	struct traffic t = traffic_new(p);

	for (int i = 0; i < p->d->n_place; i++)
		if (p->d->place[i].line && p->d->place[i].place.info.role == LINE_ENTRY)
			traffic_add(p, &t, &p->d->place[i]);
	for (int i = 0; i < p->n; i++)
		t.observed_s[i] = p->d->inside[p->first + i].observed_s;
	t.has_usual = !p->days && page_usual_hours(p, t.usual);
	add_traffic(p, &t, NULL);
	traffic_clear(&t);
}

static void add_line(struct page *p, const struct day_place *line)
{
	struct traffic t = traffic_new(p);

	traffic_add(p, &t, line);
	for (int i = 0; i < p->n; i++)
		t.observed_s[i] = line->line[p->first + i].observed_s;
	add_traffic(p, &t, &line->place.info);
	traffic_clear(&t);
}

static void add_cropped(struct page *p)
{
	const struct day *d = p->d;

	if (p->n == d->n_bucket || p->days)
		return;
	str_add(p->out, " Shown: ");
	words_time(p->out, p->from_us[0]);
	str_add(p->out, " to ");
	words_time(p->out, p->from_us[p->n]);
	str_add(p->out, "; the rest of the day was not observed.");
}

void page_traffic(struct page *p)
{
	if (p->n_lines == 0)
		return;
	str_add(p->out, "<section aria-labelledby=\"traffic\"><h2 id=\"traffic\">When they came"
			"</h2>\n<p class=\"lead\">");
	if (p->n_entries)
		str_add(p->out, "Who walked in and out through all entry lines, per ");
	else
		str_add(p->out, "Who walked over each line, per ");
	str_add(p->out, p->days ? "business day." : "hour, local time.");
	if (!p->n_entries)
		str_add(p->out,
			" There is no total for the "
			"store: no line is marked as an entry, or the entries were never "
			"all observed at once.");
	add_cropped(p);
	str_add(p->out, p->n_entries ? "</p>\n<div>" : "</p>\n<div class=\"grid\">");
	if (p->n_entries)
		add_entries(p);
	for (int i = 0; i < p->d->n_place && !p->n_entries; i++)
		if (p->d->place[i].line)
			add_line(p, &p->d->place[i]);
	str_add(p->out, "</div></section>\n");
}

/* Minutes [from, to) of the day are drawn, in a picture as wide as there are minutes. */
struct curve {
	struct page *p;
	struct chart c;
	int from, to;
};

static double percent(const struct curve *k, int minute)
{
	return 100.0 * (minute - k->from) / (k->to - k->from);
}

static int run_end(const struct curve *k, int m)
{
	const int *v = k->p->d->minute_inside;
	int end = m + 1;

	while (end < k->to && (v[end] < 0) == (v[m] < 0))
		end++;
	return end;
}

/* One stretch of observed minutes as steps; close: down to the base line, for the area. */
static void add_steps(struct curve *k, int from, int to, bool close)
{
	const int *v = k->p->d->minute_inside;
	struct str *out = k->p->out;

	str_addf(out, "M%d %.2f", from - k->from,
		 close ? (double)k->c.bottom : chart_y(&k->c, v[from]));
	for (int m = from; m < to; m++)
		if (m == from || v[m] != v[m - 1])
			str_addf(out, "H%dV%.2f", m - k->from, chart_y(&k->c, v[m]));
	str_addf(out, "H%d", to - k->from);
	if (close)
		str_addf(out, "V%dZ", k->c.bottom);
}

static void add_curve(struct curve *k)
{
	const int *v = k->p->d->minute_inside;

	for (int m = k->from, end; m < k->to; m = end) {
		end = run_end(k, m);
		if (v[m] < 0)
			chart_gap(&k->c, percent(k, m), percent(k, end) - percent(k, m));
	}
	str_addf(k->p->out,
		 "<svg width=\"100%%\" height=\"%d\" viewBox=\"0 0 %d %d\" "
		 "preserveAspectRatio=\"none\">",
		 k->c.height, k->to - k->from, k->c.height);
	for (int closed = 1; closed >= 0; closed--) {
		str_addf(k->p->out, "<path class=\"%s\" d=\"", closed ? "area" : "curve");
		for (int m = k->from, end; m < k->to; m = end) {
			end = run_end(k, m);
			if (v[m] >= 0)
				add_steps(k, m, end, closed);
		}
		str_add(k->p->out, "\"/>");
	}
	str_add(k->p->out, "</svg>\n");
}

static void add_peak(struct curve *k)
{
	const struct day *d = k->p->d;
	int minute = (int)((d->peak_us - d->from_us) / CLOCK_MINUTE_US);
	double x = percent(k, minute), y = chart_y(&k->c, d->inside_total.max);

	str_addf(k->p->out,
		 "<circle class=\"dot\" cx=\"%.3f%%\" cy=\"%.1f\" r=\"5\"/><text "
		 "class=\"value\" x=\"%.3f%%\" y=\"%.1f\" text-anchor=\"%s\">%d at ",
		 x, y, x, y - 9,
		 x < 12   ? "start"
		 : x > 88 ? "end"
			  : "middle",
		 d->inside_total.max);
	words_time(k->p->out, d->peak_us);
	str_add(k->p->out, "</text>\n");
}

static void add_closure(struct page *p)
{
	const struct day_inside *t = &p->d->inside_total;
	int apart = abs(t->crossings_in - t->crossings_out);

	str_add(p->out,
		"Crossings in minus out of all entry lines since the day began. Over the "
		"day ");
	words_count(p->out, t->crossings_in);
	str_add(p->out, " went in and ");
	words_count(p->out, t->crossings_out);
	str_addf(p->out,
		 " out: %d apart. That is how far this curve may be off by the evening.",
		 apart);
	if (p->d->corrections)
		str_addf(
			p->out,
			" More people left than had been seen to enter; %d %s been added to keep "
			"it from going below zero.",
			p->d->corrections, p->d->corrections == 1 ? "has" : "have");
}

void page_inside(struct page *p)
{
	const struct day *d = p->d;
	struct curve k = { .p = p };
	char id[16];

	if (!p->n_entries || d->inside_total.max == 0 || p->days)
		return;
	k.from = (int)((p->from_us[0] - d->from_us) / CLOCK_MINUTE_US);
	k.to = (int)((p->from_us[p->n] - d->from_us) / CLOCK_MINUTE_US);
	str_add(p->out, "<section aria-labelledby=\"inside\"><h2 id=\"inside\">People "
			"inside</h2>\n<p class=\"lead\">");
	add_closure(p);
	str_add(p->out, "</p>\n<figure class=\"card\">");
	snprintf(id, sizeof(id), "c%d", ++p->id);
	chart_begin(&k.c, p->out, id, 210, d->inside_total.max, true, "People inside",
		    "A curve over the day, in minutes; the highest point is marked.");
	add_curve(&k);
	for (int i = 0; i <= p->n; i += p->n > 14 ? 2 : 1) {
		struct civil at;
		char text[8];

		clock_local(p->from_us[i], &at);
		snprintf(text, sizeof(text), "%02d", at.hour % 100);
		chart_below(&k.c,
			    percent(&k, (int)((p->from_us[i] - d->from_us) / CLOCK_MINUTE_US)),
			    "middle",
			    p->n > 8 && i / (p->n > 14 ? 2 : 1) % 2 ? "axis wide" : "axis",
			    text);
	}
	add_peak(&k);
	chart_end(&k.c);
	str_add(p->out, "</figure></section>\n");
}

static void add_zone_hours(struct page *p, const struct day_place *z)
{
	size_t n = (size_t)p->n;
	double *mean = xcalloc(n, sizeof(*mean)), *max = xcalloc(n, sizeof(*max));
	double *observed_s = xcalloc(n, sizeof(*observed_s));

	for (int i = 0; i < p->n; i++) {
		const struct day_zone *h = &z->zone[p->first + i];

		observed_s[i] = h->observed_s;
		mean[i] = h->observed_s > 0 ? h->mean : 0;
		max[i] = h->observed_s > 0 ? h->max : 0;
	}
	str_addf(p->out, "<p class=\"small\">People in the zone, per %s</p>",
		 p->days ? "day" : "hour");
	page_columns(p,
		     &(struct page_series){
			     .title = "People in the zone",
			     .desc = "Columns: mean of the observed time; marks: most at once.",
			     .height = 150,
			     .observed_s = observed_s,
			     .a = mean,
			     .mark = max,
			     .a_name = "mean",
			     .mark_name = "at most",
			     .decimals = 2,
		     });
	free(mean);
	free(max);
	free(observed_s);
}

static const double dwell_edges[] = { 5, 10, 30, 60, 120, 300, 600, 1800 };
static const char *const dwell_names[] = { "5 s",   "10 s",  "30 s",   "1 min",
					   "2 min", "5 min", "10 min", "30 min" };
#define EDGES ((int)(sizeof(dwell_edges) / sizeof(dwell_edges[0])))

static void add_dwell(struct page *p, const struct day_place *z)
{
	int count[EDGES + 1] = { 0 }, most = 0, n = z->zone_total.n_dwell;
	struct chart c;
	char id[16];

	if (n == 0)
		return;
	for (int i = 0, k; i < n; i++) {
		for (k = 0; k < EDGES && (double)z->dwell_s[i] >= dwell_edges[k]; k++)
			;
		most = ++count[k] > most ? count[k] : most;
	}
	snprintf(id, sizeof(id), "c%d", ++p->id);
	str_add(p->out, "<p class=\"small\">Visits by how long they were</p>");
	chart_begin(&c, p->out, id, 130, most, true, "Visits by their length",
		    "Columns: number of visits in classes of length.");
	for (int k = 0; k <= EDGES; k++) {
		double w = 100.0 / (EDGES + 1);

		str_addf(p->out,
			 "<g><title>%s %s: %d of %d visits</title><rect class=\"touch\" "
			 "x=\"%.3f%%\" width=\"%.3f%%\" y=\"%d\" height=\"%d\"/>",
			 k == EDGES ? "from" : "under", dwell_names[k == EDGES ? k - 1 : k],
			 count[k], n, k * w, w, c.top, c.bottom - c.top);
		chart_bar(&c, (k + 0.06) * w, 0.88 * w, count[k], "b");
		str_add(p->out, "</g>\n");
		if (k < EDGES && k % 2 == 0)
			chart_below(&c, (k + 1) * w, "middle", "axis", dwell_names[k]);
	}
	chart_end(&c);
}

static void add_fact(struct page *p, const char *name, struct str *value)
{
	str_addf(p->out, "<div><dt>%s</dt><dd>%s</dd></div>", name, value->s);
	str_clear(value);
}

static void add_zone_facts(struct page *p, const struct day_zone *t, double engaged_s)
{
	struct str v = STR_INIT, name = STR_INIT;

	str_add(p->out, "<dl class=\"facts\">");
	words_count(&v, t->begun);
	add_fact(p, "visits", &v);
	if (t->n_dwell) {
		words_duration(&v, t->dwell_p50_s);
		add_fact(p, "median visit", &v);
		words_duration(&v, t->dwell_p90_s);
		add_fact(p, "90th percentile", &v);
		page_percent(&v, t->engaged, t->n_dwell);
		str_add(&name, "at least ");
		words_duration(&name, engaged_s);
		if (engaged_s > 0)
			add_fact(p, name.s, &v);
	}
	str_addf(&v, "%.2f", t->mean);
	add_fact(p, "people, mean", &v);
	str_add(p->out, "</dl>");
	str_clear(&name);
	str_clear(&v);
}

void page_zones(struct page *p)
{
	if (p->n_zones == 0)
		return;
	str_add(p->out,
		"<section aria-labelledby=\"zones\"><h2 id=\"zones\">Where they stayed</h2>\n<p "
		"class=\"lead\">Who was where, and for how long.</p><div "
		"class=\"grid\">\n");
	for (int i = 0; i < p->d->n_place; i++) {
		const struct day_place *z = &p->d->place[i];

		if (!z->zone)
			continue;
		str_add(p->out, "<figure class=\"card\"><h3>");
		words_html(p->out, z->place.info.name);
		str_add(p->out, "</h3><p class=\"soft\" style=\"margin:0\">observed ");
		page_observed(p, z->zone_total.observed_s);
		str_add(p->out, "</p>");
		if (z->zone_total.observed_s > 0) {
			add_zone_facts(p, &z->zone_total, z->place.info.engaged_s);
			add_zone_hours(p, z);
			add_dwell(p, z);
		}
		str_add(p->out, "</figure>\n");
	}
	str_add(p->out, "</div></section>\n");
}
