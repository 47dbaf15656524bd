/* SPDX-License-Identifier: Apache-2.0 */
/* bookkeeper.c -- the one thread that counts what all cameras see, and keeps it. */
#include "run/bookkeeper.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/queue.h"
#include "base/str.h"
#include "base/vec.h"
#include "run/counting.h"
#include "store/retention.h"

#include <assert.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* Half a minute of sixteen cameras: as long as a database may be in use by another. */
#define QUEUE_ITEMS 8192
#define RETRY_US (5 * CLOCK_SECOND_US) /* after a failure to write */
#define TIDY_EVERY_US (6 * 60 * CLOCK_MINUTE_US)

enum what { ADD, BEGIN, FRAME, PLATE, END, REMOVE, TICK };

struct item {
	enum what what;
	struct books_camera *cam;
	int64_t t_us, dur_us;
	struct sighting *who; /* n of each; the item's own */
	int *cell;
	int n;
	int w, h;
	double late_s;
	uint8_t *png; /* the item's own */
	size_t len;
};

struct books_camera {
	struct books *books;
	struct books_setup s;
	/* The thread's. */
	struct counting *counting;    /* of this stretch, or NULL */
	VEC(struct counting *) ended; /* not yet written as a whole */
	int w, h;
	double late_s;
	int64_t came_us; /* last frame, by the stopwatch */
	bool refused;    /* its plan does not fit its pictures: said once */
	bool gone;
	struct batch_loss told;
	/* Under the bookkeeper's lock. */
	struct books_status status;
	char day[16]; /* that observed_s is of */
};

struct books {
	char *db;
	struct queue *q;
	pthread_t thread;
	/* The thread's. */
	VEC(struct books_camera *) cam;
	bool checked;
	bool failing;
	int64_t failed_us, tidied_us;
	int rc;
	struct err err;

	pthread_mutex_t lock;
	int64_t alive_us;
	char trouble[256];
};

void books_setup_clear(struct books_setup *s)
{
	conf_clear(&s->conf);
	plan_clear(&s->plan);
	free(s->plan_path);
	memset(s, 0, sizeof(*s));
}

/* ---- what becomes known ---- */

static void on_cover(void *ctx, const struct minute_cover *m)
{
	struct books_camera *c = ctx;
	char day[16];

	clock_day_of(m->start_us, c->s.conf.store.business_day_start_s, day);
	pthread_mutex_lock(&c->books->lock);
	if (strcmp(day, c->day) > 0) {
		str_copy(c->day, sizeof(c->day), day);
		c->status.observed_s = 0;
	}
	if (!strcmp(day, c->day))
		c->status.observed_s += m->observed_s;
	c->status.hour_observed_s += m->observed_s;
	pthread_mutex_unlock(&c->books->lock);
}

static void on_event(void *ctx, const struct event *e)
{
	struct books_camera *c = ctx;

	pthread_mutex_lock(&c->books->lock);
	c->status.in += e->kind == EVENT_CROSS_IN;
	c->status.out += e->kind == EVENT_CROSS_OUT;
	pthread_mutex_unlock(&c->books->lock);
}

static void set_trouble(struct books_camera *c, const char *text)
{
	pthread_mutex_lock(&c->books->lock);
	str_copy(c->status.trouble, sizeof(c->status.trouble), text);
	pthread_mutex_unlock(&c->books->lock);
}

/* ---- stretches ---- */

static void begin_stretch(struct books_camera *c)
{
	struct str params = STR_INIT;
	char fps[STR_DOUBLE];
	struct err e;

	str_addf(&params, "\"causal\":true,\"fps\":%s", str_double(c->s.conf.run.fps, fps));
	c->counting = counting_open(
		&(struct counting_opts){ .conf = &c->s.conf,
					 .plan = &c->s.plan,
					 .plan_path = c->s.plan_path,
					 .img_w = c->w,
					 .img_h = c->h,
					 .calib = c->s.has_calib ? &c->s.calib : NULL,
					 .params = params.s,
					 .late_s = c->late_s,
					 .db = c->books->db,
					 .checked = &c->books->checked,
					 .on_event = on_event,
					 .on_cover = on_cover,
					 .ctx = c },
		&e);
	str_clear(&params);
	if (c->counting)
		return;
	c->refused = true;
	log_error("camera '%s' is not counted: %s", c->s.conf.camera.name, e.msg);
	set_trouble(c, e.msg);
}

