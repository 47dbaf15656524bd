/* SPDX-License-Identifier: Apache-2.0 */
/* cmd.c -- from the command line to a running command, and back to an exit status. */
#include "cmd/cmd.h"

#include "base/clock.h"
#include "base/vec.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define EXIT_USAGE 2
#define EXIT_SYSTEMD_CONFIG 78 /* EX_CONFIG of sysexits.h, as systemd.exec(5) shows it */

/* ---- Options ---- */

static const struct cmd_option conf_options[] = {
	{ "config", "FILE", "read settings from this file; there is none without", false },
	{ "set", "K=V",
	  "one setting, like track.gate=0.8; goes over the file; 'footfall config doc' lists "
	  "them all",
	  true },
};
static const struct cmd_option help_option = { "help", NULL, "show this help and leave",
					       false };

const struct cmd_option *cmd_common_option(unsigned flags, int n)
{
	int n_conf = flags & CMD_CONF ? 2 : 0;

	if (n < n_conf)
		return &conf_options[n];
	return n == n_conf ? &help_option : NULL;
}

/* A command line taken apart. given: the command's options, then the common ones. */
struct line {
	const struct cmd *cmd;
	const struct cmd_option **option;
	struct cmd_given *given;
	int n_option, n_own;
	VEC(const char *) rest;
};

static void line_init(struct line *l, const struct cmd *cmd)
{
	VEC(const struct cmd_option *) all = { 0 };
	const struct cmd_option *o;

	*l = (struct line){ .cmd = cmd };
	for (o = cmd->options; o && o->name; o++)
		*VEC_PUSH(&all) = o;
	l->n_own = (int)all.n;
	for (int i = 0; (o = cmd_common_option(cmd->flags, i)); i++)
		*VEC_PUSH(&all) = o;
	l->option = all.v;
	l->n_option = (int)all.n;
	l->given = xcalloc(all.n, sizeof(*l->given));
}

static void line_clear(struct line *l)
{
	for (int i = 0; i < l->n_option; i++)
		free(l->given[i].v);
	free(l->given);
	free(l->option);
	VEC_FREE(&l->rest);
}

static const struct cmd_given *common(const struct line *l, const char *name)
{
	for (int i = l->n_own; i < l->n_option; i++)
		if (!strcmp(l->option[i]->name, name))
			return &l->given[i];
	return NULL;
}

static void add_given(struct cmd_given *g, const char *value)
{
	g->v = xrealloc(g->v, (size_t)g->n + 1, sizeof(*g->v));
	g->v[g->n++] = value ? value : "";
}

static int unknown_option(const struct line *l, const char *word, struct err *err)
{
	const char **names = xcalloc((size_t)l->n_option, sizeof(*names));
	size_t len = strcspn(word, "=");
	char *name = xstrndup(word, len);
	const char *near;

	for (int i = 0; i < l->n_option; i++)
		names[i] = l->option[i]->name;
	near = str_nearest(name + strspn(name, "-"), names, (size_t)l->n_option);
	err_set(err, ERR_USAGE, "unknown option '%s'%s%s%s; see 'footfall help %s'", name,
		near ? " (did you mean '--" : "", near ? near : "", near ? "'?)" : "",
		l->cmd->name);
	free(name);
	free(names);
	return ERR_USAGE;
}

/* What getopt_long refused: got is its answer, optopt the option (0: none known). */
static int bad_option(const struct line *l, int got, char **argv, struct err *err)
{
	const char *word = argv[optind - 1];
	const char *name = optopt >= 256 ? l->option[optopt - 256]->name : NULL;

	if (got == ':' && name)
		return err_set(err, ERR_USAGE,
			       "option '--%s' needs a value, %s; see 'footfall help %s'", name,
			       l->option[optopt - 256]->arg, l->cmd->name);
	if (name)
		return err_set(err, ERR_USAGE,
			       "option '--%s' takes no value; see 'footfall help %s'", name,
			       l->cmd->name);
	if (optopt) {
		char letter[] = { '-', (char)optopt, '\0' };

		return unknown_option(l, letter, err);
	}
	return unknown_option(l, word, err);
}

