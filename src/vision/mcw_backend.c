/* SPDX-License-Identifier: Apache-2.0 */
/* mcw_backend.c -- MCW as a backend of background.h. */
#include "vision/mcw.h"

static void *backend_open(const struct background_opts *o, int w, int h, struct err *err)
{
	(void)err;
	return mcw_new(o, w, h);
}

static int backend_step(void *priv, double dt_s, const struct yuv *in,
			const struct image *feedback, struct image *mask, struct err *err)
{
	(void)err;
	mcw_step(priv, dt_s, in, feedback, mask);
	return 0;
}

static int backend_plate(void *priv, struct yuv *out, struct err *err)
{
	(void)err;
	mcw_plate(priv, out);
	return 0;
}

static void backend_seed(void *priv, const struct yuv *plate)
{
	mcw_seed(priv, plate);
}

static void backend_correct(void *priv, const struct yuv *scene, const struct image *where)
{
	mcw_correct(priv, scene, where);
}

static struct background_moves backend_moved(void *priv)
{
	return mcw_moved(priv);
}

static size_t backend_state_size(void *priv)
{
	return mcw_state_size(priv);
}

static void backend_save(void *priv, uint8_t *to)
{
	mcw_save(priv, to);
}

static bool backend_load(void *priv, const uint8_t *from)
{
	return mcw_load(priv, from);
}

static void backend_close(void *priv)
{
	mcw_free(priv);
}

const struct background_kind bg_mcw = {
	.name = "mcw",
	.help = "codewords counted per pixel; evens out light, takes shadows out, fast",
	.open = backend_open,
	.step = backend_step,
	.plate = backend_plate,
	.close = backend_close,
	.seed = backend_seed,
	.correct = backend_correct,
	.moved = backend_moved,
	.state_size = backend_state_size,
	.save = backend_save,
	.load = backend_load,
};
