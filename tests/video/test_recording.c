/* SPDX-License-Identifier: Apache-2.0 */
/* test_recording.c -- times, and several files as one recording. */
#include "media.h"

#include "base/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define SECOND CLOCK_SECOND_US
#define N 25 /* pictures of clip.y4m: one second */

static struct reading r;

static bool make(const char *options, const char *name)
{
	return media_ffmpeg("-i clip.y4m -c:v ffv1 %s %s", options, name);
}

static int64_t at(const char *text)
{
	int64_t t_us;

	assert_int_equal(clock_parse(text, &t_us, NULL), 0);
	return t_us;
}

static void read_all(const char *const *names, int n, int64_t start_us)
{
	struct err err;

	if (!media_read(&r, names, n, start_us, NULL, &err))
		fail_msg("%s", err.msg);
}

#define READ(start_us, ...) \
	read_all((const char *const[]){ __VA_ARGS__ }, \
		 (int)(sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(char *)), \
		 start_us)

static void variable_rate(void **s)
{
	static const int kept[] = { 0, 1, 2, 3, 10, 11, 20, 24 };

	(void)s;
	if (!make("-vf \"select='lt(n,4)+eq(n,10)+eq(n,11)+eq(n,20)+eq(n,24)'\" -vsync vfr",
		  "vfr.mkv"))
		return;
	READ(5 * SECOND, "vfr.mkv");
	assert_int_equal(r.n, 8);
	for (int i = 0; i < r.n; i++)
		assert_int_equal(r.frame[i].t_us, 5 * SECOND + kept[i] * 40000);
	assert_string_equal(r.notes, "");
}

/* A raw stream has no times of its own. */
static void no_stamps(void **s)
{
	(void)s;
	if (!media_ffmpeg("-i clip.y4m -c:v libx264 -bf 0 raw.h264"))
		return;
	READ(0, "raw.h264");
	assert_int_equal(r.n, N);
	for (int i = 0; i < r.n; i++)
		assert_int_equal(r.frame[i].t_us, i * 40000);
}

static void a_gap_is_a_gap(void **s)
{
	(void)s;
	if (!make("-vf \"setpts='PTS+gte(N,10)*600/TB'\" -vsync vfr", "gap.mkv"))
		return;
	READ(0, "gap.mkv");
	assert_int_equal(r.n, N);
	assert_int_equal(r.frame[9].t_us, 9 * 40000);
	assert_int_equal(r.frame[10].t_us, 600 * SECOND + 10 * 40000);
	assert_string_equal(r.notes, "");
}

static void jump_ahead(void **s)
{
	(void)s;
	if (!make("-vf \"setpts='PTS+gte(N,10)*7200/TB'\" -vsync vfr", "ahead.mkv"))
		return;
	READ(0, "ahead.mkv");
	assert_int_equal(r.n, N);
	for (int i = 0; i < r.n; i++)
		assert_in_range(r.frame[i].t_us, i * 40000 - (i > 9) * 20000,
				i * 40000 + (i > 9) * 700000);
	assert_string_equal(r.notes, "'ahead.mkv': its clock jumps ahead after 00:00:00; time "
				     "goes on without the jump\n");
}

/* Two transport streams glued together: the clock starts again in the middle. */
static void jump_back(void **s)
{
	(void)s;
	if (!media_ffmpeg("-i clip.y4m -c:v mpeg2video -q:v 3 part.ts"))
		return;
	media_shell("cat part.ts part.ts > twice.ts");
	READ(0, "twice.ts");
	assert_in_range(r.n, 2 * N - 2, 2 * N);
	assert_in_range(r.frame[r.n - 1].t_us, (2 * N - 3) * 40000, 2 * N * 40000);
	assert_non_null(strstr(r.notes, "'twice.ts': its clock jumps back after 00:00:0"));
}

static void size_changes(void **s)
{
	(void)s;
	if (!media_ffmpeg("-i clip.y4m -c:v mpeg2video -q:v 3 big.ts") ||
	    !media_ffmpeg("-i clip.y4m -vf scale=64:48 -c:v mpeg2video -q:v 3 "
			  "-output_ts_offset 60 small.ts"))
		return;
	media_shell("cat big.ts small.ts > change.ts");
	READ(0, "change.ts");
	assert_int_equal(r.frame[0].w, 96);
	assert_int_equal(r.frame[0].h, 80);
	assert_int_equal(r.frame[r.n - 1].w, 64);
	assert_int_equal(r.frame[r.n - 1].h, 48);
}

