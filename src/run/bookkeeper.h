/* SPDX-License-Identifier: Apache-2.0 */
/* bookkeeper.h -- the one thread that counts what all cameras see, and keeps it.
 *
 * Cameras' threads hand over who was seen; everything here happens in the bookkeeper's thread,
 * so that there is one writer of the database. Each second what is finished goes there; while
 * that does not work it is kept, said once, and counting goes on.
 *
 * A camera's stretch ends when nothing came from it for BOOKS_GAP_S: everybody left, and the
 * minutes until then are finished. The next picture begins another.
 */
#ifndef RUN_BOOKKEEPER_H
#define RUN_BOOKKEEPER_H

#include "conf/conf.h"
#include "floor/map.h"
#include "floor/plan.h"
#include "types.h"

#include <stdint.h>

#define BOOKS_GAP_S 30

/* What a camera is counted by. */
struct books_setup {
	struct conf conf; /* the camera's own */
	struct plan plan;
	char *plan_path;
	struct calib calib;
	bool has_calib;
};
void books_setup_clear(struct books_setup *s);

struct books_status {
	double observed_s;      /* since the business day began, of finished minutes */
	int64_t in, out;        /* crossings of all its lines since books_hour() */
	double hour_observed_s; /* the same for what was observed */
	size_t waiting;         /* rows that the database has not taken yet */
	char trouble[256];      /* why it is not counted, or "" */
};

struct books;
struct books_camera;

/* db: the store's file. Starts the thread; NULL when there is none to be had. */
struct books *books_new(const char *db, struct err *err);
/* Counts all that was handed over, writes it, ends the thread. ERR_IO when something could not
 * be written and is lost. NULL is allowed. */
int books_free(struct books *t, struct err *err);

/* Takes over *s, which is all zero afterwards. observed_s: of this business day, from before.
 */
struct books_camera *books_add(struct books *t, struct books_setup *s, double observed_s);
/* Its thread has ended: counts what it left. cam is not to be used any more. */
void books_remove(struct books *t, struct books_camera *cam);
const struct books_setup *books_setup(const struct books_camera *cam);

/* From the camera's thread. Pictures of w x h come now, whose sightings may be late_s late. */
void books_begin(struct books *t, struct books_camera *cam, int w, int h, double late_s);
/* A frame, as counting_step(); time must rise until books_end(). */
void books_frame(struct books *t, struct books_camera *cam, int64_t t_us, int64_t dur_us,
		 const struct sighting *who, const int *heat_cell, int n);
/* The empty scene as PNG, which is taken over. */
void books_plate(struct books *t, struct books_camera *cam, int64_t t_us, uint8_t *png,
		 size_t len);
void books_end(struct books *t, struct books_camera *cam);

/* From the main thread. Once a second: writes. */
void books_tick(struct books *t);
void books_status(struct books *t, const struct books_camera *cam, struct books_status *s);
/* Begins the next hour's sums. */
void books_hour(struct books *t, struct books_camera *cam);
/* When a tick was last dealt with, by the stopwatch. */
int64_t books_alive_us(struct books *t);
/* Why the database cannot be written, into buf; "" when it can. */
void books_trouble(struct books *t, char *buf, size_t size);

#endif
