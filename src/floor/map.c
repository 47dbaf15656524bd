/* SPDX-License-Identifier: Apache-2.0 */
/* map.c -- from a camera's pixels to the floor that its lines and zones are drawn on. */
#include "floor/map.h"

#include "base/vec.h"
#include "floor/polygon.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#define BODY_M 0.5
#define EDGE_STEPS 32 /* of a segment, to see whether it is in the picture */

struct map {
	bool metric;
	bool lens_known;
	struct lens lens;
	double h[9];             /* floor from img, scaled so that below the horizon is > 0 */
	double img_per_px[2];    /* x, y */
	double floor_per_img[2]; /* not metric */
	double floor_per_px;     /* not metric */
};

struct map *map_new(const struct calib *calib, int img_w, int img_h, int w, int h, int factor)
{
	struct map *m = xcalloc(1, sizeof(*m));

	assert(img_w > 0 && img_h > 0 && factor > 0);
	assert(w > 0 && h > 0 && w * factor <= img_w + factor && h * factor <= img_h + factor);
	m->img_per_px[0] = (double)factor / img_w;
	m->img_per_px[1] = (double)factor / img_h;
	m->floor_per_img[0] = (double)img_w / img_h;
	m->floor_per_img[1] = 1;
	m->floor_per_px = (double)factor / img_h;
	m->metric = calib != NULL;
	m->lens_known = calib && calib->has_lens;
	if (m->lens_known) {
		m->lens = calib->lens;
	} else if (calib) {
		const double *c = calib->floor_from_img;
		double bottom = 0.5 * c[6] + c[7] + c[8]; /* of the bottom centre */

		for (int i = 0; i < 9; i++)
			m->h[i] = c[i] / bottom;
	}
	return m;
}

void map_free(struct map *m)
{
	free(m);
}

bool map_metric(const struct map *m)
{
	return m->metric;
}

static struct pt_img img_of(const struct map *m, struct pt_px p)
{
	return (struct pt_img){ p.x * m->img_per_px[0], p.y * m->img_per_px[1] };
}

static bool locate_plane(const double h[9], struct pt_img p, struct pt_floor *at)
{
	double den = h[6] * p.x + h[7] * p.y + h[8];

	if (!(den > 0))
		return false;
	at->x = (h[0] * p.x + h[1] * p.y + h[2]) / den;
	at->y = (h[3] * p.x + h[4] * p.y + h[5]) / den;
	return true;
}

static bool locate_lens(const struct lens *l, struct pt_img p, struct pt_floor *at)
{
	struct pt_m m;

	if (!lens_floor(l, p.x * l->w, p.y * l->h, &m))
		return false;
	*at = (struct pt_floor){ m.x, m.y };
	return true;
}

/* False at or above the horizon, and so near below it that the floor there is farther away
 * than counting can tell. */
static bool locate(const struct map *m, struct pt_img p, struct pt_floor *at)
{
	struct pt_floor q = { p.x * m->floor_per_img[0], p.y * m->floor_per_img[1] };

	if (m->metric &&
	    !(m->lens_known ? locate_lens(&m->lens, p, &q) : locate_plane(m->h, p, &q)))
		return false;
	if (!(fabs(q.x) < POLYGON_LIMIT && fabs(q.y) < POLYGON_LIMIT))
		return false;
	*at = q;
	return true;
}

bool map_locate(const struct map *m, const struct track_point *p, struct pt_floor *at,
		double *body)
{
	if (!locate(m, img_of(m, p->foot), at))
		return false;
	*body = m->metric ? BODY_M : p->box.w * m->floor_per_px;
	return true;
}

int map_place(const struct map *m, const struct place *p, struct pt_floor *out, struct err *err)
{
	const char *kind = plan_kind_name(p->kind);
	struct pt_floor v[PLAN_MAX_POINTS];

	if (p->coords == PLAN_METRES && !m->metric)
		return err_set(err, ERR_STATE,
			       "%s '%s' is in metres, but its camera is not calibrated; give a "
			       "calibration or draw it on the picture",
			       kind, p->name);
	for (int i = 0; i < p->n; i++) {
		struct pt_img img = { p->xy[i][0], p->xy[i][1] };

		if (p->coords == PLAN_METRES)
			v[i] = (struct pt_floor){ p->xy[i][0], p->xy[i][1] };
		else if (!locate(m, img, &v[i]))
			return err_set(
				err, ERR_RANGE,
				"%s '%s': point %d (%.3g, %.3g) is at or above the horizon "
				"of the camera's calibration",
				kind, p->name, i + 1, img.x, img.y);
	}
	for (int i = 0; i < p->n; i++)
		out[i] = v[i];
	return 0;
}

/* Whether the picture shows a floor point: the homography's inverse, up to scale its adjugate.
 * Behind the camera it leads to a picture point above the horizon. */
static bool plane_shows(const double h[9], struct pt_floor p)
{
	double u, v, w;

	u = (h[4] * h[8] - h[5] * h[7]) * p.x + (h[2] * h[7] - h[1] * h[8]) * p.y +
	    (h[1] * h[5] - h[2] * h[4]);
	v = (h[5] * h[6] - h[3] * h[8]) * p.x + (h[0] * h[8] - h[2] * h[6]) * p.y +
	    (h[2] * h[3] - h[0] * h[5]);
	w = (h[3] * h[7] - h[4] * h[6]) * p.x + (h[1] * h[6] - h[0] * h[7]) * p.y +
	    (h[0] * h[4] - h[1] * h[3]);
	u /= w;
	v /= w;
	return u >= 0 && u <= 1 && v >= 0 && v <= 1 && h[6] * u + h[7] * v + h[8] > 0;
}

static bool shows_point(const struct map *m, struct pt_floor p)
{
	double px[2];

	if (!m->metric)
		return p.x >= 0 && p.x <= m->floor_per_img[0] && p.y >= 0 && p.y <= 1;
	if (!m->lens_known)
		return plane_shows(m->h, p);
	return lens_project(&m->lens, (struct pt_room){ p.x, p.y, 0 }, px, NULL) &&
	       px[0] >= 0 && px[0] <= m->lens.w && px[1] >= 0 && px[1] <= m->lens.h;
}

bool map_shows(const struct map *m, enum place_kind kind, const struct pt_floor *v, int n)
{
	int segments = kind == PLACE_ZONE ? n : n - 1;
	struct pt_floor middle;

	for (int i = 0; i < segments; i++)
		for (int k = 0; k <= EDGE_STEPS; k++) {
			const struct pt_floor *a = &v[i], *b = &v[(i + 1) % n];
			double s = (double)k / EDGE_STEPS;

			if (shows_point(m, (struct pt_floor){ a->x + s * (b->x - a->x),
							      a->y + s * (b->y - a->y) }))
				return true;
		}
	return kind == PLACE_ZONE && locate(m, (struct pt_img){ 0.5, 0.9 }, &middle) &&
	       polygon_inside(v, n, middle);
}

int map_heat_cell(const struct map *m, const struct track_point *p)
{
	struct pt_img at = img_of(m, p->foot);
	int col, row;

	if (!(at.x >= 0 && at.x <= 1 && at.y >= 0 && at.y <= 1))
		return -1;
	/* The picture's right and lower edge belong to the last cells. */
	col = at.x < 1 ? (int)(at.x * HEAT_COLS) : HEAT_COLS - 1;
	row = at.y < 1 ? (int)(at.y * HEAT_ROWS) : HEAT_ROWS - 1;
	return row * HEAT_COLS + col;
}
