/* SPDX-License-Identifier: Apache-2.0 */
/* eval.c -- footfall eval: scores against ground truth. */
#include "cmd/eval.h"

#include "base/str.h"
#include "base/vec.h"
#include "eval/mot.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
	HEAD("HOTA (mean over overlaps of 0.05 to 0.95)"),
	ALPHAS("HOTA", hota, "geometric mean of DetA and AssA"),
	ALPHAS("DetA", det_a, "detection: found / (found + missed + false)"),
	ALPHAS("AssA", ass_a, "association: how well ids hold over time"),
	ALPHAS("DetRe", det_re, "detection recall"),
	ALPHAS("DetPr", det_pr, "detection precision"),
	ALPHAS("AssRe", ass_re, "association recall: a person is not torn into several ids"),
	ALPHAS("AssPr", ass_pr, "association precision: an id is not several people"),
	ALPHAS("LocA", loc_a, "mean overlap of what was found"),
	ALPHAS("OWTA", owta, "geometric mean of DetRe and AssA"),
	RATIO("HOTA(0)", hota, "HOTA at an overlap of 0.05"),
	RATIO("LocA(0)", loc_a, "LocA at an overlap of 0.05"),
	HEAD("CLEAR"),
	RATIO("MOTA", mota, "1 - (missed + false + switches) / truth"),
	RATIO("MOTP", motp, "mean overlap of what was found"),
	RATIO("MODA", moda, "MOTA without switches"),
	RATIO("MOTAL", motal, "MOTA with the logarithm of switches"),
	RATIO("sMOTA", smota, "MOTA with overlap in place of found"),
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

/* Scores of several pairs of files; the last one is all of them together. */
struct scores {
	const char *const *truth, *const *tracks;
	int n;
	double threshold;
	struct mot_score *v; /* n + 1 */
};

static void add_table(struct str *b, const struct scores *s)
{
	int columns = s->n > 1 ? s->n + 1 : 1;

	for (int i = 0; i < s->n; i++)
		str_addf(b, "%d: %s against %s\n", i + 1, s->tracks[i], s->truth[i]);
	str_addf(b, "a box counts as found from an overlap (IoU) of %g on\n", s->threshold);
	for (size_t k = 0; k < N_FIELDS; k++) {
		const struct field *f = &fields[k];

		if (f->kind == FIELD_HEAD) {
			str_addf(b, "\n%s\n", f->name);
			str_addf(b, "%-14s", "");
			for (int i = 0; i < s->n; i++)
				str_addf(b, " %9d", i + 1);
			str_addf(b, "%s\n", s->n > 1 ? "       all" : "");
			continue;
		}
		str_addf(b, "  %-12s", f->name);
		for (int i = 0; i < columns; i++)
			str_addf(b, f->kind == FIELD_COUNT ? " %9.0f" : " %9.4f",
				 number_of(&s->v[i], f));
		str_addf(b, "   %s\n", f->meaning);
	}
}

void eval_add_json_text(struct str *b, const char *text)
{
	str_add(b, "\"");
	for (const char *p = text; *p; p++) {
		if (*p == '"' || *p == '\\')
			str_addf(b, "\\%c", *p);
		else if ((unsigned char)*p < 0x20)
			str_addf(b, "\\u%04x", (unsigned)*p);
		else
			str_add_n(b, p, 1);
	}
	str_add(b, "\"");
}

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

static void add_json(struct str *b, const struct scores *s)
{
	str_addf(b, "{\n\"similarity\": \"iou\", \"threshold\": %g,\n\"sequences\": [",
		 s->threshold);
	for (int i = 0; i < s->n; i++) {
		str_addf(b, "%s\n{\"truth\": ", i ? "," : "");
		eval_add_json_text(b, s->truth[i]);
		str_add(b, ", \"tracks\": ");
		eval_add_json_text(b, s->tracks[i]);
		str_add(b, ", ");
		add_json_score(b, &s->v[i]);
		str_add(b, "}");
	}
	str_add(b, "],\n\"combined\": {");
	add_json_score(b, &s->v[s->n]);
	str_add(b, "}\n}\n");
}

