/* SPDX-License-Identifier: Apache-2.0 */
/* person.h -- what the counter's files share: one person at all places, and where what he does
 * is booked.
 */
#ifndef COUNT_PERSON_H
#define COUNT_PERSON_H

#include "base/vec.h"
#include "count/bucket.h"
#include "count/cells.h"
#include "count/counter.h"
#include "count/funnel.h"
#include "count/gate.h"
#include "count/group.h"
#include "count/heat.h"
#include "count/line.h"
#include "count/route.h"
#include "count/shape.h"
#include "count/stand.h"
#include "count/waiting.h"
#include "count/zone.h"

/* A gate or queue, and the places that it is made of: which of the counter's lines or zones. */
struct pair {
	int place;
	size_t part[2];
};

/* Something that staff did before it was known that they are. */
struct deed {
	enum measure measure;
	int place, key;
	int64_t t_us;
};

struct person {
	int64_t track;
	int64_t first_us, last_us; /* CLOCK_NONE: not seen yet */
	struct pt_floor at;
	double hysteresis, metre; /* floor units */
	bool staff;
	struct line_state *line;       /* one for each line, ... */
	struct zone_state *zone;       /* ... zone, ... */
	struct funnel_state *funnel;   /* ... once more, ... */
	struct gate_state *gate;       /* ... gate ... */
	struct waiting_state *waiting; /* ... and queue of the counter */
	struct stand stand;
	struct route route;
	VEC(struct deed) deed;
	/* Which lines and zones may matter until he is PERSON_STRAY_M from `around`: to all
	 * others he is nobody, whatever he does there. */
	struct pt_floor around;
	double around_metre; /* a metre's length there; 0: not known yet */
	struct near_places {
		unsigned short *v;
		size_t n;
	} near_line, near_zone;
	bool pending; /* he is in a gap of a visit or an exposure */
};

#define PERSON_STRAY_M 1.0
#define PERSON_STRETCH 1.25 /* and until a metre is longer than that many of around_metre */

/* A crossing that settled in this step. */
struct settled {
	size_t line;
	int dir;
	int64_t t_us;
};

/* Somebody who was not seen for the gap: whether he crossed a line in it is told when his track
 * comes back. */
struct gone {
	int64_t track;
	struct pt_floor at;
};
#define GONE 64

struct counter {
	struct count_opts o;
	int64_t uturn_us, gap_us, max_frame_us, staff_us;
	int camera;
	bool metric, ended;
	VEC(struct shape) line;
	VEC(struct shape) zone;
	VEC(struct shape) fixture;
	VEC(struct pair) gate;
	VEC(struct pair) queue;
	double *engaged_s; /* one for each zone */

	VEC(struct person *) person; /* ordered by track */
	VEC(struct person *) spare;
	struct groups groups;
	VEC(struct group_member) arrival; /* who came in in this frame */

	int64_t t_us, dur_us;       /* the frame before; CLOCK_NONE: none yet */
	VEC(int) cell;              /* where people stood in it: in the picture, ... */
	VEC(struct pt_floor) stood; /* ... on the floor */

	struct bucket bucket;
	struct heat heat;
	struct cells cells;
	VEC(struct event) event;
	VEC(struct count_why) why;
	struct gone gone[GONE];
	unsigned n_gone;             /* in all; the newest is at (n_gone - 1) % GONE */
	VEC(struct settled) settled; /* while somebody's step is worked out */
	bool *inside;                /* the same: one for each zone */
};

/* The length of a metre in floor units, where somebody is. */
double person_metre(const struct counter *c, const struct sighting *s);
/* The person's next sighting. */
void person_step(struct counter *c, struct person *p, const struct sighting *s);
/* Ends what is over by t_us though nothing more was seen of it. */
void person_due(struct counter *c, struct person *p, int64_t t_us);
/* He is gone: everything that is still open about him is decided. */
void person_end(struct counter *c, struct person *p);

#endif
