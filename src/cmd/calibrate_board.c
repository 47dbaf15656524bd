/* SPDX-License-Identifier: Apache-2.0 */
/* calibrate_board.c -- 'footfall calibrate board': a lens from views of a checkerboard, and
 * with one of them flat on the floor the whole camera. */
#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "base/str.h"
#include "base/vec.h"
#include "cmd/calibrate.h"
#include "cv/cv.h"
#include "floor/pairs.h"
#include "run/sources.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define VIEWS_MIN 5
#define VIEWS_MAX 40
#define LOOK_US 500000 /* between two looks at a clip */
#define LOOKS_MAX 600  /* of a clip without the board in it: no more */
#define MOVED .03      /* of the picture's width: a view that is new */
#define SIDE_MAX 30    /* corners along a side */
#define RMS_GOOD_PX 1.

struct board {
	int cols, rows;
	double square_m;
	int w, h; /* of the pictures; 0: none yet */
	int n_views, n_seen, n_looks;
	double *corners; /* VIEWS_MAX times cols * rows pairs */
	bool one;        /* the first view is enough */
};

static int parse_board(struct board *b, const struct cmd_args *a, struct err *err)
{
	const char *size = cmd_value(a, "board"), *square = cmd_value(a, "square");
	int end = 0;

	if (!size || !square)
		return err_set(err, ERR_USAGE,
			       "calibrate board: expected --board CxR, the inner corners, and "
			       "--square METRES");
	if (strlen(size) > 8 || sscanf(size, "%2dx%2d%n", &b->cols, &b->rows, &end) != 2 ||
	    size[end] || b->cols < 3 || b->rows < 3 || b->cols > SIDE_MAX || b->rows > SIDE_MAX)
		return err_set(err, ERR_USAGE,
			       "--board: '%s' is not CxR, from 3x3 to %dx%d inner corners",
			       size, SIDE_MAX, SIDE_MAX);
	if (!str_to_double(square, &b->square_m) || !(b->square_m >= .001 && b->square_m <= 2))
		return err_set(err, ERR_USAGE,
			       "--square: '%s' is not a number from 0.001 to 2 metres", square);
	b->corners = xcalloc((size_t)(2 * VIEWS_MAX * b->cols * b->rows), sizeof(*b->corners));
	return 0;
}

static double *view(const struct board *b, int i)
{
	return b->corners + (size_t)i * 2 * (size_t)(b->cols * b->rows);
}

/* Whether the last view, not counted yet, is unlike all that are. */
static bool is_new(const struct board *b)
{
	int n = b->cols * b->rows;
	const double *last = view(b, b->n_views);

	for (int i = 0; i < b->n_views; i++) {
		const double *v = view(b, i);
		double moved = 0;

		for (int k = 0; k < n; k++)
			moved += hypot(last[2 * k] - v[2 * k], last[2 * k + 1] - v[2 * k + 1]);
		if (moved < MOVED * b->w * n)
			return false;
	}
	return true;
}

static int look(struct board *b, const struct frame *f, struct err *err)
{
	struct err none;
	int rc;

	if (!b->w) {
		b->w = f->y.w;
		b->h = f->y.h;
	}
	if (f->y.w != b->w || f->y.h != b->h)
		return err_set(
			err, ERR_CONFIG,
			"is %dx%d, and the pictures before were %dx%d: expected all from "
			"one camera, not zoomed or cut",
			f->y.w, f->y.h, b->w, b->h);
	b->n_looks++;
	rc = cv_checkerboard(&f->y, b->cols, b->rows, view(b, b->n_views), &none);
	if (rc == ERR_RANGE)
		return 0;
	if (rc < 0) {
		if (err)
			*err = none;
		return rc;
	}
	b->n_seen++;
	b->n_views += is_new(b);
	return 0;
}

static int read_views(struct board *b, struct source *src, struct err *err)
{
	int64_t next_us = INT64_MIN;
	struct frame f = { 0 };
	int rc, looks = b->n_looks;

	while (b->n_views < (b->one ? 1 : VIEWS_MAX) && b->n_looks - looks < LOOKS_MAX) {
		rc = source_read(src, &f, 1000, err);
		if (rc == ERR_EOF)
			return 0;
		if (rc < 0)
			return rc;
		if (f.t_us >= next_us) {
			next_us = f.t_us + LOOK_US;
			rc = look(b, &f, err);
		}
		frame_unref(&f);
		if (rc < 0)
			return rc;
		if (cmd_stop())
			return err_set(err, ERR_AGAIN, "stopped");
	}
	return 0;
}

static int look_through(struct board *b, const char *spec, struct err *err)
{
	const struct source_opts o = {
		.specs = &spec, .n_specs = 1, .start_us = CLOCK_NONE, .kinds = sources
	};
	struct source *src = source_open(&o, err);
	int rc;

	if (!src)
		return (int)err->code;
	rc = read_views(b, src, err);
	source_close(src);
	if (rc < 0)
		err_ctx(err, "'%s'", spec);
	return rc;
}

