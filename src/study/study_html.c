/* SPDX-License-Identifier: Apache-2.0 */
/* study_html.c -- a study as one page, in the report's style. */
#include "base/clock.h"
#include "report/page.h"
#include "report/words.h"
#include "study/study.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char *const style[] = {
	".says{margin:12px 0 0;padding:0;list-style:none;max-width:82ch}\n",
	".says li{margin:8px 0;padding:2px 0 2px 12px;border-left:4px solid var(--a)}\n",
	".says .not{border-color:var(--base)}.says .loud{border-color:#c22;font-weight:650}\n",
	".forest{display:block;width:100%;height:22px;overflow:visible;min-width:130px}\n",
	".forest .zero{stroke:var(--base)}.forest .span{stroke:var(--a);stroke-width:3}\n",
	".forest .maybe{stroke:var(--base)}.forest circle{fill:var(--a)}\n",
	"caption{white-space:normal}\n",
	"@media(max-width:600px){th,td{padding-left:9px}}\n",
	"@media print{.scroll{overflow:visible}th,td{padding-left:10px}.forest{",
	"min-width:90px}}\n",
	".hash{overflow-wrap:anywhere}\n",
	NULL,
};

struct page_of {
	struct str *out;
	const struct study *s;
};

static const char *arm_word(const struct study *s, int arm)
{
	if (s->design->kind == DESIGN_SWITCH_BACK)
		return arm ? "B" : "A";
	return arm ? "After" : "Before";
}

static void add_style(struct str *out, const char *const *pieces)
{
	for (; *pieces; pieces++)
		str_add(out, *pieces);
}

static void add_date(struct str *out, int64_t t_us)
{
	words_day(out, t_us);
}

static void add_top(const struct page_of *p)
{
	const struct design *d = p->s->design;

	str_add(p->out,
		"<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
		"<meta name=\"viewport\" content=\"width=device-width, "
		"initial-scale=1\">\n<title>");
	words_html(p->out, d->name);
	str_add(p->out, "</title>\n<style>\n");
	add_style(p->out, page_style);
	add_style(p->out, style);
	str_add(p->out, "</style>\n</head>\n<body>\n<main class=\"page\">\n<header>\n<p "
			"class=\"store\">");
	words_html(p->out, p->s->store.name);
	if (*p->s->control.name) {
		str_add(p->out, ", compared with ");
		words_html(p->out, p->s->control.name);
	}
	str_add(p->out, "</p>\n<h1>");
	words_html(p->out, d->name);
	str_addf(p->out, "</h1>\n<p class=\"soft\">A %s study, ", design_kind_word[d->kind]);
	add_date(p->out, p->s->from_us);
	str_add(p->out, " to ");
	add_date(p->out, p->s->to_us - 1);
	str_addf(p->out,
		 ", %d to %d o\xe2\x80\x99"
		 "clock, local time (",
		 d->from_h, d->to_h);
	words_html(p->out, p->s->store.zone);
	str_add(p->out, ")</p>\n</header>\n");
}

/* ---- What it says ---- */

struct saying {
	struct str part[STUDY_MAY_NOT + 1];
};

static void say(void *arg, enum study_tone tone, const char *text)
{
	static const char *const class[] = { "", "loud", "may", "not" };
	struct saying *y = arg;

	str_addf(&y->part[tone], "<li class=\"%s\">", class[tone]);
	words_html(&y->part[tone], text);
	str_add(&y->part[tone], "</li>\n");
}

static void add_says(const struct page_of *p)
{
	struct saying y = { { STR_INIT, STR_INIT, STR_INIT, STR_INIT } };

	study_says(p->s, say, &y);
	if (y.part[STUDY_LOUD].len)
		str_addf(p->out, "<ul class=\"says\" role=\"alert\">\n%s</ul>\n",
			 y.part[STUDY_LOUD].s);
	str_add(p->out, "<section aria-labelledby=\"may\"><h2 id=\"may\">What may be "
			"concluded</h2>\n");
	if (y.part[STUDY_MAY].len)
		str_addf(p->out, "<ul class=\"says\">\n%s</ul>", y.part[STUDY_MAY].s);
	else
		str_add(p->out, "<p class=\"lead\">Nothing, for certain.</p>");
	str_addf(p->out,
		 "</section>\n<section aria-labelledby=\"not\"><h2 id=\"not\">What may not be "
		 "concluded</h2>\n<ul class=\"says\">\n%s</ul></section>\n",
		 y.part[STUDY_MAY_NOT].s);
	for (int i = 0; i <= STUDY_MAY_NOT; i++)
		str_clear(&y.part[i]);
}

