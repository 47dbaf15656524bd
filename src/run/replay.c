/* SPDX-License-Identifier: Apache-2.0 */
/* replay.c -- the whole line over a recording, as fast as it goes. */
#include "run/replay.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/vec.h"
#include "count/counter.h"
#include "floor/map.h"
#include "floor/plan.h"
#include "run/camera.h"
#include "run/eventfile.h"
#include "run/feed.h"
#include "run/motfile.h"
#include "run/order.h"
#include "run/preview.h"
#include "store/writer.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* How often the database makes safe what it has, by the stopwatch, and how often it gets a new
 * plate, by the recording's time. */
#define COMMIT_EVERY_US CLOCK_SECOND_US
#define PLATE_EVERY_US (10 * CLOCK_MINUTE_US)

struct line {
	const struct replay_opts *o;
	struct plan plan;
	struct calib calib;
	bool metric;
	struct feed *feed;
	struct camera *camera;
	struct order *order;
	struct counter *counter;
	struct writer *writer;
	struct motfile *mot;
	struct eventfile *events;
	struct replay_result r;
	VEC(int64_t) confirmed; /* ids of the frame before, ordered */
	int64_t committed_us, plate_us;
	bool shape_told;
};

static void on_note(const char *text)
{
	log_warn("%s", text);
}

static char *params_text(const struct line *l)
{
	struct str s = STR_INIT;
	char *conf = conf_params(l->o->conf), *calib;

	str_addf(&s, "{\"settings\":%s,\"causal\":%s,\"places\":[", conf,
		 l->o->causal ? "true" : "false");
	for (int i = 0; i < l->plan.n; i++) {
		char *place = place_text(&l->plan.place[i]);

		str_addf(&s, "%s%s", i ? "," : "", place);
		free(place);
	}
	str_add(&s, "],\"calibration\":");
	calib = l->metric ? calib_text(&l->calib) : xstrdup("null");
	str_addf(&s, "%s}", calib);
	free(calib);
	free(conf);
	return str_take(&s);
}

static int open_writer(struct line *l, struct err *err)
{
	const struct conf *conf = l->o->conf;
	struct store_info store = { .business_day_start_s = conf->store.business_day_start_s };
	struct run_info run = { .version = FOOTFALL_VERSION, .metric = l->metric };
	struct place_info *places = xcalloc((size_t)l->plan.n + 1, sizeof(*places));
	char *params = params_text(l), *note = NULL;
	int rc;

	str_copy(store.name, sizeof(store.name), conf->store.name);
	str_copy(store.zone, sizeof(store.zone), conf->store.time_zone);
	str_copy(run.camera, sizeof(run.camera), conf->camera.name);
	snprintf(run.params_id, sizeof(run.params_id), "%016" PRIx64,
		 str_hash(STR_HASH_INIT, params, strlen(params)));
	run.params = params;
	for (int i = 0; i < l->plan.n; i++) {
		const struct place *p = &l->plan.place[i];

		places[i] = (struct place_info){ .kind = p->kind,
						 .role = p->role,
						 .geometry = place_text(p),
						 .engaged_s = p->engaged_s };
		str_copy(places[i].name, sizeof(places[i].name), p->name);
		str_copy(places[i].in_label, sizeof(places[i].in_label), p->in_label);
		str_copy(places[i].out_label, sizeof(places[i].out_label), p->out_label);
	}
	rc = writer_open(&l->writer, l->o->db, &store, &run, places, l->plan.n, &note, err);
	if (note)
		log_warn("%s", note);
	for (int i = 0; i < l->plan.n; i++)
		free((char *)places[i].geometry);
	free(places);
	free(params);
	free(note);
	return rc;
}

static bool is_own(const struct place *p, const char *camera)
{
	return !p->camera[0] || !strcmp(p->camera, camera);
}

/* Places of other cameras are those cameras' to watch: here they leave the plan. A plan with
 * none for this camera is another camera's. */
