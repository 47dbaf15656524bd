/* SPDX-License-Identifier: Apache-2.0 */
/* measure_of.h -- what a study compares or a forecast is of, as a word: "entries",
 * "visit_rate:fruit".
 */
#ifndef STUDY_MEASURE_OF_H
#define STUDY_MEASURE_OF_H

#include "base/err.h"
#include "types.h"

#include <stdbool.h>

enum measure_kind {
	MEASURE_NOTHING,
	MEASURE_ENTRIES,    /* persons in over all entry lines */
	MEASURE_PASSERS,    /* persons over all outside lines, both ways */
	MEASURE_CAPTURE,    /* entries / (entries + passers-by) */
	MEASURE_IN,         /* persons in over one line */
	MEASURE_OUT,        /* ... out */
	MEASURE_VISITS,     /* visits begun of one zone */
	MEASURE_VISIT_RATE, /* ... / entries */
	MEASURE_DWELL,      /* mean dwell of visits that ended */
	MEASURE_TIME,       /* person-seconds in one zone / entries */
};

struct measure_of {
	enum measure_kind kind;
	char place[NAME_MAX_BYTES];  /* "" for those of the whole store */
	char camera[NAME_MAX_BYTES]; /* "": the place's name says enough */
};

/* "entries", "visits:ZONE", "visits:CAMERA/ZONE". ERR_FORMAT with the words that there are. */
int measure_of_parse(struct measure_of *m, const char *text, struct err *err);

/* Its word without a place, its unit, and one line that defines it. */
const char *measure_of_word(enum measure_kind kind);
const char *measure_unit(enum measure_kind kind);
const char *measure_says(enum measure_kind kind);
/* True when it is counted per hour, false for a ratio of two counts. */
bool measure_is_count(enum measure_kind kind);

#endif