/* ---- Effects ---- */

static const char interval_column[] = "The interval, 0 in the middle";

static void add_head(const struct page_of *p, const char *caption, const char *const *columns)
{
	str_add(p->out, "<div class=\"scroll\"><table><caption>");
	words_html(p->out, caption);
	str_add(p->out, "</caption><thead><tr><th scope=\"col\"></th>");
	for (; *columns; columns++) {
		/* A picture says nothing that the numbers do not: it goes first on a phone. */
		str_addf(p->out, "<th scope=\"col\"%s>",
			 *columns == interval_column ? " class=\"wide\"" : "");
		words_html(p->out, *columns);
		str_add(p->out, "</th>");
	}
	str_add(p->out, "</tr></thead>\n<tbody>\n");
}

static void add_foot(const struct page_of *p)
{
	str_add(p->out, "</tbody></table></div>\n");
}

static void add_level(struct str *out, double v)
{
	if (!isfinite(v))
		str_add(out, "<td>\xe2\x80\x93</td>");
	else
		str_addf(out,
			 fabs(v) >= 100 ? "<td>%.0f</td>"
			 : fabs(v) >= 1 ? "<td>%.2f</td>"
					: "<td>%.4f</td>",
			 v);
}

static void add_share(struct str *out, double share)
{
	str_add(out, "<td>");
	study_percent(out, share, 1);
	str_add(out, "</td>");
}

/* The effect and, below it, its interval. */
static void add_effect(struct str *out, const struct effect *e)
{
	str_add(out, "<td><b>");
	study_percent(out, e->ratio, 1);
	str_add(out, "</b><br><small>");
	study_percent(out, e->lo, 1);
	str_add(out, " to ");
	study_percent(out, e->hi, 1);
	str_add(out, "</small></td>");
}

/* The end of the scale of the intervals, a share, the same for all rows. */
static double scale_of(const struct study_row *row, int n)
{
	double max = 0.05;

	for (int i = 0; i < n; i++)
		if (row[i].known) {
			max = fmax(max, fmin(1, fabs(row[i].effect.lo)));
			max = fmax(max, fmin(1, fabs(row[i].effect.hi)));
		}
	return max;
}

static double place_of(double share, double scale)
{
	return 50 + 48 * fmin(fmax(share / scale, -1), 1);
}

static void add_forest(struct str *out, const struct effect *e, double scale, bool found)
{
	double x = place_of(e->ratio, scale);

	str_addf(
		out,
		"<td class=\"wide\"><svg class=\"forest\" aria-hidden=\"true\"><line class=\"zero\" "
		"x1=\"50%%\" x2=\"50%%\" y1=\"0\" y2=\"22\"/><line class=\"span%s\" "
		"x1=\"%.2f%%\" x2=\"%.2f%%\" y1=\"11\" y2=\"11\"/><circle cx=\"%.2f%%\" "
		"cy=\"11\" r=\"4\"/></svg></td>",
		found ? "" : " maybe", place_of(e->lo, scale), place_of(e->hi, scale), x);
}

static void begin_row(struct str *out, const struct study_row *r)
{
	str_add(out, "<tr><th scope=\"row\">");
	words_html(out, r->label);
	str_addf(out, "<small>%s</small></th>", measure_unit(r->of.kind));
}

static void add_unknown(struct str *out, const struct study_row *r, int columns)
{
	str_addf(out, "<td colspan=\"%d\" style=\"white-space:normal\">", columns);
	words_html(out, r->why_not);
	str_add(out, "</td></tr>\n");
}

