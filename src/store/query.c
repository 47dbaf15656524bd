/* SPDX-License-Identifier: Apache-2.0 */
/* query.c -- reading what was counted. */
#include "store/query.h"

#include "base/clock.h"
#include "base/str.h"
#include "base/vec.h"
#include "store/blob.h"
#include "store/db.h"
#include "store/measure.h"

#include <limits.h>
#include <string.h>

/* One walk over the minutes of one kind: a statement whose first column is the minute and
 * whose second is the place or camera, ordered by both. */
struct cursor {
	sqlite3_stmt *st;
	bool row; /* st stands on a row */
	int64_t minute;
	int key;
};

struct query {
	sqlite3 *db;
	VEC(struct query_camera) camera;
	VEC(struct query_place) place;
	bool have_cameras, have_places;
	struct dwells dwells;              /* scratch */
	uint64_t heat_ms[HEAT_CELLS];      /* scratch */
	struct heat_cell heat[HEAT_CELLS]; /* scratch */
	struct floor_cells floor;          /* scratch */
	struct values values;              /* scratch */
	char params_id[sizeof(((struct run_info *)0)->params_id)];
};

sqlite3 *query_db(const struct query *q)
{
	return q->db;
}

int query_damaged(const struct query *q, const char *what, struct err *err)
{
	return err_set(err, ERR_FORMAT, "'%s' is damaged: %s",
		       sqlite3_db_filename(q->db, "main"), what);
}

/* A column as text that fits into dst. */
static int get_text(struct query *q, sqlite3_stmt *st, int col, char *dst, size_t size,
		    struct err *err)
{
	const char *s = (const char *)sqlite3_column_text(st, col);

	if (!s || !str_copy(dst, size, s))
		return query_damaged(q, "a name is too long", err);
	return 0;
}

/* Adds a column that must be a count to *sum. */
static int add_count(struct query *q, sqlite3_stmt *st, int col, int *sum, struct err *err)
{
	int64_t v = sqlite3_column_int64(st, col);

	if (v < 0 || v > INT_MAX - *sum)
		return query_damaged(q, "a count is out of range", err);
	*sum += (int)v;
	return 0;
}

/* A column that must be an int within lo .. hi. */
static int get_int(struct query *q, sqlite3_stmt *st, int col, int lo, int hi, int *v,
		   struct err *err)
{
	int64_t x = sqlite3_column_int64(st, col);

	if (x < lo || x > hi)
		return query_damaged(q, "a value is out of range", err);
	*v = (int)x;
	return 0;
}

int query_open(struct query **out, const char *path, struct err *err)
{
	sqlite3 *db;
	int rc = db_open_readonly(&db, path, err);

	if (rc < 0)
		return rc;
	*out = xcalloc(1, sizeof(**out));
	(*out)->db = db;
	return 0;
}

static void free_places(struct query *q)
{
	for (size_t i = 0; i < q->place.n; i++)
		free((char *)q->place.v[i].info.geometry);
	VEC_FREE(&q->place);
}

void query_close(struct query *q)
{
	if (!q)
		return;
	free_places(q);
	VEC_FREE(&q->camera);
	VEC_FREE(&q->dwells);
	VEC_FREE(&q->floor);
	VEC_FREE(&q->values);
	sqlite3_close(q->db);
	free(q);
}

int query_store(struct query *q, struct store_info *info, struct err *err)
{
	struct store_info s = { 0 };
	sqlite3_stmt *st = NULL;
	int rc = db_prepare(q->db, "SELECT name, zone, business_day_start_s FROM store", &st,
			    err);

	if (rc < 0)
		return rc;
	switch (sqlite3_step(st)) {
	case SQLITE_ROW:
		if ((rc = get_text(q, st, 0, s.name, sizeof(s.name), err)) == 0 &&
		    (rc = get_text(q, st, 1, s.zone, sizeof(s.zone), err)) == 0)
			rc = get_int(q, st, 2, 0, 24 * 3600 - 1, &s.business_day_start_s, err);
		break;
	case SQLITE_DONE:
		rc = err_set(err, ERR_STATE, "nothing was counted into '%s' yet",
			     sqlite3_db_filename(q->db, "main"));
		break;
	default:
		rc = db_err(q->db, err);
	}
	sqlite3_finalize(st);
	if (!rc)
		*info = s;
	return rc;
}

