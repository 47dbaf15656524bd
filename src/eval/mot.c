/* SPDX-License-Identifier: Apache-2.0 */
/* mot.c -- CLEAR-MOT, identity and HOTA scores, with the conventions of TrackEval.
 *
 * Two passes over the frames. The first counts how often and how well each pair of ids lies
 * together over the whole sequence (identity and HOTA need that); the second matches boxes
 * frame by frame, for CLEAR with a preference for the match of the frame before, for HOTA with
 * the whole sequence's alignment. A sequence has few pairs of ids that ever meet, so pairs are
 * kept in a list per ground truth id and not in a matrix.
 */
#include "eval/mot.h"

#include "base/vec.h"
#include "track/assign.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* A ground truth id and a track id that overlap in some frame. */
struct pair {
	int tr;
	double soft;    /* similarity shared with rivals, summed (HOTA's first pass) */
	double overlap; /* frames at or above the threshold (identity) */
	int matched[MOT_ALPHAS];
};

struct pairs {
	struct pair *v;
	size_t n, cap;
};

struct scorer {
	const struct mot_sequence *s;
	double threshold;
	struct mot_score *out;
	struct mot_frame f;
	double *cost, *row_sum, *col_sum;
	int *match;
	struct assign_work *work;
	struct pairs *pairs;            /* by ground truth id */
	double *gt_count, *tr_count;    /* frames of each id */
	int *prev, *last, *next;        /* by gt id: track of the frame before; ever; now */
	double *gt_matched, *gt_starts; /* by gt id */
};

static struct pair *pair_of(struct pairs *p, int tr)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->v[i].tr == tr)
			return &p->v[i];
	*VEC_PUSH(p) = (struct pair){ .tr = tr };
	return &p->v[p->n - 1];
}

static double alpha(int a)
{
	return 0.05 + 0.05 * a;
}

static double similarity(const struct mot_frame *f, int g, int t)
{
	return f->similarity[(size_t)g * (size_t)f->n_tr + (size_t)t];
}

static double per(double part, double whole)
{
	return part / fmax(1, whole);
}

static void count_frame(struct scorer *c)
{
	struct mot_frame *f = &c->f;

	memset(c->row_sum, 0, (size_t)f->n_gt * sizeof(*c->row_sum));
	memset(c->col_sum, 0, (size_t)f->n_tr * sizeof(*c->col_sum));
	for (int g = 0; g < f->n_gt; g++) {
		c->gt_count[f->gt[g]]++;
		for (int t = 0; t < f->n_tr; t++) {
			c->row_sum[g] += similarity(f, g, t);
			c->col_sum[t] += similarity(f, g, t);
		}
	}
	for (int t = 0; t < f->n_tr; t++)
		c->tr_count[f->tr[t]]++;
	for (int g = 0; g < f->n_gt; g++)
		for (int t = 0; t < f->n_tr; t++) {
			double s = similarity(f, g, t);
			double share = c->row_sum[g] + c->col_sum[t] - s;
			struct pair *p;

			if (!(s > 0))
				continue;
			p = pair_of(&c->pairs[f->gt[g]], f->tr[t]);
			if (share > DBL_EPSILON)
				p->soft += s / share;
			p->overlap += s >= c->threshold;
		}
}

/* c->cost as filled by the caller; every row and column may be paired. */
static void match_frame(struct scorer *c)
{
	assign_with(c->work, c->cost, c->f.n_gt, c->f.n_tr, c->match);
}

static void clear_match(struct scorer *c, int g, int t)
{
	int gt = c->f.gt[g], tr = c->f.tr[t];

	c->out->clr_tp++;
	c->out->motp_sum += similarity(&c->f, g, t);
	c->out->idsw += c->last[gt] >= 0 && c->last[gt] != tr;
	c->gt_starts[gt] += c->prev[gt] < 0;
	c->gt_matched[gt]++;
	c->last[gt] = tr;
	c->next[gt] = tr;
}

/* A frame without ground truth or without tracks leaves the matches of the frame before in
 * force: TrackEval's convention. */
