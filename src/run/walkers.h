/* SPDX-License-Identifier: Apache-2.0 */
/* walkers.h -- people who walk alone and are seen whole, gathered from a camera's masks: what
 * selfcalib.h works a camera out from, and checks one with.
 *
 * Of each part of the picture the last ones are kept, so that it can go on for ever: after a
 * busy day there are people for a calibration, and later for a check of what holds now. What is
 * kept is where outlines ended, and which belong to one way through the picture; no time, and
 * nothing else of anybody.
 */
#ifndef RUN_WALKERS_H
#define RUN_WALKERS_H

#include "floor/selfcalib.h"
#include "run/camera.h"

#include <stddef.h>

/* analysis.max_px for a calibration: the finer the picture, the more exactly outlines end, and
 * the farther away people are measured. */
#define WALKERS_MAX_PX 600000

#define WALKERS_COLS 6 /* parts of the picture */
#define WALKERS_ROWS 4
#define WALKERS_KEPT 60 /* people in each */

struct walkers;

/* Of pictures of img_w x img_h. */
struct walkers *walkers_new(int img_w, int img_h);
void walkers_free(struct walkers *w); /* NULL is allowed */

/* One frame; of another size than img_w x img_h nothing is taken. A few frames a second are
 * looked at, nobody twice who has not moved on. */
void walkers_step(struct walkers *w, int64_t t_us, const struct camera_out *out);

/* Those that are kept, ordered by part of the picture; valid until the next step. */
const struct person_px *walkers_people(struct walkers *w, int *n);

/* All that is kept as bytes, the caller's to free; and back. load: false, and w as it was, when
 * they make no sense or are of another size of picture. */
uint8_t *walkers_save(const struct walkers *w, size_t *len);
bool walkers_load(struct walkers *w, const uint8_t *from, size_t len);

#endif
