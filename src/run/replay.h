/* SPDX-License-Identifier: Apache-2.0 */
/* replay.h -- the whole line over a recording, as fast as it goes. */
#ifndef RUN_REPLAY_H
#define RUN_REPLAY_H

#include "base/prof.h"
#include "base/progress.h"
#include "conf/conf.h"
#include "count/counter.h"
#include "floor/map.h"
#include "run/camera.h"
#include "video/source.h"

/* Somebody who looks on. Any of these may be NULL. */
struct replay_watch {
	void *ctx;
	/* Once, before the first frame. calib NULL: none; both live until the replay ends. */
	void (*begin)(void *ctx, const struct plan *plan, const struct calib *calib);
	/* After each frame; false: enough was seen, and the replay ends as at the clip's end.
	 */
	bool (*frame)(void *ctx, int64_t t_us, const struct camera_out *out);
	/* An event is told when it is sure, which may be later than the next ones' time. */
	void (*event)(void *ctx, const struct event *e);
	/* Why a path over a line counted or not, and what was observed, as they become known.
	 */
	void (*why)(void *ctx, const struct count_why *w);
	void (*cover)(void *ctx, const struct minute_cover *m);
	/* At the end, the empty scene as PNG and how much of it is proven; len 0: nothing. */
	void (*plate)(void *ctx, const uint8_t *png, size_t len, double share);
};

struct replay_opts {
	const struct conf *conf;
	struct source_opts source;
	const char *plan; /* files; NULL: none */
	const char *calib;
	const struct calib *known_calib; /* without calib: what the source knows, or NULL */
	const char *db;
	const char *mot;    /* MOTChallenge file to write, or NULL */
	const char *events; /* events as CSV, or NULL */
	bool causal;        /* no look over the recording beforehand: as live */
	int threads;        /* 1: none beside the caller's; the result is the same for any */
	const struct replay_watch *watch; /* or NULL */
	bool (*stop)(void);               /* asked once a frame: true ends the replay early */
	void (*progress)(const struct progress *p); /* told after each frame; may be NULL */
};

struct replay_result {
	struct source_info source;
	int64_t frames;            /* analysed */
	int64_t first_us, last_us; /* first frame's time, end of the last frame's */
	double observed_s;
	int64_t tracks; /* confirmed */
	double plate_share;
	bool stopped; /* ended early by stop() */
	struct prof prof;
	int64_t took_us; /* by the stopwatch: for people, not for files */
};

/* Replays. What was counted until then is kept in the database also when it fails or is
 * stopped. Lines for a person (pictures lost, a broken database set aside) go to the log. */
int replay(const struct replay_opts *o, struct replay_result *r, struct err *err);

#endif
