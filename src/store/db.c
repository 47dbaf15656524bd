/* SPDX-License-Identifier: Apache-2.0 */
/* db.c -- opening a store's SQLite file. */
#include "store/db.h"

#include "base/file.h"
#include "base/str.h"
#include "base/vec.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

/* The first page: sqlite.org/fileformat2.html, 1.3 and 1.6. Numbers are big endian. */
#define HEAD_BYTES 108
#define HEAD_MODE 18    /* 1: rollback journal, 2: WAL */
#define HEAD_VERSION 60 /* user_version */
#define HEAD_ID 68      /* application_id */
#define HEAD_TABLES 103 /* how many entries the schema has, if it fits this page */

int db_busy_ms = 10000;

/* schema.sql is the first step; these make of it what there is now. */
static const char *const steps[] = {
	db_schema,
	/* How often a minute was counted anew, and one more when it came late (minute_cover).
	 */
	"ALTER TABLE cover ADD COLUMN revision INTEGER NOT NULL DEFAULT 0;",
	/* Places of three more kinds: 3 gate, 4 queue, 5 fixture; a line's role can be 3 staff,
	 * a zone's 1 counter. Packed as blob.h says: the values of a minute, and the floor's
	 * cells in a quarter of an hour (quarters since 1970) of a run: in minutes they would
	 * be most of the file. */
	"CREATE TABLE value_minute ("
	"cover INTEGER PRIMARY KEY REFERENCES cover ON DELETE CASCADE, "
	"rows BLOB NOT NULL) STRICT;"
	"CREATE TABLE floor_quarter ("
	"quarter INTEGER NOT NULL, run INTEGER NOT NULL REFERENCES run, "
	"cells BLOB NOT NULL, PRIMARY KEY (quarter, run)) STRICT;"
	/* Of runs before, nobody knows what their measures would have been. */
	"ALTER TABLE run ADD COLUMN measured INTEGER NOT NULL DEFAULT 0;",
	/* What was counted by hand, too (audit.h). direction: 1 in, 2 out; times since 1970. */
	"CREATE TABLE audit ("
	"id INTEGER PRIMARY KEY, place INTEGER NOT NULL REFERENCES place, "
	"direction INTEGER NOT NULL, from_us INTEGER NOT NULL, to_us INTEGER NOT NULL, "
	"params TEXT NOT NULL, method TEXT NOT NULL, margin REAL NOT NULL, "
	"samples INTEGER NOT NULL, manual INTEGER NOT NULL, machine INTEGER NOT NULL, "
	"bias REAL NOT NULL, lo REAL NOT NULL, hi REAL NOT NULL, unbalanced REAL NOT NULL, "
	"spread REAL NOT NULL, df INTEGER NOT NULL, "
	"verdict INTEGER NOT NULL, more INTEGER NOT NULL, "
	"UNIQUE (place, direction, from_us, to_us)) STRICT;"
	"CREATE TABLE audit_window ("
	"audit INTEGER NOT NULL REFERENCES audit ON DELETE CASCADE, "
	"start_us INTEGER NOT NULL, length_s INTEGER NOT NULL, stratum INTEGER NOT NULL, "
	"weight REAL NOT NULL, manual INTEGER NOT NULL, machine INTEGER NOT NULL, "
	"PRIMARY KEY (audit, start_us)) STRICT, WITHOUT ROWID;",
};
_Static_assert(sizeof(steps) / sizeof(steps[0]) == DB_VERSION, "a step for each version");

/* Files that belong to a database, the journals first: a new database must never find the log
 * of another one. */
static const char *const parts[] = { "-wal", "-shm", "-journal", "" };
#define N_PARTS (sizeof(parts) / sizeof(parts[0]))

