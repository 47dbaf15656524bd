/* SPDX-License-Identifier: Apache-2.0 */
/* watch.c -- one live camera. */
#include "run/watch.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "base/rng.h"
#include "base/vec.h"
#include "run/arrival.h"
#include "run/camera.h"
#include "run/sources.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define READ_MS 500                       /* sources other than streams are asked so often */
#define BACK_OFF_S 1.0                    /* before the first try to connect anew; doubles */
#define BACK_OFF_MAX_S 60.0               /* but not beyond */
#define SETTLED_US (10 * CLOCK_SECOND_US) /* a connection that held so long was a good one */
#define CATCH_UP_US (5 * CLOCK_SECOND_US)
#define SAVE_EVERY_US (10 * CLOCK_MINUTE_US)
#define FPS_OVER_US (4 * CLOCK_SECOND_US)
#define MODEL_BYTES_MAX ((size_t)256 << 20)
#define PLATE_SHARE 0.5 /* a picture with less of the scene in it is none */

struct watch {
	struct watch_opts o;
	const struct conf *conf;
	char *model; /* file, or NULL */
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t stopping;
	atomic_bool stop;

	/* The thread's. */
	struct source *source;
	bool live;
	double source_fps;
	struct camera *camera;
	struct arrival arrival;
	struct rng rng;
	int64_t due_us;   /* next picture to look at, by the stopwatch */
	int64_t base_us;  /* of a source that does not wait itself: its time 0 by the stopwatch
			   */
	int64_t first_us; /* the source's first time; CLOCK_NONE: none yet */
	int64_t t_us;     /* of the last frame looked at */
	int64_t late_from_us; /* since when pictures come too late, by the stopwatch; 0: they do
				 not */
	int epoch;
	int64_t saved_us;
	int64_t connected_us;
	double back_off_s;
	char told[256]; /* trouble that the log has */
	int64_t window_us;
	int64_t in_window;

	/* Under lock. */
	struct watch_status status;
	bool late;         /* a picture was looked at too late, or skipped */
	int64_t waited_ns; /* for a processor, since the last question */
};

static const char *name_of(const struct watch *w)
{
	return w->conf->camera.name;
}

static bool stopped(void *arg)
{
	return atomic_load(&((struct watch *)arg)->stop);
}

/* Until a moment of the stopwatch, or the end. */
static void wait_until(struct watch *w, int64_t until_us)
{
	struct timespec ts = { .tv_sec = until_us / CLOCK_SECOND_US,
			       .tv_nsec = until_us % CLOCK_SECOND_US * 1000 };

	pthread_mutex_lock(&w->lock);
	while (!stopped(w) && clock_stopwatch_us() < until_us)
		pthread_cond_timedwait(&w->stopping, &w->lock, &ts);
	pthread_mutex_unlock(&w->lock);
}

static void set_state(struct watch *w, enum watch_state state)
{
	pthread_mutex_lock(&w->lock);
	w->status.state = state;
	pthread_mutex_unlock(&w->lock);
}

/* ---- the scene's model, from start to start ---- */

