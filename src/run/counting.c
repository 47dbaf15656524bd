/* SPDX-License-Identifier: Apache-2.0 */
/* counting.c -- sightings become counts, and counts are kept. */
#include "run/counting.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/vec.h"
#include "run/eventfile.h"
#include "run/order.h"
#include "store/writer.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* How often the database makes safe what it has, by the stopwatch. */
#define COMMIT_EVERY_US CLOCK_SECOND_US

/* Rows that wait at most: a day of a camera with a dozen places. */
#define WAITING_MAX 30000

struct counting {
	struct counting_opts o;
	struct order *order;
	struct counter *counter;
	struct writer *writer;
	struct batch *batch; /* NULL: rows are written as they come */
	struct {
		int64_t t_us;
		void *png; /* NULL: none waits */
		size_t len;
	} plate;
	char *params; /* what the numbers depend on */
	bool metric;
	struct eventfile *events;
	int64_t committed_us;
	double observed_s;
	int64_t (*crossings)[2]; /* of each place: out, in */
};

static bool is_own(const struct place *p, const char *camera)
{
	return !camera || !p->camera[0] || !strcmp(p->camera, camera);
}

/* Takes gates and queues out that lost one of the places they are made of. */
static void drop_parted(struct plan *plan, const char *path, const char *camera)
{
	int kept = 0, part[2];

	for (int i = 0; i < plan->n; i++) {
		struct place p = plan->place[i];

		if (p.kind == PLACE_GATE || p.kind == PLACE_QUEUE) {
			plan_parts(plan, &p, part);
			if (part[0] < 0 || part[1] < 0) {
				log_warn("plan '%s': '%s' is not counted by camera '%s', for "
					 "'%s' is not",
					 path, p.name, camera, p.part[part[0] < 0 ? 0 : 1]);
				continue;
			}
		}
		plan->place[kept++] = p;
	}
	plan->n = kept;
}

static int keep_own_places(struct plan *plan, const char *path, const char *camera,
			   struct err *err)
{
	int kept = 0;

	for (int i = 0; i < plan->n; i++)
		kept += is_own(&plan->place[i], camera);
	if (plan->n && !kept)
		return err_set(
			err, ERR_CONFIG,
			"plan '%s': nothing in it is for camera '%s', the first place "
			"is for camera '%s'; expected the camera's own plan, or its name "
			"in camera.name",
			path, camera, plan->place[0].camera);
	kept = 0;
	for (int i = 0; i < plan->n; i++) {
		struct place *p = &plan->place[i];

		if (is_own(p, camera))
			plan->place[kept++] = *p;
		else
			log_warn("plan '%s': '%s' belongs to camera '%s' and is not counted by "
				 "camera '%s'",
				 path, p->name, p->camera, camera);
	}
	plan->n = kept;
	return 0;
}

static int keep_visible_places(struct plan *plan, const char *path, const char *camera,
			       const struct calib *calib, struct err *err)
{
	struct map *map = map_new(calib, 1, 1, 1, 1, 1); /* metres do not depend on pixels */
	int kept = 0, had = plan->n;

	for (int i = 0; i < had; i++) {
		struct place *p = &plan->place[i];
		struct pt_floor at[PLAN_MAX_POINTS];

		if (p->coords != PLAN_METRES || !p->n || map_place(map, p, at, NULL) < 0 ||
		    map_shows(map, p->kind, at, p->n))
			plan->place[kept++] = *p;
		else
			log_warn("plan '%s': '%s' is not in the picture of camera '%s' and is "
				 "not counted by it",
				 path, p->name, camera);
	}
	map_free(map);
	plan->n = kept;
	drop_parted(plan, path, camera);
	if (had && !kept)
		return err_set(err, ERR_CONFIG,
			       "plan '%s': nothing in it is in the picture of camera '%s'",
			       path, camera);
	return 0;
}

