/* SPDX-License-Identifier: Apache-2.0 */
/* camera.c -- one camera's line: a frame in, who was seen out. */
#include "run/camera.h"

#include "base/vec.h"
#include "floor/grid.h"
#include "track/tracker.h"
#include "video/png.h"
#include "video/shrink.h"
#include "vision/foreground.h"
#include "vision/people.h"
#include "vision/plate.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define CELL_M 0.1       /* of the grid that people are looked for on */
#define PERSON_MIN_PX 16 /* smaller ones are not */
#define AROUND 0.12      /* of a track's box: what is protected beyond it, besides two pixels */

/* What depends on the size of the picture, and is made anew when that changes. */
struct stages {
	int img_w, img_h; /* the camera's picture */
	int w, h, factor; /* the analysis picture */
	struct yuv small;
	struct image raw, mask, feedback;
	struct foreground *fg;
	struct grid grid; /* of a calibrated camera */
	struct people *people;
	struct plate *plate;
	struct tracker *tracker;
	struct map *map;
};

struct camera {
	const struct conf *conf;
	const struct calib *calib;
	int index;
	struct stages s;
	bool full_range;
	enum yuv_matrix matrix;
	struct yuv seed; /* the scene to start from; empty once it was used */
	int seed_w, seed_h;
	uint8_t *saved; /* to go on from, or NULL */
	size_t n_saved;
	bool knew_scene;
	int64_t id_base; /* ids of trackers before this one */
	int64_t id_last;
	VEC(struct track) track;
	VEC(struct sighting) sighting;
	VEC(int) heat_cell;
	struct prof prof;
};

static void stages_clear(struct stages *s)
{
	yuv_clear(&s->small);
	image_clear(&s->raw);
	image_clear(&s->mask);
	image_clear(&s->feedback);
	foreground_free(s->fg);
	people_free(s->people);
	grid_clear(&s->grid);
	plate_free(s->plate);
	tracker_free(s->tracker);
	map_free(s->map);
	memset(s, 0, sizeof(*s));
}

static void init_grid(struct stages *s, const struct lens *lens)
{
	struct grid_opts o = { .img_w = s->img_w,
			       .img_h = s->img_h,
			       .w = s->w,
			       .h = s->h,
			       .factor = s->factor,
			       .step_m = CELL_M,
			       .min_px = PERSON_MIN_PX };

	grid_init(&s->grid, lens, &o);
}

static int stages_init(struct stages *s, const struct conf *conf, const struct calib *calib,
		       int img_w, int img_h, struct err *err)
{
	struct stages n = { .img_w = img_w, .img_h = img_h };
	const struct grid *floor;

	n.factor = shrink_factor(img_w, img_h, conf->analysis.max_px);
	shrink_size(img_w, img_h, n.factor, &n.w, &n.h);
	n.fg = foreground_new(&conf->background, &conf->mask, n.w, n.h, err);
	if (!n.fg)
		return err ? err->code : ERR_STATE;
	yuv_init(&n.small, n.w, n.h);
	image_init(&n.raw, n.w, n.h);
	image_init(&n.mask, n.w, n.h);
	image_init(&n.feedback, n.w, n.h);
	if (calib && calib->has_lens)
		init_grid(&n, &calib->lens);
	n.plate = plate_new(&conf->plate, n.w, n.h);

	n.map = map_new(calib, img_w, img_h, n.w, n.h, n.factor);
	stages_clear(s);
	*s = n;
	floor = s->grid.n ? &s->grid : NULL;
	s->people = people_new(&conf->people, s->w, s->h, floor);
	s->tracker = tracker_new(&conf->track, s->w, s->h, floor);
	return 0;
}

struct camera *camera_new(const struct conf *conf, const struct calib *calib, int index)
{
	struct camera *c = xcalloc(1, sizeof(*c));

	c->conf = conf;
	c->calib = calib;
	c->index = index;
	return c;
}