/* Calls each for every row. */
static int for_rows(struct query *q, const char *sql,
		    int (*each)(struct query *q, sqlite3_stmt *st, struct err *err),
		    struct err *err)
{
	sqlite3_stmt *st = NULL;
	int step, rc = db_prepare(q->db, sql, &st, err);

	if (rc < 0)
		return rc;
	while (!rc && (step = sqlite3_step(st)) != SQLITE_DONE)
		rc = step == SQLITE_ROW ? each(q, st, err) : db_err(q->db, err);
	sqlite3_finalize(st);
	return rc;
}

static int read_camera(struct query *q, sqlite3_stmt *st, struct err *err)
{
	struct query_camera c = { 0 };
	int rc = get_int(q, st, 0, 1, INT_MAX, &c.id, err);

	if (!rc)
		rc = get_text(q, st, 1, c.name, sizeof(c.name), err);
	if (!rc)
		*VEC_PUSH(&q->camera) = c;
	return rc;
}

int query_cameras(struct query *q, const struct query_camera **v, struct err *err)
{
	int rc;

	if (!q->have_cameras) {
		rc = for_rows(q, "SELECT id, name FROM camera ORDER BY name", read_camera, err);
		if (rc < 0) {
			VEC_FREE(&q->camera);
			return rc;
		}
		q->have_cameras = true;
	}
	*v = q->camera.v;
	return (int)q->camera.n;
}

static int read_place(struct query *q, sqlite3_stmt *st, struct err *err)
{
	struct query_place p = { 0 };
	struct place_info *i = &p.info;
	const char *geometry = (const char *)sqlite3_column_text(st, 7);
	int kind = 0, role = 0, rc;

	if (!geometry)
		return query_damaged(q, "a place has no geometry", err);
	if ((rc = get_int(q, st, 0, 1, INT_MAX, &p.id, err)) < 0 ||
	    (rc = get_int(q, st, 1, 1, INT_MAX, &p.camera, err)) < 0 ||
	    (rc = get_text(q, st, 2, i->name, sizeof(i->name), err)) < 0 ||
	    (rc = get_int(q, st, 3, PLACE_LINE, PLACE_FIXTURE, &kind, err)) < 0 ||
	    (rc = get_int(q, st, 4, 0, kind == PLACE_LINE ? LINE_STAFF : ZONE_COUNTER, &role,
			  err)) < 0 ||
	    (rc = get_text(q, st, 5, i->in_label, sizeof(i->in_label), err)) < 0 ||
	    (rc = get_text(q, st, 6, i->out_label, sizeof(i->out_label), err)) < 0)
		return rc;
	i->kind = (enum place_kind)kind;
	i->role = role;
	i->engaged_s = sqlite3_column_double(st, 8);
	i->geometry = xstrdup(geometry);
	*VEC_PUSH(&q->place) = p;
	return 0;
}

int query_places(struct query *q, const struct query_place **v, struct err *err)
{
	int rc;

	if (!q->have_places) {
		rc = for_rows(q,
			      "SELECT id, camera, name, kind, role, in_label, out_label, "
			      "geometry, engaged_s FROM place ORDER BY name, kind, camera",
			      read_place, err);
		if (rc < 0) {
			free_places(q);
			return rc;
		}
		q->have_places = true;
	}
	*v = q->place.v;
	return (int)q->place.n;
}

/* Whether t_us is of a minute within DB_MINUTE_MAX, or ends one. */
static bool in_span(int64_t t_us)
{
	int64_t limit = (DB_MINUTE_MAX + 1) * CLOCK_MINUTE_US;

	return t_us >= -limit && t_us <= limit;
}

