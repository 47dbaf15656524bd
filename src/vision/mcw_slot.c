/* SPDX-License-Identifier: Apache-2.0 */
/* mcw_slot.c -- two scenes: by day and by infrared light, or by two very different lights. */
#include "vision/mcw_model.h"

#include <stdlib.h>
#include <string.h>

enum {
	STEP = 8,            /* every so many rows are looked at */
	GREY_MAX = 2 * 16,   /* mean distance of u and v from 128, together, in 1/16 levels: */
	COLOUR_MIN = 6 * 16, /* below is a grey picture, above one in colours */
	LOOKS = 3,           /* at least so many pictures in a row before the scene changes */
};

#define LOOK_US 100000
#define CHANGE_US 800000 /* the rest of a second is for noticing */

/* Mean of |u - 128| + |v - 128|, in 1/16. */
static int colourfulness(const uint8_t *u, const uint8_t *v, int stride_u, int stride_v, int w,
			 int h)
{
	int64_t sum = 0, n = 0;

	for (int y = 0; y < h; y += STEP) {
		const uint8_t *ru = u + (ptrdiff_t)y * stride_u,
			      *rv = v + (ptrdiff_t)y * stride_v;
		int row = 0;

		for (int x = 0; x < w; x++)
			row += abs(ru[x] - 128) + abs(rv[x] - 128);
		sum += row;
		n += w;
	}
	return (int)(16 * sum / n);
}

static int of_picture(const struct yuv *in)
{
	return colourfulness(in->u.data, in->v.data, in->u.stride, in->v.stride, in->u.w,
			     in->u.h);
}

static int of_model(const struct mcw *m)
{
	return colourfulness(m->word[0].u, m->word[0].v, m->stride, m->stride, m->w, m->h);
}

/* One is grey and the other in colours. */
static bool differ(int a, int b)
{
	return (a < GREY_MAX && b > COLOUR_MIN) || (b < GREY_MAX && a > COLOUR_MIN);
}

static bool fits(const struct mcw *m, const struct yuv *in)
{
	int64_t sum = 0, sum0 = 0;

	for (int y = 0; y < m->h; y += STEP) {
		const uint8_t *p = image_row(&in->y, y);
		const uint8_t *p0 = m->word[0].y + (size_t)y * (size_t)m->stride;

		for (int x = 0; x < m->w; x++) {
			sum += p[x];
			sum0 += p0[x];
		}
	}
	return sum * LIGHT_ONE >= sum0 * MCW_LIGHT_MIN &&
	       sum * LIGHT_ONE <= sum0 * MCW_LIGHT_MAX && !differ(of_picture(in), of_model(m));
}

static void swap(struct mcw *m)
{
	struct mcw_slot was = { .noise = m->noise, .flicker = m->flicker, .known = true };

	memcpy(was.word, m->word, sizeof(was.word));
	memcpy(m->word, m->other.word, sizeof(m->word));
	m->noise = m->other.noise;
	m->flicker = m->other.flicker;
	m->other = was;
}

void mcw_change_slot(struct mcw *m, const struct yuv *in)
{
	size_t n = (size_t)m->stride * (size_t)m->h;
	bool known = m->other.known;

	swap(m);
	memset(m->label, 0, n);
	memset(m->votes, 0, n);
	light_reset(&m->light);
	m->dark_us = 0;
	m->kind = (struct mcw_kind){ 0 };
	if (known && fits(m, in))
		return;
	for (int k = 0; k < MCW_WORDS; k++)
		memset(m->word[k].w, 0, n);
	memset(m->noise, 0, n);
	memset(m->flicker, 0, n);
	m->boot_us = MCW_BOOT_US;
}

void mcw_watch_kind(struct mcw *m, const struct yuv *in, int64_t dt_us)
{
	struct mcw_kind *k = &m->kind;
	int64_t span_us = k->due_us + dt_us;

	if (m->boot_us > 0 || !mcw_spend(&k->due_us, dt_us, LOOK_US))
		return;
	if (!differ(of_picture(in), of_model(m))) {
		k->wrong_us = k->wrong = 0;
		return;
	}
	k->wrong_us += k->wrong ? span_us - k->due_us : 0;
	k->wrong++;
	if (k->wrong_us >= CHANGE_US && k->wrong >= LOOKS)
		mcw_change_slot(m, in);
}
