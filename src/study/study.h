/* SPDX-License-Identifier: Apache-2.0 */
/* study.h -- a design carried out on what was counted, and the forms of its result. */
#ifndef STUDY_STUDY_H
#define STUDY_STUDY_H

#include "base/err.h"
#include "base/str.h"
#include "base/vec.h"
#include "report/heat_change.h"
#include "study/design.h"
#include "study/hours.h"
#include "study/trial.h"

#include <stdbool.h>
#include <stdint.h>

/* Hours of one day that were left out for the same reason. */
struct study_missing {
	char date[11];
	int from_h, to_h;
	char why[160];
	unsigned metrics; /* bit per metric of the design */
	enum arm arm;
};

/* One metric of the design, or one flow. */
struct study_row {
	char label[160];
	struct measure_of of;
	bool known; /* else why_not says what stood in the way */
	char why_not[256];
	struct effect effect;
	int hours[2], hours_planned[2]; /* used, and of the design, of each arm */
};

/* Person-seconds per observed hour of a camera, per cell, in both arms. */
struct study_heat {
	struct query_camera camera;
	float *cells[2];
	double observed_h[2];
};

/* What the file beside the design says of when it was registered. */
struct study_register {
	int n; /* designs that were registered under this file's name, oldest first */
	char first_hash[SHA256_TEXT];
	int64_t first_us;
	bool is_registered; /* this very design is among them, */
	int64_t t_us;       /* since then */
};

struct study {
	const struct design *design;
	struct study_register reg;
	struct store_info store, control; /* control.name "": none of its own */
	int64_t from_us, to_us;           /* of all days */
	char params[8192];                /* params_ids, comma-separated */
	char control_params[8192];

	struct study_row row[DESIGN_METRICS];
	struct study_row *flow;
	int n_flow;
	VEC(struct study_missing) missing;
	struct study_heat *heat;
	int n_heat;
};

/* control NULL: controls are in the same file. ERR_STATE when the file has no such place, or no
 * hour at all can be used; a metric that cannot be judged is no failure (row.known). *design
 * must outlive s. Free with study_clear(). */
int study_run(struct study *s, const struct design *design, struct query *q,
	      struct query *control, struct err *err);
void study_clear(struct study *s); /* an all-zero one is allowed */

/* What the design may be expected to find, from the days of the file before its first day that
 * nothing changed in. Rows as of study_run: effect has se, mde, power_target and level[0]. */
int study_expect(struct study *s, const struct design *design, struct query *q,
		 struct query *control, struct err *err);

/* FILE.registered: a line "HASH TIME" for each time a design was registered, oldest first. A
 * missing file is no failure (n 0). ERR_FORMAT names file and line. */
int study_registered(struct study_register *r, const char *path, const char *hash,
		     struct err *err);
/* Adds a line unless the design is there already. */
int study_register_add(const char *path, const char *hash, int64_t now_us, struct err *err);

/* What may and may not be concluded, a sentence each, the weightiest first; for all forms. */
enum study_tone { STUDY_LOUD = 1, STUDY_MAY, STUDY_MAY_NOT };
int study_says(const struct study *s,
	       void (*say)(void *arg, enum study_tone tone, const char *text), void *arg);

/* "+8.2 %", with a minus sign; "-" for what is not known. */
void study_percent(struct str *out, double share, int decimals);

/* The forms. */
void study_text(const struct study *s, struct str *out);
void study_json(const struct study *s, struct str *out); /* form: study.schema.json */
/* One page that needs nothing from anywhere else; plates are from q. */
int study_html(const struct study *s, struct query *q, struct str *out, struct err *err);
/* The schedule and what it may find, for who registers a design. */
void study_plan_text(const struct design *d, struct str *out);
void study_expect_text(const struct study *s, struct str *out);

#endif
