/* SPDX-License-Identifier: Apache-2.0 */
/* daemon.c -- all cameras of a store, day and night. */
#include "run/daemon.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "base/vec.h"
#include "run/counting.h"
#include "run/nightly.h"
#include "run/notify.h"
#include "run/said.h"
#include "run/sources.h"
#include "run/status.h"
#include "run/watch.h"
#include "store/query.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define STEP_MS 200
#define PACE_EVERY_US (2 * CLOCK_SECOND_US)
#define HOUR_US (60 * CLOCK_MINUTE_US)
#define STUCK_US \
	(60 * CLOCK_SECOND_US) /* a bookkeeper without a sign: the watchdog shall bite */

/* A camera as the settings have it. */
struct post {
	char *uri;
	bool udp;
	struct login login;
	struct books_setup setup; /* empty once the bookkeeper has it */
	uint64_t signature;       /* of all that, to see changes */
	struct books_camera *camera;
	struct watch *watch; /* NULL: not begun */
};

struct daemon {
	const struct daemon_opts *o;
	struct conf *conf;
	struct wall *wall;
	struct pace pace;
	struct books *books;
	struct nightly *nightly;
	VEC(struct post) post;
	int socket;
	int64_t began_us, ticked_us, paced_us, told_us, fed_us; /* stopwatch */
	int64_t watchdog_us;
};

/* ---- cameras from settings ---- */

static void post_clear(struct post *p)
{
	login_clear(&p->login);
	books_setup_clear(&p->setup);
	free(p->uri);
	*p = (struct post){ 0 };
}

/* A simulated camera brings its plan and calibration where the settings have none. */
static int ask_source(struct post *p, char **plan, struct err *err)
{
	const char *spec = p->uri;
	struct source_opts o = { .specs = &spec, .n_specs = 1, .kinds = sources };
	struct source_about about = { 0 };
	struct conf *conf = &p->setup.conf;
	int rc;

	if (source_about(&o, &about, err) < 0)
		return ERR_CONFIG;
	*plan = xstrdup(*conf->files.plan ? conf->files.plan : about.plan ? about.plan : "");
	rc = 0;
	if (*conf->files.calib)
		rc = calib_read(&p->setup.calib, conf->files.calib, err);
	else if (about.calib)
		rc = calib_parse(&p->setup.calib, about.calib, strlen(about.calib), err);
	p->setup.has_calib = rc >= 0 && (*conf->files.calib || about.calib);
	source_about_clear(&about);
	return rc < 0 ? ERR_CONFIG : 0;
}

static uint64_t add_text(uint64_t h, const char *s)
{
	return str_hash(h, s ? s : "", s ? strlen(s) + 1 : 1);
}

/* What, when it is another, makes this another camera. */
static uint64_t signature(const struct post *p)
{
	const struct books_setup *s = &p->setup;
	char *settings = conf_params(&s->conf), *calib = NULL;
	char run[64];
	uint64_t h = add_text(STR_HASH_INIT, p->uri);

	h = add_text(h, p->udp ? "udp" : "tcp");
	h = add_text(h, p->login.user);
	h = add_text(h, p->login.password);
	h = add_text(h, settings);
	snprintf(run, sizeof(run), "%g %g %d", s->conf.run.fps, s->conf.run.stall_s,
		 s->conf.run.keep_events_d);
	h = add_text(h, run);
	for (int i = 0; i < s->plan.n; i++) {
		char *place = place_text(&s->plan.place[i]);

		h = add_text(add_text(h, s->plan.place[i].name), place);
		free(place);
	}
	if (s->has_calib)
		calib = calib_text(&s->calib);
	h = add_text(h, calib);
	free(calib);
	free(settings);
	return h;
}

static int post_read(struct post *p, const struct conf *conf, size_t i, struct err *err)
{
	const struct conf_camera *cam = &conf->cameras.v[i];
	struct books_setup *s = &p->setup;
	int rc;

	p->uri = xstrdup(cam->uri);
	p->udp = cam->udp;
	conf_of_camera(&s->conf, conf, i);
	rc = login_find(&p->login, conf->run.credentials, cam->name, err);
	if (rc >= 0)
		rc = ask_source(p, &s->plan_path, err);
	if (rc >= 0 && *s->plan_path)
		rc = counting_read_plan(&s->plan, s->plan_path, cam->name,
					s->has_calib ? &s->calib : NULL, err);
	if (rc < 0) {
		err_ctx(err, "camera '%s'", cam->name);
		return err->code = ERR_CONFIG;
	}
	p->signature = signature(p);
	return 0;
}

