/* SPDX-License-Identifier: Apache-2.0 */
/* writer.c -- one run's minutes, events and plate into the store's file. */
#include "store/writer.h"

#include "base/clock.h"
#include "base/str.h"
#include "base/vec.h"
#include "store/blob.h"
#include "store/db.h"
#include "store/measure.h"

#include <assert.h>
#include <limits.h>
#include <math.h>
#include <stdarg.h>
#include <string.h>

/* Statements that are used again and again. */
enum stmt {
	ST_COVER,
	ST_REVISE,
	ST_REPLACE,
	ST_REPLACE_EVENTS,
	ST_COVER_ID,
	ST_LINE,
	ST_ZONE_GET,
	ST_ZONE_PUT,
	ST_HEAT_GET,
	ST_HEAT_PUT,
	ST_FLOOR_GET,
	ST_FLOOR_PUT,
	ST_REPLACE_FLOOR,
	ST_VALUES_GET,
	ST_VALUES_PUT,
	ST_EVENT,
	ST_PLATE,
	N_STMT
};

static const char *const sql[N_STMT] = {
	[ST_COVER] = "INSERT INTO cover (minute, run, from_us, to_us, observed_us) "
		     "VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (minute, run) DO UPDATE SET "
		     "from_us = min(from_us, excluded.from_us), "
		     "to_us = max(to_us, excluded.to_us), "
		     "observed_us = observed_us + excluded.observed_us",
	/* ?6: 1 when a later minute was there before this run. */
	[ST_REVISE] =
		"UPDATE cover SET revision = max(revision, ?6, coalesce((SELECT "
		"max(o.revision) + 1 FROM cover o WHERE o.minute = ?1 AND o.run <> ?2 AND "
		"o.from_us < ?4 AND o.to_us > ?3 AND "
		"(SELECT camera FROM run WHERE id = o.run) = ?5), 0)) "
		"WHERE minute = ?1 AND run = ?2",
	/* Spans are half open: runs that only touch both stay. */
	[ST_REPLACE] = "DELETE FROM cover WHERE minute = ?1 AND run <> ?2 AND from_us < ?4 AND "
		       "to_us > ?3 AND (SELECT camera FROM run WHERE id = cover.run) = ?5",
	/* Events of runs whose minute is gone, or that ended before they stored it. */
	[ST_REPLACE_EVENTS] =
		"DELETE FROM event WHERE minute = ?1 AND run <> ?2 AND "
		"(SELECT camera FROM run WHERE id = event.run) = ?3 AND NOT EXISTS "
		"(SELECT 1 FROM cover c WHERE c.minute = ?1 AND c.run = event.run)",
	[ST_COVER_ID] = "SELECT id FROM cover WHERE minute = ?1 AND run = ?2",
	[ST_LINE] = "INSERT INTO line_minute VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) "
		    "ON CONFLICT (cover, place) DO UPDATE SET "
		    "crossings_in = crossings_in + excluded.crossings_in, "
		    "crossings_out = crossings_out + excluded.crossings_out, "
		    "persons_in = persons_in + excluded.persons_in, "
		    "persons_out = persons_out + excluded.persons_out, "
		    "uturns = uturns + excluded.uturns",
	[ST_ZONE_GET] = "SELECT dwell FROM zone_minute WHERE cover = ?1 AND place = ?2",
	/* min, max and p95 come in one part of the minute only; the others have 0. */
	[ST_ZONE_PUT] = "INSERT INTO zone_minute VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) "
			"ON CONFLICT (cover, place) DO UPDATE SET "
			"begun = begun + excluded.begun, ended = ended + excluded.ended, "
			"min = max(min, excluded.min), max = max(max, excluded.max), "
			"p95 = max(p95, excluded.p95), "
			"person_ms = person_ms + excluded.person_ms, dwell = excluded.dwell",
	[ST_HEAT_GET] = "SELECT cells FROM heat_minute WHERE cover = ?1",
	[ST_HEAT_PUT] = "INSERT INTO heat_minute VALUES (?1, ?2) "
			"ON CONFLICT (cover) DO UPDATE SET cells = excluded.cells",
	[ST_FLOOR_GET] = "SELECT cells FROM floor_quarter WHERE quarter = ?1 AND run = ?2",
	[ST_FLOOR_PUT] = "INSERT INTO floor_quarter VALUES (?1, ?2, ?3) "
			 "ON CONFLICT (quarter, run) DO UPDATE SET cells = excluded.cells",
	/* Asked for where ST_REPLACE has deleted something. */
	[ST_REPLACE_FLOOR] = "DELETE FROM floor_quarter WHERE quarter = ?1 AND run <> ?2 AND "
			     "(SELECT camera FROM run WHERE id = floor_quarter.run) = ?3",
	[ST_VALUES_GET] = "SELECT rows FROM value_minute WHERE cover = ?1",
	[ST_VALUES_PUT] = "INSERT INTO value_minute VALUES (?1, ?2) "
			  "ON CONFLICT (cover) DO UPDATE SET rows = excluded.rows",
	[ST_EVENT] = "INSERT INTO event SELECT ?1, ?2, coalesce(max(seq), 0) + 1, ?3, ?4, ?5, "
		     "?6, ?7 FROM event WHERE minute = ?1 AND run = ?2",
	[ST_PLATE] = "INSERT INTO plate VALUES (?1, ?2, ?3) ON CONFLICT (camera) DO UPDATE SET "
		     "t_us = excluded.t_us, png = excluded.png",
};

