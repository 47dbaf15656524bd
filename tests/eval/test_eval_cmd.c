/* SPDX-License-Identifier: Apache-2.0 */
/* test_eval_cmd.c -- what 'footfall eval' prints. */
#include "cmd/cmd.h"

#include "base/file.h"

#include <jansson.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum {
	TRUTH,
	TRACKS,
	IOU,
	METRES,
	CALIB,
	SIZE,
	VISIBLE,
	IGNORE,
	JSON,
	CLIP,
	BACKEND,
	CAUSAL,
	FROM,
	DUMP,
	EVENTS,
	DB,
	TOLERANCE,
	ENTRY,
	N_OPTIONS
};

/* The command line's two helpers, as cmd.h describes them. */
const char *cmd_value(const struct cmd_args *a, const char *name)
{
	for (int i = 0; i < N_OPTIONS; i++)
		if (strcmp(a->cmd->options[i].name, name) == 0)
			return a->given[i].n ? a->given[i].v[a->given[i].n - 1] : NULL;
	fail_msg("no option '%s'", name);
	return NULL;
}

bool cmd_has(const struct cmd_args *a, const char *name)
{
	return cmd_value(a, name) != NULL;
}

bool cmd_stop(void)
{
	return false;
}

static char dir[] = "/tmp/footfall-eval-XXXXXX";
static char truth[64], good[64], poor[64];

static int make_files(void **state)
{
	static const char gt_text[] = "1,1,0,0,10,20\n2,1,0,0,10,20\n3,1,0,0,10,20\n";
	static const char poor_text[] = "1,4,0,0,10,20\n2,5,0,0,10,20\n";

	(void)state;
	if (!mkdtemp(dir))
		return -1;
	snprintf(truth, sizeof(truth), "%s/truth.txt", dir);
	snprintf(good, sizeof(good), "%s/good \"1\".txt", dir);
	snprintf(poor, sizeof(poor), "%s/poor.txt", dir);
	if (file_write(truth, gt_text, strlen(gt_text), NULL) < 0 ||
	    file_write(good, gt_text, strlen(gt_text), NULL) < 0 ||
	    file_write(poor, poor_text, strlen(poor_text), NULL) < 0)
		return -1;
	return 0;
}

static int remove_files(void **state)
{
	(void)state;
	unlink(truth);
	unlink(good);
	unlink(poor);
	return rmdir(dir);
}

/* Runs the command; what it prints goes to out. */
static int run(const char *word, struct cmd_given given[N_OPTIONS], char *out, size_t size,
	       struct err *err)
{
	const char *rest[1] = { word };
	struct conf conf = { .store = { .business_day_start_s = 0 } };
	const struct cmd_args a = {
		.cmd = &cmd_eval,
		.conf = &conf,
		.given = given,
		.rest = rest,
		.n_rest = word ? 1 : 0,
	};
	FILE *to = tmpfile();
	int kept = dup(STDOUT_FILENO), rc;
	size_t n;

	assert_non_null(to);
	fflush(stdout);
	dup2(fileno(to), STDOUT_FILENO);
	rc = cmd_eval.run(&a, err);
	fflush(stdout);
	dup2(kept, STDOUT_FILENO);
	close(kept);
	rewind(to);
	n = fread(out, 1, size - 1, to);
	out[n] = '\0';
	fclose(to);
	return rc;
}

static void table_has_every_pair(void **state)
{
	const char *t[] = { truth, truth }, *k[] = { good, poor };
	struct cmd_given given[N_OPTIONS] = { [TRUTH] = { t, 2 }, [TRACKS] = { k, 2 } };
	struct err err = { 0 };
	char out[8192];

	(void)state;
	assert_int_equal(run("mot", given, out, sizeof(out), &err), 0);
	assert_non_null(strstr(out, poor));
	/* 1 - (1 miss + 1 switch) / 3; together 1 - 2 / 6. */
	assert_non_null(strstr(out, "  MOTA            1.0000    0.3333    0.6667 "));
	assert_non_null(strstr(out, "  IDSW                 0         1         1 "));
}

