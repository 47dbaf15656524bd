/* SPDX-License-Identifier: Apache-2.0 */
/* player.c -- one HTML page that plays what a camera's line did. */
#include "player/player.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/str.h"
#include "base/vec.h"
#include "player/outline.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define TOLERANCE_PX 0.8

struct player {
	struct player_opts o;
	char *title;
	int w, h;                            /* of the mask */
	int64_t begin_us, first_us, last_us; /* of the recording; of what is kept */
	int64_t due_us;
	int64_t frames;
	bool begun, full;
	struct outlines outlines;
	struct str frame, place, event, plate;
	double plate_share;
};

struct player *player_new(const struct player_opts *o)
{
	struct player *p = xcalloc(1, sizeof(*p));
	const struct str empty = STR_INIT;

	p->o = *o;
	p->title = xstrdup(o->title);
	p->frame = p->place = p->event = p->plate = empty;
	return p;
}

void player_free(struct player *p)
{
	if (!p)
		return;
	outlines_clear(&p->outlines);
	str_clear(&p->frame);
	str_clear(&p->place);
	str_clear(&p->event);
	str_clear(&p->plate);
	free(p->title);
	free(p);
}

/* ---- JSON that may stand within a page ---- */

static void add_text(struct str *b, const char *text)
{
	str_add(b, "\"");
	for (const char *c = text; *c; c++)
		if (strchr("\"\\<>&", *c) || (unsigned char)*c < 0x20)
			str_addf(b, "\\u%04x", (unsigned)*c);
		else
			str_add_n(b, c, 1);
	str_add(b, "\"");
}

/* Pixels with a tenth, short. */
static void add_tenths(struct str *b, double v)
{
	long t = lrint(v * 10);

	if (t % 10)
		str_addf(b, "%s%ld.%ld", t < 0 ? "-" : "", labs(t) / 10, labs(t) % 10);
	else
		str_addf(b, "%ld", t / 10);
}

void player_place(struct player *p, enum place_kind kind, const char *name,
		  const struct pt_img *v, int n)
{
	str_addf(&p->place, "%s[\"%s\",", p->place.len ? ",\n" : "",
		 kind == PLACE_LINE ? "line" : "zone");
	add_text(&p->place, name);
	str_add(&p->place, ",[");
	for (int i = 0; i < n; i++)
		str_addf(&p->place, "%s%.4f,%.4f", i ? "," : "", v[i].x, v[i].y);
	str_add(&p->place, "]]");
}

/* ---- frames ---- */

/* An outline is its first corner, then steps. */
static void add_outlines(struct str *b, const struct outlines *o)
{
	size_t from = 0;

	str_add(b, "[");
	for (size_t i = 0; i < o->n_v; from = o->v[i++].at) {
		struct corner last = { 0, 0 };

		str_add(b, i ? ",[" : "[");
		for (size_t k = from; k < o->v[i].at; k++) {
			str_addf(b, "%s%d,%d", k > from ? "," : "", o->corner[k].x - last.x,
				 o->corner[k].y - last.y);
			last = o->corner[k];
		}
		str_add(b, "]");
	}
	str_add(b, "]");
}

/* id (0: not confirmed yet), seen, box, foot. */
static void add_track(struct str *b, const struct track *t)
{
	const double v[] = { t->at.box.x, t->at.box.y,  t->at.box.w,
			     t->at.box.h, t->at.foot.x, t->at.foot.y };

	str_addf(b, "[%" PRId64 ",%d", t->confirmed ? t->id : 0, t->seen);
	for (int i = 0; i < 6; i++) {
		str_add(b, ",");
		add_tenths(b, v[i]);
	}
	str_add(b, "]");
}

static void add_frame(struct player *p, int64_t t_us, const struct image *mask,
		      const struct track *tracks, int n)
{
	struct str *b = &p->frame;

	outlines_find(&p->outlines, mask, TOLERANCE_PX);
	str_addf(b, "%s[%" PRId64 ",", p->frames ? ",\n" : "", (t_us - p->first_us) / 1000);
	add_outlines(b, &p->outlines);
	str_add(b, ",[");
	for (int i = 0; i < n && !p->o.count; i++) {
		str_add(b, i ? "," : "");
		add_track(b, &tracks[i]);
	}
	str_add(b, "]]");
}

