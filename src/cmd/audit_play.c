/* SPDX-License-Identifier: Apache-2.0 */
/* audit_play.c -- 'footfall audit play': a page for each sample, on which a person counts. */
#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "base/progress.h"
#include "base/str.h"
#include "base/vec.h"
#include "cmd/audit.h"
#include "cmd/clip.h"
#include "cmd/show_place.h"
#include "player/player.h"
#include "report/words.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FPS 8.0
#define PAGE_BYTES ((size_t)48 << 20)

/* A sample, and its page while it is made. */
struct sheet {
	const struct audit_row *row;
	const struct place *line; /* while the clip runs */
	struct player_sample sample;
	struct player *player; /* NULL: not begun */
	char start[CLOCK_TEXT];
	char *name; /* of its files, without what is behind the point */
};

struct play {
	struct sheet *v;
	size_t n;
	int64_t end_us; /* of the last sample */
};

/* "door-2026-03-14-0930" */
static char *name_of(const struct audit_row *r)
{
	struct str s = STR_INIT;
	struct civil c;

	clock_local(r->start_us, &c);
	words_slug(&s, r->line);
	str_addf(&s, "-%04d-%02d-%02d-%02d%02d", c.year, c.month, c.day, c.hour, c.minute);
	return str_take(&s);
}

static int64_t end_of(const struct audit_row *r)
{
	return r->start_us + r->minutes * CLOCK_MINUTE_US;
}

static void on_begin(void *ctx, const struct plan *plan, const struct calib *calib)
{
	struct play *p = ctx;

	for (size_t i = 0; i < p->n; i++) {
		struct sheet *s = &p->v[i];
		struct str csv = STR_INIT;

		for (int k = 0; k < plan->n; k++)
			if (plan->place[k].kind == PLACE_LINE &&
			    !strcmp(plan->place[k].name, s->row->line))
				s->line = &plan->place[k];
		if (!s->line)
			continue;
		clock_text_local(s->row->start_us, s->start);
		str_addf(&csv, "%s.csv", s->name);
		s->sample = (struct player_sample){
			.camera = s->row->camera,
			.line = s->row->line,
			.in_label = xstrdup(s->line->in_label),
			.out_label = xstrdup(s->line->out_label),
			.start = s->start,
			.minutes = s->row->minutes,
			.stratum = s->row->stratum,
			.weight = s->row->weight,
			.file = str_take(&csv),
		};
		s->player = player_new(&(struct player_opts){ .title = s->row->line,
							      .fps = FPS,
							      .max_bytes = PAGE_BYTES,
							      .count = &s->sample });
		show_place(s->player, s->line, calib);
	}
}

static bool on_frame(void *ctx, int64_t t_us, const struct camera_out *out)
{
	struct play *p = ctx;

	for (size_t i = 0; i < p->n; i++) {
		struct sheet *s = &p->v[i];

		if (s->player && t_us >= s->row->start_us && t_us < end_of(s->row))
			player_frame(s->player, t_us, out->mask, NULL, 0);
	}
	return t_us < p->end_us;
}

static void on_plate(void *ctx, const uint8_t *png, size_t len, double share)
{
	struct play *p = ctx;

	for (size_t i = 0; i < p->n; i++)
		if (p->v[i].player)
			player_plate(p->v[i].player, png, len, share);
}

static int write_sheet(const struct sheet *s, const char *dir, int *written, struct err *err)
{
	struct str name = STR_INIT;
	double at_s;
	char *path;
	int rc;

	if (!s->player) {
		log_warn("%s:%d: the plan has no line '%s'; it has no page", s->row->path,
			 s->row->at, s->row->line);
		return 0;
	}
	if (!player_frames(s->player)) {
		log_warn("%s:%d: the clip has no pictures from %s on; it has no page",
			 s->row->path, s->row->at, s->start);
		return 0;
	}
	if (player_full(s->player, &at_s)) {
		log_warn("%s:%d: too many people for a page; count it from the recording",
			 s->row->path, s->row->at);
		return 0;
	}
	str_addf(&name, "%s.html", s->name);
	path = file_join(dir, name.s);
	rc = player_write(s->player, path, err);
	if (rc >= 0 && printf("%s\n", path) > 0)
		(*written)++;
	free(path);
	str_clear(&name);
	return rc;
}

static int write_sheets(const struct play *p, const char *dir, struct err *err)
{
	int written = 0, rc = file_mkdirs(dir, err);

	for (size_t i = 0; i < p->n && rc >= 0; i++)
		rc = write_sheet(&p->v[i], dir, &written, err);
	if (rc >= 0 && !written)
		rc = err_set(err, ERR_STATE, "no sample is of this clip and plan");
	return rc < 0 ? rc : 0;
}

/* The samples of this camera. */
static int make_sheets(struct play *p, struct audit_rows *rows, const char *camera,
		       struct err *err)
{
	p->v = xcalloc(rows->n + 1, sizeof(*p->v));
	p->end_us = INT64_MIN;
	for (size_t i = 0; i < rows->n; i++) {
		struct audit_row *r = &rows->v[i];

		if (*r->camera && strcmp(r->camera, camera) != 0)
			continue;
		str_copy(r->camera, sizeof(r->camera), camera);
		p->v[p->n++] = (struct sheet){ .row = r, .name = name_of(r) };
		if (end_of(r) > p->end_us)
			p->end_us = end_of(r);
	}
	if (!p->n)
		return err_set(err, ERR_STATE,
			       rows->n ? "no sample is of camera '%s'; expected its name in "
					 "camera.name"
				       : "there are no samples",
			       camera);
	return 0;
}

static void play_clear(struct play *p)
{
	for (size_t i = 0; i < p->n; i++) {
		player_free(p->v[i].player);
		free((char *)p->v[i].sample.file);
		free((char *)p->v[i].sample.in_label); /* copies: the plan is the replay's */
		free((char *)p->v[i].sample.out_label);
		free(p->v[i].name);
	}
	free(p->v);
}

static int play_clip(const struct cmd_args *a, struct play *p, struct clip *clip,
		     struct err *err)
{
	const struct replay_watch watch = {
		.ctx = p, .begin = on_begin, .frame = on_frame, .plate = on_plate
	};
	struct replay_result r = { 0 };
	int rc;

	clip->o.watch = &watch;
	cmd_stop(); /* from here on a signal ends the clip early */
	progress_begin();
	rc = replay(&clip->o, &r, err);
	progress_end();
	if (rc >= 0 && r.stopped)
		rc = err_set(err, ERR_AGAIN, "stopped; no page was written");
	return rc < 0 ? rc : write_sheets(p, cmd_value(a, "out"), err);
}

int audit_play(const struct cmd_args *a, struct err *err)
{
	struct cmd_args clip_args = *a;
	struct audit_rows rows = { 0 };
	struct play p = { 0 };
	struct clip clip = { 0 };
	int rc;

	clip_args.rest++; /* without the word 'play' */
	clip_args.n_rest--;
	if (!cmd_value(a, "out"))
		return err_set(err, ERR_USAGE,
			       "audit play needs --out DIR: where the pages go");
	if ((rc = clip_open(&clip, &clip_args, err)) >= 0 &&
	    (rc = audit_read_counts(a, "form", &rows, err)) >= 0 &&
	    (rc = make_sheets(&p, &rows, a->conf->camera.name, err)) >= 0)
		rc = play_clip(a, &p, &clip, err);
	play_clear(&p);
	audit_rows_clear(&rows);
	clip_clear(&clip);
	return rc;
}
