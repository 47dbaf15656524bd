/* SPDX-License-Identifier: Apache-2.0 */
/* truth_path.h -- a person's true path over lines and through zones, step by step.
 *
 * Owes nothing to count/ or floor/polygon.h: it is there to judge them.
 */
#ifndef SIM_TRUTH_PATH_H
#define SIM_TRUTH_PATH_H

#include "floor/plan.h"
#include "types.h"

#define TRUTH_CLEAR_M 0.3
#define TRUTH_GAP_US 3000000

/* One step of a path; the first has no length. */
struct step {
	struct pt_m from, to;
	int64_t from_us, to_us;
};

/* A place, and a box that holds it with room to be clear of it: who stays outside of the
 * box has no more to do with it. */
struct true_place {
	const struct place *place;
	struct pt_m lo, hi;
};
void true_place_init(struct true_place *p, const struct place *place);

/* A person and a line. All zero before the first step. */
struct line_truth {
	int net; /* crossings since he was last clear, in - out */
	bool was_clear;
	int64_t over_us[2];   /* last time over it: out, in */
	double before, after; /* farthest away since, with net 0, with another */
};
/* 1: a crossing in counts from now on, -1: out, 0: none; *t_us: when it was. */
int line_truth_step(struct line_truth *l, const struct true_place *line, const struct step *s,
		    int64_t *t_us);
/* The same where the path ends. */
int line_truth_end(struct line_truth *l, int64_t *t_us);

/* A person and a zone. All zero before the first step. */
struct zone_truth {
	bool on; /* a visit, perhaps in a gap */
	int64_t from_us, to_us;
	bool inside; /* where the last step ended */
};
struct stay {
	int64_t from_us, to_us;
};
/* The visits that are over for good with this step, and how many. */
#define ZONE_STAYS (PLAN_MAX_POINTS + 2)
int zone_truth_step(struct zone_truth *z, const struct true_place *zone, const struct step *s,
		    struct stay stay[ZONE_STAYS]);

/* Whether a zone has a point; how far it is from the edge of a place. */
bool true_place_has(const struct true_place *zone, struct pt_m at);
double true_place_distance(const struct true_place *place, struct pt_m at);

/* Net crossings, in - out, of the segment a b by the step: for doors. */
int segment_crossed(struct pt_m a, struct pt_m b, const struct step *s);

#endif