bool player_frame(struct player *p, int64_t t_us, const struct image *mask,
		  const struct track *tracks, int n)
{
	int64_t period_us = llrint(1e6 / p->o.fps);

	if (!p->begun) {
		p->begun = true;
		p->begin_us = t_us;
		p->due_us = p->first_us = t_us + llrint(p->o.from_s * 1e6);
		p->w = mask->w;
		p->h = mask->h;
	}
	if (p->full || (p->o.seconds > 0 && t_us >= p->first_us + llrint(p->o.seconds * 1e6)))
		return false;
	if (t_us < p->due_us || mask->w != p->w || mask->h != p->h)
		return true;
	if (p->frame.len > p->o.max_bytes) {
		p->full = true;
		return false;
	}
	add_frame(p, t_us, mask, tracks, n);
	p->frames++;
	p->last_us = t_us;
	p->due_us += period_us;
	if (p->due_us <= t_us)
		p->due_us = t_us + period_us;
	return true;
}

void player_event(struct player *p, int64_t t_us, const char *place, const char *what,
		  int64_t track, double dwell_s)
{
	struct str *b = &p->event;

	if (!p->frames || t_us < p->first_us || t_us > p->last_us)
		return;
	str_addf(b, "%s[%" PRId64 ",", b->len ? ",\n" : "", (t_us - p->first_us) / 1000);
	add_text(b, place);
	str_add(b, ",");
	add_text(b, what);
	str_addf(b, ",%" PRId64 ",%.1f]", track, dwell_s);
}

/* ---- the plate ---- */

void player_plate(struct player *p, const uint8_t *png, size_t len, double share)
{
	str_clear(&p->plate);
	p->plate_share = share;
	if (len)
		str_add_base64(&p->plate, png, len);
}

/* ---- the page ---- */

bool player_full(const struct player *p, double *at_s)
{
	*at_s = (double)(p->last_us - p->begin_us) / 1e6;
	return p->full;
}

int64_t player_frames(const struct player *p)
{
	return p->frames;
}

static void add_member(struct str *b, const char *before, const char *text)
{
	str_add(b, before);
	add_text(b, text);
}

static void add_sample(struct str *b, const struct player_sample *s)
{
	char weight[STR_DOUBLE];

	add_member(b, ",\n\"sample\":{\"camera\":", s->camera);
	add_member(b, ",\"line\":", s->line);
	add_member(b, ",\"in_label\":", s->in_label);
	add_member(b, ",\"out_label\":", s->out_label);
	add_member(b, ",\"start\":", s->start);
	add_member(b, ",\"file\":", s->file);
	str_addf(b, ",\"minutes\":%d,\"stratum\":%d,\"weight\":%s}", s->minutes, s->stratum,
		 str_double(s->weight, weight));
}

static void add_data(struct str *b, const struct player *p)
{
	struct civil c;
	char text[CLOCK_TEXT];

	clock_local(p->first_us, &c);
	str_add(b, "{\"title\":");
	add_text(b, p->title);
	str_addf(b, ",\"start\":\"%s\",\"clock\":%d.%03d,\"w\":%d,\"h\":%d,\"full\":%s",
		 clock_text_local(p->first_us, text), c.hour * 3600 + c.minute * 60 + c.second,
		 c.us / 1000, p->w, p->h, p->full ? "true" : "false");
	str_addf(b, ",\"plate_share\":%.3f,\"plate\":\"%s\",\n\"places\":[%s],\n",
		 p->plate_share, p->plate.s, p->place.s);
	str_addf(b, "\"events\":[%s]", p->event.s);
	if (p->o.count)
		add_sample(b, p->o.count);
	str_add(b, ",\n\"frames\":[");
	str_add_n(b, p->frame.s, p->frame.len);
	str_add(b, "]}");
}

static void add_html_text(struct str *b, const char *text)
{
	for (; *text; text++)
		if (strchr("<>&\"", *text))
			str_addf(b, "&#%d;", *text);
		else
			str_add_n(b, text, 1);
}

int player_write(struct player *p, const char *path, struct err *err)
{
	struct str page = STR_INIT;
	const char *at = p->o.count ? player_count_page : player_page, *next;
	int rc;

	if (!p->frames)
		return err_set(err, ERR_STATE, "there is no picture in that part of the clip");
	while ((next = strchr(at, '@'))) {
		str_add_n(&page, at, (size_t)(next - at));
		at = next + 1;
		if (str_starts(at, "TITLE@")) {
			add_html_text(&page, p->title);
			at += strlen("TITLE@");
		} else if (str_starts(at, "DATA@")) {
			add_data(&page, p);
			at += strlen("DATA@");
		} else if (str_starts(at, "STAGE@")) {
			str_add(&page, player_stage);
			at += strlen("STAGE@");
		} else {
			str_add(&page, "@");
		}
	}
	str_add(&page, at);
	rc = file_write(path, page.s, page.len, err);
	str_clear(&page);
	return rc;
}
