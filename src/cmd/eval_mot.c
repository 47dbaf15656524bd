/* SPDX-License-Identifier: Apache-2.0 */
/* eval_mot.c -- footfall eval mot: tracks against true tracks, by boxes and on the floor. */
#include "cmd/eval.h"

#include "base/str.h"
#include "base/vec.h"
#include "cmd/eval_boxes.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>

#define METRES_MAX 100.0

enum field_kind { FIELD_HEAD, FIELD_COUNT, FIELD_RATIO, FIELD_ALPHAS };

struct field {
	enum field_kind kind;
	const char *name; /* as in TrackEval, so that tables can be laid side by side */
	size_t offset;
	const char *meaning;
};

#define COUNT(name, field, meaning) \
	{ \
		FIELD_COUNT, name, offsetof(struct mot_score, field), meaning \
	}
#define RATIO(name, field, meaning) \
	{ \
		FIELD_RATIO, name, offsetof(struct mot_score, field), meaning \
	}
#define ALPHAS(name, field, meaning) \
	{ \
		FIELD_ALPHAS, name, offsetof(struct mot_score, field), meaning \
	}
#define HEAD(text) \
	{ \
		FIELD_HEAD, text, 0, NULL \
	}

static const struct field fields[] = {
	HEAD("HOTA (mean over similarities of 0.05 to 0.95)"),
	ALPHAS("HOTA", hota, "geometric mean of DetA and AssA"),
	ALPHAS("DetA", det_a, "detection: found / (found + missed + false)"),
	ALPHAS("AssA", ass_a, "association: how well ids hold over time"),
	ALPHAS("DetRe", det_re, "detection recall"),
	ALPHAS("DetPr", det_pr, "detection precision"),
	ALPHAS("AssRe", ass_re, "association recall: a person is not torn into several ids"),
	ALPHAS("AssPr", ass_pr, "association precision: an id is not several people"),
	ALPHAS("LocA", loc_a, "mean similarity of what was found"),
	ALPHAS("OWTA", owta, "geometric mean of DetRe and AssA"),
	RATIO("HOTA(0)", hota, "HOTA at a similarity of 0.05"),
	RATIO("LocA(0)", loc_a, "LocA at a similarity of 0.05"),
	HEAD("CLEAR"),
	RATIO("MOTA", mota, "1 - (missed + false + switches) / truth"),
	RATIO("MOTP", motp, "mean similarity of what was found"),
	RATIO("MODA", moda, "MOTA without switches"),
	RATIO("MOTAL", motal, "MOTA with the logarithm of switches"),
	RATIO("sMOTA", smota, "MOTA with similarity in place of found"),
	RATIO("CLR_Re", clr_re, "recall"),
	RATIO("CLR_Pr", clr_pr, "precision"),
	RATIO("CLR_F1", clr_f1, "harmonic mean of the two"),
	COUNT("CLR_TP", clr_tp, "found"),
	COUNT("CLR_FN", clr_fn, "missed"),
	COUNT("CLR_FP", clr_fp, "false"),
	COUNT("IDSW", idsw, "switches: a person's id changes"),
	COUNT("Frag", frag, "fragments: a person is lost and found again"),
	COUNT("MT", mt, "people found more than 80 % of their time"),
	COUNT("PT", pt, "people found 20 to 80 % of their time"),
	COUNT("ML", ml, "people found less than 20 % of their time"),
	RATIO("FP_per_frame", fp_per_frame, "false boxes a frame"),
	HEAD("Identity (ids paired with people once for all)"),
	RATIO("IDF1", idf1, "harmonic mean of IDP and IDR"),
	RATIO("IDP", idp, "share of boxes with the right id"),
	RATIO("IDR", idr, "share of the truth with the right id"),
	COUNT("IDTP", idtp, "boxes with the right id"),
	COUNT("IDFN", idfn, "truth without"),
	COUNT("IDFP", idfp, "boxes with a wrong one"),
	HEAD("Size"),
	COUNT("Frames", frames, "frames"),
	COUNT("GT_Dets", gt_dets, "boxes of the truth"),
	COUNT("Dets", tr_dets, "boxes of the tracks"),
	COUNT("GT_IDs", gt_ids, "people"),
	COUNT("IDs", tr_ids, "tracks"),
};
#define N_FIELDS (sizeof(fields) / sizeof(*fields))