/* All cameras of the settings, or none. */
static int read_posts(const struct conf *conf, struct post **out, struct err *err)
{
	struct post *v = xcalloc(conf->cameras.n + 1, sizeof(*v));
	int rc = 0;

	for (size_t i = 0; i < conf->cameras.n && rc >= 0; i++)
		rc = post_read(&v[i], conf, i, err);
	if (rc < 0) {
		for (size_t i = 0; i < conf->cameras.n; i++)
			post_clear(&v[i]);
		free(v);
		return rc;
	}
	*out = v;
	return 0;
}

/* ---- begin and end ---- */

static int64_t now_us(const struct daemon *d)
{
	return wall_time(d->wall, clock_stopwatch_us(), NULL);
}

static int begin_post(struct daemon *d, struct post *p, struct err *err)
{
	double observed_s = said_observed_today(d->conf, p->setup.conf.camera.name, now_us(d));
	struct watch_opts o = { .uri = p->uri,
				.udp = p->udp,
				.login = p->login,
				.state = d->conf->run.state,
				.wall = d->wall,
				.pace = &d->pace,
				.books = d->books };

	p->camera = o.to = books_add(d->books, &p->setup, observed_s);
	p->login = (struct login){ 0 };
	p->watch = watch_new(&o, err);
	return p->watch ? 0 : ERR_STATE;
}

static void end_post(struct daemon *d, struct post *p)
{
	watch_free(p->watch);
	if (p->camera)
		books_remove(d->books, p->camera);
	post_clear(p);
}

static int check_settings(const struct conf *c, struct err *err)
{
	if (!c->cameras.n)
		return err_set(err, ERR_CONFIG,
			       "no camera: the settings need a section [camera NAME] with a "
			       "uri");
	if (!*c->run.db || !*c->run.state)
		return err_set(err, ERR_CONFIG, "run.%s is not set: %s",
			       *c->run.db ? "state" : "db",
			       *c->run.db ? "a folder for what is kept from start to start"
					  : "the file to count into");
	return 0;
}

static int open_state(const struct daemon *d, struct err *err)
{
	const char *dir = d->conf->run.state;
	int rc = file_mkdirs(dir, err);

	/* What the cameras' empty scenes look like is nobody else's business. */
	if (rc >= 0 && chmod(dir, 0700) < 0)
		rc = err_set(err, ERR_IO, "cannot protect '%s' from others", dir);
	if (rc >= 0 && *d->conf->run.reports)
		rc = file_mkdirs(d->conf->run.reports, err);
	return rc;
}

/* Whether the file can be counted into shows at the start, and not in the night. */
static int check_db(const struct daemon *d, struct err *err)
{
	struct store_info store = { .business_day_start_s =
					    d->conf->store.business_day_start_s };
	char *note = NULL;
	int rc;

	str_copy(store.name, sizeof(store.name), d->conf->store.name);
	str_copy(store.zone, sizeof(store.zone), d->conf->store.time_zone);
	rc = writer_prepare(d->conf->run.db, &store, &note, err);
	if (note)
		log_warn("%s", note);
	free(note);
	return rc;
}

static int begin(struct daemon *d, struct err *err)
{
	struct post *v = NULL;
	int rc;

	if ((rc = check_settings(d->conf, err)) < 0 || (rc = read_posts(d->conf, &v, err)) < 0)
		return rc;
	for (size_t i = 0; i < d->conf->cameras.n; i++)
		*VEC_PUSH(&d->post) = v[i];
	free(v);
	if ((rc = open_state(d, err)) < 0 || (rc = check_db(d, err)) < 0 ||
	    (rc = d->socket = status_listen(d->conf->run.state, err)) < 0)
		return rc;
	d->wall = wall_new(clock_stopwatch_us(), clock_now_us());
	pace_init(&d->pace, d->conf->run.fps);
	d->books = books_new(d->conf->run.db, err);
	if (!d->books)
		return ERR_STATE;
	if (*d->conf->run.reports)
		d->nightly = nightly_new(
			&(struct nightly_opts){ .db = d->conf->run.db,
						.reports = d->conf->run.reports,
						.state = d->conf->run.state,
						.day_start_s =
							d->conf->store.business_day_start_s,
						.args = d->o->report_args },
			now_us(d));
	for (size_t i = 0; i < d->post.n && rc >= 0; i++)
		rc = begin_post(d, &d->post.v[i], err);
	return rc;
}

