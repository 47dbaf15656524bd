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
 * Protection. These models have no rate per pixel. Under FEEDBACK_PROTECT they are shown their
 * own picture of the scene instead of the camera's, so that nothing new is learned there; the
 * mask is then the distance between the two. FEEDBACK_ABSORB is not possible with them.
 */
#include "vision/bg_opencv.h"

#include "base/vec.h"
#include "cv/cv.h"

#include <math.h>

#define YOUNG_SHARE 0.5   /* of the model's age: what is absorbed while it is young */
#define YOUNG_S 1.0       /* at least this long, even in the first second */
#define MAX_DT_S 1.0      /* a gap in the recording teaches no more than this */
#define PLATE_EVERY_S 1.0 /* how old the picture that protection shows may be */
#define DT_SMOOTH 0.1     /* of frame intervals */

struct bg_opencv {
	struct cv_bg *bg;
	enum cv_bg_kind kind;
	double absorb_s;
	int far2; /* squared distance from the scene's picture that is foreground */
	double age_s;
	double dt_s; /* smoothed */
	bool begun;

	/* for protection; made when it is first asked for */
	bool plate_made;
	double plate_age_s;
	struct yuv plate, shown;
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
	b->far2 = (int)fmin(default_threshold[CV_BG_KNN] * threshold / default_threshold[kind],
			    3 * 255 * 255);
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
	yuv_clear(&b->plate);
	yuv_clear(&b->shown);
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

static bool any_protected(const struct image *feedback)
{
	for (int y = 0; y < feedback->h; y++) {
		const uint8_t *f = image_row(feedback, y);

		for (int x = 0; x < feedback->w; x++)
			if (f[x] & FEEDBACK_PROTECT)
				return true;
	}
	return false;
}

static int refresh_plate(struct bg_opencv *b, const struct yuv *in, double dt_s,
			 struct err *err)
{
	int rc;

	b->plate_age_s += dt_s;
	if (b->plate_made && b->plate_age_s < PLATE_EVERY_S)
		return 0;
	if (!b->plate.y.data) {
		yuv_init(&b->plate, in->y.w, in->y.h);
		yuv_init(&b->shown, in->y.w, in->y.h);
	}
	rc = cv_bg_plate(b->bg, &b->plate, err);
	b->plate_made = rc == 0;
	b->plate_age_s = 0;
	return rc;
}

static void show_plate(struct image *shown, const struct image *plate,
		       const struct image *feedback)
{
	for (int y = 0; y < shown->h; y++) {
		uint8_t *s = image_row(shown, y);
		const uint8_t *p = image_row(plate, y), *f = image_row(feedback, y);

		for (int x = 0; x < shown->w; x++)
			if (f[x] & FEEDBACK_PROTECT)
				s[x] = p[x];
	}
}

static void mask_by_plate(struct image *mask, const struct yuv *in, const struct yuv *plate,
			  const struct image *feedback, int far2)
{
	for (int y = 0; y < mask->h; y++) {
		const uint8_t *f = image_row(feedback, y);
		const uint8_t *a[] = { image_row(&in->y, y), image_row(&in->u, y),
				       image_row(&in->v, y) };
		const uint8_t *b[] = { image_row(&plate->y, y), image_row(&plate->u, y),
				       image_row(&plate->v, y) };
		uint8_t *m = image_row(mask, y);

		for (int x = 0; x < mask->w; x++) {
			int d2 = 0;

			if (!(f[x] & FEEDBACK_PROTECT))
				continue;
			for (int k = 0; k < 3; k++)
				d2 += (a[k][x] - b[k][x]) * (a[k][x] - b[k][x]);
			m[x] = d2 > far2 ? 255 : 0;
		}
	}
}

static int step_protected(struct bg_opencv *b, double dt_s, double rate, const struct yuv *in,
			  const struct image *feedback, struct image *mask, struct err *err)
{
	int rc = refresh_plate(b, in, dt_s, err);

	if (rc < 0)
		return rc;
	image_copy(&b->shown.y, &in->y);
	image_copy(&b->shown.u, &in->u);
	image_copy(&b->shown.v, &in->v);
	show_plate(&b->shown.y, &b->plate.y, feedback);
	show_plate(&b->shown.u, &b->plate.u, feedback);
	show_plate(&b->shown.v, &b->plate.v, feedback);
	rc = cv_bg_step(b->bg, &b->shown, rate, mask, err);
	if (rc == 0)
		mask_by_plate(mask, in, &b->plate, feedback, b->far2);
	return rc;
}

static int bg_step(void *priv, double dt_s, const struct yuv *in, const struct image *feedback,
		   struct image *mask, struct err *err)
{
	struct bg_opencv *b = priv;
	double rate;

	if (!b->begun)
		return learn_first(b, in, mask, err);
	rate = present_rate(b, dt_s);
	if (feedback && any_protected(feedback))
		return step_protected(b, dt_s, rate, in, feedback, mask, err);
	b->plate_made = false;
	return cv_bg_step(b->bg, in, rate, mask, err);
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
