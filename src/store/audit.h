/* SPDX-License-Identifier: Apache-2.0 */
/* audit.h -- what came of counting some windows of time by hand, too; kept beside the counts.
 *
 * An audit is of one line and direction. One of the same line, direction and stretch of time
 * takes the place of the one before. How its numbers are worked out is report/equivalence.h's
 * business; here they are kept.
 */
#ifndef STORE_AUDIT_H
#define STORE_AUDIT_H

#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

struct query;

/* One sample: what people and the machine counted in [start_us, start_us + length_s). */
struct audit_window {
	int64_t start_us;
	int length_s;
	int stratum;   /* samples of one stratum were drawn alike */
	double weight; /* windows of the stretch that it stands for */
	int64_t manual, machine;
};

struct audit {
	int place; /* database id of a line */
	bool in;
	int64_t from_us, to_us; /* begin of the first window, end of the last */
	char params_id[17];     /* that the machine counted the last window with */
	char method[64];
	double margin;
	int samples;
	int64_t manual, machine;
	double bias, lo, hi, unbalanced, spread;
	int df;
	int verdict; /* enum equiv_verdict */
	int more;
	const struct audit_window *window; /* samples of them; written, not read */
};

/* Writes n audits into an existing file, all or none. ERR_IO, ERR_FORMAT, ERR_RANGE (a number
 * that cannot be). */
int audit_write(const char *path, const struct audit *v, int n, struct err *err);

/* All audits, ordered by place, direction (in first) and to_us, into *v, the caller's to free;
 * window is NULL. Returns how many. */
int audit_query(struct query *q, struct audit **v, struct err *err);

#endif
