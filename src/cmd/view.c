/* SPDX-License-Identifier: Apache-2.0 */
/* view.c -- 'footfall view': what the line made of a clip, as a page that plays, or as a list
 * of events. */
#include "base/clock.h"
#include "base/log.h"
#include "base/progress.h"
#include "base/str.h"
#include "base/vec.h"
#include "cmd/clip.h"
#include "cmd/show_place.h"
#include "player/player.h"
#include "run/eventfile.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define FPS_DEFAULT 10.0
#define FPS_MAX 60.0
#define SECONDS_MAX 1e7
#define PAGE_BYTES ((size_t)16 << 20) /* a phone opens that */

struct view {
	struct player *player; /* NULL: no page */
	const struct plan *plan;
	VEC(struct event) event;
	struct str list; /* the events as text */
};

/* ---- looking on ---- */

static void on_begin(void *ctx, const struct plan *plan, const struct calib *calib)
{
	struct view *v = ctx;

	v->plan = plan;
	for (int i = 0; i < plan->n && v->player; i++)
		show_place(v->player, &plan->place[i], calib);
}

static bool on_frame(void *ctx, int64_t t_us, const struct camera_out *out)
{
	struct view *v = ctx;

	return !v->player || player_frame(v->player, t_us, out->mask, out->track, out->n_track);
}

static void on_event(void *ctx, const struct event *e)
{
	struct view *v = ctx;

	*VEC_PUSH(&v->event) = *e;
}

static void list_event(struct str *b, const struct place *p, const struct event *e)
{
	bool line = p->kind == PLACE_LINE;
	const char *words = e->kind == EVENT_CROSS_IN ? p->in_label : p->out_label;
	char text[CLOCK_TEXT];

	str_addf(b, "%.19s.%03d  track %-4" PRId64 "  %-20s  %s",
		 clock_text_local(e->t_us, text), (int)(e->t_us / 1000 % 1000), e->person,
		 p->name, eventfile_word(e->kind));
	if (line && strcmp(words, eventfile_word(e->kind)) != 0)
		str_addf(b, " (%s)", words);
	if (e->kind == EVENT_ZONE_LEAVE)
		str_addf(b, " after %.1f s", e->dwell_s);
	str_add(b, "\n");
}

/* The plate is the last thing that is told: the plan is still there, and all events are. */
static void on_plate(void *ctx, const uint8_t *png, size_t len, double share)
{
	struct view *v = ctx;

	eventfile_sort(v->event.v, v->event.n);
	for (size_t i = 0; i < v->event.n; i++) {
		const struct event *e = &v->event.v[i];
		const struct place *p = &v->plan->place[e->place];

		list_event(&v->list, p, e);
		if (v->player)
			player_event(v->player, e->t_us, p->name, eventfile_word(e->kind),
				     e->person, e->dwell_s);
	}
	if (v->player)
		player_plate(v->player, png, len, share);
}

/* ---- the command ---- */

static int parse_number(const struct cmd_args *a, const char *name, double min, double max,
			double *v, struct err *err)
{
	const char *text = cmd_value(a, name);

	if (text && (!str_to_double(text, v) || *v < min || *v > max))
		return err_set(err, ERR_USAGE, "--%s is '%s', expected a number from %g to %g",
			       name, text, min, max);
	return 0;
}

static int make_player(const struct cmd_args *a, struct view *v, struct err *err)
{
	struct player_opts o = { .title = a->conf->camera.name,
				 .fps = FPS_DEFAULT,
				 .max_bytes = PAGE_BYTES };
	int rc;

	if (!cmd_has(a, "out") && !cmd_has(a, "events"))
		return err_set(err, ERR_USAGE,
			       "expected --out FILE.html for a page, --events for a list, or "
			       "both");
	if ((rc = parse_number(a, "fps", 0.1, FPS_MAX, &o.fps, err)) < 0 ||
	    (rc = parse_number(a, "from", 0, SECONDS_MAX, &o.from_s, err)) < 0 ||
	    (rc = parse_number(a, "seconds", 0.1, SECONDS_MAX, &o.seconds, err)) < 0)
		return rc;
	if (cmd_has(a, "out"))
		v->player = player_new(&o);
	else if (cmd_has(a, "fps") || cmd_has(a, "from") || cmd_has(a, "seconds"))
		return err_set(err, ERR_USAGE, "--fps, --from and --seconds go with --out");
	return 0;
}

