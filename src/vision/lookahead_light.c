/* SPDX-License-Identifier: Apache-2.0 */
/* lookahead_light.c -- how the light of one picture differs from another's. */
#include "vision/lookahead_light.h"

#include <stdlib.h>

enum {
	UNKNOWN = -1,
	DARK = 16,      /* luma from which on a ratio says something */
	NEAR_LUMA = 14, /* levels that a pixel may differ once the light is evened out */
	NEAR_CHROMA = 16,
	USABLE_PERCENT = 50, /* of a block, at least */
	SAME_PERCENT = 70,   /* of these must be near */
	FITS = 2,            /* times, to leave out what is not */
	STEP = 8,            /* the ratio changes by less than 1/8 from block to block, */
	START = 16,          /* and 1/16 among those that the search starts from */
};

struct area {
	int x0, y0, x1, y1;
	uint8_t blown; /* luma that is not usable */
};

static bool usable(uint8_t y, uint8_t y0, uint8_t blown)
{
	return y > DARK && y0 > DARK && y < blown && y0 < blown;
}

static int distance(const struct yuv *a, const struct yuv *b, int x, int y)
{
	int du = abs(image_row(&a->u, y)[x] - image_row(&b->u, y)[x]);
	int dv = abs(image_row(&a->v, y)[x] - image_row(&b->v, y)[x]);

	return du > dv ? du : dv;
}

/* Over the area's usable pixels that are the same in both but for about the ratio given, or
 * over all if it is UNKNOWN: luma of picture over luma of model, in 1/LIGHT_ONE. percent: how
 * many these are. */
static int ratio_of(const struct yuv *p, const struct yuv *m, struct area a, int ratio,
		    int *percent)
{
	int sum = 0, sum0 = 0, n = 0;

	for (int y = a.y0; y < a.y1; y++) {
		const uint8_t *py = image_row(&p->y, y), *my = image_row(&m->y, y);

		for (int x = a.x0; x < a.x1; x++) {
			if (!usable(py[x], my[x], a.blown) ||
			    (ratio != UNKNOWN &&
			     (abs(py[x] * LIGHT_ONE - my[x] * ratio) > NEAR_LUMA * ratio ||
			      distance(p, m, x, y) > NEAR_CHROMA)))
				continue;
			sum += py[x];
			sum0 += my[x];
			n++;
		}
	}
	*percent = n * 100 / ((a.x1 - a.x0) * (a.y1 - a.y0));
	if (!n)
		return UNKNOWN;
	n = (sum * LIGHT_ONE + sum0 / 2) / sum0;
	return n < LIGHT_RATIO_MIN || n > LIGHT_RATIO_MAX ? UNKNOWN : n;
}

/* UNKNOWN unless most of the area shows the same in both, but for a factor. */
static int fit(const struct yuv *p, const struct yuv *m, struct area a)
{
	int all, near;
	int r = ratio_of(p, m, a, UNKNOWN, &all);

	for (int i = 0; i < FITS && r != UNKNOWN; i++)
		r = ratio_of(p, m, a, r, &near);
	return r == UNKNOWN || all < USABLE_PERCENT || near * 100 < all * SAME_PERCENT ? UNKNOWN
										       : r;
}

static void measure(struct light *l, const struct yuv *p, const struct yuv *m)
{
	for (int by = 0; by < l->bh; by++)
		for (int bx = 0; bx < l->bw; bx++) {
			struct area a = { bx * MCW_BLOCK, by * MCW_BLOCK, (bx + 1) * MCW_BLOCK,
					  (by + 1) * MCW_BLOCK, l->blown };
			a.x1 = a.x1 < l->w ? a.x1 : l->w;
			a.y1 = a.y1 < l->h ? a.y1 : l->h;
			l->work[by * l->bw + bx] = fit(p, m, a);
		}
}

/* The ratio that most of the known blocks are near to; UNKNOWN: there is none. */
static int commonest(const struct light *l)
{
	int best = UNKNOWN, most = 0;

	for (int i = 0; i < l->bw * l->bh; i++) {
		int n = 0;

		for (int k = 0; l->work[i] >= 0 && k < l->bw * l->bh; k++)
			n += l->work[k] >= 0 &&
			     abs(l->work[k] - l->work[i]) * START <= l->work[i];
		if (n > most)
			most = n, best = l->work[i];
	}
	return best;
}

/* From the commonest ratio to what is next to it and differs little. */
static void grow(struct light *l)
{
	bool more = true;

	for (int i = 0; i < l->bw * l->bh; i++)
		l->ratio[i] =
			l->work[i] >= 0 && abs(l->work[i] - l->overall) * START <= l->overall
				? l->work[i]
				: UNKNOWN;
	while (more) {
		more = false;
		for (int i = 0; i < l->bw * l->bh; i++) {
			int sum, n;

			if (l->ratio[i] >= 0 || l->work[i] < 0)
				continue;
			n = light_neighbours(l, i, &sum);
			if (!n || abs(l->work[i] * n - sum) * STEP > sum)
				continue;
			l->ratio[i] = l->work[i];
			more = true;
		}
	}
}

bool lookahead_light(struct light *light, const struct yuv *picture, const struct yuv *model)
{
	light_find_white(light, picture->y.data, picture->y.stride, model->y.data,
			 model->y.stride);
	measure(light, picture, model);
	light->overall = commonest(light);
	if (light->overall < 0)
		return false;
	grow(light);
	light_fill(light);
	return true;
}
