/* SPDX-License-Identifier: Apache-2.0 */
/* calibrate.c -- 'footfall calibrate': where the floor is in a camera's picture; what the kinds
 * of it share. */
#include "cmd/calibrate.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "base/progress.h"
#include "base/str.h"
#include "base/vec.h"
#include "run/calib_picture.h"
#include "run/sources.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PLATE_GOOD .5 /* less of it proven, and it is said why the picture is grey */

/* ---- clips ---- */

int calibrate_clip_open(struct calibrate_clip *c, const struct cmd_args *a, struct err *err)
{
	const char *start = cmd_value(a, "start");
	struct source *src;
	int rc;

	*c = (struct calibrate_clip){ .source = { .specs = a->rest + 1,
						  .n_specs = a->n_rest - 1,
						  .start_us = CLOCK_NONE,
						  .kinds = sources } };
	rc = source_about(&c->source, &c->about, err);
	if (rc < 0 ||
	    (c->about.camera &&
	     (rc = conf_offer(a->conf, "camera.name", c->about.camera, err)) < 0) ||
	    (c->about.time_zone &&
	     (rc = conf_offer(a->conf, "store.time_zone", c->about.time_zone, err)) < 0) ||
	    (rc = clock_set_zone(a->conf->store.time_zone, err)) < 0)
		return rc;
	if (start && clock_parse(start, &c->source.start_us, err) < 0) {
		err_ctx(err, "--start");
		return (int)(err->code = ERR_USAGE);
	}
	src = source_open(&c->source, err);
	if (!src)
		return (int)err->code;
	c->info = *source_info(src);
	source_close(src);
	return 0;
}

static bool on_frame(void *ctx, int64_t t_us, const struct camera_out *out)
{
	struct calibrate_clip *c = ctx;

	walkers_step(c->walkers, t_us, out);
	return true;
}

static void on_plate(void *ctx, const uint8_t *png, size_t len, double share)
{
	struct calibrate_clip *c = ctx;

	if (!len)
		return;
	c->plate = xmalloc(len);
	memcpy(c->plate, png, len);
	c->plate_len = len;
	c->plate_share = share;
}

int calibrate_clip_run(struct calibrate_clip *c, const struct cmd_args *a,
		       const struct calib *calib, struct err *err)
{
	const struct replay_watch watch = { .ctx = c, .frame = on_frame, .plate = on_plate };
	const struct replay_opts o = { .conf = a->conf,
				       .source = c->source,
				       .known_calib = calib,
				       .causal = cmd_has(a, "causal"),
				       .threads = 1,
				       .watch = &watch,
				       .stop = cmd_stop,
				       .progress = progress_step };
	struct replay_result r = { 0 };
	int rc;

	if (a->conf->analysis.max_px < WALKERS_MAX_PX)
		a->conf->analysis.max_px = WALKERS_MAX_PX;
	c->walkers = walkers_new(c->info.w, c->info.h);
	cmd_stop(); /* from here on a signal ends the clip early */
	progress_begin();
	rc = replay(&o, &r, err);
	progress_end();
	if (rc >= 0 && r.stopped)
		log_warn("stopped; what was seen until then is used");
	return rc;
}

void calibrate_clip_clear(struct calibrate_clip *c)
{
	source_about_clear(&c->about);
	walkers_free(c->walkers);
	free(c->plate);
	*c = (struct calibrate_clip){ 0 };
}

/* ---- the command line ---- */

const struct cmd_given *calibrate_given(const struct cmd_args *a, const char *name)
{
	int i = 0;

	while (strcmp(a->cmd->options[i].name, name) != 0)
		i++;
	return &a->given[i];
}

int calibrate_numbers(const char *option, const char *text, const char *form, int n, double *v,
		      struct err *err)
{
	const char *at = text;

	for (int i = 0; i < n; i++) {
		size_t len = strcspn(at, ",");
		char word[64];

		if (len >= sizeof(word) || (at[len] == ',') != (i < n - 1))
			goto refuse;
		memcpy(word, at, len);
		word[len] = '\0';
		if (!str_to_double(word, &v[i]) || !isfinite(v[i]))
			goto refuse;
		at += len + 1;
	}
	return 0;
refuse:
	return err_set(err, ERR_USAGE, "--%s: '%s' is not %s", option, text, form);
}

