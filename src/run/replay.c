/* SPDX-License-Identifier: Apache-2.0 */
/* replay.c -- the whole line over a recording, as fast as it goes. */
#include "run/replay.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/vec.h"
#include "run/counting.h"
#include "run/feed.h"
#include "run/motfile.h"
#include "run/preview.h"
#include "run/walkers.h"

#include <stdlib.h>
#include <string.h>

/* How often the database gets a new plate, by the recording's time and by the stopwatch. */
#define PLATE_EVERY_US (10 * CLOCK_MINUTE_US)
#define PLATE_REST_US CLOCK_SECOND_US

struct line {
	const struct replay_opts *o;
	struct plan plan;
	struct calib own_calib;
	const struct calib *calib; /* NULL: none */
	struct feed *feed;
	struct camera *camera;
	struct counting *counting;
	struct motfile *mot;
	struct walkers *walkers; /* of a calibrated camera: does the calibration still hold? */
	struct replay_result r;
	VEC(int64_t) confirmed; /* ids of the frame before, ordered */
	int64_t plate_us, plate_made_us;
	struct background_moves moves; /* of the frame before */
	bool shape_told;
	bool enough; /* whoever watches has seen what he wanted */
};

static void on_note(const char *text)
{
	log_warn("%s", text);
}

static int open_plan(struct line *l, struct err *err)
{
	const struct replay_opts *o = l->o;

	l->calib = o->known_calib;
	if (o->calib) {
		if (calib_read(&l->own_calib, o->calib, err) < 0)
			return err->code = ERR_CONFIG;
		l->calib = &l->own_calib;
	}
	if (o->plan &&
	    counting_read_plan(&l->plan, o->plan, o->conf->camera.name, l->calib, err) < 0)
		return err->code = ERR_CONFIG;
	return 0;
}

static int open_counting(struct line *l, struct err *err)
{
	const struct replay_opts *o = l->o;

	l->counting = counting_open(
		&(struct counting_opts){ .conf = o->conf,
					 .plan = &l->plan,
					 .plan_path = o->plan,
					 .img_w = l->r.source.w,
					 .img_h = l->r.source.h,
					 .calib = l->calib,
					 .params = o->causal ? "\"causal\":true"
							     : "\"causal\":false",
					 .late_s = camera_late_s(l->camera),
					 .db = o->db,
					 .events = o->events,
					 .on_event = o->watch ? o->watch->event : NULL,
					 .on_why = o->watch ? o->watch->why : NULL,
					 .on_cover = o->watch ? o->watch->cover : NULL,
					 .ctx = o->watch ? o->watch->ctx : NULL },
		err);
	return l->counting ? 0 : (int)err->code;
}

static int open_line(struct line *l, struct err *err)
{
	const struct replay_opts *o = l->o;
	struct source *src;
	int rc;

	rc = open_plan(l, err);
	if (rc < 0)
		return rc;
	src = source_open(&o->source, err);
	if (!src)
		return err->code;
	l->r.source = *source_info(src);
	l->feed = feed_new(src, o->threads > 1, on_note);
	l->camera = camera_new(o->conf, l->calib, 0);
	if (l->calib && l->calib->has_lens)
		l->walkers = walkers_new(l->r.source.w, l->r.source.h);
	rc = open_counting(l, err);
	if (rc >= 0 && o->watch && o->watch->begin)
		o->watch->begin(o->watch->ctx, &l->plan, l->calib);
	if (rc >= 0 && o->mot)
		rc = motfile_open(&l->mot, o->mot, camera_late_s(l->camera), err);
	return rc;
}

static int look_ahead(struct line *l, struct err *err)
{
	const struct replay_opts *o = l->o;
	struct yuv scene = { 0 };
	int n;

	if (o->causal || !preview_wanted(o->conf))
		return 0;
	n = preview(o->conf, &o->source, l->r.source.w, l->r.source.h, &scene, err);
	if (n > 0)
		camera_seed(l->camera, l->r.source.w, l->r.source.h, &scene);
	yuv_clear(&scene);
	return n < 0 ? n : 0;
}

