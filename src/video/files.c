/* SPDX-License-Identifier: Apache-2.0 */
/* files.c -- which files are meant by paths, folders and glob patterns. */
#include "video/files.h"

#include "base/file.h"
#include "base/vec.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <glob.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

static const char *const endings[] = {
	".mp4",  ".mkv",  ".avi",  ".mov", ".m4v",  ".ts",    ".mts",  ".m2ts", ".mpg",
	".mpeg", ".webm", ".wmv",  ".asf", ".flv",  ".3gp",   ".ogv",  ".nut",  ".dav",
	".h264", ".264",  ".h265", ".265", ".hevc", ".mjpeg", ".mjpg", ".y4m",  ".vob",
};

static bool is_video(const char *name)
{
	const char *dot = strrchr(name, '.');

	if (!dot || *name == '.')
		return false;
	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++)
		if (!strcasecmp(dot, endings[i]))
			return true;
	return false;
}

int files_compare(const char *a, const char *b)
{
	const char *x = a, *y = b;

	while (*x && *y) {
		if (isdigit((unsigned char)*x) && isdigit((unsigned char)*y)) {
			size_t nx, ny;
			int d;

			x += strspn(x, "0");
			y += strspn(y, "0");
			nx = strspn(x, "0123456789");
			ny = strspn(y, "0123456789");
			if (nx != ny)
				return nx < ny ? -1 : 1;
			d = strncmp(x, y, nx);
			if (d)
				return d;
			x += nx;
			y += ny;
		} else {
			if (*x != *y)
				return (unsigned char)*x < (unsigned char)*y ? -1 : 1;
			x++, y++;
		}
	}
	if (*x || *y)
		return *x ? 1 : -1;
	return strcmp(a, b); /* "a1" and "a01" */
}

static int by_name(const void *a, const void *b)
{
	return files_compare(*(char *const *)a, *(char *const *)b);
}

static int add(struct files *f, char *path, struct err *err)
{
	if (f->n == FILES_MAX) {
		free(path);
		return err_set(err, ERR_RANGE, "more than %d files", FILES_MAX);
	}
	*VEC_PUSH(f) = path;
	return 0;
}

static int add_folder(struct files *f, const char *path, struct err *err)
{
	DIR *dir = opendir(path);
	size_t before = f->n;
	struct dirent *e;
	int rc = 0;

	if (!dir)
		return err_set(err, ERR_IO, "cannot open folder '%s': %s", path,
			       strerror(errno));
	while (rc == 0 && (e = readdir(dir))) {
		char *full = file_join(path, e->d_name);
		struct stat st;

		if (is_video(e->d_name) && stat(full, &st) == 0 && S_ISREG(st.st_mode))
			rc = add(f, full, err);
		else
			free(full);
	}
	closedir(dir);
	if (rc == 0 && f->n == before)
		rc = err_set(err, ERR_IO,
			     "folder '%s' has no video file directly in it (.mp4, .mkv, .avi, "
			     "...)",
			     path);
	return rc;
}

static int add_glob(struct files *f, const char *pattern, struct err *err)
{
	size_t before = f->n;
	glob_t g = { 0 };
	int rc = 0;

	if (glob(pattern, 0, NULL, &g) == 0) {
		for (size_t i = 0; rc == 0 && i < g.gl_pathc; i++) {
			struct stat st;

			if (stat(g.gl_pathv[i], &st) < 0)
				continue;
			if (S_ISDIR(st.st_mode))
				rc = add_folder(f, g.gl_pathv[i], NULL) == ERR_RANGE ? ERR_RANGE
										     : 0;
			else if (S_ISREG(st.st_mode))
				rc = add(f, xstrdup(g.gl_pathv[i]), NULL);
		}
	}
	globfree(&g);
	if (rc < 0)
		return err_set(err, rc, "'%s' is more than %d files", pattern, FILES_MAX);
	if (f->n == before)
		return err_set(err, ERR_IO, "no file matches '%s'", pattern);
	return 0;
}

static int add_spec(struct files *f, const char *spec, struct err *err)
{
	struct stat st;

	if (stat(spec, &st) < 0) {
		if (errno == ENOENT && strpbrk(spec, "*?["))
			return add_glob(f, spec, err);
		return err_set(err, ERR_IO, "cannot open '%s': %s", spec, strerror(errno));
	}
	if (S_ISDIR(st.st_mode))
		return add_folder(f, spec, err);
	if (!S_ISREG(st.st_mode))
		return err_set(err, ERR_IO, "'%s' is neither a file nor a folder", spec);
	return add(f, xstrdup(spec), err);
}

int files_find(const char *const *specs, int n_specs, struct files *out, struct err *err)
{
	struct files f = { 0 };
	size_t kept = 0;

	for (int i = 0; i < n_specs; i++) {
		int rc = add_spec(&f, specs[i], err);

		if (rc < 0) {
			files_clear(&f);
			return rc;
		}
	}
	VEC_SORT(&f, by_name);
	for (size_t i = 0; i < f.n; i++) {
		if (kept && !strcmp(f.v[kept - 1], f.v[i]))
			free(f.v[i]);
		else
			f.v[kept++] = f.v[i];
	}
	f.n = kept;
	*out = f;
	return 0;
}

void files_clear(struct files *f)
{
	for (size_t i = 0; i < f->n; i++)
		free(f->v[i]);
	VEC_FREE(f);
}