static void add_effects(const struct page_of *p)
{
	const struct design *d = p->s->design;
	const char *const columns[] = { arm_word(p->s, 0), arm_word(p->s, 1), "Effect",
					"p (Holm)",        interval_column,   NULL };
	double scale = scale_of(p->s->row, d->n_metric);

	str_add(p->out, "<section class=\"card\" aria-labelledby=\"effects\"><h2 "
			"id=\"effects\">Effects</h2>\n");
	add_head(
		p,
		"Levels as counted; effects adjusted for weekday and hour, and for the "
		"control where there is one. Below an effect its interval, below p that of the "
		"other test",
		columns);
	for (int i = 0; i < d->n_metric; i++) {
		const struct study_row *r = &p->s->row[i];
		const struct effect *e = &r->effect;

		begin_row(p->out, r);
		if (!r->known) {
			add_unknown(p->out, r, 5);
			continue;
		}
		add_level(p->out, e->level[0]);
		add_level(p->out, e->level[1]);
		add_effect(p->out, e);
		str_addf(p->out, "<td>%.4f<br><small>%.4f</small></td>", e->p_holm, e->check_p);
		add_forest(p->out, e, scale, e->p_holm <= d->alpha);
		str_add(p->out, "</tr>\n");
	}
	add_foot(p);
	str_add(p->out, "</section>\n");
}

/* ---- The design and what it could find ---- */

static void add_power(const struct page_of *p)
{
	static const char *const columns[] = { "Hours used", "of planned",       "Blocks",
					       "Finds from", "Finds the target", "Day to day",
					       NULL };
	const struct design *d = p->s->design;

	str_add(p->out, "<section class=\"card\" aria-labelledby=\"power\"><h2 "
			"id=\"power\">What this study could find</h2>\n");
	str_addf(p->out,
		 "<p class=\"lead\">The smallest change that is found with %g %% probability "
		 "at a %g %% level, the probability of finding one of %g %%, and the "
		 "correlation of a day with the next.</p>",
		 100 * d->power, 100 * d->alpha, 100 * d->target);
	add_head(p, "As judged by the variation of this study's own days", columns);
	for (int i = 0; i < d->n_metric; i++) {
		const struct study_row *r = &p->s->row[i];

		begin_row(p->out, r);
		str_addf(p->out, "<td>%d + %d</td><td>%d + %d</td>", r->hours[0], r->hours[1],
			 r->hours_planned[0], r->hours_planned[1]);
		if (!r->known) {
			add_unknown(p->out, r, 4);
			continue;
		}
		str_addf(p->out, "<td>%d + %d</td>", r->effect.n_block[0],
			 r->effect.n_block[1]);
		add_share(p->out, r->effect.mde);
		str_addf(p->out, "<td>%.0f %%</td><td>%.2f</td></tr>\n",
			 100 * r->effect.power_target, r->effect.day_correlation);
	}
	add_foot(p);
	str_add(p->out, "</section>\n");
}

/* ---- Flows and maps ---- */

static void add_flows(const struct page_of *p)
{
	const char *const columns[] = { arm_word(p->s, 0), arm_word(p->s, 1), "Difference",
					NULL };

	if (!p->s->n_flow)
		return;
	str_add(p->out,
		"<section class=\"card\" aria-labelledby=\"flows\"><h2 id=\"flows\">Where "
		"people went</h2>\n<p class=\"lead\">Every line and zone. None of this was "
		"part of the test: the intervals are not corrected for their number, and are "
		"hints for the next study only.</p>");
	add_head(p, "Passages or visits per observed hour", columns);
	for (int i = 0; i < p->s->n_flow; i++) {
		const struct study_row *r = &p->s->flow[i];

		begin_row(p->out, r);
		if (!r->known) {
			add_unknown(p->out, r, 3);
			continue;
		}
		add_level(p->out, r->effect.level[0]);
		add_level(p->out, r->effect.level[1]);
		add_effect(p->out, &r->effect);
		str_add(p->out, "</tr>\n");
	}
	add_foot(p);
	str_add(p->out, "</section>\n");
}

