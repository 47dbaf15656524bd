/* SPDX-License-Identifier: Apache-2.0 */
/* witness.h -- what a tracker makes of a crowd, without pictures: positions with an error that
 * lasts, people missed for a while, tracks that break, numbers that swap, tracks of nobody.
 *
 * With all of scene_tracks at 0 the sightings are the truth: person ids and exact positions.
 * As long as nothing needs new numbers (no breaks, swaps or ghosts) tracks have the persons'
 * ids; otherwise they are numbered 1, 2, ... as they begin. No number is used again.
 *
 * The error is of each coordinate: a first-order autoregressive process with standard deviation
 * sd_m whose correlation falls to 1/e in corr_s. Misses are a two-state Markov chain: a share
 * `miss` of the sightings of somebody alone, in runs of mean length miss_s; whoever has
 * somebody within WITNESS_CLOSE_M is missed that many times as easily (people hide each other).
 */
#ifndef SIM_WITNESS_H
#define SIM_WITNESS_H

#include "sim/crowd.h"

#define WITNESS_CLOSE_M 0.7
#define WITNESS_CLOSE_TIMES 3.0
#define WITNESS_SWAP_M 0.5  /* who comes this near may swap numbers, once ... */
#define WITNESS_APART_M 1.0 /* ... until they are this far from each other */

struct witness;
struct witness *witness_new(const struct scene *s, uint64_t seed);
void witness_free(struct witness *w); /* NULL is allowed */

/* The sightings at t_us (rising). *who: ordered by track, owned by w until its next call; their
 * camera is 0, at is metres, body 0.5 m. Returns how many. */
int witness_step(struct witness *w, int64_t t_us, const struct actor *actors, int n,
		 const struct sighting **who);

#endif
