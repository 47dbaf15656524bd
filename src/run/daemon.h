/* SPDX-License-Identifier: Apache-2.0 */
/* daemon.h -- all cameras of a store, day and night. */
#ifndef RUN_DAEMON_H
#define RUN_DAEMON_H

#include "base/str.h"
#include "conf/conf.h"

struct daemon_opts {
	struct conf *conf; /* read and checked; the daemon's until it ends */
	bool (*stop)(void);
	bool (*reload)(void); /* true once for each time that it was asked for */
	/* Reads and checks the settings anew: as cmd_reread(). */
	int (*reread)(void *ctx, struct conf *out, struct str *problems);
	void *ctx;
	const char *const *report_args; /* as nightly_opts has them */
};

/* Runs until stop() is true. ERR_CONFIG when the settings lead nowhere; what goes wrong with a
 * camera or the database later on is told to the log, and it goes on. */
int daemon_run(const struct daemon_opts *o, struct err *err);

#endif
