/* SPDX-License-Identifier: Apache-2.0 */
/* motfile.h -- confirmed tracks as a MOTChallenge text file.
 *
 * A line per track and frame in which it was seen: frame,id,left,top,width,height,1,x,y,0 with
 * frame counted from 1 over all pictures of the recording, boxes in pixels of the camera's full
 * picture, and the place on the floor in metres; -1,-1,-1 for it where the camera is not
 * calibrated or the foot point is not on the floor. Ordered by frame, then id. A track that was
 * out of sight for at most MOTFILE_GAP_US is put in a straight line between.
 */
#ifndef RUN_MOTFILE_H
#define RUN_MOTFILE_H

#include "base/err.h"
#include "types.h"

#define MOTFILE_GAP_US INT64_C(1000000)

struct motfile;

/* ERR_IO; ERR_STATE when there is a file that holds no tracks. late_s: how long lines wait for
 * tracks that are confirmed late. */
int motfile_open(struct motfile **m, const char *path, double late_s, struct err *err);

/* Where the tracks of the next step are, metres; they must live until then. */
void motfile_places(struct motfile *m, const struct sighting *who, int n);
/* One frame: coded is its 0-based number, factor camera pixels per analysis pixel. */
void motfile_step(struct motfile *m, int64_t t_us, int64_t coded, const struct track *tracks,
		  int n, int factor);

/* Writes the rest. ERR_IO when any line could not be written. NULL is allowed. */
int motfile_close(struct motfile *m, struct err *err);

#endif
