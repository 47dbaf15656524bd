/* SPDX-License-Identifier: Apache-2.0 */
/* mot.h -- how good tracks are: CLEAR-MOT, identity and HOTA scores against ground truth.
 *
 * The numbers are those of TrackEval (Luiten & Hoffhues 2020), to rounding:
 *   CLEAR     Bernardin, Stiefelhagen, "Evaluating Multiple Object Tracking Performance: The
 *             CLEAR MOT Metrics", EURASIP JIVP 2008
 *   identity  Ristani et al., "Performance Measures and a Data Set for Multi-Target,
 *             Multi-Camera Tracking", ECCV-W 2016
 *   HOTA      Luiten et al., "HOTA: A Higher Order Metric for Evaluating Multi-Object
 *             Tracking", IJCV 2020
 *
 * Read a pair of files with mot_read(), score it with mot_eval(); several pairs make a combined
 * row with mot_combine(), which adds up counts and never averages scores.
 */
#ifndef EVAL_MOT_H
#define EVAL_MOT_H

#include "base/err.h"
#include "base/vec.h"
#include "eval/resample.h"

#include <stdbool.h>
#include <stddef.h>

#define MOT_ALPHAS 19 /* similarity thresholds of HOTA: 0.05, 0.10 .. 0.95 */

/* One file of boxes in MOTChallenge form: "frame,id,left,top,width,height[,...]" a line, frames
 * from 1, in any order. What follows the height depends on how many fields a line has:
 *   9   the ninth is the visible share, 0..1 (MOT16, MOT17)
 *   10  the eighth and ninth are the place on the floor, metres (3D MOT 2015), unless they and
 *       the tenth are -1
 *   11  visible share, then the place on the floor (footfall sim --truth)
 * The seventh (confidence) and eighth (class) are not looked at: every row counts. */
struct mot_box {
	int frame; /* from 0 */
	int id;    /* 0 .. n_ids-1, in the order of the file's own ids */
	double x, y, w, h;
	double visible;  /* share; NaN: not known */
	double x_m, y_m; /* on the floor; NaN: not known */
	bool ignore;     /* see mot_eval(); false when read */
	int line;        /* of the file */
};

struct mot_file {
	struct mot_box *box; /* by frame, then by line */
	size_t n;
	int n_ids;
	int n_frames;  /* last frame that has a box, + 1 */
	int max_boxes; /* most boxes in a frame */
};

/* ERR_IO; ERR_FORMAT and ERR_RANGE name file, line and what was expected there: six fields,
 * whole frame numbers from 1 and ids from 0, finite boxes, an id once per frame. An empty file
 * is a file without boxes. Free with mot_file_clear(). */
int mot_read(struct mot_file *out, const char *path, struct err *err);
/* The same from text of len bytes, which must be followed by a 0. Messages name the line only.
 */
int mot_parse(struct mot_file *out, const char *text, size_t len, struct err *err);
void mot_file_clear(struct mot_file *f); /* an all-zero one is allowed */

struct mot_score {
	/* CLEAR, at the similarity threshold. Counts are whole numbers. */
	double clr_tp, clr_fn, clr_fp, idsw, frag, frames;
	double mt, pt, ml; /* ground truth ids mostly tracked (> 0.8), partly, lost (< 0.2) */
	double motp_sum;   /* similarity, summed over true positives */
	double mota, motp, moda, motal, smota, clr_re, clr_pr, clr_f1, fp_per_frame;
	double mtr, ptr, mlr;
	/* Identity, at the similarity threshold. */
	double idtp, idfn, idfp, idf1, idr, idp;
	/* HOTA, by alpha; the usual single numbers are the means, mot_mean(). */
	double hota_tp[MOT_ALPHAS], hota_fn[MOT_ALPHAS], hota_fp[MOT_ALPHAS];
	double hota[MOT_ALPHAS], det_a[MOT_ALPHAS], ass_a[MOT_ALPHAS];
	double det_re[MOT_ALPHAS], det_pr[MOT_ALPHAS], ass_re[MOT_ALPHAS], ass_pr[MOT_ALPHAS];
	double loc_a[MOT_ALPHAS], owta[MOT_ALPHAS];
	/* Boxes in all, for the table. */
	double gt_dets, tr_dets, gt_ids, tr_ids;
};

/* One frame as the scores see it: which ids are there, and how alike each pair is. */
struct mot_frame {
	int n_gt, n_tr;
	const int *gt, *tr; /* ids from 0; each at most once */
	double *similarity; /* n_gt x n_tr, 0..1; room for max_gt x max_tr is given */
};

/* A sequence whose frames are asked for one by one, twice each, so that memory does not grow
 * with its length. */
struct mot_sequence {
	int n_frames, n_gt_ids, n_tr_ids;
	int max_gt, max_tr; /* most boxes in a frame */
	void (*frame)(void *ctx, int i, struct mot_frame *out);
	/* Told of each pair that CLEAR finds in the frame asked for last, by place in it; may
	 * be NULL. */
	void (*found)(void *ctx, int g, int t);
	void *ctx;
};

/* Scores of parts of the time, with ids associated over all of it. Their mot_combine() is the
 * whole but for what is about a person's whole time (mt, pt, ml, frag, ids). A sequence has
 * MOT_PARTS of equal length. */
#define MOT_PARTS 20
struct mot_parts {
	struct mot_score *v;
	size_t n, cap;
};

/* threshold: similarity from which a pair counts as matched in CLEAR and identity, usually
 * 0.5. The parts are added to *parts; NULL: not wanted. */
void mot_eval_sequence(struct mot_score *out, struct mot_parts *parts,
		       const struct mot_sequence *s, double threshold);

enum mot_similarity {
	MOT_IOU = 1, /* intersection over union of the boxes */
	MOT_FLOOR,   /* 1 - distance / (2 limit_m), at least 0; 0 where a place is not known */
};

struct mot_opts {
	enum mot_similarity by;
	double threshold;
	double limit_m; /* MOT_FLOOR: at a threshold of 0.5, how far off still counts as found
			 */
};

/* What beside the score; arrays grow, so that several sequences come together. */
struct mot_beside {
	struct mot_parts parts;
	VEC(double) off_m; /* of each pair that CLEAR found, where both places are known */
	size_t gt_ignored, tr_ignored;
};
void mot_beside_clear(struct mot_beside *b);

/* Rows of the truth that are marked `ignore` need not be found, and rows of the tracks so
 * marked need not be true: as in TrackEval's preprocessing, each frame is matched once with all
 * rows, at a similarity of 0.5 or more; tracks that fall to an ignored row, and ignored tracks
 * that fall to none, leave the comparison together with the ignored rows. beside: NULL: not
 * wanted. */
void mot_eval(struct mot_score *out, struct mot_beside *beside, const struct mot_file *gt,
	      const struct mot_file *tracks, const struct mot_opts *o);

void mot_combine(struct mot_score *out, const struct mot_score *all, size_t n);

/* Over the alphas. */
double mot_mean(const double v[MOT_ALPHAS]);

/* 95 % intervals of some scores, from resampling the parts. NaN with fewer than two parts. */
struct mot_ranges {
	struct interval mota, motp, idf1, hota, det_a, ass_a, clr_re, clr_pr;
};
struct mot_ranges mot_resample(const struct mot_parts *parts);

#endif
