/* SPDX-License-Identifier: Apache-2.0 */
/* occupancy.h -- how well the number of people at once is known, minute by minute.
 *
 * Both sides are sampled every 60 s, over the time that the truth is about, and compared:
 *   MAE        mean of |counted - true|
 *   bias       mean of counted - true
 *   exact      share of samples that are equal
 *   within 1   share of samples that are off by at most 1
 *   drift      slope of counted - true by least squares, people an hour: what is missed at a
 *              door adds up
 * Intervals are 95 %, of quarters of an hour drawn at random with repetition (resample.h).
 */
#ifndef EVAL_OCCUPANCY_H
#define EVAL_OCCUPANCY_H

#include "base/err.h"
#include "eval/names.h"
#include "eval/resample.h"

#include <stdint.h>

#define OCCUPANCY_EVERY_US INT64_C(60000000)
#define OCCUPANCY_STORE "(store)" /* no zone can be called that */

/* So many people from t_us on. */
struct occupancy_step {
	int64_t t_us;
	int place; /* index in the names */
	int people;
};

struct occupancy {
	struct occupancy_step *v; /* by place, then by time */
	size_t n, cap;
	int64_t from_us, to_us; /* from the first to the last row of the file */
};

/* Reads CSV of either form, known by its columns:
 *   occupancy.csv of 'footfall sim --truth': t_utc, in_store, and "zone NAME" of each zone
 *   events.csv of 'footfall replay --out': t_utc, kind, name, event; a zone holds who entered
 *   and did not leave, the store who came in over the lines called entry[0 .. n_entry-1] and
 *   did not go out
 * Adds new names. ERR_IO, ERR_FORMAT, ERR_RANGE: the message names file, line and field. *out:
 * all zero before; free with occupancy_clear(). */
int occupancy_read(struct occupancy *out, struct names *names, const char *const *entry,
		   int n_entry, const char *path, struct err *err);
void occupancy_clear(struct occupancy *o);

struct occupancy_score {
	int64_t samples, max_error;
	double truth; /* mean number of people */
	double mae, bias, exact, within1, drift_h;
	struct interval mae_range, bias_range, exact_range;
};

/* Of n samples, one every OCCUPANCY_EVERY_US. */
void occupancy_score_samples(struct occupancy_score *s, const int *truth, const int *counted,
			     size_t n);
void occupancy_score(struct occupancy_score *s, const struct occupancy *truth,
		     const struct occupancy *counted, int place);

#endif
