/* SPDX-License-Identifier: Apache-2.0 */
/* query_event.c -- reading the events that minutes were counted from. */
#include "base/clock.h"
#include "base/vec.h"
#include "store/db.h"
#include "store/query.h"

static int read_event(struct query *q, sqlite3_stmt *st, int place, struct event *e,
		      struct err *err)
{
	int64_t minute = sqlite3_column_int64(st, 0), kind = sqlite3_column_int64(st, 2);

	if (minute < -DB_MINUTE_MAX || minute > DB_MINUTE_MAX || kind < EVENT_CROSS_IN ||
	    kind > EVENT_ZONE_LEAVE)
		return query_damaged(q, "an event is out of range", err);
	*e = (struct event){
		.t_us = minute * CLOCK_MINUTE_US + sqlite3_column_int64(st, 1),
		.kind = (enum event_kind)kind,
		.place = place,
		.person = sqlite3_column_int64(st, 3),
		.dwell_s = (double)sqlite3_column_int64(st, 4) / 1000,
	};
	return 0;
}

int query_events(struct query *q, int place, int64_t from_us, int64_t to_us, struct event **v,
		 struct err *err)
{
	VEC(struct event) all = { 0 };
	sqlite3_stmt *st = NULL;
	int step, rc = db_prepare(query_db(q),
				  "SELECT minute, t_us, kind, person, dwell_ms FROM event "
				  "WHERE minute >= ?1 AND minute < ?2 AND place = ?3 "
				  "ORDER BY minute, t_us, run, seq",
				  &st, err);

	if (rc < 0)
		return rc;
	sqlite3_bind_int64(st, 1, (from_us + CLOCK_MINUTE_US - 1) / CLOCK_MINUTE_US);
	sqlite3_bind_int64(st, 2, (to_us + CLOCK_MINUTE_US - 1) / CLOCK_MINUTE_US);
	sqlite3_bind_int(st, 3, place);
	while (rc >= 0 && (step = sqlite3_step(st)) != SQLITE_DONE) {
		struct event e;

		rc = step == SQLITE_ROW ? read_event(q, st, place, &e, err)
					: db_err(query_db(q), err);
		if (rc >= 0)
			*VEC_PUSH(&all) = e;
	}
	sqlite3_finalize(st);
	if (rc < 0) {
		VEC_FREE(&all);
		return rc;
	}
	*v = all.v;
	return (int)all.n;
}
