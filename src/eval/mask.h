/* SPDX-License-Identifier: Apache-2.0 */
/* mask.h -- how right a foreground mask is, pixel by pixel, as on changedetection.net.
 *
 * Truth, a byte per pixel: 0 static, 50 hard shadow (both negative), 85 outside the region of
 * interest, 170 unknown (neither is counted), 255 motion. Add up the frames of a video, then
 * average the figures of videos; never pool the pixels of several.
 */
#ifndef EVAL_MASK_H
#define EVAL_MASK_H

#include "base/err.h"
#include "video/image.h"

struct mask_score {
	int64_t tp, fp, fn, tn;
	int64_t shadow_errors; /* of fp: in hard shadow */
};

/* Shares of 1, pwc in percent. What has nothing to be a share of (no positive pixel at all) is
 * NAN. */
struct mask_figures {
	double recall, specificity, fpr, fnr, pwc, precision, f;
};

/* Adds one frame. mask: anything but 0 is foreground. ERR_RANGE, and nothing is added, when a
 * byte of truth is none of the five or the sizes differ. */
int mask_score_add(struct mask_score *s, const struct image *mask, const struct image *truth,
		   struct err *err);

struct mask_figures mask_score_figures(const struct mask_score *s);

/* Reads a picture of truth: a PNG, grey or with a palette of greys. *truth is the caller's to
 * clear. ERR_IO, ERR_FORMAT with the file's name. */
int mask_truth_read(struct image *truth, const char *path, struct err *err);

/* Each pixel of mask factor x factor times; what out has beyond that repeats the last row and
 * column. */
void mask_enlarge(struct image *out, const struct image *mask, int factor);

#endif