static void json_has_every_number(void **state)
{
	const char *t[] = { truth, truth }, *k[] = { good, poor }, *on[] = { "" };
	struct cmd_given given[N_OPTIONS] = {
		[TRUTH] = { t, 2 }, [TRACKS] = { k, 2 }, [JSON] = { on, 1 }
	};
	struct err err = { 0 };
	char out[16384];
	json_t *root, *all, *one;

	(void)state;
	assert_int_equal(run("mot", given, out, sizeof(out), &err), 0);
	root = json_loads(out, 0, NULL);
	assert_non_null(root);
	all = json_object_get(root, "sequences");
	assert_int_equal(json_array_size(all), 2);
	one = json_array_get(all, 0);
	assert_string_equal(json_string_value(json_object_get(one, "tracks")), good);
	assert_true(json_number_value(json_object_get(one, "HOTA")) == 1);
	one = json_object_get(root, "combined");
	assert_true(fabs(json_number_value(json_object_get(one, "MOTA")) - 2.0 / 3) < 1e-6);
	assert_int_equal(json_integer_value(json_object_get(one, "CLR_FN")), 1);
	assert_int_equal(
		json_array_size(json_object_get(json_object_get(one, "alphas"), "HOTA")), 19);
	json_decref(root);
}

/* A place per row: what lies apart in the picture may be near on the floor, and the other way.
 */
static void floor_is_scored_beside_boxes(void **state)
{
	static const char gt_text[] = "1,1,0,0,10,20,1,1,0.9,2,3\n2,1,0,0,10,20,1,1,0.9,2,3\n"
				      "2,2,50,0,10,20,1,1,0.1,9,9\n";
	static const char tr_text[] = "1,1,30,0,10,20,1,2.5,3,0\n2,1,0,0,10,20,1,5,3,0\n";
	const char *t[] = { good }, *k[] = { poor }, *on[] = { "" }, *share[] = { "0.3" };
	const char *area[] = { "25,0,45,0,45,40,25,40" }, *far[] = { "4" };
	struct cmd_given given[N_OPTIONS] = {
		[TRUTH] = { t, 1 }, [TRACKS] = { k, 1 }, [JSON] = { on, 1 }
	};
	struct err err = { 0 };
	char out[32768];
	json_t *root, *floor;

	(void)state;
	assert_int_equal(file_write(good, gt_text, strlen(gt_text), NULL), 0);
	assert_int_equal(file_write(poor, tr_text, strlen(tr_text), NULL), 0);
	given[VISIBLE] = (struct cmd_given){ share, 1 };
	assert_int_equal(run("mot", given, out, sizeof(out), &err), 0);
	root = json_loads(out, 0, NULL);
	assert_non_null(root);
	floor = json_object_get(root, "floor");
#define TP(o) json_integer_value(json_object_get(json_object_get(o, "combined"), "CLR_TP"))
#define FP(o) json_integer_value(json_object_get(json_object_get(o, "combined"), "CLR_FP"))
#define FN(o) json_integer_value(json_object_get(json_object_get(o, "combined"), "CLR_FN"))
	assert_int_equal(TP(root), 1);  /* frame 2 */
	assert_int_equal(TP(floor), 1); /* frame 1 */
	assert_int_equal(FN(root), 1);  /* who is hidden need not be found */
	assert_int_equal(FP(root), 1);
	assert_true(json_number_value(json_object_get(floor, "foot_error_median_m")) == 0.5);
	json_decref(root);
	/* Nobody counts where nobody can be told; and 3 m are near enough when 4 m are. */
	given[IGNORE] = (struct cmd_given){ area, 1 };
	given[METRES] = (struct cmd_given){ far, 1 };
	assert_int_equal(run("mot", given, out, sizeof(out), &err), 0);
	root = json_loads(out, 0, NULL);
	floor = json_object_get(root, "floor");
	assert_int_equal(FP(root), 0);
	assert_int_equal(TP(floor), 2);
	json_decref(root);
}

