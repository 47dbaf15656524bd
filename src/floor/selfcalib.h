/* SPDX-License-Identifier: Apache-2.0 */
/* selfcalib.h -- a camera worked out from people who walk before it.
 *
 * People are about equally tall, so how tall they look in each place of the picture tells how
 * the floor lies: the homology of feet and heads (Lv, Zhao, Nevatia, "Camera Calibration from
 * Video of a Walking Human", PAMI 28(9), 2006; Krahnstoever, Mendonca, "Bayesian
 * Autocalibration for Surveillance", ICCV 2005). How tall the same person looks in several
 * places tells more than strangers do, so that people are seen in walks, each with a height of
 * its own about the mean of all. Focal length and tilt can hardly be told apart this way:
 * metres need the lens's angle or one distance that leads away from the camera.
 *
 * The camera found stands over (0, 0) and looks north. The answer is the same on every machine.
 */
#ifndef FLOOR_SELFCALIB_H
#define FLOOR_SELFCALIB_H

#include "base/err.h"
#include "floor/lens.h"

#define SELFCALIB_MIN 60        /* people, for any answer */
#define SELFCALIB_GOOD 200      /* people, for one to count with */
#define SELFCALIB_PERSON_M 1.72 /* mean height of grown people, shoes included */
#define SELFCALIB_RATIO_LO .93  /* of a calibration that still holds */
#define SELFCALIB_RATIO_HI 1.07
#define SELFCALIB_SPANS 8

/* One person who stands alone, once: the lowest and the highest point of his outline along his
 * axis, pixels of the full picture. */
struct person_px {
	double foot[2], head[2];
	int walk; /* the same for the same person on his way */
};

/* Two floor points in the picture, and how far apart they are. */
struct selfcalib_span {
	double a[2], b[2], m;
};

/* What else is known; all zero: nothing. */
struct selfcalib_known {
	double hfov_deg;         /* the lens's horizontal angle of view; 0: not known */
	const struct lens *lens; /* its lens (calib_read_lens()), or NULL; hfov_deg is 0 then */
	struct selfcalib_span span[SELFCALIB_SPANS];
	int n_spans;
};

struct selfcalib {
	struct lens lens;
	bool metric; /* metres are known, and not only sizes of people */
	int n_used, n_walks;
	double spread; /* median of |seen - expected| / height of a person */
};

/* From n people in pictures of w x h. ERR_STATE: fewer than SELFCALIB_MIN people, or all of
 * them at one distance; ERR_RANGE: no camera over a floor explains them, or a span's end is
 * above the horizon. */
int selfcalib_fit(struct selfcalib *out, const struct person_px *p, int n, int w, int h,
		  const struct selfcalib_known *known, struct err *err);

/* How tall people are seen, relative to how tall the lens has SELFCALIB_PERSON_M. */
struct selfcalib_ratio {
	double median, lo, hi; /* over walks, and where it lies with 95 % */
	int n, n_walks;        /* people and walks that could be told */
};
/* l: of pictures of the people's size. False (and nothing written) when fewer than
 * SELFCALIB_MIN people, or next to no walks, can be told. */
bool selfcalib_check(struct selfcalib_ratio *out, const struct lens *l,
		     const struct person_px *p, int n);

#endif