static void end_stretch(struct books_camera *c)
{
	struct err e;

	if (!c->counting)
		return;
	if (counting_end(c->counting, &e) < 0)
		log_error("camera '%s': %s", c->s.conf.camera.name, e.msg);
	*VEC_PUSH(&c->ended) = c->counting;
	c->counting = NULL;
}

static void take_frame(struct books_camera *c, const struct item *it)
{
	struct err e;

	if (!c->counting && !c->refused)
		begin_stretch(c);
	if (!c->counting)
		return;
	c->came_us = clock_stopwatch_us();
	if (counting_step(c->counting, it->t_us, it->dur_us, it->who, it->cell, it->n, &e) < 0)
		log_error("camera '%s': %s", c->s.conf.camera.name, e.msg);
}

static void begin(struct books_camera *c, const struct item *it)
{
	bool another = c->w != it->w || c->h != it->h;

	c->w = it->w;
	c->h = it->h;
	c->late_s = it->late_s;
	if (another && c->refused) {
		c->refused = false;
		set_trouble(c, "");
	}
}

/* ---- writing ---- */

/* Each kind of loss is told when it begins. */
static void tell_losses(struct books_camera *c, const struct counting *counting)
{
	const struct batch_loss *l = counting_lost(counting);
	const char *name = c->s.conf.camera.name;

	if (l->where && !c->told.where)
		log_error("camera '%s': too much waits for the database; where people were is "
			  "not kept",
			  name);
	if (l->events && !c->told.events)
		log_error("camera '%s': too much waits for the database; single crossings and "
			  "visits are not kept",
			  name);
	if (l->minutes && !c->told.minutes)
		log_error(
			"camera '%s': too much waits for the database; the oldest minutes are "
			"lost",
			name);
	if (l->refused && !c->told.refused)
		log_warn("camera '%s': the database did not take some late parts of minutes",
			 name);
	c->told = *l;
}

/* Those that have ended first, in their order. */
static int flush_camera(struct books_camera *c, struct err *err)
{
	size_t done = 0;
	int rc = 0;

	while (done < c->ended.n && rc >= 0) {
		rc = counting_flush(c->ended.v[done], err);
		tell_losses(c, c->ended.v[done]);
		if (rc >= 0)
			counting_close(c->ended.v[done++], NULL);
	}
	if (done) {
		c->ended.n -= done;
		memmove(c->ended.v, c->ended.v + done, c->ended.n * sizeof(*c->ended.v));
	}
	if (rc >= 0 && c->counting) {
		rc = counting_flush(c->counting, err);
		tell_losses(c, c->counting);
	}
	return rc;
}

static void count_waiting(struct books_camera *c)
{
	size_t n = c->counting ? counting_waiting(c->counting) : 0;

	for (size_t i = 0; i < c->ended.n; i++)
		n += counting_waiting(c->ended.v[i]);
	pthread_mutex_lock(&c->books->lock);
	c->status.waiting = n;
	pthread_mutex_unlock(&c->books->lock);
}

/* A change between writing and not writing is told once. */
static void tell(struct books *t, int rc, const struct err *e)
{
	if (rc < 0 && !t->failing)
		log_error("%s; counting goes on, and what is counted waits", e->msg);
	else if (rc >= 0 && t->failing)
		log_info("'%s' is written again", t->db);
	t->failing = rc < 0;
	pthread_mutex_lock(&t->lock);
	str_copy(t->trouble, sizeof(t->trouble), rc < 0 ? e->msg : "");
	pthread_mutex_unlock(&t->lock);
}

