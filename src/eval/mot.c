/* SPDX-License-Identifier: Apache-2.0 */
/* mot.c -- CLEAR-MOT, identity and HOTA scores, with the conventions of TrackEval.
 *
 * Two passes over the frames. The first counts how often and how well each pair of ids lies
 * together over the whole sequence (identity and HOTA need that); the second matches boxes
 * frame by frame, for CLEAR with a preference for the match of the frame before, for HOTA with
 * the whole sequence's alignment. A sequence has few pairs of ids that ever meet, so pairs are
 * kept in a list per ground truth id and not in a matrix.
 *
 * What the second pass counts goes to the part of time that the frame lies in; the whole is the
 * sum of its parts.
 */
#include "eval/mot.h"

#include "base/vec.h"
#include "track/assign.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
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

/* One that HOTA matched in some frame. */
struct hit {
	struct mot_score *part;
	int gt;
	size_t pair; /* index in the pairs of gt */
	double s;
};

struct scorer {
	const struct mot_sequence *s;
	double threshold;
	struct mot_score *out;
	struct mot_score *parts, *part; /* n_parts; that of the frame */
	int n_parts;
	struct mot_frame f;
	double *cost, *row_sum, *col_sum;
	int *match;
	struct assign_work *work;
	struct pairs *pairs;            /* by ground truth id */
	double *gt_count, *tr_count;    /* frames of each id */
	int *prev, *last, *next;        /* by gt id: track of the frame before; ever; now */
	double *gt_matched, *gt_starts; /* by gt id */
	int *partner;                   /* by gt id: its track for good, or -1 */
	VEC(struct hit) hit;
};

static struct pair *pair_of(struct pairs *p, int tr)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->v[i].tr == tr)
			return &p->v[i];
	*VEC_PUSH(p) = (struct pair){ .tr = tr };
	return &p->v[p->n - 1];
}

static void begin_frame(struct scorer *c, int i)
{
	c->part = &c->parts[(int64_t)i * c->n_parts / c->s->n_frames];
	c->s->frame(c->s->ctx, i, &c->f);
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

	c->part->frames++;
	c->part->gt_dets += f->n_gt;
	c->part->tr_dets += f->n_tr;
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

	c->part->clr_tp++;
	c->part->motp_sum += similarity(&c->f, g, t);
	c->part->idsw += c->last[gt] >= 0 && c->last[gt] != tr;
	c->gt_starts[gt] += c->prev[gt] < 0;
	c->gt_matched[gt]++;
	c->last[gt] = tr;
	c->next[gt] = tr;
	if (c->s->found)
		c->s->found(c->s->ctx, g, t);
}

/* A frame without ground truth or without tracks leaves the matches of the frame before in
 * force: TrackEval's convention. */
static void clear_frame(struct scorer *c)
{
	const struct mot_frame *f = &c->f;
	double tp = c->part->clr_tp;

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
	tp = c->part->clr_tp - tp;
	c->part->clr_fn += f->n_gt - tp;
	c->part->clr_fp += f->n_tr - tp;
}

static void hota_match(struct scorer *c, int g, int t)
{
	double s = similarity(&c->f, g, t);
	int gt = c->f.gt[g];
	struct pair *p;

	if (!(s > 0))
		return;
	p = pair_of(&c->pairs[gt], c->f.tr[t]);
	*VEC_PUSH(&c->hit) = (struct hit){ c->part, gt, (size_t)(p - c->pairs[gt].v), s };
	for (int a = 0; a < MOT_ALPHAS; a++)
		if (s >= alpha(a) - DBL_EPSILON) {
			p->matched[a]++;
			c->part->hota_tp[a]++;
			c->part->loc_a[a] += s;
		}
}

/* Frames that the bijection of ids explains. */
static void identity_frame(struct scorer *c)
{
	const struct mot_frame *f = &c->f;

	for (int g = 0; g < f->n_gt; g++)
		for (int t = 0; t < f->n_tr; t++)
			c->part->idtp += c->partner[f->gt[g]] == f->tr[t] &&
					 similarity(f, g, t) >= c->threshold;
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
}

/* Of each true positive how well its pair holds over the whole sequence, given to the part
 * that it lies in. */
static void hota_associations(struct scorer *c)
{
	for (size_t i = 0; i < c->hit.n; i++) {
		const struct hit *h = &c->hit.v[i];
		const struct pair *p = &c->pairs[h->gt].v[h->pair];
		double gt = c->gt_count[h->gt], tr = c->tr_count[p->tr];

		for (int a = 0; a < MOT_ALPHAS && h->s >= alpha(a) - DBL_EPSILON; a++) {
			double m = p->matched[a];

			h->part->ass_a[a] += per(m, gt + tr - m);
			h->part->ass_re[a] += per(m, gt);
			h->part->ass_pr[a] += per(m, tr);
		}
	}
}

