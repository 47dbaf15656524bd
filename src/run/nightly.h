/* SPDX-License-Identifier: Apache-2.0 */
/* nightly.h -- each business day's report, a few minutes after it is over.
 *
 * 'footfall report' makes it, as a process of its own: whatever happens to it, counting goes
 * on. Days whose report was missed, as the machine was off, are made up for.
 */
#ifndef RUN_NIGHTLY_H
#define RUN_NIGHTLY_H

#include <stdint.h>

#define NIGHTLY_AFTER_S 300 /* after the day's end */
#define NIGHTLY_BACK_D 31   /* days that are made up for at most */

struct nightly_opts {
	const char *db, *reports;
	const char *state; /* folder that says which days are done */
	int day_start_s;   /* business day */
	/* What else 'footfall report' is called with, like "--config", FILE; ends with NULL. */
	const char *const *args;
};

struct nightly;

/* All strings must live as long. */
struct nightly *nightly_new(const struct nightly_opts *o, int64_t now_us);
/* Waits for a report that is being made. NULL is allowed. */
void nightly_free(struct nightly *n);

/* Now and then: begins the next report that is due, and hears of its end. */
void nightly_step(struct nightly *n, int64_t now_us);

#endif
