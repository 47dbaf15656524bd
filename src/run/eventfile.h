/* SPDX-License-Identifier: Apache-2.0 */
/* eventfile.h -- crossings and visits, one by one, as CSV:
 * t_utc,t_local,camera,kind,name,event, person,dwell_s. Times to the millisecond; person is the
 * track's number, which means something within this file only. Ordered by time; written by
 * eventfile_close(). */
#ifndef RUN_EVENTFILE_H
#define RUN_EVENTFILE_H

#include "base/err.h"
#include "floor/plan.h"
#include "types.h"

#include <stddef.h>

struct eventfile;

/* Puts n events in the file's order: by time, place, person, what happened. */
void eventfile_sort(struct event *v, size_t n);
/* "in", "out", "enter", "leave". */
const char *eventfile_word(enum event_kind kind);

/* plan must live as long as the file is open. ERR_IO. */
int eventfile_open(struct eventfile **f, const char *path, const struct plan *plan,
		   const char *camera, struct err *err);
void eventfile_add(struct eventfile *f, const struct event *e);
/* ERR_IO when any line could not be written. NULL is allowed. */
int eventfile_close(struct eventfile *f, struct err *err);

#endif
