/* SPDX-License-Identifier: Apache-2.0 */
/* tsai.c -- camera files in the form of Tsai's calibration. */
#include "floor/tsai.h"

#include "base/real.h"
#include "base/str.h"

#include <assert.h>
#include <ctype.h>
#include <math.h>
#include <string.h>

#define FINER 16       /* pixels of the square picture to one of the camera's rows */
#define OFF_MAX_PX 0.5 /* of the fitted distortion, the camera's pixels */
#define RADII 32

enum { WIDTH, HEIGHT, DPX, DPY, FOCAL, KAPPA1, CX, CY, SX, TX, TY, TZ, RX, RY, RZ, N_VALUES };

static const struct {
	const char *element, *name;
	double min, max;
} attributes[N_VALUES] = {
	[WIDTH] = { "Geometry", "width", 16, 16384 },
	[HEIGHT] = { "Geometry", "height", 16, 16384 },
	[DPX] = { "Geometry", "dpx", 1e-6, 1 },
	[DPY] = { "Geometry", "dpy", 1e-6, 1 },
	[FOCAL] = { "Intrinsic", "focal", 0.1, 10000 },
	[KAPPA1] = { "Intrinsic", "kappa1", -10, 10 },
	[CX] = { "Intrinsic", "cx", -16384, 32768 },
	[CY] = { "Intrinsic", "cy", -16384, 32768 },
	[SX] = { "Intrinsic", "sx", 0.1, 10 },
	[TX] = { "Extrinsic", "tx", -1e6, 1e6 },
	[TY] = { "Extrinsic", "ty", -1e6, 1e6 },
	[TZ] = { "Extrinsic", "tz", -1e6, 1e6 },
	[RX] = { "Extrinsic", "rx", -10, 10 },
	[RY] = { "Extrinsic", "ry", -10, 10 },
	[RZ] = { "Extrinsic", "rz", -10, 10 },
};

/* The text between the quotes of name="..." in the element's tag, into buf; false when it is
 * not there. */
static bool find(const char *text, int i, char *buf, size_t size)
{
	char open[32], key[32];
	const char *tag, *end, *at, *quote;

	snprintf(open, sizeof(open), "<%s ", attributes[i].element);
	snprintf(key, sizeof(key), "%s=\"", attributes[i].name);
	tag = strstr(text, open);
	end = tag ? strchr(tag, '>') : NULL;
	at = end ? strstr(tag, key) : NULL;
	while (at && at < end && !isspace((unsigned char)at[-1]))
		at = strstr(at + 1, key);
	if (!at || at >= end)
		return false;
	at += strlen(key);
	quote = strchr(at, '"');
	if (!quote || quote > end || (size_t)(quote - at) >= size)
		return false;
	memcpy(buf, at, (size_t)(quote - at));
	buf[quote - at] = '\0';
	return true;
}

static int read_values(double v[N_VALUES], const char *text, struct err *err)
{
	for (int i = 0; i < N_VALUES; i++) {
		const char *element = attributes[i].element, *name = attributes[i].name;
		char buf[64];

		if (!find(text, i, buf, sizeof(buf)))
			return err_set(err, ERR_FORMAT,
				       "element '%s' with the attribute '%s' is missing",
				       element, name);
		if (!str_to_double(buf, &v[i]))
			return err_set(err, ERR_FORMAT, "%s %s: expected a number, found '%s'",
				       element, name, buf);
		if (!(v[i] >= attributes[i].min && v[i] <= attributes[i].max))
			return err_set(err, ERR_RANGE, "%s %s: %s is not within %g .. %g",
				       element, name, buf, attributes[i].min,
				       attributes[i].max);
	}
	return 0;
}

/* Rz Ry Rx: the room's axes to the camera's. */
static void rotation(double r[9], double rx, double ry, double rz)
{
	double sa = real_sin(rx), ca = real_cos(rx), sb = real_sin(ry), cb = real_cos(ry);
	double sg = real_sin(rz), cg = real_cos(rz);

	r[0] = cb * cg;
	r[1] = cg * sa * sb - ca * sg;
	r[2] = sa * sg + ca * cg * sb;
	r[3] = cb * sg;
	r[4] = sa * sb * sg + ca * cg;
	r[5] = ca * sb * sg - cg * sa;
	r[6] = -sb;
	r[7] = cb * sa;
	r[8] = ca * cb;
}

/* k1 of ru (1 + k1 ru^2) = rd that fits rd (1 + k rd^2) = ru best up to the radius rd_max, by
 * least squares; *off: the largest error. */
static double fit_k1(double k, double rd_max, double *off)
{
	double num = 0, den = 0, k1;

	*off = 0;
	for (int i = 1; i <= RADII; i++) {
		double rd = rd_max * i / RADII, ru = rd * (1 + k * rd * rd), c = ru * ru * ru;

		num += c * (rd - ru);
		den += c * c;
	}
	k1 = num / den;
	for (int i = 1; i <= RADII; i++) {
		double rd = rd_max * i / RADII, ru = rd * (1 + k * rd * rd);

		*off = fmax(*off, fabs(ru * (1 + k1 * ru * ru) - rd));
	}
	return k1;
}

static void set_place(struct lens *l, const double v[N_VALUES])
{
	const double t[3] = { v[TX] / 1000, v[TY] / 1000, v[TZ] / 1000 };
	double *r = l->turn;

	rotation(r, v[RX], v[RY], v[RZ]);
	l->at.x = -(r[0] * t[0] + r[3] * t[1] + r[6] * t[2]);
	l->at.y = -(r[1] * t[0] + r[4] * t[1] + r[7] * t[2]);
	l->at.z = -(r[2] * t[0] + r[5] * t[1] + r[8] * t[2]);
}

int tsai_parse(struct lens *out, const char *text, size_t len, struct err *err)
{
	struct lens l = { 0 };
	double v[N_VALUES], wide, far_x, far_y, off;
	int rc;

	assert(text[len] == '\0');
	if (strlen(text) != len)
		return err_set(err, ERR_FORMAT, "has a byte 0 in it, expected XML");
	rc = read_values(v, text, err);
	if (rc < 0)
		return rc;
	/* Columns of the square picture to one of the camera's. */
	wide = FINER * v[DPX] / (v[SX] * v[DPY]);
	l.w = (int)(v[WIDTH] * wide + 0.5);
	l.h = (int)(v[HEIGHT] * FINER);
	l.f_px = FINER * v[FOCAL] / v[DPY];
	l.cx = v[CX] / v[WIDTH] * l.w;
	l.cy = v[CY] * FINER;
	far_x = fmax(fabs(l.cx), fabs(l.w - l.cx));
	far_y = fmax(fabs(l.cy), fabs(l.h - l.cy));
	l.k1 = fit_k1(v[KAPPA1] * v[FOCAL] * v[FOCAL], real_hypot(far_x, far_y) / l.f_px, &off);
	if (!(off * l.f_px / FINER <= OFF_MAX_PX))
		return err_set(
			err, ERR_RANGE,
			"Intrinsic kappa1: such a lens is described to within %.3g pixels "
			"only, expected %g or better",
			off * l.f_px / FINER, OFF_MAX_PX);
	l.r2_max = l.k1 < 0 ? -1 / (3 * l.k1) : HUGE_VAL;
	set_place(&l, v);
	if (!(l.at.z > 0))
		return err_set(err, ERR_RANGE,
			       "the camera is %.3g m below the floor, expected z upwards",
			       -l.at.z);
	*out = l;
	return 0;
}
