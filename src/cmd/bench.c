/* SPDX-License-Identifier: Apache-2.0 */
/* bench.c -- footfall bench: how fast parts of the line are on this machine. */
#include "cmd/bench.h"

#include "base/clock.h"
#include "base/str.h"
#include "base/vec.h"
#include "vision/foreground.h"
#include "vision/mcw.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	ROUNDS = BENCH_ROUNDS,
	PICTURES = 32,   /* drawn before, shown again and again */
	WALKERS = 4,     /* people in the scene */
	WARM_FRAMES = 8, /* before the first round: caches, and the first picture's model */
	VARIANTS_MAX = 16,
	SIDE_MIN = 32,
	SIDE_MAX = 4096,
	FRAMES_MAX = 100000,
	PERIOD_US = 40000,
};

/* A model as it is measured: backend and, for those that have several, instruction set. */
struct variant {
	const char *backend, *level_name;
	enum mcw_level level; /* MCW_NONE: the backend has none */
	struct foreground *fg;
	int64_t t_us;
	double model_us[ROUNDS], stage_us[ROUNDS]; /* a frame; stage: with cleaning */
};

struct bench {
	int w, h, frames;
	struct yuv picture[PICTURES];
	struct image raw, mask;
	struct mask_opts mask_opts;
	struct variant v[VARIANTS_MAX];
	int n;
};

/* ---- the scene ---- */

static uint32_t noise_next(uint32_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return *state;
}

static void draw_room(struct yuv *p, uint32_t *noise)
{
	for (int y = 0; y < p->y.h; y++)
		for (int x = 0; x < p->y.w; x++) {
			int tile = 60 + (x / 24 + y / 40) % 3 * 35;

			image_row(&p->y, y)[x] = (uint8_t)(tile + (int)(noise_next(noise) % 7));
			image_row(&p->u, y)[x] = (uint8_t)(110 + x / 48 % 3 * 12);
			image_row(&p->v, y)[x] = (uint8_t)(140 - y / 40 % 3 * 12);
		}
}

/* Box and, beside its feet, its shadow. */
static void draw_walker(struct yuv *p, int x0, int y0, int w, int h, int shade)
{
	for (int y = y0; y < y0 + h && y < p->y.h; y++)
		for (int x = x0; x < x0 + 2 * w && x < p->y.w; x++) {
			if (x < x0 + w) {
				image_row(&p->y, y)[x] = (uint8_t)(shade + (x + y) % 16);
				image_row(&p->u, y)[x] = 150;
				image_row(&p->v, y)[x] = 100;
			} else if (y > y0 + h * 3 / 4) {
				image_row(&p->y, y)[x] =
					(uint8_t)(image_row(&p->y, y)[x] * 3 / 4);
			}
		}
}

static void draw_scene(struct bench *b)
{
	uint32_t noise = 1;
	int w = b->w / 16, h = b->h / 4;

	for (int i = 0; i < PICTURES; i++) {
		yuv_init(&b->picture[i], b->w, b->h);
		draw_room(&b->picture[i], &noise);
		for (int k = 0; k < WALKERS; k++) {
			int way = k % 2 ? i : PICTURES - i;

			draw_walker(&b->picture[i], way * b->w / PICTURES,
				    b->h * (k + 1) / (WALKERS + 2), w, h, 30 + 50 * k);
		}
	}
}

/* ---- what is measured ---- */

static int add_variant(struct bench *b, const char *backend, enum mcw_level level,
		       struct err *err)
{
	struct background_opts o = BACKGROUND_OPTS_DEFAULT;
	struct variant *v = &b->v[b->n];

	if (b->n == VARIANTS_MAX)
		return 0;
	o.backend = (char *)backend;
	*v = (struct variant){ .backend = backend, .level = level, .level_name = "" };
	if (level != MCW_NONE) {
		if (!mcw_set_level(level))
			return 0;
		v->level_name = mcw_level_name();
		mcw_set_level(MCW_NONE);
	}
	v->fg = foreground_new(&o, &b->mask_opts, b->w, b->h, err);
	if (!v->fg)
		return err ? err->code : ERR_STATE;
	/* as replay does, whose model knows the scene from the start */
	background_seed(foreground_background(v->fg), &b->picture[0]);
	b->n++;
	return 0;
}

static int add_variants(struct bench *b, struct err *err)
{
	const struct background_kind *kind;
	int rc = 0;

	for (int i = 0; rc >= 0 && (kind = background_kind(i)) != NULL; i++) {
		if (kind != &bg_mcw) {
			rc = add_variant(b, kind->name, MCW_NONE, err);
			continue;
		}
		for (int l = MCW_SCALAR; rc >= 0 && l <= MCW_NEON; l++)
			rc = add_variant(b, kind->name, (enum mcw_level)l, err);
	}
	return rc;
}

