/* SPDX-License-Identifier: Apache-2.0 */
/* test_mutated.c -- files of an installer with bytes changed, lost and doubled: each is read or
 * refused in one line, and what is read keeps its promises. The same mutations every time. */
#include "base/file.h"
#include "base/json.h"
#include "base/vec.h"
#include "conf/conf.h"
#include "floor/map.h"
#include "floor/plan.h"
#include "mutate.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FILE_NAME "test_mutated.tmp"
#define ROUNDS 2500

/* Not file_write(): that one waits for the disk. */
static void put_file(const char *text, size_t len)
{
	FILE *f = fopen(FILE_NAME, "wb");

	assert_non_null(f);
	assert_int_equal(fwrite(text, 1, len, f), len);
	assert_int_equal(fclose(f), 0);
}

static int n_read, n_refused;

static void is_one_line(const char *msg)
{
	n_refused++;
	assert_non_null(strstr(msg, FILE_NAME));
	for (; *msg; msg++)
		assert_true((unsigned char)*msg >= ' ');
}

static void check_place(const struct place *p)
{
	struct err err;
	struct json *json;
	char *text = place_text(p);

	assert_true(*p->name);
	if (p->kind == PLACE_GATE || p->kind == PLACE_QUEUE)
		assert_true(p->n == 0 && *p->part[0] && *p->part[1]);
	else
		assert_in_range(p->n, p->kind == PLACE_ZONE ? 3 : 2, PLAN_MAX_POINTS);
	for (int i = 0; i < p->n; i++)
		for (int k = 0; k < 2; k++)
			assert_true(p->coords == PLAN_METRES
					    ? fabs(p->xy[i][k]) <= 1000
					    : p->xy[i][k] >= 0 && p->xy[i][k] <= 1);
	json = json_parse(text, strlen(text), &err);
	if (!json)
		fail_msg("%s: %s", text, err.msg);
	json_free(json);
	free(text);
}

static void check_plan(void)
{
	struct plan p = { .n = -1 };
	struct err err = { 0 };
	char text[512];

	if (plan_read(&p, FILE_NAME, &err) < 0) {
		is_one_line(err.msg);
		assert_int_equal(p.n, -1);
		return;
	}
	n_read++;
	for (int i = 0; i < p.n; i++) {
		check_place(&p.place[i]);
		for (int n = 0; plan_lint(&p, i, n, text, sizeof(text)); n++)
			assert_true(*text);
	}
	plan_clear(&p);
}

static void check_calib(void)
{
	struct calib c = { .floor_from_img = { 7 } };
	struct err err = { 0 };

	if (calib_read(&c, FILE_NAME, &err) < 0) {
		is_one_line(err.msg);
		assert_true(c.floor_from_img[0] == 7);
		return;
	}
	n_read++;
	for (int i = 0; i < 9; i++)
		assert_true(isfinite(c.floor_from_img[i]));
}

/* What is taken over in spite of problems elsewhere in the file can be printed and read again.
 */
static void check_conf(void)
{
	struct str problems = STR_INIT, printed = STR_INIT, again = STR_INIT;
	struct conf c;
	int n;

	conf_init(&c);
	n = conf_read(&c, FILE_NAME, &problems);
	if (n) {
		n_refused++;
		assert_non_null(strstr(problems.s, FILE_NAME));
	} else {
		n_read++;
		assert_string_equal(problems.s, "");
	}
	for (const char *s = problems.s; *s; s++)
		n -= *s == '\n';
	assert_int_equal(n, 0); /* a line for each */
	conf_print(&c, false, &printed);
	put_file(printed.s, printed.len);
	if (conf_read(&c, FILE_NAME, &again))
		fail_msg("%s", again.s);
	str_clear(&problems);
	str_clear(&printed);
	str_clear(&again);
	conf_clear(&c);
}

static void (*check_file)(void);

static void check_text(const char *text, size_t len)
{
	put_file(text, len);
	check_file();
}

static void each_is_read_or_refused(const char *path, void (*check)(void))
{
	n_read = n_refused = 0;
	check_file = check;
	for_mutations(path, ROUNDS, check_text);
	unlink(FILE_NAME);
	assert_true(n_read > 0);
	assert_true(n_refused > 0);
}

static void plans(void **state)
{
	(void)state;
	each_is_read_or_refused(TESTS_DIR "/../../calib/shop-plan.json", check_plan);
	each_is_read_or_refused(TESTS_DIR "/../../samples/store.plan.json", check_plan);
}

static void calibrations(void **state)
{
	(void)state;
	each_is_read_or_refused(TESTS_DIR "/../../calib/entrance-camera.json", check_calib);
	each_is_read_or_refused(TESTS_DIR "/../../calib/entrance-camera-pairs.json",
				check_calib);
}

static void settings(void **state)
{
	struct str all = STR_INIT;
	struct conf c;

	(void)state;
	conf_init(&c);
	conf_print(&c, true, &all);
	assert_int_equal(file_write("test_mutated.ini", all.s, all.len, NULL), 0);
	str_clear(&all);
	conf_clear(&c);
	each_is_read_or_refused("test_mutated.ini", check_conf);
	unlink("test_mutated.ini");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plans),
		cmocka_unit_test(calibrations),
		cmocka_unit_test(settings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
