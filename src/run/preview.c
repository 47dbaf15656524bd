/* SPDX-License-Identifier: Apache-2.0 */
/* preview.c -- a look over a whole recording before it is replayed. */
#include "run/preview.h"

#include "video/shrink.h"
#include "vision/lookahead.h"

#include <string.h>

struct looking {
	int img_w, img_h, factor, n;
	struct lookahead *ahead;
	struct yuv small;
};

bool preview_wanted(const struct conf *conf)
{
	const struct background_kind *kind;

	for (int i = 0; (kind = background_kind(i)) != NULL; i++)
		if (!strcmp(kind->name, conf->background.backend))
			return kind->seed != NULL;
	return false;
}

static void look(void *arg, const struct frame *f)
{
	struct looking *l = arg;

	if (f->y.w != l->img_w || f->y.h != l->img_h)
		return;
	shrink(&l->small, f, l->factor);
	/* More pictures than it takes are not needed. */
	if (lookahead_add(l->ahead, f->t_us, &l->small, NULL) == 0)
		l->n++;
}

int preview(const struct conf *conf, const struct source_opts *o, int img_w, int img_h,
	    struct yuv *scene, struct err *err)
{
	struct looking l = { .img_w = img_w, .img_h = img_h };
	int w, h, rc;

	l.factor = shrink_factor(img_w, img_h, conf->analysis.max_px);
	shrink_size(img_w, img_h, l.factor, &w, &h);
	l.ahead = lookahead_new(w, h);
	yuv_init(&l.small, w, h);
	rc = source_sample(o, LOOKAHEAD_SAMPLES, look, &l, err);
	if (rc >= 0 && l.n) {
		rc = lookahead_plate(l.ahead, &l.small, err);
		if (rc >= 0) {
			*scene = l.small;
			l.small = (struct yuv){ 0 };
		}
	}
	yuv_clear(&l.small);
	lookahead_free(l.ahead);
	return rc < 0 ? rc : l.n;
}
