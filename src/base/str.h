/* SPDX-License-Identifier: Apache-2.0 */
/* str.h -- text that grows, numbers from text, the nearest of several words. */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Text that grows. s is always a C string once anything was added; before that it is "".
 * Start with STR_INIT, end with str_clear(). */
struct str {
	char *s;
	size_t len, cap;
};
extern char str_empty[1];
#define STR_INIT \
	{ \
		.s = str_empty \
	}

void str_clear(struct str *b);
void str_add(struct str *b, const char *s);
void str_add_n(struct str *b, const char *s, size_t n);
void str_addf(struct str *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Hands the text to the caller, who frees it; b is empty again. */
char *str_take(struct str *b);

/* Copies at most size-1 bytes and ends with 0; true if all of it fitted. */
bool str_copy(char *dst, size_t size, const char *src);

/* Whole-text numbers in the C locale; false (and *v untouched) when text is left over, empty,
 * not finite or out of range. */
bool str_to_i64(const char *s, int64_t *v);
bool str_to_double(const char *s, double *v);

/* FNV-1a, 64 bits, for identifiers of parameters: not for anything an attacker feeds.
 * Start with STR_HASH_INIT and pass the result on to hash several pieces. */
#define STR_HASH_INIT UINT64_C(0xcbf29ce484222325)
uint64_t str_hash(uint64_t h, const void *data, size_t n);

/* Of the n words, the one with the smallest edit distance to s (insert, delete, replace,
 * transpose: Damerau 1964), or NULL when none is near enough to be meant (more than a third of
 * its letters differ). For "did you mean". */
const char *str_nearest(const char *s, const char *const *words, size_t n);

/* The shortest text that str_to_double reads back as exactly v (finite); buf of at least
 * STR_DOUBLE bytes. Returns buf. */
#define STR_DOUBLE 32
char *str_double(double v, char *buf);

/* Well-formed UTF-8 (RFC 3629) without control characters: fit for a report. */
bool str_is_clean(const char *s);

/* Adds text with what roff would take for itself put out of its reach. */
void str_add_roff(struct str *b, const char *text);

/* Adds text as a JSON string, quotes and all. Bytes beyond ASCII go as they are: text is UTF-8.
 */
void str_add_json(struct str *b, const char *text);

/* Adds len bytes in base64 (RFC 4648). */
void str_add_base64(struct str *b, const uint8_t *v, size_t len);

/* Adds the words of text, n bytes, in lines of at most width columns, and a line's end. The
 * text before ends in column indent, where further lines begin. A word that is longer has a
 * line of its own. */
void str_add_wrapped(struct str *b, const char *text, size_t n, int indent, int width);

bool str_starts(const char *s, const char *prefix);
bool str_ends(const char *s, const char *suffix);

#endif