/* Everything that was seen is counted and written. */
static int end(struct daemon *d, int rc, struct err *err)
{
	struct err later = { 0 };
	int rc2;

	for (size_t i = 0; i < d->post.n; i++)
		if (d->post.v[i].watch)
			watch_stop(d->post.v[i].watch);
	for (size_t i = 0; i < d->post.n; i++)
		end_post(d, &d->post.v[i]);
	VEC_FREE(&d->post);
	rc2 = books_free(d->books, &later);
	if (rc >= 0 && rc2 < 0)
		rc = rc2, *err = later;
	nightly_free(d->nightly);
	wall_free(d->wall);
	status_close(d->socket, d->conf->run.state);
	return rc;
}

/* ---- settings anew ---- */

static bool same_place(const struct conf *a, const struct conf *b)
{
	return !strcmp(a->run.db, b->run.db) && !strcmp(a->run.state, b->run.state) &&
	       !strcmp(a->run.reports, b->run.reports) &&
	       !strcmp(a->store.name, b->store.name) &&
	       !strcmp(a->store.time_zone, b->store.time_zone) &&
	       !strcmp(a->store.business_day_start, b->store.business_day_start);
}

static struct post *post_of(struct daemon *d, uint64_t sig, const char *name)
{
	for (size_t i = 0; i < d->post.n; i++) {
		struct post *p = &d->post.v[i];

		if (p->signature == sig &&
		    !strcmp(books_setup(p->camera)->conf.camera.name, name))
			return p;
	}
	return NULL;
}

/* Cameras that are as before go on as if nothing had happened; the others end, and begin. */
static void change_posts(struct daemon *d, struct post *next, size_t n)
{
	struct err e;

	for (size_t i = 0; i < n; i++) {
		struct post *same =
			post_of(d, next[i].signature, next[i].setup.conf.camera.name);

		if (!same)
			continue;
		post_clear(&next[i]);
		next[i] = *same;
		*same = (struct post){ 0 };
	}
	for (size_t i = 0; i < d->post.n; i++)
		if (d->post.v[i].watch)
			end_post(d, &d->post.v[i]);
	d->post.n = 0;
	for (size_t i = 0; i < n; i++) {
		if (!next[i].watch && begin_post(d, &next[i], &e) < 0)
			log_error("%s", e.msg);
		*VEC_PUSH(&d->post) = next[i];
	}
}

static int read_anew(struct daemon *d, struct conf *c, struct post **next, struct err *err)
{
	struct str problems = STR_INIT;
	int rc = 0;

	if (d->o->reread(d->o->ctx, c, &problems) > 0) {
		problems.s[strcspn(problems.s, "\n")] = '\0';
		rc = err_set(err, ERR_CONFIG, "%s", problems.s);
	} else if (!same_place(d->conf, c)) {
		rc = err_set(err, ERR_CONFIG,
			     "the store, its file or its folders are others, which needs a "
			     "new start");
	} else if ((rc = check_settings(c, err)) >= 0) {
		rc = read_posts(c, next, err);
	}
	str_clear(&problems);
	return rc;
}

static void reload(struct daemon *d)
{
	struct post *next = NULL;
	struct conf c;
	struct err e;
	char said[128];

	snprintf(said, sizeof(said), "RELOADING=1\nMONOTONIC_USEC=%lld",
		 (long long)clock_stopwatch_us());
	notify(said);
	conf_init(&c);
	if (read_anew(d, &c, &next, &e) < 0) {
		log_error("the new settings are not taken over: %s", e.msg);
		conf_clear(&c);
	} else {
		conf_clear(d->conf);
		*d->conf = c;
		pace_init(&d->pace, c.run.fps);
		change_posts(d, next, c.cameras.n);
		free(next);
		log_info("the settings were read anew: %zu cameras", d->post.n);
	}
	notify("READY=1");
}

/* ---- what happens now and then ---- */