static const double *field_of(const struct mot_score *s, const struct field *f)
{
	return (const double *)((const char *)s + f->offset);
}

static double number_of(const struct mot_score *s, const struct field *f)
{
	return f->kind == FIELD_ALPHAS ? mot_mean(field_of(s, f)) : *field_of(s, f);
}

/* One way to compare all pairs of files; v[n] is all of them together. */
struct scores {
	struct mot_opts o;
	struct mot_score *v;
	struct mot_beside beside; /* of all together */
	struct mot_ranges range;
};

struct mot_run {
	const struct cmd_given *truth, *tracks;
	int n;
	struct scores by[2];
	int n_by; /* 1: boxes; 2: on the floor, too */
};

static const struct {
	const char *name;
	size_t offset;
} ranges[] = {
	{ "MOTA", offsetof(struct mot_ranges, mota) },
	{ "MOTP", offsetof(struct mot_ranges, motp) },
	{ "IDF1", offsetof(struct mot_ranges, idf1) },
	{ "HOTA", offsetof(struct mot_ranges, hota) },
	{ "DetA", offsetof(struct mot_ranges, det_a) },
	{ "AssA", offsetof(struct mot_ranges, ass_a) },
	{ "CLR_Re", offsetof(struct mot_ranges, clr_re) },
	{ "CLR_Pr", offsetof(struct mot_ranges, clr_pr) },
};
#define N_RANGES (sizeof(ranges) / sizeof(*ranges))

static struct interval range_of(const struct mot_ranges *r, size_t i)
{
	return *(const struct interval *)(const void *)((const char *)r + ranges[i].offset);
}

