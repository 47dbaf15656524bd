/* SPDX-License-Identifier: Apache-2.0 */
/* explain.c -- 'footfall explain': which tracks counted on a line, which did not, and by which
 * rule. The rules are the state machine's own words (count/line.h). */
#include "cmd/explain.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "base/progress.h"
#include "base/vec.h"
#include "cmd/clip.h"
#include "count/line.h"
#include "floor/polygon.h"
#include "store/query.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define AROUND_US (10 * CLOCK_SECOND_US)  /* paths are shown so long before and after */
#define SETTLE_US (120 * CLOCK_SECOND_US) /* so long after, what happened then is decided */
#define CLOSE 3                           /* hystereses */

struct job {
	struct explain e;
	const char *at; /* --at */
	int minutes;
	const struct conf *conf;
	const struct plan *plan;
	/* Tracks that were not confirmed, through the same state machine. */
	struct counter *unsure;
	VEC(struct sighting) unsure_who;
	VEC(int) unsure_cell;
	int64_t first_us, last_us;
	struct err err; /* what went wrong while looking on; code 0: nothing */
};

bool explain_counts(const struct explain_row *r)
{
	return r->confirmed && (r->rule == LINE_RULE_CLEAR || r->rule == LINE_RULE_END ||
				r->rule == LINE_RULE_UTURN);
}

/* ---- when ---- */

/* --at is a time of day, then of the day that day_us lies in, or a whole time. */
static int find_stretch(struct job *j, int64_t day_us, struct err *err)
{
	struct str text = STR_INIT;
	struct civil c;
	int rc;

	if (strlen(j->at) < 10) {
		clock_local(day_us, &c);
		str_addf(&text, "%04d-%02d-%02dT%s", c.year, c.month, c.day, j->at);
	} else {
		str_add(&text, j->at);
	}
	rc = clock_parse(text.s, &j->e.from_us, err);
	str_clear(&text);
	if (rc < 0) {
		err_set(err, ERR_USAGE,
			"--at is '%s', expected a time like 14:05 or 2026-03-14T14:05", j->at);
		return ERR_USAGE;
	}
	j->e.from_us -= j->e.from_us % CLOCK_MINUTE_US;
	j->e.to_us = j->e.from_us + j->minutes * CLOCK_MINUTE_US;
	return 0;
}

static bool within(const struct explain *e, int64_t t_us)
{
	return t_us >= e->from_us && t_us < e->to_us;
}

/* ---- looking on while the clip is replayed ---- */

static void on_begin(void *ctx, const struct plan *plan, const struct calib *calib)
{
	struct job *j = ctx;

	(void)calib;
	j->plan = plan;
}

static int no_line(struct job *j)
{
	struct str names = STR_INIT;

	for (int i = 0; i < j->plan->n; i++)
		if (j->plan->place[i].kind == PLACE_LINE)
			str_addf(&names, "%s'%s'", names.len ? ", " : "",
				 j->plan->place[i].name);
	err_set(&j->err, ERR_CONFIG, "the plan has no line '%s'; its lines: %s", j->e.line,
		names.len ? names.s : "none");
	str_clear(&names);
	return ERR_CONFIG;
}

/* With the first picture it is known where all places are. */
static int begin(struct job *j, int64_t t_us, const struct map *map)
{
	const struct pt_floor **at;
	struct explain *e = &j->e;

	j->first_us = t_us;
	if (find_stretch(j, t_us, &j->err) < 0)
		return ERR_USAGE;
	e->place = plan_find(j->plan, PLACE_LINE, e->line);
	if (e->place < 0)
		return no_line(j);
	e->n_shapes = j->plan->n;
	e->shape = xcalloc((size_t)e->n_shapes, sizeof(*e->shape));
	at = xcalloc((size_t)e->n_shapes, sizeof(*at));
	for (int i = 0; i < e->n_shapes; i++) {
		const struct place *p = &j->plan->place[i];
		struct explain_shape *s = &e->shape[i];

		str_copy(s->name, sizeof(s->name), p->name);
		s->kind = p->kind;
		if (map_place(map, p, s->v, NULL) == 0)
			s->n = p->n;
		at[i] = i == e->place ? s->v : NULL;
	}
	str_copy(e->in_label, sizeof(e->in_label), j->plan->place[e->place].in_label);
	str_copy(e->out_label, sizeof(e->out_label), j->plan->place[e->place].out_label);
	e->metric = map_metric(map);
	j->unsure = counter_new(&j->conf->count, 0, j->plan, at, e->metric);
	free(at);
	return 0;
}

