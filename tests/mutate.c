/* SPDX-License-Identifier: Apache-2.0 */
/* mutate.c -- files with bytes changed, lost and doubled. */
#include "mutate.h"

#include "base/file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#define MAX_BYTES 20000

/* Marsaglia 2003, "Xorshift RNGs". */
static uint64_t draw_state;

static size_t draw(size_t n)
{
	draw_state ^= draw_state << 13;
	draw_state ^= draw_state >> 7;
	draw_state ^= draw_state << 17;
	return n ? (size_t)(draw_state % n) : 0;
}

/* What text[at .. at+n) becomes: w. */
static size_t splice(char *text, size_t len, size_t at, size_t n, const char *w, size_t n_w)
{
	if (len - n + n_w > MAX_BYTES)
		return len;
	memmove(text + at + n_w, text + at + n, len - at - n);
	memcpy(text + at, w, n_w);
	return len - n + n_w;
}

static size_t mutate_once(char *text, size_t len)
{
	static const char *const words[] = { "{",    "}",     "[",     "]",     ",",
					     "\"",   ":",     "null",  "true",  "-1",
					     "0",    "1e999", "1e308", "-1e-9", "0.5",
					     "nan",  "inf",   "\\",    "\n",    "=",
					     "\r",   "\t",    ";",     "\xff",  "é",
					     "\"\"", "[]",    "{}",    "%s%n",  "2147483648" };
	size_t at = draw(len + 1), n = draw(len - at < 40 ? len - at + 1 : 40);
	const char *w = words[draw(sizeof(words) / sizeof(words[0]))];
	char copy[40], byte = (char)draw(256);

	switch (draw(5)) {
	case 0:
		return splice(text, len, at, at < len, &byte, 1);
	case 1:
		return splice(text, len, at, n, "", 0);
	case 2:
		return splice(text, len, at, 0, w, strlen(w));
	case 3:
		return splice(text, len, at, n, w, strlen(w));
	default:
		memcpy(copy, text + at, n);
		return splice(text, len, draw(len + 1), 0, copy, n);
	}
}

void for_mutations(const char *path, int rounds, void (*check)(const char *text, size_t len))
{
	char *text, work[MAX_BYTES];
	size_t len;

	draw_state = UINT64_C(0x9e3779b97f4a7c15);
	assert_int_equal(file_read(path, MAX_BYTES, &text, &len, NULL), 0);
	for (int round = 0; round < rounds; round++) {
		size_t n = len;

		memcpy(work, text, len);
		for (size_t k = 1 + draw(4); k > 0; k--)
			n = mutate_once(work, n);
		check(work, n);
	}
	free(text);
}