struct watched {
	int64_t id; /* in the database */
	enum place_kind kind;
};

struct writer {
	sqlite3 *db;
	sqlite3_stmt *st[N_STMT];
	int64_t camera, run; /* database ids */
	int64_t newest;      /* last minute of the camera that other runs had written before */
	struct watched *place;
	int n_places;
	struct blob blob;             /* scratch */
	struct floor_cells floor[2];  /* scratch */
	struct values values;         /* scratch */
	uint64_t heat_ms[HEAT_CELLS]; /* scratch */
};

/* Takes back everything since the last commit, so that the caller knows where it stands.
 * Returns rc. */
static int take_back(struct writer *w, int rc)
{
	for (int i = 0; i < N_STMT; i++)
		sqlite3_reset(w->st[i]);
	if (!sqlite3_get_autocommit(w->db))
		sqlite3_exec(w->db, "ROLLBACK", NULL, NULL, NULL);
	return rc;
}

static int failed(struct writer *w, struct err *err)
{
	return take_back(w, db_err(w->db, err));
}

static int begin(struct writer *w, struct err *err)
{
	if (!sqlite3_get_autocommit(w->db))
		return 0;
	return db_exec(w->db, "BEGIN IMMEDIATE", err);
}

/* Binds integers to the first n parameters of a statement. */
static sqlite3_stmt *bind(struct writer *w, enum stmt which, int n, ...)
{
	va_list ap;

	va_start(ap, n);
	for (int i = 1; i <= n; i++)
		sqlite3_bind_int64(w->st[which], i, va_arg(ap, int64_t));
	va_end(ap);
	return w->st[which];
}

/* Runs a statement that answers nothing. */
static int run(sqlite3_stmt *st)
{
	int rc = sqlite3_step(st);

	sqlite3_reset(st);
	return rc == SQLITE_DONE ? 0 : rc;
}

/* Floor of t / minute, before 1970 too. */
static int64_t minute_of(int64_t t_us)
{
	return t_us / CLOCK_MINUTE_US - (t_us % CLOCK_MINUTE_US < 0);
}

/* The same of a minute and a quarter of an hour. */
static int64_t quarter_of(int64_t minute)
{
	return minute / 15 - (minute % 15 < 0);
}

static int check_start(int64_t start_us, struct err *err)
{
	int64_t minute = start_us / CLOCK_MINUTE_US;

	if (start_us % CLOCK_MINUTE_US || minute < -DB_MINUTE_MAX || minute > DB_MINUTE_MAX)
		return err_set(err, ERR_RANGE, "no whole minute starts at %lld us",
			       (long long)start_us);
	return 0;
}

static const char *const kind_names[] = {
	[PLACE_NONE] = "place", [PLACE_LINE] = "line",   [PLACE_ZONE] = "zone",
	[PLACE_GATE] = "gate",  [PLACE_QUEUE] = "queue", [PLACE_FIXTURE] = "fixture",
};

