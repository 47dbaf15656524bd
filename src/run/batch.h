/* SPDX-License-Identifier: Apache-2.0 */
/* batch.h -- what was counted, until the database has it.
 *
 * When it cannot be written (a full disk, a file in use) it is kept here and counting goes on.
 * When it becomes too much, where people were goes first, then single events, then the oldest
 * minutes.
 */
#ifndef RUN_BATCH_H
#define RUN_BATCH_H

#include "base/err.h"
#include "count/counter.h"
#include "store/writer.h"

#include <stddef.h>

/* What was given up. */
struct batch_loss {
	size_t where, events; /* rows */
	size_t minutes;
	size_t refused; /* rows that the database cannot take as they are */
};

struct batch;

/* max: rows. */
struct batch *batch_new(size_t max);
void batch_free(struct batch *b); /* NULL is allowed */

/* Copies. */
void batch_add(struct batch *b, const struct count_out *out);
size_t batch_rows(const struct batch *b);
const struct batch_loss *batch_lost(const struct batch *b);

/* Writes all of it and commits: the batch is empty then. On failure nothing of it is in the
 * database, and it keeps everything. */
int batch_write(struct batch *b, struct writer *w, struct err *err);

#endif
