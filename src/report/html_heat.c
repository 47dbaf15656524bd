/* SPDX-License-Identifier: Apache-2.0 */
/* html_heat.c -- the page's heat maps: where people were, per camera. */
#include "base/clock.h"
#include "report/heat.h"
#include "report/heat_floor.h"
#include "report/outline.h"
#include "report/page.h"
#include "report/words.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The colours as they look on a middle grey of the plate. */
static void add_scale(struct page *p, double max, const char *unit)
{
	double one = strcmp(unit, "person-minutes per cell") == 0 ? 60 : 1;

	str_addf(p->out,
		 "<svg class=\"scale\" role=\"img\" aria-label=\"Colour scale, 0 to %.4g "
		 "%s\"><defs><linearGradient id=\"g%d\">",
		 max / one, unit, ++p->id);
	for (int i = 0; i <= 16; i++) {
		uint8_t c[4];

		heat_colour(i / 16.0, c);
		str_addf(p->out,
			 "<stop offset=\"%.4f\" stop-color=\"#%02x%02x%02x\" "
			 "stop-opacity=\"%.3f\"/>",
			 i / 16.0, c[0], c[1], c[2], c[3] / 255.0);
	}
	str_addf(p->out,
		 "</linearGradient></defs><rect width=\"100%%\" height=\"12\" rx=\"2\" "
		 "fill=\"#5c5c5c\"/><rect width=\"100%%\" height=\"12\" rx=\"2\" "
		 "fill=\"url(#g%d)\"/>",
		 p->id);
	/* Half way along a square root is a quarter. */
	str_addf(p->out,
		 "<text x=\"0\" y=\"28\">0</text><text x=\"50%%\" y=\"28\" "
		 "text-anchor=\"middle\">%.4g</text><text x=\"100%%\" y=\"28\" "
		 "text-anchor=\"end\">%.4g or more</text><text x=\"0\" "
		 "y=\"43\">%s</text></svg>\n",
		 max / 4 / one, max / one, unit);
}

static const char *time_unit(double max_s)
{
	return max_s >= HEAT_MINUTES_S ? "person-minutes per cell" : "person-seconds per cell";
}

/* 0..1 of the picture, from the top left. */
static void in_picture(const double at[2], const struct heat_floor *floor, double v[2])
{
	v[0] = floor ? (at[0] - floor->x0) / (floor->x1 - floor->x0) : at[0];
	v[1] = floor ? (floor->y1 - at[1]) / (floor->y1 - floor->y0) : at[1];
}

/* In the middle of a zone; beside a line or fixture, where there is room. */
static void add_name(struct str *names, const struct place_info *place, const struct outline *o,
		     const struct heat_floor *floor)
{
	double first[2], last[2], v[2];
	bool upright;

	in_picture(o->xy[0], floor, first);
	in_picture(o->xy[o->n - 1], floor, last);
	in_picture(o->middle, floor, v);
	upright = !o->closed && fabs(last[1] - first[1]) > fabs(last[0] - first[0]);
	str_addf(names, "<text%s x=\"%.2f%%\" y=\"%.2f%%\"%s text-anchor=\"%s\">",
		 place->kind == PLACE_FIXTURE ? " class=\"at-fixture\"" : "", 100 * v[0],
		 100 * v[1],
		 o->closed ? " dy=\"4\""
		 : upright ? v[0] > 0.7 ? " dx=\"-6\"" : " dx=\"6\""
			   : " dy=\"-6\"",
		 upright       ? v[0] > 0.7 ? "end" : "start"
		 : v[0] < 0.15 ? "start"
		 : v[0] > 0.85 ? "end"
			       : "middle");
	words_html(names, place->name);
	str_add(names, "</text>");
}

void page_outline(struct str *out, struct str *names, const struct place_info *place,
		  const struct heat_floor *floor)
{
	const char *class = place->kind == PLACE_ZONE      ? "zone"
			    : place->kind == PLACE_FIXTURE ? "fixture"
							   : "line";
	struct outline o;
	double v[2];

	if (!outline_read(&o, place) || o.metres != (floor != NULL))
		return;
	str_addf(out, "<path class=\"%s\" d=\"", class);
	for (int i = 0; i < o.n; i++) {
		in_picture(o.xy[i], floor, v);
		str_addf(out, "%s%.2f %.2f", i ? "L" : "M", 1000 * v[0], 1000 * v[1]);
	}
	str_add(out, o.closed ? "Z\"/>" : "\"/>");
	/* Names are no part of the stretched drawing. */
	add_name(names, place, &o, floor);
}

/* camera -1: all. */
static void add_places(struct page *p, int camera, const struct heat_floor *floor)
{
	str_add(p->out, "<svg aria-hidden=\"true\"><svg width=\"100%\" height=\"100%\" "
			"viewBox=\"0 0 1000 1000\" preserveAspectRatio=\"none\">");
	for (int i = 0; i < p->d->n_place; i++)
		if (camera < 0 || p->d->place[i].camera == camera)
			page_outline(p->out, &p->names, &p->d->place[i].place.info, floor);
	str_add(p->out, "</svg>");
	str_add(p->out, p->names.s);
	str_add(p->out, "</svg>");
	str_clear(&p->names);
}

