/* SPDX-License-Identifier: Apache-2.0 */
/* json.h -- reading JSON with messages that name the field, over jansson.
 *
 * A 'struct json' is a value inside a document; json_free() frees the whole document and is
 * given the root only. Each reader takes an object and a key, checks type and range, and on
 * failure says in *err where ("lines[2].points[0]"), what was expected and what was found.
 */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

struct json;

/* jansson exports a json_string() of its own, which ours must not stand in for. */
#define json_string json_text

/* Parses text of len bytes: one JSON value, UTF-8, no duplicate keys, at most 64 levels deep.
 * NULL and ERR_FORMAT ("line 3, column 7: ...") otherwise. */
struct json *json_parse(const char *text, size_t len, struct err *err);
/* json_parse of a file of at most max bytes; messages begin with the file's name. */
struct json *json_read(const char *path, size_t max, struct err *err);
void json_free(struct json *root); /* NULL is allowed */

/* Where a value is in its document, like "lines[2].points"; "" for the root. Lives as long as
 * the document. */
const char *json_where(const struct json *v);

/* ERR_FORMAT unless v is an object with no other keys than those named; the message has the
 * nearest allowed key. */
int json_only(const struct json *v, const char *const *keys, size_t n, struct err *err);

/* Member of an object; NULL when there is none (no error). */
struct json *json_get(const struct json *obj, const char *key);
bool json_is_string(const struct json *v);
bool json_is_array(const struct json *v);
bool json_is_object(const struct json *v);
bool json_is_number(const struct json *v);

/* Elements of an array; 0 and NULL for anything else. */
size_t json_count(const struct json *arr);
struct json *json_at(const struct json *arr, size_t i);

/* Required members. ERR_FORMAT when missing or of another type, ERR_RANGE when out of range. */
int json_int(const struct json *obj, const char *key, int min, int max, int *v,
	     struct err *err);
int json_double(const struct json *obj, const char *key, double min, double max, double *v,
		struct err *err);
/* Copies at most size-1 bytes; longer or empty is ERR_RANGE. */
int json_text(const struct json *obj, const char *key, char *v, size_t size, struct err *err);
int json_bool(const struct json *obj, const char *key, bool *v, struct err *err);
/* An array of exactly n finite numbers. */
int json_numbers(const struct json *obj, const char *key, size_t n, double *v, struct err *err);
/* A value itself as a number or string, for array elements. */
int json_value_double(const struct json *v, double min, double max, double *x, struct err *err);
const char *json_value_string(const struct json *v); /* NULL when it is none */

#endif
