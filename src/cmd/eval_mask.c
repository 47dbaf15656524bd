/* SPDX-License-Identifier: Apache-2.0 */
/* eval_mask.c -- footfall eval mask: a clip's foreground masks against true ones. */
#include "cmd/eval.h"

#include "base/file.h"
#include "base/log.h"
#include "base/str.h"
#include "base/vec.h"
#include "eval/mask.h"
#include "run/preview.h"
#include "run/sources.h"
#include "video/shrink.h"
#include "video/source.h"
#include "vision/foreground.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define N_FIGURES 7
#define TEMPORAL_MAX_BYTES 4096

struct scoring {
	const char *clip, *truth, *dump;
	struct conf conf; /* a copy of the command's, with another backend perhaps */
	bool causal;
	bool seeded;
	int64_t from, to; /* first and last picture that counts */
	int64_t pictures; /* scored */
	int w, h, factor; /* the clip's picture */
	struct source *source;
	struct foreground *fg;
	struct yuv small;
	struct image raw, mask, full;
	struct mask_score score[2]; /* of raw, of mask */
};

static const char *const score_names[2] = { "raw", "mask" };

/* ---- what counts ---- */

/* The number in a name like gt000123.png, or -1. */
static int64_t truth_number(const char *name)
{
	char digits[7] = "";
	int64_t n;

	if (strlen(name) != strlen("gt000000.png") || !str_starts(name, "gt") ||
	    !str_ends(name, ".png"))
		return -1;
	memcpy(digits, name + 2, 6);
	return strspn(digits, "0123456789") == 6 && str_to_i64(digits, &n) ? n : -1;
}

static int last_truth(const char *dir, int64_t *last, struct err *err)
{
	DIR *d = opendir(dir);

	if (!d)
		return err_set(err, ERR_IO, "cannot read the folder '%s': %s", dir,
			       strerror(errno));
	*last = -1;
	for (const struct dirent *e; (e = readdir(d)) != NULL;) {
		int64_t n = truth_number(e->d_name);

		*last = n > *last ? n : *last;
	}
	closedir(d);
	if (*last < 0)
		return err_set(err, ERR_IO,
			       "'%s': no truth in it; expected gt000000.png, gt000001.png and "
			       "so on",
			       dir);
	return 0;
}

/* temporalROI.txt beside the folder narrows from and to; no such file, nothing happens. */
static int read_temporal(struct scoring *s, struct err *err)
{
	size_t n = strlen(s->truth), len;
	char *dir, *path, *text = NULL, *space;
	int64_t from, to;
	FILE *f;
	int rc = 0;

	while (n > 1 && s->truth[n - 1] == '/')
		n--;
	dir = xstrndup(s->truth, n);
	path = file_join(dir, "../temporalROI.txt");
	f = fopen(path, "r");
	if (!f)
		goto out;
	fclose(f);
	rc = file_read(path, TEMPORAL_MAX_BYTES, &text, &len, err);
	if (rc < 0)
		goto out;
	while (len && strchr(" \t\r\n", text[len - 1]))
		text[--len] = '\0';
	space = text + strcspn(text, " \t");
	if (*space)
		*space++ = '\0';
	space += strspn(space, " \t");
	if (!str_to_i64(text, &from) || !str_to_i64(space, &to) || from < 0 || to < from) {
		rc = err_set(err, ERR_FORMAT,
			     "'%s': expected two numbers, the first and the last picture",
			     path);
		goto out;
	}
	s->from = from > s->from ? from : s->from;
	s->to = to < s->to ? to : s->to;
out:
	free(dir);
	free(path);
	free(text);
	return rc;
}

static int find_range(struct scoring *s, const char *from, struct err *err)
{
	int64_t last;
	int rc = last_truth(s->truth, &last, err);

	if (rc < 0)
		return rc;
	s->from = (last + 1) / 10;
	s->to = last;
	rc = read_temporal(s, err);
	if (rc < 0)
		return rc;
	if (from && (!str_to_i64(from, &s->from) || s->from < 0))
		return err_set(err, ERR_USAGE,
			       "--from is '%s', expected a picture's number from 0 on", from);
	if (s->from > s->to)
		return err_set(err, ERR_RANGE,
			       "'%s': no picture from %" PRId64 " on; the last one is %" PRId64,
			       s->truth, s->from, s->to);
	return 0;
}

/* ---- masks ---- */

static int look_ahead(struct scoring *s, const struct source_opts *o, struct err *err)
{
	struct yuv scene = { 0 };
	int n;

	if (s->causal || !preview_wanted(&s->conf))
		return 0;
	n = preview(&s->conf, o, s->w, s->h, &scene, err);
	if (n > 0)
		s->seeded = background_seed(foreground_background(s->fg), &scene);
	yuv_clear(&scene);
	return n < 0 ? n : 0;
}

