/* SPDX-License-Identifier: Apache-2.0 */
/* png.h -- PNG in memory, over libpng. The only writer of pictures in the program.
 *
 * Only report/, the people-free background plate and what is drawn over it may reach
 * png_encode(); a test checks who calls it.
 */
#ifndef VIDEO_PNG_H
#define VIDEO_PNG_H

#include "base/err.h"
#include "video/image.h"

/* Colours with transparency, 4 bytes R G B A a pixel, rows without gaps. */
struct rgba {
	uint8_t *data;
	int w, h;
};
void rgba_init(struct rgba *p, int w, int h); /* transparent black */
void rgba_clear(struct rgba *p);

/* *png is the caller's to free. ERR_STATE when libpng refuses. */
int png_encode(const struct rgba *in, uint8_t **png, size_t *len, struct err *err);
/* Pictures of at most 4096 x 4096. ERR_FORMAT. */
int png_decode(const uint8_t *png, size_t len, struct rgba *out, struct err *err);

/* YUV to colours with f's range and matrix (BT.601 / BT.709, 8 bits, integer arithmetic).
 * mask: 255 where the picture is known, else transparent; NULL: known everywhere. */
void rgba_from_yuv(struct rgba *out, const struct yuv *in, const struct image *mask,
		   bool full_range, enum yuv_matrix matrix);

#endif
