/* SPDX-License-Identifier: Apache-2.0 */
/* media.h -- clips for tests, made with the ffmpeg program, and what a source makes of them. */
#ifndef TESTS_MEDIA_H
#define TESTS_MEDIA_H

#include "video/source.h"

#include <stddef.h>

/* An uncompressed clip in memory to compare with. */
struct original {
	uint8_t *data;
	size_t len;
	int w, h, n, fps;
	int slack;          /* pictures that times may lag behind */
	size_t first, step; /* of the frames' luma in data */
};

#define MEDIA_MAX 400

/* All that a source hands out. */
struct reading {
	int n;
	struct {
		int64_t t_us, dur_us, index, coded;
		int w, h;
		double luma_db;  /* PSNR against the original at that time, 99: equal */
		bool chroma_128; /* all of u and v is 128 */
		bool full_range;
	} frame[MEDIA_MAX];
	struct source_info info;
	char notes[4096]; /* one a line */
	double progress;
};

/* Makes the folder and a clip NAME in it; from then on names are in that folder. */
void media_start(const char *folder);
void media_clip(const char *name, const char *options);
void media_original(struct original *o, const char *name);
void media_original_free(struct original *o);

/* Runs ffmpeg with these arguments in the folder. False, and a line that says so, when it lacks
 * the encoder; any other failure fails the test. */
bool media_ffmpeg(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Any other command in the folder; must succeed. */
void media_shell(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* "folder/name"; valid until the next but seven calls. */
const char *media_path(const char *name);

/* Reads all of a recording. o may be NULL. False and *err when it does not open. */
bool media_read(struct reading *r, const char *const *names, int n, int64_t start_us,
		const struct original *o, struct err *err);
/* The same for one file that must open, started at 0. */
void media_read_one(struct reading *r, const char *name, const struct original *o);

#endif