/* Shows n pictures. us: microseconds that the model and all of it took. */
static int show(struct bench *b, struct variant *v, int n, int64_t us[2], struct err *err)
{
	int rc = 0;

	us[0] = us[1] = 0;
	mcw_set_level(v->level);
	for (int i = 0; rc >= 0 && i < n; i++) {
		const struct yuv *in = &b->picture[v->t_us / PERIOD_US % PICTURES];
		int64_t begin = clock_stopwatch_us(), between;

		rc = foreground_raw(v->fg, v->t_us, in, NULL, &b->raw, err);
		between = clock_stopwatch_us();
		if (rc >= 0)
			rc = foreground_clean(v->fg, v->t_us, in, &b->raw, &b->mask, err);
		us[0] += between - begin;
		us[1] += clock_stopwatch_us() - begin;
		v->t_us += PERIOD_US;
	}
	mcw_set_level(MCW_NONE);
	return rc;
}

/* In turns, so that what else the machine does is everybody's burden alike. */
static int measure(struct bench *b, struct err *err)
{
	int64_t us[2];
	int rc = 0;

	for (int i = 0; rc >= 0 && i < b->n; i++)
		rc = show(b, &b->v[i], WARM_FRAMES, us, err);
	for (int r = 0; r < ROUNDS; r++)
		for (int i = 0; i < b->n; i++) {
			if (cmd_stop())
				return err_set(err, ERR_AGAIN, "stopped");
			if (rc >= 0)
				rc = show(b, &b->v[i], b->frames, us, err);
			b->v[i].model_us[r] = (double)us[0] / b->frames;
			b->v[i].stage_us[r] = (double)us[1] / b->frames;
		}
	return rc;
}

/* ---- the result ---- */

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

double bench_median(const double v[BENCH_ROUNDS])
{
	double sorted[ROUNDS];

	memcpy(sorted, v, sizeof(sorted));
	qsort(sorted, ROUNDS, sizeof(*sorted), by_size);
	return sorted[ROUNDS / 2] > 1e-3 ? sorted[ROUNDS / 2] : 1e-3;
}

static double mog2_us(const struct bench *b)
{
	for (int i = 0; i < b->n; i++)
		if (!strcmp(b->v[i].backend, "mog2"))
			return bench_median(b->v[i].stage_us);
	return 0;
}

static void add_rows(struct str *out, const struct bench *b, bool csv)
{
	const double px = (double)b->w * b->h, mog2 = mog2_us(b);

	for (int i = 0; i < b->n; i++) {
		const struct variant *v = &b->v[i];
		double model = bench_median(v->model_us), stage = bench_median(v->stage_us);

		if (csv)
			str_addf(out, "%s,%s,%d,%d,%d,%.3f,%.1f,%.3f,%.1f,%.2f\n", v->backend,
				 v->level_name, b->w, b->h, b->frames, model * 1e3 / px,
				 1e6 / model, stage * 1e3 / px, 1e6 / stage, mog2 / stage);
		else
			str_addf(out, "%-8s %-7s %9.2f %9.0f %9.2f %9.0f %8.2f\n", v->backend,
				 v->level_name, model * 1e3 / px, 1e6 / model, stage * 1e3 / px,
				 1e6 / stage, mog2 / stage);
	}
}

static int print_result(const struct bench *b, bool csv, struct err *err)
{
	struct str out = STR_INIT;
	int rc = 0;

	if (csv)
		str_add(&out, "backend,level,width,height,frames,model_ns_per_px,model_fps,"
			      "stage_ns_per_px,stage_fps,times_mog2\n");
	else
		str_addf(
			&out,
			"%dx%d, %d rounds of %d pictures in turns, median; stage: with shadows "
			"and specks taken out\n%-16s %19s %19s %8s\n%-16s %9s %9s %9s %9s %8s\n",
			b->w, b->h, ROUNDS, b->frames, "", "model", "stage", "stage", "",
			"ns/px", "fps", "ns/px", "fps", "x mog2");
	add_rows(&out, b, csv);
	if (fputs(out.s, stdout) == EOF || fflush(stdout) == EOF)
		rc = err_set(err, ERR_IO, "cannot write to standard output");
	str_clear(&out);
	return rc;
}

/* ---- the command ---- */

