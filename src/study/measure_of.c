/* SPDX-License-Identifier: Apache-2.0 */
/* measure_of.c -- what a study compares, as a word. */
#include "study/measure_of.h"

#include "base/str.h"
#include "base/vec.h"

#include <stdlib.h>
#include <string.h>

static const struct {
	const char *word, *unit, *says;
	bool place, count;
} table[] = {
	[MEASURE_OF_NOTHING] = { "", "", "", false, false },
	[MEASURE_OF_ENTRIES] = { "entries", "passages an hour",
				 "passages in over all entry lines (crossings without U-turns), per observed hour",
				 false, true },
	[MEASURE_OF_PASSERS] = { "passers", "passages an hour",
				 "passages over the outside lines, both ways, per observed hour",
				 false, true },
	[MEASURE_OF_CAPTURE] = { "capture", "share",
				 "entries / (entries + passages over the outside lines)", false,
				 false },
	[MEASURE_OF_IN] = { "in", "passages an hour",
			    "passages in over the line, per observed hour", true, true },
	[MEASURE_OF_OUT] = { "out", "passages an hour",
			     "passages out over the line, per observed hour", true, true },
	[MEASURE_OF_VISITS] = { "visits", "visits an hour",
				"visits of the zone that began, per observed hour", true,
				true },
	[MEASURE_OF_VISIT_RATE] = { "visit_rate", "visits per entry",
				    "visits of the zone that began / entries of the same hours",
				    true, false },
	[MEASURE_OF_DWELL] = { "dwell", "seconds", "mean length of the visits that ended", true,
			       false },
	[MEASURE_OF_TIME] = { "time", "seconds per entry",
			      "person-seconds in the zone / entries of the same hours", true,
			      false },
};

_Static_assert(sizeof(table) / sizeof(table[0]) == MEASURE_OF_END, "a row for each");

static int unknown(const char *text, struct err *err)
{
	struct str s = STR_INIT;

	for (int i = MEASURE_OF_NOTHING + 1; i < MEASURE_OF_END; i++)
		str_addf(&s, "%s%s%s", i > 1 ? ", " : "", table[i].word,
			 table[i].place ? ":PLACE" : "");
	err_set(err, ERR_FORMAT, "'%.60s' is no measure; expected one of %s", text, s.s);
	str_clear(&s);
	return ERR_FORMAT;
}

/* "CAMERA/ZONE" or "ZONE" */
static bool take_place(struct measure_of *m, const char *text)
{
	const char *slash = strchr(text, '/');
	char *camera = xstrndup(text, slash ? (size_t)(slash - text) : 0);
	const char *place = slash ? slash + 1 : text;
	bool ok = *place && (!slash || *camera) &&
		  str_copy(m->camera, sizeof(m->camera), camera) &&
		  str_copy(m->place, sizeof(m->place), place) && str_is_clean(text);

	free(camera);
	return ok;
}

int measure_of_parse(struct measure_of *m, const char *text, struct err *err)
{
	size_t len = strcspn(text, ":");
	struct measure_of made = { MEASURE_OF_NOTHING, "", "" };

	for (int i = MEASURE_OF_NOTHING + 1; i < MEASURE_OF_END; i++)
		if (strlen(table[i].word) == len && !strncmp(table[i].word, text, len))
			made.kind = (enum measure_kind)i;
	if (!made.kind)
		return unknown(text, err);
	if (table[made.kind].place ? text[len] != ':' || !take_place(&made, text + len + 1)
				   : text[len] == ':')
		return err_set(err, ERR_FORMAT, "'%.60s': expected %s%s", text,
			       table[made.kind].word,
			       table[made.kind].place ? ":PLACE or :CAMERA/PLACE"
						      : " without a place");
	*m = made;
	return 0;
}

const char *measure_of_word(enum measure_kind kind)
{
	return table[kind].word;
}

const char *measure_unit(enum measure_kind kind)
{
	return table[kind].unit;
}

const char *measure_says(enum measure_kind kind)
{
	return table[kind].says;
}

bool measure_of_place(enum measure_kind kind)
{
	return table[kind].place;
}

bool measure_is_count(enum measure_kind kind)
{
	return table[kind].count;
}
