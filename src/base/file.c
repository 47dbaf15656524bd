/* SPDX-License-Identifier: Apache-2.0 */
/* file.c -- whole files in, whole files out, nothing half written. */
#include "base/file.h"

#include "base/str.h"
#include "base/vec.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int file_read(const char *path, size_t max, char **text, size_t *len, struct err *err)
{
	FILE *f = fopen(path, "rbe");
	size_t cap = 4096, n = 0, got;
	char *buf;
	int rc = 0;

	if (!f)
		return err_set(err, ERR_IO, "cannot open '%s': %s", path, strerror(errno));
	buf = xmalloc(cap + 1);
	while ((got = fread(buf + n, 1, cap - n, f)) > 0) {
		n += got;
		if (n > max) {
			rc = err_set(err, ERR_RANGE, "'%s' is larger than %zu bytes", path,
				     max);
			goto out;
		}
		if (n == cap) {
			cap *= 2;
			buf = xrealloc(buf, cap + 1, 1);
		}
	}
	if (ferror(f)) {
		rc = err_set(err, ERR_IO, "cannot read '%s': %s", path, strerror(errno));
		goto out;
	}
	buf[n] = '\0';
	*text = buf;
	*len = n;
	buf = NULL;
out:
	free(buf);
	fclose(f);
	return rc;
}

/* -1 and errno, like write(2), but all of it. */
static int write_all(int fd, const char *p, size_t len)
{
	while (len) {
		ssize_t n = write(fd, p, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		p += n;
		len -= (size_t)n;
	}
	return 0;
}

/* A device or a pipe is written to: a file renamed over /dev/null would take its place. */
static int write_special(const char *path, const void *data, size_t len, struct err *err)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC), rc = 0;

	if (fd < 0 || write_all(fd, data, len) < 0)
		rc = err_set(err, ERR_IO, "cannot write '%s': %s", path, strerror(errno));
	if (fd >= 0)
		close(fd);
	return rc;
}

int file_write(const char *path, const void *data, size_t len, struct err *err)
{
	struct str tmp = STR_INIT;
	bool written, closed;
	struct stat st;
	int fd, rc = 0;

	if (stat(path, &st) == 0 && !S_ISREG(st.st_mode))
		return write_special(path, data, len, err);
	str_addf(&tmp, "%s.part", path);
	fd = open(tmp.s, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	if (fd < 0) {
		rc = err_set(err, ERR_IO, "cannot create '%s': %s", path, strerror(errno));
		goto out;
	}
	written = write_all(fd, data, len) == 0 && fsync(fd) == 0;
	if (!written)
		rc = err_set(err, ERR_IO, "cannot write '%s': %s", path, strerror(errno));
	closed = close(fd) == 0;
	if (written && !closed)
		rc = err_set(err, ERR_IO, "cannot write '%s': %s", path, strerror(errno));
	if (rc == 0 && rename(tmp.s, path) < 0)
		rc = err_set(err, ERR_IO, "cannot create '%s': %s", path, strerror(errno));
	if (rc < 0)
		unlink(tmp.s);
out:
	str_clear(&tmp);
	return rc;
}

int file_out_open(struct file_out *o, const char *path, struct err *err)
{
	struct str part = STR_INIT;
	struct stat st;
	FILE *f;

	if (stat(path, &st) < 0 || S_ISREG(st.st_mode))
		str_addf(&part, "%s.part", path);
	f = fopen(part.len ? part.s : path, "wbe");
	if (!f) {
		str_clear(&part);
		return err_set(err, ERR_IO, "cannot create '%s': %s", path, strerror(errno));
	}
	*o = (struct file_out){ .f = f,
				.path = xstrdup(path),
				.part = part.len ? str_take(&part) : NULL };
	return 0;
}

static void end(struct file_out *o, bool drop)
{
	if (drop && o->part)
		unlink(o->part);
	free(o->path);
	free(o->part);
	*o = (struct file_out){ 0 };
}

int file_out_close(struct file_out *o, struct err *err)
{
	bool whole;
	int rc = 0;

	if (!o->f)
		return 0;
	errno = 0;
	whole = fflush(o->f) == 0 && !ferror(o->f) && (!o->part || fsync(fileno(o->f)) == 0);
	whole &= fclose(o->f) == 0;
	if (!whole || (o->part && rename(o->part, o->path) < 0))
		rc = err_set(err, ERR_IO, "cannot write '%s': %s", o->path,
			     errno ? strerror(errno) : "it is not whole");
	end(o, rc < 0);
	return rc;
}

void file_out_drop(struct file_out *o)
{
	if (!o->f)
		return;
	fclose(o->f);
	end(o, true);
}

int file_mkdirs(const char *path, struct err *err)
{
	char *p = xstrdup(path);
	struct stat st;
	int rc = 0;

	for (char *s = p; *s; s++) {
		if (*s != '/' || s == p)
			continue;
		*s = '\0';
		mkdir(p, 0755); /* what matters is whether the last one is there */
		*s = '/';
	}
	if (mkdir(p, 0755) < 0 && errno != EEXIST)
		rc = err_set(err, ERR_IO, "cannot create folder '%s': %s", path,
			     strerror(errno));
	else if (stat(p, &st) < 0 || !S_ISDIR(st.st_mode))
		rc = err_set(err, ERR_IO, "'%s' is not a folder", path);
	free(p);
	return rc;
}

char *file_join(const char *dir, const char *name)
{
	struct str b = STR_INIT;

	str_addf(&b, "%s%s%s", dir, str_ends(dir, "/") ? "" : "/", name);
	return str_take(&b);
}

const char *file_base(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}
