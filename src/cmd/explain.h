/* SPDX-License-Identifier: Apache-2.0 */
/* explain.h -- what 'footfall explain' found out about a line and a stretch of time. */
#ifndef CMD_EXPLAIN_H
#define CMD_EXPLAIN_H

#include "base/str.h"
#include "count/counter.h"
#include "floor/plan.h"
#include "types.h"

struct explain_point {
	int64_t t_us;
	struct pt_floor at;
};

/* A track, as far as it was seen around that time. */
struct explain_path {
	int64_t track; /* its birth when it is not confirmed (types.h) */
	bool confirmed;
	bool dropped; /* it was confirmed after all: there is another path of it */
	struct explain_point *v;
	size_t n, cap;
	bool close;     /* came near the line within the stretch: within CLOSE hystereses */
	double nearest; /* to the line then, floor units; INFINITY: not seen then */
	int64_t nearest_us;
	double began, ended; /* how far from the line it was at its ends */
};

/* What became of a crossing, or of a track that came near. */
struct explain_row {
	int64_t t_us; /* of the crossing, or when it was nearest */
	int64_t track;
	int dir; /* 1 in, -1 out; 0 none or there and back */
	enum line_rule rule;
	bool confirmed; /* false: no track that counts */
};

struct explain {
	const char *line, *camera;
	char in_label[NAME_MAX_BYTES], out_label[NAME_MAX_BYTES];
	int64_t from_us, to_us;
	double observed_s;
	bool replayed; /* there are paths; otherwise only what events say */
	bool metric;   /* floor units are metres, y up; otherwise picture heights, y down */
	double near;   /* tracks farther from the line are only counted */
	int elsewhere; /* how many of those there are */
	int in, out;   /* that counted */
	int stored;    /* events in the database of the same line and time; -1: not asked */
	int place;     /* index of the line */
	struct explain_shape {
		char name[NAME_MAX_BYTES];
		enum place_kind kind;
		int n;
		struct pt_floor v[PLAN_MAX_POINTS];
	} * shape; /* all places of the plan */
	int n_shapes;
	struct explain_path *path;
	size_t n_path, cap_path;
	struct explain_row *row; /* in order of time */
	size_t n_row, cap_row;
};

/* NULL when there is none. */
const struct explain_path *explain_path_of(const struct explain *e,
					   const struct explain_row *r);

/* Whether a rule counts: the person crossed. */
bool explain_counts(const struct explain_row *r);
/* "got clear of the line on the other side"; for tracks that count or do not. */
void explain_words(struct str *out, const struct explain *e, const struct explain_row *r);

/* For a terminal; and one HTML page with the paths on the plan. */
void explain_text(struct str *out, const struct explain *e);
void explain_page(struct str *out, const struct explain *e);

#endif