static void clear_frame(struct scorer *c)
{
	const struct mot_frame *f = &c->f;
	double tp = c->out->clr_tp;

	if (f->n_gt > 0 && f->n_tr > 0) {
		for (int g = 0; g < f->n_gt; g++)
			for (int t = 0; t < f->n_tr; t++) {
				double s = similarity(f, g, t);
				bool same = c->prev[f->gt[g]] == f->tr[t];

				c->cost[(size_t)g * (size_t)f->n_tr + (size_t)t] =
					s < c->threshold - DBL_EPSILON ? 0
								       : -(1000.0 * same + s);
			}
		match_frame(c);
		for (int i = 0; i < c->s->n_gt_ids; i++)
			c->next[i] = -1;
		for (int g = 0; g < f->n_gt; g++) {
			int t = c->match[g];

			if (t >= 0 &&
			    c->cost[(size_t)g * (size_t)f->n_tr + (size_t)t] < -DBL_EPSILON)
				clear_match(c, g, t);
		}
		memcpy(c->prev, c->next, (size_t)c->s->n_gt_ids * sizeof(*c->prev));
	}
	tp = c->out->clr_tp - tp;
	c->out->clr_fn += f->n_gt - tp;
	c->out->clr_fp += f->n_tr - tp;
}

static void hota_match(struct scorer *c, int g, int t)
{
	double s = similarity(&c->f, g, t);
	struct pair *p;

	if (!(s > 0))
		return;
	p = pair_of(&c->pairs[c->f.gt[g]], c->f.tr[t]);
	for (int a = 0; a < MOT_ALPHAS; a++)
		if (s >= alpha(a) - DBL_EPSILON) {
			p->matched[a]++;
			c->out->hota_tp[a]++;
			c->out->loc_a[a] += s;
		}
}

static void hota_frame(struct scorer *c)
{
	const struct mot_frame *f = &c->f;

	for (int g = 0; g < f->n_gt; g++)
		for (int t = 0; t < f->n_tr; t++) {
			double s = similarity(f, g, t), soft, align = 0;

			if (s > 0) {
				soft = pair_of(&c->pairs[f->gt[g]], f->tr[t])->soft;
				align = soft /
					(c->gt_count[f->gt[g]] + c->tr_count[f->tr[t]] - soft);
			}
			c->cost[(size_t)g * (size_t)f->n_tr + (size_t)t] = -align * s;
		}
	match_frame(c);
	for (int g = 0; g < f->n_gt; g++)
		if (c->match[g] >= 0)
			hota_match(c, g, c->match[g]);
}

static void clear_final(struct mot_score *r)
{
	double gt = r->clr_tp + r->clr_fn, ids = r->mt + r->pt + r->ml;

	r->mtr = per(r->mt, ids);
	r->ptr = per(r->pt, ids);
	r->mlr = per(r->ml, ids);
	r->clr_re = per(r->clr_tp, gt);
	r->clr_pr = per(r->clr_tp, r->clr_tp + r->clr_fp);
	r->clr_f1 = per(r->clr_tp, r->clr_tp + 0.5 * r->clr_fn + 0.5 * r->clr_fp);
	r->moda = per(r->clr_tp - r->clr_fp, gt);
	r->mota = per(r->clr_tp - r->clr_fp - r->idsw, gt);
	r->motal = per(r->clr_tp - r->clr_fp - (r->idsw > 0 ? log10(r->idsw) : 0), gt);
	r->smota = per(r->motp_sum - r->clr_fp - r->idsw, gt);
	r->motp = per(r->motp_sum, r->clr_tp);
	r->fp_per_frame = per(r->clr_fp, r->frames);
}

static void identity_final(struct mot_score *r)
{
	r->idr = per(r->idtp, r->idtp + r->idfn);
	r->idp = per(r->idtp, r->idtp + r->idfp);
	r->idf1 = per(r->idtp, r->idtp + 0.5 * r->idfp + 0.5 * r->idfn);
}

static void hota_final(struct mot_score *r)
{
	for (int a = 0; a < MOT_ALPHAS; a++) {
		double tp = r->hota_tp[a], fn = r->hota_fn[a], fp = r->hota_fp[a];

		r->det_re[a] = per(tp, tp + fn);
		r->det_pr[a] = per(tp, tp + fp);
		r->det_a[a] = per(tp, tp + fn + fp);
		r->hota[a] = sqrt(r->det_a[a] * r->ass_a[a]);
		r->owta[a] = sqrt(r->det_re[a] * r->ass_a[a]);
	}
}

static void clear_tracked(struct scorer *c)
{
	for (int i = 0; i < c->s->n_gt_ids; i++) {
		double ratio = per(c->gt_matched[i], c->gt_count[i]);

		if (c->gt_count[i] > 0 && ratio > 0.8)
			c->out->mt++;
		else if (c->gt_count[i] > 0 && ratio >= 0.2)
			c->out->pt++;
		else
			c->out->ml++;
		if (c->gt_starts[i] > 0)
			c->out->frag += c->gt_starts[i] - 1;
	}
	c->out->frames = c->s->n_frames;
}

