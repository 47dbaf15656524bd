/* SPDX-License-Identifier: Apache-2.0 */
/* audit.c -- 'footfall audit': samples counted by hand, too, and what they prove. */
#include "cmd/audit.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "base/str.h"
#include "base/vec.h"
#include "report/audit.h"
#include "report/audit_counts.h"
#include "report/audit_pick.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SAMPLES_DEFAULT 20
#define SAMPLES_MAX 1000

const struct cmd_given *audit_given(const struct cmd_args *a, const char *name)
{
	int i = 0;

	while (strcmp(a->cmd->options[i].name, name) != 0)
		i++;
	return &a->given[i];
}

static int whole_number(const struct cmd_args *a, const char *name, int64_t min, int64_t max,
			int64_t *v, struct err *err)
{
	const char *text = cmd_value(a, name);

	if (text && (!str_to_i64(text, v) || *v < min || *v > max))
		return err_set(err, ERR_USAGE,
			       "--%s is '%s', expected a whole number from %lld to %lld", name,
			       text, (long long)min, (long long)max);
	return 0;
}

/* Opens --db and makes the store's zone the process's. */
static int open_store(const struct cmd_args *a, struct query **q, struct store_info *store,
		      struct err *err)
{
	const char *db = cmd_value(a, "db");
	int rc;

	if (!db)
		return err_set(err, ERR_USAGE,
			       "audit %s needs --db FILE: what replay --db wrote", a->rest[0]);
	if ((rc = query_open(q, db, err)) < 0 || (rc = query_store(*q, store, err)) < 0)
		return rc;
	return clock_set_zone(store->zone, err);
}

static int print(const struct str *text, struct err *err)
{
	if (fputs(text->s, stdout) == EOF || fflush(stdout) == EOF)
		return err_set(err, ERR_IO, "cannot write to standard output");
	return 0;
}

/* ---- pick ---- */

/* --from and --to are business days; without, all that was counted. */
static int parse_span(const struct cmd_args *a, struct query *q, const struct store_info *store,
		      struct audit_pick_opts *o, struct err *err)
{
	const char *from = cmd_value(a, "from"), *to = cmd_value(a, "to");
	int64_t begin, end;
	int rc = query_span(q, &o->from_us, &o->to_us, err);

	if (rc < 0)
		return rc;
	if (o->from_us == CLOCK_NONE)
		return err_set(err, ERR_STATE, "nothing was counted into '%s' yet",
			       cmd_value(a, "db"));
	if (from) {
		if (clock_day(from, store->business_day_start_s, &begin, &end, err) < 0) {
			err_ctx(err, "--from");
			return err->code = ERR_USAGE;
		}
		o->from_us = begin;
	}
	if (to) {
		if (clock_day(to, store->business_day_start_s, &begin, &end, err) < 0) {
			err_ctx(err, "--to");
			return err->code = ERR_USAGE;
		}
		o->to_us = end;
	}
	return 0;
}

static int parse_pick(const struct cmd_args *a, struct audit_pick_opts *o, struct err *err)
{
	int64_t samples = SAMPLES_DEFAULT, minutes = 15, seed = 1;
	int rc;

	if ((rc = whole_number(a, "samples", 1, SAMPLES_MAX, &samples, err)) < 0 ||
	    (rc = whole_number(a, "minutes", 1, 60, &minutes, err)) < 0 ||
	    (rc = whole_number(a, "seed", 0, INT64_MAX, &seed, err)) < 0)
		return rc;
	o->samples = (int)samples;
	o->minutes = (int)minutes;
	o->seed = (uint64_t)seed;
	return 0;
}

static bool is_wanted(const struct cmd_given *lines, const struct query_place *p, bool entries)
{
	if (p->info.kind != PLACE_LINE)
		return false;
	if (!lines->n)
		return !entries || p->info.role == LINE_ENTRY;
	for (int i = 0; i < lines->n; i++)
		if (!strcmp(lines->v[i], p->info.name))
			return true;
	return false;
}

/* The lines named with --line; without, the doors, or all lines when none is a door. */
static int pick_lines(const struct cmd_args *a, struct query *q,
		      const struct audit_pick_opts *o, struct audit_rows *rows, struct err *err)
{
	const struct cmd_given *lines = audit_given(a, "line");
	const struct query_place *p;
	int n = query_places(q, &p, err), picked = 0;
	bool entries = false;

	for (int i = 0; i < n; i++)
		entries |= p[i].info.kind == PLACE_LINE && p[i].info.role == LINE_ENTRY;
	for (int i = 0; i < n; i++) {
		int rc;

		if (!is_wanted(lines, &p[i], entries))
			continue;
		rc = audit_pick(rows, q, &p[i], o, err);
		if (rc < 0)
			return rc;
		picked++;
	}
	if (n < 0)
		return n;
	for (int k = 0; k < lines->n; k++) {
		bool known = false;

		for (size_t i = 0; i < rows->n; i++)
			known |= !strcmp(rows->v[i].line, lines->v[k]);
		if (!known)
			return err_set(err, ERR_STATE, "there is no line '%s' in '%s'",
				       lines->v[k], cmd_value(a, "db"));
	}
	return picked ? 0
		      : err_set(err, ERR_STATE, "there is no line in '%s'", cmd_value(a, "db"));
}

