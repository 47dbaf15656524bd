/* SPDX-License-Identifier: Apache-2.0 */
/* cmd.h -- subcommands: a table in main.c, a file each, options parsed from their tables. */
#ifndef CMD_CMD_H
#define CMD_CMD_H

#include "base/err.h"
#include "conf/conf.h"

#include <stdbool.h>

/* One option of a command. It drives parsing (getopt_long), help, the man page and completion.
 */
struct cmd_option {
	const char *name; /* without the dashes */
	const char *
		arg; /* "FILE", "DIR", "T", "N", "K=V"; NULL: a switch. FILE and DIR complete */
	const char *help; /* one line, or more for the manual */
	bool many;        /* may be given more than once */
};

/* What was given for one option, in order. */
struct cmd_given {
	const char **v; /* "" for switches */
	int n;
};

struct cmd;

struct cmd_args {
	const struct cmd *cmd;
	struct conf *conf; /* CMD_CONF: read, --set applied, checked; else defaults */
	const struct cmd_given *given; /* as many as cmd->options has, in the same order */
	const char *const *rest;       /* the words that are no options */
	int n_rest;
};

enum cmd_flags {
	CMD_CONF = 1 << 0, /* takes --config and --set; the dispatcher reads the settings */
};

struct cmd {
	const char *name;
	const char *words;  /* "CLIP...": what else is on the line, for help */
	const char *help;   /* one line */
	const char *manual; /* paragraphs for 'help COMMAND' and the man page; may be NULL */
	const struct cmd_option *options; /* ends with a NULL name */
	unsigned flags;
	/* Returns 0, or an ERR_ code with *err filled: main prints it once and exits with 1, or
	 * with 2 for ERR_USAGE. */
	int (*run)(const struct cmd_args *a, struct err *err);
};

/* The value of the option called name (the last one given), or NULL. Asserts that there is such
 * an option. */
const char *cmd_value(const struct cmd_args *a, const char *name);
bool cmd_has(const struct cmd_args *a, const char *name);

/* True after SIGINT or SIGTERM (a second one ends the process at once). */
bool cmd_stop(void);

extern const struct cmd cmd_replay, cmd_report, cmd_config, cmd_eval, cmd_help;

#endif