static int check_place(const struct writer *w, int place, enum place_kind kind, struct err *err)
{
	if (place < 0 || place >= w->n_places ||
	    (kind != PLACE_NONE && w->place[place].kind != kind))
		return err_set(err, ERR_RANGE, "there is no %s %d in this run",
			       kind_names[kind], place);
	return 0;
}

/* The run's cover of a minute. */
static int cover_id(struct writer *w, int64_t start_us, int64_t *id, struct err *err)
{
	sqlite3_stmt *st = bind(w, ST_COVER_ID, 2, start_us / CLOCK_MINUTE_US, w->run);
	int rc = sqlite3_step(st);
	char text[CLOCK_TEXT];

	if (rc == SQLITE_ROW)
		*id = sqlite3_column_int64(st, 0);
	sqlite3_reset(st);
	if (rc == SQLITE_ROW)
		return 0;
	if (rc != SQLITE_DONE)
		return failed(w, err);
	return err_set(err, ERR_STATE,
		       "minute %s has no cover in this run, or a later run took its place",
		       clock_text_utc(start_us, text));
}

int writer_cover(struct writer *w, const struct minute_cover *m, struct err *err)
{
	int64_t minute = m->start_us / CLOCK_MINUTE_US, from, to, observed;
	int rc = check_start(m->start_us, err);

	if (rc < 0)
		return rc;
	from = m->from_us - m->start_us;
	to = m->to_us - m->start_us;
	if (from < 0 || from >= to || to > CLOCK_MINUTE_US)
		return err_set(err, ERR_RANGE,
			       "a minute's observed span is %lld .. %lld us of it",
			       (long long)from, (long long)to);
	if (!(m->observed_s > 0 && m->observed_s < 61) ||
	    (observed = llround(m->observed_s * 1e6)) < 1)
		return err_set(err, ERR_RANGE, "%g s of a minute observed", m->observed_s);
	if ((rc = begin(w, err)) < 0)
		return rc;
	rc = run(bind(w, ST_COVER, 5, minute, w->run, from, to, observed));
	if (rc == SQLITE_CONSTRAINT_CHECK)
		return err_set(err, ERR_RANGE, "more than 60 s of a minute observed");
	if (!rc)
		rc = run(bind(w, ST_REVISE, 6, minute, w->run, from, to, w->camera,
			      (int64_t)(minute < w->newest)));
	if (!rc)
		rc = run(bind(w, ST_REPLACE, 5, minute, w->run, from, to, w->camera));
	if (!rc && sqlite3_changes(w->db))
		rc = run(bind(w, ST_REPLACE_FLOOR, 3, quarter_of(minute), w->run, w->camera));
	if (!rc)
		rc = run(bind(w, ST_REPLACE_EVENTS, 3, minute, w->run, w->camera));
	return rc ? failed(w, err) : 0;
}

int writer_line(struct writer *w, const struct minute_line *m, struct err *err)
{
	int64_t cover;
	int rc = check_start(m->start_us, err);

	if (!rc)
		rc = check_place(w, m->place, PLACE_LINE, err);
	if (rc < 0)
		return rc;
	if (m->crossings_in < 0 || m->crossings_out < 0 || m->persons_in < 0 ||
	    m->persons_out < 0 || m->uturns < 0)
		return err_set(err, ERR_RANGE, "a line's count is below 0");
	if ((rc = begin(w, err)) < 0 || (rc = cover_id(w, m->start_us, &cover, err)) < 0)
		return rc;
	if (!(m->crossings_in | m->crossings_out | m->persons_in | m->persons_out | m->uturns))
		return 0;
	rc = run(bind(w, ST_LINE, 7, cover, w->place[m->place].id, (int64_t)m->crossings_in,
		      (int64_t)m->crossings_out, (int64_t)m->persons_in,
		      (int64_t)m->persons_out, (int64_t)m->uturns));
	return rc ? failed(w, err) : 0;
}

