/* SPDX-License-Identifier: Apache-2.0 */
/* log.c -- one line on standard error for a person to read. */
#include "base/log.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static enum log_level highest = LOG_LEVEL_INFO;
static void (*before)(void);

void log_set_level(enum log_level level)
{
	highest = level;
}

void log_set_before(void (*wipe)(void))
{
	pthread_mutex_lock(&lock);
	before = wipe;
	pthread_mutex_unlock(&lock);
}

void log_line(enum log_level level, const char *fmt, ...)
{
	static const char *const name[] = {
		[LOG_LEVEL_ERROR] = "error", [LOG_LEVEL_WARN] = "warning",
		[LOG_LEVEL_INFO] = "info",   [LOG_LEVEL_DEBUG] = "debug",
		[LOG_LEVEL_TRACE] = "trace",
	};
	static const int priority[] = {
		[LOG_LEVEL_ERROR] = 3, [LOG_LEVEL_WARN] = 4,  [LOG_LEVEL_INFO] = 6,
		[LOG_LEVEL_DEBUG] = 7, [LOG_LEVEL_TRACE] = 7,
	};
	char text[1024];
	va_list ap;

	if (level > highest)
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	for (char *s = text; *s; s++)
		if ((unsigned char)*s < 0x20 || *s == 0x7f)
			*s = ' ';

	pthread_mutex_lock(&lock);
	if (before)
		before();
	if (getenv("JOURNAL_STREAM"))
		fprintf(stderr, "<%d>%s\n", priority[level], text);
	else
		fprintf(stderr, "%s: %s\n", name[level], text);
	pthread_mutex_unlock(&lock);
}
