/* SPDX-License-Identifier: Apache-2.0 */
/* counting.h -- the second half of the line: sightings become counts, and counts are kept.
 *
 * Behind a camera's stages (replay.h), or behind tracks that no camera made (simulate.h).
 */
#ifndef RUN_COUNTING_H
#define RUN_COUNTING_H

#include "conf/conf.h"
#include "count/counter.h"
#include "floor/map.h"
#include "floor/plan.h"
#include "run/batch.h"
#include "types.h"

/* Reads a plan and tells the log what is odd in it. Places of other cameras leave it, and those
 * in metres that the camera's picture does not show: they would be counted as 0. A plan with
 * none for this camera is refused. camera NULL: all places stay. calib: the camera's, or NULL.
 */
int counting_read_plan(struct plan *out, const char *path, const char *camera,
		       const struct calib *calib, struct err *err);

struct counting_opts {
	const struct conf *conf;
	const struct plan *plan; /* must live as long; may have no places */
	const char *plan_path;   /* for messages */
	/* The camera's picture, and its calibration (NULL: none). 0 x 0: no camera, the floor
	 * is the plan, in metres. */
	int img_w, img_h;
	const struct calib *calib;
	/* What else the numbers depend on, as JSON members: "\"causal\":false". */
	const char *params;
	double late_s;           /* how much later than its frame a sighting may come */
	const char *db, *events; /* files; NULL: none */
	/* Not NULL: rows wait for counting_flush(), which tries until the database takes them.
	 * *checked: whether this process knows that the file is whole; set when it does. */
	bool *checked;
	/* Told of each event when it is sure; may be NULL. */
	void (*on_event)(void *ctx, const struct event *e);
	/* Told why paths over a line counted or not, and what was observed; may be NULL. */
	void (*on_why)(void *ctx, const struct count_why *w);
	void (*on_cover)(void *ctx, const struct minute_cover *m);
	void *ctx;
};

struct counting;

/* NULL and *err on failure: ERR_CONFIG when the plan does not fit the camera, or what the files
 * say. */
struct counting *counting_open(const struct counting_opts *o, struct err *err);

/* The next frame, and what became known with it: who was seen in it or in frames before, with
 * the heat map's cells. What is counted is safe in the database within a second or so. */
int counting_step(struct counting *c, int64_t t_us, int64_t dur_us, const struct sighting *who,
		  const int *heat_cell, int n, struct err *err);
/* The empty scene for the database, if there is one. */
int counting_plate(struct counting *c, int64_t t_us, const void *png, size_t len,
		   struct err *err);
bool counting_has_db(const struct counting *c);

/* With o->checked: brings the database up to date. On failure all is kept for the next time, as
 * far as there is room (batch.h). */
int counting_flush(struct counting *c, struct err *err);
/* Rows that wait, and what was given up of them. */
size_t counting_waiting(const struct counting *c);
const struct batch_loss *counting_lost(const struct counting *c);

/* No more frames: the last ones are counted. */
int counting_end(struct counting *c, struct err *err);

double counting_observed_s(const struct counting *c);
/* Crossings so far of the plan's place, a line; in or out. */
int64_t counting_crossings(const struct counting *c, int place, bool in);

/* Closes the files, whole also without counting_end(), and frees. NULL is allowed. */
int counting_close(struct counting *c, struct err *err);

#endif
