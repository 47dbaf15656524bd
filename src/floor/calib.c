/* SPDX-License-Identifier: Apache-2.0 */
/* calib.c -- a camera's calibration, read from JSON and checked. */
#include "base/file.h"
#include "base/json.h"
#include "base/str.h"
#include "base/vec.h"
#include "cv/cv.h"
#include "floor/map.h"
#include "floor/polygon.h"
#include "floor/tsai.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define CALIB_FORMAT "footfall-camera-1"
#define CALIB_MAX_BYTES (1 << 20)
#define ENTRY_MAX 1e9
#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define SIZE_MIN 16
#define SIZE_MAX_PX 16384
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

static int check_size(const double size[2], const char *where, struct err *err)
{
	for (int i = 0; i < 2; i++)
		if (!(size[i] >= SIZE_MIN && size[i] <= SIZE_MAX_PX &&
		      size[i] == floor(size[i])))
			return err_set(err, ERR_RANGE,
				       "%s.size[%d]: %.10g is not a whole number of pixels "
				       "from %d to %d",
				       where, i, size[i], SIZE_MIN, SIZE_MAX_PX);
	return 0;
}

/* What a camera is without its place: size of the picture, angle, distortion, centre. */
struct optics {
	double size[2], hfov, k1, centre[2];
};

static int read_optics(struct optics *o, const struct json *v, const char *where,
		       struct err *err)
{
	int rc;

	if ((rc = json_numbers(v, "size", 2, o->size, err)) < 0 ||
	    (rc = check_size(o->size, where, err)) < 0 ||
	    (rc = json_double(v, "hfov_deg", 5, 170, &o->hfov, err)) < 0 ||
	    (json_get(v, "k1") && (rc = json_double(v, "k1", -1, 1, &o->k1, err)) < 0))
		return rc;
	for (int i = 0; i < 2; i++)
		o->centre[i] = o->size[i] / 2;
	if (!json_get(v, "centre"))
		return 0;
	if ((rc = json_numbers(v, "centre", 2, o->centre, err)) < 0)
		return rc;
	for (int i = 0; i < 2; i++)
		if (!(o->centre[i] >= 0 && o->centre[i] <= o->size[i]))
			return err_set(err, ERR_RANGE,
				       "%s.centre[%d]: %.6g is not within the picture, 0 to "
				       "%.0f",
				       where, i, o->centre[i], o->size[i]);
	return 0;
}

static int check_place(const double at[3], const double to[3], struct err *err)
{
	for (int i = 0; i < 3; i++)
		if (!(fabs(at[i]) < POLYGON_LIMIT && fabs(to[i]) < POLYGON_LIMIT))
			return err_set(err, ERR_RANGE,
				       "camera.at and camera.to: farther than %.0f m from 0",
				       POLYGON_LIMIT);
	if (!(at[2] > 0))
		return err_set(err, ERR_RANGE,
			       "camera.at[2]: %.6g is not above the floor, "
			       "expected the camera's height in metres",
			       at[2]);
	if (hypot(hypot(at[0] - to[0], at[1] - to[1]), at[2] - to[2]) < 1e-3)
		return err_set(err, ERR_RANGE,
			       "camera.to: is where the camera is, expected a point that it "
			       "looks at");
	return 0;
}

/* The camera itself: where it hangs, where it looks, its lens. */
static int read_camera(struct calib *c, const struct json *v, struct err *err)
{
	static const char *const keys[] = { "size", "at",     "to",      "hfov_deg",
					    "k1",   "centre", "roll_deg" };
	struct optics o = { 0 };
	double at[3], to[3], roll = 0;
	int rc;

	if ((rc = json_only(v, keys, COUNT(keys), err)) < 0 ||
	    (rc = read_optics(&o, v, "camera", err)) < 0 ||
	    (rc = json_numbers(v, "at", 3, at, err)) < 0 ||
	    (rc = json_numbers(v, "to", 3, to, err)) < 0 ||
	    (json_get(v, "roll_deg") &&
	     (rc = json_double(v, "roll_deg", -180, 180, &roll, err)) < 0) ||
	    (rc = check_place(at, to, err)) < 0)
		return rc;
	lens_look(&c->lens, (int)o.size[0], (int)o.size[1], o.hfov, o.k1,
		  (struct pt_room){ at[0], at[1], at[2] },
		  (struct pt_room){ to[0], to[1], to[2] }, roll);
	c->lens.cx = o.centre[0];
	c->lens.cy = o.centre[1];
	c->has_lens = true;
	return 0;
}

