/* SPDX-License-Identifier: Apache-2.0 */
/* test_formats.c -- the same clip in many containers, codecs and pixel forms: every picture, at
 * its time, with its content. */
#include "media.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define N 30 /* pictures, 25 a second */

enum { EXACT = 99 };

static struct original even, odd;

static const struct format {
	const char *file, *options; /* from EVEN or odd.y4m */
	double least_db;
	bool odd, full, grey;
} formats[] = {
	{ .file = "h264.mp4", .options = "-c:v libx264 -qp 0", .least_db = EXACT },
	{ .file = "h264b.mkv", .options = "-c:v libx264 -crf 18 -bf 3", .least_db = 36 },
	{ .file = "h264.ts", .options = "-c:v libx264 -crf 18", .least_db = 36 },
	{ .file = "h264.avi", .options = "-c:v libx264 -crf 18 -bf 0", .least_db = 36 },
	{ .file = "full.mp4",
	  .options = "-c:v libx264 -qp 0 -pix_fmt yuvj420p",
	  .least_db = 48,
	  .full = true },
	{ .file = "i422.mkv",
	  .options = "-c:v libx264 -qp 0 -pix_fmt yuv422p",
	  .least_db = EXACT },
	{ .file = "i444.mkv",
	  .options = "-c:v libx264 -qp 0 -pix_fmt yuv444p",
	  .least_db = EXACT },
	{ .file = "high10.mkv",
	  .options = "-c:v libx264 -crf 12 -pix_fmt yuv420p10le",
	  .least_db = 38 },
	{ .file = "hevc.mp4",
	  .options = "-c:v libx265 -preset ultrafast -x265-params lossless=1:log-level=none",
	  .least_db = EXACT },
	{ .file = "main10.mkv",
	  .options = "-c:v libx265 -preset ultrafast -crf 10 -pix_fmt yuv420p10le -x265-params "
		     "log-level=none",
	  .least_db = 36 },
	{ .file = "mjpeg.avi",
	  .options = "-c:v mjpeg -q:v 2 -pix_fmt yuvj420p",
	  .least_db = 36,
	  .full = true },
	{ .file = "mpeg4.avi", .options = "-c:v mpeg4 -q:v 2", .least_db = 36 },
	{ .file = "mpeg4b.avi", .options = "-c:v mpeg4 -q:v 2 -bf 2", .least_db = 36 },
	{ .file = "msmpeg4v2.avi", .options = "-c:v msmpeg4v2 -q:v 2", .least_db = 36 },
	{ .file = "msmpeg4v3.avi", .options = "-c:v msmpeg4 -q:v 2", .least_db = 36 },
	{ .file = "ten.mkv", .options = "-c:v ffv1 -pix_fmt yuv420p10le", .least_db = 48 },
	{ .file = "nv12.nut", .options = "-c:v rawvideo -pix_fmt nv12", .least_db = EXACT },
	{ .file = "i420.avi", .options = "-c:v rawvideo -pix_fmt yuv420p", .least_db = EXACT },
	{ .file = "yuyv.avi", .options = "-c:v rawvideo -pix_fmt yuyv422", .least_db = EXACT },
	{ .file = "clip.y4m", .options = "-pix_fmt yuv420p", .least_db = EXACT },
	{ .file = "grey.mkv",
	  .options = "-c:v ffv1 -vf extractplanes=y",
	  .least_db = EXACT,
	  .grey = true },
	{ .file = "rgb.mkv",
	  .options = "-c:v png -pix_fmt rgb24",
	  .least_db = 38,
	  .full = true },
	{ .file = "odd.mkv", .options = "-c:v ffv1", .least_db = EXACT, .odd = true },
	{ .file = "odd.avi", .options = "-c:v mpeg4 -q:v 2", .least_db = 36, .odd = true },
	{ .file = "odd422.mkv",
	  .options = "-c:v ffv1 -pix_fmt yuv422p",
	  .least_db = EXACT,
	  .odd = true },
	{ .file = "odd_nv12.nut",
	  .options = "-c:v rawvideo -pix_fmt nv12",
	  .least_db = EXACT,
	  .odd = true },
	{ .file = "turned.mp4",
	  .options = "-c:v libx264 -qp 0 -metadata:s:v rotate=90",
	  .least_db = EXACT },
};