static void start_from_metadata(void **s)
{
	(void)s;
	if (!make("-metadata creation_time=2026-03-14T08:30:00Z", "meta.mkv") ||
	    !make("-metadata creation_time=1970-01-01T00:00:00Z", "unset.mkv"))
		return;
	READ(CLOCK_NONE, "meta.mkv");
	assert_int_equal(r.info.start_from, START_METADATA);
	assert_int_equal(r.info.start_us, at("2026-03-14T08:30:00Z"));
	assert_int_equal(r.frame[0].t_us, r.info.start_us);
	READ(at("2027-01-01"), "meta.mkv");
	assert_int_equal(r.info.start_from, START_GIVEN);
	assert_int_equal(r.info.start_us, at("2027-01-01"));
	READ(CLOCK_NONE, "unset.mkv");
	assert_int_equal(r.info.start_from, START_UNKNOWN);
	assert_int_equal(r.info.start_us, at("2000-01-01"));
}

/* Ten past ten is named first, but later; a pause lies between. */
static void files_with_times(void **s)
{
	(void)s;
	if (!make("", "a_20260314_101000.mkv") || !make("", "b_20260314_100000.mkv"))
		return;
	READ(CLOCK_NONE, "a_20260314_101000.mkv", "b_20260314_100000.mkv");
	assert_int_equal(r.info.start_from, START_NAME);
	assert_int_equal(r.info.n_files, 2);
	assert_true(r.info.duration_s > 1.9 && r.info.duration_s < 2.1);
	assert_int_equal(r.n, 2 * N);
	assert_int_equal(r.frame[0].t_us, at("2026-03-14T10:00:00"));
	assert_int_equal(r.frame[N].t_us, at("2026-03-14T10:10:00"));
	assert_int_equal(r.frame[N].coded, N);
	assert_string_equal(r.notes, "");

	/* Moved as a whole when told when it began. */
	READ(0, "a_20260314_101000.mkv", "b_20260314_100000.mkv");
	assert_int_equal(r.frame[0].t_us, 0);
	assert_int_equal(r.frame[N].t_us, 600 * SECOND);
}

static void files_overlap(void **s)
{
	(void)s;
	if (!make("", "20260314_100000.mkv"))
		return;
	media_shell("ffmpeg -v quiet -y -i clip.y4m -i clip.y4m -filter_complex "
		    "'[0][1]concat=n=2' -c:v ffv1 20260314_095959.mkv");
	READ(CLOCK_NONE, "20260314_095959.mkv", "20260314_100000.mkv");
	assert_int_equal(r.n, 2 * N);
	assert_string_equal(r.notes, "'20260314_100000.mkv': its first 25 pictures (00:00:01) "
				     "lie in the time of the file before and are left out\n");
}

/* Without times of their own they follow each other: 2 before 10. A folder, a pattern and the
 * files themselves mean the same, and none is taken twice. */
static void files_without_times(void **s)
{
	(void)s;
	media_shell("mkdir -p day day/deeper && echo hello > day/notes.txt");
	if (!make("-frames:v 5", "day/clip10.mkv") || !make("-frames:v 10", "day/clip2.mkv") ||
	    !make("", "day/deeper/clip3.mkv"))
		return;
	READ(CLOCK_NONE, "day");
	assert_int_equal(r.n, 15);
	assert_int_equal(r.info.start_from, START_UNKNOWN);
	for (int i = 0; i < r.n; i++)
		assert_int_equal(r.frame[i].t_us, at("2000-01-01") + i * 40000);
	READ(0, "day/clip*.mkv", "day", "day/clip2.mkv");
	assert_int_equal(r.n, 15);
	assert_int_equal(r.frame[14].t_us, 14 * 40000);
	assert_int_equal(r.info.n_files, 2);
}

/* Exported one after the other: the metadata tell the time of the export. */
static void metadata_of_an_export(void **s)
{
	(void)s;
	if (!media_ffmpeg("-stream_loop 14 -i clip.y4m -c:v ffv1 -metadata "
			  "creation_time=2026-03-14T08:30:00Z e1.mkv") ||
	    !make("-metadata creation_time=2026-03-14T08:30:02Z", "e2.mkv"))
		return;
	READ(CLOCK_NONE, "e1.mkv", "e2.mkv");
	assert_int_equal(r.n, 16 * N);
	assert_non_null(strstr(r.notes, "'e2.mkv': its metadata say"));
}

