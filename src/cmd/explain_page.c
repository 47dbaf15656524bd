/* SPDX-License-Identifier: Apache-2.0 */
/* explain_page.c -- what 'footfall explain' found, as text and as a page with a plan. */
#include "cmd/explain.h"

#include "base/clock.h"
#include "report/words.h"

#include <inttypes.h>
#include <math.h>

#define WIDE 900.0 /* of the drawing, its own units */
#define EDGE 40.0

/* ---- words ---- */

static void add_distance(struct str *out, const struct explain *e, double d)
{
	if (e->metric)
		str_addf(out, "%.2f m", d);
	else
		str_addf(out, "%.1f %% of the picture's height", d * 100);
}

/* A track that breaks off at the line is the commonest reason for a crossing that is missed. */
static void add_ends(struct str *out, const struct explain *e, const struct explain_path *p)
{
	int64_t first = p->v[0].t_us, last = p->v[p->n - 1].t_us;

	if (first >= e->from_us && first < e->to_us) {
		str_add(out, ", began ");
		add_distance(out, e, p->began);
		str_add(out, " from it");
	}
	if (last >= e->from_us && last < e->to_us) {
		str_add(out, ", ended ");
		add_distance(out, e, p->ended);
		str_add(out, " from it");
	}
}

void explain_words(struct str *out, const struct explain *e, const struct explain_row *r)
{
	const struct explain_path *p = explain_path_of(e, r);

	if (!r->confirmed)
		str_add(out, "was never confirmed as a person; ");
	str_add(out, line_rule_words(r->rule));
	if (r->rule == LINE_RULE_NONE && p) {
		str_add(out, "; was ");
		add_distance(out, e, p->nearest);
		str_add(out, " from it");
	}
	if (p && p->n && r->rule != LINE_RULE_CLEAR && r->rule != LINE_RULE_UTURN)
		add_ends(out, e, p);
}

/* The rule's name; "none" of a track that is not confirmed would say too little. */
static const char *rule_name(const struct explain_row *r)
{
	return r->confirmed ? line_rule_name(r->rule) : "not confirmed";
}

static const char *way(const struct explain_row *r)
{
	return r->dir > 0 ? "in" : r->dir < 0 ? "out" : "-";
}

/* What is not confirmed has no number that is told anywhere else. */
static void add_track(struct str *out, int64_t track, bool confirmed)
{
	str_addf(out, "%s%" PRId64, confirmed ? "" : "?", track);
}

static void add_time(struct str *out, int64_t t_us)
{
	char text[CLOCK_TEXT];

	str_addf(out, "%.8s.%d", clock_text_local(t_us, text) + 11, (int)(t_us / 100000 % 10));
}

static void add_head(struct str *out, const struct explain *e)
{
	char text[CLOCK_TEXT];
	int minutes = (int)((e->to_us - e->from_us) / CLOCK_MINUTE_US);

	str_addf(out, "line '%s', %s, %d min: ", e->line, clock_text_local(e->from_us, text),
		 minutes);
	if (e->observed_s <= 0) {
		str_add(out, "not observed, so nothing was counted");
		return;
	}
	str_addf(out, "%d in, %d out; observed %.0f s of %d s", e->in, e->out, e->observed_s,
		 minutes * 60);
}

static void add_notes(struct str *out, const struct explain *e)
{
	if (e->elsewhere)
		str_addf(out, "%d more track%s did not come near the line\n", e->elsewhere,
			 e->elsewhere == 1 ? "" : "s");
	if (!e->replayed)
		str_add(out, "these are the events that are kept; paths are not, so who did "
			     "not count is not known: give the clip to find out\n");
	else if (e->stored >= 0 && e->stored != e->in + e->out)
		str_addf(out,
			 "the database has %d events of it: it was counted with other "
			 "settings, another plan, or its events are deleted\n",
			 e->stored);
	else if (e->stored >= 0)
		str_add(out, "the database has the same number of events\n");
}

void explain_text(struct str *out, const struct explain *e)
{
	add_head(out, e);
	str_add(out, "\n");
	for (size_t i = 0; i < e->n_row; i++) {
		const struct explain_row *r = &e->row[i];
		struct str track = STR_INIT;

		str_add(out, "  ");
		add_time(out, r->t_us);
		add_track(&track, r->track, r->confirmed);
		str_addf(out, "  track %-5s %-3s  %-11s  %-13s  ", track.s, way(r),
			 explain_counts(r) ? "counted" : "not counted", rule_name(r));
		explain_words(out, e, r);
		str_add(out, "\n");
		str_clear(&track);
	}
	add_notes(out, e);
}

/* ---- the drawing ---- */

/* From floor units to the drawing's. */
struct frame {
	struct pt_floor low, high;
	double scale, height;
	bool up; /* y goes up */
};

static void take_in(struct frame *f, struct pt_floor p)
{
	f->low.x = fmin(f->low.x, p.x);
	f->low.y = fmin(f->low.y, p.y);
	f->high.x = fmax(f->high.x, p.x);
	f->high.y = fmax(f->high.y, p.y);
}

