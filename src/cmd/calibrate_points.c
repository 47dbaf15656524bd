/* SPDX-License-Identifier: Apache-2.0 */
/* calibrate_points.c -- 'footfall calibrate points': measured points, or what others wrote. */
#include "base/file.h"
#include "base/log.h"
#include "base/str.h"
#include "base/vec.h"
#include "cmd/calibrate.h"
#include "floor/pairs.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILE_MAX (1 << 20)
#define LIMIT_M 1023 /* of a floor point, as of the schema */
#define FOCAL_SD_GOOD .1
#define OFF_GOOD_M .15

struct points {
	struct pair pair[PAIRS_MAX];
	char name[PAIRS_MAX][NAME_MAX_BYTES];
	int n;
};

static int check_point(const struct pair *p, struct err *err)
{
	if (!(fabs(p->at.x) < LIMIT_M && fabs(p->at.y) < LIMIT_M))
		return err_set(err, ERR_CONFIG, "%.6g, %.6g is farther than %d m from 0",
			       p->at.x, p->at.y, LIMIT_M);
	if (!(fabs(p->px[0]) < 1e5 && fabs(p->px[1]) < 1e5))
		return err_set(err, ERR_CONFIG, "%.6g, %.6g is no pixel", p->px[0], p->px[1]);
	return 0;
}

static int add_point(struct points *p, const double v[4], const char *name, struct err *err)
{
	struct pair pair = { { v[0], v[1] }, { v[2], v[3] } };
	int rc = check_point(&pair, err);

	if (rc < 0)
		return rc;
	if (p->n == PAIRS_MAX)
		return err_set(err, ERR_CONFIG, "more than %d points", PAIRS_MAX);
	if (!str_copy(p->name[p->n], NAME_MAX_BYTES, name))
		return err_set(err, ERR_CONFIG, "name '%s': longer than %d bytes", name,
			       NAME_MAX_BYTES - 1);
	p->pair[p->n++] = pair;
	return 0;
}

static char *trimmed(char *s)
{
	char *end;

	while (isspace((unsigned char)*s))
		s++;
	end = s + strlen(s);
	while (end > s && isspace((unsigned char)end[-1]))
		*--end = '\0';
	return s;
}

/* One line of the file: x,y,east,north[,name]. Blank lines, those that begin with '#' and a
 * first line of words are passed over. */
static int read_line(struct points *p, char *line, int number, struct err *err)
{
	char *at = trimmed(line), *shown = xstrdup(at), name[16];
	double v[4];
	int i = 0, rc = 0;

	if (!*at || *at == '#')
		goto out;
	for (; i < 4 && at; i++) {
		char *comma = strchr(at, ',');

		if (comma)
			*comma = '\0';
		if (!str_to_double(trimmed(at), &v[i]) || !isfinite(v[i]))
			break;
		at = comma ? comma + 1 : NULL;
	}
	if (i == 0 && number == 1 && isalpha((unsigned char)*shown))
		goto out;
	snprintf(name, sizeof(name), "line %d", number);
	rc = i == 4 ? add_point(p, v, at && *trimmed(at) ? trimmed(at) : name, err)
		    : err_set(err, ERR_CONFIG,
			      "expected x,y,east,north (pixels, metres) and a name or not, found "
			      "'%.60s'",
			      shown);
	if (rc < 0)
		err_ctx(err, "line %d", number);
out:
	free(shown);
	return rc;
}

static int read_file(struct points *p, const char *path, struct err *err)
{
	char *text = NULL, *line, *next;
	size_t len;
	int rc = file_read(path, FILE_MAX, &text, &len, err), number = 0;

	if (rc < 0)
		return rc;
	if (strlen(text) != len)
		rc = err_set(err, ERR_CONFIG, "has a byte 0 in it, expected CSV");
	for (line = text; rc >= 0 && line; line = next) {
		next = strchr(line, '\n');
		if (next)
			*next++ = '\0';
		rc = read_line(p, line, ++number, err);
	}
	free(text);
	if (rc < 0)
		err_ctx(err, "'%s'", path);
	return rc;
}

static int read_points(struct points *p, const struct cmd_args *a, struct err *err)
{
	const struct cmd_given *given = calibrate_given(a, "pair");
	const char *path = cmd_value(a, "pairs");
	int rc = path ? read_file(p, path, err) : 0;

	for (int i = 0; i < given->n && rc >= 0; i++) {
		double v[4];
		char name[32];

		snprintf(name, sizeof(name), "--pair %d", i + 1);
		rc = calibrate_numbers("pair", given->v[i],
				       "X,Y,E,N: pixels and metres on the floor", 4, v, err);
		if (rc >= 0 && (rc = add_point(p, v, name, err)) < 0)
			err_ctx(err, "--pair '%s'", given->v[i]);
	}
	if (rc >= 0 && p->n < PAIRS_MIN)
		return err_set(err, ERR_USAGE, "%d points, expected %d to %d (--pairs, --pair)",
			       p->n, PAIRS_MIN, PAIRS_MAX);
	return rc;
}

