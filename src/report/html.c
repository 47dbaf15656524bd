/* SPDX-License-Identifier: Apache-2.0 */
/* html.c -- a day as one page, for a person with a minute in the morning. */
#include "base/clock.h"
#include "base/vec.h"
#include "report/page.h"
#include "report/words.h"

#include <stdlib.h>
#include <string.h>

#define HOURS_MIN 6 /* charts show at least so many, where the day has them */

static bool hour_observed(const struct day *d, int b)
{
	for (int i = 0; i < d->n_camera; i++)
		if (d->camera[i].observed_s[b] > 0)
			return true;
	return false;
}

/* Hours before the first and after the last observed one are not drawn. */
static void choose_hours(struct page *p)
{
	int first = 0, last = p->d->n_bucket - 1;

	while (first < last && !p->days && !hour_observed(p->d, first))
		first++;
	while (last > first && !p->days && !hour_observed(p->d, last))
		last--;
	while (last - first + 1 < HOURS_MIN && last - first + 1 < p->d->n_bucket) {
		if (last + 1 < p->d->n_bucket)
			last++;
		if (last - first + 1 < HOURS_MIN && first > 0)
			first--;
	}
	p->first = first;
	p->n = last - first + 1;
	p->from_us = xcalloc((size_t)p->n + 1, sizeof(*p->from_us));
	for (int i = 0; i < p->n; i++)
		p->from_us[i] = p->d->bucket[first + i].from_us;
	p->from_us[p->n] = p->d->bucket[last].to_us;
}

static void count_places(struct page *p)
{
	for (int i = 0; i < p->d->n_place; i++) {
		p->n_lines += p->d->place[i].line != NULL;
		p->n_zones += p->d->place[i].zone != NULL;
		p->n_entries +=
			p->d->place[i].line && p->d->place[i].place.info.role == LINE_ENTRY;
	}
}

/* A tile: what it is, the number (HTML), and what to know about it (HTML); both are emptied. */
static void add_tile(struct page *p, const char *name, struct str *big, struct str *sub)
{
	str_add(p->out, "<div class=\"tile\"><dt>");
	words_html(p->out, name);
	str_addf(p->out, "</dt><dd class=\"big\">%s</dd><dd class=\"sub\">%s</dd></div>\n",
		 big->s, sub->s);
	str_clear(big);
	str_clear(sub);
}

static void add_closed(struct page *p, struct str *sub)
{
	int closed = 0;

	for (int i = 0; i < p->d->n_place; i++)
		if (p->d->place[i].line && p->d->place[i].place.info.role == LINE_ENTRY)
			closed += p->d->place[i].line_total.passages_in_closed;
	if (!p->d->has_hours || closed <= 0)
		return;
	words_count(sub, closed);
	str_add(sub, " of them outside the opening hours; ");
}

static void add_entry_tiles(struct page *p)
{
	const struct day_inside *t = &p->d->inside_total;
	struct str big = STR_INIT, sub = STR_INIT;
	int in = 0;

	for (int i = 0; i < p->d->n_place; i++)
		if (p->d->place[i].line && p->d->place[i].place.info.role == LINE_ENTRY)
			in += day_passages(&p->d->place[i].line_total, true);
	words_count(&big, in);
	add_closed(p, &sub);
	page_compare_words(p, &sub);
	add_tile(p, "Walked in", &big, &sub);
	words_count(&big, t->max);
	str_add(&sub, "persons");
	if (t->max > 0) {
		str_add(&sub, ", at ");
		words_time(&sub, p->d->peak_us);
		if (p->days) {
			str_add(&sub, " on ");
			words_day(&sub, p->d->peak_us);
		}
	}
	add_tile(p, "Most inside", &big, &sub);
}

/* Of those in front of the store, who came in. */
static void add_capture_tile(struct page *p)
{
	const struct day_street *t = &p->d->street_total;
	struct str big = STR_INIT, sub = STR_INIT;

	if (!t->outside || t->observed_s <= 0 || t->entered + t->passed_by == 0)
		return;
	page_percent(&big, t->entered, (double)t->entered + t->passed_by);
	words_count(&sub, t->entered);
	str_add(&sub, " came in, ");
	words_count(&sub, t->passed_by);
	str_add(&sub, " passed by");
	add_tile(p, "Capture rate", &big, &sub);
}

