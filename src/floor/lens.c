/* SPDX-License-Identifier: Apache-2.0 */
/* lens.c -- a camera over the floor. */
#include "floor/lens.h"

#include "base/real.h"

#include <math.h>

#define NEAREST_M 0.01
#define STRAIGHT 1e-9 /* down: less than this to the side */
#define NEWTON_STEPS 20

static struct pt_room cross(struct pt_room a, struct pt_room b)
{
	return (struct pt_room){ a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z,
				 a.x * b.y - a.y * b.x };
}

static struct pt_room unit(struct pt_room a)
{
	double n = sqrt(a.x * a.x + a.y * a.y + a.z * a.z);

	return (struct pt_room){ a.x / n, a.y / n, a.z / n };
}

static void set_row(double *row, struct pt_room a)
{
	row[0] = a.x;
	row[1] = a.y;
	row[2] = a.z;
}

/* The axes of a camera that looks along z and is not rolled: to the right, and down. */
static void level(struct pt_room z, struct pt_room *x, struct pt_room *y)
{
	bool straight = fabs(z.x) < STRAIGHT && fabs(z.y) < STRAIGHT;
	struct pt_room north = { 0, 1, 0 }, up = { 0, 0, 1 };

	*x = unit(cross(z, straight ? north : up));
	*y = cross(z, *x);
}

void lens_look(struct lens *l, int w, int h, double hfov_deg, double k1, struct pt_room at,
	       struct pt_room to, double roll_deg)
{
	struct pt_room z = unit((struct pt_room){ to.x - at.x, to.y - at.y, to.z - at.z });
	double roll = roll_deg * REAL_PI / 180, c = real_cos(roll), s = real_sin(roll);
	struct pt_room x, y;

	level(z, &x, &y);
	*l = (struct lens){ .w = w, .h = h, .cx = w / 2.0, .cy = h / 2.0, .k1 = k1, .at = at };
	l->f_px = w / 2.0 / real_tan(hfov_deg * REAL_PI / 360);
	/* r (1 + k1 r^2) grows until its derivative is 0. */
	l->r2_max = k1 < 0 ? -1 / (3 * k1) : HUGE_VAL;
	/* A camera that turns clockwise sees the room turn the other way. */
	set_row(&l->turn[0],
		(struct pt_room){ c * x.x + s * y.x, c * x.y + s * y.y, c * x.z + s * y.z });
	set_row(&l->turn[3],
		(struct pt_room){ c * y.x - s * x.x, c * y.y - s * x.y, c * y.z - s * x.z });
	set_row(&l->turn[6], z);
}

static double dot(const double a[3], struct pt_room b)
{
	return a[0] * b.x + a[1] * b.y + a[2] * b.z;
}

struct lens_pose lens_pose(const struct lens *l)
{
	const double *z = l->turn + 6, deg = 180 / REAL_PI;
	struct pt_room x, y;

	level((struct pt_room){ z[0], z[1], z[2] }, &x, &y);
	return (struct lens_pose){
		.tilt = real_atan2(-z[2], real_hypot(z[0], z[1])) * deg,
		.heading = real_atan2(-x.y, x.x) * deg,
		.roll = real_atan2(dot(l->turn, y), dot(l->turn, x)) * deg,
	};
}

double lens_hfov(const struct lens *l)
{
	return 2 * real_atan2(l->w / 2.0, l->f_px) * 180 / REAL_PI;
}

void lens_resize(struct lens *l, int w)
{
	double scale = (double)w / l->w;

	l->w = w;
	l->h = (int)(l->h * scale + 0.5);
	l->f_px *= scale;
	l->cx *= scale;
	l->cy *= scale;
}

struct pt_room lens_to_camera(const struct lens *l, struct pt_room p)
{
	const double *t = l->turn;
	double x = p.x - l->at.x, y = p.y - l->at.y, z = p.z - l->at.z;

	return (struct pt_room){ t[0] * x + t[1] * y + t[2] * z, t[3] * x + t[4] * y + t[5] * z,
				 t[6] * x + t[7] * y + t[8] * z };
}

bool lens_project(const struct lens *l, struct pt_room p, double px[2], double *depth)
{
	struct pt_room c = lens_to_camera(l, p);
	double x, y, r2, far;

	if (c.z < NEAREST_M)
		return false;
	x = c.x / c.z;
	y = c.y / c.z;
	r2 = x * x + y * y;
	if (r2 >= l->r2_max)
		return false;
	far = l->f_px * (1 + l->k1 * r2);
	px[0] = l->cx + x * far;
	px[1] = l->cy + y * far;
	if (depth)
		*depth = c.z;
	return true;
}

/* r of an undistorted ray that is seen at rd focal lengths from the centre: the root of
 * r (1 + k1 r^2) = rd on the rising branch, by Newton's method. */
static bool undistort(const struct lens *l, double rd, double *r)
{
	double x = rd, end = l->k1 < 0 ? sqrt(l->r2_max) : 0;

	if (l->k1 < 0 && rd >= end * (1 + l->k1 * l->r2_max))
		return false;
	if (l->k1 < 0 && x > end)
		x = end * 0.99;
	for (int i = 0; i < NEWTON_STEPS; i++) {
		double slope = 1 + 3 * l->k1 * x * x;

		x -= (x * (1 + l->k1 * x * x) - rd) / slope;
	}
	*r = x;
	return true;
}

bool lens_ray(const struct lens *l, double px, double py, struct pt_room *dir)
{
	const double *t = l->turn;
	double x = (px - l->cx) / l->f_px, y = (py - l->cy) / l->f_px;
	double rd = sqrt(x * x + y * y), r;

	if (!undistort(l, rd, &r))
		return false;
	if (rd > 0) {
		x *= r / rd;
		y *= r / rd;
	}
	*dir = unit((struct pt_room){ t[0] * x + t[3] * y + t[6], t[1] * x + t[4] * y + t[7],
				      t[2] * x + t[5] * y + t[8] });
	return true;
}

bool lens_floor(const struct lens *l, double px, double py, struct pt_m *at)
{
	struct pt_room d;
	double far;

	if (!lens_ray(l, px, py, &d) || d.z >= -1e-6)
		return false;
	far = -l->at.z / d.z;
	*at = (struct pt_m){ l->at.x + far * d.x, l->at.y + far * d.y };
	return true;
}
