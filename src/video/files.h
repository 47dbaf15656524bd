/* SPDX-License-Identifier: Apache-2.0 */
/* files.h -- which files are meant by paths, folders and glob patterns. */
#ifndef VIDEO_FILES_H
#define VIDEO_FILES_H

#include "base/err.h"

#include <stddef.h>

#define FILES_MAX 100000

struct files {
	char **v; /* paths */
	size_t n, cap;
};

/* Regular files as they are; of a folder, the files directly in it whose ending is a video's;
 * what a glob pattern (glob(7)) finds. In natural order, each path once. All zero in *out
 * before; files_clear() frees. ERR_IO when a spec leads to nothing. */
int files_find(const char *const *specs, int n_specs, struct files *out, struct err *err);
void files_clear(struct files *f);

/* Like strcmp(), but runs of digits compare as numbers: "a2" before "a10". */
int files_compare(const char *a, const char *b);

#endif