static struct explain_path *find_path(const struct explain *e, int64_t track, bool confirmed)
{
	for (size_t i = e->n_path; i-- > 0;)
		if (e->path[i].track == track && e->path[i].confirmed == confirmed)
			return &e->path[i];
	return NULL;
}

const struct explain_path *explain_path_of(const struct explain *e, const struct explain_row *r)
{
	return find_path(e, r->track, r->confirmed);
}

static struct explain_path *path_of(struct explain *e, int64_t track, bool confirmed)
{
	struct explain_path *p = find_path(e, track, confirmed);

	if (p)
		return p;
	if (e->n_path == e->cap_path)
		e->path = vec_grow(e->path, &e->cap_path, sizeof(*e->path));
	e->path[e->n_path] = (struct explain_path){ .track = track,
						    .confirmed = confirmed,
						    .nearest = INFINITY };
	return &e->path[e->n_path++];
}

static void add_row(struct explain *e, const struct explain_row *r)
{
	if (e->n_row == e->cap_row)
		e->row = vec_grow(e->row, &e->cap_row, sizeof(*e->row));
	e->row[e->n_row++] = *r;
}

static void add_point(struct job *j, const struct sighting *s, bool confirmed)
{
	struct explain *e = &j->e;
	const struct explain_shape *line = &e->shape[e->place];
	const struct count_opts *o = &j->conf->count;
	double h = e->metric ? o->hysteresis_m : o->hysteresis_body * s->body, dist;
	struct explain_path *p;

	if (s->t_us < e->from_us - AROUND_US || s->t_us >= e->to_us + AROUND_US)
		return;
	p = path_of(e, s->track, confirmed);
	if (p->n == p->cap)
		p->v = vec_grow(p->v, &p->cap, sizeof(*p->v));
	p->v[p->n++] = (struct explain_point){ s->t_us, s->at };
	dist = polyline_distance(line->v, line->n, s->at);
	if (p->n == 1)
		p->began = dist;
	p->ended = dist;
	if (!within(e, s->t_us))
		return;
	p->close |= dist <= CLOSE * h;
	if (dist < p->nearest) {
		p->nearest = dist;
		p->nearest_us = s->t_us;
	}
}

static void add_why(struct job *j, const struct count_why *w, bool confirmed)
{
	if (w->place == j->e.place && within(&j->e, w->t_us))
		add_row(&j->e, &(struct explain_row){ .t_us = w->t_us,
						      .track = w->person,
						      .dir = w->dir,
						      .rule = w->rule,
						      .confirmed = confirmed });
}

/* The counter wants them ordered by track. */
static void add_unsure(struct job *j, const struct sighting *s)
{
	size_t i = j->unsure_who.n;

	VEC_PUSH(&j->unsure_who);
	for (; i > 0 && j->unsure_who.v[i - 1].track > s->track; i--)
		j->unsure_who.v[i] = j->unsure_who.v[i - 1];
	j->unsure_who.v[i] = *s;
	*VEC_PUSH(&j->unsure_cell) = -1;
}

/* Tracks that are not confirmed, and may never be. */
static void step_unsure(struct job *j, int64_t t_us, const struct camera_out *out)
{
	struct count_out counted;

	j->unsure_who.n = j->unsure_cell.n = 0;
	for (int i = 0; i < out->n_track; i++) {
		const struct track *t = &out->track[i];
		struct sighting s = { .track = t->birth, .t_us = t_us };
		struct explain_path *was = find_path(&j->e, t->birth, false);

		if (t->confirmed && was)
			was->dropped = true; /* its past comes again, as sightings */
		if (t->confirmed || !t->seen || !map_locate(out->map, &t->at, &s.at, &s.body))
			continue;
		add_unsure(j, &s);
		add_point(j, &s, false);
	}
	counter_step(j->unsure, t_us, 1, j->unsure_who.v, j->unsure_cell.v,
		     (int)j->unsure_who.n, &counted);
	for (int i = 0; i < counted.n_why; i++)
		add_why(j, &counted.why[i], false);
}