int counting_read_plan(struct plan *out, const char *path, const char *camera,
		       const struct calib *calib, struct err *err)
{
	struct plan plan = { 0 };
	char text[256];
	int rc = plan_read(&plan, path, err);

	if (rc >= 0)
		rc = keep_own_places(&plan, path, camera, err);
	if (rc >= 0 && calib)
		rc = keep_visible_places(&plan, path, camera, calib, err);
	if (rc < 0) {
		plan_clear(&plan);
		return rc;
	}
	for (int i = 0; i < plan.n; i++)
		for (int n = 0; plan_lint(&plan, i, n, text, sizeof(text)); n++)
			log_warn("plan '%s': %s", path, text);
	*out = plan;
	return 0;
}

static char *params_text(const struct counting_opts *o)
{
	struct str s = STR_INIT;
	char *conf = conf_params(o->conf), *calib;

	str_addf(&s, "{\"settings\":%s,%s,\"places\":[", conf, o->params);
	for (int i = 0; i < o->plan->n; i++) {
		char *place = place_text(&o->plan->place[i]);

		str_addf(&s, "%s%s", i ? "," : "", place);
		free(place);
	}
	str_add(&s, "],\"calibration\":");
	calib = o->calib ? calib_text(o->calib) : xstrdup("null");
	str_addf(&s, "%s}", calib);
	free(calib);
	free(conf);
	return str_take(&s);
}

static int open_writer(struct counting *c, bool metric, struct err *err)
{
	const struct conf *conf = c->o.conf;
	const struct plan *plan = c->o.plan;
	struct store_info store = { .business_day_start_s = conf->store.business_day_start_s };
	struct run_info run = { .version = FOOTFALL_VERSION,
				.metric = metric,
				.checked = c->o.checked && *c->o.checked };
	struct place_info *places = xcalloc((size_t)plan->n + 1, sizeof(*places));
	char *note = NULL;
	int rc;

	str_copy(store.name, sizeof(store.name), conf->store.name);
	str_copy(store.zone, sizeof(store.zone), conf->store.time_zone);
	str_copy(run.camera, sizeof(run.camera), conf->camera.name);
	snprintf(run.params_id, sizeof(run.params_id), "%016" PRIx64,
		 str_hash(STR_HASH_INIT, c->params, strlen(c->params)));
	run.params = c->params;
	for (int i = 0; i < plan->n; i++) {
		const struct place *p = &plan->place[i];

		places[i] = (struct place_info){ .kind = p->kind,
						 .role = p->role,
						 .geometry = place_text(p),
						 .engaged_s = p->engaged_s };
		str_copy(places[i].name, sizeof(places[i].name), p->name);
		str_copy(places[i].in_label, sizeof(places[i].in_label), p->in_label);
		str_copy(places[i].out_label, sizeof(places[i].out_label), p->out_label);
	}
	rc = writer_open(&c->writer, c->o.db, &store, &run, places, plan->n, &note, err);
	if (note)
		log_warn("%s", note);
	for (int i = 0; i < plan->n; i++)
		free((char *)places[i].geometry);
	free(places);
	free(note);
	return rc;
}

/* A place's points where there is no camera. */
static int place_on_plan(const struct place *p, struct pt_floor *out, struct err *err)
{
	if (p->coords != PLAN_METRES)
		return err_set(
			err, ERR_STATE,
			"%s '%s' is drawn on a picture, and there is no camera; expected "
			"metres",
			plan_kind_name(p->kind), p->name);
	for (int i = 0; i < p->n; i++)
		out[i] = (struct pt_floor){ p->xy[i][0], p->xy[i][1] };
	return 0;
}

/* Places on the floor. Floor units do not depend on the analysis picture, so that what is wrong
 * with a plan shows before the first frame. */
