/* SPDX-License-Identifier: Apache-2.0 */
/* simulate.h -- a simulated store's time from beginning to end: its truth, its radio, one
 * camera's pictures, and, without pictures, its people straight into counting.
 */
#ifndef RUN_SIMULATE_H
#define RUN_SIMULATE_H

#include "base/progress.h"
#include "conf/conf.h"
#include "sim/scene.h"

struct simulate_opts {
	const struct conf *conf;
	const struct scene *scene;
	uint64_t seed;
	double seconds;
	bool pictures;        /* otherwise tracks (witness.h) are counted */
	const char *plan;     /* file of places in metres, or NULL */
	const char *truth;    /* folder for the truth, which is there; NULL: none */
	const char *measures; /* without truth: file for what the measures were, or NULL */
	const char *y4m;      /* file for the pictures of camera, "-" or NULL; with pictures */
	int camera;           /* index */
	const char *pcap;     /* file for what is heard by radio, or NULL */
	const char *db;       /* without pictures: what to count into; NULL: nothing */
	const char *events;   /* without pictures: events as CSV, or NULL */
	bool (*stop)(void);   /* asked once a tick: true ends it early */
	void (*progress)(const struct progress *p); /* may be NULL */
};

/* The cell of the heat map that p is in: the floor's rectangle takes the picture's place, north
 * up. -1: none. */
int simulate_cell(const struct scene_floor *f, struct pt_floor p);

/* The crossings of a line: with pictures the true ones, without those counted. */
struct simulate_line {
	char name[NAME_MAX_BYTES];
	int64_t in, out;
};

struct simulate_result {
	int64_t people, groups;
	struct simulate_line *line; /* n_lines of them; free() it, also after a failure */
	int n_lines;
	int64_t pictures; /* drawn, of all cameras */
	int64_t from_us, to_us;
	bool stopped; /* ended early by stop() */
	int64_t took_us;
};

/* Files are whole also when it is stopped. */
int simulate(const struct simulate_opts *o, struct simulate_result *r, struct err *err);

#endif
