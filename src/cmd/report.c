/* SPDX-License-Identifier: Apache-2.0 */
/* report.c -- footfall report: days' figures as a table, CSV, JSON, a workbook and a page. */
#include "base/clock.h"
#include "base/file.h"
#include "base/str.h"
#include "cmd/cmd.h"
#include "cmd/day_files.h"
#include "store/query.h"

#include <string.h>

static const struct cmd_option options[] = {
	{ "db", "FILE", "the store's file, as replay --db wrote it", false },
	{ "day", "D", "the business day, like 2026-03-14; the last one with data if not given",
	  false },
	{ "from", "D", "the first of several business days", false },
	{ "to", "D", "the last of them; the last one with data if not given", false },
	{ "out", "DIR", "where the files go; made when it is not there", false },
	{ "bucket", "LENGTH",
	  "1min, 15min (if not given), hour, day, week (ISO) or retail-week: rows of CSV and JSON",
	  false },
	{ "sales", "FILE", "the till's CSV: time, transactions, amount", false },
	{ "roster", "FILE", "the roster's CSV: start, end, associates", false },
	{ "layout", "NAME", "one more CSV, as axis-counter, axis-queue or hikvision have it",
	  true },
	{ 0 },
};

/* Everything that the command line and the settings say. */
struct job {
	struct day_files_opts files;
	struct calendar calendar;
	struct sales sales;
};

static int bucket_length(const char *word, const struct calendar *c, struct day_span *s,
			 struct err *err)
{
	static const struct {
		const char *word;
		int s;
	} lengths[] = {
		{ "1min", 60 },   { "15min", 900 },       { "hour", 3600 },
		{ "day", 86400 }, { "week", DAY_WEEK_S }, { "retail-week", DAY_WEEK_S },
	};

	s->bucket_s = 900;
	if (!word)
		return 0;
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++)
		if (strcmp(word, lengths[i].word) == 0) {
			s->bucket_s = lengths[i].s;
			s->week_start = strcmp(word, "retail-week") == 0 ? c->week_start : 0;
			return 0;
		}
	return err_set(err, ERR_USAGE,
		       "--bucket %s: expected 1min, 15min, hour, day, week or retail-week",
		       word);
}

static int check_day(const char *day, const char *option, struct err *err)
{
	int64_t from_us, to_us;

	if (!day || clock_day(day, 0, &from_us, &to_us, err) == 0)
		return 0;
	err_ctx(err, "--%s", option);
	return err->code = ERR_USAGE;
}

static int parse_days(const struct cmd_args *a, struct day_span *s, struct err *err)
{
	const char *day = cmd_value(a, "day"), *from = cmd_value(a, "from"),
		   *to = cmd_value(a, "to");
	int rc;

	if (day && (from || to))
		return err_set(err, ERR_USAGE, "--day and --%s exclude each other",
			       from ? "from" : "to");
	if (to && !from)
		return err_set(err, ERR_USAGE, "--to needs --from D: the first day");
	if ((rc = check_day(day, "day", err)) < 0 || (rc = check_day(from, "from", err)) < 0 ||
	    (rc = check_day(to, "to", err)) < 0)
		return rc;
	s->first = day ? day : from;
	s->last = day ? day : to;
	return 0;
}

static const struct cmd_given *given(const struct cmd_args *a, const char *name)
{
	for (int i = 0; options[i].name; i++)
		if (a->given && strcmp(options[i].name, name) == 0)
			return &a->given[i];
	return NULL;
}

static int parse_layouts(const struct cmd_args *a, struct day_files_opts *o, struct err *err)
{
	const struct cmd_given *g = given(a, "layout");

	for (int i = 0; g && i < g->n; i++) {
		const struct layout *l = layout_find(g->v[i]);

		if (!l)
			return err_set(
				err, ERR_USAGE,
				"--layout %s: expected axis-counter, axis-queue or hikvision",
				g->v[i]);
		if (o->n_layouts == DAY_FILES_LAYOUTS)
			return err_set(err, ERR_USAGE, "--layout: at most %d",
				       DAY_FILES_LAYOUTS);
		o->layout[o->n_layouts++] = l;
	}
	return 0;
}

static int check_options(const struct cmd_args *a, struct err *err)
{
	const char *db = cmd_value(a, "db"), *out = cmd_value(a, "out");

	if (a->n_rest)
		return err_set(err, ERR_USAGE, "'%s': report takes options only", a->rest[0]);
	if (!db || !out)
		return err_set(err, ERR_USAGE, "report needs --%s %s", db ? "out" : "db",
			       db ? "DIR: where the files go" : "FILE: what replay --db wrote");
	return 0;
}

/* The till's and the roster's times are the store's. */
static int read_sales(const struct cmd_args *a, struct query *q, struct job *j, struct err *err)
{
	const char *till = cmd_value(a, "sales"), *roster = cmd_value(a, "roster");
	struct store_info store;
	int rc;

	if (!till && !roster)
		return 0;
	if ((rc = query_store(q, &store, err)) < 0 ||
	    (rc = clock_set_zone(store.zone, err)) < 0 ||
	    (rc = sales_read(&j->sales, till, roster, err)) < 0)
		return rc;
	j->files.span.sales = &j->sales;
	return 0;
}

static int run(const struct cmd_args *a, struct err *err)
{
	struct job j = { .files = { .dir = cmd_value(a, "out") } };
	struct query *q = NULL;
	int rc;

	if ((rc = check_options(a, err)) < 0 || (rc = parse_days(a, &j.files.span, err)) < 0 ||
	    (rc = parse_layouts(a, &j.files, err)) < 0 ||
	    (rc = calendar_init(&j.calendar, &a->conf->calendar, err)) < 0)
		return rc;
	j.files.span.calendar = &j.calendar;
	j.files.span.k = a->conf->report.k;
	if ((rc = bucket_length(cmd_value(a, "bucket"), &j.calendar, &j.files.span, err)) < 0 ||
	    (rc = query_open(&q, cmd_value(a, "db"), err)) < 0 ||
	    (rc = read_sales(a, q, &j, err)) < 0)
		goto out;
	rc = day_files(q, &j.files, err);
out:
	query_close(q);
	sales_clear(&j.sales);
	calendar_clear(&j.calendar);
	return rc;
}

const struct cmd cmd_report = {
	.name = "report",
	.words = "",
	.help = "write days' figures: a table, CSV, JSON, a workbook and a page to read",
	.manual =
		"Reads what was counted on one business day, or on several, and writes files into "
		"DIR, named after the store and the days: a CSV with one value a row, one with "
		"people's ways from place to place (-ways.csv), the same as JSON, a workbook "
		"(.xlsx), a page for people, which needs no network and can be printed, each "
		"camera's heat map as a picture, and where the plan is in metres the floor's: time "
		"spent and stops. Ways of fewer than report.k people are withheld everywhere. A short table goes to the "
		"terminal, then the names of the files.\n\n"
		"Times are the store's own, with their offset from UTC. Every number comes with "
		"the time that was observed (coverage); for time that was not observed there is "
		"no number, and never a zero. A bucket's revision grows when it changes after it "
		"was written: a recording was counted anew, or came late.\n\n"
		"With --config, store.hours and files.holidays tell traffic outside the opening "
		"hours apart. --sales and --roster join the till and the roster: conversion, and "
		"shoppers per associate. Weeks that the days begin or end within are shorter.\n\n"
		"--layout writes one more CSV for systems that load other makers' counters.",
	.options = options,
	.flags = CMD_CONF,
	.run = run,
};
