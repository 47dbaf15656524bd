/* SPDX-License-Identifier: Apache-2.0 */
/* eval_boxes.c -- the boxes that 'footfall eval mot' compares. */
#include "cmd/eval_boxes.h"

#include "base/vec.h"
#include "cmd/eval.h"
#include "floor/polygon.h"
#include "run/sources.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define AREA_POINTS 64
/* Polygons are exact up to POLYGON_LIMIT units: pixels are counted in units of this many. */
#define UNIT_PX 16.0
#define PIXEL_MAX (UNIT_PX * POLYGON_LIMIT)

struct area {
	struct pt_floor v[AREA_POINTS];
	int n;
};

/* ---- the command line ---- */

static int read_calib(struct calib *c, const char *spec, struct err *err)
{
	struct source_opts source = { .specs = &spec, .n_specs = 1, .kinds = sources };
	struct source_about about = { 0 };
	int rc;

	if (strncmp(spec, "sim:", 4) != 0)
		return calib_read(c, spec, err);
	rc = source_about(&source, &about, err);
	if (rc >= 0)
		rc = calib_parse(c, about.calib, strlen(about.calib), err);
	source_about_clear(&about);
	return rc;
}

static int parse_size(const char *text, int *w, int *h, struct err *err)
{
	char end;

	if (sscanf(text, "%5dx%5d%c", w, h, &end) != 2 || *w < 1 || *h < 1 || *w > IMAGE_MAX ||
	    *h > IMAGE_MAX)
		return err_set(err, ERR_USAGE, "--size is '%s', expected WxH like 768x576",
			       text);
	return 0;
}

static int parse_calib(struct boxes_opts *o, const struct cmd_args *a, struct err *err)
{
	const char *spec = cmd_value(a, "calib"), *size = cmd_value(a, "size");
	struct calib calib;
	int w = 0, h = 0, rc = 0;

	if (size && (rc = parse_size(size, &w, &h, err)) < 0)
		return rc;
	if (!spec)
		return size ? err_set(err, ERR_USAGE, "--size goes with --calib") : 0;
	if ((rc = read_calib(&calib, spec, err)) < 0)
		return rc;
	if (!w && !calib.has_lens)
		return err_set(
			err, ERR_USAGE,
			"calibration '%s' does not say for what size of picture; expected "
			"--size WxH",
			spec);
	if (!w) {
		w = calib.lens.w;
		h = calib.lens.h;
	}
	o->map = map_new(&calib, w, h, w, h, 1);
	return 0;
}

/* "x,y,x,y,..." */
static int parse_area(struct area *a, const char *text, struct err *err)
{
	char *copy = xstrdup(text), *next = copy;
	double v[2 * AREA_POINTS];
	int n = 0;

	a->n = 0;
	while (next && n < 2 * AREA_POINTS) {
		char *number = next;

		next = strchr(number, ',');
		if (next)
			*next++ = '\0';
		if (!str_to_double(number, &v[n]) || fabs(v[n]) > PIXEL_MAX)
			break;
		if (n++ % 2) {
			a->v[a->n].x = v[n - 2] / UNIT_PX;
			a->v[a->n++].y = v[n - 1] / UNIT_PX;
		}
		if (!next) {
			free(copy);
			if (n % 2 || n < 6)
				return err_set(err, ERR_USAGE,
					       "--ignore is '%s', expected at least three "
					       "corners x,y,x,y,x,y",
					       text);
			return 0;
		}
	}
	free(copy);
	return err_set(err, ERR_USAGE,
		       "--ignore is '%s', expected 3 to %d corners x,y,x,y,... in pixels up to "
		       "%g",
		       text, AREA_POINTS, PIXEL_MAX);
}

