/* SPDX-License-Identifier: Apache-2.0 */
/* sources.c -- every kind of source that the program knows. To add one, name it here. */
#include "run/sources.h"

#include "sim/simsource.h"
#include "video/recording.h"
#include "video/stream.h"

const struct source_kind *const sources[] = {
	&recording_kind, &simsource_kind, &simlive_kind, &stream_rtsp,
	&stream_rtsps,   &stream_http,    &stream_https, NULL,
};
