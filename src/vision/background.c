/* SPDX-License-Identifier: Apache-2.0 */
/* background.c -- the registry of background models, and what is the same for all of them. */
#include "vision/background.h"

#include "base/clock.h"
#include "base/str.h"
#include "base/vec.h"
#include "vision/bg_opencv.h"
#include "vision/bytes.h"
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
	bool loaded;  /* and no frame since: time may have been set back */
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
			m[x] &= f[x] & FEEDBACK_IGNORE ? 0 : 255;
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

bool background_knows_scene(const struct background *bg)
{
	return bg->seeded || !bg->kind->correct;
}

bool background_correct(struct background *bg, const struct yuv *scene,
			const struct image *where)
{
	assert(scene->y.w == bg->w && scene->y.h == bg->h);
	assert(where->w == bg->w && where->h == bg->h);
	if (!bg->kind->correct)
		return false;
	bg->kind->correct(bg->priv, scene, where);
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

	if (bg->begun && t_us <= bg->t_us && !bg->loaded)
		return err_set(err, ERR_STATE,
			       "a frame's time is not after that of the frame before it");
	if (bg->begun && t_us > bg->t_us)
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
	bg->loaded = false;
	bg->t_us = t_us;
	return 0;
}

int background_plate(struct background *bg, struct yuv *out, struct err *err)
{
	if (!bg->begun && !bg->seeded)
		return err_set(err, ERR_STATE, "no frame has been seen yet");
	return bg->kind->plate(bg->priv, out, err);
}

struct background_moves background_moved(const struct background *bg)
{
	return bg->kind->moved ? bg->kind->moved(bg->priv) : (struct background_moves){ 0 };
}

/* ---- saved models ----
 * "FFscene" and a 0, then numbers of 8 bytes, low byte first: version, width, height, flags,
 * time, length of the backend's part; the backend's name, filled up with 0; the backend's part;
 * the FNV-1a of all before it. */

enum { VERSION = 1, FLAG_BEGUN = 1, FLAG_SEEDED = 2, NAME_SIZE = 16 };

#define MAGIC_SIZE 8
#define HEAD_SIZE (MAGIC_SIZE + 6 * 8 + NAME_SIZE)

static const uint8_t magic[MAGIC_SIZE] = "FFscene";

static int no_form(const struct background *bg, struct err *err)
{
	return err_set(err, ERR_STATE, "the background model '%s' cannot be saved",
		       bg->kind->name);
}

int background_save(const struct background *bg, uint8_t **buf, size_t *len, struct err *err)
{
	size_t body, n;
	uint8_t *all, *p;

	if (!bg->kind->save)
		return no_form(bg, err);
	body = bg->kind->state_size(bg->priv);
	n = HEAD_SIZE + body;
	all = p = xcalloc(n + 8, 1);
	memcpy(p, magic, MAGIC_SIZE);
	p += MAGIC_SIZE;
	bytes_put(&p, VERSION);
	bytes_put(&p, (uint64_t)bg->w);
	bytes_put(&p, (uint64_t)bg->h);
	bytes_put(&p, (bg->begun ? FLAG_BEGUN : 0) | (bg->seeded ? FLAG_SEEDED : 0));
	bytes_put(&p, (uint64_t)bg->t_us);
	bytes_put(&p, body);
	str_copy((char *)p, NAME_SIZE, bg->kind->name);
	bg->kind->save(bg->priv, p + NAME_SIZE);
	p += NAME_SIZE + body;
	bytes_put(&p, str_hash(STR_HASH_INIT, all, n));
	*buf = all;
	*len = n + 8;
	return 0;
}

/* What is in front of the backend's part. */
struct head {
	uint64_t version, w, h, flags, t_us, body;
	char name[NAME_SIZE];
};

static int read_head(const uint8_t *buf, size_t len, struct head *h, struct err *err)
{
	const uint8_t *p = buf + MAGIC_SIZE, *sum;

	if (len < HEAD_SIZE + 8 || memcmp(buf, magic, MAGIC_SIZE) != 0)
		return err_set(err, ERR_FORMAT, "not a saved background model");
	h->version = bytes_get(&p);
	h->w = bytes_get(&p);
	h->h = bytes_get(&p);
	h->flags = bytes_get(&p);
	h->t_us = bytes_get(&p);
	h->body = bytes_get(&p);
	memcpy(h->name, p, NAME_SIZE);
	h->name[NAME_SIZE - 1] = '\0';
	if (h->version != VERSION)
		return err_set(err, ERR_FORMAT,
			       "a saved background model of version %llu; expected %d",
			       (unsigned long long)h->version, VERSION);
	sum = buf + len - 8;
	if (h->body != len - HEAD_SIZE - 8 ||
	    bytes_get(&sum) != str_hash(STR_HASH_INIT, buf, len - 8))
		return err_set(err, ERR_FORMAT, "a damaged background model");
	return 0;
}

int background_load(struct background *bg, const uint8_t *buf, size_t len, struct err *err)
{
	struct head h;
	int rc;

	if (!bg->kind->load)
		return no_form(bg, err);
	rc = read_head(buf, len, &h, err);
	if (rc < 0)
		return rc;
	if (strcmp(h.name, bg->kind->name) != 0)
		return err_set(err, ERR_STATE,
			       "saved by the background model '%s'; expected '%s'",
			       str_is_clean(h.name) ? h.name : "?", bg->kind->name);
	if (h.w != (uint64_t)bg->w || h.h != (uint64_t)bg->h)
		return err_set(err, ERR_RANGE,
			       "a saved background model of %llux%llu pixels; expected %dx%d",
			       (unsigned long long)h.w, (unsigned long long)h.h, bg->w, bg->h);
	if (h.body != bg->kind->state_size(bg->priv) || h.flags > (FLAG_BEGUN | FLAG_SEEDED) ||
	    h.t_us > INT64_MAX || !bg->kind->load(bg->priv, buf + HEAD_SIZE))
		return err_set(err, ERR_FORMAT, "a damaged background model");
	bg->begun = h.flags & FLAG_BEGUN;
	bg->seeded = h.flags & FLAG_SEEDED;
	bg->loaded = true;
	bg->t_us = (int64_t)h.t_us;
	return 0;
}
