/* SPDX-License-Identifier: Apache-2.0 */
/* test_simsource.c -- a simulated camera is a source like any other. */
#include "base/file.h"
#include "base/str.h"
#include "base/vec.h"
#include "floor/map.h"
#include "sim/simsource.h"
#include "sim/view.h"

#include <math.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static const char text[] =
	"[scene]\nname = Kiosk\ntime_zone = Europe/Berlin\nstart = 2026-03-14T09:00:00\n"
	"seconds = 4\nplan = kiosk.plan.json\n[floor]\nbox = 0,0 6,6\n"
	"[portal west]\nat = 0,1 0,5\n[portal east]\nat = 6,1 6,5\n"
	"[camera a]\nat = 3,-2,3\nto = 3,3,0\nfov = 80\nsize = 64 x 36\nfps = 12.5\n"
	"[camera b]\nat = 3,3,4\nto = 3,3,0\nfov = 90\nk1 = -0.1\nsize = 65 x 37\nfps = 10\n"
	"[light one]\nat = 3,3,3\n[people]\npassers = 3000\n";
static const char plan_text[] =
	"{\"format\": \"footfall-plan-1\", \"lines\": [{\"name\": \"middle\", \"coords\": \"metres\","
	" \"points\": [[3, 0], [3, 6]]}]}";

static const struct source_kind *const kinds[] = { &simsource_kind, &simlive_kind, NULL };
static char dir[] = "/tmp/footfall-simsource-XXXXXX";
static char spec[512];

static char *in_dir(const char *name)
{
	return file_join(dir, name);
}

static void write_file(const char *name, const char *a, const char *b)
{
	char *path = in_dir(name);
	struct str s = STR_INIT;

	str_addf(&s, "%s%s", a, b);
	assert_int_equal(file_write(path, s.s, s.len, NULL), 0);
	str_clear(&s);
	free(path);
}

static int make_files(void **state)
{
	(void)state;
	if (!mkdtemp(dir))
		return -1;
	write_file("kiosk.ini", text, "");
	write_file("lost.ini", text, "[picture]\nlost = 0.3\n");
	write_file("kiosk.plan.json", plan_text, "");
	return 0;
}

static int remove_files(void **state)
{
	static const char *const names[] = { "kiosk.ini", "lost.ini", "kiosk.plan.json" };

	(void)state;
	for (int i = 0; i < 3; i++) {
		char *path = in_dir(names[i]);

		unlink(path);
		free(path);
	}
	return rmdir(dir);
}

/* "kiosk.ini#a" in the folder, as a source. */
static struct source_opts opts_of(const char *kind, const char *rest, const char **one)
{
	snprintf(spec, sizeof(spec), "%s:%s/%s", kind, dir, rest);
	*one = spec;
	return (struct source_opts){
		.specs = one, .n_specs = 1, .start_us = CLOCK_NONE, .kinds = kinds
	};
}

static struct source *open_sim(const char *rest)
{
	const char *one;
	struct source_opts o = opts_of("sim", rest, &one);
	struct err err;
	struct source *s = source_open(&o, &err);

	if (!s)
		fail_msg("%s", err.msg);
	return s;
}

static uint64_t hash_of(const struct frame *f)
{
	const struct image *planes[] = { &f->y, &f->u, &f->v };
	uint64_t h = STR_HASH_INIT;

	for (int k = 0; k < 3; k++)
		for (int y = 0; y < planes[k]->h; y++)
			h = str_hash(h, image_row(planes[k], y), (size_t)planes[k]->w);
	return h;
}

/* All frames' hashes by their number; 0: did not come. Returns how many came. */
static int read_all(const char *rest, uint64_t hash[64])
{
	struct source *s = open_sim(rest);
	struct frame f = { 0 };
	int n = 0, rc;

	memset(hash, 0, 64 * sizeof(*hash));
	while ((rc = source_read(s, &f, 1000, NULL)) == 0) {
		assert_true(f.coded >= n && f.coded < 64);
		assert_int_equal(f.index, n++);
		hash[f.coded] = hash_of(&f);
		frame_unref(&f);
	}
	assert_int_equal(rc, ERR_EOF);
	assert_true(source_progress(s) == 1);
	source_close(s);
	return n;
}