static void crossings_are_compared(void **state)
{
	static const char text[] = "t_utc,name,event\n2026-03-14T09:00:00Z,front \"A\",in\n";
	static const char late[] = "t_utc,name,event\n2026-03-14T09:00:02Z,front \"A\",in\n";
	const char *t[] = { good }, *e[] = { poor }, *on[] = { "" }, *s[] = { "2.5" };
	struct cmd_given given[N_OPTIONS] = { [TRUTH] = { t, 1 }, [EVENTS] = { e, 1 } };
	struct err err = { 0 };
	char out[4096];
	json_t *root, *one;

	(void)state;
	assert_int_equal(file_write(good, text, strlen(text), NULL), 0);
	assert_int_equal(file_write(poor, late, strlen(late), NULL), 0);
	assert_int_equal(run("count", given, out, sizeof(out), &err), 0);
	assert_non_null(strstr(out, "\nfront \"A\"            in         1       1       0     "
				    "0.0%     0.0%    0.00     0     0.0%     0.0%"));
	given[TOLERANCE] = (struct cmd_given){ s, 1 };
	given[JSON] = (struct cmd_given){ on, 1 };
	assert_int_equal(run("count", given, out, sizeof(out), &err), 0);
	root = json_loads(out, 0, NULL);
	assert_non_null(root);
	one = json_array_get(json_object_get(root, "lines"), 0);
	assert_string_equal(json_string_value(json_object_get(one, "line")), "front \"A\"");
	assert_true(json_number_value(json_object_get(one, "F1")) == 1);
	assert_true(json_number_value(json_object_get(one, "off_s")) == 2);
	assert_int_equal(
		json_integer_value(json_object_get(json_object_get(root, "all"), "truth")), 1);
	json_decref(root);
	s[0] = "-1";
	assert_int_equal(run("count", given, out, sizeof(out), &err), ERR_USAGE);
	assert_non_null(strstr(err.msg, "--tolerance is '-1'"));
}

static void refuses(const char *word, struct cmd_given given[N_OPTIONS], int code,
		    const char *says)
{
	struct err err = { 0 };
	char out[64];

	assert_int_equal(run(word, given, out, sizeof(out), &err), code);
	if (!strstr(err.msg, says))
		fail_msg("said '%s', expected '%s'", err.msg, says);
	assert_string_equal(out, "");
}

static void wrong_use_is_explained(void **state)
{
	const char *t[] = { truth }, *k[] = { good, poor }, *half[] = { "1.5" };
	const char *gone[] = { "/nowhere/t.txt" };
	struct cmd_given given[N_OPTIONS] = { [TRUTH] = { t, 1 }, [TRACKS] = { k, 2 } };

	(void)state;
	refuses("mot", given, ERR_USAGE, "found 1 and 2");
	given[TRACKS].n = 1;
	refuses(NULL, given, ERR_USAGE, "one of: mot, mask");
	refuses("counts", given, ERR_USAGE,
		"cannot score 'counts', expected one of: mot, mask, count");
	refuses("count", given, ERR_USAGE, "--tracks is for 'eval mot'");
	refuses("mask", given, ERR_USAGE, "--tracks is for 'eval mot'");
	given[DUMP] = (struct cmd_given){ half, 1 };
	refuses("mot", given, ERR_USAGE, "--dump is for 'eval mask'");
	given[DUMP].n = 0;
	given[IOU] = (struct cmd_given){ half, 1 };
	refuses("mot", given, ERR_USAGE, "--iou is '1.5'");
	given[IOU].n = 0;
	given[METRES] = (struct cmd_given){ half, 1 };
	refuses("mot", given, ERR_STATE, "has no places on the floor");
	given[METRES].n = 0;
	given[VISIBLE] = (struct cmd_given){ half, 1 };
	refuses("mot", given, ERR_USAGE, "--visible is '1.5'");
	half[0] = "0.5";
	refuses("mot", given, ERR_FORMAT, "line 1: no visible share");
	given[VISIBLE].n = 0;
	given[IGNORE] = (struct cmd_given){ half, 1 };
	refuses("mot", given, ERR_USAGE, "--ignore is '0.5'");
	given[IGNORE].n = 0;
	given[CALIB] = (struct cmd_given){ gone, 1 };
	refuses("mot", given, ERR_IO, "/nowhere/t.txt");
	given[CALIB].n = 0;
	given[TRACKS].v = gone;
	refuses("mot", given, ERR_IO, "/nowhere/t.txt");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(table_has_every_pair),
		cmocka_unit_test(json_has_every_number),
		cmocka_unit_test(wrong_use_is_explained),
		cmocka_unit_test(floor_is_scored_beside_boxes), /* writes over the files */
		cmocka_unit_test(crossings_are_compared),       /* writes over the files */
	};

	return cmocka_run_group_tests(tests, make_files, remove_files);
}