/* The queue where people waited longest. */
static void add_wait_tile(struct page *p)
{
	const struct day_place *worst = NULL;
	struct str big = STR_INIT, sub = STR_INIT;
	double v, most = 0;

	for (int i = 0; i < p->d->n_place; i++) {
		const struct day_place *q = &p->d->place[i];

		if (q->place.info.kind == PLACE_QUEUE &&
		    page_metric(q, "queue_wait_p90", &q->tally.total, &v) &&
		    (!worst || v > most)) {
			worst = q;
			most = v;
		}
	}
	if (!worst)
		return;
	if (most < 60)
		str_addf(&big, "%.0f <small>s</small>", most);
	else
		str_addf(&big, "%d:%02d <small>min</small>", (int)(most + 0.5) / 60,
			 (int)(most + 0.5) % 60);
	str_add(&sub, "nine of ten did not wait longer at ");
	words_html(&sub, worst->place.info.name);
	add_tile(p, "Wait", &big, &sub);
}

/* Without entry lines: each line for itself, the first few. */
static void add_line_tiles(struct page *p)
{
	int shown = 0;

	for (int i = 0; i < p->d->n_place && shown < 3; i++) {
		const struct day_place *l = &p->d->place[i];
		struct str big = STR_INIT, sub = STR_INIT;

		if (!l->line || l->line_total.observed_s <= 0)
			continue;
		words_count(&big, l->line_total.persons_in);
		str_add(&big, " <small>/ ");
		words_count(&big, l->line_total.persons_out);
		str_add(&big, "</small>");
		str_add(&sub, "persons ");
		words_html(&sub, l->place.info.in_label);
		str_add(&sub, " / ");
		words_html(&sub, l->place.info.out_label);
		add_tile(p, l->place.info.name, &big, &sub);
		shown++;
	}
}

static void add_zone_tile(struct page *p)
{
	struct str big = STR_INIT, sub = STR_INIT;
	const struct day_place *most = NULL;
	int sum = 0;

	for (int i = 0; i < p->d->n_place; i++) {
		const struct day_place *z = &p->d->place[i];

		if (!z->zone || z->zone_total.observed_s <= 0)
			continue;
		sum += z->zone_total.begun;
		if (!most || z->zone_total.begun > most->zone_total.begun)
			most = z;
	}
	if (!most)
		return;
	words_count(&big, sum);
	if (p->n_zones > 1) {
		str_addf(&sub, "to %d zones; most to ", p->n_zones);
		words_html(&sub, most->place.info.name);
	} else {
		str_add(&sub, "to ");
		words_html(&sub, most->place.info.name);
	}
	add_tile(p, "Visits", &big, &sub);
}

static void add_view_tile(struct page *p)
{
	struct str big = STR_INIT, sub = STR_INIT;
	double person_s = 0;

	for (int i = 0; i < p->d->n_camera; i++)
		person_s += p->d->camera[i].view_total.person_s;
	words_duration(&big, person_s);
	str_add(&sub, "spent in view, all people added up");
	add_tile(p, "Time of people", &big, &sub);
}

/* Of the opening hours, when these are known. */
static void add_open_tile(struct page *p)
{
	const struct day *d = p->d;
	struct str big = STR_INIT, sub = STR_INIT;
	double sum_s = 0;

	for (int i = 0; i < d->n_camera; i++)
		sum_s += d->camera[i].open_observed_s;
	page_percent(&big, sum_s, d->open_s * d->n_camera);
	str_add(&sub, "of the opening hours: ");
	words_duration(&sub, sum_s / d->n_camera);
	str_add(&sub, d->n_camera > 1 ? " a camera, of " : " of ");
	words_duration(&sub, d->open_s);
	add_tile(p, "Observed", &big, &sub);
}