static void frames_are_whole_pictures_in_time(void **state)
{
	struct source *s = open_sim("kiosk.ini#a");
	const struct source_info *info = source_info(s);
	struct frame f = { 0 };
	int64_t start_us;
	(void)state;

	assert_int_equal(clock_parse("2026-03-14T08:00:00Z", &start_us, NULL), 0);
	assert_int_equal(info->w, 64);
	assert_int_equal(info->h, 36);
	assert_true(info->fps == 12.5 && info->duration_s == 4);
	assert_true(info->start_us == start_us);
	assert_int_equal(info->start_from, START_SOURCE);
	assert_false(source_live(s));
	for (int i = 0; i < 50; i++) {
		assert_int_equal(source_read(s, &f, 0, NULL), 0);
		assert_true(f.t_us == start_us + i * 80000);
		assert_int_equal(f.dur_us, 80000);
		assert_int_equal(f.coded, i);
		assert_true(!f.full_range && f.matrix == YUV_BT601);
		assert_int_equal(f.y.w, 64);
		assert_int_equal(f.u.w, 32);
		assert_int_equal(f.v.h, 18);
		for (int y = 0; y < f.y.h; y++)
			for (int x = 0; x < f.y.w; x++)
				assert_in_range(image_row(&f.y, y)[x], 16, 235);
		frame_unref(&f);
	}
	assert_int_equal(source_read(s, &f, 0, NULL), ERR_EOF);
	source_close(s);
}

static void the_same_seed_gives_the_same_bytes(void **state)
{
	uint64_t a[64], b[64], other[64], shorter[64];
	int differ = 0;
	(void)state;

	assert_int_equal(read_all("kiosk.ini#a", a), 50);
	assert_int_equal(read_all("kiosk.ini#a?seed=1", b), 50);
	assert_memory_equal(a, b, sizeof(a));
	assert_int_equal(read_all("kiosk.ini#a?seed=2&seconds=4", other), 50);
	for (int i = 0; i < 50; i++)
		differ += a[i] != other[i];
	assert_true(differ > 40); /* noise alone would do */
	assert_int_equal(read_all("kiosk.ini#a?seconds=1.01", shorter), 13);
	assert_memory_equal(a, shorter, 13 * sizeof(a[0]));
	assert_int_equal(read_all("kiosk.ini#b", b), 40); /* odd sizes */
}

static void lost_frames_are_time_that_nobody_saw(void **state)
{
	uint64_t all[64], some[64];
	int n;
	(void)state;

	read_all("kiosk.ini#a", all);
	n = read_all("lost.ini#a", some);
	assert_true(n > 25 && n < 45);
	for (int i = 0; i < 50; i++)
		assert_true(!some[i] || some[i] == all[i]);
}

static void a_start_moves_the_times_and_nothing_else(void **state)
{
	const char *one;
	struct source_opts o = opts_of("sim", "kiosk.ini#a", &one);
	uint64_t all[64];
	struct frame f = { 0 };
	struct source *s;
	(void)state;

	read_all("kiosk.ini#a", all);
	o = opts_of("sim", "kiosk.ini#a", &one);
	o.start_us = 1000000;
	s = source_open(&o, NULL);
	assert_non_null(s);
	assert_int_equal(source_info(s)->start_from, START_GIVEN);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(source_read(s, &f, 0, NULL), 0);
		assert_int_equal(f.t_us, 1000000 + i * 80000);
		assert_true(hash_of(&f) == all[i]);
		frame_unref(&f);
	}
	source_close(s);
}

static void *give_back(void *arg)
{
	frame_unref(arg);
	return NULL;
}

