/* SPDX-License-Identifier: Apache-2.0 */
/* retention.h -- what is kept for a time only. */
#ifndef STORE_RETENTION_H
#define STORE_RETENTION_H

#include "base/err.h"

#include <stdint.h>

/* Deletes the events of all minutes that ended by before_us, and overwrites where they were in
 * the file; minutes and plates stay. *deleted (may be NULL): how many. Others may be at work on
 * the file; while somebody reads it the log keeps its copies until the next call. ERR_IO,
 * ERR_FORMAT. */
int retention_events(const char *path, int64_t before_us, int64_t *deleted, struct err *err);

#endif
