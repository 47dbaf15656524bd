/* SPDX-License-Identifier: Apache-2.0 */
/* vec.c -- memory that is there or the program ends, and growing arrays. */
#include "base/vec.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *there(void *p, size_t n)
{
	if (!p) {
		fprintf(stderr, "footfall: out of memory (%zu bytes)\n", n);
		abort();
	}
	return p;
}

void *xmalloc(size_t n)
{
	return there(malloc(n ? n : 1), n);
}

void *xcalloc(size_t n, size_t size)
{
	return there(calloc(n ? n : 1, size ? size : 1), n);
}

void *xrealloc(void *p, size_t n, size_t size)
{
	if (size && n > SIZE_MAX / size)
		return there(NULL, SIZE_MAX);
	if (!n || !size)
		n = size = 1;
	return there(realloc(p, n * size), n * size);
}

char *xstrdup(const char *s)
{
	return xstrndup(s, strlen(s));
}

char *xstrndup(const char *s, size_t n)
{
	size_t len = strnlen(s, n);
	char *d = xmalloc(len + 1);

	memcpy(d, s, len);
	d[len] = '\0';
	return d;
}

void *xalign(size_t n)
{
	size_t up = (n + 63) / 64 * 64;
	void *p = there(aligned_alloc(64, up ? up : 64), n);

	memset(p, 0, up ? up : 64);
	return p;
}

void *vec_grow(void *v, size_t *cap, size_t size)
{
	size_t more = *cap ? *cap * 2 : 8;

	v = xrealloc(v, more, size);
	*cap = more;
	return v;
}

void vec_sort(void *v, size_t n, size_t size, int (*by)(const void *, const void *))
{
	if (n)
		qsort(v, n, size, by);
}
