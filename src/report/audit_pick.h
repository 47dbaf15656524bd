/* SPDX-License-Identifier: Apache-2.0 */
/* audit_pick.h -- which windows of time to count by hand: a stratified sample.
 *
 * A line's windows are cut into quiet, usual and busy ones by how many the machine counted, at
 * such places that the sums of the windows' expected errors are alike; from each, as many are
 * drawn at random. So a busy quarter of an hour, which tells more, is likelier to be drawn, and
 * the quiet ones are not left out. (The equal aggregate sigma rule with equal allocation:
 * Saerndal, Swensson & Wretman, "Model Assisted Survey Sampling", 1992, 12.4; with the variance
 * of an error in proportion to the traffic.) A sample's weight is how many windows of its
 * stratum it stands for.
 *
 * The same counts, line and seed give the same sample; what is drawn in one stratum does not
 * depend on the others.
 */
#ifndef REPORT_AUDIT_PICK_H
#define REPORT_AUDIT_PICK_H

#include "base/err.h"
#include "report/audit_counts.h"
#include "store/query.h"

#include <stdint.h>

#define AUDIT_STRATA 3

struct audit_pick_opts {
	int64_t from_us, to_us;
	int minutes; /* of a window, 1 to 60; windows begin at multiples of it of local time */
	int samples; /* of each line; fewer when there are not so many windows */
	uint64_t seed;
};

/* Adds the sample of one line (a place of q) to *r, in order of time. Windows are left out that
 * were not observed (AUDIT_OBSERVED), and those before the first or after the last person of
 * their day: nights. ERR_STATE when nothing is left. */
int audit_pick(struct audit_rows *r, struct query *q, const struct query_place *line,
	       const struct audit_pick_opts *o, struct err *err);

#endif
