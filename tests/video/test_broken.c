/* SPDX-License-Identifier: Apache-2.0 */
/* test_broken.c -- cut-off and damaged files: what decodes is used, nothing smeared gets
 * through, and a line says what is missing. */
#include "media.h"

#include "base/clock.h"
#include "base/file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define N 75 /* pictures of clip.y4m: three seconds, a key picture every 15 */

static struct original original;
static struct reading r;

static bool encode(const char *options, const char *name)
{
	return media_ffmpeg("-i clip.y4m -g 15 %s %s", options, name);
}

static long size_of(const char *name)
{
	FILE *f = fopen(media_path(name), "rb");
	long n;

	assert_non_null(f);
	fseek(f, 0, SEEK_END);
	n = ftell(f);
	fclose(f);
	return n;
}

static void cut(const char *name, const char *to, int percent)
{
	media_shell("head -c %ld %s > %s", size_of(name) * percent / 100, name, to);
}

/* Writes noise over n bytes from a share of the file on. */
static void damage(const char *name, int percent, int n)
{
	FILE *f = fopen(media_path(name), "r+b");
	uint32_t x = 7;

	assert_non_null(f);
	fseek(f, size_of(name) * percent / 100, SEEK_SET);
	for (int i = 0; i < n; i++) {
		x = x * 1664525u + 1013904223u;
		fputc((int)(x >> 24), f);
	}
	fclose(f);
}

static void all_good(double least_db)
{
	for (int i = 0; i < r.n; i++)
		if (r.frame[i].luma_db < least_db)
			fail_msg("picture %d: %.1f dB", (int)r.frame[i].coded,
				 r.frame[i].luma_db);
}

static void cut_off_mp4(void **s)
{
	(void)s;
	if (!encode("-c:v libx264 -crf 20 -movflags faststart", "whole.mp4"))
		return;
	cut("whole.mp4", "cut.mp4", 60);
	media_read_one(&r, "cut.mp4", &original);
	assert_in_range(r.n, 25, 60);
	all_good(30);
	assert_non_null(strstr(r.notes, "'cut.mp4': its pictures end at 00:00:0"));
	assert_non_null(strstr(r.notes, "of 00:00:03"));
}

/* The index is at the end and so is gone: nothing can be read, and the reason is named. */
static void cut_off_mp4_without_index(void **s)
{
	const char *spec = media_path("lost.mp4");
	struct source_opts opts = { .specs = &spec, .n_specs = 1, .start_us = 0 };
	struct err err;

	(void)s;
	if (!encode("-c:v libx264 -crf 20", "end.mp4"))
		return;
	cut("end.mp4", "lost.mp4", 60);
	assert_null(source_open(&opts, &err));
	assert_int_equal(err.code, ERR_FORMAT);
	assert_non_null(strstr(err.msg, "lost.mp4"));
	assert_non_null(strstr(err.msg, "moov atom not found"));
}

static void cut_off_ts(void **s)
{
	(void)s;
	if (!encode("-c:v libx264 -crf 20", "whole.ts"))
		return;
	cut("whole.ts", "cut.ts", 60);
	media_read_one(&r, "cut.ts", &original);
	assert_in_range(r.n, 25, 60);
	all_good(30);
}

static const struct damaged {
	const char *name, *options;
	double least_db;
	int percent;  /* where */
	bool noticed; /* msmpeg4 has nothing to check itself by, and AVI loses whole chunks */
} damaged[] = {
	{ "h264.avi", "-c:v libx264 -crf 20 -bf 0", 30, 45, true },
	{ "h264.ts", "-c:v libx264 -crf 20 -bf 0", 30, 45, true },
	{ "h264b.ts", "-c:v libx264 -crf 20 -bf 2", 30, 45, true },
	{ "mpeg4.avi", "-c:v mpeg4 -q:v 3", 30, 45, true },
	{ "mpeg2.ts", "-c:v mpeg2video -q:v 3", 30, 45, true },
	{ "msmpeg4.avi", "-c:v msmpeg4 -q:v 3", 20, 45, false },
	{ "hevc.ts",
	  "-c:v libx265 -preset ultrafast -crf 20 -x265-params keyint=15:log-level=none", 30,
	  52, true },
};

/* A hole in the middle: pictures before and after it come with their own content, time and
 * number. */