/* Puts the stored blob of the row that st finds into w->blob. */
static int read_blob(struct writer *w, sqlite3_stmt *st)
{
	int rc = sqlite3_step(st);

	w->blob.n = 0;
	if (rc == SQLITE_ROW) {
		const unsigned char *p = sqlite3_column_blob(st, 0);

		for (int i = 0, n = sqlite3_column_bytes(st, 0); i < n; i++)
			*VEC_PUSH(&w->blob) = p[i];
		rc = SQLITE_DONE;
	}
	sqlite3_reset(st);
	return rc == SQLITE_DONE ? 0 : rc;
}

/* Binds w->blob; one of no bytes is not NULL. */
static void bind_blob(struct writer *w, sqlite3_stmt *st, int i)
{
	sqlite3_bind_blob64(st, i, w->blob.n ? (const void *)w->blob.v : "", w->blob.n,
			    SQLITE_STATIC);
}

static int check_zone(const struct minute_zone *m, struct err *err)
{
	if (m->begun < 0 || m->ended < 0 || m->min < 0 || m->max < m->min || m->p95 < 0 ||
	    m->p95 > m->max)
		return err_set(err, ERR_RANGE, "a zone's counts do not fit together");
	if (!(m->person_s >= 0 && m->person_s <= 60.0 * INT_MAX))
		return err_set(err, ERR_RANGE, "%g person-seconds in a minute of a zone",
			       m->person_s);
	if (m->n_dwell < 0 || m->n_dwell > MINUTE_DWELLS)
		return err_set(err, ERR_RANGE, "%d visits in one part of a minute", m->n_dwell);
	return 0;
}

int writer_zone(struct writer *w, const struct minute_zone *m, struct err *err)
{
	int64_t cover, person_ms, place;
	int rc = check_start(m->start_us, err);

	if (!rc)
		rc = check_place(w, m->place, PLACE_ZONE, err);
	if (!rc)
		rc = check_zone(m, err);
	if (rc < 0)
		return rc;
	if ((rc = begin(w, err)) < 0 || (rc = cover_id(w, m->start_us, &cover, err)) < 0)
		return rc;
	person_ms = llround(m->person_s * 1000);
	if (!(m->begun | m->ended | m->max | m->n_dwell) && !person_ms)
		return 0;
	place = w->place[m->place].id;
	if (read_blob(w, bind(w, ST_ZONE_GET, 2, cover, place)))
		return failed(w, err);
	if (!blob_put_dwells(&w->blob, m->dwell_s, m->n_dwell))
		return err_set(err, ERR_RANGE, "a visit's length is not within 0 .. 4e6 s");
	bind(w, ST_ZONE_PUT, 8, cover, place, (int64_t)m->begun, (int64_t)m->ended,
	     (int64_t)m->min, (int64_t)m->max, (int64_t)m->p95, person_ms);
	bind_blob(w, w->st[ST_ZONE_PUT], 9);
	return run(w->st[ST_ZONE_PUT]) ? failed(w, err) : 0;
}

/* Adds m's cells to w->heat_ms. */
static int add_heat(struct writer *w, const struct minute_heat *m, struct err *err)
{
	for (int i = 0; i < m->n; i++) {
		const struct heat_cell *c = &m->cells[i];

		if (c->cell >= HEAT_CELLS || !(c->person_s >= 0 && c->person_s <= 4e6f))
			return err_set(err, ERR_RANGE, "heat cell %d has %g person-seconds",
				       c->cell, (double)c->person_s);
		w->heat_ms[c->cell] += (uint64_t)llround((double)c->person_s * 1000);
		if (w->heat_ms[c->cell] > UINT32_MAX)
			return err_set(err, ERR_RANGE, "heat cell %d has too much", c->cell);
	}
	return 0;
}

