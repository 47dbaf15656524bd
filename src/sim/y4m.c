/* SPDX-License-Identifier: Apache-2.0 */
/* y4m.c -- pictures as a YUV4MPEG2 stream. */
#include "sim/y4m.h"

#include "base/file.h"
#include "base/vec.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct y4m {
	struct file_out out; /* not used for standard output */
	FILE *f;
	const char *name; /* for messages */
	char *path;
	uint8_t *last; /* of the last picture, without padding */
	size_t n;
};

/* Rates are fractions: whole numbers, halves and so on, or those of NTSC. */
static void rate_of(double fps, int64_t *num, int64_t *den)
{
	static const int dens[] = { 1, 2, 3, 4, 5, 6, 8, 10, 100, 1001 };

	for (size_t i = 0; i < sizeof(dens) / sizeof(dens[0]); i++) {
		*num = llrint(fps * dens[i]);
		*den = dens[i];
		if (fabs((double)*num / (double)*den - fps) < 1e-6 * fps)
			return;
	}
	*num = llrint(fps * 1e5);
	*den = 100000;
}

static int cannot_write(const struct y4m *y, struct err *err)
{
	return err_set(err, ERR_IO, "cannot write %s: %s", y->name, strerror(errno));
}

int y4m_open(struct y4m **out, const char *path, int w, int h, double fps, struct err *err)
{
	size_t luma = (size_t)w * (size_t)h, chroma = (size_t)((w + 1) / 2 * ((h + 1) / 2));
	struct file_out file = { 0 };
	int64_t num, den;
	struct y4m *y;
	int rc = 0;

	if (strcmp(path, "-") != 0 && (rc = file_out_open(&file, path, err)) < 0)
		return rc;
	y = xcalloc(1, sizeof(*y));
	y->out = file;
	y->f = file.f ? file.f : stdout;
	y->path = xstrdup(path);
	y->name = file.f ? y->path : "to standard output";
	y->n = luma + 2 * chroma;
	y->last = xmalloc(y->n);
	memset(y->last, 16, luma);
	memset(y->last + luma, 128, 2 * chroma);
	rate_of(fps, &num, &den);
	fprintf(y->f,
		"YUV4MPEG2 W%d H%d F%" PRId64 ":%" PRId64
		" Ip A1:1 C420jpeg XCOLORRANGE=LIMITED\n",
		w, h, num, den);
	*out = y;
	return 0;
}

static uint8_t *take_plane(uint8_t *to, const struct image *im)
{
	for (int row = 0; row < im->h; row++, to += im->w)
		memcpy(to, image_row(im, row), (size_t)im->w);
	return to;
}

int y4m_frame(struct y4m *y, const struct frame *f, struct err *err)
{
	if (f)
		take_plane(take_plane(take_plane(y->last, &f->y), &f->u), &f->v);
	if (fputs("FRAME\n", y->f) == EOF || fwrite(y->last, 1, y->n, y->f) != y->n)
		return cannot_write(y, err);
	return 0;
}

int y4m_close(struct y4m *y, struct err *err)
{
	int rc;

	if (!y)
		return 0;
	if (y->out.f)
		rc = file_out_close(&y->out, err);
	else
		rc = fflush(stdout) == 0 ? 0 : cannot_write(y, err);
	free(y->path);
	free(y->last);
	free(y);
	return rc;
}