const char *db_network_fs(unsigned long magic)
{
	static const struct {
		unsigned long magic;
		const char *name;
	} kinds[] = {
		{ 0x6969, "NFS" },
		{ 0x517b, "SMB" },
		{ 0xff534d42, "CIFS" },
		{ 0xfe534d42, "SMB" },
		{ 0x01021997, "9P" },
		{ 0x65735546, "FUSE" },
		{ 0x5346414f, "AFS" },
		{ 0x6b414653, "AFS" },
		{ 0x73757245, "Coda" },
		{ 0x564c, "NCP" },
		{ 0x00c36400, "Ceph" },
		{ 0x0bd00bd0, "Lustre" },
		{ 0x47504653, "GPFS" },
		{ 0x19830326, "BeeGFS" },
		{ 0x01161970, "GFS2" },
		{ 0x7461636f, "OCFS2" },
		{ 0x786f4256, "VirtualBox shared folder" },
		{ 0xbacbacbc, "VMware shared folder" },
	};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (kinds[i].magic == (magic & 0xffffffff))
			return kinds[i].name;
	return NULL;
}

bool db_damaged(int rc)
{
	rc &= 0xff; /* without the extended part */
	return rc == SQLITE_CORRUPT || rc == SQLITE_NOTADB;
}

int db_err(sqlite3 *db, struct err *err)
{
	const char *path = sqlite3_db_filename(db, "main");

	if (!path)
		path = "database";
	switch (sqlite3_errcode(db) & 0xff) {
	case SQLITE_FULL:
		return err_set(err, ERR_IO, "'%s': the disk is full; what was stored stays",
			       path);
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return err_set(err, ERR_IO, "'%s' is in use by another process (waited %d s)",
			       path, db_busy_ms / 1000);
	case SQLITE_READONLY:
	case SQLITE_PERM:
		return err_set(err, ERR_IO,
			       "'%s' cannot be written: it or its folder is read-only", path);
	case SQLITE_CANTOPEN:
		return err_set(err, ERR_IO, "cannot open '%s': %s", path,
			       sqlite3_system_errno(db) ? strerror(sqlite3_system_errno(db))
							: sqlite3_errmsg(db));
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return err_set(err, ERR_FORMAT, "'%s' is damaged: %s", path,
			       sqlite3_errmsg(db));
	case SQLITE_ERROR: /* SQL that its tables do not answer */
		return err_set(err, ERR_FORMAT, "'%s' lacks what a store's file has: %s", path,
			       sqlite3_errmsg(db));
	default:
		return err_set(err, ERR_IO, "'%s': %s", path, sqlite3_errmsg(db));
	}
}

int db_exec(sqlite3 *db, const char *sql, struct err *err)
{
	return sqlite3_exec(db, sql, NULL, NULL, NULL) ? db_err(db, err) : 0;
}

int db_prepare(sqlite3 *db, const char *sql, sqlite3_stmt **st, struct err *err)
{
	if (sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT, st, NULL))
		return db_err(db, err);
	return 0;
}

/* The single integer that a query answers with. */
static int ask(sqlite3 *db, const char *sql, int64_t *v, struct err *err)
{
	sqlite3_stmt *st = NULL;
	int rc = db_prepare(db, sql, &st, err);

	if (!rc && sqlite3_step(st) != SQLITE_ROW)
		rc = db_err(db, err);
	if (!rc)
		*v = sqlite3_column_int64(st, 0);
	sqlite3_finalize(st);
	return rc;
}

static int refuse_version(sqlite3 *db, int64_t version, int n, struct err *err)
{
	return err_set(err, ERR_FORMAT,
		       "'%s' was written by a later version of the program "
		       "(format %lld; this one knows %d)",
		       sqlite3_db_filename(db, "main"), (long long)version, n);
}

int db_migrate(sqlite3 *db, const char *const *step, int n, struct err *err)
{
	int64_t version = 0;
	char set[64];
	int rc;

	/* The version is asked for inside the transaction: two processes may be here. */
	rc = db_exec(db, "BEGIN IMMEDIATE", err);
	if (rc < 0)
		return rc;
	rc = ask(db, "PRAGMA user_version", &version, err);
	if (!rc && (version < 0 || version > n))
		rc = refuse_version(db, version, n, err);
	for (; !rc && version < n; version++)
		rc = db_exec(db, step[version], err);
	snprintf(set, sizeof(set), "PRAGMA user_version = %d", n);
	if (!rc)
		rc = db_exec(db, set, err);
	if (!rc)
		rc = db_exec(db, "COMMIT", err);
	if (rc < 0)
		sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
	return rc;
}

/* The folder that path is in, to be freed. */
static char *folder_of(const char *path)
{
	size_t n = (size_t)(file_base(path) - path);

	return n ? xstrndup(path, n) : xstrdup(".");
}