static void flush_all(struct books *t)
{
	int64_t now = clock_stopwatch_us();
	struct err e = { 0 };
	int rc = 0;

	if (t->failing && now - t->failed_us < RETRY_US)
		return;
	for (size_t i = 0; i < t->cam.n && rc >= 0; i++)
		rc = flush_camera(t->cam.v[i], &e);
	if (rc < 0)
		t->failed_us = clock_stopwatch_us();
	tell(t, rc, &e);
	for (size_t i = 0; i < t->cam.n; i++)
		count_waiting(t->cam.v[i]);
}

/* Events are kept for a time. */
static void tidy(struct books *t)
{
	int64_t now = clock_stopwatch_us(), deleted = 0, keep_us;
	struct err e;

	if (!t->checked || t->failing || (t->tidied_us && now - t->tidied_us < TIDY_EVERY_US))
		return;
	t->tidied_us = now;
	keep_us = (int64_t)t->cam.v[0]->s.conf.run.keep_events_d * 86400 * CLOCK_SECOND_US;
	if (retention_events(t->db, clock_now_us() - keep_us, &deleted, &e) < 0)
		log_warn("old events stay for now: %s", e.msg);
	else if (deleted)
		log_info("%" PRId64 " events are older than %d days and were deleted", deleted,
			 t->cam.v[0]->s.conf.run.keep_events_d);
}

/* ---- the thread ---- */

static void camera_free_all(struct books_camera *c)
{
	for (size_t i = 0; i < c->ended.n; i++)
		counting_close(c->ended.v[i], NULL);
	VEC_FREE(&c->ended);
	counting_close(c->counting, NULL);
	books_setup_clear(&c->s);
	free(c);
}

/* Cameras that are gone, once all of theirs is written. */
static void forget_gone(struct books *t)
{
	size_t kept = 0;

	for (size_t i = 0; i < t->cam.n; i++) {
		struct books_camera *c = t->cam.v[i];

		if (c->gone && !c->ended.n)
			camera_free_all(c);
		else
			t->cam.v[kept++] = c;
	}
	t->cam.n = kept;
}

static void tick(struct books *t)
{
	int64_t now = clock_stopwatch_us();

	for (size_t i = 0; i < t->cam.n; i++) {
		struct books_camera *c = t->cam.v[i];

		if (c->counting && now - c->came_us > BOOKS_GAP_S * CLOCK_SECOND_US)
			end_stretch(c);
	}
	flush_all(t);
	forget_gone(t);
	if (t->cam.n)
		tidy(t);
	pthread_mutex_lock(&t->lock);
	t->alive_us = clock_stopwatch_us();
	pthread_mutex_unlock(&t->lock);
}

static void drop(void *item)
{
	struct item *it = item;

	free(it->who);
	free(it->cell);
	free(it->png);
}

static void handle(struct books *t, struct item *it)
{
	struct books_camera *c = it->cam;

	switch (it->what) {
	case ADD:
		*VEC_PUSH(&t->cam) = c;
		break;
	case BEGIN:
		begin(c, it);
		break;
	case FRAME:
		take_frame(c, it);
		break;
	case PLATE:
		if (c->counting)
			counting_plate(c->counting, it->t_us, it->png, it->len, NULL);
		break;
	case REMOVE:
		c->gone = true;
		end_stretch(c);
		break;
	case END:
		end_stretch(c);
		break;
	case TICK:
		tick(t);
		break;
	}
	drop(it);
}

static void finish(struct books *t)
{
	size_t waiting = 0;

	for (size_t i = 0; i < t->cam.n; i++)
		end_stretch(t->cam.v[i]);
	t->failed_us = INT64_MIN / 2;
	flush_all(t);
	for (size_t i = 0; i < t->cam.n; i++) {
		waiting += t->cam.v[i]->status.waiting;
		camera_free_all(t->cam.v[i]);
	}
	VEC_FREE(&t->cam);
	if (waiting)
		t->rc = err_set(&t->err, ERR_IO, "%s: %zu rows were lost", t->trouble, waiting);
}

static void *run(void *arg)
{
	struct books *t = arg;
	struct item it;

	while (queue_pop(t->q, &it))
		handle(t, &it);
	finish(t);
	return NULL;
}