static void step_wall(struct daemon *d, int64_t stopwatch_us)
{
	enum wall_news news = wall_step(d->wall, stopwatch_us, clock_now_us());
	double ahead_s = (double)wall_ahead_us(d->wall) / 1e6;

	if (news == WALL_JUMPED)
		log_error(
			"this machine's clock jumped by %+.0f s; counting goes on in the time "
			"from before; if it stays so, the new one is taken in %d minutes",
			ahead_s, WALL_BELIEVE_S / 60);
	else if (news == WALL_BACK)
		log_info("this machine's clock is back in the time that is counted in");
	else if (news == WALL_TAKEN)
		log_warn("the time that is counted in is now that of this machine's clock");
}

static void step_pace(struct daemon *d)
{
	bool overloaded = false;

	for (size_t i = 0; i < d->post.n; i++)
		overloaded |= d->post.v[i].watch && watch_overloaded(d->post.v[i].watch);
	if (pace_step(&d->pace, overloaded))
		log_debug("%.1f pictures a second are looked at", d->pace.now);
}

static void said_of(struct daemon *d, struct said *s)
{
	*s = (struct said){ .now_us = now_us(d),
			    .day_start_s = d->conf->store.business_day_start_s,
			    .stopwatch_us = clock_stopwatch_us(),
			    .began_us = d->began_us,
			    .fps = d->pace.now,
			    .fps_most = d->pace.most,
			    .clock_ahead_us = wall_ahead_us(d->wall),
			    .memory = status_memory() };
	str_copy(s->store, sizeof(s->store), d->conf->store.name);
	books_trouble(d->books, s->trouble, sizeof(s->trouble));
	s->camera = xcalloc(d->post.n + 1, sizeof(*s->camera));
	for (size_t i = 0; i < d->post.n; i++) {
		struct post *p = &d->post.v[i];
		struct said_camera *c = &s->camera[s->n++];

		str_copy(c->name, sizeof(c->name), books_setup(p->camera)->conf.camera.name);
		if (p->watch)
			watch_status(p->watch, &c->watch);
		books_status(d->books, p->camera, &c->books);
	}
}

static void answer(struct daemon *d)
{
	struct str text = STR_INIT;
	struct said s;

	said_of(d, &s);
	said_json(&s, &text);
	status_answer(d->socket, text.s, text.len);
	str_clear(&text);
	free(s.camera);
}

static void tell_hour(struct daemon *d)
{
	struct said s;

	said_of(d, &s);
	said_log(&s);
	for (size_t i = 0; i < d->post.n; i++)
		books_hour(d->books, d->post.v[i].camera);
	free(s.camera);
}

/* The watchdog hears of us as long as counting itself is alive. */
static void feed_watchdog(struct daemon *d, int64_t stopwatch_us)
{
	if (!d->watchdog_us || stopwatch_us - d->fed_us < d->watchdog_us ||
	    stopwatch_us - books_alive_us(d->books) > STUCK_US)
		return;
	d->fed_us = stopwatch_us;
	notify("WATCHDOG=1");
}

static void step(struct daemon *d)
{
	int64_t us = clock_stopwatch_us();

	if (us - d->ticked_us >= CLOCK_SECOND_US) {
		d->ticked_us = us;
		step_wall(d, us);
		books_tick(d->books);
		if (d->nightly)
			nightly_step(d->nightly, now_us(d));
	}
	if (us - d->paced_us >= PACE_EVERY_US) {
		d->paced_us = us;
		step_pace(d);
	}
	if (us - d->told_us >= HOUR_US) {
		d->told_us = us;
		tell_hour(d);
	}
	feed_watchdog(d, us);
}

static void loop(struct daemon *d)
{
	struct pollfd p = { .fd = d->socket, .events = POLLIN };

	while (!d->o->stop()) {
		if (poll(&p, 1, STEP_MS) > 0)
			answer(d);
		if (d->o->reload())
			reload(d);
		step(d);
	}
}

int daemon_run(const struct daemon_opts *o, struct err *err)
{
	struct daemon d = { .o = o, .conf = o->conf, .socket = -1 };
	int rc;

	d.began_us = d.paced_us = d.told_us = clock_stopwatch_us();
	d.watchdog_us = notify_watchdog_us();
	rc = begin(&d, err);
	if (rc >= 0) {
		log_info("%zu camera%s, counting into '%s'", d.post.n, d.post.n == 1 ? "" : "s",
			 d.conf->run.db);
		notify("READY=1");
		loop(&d);
		notify("STOPPING=1");
		tell_hour(&d);
	}
	rc = end(&d, rc, err);
	if (rc >= 0)
		log_info("stopped; all that was seen is counted");
	return rc;
}
