/* SPDX-License-Identifier: Apache-2.0 */
/* heat_floor.c -- where people were and stopped, as colours over the floor plan. */
#include "report/heat_floor.h"

#include "base/str.h"
#include "base/vec.h"
#include "report/draw.h"
#include "report/heat.h"
#include "report/outline.h"

#include <math.h>
#include <stdlib.h>

#define WIDTH 1120.0 /* of the plan, at most, pixels */
#define BARE 0.55    /* of that: a page draws sharp lines over blurred colours */
#define HEIGHT 1400.0
#define EDGE_M 0.5 /* around what there is */
#define HEAD 44    /* pixels above the plan and below it */
#define FOOT 76

#define INK 0xffffff
#define SOFT 0xb8c0c8
#define PAPER 0x1d2226
#define ZONE_INK 0xc9d3dc
#define FIXTURE_INK 0x6fd3ff

struct painting {
	const struct day *d;
	const double *v; /* of d->floor's cells */
	struct heat_floor f;
	struct rgba out;
	double scale; /* pixels a metre */
	int top;      /* of the plan in the picture */
};

static double x_of(const struct painting *p, double x_m)
{
	return (x_m - p->f.x0) * p->scale;
}

static double y_of(const struct painting *p, double y_m)
{
	return p->top + (p->f.y1 - y_m) * p->scale;
}

static void include(struct heat_floor *f, double x, double y)
{
	f->x0 = fmin(f->x0, x);
	f->x1 = fmax(f->x1, x);
	f->y0 = fmin(f->y0, y);
	f->y1 = fmax(f->y1, y);
}

/* All cells with anybody in them, and all places that were drawn on the plan. */
static bool find_view(struct heat_floor *f, const struct day *d)
{
	const struct floor_map *m = &d->floor;
	bool any = false;

	*f = (struct heat_floor){ INFINITY, INFINITY, -INFINITY, -INFINITY, 0 };
	for (int y = m->y0; y < m->y0 + m->h; y++)
		for (int x = m->x0; x < m->x0 + m->w; x++)
			if (floor_map_at(m, m->person_s, x, y) > 0) {
				include(f, x * FLOOR_CELL_M, y * FLOOR_CELL_M);
				include(f, (x + 1) * FLOOR_CELL_M, (y + 1) * FLOOR_CELL_M);
				any = true;
			}
	for (int i = 0; any && i < d->n_place; i++) {
		struct outline o;

		if (outline_read(&o, &d->place[i].place.info) && o.metres)
			for (int k = 0; k < o.n; k++)
				include(f, o.xy[k][0], o.xy[k][1]);
	}
	f->x0 -= EDGE_M;
	f->y0 -= EDGE_M;
	f->x1 += EDGE_M;
	f->y1 += EDGE_M;
	return any;
}

/* Between the four nearest cells. */
static double value_at(const struct painting *p, double x_m, double y_m)
{
	const struct floor_map *m = &p->d->floor;
	double cx = x_m / FLOOR_CELL_M - 0.5, cy = y_m / FLOOR_CELL_M - 0.5;
	int x = (int)floor(cx), y = (int)floor(cy);
	double fx = cx - x, fy = cy - y;

	return (1 - fy) * ((1 - fx) * floor_map_at(m, p->v, x, y) +
			   fx * floor_map_at(m, p->v, x + 1, y)) +
	       fy * ((1 - fx) * floor_map_at(m, p->v, x, y + 1) +
		     fx * floor_map_at(m, p->v, x + 1, y + 1));
}

/* A faint grid of metres, every fifth a little less so. */
static double ground(const struct painting *p, double x_m, double y_m)
{
	double step = 1 / p->scale;
	bool five = fabs(x_m / 5 - round(x_m / 5)) * 5 < step / 2 ||
		    fabs(y_m / 5 - round(y_m / 5)) * 5 < step / 2;
	bool one = fabs(x_m - round(x_m)) < step / 2 || fabs(y_m - round(y_m)) < step / 2;

	return five ? 78 : one ? 66 : 58;
}