/* 0 and *root, the caller's to free, when text is a calibration's JSON. */
static int open_json(struct json **root, const char *text, size_t len, struct err *err)
{
	static const char *const keys[] = { "$schema", "format", "floor_from_img",
					    "pairs",   "camera", "lens" };
	char format[64];
	int rc;

	*root = json_parse(text, len, err);
	if (!*root)
		return err ? (int)err->code : ERR_FORMAT;
	/* The format first: a plan in a calibration's place is to be called that. */
	rc = json_text(*root, "format", format, sizeof(format), err);
	if (rc == 0 && strcmp(format, CALIB_FORMAT) != 0)
		rc = err_set(err, ERR_FORMAT, "format: expected '" CALIB_FORMAT "', found '%s'",
			     format);
	if (rc == 0)
		rc = json_only(*root, keys, COUNT(keys), err);
	if (rc < 0)
		json_free(*root);
	return rc;
}

static int read_calib(struct calib *c, const struct json *root, struct err *err)
{
	const struct json *pairs = json_get(root, "pairs"), *camera = json_get(root, "camera");
	const struct json *lens = json_get(root, "lens");
	int rc;

	if (!!pairs + !!camera + !!lens + !!json_get(root, "floor_from_img") > 1)
		return err_set(err, ERR_FORMAT,
			       "has more than one of 'floor_from_img', 'pairs', 'camera' and "
			       "'lens'; expected one of them");
	if (lens)
		return err_set(err, ERR_STATE,
			       "has a lens but not where the camera hangs; expected what "
			       "'footfall calibrate points' or 'people' makes of it");
	if (camera)
		return read_camera(c, camera, err);
	rc = pairs ? fit_pairs(c->floor_from_img, pairs, err)
		   : read_matrix(c->floor_from_img, root, err);
	return rc;
}

/* Whether the camera sees the floor where people stand nearest. */
static int check_lens(const struct lens *l, struct err *err)
{
	struct pt_m at;

	if (!lens_floor(l, l->w / 2.0, l->h, &at))
		return err_set(
			err, ERR_RANGE,
			"the camera does not see the floor at the bottom of its picture");
	return 0;
}

int calib_check(const struct calib *c, struct err *err)
{
	return c->has_lens ? check_lens(&c->lens, err) : check(c->floor_from_img, err);
}

int calib_parse(struct calib *out, const char *text, size_t len, struct err *err)
{
	struct calib c = { 0 };
	struct json *root;
	int rc;

	if (len && text[strspn(text, " \t\r\n")] == '<') {
		rc = tsai_parse(&c.lens, text, len, err);
		c.has_lens = rc == 0;
	} else {
		rc = open_json(&root, text, len, err);
		if (rc < 0)
			return rc;
		rc = read_calib(&c, root, err);
		json_free(root);
	}
	if (rc == 0)
		rc = calib_check(&c, err);
	if (rc == 0)
		*out = c;
	return rc;
}

int calib_read(struct calib *out, const char *path, struct err *err)
{
	char *text = NULL;
	size_t len;
	int rc = file_read(path, CALIB_MAX_BYTES, &text, &len, err);

	if (rc < 0)
		return rc;
	rc = calib_parse(out, text, len, err);
	free(text);
	if (rc < 0)
		err_ctx(err, "'%s'", path);
	return rc;
}

/* ---- a lens alone ---- */

static int parse_lens(struct lens *out, const char *text, size_t len, struct err *err)
{
	static const char *const keys[] = { "size", "hfov_deg", "k1", "centre" };
	const struct pt_room at = { 0, 0, 1 }, to = { 0, 0, 0 };
	const struct json *lens;
	struct optics o = { 0 };
	struct json *root;
	int rc = open_json(&root, text, len, err);

	if (rc < 0)
		return rc;
	lens = json_get(root, "lens");
	if (lens && (rc = json_only(lens, keys, COUNT(keys), err)) < 0)
		goto out;
	rc = lens ? read_optics(&o, lens, "lens", err)
	     : json_get(root, "camera")
		     ? read_optics(&o, json_get(root, "camera"), "camera", err)
		     : err_set(err, ERR_FORMAT, "has no lens; expected 'lens' or 'camera'");
	if (rc < 0)
		goto out;
	lens_look(out, (int)o.size[0], (int)o.size[1], o.hfov, o.k1, at, to, 0);
	out->cx = o.centre[0];
	out->cy = o.centre[1];
out:
	json_free(root);
	return rc;
}

