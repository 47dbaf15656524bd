/* SPDX-License-Identifier: Apache-2.0 */
/* fake_query.h -- a store in memory that answers store/query.h, filled by hand. */
#ifndef FAKE_QUERY_H
#define FAKE_QUERY_H

#include "store/audit.h"
#include "store/query.h"

/* Begins an empty store; what there was is forgotten. query_open() then opens it, whatever the
 * path. */
struct query *fake_new(const char *name, const char *zone, int business_day_start_s);
void fake_free(void);

/* All return the database id. Call in the order of the names. */
int fake_camera(const char *name);
int fake_line(int camera, const char *name, enum line_role role);
int fake_zone(int camera, const char *name, double engaged_s);
/* A gate, queue or fixture; in_label and out_label are "left" and "right". */
int fake_place(int camera, const char *name, enum place_kind kind);
/* Canonical text of the last place; static. */
void fake_geometry(const char *text);
void fake_labels(const char *in, const char *out);

/* The place belongs to a plan that is not in use: without minutes unless they are given. */
void fake_unwatched(int place);

/* Minutes, in any order. A place without one in a minute that its camera covers has zeros. */
void fake_cover(int camera, int64_t start_us, double observed_s);
void fake_lines(const struct minute_line *m);
void fake_zones(const struct minute_zone *m);
void fake_heat(int camera, int64_t start_us, int cell, float person_s);

/* Of the store's measures; place -1: the whole camera. Minutes that their camera covers are
 * measured, until fake_unmeasured(): then those of t_us and later are not. */
void fake_value(int camera, int place, int64_t start_us, enum measure m, int key,
		int64_t value);
void fake_unmeasured(int64_t t_us);
/* One cell of the floor, at the begin of a quarter. */
void fake_floor(int camera, int64_t start_us, int x, int y, uint32_t person_ms, int stops);

/* In the order of audit_query(). */
void fake_audit(const struct audit *a);

/* From t_us on minutes were made with these parameters. */
void fake_params(int64_t t_us, const char *params_id);
void fake_plate(int camera, void *png, size_t len, int64_t t_us); /* takes png over */

#endif
