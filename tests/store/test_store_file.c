/* SPDX-License-Identifier: Apache-2.0 */
/* test_store_file.c -- the file itself: whose it is, damage, power cuts, full disks, others at
 * work on it. */
#include "fixture.h"

#include "base/file.h"
#include "base/vec.h"
#include "store/db.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define A "aaaaaaaaaaaaaaaa"

static uint64_t next(uint64_t *s)
{
	*s ^= *s >> 12;
	*s ^= *s << 25;
	*s ^= *s >> 27;
	return *s * UINT64_C(2685821657736338717) >> 32;
}

/* path with something behind it; valid until the next call. */
static const char *beside(const char *path, const char *tail)
{
	static char name[256];

	snprintf(name, sizeof(name), "%s%s", path, tail);
	return name;
}

static bool exists(const char *path)
{
	return access(path, F_OK) == 0;
}

/* Minutes first .. end - 1, one crossing in each, committed one by one. */
static void put_minutes(struct writer *w, int first, int end)
{
	for (int i = first; i < end; i++) {
		put_cover(w, i, 0, 60);
		put_line(w, i, 1, 0);
		assert_int_equal(writer_commit(w, NULL), 0);
	}
}

static void make_store(const char *path, int minutes)
{
	struct writer *w = open_run(path, A);

	for (int i = 0; i < minutes; i++) {
		struct heat_cell cells[50];
		struct minute_heat heat = { .start_us = T0 + i * MINUTE,
					    .n = 50,
					    .cells = cells };
		struct minute_zone zone = { .place = 1,
					    .start_us = heat.start_us,
					    .begun = 1,
					    .ended = 1,
					    .n_dwell = 1,
					    .dwell_s = { 9 } };

		for (int k = 0; k < 50; k++)
			cells[k] = (struct heat_cell){ (uint16_t)(k * 60 + i % 60), 0.5f };
		put_cover(w, i, 0, 60);
		put_line(w, i, 1, 0);
		assert_int_equal(writer_zone(w, &zone, NULL), 0);
		assert_int_equal(writer_heat(w, &heat, NULL), 0);
	}
	close_run(w);
}

static void write_at(const char *path, off_t at, const void *data, size_t n)
{
	int fd = open(path, O_WRONLY);

	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, data, n, at), n);
	close(fd);
}

static off_t size_of(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 ? st.st_size : -1;
}

static void assert_refused(const char *path, const char *why)
{
	struct writer *w = NULL;
	struct err err = { 0 };
	char *note = NULL;

	assert_true(try_open_run(&w, path, &note, &err) < 0);
	if (!strstr(err.msg, why))
		fail_msg("'%s' does not say '%s'", err.msg, why);
	assert_null(w);
	assert_null(note);
}

static void a_path_that_cannot_be_a_file(void **state)
{
	const char *path = *state;
	char *folder = xstrdup(path);

	*strrchr(folder, '/') = '\0';
	assert_refused(folder, "is a folder");
	free(folder);
	assert_refused(beside(path, "/deeper/store.db"), "there is no folder");
	assert_refused("", "not the name of a file");
	assert_refused(":memory:", "not the name of a file");
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_refused(path, "not a regular file");
}

static void a_new_file_names_itself(void **state)
{
	close_run(open_run(*state, A));
	assert_int_equal(sql_int(*state, "PRAGMA application_id"), DB_APPLICATION_ID);
	assert_int_equal(sql_int(*state, "PRAGMA user_version"), DB_VERSION);
	assert_true(sql_int(*state, "SELECT journal_mode = 'wal' FROM pragma_journal_mode"));
	assert_false(exists(beside(*state, "-wal"))); /* a clean end leaves one file */
}