/* Held as long as one likes, given back by whom one likes, and no more memory than is held. */
static void pictures_are_used_again(void **state)
{
	struct source *s = open_sim("kiosk.ini#a");
	struct frame f[8] = { { 0 } };
	const uint8_t *first;
	uint64_t hash;
	pthread_t thread;
	(void)state;

	for (int i = 0; i < 8; i++) {
		assert_int_equal(source_read(s, &f[i], 0, NULL), 0);
		for (int k = 0; k < i; k++)
			assert_ptr_not_equal(f[k].y.data, f[i].y.data);
	}
	hash = hash_of(&f[7]);
	first = f[0].y.data;
	assert_int_equal(pthread_create(&thread, NULL, give_back, &f[0]), 0);
	pthread_join(thread, NULL);
	assert_int_equal(source_read(s, &f[0], 0, NULL), 0);
	assert_ptr_equal(f[0].y.data, first);
	assert_true(hash_of(&f[7]) == hash);
	for (int i = 0; i < 8; i++)
		frame_unref(&f[i]);
	source_close(s);
}

static void a_scene_knows_where_its_camera_stands(void **state)
{
	const char *one;
	struct source_opts o = opts_of("sim", "kiosk.ini#b", &one);
	struct source_about about;
	struct scene *scene;
	struct err err;
	(void)state;

	snprintf(spec, sizeof(spec), "%s/kiosk.ini", dir);
	scene = scene_read(spec, &err);
	assert_non_null(scene);
	for (int k = 0; k < 2; k++) {
		struct calib c;

		o = opts_of("sim", k ? "kiosk.ini#b" : "kiosk.ini#a", &one);
		assert_int_equal(source_about(&o, &about, &err), 0);
		assert_string_equal(about.store, "Kiosk");
		assert_string_equal(about.camera, k ? "b" : "a");
		assert_string_equal(about.time_zone, "Europe/Berlin");
		assert_int_equal(access(about.plan, R_OK), 0);
		assert_int_equal(calib_parse(&c, about.calib, strlen(about.calib), &err), 0);
		assert_true(c.has_lens);
		for (double y = 0.3; y < 6; y += 0.7)
			for (double x = 0.3; x < 6; x += 0.7) {
				struct pt_room p = { x, y, 0 };
				double a[2], b[2];

				if (!lens_project(&scene->camera[k].lens, p, a, NULL))
					continue;
				assert_true(lens_project(&c.lens, p, b, NULL));
				assert_true(a[0] == b[0] && a[1] == b[1]);
			}
		source_about_clear(&about);
	}
	scene_free(scene);
}

struct taken {
	int n;
	int64_t coded[64];
	uint64_t hash[64];
};

static void take(void *arg, const struct frame *f)
{
	struct taken *t = arg;

	t->coded[t->n] = f->coded;
	t->hash[t->n++] = hash_of(f);
}

/* What is drawn ahead is what will be read. */
static void it_is_looked_at_ahead(void **state)
{
	const char *one;
	struct source_opts o = opts_of("sim", "kiosk.ini#a", &one);
	struct taken t = { 0 };
	uint64_t all[64];
	(void)state;

	assert_int_equal(source_sample(&o, 10, take, &t, NULL), 10);
	assert_int_equal(t.n, 10);
	read_all("kiosk.ini#a", all);
	for (int i = 0; i < 10; i++) {
		assert_int_equal(t.coded[i], i * 5);
		assert_true(t.hash[i] == all[i * 5]);
	}
	/* No more than there are. */
	t.n = 0;
	o = opts_of("sim", "kiosk.ini#a?seconds=0.5", &one);
	assert_int_equal(source_sample(&o, 60, take, &t, NULL), 7);
	/* What is not there yet cannot be. */
	o = opts_of("simlive", "kiosk.ini#a", &one);
	assert_int_equal(source_sample(&o, 60, take, &t, NULL), 0);
}

static void refused(const char *rest, int code, const char *why)
{
	const char *one;
	struct source_opts o = opts_of("sim", rest, &one);
	struct source_about about;
	struct err err = { 0 };

	assert_null(source_open(&o, &err));
	assert_int_equal(err.code, code);
	if (!strstr(err.msg, why))
		fail_msg("'%s' has no '%s'", err.msg, why);
	assert_int_equal(source_about(&o, &about, &err), code);
	assert_int_equal(source_sample(&o, 3, take, NULL, &err), code);
}

