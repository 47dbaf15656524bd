/* SPDX-License-Identifier: Apache-2.0 */
/* nightly.c -- each business day's report. */
#include "run/nightly.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "base/str.h"
#include "base/vec.h"
#include "store/query.h"

#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define TRIES 3
#define AGAIN_US (10 * CLOCK_MINUTE_US) /* after a failure */

extern char **environ;

struct nightly {
	struct nightly_opts o;
	char *done_path;
	int64_t done; /* last day that needs nothing more, as clock_date() counts */
	pid_t child;  /* 0: none */
	int tries;    /* of the day after it */
	int64_t next_us;
};

static int64_t business_day(const struct nightly *n, int64_t t_us)
{
	char date[16];
	int64_t day = 0;

	clock_date(clock_day_of(t_us, n->o.day_start_s, date), &day, NULL);
	return day;
}

static void mark_done(struct nightly *n, int64_t day)
{
	char text[16];
	struct err e;

	n->done = day;
	n->tries = 0;
	clock_date_text(day, text);
	if (file_write(n->done_path, text, strlen(text), &e) < 0)
		log_warn("which days were reported is not kept: %s", e.msg);
}

struct nightly *nightly_new(const struct nightly_opts *o, int64_t now_us)
{
	struct nightly *n = xcalloc(1, sizeof(*n));
	char *text = NULL;
	size_t len;

	n->o = *o;
	n->done_path = file_join(o->state, "reported");
	if (file_read(n->done_path, 32, &text, &len, NULL) == 0)
		text[strcspn(text, "\n")] = '\0';
	if (!text || clock_date(text, &n->done, NULL) < 0)
		/* A new installation: what was counted before it was not meant. */
		n->done = business_day(n, now_us) - 1;
	if (n->done < business_day(n, now_us) - 1 - NIGHTLY_BACK_D)
		n->done = business_day(n, now_us) - 1 - NIGHTLY_BACK_D;
	free(text);
	return n;
}

void nightly_free(struct nightly *n)
{
	if (!n)
		return;
	if (n->child)
		waitpid(n->child, NULL, 0);
	free(n->done_path);
	free(n);
}

static int on_cover(void *arg, const struct minute_cover *m)
{
	(void)m;
	*(bool *)arg = true;
	return 1;
}

/* Whether anything was observed; true, too, when it cannot be found out: the report will say
 * why. */
static bool has_data(const struct nightly *n, int64_t from_us, int64_t to_us)
{
	bool any = false;
	struct query_minutes fn = { .cover = on_cover, .arg = &any };
	struct query *q = NULL;

	if (query_open(&q, n->o.db, NULL) < 0)
		return true;
	if (query_minutes(q, from_us, to_us, &fn, NULL) < 0)
		any = true;
	query_close(q);
	return any;
}

static void begin(struct nightly *n, const char *day)
{
	posix_spawn_file_actions_t files;
	VEC(const char *) argv = { 0 };

	*VEC_PUSH(&argv) = "footfall";
	*VEC_PUSH(&argv) = "report";
	*VEC_PUSH(&argv) = "--db";
	*VEC_PUSH(&argv) = n->o.db;
	*VEC_PUSH(&argv) = "--out";
	*VEC_PUSH(&argv) = n->o.reports;
	*VEC_PUSH(&argv) = "--day";
	*VEC_PUSH(&argv) = day;
	for (int i = 0; n->o.args[i]; i++)
		*VEC_PUSH(&argv) = n->o.args[i];
	*VEC_PUSH(&argv) = NULL;
	posix_spawn_file_actions_init(&files);
	posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
	if (posix_spawn(&n->child, "/proc/self/exe", &files, NULL, (char **)argv.v, environ))
		n->child = 0;
	posix_spawn_file_actions_destroy(&files);
	VEC_FREE(&argv);
}

/* A report has ended, or none could begin. */
static void ended(struct nightly *n, const char *day, bool good, int64_t now_us)
{
	if (good) {
		log_info("the report of %s is in '%s'", day, n->o.reports);
		mark_done(n, n->done + 1);
	} else if (++n->tries < TRIES) {
		log_warn("the report of %s could not be made; trying again in 10 minutes", day);
		n->next_us = now_us + AGAIN_US;
	} else {
		log_error(
			"the report of %s could not be made; make it by hand: footfall report "
			"--day %s",
			day, day);
		mark_done(n, n->done + 1);
	}
}

void nightly_step(struct nightly *n, int64_t now_us)
{
	int64_t from_us, to_us;
	char day[16];
	int status = 0;

	clock_date_text(n->done + 1, day);
	if (n->child) {
		if (waitpid(n->child, &status, WNOHANG) != n->child)
			return;
		n->child = 0;
		ended(n, day, WIFEXITED(status) && WEXITSTATUS(status) == 0, now_us);
		return;
	}
	if (now_us < n->next_us ||
	    clock_day(day, n->o.day_start_s, &from_us, &to_us, NULL) < 0 ||
	    now_us < to_us + NIGHTLY_AFTER_S * CLOCK_SECOND_US)
		return;
	if (!has_data(n, from_us, to_us)) {
		mark_done(n, n->done + 1);
		return;
	}
	begin(n, day);
	if (!n->child)
		ended(n, day, false, now_us);
}
