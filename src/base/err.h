/* SPDX-License-Identifier: Apache-2.0 */
/* err.h -- how a function says that it failed, and why.
 *
 * A function that can fail returns 0 or a negative ERR_ code. If a person has
 * to be told why, it also takes a 'struct err' as its last argument and fills
 * it where the failure happens. Callers may add context on the way up; only
 * cmd/ and run/ print it, once. On failure no other output is touched.
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

enum err_code {
	ERR_NONE = 0,
	ERR_IO = -1,     /* the operating system, a device or a peer said no */
	ERR_FORMAT = -2, /* input does not have the form it must have */
	ERR_RANGE = -3,  /* well formed, but a value is out of its limits */
	ERR_STATE = -4,  /* not possible now (not open, not calibrated, ...) */
	ERR_EOF = -5,    /* the source is over; not a fault */
	ERR_AGAIN = -6,  /* nothing yet; call again */
	ERR_USAGE = -7,  /* the command line is wrong */
	ERR_CONFIG = -8, /* the settings, or a file that they name, are wrong */
};

struct err {
	enum err_code code;
	char msg[512]; /* one line, no full stop, starts in lower case */
};

/* Fills *e (NULL: nobody asks) and returns code, so that
 * "return err_set(e, ERR_IO, ...)" reports and leaves in one line. */
int err_set(struct err *e, enum err_code code, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Puts "<context>: " in front of e's message. Nothing happens when e is NULL. */
void err_ctx(struct err *e, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif
