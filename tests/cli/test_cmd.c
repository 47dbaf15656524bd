/* SPDX-License-Identifier: Apache-2.0 */
/* test_cmd.c -- a command gets what was on its line; its answer becomes an exit status. */
#include "base/clock.h"
#include "cmd/cmd.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static struct {
	int calls, answer;
	char text[256]; /* what the command saw */
} seen;

static int run_probe(const struct cmd_args *a, struct err *err)
{
	struct str s = STR_INIT;

	seen.calls++;
	str_addf(&s, "db=%s quiet=%d tag=", cmd_value(a, "db") ? cmd_value(a, "db") : "none",
		 cmd_has(a, "quiet"));
	for (int i = 0; i < a->given[2].n; i++)
		str_addf(&s, "%s,", a->given[2].v[i]);
	str_add(&s, " rest=");
	for (int i = 0; i < a->n_rest; i++)
		str_addf(&s, "%s,", a->rest[i]);
	str_addf(&s, " zone=%s gate=%g", clock_zone(), a->conf->track.gate_bh);
	str_copy(seen.text, sizeof(seen.text), s.s);
	str_clear(&s);
	return seen.answer ? err_set(err, (enum err_code)seen.answer, "as asked") : 0;
}

static const struct cmd_option probe_options[] = { { "db", "FILE", "help", false },
						   { "quiet", NULL, "help", false },
						   { "tag", "N", "help", true },
						   { 0 } };
static const struct cmd probe = { .name = "probe",
				  .words = "WORD...",
				  .help = "probe",
				  .options = probe_options,
				  .flags = CMD_CONF,
				  .run = run_probe };
static const struct cmd bare = {
	.name = "bare", .words = "", .help = "bare", .options = probe_options, .run = run_probe
};
const struct cmd *const commands[] = { &probe, &bare, &cmd_help, NULL };

/* Runs "footfall <line>", words apart by blanks. */
static int footfall(const char *line)
{
	char text[256], *argv[32] = { "footfall" }, *s = text;
	int argc = 1;

	memset(&seen.text, 0, sizeof(seen.text));
	str_copy(text, sizeof(text), line);
	while (*s && argc < 31) {
		argv[argc++] = s;
		s += strcspn(s, " ");
		if (*s)
			*s++ = '\0';
	}
	return cmd_main(argc, argv);
}

static void the_command_sees_its_line(void **state)
{
	(void)state;
	assert_int_equal(footfall("probe"), 0);
	assert_string_equal(seen.text, "db=none quiet=0 tag= rest= zone=UTC gate=0.6");
	assert_int_equal(footfall("probe a --db x b --tag 2 --quiet --tag=1 --db=y -- --db z"),
			 0);
	assert_string_equal(seen.text,
			    "db=y quiet=1 tag=2,1, rest=a,b,--db,z, zone=UTC gate=0.6");
	assert_int_equal(footfall("probe --set track.gate=1.5 --set "
				  "store.time_zone=Europe/Berlin"),
			 0);
	assert_string_equal(seen.text,
			    "db=none quiet=0 tag= rest= zone=Europe/Berlin gate=1.5");
}

static void a_wrong_line_never_reaches_the_command(void **state)
{
	static const char *const bad[] = { "probe --nope",
					   "probe --db",
					   "probe --quiet=1",
					   "probe --set track.gate=9",
					   "bare --set track.gate=1",
					   "bare word",
					   "probe --config /nonexistent/f" };

	(void)state;
	seen.calls = 0;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(footfall(bad[i]), 2);
	assert_int_equal(seen.calls, 0);
}

static void the_answer_is_the_status(void **state)
{
	static const struct {
		int answer, status;
	} cases[] = { { 0, 0 },         { ERR_IO, 1 },    { ERR_FORMAT, 1 },
		      { ERR_STATE, 1 }, { ERR_USAGE, 2 }, { ERR_EOF, 1 } };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		seen.answer = cases[i].answer;
		assert_int_equal(footfall("bare"), cases[i].status);
	}
	seen.answer = 0;
}

/* The first signal asks to stop; the second ends the process. */
static void one_signal_asks_two_end(void **state)
{
	static const int signals[] = { SIGINT, SIGTERM };

	(void)state;
	for (int i = 0; i < 2; i++) {
		pid_t child = fork();
		int status = 0;

		assert_true(child >= 0);
		if (!child) {
			if (cmd_stop())
				_exit(10);
			raise(signals[i]);
			if (!cmd_stop())
				_exit(11);
			raise(signals[1 - i]);
			_exit(12);
		}
		assert_int_equal(waitpid(child, &status, 0), child);
		assert_true(WIFSIGNALED(status));
		assert_int_equal(WTERMSIG(status), signals[1 - i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_command_sees_its_line),
		cmocka_unit_test(a_wrong_line_never_reaches_the_command),
		cmocka_unit_test(the_answer_is_the_status),
		cmocka_unit_test(one_signal_asks_two_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
