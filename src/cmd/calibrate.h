/* SPDX-License-Identifier: Apache-2.0 */
/* calibrate.h -- what the kinds of 'footfall calibrate' share. */
#ifndef CMD_CALIBRATE_H
#define CMD_CALIBRATE_H

#include "cmd/cmd.h"
#include "run/replay.h"
#include "run/walkers.h"

/* The kinds. a->rest[0] is the kind's word, clips come after it. */
int calibrate_points(const struct cmd_args *a, struct err *err);
int calibrate_people(const struct cmd_args *a, struct err *err);
int calibrate_board(const struct cmd_args *a, struct err *err);
int calibrate_check(const struct cmd_args *a, struct err *err);

/* A clip of the command line. Free with calibrate_clip_clear(), also after a failure. */
struct calibrate_clip {
	struct source_opts source;
	struct source_about about;
	struct source_info info;
	/* What calibrate_clip_run() leaves: who walked alone, the plate as PNG (len 0: none),
	 * and how much of it is proven. */
	struct walkers *walkers;
	uint8_t *plate;
	size_t plate_len;
	double plate_share;
};

/* Opens the clip for a look at its size; sets the store's time zone. */
int calibrate_clip_open(struct calibrate_clip *c, const struct cmd_args *a, struct err *err);
/* Runs it through the line, calibrated by calib or (NULL) not. */
int calibrate_clip_run(struct calibrate_clip *c, const struct cmd_args *a,
		       const struct calib *calib, struct err *err);
void calibrate_clip_clear(struct calibrate_clip *c);

/* --hfov or --lens, as either calibration wants it; *lens is filled in and *known points to it
 * when there is a --lens, else *known is NULL. w x h: of the pictures (0 x 0: not known). */
int calibrate_read_lens(const struct cmd_args *a, int w, int h, double *hfov_deg,
			struct lens *lens, const struct lens **known, struct err *err);

/* Exactly n numbers with commas between. ERR_USAGE: "--option: ... is not FORM". */
int calibrate_numbers(const char *option, const char *text, const char *form, int n, double *v,
		      struct err *err);

/* Every value that was given for an option. */
const struct cmd_given *calibrate_given(const struct cmd_args *a, const char *name);

/* One line about a camera with a lens, to standard output. */
void calibrate_print_lens(const struct lens *l);

/* Writes --out and --picture, those that were asked for. clip: whose plate is drawn on, or
 * NULL. */
int calibrate_write(const struct cmd_args *a, const struct calib *c, int w, int h,
		    const struct calibrate_clip *clip, struct err *err);

#endif