static bool on_frame(void *ctx, int64_t t_us, const struct camera_out *out)
{
	struct job *j = ctx;

	if (!j->unsure && begin(j, t_us, out->map) < 0)
		return false;
	j->last_us = t_us;
	if (t_us < j->e.from_us - AROUND_US)
		return true;
	step_unsure(j, t_us, out);
	for (int i = 0; i < out->n_sighting; i++)
		add_point(j, &out->sighting[i], true);
	return t_us < j->e.to_us + SETTLE_US;
}

static void on_why(void *ctx, const struct count_why *w)
{
	struct job *j = ctx;

	if (j->unsure)
		add_why(j, w, true);
}

static void on_cover(void *ctx, const struct minute_cover *m)
{
	struct job *j = ctx;

	if (j->unsure && within(&j->e, m->start_us))
		j->e.observed_s += m->observed_s;
}

/* ---- what it comes to ---- */

static int by_time(const void *a, const void *b)
{
	const struct explain_row *x = a, *y = b;

	if (x->t_us != y->t_us)
		return x->t_us < y->t_us ? -1 : 1;
	return (x->track > y->track) - (x->track < y->track);
}

static bool has_row(const struct explain *e, const struct explain_path *p)
{
	for (size_t i = 0; i < e->n_row; i++)
		if (explain_path_of(e, &e->row[i]) == p)
			return true;
	return false;
}

/* Rows of tracks that were confirmed after all: they have others. */
static void drop_rows(struct explain *e)
{
	size_t kept = 0;

	for (size_t i = 0; i < e->n_row; i++) {
		const struct explain_path *p = explain_path_of(e, &e->row[i]);

		if (e->row[i].confirmed || (p && !p->dropped))
			e->row[kept++] = e->row[i];
	}
	e->n_row = kept;
}

static void finish(struct explain *e)
{
	size_t decided;

	drop_rows(e);
	decided = e->n_row;
	for (size_t i = 0; i < e->n_path; i++) {
		const struct explain_path *p = &e->path[i];

		if (!p->confirmed || isinf(p->nearest) || has_row(e, p))
			continue;
		if (p->close)
			add_row(e, &(struct explain_row){ .t_us = p->nearest_us,
							  .track = p->track,
							  .rule = LINE_RULE_NONE,
							  .confirmed = true });
		else
			e->elsewhere++;
	}
	for (size_t i = 0; i < decided; i++)
		if (explain_counts(&e->row[i])) {
			e->in += e->row[i].dir > 0;
			e->out += e->row[i].dir < 0;
		}
	if (e->n_row)
		qsort(e->row, e->n_row, sizeof(*e->row), by_time);
}

static int check_clip(const struct job *j, struct err *err)
{
	char at[CLOCK_TEXT], from[CLOCK_TEXT], to[CLOCK_TEXT];

	if (j->err.code) {
		*err = j->err;
		return j->err.code;
	}
	if (j->last_us >= j->e.from_us && j->first_us < j->e.to_us)
		return 0;
	return err_set(err, ERR_STATE, "the clip runs from %s to %s; there is no %s in it",
		       clock_text_local(j->first_us, from), clock_text_local(j->last_us, to),
		       clock_text_local(j->e.from_us, at));
}

static int explain_clip(const struct cmd_args *a, struct job *j, struct err *err)
{
	const struct replay_watch watch = {
		.ctx = j, .begin = on_begin, .frame = on_frame, .why = on_why, .cover = on_cover
	};
	struct replay_result r = { 0 };
	struct count_out out;
	struct clip clip;
	int rc = clip_open(&clip, a, err);

	if (rc < 0)
		goto out;
	if (!clip.o.plan) {
		rc = err_set(err, ERR_USAGE,
			     "explain needs the plan that it was counted with: --plan");
		goto out;
	}
	clip.o.watch = &watch;
	cmd_stop(); /* from here on a signal ends the clip early */
	progress_begin();
	rc = replay(&clip.o, &r, err);
	progress_end();
	if (rc >= 0 && r.stopped)
		rc = err_set(err, ERR_AGAIN, "stopped");
	if (rc >= 0)
		rc = check_clip(j, err);
	if (rc < 0)
		goto out;
	counter_end(j->unsure, &out);
	for (int i = 0; i < out.n_why; i++)
		add_why(j, &out.why[i], false);
	j->e.replayed = true;
	finish(&j->e);
out:
	clip_clear(&clip);
	return rc;
}

