/* SPDX-License-Identifier: Apache-2.0 */
/* png.c -- PNG in memory, over libpng.
 *
 * libpng's own "simplified" interface is used: it catches its errors inside, so that no longjmp
 * ever crosses our code.
 */
#include "video/png.h"

#include "base/vec.h"

#include <assert.h>
#include <png.h>

#define DECODE_MAX 4096

void rgba_init(struct rgba *p, int w, int h)
{
	assert(w >= 1 && w <= IMAGE_MAX && h >= 1 && h <= IMAGE_MAX);
	*p = (struct rgba){ .data = xcalloc((size_t)w * (size_t)h, 4), .w = w, .h = h };
}

void rgba_clear(struct rgba *p)
{
	free(p->data);
	*p = (struct rgba){ 0 };
}

int png_encode(const struct rgba *in, uint8_t **png, size_t *len, struct err *err)
{
	png_image im = {
		.version = PNG_IMAGE_VERSION,
		.width = (png_uint_32)in->w,
		.height = (png_uint_32)in->h,
		.format = PNG_FORMAT_RGBA,
	};
	png_alloc_size_t n = PNG_IMAGE_PNG_SIZE_MAX(im);
	uint8_t *buf = xmalloc(n);

	if (!png_image_write_to_memory(&im, buf, &n, 0, in->data, 0, NULL)) {
		free(buf);
		return err_set(err, ERR_STATE, "cannot make a PNG: %s", im.message);
	}
	*png = xrealloc(buf, n, 1);
	*len = n;
	return 0;
}

int png_decode(const uint8_t *png, size_t len, struct rgba *out, struct err *err)
{
	png_image im = { .version = PNG_IMAGE_VERSION };
	struct rgba p = { 0 };
	int rc = 0;

	if (!png_image_begin_read_from_memory(&im, png, len)) {
		rc = err_set(err, ERR_FORMAT, "not a PNG: %s", im.message);
		goto out;
	}
	if (im.width < 1 || im.width > DECODE_MAX || im.height < 1 || im.height > DECODE_MAX) {
		rc = err_set(err, ERR_FORMAT, "PNG of %ux%u pixels; expected at most %dx%d",
			     im.width, im.height, DECODE_MAX, DECODE_MAX);
		goto out;
	}
	im.format = PNG_FORMAT_RGBA;
	rgba_init(&p, (int)im.width, (int)im.height);
	if (!png_image_finish_read(&im, NULL, p.data, 0, NULL)) {
		rc = err_set(err, ERR_FORMAT, "broken PNG: %s", im.message);
		goto out;
	}
	*out = p;
	p = (struct rgba){ 0 };
out:
	png_image_free(&im);
	rgba_clear(&p);
	return rc;
}

/* ITU-R BT.601 and BT.709, with kr and kb from their tables: R = Y' + 2(1-kr)V', B = Y' +
 * 2(1-kb)U', G = Y' - (2kb(1-kb)U' + 2kr(1-kr)V')/kg, where for limited range Y' =
 * (Y-16)*255/219 and U', V' = (C-128)*255/224. All in 1/65536. */
struct coefficients {
	int y0, y, rv, gu, gv, bu;
};

static const struct coefficients *coefficients_of(bool full, enum yuv_matrix matrix)
{
	static const struct coefficients bt601[] = {
		{ 16, 76309, 104597, 25675, 53279, 132201 },
		{ 0, 65536, 91881, 22553, 46802, 116130 },
	};
	static const struct coefficients bt709[] = {
		{ 16, 76309, 117489, 13975, 34925, 138438 },
		{ 0, 65536, 103206, 12276, 30679, 121609 },
	};

	return matrix == YUV_BT709 ? &bt709[full] : &bt601[full];
}

static uint8_t clamp(int v)
{
	v = (v + 32768) >> 16;
	return (uint8_t)(v < 0 ? 0 : v > 255 ? 255 : v);
}

void rgba_from_yuv(struct rgba *out, const struct yuv *in, const struct image *mask,
		   bool full_range, enum yuv_matrix matrix)
{
	const struct coefficients *k = coefficients_of(full_range, matrix);
	uint8_t *px = out->data;

	assert(out->w == in->y.w && out->h == in->y.h);
	assert(!mask || (mask->w == out->w && mask->h == out->h));
	for (int j = 0; j < out->h; j++) {
		for (int i = 0; i < out->w; i++, px += 4) {
			int y = (image_row(&in->y, j)[i] - k->y0) * k->y;
			int u = image_row(&in->u, j)[i] - 128;
			int v = image_row(&in->v, j)[i] - 128;
			bool known = !mask || image_row(mask, j)[i] == 255;

			px[0] = known ? clamp(y + k->rv * v) : 0;
			px[1] = known ? clamp(y - k->gu * u - k->gv * v) : 0;
			px[2] = known ? clamp(y + k->bu * u) : 0;
			px[3] = known ? 255 : 0;
		}
	}
}
