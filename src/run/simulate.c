/* SPDX-License-Identifier: Apache-2.0 */
/* simulate.c -- a simulated store's time from beginning to end. */
#include "run/simulate.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/vec.h"
#include "run/counting.h"
#include "sim/crowd.h"
#include "sim/radio.h"
#include "sim/simsource.h"
#include "sim/truth.h"
#include "sim/view.h"
#include "sim/witness.h"
#include "sim/y4m.h"
#include "video/pool.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define BODY_M 0.5

struct eye {
	int camera;
	struct view *view;
	int64_t next, end; /* frames */
};

struct simulation {
	const struct simulate_opts *o;
	struct plan plan;
	struct crowd *crowd; /* tick by tick */
	struct truth *truth;
	struct radio_log *radio;
	struct witness *witness; /* without pictures */
	struct counting *counting;
	int64_t sighted; /* times that were looked at people for counting */
	VEC(struct sighting) exact;
	VEC(int) cell;
	VEC(int64_t) group; /* of each person who came in company */
	int64_t last_id;

	struct crowd *seen; /* at the frames' times */
	VEC(struct eye) eye;
	struct pool *pool;
	struct y4m *y4m;
	struct simulate_result r;
};

/* ---- opening ---- */

static char *params_text(const struct scene *s)
{
	const struct scene_tracks *t = &s->tracks;
	struct str text = STR_INIT;

	str_addf(&text, "\"simulated\":[%.17g,%.17g,%.17g,%.17g,%.17g,%.17g,%.17g,%.17g,%.17g]",
		 t->fps, t->sd_m, t->corr_s, t->miss, t->miss_s, t->break_min, t->swap,
		 t->late_s, t->ghosts_h);
	return str_take(&text);
}

static int open_counting(struct simulation *s, struct err *err)
{
	const struct simulate_opts *o = s->o;
	char *params = params_text(o->scene);

	s->counting = counting_open(&(struct counting_opts){ .conf = o->conf,
							     .plan = &s->plan,
							     .plan_path = o->plan,
							     .params = params,
							     .db = o->db,
							     .events = o->events },
				    err);
	free(params);
	return s->counting ? 0 : (int)err->code;
}

static void add_eye(struct simulation *s, int camera)
{
	const struct simulate_opts *o = s->o;

	*VEC_PUSH(&s->eye) =
		(struct eye){ .camera = camera,
			      .view = view_new(o->scene, camera, o->seed),
			      .end = simsource_frames(o->scene, camera, o->seconds) };
}

static int open_eyes(struct simulation *s, struct err *err)
{
	const struct simulate_opts *o = s->o;
	const struct scene_camera *c = &o->scene->camera[o->camera];

	for (int i = 0; i < o->scene->n_cameras && o->pictures; i++)
		if (o->truth || (o->y4m && i == o->camera))
			add_eye(s, i);
	if (s->eye.n)
		s->seen = crowd_new(o->scene, o->seed);
	if (!o->y4m)
		return 0;
	s->pool = pool_new(c->w, c->h);
	return y4m_open(&s->y4m, o->y4m, c->w, c->h, c->fps, err);
}

static int open_all(struct simulation *s, struct err *err)
{
	const struct simulate_opts *o = s->o;
	char *wifi = NULL;
	int rc;

	if (o->plan && counting_read_plan(&s->plan, o->plan, NULL, NULL, err) < 0)
		return err->code = ERR_CONFIG;
	if ((rc = open_counting(s, err)) < 0 || (rc = open_eyes(s, err)) < 0)
		return rc;
	if ((o->truth || o->measures) &&
	    (rc = truth_open(&s->truth, o->truth, o->measures, o->scene, &s->plan, err)) < 0)
		return rc;
	if (o->truth && o->scene->n_receivers)
		wifi = file_join(o->truth, "wifi.csv");
	if (wifi || o->pcap)
		rc = radio_log_open(&s->radio, o->scene, o->seed, wifi, o->pcap, err);
	free(wifi);
	s->crowd = crowd_new(o->scene, o->seed);
	if (!o->pictures)
		s->witness = witness_new(o->scene, o->seed);
	return rc;
}

/* ---- a tick ---- */