static void hota_associations(struct scorer *c)
{
	struct mot_score *r = c->out;

	for (int i = 0; i < c->s->n_gt_ids; i++)
		for (size_t k = 0; k < c->pairs[i].n; k++) {
			const struct pair *p = &c->pairs[i].v[k];
			double gt = c->gt_count[i], tr = c->tr_count[p->tr];

			for (int a = 0; a < MOT_ALPHAS; a++) {
				double m = p->matched[a];

				r->ass_a[a] += m * per(m, gt + tr - m);
				r->ass_re[a] += m * per(m, gt);
				r->ass_pr[a] += m * per(m, tr);
			}
		}
	for (int a = 0; a < MOT_ALPHAS; a++) {
		r->ass_a[a] = per(r->ass_a[a], r->hota_tp[a]);
		r->ass_re[a] = per(r->ass_re[a], r->hota_tp[a]);
		r->ass_pr[a] = per(r->ass_pr[a], r->hota_tp[a]);
		r->hota_fn[a] = r->gt_dets - r->hota_tp[a];
		r->hota_fp[a] = r->tr_dets - r->hota_tp[a];
		r->loc_a[a] = fmax(1e-10, r->loc_a[a]) / fmax(1e-10, r->hota_tp[a]);
	}
}

static int root_of(int *parent, int i)
{
	while (parent[i] != i)
		i = parent[i] = parent[parent[i]];
	return i;
}

/* The most frames that a bijection between the ids of one group can explain. gt: the group's
 * ground truth ids; local: by track id, its column. */
static double group_overlap(const struct scorer *c, const int *gt, int n_gt, const int *local,
			    int n_tr)
{
	double *cost = xcalloc((size_t)n_gt * (size_t)n_tr, sizeof(*cost)), sum = 0;
	int *match = xcalloc((size_t)n_gt, sizeof(*match));

	for (int g = 0; g < n_gt; g++)
		for (size_t k = 0; k < c->pairs[gt[g]].n; k++) {
			const struct pair *p = &c->pairs[gt[g]].v[k];

			if (p->overlap > 0)
				cost[(size_t)g * (size_t)n_tr + (size_t)local[p->tr]] =
					-p->overlap;
		}
	assign(cost, n_gt, n_tr, match);
	for (int g = 0; g < n_gt; g++)
		if (match[g] >= 0)
			sum -= cost[(size_t)g * (size_t)n_tr + (size_t)match[g]];
	free(cost);
	free(match);
	return sum;
}

/* Minimising IDFN + IDFP over bijections that may leave ids out is maximising the frames they
 * explain. Ids that never meet, directly or by way of others, are separate problems. */
static double identity_tp(const struct scorer *c)
{
	int n_gt = c->s->n_gt_ids, n_tr = c->s->n_tr_ids;
	int *parent = xcalloc((size_t)(n_gt + n_tr), sizeof(*parent));
	int *gt = xcalloc((size_t)n_gt, sizeof(*gt));
	int *local = xcalloc((size_t)n_tr, sizeof(*local));
	double sum = 0;

	for (int i = 0; i < n_gt + n_tr; i++)
		parent[i] = i;
	for (int i = 0; i < n_gt; i++)
		for (size_t k = 0; k < c->pairs[i].n; k++) {
			int a = root_of(parent, i);
			int b = root_of(parent, n_gt + c->pairs[i].v[k].tr);

			if (c->pairs[i].v[k].overlap > 0)
				parent[a > b ? a : b] = a < b ? a : b;
		}
	/* The lower index is the root, so a group's root is its first ground truth id. */
	for (int i = 0; i < n_gt; i++) {
		int in_gt = 0, in_tr = 0;

		if (root_of(parent, i) != i)
			continue;
		for (int k = i; k < n_gt; k++)
			if (root_of(parent, k) == i)
				gt[in_gt++] = k;
		for (int k = 0; k < n_tr; k++)
			if (root_of(parent, n_gt + k) == i)
				local[k] = in_tr++;
		if (in_tr > 0)
			sum += group_overlap(c, gt, in_gt, local, in_tr);
	}
	free(parent);
	free(gt);
	free(local);
	return sum;
}

