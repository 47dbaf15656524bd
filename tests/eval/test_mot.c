/* SPDX-License-Identifier: Apache-2.0 */
/* test_mot.c -- the scores are TrackEval's, and broken files are named by their line. */
#include "eval/mot.h"

#include <jansson.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#include <cmocka.h>

#define METRICS SHARED_DIR "/metrics"

static const struct mot_opts by_iou = { .by = MOT_IOU, .threshold = 0.5 };

static void near_to(const char *what, double got, double expected)
{
	if (!(fabs(got - expected) <= 1e-6))
		fail_msg("%s is %.9g, expected %.9g", what, got, expected);
}

/* TrackEval's name of each field. */
#define ONE(name, field) \
	{ \
		name, offsetof(struct mot_score, field), 1 \
	}
#define ALL(name, field) \
	{ \
		name, offsetof(struct mot_score, field), MOT_ALPHAS \
	}
static const struct {
	const char *name;
	size_t offset;
	int n;
} fields[] = {
	ONE("CLR_TP", clr_tp),
	ONE("CLR_FN", clr_fn),
	ONE("CLR_FP", clr_fp),
	ONE("IDSW", idsw),
	ONE("Frag", frag),
	ONE("CLR_Frames", frames),
	ONE("MT", mt),
	ONE("PT", pt),
	ONE("ML", ml),
	ONE("MOTP_sum", motp_sum),
	ONE("MOTA", mota),
	ONE("MOTP", motp),
	ONE("MODA", moda),
	ONE("MOTAL", motal),
	ONE("sMOTA", smota),
	ONE("CLR_Re", clr_re),
	ONE("CLR_Pr", clr_pr),
	ONE("CLR_F1", clr_f1),
	ONE("FP_per_frame", fp_per_frame),
	ONE("MTR", mtr),
	ONE("PTR", ptr),
	ONE("MLR", mlr),
	ONE("IDTP", idtp),
	ONE("IDFN", idfn),
	ONE("IDFP", idfp),
	ONE("IDF1", idf1),
	ONE("IDR", idr),
	ONE("IDP", idp),
	ALL("HOTA_TP", hota_tp),
	ALL("HOTA_FN", hota_fn),
	ALL("HOTA_FP", hota_fp),
	ALL("HOTA", hota),
	ALL("DetA", det_a),
	ALL("AssA", ass_a),
	ALL("DetRe", det_re),
	ALL("DetPr", det_pr),
	ALL("AssRe", ass_re),
	ALL("AssPr", ass_pr),
	ALL("LocA", loc_a),
	ALL("OWTA", owta),
	ONE("HOTA(0)", hota),
	ONE("LocA(0)", loc_a),
};
#define N_FIELDS (sizeof(fields) / sizeof(*fields))

static const char *fixture(const char *name)
{
	static char path[4096];

	snprintf(path, sizeof(path), METRICS "/%s", name);
	if (access(path, R_OK) != 0) {
		print_message("no reference figures: '%s' is not there\n", path);
		skip();
	}
	return path;
}

static json_t *fixture_json(const char *name)
{
	json_t *root = json_load_file(fixture(name), 0, NULL);

	assert_non_null(root);
	return root;
}

/* Every field that the reference has, but for one that is the product of two others. */
static void equals_reference(const struct mot_score *s, const json_t *expected)
{
	const char *key;
	json_t *v;
	size_t known = 0;

	json_object_foreach((json_t *)(uintptr_t)expected, key, v)
	{
		for (size_t i = 0; i < N_FIELDS; i++) {
			const double *mine =
				(const double *)((const char *)s + fields[i].offset);

			if (strcmp(key, fields[i].name) != 0)
				continue;
			known++;
			for (int a = 0; a < fields[i].n; a++)
				near_to(key, mine[a],
					json_number_value(
						fields[i].n == 1
							? v
							: json_array_get(v, (size_t)a)));
		}
	}
	assert_int_equal(known, N_FIELDS);
	assert_int_equal(known + 1, json_object_size(expected)); /* HOTALocA(0) */
}