int calibrate_read_lens(const struct cmd_args *a, int w, int h, double *hfov_deg,
			struct lens *lens, const struct lens **known, struct err *err)
{
	const char *angle = cmd_value(a, "hfov"), *file = cmd_value(a, "lens");
	int rc;

	*hfov_deg = 0;
	*known = NULL;
	if (angle && file)
		return err_set(err, ERR_USAGE, "--hfov and --lens say the same; give one");
	if (angle && !(str_to_double(angle, hfov_deg) && *hfov_deg >= 5 && *hfov_deg <= 170))
		return err_set(err, ERR_USAGE, "--hfov: '%s' is not a number from 5 to 170",
			       angle);
	if (!file)
		return 0;
	rc = calib_read_lens(lens, file, err);
	if (rc < 0)
		return (int)(err->code = ERR_CONFIG);
	if (w && fabs((double)lens->w / lens->h / ((double)w / h) - 1) > .02)
		return err_set(err, ERR_CONFIG,
			       "'%s': the lens is of %dx%d pictures, and these are %dx%d: of "
			       "another shape",
			       file, lens->w, lens->h, w, h);
	*known = lens;
	return 0;
}

/* ---- what comes out ---- */

void calibrate_print_lens(const struct lens *l)
{
	struct lens_pose p = lens_pose(l);

	printf("camera %.2f m high, tilt %.1f degrees, roll %.1f, lens %.1f degrees wide, "
	       "k1 %.3f\n",
	       l->at.z, p.tilt, p.roll, lens_hfov(l), l->k1);
}

static int write_picture(const char *path, const struct calib *c, int w, int h,
			 const struct calibrate_clip *clip, struct err *err)
{
	uint8_t *png = NULL;
	size_t len;
	int rc = calib_picture(c, w, h, clip ? clip->plate : NULL, clip ? clip->plate_len : 0,
			       &png, &len, err);

	if (rc >= 0)
		rc = file_write(path, png, len, err);
	free(png);
	if (rc >= 0 && clip && clip->plate_share < PLATE_GOOD)
		log_info("'%s' is grey where the clip is too short to prove that nobody is in "
			 "the picture: %.0f %% is proven",
			 path, 100 * clip->plate_share);
	return rc;
}

int calibrate_write(const struct cmd_args *a, const struct calib *c, int w, int h,
		    const struct calibrate_clip *clip, struct err *err)
{
	const char *out = cmd_value(a, "out"), *picture = cmd_value(a, "picture");
	char *text;
	int rc = 0;

	if (picture)
		rc = write_picture(picture, c, w, h, clip, err);
	if (rc >= 0 && out) {
		text = calib_json(c);
		rc = file_write(out, text, strlen(text), err);
		free(text);
	}
	return rc;
}

/* ---- the command ---- */

/* Which options are for some of the kinds only. */
static const struct {
	const char *option, *words;
} only_for[] = {
	{ "pairs", "points" },  { "pair", "points" },         { "size", "points" },
	{ "height", "points" }, { "convert", "points" },      { "apart", "people" },
	{ "board", "board" },   { "square", "board" },        { "on-floor", "board" },
	{ "calib", "check" },   { "hfov", "points, people" }, { "lens", "points, people" },
};

static int check_options(const struct cmd_args *a, struct err *err)
{
	for (size_t i = 0; i < sizeof(only_for) / sizeof(*only_for); i++)
		if (!strstr(only_for[i].words, a->rest[0]) && cmd_has(a, only_for[i].option))
			return err_set(err, ERR_USAGE, "--%s is for 'calibrate %s'",
				       only_for[i].option, only_for[i].words);
	return 0;
}

