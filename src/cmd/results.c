/* SPDX-License-Identifier: Apache-2.0 */
/* results.c -- where a command's counts go. */
#include "cmd/results.h"

#include "base/file.h"
#include "base/str.h"
#include "cmd/day_files.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int scratch_db(char *path, size_t size, struct err *err)
{
	const char *dir = getenv("TMPDIR");
	int fd;

	snprintf(path, size, "%s/footfall-XXXXXX", dir && *dir ? dir : "/tmp");
	fd = mkstemp(path);
	if (fd < 0) {
		err_set(err, ERR_IO, "cannot create '%s': %s", path, strerror(errno));
		*path = '\0';
		return ERR_IO;
	}
	close(fd);
	return 0;
}

static void remove_db(const char *path)
{
	static const char *const suffix[] = { "", "-wal", "-shm" };

	for (size_t i = 0; i < sizeof(suffix) / sizeof(suffix[0]); i++) {
		struct str s = STR_INIT;

		str_addf(&s, "%s%s", path, suffix[i]);
		unlink(s.s);
		str_clear(&s);
	}
}

int results_open(struct results *r, const char *db, const char *out, struct err *err)
{
	int rc;

	*r = (struct results){ .db = db, .out = out };
	if (out) {
		rc = file_mkdirs(out, err);
		if (rc < 0)
			return rc;
		r->events = file_join(out, "events.csv");
	}
	if (db)
		return 0;
	rc = scratch_db(r->scratch, sizeof(r->scratch), err);
	if (rc >= 0)
		r->db = r->scratch;
	return rc;
}

int results_print(const struct results *r, int64_t from_us, int64_t to_us, struct err *err)
{
	return day_files_of_span(r->db, from_us, to_us, r->out, err);
}

void results_close(struct results *r)
{
	if (*r->scratch)
		remove_db(r->scratch);
	free(r->events);
	*r = (struct results){ 0 };
}