static int score_pair(struct mot_score *out, const char *truth, const char *tracks,
		      double threshold, struct err *err)
{
	struct mot_file gt = { 0 }, tr = { 0 };
	int rc;

	if ((rc = mot_read(&gt, truth, err)) < 0 || (rc = mot_read(&tr, tracks, err)) < 0)
		goto out;
	mot_eval(out, &gt, &tr, threshold);
out:
	mot_file_clear(&gt);
	mot_file_clear(&tr);
	return rc;
}

static int print_text(const struct str *b, struct err *err)
{
	if (fputs(b->s, stdout) == EOF || fflush(stdout) == EOF)
		return err_set(err, ERR_IO, "cannot write to standard output");
	return 0;
}

static const struct cmd_given *given(const struct cmd_args *a, const char *name)
{
	int i = 0;

	while (strcmp(a->cmd->options[i].name, name) != 0)
		i++;
	return &a->given[i];
}

static int eval_mot(const struct cmd_args *a, struct err *err)
{
	const struct cmd_given *truth = given(a, "truth"), *tracks = given(a, "tracks");
	const char *iou = cmd_value(a, "iou");
	struct scores s = { .truth = truth->v, .tracks = tracks->v, .n = truth->n };
	struct str text = STR_INIT;
	int rc = 0;

	s.threshold = 0.5;
	if (truth->n == 0 || truth->n != tracks->n)
		return err_set(
			err, ERR_USAGE,
			"expected as many --truth as --tracks, at least one; found %d and "
			"%d",
			truth->n, tracks->n);
	if (iou && (!str_to_double(iou, &s.threshold) || s.threshold <= 0 || s.threshold > 1))
		return err_set(err, ERR_USAGE,
			       "--iou is '%s', expected a number above 0 and up to 1", iou);
	s.v = xcalloc((size_t)s.n + 1, sizeof(*s.v));
	for (int i = 0; i < s.n; i++)
		if ((rc = score_pair(&s.v[i], truth->v[i], tracks->v[i], s.threshold, err)) < 0)
			goto out;
	mot_combine(&s.v[s.n], s.v, (size_t)s.n);
	if (cmd_has(a, "json"))
		add_json(&text, &s);
	else
		add_table(&text, &s);
	rc = print_text(&text, err);
out:
	str_clear(&text);
	free(s.v);
	return rc;
}

/* Which options are only for one word: all but --truth and --json. */
static const struct {
	const char *option, *word;
} only_for[] = {
	{ "tracks", "mot" },   { "iou", "mot" },      { "clip", "mask" },
	{ "backend", "mask" }, { "causal", "mask" },  { "from", "mask" },
	{ "dump", "mask" },    { "events", "count" }, { "tolerance", "count" },
	{ "db", "measures" },
};

static int check_options(const struct cmd_args *a, struct err *err)
{
	for (size_t i = 0; i < sizeof(only_for) / sizeof(*only_for); i++)
		if (strcmp(only_for[i].word, a->rest[0]) != 0 && cmd_has(a, only_for[i].option))
			return err_set(err, ERR_USAGE, "--%s is for 'eval %s'",
				       only_for[i].option, only_for[i].word);
	return 0;
}

static const struct {
	const char *word;
	int (*run)(const struct cmd_args *a, struct err *err);
} kinds[] = {
	{ "mot", eval_mot },
	{ "mask", eval_mask },
	{ "count", eval_count },
	{ "measures", eval_measures },
};
#define N_KINDS (sizeof(kinds) / sizeof(*kinds))