/* A file of version 1 is brought up to date by the next who counts, with what it holds. */
static void an_earlier_version_goes_on(void **state)
{
	struct writer *w = open_run(*state, A);
	struct seen s;

	put_cover(w, 0, 0, 60);
	put_line(w, 0, 4, 1);
	close_run(w);
	sql_run(*state, "DROP TABLE audit_window; DROP TABLE audit; "
			"DROP TABLE value_minute; DROP TABLE floor_quarter; "
			"ALTER TABLE run DROP COLUMN measured; "
			"ALTER TABLE cover DROP COLUMN revision; PRAGMA user_version = 1");
	w = open_run(*state, A);
	put_cover(w, 1, 0, 60);
	close_run(w);
	s = see(*state);
	assert_int_equal(s.n_cover, 2);
	assert_int_equal(s.in, 4);
	assert_int_equal(s.cover.revision, 0);
}

static void an_empty_file_is_begun(void **state)
{
	struct query *q = NULL;
	struct err err;
	char *note = NULL;
	struct writer *w;

	sql_run(*state, "CREATE TABLE t (x); DROP TABLE t"); /* a page, and nothing on it */
	close_run(open_run(*state, A));
	unlink(*state);
	assert_int_equal(file_write(*state, "", 0, NULL), 0);
	assert_int_equal(query_open(&q, *state, &err), ERR_FORMAT);
	assert_int_equal(try_open_run(&w, *state, &note, NULL), 0);
	assert_null(note);
	put_minutes(w, 0, 1);
	close_run(w);
	assert_int_equal(see(*state).in, 1);
}

/* Another time zone changes what earlier days' reports say: it is told, and only then. */
static void other_settings_of_the_store_are_told(void **state)
{
	char *note = NULL;
	struct writer *w;

	close_run(open_run(*state, A));
	assert_int_equal(try_open_run(&w, *state, &note, NULL), 0);
	assert_null(note);
	close_run(w);
	sql_run(*state, "UPDATE store SET zone = 'Asia/Tokyo'");
	assert_int_equal(try_open_run(&w, *state, &note, NULL), 0);
	assert_non_null(note);
	assert_non_null(strstr(note, "time zone"));
	free(note);
	close_run(w);
}

/* Refused, and not a byte of it is touched. */
static void assert_left_alone(const char *path, const char *why)
{
	char *before, *after;
	size_t n, m;

	assert_int_equal(file_read(path, 1 << 24, &before, &n, NULL), 0);
	assert_refused(path, why);
	assert_int_equal(file_read(path, 1 << 24, &after, &m, NULL), 0);
	assert_int_equal(n, m);
	assert_memory_equal(before, after, n);
	assert_false(exists(beside(path, ".broken-1")));
	assert_false(exists(beside(path, "-wal")));
	assert_false(exists(beside(path, "-shm")));
	free(before);
	free(after);
}

static void files_of_other_programs_are_left_alone(void **state)
{
	const char *path = *state;
	struct query *q = NULL;
	struct err err = { 0 };

	file_write(path, "# notes\n", 8, NULL);
	assert_left_alone(path, "not a store's file");
	unlink(path);
	file_write(path, "SQLite format 3", 16, NULL);
	assert_left_alone(path, "not a store's file");
	unlink(path);
	sql_run(path, "PRAGMA journal_mode = WAL; CREATE TABLE mine (x)");
	assert_left_alone(path, "not a store's file");
	unlink(path);
	sql_run(path, "PRAGMA journal_mode = WAL");
	assert_left_alone(path, "not a store's file");
	unlink(path);
	sql_run(path, "CREATE TABLE mine (x)");
	assert_left_alone(path, "not a store's file");
	unlink(path);
	sql_run(path, "PRAGMA user_version = 3");
	assert_left_alone(path, "not a store's file");
	unlink(path);
	sql_run(path, "PRAGMA application_id = 1196444487; CREATE TABLE cover (x)");
	assert_left_alone(path, "not a store's file");
	assert_int_equal(query_open(&q, path, &err), ERR_FORMAT);
	assert_non_null(strstr(err.msg, "not a store's file"));
	assert_null(q);
}

