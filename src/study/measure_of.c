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
	[MEASURE_NOTHING] = { "", "", "", false, false },
	[MEASURE_ENTRIES] = { "entries", "persons an hour",
			      "persons in through all entry lines, per observed hour", false,
			      true },
	[MEASURE_PASSERS] = { "passers", "persons an hour",
			      "persons over the outside lines, both ways, per observed hour",
			      false, true },
	[MEASURE_CAPTURE] = { "capture", "share",
			      "entries / (entries + persons over the outside lines)", false,
			      false },
	[MEASURE_IN] = { "in", "persons an hour", "persons in over the line, per observed hour",
			 true, true },
	[MEASURE_OUT] = { "out", "persons an hour",
			  "persons out over the line, per observed hour", true, true },
	[MEASURE_VISITS] = { "visits", "visits an hour",
			     "visits of the zone that began, per observed hour", true, true },
	[MEASURE_VISIT_RATE] = { "visit_rate", "visits per entry",
				 "visits of the zone that began / entries of the same hours",
				 true, false },
	[MEASURE_DWELL] = { "dwell", "seconds", "mean length of the visits that ended", true,
			    false },
	[MEASURE_TIME] = { "time", "seconds per entry",
			   "person-seconds in the zone / entries of the same hours", true,
			   false },
};

#define N_TABLE ((int)(sizeof(table) / sizeof(table[0])))

static int unknown(const char *text, struct err *err)
{
	struct str s = STR_INIT;

	for (int i = 1; i < N_TABLE; i++)
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
	struct measure_of made = { MEASURE_NOTHING, "", "" };

	for (int i = 1; i < N_TABLE; i++)
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

bool measure_is_count(enum measure_kind kind)
{
	return table[kind].count;
}
