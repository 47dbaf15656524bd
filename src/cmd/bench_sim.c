/* SPDX-License-Identifier: Apache-2.0 */
/* bench_sim.c -- footfall bench sim: how fast the simulated store is on this machine. */
#include "cmd/bench.h"

#include "base/clock.h"
#include "base/str.h"
#include "run/simulate.h"
#include "sim/crowd.h"
#include "sim/view.h"
#include "video/pool.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WALKERS 10
#define DAY_S 1800.0 /* of tracks in a round */

enum row { PICTURES, BOXES, CROWD, TRACKS, N_ROWS };
static const struct {
	const char *name, *unit, *help;
} rows[N_ROWS] = {
	[PICTURES] = { "pictures", "pictures", "drawn, with their boxes" },
	[BOXES] = { "boxes", "pictures", "boxes only" },
	[CROWD] = { "crowd", "s", "of a shop's people, 10 times a second" },
	[TRACKS] = { "tracks", "s", "of the same, tracked with faults and counted" },
};

struct sim_bench {
	struct bench_opts o;
	double us[N_ROWS][BENCH_ROUNDS]; /* for one of the unit */
	int64_t people;                  /* who came within DAY_S */
};

/* A room in which ten people walk to and fro all the time, with what pictures mostly have. */
static char *room_text(const struct bench_opts *o)
{
	struct str s = STR_INIT;

	str_addf(&s,
		 "[scene]\n[floor]\nbox = 0,0 10,8\nkind = tiles\n[camera a]\nat = 5,-1,3.2\n"
		 "to = 5,4,0.8\nfov = 80\nsize = %d x %d\n[light a]\nat = 3,3,3\n"
		 "[light b]\nat = 7,5,3\n[shelf a]\nbox = 0.5,2 1.5,6\n"
		 "[picture]\nshadows = 0.5\nnoise = 2\n",
		 o->w, o->h);
	for (int i = 0; i < WALKERS; i++) {
		double x = 2 + 0.7 * i;

		str_addf(&s, "[walker w%d]\npath = %.1f,%.1f", i, x, 1 + i % 3 * 1.5);
		for (int k = 1; k < 16; k++)
			str_addf(&s, " %.1f,%.1f", x, k % 2 ? 7.0 : 1.0);
		str_add(&s, "\n");
	}
	return str_take(&s);
}

/* A small shop on a busy day. */
static const char shop_text[] =
	"[scene]\n[floor]\nbox = 0,0 20,17\n[portal w]\nat = 0.3,15.2 0.3,16.6\n"
	"[portal e]\nat = 19.7,15.2 19.7,16.6\n[wall fw]\npoints = 0,14 9,14\n"
	"[wall fe]\npoints = 11,14 20,14\n[door main]\nat = 9,14 11,14\n"
	"[shelf a]\nbox = 2,3 3,10\n[shelf b]\nbox = 6,3 7,10\n[shelf c]\nbox = 13,3 14,10\n"
	"[shelf d]\nbox = 17,3 18,10\n[camera a]\nat = 10,1,3\nto = 10,8,1\n[people]\nshoppers = 250\npassers = 100\nstops = 5\n"
	"[tracks]\nfps = 10\nsd = 0.1\nmiss = 0.05\nbreaks = 0.2\nswap = 0.05\n";

static struct scene *parse(const char *text, struct err *err)
{
	return scene_parse(text, strlen(text), "bench", err);
}