static void a_later_version_is_left_alone(void **state)
{
	struct query *q = NULL;
	struct err err = { 0 };

	make_store(*state, 2);
	sql_run(*state, "PRAGMA journal_mode = DELETE; PRAGMA user_version = 99");
	assert_left_alone(*state, "later version");
	assert_int_equal(query_open(&q, *state, &err), ERR_FORMAT);
	assert_non_null(strstr(err.msg, "later version"));
}

static void migrations_are_all_or_nothing(void **state)
{
	const char *const steps[] = {
		"CREATE TABLE t (x); INSERT INTO t VALUES (1)",
		"UPDATE t SET x = x * 10 + 2",
		"UPDATE t SET x = x * 10 + 3",
	};
	const char *const bad[] = { "", "", "", "UPDATE t SET x = 0", "UPDATE nothing SET x" };
	sqlite3 *db = NULL;

	assert_int_equal(sqlite3_open(*state, &db), SQLITE_OK);
	assert_int_equal(db_migrate(db, steps, 2, NULL), 0);
	assert_int_equal(db_migrate(db, steps, 2, NULL), 0);
	assert_int_equal(sql_int(*state, "SELECT x FROM t"), 12);
	assert_int_equal(db_migrate(db, steps, 3, NULL), 0); /* only what is new */
	assert_int_equal(sql_int(*state, "SELECT x FROM t"), 123);
	assert_int_equal(sql_int(*state, "PRAGMA user_version"), 3);
	assert_true(db_migrate(db, bad, 5, NULL) < 0);
	assert_int_equal(sql_int(*state, "SELECT x FROM t"), 123);
	assert_int_equal(sql_int(*state, "PRAGMA user_version"), 3);
	assert_int_equal(db_migrate(db, steps, 2, NULL), ERR_FORMAT);
	sqlite3_close(db);
}

static void network_file_systems_are_known(void **state)
{
	static const unsigned long network[] = { 0x6969, 0xff534d42, 0xfe534d42,
						 0x517b, 0x01021997, 0x65735546 };
	static const unsigned long local[] = { 0xef53,     0x58465342, 0x9123683e, 0x01021994,
					       0x794c7630, 0x2fc12fc1, 0xf2f52010 };

	(void)state;
	for (size_t i = 0; i < sizeof(network) / sizeof(network[0]); i++)
		assert_non_null(db_network_fs(network[i]));
	for (size_t i = 0; i < sizeof(local) / sizeof(local[0]); i++)
		assert_null(db_network_fs(local[i]));
	assert_string_equal(db_network_fs(0xffffffffff534d42), "CIFS"); /* sign extended */
}

/* Opens a damaged file; it must be kept under kept, and counting must go on in a new one. */
static void assert_set_aside(const char *path, const char *kept)
{
	off_t size = size_of(path);
	struct writer *w;
	struct err err = { 0 };
	char *note = NULL;

	if (try_open_run(&w, path, &note, &err) < 0)
		fail_msg("%s", err.msg);
	assert_non_null(note);
	assert_non_null(strstr(note, kept));
	assert_null(strchr(note, '\n'));
	free(note);
	assert_int_equal(size_of(kept), size);
	put_minutes(w, 0, 3);
	close_run(w);
	assert_int_equal(see(path).in, 3);
}

static void damage_is_set_aside(void **state)
{
	const char *path = *state;
	char junk[20000], kept[256];

	memset(junk, 0xa5, sizeof(junk));
	make_store(path, 300);
	assert_true(size_of(path) > 60000);
	write_at(path, 20000, junk, sizeof(junk));
	snprintf(kept, sizeof(kept), "%s.broken-1", path);
	assert_set_aside(path, kept);

	unlink(path);
	make_store(path, 300);
	assert_int_equal(truncate(path, 30000), 0);
	snprintf(kept, sizeof(kept), "%s.broken-2", path);
	assert_set_aside(path, kept);

	unlink(path);
	make_store(path, 3); /* all of it but the first 100 bytes */
	write_at(path, 100, junk, sizeof(junk));
	snprintf(kept, sizeof(kept), "%s.broken-3", path);
	assert_set_aside(path, kept);

	unlink(path);
	make_store(path, 3); /* no database any more, but our mark is there */
	write_at(path, 0, junk, 60);
	snprintf(kept, sizeof(kept), "%s.broken-4", path);
	assert_set_aside(path, kept);
}