int query_span(struct query *q, int64_t *from_us, int64_t *to_us, struct err *err)
{
	sqlite3_stmt *st = NULL;
	int rc = db_prepare(q->db,
			    "SELECT (SELECT minute * 60000000 + min(from_us) FROM cover "
			    "WHERE minute = (SELECT min(minute) FROM cover)), "
			    "(SELECT minute * 60000000 + max(to_us) FROM cover "
			    "WHERE minute = (SELECT max(minute) FROM cover))",
			    &st, err);

	if (rc < 0)
		return rc;
	if (sqlite3_step(st) != SQLITE_ROW) {
		rc = db_err(q->db, err);
	} else {
		bool none = sqlite3_column_type(st, 0) == SQLITE_NULL;

		if (!none && !(in_span(sqlite3_column_int64(st, 0)) &&
			       in_span(sqlite3_column_int64(st, 1)))) {
			rc = query_damaged(q, "a minute is out of range", err);
		} else {
			*from_us = none ? CLOCK_NONE : sqlite3_column_int64(st, 0);
			*to_us = none ? CLOCK_NONE : sqlite3_column_int64(st, 1);
		}
	}
	sqlite3_finalize(st);
	return rc;
}

/* The first minute that does not start before t_us. */
static int64_t minute_from(int64_t t_us)
{
	return t_us / CLOCK_MINUTE_US + (t_us % CLOCK_MINUTE_US > 0);
}

static int cursor_next(struct query *q, struct cursor *c, struct err *err)
{
	int step = sqlite3_step(c->st);

	c->row = step == SQLITE_ROW;
	if (step == SQLITE_DONE)
		return 0;
	if (!c->row)
		return db_err(q->db, err);
	c->minute = sqlite3_column_int64(c->st, 0);
	if (c->minute < -DB_MINUTE_MAX || c->minute > DB_MINUTE_MAX)
		return query_damaged(q, "a minute is out of range", err);
	return get_int(q, c->st, 1, 1, INT_MAX, &c->key, err);
}

/* Moves on; *same: the next row is of the same minute and key. */
static int cursor_more(struct query *q, struct cursor *c, bool *same, struct err *err)
{
	int64_t minute = c->minute;
	int key = c->key, rc = cursor_next(q, c, err);

	*same = !rc && c->row && c->minute == minute && c->key == key;
	return rc;
}

#define MINUTES "c.minute >= ?1 AND c.minute < ?2"

/* minute, camera, from_us, to_us, observed_us, revision */
static const char cover_sql[] = "SELECT c.minute, r.camera, c.from_us, c.to_us, c.observed_us, "
				"c.revision "
				"FROM cover c CROSS JOIN run r ON r.id = c.run WHERE " MINUTES
				" ORDER BY c.minute, r.camera, c.run";

static int emit_cover(struct query *q, struct cursor *c, const struct query_minutes *fn,
		      struct err *err)
{
	struct minute_cover m = { .camera = c->key,
				  .start_us = c->minute * CLOCK_MINUTE_US,
				  .from_us = INT64_MAX,
				  .to_us = INT64_MIN };
	int observed = 0, rc;
	bool same = true;

	while (same) {
		int from = 0, to = 0, revision = 0;

		if ((rc = get_int(q, c->st, 2, 0, CLOCK_MINUTE_US, &from, err)) < 0 ||
		    (rc = get_int(q, c->st, 3, 0, CLOCK_MINUTE_US, &to, err)) < 0 ||
		    (rc = add_count(q, c->st, 4, &observed, err)) < 0 ||
		    (rc = get_int(q, c->st, 5, 0, INT_MAX, &revision, err)) < 0)
			return rc;
		if (revision > m.revision)
			m.revision = revision;
		if (m.start_us + from < m.from_us)
			m.from_us = m.start_us + from;
		if (m.start_us + to > m.to_us)
			m.to_us = m.start_us + to;
		if ((rc = cursor_more(q, c, &same, err)) < 0)
			return rc;
	}
	if (observed > CLOCK_MINUTE_US) /* rounding of several runs */
		observed = CLOCK_MINUTE_US;
	m.observed_s = observed / 1e6;
	return fn->cover(fn->arg, &m);
}

