/* SPDX-License-Identifier: Apache-2.0 */
/* dwell.h -- how well visits to zones are found, and how long they last.
 *
 * A counted visit is right when it is paired with a true one of the same zone whose time shares
 * at least DWELL_OVERLAP of the time that the two cover together; pairs are chosen so that
 * these shares add up to the most. Of the pairs, with the true length t and the counted p:
 *   MAE    mean of |p - t|          MAPE   mean of |p - t| / t
 *   WAPE   sum of |p - t| / sum t   bias   mean of p - t
 * Intervals are 95 %, of quarters of an hour drawn at random with repetition (resample.h); a
 * visit belongs to the one it begins in.
 */
#ifndef EVAL_DWELL_H
#define EVAL_DWELL_H

#include "base/err.h"
#include "eval/names.h"
#include "eval/resample.h"

#include <stdint.h>

#define DWELL_OVERLAP 0.3

struct visit {
	int64_t from_us, to_us;
	int zone; /* index in the names */
};

struct visits {
	struct visit *v; /* by zone, then by time of their beginning */
	size_t n, cap;
};

/* Reads CSV of either form, known by its columns: visits.csv of 'footfall sim --truth'
 * (from_utc, to_utc, zone), or events.csv of 'footfall replay --out', whose visits are the
 * zones' "leave" rows with their dwell_s. Adds new names of zones. ERR_IO, ERR_FORMAT,
 * ERR_RANGE: the message names file, line and field. *out: all zero before; free with
 * visits_clear(). */
int visits_read(struct visits *out, struct names *names, const char *path, struct err *err);
void visits_clear(struct visits *v);

struct dwell_score {
	int64_t truth, counted, matched;
	double precision, recall; /* 1 where there was nothing to be wrong about */
	double mae_s, mape, wape, bias_s;
	struct interval mae_range, wape_range, bias_range, recall_range;
};

/* What the lengths of n pairs say; the counts and the rest are left alone. */
void dwell_score_pairs(struct dwell_score *s, const double *truth_s, const double *counted_s,
		       size_t n);
/* zone < 0: all of them, each for itself. */
void dwell_score(struct dwell_score *s, const struct visits *truth,
		 const struct visits *counted, int zone);

#endif