static void score_files(struct mot_score *s, const char *gt_path, const char *tracks_path)
{
	struct mot_file gt, tracks;
	struct err err = { 0 };

	if (mot_read(&gt, fixture(gt_path), &err) < 0)
		fail_msg("%s", err.msg);
	if (mot_read(&tracks, fixture(tracks_path), &err) < 0)
		fail_msg("%s", err.msg);
	mot_eval(s, NULL, &gt, &tracks, &by_iou);
	mot_file_clear(&gt);
	mot_file_clear(&tracks);
}

static void tud_equals_trackeval(void **state)
{
	json_t *all = fixture_json("trackeval_tud_expected.json");
	struct mot_score s[2], sum;

	(void)state;
	score_files(&s[0], "py-motmetrics/data/TUD-Campus/gt.txt",
		    "py-motmetrics/data/TUD-Campus/test.txt");
	score_files(&s[1], "py-motmetrics/data/TUD-Stadtmitte/gt.txt",
		    "py-motmetrics/data/TUD-Stadtmitte/test.txt");
	mot_combine(&sum, s, 2);
	equals_reference(&s[0], json_object_get(all, "TUD-Campus"));
	equals_reference(&s[1], json_object_get(all, "TUD-Stadtmitte"));
	equals_reference(&sum, json_object_get(all, "COMBINED"));
	near_to("ids", sum.gt_ids, 18);
	near_to("boxes", sum.gt_dets, 1515);
	json_decref(all);
}

static void pets_equals_trackeval(void **state)
{
	static const char *const names[] = { "sort_frcnn.txt", "proto_bgs_gpom.txt" };
	json_t *all = fixture_json("pets_fixture/expected_trackeval.json");

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct mot_score s;
		char path[64];

		snprintf(path, sizeof(path), "pets_fixture/%s", names[i]);
		score_files(&s, "pets_fixture/gt.txt", path);
		equals_reference(&s, json_object_get(all, names[i]));
	}
	json_decref(all);
}

#define SIDE 8

/* A sequence whose similarities are given by hand. */
struct dense {
	int n_gt[SIDE], n_tr[SIDE];
	int gt[SIDE][SIDE], tr[SIDE][SIDE];
	double similarity[SIDE][SIDE * SIDE];
};

static void dense_frame(void *ctx, int i, struct mot_frame *out)
{
	const struct dense *d = ctx;

	out->n_gt = d->n_gt[i];
	out->n_tr = d->n_tr[i];
	out->gt = d->gt[i];
	out->tr = d->tr[i];
	memcpy(out->similarity, d->similarity[i],
	       (size_t)(out->n_gt * out->n_tr) * sizeof(double));
}

static void dense_read(struct dense *d, const json_t *in)
{
	for (size_t i = 0; i < json_array_size(json_object_get(in, "gt_ids")); i++) {
		const json_t *gt = json_array_get(json_object_get(in, "gt_ids"), i);
		const json_t *tr = json_array_get(json_object_get(in, "tracker_ids"), i);
		const json_t *s = json_array_get(json_object_get(in, "similarity_scores"), i);

		d->n_gt[i] = (int)json_array_size(gt);
		d->n_tr[i] = (int)json_array_size(tr);
		for (size_t k = 0; k < json_array_size(gt); k++)
			d->gt[i][k] = (int)json_number_value(json_array_get(gt, k));
		for (size_t k = 0; k < json_array_size(tr); k++)
			d->tr[i][k] = (int)json_number_value(json_array_get(tr, k));
		for (size_t g = 0; g < json_array_size(gt); g++)
			for (size_t t = 0; t < json_array_size(tr); t++)
				d->similarity[i][g * json_array_size(tr) + t] =
					json_number_value(
						json_array_get(json_array_get(s, g), t));
	}
}

static void dense_equals_trackeval(void **state)
{
	json_t *all = fixture_json("trackeval_dense_expected.json"), *one;
	const char *name;

	(void)state;
	assert_int_equal(json_object_size(all), 3);
	json_object_foreach(all, name, one)
	{
		const json_t *in = json_object_get(one, "input");
		struct dense d = { 0 };
		const struct mot_sequence seq = {
			.n_frames =
				(int)json_number_value(json_object_get(in, "num_timesteps")),
			.n_gt_ids = (int)json_number_value(json_object_get(in, "num_gt_ids")),
			.n_tr_ids =
				(int)json_number_value(json_object_get(in, "num_tracker_ids")),
			.max_gt = SIDE,
			.max_tr = SIDE,
			.frame = dense_frame,
			.ctx = &d,
		};
		struct mot_score s;

		dense_read(&d, in);
		mot_eval_sequence(&s, NULL, &seq, 0.5);
		equals_reference(&s, json_object_get(one, "trackeval"));
	}
	json_decref(all);
}

