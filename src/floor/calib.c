/* SPDX-License-Identifier: Apache-2.0 */
/* calib.c -- a camera's calibration, read from JSON and checked. */
#include "base/json.h"
#include "floor/map.h"

#include <math.h>
#include <string.h>

#define CALIB_FORMAT "footfall-camera-1"
#define CALIB_MAX_BYTES (1 << 20)
#define ENTRY_MAX 1e9

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
		return err_set(err, ERR_RANGE, "floor_from_img maps the picture to a line");
	if (!(fabs(den) > 1e-9 * hypot(hypot(h[6], h[7]), h[8])))
		return err_set(err, ERR_RANGE,
			       "floor_from_img has the horizon at the picture's bottom centre");
	if ((det < 0) != (den > 0))
		return err_set(
			err, ERR_RANGE,
			"floor_from_img shows the floor as in a mirror: expected x to the "
			"east and y to the north, seen from above");
	return 0;
}

static int read_calib(struct calib *c, const struct json *root, struct err *err)
{
	static const char *const keys[] = { "$schema", "format", "floor_from_img" };
	char format[64];
	int rc;

	if ((rc = json_only(root, keys, sizeof(keys) / sizeof(keys[0]), err)) < 0 ||
	    (rc = json_text(root, "format", format, sizeof(format), err)) < 0)
		return rc;
	if (strcmp(format, CALIB_FORMAT) != 0)
		return err_set(err, ERR_FORMAT,
			       "format: expected '" CALIB_FORMAT "', found '%s'", format);
	if ((rc = json_numbers(root, "floor_from_img", 9, c->floor_from_img, err)) < 0)
		return rc;
	for (int i = 0; i < 9; i++)
		if (fabs(c->floor_from_img[i]) > ENTRY_MAX)
			return err_set(err, ERR_RANGE,
				       "floor_from_img[%d]: %.10g is not within -1e9 .. 1e9", i,
				       c->floor_from_img[i]);
	return check(c->floor_from_img, err);
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
		err_ctx(err, "%s", path);
		return rc;
	}
	*out = c;
	return 0;
}
