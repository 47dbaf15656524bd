/* SPDX-License-Identifier: Apache-2.0 */
/* ini.h -- reading settings files line by line, over inih.
 *
 * A line is "[section]", "key = value" (or "key: value"), a comment that begins with ';' or
 * '#', or blank. A ';' after a blank begins a comment, too; a '#' inside a line does not.
 * Blanks around keys and values are dropped. There are no continued lines and no quotes. A
 * UTF-8 byte order mark is skipped. A section may come several times; a key of it only once.
 */
#ifndef BASE_INI_H
#define BASE_INI_H

#include "base/err.h"

#include <stddef.h>

/* A longer line is a problem of the file; inih would break it in two without a word. */
#define INI_LINE_BYTES 197
#define INI_FILE_BYTES 262144

/* Texts live until the callback returns. */
struct ini_item {
	const char *section; /* "" before the first "[section]" */
	const char *key, *value;
	int line; /* 1, 2, ... */
};

struct ini_sink {
	void (*item)(void *arg, const struct ini_item *it);
	/* A line that cannot be read, and why; reading goes on with the next. */
	void (*problem)(void *arg, int line, const char *why);
	void *arg;
	/* A "[section]" line, for those to whom one without keys means something; or NULL. */
	void (*section)(void *arg, const char *section, int line);
};

/* Reads text of len bytes. */
void ini_text(const char *text, size_t len, const struct ini_sink *sink);
/* Reads a file. ERR_IO, or ERR_RANGE when it is larger than INI_FILE_BYTES. */
int ini_read(const char *path, const struct ini_sink *sink, struct err *err);

#endif