static int open_clip(struct scoring *s, struct err *err)
{
	struct source_opts o = {
		.specs = &s->clip, .n_specs = 1, .start_us = CLOCK_NONE, .kinds = sources
	};
	int w, h;

	s->source = source_open(&o, err);
	if (!s->source)
		return err ? err->code : ERR_IO;
	s->w = source_info(s->source)->w;
	s->h = source_info(s->source)->h;
	s->factor = shrink_factor(s->w, s->h, s->conf.analysis.max_px);
	shrink_size(s->w, s->h, s->factor, &w, &h);
	s->fg = foreground_new(&s->conf.background, &s->conf.mask, w, h, err);
	if (!s->fg)
		return err ? err->code : ERR_STATE;
	yuv_init(&s->small, w, h);
	image_init(&s->raw, w, h);
	image_init(&s->mask, w, h);
	image_init(&s->full, s->w, s->h);
	return look_ahead(s, &o, err);
}

static int dump(const struct scoring *s, int64_t number, struct err *err)
{
	struct str pgm = STR_INIT;
	char name[32], *path;
	int rc;

	snprintf(name, sizeof(name), "m%06" PRId64 ".pgm", number);
	path = file_join(s->dump, name);
	str_addf(&pgm, "P5\n%d %d\n255\n", s->mask.w, s->mask.h);
	for (int y = 0; y < s->mask.h; y++)
		str_add_n(&pgm, (const char *)image_row(&s->mask, y), (size_t)s->mask.w);
	rc = file_write(path, pgm.s, pgm.len, err);
	free(path);
	str_clear(&pgm);
	return rc;
}

static int compare(struct scoring *s, int64_t number, struct err *err)
{
	const struct image *found[2] = { &s->raw, &s->mask };
	struct image truth = { 0 };
	char name[32], *path;
	int rc;

	snprintf(name, sizeof(name), "gt%06" PRId64 ".png", number);
	path = file_join(s->truth, name);
	rc = mask_truth_read(&truth, path, err);
	for (int i = 0; rc >= 0 && i < 2; i++) {
		mask_enlarge(&s->full, found[i], s->factor);
		rc = mask_score_add(&s->score[i], &s->full, &truth, err);
		if (rc < 0)
			err_ctx(err, "'%s'", path);
	}
	image_clear(&truth);
	free(path);
	s->pictures += rc >= 0;
	return rc;
}

static int take_picture(struct scoring *s, const struct frame *f, struct err *err)
{
	int rc;

	if (f->y.w != s->w || f->y.h != s->h)
		return err_set(err, ERR_FORMAT,
			       "'%s': picture %" PRId64 " is %dx%d; expected %dx%d as at first",
			       s->clip, f->coded, f->y.w, f->y.h, s->w, s->h);
	shrink(&s->small, f, s->factor);
	rc = foreground_raw(s->fg, f->t_us, &s->small, NULL, &s->raw, err);
	if (rc >= 0)
		rc = foreground_clean(s->fg, f->t_us, &s->small, &s->raw, &s->mask, err);
	if (rc >= 0 && s->dump)
		rc = dump(s, f->coded, err);
	if (rc >= 0 && f->coded >= s->from && f->coded <= s->to)
		rc = compare(s, f->coded, err);
	return rc;
}

static void tell_notes(struct source *src)
{
	for (const char *note; (note = source_note(src)) != NULL;)
		log_warn("%s", note);
}

static int score_clip(struct scoring *s, struct err *err)
{
	int64_t last = -1;
	int rc = 0;

	while (rc >= 0 && !cmd_stop()) {
		struct frame f = { 0 };

		rc = source_read(s->source, &f, 1000, err);
		tell_notes(s->source);
		if (rc == ERR_AGAIN)
			rc = 0;
		else if (rc >= 0) {
			last = f.coded;
			rc = take_picture(s, &f, err);
		}
		frame_unref(&f);
	}
	if (rc >= 0)
		return err_set(err, ERR_AGAIN, "stopped");
	if (rc != ERR_EOF)
		return rc;
	if (last < s->to)
		return err_set(err, ERR_RANGE,
			       "'%s': its last picture is %" PRId64 ", the truth's %" PRId64,
			       s->clip, last, s->to);
	return 0;
}

/* ---- the result ---- */