int writer_heat(struct writer *w, const struct minute_heat *m, struct err *err)
{
	int64_t cover;
	int rc = check_start(m->start_us, err);

	if (rc < 0)
		return rc;
	if ((rc = begin(w, err)) < 0 || (rc = cover_id(w, m->start_us, &cover, err)) < 0)
		return rc;
	if (read_blob(w, bind(w, ST_HEAT_GET, 1, cover)))
		return failed(w, err);
	memset(w->heat_ms, 0, sizeof(w->heat_ms));
	if (!blob_get_heat(w->blob.v, w->blob.n, w->heat_ms))
		return take_back(w, err_set(err, ERR_FORMAT, "'%s' is damaged: heat cells",
					    sqlite3_db_filename(w->db, "main")));
	if ((rc = add_heat(w, m, err)) < 0)
		return rc;
	w->blob.n = 0;
	blob_put_heat(&w->blob, w->heat_ms);
	if (!w->blob.n)
		return 0;
	bind(w, ST_HEAT_PUT, 1, cover);
	bind_blob(w, w->st[ST_HEAT_PUT], 2);
	return run(w->st[ST_HEAT_PUT]) ? failed(w, err) : 0;
}

/* Puts what is in both lists, each ordered, into w->blob. */
static bool add_floor(struct writer *w, const struct floor_cells *old,
		      const struct minute_floor *m)
{
	struct floor_cells *sum = &w->floor[1];
	size_t i = 0;
	int k = 0;

	sum->n = 0;
	while (i < old->n || k < m->n) {
		const struct floor_cell *a = i < old->n ? &old->v[i] : NULL;
		const struct floor_cell *b = k < m->n ? &m->cells[k] : NULL;
		struct floor_cell *c = VEC_PUSH(sum);
		int order = !a ? 1 : !b ? -1 : a->y != b->y ? a->y - b->y : a->x - b->x;

		*c = order <= 0 ? *a : *b;
		i += order <= 0;
		k += order >= 0;
		if (order)
			continue;
		if (c->person_ms > UINT32_MAX - b->person_ms ||
		    c->stops > UINT16_MAX - b->stops)
			return false;
		c->person_ms += b->person_ms;
		c->stops = (uint16_t)(c->stops + b->stops);
	}
	w->blob.n = 0;
	return blob_put_floor(&w->blob, sum->v, (int)sum->n);
}

int writer_floor(struct writer *w, const struct minute_floor *m, struct err *err)
{
	int64_t quarter = quarter_of(m->start_us / CLOCK_MINUTE_US), cover;
	struct floor_cells *old = &w->floor[0];
	int rc = check_start(m->start_us, err);

	if (rc < 0)
		return rc;
	if ((rc = begin(w, err)) < 0 || (rc = cover_id(w, m->start_us, &cover, err)) < 0)
		return rc;
	if (read_blob(w, bind(w, ST_FLOOR_GET, 2, quarter, w->run)))
		return failed(w, err);
	old->n = 0;
	if (!blob_get_floor(w->blob.v, w->blob.n, old))
		return take_back(w, err_set(err, ERR_FORMAT, "'%s' is damaged: floor cells",
					    sqlite3_db_filename(w->db, "main")));
	if (!add_floor(w, old, m))
		return err_set(err, ERR_RANGE,
			       "the floor's cells are out of range or out of order");
	if (!w->blob.n)
		return 0;
	bind(w, ST_FLOOR_PUT, 2, quarter, w->run);
	bind_blob(w, w->st[ST_FLOOR_PUT], 3);
	return run(w->st[ST_FLOOR_PUT]) ? failed(w, err) : 0;
}

/* The measure's place, which is the camera or one of the measure's kind, and a key that it can
 * have: *v has them in the database's words. */
static int check_value(struct writer *w, const struct minute_value *m, struct minute_value *v,
		       struct err *err)
{
	const struct measure_info *info = measure_info(m->measure);
	int rc = 0;

	if (!info)
		return err_set(err, ERR_RANGE, "there is no measure %d", (int)m->measure);
	if (m->value < 1 || m->value > UINT32_MAX)
		return err_set(err, ERR_RANGE, "%s is %lld", info->name, (long long)m->value);
	if (info->of == PLACE_NONE && m->place != -1)
		return err_set(err, ERR_RANGE, "%s is of the whole camera", info->name);
	if (info->of != PLACE_NONE)
		rc = check_place(w, m->place, info->of, err);
	if (!rc && info->key == MEASURE_KEY_PLACE)
		rc = check_place(w, m->key, PLACE_NONE, err);
	if (rc < 0)
		return rc;
	if (m->key < 0 || (info->key == MEASURE_KEY_NONE && m->key) ||
	    (info->key == MEASURE_KEY_WORD && !measure_word(m->measure, m->key)))
		return err_set(err, ERR_RANGE, "%s has no key %d", info->name, m->key);
	*v = *m;
	v->place = info->of == PLACE_NONE ? 0 : (int)w->place[m->place].id;
	v->key = info->key == MEASURE_KEY_PLACE ? (int)w->place[m->key].id : m->key;
	return 0;
}

