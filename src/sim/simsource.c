/* SPDX-License-Identifier: Apache-2.0 */
/* simsource.c -- a simulated camera as a source of frames. */
#include "sim/simsource.h"

#include "base/str.h"
#include "base/vec.h"
#include "sim/crowd.h"
#include "sim/view.h"
#include "video/pool.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define SECONDS_MAX 1e8 /* three years */

/* What a specification asks for. */
struct asked {
	struct scene *scene;
	int camera;
	double seconds; /* 0: not said */
	uint64_t seed;
};

struct simsource {
	struct asked a;
	struct crowd *crowd;
	struct view *view;
	struct pool *pool;
	int64_t next, end; /* frames; end: INT64_MAX when there is none */
	int64_t move_us;   /* what frames' times are later than the scene's */
	bool begun;        /* live: began_us is the first frame's, by the stopwatch */
	int64_t began_us;
};

/* ---- the specification ---- */

static int take_option(struct asked *a, const char *spec, const char *option, struct err *err)
{
	const char *eq = strchr(option, '=');
	size_t n = eq ? (size_t)(eq - option) : strlen(option);
	int64_t seed;

	if (eq && n == 7 && !strncmp(option, "seconds", n)) {
		if (!str_to_double(eq + 1, &a->seconds) || a->seconds <= 0 ||
		    a->seconds > SECONDS_MAX)
			return err_set(err, ERR_USAGE,
				       "'%s': seconds is '%s', expected a number above 0 and "
				       "up to %.0f",
				       spec, eq + 1, SECONDS_MAX);
	} else if (eq && n == 4 && !strncmp(option, "seed", n)) {
		if (!str_to_i64(eq + 1, &seed) || seed < 0)
			return err_set(err, ERR_USAGE,
				       "'%s': seed is '%s', expected a whole number from 0 on",
				       spec, eq + 1);
		a->seed = (uint64_t)seed;
	} else {
		return err_set(err, ERR_USAGE,
			       "'%s': expected seconds=N or seed=N behind '?', found '%s'",
			       spec, option);
	}
	return 0;
}

static int take_options(struct asked *a, const char *spec, char *options, struct err *err)
{
	int rc = 0;

	while (rc >= 0 && options) {
		char *more = strchr(options, '&');

		if (more)
			*more++ = '\0';
		rc = take_option(a, spec, options, err);
		options = more;
	}
	return rc;
}

/* Cuts text in two at the last c, when there is one; a name that lies on the disk stays whole.
 */
static char *cut(char *text, char c)
{
	char *at = access(text, F_OK) == 0 ? NULL : strrchr(text, c);

	if (at)
		*at++ = '\0';
	return at;
}

static int read_spec(struct asked *a, const struct source_opts *o, struct err *err)
{
	const char *spec = o->specs[0];
	char *path = xstrdup(spec), *options = cut(path, '?'), *camera = cut(path, '#');
	struct asked b = { 0 };
	int rc;

	if (o->n_specs > 1) {
		rc = err_set(err, ERR_USAGE,
			     "'%s' and '%s' are two simulated cameras; expected one", spec,
			     o->specs[1]);
		goto out;
	}
	b.scene = scene_read(path, err);
	if (!b.scene) {
		rc = err->code;
		goto out;
	}
	b.seed = b.scene->seed;
	rc = take_options(&b, spec, options, err);
	if (rc >= 0)
		rc = b.camera = scene_camera(b.scene, camera, err);
	if (rc < 0)
		scene_free(b.scene);
	else
		*a = b;
out:
	free(path);
	return rc < 0 ? rc : 0;
}

/* ---- pictures ---- */

int64_t simsource_frames(const struct scene *s, int camera, double seconds)
{
	return (int64_t)ceil(seconds * s->camera[camera].fps - 1e-6);
}

static void start(struct simsource *s)
{
	s->crowd = crowd_new(s->a.scene, s->a.seed);
	s->view = view_new(s->a.scene, s->a.camera, s->a.seed);
	s->pool =
		pool_new(s->a.scene->camera[s->a.camera].w, s->a.scene->camera[s->a.camera].h);
}

