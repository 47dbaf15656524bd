/* SPDX-License-Identifier: Apache-2.0 */
/* canvas.c -- a picture in the making. */
#include "sim/canvas.h"

#include "base/vec.h"

#include <stdlib.h>
#include <string.h>

void canvas_init(struct canvas *c, int w, int h)
{
	size_t n = (size_t)w * (size_t)h;

	*c = (struct canvas){ .w = w, .h = h };
	image_init(&c->y, w, h);
	image_init(&c->u, w, h);
	image_init(&c->v, w, h);
	c->depth = xalign(n * sizeof(*c->depth));
	c->owner = xalign(n * sizeof(*c->owner));
	memset(c->depth, 0xff, n * sizeof(*c->depth));
}

void canvas_clear(struct canvas *c)
{
	image_clear(&c->y);
	image_clear(&c->u);
	image_clear(&c->v);
	free(c->depth);
	free(c->owner);
	*c = (struct canvas){ 0 };
}
