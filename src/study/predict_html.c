/* SPDX-License-Identifier: Apache-2.0 */
/* predict_html.c -- the coming days as a section of a page, or a page of their own. */
#include "base/clock.h"
#include "report/page.h"
#include "report/words.h"
#include "study/predict.h"

#include <math.h>

static const char style[] =
	".ahead td small{display:block;line-height:1.25}.ahead .unknown{color:var(--soft)}\n"
	".matrix small{color:inherit}caption{white-space:normal}\n";

static void add_dash(struct str *out)
{
	str_add(out, "<td class=\"unknown\">\xe2\x80\x93<span class=\"unseen\"> not "
		     "known</span></td>");
}

static void add_interval(struct str *out, const struct forecast_value *v)
{
	str_addf(out, "<small>%.0f to %.0f</small>", v->lo, v->hi);
}

static void add_days(struct str *out, const struct predict *p)
{
	bool staff = p->opts.per_associate > 0;

	str_addf(out,
		 "<div class=\"card scroll\"><table class=\"ahead\"><caption>Each day; below "
		 "it what holds %.0f of 100 such days%s</caption><thead><tr><th "
		 "scope=\"col\"></th><th scope=\"col\">Expected</th>%s</tr></thead><tbody>\n",
		 100 * p->opts.interval,
		 staff ? ". Hours of associates: for what is expected, and for the most" : "",
		 staff ? "<th scope=\"col\">Associates</th>" : "");
	for (int i = 0; i < p->opts.days; i++) {
		const struct predict_day *d = &p->day[i];

		str_add(out, "<tr><th scope=\"row\">");
		words_day(out, d->from_us);
		if (d->holiday) {
			str_add(out, "<small>");
			words_html(out, d->holiday);
			str_add(out, "</small>");
		}
		str_add(out, "</th>");
		if (d->v.known) {
			str_addf(out, "<td><b>%.0f</b>", d->v.expected);
			add_interval(out, &d->v);
			str_add(out, "</td>");
		} else {
			add_dash(out);
		}
		if (staff && d->staff_h)
			str_addf(out, "<td>%d h<small>%d h</small></td>", d->staff_h,
				 d->staff_hi_h);
		else if (staff)
			add_dash(out);
		str_add(out, "</tr>\n");
	}
	str_add(out, "</tbody></table></div>\n");
}

/* The row of an hour: which local hours there are, in the order of a business day. */
static int hours_shown(const struct predict *p, int shown[TRIAL_HOURS])
{
	bool any[TRIAL_HOURS] = { false };
	struct civil c;
	int n = 0, begin;

	for (int k = 0; k < p->n_hour; k++) {
		clock_local(p->hour[k].from_us, &c);
		any[c.hour] = true;
	}
	begin = p->store.business_day_start_s / 3600;
	for (int i = 0; i < TRIAL_HOURS; i++)
		if (any[(begin + i) % TRIAL_HOURS])
			shown[n++] = (begin + i) % TRIAL_HOURS;
	return n;
}

static const struct predict_hour *hour_of(const struct predict *p, int day, int hour)
{
	for (int k = 0; k < p->n_hour; k++) {
		struct civil c;

		clock_local(p->hour[k].from_us, &c);
		if (p->hour[k].day == day && c.hour == hour)
			return &p->hour[k];
	}
	return NULL;
}

static void add_cell(struct str *out, const struct predict_hour *h, double most)
{
	if (!h || !h->v.known) {
		add_dash(out);
		return;
	}
	str_addf(out, "<td style=\"--v:%.2f\">%.0f", most > 0 ? h->v.expected / most : 0,
		 h->v.expected);
	add_interval(out, &h->v);
	if (h->staff)
		str_addf(out, "<small>%d\xe2\x80\x93%d staff</small>", h->staff, h->staff_hi);
	str_add(out, "</td>");
}

/* Hours down, the days of one week across. */
static void add_week(struct str *out, const struct predict *p, int from, double most)
{
	int shown[TRIAL_HOURS], n = hours_shown(p, shown);
	int to = from + 7 < p->opts.days ? from + 7 : p->opts.days;

	str_add(out, "<div class=\"card scroll\" tabindex=\"0\" role=\"group\" "
		     "aria-label=\"Each hour\"><table class=\"matrix ahead\"><caption>Each "
		     "hour, local time</caption><thead><tr><th scope=\"col\"></th>");
	for (int i = from; i < to; i++) {
		struct str day = STR_INIT;

		words_day(&day, p->day[i].from_us);
		str_addf(out, "<th scope=\"col\">%.3s %s</th>", day.s, p->day[i].date + 8);
		str_clear(&day);
	}
	str_add(out, "</tr></thead><tbody>\n");
	for (int k = 0; k < n; k++) {
		str_addf(out, "<tr><th scope=\"row\">%02d</th>", shown[k]);
		for (int i = from; i < to; i++)
			add_cell(out, hour_of(p, i, shown[k]), most);
		str_add(out, "</tr>\n");
	}
	str_add(out, "</tbody></table></div>\n");
}

