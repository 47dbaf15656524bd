/* SPDX-License-Identifier: Apache-2.0 */
/* truth_rig.h -- works out what happened from the positions alone, the slow way, and compares
 * it with what the truth's files say.
 *
 * Every path is cut into steps of 5 ms. Crossings are found by solving for the point where two
 * segments meet, being inside by the angle under which an outline is seen, distances by going
 * along the line, visits and queues by looking at a whole path afterwards.
 */
#ifndef TESTS_TRUTH_RIG_H
#define TESTS_TRUTH_RIG_H

#include "floor/plan.h"
#include "sim/crowd.h"

struct moment {
	int64_t t_us;
	struct pt_m at;
	enum doing doing;
	int till;
};

struct record {
	struct recorded {
		struct persona who;
		struct moment *v;
		size_t n, cap;
	} * path; /* by id */
	size_t n, cap;
	int64_t first_us, last_us;
};

void record_add(struct record *r, int64_t t_us, const struct actor *actors, int n);
void record_clear(struct record *r);

/* What there was of each kind, for tests that want to see some. */
struct found {
	int people, crossings, visits, queues;
	int most_in_store;
};
/* Fails the test where a file in dir says otherwise. in_shop: whether a place is in the shop.
 */
struct found record_check(const struct record *r, const struct scene *s,
			  const struct plan *plan, const char *dir,
			  bool (*in_shop)(struct pt_m at));

/* A CSV file. Fields point into text. */
struct table {
	char *text, ***row; /* row[0] is the head */
	int n, columns;
};
void table_read(struct table *t, const char *dir, const char *name);
void table_clear(struct table *t);
/* Field of a row by its column's name. */
const char *table_text(const struct table *t, int row, const char *column);
double table_number(const struct table *t, int row, const char *column);

#endif
