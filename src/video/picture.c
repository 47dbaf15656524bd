/* SPDX-License-Identifier: Apache-2.0 */
/* picture.c -- what a decoder made, as the frames that the program works on. */
#include "video/picture.h"

#include <libavutil/frame.h>
#include <libavutil/imgutils.h>
#include <libavutil/pixdesc.h>
#include <libswscale/swscale.h>

/* The formats whose name says "full range" are deprecated names of others. */
static enum AVPixelFormat plain_format(enum AVPixelFormat fmt, bool *full)
{
	static const enum AVPixelFormat pairs[][2] = {
		{ AV_PIX_FMT_YUVJ420P, AV_PIX_FMT_YUV420P },
		{ AV_PIX_FMT_YUVJ422P, AV_PIX_FMT_YUV422P },
		{ AV_PIX_FMT_YUVJ444P, AV_PIX_FMT_YUV444P },
		{ AV_PIX_FMT_YUVJ440P, AV_PIX_FMT_YUV440P },
		{ AV_PIX_FMT_YUVJ411P, AV_PIX_FMT_YUV411P },
	};

	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		if (fmt == pairs[i][0]) {
			*full = true;
			return pairs[i][1];
		}
	}
	return fmt;
}

static bool is_rgb(enum AVPixelFormat fmt)
{
	const AVPixFmtDescriptor *d = av_pix_fmt_desc_get(fmt);

	return d && (d->flags & (AV_PIX_FMT_FLAG_RGB | AV_PIX_FMT_FLAG_PAL));
}

/* Untold, high definition is BT.709 and the rest BT.601, as players assume. */
static enum yuv_matrix matrix_of(const AVFrame *av)
{
	switch (av->colorspace) {
	case AVCOL_SPC_BT709:
	case AVCOL_SPC_BT2020_NCL:
	case AVCOL_SPC_BT2020_CL:
		return YUV_BT709;
	case AVCOL_SPC_BT470BG:
	case AVCOL_SPC_SMPTE170M:
	case AVCOL_SPC_FCC:
		return YUV_BT601;
	default:
		return av->height >= 720 ? YUV_BT709 : YUV_BT601;
	}
}

static void drop(void *ref)
{
	AVFrame *av = ref;

	av_frame_free(&av);
}

static struct image plane(const AVFrame *av, int i)
{
	bool chroma = i > 0;

	return (struct image){
		.data = av->data[i],
		.w = chroma ? (av->width + 1) / 2 : av->width,
		.h = chroma ? (av->height + 1) / 2 : av->height,
		.stride = av->linesize[i],
	};
}

static AVBufferRef *buffer(struct picture *p, size_t bytes)
{
	if (p->pool_bytes != bytes) {
		/* Buffers in use keep the old pool alive. */
		av_buffer_pool_uninit(&p->pool);
		p->pool = av_buffer_pool_init(bytes, NULL);
		p->pool_bytes = p->pool ? bytes : 0;
	}
	return p->pool ? av_buffer_pool_get(p->pool) : NULL;
}

static int convert(struct picture *p, AVFrame *dst, const AVFrame *src, bool full,
		   struct err *err)
{
	bool ignored;
	enum AVPixelFormat fmt = plain_format(src->format, &ignored);
	const int *coefficients = sws_getCoefficients(SWS_CS_ITU601);
	const char *name = av_get_pix_fmt_name(fmt);
	int bytes;

	if (!sws_isSupportedInput(fmt))
		return err_set(err, ERR_FORMAT, "pictures of form '%s' cannot be converted",
			       name ? name : "unknown");
	p->sws = sws_getCachedContext(p->sws, src->width, src->height, fmt, src->width,
				      src->height, AV_PIX_FMT_YUV420P,
				      SWS_AREA | SWS_BITEXACT | SWS_ACCURATE_RND, NULL, NULL,
				      NULL);
	bytes = av_image_get_buffer_size(AV_PIX_FMT_YUV420P, src->width, src->height, 64);
	/* Room for the vector code's stores behind the last row. */
	dst->buf[0] = bytes > 0 ? buffer(p, (size_t)bytes + 64) : NULL;
	if (!p->sws || !dst->buf[0])
		return err_set(err, ERR_FORMAT,
			       "pictures of form '%s', %dx%d, cannot be converted",
			       name ? name : "unknown", src->width, src->height);
	sws_setColorspaceDetails(p->sws, coefficients, full, coefficients, full, 0, 1 << 16,
				 1 << 16);
	av_image_fill_arrays(dst->data, dst->linesize, dst->buf[0]->data, AV_PIX_FMT_YUV420P,
			     src->width, src->height, 64);
	dst->format = AV_PIX_FMT_YUV420P;
	dst->width = src->width;
	dst->height = src->height;
	if (sws_scale(p->sws, (const uint8_t *const *)src->data, src->linesize, 0, src->height,
		      dst->data, dst->linesize) != src->height)
		return err_set(err, ERR_FORMAT, "a picture of form '%s' was not converted",
			       name ? name : "unknown");
	return 0;
}

int picture_take(struct picture *p, struct AVFrame *av, struct frame *f, struct err *err)
{
	bool full = av->color_range == AVCOL_RANGE_JPEG;
	enum AVPixelFormat fmt = plain_format(av->format, &full);
	enum yuv_matrix matrix = matrix_of(av);
	AVFrame *own;

	if (av->width < 1 || av->height < 1 || av->width > IMAGE_MAX || av->height > IMAGE_MAX)
		return err_set(err, ERR_RANGE, "picture of %dx%d; expected at most %dx%d",
			       av->width, av->height, IMAGE_MAX, IMAGE_MAX);
	own = av_frame_alloc();
	if (!own)
		return err_set(err, ERR_STATE, "out of memory");
	if (is_rgb(fmt)) {
		full = true;
		matrix = YUV_BT601;
	}
	if (fmt == AV_PIX_FMT_YUV420P && av->linesize[0] >= av->width &&
	    av->linesize[1] >= (av->width + 1) / 2 && av->linesize[2] >= (av->width + 1) / 2) {
		av_frame_move_ref(own, av);
	} else {
		int rc = convert(p, own, av, full, err);

		if (rc < 0) {
			av_frame_free(&own);
			return rc;
		}
		av_frame_unref(av);
	}
	f->y = plane(own, 0);
	f->u = plane(own, 1);
	f->v = plane(own, 2);
	f->full_range = full;
	f->matrix = matrix;
	f->ref = own;
	f->unref = drop;
	return 0;
}

void picture_clear(struct picture *p)
{
	sws_freeContext(p->sws);
	av_buffer_pool_uninit(&p->pool);
	*p = (struct picture){ 0 };
}