/* A log of the broken file must not be found by the new one. */
static void a_broken_file_takes_its_log_along(void **state)
{
	const char *path = *state;
	char junk[20000];
	pid_t pid;
	int status;

	make_store(path, 300);
	pid = fork();
	if (pid == 0) { /* dies with the log in place */
		struct writer *w = open_run(path, A);

		put_minutes(w, 1000, 1010);
		kill(getpid(), SIGKILL);
	}
	assert_true(pid > 0 && waitpid(pid, &status, 0) == pid && WIFSIGNALED(status));
	assert_true(size_of(beside(path, "-wal")) > 0);
	memset(junk, 0xa5, sizeof(junk));
	write_at(path, 40000, junk, sizeof(junk));
	assert_set_aside(path, beside(path, ".broken-1"));
	assert_true(size_of(beside(path, ".broken-1-wal")) > 0);
}

static void damaged_values_are_an_error(void **state)
{
	static const char *const harm[] = {
		"UPDATE zone_minute SET dwell = x'80'",
		"UPDATE zone_minute SET person_ms = -1",
		"UPDATE zone_minute SET person_ms = 9223372036854775807",
		"UPDATE zone_minute SET max = 99999999999",
		"UPDATE heat_minute SET cells = x'ffffffffff'",
		"UPDATE heat_minute SET cells = x'00'",
		"UPDATE line_minute SET uturns = -1",
		"UPDATE line_minute SET crossings_in = 1 << 40",
		"PRAGMA ignore_check_constraints = 1; UPDATE cover SET observed_us = -5",
		"UPDATE cover SET minute = 150000000000 WHERE id = 1",
	};
	struct query_minutes fn = { 0 };
	struct seen s = { 0 };

	for (size_t i = 0; i < sizeof(harm) / sizeof(harm[0]); i++) {
		struct query *q;
		struct err err = { 0 };
		int rc;

		make_store(*state, 1);
		sql_run(*state, harm[i]);
		q = open_query(*state);
		fn = seeing(&s);
		rc = query_minutes(q, INT64_MIN, INT64_MAX, &fn, &err);
		query_close(q);
		if (rc != ERR_FORMAT || !strstr(err.msg, "is damaged"))
			fail_msg("%s: %d %s", harm[i], rc, err.msg);
		unlink(*state);
	}
}

static void a_span_or_a_day_out_of_range_is_damage(void **state)
{
	struct store_info info;
	int64_t from_us, to_us;
	struct err err = { 0 };
	struct query *q;

	make_store(*state, 1);
	sql_run(*state, "UPDATE cover SET minute = minute + 1000000000000;"
			"UPDATE store SET business_day_start_s = -5");
	q = open_query(*state);
	assert_int_equal(query_span(q, &from_us, &to_us, &err), ERR_FORMAT);
	assert_non_null(strstr(err.msg, "is damaged"));
	assert_int_equal(query_store(q, &info, &err), ERR_FORMAT);
	assert_non_null(strstr(err.msg, "is damaged"));
	query_close(q);
}

/* A table that is a view could answer without end. */
static void views_are_refused(void **state)
{
	struct query *q = NULL;
	struct err err = { 0 };

	make_store(*state, 1);
	sql_run(*state, "PRAGMA foreign_keys = 0; DROP TABLE camera; "
			"CREATE VIEW camera AS WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL "
			"SELECT x + 1 FROM n) SELECT x AS id, 'a' AS name FROM n");
	assert_int_equal(query_open(&q, *state, &err), ERR_FORMAT);
	assert_non_null(strstr(err.msg, "views or triggers"));
	assert_null(q);
}

