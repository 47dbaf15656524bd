/* SPDX-License-Identifier: Apache-2.0 */
/* measure.h -- what each measure of minute_value (types.h) is: one table for all who show them.
 */
#ifndef STORE_MEASURE_H
#define STORE_MEASURE_H

#include "types.h"

#include <stdbool.h>
#include <stdint.h>

/* What a key is. */
enum measure_key {
	MEASURE_KEY_NONE,   /* always 0 */
	MEASURE_KEY_NUMBER, /* a number of people */
	MEASURE_KEY_MS,     /* a length of time, milliseconds */
	MEASURE_KEY_PLACE,  /* another place: as place is one */
	MEASURE_KEY_WORD,   /* one of measure_word() */
};

/* How values make one figure. Minutes always add up, key by key. */
enum measure_form {
	MEASURE_SUM = 1, /* the sum over all keys means something, too */
	/* key: how long something lasted; value: how many lasted that long. Count, mean,
	 * longest and percentiles (by nearest rank) all come from the list. */
	MEASURE_LIST,
	/* key: a level above 0; value: milliseconds of the observed time at it. What is left of
	 * the observed time was at level 0. */
	MEASURE_LEVEL,
};

struct measure_info {
	const char *name;    /* snake case, unique */
	const char *unit;    /* of the sum, or of the keys of a list or of levels */
	enum place_kind of;  /* PLACE_NONE: of the whole camera */
	enum line_role role; /* of == PLACE_LINE: the only lines that have it, unless ... */
	bool any_role;       /* ... all have */
	enum measure_form form;
	enum measure_key key;
	/* Its cells follow single persons' ways: shown from k people on only. */
	bool ways;
	const char *definition; /* one sentence */
};

/* NULL for what is no measure: not every number below MEASURE_END is one. */
const struct measure_info *measure_info(enum measure m);

/* The measure called name; MEASURE_NONE when none is. */
enum measure measure_named(const char *name);

/* The word for a key of a measure with MEASURE_KEY_WORD; NULL when there is none. */
const char *measure_word(enum measure m, int key);

#endif
