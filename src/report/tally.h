/* SPDX-License-Identifier: Apache-2.0 */
/* tally.h -- what the measures of store/measure.h counted of one place (or camera), per bucket
 * and in all.
 */
#ifndef REPORT_TALLY_H
#define REPORT_TALLY_H

#include "base/vec.h"
#include "types.h"

#include <stdbool.h>
#include <stdint.h>

/* Beside the store's measures: a line's crossings in minutes whose measures were counted. */
enum { TALLY_CROSSED_IN = MEASURE_END, TALLY_CROSSED_OUT, TALLY_END };

struct tally_cell {
	int measure; /* enum measure, or one of the above */
	int key;     /* as of the measure; a place is a database id */
	int64_t value;
};

/* One bucket. observed_s == 0: nothing is known, and no number may be shown. */
struct tally_row {
	double observed_s; /* of minutes whose measures were counted */
	const struct tally_cell *v;
	int n; /* by measure, then key, each once */
};

/* All zero to start with. */
struct tally {
	struct tally_row *row, total; /* one per bucket; filled by tally_finish() */
	/* its own: */
	VEC(struct tally_cell) cells, now;
	size_t *from; /* of each bucket in cells */
	int n_bucket, bucket;
};

void tally_init(struct tally *t, int n_bucket);
/* Buckets come in order. */
void tally_add(struct tally *t, int bucket, struct tally_cell cell);
void tally_finish(struct tally *t);
void tally_clear(struct tally *t); /* an all-zero one is allowed */

/* Over all keys, and of one key (or_more: and of those above it). */
int64_t tally_sum(const struct tally_row *r, int measure);
int64_t tally_at(const struct tally_row *r, int measure, int key, bool or_more);

/* Of a MEASURE_LIST: how many, and how long. Percentiles by nearest rank. All 0 without any. */
struct tally_times {
	int64_t n;
	double mean_s, p50_s, p90_s, max_s;
};
struct tally_times tally_times(const struct tally_row *r, int measure);

/* Of sums by number and of levels: sum of key * value, and the largest key. */
int64_t tally_weighted(const struct tally_row *r, int measure);
int tally_most(const struct tally_row *r, int measure);

#endif