/* Reads all that a file has; what comes of it does not matter, that it ends does. */
static int read_all(const char *path)
{
	const struct query_camera *cameras;
	const struct query_place *places;
	struct store_info info;
	struct seen s = { 0 };
	struct query_minutes fn = seeing(&s);
	int64_t from_us, to_us;
	char ids[200];
	struct query *q;
	size_t len;
	void *png = NULL;
	int bad = 0;

	if (query_open(&q, path, NULL) < 0)
		return 1;
	bad |= query_store(q, &info, NULL) < 0;
	bad |= query_cameras(q, &cameras, NULL) < 0;
	bad |= query_places(q, &places, NULL) < 0;
	bad |= query_span(q, &from_us, &to_us, NULL) < 0;
	bad |= query_minutes(q, INT64_MIN, INT64_MAX, &fn, NULL) != 0;
	bad |= query_params(q, 0, INT64_MIN, INT64_MAX, ids, sizeof(ids), NULL) < 0;
	if (query_plate(q, 1, &png, &len, &from_us, NULL) < 0)
		bad = 1;
	else
		free(png);
	query_close(q);
	return bad;
}

static void any_damage_is_survived(void **state)
{
	const char *path = *state;
	uint64_t seed = 7;
	char *whole;
	size_t n;
	int bad = 0;

	make_store(path, 20);
	assert_int_equal(file_read(path, 1 << 24, &whole, &n, NULL), 0);
	for (int round = 0; round < 150; round++) {
		char *copy = xmalloc(n);
		struct writer *w = NULL;

		memcpy(copy, whole, n);
		for (uint64_t k = next(&seed) % 30 + 1; k; k--) {
			size_t page = next(&seed) % (n / 4096) * 4096;

			/* Half of it where pages keep their structure. */
			copy[page + next(&seed) % (next(&seed) % 2 ? 100 : 4096)] =
				(char)next(&seed);
		}
		assert_int_equal(file_write(path, copy, n, NULL), 0);
		bad += read_all(path);
		if (try_open_run(&w, path, NULL, NULL) == 0) {
			put_cover(w, 5000, 0, 60);
			writer_close(w, NULL);
		}
		free(copy);
		unlink(beside(path, "-wal"));
		unlink(beside(path, "-shm"));
	}
	free(whole);
	assert_true(bad > 10);
}

/* --- power cuts --- */

static void write_until_killed(const char *path, int fd)
{
	struct writer *w = open_run(path, A);

	for (int i = 0;; i++) {
		put_minutes(w, i, i + 1);
		if (write(fd, &i, sizeof(i)) != sizeof(i))
			_exit(1);
	}
}