static void paint(struct painting *p, int height)
{
	for (int y = 0; y < height; y++)
		for (int x = 0; x < p->out.w; x++) {
			double x_m = p->f.x0 + (x + 0.5) / p->scale;
			double y_m = p->f.y1 - (y + 0.5) / p->scale;
			double g = ground(p, x_m, y_m), a;
			uint8_t c[4],
				*to = p->out.data +
				      4 * ((size_t)(y + p->top) * (size_t)p->out.w + (size_t)x);

			heat_colour(sqrt(value_at(p, x_m, y_m) / p->f.max), c);
			a = c[3] / 255.0;
			for (int k = 0; k < 3; k++)
				to[k] = (uint8_t)lround((1 - a) * g + a * c[k]);
			to[3] = 255;
		}
}

static void draw_outline(struct painting *p, const struct place_info *place,
			 const struct outline *o)
{
	uint32_t ink = place->kind == PLACE_ZONE      ? ZONE_INK
		       : place->kind == PLACE_FIXTURE ? FIXTURE_INK
						      : INK;
	bool zone = place->kind == PLACE_ZONE;

	for (int i = zone ? 0 : 1; i < o->n; i++) {
		const double *a = o->xy[i ? i - 1 : o->n - 1], *b = o->xy[i];

		draw_line(&p->out, x_of(p, a[0]), y_of(p, a[1]), x_of(p, b[0]), y_of(p, b[1]),
			  zone ? 1 : 3, zone ? 5 : 0, ink);
	}
}

/* Where a name begins: in the middle of a zone, beside a line or fixture. */
static void name_place(const struct painting *p, const struct outline *o, int wide, int *x,
		       int *y)
{
	double w = 0, h = 0;

	for (int i = 1; i < o->n; i++) {
		w = fmax(w, fabs(o->xy[i][0] - o->xy[0][0]));
		h = fmax(h, fabs(o->xy[i][1] - o->xy[0][1]));
	}
	*x = (int)x_of(p, o->middle[0]) - wide / 2;
	*y = (int)y_of(p, o->middle[1]) - FONT_H / 2;
	if (!o->closed && h > w)
		*x = (int)x_of(p, o->middle[0]) + 7;
	else if (!o->closed)
		*y -= 13;
	if (*x + wide > p->out.w - 4)
		*x = o->closed ? p->out.w - 4 - wide : (int)x_of(p, o->middle[0]) - 7 - wide;
	*x = *x < 4 ? 4 : *x;
}

/* Down until no name before it is in the way. */
static void make_room(int (*at)[3], int n, int wide, int *x, int *y)
{
	for (int i = 0; i < n; i++)
		if (*x < at[i][0] + at[i][2] && at[i][0] < *x + wide &&
		    abs(*y - at[i][1]) < FONT_H) {
			*y = at[i][1] + FONT_H;
			i = -1;
		}
}

static void draw_names(struct painting *p)
{
	int(*at)[3] = xcalloc((size_t)p->d->n_place + 1, sizeof(*at)), n = 0;

	for (int i = 0; i < p->d->n_place; i++) {
		const struct place_info *place = &p->d->place[i].place.info;
		int wide = draw_text_width(place->name), x, y;
		struct outline o;

		if (!outline_read(&o, place) || !o.metres)
			continue;
		name_place(p, &o, wide, &x, &y);
		make_room(at, n, wide, &x, &y);
		at[n][0] = x;
		at[n][1] = y;
		at[n++][2] = wide;
		draw_text(&p->out, x, y, place->name,
			  place->kind == PLACE_FIXTURE ? FIXTURE_INK : INK);
	}
	free(at);
}

static void draw_places(struct painting *p)
{
	for (int i = 0; i < p->d->n_place; i++) {
		struct outline o;

		if (outline_read(&o, &p->d->place[i].place.info) && o.metres)
			draw_outline(p, &p->d->place[i].place.info, &o);
	}
	draw_names(p);
}

static void draw_head(struct painting *p, enum heat_floor_of of)
{
	struct str text = STR_INIT;

	str_addf(&text, "%s, %s", p->d->store.name, p->d->date);
	if (p->d->n_date > 1)
		str_addf(&text, " to %s", p->d->last);
	draw_text(&p->out, 12, 7, text.s, INK);
	draw_text(&p->out, 12, 25,
		  of == HEAT_FLOOR_STOPS ? "Where people stopped" : "Where people spent time",
		  SOFT);
	str_clear(&text);
}

