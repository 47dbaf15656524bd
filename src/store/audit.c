/* SPDX-License-Identifier: Apache-2.0 */
/* audit.c -- what came of counting some windows by hand, too: in and out of the store's file.
 */
#include "store/audit.h"

#include "base/str.h"
#include "base/vec.h"
#include "store/db.h"

#include <errno.h>
#include <limits.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

#define COLUMNS \
	"place, direction, from_us, to_us, params, method, margin, samples, manual, machine, " \
	"bias, lo, hi, unbalanced, spread, df, verdict, more"

static const char audit_sql[] =
	"INSERT OR REPLACE INTO audit (" COLUMNS ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, "
	"?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18) RETURNING id";
static const char window_sql[] = "INSERT INTO audit_window VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";

static int check(const struct audit *a, struct err *err)
{
	const double v[] = { a->margin, a->bias, a->lo, a->hi, a->unbalanced, a->spread };

	for (size_t i = 0; i < sizeof(v) / sizeof(*v); i++)
		if (!isfinite(v[i]))
			return err_set(err, ERR_RANGE, "a number of an audit is not finite");
	if (a->from_us >= a->to_us || a->samples < 1 || a->manual < 0 || a->machine < 0 ||
	    a->df < 1)
		return err_set(err, ERR_RANGE, "an audit's numbers do not fit together");
	for (int i = 0; i < a->samples; i++) {
		const struct audit_window *w = &a->window[i];

		if (w->start_us < a->from_us || w->length_s < 1 ||
		    w->start_us > a->to_us - w->length_s * INT64_C(1000000) || w->manual < 0 ||
		    w->machine < 0 || !(w->weight > 0) || !isfinite(w->weight))
			return err_set(err, ERR_RANGE, "window %d of an audit cannot be", i);
	}
	return 0;
}

static void bind_audit(sqlite3_stmt *st, const struct audit *a)
{
	const double real[] = { a->bias, a->lo, a->hi, a->unbalanced, a->spread };

	sqlite3_bind_int(st, 1, a->place);
	sqlite3_bind_int(st, 2, a->in ? 1 : 2);
	sqlite3_bind_int64(st, 3, a->from_us);
	sqlite3_bind_int64(st, 4, a->to_us);
	sqlite3_bind_text(st, 5, a->params_id, -1, SQLITE_STATIC);
	sqlite3_bind_text(st, 6, a->method, -1, SQLITE_STATIC);
	sqlite3_bind_double(st, 7, a->margin);
	sqlite3_bind_int(st, 8, a->samples);
	sqlite3_bind_int64(st, 9, a->manual);
	sqlite3_bind_int64(st, 10, a->machine);
	for (int i = 0; i < 5; i++)
		sqlite3_bind_double(st, 11 + i, real[i]);
	sqlite3_bind_int(st, 16, a->df);
	sqlite3_bind_int(st, 17, a->verdict);
	sqlite3_bind_int(st, 18, a->more);
}

static int put_window(sqlite3 *db, sqlite3_stmt *st, int64_t audit,
		      const struct audit_window *w, struct err *err)
{
	int step;

	sqlite3_bind_int64(st, 1, audit);
	sqlite3_bind_int64(st, 2, w->start_us);
	sqlite3_bind_int(st, 3, w->length_s);
	sqlite3_bind_int(st, 4, w->stratum);
	sqlite3_bind_double(st, 5, w->weight);
	sqlite3_bind_int64(st, 6, w->manual);
	sqlite3_bind_int64(st, 7, w->machine);
	step = sqlite3_step(st);
	sqlite3_reset(st);
	return step == SQLITE_DONE ? 0 : db_err(db, err);
}

static int put_audit(sqlite3 *db, sqlite3_stmt *audit, sqlite3_stmt *window,
		     const struct audit *a, struct err *err)
{
	int64_t id = 0;
	int rc = 0, step;

	bind_audit(audit, a);
	while ((step = sqlite3_step(audit)) == SQLITE_ROW)
		id = sqlite3_column_int64(audit, 0);
	if (step != SQLITE_DONE)
		rc = db_err(db, err);
	sqlite3_reset(audit);
	for (int i = 0; i < a->samples && rc >= 0; i++)
		rc = put_window(db, window, id, &a->window[i], err);
	return rc;
}

