/* SPDX-License-Identifier: Apache-2.0 */
/* calibrate.c -- 'footfall calibrate': a camera worked out from people who walk before it. */
#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "base/real.h"
#include "base/str.h"
#include "cmd/cmd.h"
#include "run/replay.h"
#include "run/sources.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct cmd_option options[] = {
	{ "hfov", "N", "the lens's horizontal angle of view, degrees", false },
	{ "apart", "X,Y,X,Y,M",
	  "two floor points, one behind the other, 0..1 of the picture, and metres between",
	  false },
	{ "out", "FILE", "the calibration to write", false },
	{ 0 },
};

static int parse_known(const struct cmd_args *a, double hfov[1], double apart[5],
		       struct err *err)
{
	const char *angle = cmd_value(a, "hfov"), *s = cmd_value(a, "apart");
	char rest;

	if (angle && !(str_to_double(angle, hfov) && *hfov >= 5 && *hfov <= 170))
		return err_set(err, ERR_USAGE, "--hfov: '%s' is not a number from 5 to 170",
			       angle);
	if (!s)
		return 0;
	if (sscanf(s, "%lf,%lf,%lf,%lf,%lf%c", &apart[0], &apart[1], &apart[2], &apart[3],
		   &apart[4], &rest) != 5)
		return err_set(err, ERR_USAGE, "--apart: '%s' is not X,Y,X,Y,METRES", s);
	for (int i = 0; i < 4; i++)
		if (!(apart[i] >= 0 && apart[i] <= 1))
			return err_set(err, ERR_USAGE,
				       "--apart: %g is not within 0 .. 1, parts of the picture",
				       apart[i]);
	if (!(apart[4] > 0 && apart[4] < 1000))
		return err_set(err, ERR_USAGE, "--apart: %g m is no distance", apart[4]);
	return 0;
}

/* How far the camera is rolled, degrees clockwise (lens_look()). */
static double roll_of(const struct lens *l)
{
	const double *x = l->turn, *z = l->turn + 6;
	double level[3] = { z[1], -z[0], 0 }, n = real_hypot(z[0], z[1]);
	double down[3] = { -z[2] * -z[0] / n, z[2] * z[1] / n, -n };

	return real_atan2(x[0] * down[0] + x[1] * down[1] + x[2] * down[2],
			  (x[0] * level[0] + x[1] * level[1]) / n) *
	       180 / REAL_PI;
}

static int write_calib(const char *path, const struct lens *l, double hfov, struct err *err)
{
	struct str s = STR_INIT;
	int rc;

	str_addf(&s,
		 "{\n\t\"format\": \"footfall-camera-1\",\n\t\"camera\": { \"size\": [%d, %d], "
		 "\"at\": [0, 0, %.9g], \"to\": [0, %.9g, %.9g], \"hfov_deg\": %.9g, "
		 "\"roll_deg\": %.9g }\n}\n",
		 l->w, l->h, l->at.z, l->turn[7], l->at.z + l->turn[8], hfov, roll_of(l));
	rc = file_write(path, s.s, s.len, err);
	str_clear(&s);
	return rc;
}

static int work_out(const struct cmd_args *a, const struct walkers *w,
		    const struct replay_result *r, struct err *err)
{
	double apart[5] = { 0 }, hfov = 0;
	struct selfcalib_known known;
	struct selfcalib found;
	const struct person_px *p;
	const char *out = cmd_value(a, "out");
	int n, rc = parse_known(a, &hfov, apart, err);

	if (rc < 0)
		return rc;
	known = (struct selfcalib_known){
		.hfov_deg = hfov,
		.a = { apart[0] * r->source.w, apart[1] * r->source.h },
		.b = { apart[2] * r->source.w, apart[3] * r->source.h },
		.apart_m = apart[4]
	};
	p = walkers_people(w, &n);
	rc = selfcalib_fit(&found, p, n, r->source.w, r->source.h, &known, err);
	if (rc < 0)
		return rc;
	hfov = 2 * real_atan2(found.lens.w / 2.0, found.lens.f_px) * 180 / REAL_PI;
	printf("%d people seen alone, %d used\n", n, found.n_used);
	printf("height %.2f m, tilt %.1f degrees, roll %.1f, lens %.1f degrees\n",
	       found.lens.at.z,
	       real_atan2(-found.lens.turn[8], found.lens.turn[7]) * 180 / REAL_PI,
	       roll_of(&found.lens), hfov);
	if (!found.metric)
		log_warn("metres are not known: give --hfov or --apart");
	if (n < SELFCALIB_GOOD)
		log_warn("%d people are few, expected %d or more", n, SELFCALIB_GOOD);
	return out ? write_calib(out, &found.lens, hfov, err) : 0;
}

static int run(const struct cmd_args *a, struct err *err)
{
	double apart[5], hfov;
	struct replay_opts o = { .conf = a->conf, .threads = 1, .stop = cmd_stop };
	struct replay_result r = { 0 };
	int rc;

	if (a->n_rest < 2 || strcmp(a->rest[0], "people") != 0)
		return err_set(err, ERR_USAGE, "calibrate: expected 'people' and clips");
	if ((rc = parse_known(a, &hfov, apart, err)) < 0 ||
	    (rc = clock_set_zone(a->conf->store.time_zone, err)) < 0)
		return rc;
	o.source = (struct source_opts){ .specs = a->rest + 1,
					 .n_specs = a->n_rest - 1,
					 .start_us = CLOCK_NONE,
					 .kinds = sources };
	o.walkers = walkers_new();
	rc = replay(&o, &r, err);
	if (rc >= 0)
		rc = work_out(a, o.walkers, &r, err);
	walkers_free(o.walkers);
	return rc;
}

const struct cmd cmd_calibrate = {
	.name = "calibrate",
	.words = "CLIP...",
	.help = "work a camera's calibration out from people who walk before it",
	.manual =
		"'calibrate people CLIP...' works out how the camera looks at the floor from "
		"people who walk alone, 200 or more, near and far. Metres need the lens's angle "
		"(--hfov) or one distance on the floor that leads away from the camera "
		"(--apart).\n\n"
		"  footfall calibrate people door.mp4 --apart .5,.9,.5,.4,6.2 --out camera.json",
	.options = options,
	.flags = CMD_CONF,
	.run = run,
};
