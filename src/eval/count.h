/* SPDX-License-Identifier: Apache-2.0 */
/* count.h -- how well crossings are counted: bin by bin, and one by one.
 *
 * Of each line and direction, p crossings were counted in a bin of 15 minutes of which t are
 * true:
 *   MAE, RMSE   mean of |p - t|, root of the mean of its square, over the bins
 *   WAPE        sum of |p - t| / sum of t; 0 when nothing was true and nothing counted
 *   bias        sum of (p - t) / sum of t
 *   max         largest |p - t|
 * One by one, a counted crossing is right when it is paired with a true one of the same line
 * and direction that is at most the tolerance away; as many pairs are made as can be, and of
 * those choices the one with the least time between them in all. From this precision, recall
 * and F1.
 *   closure     of a line and day |in - out| / max(in, out): how far a door whom everybody
 *               leaves by is from balance; 0 when nobody came or went
 * Intervals are 95 %, of quarters of an hour drawn at random with repetition (resample.h).
 */
#ifndef EVAL_COUNT_H
#define EVAL_COUNT_H

#include "base/err.h"
#include "eval/names.h"
#include "eval/resample.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define COUNT_BIN_US (INT64_C(15) * 60 * 1000000)

struct crossing {
	int64_t t_us;
	int line; /* index in the names */
	bool in;
};

struct crossings {
	struct crossing *v; /* by time */
	size_t n, cap;
};

/* Reads the crossings of a CSV file with a head line: events.csv of 'footfall replay --out', or
 * crossings.csv of 'footfall sim --truth'. Columns are found by their names: t_utc; name or
 * line; event or direction ("in", "out"); rows whose kind is not "line" are left out. Adds new
 * names of lines. ERR_IO, ERR_FORMAT: the message names file and line. *out: all zero before;
 * free with crossings_clear(). */
int crossings_read(struct crossings *out, struct names *names, const char *path,
		   struct err *err);
/* The same from text of len bytes; messages name the line only. */
int crossings_parse(struct crossings *out, struct names *names, const char *text, size_t len,
		    struct err *err);
void crossings_clear(struct crossings *c);

/* Ratios are NaN where something was counted and nothing true. */
struct count_score {
	int64_t truth, counted;
	int64_t bins, empty_bins; /* empty: nothing true, nothing counted */
	double mae, rmse, wape, bias;
	int64_t max_error;
	int64_t matched;
	double precision, recall, f1; /* 1 where there was nothing to be wrong about */
	double off_s;                 /* mean |time between| of those matched */
	struct interval wape_range, bias_range, f1_range;
};

/* |in - out| / max(in, out). */
double count_closure(int64_t in, int64_t out);

/* What the bins say: truth[i] and counted[i] of n bins. The rest is 0. */
void count_score_bins(struct count_score *s, const int64_t *truth, const int64_t *counted,
		      size_t n);

/* One line and direction. Bins are whole quarters of an hour UTC, from the one that from_us is
 * in to the one that to_us is in. */
struct count_span {
	int64_t from_us, to_us;
};
/* From the first to the last crossing of both. */
struct count_span count_span_of(const struct crossings *truth, const struct crossings *counted);
/* line and in choose; line < 0: all of one direction, and both < 0: all, of which bins are each
 * line's and direction's own and pairs never mix. n_lines: how many there are. */
void count_score(struct count_score *s, const struct crossings *truth,
		 const struct crossings *counted, int n_lines, int line, int in,
		 struct count_span span, double tolerance_s);

#endif