static int by_value(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* How far off found people are: a quantile of the sorted distances; NaN without any. */
static double off_at(const struct scores *s, double q)
{
	size_t n = s->beside.off_m.n, i = (size_t)(q * (double)n);

	if (!n)
		return NAN;
	if (q == 0.5 && n % 2 == 0)
		return (s->beside.off_m.v[n / 2 - 1] + s->beside.off_m.v[n / 2]) / 2;
	return s->beside.off_m.v[i < n ? i : n - 1];
}

/* ---- as text ---- */

static void add_columns(struct str *b, const struct mot_run *r)
{
	char unit[32];

	str_addf(b, "%-14s", "");
	for (int k = 0; k < r->n_by; k++) {
		snprintf(unit, sizeof(unit), "%g m", r->by[k].o.limit_m);
		for (int i = 0; i < r->n; i++)
			if (r->n_by == 1)
				str_addf(b, " %9d", i + 1);
			else if (r->n == 1)
				str_addf(b, " %9s", k ? unit : "IoU");
			else
				str_addf(b, " %5s %3d", k ? unit : "IoU", i + 1);
		if (r->n > 1)
			str_addf(b, "       all");
	}
	str_add(b, "\n");
}

static void add_fields(struct str *b, const struct mot_run *r)
{
	for (size_t f = 0; f < N_FIELDS; f++) {
		if (fields[f].kind == FIELD_HEAD) {
			str_addf(b, "\n%s\n", fields[f].name);
			add_columns(b, r);
			continue;
		}
		str_addf(b, "  %-12s", fields[f].name);
		for (int k = 0; k < r->n_by; k++)
			for (int i = 0; i < (r->n > 1 ? r->n + 1 : 1); i++)
				str_addf(b, fields[f].kind == FIELD_COUNT ? " %9.0f" : " %9.4f",
					 number_of(&r->by[k].v[i], &fields[f]));
		str_addf(b, "   %s\n", fields[f].meaning);
	}
}

static void add_ranges(struct str *b, const struct mot_run *r)
{
	if (r->by[0].beside.parts.n < 2)
		return;
	str_addf(b, "\n95 %% intervals%s: %d resamples of %zu parts of the time\n",
		 r->n > 1 ? " of all together" : "", RESAMPLE_ROUNDS, r->by[0].beside.parts.n);
	for (size_t i = 0; i < N_RANGES; i++) {
		str_addf(b, "  %-12s", ranges[i].name);
		for (int k = 0; k < r->n_by; k++) {
			struct interval v = range_of(&r->by[k].range, i);

			str_addf(b, "  %s %.3f to %.3f", k ? "floor" : "IoU", v.lo, v.hi);
		}
		str_add(b, "\n");
	}
}

static void add_table(struct str *b, const struct mot_run *r)
{
	const struct scores *floor = &r->by[1];

	for (int i = 0; i < r->n; i++)
		str_addf(b, "%d: %s against %s\n", i + 1, r->tracks->v[i], r->truth->v[i]);
	str_addf(b, "a box counts as found from an overlap (IoU) of %g on\n",
		 r->by[0].o.threshold);
	if (r->n_by > 1)
		str_addf(b, "on the floor somebody counts as found up to %g m away\n",
			 floor->o.limit_m);
	for (int k = 0; k < r->n_by; k++)
		if (r->by[k].beside.gt_ignored || r->by[k].beside.tr_ignored)
			str_addf(b, "left out (%s): %zu of the truth, %zu of the tracks\n",
				 k ? "floor" : "IoU", r->by[k].beside.gt_ignored,
				 r->by[k].beside.tr_ignored);
	add_fields(b, r);
	if (r->n_by > 1 && floor->beside.off_m.n)
		str_addf(b, "\nFoot error of those found: median %.3f m, 90 %% under %.3f m\n",
			 off_at(floor, 0.5), off_at(floor, 0.9));
	add_ranges(b, r);
}

/* ---- as JSON ---- */

/* The members of an object, without its braces. */
static void add_json_score(struct str *b, const struct mot_score *s)
{
	const char *comma = "";

	for (size_t k = 0; k < N_FIELDS; k++) {
		const struct field *f = &fields[k];

		if (f->kind == FIELD_HEAD)
			continue;
		str_addf(b, f->kind == FIELD_COUNT ? "%s\"%s\": %.0f" : "%s\"%s\": %.9f", comma,
			 f->name, number_of(s, f));
		comma = ", ";
	}
	str_add(b, ", \"alphas\": {");
	comma = "";
	for (size_t k = 0; k < N_FIELDS; k++) {
		if (fields[k].kind != FIELD_ALPHAS)
			continue;
		str_addf(b, "%s\"%s\": [", comma, fields[k].name);
		for (int a = 0; a < MOT_ALPHAS; a++)
			str_addf(b, "%s%.9f", a ? ", " : "", field_of(s, &fields[k])[a]);
		str_add(b, "]");
		comma = ", ";
	}
	str_add(b, "}");
}

static void add_json_ranges(struct str *b, const struct scores *s)
{
	str_add(b, ",\n\"range\": {");
	for (size_t i = 0; i < N_RANGES; i++)
		eval_add_json_range(b, i ? ", " : "", ranges[i].name, range_of(&s->range, i));
	str_addf(b, "}, \"left_out\": {\"truth\": %zu, \"tracks\": %zu}", s->beside.gt_ignored,
		 s->beside.tr_ignored);
}

/* The members of an object, without its braces. */
static void add_json_scores(struct str *b, const struct mot_run *r, const struct scores *s)
{
	str_addf(b, "\"threshold\": %g,\n\"sequences\": [", s->o.threshold);
	for (int i = 0; i < r->n; i++) {
		str_addf(b, "%s\n{\"truth\": ", i ? "," : "");
		eval_add_json_text(b, r->truth->v[i]);
		str_add(b, ", \"tracks\": ");
		eval_add_json_text(b, r->tracks->v[i]);
		str_add(b, ", ");
		add_json_score(b, &s->v[i]);
		str_add(b, "}");
	}
	str_add(b, "],\n\"combined\": {");
	add_json_score(b, &s->v[r->n]);
	str_add(b, "}");
	add_json_ranges(b, s);
}

static void add_json(struct str *b, const struct mot_run *r)
{
	str_add(b, "{\n\"format\": \"footfall-eval-1\", \"what\": \"mot\", "
		   "\"similarity\": \"iou\", ");
	add_json_scores(b, r, &r->by[0]);
	if (r->n_by > 1) {
		str_addf(b, ",\n\"floor\": {\"metres\": %g", r->by[1].o.limit_m);
		eval_add_json_number(b, ", ", "foot_error_median_m", off_at(&r->by[1], 0.5));
		eval_add_json_number(b, ", ", "foot_error_p90_m", off_at(&r->by[1], 0.9));
		str_add(b, ", ");
		add_json_scores(b, r, &r->by[1]);
		str_add(b, "}");
	}
	str_add(b, "\n}\n");
}

/* ---- the command ---- */

static void score_pair(struct mot_run *r, int i, struct boxes *boxes)
{
	for (int k = 0; k < r->n_by; k++) {
		struct scores *s = &r->by[k];

		if (s->o.by == MOT_FLOOR)
			boxes_ignore_unplaced(boxes);
		mot_eval(&s->v[i], &s->beside, &boxes->truth, &boxes->tracks, &s->o);
	}
}

static int score_all(struct mot_run *r, const struct boxes_opts *o, bool want_floor,
		     struct err *err)
{
	int rc = 0;

	for (int i = 0; i < r->n && rc >= 0; i++) {
		struct boxes boxes = { 0 };

		rc = boxes_read(&boxes, r->truth->v[i], r->tracks->v[i], o, err);
		if (rc >= 0 && want_floor)
			rc = boxes_need_places(&boxes, r->truth->v[i], r->tracks->v[i], err);
		if (rc >= 0 && !boxes_have_places(&boxes))
			r->n_by = 1;
		if (rc >= 0)
			score_pair(r, i, &boxes);
		boxes_clear(&boxes);
	}
	for (int k = 0; k < r->n_by && rc >= 0; k++) {
		struct scores *s = &r->by[k];

		mot_combine(&s->v[r->n], s->v, (size_t)r->n);
		if (s->beside.off_m.n)
			qsort(s->beside.off_m.v, s->beside.off_m.n, sizeof(*s->beside.off_m.v),
			      by_value);
		s->range = mot_resample(&s->beside.parts);
	}
	return rc;
}

static int parse_limits(const struct cmd_args *a, struct mot_run *r, struct err *err)
{
	const char *iou = cmd_value(a, "iou"), *metres = cmd_value(a, "metres");
	double *t = &r->by[0].o.threshold, *m = &r->by[1].o.limit_m;

	if (iou && (!str_to_double(iou, t) || *t <= 0 || *t > 1))
		return err_set(err, ERR_USAGE,
			       "--iou is '%s', expected a number above 0 and up to 1", iou);
	if (metres && (!str_to_double(metres, m) || *m <= 0 || *m > METRES_MAX))
		return err_set(err, ERR_USAGE,
			       "--metres is '%s', expected a number above 0 and up to %g",
			       metres, METRES_MAX);
	return 0;
}

int eval_mot(const struct cmd_args *a, struct err *err)
{
	struct mot_run r = { .truth = eval_given(a, "truth"),
			     .tracks = eval_given(a, "tracks"),
			     .by = { { .o = { MOT_IOU, 0.5, 0 } },
				     { .o = { MOT_FLOOR, 0.5, 1 } } },
			     .n_by = 2 };
	struct boxes_opts boxes;
	struct str text = STR_INIT;
	int rc = parse_limits(a, &r, err);

	r.n = r.truth->n;
	if (rc < 0)
		return rc;
	if (r.truth->n == 0 || r.truth->n != r.tracks->n)
		return err_set(
			err, ERR_USAGE,
			"expected as many --truth as --tracks, at least one; found %d and "
			"%d",
			r.truth->n, r.tracks->n);
	rc = boxes_opts_parse(&boxes, a, err);
	if (rc < 0)
		return rc;
	for (int k = 0; k < 2; k++)
		r.by[k].v = xcalloc((size_t)r.n + 1, sizeof(*r.by[k].v));
	rc = score_all(&r, &boxes, cmd_has(a, "metres") || cmd_has(a, "calib"), err);
	if (rc >= 0 && cmd_has(a, "json"))
		add_json(&text, &r);
	else if (rc >= 0)
		add_table(&text, &r);
	if (rc >= 0)
		rc = eval_print(&text, err);
	for (int k = 0; k < 2; k++) {
		free(r.by[k].v);
		mot_beside_clear(&r.by[k].beside);
	}
	str_clear(&text);
	boxes_opts_clear(&boxes);
	return rc;
}
