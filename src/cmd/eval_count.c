/* SPDX-License-Identifier: Apache-2.0 */
/* eval_count.c -- footfall eval count: counted crossings against true ones. */
#include "cmd/eval.h"

#include "base/str.h"
#include "eval/count.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#define TOLERANCE_MAX_S 3600.0

struct counting_eval {
	const char *truth_path, *events_path;
	double tolerance_s;
	struct line_names names;
	struct crossings truth, events;
	struct count_span span;
};

/* line, in: as of count_score(). */
static struct count_score score_of(const struct counting_eval *e, int line, int in)
{
	struct count_score s;

	count_score(&s, &e->truth, &e->events, (int)e->names.n, line, in, e->span,
		    e->tolerance_s);
	return s;
}

static void add_percent(struct str *b, double share)
{
	if (isnan(share))
		str_addf(b, " %8s", "-");
	else
		str_addf(b, " %7.1f%%", share * 100);
}

static void add_row(struct str *b, const char *line, const char *way, struct count_score s)
{
	str_addf(b, "%-20s %-4s %7" PRId64 " %7" PRId64 " %7" PRId64, line, way, s.truth,
		 s.counted, s.matched);
	add_percent(b, s.wape);
	add_percent(b, s.bias);
	str_addf(b, " %7.2f %5" PRId64, s.mae, s.max_error);
	add_percent(b, s.precision);
	add_percent(b, s.recall);
	add_percent(b, s.f1);
	str_addf(b, " %7.2f\n", s.off_s);
}

static void add_table(struct str *b, const struct counting_eval *e)
{
	struct count_score all = score_of(e, -1, -1);

	str_addf(b, "%s against %s\n", e->events_path, e->truth_path);
	str_addf(b,
		 "matched: same line and direction, at most %g s apart; bins of 15 minutes: "
		 "%" PRId64 ", of them empty: %" PRId64 "\n\n",
		 e->tolerance_s, all.bins, all.empty_bins);
	str_addf(b, "%-20s %-4s %7s %7s %7s %8s %8s %7s %5s %8s %8s %8s %7s\n", "line", "way",
		 "truth", "counted", "matched", "WAPE", "bias", "MAE", "max", "precis.",
		 "recall", "F1", "off s");
	for (int l = 0; l < (int)e->names.n; l++)
		for (int in = 1; in >= 0; in--)
			add_row(b, e->names.v[l], in ? "in" : "out", score_of(e, l, in));
	if (e->names.n > 1)
		for (int in = 1; in >= 0; in--)
			add_row(b, "all lines", in ? "in" : "out", score_of(e, -1, in));
	add_row(b, "all", "both", all);
}

static void add_json_ratio(struct str *b, const char *name, double v)
{
	if (isnan(v))
		str_addf(b, ", \"%s\": null", name);
	else
		str_addf(b, ", \"%s\": %.9f", name, v);
}

static void add_json_score(struct str *b, const char *line, const char *way,
			   struct count_score s)
{
	str_add(b, "{\"line\": ");
	if (line)
		eval_add_json_text(b, line);
	else
		str_add(b, "null");
	str_addf(b,
		 ", \"direction\": \"%s\", \"truth\": %" PRId64 ", \"counted\": %" PRId64
		 ", \"matched\": %" PRId64 ", \"bins\": %" PRId64 ", \"empty_bins\": %" PRId64
		 ", \"max_bin_error\": %" PRId64,
		 way, s.truth, s.counted, s.matched, s.bins, s.empty_bins, s.max_error);
	add_json_ratio(b, "MAE", s.mae);
	add_json_ratio(b, "RMSE", s.rmse);
	add_json_ratio(b, "WAPE", s.wape);
	add_json_ratio(b, "bias", s.bias);
	add_json_ratio(b, "precision", s.precision);
	add_json_ratio(b, "recall", s.recall);
	add_json_ratio(b, "F1", s.f1);
	add_json_ratio(b, "off_s", s.off_s);
	str_add(b, "}");
}

static void add_json(struct str *b, const struct counting_eval *e)
{
	str_add(b, "{\"truth\": ");
	eval_add_json_text(b, e->truth_path);
	str_add(b, ", \"events\": ");
	eval_add_json_text(b, e->events_path);
	str_addf(b, ", \"tolerance_s\": %g, \"bin_s\": 900,\n\"lines\": [", e->tolerance_s);
	for (int l = 0; l < (int)e->names.n; l++)
		for (int in = 1; in >= 0; in--) {
			str_add(b, l || !in ? ",\n" : "\n");
			add_json_score(b, e->names.v[l], in ? "in" : "out", score_of(e, l, in));
		}
	str_add(b, "],\n\"in\": ");
	add_json_score(b, NULL, "in", score_of(e, -1, 1));
	str_add(b, ",\n\"out\": ");
	add_json_score(b, NULL, "out", score_of(e, -1, 0));
	str_add(b, ",\n\"all\": ");
	add_json_score(b, NULL, "both", score_of(e, -1, -1));
	str_add(b, "}\n");
}

static int read_files(struct counting_eval *e, struct err *err)
{
	int rc = crossings_read(&e->truth, &e->names, e->truth_path, err);

	if (rc >= 0)
		rc = crossings_read(&e->events, &e->names, e->events_path, err);
	e->span = count_span_of(&e->truth, &e->events);
	return rc;
}

int eval_count(const struct cmd_args *a, struct err *err)
{
	struct counting_eval e = { .truth_path = cmd_value(a, "truth"),
				   .events_path = cmd_value(a, "events"),
				   .tolerance_s = 1 };
	const char *tolerance = cmd_value(a, "tolerance");
	struct str text = STR_INIT;
	int rc;

	if (!e.truth_path || !e.events_path)
		return err_set(err, ERR_USAGE, "expected --truth and --events");
	if (tolerance && (!str_to_double(tolerance, &e.tolerance_s) || e.tolerance_s < 0 ||
			  e.tolerance_s > TOLERANCE_MAX_S))
		return err_set(err, ERR_USAGE,
			       "--tolerance is '%s', expected a number from 0 to %g s",
			       tolerance, TOLERANCE_MAX_S);
	rc = read_files(&e, err);
	if (rc < 0)
		goto out;
	if (cmd_has(a, "json"))
		add_json(&text, &e);
	else
		add_table(&text, &e);
	if (fputs(text.s, stdout) == EOF || fflush(stdout) == EOF)
		rc = err_set(err, ERR_IO, "cannot write to standard output");
out:
	str_clear(&text);
	crossings_clear(&e.truth);
	crossings_clear(&e.events);
	line_names_clear(&e.names);
	return rc;
}
