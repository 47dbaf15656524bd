/* SPDX-License-Identifier: Apache-2.0 */
/* pairs.h -- a camera worked out from points of its picture that were measured on the floor.
 *
 * Which points fit together is told by RANSAC over homographies (Fischler, Bolles, "Random
 * Sample Consensus", CACM 24(6), 1981); from those a camera with a lens (lens.h) is worked out:
 * its focal length, place, direction and roll, and with enough points its distortion. With too
 * few for that, a homography. The answer is the same on every machine.
 */
#ifndef FLOOR_PAIRS_H
#define FLOOR_PAIRS_H

#include "base/err.h"
#include "floor/map.h"

#define PAIRS_MIN 4
#define PAIRS_MAX 50
#define PAIRS_LENS 6 /* so many fitting ones tell the lens, fewer a homography only */

/* One point: pixels of the full picture, and where it is on the floor. */
struct pair {
	double px[2];
	struct pt_m at;
};

/* What else is known. All zero: nothing. */
struct pairs_known {
	double hfov_deg;         /* the lens's horizontal angle of view; 0: not known */
	double height_m;         /* of the camera; 0: not known */
	const struct lens *lens; /* its lens (calib_read_lens()), or NULL; hfov_deg is 0 then */
};

struct pairs_off {
	double m;  /* on the floor; HUGE_VAL: at or above the horizon */
	double px; /* in the picture */
	bool out;  /* left out as a mistake */
};

struct pairs_fit {
	struct calib calib; /* with or without a lens */
	int n_used;
	double off_m;    /* median of those used, on the floor */
	double focal_sd; /* relative, of a lens: how surely the points tell it */
	struct pairs_off off[PAIRS_MAX];
};

/* From n points of pictures of w x h. ERR_RANGE: too few or too many; they do not fit together,
 * lie on one line, or show the floor as in a mirror. */
int pairs_fit(struct pairs_fit *out, const struct pair *p, int n, int w, int h,
	      const struct pairs_known *known, struct err *err);

#endif
