/* SPDX-License-Identifier: Apache-2.0 */
/* image.h -- planes of 8-bit pixels, pictures of three planes, and frames with a time. */
#ifndef VIDEO_IMAGE_H
#define VIDEO_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A plane; row y begins at data + y * stride. Whoever filled it in says who owns data. */
struct image {
	uint8_t *data;
	int w, h;
	int stride; /* bytes from row to row; >= w */
};

#define IMAGE_MAX 16384 /* widest and highest picture, pixels */

/* Zeroed, rows 64-byte aligned, owned by the caller: image_clear() frees. Sizes of
 * 1..IMAGE_MAX. */
void image_init(struct image *im, int w, int h);
void image_clear(struct image *im);
/* Copies pixels between planes of equal size. */
void image_copy(struct image *dst, const struct image *src);

static inline uint8_t *image_row(const struct image *im, int y)
{
	return im->data + (ptrdiff_t)y * im->stride;
}

/* Luma and chroma at one size: the analysis picture. Chroma is 128-centred. */
struct yuv {
	struct image y, u, v;
};
void yuv_init(struct yuv *p, int w, int h);
void yuv_clear(struct yuv *p);

/* How luma and chroma relate to colours; only showing a picture needs it. */
enum yuv_matrix { YUV_BT601 = 1, YUV_BT709 };

/* One picture of a source, planar 4:2:0, 8 bits. Planes belong to the source's decoder and are
 * read only; they live until frame_unref(). u and v are (w+1)/2 x (h+1)/2. */
struct frame {
	int64_t t_us;   /* start of its time */
	int64_t dur_us; /* nominal length: what it stands for when the next is far away */
	int64_t index;  /* 0, 1, ...: of the frames that the source handed out */
	int64_t coded;  /* 0-based number of the picture in its recording, undecodable ones
			   counted */
	struct image y, u, v;
	bool full_range; /* luma 0..255; otherwise 16..235 */
	enum yuv_matrix matrix;
	void *ref;
	void (*unref)(void *ref);
};
void frame_unref(struct frame *f); /* leaves *f empty; an empty frame is allowed */

#endif