/* What can be said about path before SQLite looks at it. *network: the kind, or NULL. */
static int check_path(const char *path, bool must_exist, const char **network, struct err *err)
{
	char *folder = folder_of(path);
	struct statfs fs;
	struct stat st;
	int rc = 0;

	if (!*path || *path == ':') { /* ":memory:" would keep nothing */
		rc = err_set(err, ERR_IO, "'%s' is not the name of a file", path);
	} else if (stat(path, &st) == 0) {
		if (S_ISDIR(st.st_mode))
			rc = err_set(err, ERR_IO, "'%s' is a folder, not a file", path);
		else if (!S_ISREG(st.st_mode))
			rc = err_set(err, ERR_IO, "'%s' is not a regular file", path);
	} else if (errno != ENOENT || must_exist) {
		rc = err_set(err, ERR_IO, "cannot open '%s': %s", path, strerror(errno));
	} else if (stat(folder, &st) < 0 || !S_ISDIR(st.st_mode)) {
		rc = err_set(err, ERR_IO, "cannot create '%s': there is no folder '%s'", path,
			     folder);
	} else if (access(folder, W_OK) < 0) { /* SQLite would say that there is no file */
		rc = err_set(err, ERR_IO, "cannot create '%s': %s", path, strerror(errno));
	}
	*network = NULL;
	if (!rc && (statfs(path, &fs) == 0 || statfs(folder, &fs) == 0))
		*network = db_network_fs((unsigned long)fs.f_type);
	free(folder);
	return rc;
}

enum owner { OWNER_OTHER, OWNER_NOBODY, OWNER_US };