static void check(const struct format *m)
{
	const struct original *o = m->odd ? &odd : &even;
	static struct reading r;

	if (!media_ffmpeg("-i %s %s %s", m->odd ? "odd.y4m" : "even.y4m", m->options, m->file))
		return;
	media_read_one(&r, m->file, o);
	if (r.notes[0])
		fail_msg("%s: %s", m->file, r.notes);
	if (r.n != N)
		fail_msg("%s: %d pictures", m->file, r.n);
	assert_int_equal(r.info.w, o->w);
	assert_int_equal(r.info.h, o->h);
	assert_true(r.info.fps > 24.9 && r.info.fps < 25.1);
	assert_true(r.info.duration_s > 1.1 && r.info.duration_s < 1.3);
	assert_true(r.progress == 1);
	for (int i = 0; i < r.n; i++) {
		/* A container may count milliseconds. */
		assert_in_range(r.frame[i].t_us + 1000, i * 40000, i * 40000 + 2000);
		assert_in_range(r.frame[i].dur_us, 39900, 40100);
		assert_int_equal(r.frame[i].coded, i);
		assert_int_equal(r.frame[i].full_range, m->full);
		if (m->grey)
			assert_true(r.frame[i].chroma_128);
		if (r.frame[i].luma_db < m->least_db)
			fail_msg("%s: picture %d: %.1f dB", m->file, i, r.frame[i].luma_db);
	}
}

static void all_formats(void **s)
{
	(void)s;
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
		check(&formats[i]);
}

/* Chroma survives 4:2:2, 4:4:4, NV12 and 10 bits: a flat colour keeps its values. */
static void chroma_is_kept(void **s)
{
	static const char *const forms[] = { "yuv420p", "yuv422p",     "yuv444p", "nv12",
					     "nv21",    "yuv420p10le", "yuyv422" };

	(void)s;
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		struct source_opts opts = { .n_specs = 1 };
		const char *spec = media_path("flat.nut");
		struct source *src;
		struct frame f = { 0 };

		if (!media_ffmpeg(
			    "-f lavfi -i color=red:size=34x18:rate=5:duration=1,format=%s "
			    "-c:v rawvideo flat.nut",
			    forms[i]))
			continue;
		opts.specs = &spec;
		src = source_open(&opts, NULL);
		assert_non_null(src);
		assert_int_equal(source_read(src, &f, 0, NULL), 0);
		for (int y = 0; y < 9; y++) {
			for (int x = 0; x < 17; x++) {
				assert_in_range(image_row(&f.u, y)[x], 90, 91);
				assert_in_range(image_row(&f.v, y)[x], 239, 241);
			}
		}
		assert_in_range(image_row(&f.y, 3)[3], 81, 82);
		frame_unref(&f);
		source_close(src);
	}
}

/* A GIF has a palette: 4 pictures, colours near enough. */
static void palette(void **s)
{
	static struct reading r;

	(void)s;
	if (!media_ffmpeg("-i even.y4m -frames:v 4 flat.gif"))
		return;
	media_read_one(&r, "flat.gif", &even);
	assert_int_equal(r.n, 4);
	assert_true(r.frame[0].luma_db > 22);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_formats),
		cmocka_unit_test(chroma_is_kept),
		cmocka_unit_test(palette),
	};
	int rc;

	media_start(MEDIA_DIR "/formats");
	media_clip("long.y4m", "--size 176x140 --fps 25 --seconds 2 --people 2");
	media_clip("longodd.y4m", "--size 175x139 --fps 25 --seconds 2 --people 2");
	if (!media_ffmpeg("-i long.y4m -frames:v 30 even.y4m") ||
	    !media_ffmpeg("-i longodd.y4m -frames:v 30 odd.y4m"))
		return 0;
	media_original(&even, "even.y4m");
	media_original(&odd, "odd.y4m");
	rc = cmocka_run_group_tests(tests, NULL, NULL);
	media_original_free(&even);
	media_original_free(&odd);
	return rc;
}
