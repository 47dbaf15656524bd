/* SPDX-License-Identifier: Apache-2.0 */
/* err.c -- filling and prefixing error messages. */
#include "base/err.h"

#include "base/str.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* A message is one line whatever went into it: a file name or a library's text may hold line
 * breaks and control characters. */
static void one_line(char *s)
{
	for (; *s; s++)
		if ((unsigned char)*s < 0x20 || *s == 0x7f)
			*s = ' ';
}

int err_set(struct err *e, enum err_code code, const char *fmt, ...)
{
	va_list ap;

	if (!e)
		return code;
	e->code = code;
	va_start(ap, fmt);
	vsnprintf(e->msg, sizeof(e->msg), fmt, ap);
	va_end(ap);
	one_line(e->msg);
	return code;
}

void err_ctx(struct err *e, const char *fmt, ...)
{
	char old[sizeof(e->msg)];
	va_list ap;
	int n;

	if (!e)
		return;
	memcpy(old, e->msg, sizeof(old));
	va_start(ap, fmt);
	n = vsnprintf(e->msg, sizeof(e->msg), fmt, ap);
	va_end(ap);
	if (n < 0)
		n = 0;
	if ((size_t)n < sizeof(e->msg))
		str_copy(e->msg + n, sizeof(e->msg) - (size_t)n, ": ");
	if ((size_t)n + 2 < sizeof(e->msg))
		str_copy(e->msg + n + 2, sizeof(e->msg) - (size_t)n - 2, old);
	one_line(e->msg);
}