static void parse(struct mot_file *f, const char *text)
{
	struct err err = { 0 };

	if (mot_parse(f, text, strlen(text), &err) < 0)
		fail_msg("%s", err.msg);
}

static void score_text(struct mot_score *s, const char *gt_text, const char *tracks_text)
{
	struct mot_file gt, tracks;

	parse(&gt, gt_text);
	parse(&tracks, tracks_text);
	mot_eval(s, NULL, &gt, &tracks, &by_iou);
	mot_file_clear(&gt);
	mot_file_clear(&tracks);
}

static const char two_walkers[] = "1,1,0,0,10,20\n1,2,100,0,10,20\n"
				  "2,1,5,0,10,20\n2,2,95,0,10,20\n"
				  "3,1,10,0,10,20\n3,2,90,0,10,20\n"
				  "4,1,15,0,10,20\n4,2,85,0,10,20\n";

static void truth_scores_one(void **state)
{
	struct mot_score s;

	(void)state;
	score_text(&s, two_walkers, two_walkers);
	near_to("MOTA", s.mota, 1);
	near_to("MOTP", s.motp, 1);
	near_to("IDF1", s.idf1, 1);
	near_to("HOTA", mot_mean(s.hota), 1);
	near_to("MT", s.mt, 2);
	near_to("Frag", s.frag, 0);
	near_to("frames", s.frames, 4);
}

/* Tracks 7 and 8 change places after two of four frames: two switches; the best bijection
 * explains half; each of the four pairs of ids shares 2 frames, so AssA = 2 / (4 + 4 - 2). */
static void swapped_ids(void **state)
{
	struct mot_score s;

	(void)state;
	score_text(&s, two_walkers,
		   "1,7,0,0,10,20\n1,8,100,0,10,20\n2,7,5,0,10,20\n2,8,95,0,10,20\n"
		   "3,8,10,0,10,20\n3,7,90,0,10,20\n4,8,15,0,10,20\n4,7,85,0,10,20\n");
	near_to("IDSW", s.idsw, 2);
	near_to("MOTA", s.mota, 0.75);
	near_to("MOTAL", s.motal, 1 - log10(2) / 8);
	near_to("IDF1", s.idf1, 0.5);
	near_to("DetA", mot_mean(s.det_a), 1);
	near_to("AssA", mot_mean(s.ass_a), 1.0 / 3);
	near_to("HOTA", mot_mean(s.hota), sqrt(1.0 / 3));
}

/* A box moved by a third of its width overlaps by one half exactly: still a match at 0.5, in
 * CLEAR and in HOTA up to alpha 0.5. One person is missed once, which starts his track again,
 * and one box is nobody. */
static void misses_and_ghosts(void **state)
{
	struct mot_score s;

	(void)state;
	score_text(&s, "1,1,0,0,30,20\n2,1,0,0,30,20\n3,1,0,0,30,20\n",
		   "1,1,10,0,30,20,1,-1,-1,-1\r\n\r\n3, 1, 0, 0, 30, 20\n3,9,500,0,30,20\n");
	near_to("TP", s.clr_tp, 2);
	near_to("FN", s.clr_fn, 1);
	near_to("FP", s.clr_fp, 1);
	near_to("MOTA", s.mota, 1.0 / 3);
	near_to("MOTP", s.motp, 0.75);
	near_to("Re", s.clr_re, 2.0 / 3);
	near_to("Pr", s.clr_pr, 2.0 / 3);
	/* A frame without any track box does not end a match. */
	near_to("Frag", s.frag, 0);
	near_to("PT", s.pt, 1);
	near_to("TP at .50", s.hota_tp[9], 2);
	near_to("TP at .55", s.hota_tp[10], 1);
}

