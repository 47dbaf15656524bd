/* SPDX-License-Identifier: Apache-2.0 */
/* test_scene_samples.c -- the scenes that come with the project: each is read without a word,
 * and those of one difficulty have that one only. */
#include "base/ini.h"
#include "base/str.h"
#include "floor/plan.h"
#include "sim/scene.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>
#include <dirent.h>
#include <stdio.h>
#include <string.h>

#define SCENES TESTS_DIR "/../../samples/scenes"

static void lint_plan(const struct scene *s)
{
	struct plan plan = { 0 };
	struct err err;
	char text[512];

	if (plan_read(&plan, s->plan, &err) < 0)
		fail_msg("%s", err.msg);
	for (int i = 0; i < plan.n; i++)
		if (plan_lint(&plan, i, 0, text, sizeof(text)))
			fail_msg("%s: %s", s->plan, text);
	plan_clear(&plan);
}

static void every_one_is_read_without_a_word(void **state)
{
	DIR *dir = opendir(SCENES);
	struct dirent *e;
	int n = 0;

	(void)state;
	assert_non_null(dir);
	while ((e = readdir(dir))) {
		char path[1024];
		struct scene *s;
		struct err err;

		if (!str_ends(e->d_name, ".ini"))
			continue;
		snprintf(path, sizeof(path), SCENES "/%s", e->d_name);
		s = scene_read(path, &err);
		if (!s)
			fail_msg("%s", err.msg);
		assert_non_null(s->plan);
		lint_plan(s);
		scene_free(s);
		n++;
	}
	closedir(dir);
	assert_in_range(n, 25, 100);
}

/* ---- One difficulty each ---- */

#define ITEMS_MAX 200

struct items {
	char text[ITEMS_MAX][256]; /* "section.key=value" */
	int n;
};

static void on_item(void *arg, const struct ini_item *it)
{
	struct items *items = arg;

	assert_true(items->n < ITEMS_MAX);
	snprintf(items->text[items->n++], 256, "%s.%s=%s", it->section, it->key, it->value);
}

static void on_problem(void *arg, int line, const char *why)
{
	(void)arg;
	fail_msg("%d: %s", line, why);
}

static void read_items(const char *name, struct items *items)
{
	struct ini_sink sink = { .item = on_item, .problem = on_problem, .arg = items };
	char path[1024];
	struct err err;

	items->n = 0;
	snprintf(path, sizeof(path), SCENES "/%s.ini", name);
	if (ini_read(path, &sink, &err) < 0)
		fail_msg("%s", err.msg);
}

static bool has(const struct items *items, const char *text)
{
	for (int i = 0; i < items->n; i++)
		if (!strcmp(items->text[i], text))
			return true;
	return false;
}

/* Whether one of the beginnings in changes, parted by blanks, is text's. */
static bool may_change(const char *changes, const char *text)
{
	while (*changes) {
		size_t n = strcspn(changes, " ");

		if (!strncmp(changes, text, n))
			return true;
		changes += n + strspn(changes + n, " ");
	}
	return str_starts(text, "scene.name=");
}

static void each_has_one_difficulty(void **state)
{
	static const char *const cases[][2] = {
		{ "shadows", "picture.shadow" },
		{ "gloss", "floor.gloss=" },
		{ "low-contrast", "people.low_contrast=" },
		{ "glass-door", "door" },
		{ "screens", "screen" },
		{ "light-switch", "light" },
		{ "sun", "sun." },
		{ "exposure", "picture.exposure=" },
		{ "white-balance", "picture.white_balance=" },
		{ "noise", "picture.noise" },
		{ "infrared", "picture.infrared=" },
		{ "shake", "picture.shake=" },
		{ "hand", "picture.hand=" },
		{ "lost-frames", "picture.lost=" },
		{ "draught", "shelf" },
		{ "flicker", "picture.flicker=" },
		{ "objects", "object" },
		{ "standing", "walker scene.seconds=" },
		{ "crowd", "people.shoppers=" },
		{ "tracks", "tracks." },
	};
	static struct items plain, other;

	(void)state;
	read_items("plain", &plain);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int changed = 0;

		read_items(cases[i][0], &other);
		for (int k = 0; k < plain.n; k++)
			if (!has(&other, plain.text[k]) &&
			    !may_change(cases[i][1], plain.text[k]))
				fail_msg("%s lacks %s", cases[i][0], plain.text[k]);
		for (int k = 0; k < other.n; k++) {
			if (has(&plain, other.text[k]))
				continue;
			if (!may_change(cases[i][1], other.text[k]))
				fail_msg("%s has %s", cases[i][0], other.text[k]);
			changed += !str_starts(other.text[k], "scene.name=");
		}
		assert_true(changed > 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_one_is_read_without_a_word),
		cmocka_unit_test(each_has_one_difficulty),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