/* A file's name in the state folder: what may not stand in one is written as %XX. */
static char *model_path(const char *state, const char *camera)
{
	struct str name = STR_INIT;
	char *path;

	if (!*state)
		return NULL;
	for (const char *c = camera; *c; c++) {
		bool plain = (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') ||
			     (*c >= '0' && *c <= '9') || *c == '-' || *c == '_';

		str_addf(&name, plain ? "%c" : "%%%02X", (unsigned char)*c);
	}
	str_add(&name, ".scene");
	path = file_join(state, name.s);
	str_clear(&name);
	return path;
}

static void load_model(struct watch *w)
{
	char *buf = NULL;
	size_t len;

	if (!w->model || file_read(w->model, MODEL_BYTES_MAX, &buf, &len, NULL) < 0)
		return;
	camera_restore(w->camera, (const uint8_t *)buf, len);
	free(buf);
}

static void save_model(struct watch *w)
{
	uint8_t *buf;
	size_t len;
	struct err e;

	w->saved_us = clock_stopwatch_us();
	if (!w->model || camera_save(w->camera, &buf, &len, NULL) < 0)
		return;
	if (file_write(w->model, buf, len, &e) < 0)
		log_warn("camera '%s': what its empty scene looks like is not kept: %s",
			 name_of(w), e.msg);
	free(buf);
}

static void save_plate(struct watch *w)
{
	uint8_t *png;
	size_t len;
	double share = camera_plate_png(w->camera, &png, &len, NULL);

	if (share < PLATE_SHARE)
		free(png);
	else
		books_plate(w->o.books, w->o.to, w->t_us, png, len);
}

/* Times jump: tracks end, what is known of the scene goes on. */
static void begin_anew(struct watch *w)
{
	const struct books_setup *s = books_setup(w->o.to);
	struct camera *next = camera_new(w->conf, s->has_calib ? &s->calib : NULL, 0);
	uint8_t *buf;
	size_t len;

	books_end(w->o.books, w->o.to);
	if (camera_save(w->camera, &buf, &len, NULL) == 0) {
		camera_restore(next, buf, len);
		free(buf);
	}
	camera_free(w->camera);
	w->camera = next;
	w->t_us = INT64_MIN;
}

/* ---- one picture ---- */

static void note_picture(struct watch *w, int64_t now_us)
{
	pthread_mutex_lock(&w->lock);
	w->status.pictures++;
	w->status.last_us = now_us;
	pthread_mutex_unlock(&w->lock);
}

static void note_skipped(struct watch *w)
{
	pthread_mutex_lock(&w->lock);
	w->status.skipped++;
	w->late = true;
	pthread_mutex_unlock(&w->lock);
}

/* How long this thread was ready to run and could not, so far. */
static int64_t waited_for_processor_ns(void)
{
	FILE *f = fopen("/proc/thread-self/schedstat", "re");
	int64_t ran, waited = 0;

	if (!f)
		return 0;
	if (fscanf(f, "%" SCNd64 " %" SCNd64, &ran, &waited) != 2)
		waited = 0;
	fclose(f);
	return waited;
}

static void note_looked(struct watch *w, int64_t late_us)
{
	int64_t now_us = clock_stopwatch_us(), over_us = now_us - w->window_us;
	bool close_window = over_us >= FPS_OVER_US;
	int64_t waited_ns = close_window ? waited_for_processor_ns() : 0;

	w->in_window++;
	pthread_mutex_lock(&w->lock);
	w->status.looked_at++;
	w->status.late_us = late_us;
	/* With the first one much is made ready. */
	w->late |= late_us > PACE_LATE_US && w->status.looked_at > 1;
	if (close_window) {
		double fps = (double)w->in_window * 1e6 / (double)over_us;
		double wanted = 1e6 / (double)pace_every_us(w->o.pace);
		double there = wanted < w->source_fps ? wanted : w->source_fps;

		w->status.fps = fps;
		/* Fewer than there were is only our fault when there was no processor. */
		w->late |= fps < 0.85 * there &&
			   (double)(waited_ns - w->waited_ns) > 250.0 * (double)over_us;
		w->waited_ns = waited_ns;
	}
	pthread_mutex_unlock(&w->lock);
	if (close_window) {
		w->window_us = now_us;
		w->in_window = 0;
	}
}

static bool fits(struct watch *w, const struct frame *f)
{
	bool ok = camera_fits(w->camera, f);

	pthread_mutex_lock(&w->lock);
	if (!ok && w->status.state != WATCH_OTHER) {
		snprintf(w->status.trouble, sizeof(w->status.trouble),
			 "the picture is %dx%d now and was %dx%d: its shape is another, and "
			 "lines and zones would lie elsewhere",
			 f->y.w, f->y.h, w->status.w, w->status.h);
		log_error("camera '%s': %s; it is not counted", name_of(w), w->status.trouble);
	}
	w->status.state = ok ? WATCH_SEES : WATCH_OTHER;
	if (ok) {
		w->status.w = f->y.w;
		w->status.h = f->y.h;
		w->status.trouble[0] = '\0';
	}
	pthread_mutex_unlock(&w->lock);
	return ok;
}

static void keep_now_and_then(struct watch *w)
{
	bool moved = camera_moved(w->camera), was;

	pthread_mutex_lock(&w->lock);
	was = w->status.moved;
	w->status.moved = moved;
	w->status.knew_scene = camera_knew_scene(w->camera);
	pthread_mutex_unlock(&w->lock);
	if (moved && !was)
		log_error("camera '%s' looks elsewhere than before: lines and zones lie wrong",
			  name_of(w));
	if (clock_stopwatch_us() - w->saved_us < SAVE_EVERY_US)
		return;
	save_model(w);
	save_plate(w);
}

/* A frame whose time is known, and whose turn it is. */
static int look(struct watch *w, struct frame *f, struct err *err)
{
	bool first = w->t_us == INT64_MIN;
	struct camera_out out;
	int rc;

	if (!fits(w, f))
		return 0;
	rc = camera_step(w->camera, f, &out, err);
	if (rc < 0)
		return rc;
	if (first)
		books_begin(w->o.books, w->o.to, f->y.w, f->y.h, camera_late_s(w->camera));
	w->t_us = f->t_us;
	books_frame(w->o.books, w->o.to, f->t_us, f->dur_us, out.sighting, out.heat_cell,
		    out.n_sighting);
	keep_now_and_then(w);
	return 0;
}

/* Whether it is a picture's turn, of all that come. */
static bool is_due(struct watch *w, int64_t t_us, int64_t dur_us)
{
	int64_t every_us = pace_every_us(w->o.pace);

	if (t_us < w->due_us - dur_us / 2)
		return false;
	w->due_us += every_us;
	if (w->due_us < t_us || w->due_us > t_us + 2 * every_us)
		w->due_us = t_us + every_us;
	return true;
}

/* Pictures that are late are not looked at, to catch up. When that does not help, their way
 * here has become longer, for good: it is measured anew. */
static void catch_up(struct watch *w, int64_t now_us)
{
	if (!w->late_from_us)
		w->late_from_us = now_us;
	if (now_us - w->late_from_us < CATCH_UP_US)
		return;
	w->late_from_us = 0;
	w->arrival = (struct arrival){ 0 };
}

static int take(struct watch *w, struct frame *f, struct err *err)
{
	int64_t now_us = clock_stopwatch_us(), at_us, every_us = pace_every_us(w->o.pace);
	int epoch, rc;

	note_picture(w, now_us);
	if (!arrival_step(&w->arrival, f->t_us, now_us, &at_us) || !is_due(w, at_us, f->dur_us))
		return 0;
	if (now_us - at_us > 2 * PACE_LATE_US) {
		note_skipped(w);
		catch_up(w, now_us);
		return 0;
	}
	w->late_from_us = 0;
	f->t_us = wall_time(w->o.wall, at_us, &epoch);
	if (f->dur_us < every_us)
		f->dur_us = every_us;
	if (epoch != w->epoch) {
		w->epoch = epoch;
		begin_anew(w);
	}
	if (f->t_us <= w->t_us)
		return 0;
	rc = look(w, f, err);
	note_looked(w, clock_stopwatch_us() - at_us);
	return rc;
}

/* ---- a connection ---- */

/* Recorded and simulated pictures come at their own pace, however fast they could. */
static void wait_for_its_time(struct watch *w, int64_t t_us)
{
	int64_t now_us = clock_stopwatch_us(), at_us = w->base_us + (t_us - w->first_us);

	if (w->first_us == CLOCK_NONE || at_us > now_us + 2 * CLOCK_SECOND_US ||
	    at_us < now_us - 2 * CLOCK_SECOND_US) {
		w->first_us = t_us;
		w->base_us = now_us;
		return;
	}
	if (at_us > now_us)
		wait_until(w, at_us);
}

static int connect_to(struct watch *w, struct err *err)
{
	const char *spec = w->o.uri;
	struct source_opts o = { .specs = &spec,
				 .n_specs = 1,
				 .start_us = CLOCK_NONE,
				 .kinds = sources,
				 .user = w->o.login.user,
				 .password = w->o.login.password,
				 .udp = w->o.udp,
				 .stall_s = w->conf->run.stall_s,
				 .stop = stopped,
				 .arg = w };

	set_state(w, WATCH_CONNECTS);
	w->source = source_open(&o, err);
	if (!w->source)
		return err->code;
	w->live = source_live(w->source);
	w->source_fps = source_info(w->source)->fps;
	w->arrival = (struct arrival){ 0 };
	w->first_us = CLOCK_NONE;
	w->late_from_us = 0;
	w->connected_us = w->window_us = clock_stopwatch_us();
	w->in_window = 0;
	pthread_mutex_lock(&w->lock);
	w->status.connections++;
	pthread_mutex_unlock(&w->lock);
	return 0;
}

static void tell_seen(struct watch *w)
{
	if (w->told[0])
		log_info("camera '%s': there are pictures again", name_of(w));
	w->told[0] = '\0';
}

/* Reads until the connection is none any more. */
static int read_on(struct watch *w, struct err *err)
{
	int64_t last_us = clock_stopwatch_us();
	int rc = 0;

	while (rc >= 0 && !stopped(w)) {
		struct frame f = { 0 };

		rc = source_read(w->source, &f, READ_MS, err);
		if (rc == ERR_AGAIN) {
			double s = (double)(clock_stopwatch_us() - last_us) / 1e6;

			rc = s > w->conf->run.stall_s
				     ? err_set(err, ERR_IO, "no picture for %g s",
					       w->conf->run.stall_s)
				     : 0;
			continue;
		}
		if (rc < 0)
			break;
		if (!w->live)
			wait_for_its_time(w, f.t_us);
		last_us = clock_stopwatch_us();
		tell_seen(w);
		rc = take(w, &f, err);
		frame_unref(&f);
		if (last_us - w->connected_us > SETTLED_US)
			w->back_off_s = 0;
	}
	return rc;
}

/* 1, 2, 4 ... 60 s, a quarter more or less so that cameras do not all come at once. */
static int64_t next_try_us(struct watch *w)
{
	double s = w->back_off_s > 0 ? 2 * w->back_off_s : BACK_OFF_S;

	w->back_off_s = s < BACK_OFF_MAX_S ? s : BACK_OFF_MAX_S;
	s = w->back_off_s * rng_between(&w->rng, 0.75, 1.25);
	return clock_stopwatch_us() + (int64_t)(s * 1e6);
}

/* Trouble is told when it begins, and when it becomes another. */
static void wait_after(struct watch *w, const struct err *e)
{
	int64_t until_us = next_try_us(w);

	if (strcmp(w->told, e->msg) != 0)
		log_warn("camera '%s': %s; trying again, every %g s at first and every minute "
			 "later",
			 name_of(w), e->msg, BACK_OFF_S);
	str_copy(w->told, sizeof(w->told), e->msg);
	pthread_mutex_lock(&w->lock);
	w->status.state = WATCH_WAITS;
	w->status.fps = 0;
	w->status.waits_us = until_us;
	str_copy(w->status.trouble, sizeof(w->status.trouble), e->msg);
	pthread_mutex_unlock(&w->lock);
	wait_until(w, until_us);
}

static void *run(void *arg)
{
	struct watch *w = arg;

	while (!stopped(w)) {
		struct err e = { 0 };
		int rc = connect_to(w, &e);

		if (rc >= 0)
			rc = read_on(w, &e);
		source_close(w->source);
		w->source = NULL;
		/* What is recorded begins anew when it is over. */
		if (!stopped(w) && !(rc == ERR_EOF && w->first_us != CLOCK_NONE))
			wait_after(w, &e);
	}
	save_model(w);
	books_end(w->o.books, w->o.to);
	return NULL;
}

/* ---- from other threads ---- */

static void init_sync(struct watch *w)
{
	pthread_condattr_t attr;

	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&w->stopping, &attr);
	pthread_condattr_destroy(&attr);
	pthread_mutex_init(&w->lock, NULL);
	atomic_init(&w->stop, false);
}

