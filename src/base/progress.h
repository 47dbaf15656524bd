/* SPDX-License-Identifier: Apache-2.0 */
/* progress.h -- how far long work is: one line at the bottom of a terminal, nothing elsewhere.
 *
 * One piece of work at a time, begun, stepped and ended by one thread; other threads may log in
 * between, which wipes the line until the next step.
 */
#ifndef BASE_PROGRESS_H
#define BASE_PROGRESS_H

#include <stdint.h>

struct progress {
	double share;     /* done, 0..1; < 0 when nobody knows */
	int64_t frames;   /* done */
	double media_s;   /* recorded time that was worked through */
	double elapsed_s; /* since the beginning */
};

/* Begins; draws nothing when standard error is no terminal. */
void progress_begin(void);
/* Tells how far the work is; draws at most five times a second. elapsed_s is not read. */
void progress_step(const struct progress *p);
/* Wipes the line. Also without a beginning. */
void progress_end(void);

/* The line in at most width columns ("" when that is too few for anything), into buf of at
 * least PROGRESS_TEXT bytes. Returns buf. */
#define PROGRESS_TEXT 256
char *progress_text(const struct progress *p, int width, char *buf);

#endif