int calib_read_lens(struct lens *out, const char *path, struct err *err)
{
	struct lens l = { 0 };
	char *text = NULL;
	size_t len;
	int rc = file_read(path, CALIB_MAX_BYTES, &text, &len, err);

	if (rc < 0)
		return rc;
	rc = len && text[strspn(text, " \t\r\n")] == '<' ? tsai_parse(&l, text, len, err)
							 : parse_lens(&l, text, len, err);
	free(text);
	if (rc < 0) {
		err_ctx(err, "'%s'", path);
		return rc;
	}
	l.at = (struct pt_room){ 0, 0, 0 };
	memset(l.turn, 0, sizeof(l.turn));
	*out = l;
	return 0;
}

/* ---- as text ---- */

static void add_numbers(struct str *s, const double *v, int n)
{
	for (int i = 0; i < n; i++)
		str_addf(s, "%c%.17g", i ? ',' : '[', v[i]);
	str_add(s, "]");
}

char *calib_text(const struct calib *c)
{
	const struct lens *l = &c->lens;
	const double lens[] = { l->w,  l->h,    l->f_px, l->cx,  l->cy,
				l->k1, l->at.x, l->at.y, l->at.z };
	struct str s = STR_INIT;

	if (!c->has_lens) {
		add_numbers(&s, c->floor_from_img, 9);
		return str_take(&s);
	}
	str_add(&s, "{\"lens\":");
	add_numbers(&s, lens, (int)COUNT(lens));
	str_add(&s, ",\"turn\":");
	add_numbers(&s, l->turn, 9);
	str_add(&s, "}");
	return str_take(&s);
}

/* A lens's own members, as of a picture that the schema allows. */
static void add_optics(struct str *s, const struct lens *lens)
{
	struct lens l = *lens;

	if (l.w > SIZE_MAX_PX || l.h > SIZE_MAX_PX)
		lens_resize(&l, l.w > l.h ? SIZE_MAX_PX : l.w / (1 + l.h / SIZE_MAX_PX));
	str_addf(s, "\t\t\"size\": [%d, %d],\n", l.w, l.h);
	str_addf(s, "\t\t\"hfov_deg\": %.12g,\n\t\t\"k1\": %.12g", lens_hfov(&l), l.k1);
	if (fabs(l.cx - l.w / 2.0) > 1e-9 * l.w || fabs(l.cy - l.h / 2.0) > 1e-9 * l.h)
		str_addf(s, ",\n\t\t\"centre\": [%.9g, %.9g]", l.cx, l.cy);
}

/* A point before the camera on its axis: on the floor when it looks down at all. */
static struct pt_room seen_ahead(const struct lens *l)
{
	const double *z = l->turn + 6;
	double far = z[2] < -.05 ? -l->at.z / z[2] : 5;

	return (struct pt_room){ l->at.x + far * z[0], l->at.y + far * z[1],
				 l->at.z + far * z[2] };
}

static void add_camera(struct str *s, const struct lens *l)
{
	struct pt_room to = seen_ahead(l);

	str_add(s, "\t\"camera\": {\n");
	add_optics(s, l);
	str_addf(s, ",\n\t\t\"at\": [%.12g, %.12g, %.12g],\n", l->at.x, l->at.y, l->at.z);
	str_addf(s, "\t\t\"to\": [%.12g, %.12g, %.12g],\n", to.x, to.y, to.z);
	str_addf(s, "\t\t\"roll_deg\": %.12g\n\t}\n", lens_pose(l).roll);
}

char *calib_json(const struct calib *c)
{
	struct str s = STR_INIT;

	str_add(&s, "{\n\t\"format\": \"" CALIB_FORMAT "\",\n");
	if (c->has_lens) {
		add_camera(&s, &c->lens);
	} else {
		str_add(&s, "\t\"floor_from_img\": ");
		add_numbers(&s, c->floor_from_img, 9);
		str_add(&s, "\n");
	}
	str_add(&s, "}\n");
	return str_take(&s);
}

char *calib_lens_json(const struct lens *l)
{
	struct str s = STR_INIT;

	str_add(&s, "{\n\t\"format\": \"" CALIB_FORMAT "\",\n\t\"lens\": {\n");
	add_optics(&s, l);
	str_add(&s, "\n\t}\n}\n");
	return str_take(&s);
}