/* Ids rise in order of appearance, and actors come ordered by them. */
static void note_people(struct simulation *s, const struct actor *actors, int n)
{
	int64_t last = s->last_id;

	for (int i = n - 1; i >= 0 && actors[i].who.id > last; i--) {
		s->r.people++;
		if (actors[i].who.group)
			*VEC_PUSH(&s->group) = actors[i].who.group;
		if (actors[i].who.id > s->last_id)
			s->last_id = actors[i].who.id;
	}
}

int simulate_cell(const struct scene_floor *f, struct pt_floor p)
{
	double x0 = fmin(f->from.x, f->to.x), w = fabs(f->to.x - f->from.x);
	double y1 = fmax(f->from.y, f->to.y), h = fabs(f->to.y - f->from.y);
	double x = (p.x - x0) / w, y = (y1 - p.y) / h;

	if (!(x >= 0 && x < 1 && y >= 0 && y < 1))
		return -1;
	return (int)(y * HEAT_ROWS) * HEAT_COLS + (int)(x * HEAT_COLS);
}

static int see_exactly(struct simulation *s, int64_t t_us, const struct actor *actors, int n,
		       const struct sighting **who)
{
	s->exact.n = 0;
	for (int i = 0; i < n; i++)
		*VEC_PUSH(&s->exact) =
			(struct sighting){ .track = actors[i].who.id,
					   .t_us = t_us,
					   .at = { actors[i].at.x, actors[i].at.y },
					   .body = BODY_M };
	*who = s->exact.v;
	return n;
}

/* People are looked at in the first tick of each 1/fps of a second. */
static int count(struct simulation *s, int64_t t_us, const struct actor *actors, int n,
		 struct err *err)
{
	double fps = s->witness ? s->o->scene->tracks.fps : 0;
	int64_t dur_us = fps > 0 ? llrint(1e6 / fps) : CROWD_TICK_US;
	int64_t due_us =
		s->o->scene->start_us + (fps > 0 ? llrint((double)s->sighted * 1e6 / fps) : 0);
	const struct sighting *who;

	if (t_us < due_us)
		return 0;
	if (fps > 0)
		s->sighted = (int64_t)((double)(t_us - s->o->scene->start_us) / 1e6 * fps) + 1;
	n = s->witness ? witness_step(s->witness, t_us, actors, n, &who)
		       : see_exactly(s, t_us, actors, n, &who);
	s->cell.n = 0;
	for (int i = 0; i < n; i++)
		*VEC_PUSH(&s->cell) = simulate_cell(&s->o->scene->floor, who[i].at);
	if (dur_us < CROWD_TICK_US)
		dur_us = CROWD_TICK_US;
	return counting_step(s->counting, t_us, dur_us, who, s->cell.v, n, err);
}

static int draw(struct simulation *s, struct eye *e, int64_t t_us, struct err *err)
{
	const struct simulate_opts *o = s->o;
	bool shown = s->y4m && e->camera == o->camera;
	const struct actor *actors;
	const struct seen *seen;
	struct frame f = { 0 };
	int64_t index = e->next++;
	int n, n_seen, rc = 0;

	if (!view_arrives(o->scene, e->camera, o->seed, index))
		return shown ? y4m_frame(s->y4m, NULL, err) : 0;
	crowd_at(s->seen, t_us, &actors, &n);
	if (shown)
		pool_frame(s->pool, &f);
	view_draw(e->view, t_us, index, actors, n, shown ? &f : NULL, s->truth ? &seen : NULL,
		  &n_seen);
	s->r.pictures++;
	if (s->truth)
		truth_frame(s->truth, e->camera, index, seen, n_seen);
	if (shown)
		rc = y4m_frame(s->y4m, &f, err);
	frame_unref(&f);
	return rc;
}

/* All cameras' frames before before_us, in order of time. */
static int draw_until(struct simulation *s, int64_t before_us, struct err *err)
{
	const struct scene *scene = s->o->scene;

	for (;;) {
		struct eye *first = NULL;
		int64_t first_us = before_us;
		int rc;

		for (size_t i = 0; i < s->eye.n; i++) {
			struct eye *e = &s->eye.v[i];
			int64_t t_us = view_time(scene, e->camera, e->next, scene->start_us);

			if (e->next < e->end && t_us < first_us) {
				first = e;
				first_us = t_us;
			}
		}
		if (!first)
			return 0;
		rc = draw(s, first, first_us, err);
		if (rc < 0)
			return rc;
	}
}

