/* SPDX-License-Identifier: Apache-2.0 */
/* lookahead.c -- the empty scene of a whole recording, from a few pictures spread over it. */
#include "vision/lookahead.h"

#include "base/vec.h"
#include "vision/mcw_ghost.h"
#include "vision/mcw_light.h"

#include <assert.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum {
	WORDS = 4,
	T_LUMA = 14,
	T_CHROMA = 8,
	SEEN = 3,             /* pictures: fewer may be anyone passing */
	EVENED_PERCENT = 115, /* so many more pixels must match once the light is evened out */
	ODD_FROM = 5,
	EVENED_FROM = 6, /* light that differs by less than a sixth: people may look like it */
};

/* A value that a pixel has had. */
struct word {
	uint8_t y, u, v;
	uint8_t count;       /* pictures; 0: unused */
	uint8_t first, last; /* pictures, by number */
};

struct lookahead {
	int w, h;
	int n; /* pictures so far */
	int64_t t_us[LOOKAHEAD_MAX];
	struct word *words; /* WORDS of each pixel, row by row */
	struct yuv first;   /* the first picture: its light is the plate's */
	struct yuv evened;  /* the present one in that light */
	struct light light;
	uint8_t *label; /* nothing is known to be foreground */
	uint16_t *gain;
};

struct lookahead *lookahead_new(int w, int h)
{
	struct lookahead *l = xcalloc(1, sizeof(*l));

	assert(w > 0 && h > 0);
	l->w = w;
	l->h = h;
	l->words = xcalloc((size_t)w * (size_t)h * WORDS, sizeof(*l->words));
	yuv_init(&l->first, w, h);
	yuv_init(&l->evened, w, h);
	light_init(&l->light, w, h);
	l->label = xalign((size_t)l->first.y.stride * (size_t)h);
	l->gain = xalign((size_t)l->first.y.stride * sizeof(*l->gain));
	return l;
}

void lookahead_free(struct lookahead *l)
{
	if (!l)
		return;
	free(l->words);
	yuv_clear(&l->first);
	yuv_clear(&l->evened);
	light_clear(&l->light);
	free(l->label);
	free(l->gain);
	free(l);
}

static uint8_t follow(uint8_t from, uint8_t to)
{
	return (uint8_t)(from + (to > from) - (to < from));
}

/* The nearest of those that match; else the one to give up: unused, or the least seen, or of
 * these the one that was not seen for longest. */
static struct word *find(struct word *words, uint8_t y, uint8_t u, uint8_t v, bool *match)
{
	struct word *weakest = words, *best = NULL;
	int best_d = T_LUMA + 1;

	for (struct word *k = words; k < words + WORDS; k++) {
		int d = abs(y - k->y);

		if (k->count && d < best_d && abs(u - k->u) <= T_CHROMA &&
		    abs(v - k->v) <= T_CHROMA) {
			best = k;
			best_d = d;
		}
		if (k->count < weakest->count ||
		    (k->count == weakest->count && k->last < weakest->last))
			weakest = k;
	}
	*match = best;
	return best ? best : weakest;
}

static void see(struct word *words, uint8_t y, uint8_t u, uint8_t v, uint8_t now)
{
	bool match;
	struct word *k = find(words, y, u, v, &match);

	if (!match) {
		*k = (struct word){ y, u, v, 1, now, now };
		return;
	}
	k->y = follow(k->y, y);
	k->u = follow(k->u, u);
	k->v = follow(k->v, v);
	k->count++;
	k->last = now;
}

/* How many pixels are as in the first picture. */
static int64_t matches(const struct lookahead *l, const struct image *y, const struct image *u,
		       const struct image *v)
{
	int64_t all = 0;

	for (int r = 0; r < l->h; r++) {
		const uint8_t *py = image_row(y, r), *qy = image_row(&l->first.y, r);
		const uint8_t *pu = image_row(u, r), *qu = image_row(&l->first.u, r);
		const uint8_t *pv = image_row(v, r), *qv = image_row(&l->first.v, r);

		for (int x = 0; x < l->w; x++)
			all += abs(py[x] - qy[x]) <= T_LUMA && abs(pu[x] - qu[x]) <= T_CHROMA &&
			       abs(pv[x] - qv[x]) <= T_CHROMA;
	}
	return all;
}

/* A block whose light changes quite otherwise than the room's has someone in it. */
static void distrust_odd_blocks(struct light *light)
{
	for (int i = 0; i < light->bw * light->bh; i++)
		if (abs(light->ratio[i] - light->overall) * ODD_FROM > light->overall)
			light->ratio[i] = light->overall;
}

static void even_out(struct lookahead *l, const struct yuv *in)
{
	const struct mcw_ops *ops = mcw_ops();

	for (int y = 0; y < l->h; y++) {
		uint8_t *to[3] = { image_row(&l->evened.y, y), image_row(&l->evened.u, y),
				   image_row(&l->evened.v, y) };
		const uint8_t *from[3] = { image_row(&in->y, y), image_row(&in->u, y),
					   image_row(&in->v, y) };
		bool even = !light_gains(&l->light, y, l->gain);

		for (int i = 0; i < 3; i++) {
			if (even)
				memcpy(to[i], from[i], (size_t)l->w);
			else
				(i ? ops->rechroma : ops->relight)(to[i], from[i], l->gain,
								   l->w);
		}
	}
}

