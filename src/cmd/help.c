/* SPDX-License-Identifier: Apache-2.0 */
/* help.c -- footfall help: for a person, as a man page, as bash completion; all of it from the
 * tables of commands and settings. */
#include "cmd/cmd.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#define WIDTH 80
#define HELP_COLUMN 20

static const char about[] =
	"Footfall counts people in stores with ordinary cameras: recorded video in, a day's "
	"report out. What is kept are numbers per line, zone and minute, with no person in "
	"them.";

/* ---- Manual texts, block by block (see struct cmd) ---- */

enum block { BLOCK_END, BLOCK_BLANK, BLOCK_VERBATIM, BLOCK_WORDS };

/* The block at *s, n bytes long; *s moves to the next. */
static enum block next_block(const char **s, const char **text, int *n)
{
	const char *t = *s;
	size_t len = strcspn(t, "\n");
	enum block kind = !*t         ? BLOCK_END
			  : !len      ? BLOCK_BLANK
			  : *t == ' ' ? BLOCK_VERBATIM
				      : BLOCK_WORDS;

	while (kind == BLOCK_WORDS && t[len] && !strchr("\n ", t[len + 1]))
		len += 1 + strcspn(t + len + 1, "\n");
	*text = t;
	*n = (int)len;
	*s = t + len + (t[len] == '\n');
	return kind;
}

static void add_text(struct str *out, const char *s, int indent)
{
	const char *text;
	enum block kind;
	int n;

	while ((kind = next_block(&s, &text, &n))) {
		if (kind != BLOCK_BLANK)
			str_addf(out, "%*s", indent, "");
		if (kind == BLOCK_WORDS)
			str_add_wrapped(out, text, (size_t)n, indent, WIDTH);
		else
			str_addf(out, "%.*s\n", n, text);
	}
}

/* ---- For a person ---- */

static void add_usage(struct str *out, const struct cmd *c)
{
	str_addf(out, "footfall %s%s%s [OPTION...]", c->name, *c->words ? " " : "", c->words);
}

static void add_option(struct str *out, const struct cmd_option *o)
{
	size_t start = out->len;
	int used;

	str_addf(out, "  --%s%s%s", o->name, o->arg ? " " : "", o->arg ? o->arg : "");
	used = (int)(out->len - start);
	if (used + 2 > HELP_COLUMN)
		str_addf(out, "\n%*s", HELP_COLUMN, "");
	else
		str_addf(out, "%*s", HELP_COLUMN - used, "");
	str_add_wrapped(out, o->help, strlen(o->help), HELP_COLUMN, WIDTH);
}

static void help_command(struct str *out, const struct cmd *c)
{
	const struct cmd_option *o;

	str_add(out, "usage: ");
	add_usage(out, c);
	str_addf(out, "\n\n%c%s.\n", toupper((unsigned char)c->help[0]), c->help + 1);
	if (c->manual) {
		str_add(out, "\n");
		add_text(out, c->manual, 0);
	}
	str_add(out, "\noptions:\n");
	for (o = c->options; o && o->name; o++)
		add_option(out, o);
	for (int i = 0; (o = cmd_common_option(c->flags, i)); i++)
		add_option(out, o);
}

static void help_all(struct str *out)
{
	str_add(out, "usage: footfall COMMAND [OPTION...]\n\n");
	add_text(out, about, 0);
	str_add(out, "\ncommands:\n");
	for (int i = 0; commands[i]; i++)
		str_addf(out, "  %-10s %s\n", commands[i]->name, commands[i]->help);
	str_add(out, "  version    say which version this is\n\n");
	add_text(out,
		 "'footfall help COMMAND' has the options of a command, 'footfall config doc' "
		 "all settings, 'man footfall' everything.",
		 0);
}

/* ---- Man page ---- */

