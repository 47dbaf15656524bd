/* SPDX-License-Identifier: Apache-2.0 */
/* fixture.c -- a store's file in a folder of its own. */
#include "fixture.h"

#include "base/file.h"
#include "base/str.h"

#include <dirent.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct store_info store = { "corner shop", "Europe/Berlin", 14400 };

static const struct place_info door_places[] = {
	{ .name = "entry",
	  .kind = PLACE_LINE,
	  .role = LINE_ENTRY,
	  .in_label = "in",
	  .out_label = "out",
	  .geometry = "{\"line\":1}" },
	{ .name = "till", .kind = PLACE_ZONE, .geometry = "{\"zone\":1}", .engaged_s = 10 },
};

int fixture_setup(void **state)
{
	char memory[] = "/dev/shm/test-store-XXXXXX", disk[] = "/tmp/test-store-XXXXXX";
	const char *folder = mkdtemp(memory); /* a commit takes no time there */

	if (!folder)
		folder = mkdtemp(disk);
	if (!folder)
		return -1;
	*state = file_join(folder, "store.db");
	return 0;
}

int fixture_teardown(void **state)
{
	char *path = *state, *folder = path;
	struct dirent *e;
	DIR *d;

	*strrchr(folder, '/') = '\0';
	chmod(folder, 0755);
	d = opendir(folder);
	while (d && (e = readdir(d))) {
		char *name = file_join(folder, e->d_name);

		if (unlink(name) < 0)
			rmdir(name);
		free(name);
	}
	if (d)
		closedir(d);
	rmdir(folder);
	free(path);
	return 0;
}

static int open_full(struct writer **w, const char *path, const char *camera,
		     const char *params_id, const struct place_info *places, int n, char **note,
		     struct err *err)
{
	struct run_info run = { .params = "{}", .version = "0.1.0", .metric = true };

	str_copy(run.camera, sizeof(run.camera), camera);
	str_copy(run.params_id, sizeof(run.params_id), params_id);
	return writer_open(w, path, &store, &run, places, n, note, err);
}

int try_open_run(struct writer **w, const char *path, char **note, struct err *err)
{
	return open_full(w, path, "door", "0123456789abcdef", door_places, 2, note, err);
}

struct writer *open_as(const char *path, const char *camera, const char *params_id,
		       const struct place_info *places, int n)
{
	struct writer *w = NULL;
	struct err err = { 0 };

	if (open_full(&w, path, camera, params_id, places, n, NULL, &err) < 0)
		fail_msg("%s", err.msg);
	return w;
}

struct writer *open_run(const char *path, const char *params_id)
{
	return open_as(path, "door", params_id, door_places, 2);
}

void close_run(struct writer *w)
{
	struct err err = { 0 };

	if (writer_close(w, &err) < 0)
		fail_msg("%s", err.msg);
}

struct query *open_query(const char *path)
{
	struct query *q = NULL;
	struct err err = { 0 };

	if (query_open(&q, path, &err) < 0)
		fail_msg("%s", err.msg);
	return q;
}

void put_cover(struct writer *w, int i, double from_s, double to_s)
{
	struct minute_cover m = { .start_us = T0 + i * MINUTE, .observed_s = to_s - from_s };
	struct err err = { 0 };

	m.from_us = m.start_us + (int64_t)(from_s * 1e6);
	m.to_us = m.start_us + (int64_t)(to_s * 1e6);
	if (writer_cover(w, &m, &err) < 0)
		fail_msg("%s", err.msg);
}

void put_line(struct writer *w, int i, int in, int out)
{
	struct minute_line m = { .place = 0,
				 .start_us = T0 + i * MINUTE,
				 .crossings_in = in,
				 .crossings_out = out,
				 .persons_in = in };
	struct err err = { 0 };

	if (writer_line(w, &m, &err) < 0)
		fail_msg("%s", err.msg);
}

static int see_cover(void *arg, const struct minute_cover *m)
{
	struct seen *s = arg;

	s->n_cover++;
	s->observed_s += m->observed_s;
	s->cover = *m;
	return 0;
}

static int see_line(void *arg, const struct minute_line *m, const char *params_id)
{
	struct seen *s = arg;

	s->n_line++;
	s->in += m->crossings_in;
	s->out += m->crossings_out;
	s->persons_in += m->persons_in;
	s->persons_out += m->persons_out;
	s->uturns += m->uturns;
	s->line = *m;
	str_copy(s->params_id, sizeof(s->params_id), params_id);
	return 0;
}

static int see_zone(void *arg, const struct minute_zone *m, const char *params_id)
{
	struct seen *s = arg;

	(void)params_id;
	s->n_zone++;
	s->begun += m->begun;
	s->ended += m->ended;
	s->n_dwell += m->n_dwell;
	s->person_s += m->person_s;
	for (int i = 0; i < m->n_dwell; i++)
		s->dwell_s += (double)m->dwell_s[i];
	s->zone = *m;
	return 0;
}

static int see_heat(void *arg, const struct minute_heat *m)
{
	struct seen *s = arg;

	s->n_heat++;
	for (int i = 0; i < m->n; i++)
		s->heat_s += (double)m->cells[i].person_s;
	return 0;
}

struct query_minutes seeing(struct seen *s)
{
	return (struct query_minutes){ .cover = see_cover,
				       .line = see_line,
				       .zone = see_zone,
				       .heat = see_heat,
				       .arg = s };
}

struct seen see_query(struct query *q, int64_t from_us, int64_t to_us)
{
	struct seen s = { 0 };
	struct query_minutes fn = seeing(&s);
	struct err err = { 0 };

	if (query_minutes(q, from_us, to_us, &fn, &err) != 0)
		fail_msg("%s", err.msg);
	return s;
}

struct seen see(const char *path)
{
	struct query *q = open_query(path);
	struct seen s = see_query(q, INT64_MIN, INT64_MAX);

	query_close(q);
	return s;
}

int64_t sql_int(const char *path, const char *sql)
{
	sqlite3_stmt *st = NULL;
	sqlite3 *db = NULL;
	int64_t v;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &st, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(st), SQLITE_ROW);
	v = sqlite3_column_int64(st, 0);
	sqlite3_finalize(st);
	sqlite3_close(db);
	return v;
}

void sql_run(const char *path, const char *sql)
{
	sqlite3 *db = NULL;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}
