/* SPDX-License-Identifier: Apache-2.0 */
/* query.h -- reading what was counted. Read-only; any number at a time. */
#ifndef STORE_QUERY_H
#define STORE_QUERY_H

#include "base/err.h"
#include "store/writer.h"
#include "types.h"

struct query;

/* Opens an existing file; ERR_IO, ERR_FORMAT (not one of ours, broken, or of a later version).
 */
int query_open(struct query **q, const char *path, struct err *err);
void query_close(struct query *q); /* NULL is allowed */

int query_store(struct query *q, struct store_info *info, struct err *err);

struct query_camera {
	int id;
	char name[NAME_MAX_BYTES];
};
struct query_place {
	int id, camera;         /* database ids */
	struct place_info info; /* geometry: owned by the query, valid until query_close */
};
/* *v: n of them, ordered by name; owned by the query, valid until query_close. Returns n. */
int query_cameras(struct query *q, const struct query_camera **v, struct err *err);
int query_places(struct query *q, const struct query_place **v, struct err *err);

/* First and last observed moment of everything, CLOCK_NONE when there is none. */
int query_span(struct query *q, int64_t *from_us, int64_t *to_us, struct err *err);

/* Minutes with start_us in [from_us, to_us), ordered by start_us, then cover, line, zone, heat,
 * floor, watched, value, then place or camera (values: camera, measure, place, key), one for
 * each (runs that touch are added up). Their place and camera members are database ids. A line
 * or zone that was watched has a minute for each one that its camera observed, of zeros when
 * nobody was there; one without was not watched. params_id is that of the newest run in it. A
 * function may be NULL; the others return 0 to go on, anything else to stop, which is then
 * returned.
 *
 * Where runs touch within a minute a zone's min is the least of theirs and max the most; p95 is
 * the largest of theirs, which the p95 of the whole cannot exceed. More than MINUTE_DWELLS
 * visits come as further calls for the same minute and place with the same min, max and p95,
 * and begun, ended and person_s 0. */
struct query_minutes {
	int (*cover)(void *arg, const struct minute_cover *m);
	int (*line)(void *arg, const struct minute_line *m, const char *params_id);
	int (*zone)(void *arg, const struct minute_zone *m, const char *params_id);
	int (*heat)(void *arg, const struct minute_heat *m);
	/* Of a whole quarter of an hour: of those that start in the time asked for. */
	int (*floor)(void *arg, const struct minute_floor *m);
	/* A key that is a place is a database id, too. */
	int (*value)(void *arg, const struct minute_value *m);
	/* Each place of any kind whose measures were counted in the minute: those that have no
	 * value are 0 there. Files of before version 3 have none. */
	int (*watched)(void *arg, int camera, int place, int64_t start_us);
	void *arg;
};
int query_minutes(struct query *q, int64_t from_us, int64_t to_us,
		  const struct query_minutes *fn, struct err *err);

/* The events of a place in minutes with start_us in [from_us, to_us), ordered by time, into *v,
 * the caller's to free. person means something within one run only. Events are kept for a time
 * only (retention.h). Returns how many. */
int query_events(struct query *q, int place, int64_t from_us, int64_t to_us, struct event **v,
		 struct err *err);

/* The parameter sets that minutes in [from_us, to_us) of a camera (0: of all) were made with:
 * comma-separated params_ids, oldest first, into buf. */
int query_params(struct query *q, int camera, int64_t from_us, int64_t to_us, char *buf,
		 size_t size, struct err *err);

/* The newest plate of a camera, PNG, the caller's to free; *png NULL when there is none. */
int query_plate(struct query *q, int camera, void **png, size_t *len, int64_t *t_us,
		struct err *err);

#endif