static int measure_pictures(struct sim_bench *b, struct err *err)
{
	char *text = room_text(&b->o);
	struct scene *s = parse(text, err);
	const struct actor *actors;
	const struct seen *seen;
	struct frame f = { 0 };
	struct crowd *c;
	struct view *v;
	struct pool *p;
	int n, n_seen;

	free(text);
	if (!s)
		return err->code;
	c = crowd_new(s, 1);
	v = view_new(s, 0, 1);
	p = pool_new(b->o.w, b->o.h);
	pool_frame(p, &f);
	for (int64_t r = -1, i = 0; r < BENCH_ROUNDS; r++) {
		int64_t us[2] = { 0 };

		for (int k = 0; k < b->o.frames; k++, i++) {
			/* The same seconds again and again, with everybody there. */
			int64_t t_us = view_time(s, 0, i % 125 + 50, s->start_us), began;

			if (i % 125 == 0) {
				crowd_free(c);
				c = crowd_new(s, 1);
			}
			crowd_at(c, t_us, &actors, &n);
			for (int boxes = 0; boxes < 2; boxes++) {
				began = clock_stopwatch_us();
				view_draw(v, t_us, i, actors, n, boxes ? NULL : &f, &seen,
					  &n_seen);
				us[boxes] += clock_stopwatch_us() - began;
			}
		}
		if (r >= 0) {
			b->us[PICTURES][r] = (double)us[0] / b->o.frames;
			b->us[BOXES][r] = (double)us[1] / b->o.frames;
		}
	}
	frame_unref(&f);
	pool_free(p);
	view_free(v);
	crowd_free(c);
	scene_free(s);
	return 0;
}

static double crowd_us(const struct scene *s)
{
	struct crowd *c = crowd_new(s, 1);
	int64_t began = clock_stopwatch_us();
	const struct actor *actors;
	int n;

	for (int i = 0; i < DAY_S * 1e6 / CROWD_TICK_US; i++)
		crowd_step(c, &actors, &n);
	crowd_free(c);
	return (double)(clock_stopwatch_us() - began) / DAY_S;
}

static int measure_tracks(struct sim_bench *b, const struct conf *conf, struct err *err)
{
	struct scene *s = parse(shop_text, err);
	int rc = 0;

	if (!s)
		return err->code;
	for (int r = 0; r < BENCH_ROUNDS && rc >= 0; r++) {
		struct simulate_opts o = {
			.conf = conf, .scene = s, .seed = 1, .seconds = DAY_S
		};
		struct simulate_result result = { 0 };

		if (cmd_stop())
			rc = err_set(err, ERR_AGAIN, "stopped");
		if (rc >= 0)
			rc = simulate(&o, &result, err);
		free(result.line);
		b->us[TRACKS][r] = (double)result.took_us / DAY_S;
		b->us[CROWD][r] = crowd_us(s);
		b->people = result.people;
	}
	scene_free(s);
	return rc;
}

static int print_result(const struct sim_bench *b, struct err *err)
{
	struct str s = STR_INIT;
	int rc = 0;

	if (b->o.csv)
		str_add(&s, "what,width,height,people,unit,per_second\n");
	else
		str_addf(&s, "one core, median of %d rounds\n", BENCH_ROUNDS);
	for (int i = 0; i < N_ROWS; i++) {
		bool drawn = i == PICTURES || i == BOXES;
		double rate = 1e6 / bench_median(b->us[i]);

		if (b->o.csv)
			str_addf(&s, "%s,%d,%d,%d,%s,%.1f\n", rows[i].name, drawn ? b->o.w : 0,
				 drawn ? b->o.h : 0, drawn ? WALKERS : (int)b->people,
				 rows[i].unit, rate);
		else if (drawn)
			str_addf(&s, "%-9s %8.0f %s a second, %dx%d, %d people, %s\n",
				 rows[i].name, rate, rows[i].unit, b->o.w, b->o.h, WALKERS,
				 rows[i].help);
		else
			str_addf(&s, "%-9s %8.0f %s a second, %s; %d come in %g h\n",
				 rows[i].name, rate, rows[i].unit, rows[i].help, (int)b->people,
				 DAY_S / 3600);
	}
	if (fputs(s.s, stdout) == EOF || fflush(stdout) == EOF)
		rc = err_set(err, ERR_IO, "cannot write to standard output");
	str_clear(&s);
	return rc;
}

int bench_sim(const struct bench_opts *o, struct err *err)
{
	struct sim_bench b = { .o = *o };
	struct conf conf;
	int rc;

	conf_init(&conf);
	rc = measure_pictures(&b, err);
	if (rc >= 0)
		rc = measure_tracks(&b, &conf, err);
	if (rc >= 0)
		rc = print_result(&b, err);
	conf_clear(&conf);
	return rc;
}
