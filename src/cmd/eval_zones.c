/* SPDX-License-Identifier: Apache-2.0 */
/* eval_zones.c -- footfall eval occupancy and dwell: people at once, and how long they stay. */
#include "cmd/eval.h"

#include "eval/dwell.h"
#include "eval/occupancy.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

static int need_files(const struct cmd_args *a, const char **truth, const char **events,
		      struct err *err)
{
	*truth = cmd_value(a, "truth");
	*events = cmd_value(a, "events");
	if (!*truth || !*events)
		return err_set(err, ERR_USAGE, "expected --truth and --events");
	return 0;
}

static void add_number(struct str *b, double v, int digits)
{
	if (isnan(v))
		str_addf(b, " %9s", "-");
	else
		str_addf(b, " %9.*f", digits, v);
}

static void add_percent(struct str *b, double v)
{
	if (isnan(v))
		str_addf(b, " %9s", "-");
	else
		str_addf(b, " %8.1f%%", v * 100);
}

static void add_range(struct str *b, struct interval v, int digits)
{
	if (isnan(v.lo))
		str_addf(b, "   -");
	else
		str_addf(b, "   %.*f to %.*f", digits, v.lo, digits, v.hi);
}

static void begin_json(struct str *b, const char *what, const char *truth, const char *events)
{
	str_addf(b, "{\"format\": \"footfall-eval-1\", \"what\": \"%s\", \"truth\": ", what);
	eval_add_json_text(b, truth);
	str_add(b, ", \"events\": ");
	eval_add_json_text(b, events);
	str_add(b, ",\n\"places\": [");
}

static int print(struct str *b, int rc, struct err *err)
{
	if (rc >= 0)
		rc = eval_print(b, err);
	str_clear(b);
	return rc;
}

/* ---- occupancy ---- */

struct occupancy_eval {
	const char *truth_path, *events_path;
	struct names names;
	struct occupancy truth, counted;
};

static bool has_place(const struct occupancy *o, int place)
{
	for (size_t i = 0; i < o->n; i++)
		if (o->v[i].place == place)
			return true;
	return false;
}

/* Of the store only where somebody said by which lines one comes in. */
static bool is_compared(const struct occupancy_eval *e, int place)
{
	return has_place(&e->counted, place) ||
	       (has_place(&e->truth, place) && strcmp(e->names.v[place], OCCUPANCY_STORE) != 0);
}

static void occupancy_table(struct str *b, const struct occupancy_eval *e)
{
	str_addf(b, "%s against %s, once a minute\n\n", e->events_path, e->truth_path);
	str_addf(b, "%-20s %9s %9s %9s %9s %9s %9s %9s %9s   %s\n", "place", "samples", "true",
		 "MAE", "bias", "exact", "within 1", "max", "drift/h", "MAE, 95 %");
	for (int i = 0; i < (int)e->names.n; i++) {
		struct occupancy_score s;

		if (!is_compared(e, i))
			continue;
		occupancy_score(&s, &e->truth, &e->counted, i);
		str_addf(b, "%-20s %9" PRId64, e->names.v[i], s.samples);
		add_number(b, s.truth, 2);
		add_number(b, s.mae, 2);
		add_number(b, s.bias, 2);
		add_percent(b, s.exact);
		add_percent(b, s.within1);
		str_addf(b, " %9" PRId64, s.max_error);
		add_number(b, s.drift_h, 2);
		add_range(b, s.mae_range, 2);
		str_add(b, "\n");
	}
}

static void occupancy_json(struct str *b, const struct occupancy_eval *e)
{
	const char *comma = "\n";

	begin_json(b, "occupancy", e->truth_path, e->events_path);
	for (int i = 0; i < (int)e->names.n; i++) {
		struct occupancy_score s;

		if (!is_compared(e, i))
			continue;
		occupancy_score(&s, &e->truth, &e->counted, i);
		str_addf(b, "%s{\"place\": ", comma);
		eval_add_json_text(b, e->names.v[i]);
		str_addf(b, ", \"samples\": %" PRId64 ", \"max_error\": %" PRId64, s.samples,
			 s.max_error);
		eval_add_json_number(b, ", ", "truth", s.truth);
		eval_add_json_number(b, ", ", "MAE", s.mae);
		eval_add_json_number(b, ", ", "bias", s.bias);
		eval_add_json_number(b, ", ", "exact", s.exact);
		eval_add_json_number(b, ", ", "within1", s.within1);
		eval_add_json_number(b, ", ", "drift_h", s.drift_h);
		eval_add_json_range(b, ", ", "MAE_range", s.mae_range);
		eval_add_json_range(b, ", ", "bias_range", s.bias_range);
		eval_add_json_range(b, ", ", "exact_range", s.exact_range);
		str_add(b, "}");
		comma = ",\n";
	}
	str_add(b, "]}\n");
}

