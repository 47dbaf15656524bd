/* SPDX-License-Identifier: Apache-2.0 */
/* chart.c -- small charts as inline SVG. */
#include "report/chart.h"

#include "base/clock.h"
#include "base/str.h"
#include "report/words.h"

#include <math.h>

double chart_step(double max, int n, bool whole)
{
	static const double nice[] = { 1, 2, 5, 10 };
	double raw = max / n, power;

	if (!(raw > 0))
		return 1;
	power = pow(10, floor(log10(raw)));
	for (int i = 0; i < 4; i++)
		/* The small term: 0.3 / 3 is not to need a step of 0.2. */
		if (nice[i] * power >= raw * (1 - 1e-9))
			return whole && nice[i] * power < 1 ? 1 : nice[i] * power;
	return 10 * power;
}

double chart_y(const struct chart *c, double v)
{
	return c->bottom - v / c->max * (c->bottom - c->top);
}

static void add_axis(const struct chart *c, double step)
{
	int decimals = step >= 1 ? 0 : (int)ceil(-log10(step) - 1e-9);
	int n = (int)lround(c->max / step);

	for (int i = 0; i <= n; i++) {
		double y = chart_y(c, i * step);

		str_addf(c->out,
			 "<line class=\"%s\" x1=\"0\" x2=\"100%%\" y1=\"%.1f\" y2=\"%.1f\"/>",
			 i ? "grid" : "base", y, y);
		str_addf(c->out,
			 "<text class=\"axis\" x=\"-8\" y=\"%.1f\" "
			 "text-anchor=\"end\">%.*f</text>\n",
			 y + 4, decimals, i * step);
	}
}

void chart_begin(struct chart *c, struct str *out, const char *id, int height, double max,
		 bool whole, const char *title, const char *desc)
{
	double step = chart_step(max, height < 160 ? 2 : 4, whole);

	*c = (struct chart){ .out = out, .height = height, .top = 16, .bottom = height - 24 };
	c->max = fmax(step, step * ceil(max / step - 1e-9));
	str_addf(out,
		 "<svg class=\"chart\" role=\"img\" height=\"%d\" "
		 "aria-labelledby=\"%s-t %s-d\">\n<title id=\"%s-t\">",
		 height, id, id, id);
	words_html(out, title);
	str_addf(out, "</title>\n<desc id=\"%s-d\">", id);
	words_html(out, desc);
	str_add(out, "</desc>\n");
	add_axis(c, step);
}

void chart_end(struct chart *c)
{
	str_add(c->out, "</svg>\n");
}

void chart_below(struct chart *c, double x, const char *anchor, const char *class,
		 const char *text)
{
	str_addf(c->out, "<text class=\"%s\" x=\"%.3f%%\" y=\"%d\" text-anchor=\"%s\">", class,
		 x, c->bottom + 17, anchor);
	words_html(c->out, text);
	str_add(c->out, "</text>\n");
}

void chart_bar(struct chart *c, double x, double w, double v, const char *class)
{
	double y = chart_y(c, v);

	if (v > 0)
		str_addf(c->out,
			 "<rect class=\"%s\" x=\"%.3f%%\" width=\"%.3f%%\" y=\"%.1f\" "
			 "height=\"%.1f\" rx=\"1.5\"/>",
			 class, x, w, y, c->bottom - y);
}

void chart_gap(struct chart *c, double x, double w)
{
	double middle = (c->top + c->bottom) / 2.0;

	str_addf(c->out,
		 "<g class=\"gap\"><title>not observed</title><rect class=\"hatch\" "
		 "x=\"%.3f%%\" width=\"%.3f%%\" y=\"%d\" height=\"%d\"/>",
		 x, w, c->top, c->bottom - c->top);
	if (w >= 30)
		str_addf(c->out,
			 "<text class=\"none\" x=\"%.3f%%\" y=\"%.1f\" "
			 "text-anchor=\"middle\">not observed</text>",
			 x + w / 2, middle);
	else if (w >= (c->bottom - c->top >= 120 ? 3 : 6) && c->bottom - c->top >= 90)
		/* A picture of its own puts the origin at a percentage: text turns around it.
		 */
		str_addf(c->out,
			 "<svg x=\"%.3f%%\" y=\"%.1f\" overflow=\"visible\" width=\"1\" "
			 "height=\"1\"><text class=\"none\" transform=\"rotate(-90)\" y=\"4\" "
			 "text-anchor=\"middle\">not observed</text></svg>",
			 x + w / 2, middle);
	str_add(c->out, "</g>\n");
}

bool chart_partly(double observed_s, double length_s)
{
	return observed_s > 0 && observed_s < 0.98 * length_s;
}

static double length_s(const struct columns *k, int i)
{
	return (double)(k->from_us[i + 1] - k->from_us[i]) / 1e6;
}

