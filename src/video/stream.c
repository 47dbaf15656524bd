/* SPDX-License-Identifier: Apache-2.0 */
/* stream.c -- cameras on the network. */
#include "video/stream.h"

#include "base/str.h"
#include "video/avfile.h"

#include <stdlib.h>
#include <string.h>

#define STALL_S 5
#define JUMP_US (10 * CLOCK_SECOND_US) /* of the stream's clock from picture to picture */

struct stream {
	char *url;
	struct avfile *file;
	struct frame first; /* read when it was opened */
	int64_t first_stamp_us;
	double stall_s;
	int64_t t_us;     /* of the last picture */
	int64_t stamp_us; /* the same, as the stream says */
	int64_t came_us;  /* the same, by the stopwatch */
};

static int ended(const struct stream *s, struct err *err)
{
	const char *why = avfile_complaint(s->file);

	if (avfile_stalled(s->file))
		return err_set(err, ERR_IO, "no picture for %g s", s->stall_s);
	return err_set(err, ERR_IO, "the connection ended%s%s", *why ? ": " : "", why);
}

static int stream_open(struct stream *s, const char *scheme, const struct source_opts *o,
		       struct source_info *info, struct err *err)
{
	struct str url = STR_INIT;
	struct avfile_net net = { .user = o->user,
				  .password = o->password,
				  .udp = o->udp,
				  .stall_s = o->stall_s > 0 ? o->stall_s : STALL_S,
				  .stop = o->stop,
				  .arg = o->arg };

	if (o->n_specs != 1)
		return err_set(err, ERR_USAGE, "'%s:%s': one camera at a time", scheme,
			       o->specs[1]);
	/* Refused without being quoted: messages go to logs. */
	if (strcspn(o->specs[0], "@") < 2 + strcspn(o->specs[0] + 2, "/?#"))
		return err_set(err, ERR_USAGE,
			       "%s: a login does not belong into the address, where everybody "
			       "sees it",
			       scheme);
	str_addf(&url, "%s:%s", scheme, o->specs[0]);
	net.url = s->url = str_take(&url);
	s->stall_s = net.stall_s;
	s->file = avfile_open_net(&net, err);
	if (!s->file)
		return err ? err->code : ERR_IO;
	if (avfile_next(s->file, &s->first, &s->first_stamp_us, NULL) < 0)
		return ended(s, err);
	s->t_us = clock_now_us();
	*info = (struct source_info){ .w = s->first.y.w,
				      .h = s->first.y.h,
				      .fps = avfile_info(s->file)->fps,
				      .start_us = s->t_us,
				      .start_from = START_SOURCE };
	return 0;
}

static int open_rtsp(void *priv, const struct source_opts *o, struct source_info *info,
		     struct err *err)
{
	return stream_open(priv, "rtsp", o, info, err);
}

static int open_rtsps(void *priv, const struct source_opts *o, struct source_info *info,
		      struct err *err)
{
	return stream_open(priv, "rtsps", o, info, err);
}

static int open_http(void *priv, const struct source_opts *o, struct source_info *info,
		     struct err *err)
{
	return stream_open(priv, "http", o, info, err);
}

static int open_https(void *priv, const struct source_opts *o, struct source_info *info,
		      struct err *err)
{
	return stream_open(priv, "https", o, info, err);
}

/* Time that went by since the picture before. */
static int64_t step_us(const struct stream *s, int64_t stamp_us, int64_t came_us)
{
	if (stamp_us != CLOCK_NONE && s->stamp_us != CLOCK_NONE && stamp_us > s->stamp_us &&
	    stamp_us - s->stamp_us < JUMP_US)
		return stamp_us - s->stamp_us;
	return came_us > s->came_us ? came_us - s->came_us : 1;
}

static int stream_read(void *priv, struct frame *f, int timeout_ms, struct err *err)
{
	struct stream *s = priv;
	bool is_first = s->first.unref != NULL;
	int64_t stamp_us = s->first_stamp_us, came_us;

	(void)timeout_ms;
	if (is_first) {
		*f = s->first;
		s->first = (struct frame){ 0 };
	} else if (avfile_next(s->file, f, &stamp_us, NULL) < 0) {
		return ended(s, err);
	}
	came_us = clock_stopwatch_us();
	if (!is_first)
		s->t_us += step_us(s, stamp_us, came_us);
	s->stamp_us = stamp_us;
	s->came_us = came_us;
	f->t_us = s->t_us;
	f->dur_us = (int64_t)(1e6 / avfile_info(s->file)->fps);
	return 0;
}

static double stream_progress(const void *priv)
{
	(void)priv;
	return -1;
}

static const char *stream_note(void *priv)
{
	(void)priv;
	return NULL;
}

static void stream_close(void *priv)
{
	struct stream *s = priv;

	frame_unref(&s->first);
	avfile_close(s->file);
	free(s->url);
}

#define STREAM(kind, scheme, how, what) \
	const struct source_kind kind = { .name = scheme, \
					  .help = what, \
					  .priv_size = sizeof(struct stream), \
					  .live = true, \
					  .open = how, \
					  .read = stream_read, \
					  .progress = stream_progress, \
					  .note = stream_note, \
					  .close = stream_close }

STREAM(stream_rtsp, "rtsp", open_rtsp, "a camera on the network, rtsp://HOST/PATH");
STREAM(stream_rtsps, "rtsps", open_rtsps, "the same, encrypted");
STREAM(stream_http, "http", open_http, "a camera that sends JPEG or a stream by HTTP");
STREAM(stream_https, "https", open_https, "the same, encrypted");
