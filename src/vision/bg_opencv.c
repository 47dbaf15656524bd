/* SPDX-License-Identifier: Apache-2.0 */
/* bg_opencv.c -- MOG2 and KNN as background backends, with rates in seconds.
 *
 * OpenCV counts frames and takes a "learning rate" whose effect on how long someone may stand
 * still differs from model to model. Here the time is given, and the rate follows from it:
 *
 * MOG2 (Zivkovic 2004). A matched mode's weight w becomes w + a (1 - w), all others shrink to
 * (1 - a) w. A newcomer's mode counts as background once the older ones together weigh less
 * than 0.9, that is after n frames with (1 - a)^n = 0.9. So a = 1 - 0.9^(1/n).
 *
 * KNN (Zivkovic and van der Heijden 2006). Three lists of 7 samples are refreshed once in s,
 * 1.6 s and 3.9 s frames. A newcomer is background when two samples of it were taken after two
 * others of it; as the moments are random per pixel, half of them are after 3.3 s frames
 * (measured), nearly all between 2 s and 5 s. OpenCV
 * has s = floor(K / 7) + 1 with K = floor(log 0.7 / log(1 - a)) + 1.
 *
 * A young model absorbs faster: what has been there for half of the time that is known at all
 * is scene. So the first seconds are learned at once, and who walked through them is forgotten
 * soon.
 *
 * No protection. These models have one rate for the whole picture: FEEDBACK_PROTECT and
 * FEEDBACK_ABSORB are ignored. Showing them their own picture of the scene in place of a track
 * was tried and is worse than nothing: what was taken for foreground by mistake then stays
 * foreground, with a track that protects it.
 */
#include "vision/bg_opencv.h"

#include "base/vec.h"
#include "cv/cv.h"

#include <math.h>

#define YOUNG_SHARE 0.5 /* of the model's age: what is absorbed while it is young */
#define YOUNG_S 1.0     /* at least this long, even in the first second */
#define MAX_DT_S 1.0    /* a gap in the recording teaches no more than this */
#define DT_SMOOTH 0.1   /* of frame intervals */

struct bg_opencv {
	struct cv_bg *bg;
	enum cv_bg_kind kind;
	double absorb_s;
	double age_s;
	double dt_s; /* smoothed */
	bool begun;
};

static const double default_threshold[] = { [CV_BG_MOG2] = 16, [CV_BG_KNN] = 400 };

static void *open_kind(enum cv_bg_kind kind, const struct background_opts *o, int w, int h,
		       struct err *err)
{
	double threshold = o->threshold > 0 ? o->threshold : default_threshold[kind];
	struct cv_bg *bg = cv_bg_new(kind, w, h, 500, threshold, err);
	struct bg_opencv *b;

	if (!bg)
		return NULL;
	b = xcalloc(1, sizeof(*b));
	b->bg = bg;
	b->kind = kind;
	b->absorb_s = o->absorb_s;
	return b;
}

static void *open_mog2(const struct background_opts *o, int w, int h, struct err *err)
{
	return open_kind(CV_BG_MOG2, o, w, h, err);
}

static void *open_knn(const struct background_opts *o, int w, int h, struct err *err)
{
	return open_kind(CV_BG_KNN, o, w, h, err);
}

static void bg_close(void *priv)
{
	struct bg_opencv *b = priv;

	cv_bg_free(b->bg);
	free(b);
}

/* n: frames after which something new is absorbed; see the top of the file. */
static double learning_rate(enum cv_bg_kind kind, double n)
{
	double every;

	if (kind == CV_BG_MOG2)
		return 1 - pow(0.9, 1 / fmax(n, 1));
	every = fmax(floor(n / 3.3 + 0.5), 1);
	return 1 - pow(0.7, 1 / (7 * (every - 1) + 3.5));
}

static double present_rate(struct bg_opencv *b, double dt_s)
{
	double absorb_s;

	dt_s = fmin(dt_s, MAX_DT_S);
	b->age_s += dt_s;
	b->dt_s = b->dt_s > 0 ? b->dt_s + DT_SMOOTH * (dt_s - b->dt_s) : dt_s;
	absorb_s = fmin(fmax(YOUNG_SHARE * b->age_s, YOUNG_S), b->absorb_s);
	/* MOG2's rates add up over unequal intervals; KNN counts frames, and its counters want
	 * a steady pace. */
	return learning_rate(b->kind, absorb_s / (b->kind == CV_BG_MOG2 ? dt_s : b->dt_s));
}

/* The model of the first frame is that frame: seen often enough to fill all its samples. */
static int learn_first(struct bg_opencv *b, const struct yuv *in, struct image *mask,
		       struct err *err)
{
	int rc = 0;

	for (int i = 0; i < 7 && rc == 0; i++)
		rc = cv_bg_step(b->bg, in, 0.99, mask, err);
	b->begun = rc == 0;
	return rc;
}

static int bg_step(void *priv, double dt_s, const struct yuv *in, const struct image *feedback,
		   struct image *mask, struct err *err)
{
	struct bg_opencv *b = priv;

	(void)feedback;
	if (!b->begun)
		return learn_first(b, in, mask, err);
	return cv_bg_step(b->bg, in, present_rate(b, dt_s), mask, err);
}

static int bg_plate(void *priv, struct yuv *out, struct err *err)
{
	struct bg_opencv *b = priv;

	return cv_bg_plate(b->bg, out, err);
}

const struct background_kind bg_mog2 = {
	.name = "mog2",
	.help = "mixture of Gaussians per pixel (OpenCV); the fastest",
	.open = open_mog2,
	.step = bg_step,
	.plate = bg_plate,
	.close = bg_close,
};

const struct background_kind bg_knn = {
	.name = "knn",
	.help = "nearest neighbours among remembered samples per pixel (OpenCV); better masks",
	.open = open_knn,
	.step = bg_step,
	.plate = bg_plate,
	.close = bg_close,
};
