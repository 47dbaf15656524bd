/* SPDX-License-Identifier: Apache-2.0 */
/* html_heat.c -- the page's heat maps: where people were, per camera. */
#include "base/clock.h"
#include "base/json.h"
#include "report/heat.h"
#include "report/page.h"
#include "report/words.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The colours as they look on a middle grey of the plate. */
static void add_scale(struct page *p, double max_s)
{
	bool minutes = max_s >= 120;
	double unit = minutes ? 60 : 1;

	str_addf(p->out,
		 "<svg class=\"scale\" role=\"img\" aria-label=\"Colour scale, 0 to %.4g "
		 "person-%s per cell\"><defs><linearGradient id=\"g%d\">",
		 max_s / unit, minutes ? "minutes" : "seconds", ++p->id);
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
		 "y=\"43\">person-%s per cell</text></svg>\n",
		 max_s / 4 / unit, max_s / unit, minutes ? "minutes" : "seconds");
}

void page_outline(struct str *out, struct str *names, const struct place_info *place)
{
	const char *text = place->geometry;
	struct json *root = text ? json_parse(text, strlen(text), NULL) : NULL;
	struct json *points = root ? json_get(root, "points") : NULL;
	struct json *coords = root ? json_get(root, "coords") : NULL;
	const char *word = coords ? json_value_string(coords) : NULL;
	double x = 0, y = 0, v[2];

	if (!word || strcmp(word, "image") != 0)
		goto out;
	str_addf(out, "<path class=\"%s\" d=\"", place->kind == PLACE_LINE ? "line" : "zone");
	for (size_t i = 0; i < json_count(points); i++) {
		for (size_t k = 0; k < 2; k++)
			if (json_value_double(json_at(json_at(points, i), k), 0, 1, &v[k],
					      NULL) < 0)
				v[k] = 0;
		str_addf(out, "%s%.2f %.2f", i ? "L" : "M", 1000 * v[0], 1000 * v[1]);
		x += v[0] / (double)json_count(points);
		y += v[1] / (double)json_count(points);
	}
	str_add(out, place->kind == PLACE_LINE ? "\"/>" : "Z\"/>");
	/* Names are no part of the stretched drawing. */
	str_addf(names, "<text x=\"%.2f%%\" y=\"%.2f%%\" text-anchor=\"%s\">", 100 * x, 100 * y,
		 x < 0.15   ? "start"
		 : x > 0.85 ? "end"
			    : "middle");
	words_html(names, place->name);
	str_add(names, "</text>");
out:
	json_free(root);
}

static void add_places(struct page *p, int camera)
{
	str_add(p->out, "<svg aria-hidden=\"true\"><svg width=\"100%\" height=\"100%\" "
			"viewBox=\"0 0 1000 1000\" preserveAspectRatio=\"none\">");
	for (int i = 0; i < p->d->n_place; i++)
		if (p->d->place[i].camera == camera)
			page_outline(p->out, &p->names, &p->d->place[i].place.info);
	str_add(p->out, "</svg>");
	str_add(p->out, p->names.s);
	str_add(p->out, "</svg>");
	str_clear(&p->names);
}

static void add_picture(struct page *p, const struct day_camera *c, const uint8_t *png,
			size_t len)
{
	str_add(p->out,
		"<div class=\"pic\"><img alt=\"Heat map over the empty scene of camera ");
	words_html(p->out, c->camera.name);
	str_add(p->out, "\" src=\"data:image/png;base64,");
	words_base64(p->out, png, len);
	str_add(p->out, "\">");
	add_places(p, (int)(c - p->d->camera));
	str_add(p->out, "</div>\n");
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
	add_picture(p, c, png, len);
	add_scale(p, shown.scale.max_s);
	add_caption(p, c, shown.plate_us != CLOCK_NONE, shown.plate_us);
	str_add(p->out, "</figure>\n");
	free(png);
	return 0;
}

int page_heat(struct page *p, struct err *err)
{
	int rc = 0;

	str_add(p->out,
		"<section aria-labelledby=\"heat\"><h2 id=\"heat\">Where people were</h2>"
		"\n<p class=\"lead\">Time spent in each of 64 \xc3\x97 48 cells of the "
		"picture, where feet touch the floor; smoothed over neighbouring cells. "
		"Ten people for a minute look like one person for ten minutes.</p>\n<div "
		"class=\"grid pics\">");
	for (int i = 0; rc == 0 && i < p->d->n_camera; i++)
		if (p->d->camera[i].observed_total_s > 0)
			rc = add_camera(p, &p->d->camera[i], err);
	str_add(p->out, "</div></section>\n");
	return rc;
}
