/* SPDX-License-Identifier: Apache-2.0 */
/* walkers.h -- people who walk alone and are seen whole, gathered from a camera's tracks: what
 * selfcalib.h works a camera out from, and checks one with. */
#ifndef RUN_WALKERS_H
#define RUN_WALKERS_H

#include "floor/selfcalib.h"
#include "run/camera.h"

struct walkers;

struct walkers *walkers_new(void);
void walkers_free(struct walkers *w); /* NULL is allowed */

/* One frame's tracks; two frames a second are looked at, and at most WALKERS_MAX people kept.
 */
#define WALKERS_MAX 20000
void walkers_step(struct walkers *w, int64_t t_us, const struct camera_out *out);

/* Those gathered so far, in camera pixels; valid until the next step. */
const struct person_px *walkers_people(const struct walkers *w, int *n);

#endif