static void clear(struct watch *w)
{
	camera_free(w->camera);
	login_clear(&w->o.login);
	pthread_cond_destroy(&w->stopping);
	pthread_mutex_destroy(&w->lock);
	free((char *)w->o.uri);
	free(w->model);
	free(w);
}

struct watch *watch_new(const struct watch_opts *o, struct err *err)
{
	const struct books_setup *s = books_setup(o->to);
	struct watch *w = xcalloc(1, sizeof(*w));
	const char *name = s->conf.camera.name;

	w->o = *o;
	w->o.uri = xstrdup(o->uri);
	w->conf = &s->conf;
	w->model = model_path(o->state, name);
	w->t_us = INT64_MIN;
	/* The first time after a minute: there is something to lose by then. */
	w->saved_us = clock_stopwatch_us() - SAVE_EVERY_US + CLOCK_MINUTE_US;
	rng_init(&w->rng, str_hash(STR_HASH_INIT, name, strlen(name)),
		 (uint64_t)clock_stopwatch_us());
	init_sync(w);
	w->camera = camera_new(w->conf, s->has_calib ? &s->calib : NULL, 0);
	load_model(w);
	wall_time(o->wall, clock_stopwatch_us(), &w->epoch);
	if (pthread_create(&w->thread, NULL, run, w) == 0)
		return w;
	err_set(err, ERR_STATE, "cannot start a thread");
	clear(w);
	return NULL;
}

void watch_stop(struct watch *w)
{
	pthread_mutex_lock(&w->lock);
	atomic_store(&w->stop, true);
	pthread_cond_broadcast(&w->stopping);
	pthread_mutex_unlock(&w->lock);
}

void watch_free(struct watch *w)
{
	if (!w)
		return;
	watch_stop(w);
	pthread_join(w->thread, NULL);
	clear(w);
}

void watch_status(struct watch *w, struct watch_status *s)
{
	pthread_mutex_lock(&w->lock);
	*s = w->status;
	pthread_mutex_unlock(&w->lock);
}

bool watch_overloaded(struct watch *w)
{
	bool late;

	pthread_mutex_lock(&w->lock);
	late = w->late;
	w->late = false;
	pthread_mutex_unlock(&w->lock);
	return late;
}
