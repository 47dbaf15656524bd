/* SPDX-License-Identifier: Apache-2.0 */
/* test_samples.c -- a few pictures spread over a recording. */
#include "media.h"

#include "video/samples.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define FRAME_US 40000

struct taken {
	int n;
	int64_t t_us[512];
};

static void take(void *arg, const struct frame *f)
{
	struct taken *t = arg;

	assert_true(t->n < 512);
	assert_non_null(f->y.data);
	assert_true(!t->n || f->t_us > t->t_us[t->n - 1]);
	t->t_us[t->n++] = f->t_us;
}

static struct taken sample(int n, const char *a, const char *b)
{
	const char *specs[] = { media_path(a), b ? media_path(b) : NULL };
	const struct source_opts o = { .specs = specs, .n_specs = b ? 2 : 1 };
	struct taken t = { 0 };
	struct err err;
	int got = samples_read(&o, n, take, &t, &err);

	assert_int_equal(got, t.n);
	return t;
}

/* Of large pictures only those are decoded that stand alone: every fifth here. */
static void large_pictures_are_sampled_by_key_frames(void **state)
{
	struct taken t;
	(void)state;

	if (!media_ffmpeg("-i clip.y4m -vf scale=1280:720 -c:v libx264 -preset ultrafast -bf 0 "
			  "-g 5 -sc_threshold 0 large.mp4"))
		return;
	t = sample(3, "large.mp4", NULL);
	assert_int_equal(t.n, 3);
	for (int i = 0; i < t.n; i++)
		assert_int_equal(t.t_us[i] % (5 * FRAME_US), 0);
	assert_int_equal(t.t_us[0], 0);
	assert_true(t.t_us[2] >= 15 * FRAME_US);
}

/* Far ahead it jumps, and lands where reading on would have led. */
static void long_recordings_are_sampled_all_along(void **state)
{
	struct taken t;
	(void)state;

	if (!media_ffmpeg(
		    "-i clip.y4m -vf scale=1280:720,setpts=N*20/TB -vsync vfr -c:v libx264 "
		    "-preset ultrafast -bf 0 -g 1 long.mp4"))
		return;
	t = sample(5, "long.mp4", NULL);
	assert_int_equal(t.n, 5);
	for (int i = 0; i < t.n; i++)
		assert_int_equal(t.t_us[i] / CLOCK_SECOND_US, i * 100);
}

/* A small clip with a single key frame is decoded as a whole. */
static void small_pictures_are_sampled_evenly(void **state)
{
	struct taken t;
	(void)state;

	if (!media_ffmpeg("-i clip.y4m -c:v libx264 -bf 0 -g 250 small.mp4"))
		return;
	t = sample(5, "small.mp4", NULL);
	assert_int_equal(t.n, 5);
	for (int i = 0; i < t.n; i++)
		assert_in_range(t.t_us[i], i * 5 * FRAME_US, (i * 5 + 1) * FRAME_US);
}

/* A small clip with many key frames, every second picture here, is not. */
static void small_pictures_with_many_key_frames(void **state)
{
	struct taken t;
	(void)state;

	if (!media_ffmpeg("-i clip.y4m -c:v libx264 -bf 0 -g 2 -sc_threshold 0 keys.mp4"))
		return;
	t = sample(25, "keys.mp4", NULL);
	assert_int_equal(t.n, 13);
	for (int i = 0; i < t.n; i++)
		assert_int_equal(t.t_us[i], i * 2 * FRAME_US);
}

static void several_files_share(void **state)
{
	struct taken t;
	(void)state;

	if (!media_ffmpeg("-i clip.y4m -c:v libx264 -bf 0 one.mp4") ||
	    !media_ffmpeg("-i clip.y4m -c:v libx264 -bf 0 two.mp4"))
		return;
	t = sample(8, "one.mp4", "two.mp4");
	assert_int_equal(t.n, 8);
}

/* What is broken is left to the reading of the recording to tell. */
static void damage_is_passed_over(void **state)
{
	struct taken t;
	(void)state;

	if (!media_ffmpeg("-i clip.y4m -c:v libx264 -bf 0 -g 5 whole.ts"))
		return;
	media_shell("head -c 20000 whole.ts > cut.ts && head -c 3000 /dev/zero > noise.mp4");
	t = sample(10, "cut.ts", "noise.mp4");
	assert_true(t.n > 0);
}

static void no_files_is_an_error(void **state)
{
	const char *specs[] = { media_path("nowhere.mp4") };
	const struct source_opts o = { .specs = specs, .n_specs = 1 };
	struct taken t = { 0 };
	struct err err;
	(void)state;

	assert_int_equal(samples_read(&o, 3, take, &t, &err), ERR_IO);
	assert_non_null(strstr(err.msg, "nowhere.mp4"));
	assert_int_equal(t.n, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(large_pictures_are_sampled_by_key_frames),
		cmocka_unit_test(long_recordings_are_sampled_all_along),
		cmocka_unit_test(small_pictures_are_sampled_evenly),
		cmocka_unit_test(small_pictures_with_many_key_frames),
		cmocka_unit_test(several_files_share),
		cmocka_unit_test(damage_is_passed_over),
		cmocka_unit_test(no_files_is_an_error),
	};

	media_start(MEDIA_DIR "/samples");
	media_clip("clip.y4m", "--size 160x120 --fps 25 --seconds 1");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