/* All of the line, and of the paths that are told of. Other places are cut off at its edge. */
static struct frame frame_of(const struct explain *e)
{
	const struct explain_shape *line = &e->shape[e->place];
	struct frame f = { .low = { INFINITY, INFINITY },
			   .high = { -INFINITY, -INFINITY },
			   .up = e->metric };
	double wide, tall;

	for (int i = 0; i < line->n; i++)
		take_in(&f, line->v[i]);
	for (size_t i = 0; i < e->n_row; i++) {
		const struct explain_path *p = explain_path_of(e, &e->row[i]);

		for (size_t k = 0; p && k < p->n; k++)
			take_in(&f, p->v[k].at);
	}
	wide = fmax(f.high.x - f.low.x, 1e-3);
	tall = fmax(f.high.y - f.low.y, 1e-3);
	f.scale = fmin(WIDE / wide, WIDE / tall);
	f.height = tall * f.scale;
	return f;
}

static void add_point(struct str *out, const struct frame *f, struct pt_floor p)
{
	double y = f->up ? f->high.y - p.y : p.y - f->low.y;

	str_addf(out, "%.1f,%.1f ", (p.x - f->low.x) * f->scale, y * f->scale);
}

/* NULL: no row tells of it. */
static const char *class_of(const struct explain *e, const struct explain_path *p)
{
	const char *class = NULL;

	for (size_t i = 0; i < e->n_row; i++) {
		const struct explain_row *r = &e->row[i];

		if (explain_path_of(e, r) != p)
			continue;
		if (!r->confirmed)
			return "unsure";
		if (explain_counts(r))
			return r->dir > 0 ? "in" : "out";
		class = r->rule == LINE_RULE_NONE ? "none" : "not";
	}
	return class;
}

static void add_label(struct str *out, const struct frame *f, struct pt_floor at,
		      const char *class, const char *text)
{
	double y = f->up ? f->high.y - at.y : at.y - f->low.y;

	str_addf(out, "<text class=\"%s\" x=\"%.1f\" y=\"%.1f\">", class,
		 (at.x - f->low.x) * f->scale + 6, y * f->scale - 6);
	words_html(out, text);
	str_add(out, "</text>\n");
}

static void add_shapes(struct str *out, const struct explain *e, const struct frame *f)
{
	for (int i = 0; i < e->n_shapes; i++) {
		const struct explain_shape *s = &e->shape[i];
		bool open = s->kind == PLACE_LINE || s->kind == PLACE_FIXTURE;

		if (!s->n)
			continue;
		str_addf(out, "<%s class=\"%s\" points=\"", open ? "polyline" : "polygon",
			 i == e->place ? "line" : "other");
		for (int k = 0; k < s->n; k++)
			add_point(out, f, s->v[k]);
		str_add(out, "\"/>\n");
		add_label(out, f, s->v[0], i == e->place ? "line" : "other", s->name);
	}
}

/* Which way is in: to the right hand of who walks along the line. */
static void add_arrow(struct str *out, const struct explain *e, const struct frame *f)
{
	const struct explain_shape *s = &e->shape[e->place];
	int k = s->n / 2 > 0 ? s->n / 2 : 1;
	struct pt_floor a = s->v[k - 1], b = s->v[k];
	double dx = (b.x - a.x), dy = f->up ? a.y - b.y : b.y - a.y, n = hypot(dx, dy);
	double x = ((a.x + b.x) / 2 - f->low.x) * f->scale;
	double y =
		(f->up ? f->high.y - (a.y + b.y) / 2 : (a.y + b.y) / 2 - f->low.y) * f->scale;

	if (n <= 0)
		return;
	str_addf(out,
		 "<line class=\"line\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" "
		 "marker-end=\"url(#head)\"/>\n<text class=\"line\" x=\"%.1f\" y=\"%.1f\">",
		 x, y, x - dy / n * 34, y + dx / n * 34, x - dy / n * 52 + 4,
		 y + dx / n * 52 + 5);
	words_html(out, e->in_label);
	str_add(out, "</text>\n");
}

static void add_path(struct str *out, const struct explain *e, const struct frame *f,
		     const struct explain_path *p)
{
	const char *class = class_of(e, p);
	struct str number = STR_INIT;

	if (!class || !p->n)
		return;
	str_addf(out, "<polyline class=\"path %s\" marker-end=\"url(#dot)\" points=\"", class);
	for (size_t k = 0; k < p->n; k++)
		add_point(out, f, p->v[k].at);
	str_add(out, "\"/>\n");
	add_track(&number, p->track, p->confirmed);
	add_label(out, f, p->v[0].at, class, number.s);
	str_clear(&number);
}

