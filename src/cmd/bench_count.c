/* SPDX-License-Identifier: Apache-2.0 */
/* bench_count.c -- footfall bench count: how long counting takes, from tracks to the report. */
#include "cmd/bench.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/str.h"
#include "base/vec.h"
#include "cmd/day_files.h"
#include "run/counting.h"
#include "run/simulate.h"
#include "sim/crowd.h"
#include "sim/witness.h"

#include <dirent.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define CHUNK \
	200 /* ticks that are worked out before they are counted: few enough for a cache */

/* Somebody in one tick. */
struct seen {
	struct sighting who;
	int cell;
};

struct count_bench {
	struct conf *conf;
	const struct scene *scene;
	struct plan plan;
	char dir[256], *db;
	struct counting *counting;
	VEC(struct seen) seen;
	int n[CHUNK]; /* in each tick */
	VEC(struct sighting) who;
	VEC(int) cell;
	int64_t to_us, sightings, people;
	double count_s, report_s;
	int64_t bytes;
};

static int open_all(struct count_bench *b, struct err *err)
{
	const char *tmp = getenv("TMPDIR");
	struct conf *conf = b->conf;
	int rc;

	if ((rc = conf_offer(conf, "store.name", b->scene->name, err)) < 0 ||
	    (rc = conf_offer(conf, "store.time_zone", b->scene->time_zone, err)) < 0 ||
	    (rc = clock_set_zone(conf->store.time_zone, err)) < 0)
		return rc;
	if (!b->scene->plan)
		return err_set(err, ERR_USAGE, "'%s' has no plan: there is nothing to count",
			       b->scene->path);
	rc = counting_read_plan(&b->plan, b->scene->plan, NULL, NULL, err);
	if (rc < 0)
		return rc;
	snprintf(b->dir, sizeof(b->dir), "%s/footfall-bench-XXXXXX",
		 tmp && *tmp ? tmp : "/tmp");
	if (!mkdtemp(b->dir)) {
		*b->dir = '\0';
		return err_set(err, ERR_IO, "cannot create a folder in '%s'",
			       tmp && *tmp ? tmp : "/tmp");
	}
	b->db = file_join(b->dir, "bench.db");
	b->counting = counting_open(&(struct counting_opts){ .conf = conf,
							     .plan = &b->plan,
							     .plan_path = b->scene->plan,
							     .params = "\"bench\":true",
							     .db = b->db },
				    err);
	return b->counting ? 0 : (int)err->code;
}

/* The next n ticks of everybody. */
static void look(struct count_bench *b, struct crowd *crowd, struct witness *witness, int n)
{
	const struct sighting *who;
	const struct actor *actors;

	b->seen.n = 0;
	for (int i = 0; i < n; i++) {
		int n_actors;
		int64_t t_us = crowd_step(crowd, &actors, &n_actors);

		for (int k = 0; k < n_actors; k++)
			if (actors[k].who.id > b->people)
				b->people = actors[k].who.id;
		b->n[i] = witness_step(witness, t_us, actors, n_actors, &who);
		for (int k = 0; k < b->n[i]; k++)
			*VEC_PUSH(&b->seen) =
				(struct seen){ who[k],
					       simulate_cell(&b->scene->floor, who[k].at) };
	}
	b->sightings += (int64_t)b->seen.n;
}

/* What is measured. */
static int count(struct count_bench *b, int n, struct err *err)
{
	const struct seen *s = b->seen.v;
	int64_t began = clock_cpu_us();
	int rc = 0;

	for (int i = 0; i < n && rc >= 0; i++) {
		b->who.n = b->cell.n = 0;
		for (int k = 0; k < b->n[i]; k++, s++) {
			*VEC_PUSH(&b->who) = s->who;
			*VEC_PUSH(&b->cell) = s->cell;
		}
		rc = counting_step(b->counting, b->to_us, CROWD_TICK_US, b->who.v, b->cell.v,
				   b->n[i], err);
		b->to_us += CROWD_TICK_US;
	}
	b->count_s += (double)(clock_cpu_us() - began) / 1e6;
	return rc;
}

