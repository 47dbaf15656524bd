/* SPDX-License-Identifier: Apache-2.0 */
/* eval_boxes.h -- the boxes that 'footfall eval mot' compares: read, put on the floor, and
 * marked where they do not count. */
#ifndef CMD_EVAL_BOXES_H
#define CMD_EVAL_BOXES_H

#include "cmd/cmd.h"
#include "eval/mot.h"
#include "floor/map.h"

/* What the command line says. */
struct boxes_opts {
	struct map *map;   /* NULL: no calibration */
	double visible;    /* less than this share seen: need not be found; 0: all must */
	struct area *area; /* n_areas of them: --ignore */
	int n_areas;
};
/* Reads --calib, --size, --visible and --ignore. ERR_USAGE, or what the calibration says. Free
 * with boxes_opts_clear(). */
int boxes_opts_parse(struct boxes_opts *o, const struct cmd_args *a, struct err *err);
void boxes_opts_clear(struct boxes_opts *o);

struct boxes {
	struct mot_file truth, tracks;
};
/* The message names file and line. Free with boxes_clear(). */
int boxes_read(struct boxes *b, const char *truth, const char *tracks,
	       const struct boxes_opts *o, struct err *err);
void boxes_clear(struct boxes *b);

/* Whether both sides know any place on the floor. */
bool boxes_have_places(const struct boxes *b);
/* ERR_STATE says which file knows none. */
int boxes_need_places(const struct boxes *b, const char *truth, const char *tracks,
		      struct err *err);
/* True people whose place is not known need not be found on the floor. */
void boxes_ignore_unplaced(struct boxes *b);

#endif