/* A day is not open for all of its hours. */
static bool partly(const struct columns *k, int i)
{
	return !k->days && chart_partly(k->observed_s[i], length_s(k, i));
}

static void add_tooltip(struct str *out, const struct columns *k, int i)
{
	str_add(out, "<title>");
	if (k->days) {
		words_day(out, k->from_us[i]);
	} else {
		words_time(out, k->from_us[i]);
		str_add(out, "\xe2\x80\x93");
		words_time(out, k->from_us[i + 1]);
	}
	str_addf(out, ": %.*f ", k->decimals, k->a[i]);
	words_html(out, k->a_name);
	if (k->b) {
		str_addf(out, ", %.*f ", k->decimals, k->b[i]);
		words_html(out, k->b_name);
	}
	if (k->mark)
		str_addf(out, ", %s %.0f", k->mark_name, k->mark[i]);
	str_add(out, "; observed ");
	words_duration(out, k->observed_s[i]);
	str_add(out, " of ");
	words_duration(out, length_s(k, i));
	str_add(out, "</title>");
}

static void add_column(struct chart *c, const struct columns *k, int i)
{
	double band = 100.0 / k->n, x = i * band;

	str_add(c->out, "<g>");
	add_tooltip(c->out, k, i);
	str_addf(c->out,
		 "<rect class=\"%s\" x=\"%.3f%%\" width=\"%.3f%%\" y=\"%d\" height=\"%d\"/>",
		 partly(k, i) ? "partly" : "touch", x, band, c->top, c->bottom - c->top);
	if (k->b) {
		chart_bar(c, x + 0.12 * band, 0.36 * band, k->a[i], "a");
		chart_bar(c, x + 0.52 * band, 0.36 * band, k->b[i], "b");
	} else {
		chart_bar(c, x + 0.15 * band, 0.7 * band, k->a[i], "a");
	}
	if (k->mark)
		str_addf(c->out,
			 "<line class=\"mark\" x1=\"%.3f%%\" x2=\"%.3f%%\" y1=\"%.1f\" "
			 "y2=\"%.1f\"/>",
			 x + 0.15 * band, x + 0.85 * band, chart_y(c, k->mark[i]),
			 chart_y(c, k->mark[i]));
	str_add(c->out, "</g>\n");
}

/* The largest number is written on its bar. */
static void add_peak(struct chart *c, const struct columns *k)
{
	int peak = 0;

	for (int i = 1; i < k->n; i++)
		if (k->observed_s[i] > 0 && k->a[i] > k->a[peak])
			peak = i;
	if (k->observed_s[peak] <= 0 || k->a[peak] <= 0 || k->mark)
		return;
	str_addf(c->out,
		 "<text class=\"value\" x=\"%.3f%%\" y=\"%.1f\" "
		 "text-anchor=\"middle\">%.*f</text>\n",
		 100.0 * (peak + (k->b ? 0.3 : 0.5)) / k->n, chart_y(c, k->a[peak]) - 4,
		 k->decimals, k->a[peak]);
}

static void add_hours(struct chart *c, const struct columns *k)
{
	int every = k->n > 14 ? 2 : 1;

	for (int i = 0; i <= k->n; i += every) {
		struct civil at;
		char text[8];

		clock_local(k->from_us[i], &at);
		snprintf(text, sizeof(text), "%02d", at.hour % 100);
		chart_below(c, 100.0 * i / k->n, "middle",
			    k->n > 8 && i / every % 2 ? "axis wide" : "axis", text);
	}
}

/* "14" below its column, every few; Mondays and the first of a month count most. */
static void add_dates(struct chart *c, const struct columns *k)
{
	for (int i = 0; i < k->n; i++) {
		struct civil at;
		char text[16];

		clock_local(k->from_us[i] + 12 * 60 * CLOCK_MINUTE_US, &at);
		if (k->n > 10 && at.weekday != 0)
			continue;
		snprintf(text, sizeof(text), "%d.%d.", at.day, at.month);
		chart_below(c, 100.0 * (i + 0.5) / k->n, "middle", "axis", text);
	}
}

void chart_columns(struct str *out, const struct columns *k)
{
	double max = 0;
	struct chart c;

	for (int i = 0; i < k->n; i++) {
		max = fmax(max, k->a[i]);
		max = k->b ? fmax(max, k->b[i]) : max;
		max = k->mark ? fmax(max, k->mark[i]) : max;
	}
	chart_begin(&c, out, k->id, k->height, max, k->decimals == 0, k->title, k->desc);
	for (int i = 0, to; i < k->n; i = to) {
		for (to = i; to < k->n && k->observed_s[to] <= 0; to++)
			;
		if (to > i)
			chart_gap(&c, 100.0 * i / k->n, 100.0 * (to - i) / k->n);
		else
			add_column(&c, k, to++);
	}
	add_peak(&c, k);
	if (k->days)
		add_dates(&c, k);
	else
		add_hours(&c, k);
	chart_end(&c);
}
