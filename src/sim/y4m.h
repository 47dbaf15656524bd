/* SPDX-License-Identifier: Apache-2.0 */
/* y4m.h -- pictures as a YUV4MPEG2 stream, to a file or a pipe.
 *
 * Planar 4:2:0 with chroma in the middle of its four pixels, limited range; a constant rate.
 */
#ifndef SIM_Y4M_H
#define SIM_Y4M_H

#include "base/err.h"
#include "video/image.h"

struct y4m;

/* path "-" is standard output. A file has its name once it is closed. */
int y4m_open(struct y4m **out, const char *path, int w, int h, double fps, struct err *err);
/* The next picture; f NULL: the one before once more, or black. ERR_IO. */
int y4m_frame(struct y4m *y, const struct frame *f, struct err *err);
int y4m_close(struct y4m *y, struct err *err); /* NULL is allowed */

#endif
