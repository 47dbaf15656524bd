/* SPDX-License-Identifier: Apache-2.0 */
/* source.h -- where frames come from: recorded files, cameras, a simulated store.
 *
 * A source is used by one thread at a time. Frames come in order of time: t_us always rises.
 */
#ifndef VIDEO_SOURCE_H
#define VIDEO_SOURCE_H

#include "base/clock.h"
#include "base/err.h"
#include "video/image.h"

struct source_kind;

struct source_opts {
	/* "file:a.mp4", or a bare path, folder or glob pattern. Several are one recording, put
	 * in order by their start times. */
	const char *const *specs;
	int n_specs;
	int64_t start_us; /* of the recording's first file, or CLOCK_NONE: find out */
	/* What there is to choose from, ends with NULL; the first is what a bare path means.
	 * NULL: recorded files only. */
	const struct source_kind *const *kinds;
	/* For what is read over the network. */
	const char *user, *password; /* NULL: none */
	bool udp;
	/* Without a picture for this long, and 10 s at least before the first: ERR_IO. 0: 5 s.
	 */
	double stall_s;
	bool (*stop)(void *arg); /* true: give up waiting; may be NULL */
	void *arg;
};

/* Where a recording's start time is from, surest first. */
enum start_from {
	START_NONE,
	START_GIVEN,    /* source_opts.start_us */
	START_NAME,     /* a file name, read in the store's zone */
	START_METADATA, /* the container's creation time */
	START_UNKNOWN,  /* none of these: 2000-01-01 00:00 in the store's zone */
	START_SOURCE,   /* the source itself knows */
};

struct source_info {
	int w, h; /* of the first frame's picture, pixels, after rotation metadata is ignored */
	double fps;        /* nominal, of the first file */
	double duration_s; /* of all files together; 0 when not known */
	int64_t start_us;  /* of the first frame */
	enum start_from start_from;
	int n_files;
};

/* What a source knows of where it stands. NULL and 0: nothing. */
struct source_about {
	char *store, *camera; /* names */
	char *time_zone;      /* IANA name */
	char *plan;           /* path of a file of lines and zones */
	char *calib;          /* calibration, the text of a file of calib/camera.schema.json */
};
void source_about_clear(struct source_about *a); /* an all-zero one is allowed */

/* One kind of source. To add one, write a file and name it in run/sources.c. */
struct source_kind {
	const char *name; /* "file"; also the scheme in "file:a.mp4" */
	const char *help; /* one line */
	size_t priv_size; /* zeroed by source_open(), handed to all below */
	bool live;        /* late frames are dropped; otherwise we wait */

	int (*open)(void *priv, const struct source_opts *o, struct source_info *info,
		    struct err *err);
	/* Fills *f with the next picture. Blocks at most timeout_ms (files: as long as it
	 * takes; streams: stall_s). Returns 0, ERR_AGAIN, ERR_EOF, or ERR_IO (live: then it is
	 * reopened). */
	int (*read)(void *priv, struct frame *f, int timeout_ms, struct err *err);
	/* Share of the source that was read, 0..1; -1 when nobody knows. */
	double (*progress)(const void *priv);
	/* The next line that a person should be told ("'b.mp4': 12 pictures after 00:03:12 did
	 * not decode"), or NULL. Owned by the source, valid until the next call. */
	const char *(*note)(void *priv);
	void (*close)(void *priv); /* also after a failed open */

	/* What source_about() and source_sample() say, without opening; either may be NULL. */
	int (*about)(const struct source_opts *o, struct source_about *out, struct err *err);
	int (*sample)(const struct source_opts *o, int n,
		      void (*take)(void *arg, const struct frame *f), void *arg,
		      struct err *err);
};

struct source;

/* Opens; NULL and *err when that fails. Free with source_close(). */
struct source *source_open(const struct source_opts *o, struct err *err);
void source_close(struct source *s); /* NULL is allowed; no frame of it may still be held */

const struct source_info *source_info(const struct source *s);
bool source_live(const struct source *s);
int source_read(struct source *s, struct frame *f, int timeout_ms, struct err *err);
double source_progress(const struct source *s);
const char *source_note(struct source *s);

/* What the source that would be opened knows of itself. *out: the caller's to clear; all zero
 * when it knows nothing, and on failure. */
int source_about(const struct source_opts *o, struct source_about *out, struct err *err);

/* Calls take with about n pictures spread over the whole source, in order, at next to no cost;
 * each lives until take returns. Their t_us rises and means where in it they are, not when they
 * were taken. What cannot be read is passed over in silence. Returns how many there were (0
 * when this kind of source cannot be looked at ahead), or ERR_ as the specs deserve. */
int source_sample(const struct source_opts *o, int n,
		  void (*take)(void *arg, const struct frame *f), void *arg, struct err *err);

#endif