/* ---- the picture's size ---- */

static int parse_size(const char *text, int *w, int *h, struct err *err)
{
	int64_t v[2];
	char word[16];
	const char *x = strchr(text, 'x');

	if (x && (size_t)(x - text) < sizeof(word)) {
		memcpy(word, text, (size_t)(x - text));
		word[x - text] = '\0';
		if (str_to_i64(word, &v[0]) && str_to_i64(x + 1, &v[1]) && v[0] >= 16 &&
		    v[0] <= 16384 && v[1] >= 16 && v[1] <= 16384) {
			*w = (int)v[0];
			*h = (int)v[1];
			return 0;
		}
	}
	return err_set(err, ERR_USAGE, "--size: '%s' is not WxH, from 16x16 to 16384x16384",
		       text);
}

/* From --size or the clip; stays 0 x 0 when there is neither. */
static int find_size(const struct cmd_args *a, struct calibrate_clip *clip, int *w, int *h,
		     struct err *err)
{
	int rc;

	if (cmd_has(a, "size"))
		return a->n_rest > 1 ? err_set(err, ERR_USAGE,
					       "--size: the clip says that, leave it out")
				     : parse_size(cmd_value(a, "size"), w, h, err);
	if (a->n_rest < 2)
		return 0;
	rc = calibrate_clip_open(clip, a, err);
	*w = clip->info.w;
	*h = clip->info.h;
	return rc;
}

/* ---- fit, and what it says ---- */

static void print_table(const struct points *p, const struct pairs_fit *fit)
{
	printf("%-20s %8s %8s %9s %9s %8s\n", "point", "x", "y", "east m", "north m", "off cm");
	for (int i = 0; i < p->n; i++) {
		const struct pair *q = &p->pair[i];

		printf("%-20s %8.1f %8.1f %9.2f %9.2f ", p->name[i], q->px[0], q->px[1],
		       q->at.x, q->at.y);
		if (fit->off[i].m < 1e3)
			printf("%8.1f", 100 * fit->off[i].m);
		else
			printf("%8s", "far");
		puts(fit->off[i].out ? "  left out" : "");
	}
}

static void warn_about(const struct points *p, const struct pairs_fit *fit)
{
	for (int i = 0; i < p->n; i++)
		if (fit->off[i].out)
			log_warn(
				"point '%s' contradicts the others by %.0f cm (%.0f pixels) and "
				"is left out; measure it again",
				p->name[i], 100 * fmin(fit->off[i].m, 1e3), fit->off[i].px);
	if (p->n == PAIRS_MIN)
		log_warn("%d points cannot contradict one another; measure one more to find "
			 "mistakes",
			 p->n);
	else if (fit->off_m > OFF_GOOD_M)
		log_warn("half of the points are off by %.0f cm or more; measure them again",
			 100 * fit->off_m);
	if (!fit->calib.has_lens)
		log_warn("the points tell how the floor lies, but not the camera: people are "
			 "not looked for by their size; %s",
			 fit->n_used < PAIRS_LENS ? "measure 6 points or more, or give --hfov"
						  : "is the picture cut or stretched?");
	else if (fit->focal_sd > FOCAL_SD_GOOD)
		log_warn("the points hardly tell the lens's angle (give or take %.0f %%), and "
			 "with it how tall people are; give --hfov or --height",
			 100 * fit->focal_sd);
}

static int fit_points(const struct cmd_args *a, int w, int h, struct calib *c, struct err *err)
{
	struct pairs_known known = { 0 };
	const char *height = cmd_value(a, "height");
	struct points p = { .n = 0 };
	struct pairs_fit fit;
	struct lens lens;
	int rc;

	if (height && !(str_to_double(height, &known.height_m) && known.height_m >= .5 &&
			known.height_m <= 100))
		return err_set(err, ERR_USAGE, "--height: '%s' is not a number from 0.5 to 100",
			       height);
	if ((rc = calibrate_read_lens(a, w, h, &known.hfov_deg, &lens, &known.lens, err)) < 0 ||
	    (rc = read_points(&p, a, err)) < 0)
		return rc;
	for (int i = 0; i < p.n; i++)
		if (!(p.pair[i].px[0] >= 0 && p.pair[i].px[0] <= w && p.pair[i].px[1] >= 0 &&
		      p.pair[i].px[1] <= h))
			return err_set(err, ERR_CONFIG,
				       "point '%s': %.6g, %.6g is outside the picture, %dx%d",
				       p.name[i], p.pair[i].px[0], p.pair[i].px[1], w, h);
	rc = pairs_fit(&fit, p.pair, p.n, w, h, &known, err);
	if (rc < 0)
		return rc;
	print_table(&p, &fit);
	printf("%d of %d points used, half of them off by less than %.1f cm\n", fit.n_used, p.n,
	       100 * fit.off_m);
	warn_about(&p, &fit);
	*c = fit.calib;
	return 0;
}