static void nothing_on_one_side(void **state)
{
	struct mot_score s;

	(void)state;
	score_text(&s, two_walkers, "");
	near_to("FN", s.clr_fn, 8);
	near_to("ML", s.ml, 2);
	near_to("MOTA", s.mota, 0);
	score_text(&s, "", two_walkers);
	near_to("FP", s.clr_fp, 8);
	near_to("IDFP", s.idfp, 8);
	score_text(&s, "", "\n\n");
	near_to("TP", s.clr_tp, 0);
}

/* Adding up counts, not averaging scores. */
static void combined_adds_counts(void **state)
{
	struct mot_score s[2], sum;

	(void)state;
	score_text(&s[0], two_walkers, two_walkers);
	score_text(&s[1], "1,1,0,0,9,9\n2,1,0,0,9,9\n", "1,5,70,0,9,9\n");
	mot_combine(&sum, s, 2);
	near_to("MOTA", sum.mota, (8 - 1) / 10.0);
	near_to("IDF1", sum.idf1, 16 / (16 + 1 + 2.0));
	near_to("AssA", mot_mean(sum.ass_a), 1);
	near_to("DetA", mot_mean(sum.det_a), 8.0 / 11);
	near_to("frames", sum.frames, 6);
}

static void order_of_lines_is_free(void **state)
{
	struct mot_score s;

	(void)state;
	score_text(&s, two_walkers,
		   "4,2,85,0,10,20\n1,1,0,0,10,20\n3,2,90,0,10,20\n2,1,5,0,10,20\n"
		   "1,2,100,0,10,20\n3,1,10,0,10,20\n2,2,95,0,10,20\n4,1,15,0,10,20");
	near_to("HOTA", mot_mean(s.hota), 1);
}

static void broken_lines_are_named(void **state)
{
	static const struct {
		const char *text, *says;
		int code;
	} cases[] = {
		{ "1,1,0,0,10,20\n2,1,0,0,10", "line 2: expected 'frame,id,", ERR_FORMAT },
		{ "1,1,0,0,10,20\n\n2,1,0,nan,10,20\n", "line 3: top is 'nan'", ERR_FORMAT },
		{ "1,1,0,0,10,", "line 1: height is ''", ERR_FORMAT },
		{ "hello", "line 1: expected 'frame,id,", ERR_FORMAT },
		{ "0,1,0,0,10,20\n", "line 1: frame is 0", ERR_RANGE },
		{ "1.5,1,0,0,10,20\n", "line 1: frame is 1.5", ERR_RANGE },
		{ "1e12,1,0,0,10,20\n", "line 1: frame is 1e+12", ERR_RANGE },
		{ "1,-1,0,0,10,20\n", "line 1: id is -1", ERR_RANGE },
		{ "1,1,0,0,-10,20\n", "line 1: the box", ERR_RANGE },
		{ "1,1,1e300,0,10,20\n", "line 1: the box", ERR_RANGE },
		{ "1,4,0,0,1,1\n2,4,0,0,1,1\n1,4,9,9,1,1\n",
		  "line 3: id 4 is in frame 1 already (line 1)", ERR_FORMAT },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct mot_file f = { .n = 77 };
		struct err err = { 0 };

		assert_int_equal(mot_parse(&f, cases[i].text, strlen(cases[i].text), &err),
				 cases[i].code);
		if (!strstr(err.msg, cases[i].says))
			fail_msg("said '%s', expected '%s'", err.msg, cases[i].says);
		assert_int_equal(f.n, 77);
	}
}

static void missing_file_is_named(void **state)
{
	struct mot_file f;
	struct err err = { 0 };

	(void)state;
	assert_int_equal(mot_read(&f, "/nowhere/gt.txt", &err), ERR_IO);
	assert_non_null(strstr(err.msg, "/nowhere/gt.txt"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tud_equals_trackeval),
		cmocka_unit_test(pets_equals_trackeval),
		cmocka_unit_test(dense_equals_trackeval),
		cmocka_unit_test(truth_scores_one),
		cmocka_unit_test(swapped_ids),
		cmocka_unit_test(misses_and_ghosts),
		cmocka_unit_test(nothing_on_one_side),
		cmocka_unit_test(combined_adds_counts),
		cmocka_unit_test(order_of_lines_is_free),
		cmocka_unit_test(broken_lines_are_named),
		cmocka_unit_test(missing_file_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