/* Lets a process commit minutes and kills it after about n; how many it said it committed. */
static int kill_writer_after(const char *path, int n)
{
	int fd[2], last = -1, i, status;
	pid_t pid;

	assert_int_equal(pipe(fd), 0);
	pid = fork();
	if (pid == 0) {
		close(fd[0]);
		write_until_killed(path, fd[1]);
	}
	assert_true(pid > 0);
	close(fd[1]);
	while (last < n && read(fd[0], &i, sizeof(i)) == sizeof(i))
		last = i;
	kill(pid, SIGKILL);
	while (read(fd[0], &i, sizeof(i)) == sizeof(i))
		last = i;
	close(fd[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
	return last + 1;
}

static void a_killed_writer_loses_nothing_committed(void **state)
{
	const char *path = *state;
	uint64_t seed = 3;

	for (int round = 0; round < 5; round++) {
		int committed = kill_writer_after(path, (int)(next(&seed) % 40));
		struct seen s = see(path); /* with the log as it was left */
		struct writer *w;
		char *note = NULL;

		assert_true(s.in == committed || s.in == committed + 1);
		assert_int_equal(s.n_cover, s.in);
		assert_int_equal(s.n_line, s.in);

		assert_int_equal(try_open_run(&w, path, &note, NULL), 0);
		assert_null(note); /* recovered, not broken */
		assert_int_equal(see(path).in, s.in);
		put_minutes(w, 0, committed + 5); /* the same again: none is doubled */
		close_run(w);
		s = see(path);
		assert_int_equal(s.in, committed + 5);
		assert_int_equal(s.n_cover, committed + 5);
		unlink(path);
	}
}

static void uncommitted_is_lost_as_a_whole(void **state)
{
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		struct writer *w = open_run(*state, A);

		put_minutes(w, 0, 2);
		put_cover(w, 2, 0, 60);
		put_line(w, 2, 5, 5);
		kill(getpid(), SIGKILL);
	}
	assert_true(pid > 0 && waitpid(pid, &status, 0) == pid && WIFSIGNALED(status));
	assert_int_equal(see(*state).in, 2);
	assert_int_equal(see(*state).n_cover, 2);
}

/* --- full disks: SQLite's own file functions, with so many bytes left --- */

static int64_t bytes_left;
static int (*real_open)(sqlite3_vfs *, const char *, sqlite3_file *, int, int *);

/* SQLite has one set of functions for databases and one for their journals. */
static struct {
	const sqlite3_io_methods *real;
	sqlite3_io_methods small;
} kinds[2];

static int small_write(sqlite3_file *f, const void *data, int n, sqlite3_int64 at)
{
	if (bytes_left < n)
		return SQLITE_FULL;
	bytes_left -= n;
	return kinds[f->pMethods == &kinds[1].small].real->xWrite(f, data, n, at);
}

static int small_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *f, int flags, int *out)
{
	const int k = !(flags & SQLITE_OPEN_MAIN_DB);
	const int rc = real_open(vfs, name, f, flags, out);

	if (!rc) {
		kinds[k].real = f->pMethods;
		kinds[k].small = *f->pMethods;
		kinds[k].small.xWrite = small_write;
		f->pMethods = &kinds[k].small;
	}
	return rc;
}

static void a_full_disk_loses_nothing_stored(void **state)
{
	static sqlite3_vfs small;
	sqlite3_vfs *real = sqlite3_vfs_find(NULL);
	struct minute_cover m = { .observed_s = 60 };
	struct err err = { 0 };
	struct writer *w;
	int stored = 0, rc = 0;

	small = *real;
	small.zName = "small";
	small.xOpen = small_open;
	real_open = real->xOpen;
	assert_int_equal(sqlite3_vfs_register(&small, 1), SQLITE_OK);
	bytes_left = 1000000;
	w = open_run(*state, A);
	for (int i = 0; i < 100000 && !rc; i++) {
		m.start_us = m.from_us = T0 + i * MINUTE;
		m.to_us = m.start_us + MINUTE;
		rc = writer_cover(w, &m, &err);
		if (!rc)
			rc = writer_commit(w, &err);
		stored += !rc;
	}
	assert_int_equal(rc, ERR_IO);
	assert_non_null(strstr(err.msg, "the disk is full"));
	assert_true(stored > 10);
	assert_int_equal(see(*state).n_cover, stored);

	bytes_left = 1000000; /* somebody made room: it goes on without being opened again */
	assert_int_equal(writer_cover(w, &m, NULL), 0);
	close_run(w);
	assert_int_equal(see(*state).n_cover, stored + 1);

	/* No room even to begin: whatever is left behind, with room it becomes a store. */
	for (int room = 0; room < 60000; room += 3000) {
		unlink(*state);
		bytes_left = room;
		assert_refused(*state, "the disk is full");
		bytes_left = 1000000;
		close_run(open_run(*state, A));
		assert_false(exists(beside(*state, ".broken-1")));
	}
	sqlite3_vfs_unregister(&small);
	sqlite3_vfs_register(real, 1);
}

/* --- others at work --- */

