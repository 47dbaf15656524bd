/* SPDX-License-Identifier: Apache-2.0 */
/* file.c -- whole files in, whole files out, nothing half written. */
#include "base/file.h"

#include "base/str.h"
#include "base/vec.h"

#include <errno.h>
#include <fcntl.h>
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

int file_write(const char *path, const void *data, size_t len, struct err *err)
{
	struct str tmp = STR_INIT;
	const char *p = data;
	int fd = -1, rc = 0;

	str_addf(&tmp, "%s.part", path);
	fd = open(tmp.s, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	if (fd < 0) {
		rc = err_set(err, ERR_IO, "cannot create '%s': %s", path, strerror(errno));
		goto out;
	}
	for (size_t left = len; left;) {
		ssize_t n = write(fd, p, left);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			rc = err_set(err, ERR_IO, "cannot write '%s': %s", path,
				     strerror(errno));
			goto out;
		}
		p += n;
		left -= (size_t)n;
	}
	if (fsync(fd) < 0 || close(fd) < 0) {
		rc = err_set(err, ERR_IO, "cannot write '%s': %s", path, strerror(errno));
		fd = -1;
		goto out;
	}
	fd = -1;
	if (rename(tmp.s, path) < 0)
		rc = err_set(err, ERR_IO, "cannot create '%s': %s", path, strerror(errno));
out:
	if (fd >= 0)
		close(fd);
	if (rc < 0)
		unlink(tmp.s);
	str_clear(&tmp);
	return rc;
}

int file_mkdirs(const char *path, struct err *err)
{
	char *p = xstrdup(path);
	struct stat st;
	int rc = 0;

	for (char *s = p + 1; *s; s++) {
		if (*s != '/')
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
