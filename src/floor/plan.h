/* SPDX-License-Identifier: Apache-2.0 */
/* plan.h -- a store's places, as the installer drew them: one JSON file.
 *
 * Schema: calib/plan.schema.json. Coordinates are relative to the camera's picture (0..1) or
 * metres on the floor plan; Frigate's "x,y,x,y,..." strings are taken for relative ones.
 */
#ifndef FLOOR_PLAN_H
#define FLOOR_PLAN_H

#include "base/err.h"
#include "types.h"

#define PLAN_MAX_PLACES 256
#define PLAN_MAX_POINTS 64

enum plan_coords { PLAN_IMAGE = 1, PLAN_METRES };

struct place {
	char name[NAME_MAX_BYTES];   /* unique; letters of any script, digits, space, - _ . */
	char camera[NAME_MAX_BYTES]; /* "" means: of every camera (a plan with one camera) */
	enum place_kind kind;
	int role;         /* enum line_role of a line, zone_role of a zone, else 0 */
	double engaged_s; /* zones: a visit this long counts as engaged */
	enum plan_coords coords;
	/* Points: a line or fixture has 2 or more, a zone 3 or more, gates and queues none: */
	int n;
	double xy[PLAN_MAX_POINTS][2];
	/* they are made of two places. Gate: its first and its second line. Queue: the zones
	 * at its head and at its tail. */
	char part[2][NAME_MAX_BYTES];
	/* Lines and fixtures: the words for the two directions, or for the left and the right
	 * side, on reports; "in", "out" and "left", "right" at first. */
	char in_label[NAME_MAX_BYTES], out_label[NAME_MAX_BYTES];
};

struct plan {
	struct place *place; /* n of them */
	int n;
};

/* "line", "zone", ...; "place" for PLACE_NONE. */
const char *plan_kind_name(enum place_kind kind);
/* Index of the place of that kind and name, or -1. */
int plan_find(const struct plan *p, enum place_kind kind, const char *name);
/* The places that a gate or queue is made of: indices, -1 where the plan has none of that name.
 */
void plan_parts(const struct plan *p, const struct place *of, int part[2]);

/* Reads and checks a plan: unique names, coordinates in range, no zone that crosses itself, no
 * line of no length, gates and queues of two places of one camera. *out is filled only when all
 * is right; free with plan_clear(). The message names file and field. */
int plan_read(struct plan *out, const char *path, struct err *err);
void plan_clear(struct plan *p); /* an all-zero plan is allowed */

/* The place as canonical JSON text (the caller frees), for params_id and the database: all that
 * the numbers depend on, so without the words for the directions. */
char *place_text(const struct place *p);

/* What a careful installer would be told about place i: it lies at the picture's edge where
 * nobody can be seen to cross, is outside the picture, overlaps another entry line, ... NULL
 * when there is nothing (more). n: 0, 1, ... walks the warnings. The text is in buf. */
const char *plan_lint(const struct plan *p, int i, int n, char *buf, int size);

#endif