static int add_outlines(const struct page_of *p, struct query *q, int camera, struct err *err)
{
	const struct query_place *place;
	struct str names = STR_INIT;
	int n = query_places(q, &place, err);

	str_add(p->out, "<svg aria-hidden=\"true\"><svg width=\"100%\" height=\"100%\" "
			"viewBox=\"0 0 1000 1000\" preserveAspectRatio=\"none\">");
	for (int i = 0; i < n; i++)
		if (place[i].camera == camera)
			page_outline(p->out, &names, &place[i].info, NULL);
	str_add(p->out, "</svg>");
	str_add(p->out, names.s);
	str_add(p->out, "</svg>");
	str_clear(&names);
	return n < 0 ? n : 0;
}

static int add_map(const struct page_of *p, const struct study_heat *h, struct query *q,
		   struct err *err)
{
	struct rgba plate = { 0 };
	struct heat_scale scale;
	uint8_t *png = NULL;
	void *stored = NULL;
	int64_t t_us;
	size_t len;
	int rc;

	if ((rc = query_plate(q, h->camera.id, &stored, &len, &t_us, err)) < 0 ||
	    (stored && (rc = png_decode(stored, len, &plate, err)) < 0) ||
	    (rc = heat_change_png(h->cells[0], h->cells[1], stored ? &plate : NULL, &scale,
				  &png, &len, err)) < 0) {
		err_ctx(err, "map of camera '%s'", h->camera.name);
		goto out;
	}
	str_add(p->out, "<figure class=\"card\"><h3>");
	words_html(p->out, h->camera.name);
	str_add(p->out, "</h3><div class=\"pic\"><img alt=\"Orange where people spent more "
			"time, blue where less\" src=\"data:image/png;base64,");
	str_add_base64(p->out, png, len);
	str_add(p->out, "\">");
	rc = add_outlines(p, q, h->camera.id, err);
	str_addf(p->out,
		 "</div><figcaption>Orange: more person-seconds an hour than %s, blue: fewer; "
		 "full colour from %.3g per cell on. %.0f and %.0f hours were observed."
		 "</figcaption></figure>\n",
		 p->s->design->kind == DESIGN_SWITCH_BACK ? "under A" : "before", scale.max_s,
		 h->observed_h[0], h->observed_h[1]);
out:
	free(png);
	free(stored);
	rgba_clear(&plate);
	return rc < 0 ? rc : 0;
}

/* Observed in both arms, with somebody in one of them. */
static bool has_heat(const struct study_heat *h)
{
	double sum = 0;

	for (int i = 0; i < HEAT_COLS * HEAT_ROWS; i++)
		sum += (double)h->cells[0][i] + (double)h->cells[1][i];
	return h->observed_h[0] > 0 && h->observed_h[1] > 0 && sum > 0;
}

static int add_maps(const struct page_of *p, struct query *q, struct err *err)
{
	bool any = false;
	int rc = 0;

	for (int i = 0; i < p->s->n_heat; i++)
		any |= has_heat(&p->s->heat[i]);
	if (!any)
		return 0;
	str_add(p->out,
		"<section aria-labelledby=\"maps\"><h2 id=\"maps\">Where people stayed more, "
		"and where less</h2>\n<p class=\"lead\">Time spent in each of 64 \xc3\x97 48 "
		"cells, per observed hour; smoothed over neighbouring cells. Not part of the "
		"test.</p>\n<div class=\"grid pics\">");
	for (int i = 0; i < p->s->n_heat && rc == 0; i++)
		if (has_heat(&p->s->heat[i]))
			rc = add_map(p, &p->s->heat[i], q, err);
	str_add(p->out, "</div></section>\n");
	return rc;
}

/* ---- What was left out, and how it was done ---- */

static void add_metrics(const struct page_of *p, unsigned metrics)
{
	const struct design *d = p->s->design;

	if (metrics == (1u << d->n_metric) - 1) {
		str_add(p->out, "all metrics");
		return;
	}
	for (int i = 0, n = 0; i < d->n_metric; i++)
		if (metrics >> i & 1) {
			str_add(p->out, n++ ? ", " : "");
			words_html(p->out, d->metric[i].label);
		}
}