/* ---- what others wrote ---- */

/* Nine numbers, anything but letters between; a line may begin with '#'. */
static int read_homography(const char *text, double v[9], struct err *err)
{
	int n = 0;

	while (*text) {
		size_t len = strcspn(text, " \t\r\n,;[]");
		char word[64];

		if (*text == '#') {
			text += strcspn(text, "\n");
			continue;
		}
		if (!len) {
			text++;
			continue;
		}
		if (len >= sizeof(word))
			return err_set(err, ERR_CONFIG, "expected nine numbers, found '%.40s'",
				       text);
		memcpy(word, text, len);
		word[len] = '\0';
		if (n == 9 || !str_to_double(word, &v[n]) || !isfinite(v[n]))
			return err_set(err, ERR_CONFIG,
				       n == 9 ? "expected nine numbers, found more: '%s'"
					      : "expected nine numbers, found '%s'",
				       word);
		n++;
		text += len;
	}
	return n == 9 ? 0 : err_set(err, ERR_CONFIG, "expected nine numbers, found %d", n);
}

static int convert_homography(struct calib *c, const char *text, int w, int h, struct err *err)
{
	double v[9], most = 0;
	int rc = read_homography(text, v, err);

	if (rc < 0)
		return rc;
	if (!w)
		return err_set(err, ERR_USAGE,
			       "is a homography from pixels; give --size WxH or a clip");
	*c = (struct calib){ 0 };
	for (int i = 0; i < 9; i++) {
		c->floor_from_img[i] = v[i] * (i % 3 == 0 ? w : i % 3 == 1 ? h : 1);
		most = fmax(most, fabs(c->floor_from_img[i]));
	}
	for (int i = 0; i < 9 && most > 0; i++)
		c->floor_from_img[i] /= most;
	return calib_check(c, err);
}

static int convert(const struct cmd_args *a, int *w, int *h, struct calib *c, struct err *err)
{
	const char *path = cmd_value(a, "convert");
	char *text = NULL;
	size_t len, blank;
	int rc;

	if (cmd_has(a, "pairs") || cmd_has(a, "pair") || cmd_has(a, "hfov") ||
	    cmd_has(a, "lens") || cmd_has(a, "height"))
		return err_set(err, ERR_USAGE, "--convert takes no points and no lens");
	rc = file_read(path, FILE_MAX, &text, &len, err);
	if (rc < 0)
		return rc;
	blank = strspn(text, " \t\r\n");
	rc = text[blank] == '<' || text[blank] == '{'
		     ? calib_parse(c, text, len, err)
		     : convert_homography(c, text, *w, *h, err);
	free(text);
	if (rc < 0) {
		err_ctx(err, "'%s'", path);
		if (err->code != ERR_USAGE)
			err->code = ERR_CONFIG;
		return rc;
	}
	if (!*w && c->has_lens) {
		*w = c->lens.w;
		*h = c->lens.h;
	}
	return 0;
}

int calibrate_points(const struct cmd_args *a, struct err *err)
{
	struct calibrate_clip clip = { 0 };
	struct calib c;
	int w = 0, h = 0, rc = find_size(a, &clip, &w, &h, err);

	if (rc < 0)
		goto out;
	if (cmd_has(a, "convert"))
		rc = convert(a, &w, &h, &c, err);
	else if (!w)
		rc = err_set(err, ERR_USAGE,
			     "points are pixels of a picture; give a clip or --size WxH");
	else
		rc = fit_points(a, w, h, &c, err);
	if (rc < 0)
		goto out;
	if (c.has_lens)
		calibrate_print_lens(&c.lens);
	if (cmd_has(a, "picture") && !w) {
		rc = err_set(err, ERR_USAGE, "--picture needs a clip or --size WxH");
		goto out;
	}
	if (cmd_has(a, "picture") && a->n_rest > 1)
		rc = calibrate_clip_run(&clip, a, NULL, err);
	if (rc >= 0)
		rc = calibrate_write(a, &c, w, h, a->n_rest > 1 ? &clip : NULL, err);
out:
	calibrate_clip_clear(&clip);
	return rc;
}