/* argv[0] is the command's name. */
static int parse(struct line *l, int argc, char **argv, struct err *err)
{
	struct option *longs = xcalloc((size_t)l->n_option + 1, sizeof(*longs));
	int got, rc = 0;

	for (int i = 0; i < l->n_option; i++)
		longs[i] = (struct option){ l->option[i]->name,
					    l->option[i]->arg ? required_argument : no_argument,
					    NULL, 256 + i };
	opterr = 0;
	optind = 0; /* begin anew: this may not be the first line parsed */
	/* '-': words come in their order as option 1, whatever POSIXLY_CORRECT says. */
	while (rc == 0 && (got = getopt_long(argc, argv, "-:h", longs, NULL)) != -1) {
		if (got == 1)
			*VEC_PUSH(&l->rest) = optarg;
		else if (got == 'h')
			add_given(&l->given[l->n_option - 1], NULL);
		else if (got >= 256)
			add_given(&l->given[got - 256], optarg);
		else
			rc = bad_option(l, got, argv, err);
	}
	for (; optind < argc; optind++)
		*VEC_PUSH(&l->rest) = argv[optind];
	free(longs);
	return rc;
}

static const struct cmd_given *given(const struct cmd_args *a, const char *name)
{
	const struct cmd_option *o = a->cmd->options;

	for (int i = 0; o && o[i].name; i++)
		if (!strcmp(o[i].name, name))
			return &a->given[i];
	assert(!"an option of the command");
	return NULL;
}

const char *cmd_value(const struct cmd_args *a, const char *name)
{
	const struct cmd_given *g = given(a, name);

	return g->n ? g->v[g->n - 1] : NULL;
}

bool cmd_has(const struct cmd_args *a, const char *name)
{
	return given(a, name)->n > 0;
}

/* ---- Signals ---- */

static volatile sig_atomic_t stop; /* written by the handler, nobody else */

static void on_signal(int number)
{
	(void)number;
	stop = 1;
	signal(SIGINT, SIG_DFL);
	signal(SIGTERM, SIG_DFL);
}

static void catch_signals(void)
{
	struct sigaction sa = { .sa_handler = on_signal, .sa_flags = SA_RESTART };

	sigemptyset(&sa.sa_mask);
	sigaction(SIGINT, &sa, NULL);
	sigaction(SIGTERM, &sa, NULL);
}

bool cmd_stop(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, catch_signals);
	return stop;
}

static volatile sig_atomic_t reload; /* set by the handler, cleared by whoever asks */

static void on_hangup(int number)
{
	(void)number;
	reload = 1;
}

static void catch_hangup(void)
{
	struct sigaction sa = { .sa_handler = on_hangup, .sa_flags = SA_RESTART };

	sigemptyset(&sa.sa_mask);
	sigaction(SIGHUP, &sa, NULL);
}

bool cmd_reload(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, catch_hangup);
	if (!reload)
		return false;
	reload = 0;
	return true;
}

/* ---- Dispatch ---- */

const struct cmd *cmd_find(const char *name, const char **near)
{
	VEC(const char *) names = { 0 };

	for (int i = 0; commands[i]; i++) {
		if (!strcmp(commands[i]->name, name)) {
			VEC_FREE(&names);
			return commands[i];
		}
		*VEC_PUSH(&names) = commands[i]->name;
	}
	*near = str_nearest(name, names.v, names.n);
	VEC_FREE(&names);
	return NULL;
}

/* A closed descriptor 0..2 would be taken by the next file that is opened, and a message would
 * be written into a database. */
static void open_standard_files(void)
{
	for (int fd = 0; fd <= 2; fd++)
		if (fcntl(fd, F_GETFD) < 0 && errno == EBADF)
			(void)!open("/dev/null", O_RDWR);
}

/* What was printed is really out; a reader that went away is no news to him. */
static int finish_output(int status)
{
	struct pollfd out = { .fd = STDOUT_FILENO, .events = POLLOUT };

	if (fflush(stdout) == 0 && !ferror(stdout))
		return status;
	if (!(poll(&out, 1, 0) == 1 && (out.revents & POLLERR)))
		fprintf(stderr, "footfall: cannot write to standard output: %s\n",
			strerror(errno));
	return status ? status : 1;
}

static int config_status(void)
{
	return getenv("INVOCATION_ID") ? EXIT_SYSTEMD_CONFIG : EXIT_USAGE;
}