static int audit_pick_cmd(const struct cmd_args *a, struct err *err)
{
	struct audit_rows rows = { 0 };
	struct audit_pick_opts o = { 0 };
	struct str text = STR_INIT;
	struct store_info store;
	struct query *q = NULL;
	const char *path = cmd_value(a, "out");
	int rc;

	if ((rc = parse_pick(a, &o, err)) < 0 || (rc = open_store(a, &q, &store, err)) < 0 ||
	    (rc = parse_span(a, q, &store, &o, err)) < 0 ||
	    (rc = pick_lines(a, q, &o, &rows, err)) < 0)
		goto out;
	audit_rows_csv(&rows, &text);
	rc = path ? file_write(path, text.s, text.len, err) : print(&text, err);
	if (rc >= 0 && path)
		log_info("%zu samples in '%s': count them with 'footfall audit play', or fill "
			 "in its columns in and out",
			 rows.n, path);
out:
	query_close(q);
	str_clear(&text);
	audit_rows_clear(&rows);
	return rc;
}

/* ---- result ---- */

int audit_read_counts(const struct cmd_args *a, const char *option, struct audit_rows *rows,
		      struct err *err)
{
	const struct cmd_given *files = audit_given(a, option);
	int rc = 0;

	if (!files->n)
		return err_set(err, ERR_USAGE, "audit %s needs --%s FILE", a->rest[0], option);
	for (int i = 0; i < files->n && rc >= 0; i++)
		rc = audit_rows_read(rows, files->v[i], err);
	return rc;
}

/* A note is a line of text. */
static void tell(const struct str *notes)
{
	const char *s = notes->s;

	while (*s) {
		int n = (int)strcspn(s, "\n");

		log_warn("%.*s", n, s);
		s += n + (s[n] == '\n');
	}
}

static int compare(const struct cmd_args *a, struct audit_set *set, struct query *q,
		   double margin, struct err *err)
{
	struct audit_rows rows = { 0 };
	struct str left_out = STR_INIT;
	int rc;

	if ((rc = audit_read_counts(a, "counts", &rows, err)) >= 0 &&
	    (rc = audit_rows_find(&rows, q, err)) >= 0)
		rc = audit_compare(set, &rows, q, margin, &left_out, err);
	tell(&left_out);
	str_clear(&left_out);
	audit_rows_clear(&rows);
	return rc;
}

static int audit_result(const struct cmd_args *a, struct err *err)
{
	const char *text = cmd_value(a, "margin");
	struct audit_set set = { 0 };
	struct str out = STR_INIT;
	struct store_info store;
	struct query *q = NULL;
	double margin = EQUIV_MARGIN * 100;
	int rc;

	if (text && (!str_to_double(text, &margin) || margin < 0.1 || margin > 50))
		return err_set(err, ERR_USAGE,
			       "--margin is '%s', expected a number from 0.1 to 50 (%%)", text);
	if ((rc = open_store(a, &q, &store, err)) < 0 ||
	    (rc = compare(a, &set, q, margin / 100, err)) < 0)
		goto out;
	if (cmd_has(a, "json"))
		audit_json(&set, q, &out);
	else
		audit_text(&set, q, &out);
	query_close(q);
	q = NULL;
	if (!cmd_has(a, "dry-run"))
		rc = audit_write(cmd_value(a, "db"), set.v, set.n, err);
	if (rc >= 0)
		rc = print(&out, err);
out:
	query_close(q);
	audit_set_clear(&set);
	str_clear(&out);
	return rc;
}

/* ---- the command ---- */

/* Which options are for some of the words only. */
static const struct {
	const char *option, *words;
} only_for[] = {
	{ "from", "pick" },      { "to", "pick" },         { "line", "pick" },
	{ "samples", "pick" },   { "minutes", "pick" },    { "seed", "pick" },
	{ "out", "pick, play" }, { "db", "pick, result" }, { "form", "play" },
	{ "plan", "play" },      { "calib", "play" },      { "start", "play" },
	{ "causal", "play" },    { "counts", "result" },   { "margin", "result" },
	{ "dry-run", "result" }, { "json", "result" },
};

