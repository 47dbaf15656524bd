/* SPDX-License-Identifier: Apache-2.0 */
/* predict.c -- footfall predict: the coming days, and the staff they need. */
#include "study/predict.h"
#include "base/file.h"
#include "cmd/cmd.h"
#include "report/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct cmd_option options[] = {
	{ "db", "FILE", "the store's file, as replay --db wrote it", false },
	{ "days", "N", "how many days ahead, 1 to 28; 7 if not given", false },
	{ "what", "MEASURE", "entries (if not given), passers, in:LINE, out:LINE, visits:ZONE",
	  false },
	{ "per-associate", "N", "people an hour that one associate looks after: suggests staff",
	  false },
	{ "interval", "P",
	  "per cent of cases that the intervals are to hold, 50 to 99; 80 if "
	  "not given",
	  false },
	{ "out", "DIR", "also write a page, CSV and JSON there; made when it is not there",
	  false },
	{ 0 },
};

static int number(const struct cmd_args *a, const char *name, double min, double max, double *v,
		  struct err *err)
{
	const char *text = cmd_value(a, name);
	double x;

	if (!text)
		return 0;
	if (!str_to_double(text, &x) || x < min || x > max)
		return err_set(err, ERR_USAGE, "--%s %s: expected %g to %g", name, text, min,
			       max);
	*v = x;
	return 0;
}

static int parse(const struct cmd_args *a, struct predict_opts *o, struct err *err)
{
	const char *what = cmd_value(a, "what");
	double days = 7, percent = 80;
	int rc;

	if (a->n_rest)
		return err_set(err, ERR_USAGE, "'%s': predict takes options only", a->rest[0]);
	if (!cmd_value(a, "db"))
		return err_set(err, ERR_USAGE,
			       "predict needs --db FILE: what replay --db wrote");
	if ((rc = number(a, "days", 1, FORECAST_DAYS_MAX, &days, err)) < 0 ||
	    (rc = number(a, "interval", 50, 99, &percent, err)) < 0 ||
	    (rc = number(a, "per-associate", 0.1, 1e6, &o->per_associate, err)) < 0)
		return rc;
	o->days = (int)days;
	o->interval = percent / 100;
	if (days != o->days)
		return err_set(err, ERR_USAGE, "--days %s: expected a whole number",
			       cmd_value(a, "days"));
	if (measure_of_parse(&o->of, what ? what : "entries", err) < 0) {
		err_ctx(err, "--what");
		return err->code = ERR_USAGE;
	}
	if (!measure_is_count(o->of.kind))
		return err_set(err, ERR_USAGE,
			       "--what %s: a ratio; expected something that is counted, like "
			       "entries or visits:ZONE",
			       what);
	return 0;
}

static int write_form(const struct predict *p, const char *dir, const char *form,
		      const struct str *text, struct err *err)
{
	struct str name = STR_INIT;
	char *path;
	int rc;

	words_slug(&name, p->store.name);
	str_addf(&name, "-ahead-%s.%s", p->day[0].date, form);
	path = file_join(dir, name.s);
	rc = file_write(path, text->s, text->len, err);
	if (rc >= 0)
		printf("%s\n", path);
	free(path);
	str_clear(&name);
	return rc;
}

static int write_forms(const struct predict *p, const char *dir, struct err *err)
{
	struct str text = STR_INIT, html = STR_INIT, csv = STR_INIT, json = STR_INIT;
	int rc = 0;

	predict_text(p, &text);
	printf("%s", text.s);
	if (!dir || (rc = file_mkdirs(dir, err)) < 0)
		goto out;
	printf("\n");
	predict_html(p, &html);
	predict_csv(p, &csv);
	predict_json(p, &json);
	if ((rc = write_form(p, dir, "html", &html, err)) >= 0 &&
	    (rc = write_form(p, dir, "csv", &csv, err)) >= 0)
		rc = write_form(p, dir, "json", &json, err);
out:
	str_clear(&text);
	str_clear(&html);
	str_clear(&csv);
	str_clear(&json);
	return rc;
}

static int run(const struct cmd_args *a, struct err *err)
{
	struct predict_opts o = { .per_associate = 0 };
	struct calendar calendar = { 0 };
	struct predict p = { 0 };
	struct query *q = NULL;
	int rc;

	if ((rc = parse(a, &o, err)) < 0 ||
	    (rc = calendar_init(&calendar, &a->conf->calendar, err)) < 0 ||
	    (rc = query_open(&q, cmd_value(a, "db"), err)) < 0)
		goto out;
	o.calendar = &calendar;
	rc = predict_make(&p, q, &o, err);
	if (rc == 0)
		rc = write_forms(&p, cmd_value(a, "out"), err);
out:
	predict_clear(&p);
	query_close(q);
	calendar_clear(&calendar);
	return rc;
}

const struct cmd cmd_predict = {
	.name = "predict",
	.words = "",
	.help = "forecast the coming days by the hour, and the staff they need",
	.manual =
		"Learns from all days of the file (400 at most, 3 weeks at least) and says for "
		"each hour of the days after the last one how many are to be expected, with an "
		"interval; below, how good such forecasts were on the last weeks, compared with "
		"'as the same weekday last week'. --per-associate adds how many associates that "
		"makes, for the expected and for the interval's upper end.\n\n"
		"Opening hours (store.hours) and holidays (files.holidays) come from the settings. "
		"Holidays are not learned from like other days; a coming one is forecast by those "
		"there were, when they were at least three. An hour of which nothing is known is a "
		"dash or empty, and never a zero; hours that were not observed are not learned "
		"from.",
	.options = options,
	.flags = CMD_CONF,
	.run = run,
};
