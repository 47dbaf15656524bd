/* SPDX-License-Identifier: Apache-2.0 */
/* said.h -- the daemon's state in words: as JSON for 'footfall status', as lines for the log.
 */
#ifndef RUN_SAID_H
#define RUN_SAID_H

#include "base/str.h"
#include "conf/conf.h"
#include "run/bookkeeper.h"
#include "run/watch.h"

struct said_camera {
	char name[NAME_MAX_BYTES];
	struct watch_status watch;
	struct books_status books;
};

struct said {
	char store[NAME_MAX_BYTES];
	int64_t now_us; /* time of day that is counted in */
	int day_start_s;
	int64_t stopwatch_us, began_us;
	double fps, fps_most;   /* pictures a second that are looked at, and shall be */
	int64_t clock_ahead_us; /* the machine's clock, of now_us */
	int64_t memory;
	char trouble[256]; /* of the database, or "" */
	struct said_camera *camera;
	size_t n;
};

void said_json(const struct said *s, struct str *out);
/* The hourly summary. */
void said_log(const struct said *s);

/* What the database has of a camera and the business day that now_us is in: seconds observed.
 */
double said_observed_today(const struct conf *conf, const char *camera, int64_t now_us);

#endif
