/* SPDX-License-Identifier: Apache-2.0 */
/* bench.h -- what the files of 'footfall bench' share. */
#ifndef CMD_BENCH_H
#define CMD_BENCH_H

#include "cmd/cmd.h"

#define BENCH_ROUNDS 7 /* odd: their median counts */

struct bench_opts {
	int w, h, frames; /* of the picture; in a round */
	bool csv;
};

/* At least a nanosecond: nothing is divided by 0. */
double bench_median(const double us[BENCH_ROUNDS]);

/* 'footfall bench count': of a scene, whose file is named. */
int bench_count(const char *scene, bool csv, struct conf *conf, struct err *err);

/* 'footfall bench sim'. */
int bench_sim(const struct bench_opts *o, struct err *err);

#endif
