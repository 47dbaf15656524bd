/* SPDX-License-Identifier: Apache-2.0 */
/* clip.h -- what commands that run a clip through the line have in common: the clip, --plan,
 * --calib, --start and --causal. */
#ifndef CMD_CLIP_H
#define CMD_CLIP_H

#include "cmd/cmd.h"
#include "run/replay.h"

struct clip {
	struct replay_opts o;
	struct source_about about; /* what the source knows of itself; o points into it */
	struct calib calib;
};

/* From the command line, the settings, and what the source says where neither do; sets the
 * store's time zone. ERR_USAGE and what the files say. Free with clip_clear(), also after a
 * failure. */
int clip_open(struct clip *c, const struct cmd_args *a, struct err *err);
void clip_clear(struct clip *c);

#endif