static void stop(struct simsource *s)
{
	pool_free(s->pool);
	view_free(s->view);
	crowd_free(s->crowd);
	scene_free(s->a.scene);
}

static void draw(struct simsource *s, int64_t index, struct frame *f)
{
	const struct scene *scene = s->a.scene;
	int64_t t_us = view_time(scene, s->a.camera, index, scene->start_us);
	const struct actor *actors;
	int n;

	crowd_at(s->crowd, t_us, &actors, &n);
	pool_frame(s->pool, f);
	view_draw(s->view, t_us, index, actors, n, f, NULL, NULL);
	f->t_us = t_us + s->move_us;
	f->dur_us = view_time(scene, s->a.camera, index + 1, scene->start_us) - t_us;
	f->coded = index;
	f->matrix = YUV_BT601;
}

static bool arrives(const struct simsource *s, int64_t index)
{
	return view_arrives(s->a.scene, s->a.camera, s->a.seed, index);
}

/* ---- as fast as it goes ---- */

static void fill_info(const struct simsource *s, struct source_info *info)
{
	const struct scene_camera *c = &s->a.scene->camera[s->a.camera];

	*info = (struct source_info){ .w = c->w,
				      .h = c->h,
				      .fps = c->fps,
				      .duration_s = s->a.seconds,
				      .start_us = s->a.scene->start_us + s->move_us,
				      .start_from = START_SOURCE,
				      .n_files = 1 };
}

static int sim_open(void *priv, const struct source_opts *o, struct source_info *info,
		    struct err *err)
{
	struct simsource *s = priv;
	struct err mine = { 0 };
	int rc = read_spec(&s->a, o, &mine);

	if (rc < 0) {
		if (err)
			*err = mine;
		return rc;
	}
	if (s->a.seconds <= 0)
		s->a.seconds = s->a.scene->seconds;
	s->end = simsource_frames(s->a.scene, s->a.camera, s->a.seconds);
	if (o->start_us != CLOCK_NONE)
		s->move_us = o->start_us - s->a.scene->start_us;
	start(s);
	fill_info(s, info);
	if (o->start_us != CLOCK_NONE)
		info->start_from = START_GIVEN;
	return 0;
}

static int sim_read(void *priv, struct frame *f, int timeout_ms, struct err *err)
{
	struct simsource *s = priv;

	(void)timeout_ms;
	while (s->next < s->end && !arrives(s, s->next))
		s->next++;
	if (s->next >= s->end)
		return err_set(err, ERR_EOF, "the scene is over");
	draw(s, s->next++, f);
	return 0;
}

static double sim_progress(const void *priv)
{
	const struct simsource *s = priv;

	return s->end == INT64_MAX ? -1 : (double)s->next / (double)s->end;
}

static const char *sim_note(void *priv)
{
	(void)priv;
	return NULL;
}

static void sim_close(void *priv)
{
	stop(priv);
}

/* ---- without opening ---- */

/* The camera as the scene has it. */
static char *calib_of(const struct scene_camera *c)
{
	struct str s = STR_INIT;

	str_addf(&s,
		 "{\"format\":\"footfall-camera-1\",\"camera\":{\"size\":[%d,%d],"
		 "\"at\":[%.17g,%.17g,%.17g],\"to\":[%.17g,%.17g,%.17g],"
		 "\"hfov_deg\":%.17g,\"k1\":%.17g,\"roll_deg\":%.17g}}",
		 c->w, c->h, c->at.x, c->at.y, c->at.z, c->to.x, c->to.y, c->to.z, c->fov_deg,
		 c->k1, c->roll_deg);
	return str_take(&s);
}