static const struct {
	const char *name;
	size_t offset;
	const char *meaning;
} figures[N_FIGURES] = {
	{ "Precision", offsetof(struct mask_figures, precision), "found rightly / found" },
	{ "Recall", offsetof(struct mask_figures, recall), "found rightly / moving" },
	{ "F", offsetof(struct mask_figures, f), "harmonic mean of the two" },
	{ "PWC", offsetof(struct mask_figures, pwc), "wrong pixels, percent" },
	{ "Sp", offsetof(struct mask_figures, specificity), "left out rightly / static" },
	{ "FPR", offsetof(struct mask_figures, fpr), "found wrongly / static" },
	{ "FNR", offsetof(struct mask_figures, fnr), "missed / moving" },
};

static double figure(const struct mask_figures *f, int i)
{
	return *(const double *)((const char *)f + figures[i].offset);
}

static const char *start_of(const struct scoring *s)
{
	return s->seeded ? "looks over the clip first" : "causal";
}

static void add_table(struct str *b, const struct scoring *s)
{
	struct mask_figures f[2] = { mask_score_figures(&s->score[0]),
				     mask_score_figures(&s->score[1]) };

	str_addf(b, "%s against %s\n", s->clip, s->truth);
	str_addf(b, "%s, %s; %" PRId64 " pictures, %" PRId64 " to %" PRId64 "\n\n",
		 s->conf.background.backend, start_of(s), s->pictures, s->from, s->to);
	str_addf(b, "  %-12s %9s %9s\n", "", "model", "cleaned");
	for (int i = 0; i < N_FIGURES; i++)
		str_addf(b, "  %-12s %9.4f %9.4f   %s\n", figures[i].name, figure(&f[0], i),
			 figure(&f[1], i), figures[i].meaning);
}

static void add_json_score(struct str *b, const struct mask_score *s)
{
	struct mask_figures f = mask_score_figures(s);

	str_addf(b,
		 "{\"TP\": %" PRId64 ", \"FP\": %" PRId64 ", \"FN\": %" PRId64
		 ", \"TN\": %" PRId64 ", \"shadow_errors\": %" PRId64,
		 s->tp, s->fp, s->fn, s->tn, s->shadow_errors);
	for (int i = 0; i < N_FIGURES; i++)
		if (isnan(figure(&f, i)))
			str_addf(b, ", \"%s\": null", figures[i].name);
		else
			str_addf(b, ", \"%s\": %.9f", figures[i].name, figure(&f, i));
	str_add(b, "}");
}

static void add_json(struct str *b, const struct scoring *s)
{
	str_add(b, "{\"clip\": ");
	str_add_json(b, s->clip);
	str_add(b, ", \"truth\": ");
	str_add_json(b, s->truth);
	str_addf(b,
		 ", \"backend\": \"%s\", \"causal\": %s,\n\"from\": %" PRId64
		 ", \"to\": %" PRId64 ", \"pictures\": %" PRId64,
		 s->conf.background.backend, s->seeded ? "false" : "true", s->from, s->to,
		 s->pictures);
	for (int i = 0; i < 2; i++) {
		str_addf(b, ",\n\"%s\": ", score_names[i]);
		add_json_score(b, &s->score[i]);
	}
	str_add(b, "}\n");
}

static int print_result(const struct scoring *s, bool json, struct err *err)
{
	struct str b = STR_INIT;
	int rc = 0;

	if (json)
		add_json(&b, s);
	else
		add_table(&b, s);
	if (fputs(b.s, stdout) == EOF || fflush(stdout) == EOF)
		rc = err_set(err, ERR_IO, "cannot write to standard output");
	str_clear(&b);
	return rc;
}

int eval_mask(const struct cmd_args *a, struct err *err)
{
	struct scoring s = { .clip = cmd_value(a, "clip"),
			     .truth = cmd_value(a, "truth"),
			     .dump = cmd_value(a, "dump"),
			     .causal = cmd_has(a, "causal"),
			     .conf = *a->conf };
	const char *backend = cmd_value(a, "backend");
	int rc;

	if (!s.clip || !s.truth)
		return err_set(err, ERR_USAGE, "expected --clip and --truth");
	if (backend)
		s.conf.background.backend = (char *)backend;
	rc = find_range(&s, cmd_value(a, "from"), err);
	if (rc >= 0 && s.dump)
		rc = file_mkdirs(s.dump, err);
	if (rc >= 0)
		rc = open_clip(&s, err);
	if (rc >= 0)
		rc = score_clip(&s, err);
	if (rc >= 0)
		rc = print_result(&s, cmd_has(a, "json"), err);
	foreground_free(s.fg);
	source_close(s.source);
	yuv_clear(&s.small);
	image_clear(&s.raw);
	image_clear(&s.mask);
	image_clear(&s.full);
	return rc;
}