static void add_score(struct str *out, const char *of, const struct forecast_score *s)
{
	if (!s->n)
		return;
	str_addf(out, "<tr><th scope=\"row\">%s</th><td>%.1f %%</td><td>%.1f %%</td>", of,
		 100 * s->wape, 100 * s->naive_wape);
	if (isnan(s->mase))
		str_add(out, "<td>\xe2\x80\x93</td>");
	else
		str_addf(out, "<td>%.2f</td>", s->mase);
	if (isnan(s->inside))
		str_add(out, "<td>\xe2\x80\x93</td></tr>\n");
	else
		str_addf(out, "<td>%.0f %%</td></tr>\n", 100 * s->inside);
}

static void add_scores(struct str *out, const struct predict *p)
{
	str_addf(out,
		 "<div class=\"card scroll\"><h3>How good it was lately</h3><table>"
		 "<caption>The last %d days, forecast as if they had not been yet, against "
		 "\xe2\x80\x9c"
		 "as last week\xe2\x80\x9d</caption><thead><tr><th "
		 "scope=\"col\"></th><th scope=\"col\">Off by (WAPE)</th><th "
		 "scope=\"col\">Last week\xe2\x80\x99"
		 "s</th><th scope=\"col\">MASE</th><th "
		 "scope=\"col\">Came within (%.0f %% wanted)</th></tr></thead><tbody>\n",
		 p->f.test_days, 100 * p->opts.interval);
	add_score(out, "Hours", &p->f.hours);
	add_score(out, "Days", &p->f.days);
	str_add(out, "</tbody></table></div>\n");
}

void predict_section(const struct predict *p, struct str *out)
{
	struct str what = STR_INIT;
	double most = 0;

	predict_what(p, &what);
	for (int k = 0; k < p->n_hour; k++)
		most = p->hour[k].v.known ? fmax(most, p->hour[k].v.expected) : most;
	str_add(out, "<section aria-labelledby=\"ahead\"><h2 id=\"ahead\">The coming "
		     "days</h2>\n<p class=\"lead\">Expected: ");
	words_html(out, what.s);
	str_addf(out,
		 ", learned from %s to %s. A dash is not zero: nothing is known of such an "
		 "hour%s. ",
		 p->first, p->last, isnan(p->f.holiday_factor) ? ", or of holidays" : "");
	if (p->opts.per_associate > 0)
		str_addf(out, "Staff: one associate for %g an hour, whole associates.",
			 p->opts.per_associate);
	str_add(out, "</p>\n<div class=\"grid\" style=\"grid-template-columns:"
		     "minmax(0,1fr)\">\n");
	add_days(out, p);
	for (int from = 0; from < p->opts.days; from += 7)
		add_week(out, p, from, most);
	add_scores(out, p);
	str_add(out,
		"</div>\n<p class=\"lead\">Method: level \xc3\x97 season of weekday and hour, "
		"smoothed exponentially; intervals are those that past errors as far ahead "
		"had. Weather, advertising and events are not known to it.</p></section>\n");
	str_clear(&what);
}

void predict_html(const struct predict *p, struct str *out)
{
	str_add(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
		     "<meta name=\"viewport\" content=\"width=device-width, "
		     "initial-scale=1\">\n<title>");
	words_html(out, p->store.name);
	str_addf(out, ", from %s on</title>\n<style>\n", p->day[0].date);
	for (const char *const *s = page_style; *s; s++)
		str_add(out, *s);
	str_addf(out,
		 "%s</style>\n</head>\n<body>\n<main class=\"page\">\n<header>\n<p "
		 "class=\"store\">",
		 style);
	words_html(out, p->store.name);
	str_addf(out, "</p>\n<h1>%d day%s ahead</h1>\n<p class=\"soft\">Local time, ",
		 p->opts.days, p->opts.days == 1 ? "" : "s");
	words_html(out, p->store.zone);
	str_add(out, "</p>\n</header>\n");
	predict_section(p, out);
	str_add(out, "<footer><p>Footfall " FOOTFALL_VERSION
		     ". Counts only: this page was made without any stored picture or path of "
		     "a person.</p></footer>\n</main>\n</body>\n</html>\n");
}
