/* SPDX-License-Identifier: Apache-2.0 */
/* witness.h -- what a tracker makes of a crowd, without pictures: positions with an error that
 * lasts, people missed for a while, tracks that break, numbers that swap, tracks of nobody.
 *
 * With all of scene_tracks at 0 the sightings are the truth: person ids and exact positions.
 */
#ifndef SIM_WITNESS_H
#define SIM_WITNESS_H

#include "sim/crowd.h"

struct witness;
struct witness *witness_new(const struct scene *s, uint64_t seed);
void witness_free(struct witness *w); /* NULL is allowed */

/* The sightings at t_us (rising). *who: ordered by track, owned by w until its next call; their
 * camera is 0, at is metres, body 0.5 m. Returns how many. */
int witness_step(struct witness *w, int64_t t_us, const struct actor *actors, int n,
		 const struct sighting **who);

#endif
