/* SPDX-License-Identifier: Apache-2.0 */
/* file.h -- whole files in, whole files out, nothing half written. */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include "base/err.h"

#include <stddef.h>
#include <stdio.h>

/* Reads a whole file of at most max bytes. *text is 0-terminated (the 0 is not in *len) and
 * the caller's to free. ERR_IO, or ERR_RANGE when it is larger. */
int file_read(const char *path, size_t max, char **text, size_t *len, struct err *err);

/* Writes a whole file: into a temporary beside it, then renamed, so that a reader sees the old
 * one or the new one. What is there and no regular file (a device, a pipe) is written to.
 * ERR_IO. */
int file_write(const char *path, const void *data, size_t len, struct err *err);

/* The same for what is written bit by bit, with stdio: f goes into the temporary, and the file
 * has its name once it is closed and whole. Writes need not be checked one by one. */
struct file_out {
	FILE *f;
	char *path, *part; /* part: NULL where path is a device or a pipe */
};
/* ERR_IO; *o is untouched then. */
int file_out_open(struct file_out *o, const char *path, struct err *err);
/* ERR_IO when anything could not be written: nothing is left then, and what stood under the
 * name before still does. *o is empty afterwards; an empty one is allowed. */
int file_out_close(struct file_out *o, struct err *err);
/* Leaves things as they were before it was opened. An empty one is allowed. */
void file_out_drop(struct file_out *o);

/* Makes a folder and those above it; 0 also when it is there. ERR_IO. */
int file_mkdirs(const char *path, struct err *err);

/* "dir/name", to be freed by the caller. */
char *file_join(const char *dir, const char *name);

/* The part of path after the last '/', inside path. */
const char *file_base(const char *path);

#endif