static int put_all(sqlite3 *db, const struct audit *v, int n, struct err *err)
{
	sqlite3_stmt *audit = NULL, *window = NULL;
	int rc = db_prepare(db, audit_sql, &audit, err);

	if (rc >= 0)
		rc = db_prepare(db, window_sql, &window, err);
	if (rc >= 0)
		rc = db_exec(db, "BEGIN IMMEDIATE", err);
	for (int i = 0; i < n && rc >= 0; i++)
		rc = put_audit(db, audit, window, &v[i], err);
	sqlite3_finalize(audit);
	sqlite3_finalize(window);
	if (rc >= 0)
		rc = db_exec(db, "COMMIT", err);
	if (!sqlite3_get_autocommit(db))
		sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
	return rc;
}

int audit_write(const char *path, const struct audit *v, int n, struct err *err)
{
	sqlite3 *db = NULL;
	char *note = NULL;
	int rc = 0;

	for (int i = 0; i < n && rc >= 0; i++)
		rc = check(&v[i], err);
	if (rc < 0)
		return rc;
	if (access(path, F_OK) < 0)
		return err_set(err, ERR_IO, "cannot open '%s': %s", path, strerror(errno));
	rc = db_open(&db, path, true, &note, err);
	if (rc < 0)
		return rc;
	rc = note ? err_set(err, ERR_FORMAT, "%s", note) : put_all(db, v, n, err);
	sqlite3_close(db);
	free(note);
	return rc;
}

static int read_row(struct query *q, sqlite3_stmt *st, struct audit *a, struct err *err)
{
	const char *params = (const char *)sqlite3_column_text(st, 4);
	const char *method = (const char *)sqlite3_column_text(st, 5);
	int64_t samples = sqlite3_column_int64(st, 7), df = sqlite3_column_int64(st, 15);

	if (!params || !method || !str_copy(a->params_id, sizeof(a->params_id), params) ||
	    !str_copy(a->method, sizeof(a->method), method) || samples < 1 ||
	    samples > INT_MAX || df < 1 || df > INT_MAX)
		return query_damaged(q, "an audit", err);
	a->place = sqlite3_column_int(st, 0);
	a->in = sqlite3_column_int(st, 1) == 1;
	a->from_us = sqlite3_column_int64(st, 2);
	a->to_us = sqlite3_column_int64(st, 3);
	a->margin = sqlite3_column_double(st, 6);
	a->samples = (int)samples;
	a->manual = sqlite3_column_int64(st, 8);
	a->machine = sqlite3_column_int64(st, 9);
	a->bias = sqlite3_column_double(st, 10);
	a->lo = sqlite3_column_double(st, 11);
	a->hi = sqlite3_column_double(st, 12);
	a->unbalanced = sqlite3_column_double(st, 13);
	a->spread = sqlite3_column_double(st, 14);
	a->df = (int)df;
	a->verdict = sqlite3_column_int(st, 16);
	a->more = sqlite3_column_int(st, 17);
	return 0;
}

int audit_query(struct query *q, struct audit **v, struct err *err)
{
	VEC(struct audit) all = { 0 };
	sqlite3_stmt *st = NULL;
	int step, rc = db_prepare(query_db(q),
				  "SELECT " COLUMNS " FROM audit "
				  "ORDER BY place, direction, to_us, id",
				  &st, err);

	if (rc < 0)
		return rc;
	while (rc >= 0 && (step = sqlite3_step(st)) != SQLITE_DONE) {
		if (step != SQLITE_ROW) {
			rc = db_err(query_db(q), err);
			break;
		}
		*VEC_PUSH(&all) = (struct audit){ 0 };
		rc = read_row(q, st, &all.v[all.n - 1], err);
	}
	sqlite3_finalize(st);
	if (rc < 0) {
		VEC_FREE(&all);
		return rc;
	}
	*v = all.v;
	return (int)all.n;
}
