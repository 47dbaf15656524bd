/* SPDX-License-Identifier: Apache-2.0 */
/* db.h -- opening a store's SQLite file, for the files of store/ alone.
 *
 * Durability: WAL with synchronous=FULL, so that a commit is on the disk when it returns;
 * with NORMAL a power cut could take all commits since the last checkpoint, which is more than
 * the minute that may be lost.
 */
#ifndef STORE_DB_H
#define STORE_DB_H

#include "base/err.h"

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

#define DB_APPLICATION_ID 0x464f4f54
#define DB_VERSION 4

/* No minute is farther than this from 1970: times in microseconds stay far from overflow. */
#define DB_MINUTE_MAX INT64_C(100000000000)

extern const char db_schema[]; /* schema.sql */

/* How long one process waits for another to end its transaction. Tests shorten it. */
extern int db_busy_ms;

/* Opens or creates path for writing and brings it to DB_VERSION; what writer_open says about
 * other programs' files, network file systems and broken files happens here; all of the file is
 * only read through when check says so. */
int db_open(sqlite3 **db, const char *path, bool check, char **note, struct err *err);

/* Opens an existing file for reading; changes nothing. */
int db_open_readonly(sqlite3 **db, const char *path, struct err *err);

struct query;
/* The file that a query reads, and its error for content that cannot be. */
sqlite3 *query_db(const struct query *q);
int query_damaged(const struct query *q, const char *what, struct err *err);

/* Runs steps[version] .. steps[n - 1], all in one transaction; the version is n then.
 * ERR_FORMAT when it is larger already. A step is SQL text. */
int db_migrate(sqlite3 *db, const char *const *steps, int n, struct err *err);

/* The name of the file system kind that statfs() calls magic when it is one that WAL does not
 * work on (other machines may be writing, memory is not shared with them); NULL for the rest.
 * FUSE is among them: it cannot be told whether there is a network (sshfs) behind it. */
const char *db_network_fs(unsigned long magic);

/* Fills *err from the last failure on db: what it means for the person at the terminal.
 * Returns its ERR_ code. */
int db_err(sqlite3 *db, struct err *err);

/* True when rc is SQLite's word for a file with damaged content. */
bool db_damaged(int rc);

int db_exec(sqlite3 *db, const char *sql, struct err *err);
int db_prepare(sqlite3 *db, const char *sql, sqlite3_stmt **st, struct err *err);

#endif
