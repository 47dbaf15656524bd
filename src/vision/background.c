/* SPDX-License-Identifier: Apache-2.0 */
/* background.c -- the registry of background models, and what is the same for all of them. */
#include "vision/background.h"

#include "base/clock.h"
#include "base/str.h"
#include "base/vec.h"
#include "vision/bg_opencv.h"
#include "vision/mcw.h"

#include <assert.h>

static const struct background_kind *const backends[] = { &bg_knn, &bg_mog2, &bg_mcw };

#define N_BACKENDS (int)(sizeof(backends) / sizeof(*backends))

struct background {
	const struct background_kind *kind;
	void *priv;
	int w, h;
	bool begun;
	bool seeded;
	int64_t t_us; /* of the last frame, once begun */
};

const struct background_kind *background_kind(int n)
{
	return n >= 0 && n < N_BACKENDS ? backends[n] : NULL;
}

static const struct background_kind *find(const char *name, struct err *err)
{
	char names[256];
	size_t used = 0;

	for (int i = 0; i < N_BACKENDS; i++) {
		if (strcmp(backends[i]->name, name) == 0)
			return backends[i];
		used += (size_t)snprintf(names + used, sizeof(names) - used, "%s%s",
					 i ? ", " : "", backends[i]->name);
		assert(used < sizeof(names));
	}
	err_set(err, ERR_RANGE, "no background model '%s'; there are: %s", name, names);
	return NULL;
}

struct background *background_new(const struct background_opts *o, int w, int h,
				  struct err *err)
{
	const struct background_kind *kind = find(o->backend ? o->backend : "", err);
	struct background *bg;
	void *priv;

	if (!kind)
		return NULL;
	if (!(o->absorb_s > 0)) {
		err_set(err, ERR_RANGE, "absorb_s is %g; expected more than 0", o->absorb_s);
		return NULL;
	}
	if (!(o->threshold >= 0)) {
		err_set(err, ERR_RANGE, "background threshold is %g; expected 0 or more",
			o->threshold);
		return NULL;
	}
	priv = kind->open(o, w, h, err);
	if (!priv)
		return NULL;
	bg = xcalloc(1, sizeof(*bg));
	bg->kind = kind;
	bg->priv = priv;
	bg->w = w;
	bg->h = h;
	return bg;
}

void background_free(struct background *bg)
{
	if (!bg)
		return;
	bg->kind->close(bg->priv);
	free(bg);
}

static void clear_ignored(struct image *mask, const struct image *feedback)
{
	for (int y = 0; y < mask->h; y++) {
		uint8_t *m = image_row(mask, y);
		const uint8_t *f = image_row(feedback, y);

		for (int x = 0; x < mask->w; x++)
			if (f[x] & FEEDBACK_IGNORE)
				m[x] = 0;
	}
}

bool background_seed(struct background *bg, const struct yuv *plate)
{
	assert(plate->y.w == bg->w && plate->y.h == bg->h);
	assert(!bg->begun);
	if (!bg->kind->seed)
		return false;
	bg->kind->seed(bg->priv, plate);
	bg->seeded = true;
	return true;
}

int background_step(struct background *bg, int64_t t_us, const struct yuv *in,
		    const struct image *feedback, struct image *mask, struct err *err)
{
	double dt_s = 0;
	int rc;

	assert(mask->w == bg->w && mask->h == bg->h);
	assert(in->y.w == bg->w && in->y.h == bg->h);
	assert(!feedback || (feedback->w == bg->w && feedback->h == bg->h));

	if (bg->begun && t_us <= bg->t_us)
		return err_set(err, ERR_STATE,
			       "a frame's time is not after that of the frame before it");
	if (bg->begun)
		dt_s = (double)(t_us - bg->t_us) / (double)CLOCK_SECOND_US;
	rc = bg->kind->step(bg->priv, dt_s, in, feedback, mask, err);
	if (rc < 0)
		return rc;
	if (!bg->begun && !bg->seeded)
		for (int y = 0; y < mask->h; y++)
			memset(image_row(mask, y), 0, (size_t)mask->w);
	else if (feedback)
		clear_ignored(mask, feedback);
	bg->begun = true;
	bg->t_us = t_us;
	return 0;
}

int background_plate(struct background *bg, struct yuv *out, struct err *err)
{
	if (!bg->begun && !bg->seeded)
		return err_set(err, ERR_STATE, "no frame has been seen yet");
	return bg->kind->plate(bg->priv, out, err);
}