/* What was watched in a minute, joined with the row that is there when anything happened. */
#define WATCHED(kind, table) \
	" FROM cover c CROSS JOIN run r ON r.id = c.run " \
	"CROSS JOIN run_place w ON w.run = c.run " \
	"CROSS JOIN place p ON p.id = w.place AND p.kind = " kind " " \
	"LEFT JOIN " table " m ON m.cover = c.id AND m.place = w.place WHERE " MINUTES \
	" ORDER BY c.minute, w.place, c.run"

static const char line_sql[] =
	"SELECT c.minute, w.place, r.params, m.crossings_in, m.crossings_out, m.persons_in, "
	"m.persons_out, m.uturns" WATCHED("1", "line_minute");

static int emit_line(struct query *q, struct cursor *c, const struct query_minutes *fn,
		     struct err *err)
{
	struct minute_line m = { .place = c->key, .start_us = c->minute * CLOCK_MINUTE_US };
	bool same = true;
	int rc;

	while (same)
		if ((rc = get_text(q, c->st, 2, q->params_id, sizeof(q->params_id), err)) < 0 ||
		    (rc = add_count(q, c->st, 3, &m.crossings_in, err)) < 0 ||
		    (rc = add_count(q, c->st, 4, &m.crossings_out, err)) < 0 ||
		    (rc = add_count(q, c->st, 5, &m.persons_in, err)) < 0 ||
		    (rc = add_count(q, c->st, 6, &m.persons_out, err)) < 0 ||
		    (rc = add_count(q, c->st, 7, &m.uturns, err)) < 0 ||
		    (rc = cursor_more(q, c, &same, err)) < 0)
			return rc;
	return fn->line(fn->arg, &m, q->params_id);
}

static const char zone_sql[] =
	"SELECT c.minute, w.place, r.params, m.begun, m.ended, m.min, m.max, m.p95, "
	"m.person_ms, m.dwell" WATCHED("2", "zone_minute");

/* Adds one run's row to m and q->dwells. */
static int add_zone(struct query *q, sqlite3_stmt *st, bool first, struct minute_zone *m,
		    struct err *err)
{
	int min = 0, max = 0, p95 = 0, rc;
	int64_t person_ms = sqlite3_column_int64(st, 8);

	if ((rc = get_text(q, st, 2, q->params_id, sizeof(q->params_id), err)) < 0 ||
	    (rc = add_count(q, st, 3, &m->begun, err)) < 0 ||
	    (rc = add_count(q, st, 4, &m->ended, err)) < 0 ||
	    (rc = get_int(q, st, 5, 0, INT_MAX, &min, err)) < 0 ||
	    (rc = get_int(q, st, 6, 0, INT_MAX, &max, err)) < 0 ||
	    (rc = get_int(q, st, 7, 0, INT_MAX, &p95, err)) < 0)
		return rc;
	if (person_ms < 0 || person_ms > 60000LL * INT_MAX)
		return query_damaged(q, "a value is out of range", err);
	m->min = first || min < m->min ? min : m->min;
	m->max = max > m->max ? max : m->max;
	m->p95 = p95 > m->p95 ? p95 : m->p95;
	m->person_s += (double)person_ms / 1000;
	if (!blob_get_dwells(sqlite3_column_blob(st, 9), (size_t)sqlite3_column_bytes(st, 9),
			     &q->dwells))
		return query_damaged(q, "lengths of visits", err);
	return 0;
}

static int emit_zone(struct query *q, struct cursor *c, const struct query_minutes *fn,
		     struct err *err)
{
	struct minute_zone m = { .place = c->key, .start_us = c->minute * CLOCK_MINUTE_US };
	bool same = true, first = true;
	size_t done = 0;
	int rc;