static void scorer_init(struct scorer *c)
{
	const struct mot_sequence *s = c->s;
	size_t gt = (size_t)s->n_gt_ids, tr = (size_t)s->n_tr_ids;
	size_t in_gt = (size_t)s->max_gt, in_tr = (size_t)s->max_tr;

	c->f.similarity = xcalloc(in_gt * in_tr + 1, sizeof(double));
	c->cost = xcalloc(in_gt * in_tr + 1, sizeof(*c->cost));
	c->row_sum = xcalloc(in_gt + 1, sizeof(*c->row_sum));
	c->col_sum = xcalloc(in_tr + 1, sizeof(*c->col_sum));
	c->match = xcalloc(in_gt + 1, sizeof(*c->match));
	c->work = assign_work_new(s->max_gt, s->max_tr);
	c->pairs = xcalloc(gt + 1, sizeof(*c->pairs));
	c->gt_count = xcalloc(gt + 1, sizeof(*c->gt_count));
	c->tr_count = xcalloc(tr + 1, sizeof(*c->tr_count));
	c->prev = xcalloc(gt + 1, sizeof(*c->prev));
	c->last = xcalloc(gt + 1, sizeof(*c->last));
	c->next = xcalloc(gt + 1, sizeof(*c->next));
	c->gt_matched = xcalloc(gt + 1, sizeof(*c->gt_matched));
	c->gt_starts = xcalloc(gt + 1, sizeof(*c->gt_starts));
	for (size_t i = 0; i < gt; i++)
		c->prev[i] = c->last[i] = -1;
}

static void scorer_clear(struct scorer *c)
{
	for (int i = 0; i < c->s->n_gt_ids; i++)
		VEC_FREE(&c->pairs[i]);
	free(c->f.similarity);
	free(c->cost);
	free(c->row_sum);
	free(c->col_sum);
	free(c->match);
	assign_work_free(c->work);
	free(c->pairs);
	free(c->gt_count);
	free(c->tr_count);
	free(c->prev);
	free(c->last);
	free(c->next);
	free(c->gt_matched);
	free(c->gt_starts);
}

/* One side has no boxes at all: TrackEval counts, and leaves the ratios 0. */
static void score_empty(struct mot_score *r)
{
	r->clr_fn = r->idfn = r->gt_dets;
	r->clr_fp = r->idfp = r->tr_dets;
	r->ml = r->gt_ids;
	r->mlr = 1;
	for (int a = 0; a < MOT_ALPHAS; a++) {
		r->hota_fn[a] = r->gt_dets;
		r->hota_fp[a] = r->tr_dets;
		r->loc_a[a] = 1;
	}
}

void mot_eval_sequence(struct mot_score *out, const struct mot_sequence *s, double threshold)
{
	struct mot_score r = { .gt_ids = s->n_gt_ids, .tr_ids = s->n_tr_ids };
	struct scorer c = { .s = s, .threshold = threshold, .out = &r };

	scorer_init(&c);
	for (int i = 0; i < s->n_frames; i++) {
		s->frame(s->ctx, i, &c.f);
		r.gt_dets += c.f.n_gt;
		r.tr_dets += c.f.n_tr;
		count_frame(&c);
	}
	if (r.gt_dets == 0 || r.tr_dets == 0) {
		score_empty(&r);
		goto out;
	}
	for (int i = 0; i < s->n_frames; i++) {
		s->frame(s->ctx, i, &c.f);
		clear_frame(&c);
		hota_frame(&c);
	}
	clear_tracked(&c);
	clear_final(&r);
	r.idtp = identity_tp(&c);
	r.idfn = r.gt_dets - r.idtp;
	r.idfp = r.tr_dets - r.idtp;
	identity_final(&r);
	hota_associations(&c);
	hota_final(&r);
out:
	*out = r;
	scorer_clear(&c);
}

/* Two files side by side; starts: where each frame's boxes begin. */
struct side {
	const struct mot_file *file;
	size_t *start;
	int *id; /* of each box */
};

struct both {
	struct side gt, tr;
};

static double box_iou(const struct mot_box *a, const struct mot_box *b)
{
	double w = fmin(a->x + a->w, b->x + b->w) - fmax(a->x, b->x);
	double h = fmin(a->y + a->h, b->y + b->h) - fmax(a->y, b->y);
	double both = fmax(0, w) * fmax(0, h), any = a->w * a->h + b->w * b->h - both;

	return any > DBL_EPSILON ? both / any : 0;
}