static void wrong_specifications_are_told(void **state)
{
	const char *two[2];
	struct source_opts o;
	struct err err;
	(void)state;

	refused("kiosk.ini", ERR_USAGE, "a, b");
	refused("kiosk.ini#c", ERR_USAGE, "a, b");
	refused("none.ini#a", ERR_IO, "none.ini");
	refused("kiosk.ini#a?second=3", ERR_USAGE, "found 'second=3'");
	refused("kiosk.ini#a?seconds", ERR_USAGE, "found 'seconds'");
	refused("kiosk.ini#a?seconds=0", ERR_USAGE, "seconds is '0'");
	refused("kiosk.ini#a?seconds=1&seed=-1", ERR_USAGE, "seed is '-1'");
	refused("kiosk.ini#a?", ERR_USAGE, "found ''");
	o = opts_of("sim", "kiosk.ini#a", &two[0]);
	two[1] = two[0];
	o.specs = two;
	o.n_specs = 2;
	assert_null(source_open(&o, &err));
	assert_non_null(strstr(err.msg, "expected one"));
	o.n_specs = 1;
	two[0] = "simulated:x";
	assert_null(source_open(&o, &err));
	assert_non_null(strstr(err.msg, "known: sim:, simlive:"));
}

/* 12.5 pictures a second: one each 80 ms. */
static void live_frames_come_at_their_time_or_not_at_all(void **state)
{
	struct scene *s;
	int64_t wait_us;
	(void)state;

	snprintf(spec, sizeof(spec), "%s/kiosk.ini", dir);
	s = scene_read(spec, NULL);
	assert_non_null(s);
	assert_int_equal(simlive_due(s, 0, 0, 0, &wait_us), 0);
	assert_int_equal(wait_us, 0);
	/* The next is not there yet. */
	assert_int_equal(simlive_due(s, 0, 1, 0, &wait_us), 1);
	assert_int_equal(wait_us, 80000);
	assert_int_equal(simlive_due(s, 0, 1, 79999, &wait_us), 1);
	assert_int_equal(wait_us, 1);
	assert_int_equal(simlive_due(s, 0, 1, 80000, &wait_us), 1);
	assert_int_equal(wait_us, 0);
	/* Whoever comes late gets the newest; those before are gone. */
	assert_int_equal(simlive_due(s, 0, 1, 250000, &wait_us), 3);
	assert_int_equal(wait_us, 0);
	/* None twice. */
	assert_int_equal(simlive_due(s, 0, 4, 250000, &wait_us), 4);
	assert_int_equal(wait_us, 70000);
	/* After a month, too. */
	assert_int_equal(simlive_due(s, 0, 1, INT64_C(2592000) * 1000000 + 1, &wait_us),
			 32400000);
	scene_free(s);
}

/* Stamped by the clock, and going on when it is asked too early. */
static void live_time_is_the_clocks(void **state)
{
	const char *one;
	struct source_opts o = opts_of("simlive", "kiosk.ini#a", &one);
	int64_t before_us = clock_now_us();
	struct source *s = source_open(&o, NULL);
	struct frame f = { 0 };
	(void)state;

	assert_non_null(s);
	assert_true(source_live(s));
	assert_true(source_info(s)->start_us >= before_us &&
		    source_info(s)->start_us <= clock_now_us());
	assert_int_equal(source_read(s, &f, 1000, NULL), 0);
	assert_true(f.t_us == source_info(s)->start_us);
	assert_true(source_progress(s) == -1);
	frame_unref(&f);
	source_close(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(frames_are_whole_pictures_in_time),
		cmocka_unit_test(the_same_seed_gives_the_same_bytes),
		cmocka_unit_test(lost_frames_are_time_that_nobody_saw),
		cmocka_unit_test(a_start_moves_the_times_and_nothing_else),
		cmocka_unit_test(pictures_are_used_again),
		cmocka_unit_test(a_scene_knows_where_its_camera_stands),
		cmocka_unit_test(it_is_looked_at_ahead),
		cmocka_unit_test(wrong_specifications_are_told),
		cmocka_unit_test(live_frames_come_at_their_time_or_not_at_all),
		cmocka_unit_test(live_time_is_the_clocks),
	};

	return cmocka_run_group_tests(tests, make_files, remove_files);
}
