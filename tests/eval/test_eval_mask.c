/* SPDX-License-Identifier: Apache-2.0 */
/* test_eval_mask.c -- 'footfall eval mask' over a small clip whose true masks are known. */
#include "cmd/eval.h"

#include "base/file.h"
#include "base/vec.h"
#include "video/png.h"

#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { W = 96, H = 64, PICTURES = 60, COMES = 10 };
enum { BOX_W = 16, BOX_H = 32, BOX_Y = 16 };
enum { TRUTH, JSON, CLIP, BACKEND, CAUSAL, FROM, DUMP, N_OPTIONS };

static const struct cmd_option options[] = {
	{ "truth", "FILE", "", true }, { "json", NULL, "", false },
	{ "clip", "FILE", "", false }, { "backend", "NAME", "", false },
	{ "causal", NULL, "", false }, { "from", "N", "", false },
	{ "dump", "DIR", "", false },  { 0 },
};
static const struct cmd cmd = { .name = "eval", .options = options };

static char dir[] = "/tmp/footfall-mask-XXXXXX";
static char clip[64], truth[64], masks[64];

/* The command line's helpers, as cmd.h describes them. */
const char *cmd_value(const struct cmd_args *a, const char *name)
{
	for (int i = 0; i < N_OPTIONS; i++)
		if (strcmp(options[i].name, name) == 0)
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

static const char *numbered(const char *folder, const char *form, int i)
{
	static char path[128], name[32];

	snprintf(name, sizeof(name), form, i);
	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return path;
}

static bool moving(int i, int x, int y)
{
	int left = (i - COMES) * 2;

	return i >= COMES && x >= left && x < left + BOX_W && y >= BOX_Y && y < BOX_Y + BOX_H;
}

static void write_truth(int i, int w)
{
	struct rgba p;
	uint8_t *png;
	size_t len;

	rgba_init(&p, w, H);
	for (int y = 0; y < H; y++)
		for (int x = 0; x < w; x++) {
			uint8_t *px = p.data + 4 * (y * w + x);

			px[0] = px[1] = px[2] = moving(i, x, y) ? 255 : 0;
			px[3] = 255;
		}
	assert_int_equal(png_encode(&p, &png, &len, NULL), 0);
	assert_int_equal(file_write(numbered(truth, "gt%06d.png", i), png, len, NULL), 0);
	free(png);
	rgba_clear(&p);
}

static void write_clip(int pictures)
{
	struct str s = STR_INIT;
	uint8_t *chroma = xcalloc(W * H / 2, 1);

	memset(chroma, 128, W * H / 2);
	str_addf(&s, "YUV4MPEG2 W%d H%d F25:1 Ip A1:1 C420\n", W, H);
	for (int i = 0; i < pictures; i++) {
		str_add(&s, "FRAME\n");
		for (int y = 0; y < H; y++)
			for (int x = 0; x < W; x++) {
				char luma = (char)(moving(i, x, y) ? 220
								   : 80 + (x * 7 + y * 13) % 9);

				str_add_n(&s, &luma, 1);
			}
		str_add_n(&s, (char *)chroma, W * H / 2);
	}
	assert_int_equal(file_write(clip, s.s, s.len, NULL), 0);
	str_clear(&s);
	free(chroma);
}

static int make_files(void **state)
{
	(void)state;
	if (!mkdtemp(dir))
		return -1;
	snprintf(clip, sizeof(clip), "%s/clip.y4m", dir);
	snprintf(truth, sizeof(truth), "%s/truth", dir);
	snprintf(masks, sizeof(masks), "%s/masks", dir);
	if (file_mkdirs(truth, NULL) < 0)
		return -1;
	write_clip(PICTURES);
	for (int i = 0; i < PICTURES; i++)
		write_truth(i, W);
	return 0;
}

static int remove_files(void **state)
{
	(void)state;
	for (int i = 0; i < PICTURES; i++) {
		unlink(numbered(truth, "gt%06d.png", i));
		unlink(numbered(masks, "m%06d.pgm", i));
	}
	unlink(clip);
	rmdir(truth);
	rmdir(masks);
	return rmdir(dir);
}

struct line {
	const char *value[N_OPTIONS];
};

/* Runs the command; what it prints goes to out. */
static int run(struct line line, char *out, size_t size, struct err *err)
{
	struct cmd_given given[N_OPTIONS] = { 0 };
	struct conf conf;
	struct cmd_args a = { .cmd = &cmd, .conf = &conf, .given = given };
	FILE *to = tmpfile();
	int kept = dup(STDOUT_FILENO), rc;

	assert_non_null(to);
	conf_init(&conf);
	for (int i = 0; i < N_OPTIONS; i++)
		given[i] = (struct cmd_given){ &line.value[i], line.value[i] != NULL };
	fflush(stdout);
	dup2(fileno(to), STDOUT_FILENO);
	rc = eval_mask(&a, err);
	fflush(stdout);
	dup2(kept, STDOUT_FILENO);
	close(kept);
	rewind(to);
	out[fread(out, 1, size - 1, to)] = '\0';
	fclose(to);
	conf_clear(&conf);
	return rc;
}

static json_t *result(struct line line)
{
	struct err err = { 0 };
	char out[4096];
	json_t *root;

	line.value[JSON] = "";
	if (run(line, out, sizeof(out), &err) != 0)
		fail_msg("%s", err.msg);
	root = json_loads(out, 0, NULL);
	assert_non_null(root);
	return root;
}

static double number(const json_t *root, const char *of, const char *name)
{
	return json_number_value(json_object_get(json_object_get(root, of), name));
}

static void a_thing_in_plain_sight_is_found(void **state)
{
	static const char *const starts[][2] = { { "mcw", NULL },
						 { "mcw", "" },
						 { "mog2", NULL } };
	(void)state;

	for (size_t i = 0; i < sizeof(starts) / sizeof(*starts); i++) {
		json_t *r = result((struct line){ .value = { [CLIP] = clip,
							     [TRUTH] = truth,
							     [BACKEND] = starts[i][0],
							     [CAUSAL] = starts[i][1] } });
		double all = number(r, "mask", "TP") + number(r, "mask", "FP") +
			     number(r, "mask", "FN") + number(r, "mask", "TN");

		assert_true(number(r, "raw", "F") > 0.9);
		assert_true(number(r, "mask", "F") > 0.9);
		assert_true(number(r, "mask", "PWC") < 2);
		/* the first tenth is left out */
		assert_int_equal(json_integer_value(json_object_get(r, "from")), PICTURES / 10);
		assert_int_equal(all, (PICTURES - PICTURES / 10) * W * H);
		assert_int_equal(json_is_true(json_object_get(r, "causal")), i > 0);
		json_decref(r);
	}
}

static void the_table_says_what_json_says(void **state)
{
	struct line line = { .value = { [CLIP] = clip, [TRUTH] = truth, [FROM] = "20" } };
	struct err err = { 0 };
	char out[4096], row[64];
	json_t *r = result(line);
	(void)state;

	assert_int_equal(run(line, out, sizeof(out), &err), 0);
	snprintf(row, sizeof(row), "  Recall       %9.4f %9.4f ", number(r, "raw", "Recall"),
		 number(r, "mask", "Recall"));
	assert_non_null(strstr(out, row));
	assert_non_null(strstr(out, "40 pictures, 20 to 59"));
	json_decref(r);
}

static void masks_can_be_kept(void **state)
{
	struct line line = { .value = { [CLIP] = clip, [TRUTH] = truth, [DUMP] = masks } };
	char out[4096], *pgm;
	const char *head = "P5\n96 64\n255\n";
	size_t len;
	(void)state;

	assert_int_equal(run(line, out, sizeof(out), NULL), 0);
	for (int i = 0; i < PICTURES; i++) {
		const char *path = numbered(masks, "m%06d.pgm", i);

		assert_int_equal(file_read(path, 1 << 20, &pgm, &len, NULL), 0);
		assert_int_equal(len, strlen(head) + W * H);
		assert_memory_equal(pgm, head, strlen(head));
		if (i == 30) /* where the thing's middle is then */
			assert_int_equal((uint8_t)pgm[strlen(head) + 32 * W + 48], 255);
		free(pgm);
	}
}

static void refuses(struct line line, int code, const char *says)
{
	struct err err = { 0 };
	char out[4096];

	assert_int_equal(run(line, out, sizeof(out), &err), code);
	if (!strstr(err.msg, says))
		fail_msg("said '%s', expected '%s'", err.msg, says);
	assert_string_equal(out, "");
}

static void what_is_wrong_is_said(void **state)
{
	struct line good = { .value = { [CLIP] = clip, [TRUTH] = truth } }, l = good;
	char name[128];
	(void)state;

	l.value[CLIP] = NULL;
	refuses(l, ERR_USAGE, "expected --clip and --truth");
	l = good, l.value[BACKEND] = "magic";
	refuses(l, ERR_RANGE, "no background model 'magic'");
	l = good, l.value[FROM] = "x";
	refuses(l, ERR_USAGE, "--from is 'x'");
	l = good, l.value[FROM] = "60";
	refuses(l, ERR_RANGE, "no picture from 60 on; the last one is 59");
	l = good, l.value[TRUTH] = "/nowhere/t";
	refuses(l, ERR_IO, "'/nowhere/t'");
	l = good, l.value[TRUTH] = dir;
	refuses(l, ERR_IO, "expected gt000000.png");

	snprintf(name, sizeof(name), "%s", numbered(truth, "gt%06d.png", 33));
	unlink(name);
	refuses(good, ERR_IO, name);
	assert_int_equal(file_write(name, "PNG?", 4, NULL), 0);
	refuses(good, ERR_FORMAT, name);
	write_truth(33, W + 1);
	refuses(good, ERR_RANGE, "gt000033.png': the truth is 97x64; expected 96x64");
	write_truth(33, W);
	write_clip(PICTURES - 5);
	refuses(good, ERR_RANGE, "its last picture is 54, the truth's 59");
	write_clip(PICTURES);
}

/* Two numbers beside the folder narrow down what counts. */
static void a_temporal_region_is_kept_to(void **state)
{
	struct line line = { .value = { [CLIP] = clip, [TRUTH] = truth } };
	char path[128];
	json_t *r;
	(void)state;

	snprintf(path, sizeof(path), "%s/temporalROI.txt", dir);
	assert_int_equal(file_write(path, "20 39\n", 6, NULL), 0);
	r = result(line);
	assert_int_equal(json_integer_value(json_object_get(r, "pictures")), 20);
	json_decref(r);
	assert_int_equal(file_write(path, "39", 2, NULL), 0);
	refuses(line, ERR_FORMAT, "expected two numbers");
	unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_thing_in_plain_sight_is_found),
		cmocka_unit_test(the_table_says_what_json_says),
		cmocka_unit_test(masks_can_be_kept),
		cmocka_unit_test(what_is_wrong_is_said),
		cmocka_unit_test(a_temporal_region_is_kept_to),
	};

	return cmocka_run_group_tests(tests, make_files, remove_files);
}