/* The picture in the first one's light, where the light has clearly changed: otherwise each
 * light would be a scene of its own, and the plate a patchwork. People are no light: unless far
 * more of the picture fits, it stays as it is. A camera's brightness leaves colours alone. */
static struct yuv in_first_light(struct lookahead *l, const struct yuv *in)
{
	int64_t as_is, luma, colours;
	struct yuv out = *in;

	light_measure(&l->light, mcw_ops(), &in->y, l->first.y.data, l->label,
		      l->first.y.stride);
	if (abs(l->light.overall - LIGHT_ONE) * EVENED_FROM <= LIGHT_ONE)
		return out;
	distrust_odd_blocks(&l->light);
	even_out(l, in);
	as_is = matches(l, &in->y, &in->u, &in->v);
	luma = matches(l, &l->evened.y, &in->u, &in->v);
	colours = matches(l, &l->evened.y, &l->evened.u, &l->evened.v);
	if ((luma > colours ? luma : colours) * 100 <= as_is * EVENED_PERCENT)
		return out;
	out.y = l->evened.y;
	if (colours >= luma) {
		out.u = l->evened.u;
		out.v = l->evened.v;
	}
	return out;
}

int lookahead_add(struct lookahead *l, int64_t t_us, const struct yuv *in, struct err *err)
{
	struct yuv p;

	assert(in->y.w == l->w && in->y.h == l->h);
	if (l->n == LOOKAHEAD_MAX)
		return err_set(err, ERR_RANGE, "more than %d pictures to look ahead",
			       LOOKAHEAD_MAX);
	if (l->n && t_us <= l->t_us[l->n - 1])
		return err_set(err, ERR_STATE,
			       "a picture's time is not after that of the one before it");
	if (l->n == 0) {
		image_copy(&l->first.y, &in->y);
		image_copy(&l->first.u, &in->u);
		image_copy(&l->first.v, &in->v);
	}
	p = in_first_light(l, in);
	for (int y = 0; y < l->h; y++) {
		const uint8_t *py = image_row(&p.y, y);
		const uint8_t *pu = image_row(&p.u, y), *pv = image_row(&p.v, y);
		struct word *words = l->words + (size_t)y * (size_t)l->w * WORDS;

		for (int x = 0; x < l->w; x++, words += WORDS)
			see(words, py[x], pu[x], pv[x], (uint8_t)l->n);
	}
	l->t_us[l->n++] = t_us;
	return 0;
}

/* Share of pictures + share of time, in 1/65536 each; 0 for an unused one. */
static int64_t evidence(const struct lookahead *l, const struct word *k)
{
	int64_t all_us = l->t_us[l->n - 1] - l->t_us[0];
	int64_t span_us = l->t_us[k->last] - l->t_us[k->first];

	if (!k->count)
		return 0;
	return ((int64_t)k->count << 16) / l->n + (all_us ? (span_us << 16) / all_us : 0);
}

static const struct word *likeliest(const struct lookahead *l, const struct word *words,
				    const struct word *other_than)
{
	const struct word *best = NULL;

	for (const struct word *k = words; k < words + WORDS; k++)
		if (k != other_than && (!best || evidence(l, k) > evidence(l, best)))
			best = k;
	return best;
}

/* Did one give way to the other for good? Then time cannot tell which of them is the scene. */
static bool changed_once(const struct word *a, const struct word *b)
{
	return a->count >= SEEN && b->count >= SEEN &&
	       (a->last < b->first || b->last < a->first);
}

static void put(struct yuv *p, int x, int y, const struct word *k)
{
	image_row(&p->y, y)[x] = k->y;
	image_row(&p->u, y)[x] = k->u;
	image_row(&p->v, y)[x] = k->v;
}

/* Where something changed once for good, the picture that fits the surroundings is right. */
static void settle_doubts(struct yuv *out, const struct yuv *other, struct image *doubt)
{
	int *work = xmalloc((size_t)doubt->w * (size_t)doubt->h * sizeof(*work));

	ghost_find(doubt, doubt, other, out, work);
	for (int y = 0; y < doubt->h; y++)
		for (int x = 0; x < doubt->w; x++)
			if (image_row(doubt, y)[x]) {
				image_row(&out->y, y)[x] = image_row(&other->y, y)[x];
				image_row(&out->u, y)[x] = image_row(&other->u, y)[x];
				image_row(&out->v, y)[x] = image_row(&other->v, y)[x];
			}
	free(work);
}

int lookahead_plate(const struct lookahead *l, struct yuv *out, struct err *err)
{
	struct yuv other;
	struct image doubt;

	if (!l->n)
		return err_set(err, ERR_STATE, "no picture to look ahead from");
	yuv_init(&other, l->w, l->h);
	image_init(&doubt, l->w, l->h);
	for (int y = 0; y < l->h; y++) {
		const struct word *words = l->words + (size_t)y * (size_t)l->w * WORDS;

		for (int x = 0; x < l->w; x++, words += WORDS) {
			const struct word *a = likeliest(l, words, NULL);
			const struct word *b = likeliest(l, words, a);
			bool once = changed_once(a, b);

			put(out, x, y, a);
			put(&other, x, y, once ? b : a);
			image_row(&doubt, y)[x] = once ? 255 : 0;
		}
	}
	settle_doubts(out, &other, &doubt);
	yuv_clear(&other);
	image_clear(&doubt);
	return 0;
}