static int by_order(const void *a, const void *b)
{
	return blob_value_order(a, b);
}

/* Adds up values of the same key; false when one gets too large. */
static bool merge_values(struct values *v)
{
	size_t n = 0;

	if (v->n > 1)
		qsort(v->v, v->n, sizeof(*v->v), by_order);
	for (size_t i = 0; i < v->n; i++) {
		if (!n || blob_value_order(&v->v[n - 1], &v->v[i]))
			v->v[n++] = v->v[i];
		else if ((v->v[n - 1].value += v->v[i].value) > UINT32_MAX)
			return false;
	}
	v->n = n;
	return true;
}

int writer_values(struct writer *w, const struct minute_value *m, int n, struct err *err)
{
	struct values *all = &w->values;
	int64_t cover;
	int rc = check_start(m->start_us, err);

	all->n = 0;
	for (int i = 0; i < n && !rc; i++) {
		assert(m[i].start_us == m->start_us);
		rc = check_value(w, &m[i], VEC_PUSH(all), err);
	}
	if (rc < 0)
		return rc;
	if ((rc = begin(w, err)) < 0 || (rc = cover_id(w, m->start_us, &cover, err)) < 0)
		return rc;
	if (read_blob(w, bind(w, ST_VALUES_GET, 1, cover)))
		return failed(w, err);
	if (!blob_get_values(w->blob.v, w->blob.n, all))
		return take_back(w, err_set(err, ERR_FORMAT, "'%s' is damaged: values",
					    sqlite3_db_filename(w->db, "main")));
	w->blob.n = 0;
	if (!merge_values(all) || !blob_put_values(&w->blob, all->v, (int)all->n))
		return err_set(err, ERR_RANGE, "a value is too large");
	bind(w, ST_VALUES_PUT, 1, cover);
	bind_blob(w, w->st[ST_VALUES_PUT], 2);
	return run(w->st[ST_VALUES_PUT]) ? failed(w, err) : 0;
}

int writer_event(struct writer *w, const struct event *e, struct err *err)
{
	int64_t minute = minute_of(e->t_us);
	int rc = check_place(w, e->place, PLACE_NONE, err);

	if (rc < 0)
		return rc;
	if (minute < -DB_MINUTE_MAX || minute > DB_MINUTE_MAX)
		return err_set(err, ERR_RANGE, "an event at %lld us", (long long)e->t_us);
	if (e->kind < EVENT_CROSS_IN || e->kind > EVENT_ZONE_LEAVE ||
	    !(e->dwell_s >= 0 && e->dwell_s <= 4e6))
		return err_set(err, ERR_RANGE, "an event of kind %d and %g s", (int)e->kind,
			       e->dwell_s);
	if ((rc = begin(w, err)) < 0)
		return rc;
	rc = run(bind(w, ST_EVENT, 7, minute, w->run, e->t_us - minute * CLOCK_MINUTE_US,
		      (int64_t)e->kind, w->place[e->place].id, e->person,
		      (int64_t)llround(e->dwell_s * 1000)));
	return rc ? failed(w, err) : 0;
}

int writer_plate(struct writer *w, int64_t t_us, const void *png, size_t len, struct err *err)
{
	int rc;

	if (!len || len > INT_MAX)
		return err_set(err, ERR_RANGE, "a plate of %zu bytes", len);
	if ((rc = begin(w, err)) < 0)
		return rc;
	bind(w, ST_PLATE, 2, w->camera, t_us);
	sqlite3_bind_blob64(w->st[ST_PLATE], 3, png, len, SQLITE_STATIC);
	rc = run(w->st[ST_PLATE]);
	sqlite3_clear_bindings(w->st[ST_PLATE]); /* png is the caller's */
	return rc ? failed(w, err) : 0;
}

