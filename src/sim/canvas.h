/* SPDX-License-Identifier: Apache-2.0 */
/* canvas.h -- a picture in the making: colours, how far away, and whose pixel it is.
 *
 * Chroma is at full size here and is halved when the frame is handed out.
 */
#ifndef SIM_CANVAS_H
#define SIM_CANVAS_H

#include "video/image.h"

#include <stdint.h>

#define CANVAS_FAR 65535

struct canvas {
	int w, h;
	struct image y, u, v; /* w x h each */
	/* Row-major, w x h. Distance along the camera's axis in units of 2 mm (up to 131 m);
	 * CANVAS_FAR: nothing there. */
	uint16_t *depth;
	/* 0: scene; i + 1: the i-th actor of the frame. */
	uint16_t *owner;
};

void canvas_init(struct canvas *c, int w, int h);
void canvas_clear(struct canvas *c); /* frees; an all-zero one is allowed */

#endif
