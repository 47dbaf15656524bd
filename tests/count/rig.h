/* SPDX-License-Identifier: Apache-2.0 */
/* rig.h -- a counter with places, fed frame by frame, and all that came out of it. */
#ifndef RIG_H
#define RIG_H

#include "base/clock.h"
#include "base/vec.h"
#include "count/counter.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <math.h>

#define RIG_PLACES 16
#define FRAME_US INT64_C(100000) /* ten a second */

/* A whole minute: 2026-01-02T00:00:00Z. */
#define MIDNIGHT_US (INT64_C(1767312000) * CLOCK_SECOND_US)

struct cell_s {
	int64_t start_us;
	struct heat_cell cell;
};

struct rig {
	struct place place[RIG_PLACES];
	struct pt_floor v[RIG_PLACES][PLAN_MAX_POINTS];
	struct plan plan;
	struct counter *c;
	int64_t t_us; /* of the next rig_see */

	VEC(struct event) event;
	VEC(struct count_why) why;
	VEC(struct minute_cover) cover;
	VEC(struct minute_line) line;
	VEC(struct minute_zone) zone;
	VEC(struct cell_s) heat;
	VEC(struct minute_value) value;
	VEC(struct floor_cell) floor;
};

/* cmocka's assert_float_equal knows floats only. */
#define assert_near(a, b, eps) assert_true(fabs((a) - (b)) <= (eps))

/* Places first, then rig_start. */
void rig_init(struct rig *r);
void rig_add(struct rig *r, enum place_kind kind, const struct pt_floor *v, int n);
/* A gate or queue of two places that were added before. */
void rig_pair(struct rig *r, enum place_kind kind, int first, int second);
void rig_start(struct rig *r, const struct count_opts *o, bool metric);
void rig_clear(struct rig *r);

void rig_frame(struct rig *r, int64_t t_us, int64_t dur_us, const struct sighting *who, int n);
void rig_end(struct rig *r);

/* One frame at r->t_us with one person; r->t_us moves on by FRAME_US. */
void rig_see(struct rig *r, int64_t track, double x, double y);
void rig_nobody(struct rig *r, int frames);
/* One person in n steps from where r->t_us is; the first point is (x0, y0), the last (x1, y1).
 */
void rig_walk(struct rig *r, int64_t track, double x0, double y0, double x1, double y1, int n);

/* All parts of a line added up. */
struct minute_line rig_line_sum(const struct rig *r, int place);
struct minute_zone rig_zone_sum(const struct rig *r, int place); /* dwell, min, max, p95: 0 */
double rig_dwell_sum(const struct rig *r, int place);
int rig_dwells(const struct rig *r, int place);
int64_t rig_value(const struct rig *r, int place, enum measure m, int key);
int64_t rig_values(const struct rig *r, int place, enum measure m); /* all keys */
/* Sum of key * value: the milliseconds of a list, the people of groups. */
int64_t rig_key_sum(const struct rig *r, int place, enum measure m);
double rig_observed_s(const struct rig *r);

#endif