static void a_second_writer_has_its_turn_or_one_line(void **state)
{
	struct minute_cover m = {
		.start_us = T0, .from_us = T0, .to_us = T0 + MINUTE, .observed_s = 60
	};
	struct writer *a = open_run(*state, A), *b = NULL;
	const int usual = db_busy_ms;
	struct err err = { 0 };

	db_busy_ms = 20;
	b = open_as(*state, "back", A, NULL, 0);
	put_cover(a, 0, 0, 60); /* a has begun */
	assert_int_equal(writer_cover(b, &m, &err), ERR_IO);
	assert_non_null(strstr(err.msg, "in use by another process"));
	assert_refused(*state, "in use by another process");
	assert_int_equal(writer_commit(a, NULL), 0);
	assert_int_equal(writer_cover(b, &m, NULL), 0);
	assert_int_equal(writer_commit(b, NULL), 0);
	put_minutes(a, 1, 3);
	close_run(b);
	close_run(a);
	db_busy_ms = usual;
	assert_int_equal(see(*state).n_cover, 4);
}

static void a_second_process_waits(void **state)
{
	enum { EACH = 30 };
	int status;
	pid_t pid;

	close_run(open_run(*state, A));
	pid = fork();
	if (pid == 0) {
		struct writer *w = open_as(*state, "back", A, NULL, 0);

		for (int i = 0; i < EACH; i++) {
			put_cover(w, i, 0, 60);
			if (writer_commit(w, NULL))
				_exit(1);
		}
		_exit(writer_close(w, NULL) ? 1 : 0);
	}
	struct writer *w = open_run(*state, A);

	put_minutes(w, 0, EACH);
	close_run(w);
	assert_true(pid > 0 && waitpid(pid, &status, 0) == pid);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	assert_int_equal(see(*state).n_cover, 2 * EACH);
}

static void a_reader_sees_what_is_committed(void **state)
{
	struct writer *w = open_run(*state, A);
	struct query *q = open_query(*state);

	put_minutes(w, 0, 5);
	put_cover(w, 5, 0, 60);
	put_line(w, 5, 1, 0);
	assert_int_equal(see_query(q, INT64_MIN, INT64_MAX).in, 5);
	assert_int_equal(writer_commit(w, NULL), 0);
	assert_int_equal(see_query(q, INT64_MIN, INT64_MAX).in, 6);
	close_run(w);
	assert_int_equal(see_query(q, INT64_MIN, INT64_MAX).in, 6);
	query_close(q);
}

static void write_until_told(const char *path, int fd)
{
	struct writer *w = open_run(path, A);
	char c;

	fcntl(fd, F_SETFL, O_NONBLOCK);
	for (int i = 0; read(fd, &c, 1) < 0; i++)
		put_minutes(w, i, i + 1);
	_exit(writer_close(w, NULL) ? 1 : 0);
}

/* A whole read shows one moment: as many lines' minutes as covers, however the writer goes on.
 */
