/* SPDX-License-Identifier: Apache-2.0 */
/* group.h -- people who come in together.
 *
 * Somebody comes in when his crossing of an entry line settles (line.h). He belongs to whoever
 * came in at most GROUP_US before and is within GROUP_M of him at that moment, and so to their
 * whole party. Who turns back at once belongs to none. A party is complete once nobody came to
 * it for GROUP_US.
 */
#ifndef COUNT_GROUP_H
#define COUNT_GROUP_H

#include "base/vec.h"
#include "types.h"

#include <stdbool.h>

#define GROUP_M 1.5
#define GROUP_US INT64_C(3000000)

struct group_member {
	int64_t track;
	int64_t t_us;
	int line;           /* a number of the caller's */
	struct pt_floor at; /* kept up to date by the caller */
	double metre;       /* its length in floor units there */
	int64_t party;
};

struct group {
	int64_t t_us; /* when the first of them came in, and by which line */
	int line, n;
};

/* All zero to start with. */
struct groups {
	VEC(struct group_member) member; /* of parties that are not complete */
	int64_t last_party;
};

void groups_clear(struct groups *g);

/* m came in, at m->t_us; its party is set. */
void groups_enter(struct groups *g, const struct group_member *m);
/* The person turned back. */
void groups_turned(struct groups *g, int64_t track);
/* A party that is complete at now_us leaves; false when there is none (more). */
bool groups_take(struct groups *g, int64_t now_us, struct group *out);

#endif