static void add_observed_tile(struct page *p)
{
	const struct day *d = p->d;
	struct str big = STR_INIT, sub = STR_INIT;
	double sum_s = 0, span_s = (double)(d->last_us - d->first_us) / 1e6;

	for (int i = 0; i < d->n_camera; i++)
		sum_s += d->camera[i].observed_total_s;
	page_percent(&big, sum_s, span_s * d->n_camera);
	words_duration(&sub, sum_s / d->n_camera);
	str_add(&sub, d->n_camera > 1 ? " a camera, of " : " of ");
	words_time(&sub, d->first_us);
	str_add(&sub, "\xe2\x80\x93");
	words_time(&sub, d->last_us);
	str_add(&sub, "; ");
	page_percent(&sub, sum_s, (double)(d->to_us - d->from_us) / 1e6 * d->n_camera);
	str_add(&sub, " of the day");
	add_tile(p, "Observed", &big, &sub);
}

/* What the till and the roster make of it. */
static void add_sales_tiles(struct page *p)
{
	const struct day_sales *t = &p->d->sales_total;
	struct str big = STR_INIT, sub = STR_INIT;

	if (t->has_sales && t->walked_sold > 0) {
		page_percent(&big, t->transactions_seen, t->walked_sold);
		words_count(&sub, (int64_t)t->transactions);
		str_add(&sub, " transactions; those of the observed time, of who walked in");
		add_tile(p, "Conversion", &big, &sub);
	}
	if (t->has_staff && t->staff_seen_h > 0) {
		str_addf(&big, "%.1f", t->walked_staffed / t->staff_seen_h);
		str_addf(&sub, "walked in per hour worked; %.1f h worked", t->staff_h);
		add_tile(p, "Shoppers per associate", &big, &sub);
	}
}

static void add_tiles(struct page *p)
{
	str_add(p->out, "<dl class=\"tiles\">\n");
	if (p->n_entries)
		add_entry_tiles(p);
	else
		add_line_tiles(p);
	add_capture_tile(p);
	if (p->d->sales)
		add_sales_tiles(p);
	add_zone_tile(p);
	add_wait_tile(p);
	if (p->d->n_place == 0)
		add_view_tile(p);
	if (p->d->open_s > 0)
		add_open_tile(p);
	else
		add_observed_tile(p);
	str_add(p->out, "</dl>\n");
	if (p->d->n_place == 0)
		str_add(p->out,
			"<p class=\"note\">No lines or zones are drawn yet, so this page can only "
			"show where people were. Draw a line across the door and zones around "
			"what matters in a plan (a small JSON file), then replay the recording "
			"with <code>--plan plan.json</code>; <code>footfall help replay</code> "
			"says how.</p>\n");
}

static void add_top(struct page *p)
{
	const struct day *d = p->d;
	int64_t length_h = (d->to_us - d->from_us) / (60 * CLOCK_MINUTE_US);

	str_add(p->out,
		"<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
		"<meta name=\"viewport\" content=\"width=device-width, "
		"initial-scale=1\">\n<title>");
	words_html(p->out, d->store.name);
	str_addf(p->out, ", %s</title>\n<style>\n", d->date);
	for (const char *const *s = page_style; *s; s++)
		str_add(p->out, *s);
	str_add(p->out, "</style>\n</head>\n<body>\n");
	str_add(p->out,
		"<svg width=\"0\" height=\"0\" style=\"position:absolute\" "
		"aria-hidden=\"true\"><defs><pattern id=\"hatch\" width=\"7\" height=\"7\" "
		"patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\"><line y2=\"7\" "
		"x1=\"1\" x2=\"1\"/></pattern></defs></svg>\n<main class=\"page\">\n<header>\n<p "
		"class=\"store\">");
	words_html(p->out, d->store.name);
	str_add(p->out, "</p>\n<h1>");
	words_day(p->out, d->from_us);
	if (p->days) {
		str_add(p->out, " to ");
		words_day(p->out, d->dates[d->n_date - 1].from_us);
	}
	if (!p->days && *d->dates[0].holiday) {
		str_add(p->out, ", ");
		words_html(p->out, d->dates[0].holiday);
	}
	str_add(p->out, "</h1>\n<p class=\"soft\">Local time, ");
	words_html(p->out, d->store.zone);
	str_add(p->out, ", ");
	words_offset(p->out, d->from_us);
	if (length_h != 24 * d->n_date) {
		str_add(p->out, " to ");
		words_offset(p->out, d->to_us);
		if (p->days)
			str_add(p->out, ": clocks changed");
		else
			str_addf(p->out, ": clocks changed, the day had %d hours",
				 (int)length_h);
	}
	if (d->store.business_day_start_s) {
		str_add(p->out, "; business days begin at ");
		words_time(p->out, d->from_us);
	}
	str_add(p->out, "</p>\n</header>\n");
}