static int keep_own_places(struct line *l, struct err *err)
{
	const char *camera = l->o->conf->camera.name;
	int kept = 0;

	for (int i = 0; i < l->plan.n; i++)
		kept += is_own(&l->plan.place[i], camera);
	if (l->plan.n && !kept)
		return err_set(
			err, ERR_CONFIG,
			"plan '%s': nothing in it is for camera '%s', the first place "
			"is for camera '%s'; expected the camera's own plan, or its name "
			"in camera.name",
			l->o->plan, camera, l->plan.place[0].camera);
	kept = 0;
	for (int i = 0; i < l->plan.n; i++) {
		struct place *p = &l->plan.place[i];

		if (is_own(p, camera))
			l->plan.place[kept++] = *p;
		else
			log_warn("plan '%s': '%s' belongs to camera '%s' and is not counted by "
				 "camera '%s'",
				 l->o->plan, p->name, p->camera, camera);
	}
	l->plan.n = kept;
	return 0;
}

static int open_plan(struct line *l, struct err *err)
{
	char text[256];
	int rc;

	if (l->o->calib) {
		rc = calib_read(&l->calib, l->o->calib, err);
		if (rc < 0)
			return rc;
		l->metric = true;
	}
	if (!l->o->plan)
		return 0;
	rc = plan_read(&l->plan, l->o->plan, err);
	if (rc < 0)
		return rc;
	rc = keep_own_places(l, err);
	if (rc < 0)
		return rc;
	for (int i = 0; i < l->plan.n; i++)
		for (int n = 0; plan_lint(&l->plan, i, n, text, sizeof(text)); n++)
			log_warn("plan '%s': %s", l->o->plan, text);
	return 0;
}

/* Places on the floor of a camera with such pictures. Floor units do not depend on the analysis
 * picture, so that what is wrong with a plan shows before the first frame. */
static int make_counter(struct line *l, struct err *err)
{
	const int w = l->r.source.w, h = l->r.source.h, n = l->plan.n;
	struct map *map = map_new(l->metric ? &l->calib : NULL, w, h, w, h, 1);
	struct pt_floor(*at)[PLAN_MAX_POINTS];
	const struct pt_floor **v;
	int rc = 0;

	at = xcalloc((size_t)n + 1, sizeof(*at));
	v = xcalloc((size_t)n + 1, sizeof(*v));
	for (int i = 0; i < n && rc >= 0; i++) {
		v[i] = at[i];
		rc = map_place(map, &l->plan.place[i], at[i], err);
	}
	if (rc >= 0)
		l->counter = counter_new(&l->o->conf->count, 0, &l->plan, v, map_metric(map));
	free(v);
	free(at);
	map_free(map);
	if (rc >= 0)
		return 0;
	err_ctx(err, "plan '%s'", l->o->plan);
	return err->code = ERR_CONFIG;
}

