/* SPDX-License-Identifier: Apache-2.0 */
/* test_scene_mutated.c -- scenes with bytes changed, lost and doubled: each is read or refused
 * in one line, and what is read keeps its promises. */
#include "base/file.h"
#include "base/str.h"
#include "mutate.h"
#include "sim/crowd.h"
#include "sim/plane.h"
#include "sim/scene.h"
#include "sim/scene_table.h"
#include "video/image.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define SCENES TESTS_DIR "/../../samples/scenes/"

#define TICKS 100

static int n_read, n_refused;

static void check_box(const struct pt_m *corner)
{
	for (int i = 0; i < 4; i++)
		assert_true(plane_left(corner[i], corner[(i + 1) % 4], corner[(i + 2) % 4]) >
			    0);
}

static void check_camera(const struct scene_camera *c)
{
	assert_in_range(c->w, 16, IMAGE_MAX);
	assert_in_range(c->h, 16, IMAGE_MAX);
	assert_true(c->fps >= 0.1 && c->fps <= 240);
	assert_true(*c->name && !strchr(c->name, '/') && *c->name != '.');
	assert_true(c->lens.w == c->w && c->lens.f_px > 0);
	for (int i = 0; i < 9; i++)
		assert_true(isfinite(c->lens.turn[i]));
}

static void check_scene(const struct scene *s)
{
	assert_true(s->floor.to.x > s->floor.from.x && s->floor.to.y > s->floor.from.y);
	assert_true(s->seconds > 0);
	assert_true(s->time_zone && str_is_clean(s->name));
	assert_in_range(s->n_cameras, 1, SCENE_MAX);
	for (int i = 0; i < s->n_cameras; i++)
		check_camera(&s->camera[i]);
	for (int i = 0; i < s->n_shelves; i++)
		check_box(s->shelf[i].corner);
	for (int i = 0; i < s->n_objects; i++)
		check_box(s->object[i].corner);
	for (int i = 0; i < s->n_walls; i++)
		assert_in_range(s->walls[i].line.n, 2, SCENE_POINTS);
	for (int i = 0; i < s->n_walkers; i++)
		assert_in_range(s->walker[i].path.n, 1, SCENE_POINTS);
	assert_true(s->people.group[0] + s->people.group[1] + s->people.group[2] +
			    s->people.group[3] >
		    0);
	for (int h = 0; h < SCENE_HOURS; h++)
		assert_true(s->people.shoppers_h[h] >= 0 && s->people.passers_h[h] >= 0);
}

/* People can live in it. */
static void check_life(const struct scene *s)
{
	struct crowd *crowd = crowd_new(s, 1);
	const struct actor *actors;
	int n = 0;

	for (int tick = 0; tick < TICKS; tick++) {
		assert_int_equal(crowd_step(crowd, &actors, &n),
				 s->start_us + tick * CROWD_TICK_US);
		for (int i = 0; i < n; i++)
			assert_true(isfinite(actors[i].at.x) && isfinite(actors[i].at.y));
	}
	crowd_free(crowd);
}

static void check_text(const char *text, size_t len)
{
	struct err err = { 0 };
	struct scene *s = scene_parse(text, len, SCENES "mutated.ini", &err);

	if (s) {
		n_read++;
		check_scene(s);
		if (n_read % 2 == 0)
			check_life(s);
		scene_free(s);
		return;
	}
	n_refused++;
	assert_int_equal(err.code, ERR_CONFIG);
	assert_non_null(strstr(err.msg, "mutated.ini"));
	for (const char *c = err.msg; *c; c++)
		assert_true((unsigned char)*c >= ' ');
}

static void each_is_read_or_refused(void **state)
{
	static const char *const scenes[] = { "checkout.ini", "standing.ini", "store.ini" };

	(void)state;
	for (size_t i = 0; i < sizeof(scenes) / sizeof(scenes[0]); i++) {
		char *path = file_join(SCENES, scenes[i]);

		n_read = n_refused = 0;
		for_mutations(path, 1500, check_text);
		assert_true(n_read > 0);
		assert_true(n_refused > 0);
		free(path);
	}
}

static void try_key(const struct scene_section *section, const char *key, const char *value)
{
	struct str text = STR_INIT;

	str_addf(&text, "%s[camera one]\nat=1,1,3\nto=2,2,0\n[%s%s]\n%s=%s\n",
		 strcmp(section->name, "floor") ? "[floor]\nbox=0,0 9,9\n" : "", section->name,
		 section->named ? " x" : "", key, value);
	check_text(text.s, text.len);
	str_clear(&text);
}

/* The worst a key can be given, in every key of every kind. */
static void every_key_takes_or_refuses_anything(void **state)
{
	static const char *const values[] = {
		"",
		"0",
		"-0",
		"-1",
		"1e308",
		"1e-308",
		"nan",
		"inf",
		"1,1",
		"1,1,1",
		"1 1 1",
		"1 1 1 1",
		"0,0 0,0",
		"0,0 1,1 2,2",
		"0,0 500,500",
		"-500,-500 500,500",
		"0,0 1,0 1,1 0,1",
		"never",
		"always",
		"0 1e7",
		"1x1",
		"16 x 16",
		"yes",
		"a",
		"0:1 23:2",
		"\xff",
		"255 255 255",
		"1.5",
	};
	(void)state;
	n_read = n_refused = 0;
	for (int i = 0; i < scene_n_sections; i++)
		for (int k = 0; k < scene_sections[i].n; k++)
			for (size_t v = 0; v < sizeof(values) / sizeof(*values); v++)
				try_key(&scene_sections[i], scene_sections[i].key[k].name,
					values[v]);
	assert_true(n_read > 100 && n_refused > 1000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_is_read_or_refused),
		cmocka_unit_test(every_key_takes_or_refuses_anything),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
