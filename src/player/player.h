/* SPDX-License-Identifier: Apache-2.0 */
/* player.h -- what a camera's line did, as one HTML page that plays by itself: outlines of the
 * mask, tracks, lines and zones, events, over the people-free plate.
 *
 * The page holds numbers, and of pictures the plate alone, which is proven to be empty: no
 * pixel of a person gets here, as masks have none. It asks nothing of the network.
 */
#ifndef PLAYER_PLAYER_H
#define PLAYER_PLAYER_H

#include "base/err.h"
#include "types.h"
#include "video/image.h"

struct player_opts {
	const char *title;      /* the camera's name */
	double fps;             /* at most so many frames a second are kept */
	double from_s, seconds; /* which part of the recording; seconds 0: to its end */
	size_t max_bytes;       /* of frames; beyond, the rest is left out */
	/* A page on which a person counts (count.html), without tracks: what the machine thinks
	 * must not lead him. Its first place is the line. Must live as long as the player.
	 * NULL: the page that shows all. */
	const struct player_sample *count;
};

/* What the page of a sample says, and writes into its CSV. */
struct player_sample {
	const char *camera, *line, *in_label, *out_label;
	const char *start; /* with an offset from UTC */
	int minutes, stratum;
	double weight;
	const char *file; /* name for what the page saves */
};

struct player;
struct player *player_new(const struct player_opts *o);
void player_free(struct player *p); /* NULL is allowed */

/* A line or zone, where the picture shows it. */
void player_place(struct player *p, enum place_kind kind, const char *name,
		  const struct pt_img *v, int n);

/* A frame, in order of time: mask (not 0: foreground), which all boxes and points are pixels
 * of, and the live tracks. False when no more is wanted: the part is over, or the page full. */
bool player_frame(struct player *p, int64_t t_us, const struct image *mask,
		  const struct track *tracks, int n);

/* what: "in", "enter", ... ; dwell_s: of who leaves a zone, else 0. Events outside of the part
 * that is shown are left out. */
void player_event(struct player *p, int64_t t_us, const char *place, const char *what,
		  int64_t track, double dwell_s);

/* The people-free plate as PNG, len 0: nothing is proven. share: how much of it is. */
void player_plate(struct player *p, const uint8_t *png, size_t len, double share);

/* Whether the page became full, and when in the recording, seconds since its first frame. */
bool player_full(const struct player *p, double *at_s);
int64_t player_frames(const struct player *p);

/* ERR_IO; ERR_STATE without any frame. */
int player_write(struct player *p, const char *path, struct err *err);

/* The pages, with @TITLE@ and @DATA@ for what differs, @STAGE@ for the script that they share.
 */
extern const char player_page[], player_count_page[], player_stage[];

#endif
