/* SPDX-License-Identifier: Apache-2.0 */
/* eval.c -- footfall eval: scores against ground truth; what the kinds of them share. */
#include "cmd/eval.h"

#include "base/str.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

int eval_need_events(const struct cmd_args *a, const char **truth, const char **events,
		     struct err *err)
{
	*truth = cmd_value(a, "truth");
	*events = cmd_value(a, "events");
	if (!*truth || !*events)
		return err_set(err, ERR_USAGE, "expected --truth and --events");
	return 0;
}

void eval_add_json_number(struct str *b, const char *comma, const char *name, double v)
{
	if (isnan(v))
		str_addf(b, "%s\"%s\": null", comma, name);
	else
		str_addf(b, "%s\"%s\": %.9f", comma, name, v);
}

void eval_add_json_range(struct str *b, const char *comma, const char *name, struct interval v)
{
	if (isnan(v.lo))
		str_addf(b, "%s\"%s\": null", comma, name);
	else
		str_addf(b, "%s\"%s\": [%.9f, %.9f]", comma, name, v.lo, v.hi);
}

int eval_print(const struct str *b, struct err *err)
{
	if (fputs(b->s, stdout) == EOF || fflush(stdout) == EOF)
		return err_set(err, ERR_IO, "cannot write to standard output");
	return 0;
}

const struct cmd_given *eval_given(const struct cmd_args *a, const char *name)
{
	int i = 0;

	while (strcmp(a->cmd->options[i].name, name) != 0)
		i++;
	return &a->given[i];
}

/* Which options are only for some words: all but --truth and --json. */
static const struct {
	const char *option, *words;
} only_for[] = {
	{ "tracks", "mot" },
	{ "iou", "mot" },
	{ "metres", "mot" },
	{ "calib", "mot" },
	{ "size", "mot" },
	{ "visible", "mot" },
	{ "ignore", "mot" },
	{ "clip", "mask" },
	{ "backend", "mask" },
	{ "causal", "mask" },
	{ "from", "mask" },
	{ "dump", "mask" },
	{ "events", "count, occupancy, dwell" },
	{ "tolerance", "count" },
	{ "entry", "occupancy" },
	{ "db", "measures" },
};

static int check_options(const struct cmd_args *a, struct err *err)
{
	for (size_t i = 0; i < sizeof(only_for) / sizeof(*only_for); i++)
		if (!strstr(only_for[i].words, a->rest[0]) && cmd_has(a, only_for[i].option))
			return err_set(err, ERR_USAGE, "--%s is for 'eval %s'",
				       only_for[i].option, only_for[i].words);
	return 0;
}

static const struct {
	const char *word;
	int (*run)(const struct cmd_args *a, struct err *err);
} kinds[] = {
	{ "mot", eval_mot },     { "mask", eval_mask },
	{ "count", eval_count }, { "occupancy", eval_occupancy },
	{ "dwell", eval_dwell }, { "measures", eval_measures },
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
	  "(mask), CSV (count, occupancy, dwell, measures)",
	  true },
	{ "tracks", "FILE", "tracks to score, MOTChallenge text; as many as --truth", true },
	{ "iou", "N", "overlap from which a box counts as found (0.5)", false },
	{ "metres", "N", "distance on the floor up to which somebody counts as found (1)",
	  false },
	{ "calib", "FILE",
	  "the camera's calibration, or sim:SCENE#CAMERA: places boxes on the floor by their "
	  "foot points",
	  false },
	{ "size", "WxH", "size of the boxes' picture, for a calibration that does not say it",
	  false },
	{ "visible", "N", "true boxes of which less than this share is seen need not be found",
	  false },
	{ "ignore", "X,Y,...",
	  "corners of an area, pixels, where nobody need be found and nobody found is wrong",
	  true },
	{ "json", NULL, "print JSON instead of a table", false },
	{ "clip", "FILE", "video to make masks of", false },
	{ "backend", "NAME", "background model: mcw, mog2 or knn; default: the settings'",
	  false },
	{ "causal", NULL, "do not look over the clip first to learn the empty scene", false },
	{ "from", "N", "first picture to score, counted from 0; default: after a tenth",
	  false },
	{ "dump", "DIR", "folder for the masks: m000000.pgm and so on", false },
	{ "events", "FILE", "what was counted: events.csv of 'replay --out'", false },
	{ "db", "FILE", "database that was counted into", false },
	{ "tolerance", "S", "seconds that a crossing may be off and still be right (1)",
	  false },
	{ "entry", "NAME", "a line by which people come into the store and leave it", true },
	{ 0 },
};

const struct cmd cmd_eval = {
	.name = "eval",
	.words = "mot|mask|count|occupancy|dwell|measures",
	.help = "score results against ground truth",
	.manual =
		"'eval mot' compares tracks with true tracks, box by box: CLEAR-MOT, identity and "
		"HOTA scores, equal to TrackEval's. Both files hold a line per box: "
		"frame,id,left,top,width,height, frames counted from 1, in the same pixels. "
		"'replay --mot FILE' and 'sim --truth DIR' write such files.\n"
		"\n"
		"Where places on the floor are known the same scores stand beside, with people "
		"found up to 1 m away, and how far off their feet are. Places are in the files (as "
		"'replay --mot' of a calibrated camera and 'sim --truth' write them, and 3D MOT "
		"2015), or follow from --calib: the middle of a box's lower edge.\n"
		"\n"
		"--visible and --ignore leave out what cannot be seen: those rows of the truth need "
		"not be found, and tracks that fall to them are not wrong.\n"
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
		"--truth'. Closure is what in and out of a line and day differ by.\n"
		"\n"
		"'eval occupancy' compares the number of people at once, once a minute: in zones "
		"from who entered and left, in the store from the lines called --entry. The truth is "
		"occupancy.csv of 'sim --truth', or events.\n"
		"\n"
		"'eval dwell' compares visits to zones: true and counted ones are paired when they "
		"share at least 30 % of their time. The truth is visits.csv of 'sim --truth', or "
		"events.\n"
		"\n"
		"'eval measures' compares everything that a database has of a simulated store's "
		"lines, zones, gates, queues and fixtures with measures.csv of 'sim --truth': how "
		"much in all, and the error of each place, key and quarter of an hour (WAPE); of "
		"lengths of time how many there are, their median and 90th percentile. By rule: "
		"the definitions on exact positions; by intent: what people were about, whatever "
		"their positions say.\n"
		"\n"
		"Intervals are 95 %, from 1,000 resamples of quarters of an hour (mot: of twenty "
		"parts of each sequence): what the luck of the hour may have done to a score. The "
		"form of --json is in eval.schema.json.",
	.options = options,
	.flags = CMD_CONF,
	.run = run,
};