static int count_all(struct count_bench *b, struct err *err)
{
	const struct scene *s = b->scene;
	int64_t ticks = llrint(s->seconds * 1e6 / CROWD_TICK_US), began;
	struct crowd *crowd = crowd_new(s, s->seed);
	struct witness *witness = witness_new(s, s->seed);
	struct stat st;
	int rc = 0, n;

	b->to_us = s->start_us;
	for (; ticks > 0 && rc >= 0; ticks -= n) {
		n = ticks < CHUNK ? (int)ticks : CHUNK;
		look(b, crowd, witness, n);
		rc = cmd_stop() ? err_set(err, ERR_AGAIN, "stopped") : count(b, n, err);
	}
	witness_free(witness);
	crowd_free(crowd);
	began = clock_cpu_us();
	if (rc >= 0)
		rc = counting_end(b->counting, err);
	if (rc >= 0)
		rc = counting_close(b->counting, err);
	else
		counting_close(b->counting, NULL);
	b->counting = NULL;
	b->count_s += (double)(clock_cpu_us() - began) / 1e6;
	if (rc >= 0 && stat(b->db, &st) == 0)
		b->bytes = (int64_t)st.st_size;
	return rc;
}

static int report(struct count_bench *b, struct err *err)
{
	struct day_files_opts o = { .span = { .bucket_s = 900 }, .dir = b->dir, .quiet = true };
	int64_t began = clock_cpu_us();
	struct query *q = NULL;
	int rc = query_open(&q, b->db, err);

	if (rc >= 0)
		rc = day_files(q, &o, err);
	query_close(q);
	b->report_s = (double)(clock_cpu_us() - began) / 1e6;
	return rc;
}

static int print_result(const struct count_bench *b, bool csv, struct err *err)
{
	struct str s = STR_INIT;
	double mb = (double)b->bytes / 1e6;
	int rc = 0;

	if (csv)
		str_addf(&s,
			 "seconds,people,sightings,count_s,database_mb,report_s\n"
			 "%g,%" PRId64 ",%" PRId64 ",%.3f,%.2f,%.3f\n",
			 b->scene->seconds, b->people, b->sightings, b->count_s, mb,
			 b->report_s);
	else
		str_addf(&s,
			 "%s, %g h: %" PRId64 " people seen %" PRId64 " times\n"
			 "count  %8.2f s of CPU, %.0f million sightings a second; database "
			 "%.1f MB\nreport %8.2f s of CPU, all files of the last day\n",
			 b->scene->name, b->scene->seconds / 3600, b->people, b->sightings,
			 b->count_s, (double)b->sightings / 1e6 / fmax(b->count_s, 1e-6), mb,
			 b->report_s);
	if (fputs(s.s, stdout) == EOF)
		rc = err_set(err, ERR_IO, "cannot write to standard output");
	str_clear(&s);
	return rc;
}

/* A folder without folders in it. */
static void remove_dir(const char *path)
{
	DIR *dir = opendir(path);

	for (struct dirent *e; dir && (e = readdir(dir)) != NULL;) {
		char *file = file_join(path, e->d_name);

		unlink(file); /* leaves "." and ".." */
		free(file);
	}
	if (dir)
		closedir(dir);
	rmdir(path);
}

int bench_count(const char *scene, bool csv, struct conf *conf, struct err *err)
{
	struct scene *s = scene_read(scene, err);
	struct count_bench b = { .conf = conf, .scene = s };
	int rc = s ? open_all(&b, err) : (int)err->code;

	if (rc >= 0)
		rc = count_all(&b, err);
	if (rc >= 0)
		rc = report(&b, err);
	if (rc >= 0)
		rc = print_result(&b, csv, err);
	counting_close(b.counting, NULL);
	if (*b.dir)
		remove_dir(b.dir);
	VEC_FREE(&b.seen);
	VEC_FREE(&b.who);
	VEC_FREE(&b.cell);
	free(b.db);
	plan_clear(&b.plan);
	scene_free(s);
	return rc;
}
