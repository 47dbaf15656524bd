/* SPDX-License-Identifier: Apache-2.0 */
/* tallying.h -- the measures of minutes that come in, put where they belong: a place's or a
 * camera's tally, and the street's row.
 *
 * A minute counts for a place only when its measures were counted in it (query.h: watched).
 */
#ifndef REPORT_TALLYING_H
#define REPORT_TALLYING_H

#include "report/day.h"

struct tally_value {
	int place, camera; /* place -1: the whole camera's */
	struct tally_cell cell;
};

struct tallying {
	struct day *d;
	const int *bucket_of;           /* of each minute */
	int minute;                     /* that is open; -1: none */
	bool *place, *camera;           /* watched in it */
	bool **measured;                /* [place][minute] of lines; NULL for others */
	int *entered, *passed_by;       /* [minute], over entry and outside lines */
	VEC(struct tally_value) values; /* of that minute */
};

/* bucket_of must live as long. */
void tallying_init(struct tallying *t, struct day *d, const int *bucket_of);
void tallying_clear(struct tallying *t);

/* Minutes in order; places and cameras are indices of the day's. */
void tallying_minute(struct tallying *t, int minute);
void tallying_watched(struct tallying *t, int camera, int place);
void tallying_add(struct tallying *t, int camera, int place, struct tally_cell cell);

/* After the last minute: all tallies of the day. */
void tallying_finish(struct tallying *t);
/* Then, once it is known which lines belong to the day: the street. */
void tallying_street(struct tallying *t,
		     bool (*belongs)(const struct day *d, const struct day_place *p));

#endif
