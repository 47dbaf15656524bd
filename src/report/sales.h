/* SPDX-License-Identifier: Apache-2.0 */
/* sales.h -- what the till and the roster know, joined with counts per bucket; never per
 * person.
 *
 * Sales: a CSV file with the columns time, transactions and amount; a row is a receipt or the
 * sum of a stretch that begins at time. Roster: start, end and associates (how many work in
 * between). Times are the store's local ones, or have an offset. Other columns are left out.
 *
 * Ratios use only minutes in which all entry lines were observed: what the till took while
 * nobody was counted says nothing of conversion.
 */
#ifndef REPORT_SALES_H
#define REPORT_SALES_H

#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

struct sale {
	int64_t t_us;
	int64_t transactions;
	double amount;
};
struct shift {
	int64_t from_us, to_us;
	double associates;
};

struct sales {
	struct sale *sale;
	int n_sale; /* by time */
	struct shift *shift;
	int n_shift; /* by begin */
};

/* Either path may be NULL. The process's zone is the store's. ERR_IO, ERR_FORMAT (the message
 * names file, line and field). */
int sales_read(struct sales *s, const char *till, const char *roster, struct err *err);
void sales_clear(struct sales *s); /* an all-zero one is allowed */

struct day;
/* Fills d->sales; nothing when there are no entry lines. A business day without any sale (or
 * shift) in the files is not known, and not without sales. */
void sales_join(const struct sales *s, struct day *d);

#endif