static int keep_plate(struct line *l, int64_t t_us, struct err *err)
{
	uint8_t *png;
	size_t len;
	int rc = 0;

	l->r.plate_share = camera_plate_png(l->camera, &png, &len, err);
	if (l->r.plate_share < 0)
		return (int)l->r.plate_share;
	if (png)
		rc = counting_plate(l->counting, t_us, png, len, err);
	free(png);
	return rc;
}

/* A new plate now and then: not more often than it is worth on a replay that races. */
static int renew_plate(struct line *l, int64_t t_us, struct err *err)
{
	int64_t now = clock_stopwatch_us();

	if (!counting_has_db(l->counting) || t_us - l->plate_us < PLATE_EVERY_US ||
	    now - l->plate_made_us < PLATE_REST_US)
		return 0;
	l->plate_us = t_us;
	l->plate_made_us = now;
	return keep_plate(l, t_us, err);
}

static void note_tracks(struct line *l, const struct track *t, int n)
{
	size_t old = 0, n_old = l->confirmed.n;

	/* The new ids are appended behind the old ones, then take their place. */
	for (int i = 0; i < n; i++) {
		if (!t[i].confirmed)
			continue;
		while (old < n_old && l->confirmed.v[old] < t[i].id)
			old++;
		if (old == n_old || l->confirmed.v[old] != t[i].id)
			l->r.tracks++;
		*VEC_PUSH(&l->confirmed) = t[i].id;
	}
	if (l->confirmed.n > n_old)
		memmove(l->confirmed.v, l->confirmed.v + n_old,
			(l->confirmed.n - n_old) * sizeof(*l->confirmed.v));
	l->confirmed.n -= n_old;
}

/* Tells what the camera itself did since the frame before. False while it looks elsewhere. */
static bool watch_camera(struct line *l, int64_t t_us, const struct camera_out *out)
{
	const char *name = l->o->conf->camera.name;
	const struct background_moves was = l->moves, *now = &out->moves;
	char at[CLOCK_TEXT];

	l->moves = *now;
	clock_text_local(t_us, at);
	if (now->bumps > was.bumps)
		log_warn("camera '%s': it was knocked shortly before %s: what it sees lies %d "
			 "pixels further right and %d further down than at first; lines and "
			 "zones stay where they are in the picture",
			 name, at, now->dx * out->factor, now->dy * out->factor);
	if (now->moved && !was.moved)
		log_warn("camera '%s': at %s it looks elsewhere since some seconds: lines and "
			 "zones would lie wrong; nothing is counted until it looks back",
			 name, at);
	if (!now->moved && was.moved)
		log_warn("camera '%s': at %s it looks where it did before", name, at);
	return !now->moved;
}

static int step(struct line *l, const struct frame *f, struct err *err)
{
	struct camera_out out;
	int rc;

	if (!camera_fits(l->camera, f)) {
		if (!l->shape_told)
			log_warn("camera '%s': the picture is %dx%d now and was %dx%d: its "
				 "shape is another, and lines and zones would lie elsewhere; "
				 "such pictures are not counted",
				 l->o->conf->camera.name, f->y.w, f->y.h, l->r.source.w,
				 l->r.source.h);
		l->shape_told = true;
		return 0;
	}
	rc = camera_step(l->camera, f, &out, err);
	if (rc < 0)
		return rc;
	if (!l->r.frames++)
		l->r.first_us = l->plate_us = f->t_us;
	l->r.last_us = f->t_us + f->dur_us;
	note_tracks(l, out.track, out.n_track);
	if (l->walkers)
		walkers_step(l->walkers, f->t_us, &out);
	if (l->mot)
		motfile_step(l->mot, f->t_us, f->coded, out.track, out.n_track, out.factor,
			     out.sighting, l->calib ? out.n_sighting : 0);
	if (watch_camera(l, f->t_us, &out))
		rc = counting_step(l->counting, f->t_us, f->dur_us, out.sighting, out.heat_cell,
				   out.n_sighting, err);
	if (rc >= 0 && l->o->watch && l->o->watch->frame)
		l->enough = !l->o->watch->frame(l->o->watch->ctx, f->t_us, &out);
	return rc < 0 ? rc : renew_plate(l, f->t_us, err);
}

