/* SPDX-License-Identifier: Apache-2.0 */
/* samples.h -- a few pictures spread over a recording, at next to no cost.
 *
 * Pictures that stand alone (key frames) are decoded without those between them. A recording of
 * small pictures with few key frames is decoded as a whole instead, as long as that is a matter
 * of a second.
 */
#ifndef VIDEO_SAMPLES_H
#define VIDEO_SAMPLES_H

#include "base/err.h"
#include "video/source.h"

/* Calls take with about n pictures in order; their t_us rises and means where in the recording
 * they are, not when they were taken. What cannot be read is passed over in silence: reading
 * the recording will say so. Returns how many there were, or ERR_ as the specs deserve. */
int samples_read(const struct source_opts *o, int n,
		 void (*take)(void *arg, const struct frame *f), void *arg, struct err *err);

#endif
