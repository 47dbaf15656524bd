/* SPDX-License-Identifier: Apache-2.0 */
/* truth_book.h -- what the files of the measures' truth share: the rows, and one trail that is
 * being looked at.
 */
#ifndef SIM_TRUTH_BOOK_H
#define SIM_TRUTH_BOOK_H

#include "sim/truth_measure.h"

#define TRUTH_UTURN_US 2000000
#define TRUTH_MERGE_US 30000000
#define TRUTH_COUNTER_US 60000000
#define TRUTH_STAFF_US (INT64_C(4) * 3600 * 1000000)
#define TRUTH_GROUP_US 3000000
#define TRUTH_GROUP_M 1.5
#define TRUTH_TURN_M 3.0

enum truth_by { BY_RULE, BY_INTENT };

/* A value of a minute. The key is a word, or else a number from 0 on, or else (-1) none. */
struct truth_row {
	int64_t minute_us;
	int place; /* -1: the store */
	const char *measure, *word;
	int64_t number;
	enum truth_by by;
	int64_t value;
};

/* Somebody came in. */
struct arrival {
	int64_t id, group, t_us; /* persona's; when he was clear of the line */
	int place;
	bool turned;    /* he turned back at once */
	struct pt_m at; /* where he is; kept up to date for a while */
	int64_t party;  /* by rule: number of an arrival */
	bool is_placed; /* his party has been looked for */
};

struct level_change {
	int64_t t_us;
	int place, delta;
};

struct truth_measures {
	const struct scene *scene;
	const struct true_place *place;
	int n_places;
	VEC(struct truth_row) row;
	size_t merge_at;             /* so many rows are merged where they can be */
	VEC(struct arrival) arrival; /* in order of time */
	VEC(struct level_change) level;
};

void truth_book(struct truth_measures *m, int64_t t_us, int place, const char *measure,
		const char *word, int64_t number, enum truth_by by);

/* A visit of a zone. */
struct trail_visit {
	int zone;
	struct trail_span when;
};

/* A trail, and what was found in it. The arrays have a member for each point, those of zones
 * n_places arrays. */
struct findings {
	const struct trail *t;
	bool *stands;
	int *since;
	struct stops stops;
	bool **in;                     /* of zones; else NULL */
	VEC(struct trail_visit) visit; /* by when they began, then zone */
};

/* truth_find.c: zones, fixtures, ways and staff. */
void truth_find_zones(struct truth_measures *m, struct findings *f);
void truth_find_stops(struct truth_measures *m, const struct findings *f);
void truth_find_ways(struct truth_measures *m, const struct findings *f);
void truth_find_staff(struct truth_measures *m, const struct findings *f);
/* truth_queue.c */
void truth_find_queues(struct truth_measures *m, const struct findings *f);
/* At the end: the time at each level. */
void truth_queue_levels(struct truth_measures *m);

#endif