static int write_page(const struct cmd_args *a, const struct view *v, struct err *err)
{
	const char *path = cmd_value(a, "out");
	double at_s;
	int rc = player_write(v->player, path, err);

	if (rc < 0)
		return rc;
	if (player_full(v->player, &at_s))
		log_warn("'%s' is full: it ends %.0f s into the clip; --from, --seconds and "
			 "--fps choose another part or fewer pictures",
			 path, at_s);
	log_info("%" PRId64 " pictures in '%s'", player_frames(v->player), path);
	return 0;
}

static int watch_clip(const struct cmd_args *a, struct view *v, struct clip *clip,
		      struct err *err)
{
	const struct replay_watch watch = { .ctx = v,
					    .begin = on_begin,
					    .frame = on_frame,
					    .event = on_event,
					    .plate = on_plate };
	struct replay_result r = { 0 };
	int rc = make_player(a, v, err);

	if (rc < 0)
		return rc;
	clip->o.watch = &watch;
	cmd_stop(); /* from here on a signal ends the clip early */
	progress_begin();
	rc = replay(&clip->o, &r, err);
	progress_end();
	if (rc >= 0 && v->player)
		rc = write_page(a, v, err);
	if (rc >= 0 && cmd_has(a, "events") && fputs(v->list.s, stdout) == EOF)
		rc = err_set(err, ERR_IO, "cannot write to standard output");
	if (rc >= 0 && r.stopped)
		rc = err_set(err, ERR_AGAIN, "stopped; what was seen until then is shown");
	return rc;
}

static int run(const struct cmd_args *a, struct err *err)
{
	struct view v = { .list = STR_INIT };
	struct clip clip;
	int rc = clip_open(&clip, a, err);

	if (rc >= 0)
		rc = watch_clip(a, &v, &clip, err);
	player_free(v.player);
	VEC_FREE(&v.event);
	str_clear(&v.list);
	clip_clear(&clip);
	return rc;
}

static const struct cmd_option options[] = {
	{ "plan", "FILE", "lines and zones (JSON); default: files.plan of the settings",
	  false },
	{ "calib", "FILE", "the camera's calibration (JSON); default: files.calib", false },
	{ "start", "T", "when the recording began, as of 'replay'", false },
	{ "out", "FILE", "the page, HTML", false },
	{ "events", NULL, "print crossings and visits: when, which track, where", false },
	{ "fps", "N", "pictures a second on the page, at most (10)", false },
	{ "from", "S", "begin the page so many seconds into the clip (0)", false },
	{ "seconds", "S", "length of the page; default: to the clip's end", false },
	{ "causal", NULL, "do not look over the recording first to learn the empty scene",
	  false },
	{ 0 },
};

const struct cmd cmd_view = {
	.name = "view",
	.words = "CLIP...",
	.help = "look at what the tracker did, without a picture of anybody",
	.manual =
		"Runs a clip through the line as 'replay' does, and writes what came of it as one "
		"HTML page that plays in any browser, also offline and on a phone: outlines of the "
		"mask, tracks with their paths, lines and zones, and a list of crossings and visits "
		"to jump to. CLIP is as of 'replay'.\n\n"
		"The page holds no picture of a person: outlines are numbers, and behind them is "
		"what of the empty scene is proven to be empty, or nothing.\n\n"
		"A page holds 16 MB at most, about half an hour with a few people; it says so when "
		"that cut it short.",
	.options = options,
	.flags = CMD_CONF,
	.run = run,
};