	for (q->dwells.n = 0; same; first = false)
		if ((rc = add_zone(q, c->st, first, &m, err)) < 0 ||
		    (rc = cursor_more(q, c, &same, err)) < 0)
			return rc;
	do {
		size_t n = q->dwells.n - done;

		m.n_dwell = n < MINUTE_DWELLS ? (int)n : MINUTE_DWELLS;
		for (int i = 0; i < m.n_dwell; i++)
			m.dwell_s[i] = q->dwells.v[done++];
		rc = fn->zone(fn->arg, &m, q->params_id);
		m.begun = m.ended = 0;
		m.person_s = 0;
	} while (!rc && done < q->dwells.n);
	return rc;
}

static const char heat_sql[] =
	"SELECT c.minute, r.camera, h.cells FROM cover c CROSS JOIN run r ON r.id = c.run "
	"CROSS JOIN heat_minute h ON h.cover = c.id WHERE " MINUTES
	" ORDER BY c.minute, r.camera, c.run";

static int emit_heat(struct query *q, struct cursor *c, const struct query_minutes *fn,
		     struct err *err)
{
	struct minute_heat m = { .camera = c->key,
				 .start_us = c->minute * CLOCK_MINUTE_US,
				 .cells = q->heat };
	bool same = true;
	int rc;

	memset(q->heat_ms, 0, sizeof(q->heat_ms));
	while (same) {
		if (!blob_get_heat(sqlite3_column_blob(c->st, 2),
				   (size_t)sqlite3_column_bytes(c->st, 2), q->heat_ms))
			return query_damaged(q, "heat cells", err);
		if ((rc = cursor_more(q, c, &same, err)) < 0)
			return rc;
	}
	for (int i = 0; i < HEAT_CELLS; i++)
		if (q->heat_ms[i])
			q->heat[m.n++] = (struct heat_cell){
				.cell = (uint16_t)i,
				.person_s = (float)((double)q->heat_ms[i] / 1000)
			};
	return fn->heat(fn->arg, &m);
}

/* The quarter's first minute stands for it. */
static const char floor_sql[] =
	"SELECT f.quarter * 15, r.camera, f.cells FROM floor_quarter f "
	"CROSS JOIN run r ON r.id = f.run WHERE f.quarter >= ?1 / 15 - 1 AND "
	"f.quarter <= ?2 / 15 + 1 AND f.quarter * 15 >= ?1 AND f.quarter * 15 < ?2 "
	"ORDER BY f.quarter, r.camera, f.run";

static int by_cell(const void *a, const void *b)
{
	const struct floor_cell *x = a, *y = b;

	return x->y != y->y ? x->y - y->y : x->x - y->x;
}

/* Puts several runs' cells together. */
static void merge_floor(struct floor_cells *c)
{
	size_t n = 0;

	qsort(c->v, c->n, sizeof(*c->v), by_cell);
	for (size_t i = 0; i < c->n; i++) {
		struct floor_cell *last = n ? &c->v[n - 1] : NULL;

		if (!last || by_cell(last, &c->v[i])) {
			c->v[n++] = c->v[i];
			continue;
		}
		last->person_ms = c->v[i].person_ms > UINT32_MAX - last->person_ms
					  ? UINT32_MAX
					  : last->person_ms + c->v[i].person_ms;
		last->stops = c->v[i].stops > UINT16_MAX - last->stops
				      ? UINT16_MAX
				      : (uint16_t)(last->stops + c->v[i].stops);
	}
	c->n = n;
}

static int emit_floor(struct query *q, struct cursor *c, const struct query_minutes *fn,
		      struct err *err)
{
	struct minute_floor m = { .camera = c->key, .start_us = c->minute * CLOCK_MINUTE_US };
	bool same = true;
	int rc, runs = 0;