static void add_how(struct page *p)
{
	static const struct {
		bool lines, zones; /* only of use when there are some */
		const char *term, *text;
	} words[] = {
		{ true, false, "Walked in and crossings",
		  "A crossing is counted each time somebody steps over a line. Who turns back over "
		  "the line at once made a U-turn, and walked neither in nor out. Staff and "
		  "children are counted, too." },
		{ false, false, "Observed",
		  "The time in which the camera really saw the place. Hatched time was not "
		  "observed: there is no number for it, and it is not zero. Hours observed in part "
		  "have low numbers because time is missing. Percentages are of the time from the "
		  "first to the last observed moment of the day." },
		{ false, true, "Visits and their length",
		  "A visit is from entering a zone to leaving it. Half of the visits are at most "
		  "as long as the median, nine of ten at most as long as the 90th percentile. "
		  "Somebody who comes back is a new visit." },
		{ false, true, "People, mean and most",
		  "The mean weighs every observed second alike. The 95 % figure is worked out from "
		  "minutes: in minutes that make up 95 % of the observed time, not more people "
		  "were there (for 95 % of the minute)." },
		{ true, false, "People inside",
		  "In minus out since the day began. A person who was missed stays in the sum "
		  "until the next morning: the difference of in and out at the end of the day says "
		  "how good it is." },
		{ false, false, "Heat map",
		  "One person standing for a minute leaves 60 person-seconds. Colour goes with the "
		  "square root, so that places where people walk show beside places where they "
		  "wait." },
	};

	str_add(p->out,
		"<section aria-labelledby=\"how\"><h2 id=\"how\">How to read this</h2>\n"
		"<dl class=\"how\" style=\"margin-top:12px\">");
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if ((!words[i].lines || p->n_lines) && (!words[i].zones || p->n_zones))
			str_addf(p->out, "<div><dt>%s</dt><dd>%s</dd></div>\n", words[i].term,
				 words[i].text);
	str_add(p->out, "</dl></section>\n");
}

static void add_footer(struct page *p)
{
	str_add(p->out, "<footer><p>Made with parameters ");
	for (const char *s = p->d->params; *s;) {
		size_t n = strcspn(s, ",");
		char id[32];

		str_copy(id, n + 1 < sizeof(id) ? n + 1 : sizeof(id), s);
		str_add(p->out, "<code>");
		words_html(p->out, id);
		s += n + (s[n] == ',');
		str_add(p->out, *s ? "</code>, " : "</code>");
	}
	str_add(p->out,
		" (thresholds, plan and calibration).</p>\n<p>Footfall " FOOTFALL_VERSION
		". Counts only: this page was made without any stored picture or path of "
		"a person.</p></footer>\n</main>\n</body>\n</html>\n");
}

int day_html(const struct day *hourly, struct query *q, const struct calendar *calendar,
	     struct str *out, struct err *err)
{
	struct str text = STR_INIT;
	struct page p = { .out = &text, .d = hourly, .q = q, .names = STR_INIT };
	int rc;

	p.days = hourly->n_date > 1;
	choose_hours(&p);
	count_places(&p);
	rc = history_read(&p.history, q, hourly, calendar, err);
	if (rc < 0)
		goto out;
	add_top(&p);
	add_tiles(&p);
	page_traffic(&p);
	page_compare(&p);
	page_inside(&p);
	page_people(&p);
	page_zones(&p);
	page_stays(&p);
	page_ways(&p);
	rc = page_heat(&p, err);
	page_queues(&p);
	page_coverage(&p);
	page_tables(&p);
	add_how(&p);
	add_footer(&p);
	if (rc >= 0)
		str_add_n(out, text.s, text.len);
out:
	history_clear(&p.history);
	str_clear(&text);
	free(p.from_us);
	return rc;
}
