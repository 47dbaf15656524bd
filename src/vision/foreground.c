/* SPDX-License-Identifier: Apache-2.0 */
/* foreground.c -- background model and mask as one line. */
#include "vision/foreground.h"

#include "base/clock.h"
#include "base/str.h"
#include "base/vec.h"
#include "vision/bytes.h"
#include "vision/memory.h"

#include <stdlib.h>
#include <string.h>

/* The shadow test compares with the scene as it is now; light changes in seconds, not frames,
 * and the models' pictures cost as much as a step. */
#define SCENE_EVERY_US (CLOCK_SECOND_US / 2)

struct foreground {
	struct background *bg;
	const struct mask_opts *mask;
	int w, h;
	struct mask_work *work;
	struct memory *memory; /* NULL: the model started from the empty scene, or it is not
				  known yet */
	bool begun;
	struct image sharp; /* the last mask before it was smoothed */
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
	f->w = w;
	f->h = h;
	f->work = mask_work_new(w, h);
	image_init(&f->sharp, w, h);
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
	image_clear(&f->sharp);
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
	image_copy(&f->sharp, mask);
	mask_clean(f->work, mask, f->mask);
	return 0;
}

const struct image *foreground_sharp(const struct foreground *f)
{
	return &f->sharp;
}

/* ---- saved models ----
 * "FFfore" and two 0, then numbers of 8 bytes, low byte first: version, width, height,
 * length of the model, length of the memory or 0; the model as background_save() makes it; the
 * memory; the FNV-1a of all before it. */

enum { VERSION = 1, MAGIC_SIZE = 8, HEAD_SIZE = MAGIC_SIZE + 5 * 8, SUM_SIZE = 8 };

static const uint8_t magic[MAGIC_SIZE] = "FFfore";

int foreground_save(const struct foreground *f, uint8_t **buf, size_t *len, struct err *err)
{
	const size_t kept = f->memory ? memory_state_size(f->memory) : 0;
	uint8_t *model, *all, *p;
	size_t n_model, n;
	int rc = background_save(f->bg, &model, &n_model, err);

	if (rc < 0)
		return rc;
	n = HEAD_SIZE + n_model + kept;
	all = p = xcalloc(n + SUM_SIZE, 1);
	memcpy(p, magic, MAGIC_SIZE);
	p += MAGIC_SIZE;
	bytes_put(&p, VERSION);
	bytes_put(&p, (uint64_t)f->w);
	bytes_put(&p, (uint64_t)f->h);
	bytes_put(&p, n_model);
	bytes_put(&p, kept);
	memcpy(p, model, n_model);
	p += n_model;
	if (f->memory)
		memory_save(f->memory, p);
	p += kept;
	bytes_put(&p, str_hash(STR_HASH_INIT, all, n));
	free(model);
	*buf = all;
	*len = n + SUM_SIZE;
	return 0;
}

/* What is in front of the model. */
struct head {
	uint64_t version, w, h, model, memory;
};

static int read_head(const uint8_t *buf, size_t len, struct head *h, struct err *err)
{
	const uint8_t *p, *sum;

	if (len < HEAD_SIZE + SUM_SIZE || memcmp(buf, magic, MAGIC_SIZE) != 0)
		return err_set(err, ERR_FORMAT, "not a saved background model");
	p = buf + MAGIC_SIZE;
	sum = buf + len - SUM_SIZE;
	h->version = bytes_get(&p);
	h->w = bytes_get(&p);
	h->h = bytes_get(&p);
	h->model = bytes_get(&p);
	h->memory = bytes_get(&p);
	if (h->version != VERSION)
		return err_set(err, ERR_FORMAT,
			       "a saved background model of version %llu; expected %d",
			       (unsigned long long)h->version, VERSION);
	if (h->model > len || h->memory > len ||
	    HEAD_SIZE + h->model + h->memory + SUM_SIZE != len ||
	    bytes_get(&sum) != str_hash(STR_HASH_INIT, buf, len - SUM_SIZE))
		return err_set(err, ERR_FORMAT, "a damaged background model");
	return 0;
}

static int load_memory(struct memory *m, const uint8_t *from, uint64_t size, struct err *err)
{
	return size == memory_state_size(m) && memory_load(m, from)
		       ? 0
		       : err_set(err, ERR_FORMAT, "a damaged background model");
}

int foreground_load(struct foreground *f, const uint8_t *buf, size_t len, struct err *err)
{
	struct memory *memory = NULL;
	struct head h = { 0 };
	int rc = read_head(buf, len, &h, err);

	if (rc < 0)
		return rc;
	if (h.w != (uint64_t)f->w || h.h != (uint64_t)f->h)
		return err_set(err, ERR_RANGE,
			       "a saved background model of %llux%llu pixels; expected %dx%d",
			       (unsigned long long)h.w, (unsigned long long)h.h, f->w, f->h);
	if (h.memory) {
		memory = memory_new(f->w, f->h);
		rc = load_memory(memory, buf + HEAD_SIZE + h.model, h.memory, err);
	}
	if (rc >= 0)
		rc = background_load(f->bg, buf + HEAD_SIZE, (size_t)h.model, err);
	if (rc < 0) {
		memory_free(memory);
		return rc;
	}
	memory_free(f->memory);
	f->memory = memory;
	f->begun = memory != NULL;
	f->scene_us = CLOCK_NONE;
	return 0;
}