static int parse_size(const char *text, struct bench_opts *b, struct err *err)
{
	char left[8];
	size_t n = strcspn(text, "x");
	int64_t w, h;

	if (n >= sizeof(left) || !text[n])
		goto bad;
	memcpy(left, text, n);
	left[n] = '\0';
	if (!str_to_i64(left, &w) || !str_to_i64(text + n + 1, &h) || w < SIDE_MIN ||
	    w > SIDE_MAX || h < SIDE_MIN || h > SIDE_MAX)
		goto bad;
	b->w = (int)w;
	b->h = (int)h;
	return 0;
bad:
	return err_set(err, ERR_USAGE, "--size is '%s', expected like 320x240, %d to %d each",
		       text, SIDE_MIN, SIDE_MAX);
}

static int parse(const struct cmd_args *a, struct bench_opts *b, struct err *err)
{
	const char *size = cmd_value(a, "size"), *frames = cmd_value(a, "frames");
	int64_t n = b->frames;

	b->csv = cmd_has(a, "csv");
	if (frames && (!str_to_i64(frames, &n) || n < 1 || n > FRAMES_MAX))
		return err_set(err, ERR_USAGE, "--frames is '%s', expected 1 to %d", frames,
			       FRAMES_MAX);
	b->frames = (int)n;
	return size ? parse_size(size, b, err) : 0;
}

static int bench_background(const struct bench_opts *o, struct err *err)
{
	struct bench *b = xcalloc(1, sizeof(*b));
	int rc;

	*b = (struct bench){
		.w = o->w, .h = o->h, .frames = o->frames, .mask_opts = MASK_OPTS_DEFAULT
	};
	draw_scene(b);
	image_init(&b->raw, b->w, b->h);
	image_init(&b->mask, b->w, b->h);
	rc = add_variants(b, err);
	if (rc >= 0)
		rc = measure(b, err);
	if (rc >= 0)
		rc = print_result(b, o->csv, err);
	for (int i = 0; i < b->n; i++)
		foreground_free(b->v[i].fg);
	for (int i = 0; i < PICTURES; i++)
		yuv_clear(&b->picture[i]);
	image_clear(&b->raw);
	image_clear(&b->mask);
	free(b);
	return rc;
}

static int run(const struct cmd_args *a, struct err *err)
{
	struct bench_opts background = { .w = 320, .h = 240, .frames = 100 };
	struct bench_opts sim = { .w = 640, .h = 360, .frames = 100 };
	const char *word = a->n_rest >= 1 ? a->rest[0] : "";
	int rc;

	if (!strcmp(word, "count")) {
		if (a->n_rest != 2 || cmd_has(a, "size") || cmd_has(a, "frames"))
			return err_set(err, ERR_USAGE,
				       "bench count: expected one scene, and no option but "
				       "--csv");
		return bench_count(a->rest[1], cmd_has(a, "csv"), a->conf, err);
	}
	if (a->n_rest != 1)
		word = "";

	if (!strcmp(word, "background")) {
		rc = parse(a, &background, err);
		return rc < 0 ? rc : bench_background(&background, err);
	}
	if (!strcmp(word, "sim")) {
		rc = parse(a, &sim, err);
		return rc < 0 ? rc : bench_sim(&sim, err);
	}
	return err_set(err, ERR_USAGE, "expected what to measure: background, count or sim");
}

static const struct cmd_option options[] = {
	{ "size", "WxH", "size of the picture (background: 320x240, sim: 640x360)", false },
	{ "frames", "N", "pictures in a round (100)", false },
	{ "csv", NULL, "print CSV instead of a table", false },
	{ 0 },
};

const struct cmd cmd_bench = {
	.name = "bench",
	.words = "background|count SCENE|sim",
	.help = "measure how fast this machine is",
	.manual =
		"'bench background' measures the background models, MCW with each of the "
		"processor's instruction sets, over a moving scene drawn in memory: nanoseconds a "
		"pixel and pictures a second on one core, of the model alone and of the whole "
		"stage, and how many times as fast as MOG2 that is. The models take turns, and "
		"the median of several rounds is printed.\n\n"
		"'bench count' measures how long it takes to count the people of a scene, whose "
		"tracks are worked out before, at all places of its plan and to store what was "
		"counted, and to make all files of the last day's report: CPU time, whatever else "
		"the machine does.\n\n"
		"'bench sim' measures the simulated store on one core: pictures a second with ten "
		"people in them, drawn or boxes only, and how many seconds of a shop's people are "
		"worked out in one, with and without tracks and counting.",
	.options = options,
	.run = run,
};