static int report(const struct err *e)
{
	fprintf(stderr, "footfall: %s\n", e->msg);
	return e->code == ERR_USAGE ? EXIT_USAGE : e->code == ERR_CONFIG ? config_status() : 1;
}

/* Each problem is a line of text. */
static int report_conf(const struct str *problems)
{
	const char *s = problems->s;

	while (*s) {
		int n = (int)strcspn(s, "\n");

		fprintf(stderr, "footfall: %.*s\n", n, s);
		s += n + (s[n] == '\n');
	}
	return config_status();
}

/* --config, --set, and the check of both together: every problem is found at once. */
int cmd_reread(const struct cmd_args *a, struct conf *c, struct str *problems)
{
	const struct cmd_given *files = a->config, *sets = a->set;
	struct err e;
	int n = 0;

	if (files->n)
		n += conf_read(c, files->v[files->n - 1], problems);
	for (int i = 0; i < sets->n; i++) {
		if (conf_set(c, sets->v[i], &e) < 0) {
			str_addf(problems, "--set: %s\n", e.msg);
			n++;
		}
	}
	return n + conf_check(c, problems);
}

static int run(struct line *l)
{
	struct str problems = STR_INIT;
	struct err e = { .msg = "failed" };
	struct conf c;
	struct cmd_args a = { .cmd = l->cmd,
			      .conf = &c,
			      .config = common(l, "config"),
			      .set = common(l, "set"),
			      .given = l->given,
			      .rest = l->rest.v,
			      .n_rest = (int)l->rest.n };
	int status;

	conf_init(&c);
	if ((l->cmd->flags & CMD_CONF) && cmd_reread(&a, &c, &problems) > 0)
		status = report_conf(&problems);
	else if ((l->cmd->flags & CMD_CONF) && clock_set_zone(c.store.time_zone, &e) < 0)
		status = report(&e);
	else if (!*l->cmd->words && l->rest.n &&
		 err_set(&e, ERR_USAGE, "unexpected '%s'; see 'footfall help %s'", l->rest.v[0],
			 l->cmd->name))
		status = report(&e);
	else
		status = l->cmd->run(&a, &e) < 0 ? report(&e) : 0;
	conf_clear(&c);
	str_clear(&problems);
	return status;
}

static int dispatch(const struct cmd *cmd, int argc, char **argv)
{
	struct line l;
	struct err e;
	int status;

	line_init(&l, cmd);
	if (parse(&l, argc, argv, &e) < 0) {
		status = report(&e);
	} else if (common(&l, "help")->n) {
		char *ask[] = { "help", (char *)cmd->name, NULL };

		status = dispatch(&cmd_help, 2, ask);
	} else {
		status = run(&l);
	}
	line_clear(&l);
	return status;
}

static int no_command(const char *name)
{
	const char *near = NULL;

	if (name) {
		cmd_find(name, &near);
		fprintf(stderr, "footfall: unknown command '%s'%s%s%s\n", name,
			near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
	}
	fputs("usage: footfall COMMAND [OPTION...]; commands:", stderr);
	for (int i = 0; commands[i]; i++)
		fprintf(stderr, "%s %s", i ? "," : "", commands[i]->name);
	fputs("; see 'footfall help'\n", stderr);
	return EXIT_USAGE;
}

int cmd_main(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : NULL;
	char *ask[] = { "help", NULL };
	const struct cmd *cmd;
	const char *near;
	int status;

	open_standard_files();
	signal(SIGXFSZ, SIG_IGN); /* a file at its limit is a full disk: told, not died of */
	signal(SIGPIPE, SIG_IGN); /* finish_output() sees a closed pipe, and counting goes on */
	if (!name) {
		status = no_command(NULL);
	} else if (!strcmp(name, "--version") || !strcmp(name, "version")) {
		printf("footfall %s\n", FOOTFALL_VERSION);
		status = 0;
	} else if (!strcmp(name, "--help") || !strcmp(name, "-h")) {
		status = dispatch(&cmd_help, 1, ask);
	} else {
		cmd = cmd_find(name, &near);
		status = cmd ? dispatch(cmd, argc - 1, argv + 1) : no_command(name);
	}
	return finish_output(status);
}
