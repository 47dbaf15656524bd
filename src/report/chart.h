/* SPDX-License-Identifier: Apache-2.0 */
/* chart.h -- small charts as inline SVG.
 *
 * A chart is as wide as its place on the page: x is in per cent of the width, y in pixels, so
 * that text keeps its size on a phone. Colours come from the page's style sheet by class.
 */
#ifndef REPORT_CHART_H
#define REPORT_CHART_H

#include <stdbool.h>
#include <stdint.h>

struct str;

struct chart {
	struct str *out;
	int height;      /* of all, pixels */
	int top, bottom; /* of the plot, pixels from the top */
	double max;      /* value at the top */
};

/* A round number (1, 2 or 5 times a power of ten) so that at most n steps reach max; whole:
 * not below 1. */
double chart_step(double max, int n, bool whole);

/* Begins the picture and draws the y axis with grid lines; the scale is fitted to max. id:
 * unique on the page. desc: what a person who cannot see it should know. */
void chart_begin(struct chart *c, struct str *out, const char *id, int height, double max,
		 bool whole, const char *title, const char *desc);
void chart_end(struct chart *c);

double chart_y(const struct chart *c, double v);
/* Text below the plot at x per cent. anchor: "start", "middle" or "end". */
void chart_below(struct chart *c, double x, const char *anchor, const char *class,
		 const char *text);
/* A bar from the base line up to v, with round corners on top. */
void chart_bar(struct chart *c, double x, double w, double v, const char *class);
/* A hatched stretch without data, named when there is room for it. */
void chart_gap(struct chart *c, double x, double w);

/* Values per hour of the day, or per day, side by side. */
struct columns {
	const char *id, *title, *desc;
	int height;
	int n;                                   /* columns */
	const int64_t *from_us;                  /* n + 1: begin of each, end of the last */
	const double *observed_s;                /* 0: no data */
	const double *a, *b;                     /* b NULL: one series */
	const double *mark;                      /* a short line at this value; NULL: none */
	const char *a_name, *b_name, *mark_name; /* for tooltips: "in", "out", "at most" */
	int decimals;
	bool days; /* columns are days */
};

void chart_columns(struct str *out, const struct columns *k);

/* True when less than 98 % of a column was observed, but some of it. */
bool chart_partly(double observed_s, double length_s);

#endif
