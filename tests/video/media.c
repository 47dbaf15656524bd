/* SPDX-License-Identifier: Apache-2.0 */
/* media.c -- clips for tests, made with the ffmpeg program, and what a source makes of them. */
#include "media.h"

#include "base/file.h"
#include "base/str.h"
#include "base/vec.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static char folder[256];

const char *media_path(const char *name)
{
	static char text[8][512];
	static int at;
	char *p = text[at++ % 8];

	snprintf(p, sizeof(text[0]), "%s/%s", folder, name);
	return p;
}

static int shell(const char *before, const char *text)
{
	struct str line = STR_INIT;
	int rc;

	str_addf(&line, "cd '%s' && %s%s", folder, before, text);
	rc = system(line.s);
	str_clear(&line);
	return rc;
}

void media_shell(const char *format, ...)
{
	char text[2048];
	va_list ap;

	va_start(ap, format);
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	if (shell("", text) != 0)
		fail_msg("%s", text);
}

/* Skipping is for encoders that this ffmpeg lacks; any other failure is ours. */
static bool lacks_encoder(const char *line)
{
	const char *at = strstr(line, "-c:v ");
	char check[256];

	if (!at)
		return false;
	at += strlen("-c:v ");
	snprintf(check, sizeof(check),
		 "ffmpeg -nostdin -v quiet -h encoder=%.*s | grep -q '^Encoder '",
		 (int)strcspn(at, " "), at);
	return system(check) != 0;
}

bool media_ffmpeg(const char *format, ...)
{
	char text[2048];
	va_list ap;

	va_start(ap, format);
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	if (shell("ffmpeg -nostdin -hide_banner -v quiet -y ", text) == 0)
		return true;
	if (!lacks_encoder(text))
		fail_msg("ffmpeg %s", text);
	printf("[  SKIPPED ] this ffmpeg has no encoder for: %s\n", text);
	return false;
}

void media_start(const char *path)
{
	snprintf(folder, sizeof(folder), "%s", path);
	assert_int_equal(file_mkdirs(path, NULL), 0);
	media_shell("rm -rf ./*");
}

void media_clip(const char *name, const char *options)
{
	media_shell("'%s' %s %s >/dev/null", MAKE_CLIP, options, name);
}

void media_original(struct original *o, const char *name)
{
	char *text, *end;
	size_t frame;

	assert_int_equal(file_read(media_path(name), 100 << 20, &text, &o->len, NULL), 0);
	o->data = (uint8_t *)text;
	assert_int_equal(sscanf(text, "YUV4MPEG2 W%d H%d F%d:1", &o->w, &o->h, &o->fps), 3);
	end = strchr(text, '\n');
	assert_non_null(end);
	frame = (size_t)o->w * (size_t)o->h +
		2 * (size_t)((o->w + 1) / 2) * (size_t)((o->h + 1) / 2);
	o->step = frame + strlen("FRAME\n");
	o->first = (size_t)(end + 1 - text) + strlen("FRAME\n");
	o->n = (int)((o->len - o->first + strlen("FRAME\n")) / o->step);
}

void media_original_free(struct original *o)
{
	free(o->data);
}

/* Full-range luma is brought to the original's limited range. */
static double luma_db(const struct original *o, const struct frame *f, int64_t n)
{
	const uint8_t *p = o->data + o->first + o->step * (size_t)n;
	double sum = 0;

	if (n >= o->n || f->y.w != o->w || f->y.h != o->h)
		return 0;
	for (int y = 0; y < o->h; y++) {
		for (int x = 0; x < o->w; x++) {
			double v = image_row(&f->y, y)[x];
			double d = (f->full_range ? 16 + v * 219 / 255 : v) -
				   p[(size_t)y * (size_t)o->w + (size_t)x];

			sum += d * d;
		}
	}
	sum /= (double)o->w * o->h;
	return sum > 0 ? 10 * log10(255 * 255 / sum) : 99;
}

/* Recordings that are compared start at 0 and have the original's rate. */
static double best_db(const struct original *o, const struct frame *f)
{
	int64_t n = (f->t_us * o->fps + 500000) / 1000000;
	double best = 0;

	for (int i = 0; i <= o->slack; i++)
		best = fmax(best, luma_db(o, f, n + i));
	return best;
}

static bool all_128(const struct image *im)
{
	for (int y = 0; y < im->h; y++)
		for (int x = 0; x < im->w; x++)
			if (image_row(im, y)[x] != 128)
				return false;
	return true;
}

static void keep(struct reading *r, const struct frame *f, const struct original *o)
{
	assert_true(r->n < MEDIA_MAX);
	assert_int_equal(f->u.w, (f->y.w + 1) / 2);
	assert_int_equal(f->v.h, (f->y.h + 1) / 2);
	assert_true(f->y.stride >= f->y.w && f->u.stride >= f->u.w && f->v.stride >= f->v.w);
	assert_int_equal(f->index, r->n);
	if (r->n)
		assert_true(f->t_us > r->frame[r->n - 1].t_us &&
			    f->coded > r->frame[r->n - 1].coded);
	r->frame[r->n].t_us = f->t_us;
	r->frame[r->n].dur_us = f->dur_us;
	r->frame[r->n].coded = f->coded;
	r->frame[r->n].w = f->y.w;
	r->frame[r->n].h = f->y.h;
	r->frame[r->n].luma_db = o ? best_db(o, f) : 0;
	r->frame[r->n].chroma_128 = all_128(&f->u) && all_128(&f->v);
	r->frame[r->n].full_range = f->full_range;
	r->n++;
}

bool media_read(struct reading *r, const char *const *names, int n, int64_t start_us,
		const struct original *o, struct err *err)
{
	const char *paths[8];
	struct source_opts opts = { .specs = paths, .n_specs = n, .start_us = start_us };
	struct source *s;
	struct frame f = { 0 };
	struct err why = { 0 };
	const char *note;
	double before = 0;

	assert_true(n <= 8);
	for (int i = 0; i < n; i++)
		paths[i] = media_path(names[i]);
	memset(r, 0, sizeof(*r));
	s = source_open(&opts, err ? err : &why);
	if (!s)
		return false;
	r->info = *source_info(s);
	while (source_read(s, &f, 1000, &why) == 0) {
		keep(r, &f, o);
		frame_unref(&f);
		r->progress = source_progress(s);
		assert_true(r->progress >= before && r->progress <= 1);
		before = r->progress;
	}
	assert_int_equal(why.code, ERR_EOF);
	assert_int_equal(source_read(s, &f, 1000, NULL), ERR_EOF);
	r->progress = source_progress(s);
	while ((note = source_note(s))) {
		size_t used = strlen(r->notes);

		snprintf(r->notes + used, sizeof(r->notes) - used, "%s\n", note);
	}
	source_close(s);
	return true;
}

void media_read_one(struct reading *r, const char *name, const struct original *o)
{
	struct err err;

	if (!media_read(r, &name, 1, 0, o, &err))
		fail_msg("%s", err.msg);
}
