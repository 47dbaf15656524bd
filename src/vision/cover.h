/* SPDX-License-Identifier: Apache-2.0 */
/* cover.h -- a mask explained by people of known size.
 *
 * A person is three rectangles (head, torso, legs) over a foot point. A foreground pixel in
 * them speaks for it with 3, a background pixel against it with 2 (log-likelihood ratios), and
 * a pixel that is explained already says nothing. The one that explains most is taken, and so
 * on until none is good enough; then each is moved to where it explains most beside the others,
 * and those that explain too little are dropped. (The generative picture is that of Fleuret et
 * al., PAMI 30(2) 2008; the search is ours.)
 */
#ifndef VISION_COVER_H
#define VISION_COVER_H

#include "video/image.h"
#include "vision/mask_blobs.h"
#include "vision/size_prior.h"

#define COVER_WIDTH 0.36 /* of a person, share of the height */

/* A person-shaped hypothesis; analysis pixels. */
struct person {
	double x, y, h; /* foot point and height */
	double score; /* mean per pixel of its outline within the picture, at most COVER_FULL */
	double gain;  /* their sum: how much of the mask it explains */
};
#define COVER_FULL 3.0

struct cover;
/* For masks of w x h and at most max people. */
struct cover *cover_new(int w, int h, int max);
void cover_free(struct cover *c); /* NULL is allowed */

/* Begins a frame: nothing is explained. */
void cover_clear(struct cover *c);
/* Makes the pixels of a box explained by something else. */
void cover_hide(struct cover *c, const struct mask_blob *b);

/* Explains the rest of the mask, whose components are blob[n_blobs]. prior tells how tall
 * people are; where that is not between least_h and most_h, nobody stands. Returns how many,
 * *people: who, valid until the next call. */
int cover_people(struct cover *c, const struct image *mask, const struct mask_blob *blob,
		 int n_blobs, const struct size_prior *prior, double least_h, double most_h,
		 const struct person **people);

/* Bounds (x0 <= x < x1 ...) of the mask pixels around q that none of the others explains, and
 * the mean column of the lowest quarter. q is one of cover_people()'s last answer. Returns how
 * many pixels. */
int cover_bounds(struct cover *c, const struct person *q, const struct image *mask,
		 struct mask_box *b, double *foot_x);

#endif