static int open_line(struct line *l, struct err *err)
{
	const struct replay_opts *o = l->o;
	struct source *src;
	int rc;

	if (open_plan(l, err) < 0)
		return err->code = ERR_CONFIG;
	src = source_open(&o->source, err);
	if (!src)
		return err ? err->code : ERR_IO;
	l->r.source = *source_info(src);
	l->feed = feed_new(src, o->threads > 1, on_note);
	l->camera = camera_new(o->conf, l->metric ? &l->calib : NULL, 0);
	l->order = order_new(camera_late_s(l->camera));
	if ((rc = make_counter(l, err)) < 0)
		return rc;
	if (o->db && (rc = open_writer(l, err)) < 0)
		return rc;
	if (o->mot && (rc = motfile_open(&l->mot, o->mot, camera_late_s(l->camera), err)) < 0)
		return rc;
	if (o->events)
		rc = eventfile_open(&l->events, o->events, &l->plan, o->conf->camera.name, err);
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

/* What the counter has finished goes where it is kept. */
static int keep(struct line *l, const struct count_out *c, struct err *err)
{
	struct writer *w = l->writer;
	int rc = 0;

	for (int i = 0; i < c->n_cover; i++)
		l->r.observed_s += c->cover[i].observed_s;
	if (l->events)
		for (int i = 0; i < c->n_event; i++)
			eventfile_add(l->events, &c->event[i]);
	if (!w)
		return 0;
	for (int i = 0; i < c->n_cover && rc >= 0; i++)
		rc = writer_cover(w, &c->cover[i], err);
	for (int i = 0; i < c->n_line && rc >= 0; i++)
		rc = writer_line(w, &c->line[i], err);
	for (int i = 0; i < c->n_zone && rc >= 0; i++)
		rc = writer_zone(w, &c->zone[i], err);
	for (int i = 0; i < c->n_heat && rc >= 0; i++)
		rc = writer_heat(w, &c->heat[i], err);
	for (int i = 0; i < c->n_event && rc >= 0; i++)
		rc = writer_event(w, &c->event[i], err);
	return rc;
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
		rc = writer_plate(l->writer, t_us, png, len, err);
	free(png);
	return rc;
}

/* Nothing that was counted is older than a second or so when the power goes. */
static int make_safe(struct line *l, int64_t t_us, struct err *err)
{
	int64_t now = clock_stopwatch_us();
	int rc;

	if (!l->writer || now - l->committed_us < COMMIT_EVERY_US)
		return 0;
	if (t_us - l->plate_us >= PLATE_EVERY_US) {
		rc = keep_plate(l, t_us, err);
		if (rc < 0)
			return rc;
		l->plate_us = t_us;
	}
	l->committed_us = now;
	return writer_commit(l->writer, err);
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

static int count_ready(struct line *l, bool over, struct err *err)
{
	struct order_frame f;
	struct count_out out;
	int rc = 0;

	while (rc >= 0 && order_next(l->order, over, &f)) {
		rc = counter_step(l->counter, f.t_us, f.dur_us, f.who, f.heat_cell, f.n, &out);
		if (rc >= 0)
			rc = keep(l, &out, err);
	}
	if (over && rc >= 0 && l->counter) {
		counter_end(l->counter, &out);
		rc = keep(l, &out, err);
	}
	return rc;
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
	if (l->mot)
		motfile_step(l->mot, f->t_us, f->coded, out.track, out.n_track, out.factor);
	order_frame(l->order, f->t_us, f->dur_us);
	for (int i = 0; i < out.n_sighting; i++)
		order_sighting(l->order, &out.sighting[i], out.heat_cell[i]);
	rc = count_ready(l, false, err);
	return rc < 0 ? rc : make_safe(l, f->t_us, err);
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

/* Ends every stage. Also after a failure: what is complete is kept, and the first thing that
 * went wrong is what is told. */
static int close_line(struct line *l, int rc, struct err *err)
{
	struct err later = { 0 };
	int rc2 = 0;

	if (l->counter && rc >= 0)
		rc = count_ready(l, true, err);
	if (l->writer && l->r.frames && rc >= 0)
		rc = keep_plate(l, l->r.last_us, err);
	rc2 = writer_close(l->writer, &later);
	if (rc >= 0 && rc2 < 0)
		rc = rc2, *err = later;
	rc2 = motfile_close(l->mot, &later);
	if (rc >= 0 && rc2 < 0)
		rc = rc2, *err = later;
	rc2 = eventfile_close(l->events, &later);
	if (rc >= 0 && rc2 < 0)
		rc = rc2, *err = later;
	if (l->feed) {
		feed_stop(l->feed);
		prof_add(&l->r.prof, feed_prof(l->feed));
	}
	if (l->camera)
		prof_add(&l->r.prof, camera_prof(l->camera));
	counter_free(l->counter);
	order_free(l->order);
	camera_free(l->camera);
	feed_free(l->feed);
	plan_clear(&l->plan);
	VEC_FREE(&l->confirmed);
	return rc;
}

int replay(const struct replay_opts *o, struct replay_result *r, struct err *err)
{
	struct line l = { .o = o };
	int64_t began = clock_stopwatch_us();
	struct err mine = { 0 };
	int rc;

	l.committed_us = began;
	rc = open_line(&l, &mine);
	if (rc >= 0) {
		camera_prof(l.camera)->on = true;
		rc = look_ahead(&l, &mine);
	}
	if (rc >= 0) {
		rc = read_all(&l, &mine);
	}
	if (rc >= 0 && !l.r.frames && !l.r.stopped)
		rc = err_set(&mine, ERR_FORMAT, "no picture could be used");
	rc = close_line(&l, rc, &mine);
	l.r.took_us = clock_stopwatch_us() - began;
	*r = l.r;
	if (rc < 0 && err)
		*err = mine;
	return rc < 0 ? rc : 0;
}
