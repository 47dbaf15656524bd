/* SPDX-License-Identifier: Apache-2.0 */
/* audit.h -- how far counts may be from the truth, from what was counted by hand, too.
 *
 * An audit says it of one line and direction, for what the machine counted from the begin of
 * its first sample on, until the next audit of that line and direction begins. What it found is
 * of crossings; passages and persons are made of them.
 */
#ifndef REPORT_AUDIT_H
#define REPORT_AUDIT_H

#include "base/err.h"
#include "report/equivalence.h"
#include "store/audit.h"
#include "store/query.h"

struct str;

/* All audits of a store. An all-zero one has none. */
struct audits {
	struct audit *v;
	int n;
};
int audits_read(struct audits *a, struct query *q, struct err *err);
void audits_clear(struct audits *a);

/* The audit that holds for what place (a database id) counted in a direction from t_us on;
 * NULL: none yet. */
const struct audit *audits_at(const struct audits *a, int place, bool in, int64_t t_us);

/* How many really crossed, 95 % of the time, when the machine counted 'count' in a bucket that
 * t_us is the last moment of. False: nothing is known. Intervals of buckets do not add up to
 * that of their sum, which is narrower: ask for the sum. */
bool audit_interval(const struct audits *a, int place, bool in, int64_t t_us, int64_t count,
		    double *lo, double *hi);

/* "proven within +-5 %: counts 0.8 % too few (90 % interval: 2.3 % too few to 0.9 % too many)"
 */
void audit_words(struct str *out, const struct audit *a);

/* How its numbers came about, for the file and for readers. */
#define AUDIT_METHOD "hull of t, bootstrap-t and exact Poisson, 90 %"

#endif
