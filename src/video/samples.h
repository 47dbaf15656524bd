/* SPDX-License-Identifier: Apache-2.0 */
/* samples.h -- a few pictures spread over a recording, at next to no cost.
 *
 * Pictures that stand alone (key frames) are decoded without those between them. A recording of
 * small pictures with few key frames is decoded as a whole instead, as long as that is a matter
 * of a second.
 */
#ifndef VIDEO_SAMPLES_H
#define VIDEO_SAMPLES_H

#include "video/source.h"

/* source_sample() of recorded files: what cannot be read is passed over in silence, as reading
 * the recording will say so. */
int samples_read(const struct source_opts *o, int n,
		 void (*take)(void *arg, const struct frame *f), void *arg, struct err *err);

#endif
