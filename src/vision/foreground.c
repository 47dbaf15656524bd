/* SPDX-License-Identifier: Apache-2.0 */
/* foreground.c -- background model and mask as one line. */
#include "vision/foreground.h"

#include "base/clock.h"
#include "base/vec.h"
#include "vision/memory.h"

#include <stdlib.h>

/* The shadow test compares with the scene as it is now; light changes in seconds, not frames,
 * and the models' pictures cost as much as a step. */
#define SCENE_EVERY_US (CLOCK_SECOND_US / 2)

struct foreground {
	struct background *bg;
	const struct mask_opts *mask;
	struct mask_work *work;
	struct memory *memory; /* NULL: the model started from the empty scene, or it is not
				  known yet */
	bool begun;
	struct yuv scene;
	int64_t scene_us; /* when scene was last fetched */
};

struct foreground *foreground_new(const struct background_opts *bg,
				  const struct mask_opts *mask, int w, int h, struct err *err)
{
	struct background *model = background_new(bg, w, h, err);
	struct foreground *f;

	if (!model)
		return NULL;
	f = xcalloc(1, sizeof(*f));
	f->bg = model;
	f->mask = mask;
	f->work = mask_work_new(w, h);
	yuv_init(&f->scene, w, h);
	f->scene_us = CLOCK_NONE;
	return f;
}

void foreground_free(struct foreground *f)
{
	if (!f)
		return;
	background_free(f->bg);
	mask_work_free(f->work);
	memory_free(f->memory);
	yuv_clear(&f->scene);
	free(f);
}

struct background *foreground_background(struct foreground *f)
{
	return f->bg;
}

int foreground_raw(struct foreground *f, int64_t t_us, const struct yuv *in,
		   const struct image *feedback, struct image *raw, struct err *err)
{
	int rc = background_step(f->bg, t_us, in, feedback, raw, err);

	if (rc < 0)
		return rc;
	if (!f->begun && !background_knows_scene(f->bg))
		f->memory = memory_new(in->y.w, in->y.h);
	f->begun = true;
	if (f->memory)
		rc = memory_step(f->memory, f->bg, t_us, in, feedback, err);
	return rc < 0 ? rc : 0;
}

int foreground_clean(struct foreground *f, int64_t t_us, const struct yuv *in,
		     const struct image *raw, struct image *mask, struct err *err)
{
	int rc;

	image_copy(mask, raw);
	if (f->mask->shadows) {
		if (f->scene_us == CLOCK_NONE || t_us - f->scene_us >= SCENE_EVERY_US) {
			rc = background_plate(f->bg, &f->scene, err);
			if (rc < 0)
				return rc;
			f->scene_us = t_us;
		}
		mask_shadows(f->work, mask, in, &f->scene, f->mask);
	}
	mask_clean(f->work, mask, f->mask);
	return 0;
}