static void some_without_times(void **s)
{
	(void)s;
	if (!make("", "m1.mkv") || !make("", "m2_20260314_100000.mkv"))
		return;
	READ(CLOCK_NONE, "m1.mkv", "m2_20260314_100000.mkv");
	assert_int_equal(r.n, 2 * N);
	assert_int_equal(r.frame[N].t_us, at("2000-01-01") + SECOND);
	assert_string_equal(r.notes, "only 1 of 2 files tell when they start; each is taken to "
				     "follow the one before it directly\n");
}

static void a_bad_file_is_left_out(void **s)
{
	(void)s;
	media_shell("head -c 5000 /dev/zero > k2.mkv");
	if (!make("", "k1.mkv") || !make("", "k3.mkv"))
		return;
	READ(0, "k1.mkv", "k2.mkv", "k3.mkv");
	assert_int_equal(r.n, 2 * N);
	assert_non_null(strstr(r.notes, "k2.mkv"));
	assert_non_null(strstr(r.notes, "left out"));
}

static void refused(const char *spec, enum err_code code, const char *word)
{
	struct source_opts opts = { .specs = &spec, .n_specs = 1, .start_us = CLOCK_NONE };
	struct err err = { 0 };

	assert_null(source_open(&opts, &err));
	if (err.code != code || !strstr(err.msg, word))
		fail_msg("%s: %d: %s", spec, err.code, err.msg);
}

static void what_is_refused(void **s)
{
	(void)s;
	media_shell("mkdir -p none; : > empty.mp4; echo hello > text.mp4; mkfifo pipe.mp4");
	refused(media_path("absent.mp4"), ERR_IO, "No such file");
	refused(media_path("none"), ERR_IO, "has no video file");
	refused(media_path("none/*.mp4"), ERR_IO, "no file matches");
	refused(media_path("pipe.mp4"), ERR_IO, "neither a file nor a folder");
	refused(media_path("empty.mp4"), ERR_FORMAT, "empty");
	refused(media_path("text.mp4"), ERR_FORMAT, "text.mp4");
	refused("rtsp://camera/1", ERR_USAGE, "known: file:");
	refused("http://x/a.mp4", ERR_USAGE, "known: file:");
	refused("file:http://x/a.mp4", ERR_IO, "No such file");
	refused("", ERR_IO, "No such file");
	if (media_ffmpeg("-f lavfi -i sine=duration=1 sound.wav"))
		refused(media_path("sound.wav"), ERR_FORMAT, "has no video");
}

static void schemes(void **s)
{
	const char *names[] = { "cam:door.mkv" };
	struct source_opts opts = { .n_specs = 1, .start_us = 0 };
	char spec[512];
	const char *specs = spec;
	struct source *src;

	(void)s;
	if (!make("", "plain.mkv"))
		return;
	media_shell("cp plain.mkv cam:door.mkv");
	assert_true(media_read(&r, names, 1, 0, NULL, NULL));
	assert_int_equal(r.n, N);
	snprintf(spec, sizeof(spec), "file:%s", media_path("plain.mkv"));
	opts.specs = &specs;
	src = source_open(&opts, NULL);
	assert_non_null(src);
	assert_false(source_live(src));
	source_close(src); /* unread */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(variable_rate),
		cmocka_unit_test(no_stamps),
		cmocka_unit_test(a_gap_is_a_gap),
		cmocka_unit_test(jump_ahead),
		cmocka_unit_test(jump_back),
		cmocka_unit_test(size_changes),
		cmocka_unit_test(start_from_metadata),
		cmocka_unit_test(files_with_times),
		cmocka_unit_test(files_overlap),
		cmocka_unit_test(files_without_times),
		cmocka_unit_test(metadata_of_an_export),
		cmocka_unit_test(some_without_times),
		cmocka_unit_test(a_bad_file_is_left_out),
		cmocka_unit_test(what_is_refused),
		cmocka_unit_test(schemes),
	};

	clock_set_zone("Europe/Berlin", NULL);
	media_start(MEDIA_DIR "/recording");
	media_clip("clip.y4m", "--size 96x80 --fps 25 --seconds 1 --people 1");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