int boxes_opts_parse(struct boxes_opts *out, const struct cmd_args *a, struct err *err)
{
	const struct cmd_given *ignore = eval_given(a, "ignore");
	const char *visible = cmd_value(a, "visible");
	struct boxes_opts o = { 0 };
	int rc;

	if (visible && (!str_to_double(visible, &o.visible) || o.visible < 0 || o.visible > 1))
		return err_set(err, ERR_USAGE, "--visible is '%s', expected a share, 0 to 1",
			       visible);
	o.area = xcalloc((size_t)ignore->n + 1, sizeof(*o.area));
	o.n_areas = ignore->n;
	rc = parse_calib(&o, a, err);
	for (int i = 0; i < ignore->n && rc >= 0; i++)
		rc = parse_area(&o.area[i], ignore->v[i], err);
	if (rc < 0)
		boxes_opts_clear(&o);
	else
		*out = o;
	return rc;
}

void boxes_opts_clear(struct boxes_opts *o)
{
	map_free(o->map);
	free(o->area);
	*o = (struct boxes_opts){ 0 };
}

/* ---- boxes ---- */

static struct pt_px foot_of(const struct mot_box *b)
{
	return (struct pt_px){ b->x + b->w / 2, b->y + b->h };
}

static void place(struct mot_file *f, const struct map *map)
{
	for (size_t i = 0; i < f->n; i++) {
		struct mot_box *b = &f->box[i];
		struct track_point p = { .box = { b->x, b->y, b->w, b->h },
					 .foot = foot_of(b) };
		struct pt_floor at;
		double body;

		if (isnan(b->x_m) && map_locate(map, &p, &at, &body)) {
			b->x_m = at.x;
			b->y_m = at.y;
		}
	}
}

static void ignore_areas(struct mot_file *f, const struct boxes_opts *o)
{
	for (size_t i = 0; i < f->n; i++) {
		struct pt_px foot = foot_of(&f->box[i]);
		struct pt_floor p = { foot.x / UNIT_PX, foot.y / UNIT_PX };

		for (int k = 0; k < o->n_areas; k++)
			f->box[i].ignore |= polygon_inside(o->area[k].v, o->area[k].n, p);
	}
}

static int ignore_hidden(struct mot_file *f, double visible, const char *path, struct err *err)
{
	for (size_t i = 0; i < f->n && visible > 0; i++) {
		struct mot_box *b = &f->box[i];

		if (isnan(b->visible))
			return err_set(
				err, ERR_FORMAT,
				"'%s': line %d: no visible share for --visible, expected "
				"9 or 11 fields, the ninth from 0 to 1",
				path, b->line);
		b->ignore |= b->visible < visible;
	}
	return 0;
}

int boxes_read(struct boxes *out, const char *truth, const char *tracks,
	       const struct boxes_opts *o, struct err *err)
{
	struct boxes b = { 0 };
	int rc = mot_read(&b.truth, truth, err);

	if (rc >= 0)
		rc = mot_read(&b.tracks, tracks, err);
	if (rc >= 0)
		rc = ignore_hidden(&b.truth, o->visible, truth, err);
	if (rc < 0) {
		boxes_clear(&b);
		return rc;
	}
	if (o->map) {
		place(&b.truth, o->map);
		place(&b.tracks, o->map);
	}
	ignore_areas(&b.truth, o);
	ignore_areas(&b.tracks, o);
	*out = b;
	return 0;
}

void boxes_clear(struct boxes *b)
{
	mot_file_clear(&b->truth);
	mot_file_clear(&b->tracks);
}

/* An empty file lacks nothing. */
static bool has_places(const struct mot_file *f)
{
	for (size_t i = 0; i < f->n; i++)
		if (!isnan(f->box[i].x_m))
			return true;
	return f->n == 0;
}

bool boxes_have_places(const struct boxes *b)
{
	return has_places(&b->truth) && has_places(&b->tracks);
}

int boxes_need_places(const struct boxes *b, const char *truth, const char *tracks,
		      struct err *err)
{
	if (boxes_have_places(b))
		return 0;
	return err_set(err, ERR_STATE,
		       "'%s' has no places on the floor; expected 10 or 11 fields a line with "
		       "metres, or --calib",
		       has_places(&b->truth) ? tracks : truth);
}

void boxes_ignore_unplaced(struct boxes *b)
{
	for (size_t i = 0; i < b->truth.n; i++)
		b->truth.box[i].ignore |= isnan(b->truth.box[i].x_m);
}
