/* SPDX-License-Identifier: Apache-2.0 */
/* simsource.h -- a simulated camera as a source of frames: "sim:SCENE" or "sim:SCENE#CAMERA",
 * as fast as it goes; "simlive:..." at the pace of the clock, dropping what comes late. Options
 * follow the scene's name: "sim:door.ini?seconds=60&seed=7".
 *
 * Times are the scene's (source_opts.start_us moves them), of simlive the clock's. simlive goes
 * on until it is closed, unless it was given seconds.
 */
#ifndef SIM_SIMSOURCE_H
#define SIM_SIMSOURCE_H

#include "sim/scene.h"
#include "video/source.h"

extern const struct source_kind simsource_kind, simlive_kind;

/* How many frames of a camera begin within so many seconds. */
int64_t simsource_frames(const struct scene *s, int camera, double seconds);

/* Which frame a live camera hands out elapsed_us after its first: the newest there is, as those
 * before it come too late, but none that was handed out already (all before `next`). *wait_us:
 * how long until it is there; 0: it is. */
int64_t simlive_due(const struct scene *s, int camera, int64_t next, int64_t elapsed_us,
		    int64_t *wait_us);

#endif
