/* SPDX-License-Identifier: Apache-2.0 */
/* names.h -- names of lines and zones, shared by the files that are compared. */
#ifndef EVAL_NAMES_H
#define EVAL_NAMES_H

#include "base/err.h"

#include <stddef.h>

#define NAMES_MAX 256

struct names {
	char **v;
	size_t n, cap;
};

/* The name's index; it is added when it is new. ERR_RANGE beyond NAMES_MAX. */
int names_index(struct names *l, const char *name, struct err *err);
void names_clear(struct names *l);

#endif