void camera_free(struct camera *c)
{
	if (!c)
		return;
	stages_clear(&c->s);
	yuv_clear(&c->seed);
	free(c->saved);
	VEC_FREE(&c->track);
	VEC_FREE(&c->sighting);
	VEC_FREE(&c->heat_cell);
	free(c);
}

void camera_seed(struct camera *c, int img_w, int img_h, const struct yuv *scene)
{
	yuv_clear(&c->seed);
	yuv_init(&c->seed, scene->y.w, scene->y.h);
	image_copy(&c->seed.y, &scene->y);
	image_copy(&c->seed.u, &scene->u);
	image_copy(&c->seed.v, &scene->v);
	c->seed_w = img_w;
	c->seed_h = img_h;
}

void camera_restore(struct camera *c, const uint8_t *buf, size_t len)
{
	free(c->saved);
	c->saved = memcpy(xmalloc(len + 1), buf, len);
	c->n_saved = len;
}

int camera_save(const struct camera *c, uint8_t **buf, size_t *len, struct err *err)
{
	if (!c->s.fg)
		return err_set(err, ERR_STATE, "there was no picture yet");
	return foreground_save(c->s.fg, buf, len, err);
}

bool camera_knew_scene(const struct camera *c)
{
	return c->knew_scene;
}

bool camera_moved(const struct camera *c)
{
	return c->s.fg && background_moved(foreground_background(c->s.fg)).moved;
}

bool camera_fits(const struct camera *c, const struct frame *f)
{
	double was = (double)c->s.img_w / (c->s.img_h ? c->s.img_h : 1);

	return !c->s.img_w || fabs((double)f->y.w / f->y.h / was - 1) <= 0.01;
}

static int fit_stages(struct camera *c, const struct frame *f, struct err *err)
{
	int w = f->y.w, h = f->y.h, rc;

	assert(camera_fits(c, f));
	if (w == c->s.img_w && h == c->s.img_h)
		return 0;
	rc = stages_init(&c->s, c->conf, c->calib, w, h, err);
	if (rc < 0)
		return rc;
	if (c->seed.y.data && c->seed_w == w && c->seed_h == h)
		c->knew_scene = background_seed(foreground_background(c->s.fg), &c->seed);
	if (c->saved && foreground_load(c->s.fg, c->saved, c->n_saved, NULL) == 0)
		c->knew_scene = true;
	free(c->saved);
	c->saved = NULL;
	yuv_clear(&c->seed);
	c->id_base = c->id_last;
	return 0;
}

/* Under a person's box nothing is absorbed into the background. The box is that of a mask whose
 * outline is smoothed, so a bit around it is his, too: what is lost there makes the next box
 * smaller. */
static void write_feedback(struct image *feedback, const struct track *tracks, int n)
{
	for (int y = 0; y < feedback->h; y++)
		memset(image_row(feedback, y), 0, (size_t)feedback->w);
	for (int i = 0; i < n; i++) {
		const struct box_px *b = &tracks[i].at.box;
		double dx = 2 + AROUND * b->w, dy = 2 + AROUND * b->h;
		int x0 = (int)fmax(0, floor(b->x - dx)), y0 = (int)fmax(0, floor(b->y - dy));
		int x1 = (int)fmin(feedback->w, ceil(b->x + b->w + dx));
		int y1 = (int)fmin(feedback->h, ceil(b->y + b->h + dy));

		if (!tracks[i].confirmed || x1 <= x0)
			continue;
		for (int y = y0; y < y1; y++)
			memset(image_row(feedback, y) + x0, FEEDBACK_PROTECT,
			       (size_t)(x1 - x0));
	}
}

static void add_sighting(struct camera *c, int64_t id, const struct track_point *p)
{
	struct sighting s = { .camera = c->index, .track = id, .t_us = p->t_us };

	if (!map_locate(c->s.map, p, &s.at, &s.body))
		return;
	*VEC_PUSH(&c->sighting) = s;
	*VEC_PUSH(&c->heat_cell) = map_heat_cell(c->s.map, p);
}

