/* SPDX-License-Identifier: Apache-2.0 */
/* calib.c -- a camera's calibration, read from JSON and checked. */
#include "base/json.h"
#include "base/vec.h"
#include "cv/cv.h"
#include "floor/map.h"
#include "floor/polygon.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define CALIB_FORMAT "footfall-camera-1"
#define CALIB_MAX_BYTES (1 << 20)
#define ENTRY_MAX 1e9
#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define PAIRS_MIN 4
#define PAIRS_MAX 1000
#define PAIR_OFF_MAX_M 0.5 /* farther from the fit than this, a pair is a mistake */

/* Whether h takes the picture to the floor and not to a line, is good for the picture's bottom
 * centre, and shows the floor from above: there a turn to the right in the picture (y down) is
 * one to the right on the floor (y up), which makes the map's determinant negative. */
static int check(const double h[9], struct err *err)
{
	double det = h[0] * (h[4] * h[8] - h[5] * h[7]) - h[1] * (h[3] * h[8] - h[5] * h[6]) +
		     h[2] * (h[3] * h[7] - h[4] * h[6]);
	double size = 1, den = 0.5 * h[6] + h[7] + h[8];

	for (int row = 0; row < 3; row++)
		size *= hypot(hypot(h[3 * row], h[3 * row + 1]), h[3 * row + 2]);
	if (!(fabs(det) > 1e-9 * size))
		return err_set(err, ERR_RANGE, "the calibration maps the picture to a line");
	if (!(fabs(den) > 1e-9 * hypot(hypot(h[6], h[7]), h[8])))
		return err_set(
			err, ERR_RANGE,
			"the calibration has the horizon at the picture's bottom centre");
	if ((det < 0) != (den > 0))
		return err_set(
			err, ERR_RANGE,
			"the calibration shows the floor as in a mirror: expected x to the "
			"east and y to the north, seen from above");
	return 0;
}

static int read_pair(const struct json *v, double img[2], double m[2], struct err *err)
{
	static const char *const keys[] = { "img", "m" };
	int rc;

	if ((rc = json_only(v, keys, COUNT(keys), err)) < 0 ||
	    (rc = json_numbers(v, "img", 2, img, err)) < 0 ||
	    (rc = json_numbers(v, "m", 2, m, err)) < 0)
		return rc;
	if (!(img[0] >= 0 && img[0] <= 1 && img[1] >= 0 && img[1] <= 1))
		return err_set(err, ERR_RANGE,
			       "%s.img: %.6g, %.6g is not within 0 .. 1, parts of the picture",
			       json_where(v), img[0], img[1]);
	if (!(fabs(m[0]) < POLYGON_LIMIT && fabs(m[1]) < POLYGON_LIMIT))
		return err_set(err, ERR_RANGE, "%s.m: %.6g, %.6g is farther than %.0f m from 0",
			       json_where(v), m[0], m[1], POLYGON_LIMIT);
	return 0;
}

/* How far from its floor point the map puts a picture point. */
static double pair_off(const double h[9], const double img[2], const double m[2])
{
	double den = h[6] * img[0] + h[7] * img[1] + h[8];

	return hypot((h[0] * img[0] + h[1] * img[1] + h[2]) / den - m[0],
		     (h[3] * img[0] + h[4] * img[1] + h[5]) / den - m[1]);
}

/* Whether the fit takes each pair's picture point near its floor point. */
static int check_pairs(const struct json *pairs, const double *img, const double *m, int n,
		       const double h[9], struct err *err)
{
	for (int i = 0; i < n; i++) {
		double off = pair_off(h, img + 2 * i, m + 2 * i);

		if (!(off <= PAIR_OFF_MAX_M))
			return err_set(err, ERR_RANGE,
				       "%s: lies %.2g m from where all pairs together put it; "
				       "measure it and its neighbours again",
				       json_where(json_at(pairs, (size_t)i)), off);
	}
	return 0;
}