int eval_occupancy(const struct cmd_args *a, struct err *err)
{
	const struct cmd_given *entry = eval_given(a, "entry");
	struct occupancy_eval e = { 0 };
	struct str text = STR_INIT;
	int rc = need_files(a, &e.truth_path, &e.events_path, err);

	if (rc >= 0)
		rc = occupancy_read(&e.truth, &e.names, entry->v, entry->n, e.truth_path, err);
	if (rc >= 0)
		rc = occupancy_read(&e.counted, &e.names, entry->v, entry->n, e.events_path,
				    err);
	if (rc >= 0 && cmd_has(a, "json"))
		occupancy_json(&text, &e);
	else if (rc >= 0)
		occupancy_table(&text, &e);
	rc = print(&text, rc, err);
	occupancy_clear(&e.truth);
	occupancy_clear(&e.counted);
	names_clear(&e.names);
	return rc;
}

/* ---- dwell ---- */

struct dwell_eval {
	const char *truth_path, *events_path;
	struct names names;
	struct visits truth, counted;
};

static void dwell_row(struct str *b, const char *name, const struct dwell_score *s)
{
	str_addf(b, "%-20s %7" PRId64 " %7" PRId64 " %7" PRId64, name, s->truth, s->counted,
		 s->matched);
	add_percent(b, s->precision);
	add_percent(b, s->recall);
	add_number(b, s->mae_s, 2);
	add_number(b, s->bias_s, 2);
	add_percent(b, s->mape);
	add_percent(b, s->wape);
	add_range(b, s->mae_range, 2);
	str_add(b, "\n");
}

static void dwell_table(struct str *b, const struct dwell_eval *e)
{
	struct dwell_score s;

	str_addf(b, "%s against %s\n", e->events_path, e->truth_path);
	str_addf(b, "matched: same zone, at least %.0f %% of their time in common\n\n",
		 DWELL_OVERLAP * 100);
	str_addf(b, "%-20s %7s %7s %7s %9s %9s %9s %9s %9s %9s   %s\n", "zone", "truth",
		 "counted", "matched", "precis.", "recall", "MAE s", "bias s", "MAPE", "WAPE",
		 "MAE s, 95 %");
	for (int i = 0; i < (int)e->names.n; i++) {
		dwell_score(&s, &e->truth, &e->counted, i);
		dwell_row(b, e->names.v[i], &s);
	}
	dwell_score(&s, &e->truth, &e->counted, -1);
	dwell_row(b, "all", &s);
}

static void dwell_json_score(struct str *b, const struct dwell_score *s)
{
	str_addf(b, "\"truth\": %" PRId64 ", \"counted\": %" PRId64 ", \"matched\": %" PRId64,
		 s->truth, s->counted, s->matched);
	eval_add_json_number(b, ", ", "precision", s->precision);
	eval_add_json_number(b, ", ", "recall", s->recall);
	eval_add_json_number(b, ", ", "MAE_s", s->mae_s);
	eval_add_json_number(b, ", ", "MAPE", s->mape);
	eval_add_json_number(b, ", ", "WAPE", s->wape);
	eval_add_json_number(b, ", ", "bias_s", s->bias_s);
	eval_add_json_range(b, ", ", "MAE_s_range", s->mae_range);
	eval_add_json_range(b, ", ", "WAPE_range", s->wape_range);
	eval_add_json_range(b, ", ", "bias_s_range", s->bias_range);
	eval_add_json_range(b, ", ", "recall_range", s->recall_range);
	str_add(b, "}");
}

static void dwell_json(struct str *b, const struct dwell_eval *e)
{
	struct dwell_score s;

	begin_json(b, "dwell", e->truth_path, e->events_path);
	for (int i = 0; i < (int)e->names.n; i++) {
		dwell_score(&s, &e->truth, &e->counted, i);
		str_addf(b, "%s\n{\"place\": ", i ? "," : "");
		eval_add_json_text(b, e->names.v[i]);
		str_add(b, ", ");
		dwell_json_score(b, &s);
	}
	dwell_score(&s, &e->truth, &e->counted, -1);
	str_add(b, "],\n\"all\": {");
	dwell_json_score(b, &s);
	str_add(b, "}\n");
}

int eval_dwell(const struct cmd_args *a, struct err *err)
{
	struct dwell_eval e = { 0 };
	struct str text = STR_INIT;
	int rc = need_files(a, &e.truth_path, &e.events_path, err);

	if (rc >= 0)
		rc = visits_read(&e.truth, &e.names, e.truth_path, err);
	if (rc >= 0)
		rc = visits_read(&e.counted, &e.names, e.events_path, err);
	if (rc >= 0 && cmd_has(a, "json"))
		dwell_json(&text, &e);
	else if (rc >= 0)
		dwell_table(&text, &e);
	rc = print(&text, rc, err);
	visits_clear(&e.truth);
	visits_clear(&e.counted);
	names_clear(&e.names);
	return rc;
}