/* ---- from the events of the store's file ---- */

static int find_place(struct query *q, const char *line, const char *camera,
		      const struct query_place **place, struct err *err)
{
	const struct query_place *v;
	const struct query_camera *c;
	int n = query_places(q, &v, err), n_camera = query_cameras(q, &c, err);

	if (n < 0 || n_camera < 0)
		return n < 0 ? n : n_camera;
	*place = NULL;
	for (int i = 0; i < n; i++) {
		if (v[i].info.kind != PLACE_LINE || strcmp(v[i].info.name, line) != 0)
			continue;
		for (int k = 0; k < n_camera && *camera; k++)
			if (c[k].id == v[i].camera && !strcmp(c[k].name, camera))
				*place = &v[i];
		if (!*place)
			*place = &v[i];
	}
	return *place ? 0
		      : err_set(err, ERR_STATE, "there is no line '%s' in the database", line);
}

struct seen {
	int camera;
	double s;
};

static int on_minute(void *arg, const struct minute_cover *m)
{
	struct seen *seen = arg;

	if (m->camera == seen->camera)
		seen->s += m->observed_s;
	return 0;
}

/* An event's rule: what it settled by is not kept, but whether it took one before back is. */
static void add_events(struct job *j, const struct event *v, int n)
{
	int64_t uturn_us = llrint(j->conf->count.uturn_s * 1e6);

	for (int i = 0; i < n; i++) {
		struct line_state s = { 0 };

		for (int k = 0; k <= i; k++) {
			if (v[k].person != v[i].person)
				continue;
			s.rule = LINE_RULE_CLEAR;
			line_book(&s, v[k].kind == EVENT_CROSS_IN ? 1 : -1, v[k].t_us,
				  uturn_us);
		}
		add_row(&j->e,
			&(struct explain_row){ .t_us = v[i].t_us,
					       .track = v[i].person,
					       .dir = v[i].kind == EVENT_CROSS_IN ? 1 : -1,
					       .rule = s.rule,
					       .confirmed = true });
	}
	finish(&j->e);
}

static int explain_events(struct job *j, struct query *q, const struct query_place *place,
			  struct err *err)
{
	struct seen seen = { .camera = place->camera };
	struct query_minutes fn = { .cover = on_minute, .arg = &seen };
	struct event *v = NULL;
	int n, rc = query_minutes(q, j->e.from_us, j->e.to_us, &fn, err);

	if (rc < 0)
		return rc;
	n = query_events(q, place->id, j->e.from_us, j->e.to_us, &v, err);
	if (n < 0)
		return n;
	j->e.stored = n;
	if (!j->e.replayed) {
		j->e.observed_s = seen.s;
		str_copy(j->e.in_label, sizeof(j->e.in_label), place->info.in_label);
		str_copy(j->e.out_label, sizeof(j->e.out_label), place->info.out_label);
		add_events(j, v, n);
	}
	free(v);
	return 0;
}

static int explain_db(const char *db, struct job *j, struct err *err)
{
	const struct query_place *place;
	struct store_info store;
	struct query *q = NULL;
	int64_t from_us, to_us;
	int rc;

	if ((rc = query_open(&q, db, err)) < 0 || (rc = query_store(q, &store, err)) < 0 ||
	    (rc = clock_set_zone(store.zone, err)) < 0 ||
	    (rc = find_place(q, j->e.line, j->e.camera, &place, err)) < 0 ||
	    (rc = query_span(q, &from_us, &to_us, err)) < 0)
		goto out;
	if (!j->e.replayed)
		rc = find_stretch(j, to_us == CLOCK_NONE ? 0 : to_us - 1, err);
	if (rc >= 0)
		rc = explain_events(j, q, place, err);
out:
	query_close(q);
	return rc;
}

/* ---- the command ---- */

