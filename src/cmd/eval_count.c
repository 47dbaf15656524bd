/* SPDX-License-Identifier: Apache-2.0 */
/* eval_count.c -- footfall eval count: counted crossings against true ones. */
#include "cmd/eval.h"

#include "base/clock.h"
#include "base/str.h"
#include "base/vec.h"
#include "eval/count.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TOLERANCE_MAX_S 3600.0

/* A line's day. [0]: truth, [1]: counted. */
struct day_count {
	char date[16];
	int line;
	int64_t in[2], out[2];
};

struct counting_eval {
	const char *truth_path, *events_path;
	double tolerance_s;
	struct names names;
	struct crossings truth, events;
	struct count_span span;
	int day_start_s; /* of the business day */
	VEC(struct day_count) days;
};

/* line, in: as of count_score(). */
static struct count_score score_of(const struct counting_eval *e, int line, int in)
{
	struct count_score s;

	count_score(&s, &e->truth, &e->events, (int)e->names.n, line, in, e->span,
		    e->tolerance_s);
	return s;
}

/* ---- closure ---- */

static struct day_count *day_of(struct counting_eval *e, const struct crossing *c)
{
	char date[16];

	clock_day_of(c->t_us, e->day_start_s, date);
	for (size_t i = e->days.n; i-- > 0;)
		if (e->days.v[i].line == c->line && !strcmp(e->days.v[i].date, date))
			return &e->days.v[i];
	*VEC_PUSH(&e->days) = (struct day_count){ .line = c->line };
	str_copy(e->days.v[e->days.n - 1].date, sizeof(date), date);
	return &e->days.v[e->days.n - 1];
}

static int by_line_and_date(const void *a, const void *b)
{
	const struct day_count *x = a, *y = b;

	return x->line != y->line ? (x->line > y->line) - (x->line < y->line)
				  : strcmp(x->date, y->date);
}

static void count_days(struct counting_eval *e)
{
	const struct crossings *both[2] = { &e->truth, &e->events };

	for (int k = 0; k < 2; k++)
		for (size_t i = 0; i < both[k]->n; i++) {
			const struct crossing *c = &both[k]->v[i];
			struct day_count *d = day_of(e, c);

			d->in[k] += c->in;
			d->out[k] += !c->in;
		}
	if (e->days.n)
		qsort(e->days.v, e->days.n, sizeof(*e->days.v), by_line_and_date);
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

static void add_range(struct str *b, const char *name, struct interval v)
{
	if (!isnan(v.lo))
		str_addf(b, "%s %.1f%% to %.1f%%", name, v.lo * 100, v.hi * 100);
}

static void add_ranges(struct str *b, const struct count_score *all)
{
	if (isnan(all->f1_range.lo))
		return;
	str_add(b, "95 % interval of all: ");
	add_range(b, "WAPE", all->wape_range);
	add_range(b, ", bias", all->bias_range);
	add_range(b, ", F1", all->f1_range);
	str_add(b, "\n");
}

static void add_day(struct str *b, const struct counting_eval *e, const struct day_count *d)
{
	str_addf(b, "%-20s %-10s", e->names.v[d->line], d->date);
	for (int k = 0; k < 2; k++) {
		str_addf(b, " %5" PRId64 "/%-5" PRId64, d->in[k], d->out[k]);
		add_percent(b, count_closure(d->in[k], d->out[k]));
	}
	str_add(b, "\n");
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
	add_ranges(b, &all);
	str_addf(b, "\n%-20s %-10s %11s %8s %11s %8s\n", "closure of a day", "", "true in/out",
		 "closure", "counted", "closure");
	for (size_t i = 0; i < e->days.n; i++)
		add_day(b, e, &e->days.v[i]);
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
	eval_add_json_number(b, ", ", "MAE", s.mae);
	eval_add_json_number(b, ", ", "RMSE", s.rmse);
	eval_add_json_number(b, ", ", "WAPE", s.wape);
	eval_add_json_number(b, ", ", "bias", s.bias);
	eval_add_json_number(b, ", ", "precision", s.precision);
	eval_add_json_number(b, ", ", "recall", s.recall);
	eval_add_json_number(b, ", ", "F1", s.f1);
	eval_add_json_number(b, ", ", "off_s", s.off_s);
	eval_add_json_range(b, ", ", "WAPE_range", s.wape_range);
	eval_add_json_range(b, ", ", "bias_range", s.bias_range);
	eval_add_json_range(b, ", ", "F1_range", s.f1_range);
	str_add(b, "}");
}

static void add_json_day(struct str *b, const struct counting_eval *e,
			 const struct day_count *d)
{
	static const char *const names[2] = { "truth", "counted" };

	str_add(b, "{\"line\": ");
	eval_add_json_text(b, e->names.v[d->line]);
	str_addf(b, ", \"day\": \"%s\"", d->date);
	for (int k = 0; k < 2; k++)
		str_addf(b,
			 ", \"%s\": {\"in\": %" PRId64 ", \"out\": %" PRId64
			 ", \"closure\": %.9f}",
			 names[k], d->in[k], d->out[k], count_closure(d->in[k], d->out[k]));
	str_add(b, "}");
}

static void add_json(struct str *b, const struct counting_eval *e)
{
	str_add(b, "{\"format\": \"footfall-eval-1\", \"what\": \"count\", \"truth\": ");
	eval_add_json_text(b, e->truth_path);
	str_add(b, ", \"events\": ");
	eval_add_json_text(b, e->events_path);
	str_addf(b, ", \"tolerance_s\": %g, \"bin_s\": 900,\n\"lines\": [", e->tolerance_s);
	for (int l = 0; l < (int)e->names.n; l++)
		for (int in = 1; in >= 0; in--) {
			str_add(b, l || !in ? ",\n" : "\n");
			add_json_score(b, e->names.v[l], in ? "in" : "out", score_of(e, l, in));
		}
	str_add(b, "],\n\"days\": [");
	for (size_t i = 0; i < e->days.n; i++) {
		str_add(b, i ? ",\n" : "\n");
		add_json_day(b, e, &e->days.v[i]);
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
	count_days(e);
	return rc;
}

int eval_count(const struct cmd_args *a, struct err *err)
{
	struct counting_eval e = { .truth_path = cmd_value(a, "truth"),
				   .events_path = cmd_value(a, "events"),
				   .tolerance_s = 1,
				   .day_start_s = a->conf->store.business_day_start_s };
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
	rc = eval_print(&text, err);
out:
	str_clear(&text);
	crossings_clear(&e.truth);
	crossings_clear(&e.events);
	VEC_FREE(&e.days);
	names_clear(&e.names);
	return rc;
}