static void boxes_frame(void *ctx, int i, struct mot_frame *out)
{
	const struct both *b = ctx;
	const struct mot_box *gt = b->gt.file->box + b->gt.start[i];
	const struct mot_box *tr = b->tr.file->box + b->tr.start[i];

	out->n_gt = (int)(b->gt.start[i + 1] - b->gt.start[i]);
	out->n_tr = (int)(b->tr.start[i + 1] - b->tr.start[i]);
	out->gt = b->gt.id + b->gt.start[i];
	out->tr = b->tr.id + b->tr.start[i];
	for (int g = 0; g < out->n_gt; g++)
		for (int t = 0; t < out->n_tr; t++)
			out->similarity[(size_t)g * (size_t)out->n_tr + (size_t)t] =
				box_iou(&gt[g], &tr[t]);
}

static void side_init(struct side *s, const struct mot_file *f, int n_frames)
{
	size_t k = 0;

	s->file = f;
	s->start = xcalloc((size_t)n_frames + 1, sizeof(*s->start));
	s->id = xcalloc(f->n + 1, sizeof(*s->id));
	for (int i = 0; i <= n_frames; i++) {
		while (k < f->n && f->box[k].frame < i)
			k++;
		s->start[i] = k;
	}
	for (size_t i = 0; i < f->n; i++)
		s->id[i] = f->box[i].id;
}

void mot_eval(struct mot_score *out, const struct mot_file *gt, const struct mot_file *tracks,
	      double threshold)
{
	int n = gt->n_frames > tracks->n_frames ? gt->n_frames : tracks->n_frames;
	struct both b;
	const struct mot_sequence s = {
		.n_frames = n,
		.n_gt_ids = gt->n_ids,
		.n_tr_ids = tracks->n_ids,
		.max_gt = gt->max_boxes,
		.max_tr = tracks->max_boxes,
		.frame = boxes_frame,
		.ctx = &b,
	};

	side_init(&b.gt, gt, n);
	side_init(&b.tr, tracks, n);
	mot_eval_sequence(out, &s, threshold);
	free(b.gt.start);
	free(b.gt.id);
	free(b.tr.start);
	free(b.tr.id);
}

static void combine_hota(struct mot_score *r, const struct mot_score *s)
{
	for (int a = 0; a < MOT_ALPHAS; a++) {
		r->hota_tp[a] += s->hota_tp[a];
		r->hota_fn[a] += s->hota_fn[a];
		r->hota_fp[a] += s->hota_fp[a];
		r->ass_a[a] += s->ass_a[a] * s->hota_tp[a];
		r->ass_re[a] += s->ass_re[a] * s->hota_tp[a];
		r->ass_pr[a] += s->ass_pr[a] * s->hota_tp[a];
		r->loc_a[a] += s->loc_a[a] * s->hota_tp[a];
	}
}

static void combine_counts(struct mot_score *r, const struct mot_score *s)
{
	r->clr_tp += s->clr_tp;
	r->clr_fn += s->clr_fn;
	r->clr_fp += s->clr_fp;
	r->idsw += s->idsw;
	r->frag += s->frag;
	r->frames += s->frames;
	r->mt += s->mt;
	r->pt += s->pt;
	r->ml += s->ml;
	r->motp_sum += s->motp_sum;
	r->idtp += s->idtp;
	r->idfn += s->idfn;
	r->idfp += s->idfp;
	r->gt_dets += s->gt_dets;
	r->tr_dets += s->tr_dets;
	r->gt_ids += s->gt_ids;
	r->tr_ids += s->tr_ids;
}

void mot_combine(struct mot_score *out, const struct mot_score *all, size_t n)
{
	struct mot_score r = { 0 };

	for (size_t i = 0; i < n; i++) {
		combine_counts(&r, &all[i]);
		combine_hota(&r, &all[i]);
	}
	for (int a = 0; a < MOT_ALPHAS; a++) {
		r.ass_a[a] = per(r.ass_a[a], r.hota_tp[a]);
		r.ass_re[a] = per(r.ass_re[a], r.hota_tp[a]);
		r.ass_pr[a] = per(r.ass_pr[a], r.hota_tp[a]);
		r.loc_a[a] = fmax(1e-10, r.loc_a[a]) / fmax(1e-10, r.hota_tp[a]);
	}
	clear_final(&r);
	identity_final(&r);
	hota_final(&r);
	*out = r;
}

double mot_mean(const double v[MOT_ALPHAS])
{
	double sum = 0;

	for (int a = 0; a < MOT_ALPHAS; a++)
		sum += v[a];
	return sum / MOT_ALPHAS;
}
