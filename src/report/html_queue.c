/* SPDX-License-Identifier: Apache-2.0 */
/* html_queue.c -- the page's answer to: did anyone wait too long? */
#include "base/vec.h"
#include "report/page.h"
#include "report/words.h"

#include <stdlib.h>
#include <string.h>

static void add_fact(struct page *p, const struct day_place *q, const char *name,
		     const char *metric, bool time)
{
	double v;

	str_addf(p->out, "<div><dt>%s</dt><dd>", name);
	if (!page_metric(q, metric, &q->tally.total, &v))
		str_add(p->out, "\xe2\x80\x93");
	else if (time)
		words_duration(p->out, v);
	else if (strstr(metric, "share"))
		page_percent(p->out, v, 1);
	else if (strstr(metric, "mean"))
		str_addf(p->out, "%.2f", v);
	else
		words_count(p->out, (int64_t)v);
	str_add(p->out, "</dd></div>");
}

static void add_facts(struct page *p, const struct day_place *q)
{
	static const struct {
		const char *name, *metric;
		bool time;
	} facts[] = {
		{ "queued", "queue_joined", false },
		{ "median wait", "queue_wait_p50", true },
		{ "mean wait", "queue_wait_mean", true },
		{ "90th percentile", "queue_wait_p90", true },
		{ "longest wait", "queue_wait_max", true },
		{ "left without being served", "abandonment_share", false },
		{ "waiting, mean", "queue_length_mean", false },
		{ "waiting at once, most", "queue_length_max", false },
		{ "lost from sight", "queue_lost", false },
		{ "served", "queue_service", false },
		{ "service, median", "queue_service_p50", true },
		{ "service, 90th percentile", "queue_service_p90", true },
		{ "came from the front: staff", "queue_front", false },
	};

	str_add(p->out, "<dl class=\"facts many\">");
	for (size_t i = 0; i < sizeof(facts) / sizeof(facts[0]); i++)
		add_fact(p, q, facts[i].name, facts[i].metric, facts[i].time);
	str_add(p->out, "</dl>");
}

/* A metric of each hour or day shown. */
static double *values(const struct page *p, const struct day_place *q, const char *metric,
		      double scale)
{
	double *v = xcalloc((size_t)p->n, sizeof(*v));

	for (int i = 0; i < p->n; i++) {
		double x;

		if (page_metric(q, metric, &q->tally.row[p->first + i], &x))
			v[i] = x * scale;
	}
	return v;
}

static void add_columns(struct page *p, const struct day_place *q, struct page_series s,
			const char *a, const char *mark, double scale)
{
	double *observed_s = xcalloc((size_t)p->n, sizeof(*observed_s));
	double *va = values(p, q, a, scale), *vm = values(p, q, mark, scale);

	for (int i = 0; i < p->n; i++)
		observed_s[i] = q->tally.row[p->first + i].observed_s;
	s.observed_s = observed_s;
	s.a = va;
	s.mark = vm;
	s.height = 150;
	s.desc = "Columns and marks.";
	s.decimals = 1;
	str_addf(p->out, "<p class=\"small\">%s, per %s</p>", s.title,
		 p->days ? "day" : "hour");
	page_columns(p, &s);
	free(va);
	free(vm);
	free(observed_s);
}

/* How long so many waited. */
static void add_levels(struct page *p, const struct day_place *q)
{
	static const char *const names[] = { "queue_length_0", "queue_length_1",
					     "queue_length_2", "queue_length_3",
					     "queue_length_4", "queue_length_5_or_more" };
	double v[6] = { 0 }, most = 0, all = q->tally.total.observed_s;
	struct chart c;
	char id[16];

	for (int k = 0; k < 6; k++) {
		page_metric(q, names[k], &q->tally.total, &v[k]);
		v[k] = 100 * v[k] / all;
		most = v[k] > most ? v[k] : most;
	}
	snprintf(id, sizeof(id), "c%d", ++p->id);
	str_add(p->out,
		"<p class=\"small\">How long so many waited, % of the observed time</p>");
	chart_begin(&c, p->out, id, 130, most, true, "Time at each length of the queue",
		    "Columns: per cent of the observed time.");
	for (int k = 0; k < 6; k++) {
		double w = 100.0 / 6;
		char label[16];

		str_addf(p->out,
			 "<g><title>%d%s waiting: %.1f %%</title><rect class=\"touch\" "
			 "x=\"%.3f%%\" width=\"%.3f%%\" y=\"%d\" height=\"%d\"/>",
			 k, k == 5 ? " or more" : "", v[k], k * w, w, c.top, c.bottom - c.top);
		chart_bar(&c, (k + 0.1) * w, 0.8 * w, v[k], "b");
		str_add(p->out, "</g>\n");
		snprintf(label, sizeof(label), "%d%s", k, k == 5 ? "+" : "");
		chart_below(&c, (k + 0.5) * w, "middle", "axis", label);
	}
	chart_end(&c);
}

static void add_queue(struct page *p, const struct day_place *q)
{
	str_add(p->out, "<figure class=\"card\"><h3>");
	words_html(p->out, q->place.info.name);
	str_add(p->out, "</h3><p class=\"soft\" style=\"margin:0\">observed ");
	page_observed(p, q->tally.total.observed_s);
	str_add(p->out, "</p>");
	if (q->tally.total.observed_s > 0) {
		add_facts(p, q);
		add_columns(p, q,
			    (struct page_series){ .title = "Wait in minutes",
						  .a_name = "nine of ten at most",
						  .mark_name = "longest" },
			    "queue_wait_p90", "queue_wait_max", 1.0 / 60);
		add_columns(p, q,
			    (struct page_series){ .title = "People waiting",
						  .a_name = "mean",
						  .mark_name = "most at once" },
			    "queue_length_mean", "queue_length_max", 1);
		add_levels(p, q);
	}
	str_add(p->out, "</figure>\n");
}

void page_queues(struct page *p)
{
	bool any = false;

	for (int i = 0; i < p->d->n_place; i++)
		any |= p->d->place[i].place.info.kind == PLACE_QUEUE;
	if (!any)
		return;
	str_add(p->out,
		"<section aria-labelledby=\"queues\"><h2 id=\"queues\">Did anyone wait too long"
		"</h2>\n<p class=\"lead\">A wait is from stopping in the queue to reaching its "
		"head, of those who reached it. Who left for good before is counted under left "
		"without being served; who was lost from sight under neither.</p>\n<div "
		"class=\"grid pics\">");
	for (int i = 0; i < p->d->n_place; i++)
		if (p->d->place[i].place.info.kind == PLACE_QUEUE)
			add_queue(p, &p->d->place[i]);
	str_add(p->out, "</div></section>\n");
}