static void hota_means(struct mot_score *r)
{
	for (int a = 0; a < MOT_ALPHAS; a++) {
		r->ass_a[a] = per(r->ass_a[a], r->hota_tp[a]);
		r->ass_re[a] = per(r->ass_re[a], r->hota_tp[a]);
		r->ass_pr[a] = per(r->ass_pr[a], r->hota_tp[a]);
		r->hota_fn[a] = r->gt_dets - r->hota_tp[a];
		r->hota_fp[a] = r->tr_dets - r->hota_tp[a];
		r->loc_a[a] = fmax(1e-10, r->loc_a[a]) / fmax(1e-10, r->hota_tp[a]);
	}
}

static void finish(struct mot_score *r)
{
	r->idfn = r->gt_dets - r->idtp;
	r->idfp = r->tr_dets - r->idtp;
	clear_final(r);
	identity_final(r);
	hota_means(r);
	hota_final(r);
}

static int root_of(int *parent, int i)
{
	while (parent[i] != i)
		i = parent[i] = parent[parent[i]];
	return i;
}

/* The bijection between the ids of one group that explains the most frames. gt: the group's
 * ground truth ids; local: by track id, its column. */
static void pair_group(struct scorer *c, const int *gt, int n_gt, const int *local, int n_tr)
{
	double *cost = xcalloc((size_t)n_gt * (size_t)n_tr, sizeof(*cost));
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
		for (size_t k = 0; k < c->pairs[gt[g]].n; k++) {
			const struct pair *p = &c->pairs[gt[g]].v[k];

			if (p->overlap > 0 && local[p->tr] == match[g])
				c->partner[gt[g]] = p->tr;
		}
	free(cost);
	free(match);
}

/* Minimising IDFN + IDFP over bijections that may leave ids out is maximising the frames they
 * explain. Ids that never meet, directly or by way of others, are separate problems. */
static void pair_ids(struct scorer *c)
{
	int n_gt = c->s->n_gt_ids, n_tr = c->s->n_tr_ids;
	int *parent = xcalloc((size_t)(n_gt + n_tr), sizeof(*parent));
	int *gt = xcalloc((size_t)n_gt, sizeof(*gt));
	int *local = xcalloc((size_t)n_tr, sizeof(*local));

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
			pair_group(c, gt, in_gt, local, in_tr);
	}
	free(parent);
	free(gt);
	free(local);
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
	c->partner = xcalloc(gt + 1, sizeof(*c->partner));
	for (size_t i = 0; i < gt; i++)
		c->prev[i] = c->last[i] = c->partner[i] = -1;
	c->n_parts = s->n_frames < MOT_PARTS ? s->n_frames : MOT_PARTS;
	c->parts = xcalloc(MOT_PARTS, sizeof(*c->parts));
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
	free(c->partner);
	free(c->parts);
	VEC_FREE(&c->hit);
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

/* All parts have what they count; the whole has what only it knows. */
static void add_up(struct scorer *c)
{
	struct mot_score *r = c->out, sum = { 0 };

	for (int i = 0; i < c->n_parts; i++)
		finish(&c->parts[i]);
	mot_combine(&sum, c->parts, (size_t)c->n_parts);
	sum.gt_ids = c->s->n_gt_ids;
	sum.tr_ids = c->s->n_tr_ids;
	*r = sum;
}

void mot_eval_sequence(struct mot_score *out, struct mot_parts *parts,
		       const struct mot_sequence *s, double threshold)
{
	struct mot_score r = { .gt_ids = s->n_gt_ids, .tr_ids = s->n_tr_ids };
	struct scorer c = { .s = s, .threshold = threshold, .out = &r };

	scorer_init(&c);
	for (int i = 0; i < s->n_frames; i++) {
		begin_frame(&c, i);
		count_frame(&c);
	}
	for (int i = 0; i < c.n_parts; i++) {
		r.gt_dets += c.parts[i].gt_dets;
		r.tr_dets += c.parts[i].tr_dets;
	}
	if (r.gt_dets == 0 || r.tr_dets == 0) {
		for (int i = 0; i < c.n_parts; i++)
			score_empty(&c.parts[i]);
		score_empty(&r);
		goto out;
	}
	pair_ids(&c);
	for (int i = 0; i < s->n_frames; i++) {
		begin_frame(&c, i);
		clear_frame(&c);
		identity_frame(&c);
		hota_frame(&c);
	}
	hota_associations(&c);
	add_up(&c);
	clear_tracked(&c);
	clear_final(&r);
out:
	for (int i = 0; i < c.n_parts && parts; i++)
		*VEC_PUSH(parts) = c.parts[i];
	*out = r;
	scorer_clear(&c);
}

double mot_mean(const double v[MOT_ALPHAS])
{
	double sum = 0;

	for (int a = 0; a < MOT_ALPHAS; a++)
		sum += v[a];
	return sum / MOT_ALPHAS;
}