static int tick(struct simulation *s, struct err *err)
{
	const struct actor *actors;
	int n, rc;
	int64_t t_us = crowd_step(s->crowd, &actors, &n);

	note_people(s, actors, n);
	if (s->truth)
		truth_tick(s->truth, t_us, actors, n);
	if (s->radio)
		radio_log_tick(s->radio, t_us, actors, n);
	rc = count(s, t_us, actors, n, err);
	s->r.to_us = t_us + CROWD_TICK_US;
	return rc < 0 ? rc : draw_until(s, s->r.to_us, err);
}

static int run(struct simulation *s, struct err *err)
{
	const struct simulate_opts *o = s->o;
	int64_t n = llrint(ceil(o->seconds * 1e6 / CROWD_TICK_US - 1e-6));
	int rc = 0;

	s->r.from_us = s->r.to_us = o->scene->start_us;
	for (int64_t i = 0; i < n && rc >= 0; i++) {
		rc = tick(s, err);
		if (o->progress)
			o->progress(&(struct progress){
				.share = (double)(i + 1) / (double)n,
				.frames = s->eye.n ? s->r.pictures : i + 1,
				.media_s = (double)(s->r.to_us - s->r.from_us) / 1e6 });
		if (o->stop && o->stop()) {
			s->r.stopped = true;
			break;
		}
	}
	return rc;
}

/* ---- the end ---- */

static int by_number(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static void count_groups(struct simulation *s)
{
	VEC_SORT(&s->group, by_number);
	for (size_t i = 0; i < s->group.n; i++)
		s->r.groups += i == 0 || s->group.v[i] != s->group.v[i - 1];
}

static void take_lines(struct simulation *s)
{
	s->r.line = xcalloc((size_t)s->plan.n + 1, sizeof(*s->r.line));
	for (int i = 0; i < s->plan.n; i++) {
		struct simulate_line *l = &s->r.line[s->r.n_lines];

		if (s->plan.place[i].kind != PLACE_LINE)
			continue;
		str_copy(l->name, sizeof(l->name), s->plan.place[i].name);
		l->in = counting_crossings(s->counting, i, true);
		l->out = counting_crossings(s->counting, i, false);
		s->r.n_lines++;
	}
}

/* The first thing that went wrong is what is told. */
static int first_of(int rc, int closed, const struct err *later, struct err *err)
{
	if (rc < 0 || closed >= 0)
		return rc;
	*err = *later;
	return closed;
}

static int close_all(struct simulation *s, int rc, struct err *err)
{
	struct err later = { 0 };

	if (s->counting && rc >= 0)
		rc = counting_end(s->counting, err);
	if (s->counting)
		take_lines(s);
	count_groups(s);
	rc = first_of(rc, counting_close(s->counting, &later), &later, err);
	if (rc < 0)
		truth_drop(s->truth);
	else
		rc = truth_close(s->truth, err);
	rc = first_of(rc, radio_log_close(s->radio, &later), &later, err);
	rc = first_of(rc, y4m_close(s->y4m, &later), &later, err);
	for (size_t i = 0; i < s->eye.n; i++)
		view_free(s->eye.v[i].view);
	VEC_FREE(&s->eye);
	VEC_FREE(&s->exact);
	VEC_FREE(&s->cell);
	VEC_FREE(&s->group);
	pool_free(s->pool);
	witness_free(s->witness);
	crowd_free(s->crowd);
	crowd_free(s->seen);
	plan_clear(&s->plan);
	return rc;
}

int simulate(const struct simulate_opts *o, struct simulate_result *r, struct err *err)
{
	struct simulation s = { .o = o };
	int64_t began = clock_stopwatch_us();
	struct err mine = { 0 };
	int rc;

	rc = open_all(&s, &mine);
	if (rc >= 0)
		rc = run(&s, &mine);
	rc = close_all(&s, rc, &mine);
	s.r.took_us = clock_stopwatch_us() - began;
	*r = s.r;
	if (rc < 0 && err)
		*err = mine;
	return rc < 0 ? rc : 0;
}
