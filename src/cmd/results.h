/* SPDX-License-Identifier: Apache-2.0 */
/* results.h -- where a command's counts go: --db FILE, --out DIR. */
#ifndef CMD_RESULTS_H
#define CMD_RESULTS_H

#include "base/err.h"

#include <stdint.h>

struct results {
	const char *db; /* to count into */
	char *events;   /* DIR/events.csv, or NULL */
	const char *out;
	char scratch[256]; /* stands in for --db, or "" */
};

/* db, out: as given, or NULL. Makes the folder. Without db the counts still have to be
 * somewhere for the tables at the end: a file that goes with results_close(). */
int results_open(struct results *r, const char *db, const char *out, struct err *err);
/* The table of each business day in between, and its forms as files in out. */
int results_print(const struct results *r, int64_t from_us, int64_t to_us, struct err *err);
void results_close(struct results *r); /* an all-zero one is allowed */

#endif
