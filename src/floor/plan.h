/* SPDX-License-Identifier: Apache-2.0 */
/* plan.h -- a store's lines and zones, as the installer drew them: one JSON file.
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
	enum line_role role; /* lines */
	double engaged_s;    /* zones: a visit this long counts as engaged */
	enum plan_coords coords;
	int n; /* points: a line has 2 or more, a zone 3 or more */
	double xy[PLAN_MAX_POINTS][2];
	/* Lines: the words for the two directions on reports; "in" and "out" at first. */
	char in_label[NAME_MAX_BYTES], out_label[NAME_MAX_BYTES];
};

struct plan {
	struct place *place; /* n of them */
	int n;
};

/* Reads and checks a plan: unique names, coordinates in range, no zone that crosses itself, no
 * line of no length. *out is filled only when all is right; free with plan_clear(). The message
 * names file and field. */
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