static uint32_t be32(const unsigned char *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

/* Ours have our mark as long as they have anything, and before they have WAL. */
static enum owner owner_of(const unsigned char head[HEAD_BYTES])
{
	if (be32(head + HEAD_ID) == DB_APPLICATION_ID)
		return OWNER_US;
	if (!memcmp(head, "SQLite format 3", 16) && head[HEAD_MODE] == 1 &&
	    !be32(head + HEAD_VERSION) && !be32(head + HEAD_ID) && !head[HEAD_TABLES] &&
	    !head[HEAD_TABLES + 1])
		return OWNER_NOBODY;
	return OWNER_OTHER;
}

/* Whose file it is. The first bytes are read through SQLite's own file: opening and closing it
 * a second time would drop the locks that other connections of this process have. Nothing else
 * is asked of SQLite, which could put a journal beside another program's file. */
static int check_owner(sqlite3 *db, bool may_be_empty, struct err *err)
{
	unsigned char head[HEAD_BYTES] = { 0 };
	const char *path = sqlite3_db_filename(db, "main");
	enum owner owner = OWNER_OTHER;
	sqlite3_file *f = NULL;
	sqlite3_int64 size = 0;

	if (sqlite3_file_control(db, "main", SQLITE_FCNTL_FILE_POINTER, &f) || !f ||
	    !f->pMethods || f->pMethods->xFileSize(f, &size))
		return err_set(err, ERR_IO, "cannot read '%s'", path);
	if (!size)
		owner = OWNER_NOBODY;
	else if (size >= HEAD_BYTES && !f->pMethods->xRead(f, head, HEAD_BYTES, 0))
		owner = owner_of(head);
	if (owner == OWNER_US || (owner == OWNER_NOBODY && may_be_empty))
		return 0;
	return err_set(err, ERR_FORMAT, "'%s' is not a store's file of this program", path);
}

static int connect_to(sqlite3 **db, const char *name, int flags, struct err *err)
{
	int rc = sqlite3_open_v2(name, db, flags | SQLITE_OPEN_NOMUTEX, NULL);

	if (!*db)
		return err_set(err, ERR_IO, "cannot open '%s': out of memory", name);
	if (rc)
		return err_set(err, ERR_IO, "cannot open '%s': %s", name,
			       sqlite3_system_errno(*db) ? strerror(sqlite3_system_errno(*db))
							 : sqlite3_errmsg(*db));
	sqlite3_extended_result_codes(*db, 1);
	sqlite3_busy_timeout(*db, db_busy_ms);
	/* A file may come from anywhere: nothing in it may make SQLite do more than tables. */
	sqlite3_db_config(*db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(*db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	return 0;
}

/* The full check, which also compares indexes with their tables. quick_check does not, and
 * would hardly be quicker: there is one index, and what is read from the disk is the same. It
 * takes about 2 s for a GB. *damage is the first finding, to be freed, or NULL. */
static int check_content(sqlite3 *db, char **damage, struct err *err)
{
	sqlite3_stmt *st = NULL;
	int rc = sqlite3_prepare_v2(db, "PRAGMA integrity_check(1)", -1, &st, NULL);

	if (!rc)
		rc = sqlite3_step(st);
	if (rc == SQLITE_ROW) {
		const char *s = (const char *)sqlite3_column_text(st, 0);
		const char *line = s ? strrchr(s, '\n') : NULL;

		if (s && strcmp(s, "ok") != 0)
			*damage = xstrdup(line ? line + 1 : s); /* without its heading */
		rc = 0;
	} else if (db_damaged(rc)) {
		*damage = xstrdup(sqlite3_errmsg(db));
		rc = 0;
	} else {
		rc = db_err(db, err);
	}
	sqlite3_finalize(st);
	return rc;
}

/* Renames the file and its journals to the first "<path>.broken-<n>" that is free. */
static int set_aside(const char *path, const char *damage, char **note, struct err *err)
{
	struct str to = STR_INIT, from = STR_INIT, line = STR_INIT;
	size_t base;
	int rc = 0;

	for (int n = 1;; n++) {
		str_clear(&to);
		str_addf(&to, "%s.broken-%d", path, n);
		if (access(to.s, F_OK) < 0)
			break;
	}
	base = to.len;
	for (size_t i = 0; i < N_PARTS && !rc; i++) {
		str_clear(&from);
		str_addf(&from, "%s%s", path, parts[i]);
		to.s[to.len = base] = '\0';
		str_add(&to, parts[i]);
		if (rename(from.s, to.s) < 0 && errno != ENOENT)
			rc = err_set(err, ERR_IO,
				     "'%s' is damaged (%s) and cannot become '%s': %s", from.s,
				     damage, to.s, strerror(errno));
	}
	if (!rc && note) {
		str_addf(&line,
			 "'%s' was damaged (%s); it is kept as '%s', a new one was begun", path,
			 damage, to.s);
		free(*note);
		*note = str_take(&line);
	}
	str_clear(&to);
	str_clear(&from);
	return rc;
}

static int set_modes(sqlite3 *db, struct err *err)
{
	int64_t wal = 0;
	int rc = db_exec(db,
			 "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; "
			 "PRAGMA foreign_keys = ON; PRAGMA cell_size_check = ON; "
			 "PRAGMA journal_size_limit = 16777216",
			 err);

	if (!rc)
		rc = ask(db, "SELECT journal_mode = 'wal' FROM pragma_journal_mode", &wal, err);
	if (!rc && !wal)
		rc = err_set(err, ERR_IO, "the file system of '%s' lacks shared memory (WAL)",
			     sqlite3_db_filename(db, "main"));
	return rc;
}

/* One attempt. *damage is set, and 0 returned, when the content is broken. */
static int try_open(sqlite3 **db, const char *path, bool check, char **damage, struct err *err)
{
	int rc = connect_to(db, path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, err);

	if (!rc)
		rc = check_owner(*db, true, err);
	if (rc < 0)
		return rc;
	/* Closing would otherwise write the log back into a file that may be broken. */
	sqlite3_db_config(*db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
	if (check)
		rc = check_content(*db, damage, err);
	if (rc < 0 || *damage)
		return rc;
	sqlite3_db_config(*db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, NULL);

	/* The tables come before WAL: so the file itself, and not only its log, says from its
	 * first moment whose it is. */
	rc = db_migrate(*db, steps, DB_VERSION, err);
	if (!rc)
		rc = set_modes(*db, err);
	if (rc < 0 && db_damaged(sqlite3_errcode(*db)))
		*damage = xstrdup(sqlite3_errmsg(*db));
	return *damage ? 0 : rc;
}

int db_open(sqlite3 **out, const char *path, bool check, char **note, struct err *err)
{
	const char *network;
	sqlite3 *db = NULL;
	char *damage = NULL;
	int rc = check_path(path, false, &network, err);

	if (!rc && network)
		rc = err_set(err, ERR_IO,
			     "'%s' is on a network file system (%s); it needs a local disk",
			     path, network);
	if (rc < 0)
		return rc;
	rc = try_open(&db, path, check, &damage, err);
	if (!rc && damage) {
		sqlite3_close(db);
		db = NULL;
		rc = set_aside(path, damage, note, err);
		free(damage);
		damage = NULL;
		if (!rc)
			rc = try_open(&db, path, check, &damage, err);
		if (!rc && damage)
			rc = err_set(err, ERR_IO, "'%s' was damaged while it was made: %s",
				     path, damage);
		free(damage);
	}
	if (rc < 0) {
		sqlite3_close(db);
		return rc;
	}
	*out = db;
	return 0;
}

/* "file:<path>?immutable=1" with path escaped. To be freed. */
static char *immutable_uri(const char *path)
{
	struct str uri = STR_INIT;

	str_add(&uri, "file:");
	for (const char *p = path; *p; p++) {
		if (strchr("%?#", *p))
			str_addf(&uri, "%%%02X", (unsigned char)*p);
		else
			str_add_n(&uri, p, 1);
	}
	str_add(&uri, "?immutable=1");
	return str_take(&uri);
}

/* In a folder that cannot be written SQLite cannot make the memory it shares with a writer. If
 * there is no log to be read beside the file, the file alone is all there is, and can be read
 * as one that does not change. */
static int reopen_immutable(sqlite3 **db, const char *path, struct err *err)
{
	struct str wal = STR_INIT;
	struct stat st;
	char *uri = immutable_uri(path);
	int rc;

	str_addf(&wal, "%s-wal", path);
	if (stat(wal.s, &st) == 0 && st.st_size > 0) {
		rc = err_set(err, ERR_IO,
			     "'%s' cannot be read in a read-only or remote folder: '%s' holds "
			     "what is not in it yet",
			     path, wal.s);
	} else {
		sqlite3_close(*db);
		*db = NULL;
		rc = connect_to(db, uri, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, err);
	}
	free(uri);
	str_clear(&wal);
	return rc;
}

/* The file's version, for which *db is reopened where SQLite cannot share it. */
static int read_version(sqlite3 **db, const char *path, bool network, int64_t *version,
			struct err *err)
{
	int code, rc;

	if (!network) {
		rc = ask(*db, "PRAGMA user_version", version, err);
		code = sqlite3_errcode(*db) & 0xff;
		if (!rc || (code != SQLITE_CANTOPEN && code != SQLITE_READONLY))
			return rc;
	}
	rc = reopen_immutable(db, path, err);
	return rc ? rc : ask(*db, "PRAGMA user_version", version, err);
}

/* A view or a trigger in a table's place could make a plain query run for ever. */
static int check_plain(sqlite3 *db, struct err *err)
{
	int64_t n = 0;
	int rc = ask(db,
		     "SELECT count(*) FROM sqlite_schema WHERE type NOT IN ('table', 'index') "
		     "OR rootpage = 0",
		     &n, err);

	if (!rc && n)
		rc = err_set(err, ERR_FORMAT, "'%s' has views or triggers; no store's file has",
			     sqlite3_db_filename(db, "main"));
	return rc;
}

int db_open_readonly(sqlite3 **out, const char *path, struct err *err)
{
	const char *network;
	sqlite3 *db = NULL;
	int64_t version = 0;
	int rc = check_path(path, true, &network, err);

	if (rc < 0)
		return rc;
	rc = connect_to(&db, path, SQLITE_OPEN_READONLY, err);
	if (!rc)
		rc = check_owner(db, false, err);
	if (!rc)
		rc = read_version(&db, path, network != NULL, &version, err);
	if (!rc && version > DB_VERSION)
		rc = refuse_version(db, version, DB_VERSION, err);
	else if (!rc && version < DB_VERSION)
		rc = err_set(err, ERR_FORMAT,
			     "'%s' is of an earlier version; count into it first", path);
	if (!rc)
		rc = check_plain(db, err);
	if (!rc)
		rc = db_exec(db, "PRAGMA cell_size_check = ON", err);
	if (rc < 0)
		sqlite3_close(db);
	else
		*out = db;
	return rc;
}
