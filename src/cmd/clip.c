/* SPDX-License-Identifier: Apache-2.0 */
/* clip.c -- what commands that run a clip through the line have in common. */
#include "cmd/clip.h"

#include "base/clock.h"
#include "base/progress.h"
#include "run/sources.h"

#include <string.h>

static int fill_opts(const struct cmd_args *a, struct replay_opts *o, struct err *err)
{
	const struct conf *c = a->conf;

	if (!a->n_rest)
		return err_set(err, ERR_USAGE, "%s: no clip given; see 'footfall help %s'",
			       a->cmd->name, a->cmd->name);
	o->conf = c;
	o->source = (struct source_opts){
		.specs = a->rest, .n_specs = a->n_rest, .start_us = CLOCK_NONE, .kinds = sources
	};
	o->plan = cmd_value(a, "plan");
	if (!o->plan && *c->files.plan)
		o->plan = c->files.plan;
	o->calib = cmd_value(a, "calib");
	if (!o->calib && *c->files.calib)
		o->calib = c->files.calib;
	o->causal = cmd_has(a, "causal");
	o->threads = 1;
	o->stop = cmd_stop;
	o->progress = progress_step;
	return 0;
}

/* What the source knows of itself goes where nobody said anything else. */
static int ask_source(const struct cmd_args *a, struct replay_opts *o,
		      struct source_about *about, struct calib *calib, struct err *err)
{
	const char *start = cmd_value(a, "start");
	int rc = source_about(&o->source, about, err);

	if (rc < 0 ||
	    (about->store && (rc = conf_offer(a->conf, "store.name", about->store, err)) < 0) ||
	    (about->camera &&
	     (rc = conf_offer(a->conf, "camera.name", about->camera, err)) < 0) ||
	    (about->time_zone &&
	     (rc = conf_offer(a->conf, "store.time_zone", about->time_zone, err)) < 0))
		return rc;
	if (!o->plan)
		o->plan = about->plan;
	if (!o->calib && about->calib) {
		rc = calib_parse(calib, about->calib, strlen(about->calib), err);
		if (rc < 0)
			return rc;
		o->known_calib = calib;
	}
	rc = clock_set_zone(a->conf->store.time_zone, err);
	if (rc >= 0 && start && (rc = clock_parse(start, &o->source.start_us, err)) < 0)
		err_ctx(err, "--start");
	return rc < 0 ? (int)(err->code = ERR_USAGE) : 0;
}

int clip_open(struct clip *c, const struct cmd_args *a, struct err *err)
{
	int rc;

	*c = (struct clip){ 0 };
	rc = fill_opts(a, &c->o, err);
	return rc < 0 ? rc : ask_source(a, &c->o, &c->about, &c->calib, err);
}

void clip_clear(struct clip *c)
{
	source_about_clear(&c->about);
}