static int read_all(struct line *l, struct err *err)
{
	struct frame f = { 0 };
	double share;
	int rc;

	while ((rc = feed_next(l->feed, &f, &share, err)) == 0) {
		rc = step(l, &f, err);
		frame_unref(&f);
		if (rc < 0)
			return rc;
		if (l->enough)
			return 0;
		if (l->o->progress)
			l->o->progress(&(struct progress){
				.share = share,
				.frames = l->r.frames,
				.media_s = (double)(l->r.last_us - l->r.first_us) / 1e6,
			});
		if (l->o->stop && l->o->stop()) {
			l->r.stopped = true;
			return 0;
		}
	}
	return rc == ERR_EOF ? 0 : rc;
}

static int show_plate(struct line *l, struct err *err)
{
	const struct replay_watch *w = l->o->watch;
	uint8_t *png;
	size_t len;
	double share;

	if (!w || !w->plate || !l->r.frames)
		return 0;
	share = camera_plate_png(l->camera, &png, &len, err);
	if (share < 0)
		return (int)share;
	w->plate(w->ctx, png, len, share);
	free(png);
	return 0;
}

/* Ends every stage. Also after a failure: what is complete is kept, and the first thing that
 * went wrong is what is told. */
static int close_line(struct line *l, int rc, struct err *err)
{
	struct err later = { 0 };
	int rc2 = 0;

	if (l->counting && rc >= 0)
		rc = counting_end(l->counting, err);
	if (l->counting && counting_has_db(l->counting) && l->r.frames && rc >= 0)
		rc = keep_plate(l, l->r.last_us, err);
	if (rc >= 0)
		rc = show_plate(l, err);
	if (l->counting)
		l->r.observed_s = counting_observed_s(l->counting);
	rc2 = counting_close(l->counting, &later);
	if (rc >= 0 && rc2 < 0)
		rc = rc2, *err = later;
	rc2 = motfile_close(l->mot, &later);
	if (rc >= 0 && rc2 < 0)
		rc = rc2, *err = later;
	if (l->feed) {
		feed_stop(l->feed);
		prof_add(&l->r.prof, feed_prof(l->feed));
	}
	if (l->camera)
		prof_add(&l->r.prof, camera_prof(l->camera));
	camera_free(l->camera);
	feed_free(l->feed);
	plan_clear(&l->plan);
	VEC_FREE(&l->confirmed);
	return rc;
}

/* Says so when people are surely not as tall as the calibration has them. */
static void check_calib(const struct line *l)
{
	struct selfcalib_ratio r;
	const struct person_px *p;
	struct lens lens;
	int n;

	if (!l->walkers)
		return;
	lens = l->calib->lens;
	lens_resize(&lens, l->r.source.w);
	p = walkers_people(l->walkers, &n);
	if (selfcalib_check(&r, &lens, p, n) &&
	    (r.lo > SELFCALIB_RATIO_HI || r.hi < SELFCALIB_RATIO_LO))
		log_warn("camera '%s': people look %.2f times as tall as the calibration has "
			 "them (%.2f to %.2f): has the camera moved? 'footfall calibrate "
			 "check' tells more",
			 l->o->conf->camera.name, r.median, r.lo, r.hi);
}

int replay(const struct replay_opts *o, struct replay_result *r, struct err *err)
{
	struct line l = { .o = o };
	int64_t began = clock_stopwatch_us();
	struct err mine = { 0 };
	int rc;

	l.plate_made_us = began;
	rc = open_line(&l, &mine);
	if (rc >= 0) {
		camera_prof(l.camera)->on = true;
		rc = look_ahead(&l, &mine);
	}
	if (rc >= 0)
		rc = read_all(&l, &mine);
	if (rc >= 0 && !l.r.frames && !l.r.stopped)
		rc = err_set(&mine, ERR_FORMAT, "no picture could be used");
	if (rc >= 0)
		check_calib(&l);
	rc = close_line(&l, rc, &mine);
	walkers_free(l.walkers);
	l.r.took_us = clock_stopwatch_us() - began;
	*r = l.r;
	if (rc < 0 && err)
		*err = mine;
	return rc < 0 ? rc : 0;
}
