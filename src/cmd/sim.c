/* SPDX-License-Identifier: Apache-2.0 */
/* sim.c -- 'footfall sim': a simulated store, its truth, its pictures, its radio. */
#include "base/clock.h"
#include "base/file.h"
#include "base/progress.h"
#include "base/str.h"
#include "base/vec.h"
#include "cmd/cmd.h"
#include "cmd/results.h"
#include "run/simulate.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SECONDS_MAX 1e8 /* three years */

static const struct cmd_option options[] = {
	{ "seconds", "N", "length; default: the scene's", false },
	{ "seed", "N", "other people in the same scene, 0 or more; default: the scene's",
	  false },
	{ "no-pictures", NULL, "no pictures: tracks as a tracker would make them are counted",
	  false },
	{ "noise", "KEY=V,...",
	  "with --no-pictures: faults of the tracks, keys of [tracks] in the "
	  "scene: sd=0.1,breaks=0.5,swap=0.05",
	  false },
	{ "truth", "DIR", "folder for the truth as CSV, and the boxes of each camera", false },
	{ "measures", "FILE",
	  "of the truth only what the measures of places were, as CSV: for many days", false },
	{ "y4m", "FILE", "a camera's pictures as YUV4MPEG2; - is standard output", false },
	{ "camera", "NAME", "the camera of --y4m, where there are several", false },
	{ "pcap", "FILE", "what the receivers hear, as a capture with radiotap headers",
	  false },
	{ "plan", "FILE", "lines and zones (JSON) in metres; default: the scene's", false },
	{ "db", "FILE", "with --no-pictures: database to count into", false },
	{ "out", "DIR", "with --no-pictures: folder for events.csv and each day's report",
	  false },
	{ "keys", NULL, "print what may stand in a scene, and leave", false },
	{ 0 },
};

static int print_keys(struct err *err)
{
	struct str s = STR_INIT;
	int rc = 0;

	scene_keys(&s);
	if (fputs(s.s, stdout) == EOF)
		rc = err_set(err, ERR_IO, "cannot write to standard output");
	str_clear(&s);
	return rc;
}

/* What does not go together. */
static int check_options(const struct cmd_args *a, struct err *err)
{
	bool pictures = !cmd_has(a, "no-pictures");

	if (a->n_rest != 1)
		return err_set(err, ERR_USAGE,
			       "sim: expected one scene, found %d; see 'footfall help sim'",
			       a->n_rest);
	if (pictures && (cmd_has(a, "db") || cmd_has(a, "out")))
		return err_set(err, ERR_USAGE,
			       "--%s counts tracks and goes with --no-pictures; pictures are "
			       "counted by 'footfall replay sim:%s'",
			       cmd_has(a, "db") ? "db" : "out", a->rest[0]);
	if (pictures && cmd_has(a, "noise"))
		return err_set(err, ERR_USAGE,
			       "--noise is of tracks and goes with "
			       "--no-pictures");
	if (cmd_has(a, "truth") && cmd_has(a, "measures"))
		return err_set(err, ERR_USAGE,
			       "--truth has the measures, too: it and --measures exclude "
			       "each other");
	if (!pictures && cmd_has(a, "y4m"))
		return err_set(err, ERR_USAGE, "--y4m and --no-pictures exclude each other");
	if (cmd_has(a, "camera") && !cmd_has(a, "y4m"))
		return err_set(err, ERR_USAGE, "--camera is for --y4m");
	return 0;
}

static int parse_numbers(const struct cmd_args *a, struct simulate_opts *o, struct err *err)
{
	const char *seconds = cmd_value(a, "seconds"), *seed = cmd_value(a, "seed");
	int64_t n = 0;

	if (seconds && (!str_to_double(seconds, &o->seconds) || o->seconds <= 0 ||
			o->seconds > SECONDS_MAX))
		return err_set(err, ERR_USAGE,
			       "--seconds: '%s' is not a number above 0 and up to %.0f",
			       seconds, SECONDS_MAX);
	if (seed && (!str_to_i64(seed, &n) || n < 0))
		return err_set(err, ERR_USAGE, "--seed: '%s' is not a whole number from 0 on",
			       seed);
	if (seed)
		o->seed = (uint64_t)n;
	return 0;
}

/* "sd=0.1,breaks=0.5" over the scene's [tracks]. */
static int set_noise(struct scene *scene, const char *noise, struct err *err)
{
	char *text = xstrdup(noise), *item = text, *next;
	int rc = 0;

	for (; *item && rc >= 0; item = next) {
		char *value;

		next = item + strcspn(item, ",");
		if (*next)
			*next++ = '\0';
		value = strchr(item, '=');
		if (value) {
			*value++ = '\0';
			rc = scene_set(scene, "tracks", item, value, err);
		} else {
			rc = err_set(err, ERR_USAGE, "expected KEY=VALUE, found '%s'", item);
		}
	}
	free(text);
	if (rc < 0)
		err_ctx(err, "--noise");
	return rc;
}

static int fill_opts(const struct cmd_args *a, const struct scene *s, struct simulate_opts *o,
		     struct err *err)
{
	int rc;