static int parse(const struct cmd_args *a, struct job *j, struct err *err)
{
	const char *minutes = cmd_value(a, "minutes");
	int64_t n = 1;

	j->e.line = cmd_value(a, "line");
	j->at = cmd_value(a, "at");
	if (!j->e.line || !j->at)
		return err_set(err, ERR_USAGE, "explain needs --line NAME and --at T");
	if (minutes && (!str_to_i64(minutes, &n) || n < 1 || n > 60))
		return err_set(err, ERR_USAGE,
			       "--minutes is '%s', expected a whole number from 1 to 60",
			       minutes);
	if (!a->n_rest && !cmd_has(a, "db"))
		return err_set(err, ERR_USAGE,
			       "explain needs the clip, or --db FILE for what its events say");
	if (!a->n_rest && cmd_has(a, "out"))
		return err_set(err, ERR_USAGE, "--out needs the clip: paths are not kept");
	j->minutes = (int)n;
	return 0;
}

static int write_out(const struct cmd_args *a, const struct explain *e, struct err *err)
{
	const char *path = cmd_value(a, "out");
	struct str text = STR_INIT, page = STR_INIT;
	int rc = 0;

	explain_text(&text, e);
	if (path) {
		explain_page(&page, e);
		rc = file_write(path, page.s, page.len, err);
	}
	if (rc >= 0 && (fputs(text.s, stdout) == EOF || fflush(stdout) == EOF))
		rc = err_set(err, ERR_IO, "cannot write to standard output");
	str_clear(&text);
	str_clear(&page);
	return rc;
}

static void job_clear(struct job *j)
{
	counter_free(j->unsure);
	VEC_FREE(&j->unsure_who);
	VEC_FREE(&j->unsure_cell);
	for (size_t i = 0; i < j->e.n_path; i++)
		free(j->e.path[i].v);
	free(j->e.path);
	free(j->e.row);
	free(j->e.shape);
}

static int run(const struct cmd_args *a, struct err *err)
{
	struct job j = { .conf = a->conf, .e = { .stored = -1, .camera = "" } };
	int rc = parse(a, &j, err);

	if (rc >= 0 && a->n_rest)
		rc = explain_clip(a, &j, err);
	j.e.camera = a->conf->camera.name;
	if (rc >= 0 && cmd_has(a, "db"))
		rc = explain_db(cmd_value(a, "db"), &j, err);
	if (rc >= 0)
		rc = write_out(a, &j.e, err);
	job_clear(&j);
	return rc;
}

static const struct cmd_option options[] = {
	{ "line", "NAME", "the line", false },
	{ "at", "T", "the minute, like 14:05 or 2026-03-14T14:05; the store's time zone",
	  false },
	{ "minutes", "N", "so many of them, 1 to 60 (1)", false },
	{ "db", "FILE",
	  "the store's file: without a clip, what its events say; with one, to compare",
	  false },
	{ "out", "FILE", "a page with the paths on the plan, HTML", false },
	{ "plan", "FILE", "lines and zones (JSON); default: files.plan of the settings",
	  false },
	{ "calib", "FILE", "the camera's calibration (JSON); default: files.calib", false },
	{ "start", "T", "when the recording began, as of 'replay'", false },
	{ "causal", NULL, "do not look over the recording first, as it was counted", false },
	{ 0 },
};

const struct cmd cmd_explain = {
	.name = "explain",
	.words = "[CLIP...]",
	.help = "say which tracks counted on a line, which did not, and by which rule",
	.manual =
		"Replays the clip, which gives the same counts to the byte, and says of a minute "
		"and a line which tracks crossed it and counted, which did not, and why: the "
		"rules are those that count, not a guess. --out draws their paths on the plan; "
		"there is no picture of anybody in it.\n\n"
		"Paths are never kept, so without the clip --db says only what was counted: its "
		"events, as long as they are kept, and what was observed of the minute.\n\n"
		"The rules:\n"
		"  clear   counted: got clear of the line on the other side (hysteresis)\n"
		"  end     counted: vanished behind the line, far enough from where it began\n"
		"  u-turn  counted, and takes the crossing before it back: no person\n"
		"  back    not counted: went back before it was clear of the line\n"
		"  short   not counted: was seen on the line only\n"
		"  gap     not counted: crossed while unseen for longer than count.gap\n"
		"  none    not counted: did not cross\n\n"
		"A track that was never confirmed as a person counts for nothing; what it would "
		"have been is said.\n\n"
		"  footfall explain recordings/door --plan plan.json --line door --at 14:05",
	.options = options,
	.flags = CMD_CONF,
	.run = run,
};
