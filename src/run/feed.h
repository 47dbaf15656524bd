/* SPDX-License-Identifier: Apache-2.0 */
/* feed.h -- frames of a source, read ahead by a thread of its own or in the caller's. */
#ifndef RUN_FEED_H
#define RUN_FEED_H

#include "base/err.h"
#include "base/prof.h"
#include "video/source.h"

struct feed;

/* Takes over src. threaded: a thread reads ahead, a few frames at most; else feed_next() reads.
 * on_note is called with each line that the source has to say, from whichever thread reads. */
struct feed *feed_new(struct source *src, bool threaded, void (*on_note)(const char *line));
/* Stops reading and closes the source. NULL is allowed. */
void feed_free(struct feed *f);

/* The next frame (the caller's to frame_unref) and how far the source is read, 0..1 or -1.
 * Returns 0, ERR_EOF, or what the source says. */
int feed_next(struct feed *f, struct frame *frame, double *progress, struct err *err);

/* What reading and decoding took; only when no thread of its own is running any more or feed
 * is not threaded. */
struct prof *feed_prof(struct feed *f);
/* Ends the reading thread; feed_next() then gives what was read. */
void feed_stop(struct feed *f);

#endif
