/* SPDX-License-Identifier: Apache-2.0 */
/* replay.c -- 'footfall replay': recorded video through the whole line. */
#include "base/clock.h"
#include "base/log.h"
#include "base/progress.h"
#include "base/str.h"
#include "cmd/clip.h"
#include "cmd/cmd.h"
#include "cmd/results.h"

#include <inttypes.h>
#include <stdio.h>

static const struct cmd_option options[] = {
	{ "plan", "FILE", "lines and zones (JSON); default: files.plan of the settings",
	  false },
	{ "calib", "FILE", "the camera's calibration (JSON); default: files.calib", false },
	{ "start", "T",
	  "when the recording began, like 2026-03-14T09:30:00 in the store's time zone, or with Z "
	  "or +01:00; default: from the file names, else the containers' metadata",
	  false },
	{ "db", "FILE", "database to count into; made when it is not there", false },
	{ "out", "DIR", "folder for events.csv and the report of each day", false },
	{ "mot", "FILE", "tracks as MOTChallenge text, boxes in pixels of the full picture",
	  false },
	{ "causal", NULL, "do not look over the recording first to learn the empty scene",
	  false },
	{ "threads", "N", "threads to use, 1 to 64; the result is the same for any", false },
	{ "profile", NULL, "print the milliseconds per frame of each stage", false },
	{ 0 },
};

static int parse_threads(const char *text, int *threads, struct err *err)
{
	int64_t n = 2;

	if (text && (!str_to_i64(text, &n) || n < 1 || n > 64))
		return err_set(err, ERR_USAGE, "--threads: '%s' is not a number from 1 to 64",
			       text);
	*threads = (int)n;
	return 0;
}

static void print_profile(const struct replay_result *r)
{
	int64_t sum = 0;

	fprintf(stderr, "%-12s %12s %12s %9s\n", "stage", "ms a frame", "longest ms",
		"seconds");
	for (int i = 0; i < r->prof.n; i++) {
		int64_t calls = r->prof.stage[i].calls;

		sum += r->prof.stage[i].sum_us;
		fprintf(stderr, "%-12s %12.3f %12.3f %9.2f\n", r->prof.stage[i].name,
			calls ? (double)r->prof.stage[i].sum_us / 1e3 / (double)calls : 0,
			(double)r->prof.stage[i].max_us / 1e3,
			(double)r->prof.stage[i].sum_us / 1e6);
	}
	fprintf(stderr, "%-12s %12.3f %12s %9.2f\n", "all stages",
		r->frames ? (double)sum / 1e3 / (double)r->frames : 0, "", (double)sum / 1e6);
}

static void print_summary(const struct replay_result *r, const char *camera)
{
	static const char *const from[] = { "",
					    "as given",
					    "from the file name",
					    "from the file's metadata",
					    "UNKNOWN, this is a stand-in; give --start",
					    "as the source says" };
	char a[CLOCK_TEXT], b[CLOCK_TEXT];
	double span = (double)(r->last_us - r->first_us) / 1e6;

	printf("camera %s: %" PRId64 " picture%s, %s to %s (start %s)\n", camera, r->frames,
	       r->frames == 1 ? "" : "s", clock_text_local(r->first_us, a),
	       clock_text_local(r->last_us, b), from[r->source.start_from]);
	printf("observed %.1f s of %.1f s; %" PRId64 " people tracked\n", r->observed_s, span,
	       r->tracks);
	log_info("%.0f pictures a second, %.1f times real time",
		 (double)r->frames * 1e6 / (double)r->took_us,
		 r->observed_s * 1e6 / (double)r->took_us);
}

static int run(const struct cmd_args *a, struct err *err)
{
	struct replay_result r = { 0 };
	struct results results = { 0 };
	struct clip clip;
	int rc;

	rc = clip_open(&clip, a, err);
	if (rc >= 0)
		rc = parse_threads(cmd_value(a, "threads"), &clip.o.threads, err);
	if (rc < 0)
		goto out;
	cmd_stop(); /* from here on a signal leaves nothing behind */
	rc = results_open(&results, cmd_value(a, "db"), cmd_value(a, "out"), err);
	if (rc < 0)
		goto out;
	clip.o.db = results.db;
	clip.o.events = results.events;
	clip.o.mot = cmd_value(a, "mot");

	progress_begin();
	rc = replay(&clip.o, &r, err);
	progress_end();
	if (cmd_has(a, "profile") && r.frames)
		print_profile(&r);
	if (rc < 0)
		goto out;
	print_summary(&r, a->conf->camera.name);
	rc = results_print(&results, r.first_us, r.last_us, err);
	if (rc >= 0 && r.stopped)
		rc = err_set(err, ERR_AGAIN, "stopped; what was counted until then is kept");
out:
	results_close(&results);
	clip_clear(&clip);
	return rc;
}

const struct cmd cmd_replay = {
	.name = "replay",
	.words = "CLIP...",
	.help = "count people in recorded video, as fast as it goes",
	.manual =
		"Runs recorded video through background subtraction, tracking, lines and zones. "
		"CLIP is a video file, a folder of them, or a pattern like 'cam1/*.mp4'; several "
		"make one recording, put in order by their start times, and what is missing "
		"between them is counted as not observed. 'sim:SCENE' is a simulated camera "
		"('footfall help sim'), 'sim:SCENE#CAMERA' one of several, "
		"'sim:SCENE?seconds=60&seed=7' a minute of it with other people; it brings its "
		"plan, calibration, names and time zone along. 'simlive:' is the same at the pace "
		"of the clock.\n\n"
		"Without a plan the whole picture is watched: people are tracked and the heat map "
		"is made, and nothing is counted. Without --db and --out nothing is written; the "
		"tables are printed all the same.\n\n"
		"The same clip replayed again into the same database takes the earlier counts' "
		"place. Ctrl-C ends the replay early and keeps what was counted.",
	.options = options,
	.flags = CMD_CONF,
	.run = run,
};