static int run(const struct cmd_args *a, struct err *err)
{
	static const struct {
		const char *word;
		int (*run)(const struct cmd_args *a, struct err *err);
	} kinds[] = { { "points", calibrate_points },
		      { "people", calibrate_people },
		      { "board", calibrate_board },
		      { "check", calibrate_check } };

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		int rc;

		if (!a->n_rest || strcmp(a->rest[0], kinds[i].word) != 0)
			continue;
		rc = check_options(a, err);
		return rc < 0 ? rc : kinds[i].run(a, err);
	}
	if (!a->n_rest)
		return err_set(err, ERR_USAGE,
			       "expected how to calibrate: points, people, board or check");
	return err_set(err, ERR_USAGE,
		       "cannot calibrate by '%s', expected points, people, board or check",
		       a->rest[0]);
}

static const struct cmd_option options[] = {
	{ "out", "FILE", "the calibration to write (JSON)", false },
	{ "picture", "FILE",
	  "a picture of the result (PNG): floor grid and boxes as large as people over the empty "
	  "scene",
	  false },
	{ "pairs", "FILE",
	  "points: measured points, CSV: x,y (pixels), east,north (metres), and a name or not",
	  false },
	{ "pair", "X,Y,E,N", "points: one more measured point", true },
	{ "size", "WxH", "points: size of the pictures, when no clip is given", false },
	{ "height", "N", "points: how high the camera hangs, metres, when that is known",
	  false },
	{ "convert", "FILE",
	  "points: in place of points, a calibration in Tsai's form, of this program, or nine "
	  "numbers of a homography from pixels to metres",
	  false },
	{ "hfov", "N", "points, people: the lens's horizontal angle of view, degrees", false },
	{ "lens", "FILE", "points, people: the lens, as 'calibrate board' wrote it", false },
	{ "apart", "X,Y,X,Y,M",
	  "people: two floor points, one behind the other, pixels, and the metres between",
	  true },
	{ "board", "CxR", "board: inner corners of the checkerboard, like 9x6", false },
	{ "square", "N", "board: side of a square, metres", false },
	{ "on-floor", "FILE", "board: a picture or clip with the board flat on the floor",
	  false },
	{ "calib", "FILE", "check: the calibration; default: files.calib of the settings",
	  false },
	{ "start", "T", "when the recording began, as of 'replay'", false },
	{ "causal", NULL, "do not look over the recording first to learn the empty scene",
	  false },
	{ 0 },
};

const struct cmd cmd_calibrate = {
	.name = "calibrate",
	.words = "points|people|board|check",
	.help = "work out where the floor is in a camera's picture, or check that",
	.manual =
		"A calibrated camera counts in metres and tells people apart better. Any of these "
		"ends in one file, --out, for 'replay --calib' and files.calib; --picture shows "
		"what it means.\n\n"
		"'calibrate points [CLIP]' wants 4 to 50 points of the floor (tile corners, feet "
		"of shelves), spread over the picture: where each is in the picture, pixels from "
		"the top left, and on the floor, metres east and north of any point. Points that "
		"contradict the others are named and left out. From 6 points on, or with --hfov or "
		"--lens, the camera itself is found, with its lens; else only how the floor lies. "
		"A camera that looks straight down does not show its height: give --hfov or "
		"--height.\n\n"
		"  footfall calibrate points door.mp4 --pairs door.csv --out door.json --picture "
		"door.png\n\n"
		"'calibrate people CLIP...' needs nothing measured but one distance: it looks at "
		"people who walk alone, 200 or more, near and far. Metres need --apart, a floor "
		"distance that leads away from the camera (an aisle), or the lens's angle (--hfov, "
		"--lens); across the view it does not help. The camera's place is (0, 0), north is "
		"where it looks.\n\n"
		"  footfall calibrate people day.mp4 --apart 640,700,640,310,6.2 --out aisle.json\n\n"
		"'calibrate board CLIP...' finds the lens alone from a checkerboard that is held "
		"before the camera in many places and tilts (pictures, clips, or both). With "
		"--on-floor the board's first inner corner is (0, 0), and the whole camera is "
		"found.\n\n"
		"'calibrate check CLIP...' compares people with an existing calibration: how tall "
		"they look relative to how tall they should, with the range in which that lies "
		"with 95 %. Exit status 0: it holds, .93 to 1.07; 1: it does not, or too few people "
		"walk alone to tell. 'replay' warns by itself when it surely does not hold.",
	.options = options,
	.flags = CMD_CONF,
	.run = run,
};