/* 0, a quarter half way along a square root, the end. */
static void draw_colours(struct painting *p, enum heat_floor_of of, int y)
{
	double unit = of == HEAT_FLOOR_TIME && p->f.max >= HEAT_MINUTES_S ? 60 : 1;
	char text[80];

	for (int i = 0; i < 300; i++) {
		uint8_t c[4];
		double a;

		heat_colour(i / 299.0, c);
		a = c[3] / 255.0;
		draw_box(&p->out, 12 + i, y, 1, 12,
			 (uint32_t)lround((1 - a) * 58 + a * c[0]) << 16 |
				 (uint32_t)lround((1 - a) * 58 + a * c[1]) << 8 |
				 (uint32_t)lround((1 - a) * 58 + a * c[2]));
	}
	draw_text(&p->out, 12, y + 16, "0", SOFT);
	snprintf(text, sizeof(text), "%.4g", p->f.max / 4 / unit);
	draw_text(&p->out, 162 - draw_text_width(text) / 2, y + 16, text, SOFT);
	snprintf(text, sizeof(text), "%.4g or more", p->f.max / unit);
	draw_text(&p->out, 312 - 3 * FONT_W, y + 16, text, SOFT);
	snprintf(text, sizeof(text), "%s per cell of %g m x %g m",
		 of == HEAT_FLOOR_STOPS ? "stops"
		 : unit > 1             ? "person-minutes"
					: "person-seconds",
		 FLOOR_CELL_M, FLOOR_CELL_M);
	draw_text(&p->out, 12, y + 33, text, SOFT);
}

/* A bar of whole metres, and what the colours of lines mean. */
static void draw_foot(struct painting *p, enum heat_floor_of of, int y)
{
	static const struct {
		const char *word;
		uint32_t ink;
		int wide, dash;
	} keys[] = { { "line", INK, 3, 0 },
		     { "zone", ZONE_INK, 1, 5 },
		     { "fixture", FIXTURE_INK, 3, 0 } };
	int metres = p->f.x1 - p->f.x0 > 12 ? 5 : 1, x = p->out.w - 12;
	char text[16];

	draw_colours(p, of, y);
	snprintf(text, sizeof(text), "%d m", metres);
	x -= (int)lround(metres * p->scale);
	draw_line(&p->out, x, y + 6, x + metres * p->scale, y + 6, 2, 0, INK);
	draw_line(&p->out, x, y, x, y + 12, 2, 0, INK);
	draw_line(&p->out, x + metres * p->scale, y, x + metres * p->scale, y + 12, 2, 0, INK);
	draw_text(&p->out, x, y + 16, text, SOFT);
	x = p->out.w - 12 - 270;
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++, x += 84) {
		draw_line(&p->out, x, y + 40, x + 22, y + 40, keys[i].wide, keys[i].dash,
			  keys[i].ink);
		draw_text(&p->out, x + 28, y + 33, keys[i].word, SOFT);
	}
}

int heat_floor_png(const struct day *d, enum heat_floor_of of, bool bare,
		   struct heat_floor *shown, uint8_t **png, size_t *len, struct err *err)
{
	struct painting p = { .d = d };
	size_t cells;
	int height, rc;

	*png = NULL;
	if (!find_view(&p.f, d))
		return 0;
	p.v = of == HEAT_FLOOR_STOPS ? d->floor.stops : d->floor.person_s;
	cells = (size_t)d->floor.w * (size_t)d->floor.h;
	p.f.max = of == HEAT_FLOOR_STOPS ? heat_scale_end(p.v, cells)
					 : heat_scale_time_end(p.v, cells);
	p.f.max = p.f.max > 0 ? p.f.max : 1; /* nobody stopped */
	p.scale =
		fmin(WIDTH / (p.f.x1 - p.f.x0), HEIGHT / (p.f.y1 - p.f.y0)) * (bare ? BARE : 1);
	p.top = bare ? 0 : HEAD;
	height = (int)lround((p.f.y1 - p.f.y0) * p.scale);
	rgba_init(&p.out, (int)lround((p.f.x1 - p.f.x0) * p.scale),
		  height + (bare ? 0 : HEAD + FOOT));
	if (!bare)
		draw_box(&p.out, 0, 0, p.out.w, p.out.h, PAPER);
	paint(&p, height);
	if (!bare) {
		draw_places(&p);
		draw_head(&p, of);
		draw_foot(&p, of, HEAD + height + 14);
	}
	rc = png_encode(&p.out, png, len, err);
	if (rc >= 0 && shown)
		*shown = p.f;
	rgba_clear(&p.out);
	return rc < 0 ? rc : 0;
}
