/* SPDX-License-Identifier: Apache-2.0 */
/* mot_pair.c -- two files of boxes side by side: how alike boxes are, and which of them are
 * compared. */
#include "eval/mot.h"

#include "base/vec.h"
#include "track/assign.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

#define SAME 0.5 /* from here on a row falls to an ignored one, as in TrackEval */

struct side {
	struct mot_file file;
	size_t *start; /* n_frames + 1: where each frame's boxes begin */
	int *id;       /* of each box */
};

struct both {
	struct side gt, tr;
	const struct mot_opts *o;
	struct mot_beside *beside;
	int frame; /* asked for last */
};

void mot_beside_clear(struct mot_beside *b)
{
	VEC_FREE(&b->parts);
	VEC_FREE(&b->off_m);
	b->gt_ignored = b->tr_ignored = 0;
}

/* ---- similarity ---- */

static double box_iou(const struct mot_box *a, const struct mot_box *b)
{
	double w = fmin(a->x + a->w, b->x + b->w) - fmax(a->x, b->x);
	double h = fmin(a->y + a->h, b->y + b->h) - fmax(a->y, b->y);
	double both = fmax(0, w) * fmax(0, h), any = a->w * a->h + b->w * b->h - both;

	return any > DBL_EPSILON ? both / any : 0;
}

/* NaN where a place is not known. */
static double apart(const struct mot_box *a, const struct mot_box *b)
{
	return hypot(a->x_m - b->x_m, a->y_m - b->y_m);
}

static double alike(const struct mot_opts *o, const struct mot_box *a, const struct mot_box *b)
{
	double m;

	if (o->by == MOT_IOU)
		return box_iou(a, b);
	m = apart(a, b);
	return isnan(m) ? 0 : fmax(0, 1 - m / (2 * o->limit_m));
}

/* ---- frame by frame ---- */

static void side_init(struct side *s, const struct mot_file *f, int n_frames)
{
	size_t k = 0;

	s->file = *f;
	s->file.box = xcalloc(f->n + 1, sizeof(*f->box));
	for (size_t i = 0; i < f->n; i++)
		s->file.box[i] = f->box[i];
	s->start = xcalloc((size_t)n_frames + 1, sizeof(*s->start));
	s->id = xcalloc(f->n + 1, sizeof(*s->id));
	for (int i = 0; i <= n_frames; i++) {
		while (k < f->n && f->box[k].frame < i)
			k++;
		s->start[i] = k;
	}
}

static void side_clear(struct side *s)
{
	free(s->file.box);
	free(s->start);
	free(s->id);
}

static int side_at(const struct side *s, int frame, const struct mot_box **box)
{
	*box = s->file.box + s->start[frame];
	return (int)(s->start[frame + 1] - s->start[frame]);
}

static void pair_frame(void *ctx, int i, struct mot_frame *out)
{
	struct both *b = ctx;
	const struct mot_box *gt, *tr;

	b->frame = i;
	out->n_gt = side_at(&b->gt, i, &gt);
	out->n_tr = side_at(&b->tr, i, &tr);
	out->gt = b->gt.id + b->gt.start[i];
	out->tr = b->tr.id + b->tr.start[i];
	for (int g = 0; g < out->n_gt; g++)
		for (int t = 0; t < out->n_tr; t++)
			out->similarity[(size_t)g * (size_t)out->n_tr + (size_t)t] =
				alike(b->o, &gt[g], &tr[t]);
}

static void pair_found(void *ctx, int g, int t)
{
	struct both *b = ctx;
	double m = apart(&b->gt.file.box[b->gt.start[b->frame] + (size_t)g],
			 &b->tr.file.box[b->tr.start[b->frame] + (size_t)t]);

	if (b->beside && !isnan(m))
		*VEC_PUSH(&b->beside->off_m) = m;
}

/* ---- what is not compared ---- */

/* Marks which boxes of a frame leave. */
static void mark_frame(const struct both *b, int frame, struct assign_work *work, double *cost,
		       int *match)
{
	struct mot_box *gt = b->gt.file.box + b->gt.start[frame];
	struct mot_box *tr = b->tr.file.box + b->tr.start[frame];
	int n_gt = (int)(b->gt.start[frame + 1] - b->gt.start[frame]);
	int n_tr = (int)(b->tr.start[frame + 1] - b->tr.start[frame]);

	for (int g = 0; g < n_gt; g++)
		for (int t = 0; t < n_tr; t++) {
			double s = alike(b->o, &gt[g], &tr[t]);

			cost[g * n_tr + t] = s < SAME - DBL_EPSILON ? 0 : -s;
		}
	assign_with(work, cost, n_gt, n_tr, match);
	for (int g = 0; g < n_gt; g++) {
		int t = match[g];

		if (t >= 0 && cost[g * n_tr + t] < -DBL_EPSILON)
			tr[t].ignore = gt[g].ignore;
	}
}