static void add_drawing(struct str *out, const struct explain *e)
{
	struct frame f = frame_of(e);

	str_addf(out,
		 "<svg role=\"img\" aria-label=\"Paths on the plan\" "
		 "viewBox=\"%.0f %.0f %.0f %.0f\">\n<defs><marker id=\"head\" "
		 "viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"6\" "
		 "markerHeight=\"6\" orient=\"auto\"><path d=\"M0 0L8 4L0 8\" "
		 "fill=\"none\" stroke=\"context-stroke\"/></marker><marker id=\"dot\" "
		 "viewBox=\"0 0 8 8\" refX=\"4\" refY=\"4\" markerWidth=\"4\" "
		 "markerHeight=\"4\"><circle cx=\"4\" cy=\"4\" r=\"4\" "
		 "fill=\"context-stroke\"/></marker></defs>\n",
		 -EDGE, -EDGE, (f.high.x - f.low.x) * f.scale + 2 * EDGE, f.height + 2 * EDGE);
	add_shapes(out, e, &f);
	add_arrow(out, e, &f);
	for (size_t i = 0; i < e->n_path; i++)
		add_path(out, e, &f, &e->path[i]);
	str_add(out, "</svg>\n");
}

/* ---- the page ---- */

static const char style[] =
	":root{color-scheme:light dark;--ground:#f4f5f6;--card:#fff;--ink:#15191d;"
	"--soft:#566069;--edge:#dfe3e6;--in:#0b6e69;--out:#a4480a;--not:#8a1c4b}"
	"@media(prefers-color-scheme:dark){:root{--ground:#0e1114;--card:#171b1f;"
	"--ink:#e9edf0;--soft:#9da8b1;--edge:#2a3036;--in:#3fb8ae;--out:#ee9a4d;--not:#f283ab}}"
	"*{box-sizing:border-box}body{margin:0 auto;padding:20px 16px 40px;max-width:1000px;"
	"background:var(--ground);color:var(--ink);font:15px/1.45 system-ui,sans-serif;"
	"font-variant-numeric:tabular-nums}h1{font-size:20px;margin:0 0 12px}"
	"p{color:var(--soft);max-width:78ch}"
	"svg{display:block;width:100%;max-height:80vh;background:var(--card);"
	"border:1px solid var(--edge);border-radius:8px}"
	"polyline,polygon,line{fill:none;stroke-width:2.5;stroke-linejoin:round;"
	"stroke-linecap:round;vector-effect:non-scaling-stroke}"
	".line{stroke:var(--ink);stroke-width:3}.other{stroke:var(--soft);stroke-width:1;"
	"stroke-dasharray:5 4}.in{stroke:var(--in)}.out{stroke:var(--out)}"
	".not{stroke:var(--not);stroke-dasharray:9 5}.none{stroke:var(--soft)}"
	".unsure{stroke:var(--soft);stroke-dasharray:2 5}"
	"text{stroke:none;font-size:15px;paint-order:stroke;fill:var(--ink)}"
	"text.in{stroke:none;fill:var(--in)}text.out{stroke:none;fill:var(--out)}"
	"text.not{stroke:none;fill:var(--not)}text.other,text.none,text.unsure,text.line{"
	"stroke:none}text.other,text.none,text.unsure{fill:var(--soft)}"
	".scroll{overflow-x:auto}table{border-collapse:collapse;margin-top:16px;width:100%}"
	"th,td{text-align:left;padding:5px 10px 5px 0;border-bottom:1px solid var(--edge);"
	"vertical-align:top}td.in{color:var(--in)}td.out{color:var(--out)}td.not{color:var(--not)}";

static void add_table(struct str *out, const struct explain *e)
{
	str_add(out, "<div class=\"scroll\"><table><thead><tr><th>Time<th>Track<th>Way"
		     "<th>Counted<th>Rule<th>What it did</tr></thead><tbody>\n");
	for (size_t i = 0; i < e->n_row; i++) {
		const struct explain_row *r = &e->row[i];
		struct str words = STR_INIT;

		str_add(out, "<tr><td>");
		add_time(out, r->t_us);
		str_add(out, "<td>");
		add_track(out, r->track, r->confirmed);
		str_add(out, "<td>");
		words_html(out, r->dir > 0 ? e->in_label : r->dir < 0 ? e->out_label : "-");
		str_addf(out, "<td class=\"%s\">%s<td>%s<td>",
			 explain_counts(r) ? (r->dir > 0 ? "in" : "out") : "not",
			 explain_counts(r) ? "yes" : "no", rule_name(r));
		explain_words(&words, e, r);
		words_html(out, words.s);
		str_add(out, "</tr>\n");
		str_clear(&words);
	}
	str_add(out, "</tbody></table></div>\n");
}

void explain_page(struct str *out, const struct explain *e)
{
	struct str head = STR_INIT, notes = STR_INIT;

	add_head(&head, e);
	add_notes(&notes, e);
	str_add(out,
		"<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
		"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
		"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src "
		"'none'; style-src 'unsafe-inline'\">\n<title>");
	words_html(out, e->line);
	str_addf(out, " explained</title>\n<style>%s</style>\n</head>\n<body>\n<h1>", style);
	words_html(out, head.s);
	str_add(out, "</h1>\n");
	add_drawing(out, e);
	add_table(out, e);
	str_add(out, "<p>");
	words_html(out, notes.s);
	str_add(out,
		"Paths are foot points, from 10 s before to 10 s after; the dot is where one "
		"ends. A broken line: not counted.</p>\n</body>\n</html>\n");
	str_clear(&head);
	str_clear(&notes);
}