static int sim_about(const struct source_opts *o, struct source_about *out, struct err *err)
{
	struct err mine = { 0 };
	struct asked a;
	int rc = read_spec(&a, o, &mine);

	if (rc < 0) {
		if (err)
			*err = mine;
		return rc;
	}
	out->store = xstrdup(a.scene->name);
	out->camera = xstrdup(a.scene->camera[a.camera].name);
	out->time_zone = xstrdup(a.scene->time_zone);
	out->plan = a.scene->plan ? xstrdup(a.scene->plan) : NULL;
	out->calib = calib_of(&a.scene->camera[a.camera]);
	scene_free(a.scene);
	return 0;
}

static int sim_sample(const struct source_opts *o, int n,
		      void (*take)(void *arg, const struct frame *f), void *arg,
		      struct err *err)
{
	struct simsource s = { 0 };
	struct source_info info;
	int rc = sim_open(&s, o, &info, err), taken = 0;

	if (rc < 0)
		return rc;
	for (int i = 0; i < n; i++) {
		int64_t index = s.end * i / n;
		struct frame f;

		if (index < s.next || !arrives(&s, index))
			continue;
		draw(&s, index, &f);
		f.index = taken++;
		take(arg, &f);
		frame_unref(&f);
		s.next = index + 1;
	}
	stop(&s);
	return taken;
}

const struct source_kind simsource_kind = {
	.name = "sim",
	.help = "a simulated camera: SCENE[#CAMERA][?seconds=N&seed=N]",
	.priv_size = sizeof(struct simsource),
	.live = false,
	.open = sim_open,
	.read = sim_read,
	.progress = sim_progress,
	.note = sim_note,
	.close = sim_close,
	.about = sim_about,
	.sample = sim_sample,
};

/* ---- at the pace of the clock ---- */

int64_t simlive_due(const struct scene *s, int camera, int64_t next, int64_t elapsed_us,
		    int64_t *wait_us)
{
	int64_t i = (int64_t)((double)elapsed_us / 1e6 * s->camera[camera].fps) + 1;

	while (i > 0 && view_time(s, camera, i, 0) > elapsed_us)
		i--;
	if (i >= next) {
		*wait_us = 0;
		return i;
	}
	*wait_us = view_time(s, camera, next, 0) - elapsed_us;
	return next;
}

static int live_open(void *priv, const struct source_opts *o, struct source_info *info,
		     struct err *err)
{
	struct simsource *s = priv;
	struct err mine = { 0 };
	int rc = read_spec(&s->a, o, &mine);

	if (rc < 0) {
		if (err)
			*err = mine;
		return rc;
	}
	s->end = s->a.seconds > 0 ? simsource_frames(s->a.scene, s->a.camera, s->a.seconds)
				  : INT64_MAX;
	start(s);
	s->move_us = clock_now_us() - s->a.scene->start_us;
	fill_info(s, info);
	return 0;
}

static void sleep_us(int64_t us)
{
	struct timespec ts = { .tv_sec = us / CLOCK_SECOND_US,
			       .tv_nsec = us % CLOCK_SECOND_US * 1000 };

	nanosleep(&ts, NULL);
}

static int live_read(void *priv, struct frame *f, int timeout_ms, struct err *err)
{
	struct simsource *s = priv;
	int64_t now_us = clock_stopwatch_us(), index, wait_us;

	if (!s->begun) {
		s->begun = true;
		s->began_us = now_us;
	}
	index = simlive_due(s->a.scene, s->a.camera, s->next, now_us - s->began_us, &wait_us);
	if (index >= s->end)
		return err_set(err, ERR_EOF, "the scene is over");
	if (wait_us > timeout_ms * INT64_C(1000)) {
		sleep_us(timeout_ms * INT64_C(1000));
		return ERR_AGAIN;
	}
	if (wait_us > 0)
		sleep_us(wait_us);
	s->next = index + 1;
	if (!arrives(s, index))
		return ERR_AGAIN;
	draw(s, index, f);
	return 0;
}

const struct source_kind simlive_kind = {
	.name = "simlive",
	.help = "the same at the pace of the clock",
	.priv_size = sizeof(struct simsource),
	.live = true,
	.open = live_open,
	.read = live_read,
	.progress = sim_progress,
	.note = sim_note,
	.close = sim_close,
	.about = sim_about,
};
