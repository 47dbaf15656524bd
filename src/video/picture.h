/* SPDX-License-Identifier: Apache-2.0 */
/* picture.h -- what a decoder made, as the frames that the program works on. */
#ifndef VIDEO_PICTURE_H
#define VIDEO_PICTURE_H

#include "base/err.h"
#include "video/image.h"

struct AVFrame;
struct AVBufferPool;
struct SwsContext;

/* Turns pictures of other forms into 4:2:0 with 8 bits; all zero to start with. */
struct picture {
	struct SwsContext *sws;
	struct AVBufferPool *pool;
	size_t pool_bytes;
};

/* Takes the picture out of av, which is empty afterwards, and fills in f's planes, range,
 * matrix, ref and unref; nothing else of f. Planar 4:2:0 of 8 bits is handed on as it is, all
 * else is converted: chroma and depth change, luma keeps its range; RGB becomes full-range
 * BT.601. f may be freed from any thread. On failure av keeps the picture. ERR_FORMAT: not a
 * form that can be converted; ERR_RANGE: wider or higher than IMAGE_MAX. */
int picture_take(struct picture *p, struct AVFrame *av, struct frame *f, struct err *err);
void picture_clear(struct picture *p);

#endif
