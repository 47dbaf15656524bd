/* SPDX-License-Identifier: Apache-2.0 */
/* config.c -- footfall config: are the settings right, what are they, what can be set. */
#include "cmd/cmd.h"

#include "floor/map.h"
#include "floor/plan.h"

#include <stdio.h>
#include <string.h>

static int check_plan(const char *path, struct err *err)
{
	struct plan plan = { 0 };
	char text[512];
	const char *warning;
	int rc = plan_read(&plan, path, err);

	if (rc < 0)
		return rc;
	printf("plan: ok, %d places\n", plan.n);
	for (int i = 0; i < plan.n; i++)
		for (int n = 0; (warning = plan_lint(&plan, i, n, text, sizeof(text))); n++)
			printf("warning: %s: %s\n", path, warning);
	plan_clear(&plan);
	return 0;
}

/* The dispatcher has read and checked the settings; what is left is what they point to. */
static int check(const struct conf *c, struct err *err)
{
	struct calib calib;
	int rc = 0;

	printf("settings: ok\n");
	if (*c->files.plan)
		rc = check_plan(c->files.plan, err);
	if (rc == 0 && *c->files.calib) {
		rc = calib_read(&calib, c->files.calib, err);
		if (rc == 0)
			printf("calib: ok\n");
	}
	/* Whatever is wrong with them, the one who set them up must know. */
	if (rc < 0)
		err->code = ERR_CONFIG;
	return rc;
}

static int doc(bool ini, const struct conf *c)
{
	struct str out = STR_INIT;

	if (ini)
		conf_print(c, true, &out);
	else
		conf_manual(&out, false);
	fwrite(out.s, 1, out.len, stdout);
	str_clear(&out);
	return 0;
}

static int print(const struct conf *c)
{
	struct str out = STR_INIT;

	conf_print(c, false, &out);
	fwrite(out.s, 1, out.len, stdout);
	str_clear(&out);
	return 0;
}

/* --plan FILE is --set files.plan=FILE. */
static int file_option(const struct cmd_args *a, const char *name, struct err *err)
{
	const char *value = cmd_value(a, name);
	struct str set = STR_INIT;
	int rc = 0;

	if (value) {
		str_addf(&set, "files.%s=%s", name, value);
		rc = conf_set(a->conf, set.s, err);
		str_clear(&set);
	}
	return rc;
}

static int run(const struct cmd_args *a, struct err *err)
{
	static const char *const words[] = { "check", "print", "doc" };
	const char *word = a->n_rest ? a->rest[0] : "", *near;
	int rc;

	if (a->n_rest > 1)
		return err_set(err, ERR_USAGE, "config: unexpected '%s'", a->rest[1]);
	if ((rc = file_option(a, "plan", err)) < 0 || (rc = file_option(a, "calib", err)) < 0)
		return rc;
	if (!strcmp(word, "check"))
		return check(a->conf, err);
	if (!strcmp(word, "print"))
		return print(a->conf);
	if (!strcmp(word, "doc"))
		return doc(cmd_has(a, "ini"), a->conf);
	if (!*word)
		return err_set(err, ERR_USAGE, "config needs one of check, print, doc");
	near = str_nearest(word, words, 3);
	return err_set(err, ERR_USAGE, "config: expected check, print or doc, found '%s'%s%s%s",
		       word, near ? "; did you mean '" : "", near ? near : "",
		       near ? "'?" : "");
}

const struct cmd cmd_config = {
	.name = "config",
	.words = "check|print|doc",
	.help = "check, print or explain the settings",
	.manual = "check reads the settings, the plan and the calibration and names everything "
		  "that is wrong in them; it warns of lines and zones that will not count "
		  "what was meant. print writes the settings that come of the file and --set "
		  "together, as a file that can be read again. doc writes the manual of all "
		  "settings as Markdown, or with --ini as a settings file to begin with.\n"
		  "\n"
		  "  footfall config doc --ini > store.conf\n"
		  "  footfall config check --config store.conf",
	.options =
		(const struct cmd_option[]){
			{ "plan", "FILE",
			  "lines and zones (JSON); default: files.plan of the settings",
			  false },
			{ "calib", "FILE",
			  "the camera's calibration (JSON); default: files.calib", false },
			{ "ini", NULL, "doc: a settings file instead of Markdown", false },
			{ 0 },
		},
	.flags = CMD_CONF,
	.run = run,
};