static int fit_pairs(double h[9], const struct json *pairs, struct err *err)
{
	size_t n = json_count(pairs);
	double *img = NULL, *m = NULL;
	int rc = 0;

	if (!json_is_array(pairs) || n < PAIRS_MIN || n > PAIRS_MAX)
		return err_set(err, ERR_RANGE, "pairs: expected a list of %d to %d pairs",
			       PAIRS_MIN, PAIRS_MAX);
	img = xcalloc(2 * n, sizeof(*img));
	m = xcalloc(2 * n, sizeof(*m));
	for (size_t i = 0; i < n && rc == 0; i++)
		rc = read_pair(json_at(pairs, i), img + 2 * i, m + 2 * i, err);
	if (rc < 0)
		goto out;
	rc = cv_homography(img, m, (int)n, 0, h, NULL, err);
	if (rc < 0) {
		err_ctx(err, "pairs");
		goto out;
	}
	rc = check_pairs(pairs, img, m, (int)n, h, err);
out:
	free(img);
	free(m);
	return rc;
}

static int read_matrix(double h[9], const struct json *root, struct err *err)
{
	int rc = json_numbers(root, "floor_from_img", 9, h, err);

	for (int i = 0; rc == 0 && i < 9; i++)
		if (!(fabs(h[i]) <= ENTRY_MAX))
			return err_set(err, ERR_RANGE,
				       "floor_from_img[%d]: %.10g is not within -1e9 .. 1e9", i,
				       h[i]);
	return rc;
}

static int read_calib(struct calib *c, const struct json *root, struct err *err)
{
	static const char *const keys[] = { "$schema", "format", "floor_from_img", "pairs" };
	const struct json *pairs;
	char format[64];
	int rc;

	/* The format first: a plan in a calibration's place is to be called that. */
	if ((rc = json_text(root, "format", format, sizeof(format), err)) < 0)
		return rc;
	if (strcmp(format, CALIB_FORMAT) != 0)
		return err_set(err, ERR_FORMAT,
			       "format: expected '" CALIB_FORMAT "', found '%s'", format);
	if ((rc = json_only(root, keys, COUNT(keys), err)) < 0)
		return rc;
	pairs = json_get(root, "pairs");
	if (pairs && json_get(root, "floor_from_img"))
		return err_set(err, ERR_FORMAT,
			       "has both 'floor_from_img' and 'pairs'; expected one of them");
	rc = pairs ? fit_pairs(c->floor_from_img, pairs, err)
		   : read_matrix(c->floor_from_img, root, err);
	return rc < 0 ? rc : check(c->floor_from_img, err);
}

int calib_read(struct calib *out, const char *path, struct err *err)
{
	struct json *root = json_read(path, CALIB_MAX_BYTES, err);
	struct calib c = { 0 };
	int rc;

	if (!root)
		return err ? (int)err->code : ERR_FORMAT;
	rc = read_calib(&c, root, err);
	json_free(root);
	if (rc < 0) {
		err_ctx(err, "'%s'", path);
		return rc;
	}
	*out = c;
	return 0;
}

/* Spread over all points when there are more than the fit takes. */
static int visible_pairs(const struct lens *l, const struct pt_m *at, int n, double *img,
			 double *m)
{
	int step = n / PAIRS_MAX + 1, used = 0;
	double px[2];

	for (int i = 0; i < n; i += step) {
		struct pt_room p = { at[i].x, at[i].y, 0 };

		if (!lens_project(l, p, px, NULL) || px[0] < 0 || px[0] > l->w || px[1] < 0 ||
		    px[1] > l->h)
			continue;
		img[2 * used] = px[0] / l->w;
		img[2 * used + 1] = px[1] / l->h;
		m[2 * used] = at[i].x;
		m[2 * used++ + 1] = at[i].y;
	}
	return used;
}

int calib_of_lens(struct calib *out, const struct lens *l, const struct pt_m *at, int n,
		  double *off_m, struct err *err)
{
	double *img = xcalloc(2 * PAIRS_MAX, sizeof(*img));
	double *m = xcalloc(2 * PAIRS_MAX, sizeof(*m));
	int used = visible_pairs(l, at, n, img, m), rc;
	struct calib c;

	if (used < PAIRS_MIN) {
		rc = err_set(err, ERR_RANGE, "the picture does not show the floor");
		goto out;
	}
	if ((rc = cv_homography(img, m, used, 0, c.floor_from_img, NULL, err)) < 0 ||
	    (rc = check(c.floor_from_img, err)) < 0)
		goto out;
	*off_m = 0;
	for (int i = 0; i < used; i++)
		*off_m = fmax(*off_m, pair_off(c.floor_from_img, img + 2 * i, m + 2 * i));
	*out = c;
out:
	free(img);
	free(m);
	return rc;
}
