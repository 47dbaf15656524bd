/* SPDX-License-Identifier: Apache-2.0 */
/* calibrate_people.c -- 'footfall calibrate people' and 'check': from people who walk alone. */
#include "base/log.h"
#include "cmd/calibrate.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* ---- people ---- */

static int parse_spans(const struct cmd_args *a, struct selfcalib_known *k, struct err *err)
{
	const struct cmd_given *given = calibrate_given(a, "apart");

	if (given->n > SELFCALIB_SPANS)
		return err_set(err, ERR_USAGE, "--apart: more than %d distances",
			       SELFCALIB_SPANS);
	for (int i = 0; i < given->n; i++) {
		struct selfcalib_span *s = &k->span[i];
		double v[5];
		int rc = calibrate_numbers("apart", given->v[i],
					   "X,Y,X,Y,M: two pixels and metres", 5, v, err);

		if (rc < 0)
			return rc;
		*s = (struct selfcalib_span){ { v[0], v[1] }, { v[2], v[3] }, v[4] };
		if (!(s->m > .1 && s->m < 1000))
			return err_set(err, ERR_USAGE,
				       "--apart: %g m, expected 0.1 to 1000 between the points",
				       s->m);
		k->n_spans++;
	}
	return 0;
}

static int check_spans(const struct selfcalib_known *k, int w, int h, struct err *err)
{
	for (int i = 0; i < k->n_spans; i++) {
		const double *v[] = { k->span[i].a, k->span[i].b };

		for (int e = 0; e < 2; e++)
			if (!(v[e][0] >= 0 && v[e][0] <= w && v[e][1] >= 0 && v[e][1] <= h))
				return err_set(err, ERR_USAGE,
					       "--apart: %g,%g is outside the picture, %dx%d",
					       v[e][0], v[e][1], w, h);
	}
	return 0;
}

static void tell(const struct selfcalib *s, const struct selfcalib_known *k, int n)
{
	printf("%d people seen alone on %d walks\n", n, s->n_walks);
	calibrate_print_lens(&s->lens);
	if (n < SELFCALIB_GOOD)
		log_warn("%d people are few, expected %d or more: distances may be off by "
			 "more than 3 %%",
			 n, SELFCALIB_GOOD);
	if (s->metric)
		return;
	if (k->n_spans)
		log_warn("metres are NOT known: the distance given does not lead away from the "
			 "camera, or is too short; give another --apart, or --hfov");
	else
		log_warn(
			"metres are NOT known: people tell how large people are, which is "
			"enough to tell them apart, but distances on the floor may be off by a "
			"quarter; give --hfov or --apart");
}

int calibrate_people(const struct cmd_args *a, struct err *err)
{
	struct selfcalib_known known = { 0 };
	struct calibrate_clip clip = { 0 };
	struct calib c = { .has_lens = true };
	const struct person_px *p;
	struct selfcalib found;
	struct lens lens;
	int n, rc;

	if (a->n_rest < 2)
		return err_set(err, ERR_USAGE, "calibrate people: no clip given");
	if ((rc = parse_spans(a, &known, err)) < 0 ||
	    (rc = calibrate_clip_open(&clip, a, err)) < 0 ||
	    (rc = check_spans(&known, clip.info.w, clip.info.h, err)) < 0 ||
	    (rc = calibrate_read_lens(a, clip.info.w, clip.info.h, &known.hfov_deg, &lens,
				      &known.lens, err)) < 0 ||
	    (rc = calibrate_clip_run(&clip, a, NULL, err)) < 0)
		goto out;
	p = walkers_people(clip.walkers, &n);
	rc = selfcalib_fit(&found, p, n, clip.info.w, clip.info.h, &known, err);
	if (rc < 0)
		goto out;
	c.lens = found.lens;
	tell(&found, &known, n);
	rc = calibrate_write(a, &c, clip.info.w, clip.info.h, &clip, err);
out:
	calibrate_clip_clear(&clip);
	return rc;
}

/* ---- check ---- */

/* --calib, else the settings', else what the clip knows itself. */
static int read_calib(const struct cmd_args *a, const struct calibrate_clip *clip,
		      struct calib *c, struct err *err)
{
	const char *path = cmd_value(a, "calib");
	int rc;

	if (!path && *a->conf->files.calib)
		path = a->conf->files.calib;
	if (!path && !clip->about.calib)
		return err_set(err, ERR_USAGE,
			       "calibrate check: no calibration; give --calib FILE");
	rc = path ? calib_read(c, path, err)
		  : calib_parse(c, clip->about.calib, strlen(clip->about.calib), err);
	if (rc < 0)
		return (int)(err->code = ERR_CONFIG);
	if (!c->has_lens)
		return err_set(err, ERR_CONFIG,
			       "%s%s%s: tells how the floor lies but not how tall people look "
			       "there; expected a camera with its lens",
			       path ? "'" : "", path ? path : "the clip's calibration",
			       path ? "'" : "");
	return 0;
}

static int judge(const struct selfcalib_ratio *r, struct err *err)
{
	printf("people look %.3f times as tall as the calibration has them (%.3f to %.3f with "
	       "95 %%; %d people on %d walks)\n",
	       r->median, r->lo, r->hi, r->n, r->n_walks);
	if (r->median >= SELFCALIB_RATIO_LO && r->median <= SELFCALIB_RATIO_HI)
		return 0;
	if (r->hi >= SELFCALIB_RATIO_LO && r->lo <= SELFCALIB_RATIO_HI)
		return err_set(
			err, ERR_STATE,
			"the calibration may not hold: %.3f is outside %.2f to %.2f, but "
			"only just; look at more of the clip",
			r->median, SELFCALIB_RATIO_LO, SELFCALIB_RATIO_HI);
	return err_set(err, ERR_STATE,
		       "the calibration does not hold: %.3f is outside %.2f to %.2f; has the "
		       "camera moved, or was it zoomed?",
		       r->median, SELFCALIB_RATIO_LO, SELFCALIB_RATIO_HI);
}

int calibrate_check(const struct cmd_args *a, struct err *err)
{
	struct calibrate_clip clip = { 0 };
	const struct person_px *p;
	struct selfcalib_ratio r;
	struct calib c;
	struct lens lens;
	int n, rc;

	if (a->n_rest < 2)
		return err_set(err, ERR_USAGE, "calibrate check: no clip given");
	if (cmd_has(a, "out"))
		return err_set(err, ERR_USAGE,
			       "calibrate check: writes no calibration (--out)");
	if ((rc = calibrate_clip_open(&clip, a, err)) < 0 ||
	    (rc = read_calib(a, &clip, &c, err)) < 0 ||
	    (rc = calibrate_clip_run(&clip, a, NULL, err)) < 0 ||
	    (rc = calibrate_write(a, &c, clip.info.w, clip.info.h, &clip, err)) < 0)
		goto out;
	lens = c.lens;
	lens_resize(&lens, clip.info.w);
	p = walkers_people(clip.walkers, &n);
	rc = selfcalib_check(&r, &lens, p, n)
		     ? judge(&r, err)
		     : err_set(err, ERR_STATE,
			       "cannot tell: %d people seen alone and whole, expected %d or "
			       "more on 8 walks",
			       n, SELFCALIB_MIN);
out:
	calibrate_clip_clear(&clip);
	return rc;
}
