/* SPDX-License-Identifier: Apache-2.0 */
/* json.c -- jansson's values with the path to each, made when it is asked for. */
#include <jansson.h>

/* Macros of jansson with the names of our functions. */
#undef json_is_array
#undef json_is_number
#undef json_is_object
#undef json_is_string

#include "base/file.h"
#include "base/json.h"
#include "base/str.h"
#include "base/vec.h"

#include <stdlib.h>
#include <string.h>

#define MAX_DEPTH 64

/* A value and where it is. The root owns the document and every value handed out of it. */
struct json {
	json_t *v;
	char *path;
	struct json *root;
	VEC(struct json *) made; /* root only */
};

/* Brackets deeper than jansson or we should recurse, before jansson sees them. */
static int check_depth(const char *text, size_t len, struct err *err)
{
	int depth = 0, line = 1;
	bool quoted = false;
	size_t start = 0;

	for (size_t i = 0; i < len; i++) {
		char c = text[i];

		if (c == '\n') {
			line++;
			start = i + 1;
		} else if (quoted) {
			if (c == '\\')
				i++;
			else if (c == '"')
				quoted = false;
		} else if (c == '"') {
			quoted = true;
		} else if (c == '[' || c == '{') {
			if (++depth > MAX_DEPTH)
				return err_set(err, ERR_FORMAT,
					       "line %d, column %zu: more than %d levels deep",
					       line, i - start + 1, MAX_DEPTH);
		} else if (c == ']' || c == '}') {
			depth--;
		}
	}
	return 0;
}

static bool is_blank(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (!memchr(" \t\r\n", text[i], 4))
			return false;
	return true;
}

struct json *json_parse(const char *text, size_t len, struct err *err)
{
	struct json *root;
	json_error_t e;
	json_t *v;

	if (len >= 3 && !memcmp(text, "\xef\xbb\xbf", 3)) { /* a byte order mark */
		text += 3;
		len -= 3;
	}
	if (check_depth(text, len, err) < 0)
		return NULL;
	if (is_blank(text, len)) {
		err_set(err, ERR_FORMAT,
			"line 1, column 1: expected a value, found the end of file");
		return NULL;
	}
	v = json_loadb(text, len, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &e);
	if (!v) {
		err_set(err, ERR_FORMAT, "line %d, column %d: %s", e.line < 1 ? 1 : e.line,
			e.column < 1 ? 1 : e.column, e.text);
		return NULL;
	}
	root = xcalloc(1, sizeof(*root));
	root->v = v;
	root->path = xstrdup("");
	root->root = root;
	return root;
}

struct json *json_read(const char *path, size_t max, struct err *err)
{
	struct json *root;
	char *text;
	size_t len;

	if (file_read(path, max, &text, &len, err) < 0)
		return NULL;
	root = json_parse(text, len, err);
	free(text);
	if (!root)
		err_ctx(err, "'%s'", path);
	return root;
}

void json_free(struct json *root)
{
	if (!root)
		return;
	for (size_t i = 0; i < root->made.n; i++) {
		free(root->made.v[i]->path);
		free(root->made.v[i]);
	}
	VEC_FREE(&root->made);
	json_decref(root->v);
	free(root->path);
	free(root);
}

const char *json_where(const struct json *v)
{
	return v->path;
}

/* Takes over path. */
static struct json *made(const struct json *parent, json_t *v, char *path)
{
	struct json *j = xcalloc(1, sizeof(*j));

	j->v = v;
	j->path = path;
	j->root = parent->root;
	*VEC_PUSH(&j->root->made) = j;
	return j;
}

static char *member_path(const struct json *obj, const char *key)
{
	struct str b = STR_INIT;

	str_addf(&b, "%s%s%s", obj->path, *obj->path ? "." : "", key);
	return str_take(&b);
}

static const char *kind(const json_t *v)
{
	if (!v)
		return "nothing";
	switch (json_typeof(v)) {
	case JSON_OBJECT:
		return "an object";
	case JSON_ARRAY:
		return "an array";
	case JSON_STRING:
		return "text";
	case JSON_INTEGER:
	case JSON_REAL:
		return "a number";
	case JSON_TRUE:
	case JSON_FALSE:
		return "true or false";
	case JSON_NULL:
		break;
	}
	return "null";
}

/* "path: " or, for the root, "". */
static const char *colon(const char *path)
{
	return *path ? ": " : "";
}

static int expected(const char *path, const char *what, const json_t *found, struct err *err)
{
	return err_set(err, ERR_FORMAT, "%s%sexpected %s, found %s", path, colon(path), what,
		       kind(found));
}

int json_only(const struct json *v, const char *const *keys, size_t n, struct err *err)
{
	const char *key, *near;
	json_t *member;

	if (!json_is_object(v))
		return expected(v->path, "an object", v->v, err);
	json_object_foreach(v->v, key, member)
	{
		size_t i = 0;

		while (i < n && strcmp(keys[i], key))
			i++;
		if (i < n)
			continue;
		near = str_nearest(key, keys, n);
		return err_set(err, ERR_FORMAT, "%s%sunknown key '%s'%s%s%s", v->path,
			       colon(v->path), key, near ? "; did you mean '" : "",
			       near ? near : "", near ? "'?" : "");
	}
	return 0;
}

struct json *json_get(const struct json *obj, const char *key)
{
	json_t *v = json_object_get(obj->v, key);

