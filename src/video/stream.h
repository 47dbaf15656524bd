/* SPDX-License-Identifier: Apache-2.0 */
/* stream.h -- cameras on the network, over libavformat: rtsp://, rtsps://, http://, https://.
 *
 * Times are the stream's own, made to rise, from the moment on at which it was opened: a jump
 * of the camera's clock becomes the time that really went by. ERR_IO when no picture came for
 * source_opts.stall_s or the connection ended; to go on it has to be opened anew.
 */
#ifndef VIDEO_STREAM_H
#define VIDEO_STREAM_H

#include "video/source.h"

extern const struct source_kind stream_rtsp, stream_rtsps, stream_http, stream_https;

#endif