	for (q->floor.n = 0; same; runs++) {
		if (!blob_get_floor(sqlite3_column_blob(c->st, 2),
				    (size_t)sqlite3_column_bytes(c->st, 2), &q->floor))
			return query_damaged(q, "floor cells", err);
		if ((rc = cursor_more(q, c, &same, err)) < 0)
			return rc;
	}
	if (runs > 1)
		merge_floor(&q->floor);
	m.n = (int)q->floor.n;
	m.cells = q->floor.v;
	return fn->floor(fn->arg, &m);
}

static const char watched_sql[] =
	"SELECT DISTINCT c.minute, r.camera, w.place FROM cover c CROSS JOIN run r "
	"ON r.id = c.run AND r.measured CROSS JOIN run_place w ON w.run = c.run WHERE " MINUTES
	" ORDER BY c.minute, r.camera, w.place";

static int emit_watched(struct query *q, struct cursor *c, const struct query_minutes *fn,
			struct err *err)
{
	int place = 0, camera = c->key, rc = get_int(q, c->st, 2, 1, INT_MAX, &place, err);
	int64_t start_us = c->minute * CLOCK_MINUTE_US;

	if (rc < 0 || (rc = cursor_next(q, c, err)) < 0)
		return rc;
	return fn->watched(fn->arg, camera, place, start_us);
}

static const char value_sql[] =
	"SELECT c.minute, r.camera, v.rows FROM cover c CROSS JOIN run r ON r.id = c.run "
	"CROSS JOIN value_minute v ON v.cover = c.id WHERE " MINUTES
	" ORDER BY c.minute, r.camera, c.run";

static int by_value(const void *a, const void *b)
{
	return blob_value_order(a, b);
}

/* Gives the values of several runs in order, each once. */
static int emit_values(struct query *q, const struct query_minutes *fn, int camera,
		       int64_t start_us, struct err *err)
{
	struct minute_value *v = q->values.v;
	size_t n = q->values.n;
	int rc = 0;

	for (size_t i = 0, k; i < n && !rc; i = k) {
		struct minute_value m = v[i];

		for (k = i + 1; k < n && !blob_value_order(&v[i], &v[k]); k++)
			m.value += v[k].value;
		if (!measure_info(m.measure))
			return query_damaged(q, "a measure is out of range", err);
		m.camera = camera;
		m.start_us = start_us;
		if (!m.place)
			m.place = -1;
		rc = fn->value(fn->arg, &m);
	}
	return rc;
}

static int emit_value(struct query *q, struct cursor *c, const struct query_minutes *fn,
		      struct err *err)
{
	int64_t start_us = c->minute * CLOCK_MINUTE_US;
	int camera = c->key, runs = 0, rc;
	bool same = true;

	for (q->values.n = 0; same; runs++) {
		if (!blob_get_values(sqlite3_column_blob(c->st, 2),
				     (size_t)sqlite3_column_bytes(c->st, 2), &q->values))
			return query_damaged(q, "values", err);
		if ((rc = cursor_more(q, c, &same, err)) < 0)
			return rc;
	}
	if (runs > 1)
		qsort(q->values.v, q->values.n, sizeof(*q->values.v), by_value);
	return emit_values(q, fn, camera, start_us, err);
}

#define N_KINDS 7

/* Walks the kinds side by side, minute by minute. */
static int walk(struct query *q, struct cursor *c, const struct query_minutes *fn,
		struct err *err)
{
	static int (*const emit[N_KINDS])(
		struct query * q, struct cursor * c, const struct query_minutes *fn,
		struct err *err) = { emit_cover, emit_line,    emit_zone, emit_heat,
				     emit_floor, emit_watched, emit_value };
	int rc = 0;

	for (;;) {
		int64_t minute = INT64_MAX;

		for (int k = 0; k < N_KINDS; k++)
			if (c[k].row && c[k].minute < minute)
				minute = c[k].minute;
		if (minute == INT64_MAX)
			return 0;
		for (int k = 0; k < N_KINDS; k++)
			while (c[k].row && c[k].minute == minute)
				if ((rc = emit[k](q, &c[k], fn, err)) != 0)
					return rc;
	}
}