static void a_reader_beside_a_writer_sees_one_moment(void **state)
{
	int fd[2], status, before = 0, rose = 0;
	struct query *q;
	pid_t pid;

	close_run(open_run(*state, A));
	assert_int_equal(pipe(fd), 0);
	pid = fork();
	if (pid == 0) {
		close(fd[1]);
		write_until_told(*state, fd[0]);
	}
	assert_true(pid > 0);
	close(fd[0]);
	q = open_query(*state);
	while (rose < 20) {
		struct seen s = see_query(q, INT64_MIN, INT64_MAX);

		assert_true(s.in == s.n_cover && s.n_line == s.n_cover && s.in >= before);
		rose += s.in > before;
		before = s.in;
		assert_int_equal(waitpid(pid, &status, WNOHANG), 0);
	}
	close(fd[1]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	query_close(q);
}

/* --- what may not be written --- */

/* In a process that is not root: 0 when path can be read with n minutes in it and not written,
 * otherwise the number of what went wrong. */
static int as_nobody(const char *path, int n)
{
	struct query_minutes fn;
	struct seen s = { 0 };
	struct writer *w;
	struct query *q;
	struct err err = { 0 };

	if (getuid() == 0 && setuid(65534) < 0)
		return 1;
	if (query_open(&q, path, &err) < 0) {
		fprintf(stderr, "%s\n", err.msg);
		return 2;
	}
	fn = seeing(&s);
	if (query_minutes(q, INT64_MIN, INT64_MAX, &fn, &err) != 0) {
		fprintf(stderr, "%s\n", err.msg);
		return 3;
	}
	query_close(q);
	if (s.in != n)
		return 4;
	if (try_open_run(&w, path, NULL, &err) != ERR_IO)
		return 5;
	return strstr(err.msg, "read-only") || strstr(err.msg, "ermission") ? 0 : 6;
}

static int in_child(int (*f)(const char *path, int n), const char *path, int n)
{
	pid_t pid = fork();
	int status;

	if (pid == 0)
		_exit(f(path, n));
	assert_true(pid > 0 && waitpid(pid, &status, 0) == pid && WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void a_read_only_folder_can_be_read(void **state)
{
	char *path = *state, *slash = strrchr(path, '/');
	char *odd = xstrdup(beside(path, "#%41?x=y z"));

	make_store(odd, 4);
	chmod(odd, 0444);
	*slash = '\0';
	chmod(path, 0555);
	*slash = '/';
	assert_int_equal(in_child(as_nobody, odd, 4), 0);
	assert_false(exists(beside(odd, "-wal")));
	free(odd);
}

/* The log that a dead writer left is read as well, or it is said that it cannot be. */
static void a_log_in_a_read_only_folder_is_read(void **state)
{
	char *path = *state, *slash = strrchr(path, '/');
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		put_minutes(open_run(path, A), 0, 3);
		kill(getpid(), SIGKILL);
	}
	assert_true(pid > 0 && waitpid(pid, &status, 0) == pid && WIFSIGNALED(status));
	*slash = '\0';
	chmod(path, 0555);
	*slash = '/';
	assert_int_equal(in_child(as_nobody, path, 3), 0);
}

static void what_cannot_be_opened_says_why(void **state)
{
	struct query *q = NULL;
	struct err err = { 0 };

	assert_int_equal(query_open(&q, *state, &err), ERR_IO);
	assert_non_null(strstr(err.msg, "No such file"));
	assert_false(exists(*state)); /* reading makes no file */
	assert_null(q);
	assert_int_equal(query_open(&q, "/tmp", &err), ERR_IO);
	assert_non_null(strstr(err.msg, "is a folder"));
	query_close(NULL);
	assert_int_equal(writer_close(NULL, NULL), 0);
}

#define T(f) cmocka_unit_test_setup_teardown(f, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(a_path_that_cannot_be_a_file),
		T(a_new_file_names_itself),
		T(an_empty_file_is_begun),
		T(other_settings_of_the_store_are_told),
		T(files_of_other_programs_are_left_alone),
		T(a_later_version_is_left_alone),
		T(an_earlier_version_goes_on),
		T(migrations_are_all_or_nothing),
		T(network_file_systems_are_known),
		T(damage_is_set_aside),
		T(a_broken_file_takes_its_log_along),
		T(damaged_values_are_an_error),
		T(a_span_or_a_day_out_of_range_is_damage),
		T(views_are_refused),
		T(any_damage_is_survived),
		T(a_killed_writer_loses_nothing_committed),
		T(uncommitted_is_lost_as_a_whole),
		T(a_full_disk_loses_nothing_stored),
		T(a_second_writer_has_its_turn_or_one_line),
		T(a_second_process_waits),
		T(a_reader_sees_what_is_committed),
		T(a_reader_beside_a_writer_sees_one_moment),
		T(a_read_only_folder_can_be_read),
		T(a_log_in_a_read_only_folder_is_read),
		T(what_cannot_be_opened_says_why),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