static size_t leave_out(struct side *s, int n_frames)
{
	size_t kept = 0, left;

	for (int i = 0; i < n_frames; i++) {
		size_t from = s->start[i], to = s->start[i + 1];

		s->start[i] = kept;
		for (size_t k = from; k < to; k++)
			if (!s->file.box[k].ignore)
				s->file.box[kept++] = s->file.box[k];
	}
	s->start[n_frames] = kept;
	left = s->file.n - kept;
	s->file.n = kept;
	return left;
}

static bool any_ignored(const struct mot_file *f)
{
	for (size_t i = 0; i < f->n; i++)
		if (f->box[i].ignore)
			return true;
	return false;
}

static void drop_ignored(struct both *b, int n_frames)
{
	struct assign_work *work;
	double *cost;
	int *match;
	size_t gt, tr;

	if (!any_ignored(&b->gt.file) && !any_ignored(&b->tr.file))
		return;
	work = assign_work_new(b->gt.file.max_boxes, b->tr.file.max_boxes);
	cost = xcalloc((size_t)b->gt.file.max_boxes * (size_t)b->tr.file.max_boxes + 1,
		       sizeof(*cost));
	match = xcalloc((size_t)b->gt.file.max_boxes + 1, sizeof(*match));
	for (int i = 0; i < n_frames; i++)
		mark_frame(b, i, work, cost, match);
	gt = leave_out(&b->gt, n_frames);
	tr = leave_out(&b->tr, n_frames);
	if (b->beside) {
		b->beside->gt_ignored += gt;
		b->beside->tr_ignored += tr;
	}
	free(match);
	free(cost);
	assign_work_free(work);
}

/* Ids 0, 1, ... of those that are left, in their old order. */
static void number_ids(struct side *s)
{
	int *to = xcalloc((size_t)s->file.n_ids + 1, sizeof(*to)), n = 0;

	for (size_t i = 0; i < s->file.n; i++)
		to[s->file.box[i].id] = 1;
	for (int i = 0; i < s->file.n_ids; i++)
		to[i] = to[i] ? n++ : -1;
	for (size_t i = 0; i < s->file.n; i++)
		s->id[i] = to[s->file.box[i].id];
	s->file.n_ids = n;
	free(to);
}

void mot_eval(struct mot_score *out, struct mot_beside *beside, const struct mot_file *gt,
	      const struct mot_file *tracks, const struct mot_opts *o)
{
	int n = gt->n_frames > tracks->n_frames ? gt->n_frames : tracks->n_frames;
	struct both b = { .o = o, .beside = beside };
	struct mot_sequence s = {
		.n_frames = n,
		.max_gt = gt->max_boxes,
		.max_tr = tracks->max_boxes,
		.frame = pair_frame,
		.found = pair_found,
		.ctx = &b,
	};

	side_init(&b.gt, gt, n);
	side_init(&b.tr, tracks, n);
	drop_ignored(&b, n);
	number_ids(&b.gt);
	number_ids(&b.tr);
	s.n_gt_ids = b.gt.file.n_ids;
	s.n_tr_ids = b.tr.file.n_ids;
	mot_eval_sequence(out, beside ? &beside->parts : NULL, &s, o->threshold);
	side_clear(&b.gt);
	side_clear(&b.tr);
}

/* ---- intervals ---- */

struct picked {
	const struct mot_parts *parts;
	struct mot_score *v;
};

enum { FIGURES = sizeof(struct mot_ranges) / sizeof(struct interval) };

static void figures(void *ctx, const size_t *pick, double *out)
{
	const struct picked *p = ctx;
	struct mot_score s;

	for (size_t i = 0; i < p->parts->n; i++)
		p->v[i] = p->parts->v[pick[i]];
	mot_combine(&s, p->v, p->parts->n);
	*out++ = s.mota;
	*out++ = s.motp;
	*out++ = s.idf1;
	*out++ = mot_mean(s.hota);
	*out++ = mot_mean(s.det_a);
	*out++ = mot_mean(s.ass_a);
	*out++ = s.clr_re;
	*out++ = s.clr_pr;
}

struct mot_ranges mot_resample(const struct mot_parts *parts)
{
	struct picked p = { parts, xcalloc(parts->n + 1, sizeof(*p.v)) };
	struct interval v[FIGURES];

	resample(parts->n, FIGURES, figures, &p, v);
	free(p.v);
	return (struct mot_ranges){ v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7] };
}