/* Tracks to sightings: those seen now, and the past of those that are new. */
static void locate(struct camera *c, const struct track *tracks, int n)
{
	c->track.n = c->sighting.n = c->heat_cell.n = 0;
	for (int i = 0; i < n; i++) {
		struct track t = tracks[i];

		if (t.confirmed)
			t.id += c->id_base;
		if (t.id > c->id_last)
			c->id_last = t.id;
		*VEC_PUSH(&c->track) = t;
		if (!t.confirmed)
			continue;
		for (int k = 0; k < t.n_past; k++)
			add_sighting(c, t.id, &t.past[k]);
		if (t.seen)
			add_sighting(c, t.id, &t.at);
	}
}

int camera_step(struct camera *c, const struct frame *f, struct camera_out *out,
		struct err *err)
{
	struct stages *s = &c->s;
	const struct detection *people;
	const struct track *tracks;
	int n, rc;

	rc = fit_stages(c, f, err);
	if (rc < 0)
		return rc;
	c->full_range = f->full_range;
	c->matrix = f->matrix;
	prof_start(&c->prof);

	shrink(&s->small, f, s->factor);
	prof_mark(&c->prof, "shrink");

	rc = foreground_raw(s->fg, f->t_us, &s->small, &s->feedback, &s->raw, err);
	if (rc < 0)
		return rc;
	prof_mark(&c->prof, "background");

	rc = foreground_clean(s->fg, f->t_us, &s->small, &s->raw, &s->mask, err);
	if (rc < 0)
		return rc;
	prof_mark(&c->prof, "mask");

	n = people_step(s->people, &s->mask, &s->feedback, &people);
	prof_mark(&c->prof, "people");

	n = tracker_step(s->tracker, f->t_us, people, n, &tracks);
	if (n < 0)
		return err_set(err, ERR_STATE, "time went back");
	write_feedback(&s->feedback, tracks, n);
	prof_mark(&c->prof, "track");

	plate_step(s->plate, f->t_us, &s->small, &s->raw, tracks, n);
	prof_mark(&c->prof, "plate");

	locate(c, tracks, n);
	prof_mark(&c->prof, "floor");

	*out = (struct camera_out){ .track = c->track.v,
				    .n_track = (int)c->track.n,
				    .sighting = c->sighting.v,
				    .heat_cell = c->heat_cell.v,
				    .n_sighting = (int)c->sighting.n,
				    .mask = &s->mask,
				    .sharp = foreground_sharp(s->fg),
				    .factor = s->factor,
				    .map = s->map,
				    .moves = background_moved(foreground_background(s->fg)) };
	return 0;
}

double camera_late_s(const struct camera *c)
{
	return 2 * c->conf->track.confirm_s + 1;
}

double camera_plate_png(const struct camera *c, uint8_t **png, size_t *len, struct err *err)
{
	struct yuv scene = { 0 };
	struct image known = { 0 };
	struct rgba picture = { 0 };
	double share = 0;
	int rc;

	*png = NULL;
	*len = 0;
	if (!c->s.plate)
		return 0;
	yuv_init(&scene, c->s.w, c->s.h);
	image_init(&known, c->s.w, c->s.h);
	rgba_init(&picture, c->s.w, c->s.h);
	share = plate_get(c->s.plate, &scene, &known);
	if (share > 0) {
		rgba_from_yuv(&picture, &scene, &known, c->full_range, c->matrix);
		rc = png_encode(&picture, png, len, err);
		if (rc < 0)
			share = rc;
	}
	rgba_clear(&picture);
	image_clear(&known);
	yuv_clear(&scene);
	return share;
}

struct prof *camera_prof(struct camera *c)
{
	return &c->prof;
}
