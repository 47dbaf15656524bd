/* SPDX-License-Identifier: Apache-2.0 */
/* image.c -- planes of 8-bit pixels, pictures of three planes, and frames with a time. */
#include "video/image.h"

#include "base/vec.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

void image_init(struct image *im, int w, int h)
{
	int stride = (w + 63) / 64 * 64;

	assert(w >= 1 && w <= IMAGE_MAX && h >= 1 && h <= IMAGE_MAX);
	*im = (struct image){
		.data = xalign((size_t)stride * (size_t)h),
		.w = w,
		.h = h,
		.stride = stride,
	};
}

void image_clear(struct image *im)
{
	free(im->data);
	*im = (struct image){ 0 };
}

void image_copy(struct image *dst, const struct image *src)
{
	assert(dst->w == src->w && dst->h == src->h);
	for (int y = 0; y < src->h; y++)
		memcpy(image_row(dst, y), image_row(src, y), (size_t)src->w);
}

void yuv_init(struct yuv *p, int w, int h)
{
	image_init(&p->y, w, h);
	image_init(&p->u, w, h);
	image_init(&p->v, w, h);
}

void yuv_clear(struct yuv *p)
{
	image_clear(&p->y);
	image_clear(&p->u);
	image_clear(&p->v);
}

void frame_unref(struct frame *f)
{
	if (f->unref)
		f->unref(f->ref);
	*f = (struct frame){ 0 };
}
