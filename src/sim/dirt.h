/* SPDX-License-Identifier: Apache-2.0 */
/* dirt.h -- which parts of a picture are no longer as on the empty stage.
 */
#ifndef SIM_DIRT_H
#define SIM_DIRT_H

#include "sim/canvas.h"

#include <stdbool.h>

/* Tiles of the picture. */
#define DIRT_W 32
#define DIRT_H 16

struct dirt {
	int w, h;   /* of the picture */
	int nx, ny; /* tiles */
	bool *tile; /* row-major */
};

void dirt_init(struct dirt *d, int w, int h); /* all clean */
void dirt_clear(struct dirt *d);
/* A rectangle is about to change; it may reach out of the picture. */
void dirt_mark(struct dirt *d, int x, int y, int w, int h);
void dirt_mark_all(struct dirt *d);
/* Makes c as clean again: luma, the colours and depths of clean where it is dirty, no owners.
 */
void dirt_wipe(struct dirt *d, const struct image *luma, const struct canvas *clean,
	       struct canvas *c);

#endif