static void man_text(struct str *out, const char *s)
{
	const char *text;
	enum block kind;
	bool verbatim = false;
	int n;

	while ((kind = next_block(&s, &text, &n))) {
		struct str piece = STR_INIT;

		if (verbatim != (kind == BLOCK_VERBATIM)) {
			verbatim = !verbatim;
			str_add(out, verbatim ? ".nf\n" : ".fi\n");
		}
		str_add_n(&piece, text, (size_t)n);
		if (kind == BLOCK_BLANK)
			str_add(out, ".PP\n");
		else
			str_add_roff(out, piece.s);
		if (kind != BLOCK_BLANK)
			str_add(out, "\n");
		str_clear(&piece);
	}
	if (verbatim)
		str_add(out, ".fi\n");
}

static void man_option(struct str *out, const struct cmd_option *o)
{
	str_add(out, ".TP\n.B ");
	str_add_roff(out, "--");
	str_add_roff(out, o->name);
	if (o->arg)
		str_addf(out, " \\fI%s\\fR", o->arg);
	str_add(out, "\n");
	str_add_roff(out, o->help);
	str_add(out, "\n");
}

static void man_command(struct str *out, const struct cmd *c)
{
	const struct cmd_option *o;

	str_addf(out, ".SS \"%s%s%s\"\n%c%s.\n", c->name, *c->words ? " " : "", c->words,
		 toupper((unsigned char)c->help[0]), c->help + 1);
	if (c->manual) {
		str_add(out, ".PP\n");
		man_text(out, c->manual);
	}
	for (o = c->options; o && o->name; o++)
		man_option(out, o);
	for (int i = 0; (o = cmd_common_option(c->flags, i)); i++)
		man_option(out, o);
}

static void man_page(struct str *out)
{
	str_addf(out,
		 ".TH FOOTFALL 1 \"\" \"footfall %s\" \"User Commands\"\n.SH NAME\n"
		 "footfall \\- count people in stores with ordinary cameras\n.SH SYNOPSIS\n",
		 FOOTFALL_VERSION);
	for (int i = 0; commands[i]; i++) {
		if (i)
			str_add(out, ".br\n");
		str_addf(out, ".B footfall %s\n", commands[i]->name);
		str_addf(out, "%s%s[\\fIOPTION\\fR...]\n", commands[i]->words,
			 *commands[i]->words ? " " : "");
	}
	str_add(out, ".SH DESCRIPTION\n");
	man_text(out, about);
	str_add(out, ".SH COMMANDS\n");
	for (int i = 0; commands[i]; i++)
		man_command(out, commands[i]);
	str_add(out, ".SH SETTINGS\n");
	man_text(out, "Settings come from the file named with --config and from --set "
		      "SECTION.KEY=VALUE, which goes over the file. A line of the file is "
		      "[section] or key = value; a line that begins with # or ; is a "
		      "comment, and so is what follows a blank and ; in a line.");
	conf_manual(out, true);
	str_add(out, ".SH EXIT STATUS\n.TP\n.B 0\nAll went well.\n.TP\n.B 1\nThe work failed; "
		     "one line on standard error says why.\n.TP\n.B 2\nThe command line or the "
		     "settings are wrong.\n.TP\n.B 78\nThe settings are wrong, and systemd "
		     "started the program (INVOCATION_ID is set).\n");
}

/* ---- Bash completion ---- */

static void add_names(struct str *out)
{
	for (int i = 0; commands[i]; i++)
		str_addf(out, "%s%s", i ? " " : "", commands[i]->name);
}

/* What to offer after an option that takes arg. */
static const char *value_action(const char *arg)
{
	if (!strcmp(arg, "FILE"))
		return "_footfall_offer -f";
	if (!strcmp(arg, "DIR"))
		return "_footfall_offer -d";
	if (!strcmp(arg, "K=V"))
		return "compopt -o nospace 2>/dev/null; _footfall_offer -W \"$settings\"";
	return ":";
}

static void completion_options(struct str *out, const struct cmd *c)
{
	const struct cmd_option *o;
	int i = 0, own = 0;

	while (c->options && c->options[own].name)
		own++;
	while ((o = i < own ? &c->options[i] : cmd_common_option(c->flags, i - own))) {
		if (o->arg)
			str_addf(out, "\t%s:--%s) %s; return ;;\n", c->name, o->name,
				 value_action(o->arg));
		i++;
	}
}