struct books *books_new(const char *db, struct err *err)
{
	struct books *t = xcalloc(1, sizeof(*t));

	t->db = xstrdup(db);
	t->alive_us = clock_stopwatch_us();
	t->q = queue_new(sizeof(struct item), QUEUE_ITEMS, QUEUE_WAIT, drop);
	pthread_mutex_init(&t->lock, NULL);
	if (pthread_create(&t->thread, NULL, run, t) == 0)
		return t;
	err_set(err, ERR_STATE, "cannot start a thread");
	queue_free(t->q);
	pthread_mutex_destroy(&t->lock);
	free(t->db);
	free(t);
	return NULL;
}

int books_free(struct books *t, struct err *err)
{
	int rc;

	if (!t)
		return 0;
	queue_close(t->q);
	pthread_join(t->thread, NULL);
	rc = t->rc;
	if (rc < 0 && err)
		*err = t->err;
	queue_free(t->q);
	pthread_mutex_destroy(&t->lock);
	free(t->db);
	free(t);
	return rc;
}

/* ---- from other threads ---- */

static void push(struct books *t, struct item *it)
{
	if (!queue_push(t->q, it))
		drop(it);
}

struct books_camera *books_add(struct books *t, struct books_setup *s, double observed_s)
{
	struct books_camera *c = xcalloc(1, sizeof(*c));

	c->books = t;
	c->s = *s;
	memset(s, 0, sizeof(*s));
	c->status.observed_s = observed_s;
	clock_day_of(clock_now_us(), c->s.conf.store.business_day_start_s, c->day);
	push(t, &(struct item){ .what = ADD, .cam = c });
	return c;
}

void books_remove(struct books *t, struct books_camera *cam)
{
	push(t, &(struct item){ .what = REMOVE, .cam = cam });
}

const struct books_setup *books_setup(const struct books_camera *cam)
{
	return &cam->s;
}

void books_begin(struct books *t, struct books_camera *cam, int w, int h, double late_s)
{
	push(t, &(struct item){ .what = BEGIN, .cam = cam, .w = w, .h = h, .late_s = late_s });
}

static void *copy(const void *v, size_t size)
{
	return size ? memcpy(xmalloc(size), v, size) : NULL;
}

void books_frame(struct books *t, struct books_camera *cam, int64_t t_us, int64_t dur_us,
		 const struct sighting *who, const int *heat_cell, int n)
{
	push(t, &(struct item){ .what = FRAME,
				.cam = cam,
				.t_us = t_us,
				.dur_us = dur_us,
				.who = copy(who, (size_t)n * sizeof(*who)),
				.cell = copy(heat_cell, (size_t)n * sizeof(*heat_cell)),
				.n = n });
}

void books_plate(struct books *t, struct books_camera *cam, int64_t t_us, uint8_t *png,
		 size_t len)
{
	push(t,
	     &(struct item){ .what = PLATE, .cam = cam, .t_us = t_us, .png = png, .len = len });
}

void books_end(struct books *t, struct books_camera *cam)
{
	push(t, &(struct item){ .what = END, .cam = cam });
}

void books_tick(struct books *t)
{
	push(t, &(struct item){ .what = TICK });
}

void books_status(struct books *t, const struct books_camera *cam, struct books_status *s)
{
	pthread_mutex_lock(&t->lock);
	*s = cam->status;
	pthread_mutex_unlock(&t->lock);
}

void books_hour(struct books *t, struct books_camera *cam)
{
	pthread_mutex_lock(&t->lock);
	cam->status.in = cam->status.out = 0;
	cam->status.hour_observed_s = 0;
	pthread_mutex_unlock(&t->lock);
}

int64_t books_alive_us(struct books *t)
{
	int64_t us;

	pthread_mutex_lock(&t->lock);
	us = t->alive_us;
	pthread_mutex_unlock(&t->lock);
	return us;
}

void books_trouble(struct books *t, char *buf, size_t size)
{
	pthread_mutex_lock(&t->lock);
	str_copy(buf, size, t->trouble);
	pthread_mutex_unlock(&t->lock);
}