static int make_counter(struct counting *c, bool metric, struct err *err)
{
	const struct counting_opts *o = &c->o;
	const int w = o->img_w, h = o->img_h, n = o->plan->n;
	struct map *map = w ? map_new(o->calib, w, h, w, h, 1) : NULL;
	struct pt_floor(*at)[PLAN_MAX_POINTS];
	const struct pt_floor **v;
	int rc = 0;

	at = xcalloc((size_t)n + 1, sizeof(*at));
	v = xcalloc((size_t)n + 1, sizeof(*v));
	for (int i = 0; i < n && rc >= 0; i++) {
		const struct place *p = &o->plan->place[i];

		v[i] = at[i];
		rc = map ? map_place(map, p, at[i], err) : place_on_plan(p, at[i], err);
	}
	if (rc >= 0)
		c->counter = counter_new(&o->conf->count, 0, o->plan, v, metric);
	free(v);
	free(at);
	map_free(map);
	if (rc >= 0)
		return 0;
	err_ctx(err, "plan '%s'", o->plan_path);
	return err->code = ERR_CONFIG;
}

struct counting *counting_open(const struct counting_opts *o, struct err *err)
{
	struct counting *c = xcalloc(1, sizeof(*c));
	bool metric = o->calib || !o->img_w;

	c->o = *o;
	c->metric = metric;
	c->params = params_text(o);
	c->batch = o->db && o->checked ? batch_new(WAITING_MAX) : NULL;
	c->committed_us = clock_stopwatch_us();
	c->order = order_new(o->late_s);
	c->crossings = xcalloc((size_t)o->plan->n + 1, sizeof(*c->crossings));
	if (make_counter(c, metric, err) < 0 ||
	    (o->db && !c->batch && open_writer(c, metric, err) < 0) ||
	    (o->events &&
	     eventfile_open(&c->events, o->events, o->plan, o->conf->camera.name, err) < 0)) {
		counting_close(c, NULL);
		return NULL;
	}
	return c;
}

static int write_rows(struct writer *w, const struct count_out *out, struct err *err)
{
	int rc = 0;

	for (int i = 0; i < out->n_cover && rc >= 0; i++)
		rc = writer_cover(w, &out->cover[i], err);
	for (int i = 0; i < out->n_line && rc >= 0; i++)
		rc = writer_line(w, &out->line[i], err);
	for (int i = 0; i < out->n_zone && rc >= 0; i++)
		rc = writer_zone(w, &out->zone[i], err);
	for (int i = 0; i < out->n_heat && rc >= 0; i++)
		rc = writer_heat(w, &out->heat[i], err);
	for (int i = 0; i < out->n_floor && rc >= 0; i++)
		rc = writer_floor(w, &out->floor[i], err);
	for (int i = 0, n; i < out->n_value && rc >= 0; i += n) {
		for (n = 1; i + n < out->n_value &&
			    out->value[i + n].start_us == out->value[i].start_us;)
			n++;
		rc = writer_values(w, &out->value[i], n, err);
	}
	for (int i = 0; i < out->n_event && rc >= 0; i++)
		rc = writer_event(w, &out->event[i], err);
	return rc;
}

/* What the counter has finished goes where it is kept. */
static int keep(struct counting *c, const struct count_out *out, struct err *err)
{
	for (int i = 0; i < out->n_cover; i++) {
		c->observed_s += out->cover[i].observed_s;
		if (c->o.on_cover)
			c->o.on_cover(c->o.ctx, &out->cover[i]);
	}
	for (int i = 0; i < out->n_why && c->o.on_why; i++)
		c->o.on_why(c->o.ctx, &out->why[i]);
	for (int i = 0; i < out->n_event; i++) {
		const struct event *e = &out->event[i];

		if (e->kind == EVENT_CROSS_IN || e->kind == EVENT_CROSS_OUT)
			c->crossings[e->place][e->kind == EVENT_CROSS_IN]++;
		if (c->events)
			eventfile_add(c->events, e);
		if (c->o.on_event)
			c->o.on_event(c->o.ctx, e);
	}
	if (c->batch)
		batch_add(c->batch, out);
	else if (c->writer)
		return write_rows(c->writer, out, err);
	return 0;
}