static void damage_in_the_middle(void **s)
{
	(void)s;
	for (size_t i = 0; i < sizeof(damaged) / sizeof(damaged[0]); i++) {
		const struct damaged *d = &damaged[i];

		if (!encode(d->options, d->name))
			continue;
		damage(d->name, d->percent, 1500);
		/* AVI counts pictures: those whose chunk is gone have no time either. */
		original.slack = strstr(d->name, ".avi") ? 3 : 0;
		media_read_one(&r, d->name, &original);
		if (r.n < N / 2 || r.n >= N)
			fail_msg("%s: %d pictures", d->name, r.n);
		if (d->noticed && !strstr(r.notes, "did not decode"))
			fail_msg("%s: %s", d->name, r.notes);
		assert_true(r.frame[r.n - 1].t_us - r.frame[0].t_us >=
			    (73 - original.slack) * 40000);
		for (int k = 0; k < r.n; k++)
			if (r.frame[k].luma_db < d->least_db)
				fail_msg("%s: picture %d: %.1f dB", d->name,
					 (int)r.frame[k].coded, r.frame[k].luma_db);
	}
}

/* Reads to the end whatever comes; the reader checks that times and numbers rise. */
static bool survives(const char *path)
{
	struct source_opts opts = { .specs = &path, .n_specs = 1, .start_us = 0 };
	struct source *src = source_open(&opts, NULL);
	struct frame f = { 0 };
	int64_t last_us = -1;
	uint32_t sum = 0;

	if (!src)
		return false;
	while (source_read(src, &f, 0, NULL) == 0) {
		assert_true(f.t_us > last_us);
		last_us = f.t_us;
		for (int y = 0; y < f.y.h; y++)
			sum += image_row(&f.y, y)[0] + image_row(&f.y, y)[f.y.w - 1];
		for (int y = 0; y < f.v.h; y++)
			sum += image_row(&f.u, y)[f.u.w - 1] + image_row(&f.v, y)[f.v.w - 1];
		frame_unref(&f);
	}
	while (source_note(src))
		sum++;
	source_close(src);
	return sum > 0;
}

/* A few changed bytes anywhere, headers above all. */
static void changed_bytes(void **s)
{
	static const char *const made[][2] = {
		{ "f.mp4", "-c:v libx264 -movflags faststart" },
		{ "f.mkv", "-c:v libx264" },
		{ "f.ts", "-c:v mpeg2video" },
		{ "f.avi", "-c:v mpeg4" },
		{ "g.avi", "-c:v mjpeg -pix_fmt yuvj422p" },
		{ "h.mkv", "-c:v libx265 -preset ultrafast -x265-params log-level=none" },
	};
	uint32_t x = 3;

	(void)s;
	for (size_t i = 0; i < sizeof(made) / sizeof(made[0]); i++) {
		char *data;
		size_t len;
		int opened = 0;

		if (!media_ffmpeg("-i clip.y4m -frames:v 8 -s 64x48 %s %s", made[i][1],
				  made[i][0]))
			continue;
		assert_int_equal(file_read(media_path(made[i][0]), 1 << 20, &data, &len, NULL),
				 0);
		for (int k = 0; k < 60; k++) {
			char was[8];
			size_t at[8];

			for (int n = 0; n < 8; n++) {
				x = x * 1664525u + 1013904223u;
				at[n] = (x >> 8) % (n % 2 ? len : len < 600 ? len : 600);
				was[n] = data[at[n]];
				data[at[n]] = (char)(x >> 3);
			}
			assert_int_equal(file_write(media_path("mutant"), data, len, NULL), 0);
			opened += survives(media_path("mutant"));
			for (int n = 7; n >= 0; n--)
				data[at[n]] = was[n];
		}
		if (!opened)
			fail_msg("%s: no mutant could be read", made[i][0]);
		free(data);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cut_off_mp4),   cmocka_unit_test(cut_off_mp4_without_index),
		cmocka_unit_test(cut_off_ts),    cmocka_unit_test(damage_in_the_middle),
		cmocka_unit_test(changed_bytes),
	};
	int rc;

	media_start(MEDIA_DIR "/broken");
	media_clip("clip.y4m", "--size 176x144 --fps 25 --seconds 3 --people 3");
	media_original(&original, "clip.y4m");
	rc = cmocka_run_group_tests(tests, NULL, NULL);
	media_original_free(&original);
	return rc;
}
