/* SPDX-License-Identifier: Apache-2.0 */
/* test_live.c -- what keeps live counting right: times of pictures from clocks that lie, the
 * pace of all cameras, logins. */
#include "base/clock.h"
#include "base/file.h"
#include "base/vec.h"
#include "run/arrival.h"
#include "run/login.h"
#include "run/pace.h"
#include "run/wall.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define S CLOCK_SECOND_US
#define FRAME_US 40000

/* ---- arrival ---- */

/* Pictures that were held up on the way get the times at which they were taken. */
static void a_held_up_picture_keeps_its_time(void **state)
{
	struct arrival a = { 0 };
	int64_t t = 0, first;
	(void)state;

	assert_true(arrival_step(&a, 0, 1000 * S, &first));
	for (int i = 1; i < 1000; i++) {
		int64_t delay = i >= 500 && i < 550 ? (550 - i) * FRAME_US : 0;

		assert_true(
			arrival_step(&a, i * FRAME_US, 1000 * S + i * FRAME_US + delay, &t));
		/* A thousandth of the time may be taken for drift of the clocks. */
		assert_in_range(t - first - i * FRAME_US, 0, 60 * FRAME_US / 1000);
	}
}

/* A server sends what it had stored all at once: that was not taken within a moment. */
static void a_burst_at_the_start_has_no_times(void **state)
{
	struct arrival a = { 0 };
	int64_t t = 0, last = 0;
	int timed = 0;
	(void)state;

	for (int i = 0; i < 50; i++)
		timed += arrival_step(&a, i * FRAME_US, 1000 * S + i * 1000, &t);
	assert_int_equal(timed, 1); /* nobody can know of the first one */
	for (int i = 50; i < 100; i++) {
		int64_t now = 1000 * S + 50000 + (i - 49) * FRAME_US;

		last = t;
		assert_true(arrival_step(&a, i * FRAME_US, now, &t));
		assert_true(t > last);
		assert_in_range(now - t + 1000, 0, 2000);
	}
}

/* The camera's clock is set while it runs, forward and back. */
static void a_step_of_the_cameras_clock_is_no_step_of_ours(void **state)
{
	const int64_t steps[] = { 3600 * S, -3600 * S };
	(void)state;

	for (int k = 0; k < 2; k++) {
		struct arrival a = { 0 };
		int64_t t = 0, last = 0, stamp = 7200 * S;
		int lost = 0;

		for (int i = 0; i < 200; i++) {
			int64_t now = 1000 * S + i * FRAME_US;

			stamp += FRAME_US + (i == 100 ? steps[k] : 0);
			last = t;
			if (!arrival_step(&a, stamp, now, &t)) {
				lost++;
				continue;
			}
			assert_true(t > last);
			assert_in_range(now - t + 2, 0, 4);
		}
		assert_in_range(lost, 0, 1);
	}
}

/* A clock that runs a little fast does not run away. */
static void drift_is_followed(void **state)
{
	const double rates[] = { 1.0002, 0.9998 };
	(void)state;

	for (int k = 0; k < 2; k++) {
		struct arrival a = { 0 };
		int64_t t, stamp, now = 0;

		for (int64_t i = 0; i < 200000; i++) {
			stamp = (int64_t)((double)(i * FRAME_US) * rates[k]);
			now = 1000 * S + i * FRAME_US;
			if (arrival_step(&a, stamp, now, &t))
				assert_in_range(now - t + S / 50, 0, S / 25);
		}
	}
}

/* ---- wall ---- */

#define DAY0 (20000 * INT64_C(86400) * S)

/* Every second a step; returns the news of the last one. */
static enum wall_news run_wall(struct wall *w, int64_t *now, int seconds, int64_t ahead_us,
			       int *others)
{
	enum wall_news news = WALL_NONE;

	for (int i = 0; i < seconds; i++) {
		*now += S;
		news = wall_step(w, *now, DAY0 + *now + ahead_us);
		*others += news != WALL_NONE;
	}
	return news;
}

static void a_clock_that_steps_and_comes_back_is_not_followed(void **state)
{
	const int64_t hour[] = { 3600 * S, -3600 * S };
	(void)state;

	for (int k = 0; k < 2; k++) {
		struct wall *w = wall_new(0, DAY0);
		int64_t now = 0, last = 0;
		int epoch = -1, others = 0;

		run_wall(w, &now, 100, 0, &others);
		assert_int_equal(others, 0);
		assert_int_equal(run_wall(w, &now, 1, hour[k], &others), WALL_JUMPED);
		assert_int_equal(wall_ahead_us(w), hour[k]);
		for (int i = 0; i < 590; i++) {
			run_wall(w, &now, 1, hour[k], &others);
			assert_true(wall_time(w, now, &epoch) > last);
			last = wall_time(w, now, NULL);
			assert_int_equal(last, DAY0 + now);
		}
		assert_int_equal(others, 1);
		assert_int_equal(run_wall(w, &now, 1, 0, &others), WALL_BACK);
		assert_int_equal(epoch, 0);
		wall_free(w);
	}
}