int writer_commit(struct writer *w, struct err *err)
{
	if (sqlite3_get_autocommit(w->db))
		return 0;
	return sqlite3_exec(w->db, "COMMIT", NULL, NULL, NULL) ? failed(w, err) : 0;
}

/* One statement with text, integer and real parameters, of those that run once: format is a
 * letter for each, t, i or d. *id, unless NULL, is the integer that it answers with. */
static int once(sqlite3 *db, struct err *err, int64_t *id, const char *text, const char *format,
		...)
{
	sqlite3_stmt *st = NULL;
	va_list ap;
	int rc = db_prepare(db, text, &st, err);

	if (rc < 0)
		return rc;
	va_start(ap, format);
	for (int i = 1; format[i - 1]; i++) {
		if (format[i - 1] == 't')
			sqlite3_bind_text(st, i, va_arg(ap, const char *), -1, SQLITE_STATIC);
		else if (format[i - 1] == 'd')
			sqlite3_bind_double(st, i, va_arg(ap, double));
		else
			sqlite3_bind_int64(st, i, va_arg(ap, int64_t));
	}
	va_end(ap);
	rc = sqlite3_step(st);
	if (rc == SQLITE_ROW && id)
		*id = sqlite3_column_int64(st, 0);
	if (rc == SQLITE_ROW)
		rc = sqlite3_step(st); /* to its end: only then it is done */
	rc = rc == SQLITE_DONE ? 0 : db_err(db, err);
	sqlite3_finalize(st);
	return rc;
}

/* A store's settings hold for all its days: a person should know that they are others now. */
static int note_change(struct writer *w, const struct store_info *info, char **note,
		       struct err *err)
{
	struct str line = STR_INIT;
	int64_t changed = 0;
	int rc = once(w->db, err, &changed,
		      "SELECT count(*) FROM store WHERE "
		      "name <> ?1 OR zone <> ?2 OR business_day_start_s <> ?3",
		      "tti", info->name, info->zone, (int64_t)info->business_day_start_s);

	if (rc < 0 || !changed || *note)
		return rc;
	str_addf(&line,
		 "'%s' now belongs to store '%s', time zone %s, days from %02d:%02d: days that "
		 "were counted before are reported so, too",
		 sqlite3_db_filename(w->db, "main"), info->name, info->zone,
		 info->business_day_start_s / 3600, info->business_day_start_s / 60 % 60);
	*note = str_take(&line);
	return 0;
}

static int put_store(struct writer *w, const struct store_info *info, struct err *err)
{
	return once(w->db, err, NULL, "REPLACE INTO store VALUES (1, ?1, ?2, ?3)", "tti",
		    info->name, info->zone, (int64_t)info->business_day_start_s);
}

static int put_run(struct writer *w, const struct store_info *info, const struct run_info *r,
		   struct err *err)
{
	int64_t same = 0;
	int rc = put_store(w, info, err);

	if (!rc)
		rc = once(w->db, err, &w->camera,
			  "INSERT INTO camera (name) VALUES (?1) "
			  "ON CONFLICT DO UPDATE SET name = name RETURNING id",
			  "t", r->camera);
	if (!rc)
		rc = once(w->db, err, &same,
			  "INSERT INTO params VALUES (?1, ?2) ON CONFLICT "
			  "DO UPDATE SET text = text RETURNING text = ?2",
			  "tt", r->params_id, r->params);
	if (!rc && !same)
		rc = err_set(err, ERR_RANGE, "'%s' knows the parameters %s with another text",
			     sqlite3_db_filename(w->db, "main"), r->params_id);
	if (!rc)
		rc = once(w->db, err, &w->run,
			  "INSERT INTO run (camera, params, version, "
			  "metric, measured) VALUES (?1, ?2, ?3, ?4, 1) RETURNING id",
			  "itti", w->camera, r->params_id, r->version, (int64_t)r->metric);
	if (!rc)
		rc = once(
			w->db, err, &w->newest,
			"SELECT coalesce((SELECT c.minute FROM cover c CROSS JOIN run r "
			"ON r.id = c.run WHERE r.camera = ?1 ORDER BY c.minute DESC LIMIT 1), "
			"?2)",
			"ii", w->camera, -DB_MINUTE_MAX);
	return rc;
}