static void add_missing(const struct page_of *p)
{
	static const char *const columns[] = { "Hours", "Why", "For", NULL };

	str_add(p->out, "<section class=\"card\" aria-labelledby=\"left\"><h2 id=\"left\">"
			"Hours left out</h2>\n");
	if (!p->s->missing.n)
		str_add(p->out, "<p class=\"lead\">None: every planned hour was used.</p>");
	else
		add_head(p, "A missing hour is missing, and never a zero", columns);
	for (size_t i = 0; i < p->s->missing.n; i++) {
		const struct study_missing *m = &p->s->missing.v[i];

		str_addf(p->out,
			 "<tr><th scope=\"row\">%s</th><td>%02d\xe2\x80\x93%02d</td><td "
			 "style=\"white-space:normal\">",
			 m->date, m->from_h, m->to_h);
		words_html(p->out, m->why);
		str_add(p->out, "</td><td style=\"white-space:normal\">");
		add_metrics(p, m->metrics);
		str_add(p->out, "</td></tr>\n");
	}
	if (p->s->missing.n)
		add_foot(p);
	str_add(p->out, "</section>\n");
}

static void add_how(const struct page_of *p)
{
	const struct design *d = p->s->design;

	str_add(p->out, "<section aria-labelledby=\"how\"><h2 id=\"how\">How it was worked "
			"out</h2>\n<dl class=\"how\" style=\"margin-top:12px\">");
	for (int i = 0; i < d->n_metric; i++) {
		str_add(p->out, "<div><dt>");
		words_html(p->out, d->metric[i].label);
		str_addf(p->out, "</dt><dd>%s%s", measure_says(d->metric[i].of.kind),
			 *d->metric[i].of.place ? ": " : "");
		words_html(p->out, d->metric[i].of.place);
		str_add(p->out, "</dd></div>\n");
	}
	str_addf(p->out,
		 "<div><dt>Effect</dt><dd>Of blocks of %d whole day%s, after weekday and hour "
		 "of the day are taken off by a log-linear model, so that a missing Saturday "
		 "favours nobody.</dd></div>\n",
		 d->block_days, d->block_days == 1 ? "" : "s");
	if (d->kind == DESIGN_SWITCH_BACK)
		str_add(p->out,
			"<div><dt>Interval and p-value</dt><dd>By the lot itself: how often "
			"the order within pairs of blocks, drawn again, gives a difference as "
			"large (randomisation test; the interval is all effects it does not "
			"refuse). The other p-value is a bootstrap of pairs.</dd></div>\n");
	else
		str_add(p->out,
			"<div><dt>Interval and p-value</dt><dd>Studentised block bootstrap, "
			"its error made larger for what neighbouring blocks have in common. "
			"The other p-value deals the blocks to the two periods anew "
			"(randomisation test).</dd></div>\n");
	str_add(p->out,
		"<div><dt>p (Holm)</dt><dd>How often chance alone makes such a difference, "
		"corrected for the number of metrics of the design.</dd></div></dl></section>"
		"\n");
}

static void add_footer(const struct page_of *p)
{
	const struct study *s = p->s;

	str_addf(p->out, "<footer><p class=\"hash\">Design, SHA-256: <code>%s</code>",
		 s->design->hash);
	if (s->reg.is_registered) {
		char text[CLOCK_TEXT];

		str_addf(p->out, ", registered %s", clock_text_local(s->reg.t_us, text));
	}
	str_add(p->out, "</p>\n<p>Made with parameters <code>");
	words_html(p->out, s->params);
	str_add(p->out, "</code>");
	if (*s->control_params) {
		str_add(p->out, ", the control with <code>");
		words_html(p->out, s->control_params);
		str_add(p->out, "</code>");
	}
	str_add(p->out, ".</p>\n<p>Footfall " FOOTFALL_VERSION
			". Counts only: this page was made without any stored picture or path "
			"of a person.</p></footer>\n</main>\n</body>\n</html>\n");
}

int study_html(const struct study *s, struct query *q, struct str *out, struct err *err)
{
	struct str text = STR_INIT;
	const struct page_of p = { &text, s };
	int rc;

	add_top(&p);
	add_says(&p);
	add_effects(&p);
	add_power(&p);
	add_flows(&p);
	rc = add_maps(&p, q, err);
	add_missing(&p);
	add_how(&p);
	add_footer(&p);
	if (rc >= 0)
		str_add_n(out, text.s, text.len);
	str_clear(&text);
	return rc;
}