static void add_png(struct page *p, const char *what, const char *of, const uint8_t *png,
		    size_t len)
{
	str_addf(p->out, "<div class=\"pic\"><img alt=\"%s", what);
	words_html(p->out, of);
	str_add(p->out, "\" src=\"data:image/png;base64,");
	str_add_base64(p->out, png, len);
	str_add(p->out, "\">");
}

static void add_caption(struct page *p, const struct day_camera *c, bool plate, int64_t t_us)
{
	str_add(p->out, "<figcaption>");
	words_duration(p->out, c->view_total.person_s);
	str_add(p->out, " of people\xe2\x80\x99"
			"s time, all added up, in ");
	words_duration(p->out, c->observed_total_s);
	str_add(p->out, " observed. ");
	if (plate) {
		str_add(p->out,
			"The picture below the colours is built from the empty scene, as "
			"it was on ");
		words_day(p->out, t_us);
		str_add(p->out, "; hatched where it was never seen empty.");
	} else {
		str_add(p->out, "There is no picture of the empty scene yet.");
	}
	str_add(p->out, "</figcaption>");
}

static int add_camera(struct page *p, const struct day_camera *c, struct err *err)
{
	struct heat_shown shown;
	uint8_t *png = NULL;
	size_t len;
	int rc = heat_of_camera(p->q, c, &shown, &png, &len, err);

	if (rc < 0)
		return rc;
	str_add(p->out, "<figure class=\"card\"><h3>");
	words_html(p->out, c->camera.name);
	str_add(p->out, "</h3>");
	add_png(p, "Heat map over the empty scene of camera ", c->camera.name, png, len);
	add_places(p, (int)(c - p->d->camera), NULL);
	str_add(p->out, "</div>\n");
	add_scale(p, shown.scale.max_s, time_unit(shown.scale.max_s));
	add_caption(p, c, shown.plate_us != CLOCK_NONE, shown.plate_us);
	str_add(p->out, "</figure>\n");
	free(png);
	return 0;
}

/* Of the whole floor, in metres: where people spent time, or where they stopped. */
static int add_floor(struct page *p, enum heat_floor_of of, struct err *err)
{
	bool stops = of == HEAT_FLOOR_STOPS;
	const char *what = stops ? "Where people stopped" : "Where people spent time";
	struct heat_floor shown;
	uint8_t *png = NULL;
	size_t len;
	int rc = heat_floor_png(p->d, of, true, &shown, &png, &len, err);

	if (rc < 0 || !png)
		return rc;
	str_addf(p->out, "<figure class=\"card\"><h3>%s</h3>", what);
	add_png(p, "Heat map over the floor plan: ", what, png, len);
	add_places(p, -1, &shown);
	str_add(p->out, "</div>\n");
	add_scale(p, shown.max, stops ? "stops per cell" : time_unit(shown.max));
	str_addf(p->out,
		 "<figcaption>%.1f m wide, %.1f m high, north up; cells of %g m. Solid: lines; "
		 "dashed: zones; blue: fixtures.%s</figcaption></figure>\n",
		 shown.x1 - shown.x0, shown.y1 - shown.y0, FLOOR_CELL_M,
		 stops ? " A stop: slower than 0.3 m/s for 2 s." : "");
	free(png);
	return 0;
}

/* Whether a camera's picture adds to the floor's: it does with a plate below it. */
static int has_plate(struct page *p, const struct day_camera *c, struct err *err)
{
	void *png = NULL;
	int64_t t_us;
	size_t len;
	int rc = query_plate(p->q, c->camera.id, &png, &len, &t_us, err);

	rc = rc < 0 ? rc : png != NULL;
	free(png);
	return rc;
}

static int add_cameras(struct page *p, struct err *err)
{
	int rc = 0, without = 0;

	for (int i = 0; rc >= 0 && i < p->d->n_camera; i++) {
		const struct day_camera *c = &p->d->camera[i];
		bool floor = p->d->floor.w > 0;

		if (c->observed_total_s <= 0 || (rc = has_plate(p, c, err)) < 0)
			continue;
		if (rc || !floor)
			rc = add_camera(p, c, err);
		else
			without++;
	}
	str_add(p->out, "</div>\n");
	if (without)
		str_addf(p->out,
			 "<p class=\"soft\">%d camera%s no picture of the empty scene yet: not "
			 "shown.</p>\n",
			 without, without == 1 ? " has" : "s have");
	return rc;
}

int page_heat(struct page *p, struct err *err)
{
	int rc;

	str_add(p->out,
		"<section aria-labelledby=\"heat\"><h2 id=\"heat\">Where people were</h2>"
		"\n<p class=\"lead\">Time spent in each cell, where feet touch the floor. Ten "
		"people for a minute look like one person for ten minutes. Cameras\xe2\x80\x99 "
		"pictures have 64 \xc3\x97 48 cells, smoothed over their neighbours.</p>\n<div "
		"class=\"grid pics floors\">");
	if ((rc = add_floor(p, HEAT_FLOOR_TIME, err)) >= 0 &&
	    (rc = add_floor(p, HEAT_FLOOR_STOPS, err)) >= 0)
		rc = add_cameras(p, err);
	str_add(p->out, "</section>\n");
	return rc < 0 ? rc : 0;
}