static int check_options(const struct cmd_args *a, struct err *err)
{
	for (size_t i = 0; i < sizeof(only_for) / sizeof(*only_for); i++)
		if (!strstr(only_for[i].words, a->rest[0]) && cmd_has(a, only_for[i].option))
			return err_set(err, ERR_USAGE, "--%s is for 'audit %s'",
				       only_for[i].option, only_for[i].words);
	return 0;
}

static int run(const struct cmd_args *a, struct err *err)
{
	static const struct {
		const char *word;
		int (*run)(const struct cmd_args *a, struct err *err);
	} words[] = { { "pick", audit_pick_cmd },
		      { "play", audit_play },
		      { "result", audit_result } };

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		int rc;

		if (!a->n_rest || strcmp(a->rest[0], words[i].word) != 0)
			continue;
		if (a->n_rest > 1 && words[i].run != audit_play)
			return err_set(err, ERR_USAGE, "audit %s: unexpected '%s'", a->rest[0],
				       a->rest[1]);
		rc = check_options(a, err);
		return rc < 0 ? rc : words[i].run(a, err);
	}
	return err_set(err, ERR_USAGE, "expected pick, play or result%s%s%s",
		       a->n_rest ? "; found '" : "", a->n_rest ? a->rest[0] : "",
		       a->n_rest ? "'" : "");
}

static const struct cmd_option options[] = {
	{ "db", "FILE", "the store's file, as replay --db wrote it (pick, result)", false },
	{ "line", "NAME", "pick: a line to audit; default: the doors, or all lines", true },
	{ "samples", "N", "pick: windows of each line (20)", false },
	{ "minutes", "N", "pick: length of a window, 1 to 60 (15)", false },
	{ "from", "D", "pick: first business day; default: all that was counted", false },
	{ "to", "D", "pick: last business day", false },
	{ "seed", "N", "pick: another seed, another sample (1)", false },
	{ "form", "FILE", "play: what pick wrote, CSV", true },
	{ "out", "FILE", "pick: the form to fill in, CSV; play: folder for the pages", false },
	{ "plan", "FILE", "play: lines and zones, as of 'replay'", false },
	{ "calib", "FILE", "play: the camera's calibration, as of 'replay'", false },
	{ "start", "T", "play: when the recording began, as of 'replay'", false },
	{ "causal", NULL, "play: do not look over the recording first", false },
	{ "counts", "FILE", "result: what people counted, CSV, of the pages or by hand", true },
	{ "margin", "N", "result: how wrong may still be called right, per cent (5)", false },
	{ "dry-run", NULL, "result: print it and keep nothing", false },
	{ "json", NULL, "result: print JSON instead of a table", false },
	{ 0 },
};

const struct cmd cmd_audit = {
	.name = "audit",
	.words = "pick|play|result",
	.help = "prove how right the counts are, by counting samples by hand, too",
	.manual =
		"In three steps. 'audit pick' draws quarters of an hour from what was counted: "
		"quiet, usual and busy ones, at random, the same for the same --seed; nobody "
		"chooses what suits him. The machine's counts are not told.\n\n"
		"'audit play CLIP...' runs the recording and writes one page for each sample into "
		"the folder --out. A page plays outlines of who moves, over the empty scene, with "
		"the line; there is no picture of anybody in it, and it needs no network. Keys: I "
		"and O for each person in or out over the line, U takes the last one back, space "
		"pauses, + and - change the speed, the left arrow goes back 5 s and forgets what "
		"was counted since. At the end S saves the counts as a CSV file. The outlines are "
		"what the program makes of the pictures: whom it does not see at all, nobody sees "
		"there, so count some samples from the recording itself, with any player, and fill "
		"in the form by hand.\n\n"
		"'audit result' sets the counts against the machine's and says of each line and "
		"direction: proven within +-5 %, not proven, or how many more samples are needed. "
		"Two one-sided tests at 5 % each, as VDV 457 has them for trains: the 90 % "
		"interval of the error must lie within the margin. It is the widest of Student's "
		"t, a bootstrap over samples and exact Poisson limits, and fewer than 16 samples "
		"prove nothing. Bias is the error of the sum (too many and too few cancel); "
		"unbalanced, the sum of errors without that. The result is kept in the file, and "
		"reports show from then on how far a count may be off.\n\n"
		"Decide on the number of samples before you count: whoever looks again and again "
		"until it is proven finds about twice as many proofs that are none.\n\n"
		"  footfall audit pick --db store.db --out samples.csv\n"
		"  footfall audit play recordings/door --form samples.csv --out audit\n"
		"  footfall audit result --db store.db --counts counted.csv",
	.options = options,
	.flags = CMD_CONF,
	.run = run,
};