	return v ? made(obj, v, member_path(obj, key)) : NULL;
}

bool json_is_string(const struct json *v)
{
	return v && json_typeof(v->v) == JSON_STRING;
}

bool json_is_array(const struct json *v)
{
	return v && json_typeof(v->v) == JSON_ARRAY;
}

bool json_is_object(const struct json *v)
{
	return v && json_typeof(v->v) == JSON_OBJECT;
}

static bool is_number(const json_t *v)
{
	return json_typeof(v) == JSON_INTEGER || json_typeof(v) == JSON_REAL;
}

bool json_is_number(const struct json *v)
{
	return v && is_number(v->v);
}

size_t json_count(const struct json *arr)
{
	return json_is_array(arr) ? json_array_size(arr->v) : 0;
}

struct json *json_at(const struct json *arr, size_t i)
{
	struct str b = STR_INIT;

	if (i >= json_count(arr))
		return NULL;
	str_addf(&b, "%s[%zu]", arr->path, i);
	return made(arr, json_array_get(arr->v, i), str_take(&b));
}

/* The member as it is, and its path (the caller frees it). NULL and *err when it is missing. */
static json_t *required(const struct json *obj, const char *key, char **path, struct err *err)
{
	json_t *v;

	if (!json_is_object(obj)) {
		expected(obj->path, "an object", obj->v, err);
		return NULL;
	}
	v = json_object_get(obj->v, key);
	if (!v)
		err_set(err, ERR_FORMAT, "%s%s'%s' is missing", obj->path, colon(obj->path),
			key);
	else
		*path = member_path(obj, key);
	return v;
}

static int number(const json_t *v, const char *path, double min, double max, double *x,
		  struct err *err)
{
	double d;

	if (!is_number(v))
		return expected(path, "a number", v, err);
	d = json_number_value(v);
	/* Written so that it also catches a NaN, though jansson lets none through. */
	if (!(d >= min && d <= max))
		return err_set(err, ERR_RANGE, "%s%s%.10g is not within %.10g .. %.10g", path,
			       colon(path), d, min, max);
	*x = d;
	return 0;
}

int json_int(const struct json *obj, const char *key, int min, int max, int *v, struct err *err)
{
	double d = 0;
	int rc = json_double(obj, key, min, max, &d, err);

	if (rc < 0)
		return rc;
	if (d != (int)d)
		return err_set(err, ERR_FORMAT, "%s%s%s: expected a whole number, found %.10g",
			       obj->path, *obj->path ? "." : "", key, d);
	*v = (int)d;
	return 0;
}

int json_double(const struct json *obj, const char *key, double min, double max, double *v,
		struct err *err)
{
	char *path = NULL;
	json_t *m = required(obj, key, &path, err);
	int rc = m ? number(m, path, min, max, v, err) : ERR_FORMAT;

	free(path);
	return rc;
}

int json_text(const struct json *obj, const char *key, char *v, size_t size, struct err *err)
{
	char *path = NULL;
	json_t *m = required(obj, key, &path, err);
	int rc = ERR_FORMAT;

	if (!m)
		return rc;
	if (json_typeof(m) != JSON_STRING)
		rc = expected(path, "text", m, err);
	else if (!json_string_length(m))
		rc = err_set(err, ERR_RANGE, "%s: must not be empty", path);
	else if (json_string_length(m) >= size)
		rc = err_set(err, ERR_RANGE, "%s: longer than %zu bytes", path, size - 1);
	else
		rc = str_copy(v, size, json_string_value(m)) ? 0 : ERR_RANGE;
	free(path);
	return rc;
}

int json_bool(const struct json *obj, const char *key, bool *v, struct err *err)
{
	char *path = NULL;
	json_t *m = required(obj, key, &path, err);
	int rc = ERR_FORMAT;

	if (!m)
		return rc;
	if (json_typeof(m) != JSON_TRUE && json_typeof(m) != JSON_FALSE) {
		rc = expected(path, "true or false", m, err);
	} else {
		*v = json_typeof(m) == JSON_TRUE;
		rc = 0;
	}
	free(path);
	return rc;
}

static int numbers(const json_t *arr, const char *path, size_t n, double *v, struct err *err)
{
	if (json_typeof(arr) != JSON_ARRAY)
		return expected(path, "an array of numbers", arr, err);
	if (json_array_size(arr) != n)
		return err_set(err, ERR_FORMAT, "%s: expected %zu numbers, found %zu", path, n,
			       json_array_size(arr));
	for (size_t i = 0; i < n; i++)
		if (!is_number(json_array_get(arr, i)))
			return err_set(err, ERR_FORMAT, "%s[%zu]: expected a number, found %s",
				       path, i, kind(json_array_get(arr, i)));
	for (size_t i = 0; i < n; i++)
		v[i] = json_number_value(json_array_get(arr, i));
	return 0;
}

int json_numbers(const struct json *obj, const char *key, size_t n, double *v, struct err *err)
{
	char *path = NULL;
	json_t *m = required(obj, key, &path, err);
	int rc = m ? numbers(m, path, n, v, err) : ERR_FORMAT;

	free(path);
	return rc;
}

int json_value_double(const struct json *v, double min, double max, double *x, struct err *err)
{
	return number(v->v, v->path, min, max, x, err);
}

const char *json_value_string(const struct json *v)
{
	return json_is_string(v) ? json_string_value(v->v) : NULL;
}