static int put_place(struct writer *w, int i, const struct place_info *p, struct err *err)
{
	int64_t known = 0;
	int rc;

	assert(p->kind >= PLACE_LINE && p->kind <= PLACE_FIXTURE);
	assert(p->geometry);
	w->place[i].kind = p->kind;
	rc = once(w->db, err, &w->place[i].id,
		  "INSERT INTO place (camera, name, kind, role, in_label, out_label, geometry, "
		  "engaged_s) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT DO UPDATE "
		  "SET role = excluded.role, in_label = excluded.in_label, out_label = "
		  "excluded.out_label, geometry = excluded.geometry, engaged_s = "
		  "excluded.engaged_s RETURNING id",
		  "itiitttd", w->camera, p->name, (int64_t)p->kind, (int64_t)p->role,
		  p->in_label, p->out_label, p->geometry, p->engaged_s);
	if (!rc)
		rc = once(w->db, err, &known,
			  "SELECT count(*) FROM run_place WHERE run = ?1 "
			  "AND place = ?2",
			  "ii", w->run, w->place[i].id);
	if (!rc && known)
		rc = err_set(err, ERR_RANGE, "two %ss are named '%s'", kind_names[p->kind],
			     p->name);
	if (!rc)
		rc = once(w->db, err, NULL, "INSERT INTO run_place VALUES (?1, ?2)", "ii",
			  w->run, w->place[i].id);
	return rc;
}

/* Everything that a run begins with, in one transaction. */
static int put_all(struct writer *w, const struct store_info *info, const struct run_info *r,
		   const struct place_info *places, char **note, struct err *err)
{
	int rc = begin(w, err);

	if (!rc)
		rc = note_change(w, info, note, err);
	if (!rc)
		rc = put_run(w, info, r, err);
	for (int i = 0; i < w->n_places && !rc; i++)
		rc = put_place(w, i, &places[i], err);
	return rc ? rc : writer_commit(w, err);
}

static void writer_free(struct writer *w)
{
	for (int i = 0; i < N_STMT; i++)
		sqlite3_finalize(w->st[i]);
	sqlite3_close(w->db);
	VEC_FREE(&w->blob);
	VEC_FREE(&w->floor[0]);
	VEC_FREE(&w->floor[1]);
	VEC_FREE(&w->values);
	free(w->place);
	free(w);
}

int writer_open(struct writer **out, const char *path, const struct store_info *info,
		const struct run_info *r, const struct place_info *places, int n_places,
		char **note, struct err *err)
{
	struct writer *w = xcalloc(1, sizeof(*w));
	char *said = NULL;
	int rc;

	w->n_places = n_places;
	w->place = xcalloc((size_t)n_places + 1, sizeof(*w->place));
	rc = db_open(&w->db, path, !r->checked, &said, err);
	for (int i = 0; i < N_STMT && !rc; i++)
		rc = db_prepare(w->db, sql[i], &w->st[i], err);
	if (!rc)
		rc = put_all(w, info, r, places, &said, err);
	if (rc < 0) {
		if (said) /* a person must hear of the file that was renamed */
			err_ctx(err, "%s", said);
		free(said);
		writer_free(w);
		return rc;
	}
	if (note)
		*note = said;
	else
		free(said);
	*out = w;
	return 0;
}

int writer_prepare(const char *path, const struct store_info *info, char **note,
		   struct err *err)
{
	struct writer w = { 0 };
	char *said = NULL;
	int rc = db_open(&w.db, path, true, &said, err);

	if (!rc)
		rc = begin(&w, err);
	if (!rc)
		rc = note_change(&w, info, &said, err);
	if (!rc)
		rc = put_store(&w, info, err);
	if (!rc)
		rc = writer_commit(&w, err);
	if (rc < 0 && said)
		err_ctx(err, "%s", said);
	sqlite3_close(w.db);
	if (rc >= 0)
		*note = said;
	else
		free(said);
	return rc;
}

int writer_close(struct writer *w, struct err *err)
{
	int rc;

	if (!w)
		return 0;
	rc = writer_commit(w, err);
	writer_free(w);
	return rc;
}
