/* SPDX-License-Identifier: Apache-2.0 */
/* watch.h -- one live camera: a thread that connects, decodes, looks, and connects anew.
 *
 * What it sees goes to the bookkeeper. No trouble of one camera touches another.
 */
#ifndef RUN_WATCH_H
#define RUN_WATCH_H

#include "run/bookkeeper.h"
#include "run/login.h"
#include "run/pace.h"
#include "run/wall.h"

struct watch_opts {
	const char *uri;
	bool udp;
	struct login login; /* taken over */
	const char *state;  /* folder for the scene's model, or "" */
	struct wall *wall;
	struct pace *pace;
	struct books *books;
	struct books_camera *to;
};

enum watch_state {
	WATCH_CONNECTS,
	WATCH_SEES,
	WATCH_WAITS, /* until it tries again */
	WATCH_OTHER, /* pictures come, in a shape in which lines would lie elsewhere */
};

struct watch_status {
	enum watch_state state;
	char trouble[256]; /* what went wrong last, or "" */
	int w, h;          /* of its pictures; 0: there was none */
	double fps;        /* pictures looked at, over the last seconds */
	int64_t pictures;  /* decoded, since the start */
	int64_t looked_at;
	int64_t skipped;  /* not looked at, as they came too late */
	int connections;  /* made */
	int64_t last_us;  /* last picture, by the stopwatch; 0: none */
	int64_t late_us;  /* how late the last one was looked at */
	int64_t waits_us; /* WATCH_WAITS: until then, by the stopwatch */
	bool knew_scene;  /* began from what was known before */
	bool moved;       /* it looks elsewhere */
};

struct watch;

/* Starts the thread; strings are copied. NULL when there is no thread to be had. */
struct watch *watch_new(const struct watch_opts *o, struct err *err);
/* Asks the thread to end, without waiting. */
void watch_stop(struct watch *w);
/* Waits until it has ended, the scene's model saved. NULL is allowed. */
void watch_free(struct watch *w);

void watch_status(struct watch *w, struct watch_status *s);
/* Since it was asked last: whether the camera could not be kept up with. */
bool watch_overloaded(struct watch *w);

#endif
