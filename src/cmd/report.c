/* SPDX-License-Identifier: Apache-2.0 */
/* report.c -- footfall report: a day's figures as a table, CSV, JSON and a page. */
#include "base/clock.h"
#include "cmd/cmd.h"
#include "cmd/day_files.h"
#include "store/query.h"

#include <string.h>

static const struct cmd_option options[] = {
	{ "db", "FILE", "the store's file, as replay --db wrote it", false },
	{ "day", "D", "the business day, like 2026-03-14; the last one with data if not given",
	  false },
	{ "out", "DIR", "where the files go; made when it is not there", false },
	{ "bucket", "LENGTH", "1min, 15min (if not given), hour or day: rows of CSV and JSON",
	  false },
	{ 0 },
};

static int bucket_length(const char *word, int *bucket_s, struct err *err)
{
	static const struct {
		const char *word;
		int s;
	} lengths[] = { { "1min", 60 }, { "15min", 900 }, { "hour", 3600 }, { "day", 86400 } };

	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++)
		if (!word || strcmp(word, lengths[i].word) == 0) {
			*bucket_s = word ? lengths[i].s : 900;
			return 0;
		}
	return err_set(err, ERR_USAGE, "--bucket %s: expected 1min, 15min, hour or day", word);
}

static int run(const struct cmd_args *a, struct err *err)
{
	const char *db = cmd_value(a, "db"), *out = cmd_value(a, "out");
	const char *day = cmd_value(a, "day");
	struct query *q = NULL;
	int64_t from_us, to_us;
	int bucket_s = 0, rc;

	if (a->n_rest)
		return err_set(err, ERR_USAGE, "'%s': report takes options only", a->rest[0]);
	if (!db || !out)
		return err_set(err, ERR_USAGE, "report needs --%s %s", db ? "out" : "db",
			       db ? "DIR: where the files go" : "FILE: what replay --db wrote");
	if (day && clock_day(day, 0, &from_us, &to_us, err) < 0) {
		err_ctx(err, "--day");
		return err->code = ERR_USAGE;
	}
	if ((rc = bucket_length(cmd_value(a, "bucket"), &bucket_s, err)) < 0 ||
	    (rc = query_open(&q, db, err)) < 0)
		return rc;
	rc = day_files(q, day, bucket_s, out, err);
	query_close(q);
	return rc;
}

const struct cmd cmd_report = {
	.name = "report",
	.words = "",
	.help = "write a day's figures: a table, CSV, JSON and a page to read",
	.manual =
		"Reads what was counted on one business day and writes three files into DIR, "
		"named after the store and the day: a CSV with one value a row, the same as JSON, "
		"and a page for people, which needs no network and can be printed. A short table "
		"goes to the terminal, then the names of the files.\n\n"
		"Times are the store's own, with their offset from UTC. Every number comes with "
		"the time that was observed (coverage); for time that was not observed there is "
		"no number, and never a zero.",
	.options = options,
	.run = run,
};
