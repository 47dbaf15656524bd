/* SPDX-License-Identifier: Apache-2.0 */
/* avfile.h -- one video file: opened, demultiplexed and decoded, over FFmpeg's libraries.
 *
 * Decoding runs in the calling thread only, so that broken input gives the same pictures
 * everywhere. FFmpeg prints nothing; its last words become part of our messages.
 *
 * A picture that the decoder marks as damaged is not handed out, nor are those after it, which
 * are made from it, until the next that stands alone or AVFILE_HEAL_S have passed: a smeared
 * picture would fill the background model with people that are not there. They count as
 * not decoded. Damage that a decoder does not notice gets through: HEVC and MS-MPEG-4 have
 * nothing to check their payload by, only their containers do.
 */
#ifndef VIDEO_AVFILE_H
#define VIDEO_AVFILE_H

#include "base/err.h"
#include "video/image.h"

#include <stdbool.h>

#define AVFILE_HEAL_S 10

/* What a file says about itself. */
struct avfile_info {
	double fps;         /* nominal; 25 when the file does not say */
	double duration_s;  /* 0: unknown */
	int64_t created_us; /* metadata's creation time, or CLOCK_NONE */
	int64_t bytes;
};

struct avfile;

/* A camera's stream, over the network. */
struct avfile_net {
	const char *url;             /* without a login */
	const char *user, *password; /* NULL: none */
	bool udp;                    /* rtsp */
	double stall_s; /* longest time between two pictures; 10 s at least to the first */
	bool (*stop)(void *arg); /* asked now and then: true gives up at once; may be NULL */
	void *arg;
};

/* Opens a regular file. ERR_IO, ERR_FORMAT (no video in it, ...); the message has the path. */
struct avfile *avfile_open(const char *path, struct err *err);
/* Opens a stream. The login is in no message. *n is copied, but for what its members point to.
 */
struct avfile *avfile_open_net(const struct avfile_net *n, struct err *err);
/* Whether a stream ended because no picture came for too long. */
bool avfile_stalled(const struct avfile *a);
void avfile_close(struct avfile *a); /* NULL is allowed; frames live on */

const struct avfile_info *avfile_info(const struct avfile *a);
/* Pictures that stand alone (key frames), as far as the file lists them; 0: it has no list. */
int avfile_keys(const struct avfile *a);
/* Bytes of the file that were read. */
int64_t avfile_position(const struct avfile *a);

/* The next good picture. Fills in f but for t_us, dur_us and index; f->coded counts from 0
 * within the file. *stamp_us: since the file's first, CLOCK_NONE when it has none. ERR_EOF at
 * the end. */
int avfile_next(struct avfile *a, struct frame *f, int64_t *stamp_us, struct err *err);

/* The next good picture that stands alone and is not before from_us, decoding nothing between;
 * f and *stamp_us as for avfile_next(), but for f->coded, which is 0. Not to be mixed with
 * avfile_next() after the first call. ERR_EOF at the end. */
int avfile_key(struct avfile *a, int64_t from_us, struct frame *f, int64_t *stamp_us,
	       struct err *err);

/* After ERR_EOF: pictures seen, bad ones included, and why reading ended early or pictures
 * could not be used ("" when all went well). */
int64_t avfile_seen(const struct avfile *a);
const char *avfile_complaint(const struct avfile *a);

/* Reads what the file says about itself without decoding more than that needs. */
int avfile_probe(const char *path, struct avfile_info *info, struct err *err);

#endif