static void completion_words(struct str *out, const struct cmd *c)
{
	const struct cmd_option *o;

	str_addf(out, "\t%s)\n\t\toptions='", c->name);
	for (o = c->options; o && o->name; o++)
		str_addf(out, "--%s ", o->name);
	for (int i = 0; (o = cmd_common_option(c->flags, i)); i++)
		str_addf(out, "%s--%s", i ? " " : "", o->name);
	str_add(out, "'\n\t\twords='");
	if (*c->words && islower((unsigned char)*c->words))
		for (const char *s = c->words; *s; s++)
			str_add_n(out, *s == '|' ? " " : s, 1);
	else if (!strcmp(c->words, "[COMMAND]"))
		add_names(out);
	str_addf(out, "'\n\t\tfiles=%s\n\t\t;;\n", strstr(c->words, "...") ? "yes" : "");
}

static void add_settings(struct str *out)
{
	for (size_t i = 0; conf_key(i); i++)
		str_addf(out, "%s%s=", i ? " " : "", conf_key(i));
}

static void completion(struct str *out)
{
	str_add(out,
		"# bash completion for footfall; made by 'footfall help --completion'\n"
		"_footfall_offer()\n{\n"
		"\tmapfile -t COMPREPLY < <(compgen \"$@\" -- \"$cur\")\n"
		"\tcase $1 in -f | -d) compopt -o filenames 2>/dev/null ;; esac\n}\n\n"
		"_footfall()\n{\n"
		"\tlocal cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}\n"
		"\tlocal command=${COMP_WORDS[1]} options words files settings\n"
		"\tCOMPREPLY=()\n"
		"\t# --option=value comes as three words\n"
		"\tif [[ $cur == = ]]; then\n\t\tcur=\n"
		"\telif [[ $prev == = ]]; then\n"
		"\t\tprev=${COMP_WORDS[COMP_CWORD - 2]}\n\tfi\n"
		"\tif ((COMP_CWORD == 1)); then\n\t\t_footfall_offer -W '");
	add_names(out);
	str_add(out, " version --help --version'\n\t\treturn\n\tfi\n\tsettings='");
	add_settings(out);
	str_add(out, "'\n\tcase $command:$prev in\n");
	for (int i = 0; commands[i]; i++)
		completion_options(out, commands[i]);
	str_add(out, "\tesac\n\tcase $command in\n");
	for (int i = 0; commands[i]; i++)
		completion_words(out, commands[i]);
	str_add(out, "\t*) return ;;\n\tesac\n"
		     "\tif [[ $cur == -* ]]; then\n\t\t_footfall_offer -W \"$options\"\n"
		     "\telif [[ $files ]]; then\n\t\t_footfall_offer -f\n"
		     "\telse\n\t\t_footfall_offer -W \"$words\"\n\tfi\n}\n"
		     "complete -F _footfall footfall\n");
}

/* ---- The command ---- */

static int run(const struct cmd_args *a, struct err *err)
{
	struct str out = STR_INIT;
	const char *near = NULL;
	const struct cmd *c = a->n_rest ? cmd_find(a->rest[0], &near) : NULL;

	if (a->n_rest > 1)
		return err_set(err, ERR_USAGE, "help takes one command, found '%s' as well",
			       a->rest[1]);
	if (a->n_rest && !c)
		return err_set(err, ERR_USAGE, "unknown command '%s'%s%s%s", a->rest[0],
			       near ? "; did you mean '" : "", near ? near : "",
			       near ? "'?" : "");
	if (cmd_has(a, "man"))
		man_page(&out);
	else if (cmd_has(a, "completion"))
		completion(&out);
	else if (c)
		help_command(&out, c);
	else
		help_all(&out);
	fwrite(out.s, 1, out.len, stdout);
	str_clear(&out);
	return 0;
}

const struct cmd cmd_help = {
	.name = "help",
	.words = "[COMMAND]",
	.help = "explain a command",
	.options =
		(const struct cmd_option[]){
			{ "man", NULL, "print the whole manual as a man page", false },
			{ "completion", NULL, "print the completion script for bash", false },
			{ 0 },
		},
	.run = run,
};