static int count_ready(struct counting *c, bool over, struct err *err)
{
	struct order_frame f;
	struct count_out out;
	int rc = 0;

	while (rc >= 0 && order_next(c->order, over, &f)) {
		rc = counter_step(c->counter, f.t_us, f.dur_us, f.who, f.heat_cell, f.n, &out);
		if (rc >= 0)
			rc = keep(c, &out, err);
	}
	return rc;
}

static int make_safe(struct counting *c, struct err *err)
{
	int64_t now = clock_stopwatch_us();

	if (c->batch || !c->writer || now - c->committed_us < COMMIT_EVERY_US)
		return 0;
	c->committed_us = now;
	return writer_commit(c->writer, err);
}

int counting_step(struct counting *c, int64_t t_us, int64_t dur_us, const struct sighting *who,
		  const int *heat_cell, int n, struct err *err)
{
	int rc;

	order_frame(c->order, t_us, dur_us);
	for (int i = 0; i < n; i++)
		order_sighting(c->order, &who[i], heat_cell[i]);
	rc = count_ready(c, false, err);
	return rc < 0 ? rc : make_safe(c, err);
}

int counting_plate(struct counting *c, int64_t t_us, const void *png, size_t len,
		   struct err *err)
{
	if (!c->batch)
		return writer_plate(c->writer, t_us, png, len, err);
	free(c->plate.png);
	c->plate.png = memcpy(xmalloc(len), png, len);
	c->plate.len = len;
	c->plate.t_us = t_us;
	return 0;
}

bool counting_has_db(const struct counting *c)
{
	return c->o.db != NULL;
}

/* All that waits, into the open file. */
static int write_waiting(struct counting *c, struct err *err)
{
	int rc = batch_write(c->batch, c->writer, err);

	if (rc < 0 || !c->plate.png)
		return rc;
	rc = writer_plate(c->writer, c->plate.t_us, c->plate.png, c->plate.len, err);
	if (rc >= 0)
		rc = writer_commit(c->writer, err);
	if (rc < 0)
		return rc;
	free(c->plate.png);
	c->plate.png = NULL;
	return 0;
}

int counting_flush(struct counting *c, struct err *err)
{
	int rc = 0;

	if (!counting_waiting(c))
		return 0;
	if (!c->writer) {
		rc = open_writer(c, c->metric, err);
		if (rc < 0)
			return rc;
		*c->o.checked = true;
	}
	rc = write_waiting(c, err);
	if (rc == ERR_FORMAT) { /* damaged: set aside when it is opened anew */
		writer_close(c->writer, NULL);
		c->writer = NULL;
		*c->o.checked = false;
	}
	return rc;
}

size_t counting_waiting(const struct counting *c)
{
	return c->batch ? batch_rows(c->batch) + (c->plate.png != NULL) : 0;
}

const struct batch_loss *counting_lost(const struct counting *c)
{
	return batch_lost(c->batch);
}

int counting_end(struct counting *c, struct err *err)
{
	struct count_out out;
	int rc = count_ready(c, true, err);

	if (rc < 0)
		return rc;
	counter_end(c->counter, &out);
	return keep(c, &out, err);
}

double counting_observed_s(const struct counting *c)
{
	return c->observed_s;
}

int64_t counting_crossings(const struct counting *c, int place, bool in)
{
	return c->crossings[place][in];
}

int counting_close(struct counting *c, struct err *err)
{
	int rc, rc2;

	if (!c)
		return 0;
	rc = writer_close(c->writer, err);
	rc2 = eventfile_close(c->events, rc < 0 ? NULL : err);
	batch_free(c->batch);
	free(c->params);
	free(c->plate.png);
	counter_free(c->counter);
	order_free(c->order);
	free(c->crossings);
	free(c);
	return rc < 0 ? rc : rc2;
}