static int find_lens(const struct board *b, struct lens *l, struct err *err)
{
	double camera[4], bend[5], rms;
	int rc;

	if (b->n_views < VIEWS_MIN)
		return err_set(
			err, ERR_STATE,
			"the board of %dx%d inner corners is seen in %d of %d pictures, in "
			"%d different places; expected %d or more, also near the corners "
			"of the picture and tilted",
			b->cols, b->rows, b->n_seen, b->n_looks, b->n_views, VIEWS_MIN);
	rc = cv_calibrate(b->corners, b->n_views, b->cols, b->rows, b->square_m, b->w, b->h,
			  camera, bend, &rms, err);
	if (rc < 0)
		return rc;
	if (!(fabs(bend[0]) <= 1 && camera[2] >= 0 && camera[2] <= b->w && camera[3] >= 0 &&
	      camera[3] <= b->h))
		return err_set(err, ERR_RANGE,
			       "no usual lens explains the views (k1 %.2f, centre %.0f,%.0f); "
			       "show the board tilted, in all parts of the picture",
			       bend[0], camera[2], camera[3]);
	*l = (struct lens){ .w = b->w,
			    .h = b->h,
			    .f_px = camera[0],
			    .cx = camera[2],
			    .cy = camera[3],
			    .k1 = bend[0],
			    .r2_max = bend[0] < 0 ? -1 / (3 * bend[0]) : HUGE_VAL };
	printf("%d views of the board; lens %.1f degrees wide, k1 %.3f, centre %.0f,%.0f of "
	       "%dx%d; corners off by %.2f pixels\n",
	       b->n_views, lens_hfov(l), l->k1, l->cx, l->cy, l->w, l->h, rms);
	if (rms > RMS_GOOD_PX)
		log_warn("corners are off by %.1f pixels: is the board flat, and are the "
			 "pictures sharp?",
			 rms);
	return 0;
}

/* ---- the board on the floor ---- */

/* Which corners stand for the board: at most PAIRS_MAX, its edges among them. */
static int pick(const struct board *b, double way, struct pair *p)
{
	int cols = b->cols < 7 ? b->cols : 7, rows = b->rows < 7 ? b->rows : 7, n = 0;
	const double *c = view(b, 0);

	for (int j = 0; j < rows; j++)
		for (int i = 0; i < cols; i++) {
			int col = i * (b->cols - 1) / (cols - 1);
			int row = j * (b->rows - 1) / (rows - 1);
			const double *at = c + 2 * (row * b->cols + col);

			p[n++] =
				(struct pair){ { at[0], at[1] },
					       { col * b->square_m, way * row * b->square_m } };
		}
	return n;
}

static int find_floor(struct board *b, const char *spec, const struct lens *l, struct calib *c,
		      struct err *err)
{
	const struct pairs_known known = { .lens = l };
	struct pair p[PAIRS_MAX];
	struct pairs_fit fit;
	int rc;

	b->one = true;
	b->n_views = b->n_seen = b->n_looks = 0;
	rc = look_through(b, spec, err);
	if (rc < 0)
		return rc;
	if (!b->n_views)
		return err_set(
			err, ERR_STATE,
			"'%s': the board of %dx%d inner corners is not seen on the floor", spec,
			b->cols, b->rows);
	/* Rows go away from or towards us: one of the two is no mirror. */
	rc = pairs_fit(&fit, p, pick(b, -1, p), b->w, b->h, &known, err);
	if (rc < 0)
		rc = pairs_fit(&fit, p, pick(b, 1, p), b->w, b->h, &known, err);
	if (rc >= 0 && !fit.calib.has_lens)
		rc = err_set(err, ERR_RANGE, "the board on the floor does not fit the lens");
	if (rc < 0) {
		err_ctx(err, "'%s'", spec);
		return rc;
	}
	*c = fit.calib;
	printf("on the floor: %.1f cm off; (0, 0) is the first corner\n", 100 * fit.off_m);
	calibrate_print_lens(&c->lens);
	return 0;
}

static int write_lens(const struct cmd_args *a, const struct lens *l, struct err *err)
{
	const char *out = cmd_value(a, "out");
	char *text;
	int rc;

	if (cmd_has(a, "picture"))
		return err_set(err, ERR_USAGE,
			       "--picture: a lens alone shows no floor; give --on-floor");
	if (!out)
		return 0;
	text = calib_lens_json(l);
	rc = file_write(out, text, strlen(text), err);
	free(text);
	return rc;
}

int calibrate_board(const struct cmd_args *a, struct err *err)
{
	const char *on_floor = cmd_value(a, "on-floor");
	struct board b = { 0 };
	struct calib c;
	struct lens l;
	int rc = parse_board(&b, a, err);

	if (rc >= 0 && a->n_rest < 2)
		rc = err_set(err, ERR_USAGE, "calibrate board: no pictures given");
	if (rc >= 0)
		rc = clock_set_zone(a->conf->store.time_zone, err);
	for (int i = 1; i < a->n_rest && rc >= 0 && b.n_views < VIEWS_MAX; i++)
		rc = look_through(&b, a->rest[i], err);
	if (rc < 0 || (rc = find_lens(&b, &l, err)) < 0)
		goto out;
	if (!on_floor)
		rc = write_lens(a, &l, err);
	else if ((rc = find_floor(&b, on_floor, &l, &c, err)) >= 0)
		rc = calibrate_write(a, &c, b.w, b.h, NULL, err);
out:
	free(b.corners);
	return rc;
}
