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
	/* "FILE", "DIR", "T", "N", "K=V"; NULL: a switch. FILE, DIR and K=V complete. */
	const char *arg;
	const char *help; /* begins in lower case, no full stop */
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
	const struct cmd_given *config, *set; /* CMD_CONF: what was given for them */
	const struct cmd_given *given; /* as many as cmd->options has, in the same order */
	const char *const *rest;       /* the words that are no options */
	int n_rest;
};

enum cmd_flags {
	/* Takes --config and --set: the dispatcher reads and checks the settings, and sets the
	 * store's time zone. Without --config there is no settings file: output never depends
	 * on what lies about on a machine. */
	CMD_CONF = 1 << 0,
};

struct cmd {
	const char *name;
	/* What else is on the line, for help and completion: "CLIP..." (files), "check|print"
	 * or "mot" (these words), "[COMMAND]"; "" for nothing. */
	const char *words;
	const char *help; /* one line, no full stop */
	/* Paragraphs for 'help COMMAND' and the man page, a blank line between them; lines that
	 * begin with a blank stay as they are. May be NULL. */
	const char *manual;
	const struct cmd_option *options; /* ends with a NULL name; NULL: none */
	unsigned flags;
	/* Returns 0, or an ERR_ code with *err filled: main prints it once and exits with 1, or
	 * with 2 for ERR_USAGE and ERR_CONFIG. */
	int (*run)(const struct cmd_args *a, struct err *err);
};

/* The value of the option called name (the last one given), or NULL. Asserts that there is such
 * an option. */
const char *cmd_value(const struct cmd_args *a, const char *name);
bool cmd_has(const struct cmd_args *a, const char *name);

/* Reads the settings of a command line anew, as they are now, into *out, which conf_init() has
 * made; every problem is a line in *problems. Returns their number. */
int cmd_reread(const struct cmd_args *a, struct conf *out, struct str *problems);

/* True after SIGINT or SIGTERM (a second one ends the process at once). The first call begins
 * to catch them: a command that never asks ends at the first signal. */
bool cmd_stop(void);

/* True once for each SIGHUP since the last call. The first call begins to catch them. */
bool cmd_reload(void);

/* Parses the line, prepares settings, runs the command; returns the exit status: 0, 1 failed,
 * 2 usage or configuration (78 for configuration when systemd is watching). */
int cmd_main(int argc, char **argv);

/* The options that the dispatcher adds: n-th for a command with these flags, or NULL. */
const struct cmd_option *cmd_common_option(unsigned flags, int n);

/* All commands, ends with NULL; in main.c. */
extern const struct cmd *const commands[];
/* The command called name; NULL when there is none, and then the nearest name (or NULL). */
const struct cmd *cmd_find(const char *name, const char **near);

extern const struct cmd cmd_replay, cmd_view, cmd_report, cmd_audit, cmd_explain, cmd_study,
	cmd_predict, cmd_run, cmd_status, cmd_config, cmd_calibrate, cmd_eval, cmd_bench,
	cmd_sim, cmd_help;

#endif
