/* SPDX-License-Identifier: Apache-2.0 */
/* schema.h -- THE table of settings: every reader, printer and manual goes through it. */
#ifndef CONF_SCHEMA_H
#define CONF_SCHEMA_H

#include <stddef.h>

enum conf_type { CONF_NONE, CONF_INT, CONF_DOUBLE, CONF_BOOL, CONF_STRING };

enum conf_flags {
	CONF_COUNTS = 1 << 0, /* changes what is counted: part of params_id */
	CONF_ODD = 1 << 1,    /* an odd number, or 0 */
	CONF_NAME = 1 << 2,   /* not empty, and fits NAME_MAX_BYTES */
	CONF_FILE = 1 << 3,   /* a file's name, kept as an absolute one; may be empty */
};

struct conf_item {
	const char *key;     /* "track.gate": section, dot, name */
	size_t offset;       /* of the field in struct conf */
	enum conf_type type; /* taken from the field, never written by hand */
	double min, max;     /* numbers only */
	const char *unit;    /* "s", "m", "px", ...; NULL: none */
	unsigned flags;
	const char *help; /* a sentence or two, for the manual */
};

struct conf_section {
	const char *name;
	const char *help; /* one sentence */
};

/* Items of one section stand together, in the order of the sections. */
extern const struct conf_item conf_items[];
extern const size_t conf_n_items;
extern const struct conf_section conf_sections[];
extern const size_t conf_n_sections;

/* The keys of a [camera NAME] section that are not settings of the table. */
struct conf_camera_key {
	const char *key;
	const char *expected, *standard;
	const char *help;
};
extern const struct conf_camera_key conf_camera_keys[];
extern const size_t conf_n_camera_keys;
extern const char conf_camera_help[];

struct str;
struct conf;
/* A setting's value in c, as conf_read takes it. */
void conf_value(const struct conf *c, const struct conf_item *it, struct str *out);
/* What a value must be: "a number from 0.05 to 5 body heights". */
void conf_expected(const struct conf_item *it, struct str *out);

#endif
