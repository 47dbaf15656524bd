/* SPDX-License-Identifier: Apache-2.0 */
/* foreground.h -- background model and mask as one line: a picture in, a mask worth reading
 * out.
 */
#ifndef VISION_FOREGROUND_H
#define VISION_FOREGROUND_H

#include "vision/background.h"
#include "vision/mask.h"

struct foreground;

/* For analysis pictures of w x h. mask must live as long as it. Fails as background_new(). */
struct foreground *foreground_new(const struct background_opts *bg,
				  const struct mask_opts *mask, int w, int h, struct err *err);
void foreground_free(struct foreground *f); /* NULL is allowed */

/* The model itself, to be seeded or asked; foreground's. */
struct background *foreground_background(struct foreground *f);

/* For each frame first the one, then the other, with the same picture. All are w x h, and
 * errors are background_step()'s.
 * raw becomes what the model takes for foreground. */
int foreground_raw(struct foreground *f, int64_t t_us, const struct yuv *in,
		   const struct image *feedback, struct image *raw, struct err *err);
/* mask becomes raw without cast shadows, specks and small gaps. */
int foreground_clean(struct foreground *f, int64_t t_us, const struct yuv *in,
		     const struct image *raw, struct image *mask, struct err *err);

/* The last mask before specks and small gaps were taken out, and with them feet and hair: where
 * exactly an outline ends. foreground's. */
const struct image *foreground_sharp(const struct foreground *f);

/* Model and memory of the last two hours as bytes, the caller's to free, and back: as
 * background_save() and background_load(), with the same errors. */
int foreground_save(const struct foreground *f, uint8_t **buf, size_t *len, struct err *err);
int foreground_load(struct foreground *f, const uint8_t *buf, size_t len, struct err *err);

#endif
