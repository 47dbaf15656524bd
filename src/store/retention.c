/* SPDX-License-Identifier: Apache-2.0 */
/* retention.c -- deleting what is kept for a time only. */
#include "store/retention.h"

#include "base/clock.h"
#include "store/db.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

int retention_events(const char *path, int64_t before_us, int64_t *deleted, struct err *err)
{
	int64_t minute = before_us / CLOCK_MINUTE_US - (before_us % CLOCK_MINUTE_US < 0);
	sqlite3_stmt *st = NULL;
	sqlite3 *db = NULL;
	char *note = NULL;
	int64_t n = 0;
	int rc;

	if (access(path, F_OK) < 0)
		return err_set(err, ERR_IO, "cannot open '%s': %s", path, strerror(errno));
	rc = db_open(&db, path, true, &note, err);
	if (rc < 0)
		return rc;
	if (note)
		rc = err_set(err, ERR_FORMAT, "%s", note);
	if (!rc)
		rc = db_exec(db, "PRAGMA secure_delete = ON", err);
	if (!rc)
		rc = db_prepare(db, "DELETE FROM event WHERE minute < ?1", &st, err);
	if (!rc) {
		sqlite3_bind_int64(st, 1, minute);
		if (sqlite3_step(st) != SQLITE_DONE)
			rc = db_err(db, err);
	}
	if (!rc)
		n = sqlite3_changes64(db);
	sqlite3_finalize(st);
	/* The log has the old pages until it is written back and cut to nothing. */
	if (!rc)
		rc = db_exec(db, "PRAGMA wal_checkpoint(TRUNCATE)", err);
	if (!rc && deleted)
		*deleted = n;
	sqlite3_close(db);
	free(note);
	return rc;
}
