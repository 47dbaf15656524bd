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

#include <stddef.h>

#define MOT_ALPHAS 19 /* similarity thresholds of HOTA: 0.05, 0.10 .. 0.95 */

/* One file of boxes in MOTChallenge form: "frame,id,left,top,width,height[,...]" a line, frames
 * from 1, in any order. What follows the height (confidence, class, world position) is not
 * looked at: every row counts. */
struct mot_box {
	int frame; /* from 0 */
	int id;    /* 0 .. n_ids-1, in the order of the file's own ids */
	double x, y, w, h;
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
	void *ctx;
};

/* threshold: similarity from which a pair counts as matched in CLEAR and identity, usually
 * 0.5. */
void mot_eval_sequence(struct mot_score *out, const struct mot_sequence *s, double threshold);

/* Boxes by intersection over union. */
void mot_eval(struct mot_score *out, const struct mot_file *gt, const struct mot_file *tracks,
	      double threshold);

void mot_combine(struct mot_score *out, const struct mot_score *all, size_t n);

/* Over the alphas. */
double mot_mean(const double v[MOT_ALPHAS]);

#endif
