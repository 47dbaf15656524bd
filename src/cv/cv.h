/* SPDX-License-Identifier: Apache-2.0 */
/* cv.h -- the parts of OpenCV that we use, as C. No OpenCV type appears here.
 *
 * Every exception of OpenCV or of the C++ library becomes ERR_STATE with its text. Everything
 * computes in the calling thread (OpenCV's own threads are off) and gives the same result for
 * the same input, in any thread and order of calls.
 */
#ifndef CV_CV_H
#define CV_CV_H

#include "base/err.h"
#include "video/image.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Background models: OpenCV's BackgroundSubtractorMOG2 and -KNN over three planes, without
 * their own shadow detection (it wants RGB). */
enum cv_bg_kind { CV_BG_MOG2 = 1, CV_BG_KNN };
struct cv_bg;
/* history: frames; threshold: squared distance (MOG2: Mahalanobis, default 16; KNN: levels,
 * default 400). NULL and *err on failure. */
struct cv_bg *cv_bg_new(enum cv_bg_kind kind, int w, int h, int history, double threshold,
			struct err *err);
void cv_bg_free(struct cv_bg *bg); /* NULL is allowed */
/* rate: 0..1, share of the frame in the model; mask (same size) becomes 255 or 0. */
int cv_bg_step(struct cv_bg *bg, const struct yuv *in, double rate, struct image *mask,
	       struct err *err);
/* The model's picture of the background, of its size. */
int cv_bg_plate(struct cv_bg *bg, struct yuv *out, struct err *err);

/* Morphology on a 0/255 mask with an ellipse of odd size w x h, n times; in place. */
enum cv_morph { CV_ERODE = 1, CV_DILATE, CV_OPEN, CV_CLOSE };
int cv_morph(struct image *mask, enum cv_morph op, int w, int h, int n, struct err *err);
/* Median of a size x size window (3, 5, 7, 9, ...); in place. */
int cv_median(struct image *im, int size, struct err *err);

/* Connected components (8 neighbours) of a 0/255 mask. */
struct cv_blob {
	int label;      /* as in labels, 1..n */
	int x, y, w, h; /* box */
	int area_px;
	double cx, cy; /* centre of gravity */
};
/* blobs: room for max; labels: w*h ints or NULL. Ordered by label, that is by first pixel in
 * reading order. Returns how many there are, at most max are written (the largest ones). */
int cv_components(const struct image *mask, struct cv_blob *blobs, int max, int *labels,
		  struct err *err);

/* Homography, row by row, that maps from[i] to to[i]; 4..1000 points, x y pairs. RANSAC with
 * inliers within reproj of their target (0: least squares over all). inlier: n flags or NULL.
 * ERR_RANGE when the points do not determine one. */
int cv_homography(const double *from, const double *to, int n, double reproj, double h[9],
		  unsigned char *inlier, struct err *err);

/* Inner corners of a cols x rows checkerboard in a grey picture, x y pairs, row by row, refined
 * below the pixel. Returns 0, or ERR_RANGE when it is not seen. */
int cv_checkerboard(const struct image *grey, int cols, int rows, double *corners,
		    struct err *err);
/* A lens of floor/lens.h, square pixels and one radial coefficient: camera matrix (fx = fy, cx,
 * cy) and distortion (k1, then zeros), from n views of one cols x rows board with squares of
 * square_m; corners of all views one after the other. *rms_px: reprojection error. */
int cv_calibrate(const double *corners, int n_views, int cols, int rows, double square_m, int w,
		 int h, double camera[4], double distortion[5], double *rms_px,
		 struct err *err);

#ifdef __cplusplus
}
#endif

#endif