static int run(const struct cmd_args *a, struct err *err)
{
	struct str known = STR_INIT;
	int rc;

	for (size_t i = 0; i < N_KINDS; i++) {
		if (a->n_rest == 1 && strcmp(a->rest[0], kinds[i].word) == 0) {
			str_clear(&known);
			rc = check_options(a, err);
			return rc < 0 ? rc : kinds[i].run(a, err);
		}
		str_addf(&known, "%s%s", i ? ", " : "", kinds[i].word);
	}
	if (a->n_rest == 0)
		rc = err_set(err, ERR_USAGE, "expected what to score, one of: %s", known.s);
	else if (a->n_rest == 1)
		rc = err_set(err, ERR_USAGE, "cannot score '%s', expected one of: %s",
			     a->rest[0], known.s);
	else
		rc = err_set(err, ERR_USAGE, "expected one word, one of: %s; found '%s' too",
			     known.s, a->rest[1]);
	str_clear(&known);
	return rc;
}

static const struct cmd_option options[] = {
	{ "truth", "FILE",
	  "ground truth: MOTChallenge text (mot), a folder of gt000000.png, gt000001.png, ... "
	  "(mask), crossings (count), measures.csv of 'sim --truth' (measures)",
	  true },
	{ "tracks", "FILE", "tracks to score, MOTChallenge text; as many as --truth", true },
	{ "iou", "N", "overlap from which a box counts as found (0.5)", false },
	{ "json", NULL, "print JSON instead of a table", false },
	{ "clip", "FILE", "video to make masks of", false },
	{ "backend", "NAME", "background model: mcw, mog2 or knn; default: the settings'",
	  false },
	{ "causal", NULL, "do not look over the clip first to learn the empty scene", false },
	{ "from", "N", "first picture to score, counted from 0; default: after a tenth",
	  false },
	{ "dump", "DIR", "folder for the masks: m000000.pgm and so on", false },
	{ "events", "FILE", "counted crossings: events.csv of 'replay --out'", false },
	{ "db", "FILE", "database that was counted into (measures)", false },
	{ "tolerance", "S", "seconds that a crossing may be off and still be right (1)",
	  false },
	{ 0 },
};

const struct cmd cmd_eval = {
	.name = "eval",
	.words = "mot|mask|count|measures",
	.help = "score results against ground truth",
	.manual =
		"'eval mot' compares tracks with true tracks, box by box: CLEAR-MOT, identity and "
		"HOTA scores, equal to TrackEval's. Both files hold a line per box: "
		"frame,id,left,top,width,height, frames counted from 1, in the same pixels; what "
		"follows is not looked at. 'replay --mot FILE' writes such files.\n"
		"\n"
		"Given several times, the first --truth belongs to the first --tracks and so on; "
		"the last column is for all of them together.\n"
		"\n"
		"'eval mask' makes the foreground masks of a clip as 'replay' does and compares "
		"them, pixel by pixel, with true ones as changedetection.net does: as the "
		"background model gives them, and after shadows and specks were taken out. Pixels "
		"of the truth are 0 (static), 50 (shadow; static, too), 85 and 170 (not counted) "
		"or 255 (moving). The file of the clip's first picture is gt000000.png. "
		"temporalROI.txt beside the folder, two numbers, says which pictures count; the "
		"clip's first tenth, where models still learn, is left out unless --from says "
		"otherwise.\n"
		"\n"
		"'eval count' compares counted crossings with true ones, by line and direction: "
		"the error of the counts of each quarter of an hour (WAPE: the sum of the errors "
		"over the sum of the truth), and how many crossings were counted rightly, one by "
		"one. Both files are CSV with the columns t_utc, name (or line) and event (or "
		"direction), like events.csv of 'replay --out' and crossings.csv of 'sim "
		"--truth'.\n"
		"\n"
		"'eval measures' compares everything that a database has of a simulated store's "
		"lines, zones, gates, queues and fixtures with measures.csv of 'sim --truth': how "
		"much in all, and the error of each place, key and quarter of an hour (WAPE); of "
		"lengths of time how many there are, their median and 90th percentile. By rule: "
		"the definitions on exact positions; by intent: what people were about, whatever "
		"their positions say.",
	.options = options,
	.flags = CMD_CONF,
	.run = run,
};
