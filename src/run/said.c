/* SPDX-License-Identifier: Apache-2.0 */
/* said.c -- the daemon's state in words. */
#include "run/said.h"

#include "base/clock.h"
#include "base/log.h"
#include "store/query.h"

#include <inttypes.h>
#include <string.h>

static const char *const states[] = {
	[WATCH_CONNECTS] = "connecting",
	[WATCH_SEES] = "ok",
	[WATCH_WAITS] = "waiting",
	[WATCH_OTHER] = "wrong shape",
};

/* A connection is made within this long, or is trouble. */
#define GRACE_US (15 * CLOCK_SECOND_US)
#define CLOCK_OFF_US (2 * CLOCK_SECOND_US)

/* Why a person should look after a camera, or NULL. */
static const char *trouble_of(const struct said *s, const struct said_camera *c)
{
	if (c->books.trouble[0])
		return c->books.trouble;
	if (c->watch.trouble[0])
		return c->watch.trouble;
	if (c->watch.moved)
		return "it looks elsewhere than before: lines and zones lie wrong";
	if (c->watch.state == WATCH_CONNECTS && s->stopwatch_us - s->began_us > GRACE_US)
		return "it does not answer";
	return NULL;
}

/* Seconds of the business day so far. */
static double day_s(const struct said *s)
{
	char day[16];
	int64_t from_us, to_us;

	clock_day_of(s->now_us, s->day_start_s, day);
	if (clock_day(day, s->day_start_s, &from_us, &to_us, NULL) < 0)
		return 0;
	return (double)(s->now_us - from_us) / 1e6;
}

static void add_trouble(struct str *out, bool *any, const char *who, const char *what)
{
	struct str line = STR_INIT;

	str_addf(&line, "%s: %s", who, what);
	str_add(out, *any ? ", " : "");
	str_add_json(out, line.s);
	*any = true;
	str_clear(&line);
}

/* Everything that is wrong, as a JSON array; whether there is anything. */
static bool add_troubles(const struct said *s, struct str *out)
{
	bool any = false;

	str_add(out, "[");
	if (s->trouble[0])
		add_trouble(out, &any, "database", s->trouble);
	if (s->clock_ahead_us > CLOCK_OFF_US || s->clock_ahead_us < -CLOCK_OFF_US)
		add_trouble(out, &any, "clock",
			    "this machine's clock is not the time that is counted in");
	for (size_t i = 0; i < s->n; i++) {
		const char *why = trouble_of(s, &s->camera[i]);

		if (why)
			add_trouble(out, &any, s->camera[i].name, why);
	}
	str_add(out, "]");
	return any;
}

static void add_camera(const struct said *s, const struct said_camera *c, struct str *out)
{
	const struct watch_status *w = &c->watch;
	const char *why = trouble_of(s, c);
	double day = day_s(s);

	str_add(out, "{\"name\": ");
	str_add_json(out, c->name);
	str_addf(out, ", \"state\": \"%s\", \"trouble\": ", states[w->state]);
	str_add_json(out, why ? why : "");
	str_addf(out,
		 ", \"width\": %d, \"height\": %d, \"fps\": %.1f, \"pictures\": %" PRId64
		 ", \"looked_at\": %" PRId64 ", \"skipped\": %" PRId64 ", \"connections\": %d",
		 w->w, w->h, w->fps, w->pictures, w->looked_at, w->skipped, w->connections);
	if (w->last_us)
		str_addf(out, ", \"last_picture_s\": %.1f",
			 (double)(s->stopwatch_us - w->last_us) / 1e6);
	else
		str_add(out, ", \"last_picture_s\": null");
	str_addf(out,
		 ", \"late_s\": %.2f, \"knew_scene\": %s, \"moved\": %s, "
		 "\"observed_today_s\": %.0f, \"coverage_today\": %.3f, \"waiting_rows\": "
		 "%zu}",
		 (double)w->late_us / 1e6, w->knew_scene ? "true" : "false",
		 w->moved ? "true" : "false", c->books.observed_s,
		 day > 0 && c->books.observed_s < day ? c->books.observed_s / day
						      : (double)(c->books.observed_s > 0),
		 c->books.waiting);
}

void said_json(const struct said *s, struct str *out)
{
	struct str troubles = STR_INIT;
	bool bad = add_troubles(s, &troubles);
	char now[CLOCK_TEXT];

	str_add(out, "{\"format\": \"footfall-status-1\", \"version\": \"" FOOTFALL_VERSION
		     "\", \"store\": ");
	str_add_json(out, s->store);
	str_addf(out,
		 ", \"ok\": %s, \"trouble\": %s, \"time\": \"%s\", \"up_s\": %.0f, "
		 "\"memory_mb\": %.1f, \"fps\": %.1f, \"fps_most\": %.1f, "
		 "\"clock_ahead_s\": %.3f,\n \"cameras\": [",
		 bad ? "false" : "true", troubles.s, clock_text_utc(s->now_us, now),
		 (double)(s->stopwatch_us - s->began_us) / 1e6, (double)s->memory / 1e6, s->fps,
		 s->fps_most, (double)s->clock_ahead_us / 1e6);
	for (size_t i = 0; i < s->n; i++) {
		str_add(out, i ? ",\n  " : "\n  ");
		add_camera(s, &s->camera[i], out);
	}
	str_add(out, "]}\n");
	str_clear(&troubles);
}

void said_log(const struct said *s)
{
	for (size_t i = 0; i < s->n; i++) {
		const struct said_camera *c = &s->camera[i];

		log_info("camera '%s': %s, %.1f pictures a second, %.0f s observed, %" PRId64
			 " in, %" PRId64 " out, %" PRId64 " pictures skipped",
			 c->name, states[c->watch.state], c->watch.fps,
			 c->books.hour_observed_s, c->books.in, c->books.out, c->watch.skipped);
	}
	log_info("%.0f MB of memory", (double)s->memory / 1e6);
}

/* ---- from before ---- */

struct sum {
	int camera;
	double s;
};

static int on_cover(void *arg, const struct minute_cover *m)
{
	struct sum *sum = arg;

	if (m->camera == sum->camera)
		sum->s += m->observed_s;
	return 0;
}

double said_observed_today(const struct conf *conf, const char *camera, int64_t now_us)
{
	const int start_s = conf->store.business_day_start_s;
	const struct query_camera *v;
	struct sum sum = { .camera = -1 };
	struct query_minutes fn = { .cover = on_cover, .arg = &sum };
	struct query *q = NULL;
	int64_t from_us, to_us;
	char day[16];
	int n;

	clock_day_of(now_us, start_s, day);
	if (clock_day(day, start_s, &from_us, &to_us, NULL) < 0 ||
	    query_open(&q, conf->run.db, NULL) < 0)
		return 0;
	n = query_cameras(q, &v, NULL);
	for (int i = 0; i < n; i++)
		if (!strcmp(v[i].name, camera))
			sum.camera = v[i].id;
	if (query_minutes(q, from_us, to_us, &fn, NULL) < 0)
		sum.s = 0;
	query_close(q);
	return sum.s;
}
