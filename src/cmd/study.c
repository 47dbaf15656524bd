/* SPDX-License-Identifier: Apache-2.0 */
/* study.c -- footfall study: a comparison of layouts that was written down before. */
#include "study/study.h"
#include "base/clock.h"
#include "base/file.h"
#include "cmd/cmd.h"
#include "report/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct cmd_option options[] = {
	{ "db", "FILE", "the store's file, as replay --db wrote it", false },
	{ "control-db", "FILE",
	  "the file of the store that is the control; not given: [control] is in --db", false },
	{ "out", "DIR", "run: where the page and the JSON go; made when it is not there",
	  false },
	{ 0 },
};

struct files {
	struct query *q, *control;
};

static int open_files(struct files *f, const struct cmd_args *a, struct err *err)
{
	const char *db = cmd_value(a, "db"), *control = cmd_value(a, "control-db");
	int rc = query_open(&f->q, db, err);

	if (rc == 0 && control)
		rc = query_open(&f->control, control, err);
	return rc;
}

static void close_files(struct files *f)
{
	query_close(f->q);
	query_close(f->control);
}

static char *register_name(const char *path)
{
	struct str s = STR_INIT;

	str_addf(&s, "%s.registered", path);
	return str_take(&s);
}

/* Says what the design may find where there are days to judge by. */
static int expect(const struct design *d, const struct cmd_args *a, struct str *out,
		  struct err *err)
{
	struct files f = { NULL, NULL };
	struct study s = { 0 };
	int rc = open_files(&f, a, err);

	if (rc == 0)
		rc = study_expect(&s, d, f.q, f.control, err);
	if (rc == 0)
		study_expect_text(&s, out);
	study_clear(&s);
	close_files(&f);
	return rc;
}

static int register_design(const char *path, const struct cmd_args *a, struct err *err)
{
	char *name = register_name(path), text[CLOCK_TEXT];
	struct study_register before = { 0 }, now = { 0 };
	struct design d = { 0 };
	struct str out = STR_INIT;
	int rc;

	if ((rc = design_read(&d, path, err)) < 0 ||
	    (rc = study_registered(&before, name, d.hash, err)) < 0)
		goto out;
	study_plan_text(&d, &out);
	if (cmd_value(a, "db") && (rc = expect(&d, a, &out, err)) < 0)
		goto out;
	if ((rc = study_register_add(name, d.hash, clock_now_us(), err)) < 0 ||
	    (rc = study_registered(&now, name, d.hash, err)) < 0)
		goto out;
	fputs(out.s, stdout);
	if (before.n && strcmp(before.first_hash, d.hash) != 0)
		printf("\nTHE DESIGN WAS CHANGED: %.12s... was registered on %s; the report "
		       "will say so\n",
		       before.first_hash, clock_text_utc(before.first_us, text));
	printf("\n%s %s in %s\n", before.is_registered ? "was registered" : "registered",
	       clock_text_utc(now.t_us, text), name);
out:
	str_clear(&out);
	design_clear(&d);
	free(name);
	return rc;
}

static int write_form(const char *dir, const struct design *d, const char *form,
		      const struct str *text, struct err *err)
{
	struct str name = STR_INIT;
	char *path;
	int rc;

	str_add(&name, "study-");
	words_slug(&name, d->name);
	str_addf(&name, ".%s", form);
	path = file_join(dir, name.s);
	rc = file_write(path, text->s, text->len, err);
	if (rc >= 0)
		printf("%s\n", path);
	free(path);
	str_clear(&name);
	return rc;
}

static int write_forms(const struct study *s, struct query *q, const char *dir, struct err *err)
{
	struct str html = STR_INIT, json = STR_INIT, text = STR_INIT;
	int rc = study_html(s, q, &html, err);

	if (rc < 0)
		goto out;
	study_json(s, &json);
	study_text(s, &text);
	if ((rc = file_mkdirs(dir, err)) < 0)
		goto out;
	printf("%s\n", text.s);
	if ((rc = write_form(dir, s->design, "html", &html, err)) >= 0 &&
	    (rc = write_form(dir, s->design, "json", &json, err)) >= 0)
		rc = write_form(dir, s->design, "txt", &text, err);
out:
	str_clear(&html);
	str_clear(&json);
	str_clear(&text);
	return rc;
}

static int run_design(const char *path, const struct cmd_args *a, struct err *err)
{
	const char *db = cmd_value(a, "db"), *out = cmd_value(a, "out");
	char *name = register_name(path);
	struct files f = { NULL, NULL };
	struct design d = { 0 };
	struct study s = { 0 };
	int rc;

	if (!db || !out) {
		rc = err_set(err, ERR_USAGE, "study run needs --%s",
			     db ? "out DIR" : "db FILE");
		goto out;
	}
	if ((rc = design_read(&d, path, err)) < 0 || (rc = open_files(&f, a, err)) < 0 ||
	    (rc = study_run(&s, &d, f.q, f.control, err)) < 0 ||
	    (rc = study_registered(&s.reg, name, d.hash, err)) < 0)
		goto out;
	rc = write_forms(&s, f.q, out, err);
out:
	study_clear(&s);
	design_clear(&d);
	close_files(&f);
	free(name);
	return rc;
}

static int run(const struct cmd_args *a, struct err *err)
{
	const char *word = a->n_rest ? a->rest[0] : "";
	bool is_run = !strcmp(word, "run");

	if (a->n_rest != 2 || (!is_run && strcmp(word, "register") != 0))
		return err_set(err, ERR_USAGE,
			       "expected 'study register FILE' or 'study run FILE'; see "
			       "'footfall help study'");
	if (cmd_value(a, "control-db") && !cmd_value(a, "db"))
		return err_set(err, ERR_USAGE, "--control-db needs --db FILE, too");
	return is_run ? run_design(a->rest[1], a, err) : register_design(a->rest[1], a, err);
}

const struct cmd cmd_study = {
	.name = "study",
	.words = "register|run FILE...",
	.help = "compare two layouts: before and after, switch-back, or with a control",
	.manual =
		"A study begins with a file that says what will be compared, when and by which "
		"metrics, written before the data is looked at (samples/study.ini explains every "
		"key). 'study register FILE' checks it, prints its schedule and fingerprint "
		"(SHA-256, as sha256sum has it), and notes the time in FILE.registered; with --db "
		"it also says how small a change the design can find, judged by the days before "
		"it. Do this first: it may save you a study that cannot find anything.\n\n"
		"'study run FILE --db F --out DIR' works out the effect of each metric with its "
		"interval and p-value, corrected for their number, and writes a page, JSON and "
		"text: what may be concluded and what may not, which hours were left out and why, "
		"how flows and the heat map differ. A design that was never registered, or was "
		"changed since, is said first.\n\n"
		"Designs: before-after (cheap; cannot tell the change from the season), "
		"switch-back (A and B take turns, in an order drawn by lot: the one to trust), "
		"matched-control (before and after, against a zone, line or store where nothing "
		"changed). The same file, data and seed give the same bytes.",
	.options = options,
	.run = run,
};