int query_minutes(struct query *q, int64_t from_us, int64_t to_us,
		  const struct query_minutes *fn, struct err *err)
{
	const char *const sql[N_KINDS] = {
		fn->cover ? cover_sql : NULL, fn->line ? line_sql : NULL,
		fn->zone ? zone_sql : NULL,   fn->heat ? heat_sql : NULL,
		fn->floor ? floor_sql : NULL, fn->watched ? watched_sql : NULL,
		fn->value ? value_sql : NULL
	};
	struct cursor c[N_KINDS] = { 0 };
	int rc;

	/* One transaction, so that all kinds show the same moment of a file that grows. */
	rc = db_exec(q->db, "SAVEPOINT minutes", err);
	if (rc < 0)
		return rc;
	for (int k = 0; k < N_KINDS && !rc; k++) {
		if (!sql[k])
			continue;
		rc = db_prepare(q->db, sql[k], &c[k].st, err);
		if (rc < 0)
			break;
		sqlite3_bind_int64(c[k].st, 1, minute_from(from_us));
		sqlite3_bind_int64(c[k].st, 2, minute_from(to_us));
		rc = cursor_next(q, &c[k], err);
	}
	if (!rc)
		rc = walk(q, c, fn, err);
	for (int k = 0; k < N_KINDS; k++)
		sqlite3_finalize(c[k].st);
	sqlite3_exec(q->db, "RELEASE minutes", NULL, NULL, NULL);
	return rc;
}

int query_params(struct query *q, int camera, int64_t from_us, int64_t to_us, char *buf,
		 size_t size, struct err *err)
{
	struct str all = STR_INIT;
	sqlite3_stmt *st = NULL;
	int step, rc = db_prepare(q->db,
				  "SELECT r.params FROM cover c JOIN run r ON r.id = c.run "
				  "WHERE " MINUTES " AND (?3 = 0 OR r.camera = ?3) "
				  "GROUP BY r.params ORDER BY min(c.minute), min(r.id)",
				  &st, err);

	if (rc < 0)
		return rc;
	sqlite3_bind_int64(st, 1, minute_from(from_us));
	sqlite3_bind_int64(st, 2, minute_from(to_us));
	sqlite3_bind_int(st, 3, camera);
	while ((step = sqlite3_step(st)) == SQLITE_ROW) {
		const char *id = (const char *)sqlite3_column_text(st, 0);

		str_addf(&all, "%s%s", all.len ? "," : "", id ? id : "");
	}
	if (step != SQLITE_DONE)
		rc = db_err(q->db, err);
	else if (all.len >= size)
		rc = err_set(err, ERR_RANGE, "the parameter sets of that time take %zu bytes",
			     all.len + 1);
	else
		str_copy(buf, size, all.s);
	sqlite3_finalize(st);
	str_clear(&all);
	return rc;
}

int query_plate(struct query *q, int camera, void **png, size_t *len, int64_t *t_us,
		struct err *err)
{
	sqlite3_stmt *st = NULL;
	int rc = db_prepare(q->db, "SELECT png, t_us FROM plate WHERE camera = ?1", &st, err);
	int step;

	if (rc < 0)
		return rc;
	sqlite3_bind_int(st, 1, camera);
	step = sqlite3_step(st);
	if (step == SQLITE_ROW && sqlite3_column_bytes(st, 0) > 0) {
		*len = (size_t)sqlite3_column_bytes(st, 0);
		*t_us = sqlite3_column_int64(st, 1);
		*png = xmalloc(*len);
		memcpy(*png, sqlite3_column_blob(st, 0), *len);
	} else if (step == SQLITE_ROW || step == SQLITE_DONE) {
		*png = NULL;
		*len = 0;
		*t_us = CLOCK_NONE;
	} else {
		rc = db_err(q->db, err);
	}
	sqlite3_finalize(st);
	return rc;
}
