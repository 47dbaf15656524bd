/* SPDX-License-Identifier: Apache-2.0 */
/* selfcalib.h -- a camera worked out from people who walk before it.
 *
 * People are about equally tall, so how tall they look in each place of the picture tells how
 * the floor lies: the homology of feet and heads (Lv, Zhao, Nevatia, "Camera Calibration from
 * Video of a Walking Human", PAMI 28(9), 2006; Krahnstoever, Mendonca, "Bayesian
 * Autocalibration for Surveillance", ICCV 2005). Focal length and tilt can hardly be told apart
 * this way, so that metres need the lens's angle or one distance that leads away from the
 * camera.
 *
 * The camera found stands over (0, 0) and looks north. The answer is the same on every machine.
 */
#ifndef FLOOR_SELFCALIB_H
#define FLOOR_SELFCALIB_H

#include "base/err.h"
#include "floor/lens.h"

#define SELFCALIB_MIN 60       /* people, for any answer */
#define SELFCALIB_GOOD 200     /* people, for one to count with */
#define SELFCALIB_RATIO_LO .93 /* selfcalib_ratio() of a calibration that still holds */
#define SELFCALIB_RATIO_HI 1.07

/* One person who stands alone: where feet and head are, pixels of the full picture. */
struct person_px {
	double foot[2], head[2];
};

/* What else is known; all zero: nothing. */
struct selfcalib_known {
	double hfov_deg; /* the lens's horizontal angle of view; 0: not known */
	double k1;       /* its distortion */
	/* Two floor points in the picture and how far apart they are; 0: not known. */
	double a[2], b[2], apart_m;
};

struct selfcalib {
	struct lens lens;
	bool metric;   /* metres are known, and not only sizes of people */
	int n_used;    /* people that were looked at: few per part of the picture */
	double spread; /* median of |seen - expected| / height of a person */
};

/* From n people in pictures of w x h. ERR_STATE: fewer than SELFCALIB_MIN people, or all of
 * them at one distance; ERR_RANGE: no camera over a floor explains them. */
int selfcalib_fit(struct selfcalib *out, const struct person_px *p, int n, int w, int h,
		  const struct selfcalib_known *known, struct err *err);

/* Median of seen to expected height of people, where the lens sees them; 0 when fewer than
 * SELFCALIB_MIN can be told. */
double selfcalib_ratio(const struct lens *l, const struct person_px *p, int n);

#endif