	*o = (struct simulate_opts){ .conf = a->conf,
				     .scene = s,
				     .seed = s->seed,
				     .seconds = s->seconds,
				     .pictures = !cmd_has(a, "no-pictures"),
				     .plan = cmd_value(a, "plan"),
				     .truth = cmd_value(a, "truth"),
				     .measures = cmd_value(a, "measures"),
				     .y4m = cmd_value(a, "y4m"),
				     .pcap = cmd_value(a, "pcap"),
				     .stop = cmd_stop,
				     .progress = progress_step };
	if (!o->plan && *a->conf->files.plan)
		o->plan = a->conf->files.plan;
	if (!o->plan)
		o->plan = s->plan;
	rc = parse_numbers(a, o, err);
	if (rc >= 0 && o->y4m)
		rc = o->camera = scene_camera(s, cmd_value(a, "camera"), err);
	if (rc >= 0 && o->pcap && !s->n_receivers)
		rc = err_set(err, ERR_USAGE, "--pcap: '%s' has no [receiver]", s->path);
	if (rc < 0 || (rc = conf_offer(a->conf, "store.name", s->name, err)) < 0 ||
	    (rc = conf_offer(a->conf, "camera.name", s->name, err)) < 0 ||
	    (rc = conf_offer(a->conf, "store.time_zone", s->time_zone, err)) < 0)
		return rc;
	return clock_set_zone(a->conf->store.time_zone, err);
}

static const char *plural(int64_t n)
{
	return n == 1 ? "" : "s";
}

static void print_summary(const struct simulate_opts *o, const struct simulate_result *r)
{
	FILE *f = o->y4m && !strcmp(o->y4m, "-") ? stderr : stdout;
	double seconds = (double)(r->to_us - r->from_us) / 1e6;
	double took_s = (double)r->took_us / 1e6;
	char from[CLOCK_TEXT];

	fprintf(f, "scene %s: %.6g s from %s, seed %" PRIu64 "\n", o->scene->name, seconds,
		clock_text_local(r->from_us, from), o->seed);
	fprintf(f, "%" PRId64 " %s, %" PRId64 " group%s\n", r->people,
		r->people == 1 ? "person" : "people", r->groups, plural(r->groups));
	for (int i = 0; i < r->n_lines; i++)
		fprintf(f, "line %s: %" PRId64 " in, %" PRId64 " out%s\n", r->line[i].name,
			r->line[i].in, r->line[i].out, o->pictures ? "" : ", as counted");
	if (o->truth || o->measures)
		fprintf(f, "truth in %s\n", o->truth ? o->truth : o->measures);
	if (r->pictures)
		fprintf(f, "%" PRId64 " picture%s, %.0f a second\n", r->pictures,
			plural(r->pictures), (double)r->pictures / took_s);
	fprintf(f, "%.1f s, %.0f times real time\n", took_s, seconds / took_s);
}

static int run_scene(const struct cmd_args *a, struct scene *scene, struct err *err)
{
	const char *db = cmd_value(a, "db"), *out = cmd_value(a, "out");
	struct results results = { 0 };
	struct simulate_result r = { 0 };
	struct simulate_opts o;
	int rc = 0;

	if (cmd_has(a, "noise"))
		rc = set_noise(scene, cmd_value(a, "noise"), err);
	if (rc < 0 || (rc = fill_opts(a, scene, &o, err)) < 0)
		return rc;
	cmd_stop(); /* from here on a signal leaves whole files */
	if (o.truth && (rc = file_mkdirs(o.truth, err)) < 0)
		return rc;
	if ((db || out) && (rc = results_open(&results, db, out, err)) < 0)
		goto out;
	o.db = results.db;
	o.events = results.events;
	progress_begin();
	rc = simulate(&o, &r, err);
	progress_end();
	if (rc < 0)
		goto out;
	print_summary(&o, &r);
	if (o.db)
		rc = results_print(&results, r.from_us, r.to_us, err);
	if (rc >= 0 && r.stopped)
		rc = err_set(err, ERR_AGAIN, "stopped; what was simulated until then is kept");
out:
	free(r.line);
	results_close(&results);
	return rc;
}

static int run(const struct cmd_args *a, struct err *err)
{
	struct scene *scene;
	int rc;

	if (cmd_has(a, "keys"))
		return print_keys(err);
	rc = check_options(a, err);
	if (rc < 0)
		return rc;
	scene = scene_read(a->rest[0], err);
	if (!scene)
		return err->code;
	rc = run_scene(a, scene, err);
	scene_free(scene);
	return rc;
}

const struct cmd cmd_sim = {
	.name = "sim",
	.words = "SCENE",
	.help = "simulate a store: pictures, exact truth, phones, or days of people in seconds",
	.manual =
		"Runs a simulated store from a scene, a small text file ('--keys' prints what may "
		"stand in it; samples/scenes has some). The same scene and seed give the same "
		"bytes on every machine.\n\n"
		"Without options it tells who came and what crossed. --truth writes people.csv, "
		"floor.csv, crossings.csv, visits.csv, queue.csv, occupancy.csv, measures.csv, "
		"wifi.csv where there are receivers, and CAMERA.gt.txt (MOTChallenge) for each camera, which "
		"'footfall eval' compares with what was counted; --measures writes measures.csv "
		"alone.\n\n"
		"--y4m writes a camera's pictures, to be encoded or looked at:\n"
		"  footfall sim door.ini --y4m - | ffmpeg -i - door.mp4\n"
		"The rate is constant there: a picture that got lost on the way is the one before "
		"once more. 'footfall replay sim:SCENE' counts the pictures without a file "
		"between, and leaves lost ones out.\n\n"
		"--no-pictures counts the people's paths, with the faults of a tracker that the "
		"scene's [tracks] or --noise ask for, or exactly: a day takes seconds. With --db or --out "
		"each day's table is printed as by 'replay'; the heat map is that of the floor, "
		"north up.",
	.options = options,
	.flags = CMD_CONF,
	.run = run,
};