static void a_step_that_stays_is_taken_over(void **state)
{
	struct wall *w = wall_new(0, DAY0);
	int64_t now = 0;
	int epoch, others = 0;
	(void)state;

	run_wall(w, &now, 10, 0, &others);
	run_wall(w, &now, WALL_BELIEVE_S, -3600 * S, &others);
	assert_int_equal(others, 1);
	assert_int_equal(run_wall(w, &now, 1, -3600 * S, &others), WALL_TAKEN);
	assert_int_equal(wall_time(w, now, &epoch), DAY0 + now - 3600 * S);
	assert_int_equal(epoch, 1);
	assert_int_equal(wall_ahead_us(w), 0);
	wall_free(w);
}

/* A second of error goes away without a jump: no frame's time is ever out of order. */
static void small_errors_are_slewed(void **state)
{
	struct wall *w = wall_new(0, DAY0);
	int64_t now = 0, last = 0;
	int epoch, others = 0;
	(void)state;

	for (int i = 0; i < 3000; i++) {
		run_wall(w, &now, 1, S, &others);
		for (int k = 0; k < 10; k++) {
			int64_t t = wall_time(w, now + k * S / 10, &epoch);

			assert_true(t > last);
			last = t;
		}
	}
	assert_int_equal(others, 0);
	assert_int_equal(epoch, 0);
	assert_in_range(wall_time(w, now, NULL) - (DAY0 + now + S) + 2000, 0, 4000);
	wall_free(w);
}

/* ---- pace ---- */

static void too_much_makes_all_slower_but_not_below_four(void **state)
{
	struct pace p;
	(void)state;

	pace_init(&p, 10);
	assert_int_equal(pace_every_us(&p), 100000);
	assert_true(pace_step(&p, true));
	assert_int_equal(pace_every_us(&p), 125000);
	for (int i = 0; i < 20; i++)
		pace_step(&p, true);
	assert_int_equal(pace_every_us(&p), 250000);
	/* One good moment is no reason to run again. */
	assert_false(pace_step(&p, false));
	assert_int_equal(pace_every_us(&p), 250000);
	for (int i = 0; i < 40; i++)
		pace_step(&p, false);
	assert_int_equal(pace_every_us(&p), 100000);
}

/* ---- login ---- */

static char *file_of(const char *text, mode_t mode)
{
	char *path = xstrdup("/tmp/footfall-login-XXXXXX");
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	assert_int_equal(fchmod(fd, mode), 0);
	close(fd);
	return path;
}

static void a_login_comes_from_a_file_that_is_private(void **state)
{
	char *path = file_of("[door]\nuser = anna\npassword = se: c@ret/?\n"
			     "[back door]\nuser = x\npassword = y\n",
			     0600);
	struct login l;
	struct err err;
	(void)state;

	assert_int_equal(login_find(&l, path, "door", &err), 0);
	assert_string_equal(l.user, "anna");
	assert_string_equal(l.password, "se: c@ret/?");
	login_clear(&l);
	assert_int_equal(login_find(&l, path, "window", &err), 0);
	assert_null(l.user);
	/* The environment goes over it. */
	setenv("FOOTFALL_LOGIN_BACK_DOOR", "ben:a:b", 1);
	assert_int_equal(login_find(&l, path, "back door", &err), 0);
	assert_string_equal(l.user, "ben");
	assert_string_equal(l.password, "a:b");
	login_clear(&l);
	assert_int_equal(chmod(path, 0640), 0);
	assert_int_equal(login_find(&l, path, "door", &err), ERR_CONFIG);
	assert_non_null(strstr(err.msg, "mode 0640"));
	assert_null(l.user);
	unlink(path);
	free(path);
}

static void a_wrong_login_file_is_refused_without_telling_it(void **state)
{
	char *path = file_of("[door]\nuser = anna\npasword = geheim\n", 0600);
	struct login l;
	struct err err;
	(void)state;

	assert_int_equal(login_find(&l, path, "door", &err), ERR_CONFIG);
	assert_non_null(strstr(err.msg, ":3: expected user or password"));
	assert_null(strstr(err.msg, "geheim"));
	unlink(path);
	assert_int_equal(login_find(&l, path, "door", &err), ERR_CONFIG);
	free(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_held_up_picture_keeps_its_time),
		cmocka_unit_test(a_burst_at_the_start_has_no_times),
		cmocka_unit_test(a_step_of_the_cameras_clock_is_no_step_of_ours),
		cmocka_unit_test(drift_is_followed),
		cmocka_unit_test(a_clock_that_steps_and_comes_back_is_not_followed),
		cmocka_unit_test(a_step_that_stays_is_taken_over),
		cmocka_unit_test(small_errors_are_slewed),
		cmocka_unit_test(too_much_makes_all_slower_but_not_below_four),
		cmocka_unit_test(a_login_comes_from_a_file_that_is_private),
		cmocka_unit_test(a_wrong_login_file_is_refused_without_telling_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
