/* SPDX-License-Identifier: Apache-2.0 */
/* lookahead.c -- the empty scene of a whole recording, from a few pictures spread over it. */
#include "vision/lookahead.h"

#include "base/vec.h"
#include "vision/lookahead_words.h"

#include <assert.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum {
	WORDS = LOOKAHEAD_WORDS,
	T_LUMA = 14,
	T_CHROMA = 8,
	ENOUGH = 16,      /* pictures, to be surer than a model */
	EVENED_MORE = 10, /* so much more of the picture must fit once the light is even */
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
	free(l->gain);
	free(l);
}

static uint8_t follow(uint8_t from, uint8_t to)
{
	return (uint8_t)(from + (to > from) - (to < from));
}

/* The nearest of those that match; else the one to give up: unused, or the least seen, or of
 * these the one that was not seen for longest. */
static struct lookahead_word *find(struct lookahead_word *words, uint8_t y, uint8_t u,
				   uint8_t v, bool *match)
{
	struct lookahead_word *weakest = words, *best = NULL;
	int best_d = T_LUMA + 1;

	for (struct lookahead_word *k = words; k < words + WORDS; k++) {
		int d = abs(y - k->y), n;

		if (k->seen && d < best_d && abs(u - k->u) <= T_CHROMA &&
		    abs(v - k->v) <= T_CHROMA) {
			best = k;
			best_d = d;
		}
		n = seen_count(k->seen) - seen_count(weakest->seen);
		if (n < 0 || (n == 0 && k->seen < weakest->seen))
			weakest = k;
	}
	*match = best;
	return best ? best : weakest;
}

static void see(struct lookahead_word *words, uint8_t y, uint8_t u, uint8_t v, uint64_t now)
{
	bool match;
	struct lookahead_word *k = find(words, y, u, v, &match);

	if (!match) {
		*k = (struct lookahead_word){ y, u, v, now };
		return;
	}
	k->y = follow(k->y, y);
	k->u = follow(k->u, u);
	k->v = follow(k->v, v);
	k->seen |= now;
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
		if (!even)
			light_spare_blown(&l->light, to, from[0],
					  (const uint8_t *[3]){ image_row(&l->first.y, y),
								image_row(&l->first.u, y),
								image_row(&l->first.v, y) },
					  l->w);
	}
}

/* The picture in the first one's light, where that makes it fit: otherwise each light would be
 * a scene of its own, and the plate a patchwork. A camera's brightness leaves colours alone. */
static struct yuv in_first_light(struct lookahead *l, const struct yuv *in)
{
	int64_t as_is, luma, colours, enough = (int64_t)l->w * l->h / EVENED_MORE;
	struct yuv out = *in;

	if (!lookahead_light(&l->light, in, &l->first))
		return out;
	even_out(l, in);
	as_is = matches(l, &in->y, &in->u, &in->v);
	luma = matches(l, &l->evened.y, &in->u, &in->v);
	colours = matches(l, &l->evened.y, &l->evened.u, &l->evened.v);
	if ((luma > colours ? luma : colours) <= as_is + enough)
		return out;
	out.y = l->evened.y;
	if (colours >= luma) {
		out.u = l->evened.u;
		out.v = l->evened.v;
	}
	return out;
}

/* Picture i is as if it had never been. */
static void forget(struct lookahead *l, int i)
{
	const uint64_t low = (UINT64_C(1) << i) - 1;
	const size_t n = (size_t)l->w * (size_t)l->h * WORDS;

	for (size_t k = 0; k < n; k++) {
		uint64_t *seen = &l->words[k].seen;

		*seen = (*seen & low) | ((*seen >> 1) & ~low);
	}
	l->n--;
	memmove(&l->t_us[i], &l->t_us[i + 1], (size_t)(l->n - i) * sizeof(*l->t_us));
}

/* The picture, other than the first and the last, whose neighbours are nearest to each other.
 */
static int least_missed(const struct lookahead *l)
{
	int best = 1;

	for (int i = 2; i < l->n - 1; i++)
		if (l->t_us[i + 1] - l->t_us[i - 1] < l->t_us[best + 1] - l->t_us[best - 1])
			best = i;
	return best;
}

void lookahead_forget_all(struct lookahead *l)
{
	memset(l->words, 0, (size_t)l->w * (size_t)l->h * WORDS * sizeof(*l->words));
	l->n = 0;
}

int64_t lookahead_last_us(const struct lookahead *l)
{
	return l->n ? l->t_us[l->n - 1] : CLOCK_NONE;
}

void lookahead_forget_before(struct lookahead *l, int64_t t_us)
{
	while (l->n > 1 && l->t_us[0] < t_us)
		forget(l, 0);
}

int lookahead_add(struct lookahead *l, int64_t t_us, const struct yuv *in, struct err *err)
{
	struct yuv p;

	assert(in->y.w == l->w && in->y.h == l->h);
	if (l->n && t_us <= l->t_us[l->n - 1])
		return err_set(err, ERR_STATE,
			       "a picture's time is not after that of the one before it");
	if (l->n == LOOKAHEAD_MAX)
		forget(l, least_missed(l));
	if (l->n == 0) {
		image_copy(&l->first.y, &in->y);
		image_copy(&l->first.u, &in->u);
		image_copy(&l->first.v, &in->v);
	}
	p = in_first_light(l, in);
	for (int y = 0; y < l->h; y++) {
		const uint8_t *py = image_row(&p.y, y);
		const uint8_t *pu = image_row(&p.u, y), *pv = image_row(&p.v, y);
		struct lookahead_word *words = l->words + (size_t)y * (size_t)l->w * WORDS;

		for (int x = 0; x < l->w; x++, words += WORDS)
			see(words, py[x], pu[x], pv[x], UINT64_C(1) << l->n);
	}
	l->t_us[l->n++] = t_us;
	return 0;
}

int lookahead_plate(const struct lookahead *l, struct yuv *out, struct err *err)
{
	assert(out->y.w == l->w && out->y.h == l->h);
	if (!l->n)
		return err_set(err, ERR_STATE, "no picture to look ahead from");
	lookahead_choose(l->words, l->t_us, l->n, out);
	return 0;
}

/* The word that is nearest to what p has at x, y; NULL: none is near. */
static const struct lookahead_word *word_of(const struct lookahead *l, const struct yuv *p,
					    int x, int y)
{
	struct lookahead_word *words =
		l->words + ((size_t)y * (size_t)l->w + (size_t)x) * WORDS;
	bool match;
	const struct lookahead_word *k =
		find(words, image_row(&p->y, y)[x], image_row(&p->u, y)[x],
		     image_row(&p->v, y)[x], &match);

	return match ? k : NULL;
}

/* Is what the plate has more than a guess? Of two values of which one gave way to the other for
 * good only the later one is believed, and only where it was chosen for its outline, against
 * the evidence of time: then something that stood there is gone. Otherwise it may have come to
 * stay.
 */
static bool surer(const struct lookahead *l, const struct lookahead_word *plate,
		  const struct lookahead_word *model)
{
	int32_t ours, theirs;

	if (!plate || plate == model || seen_count(plate->seen) < LOOKAHEAD_SEEN)
		return false;
	if (!model)
		return true;
	ours = lookahead_evidence(plate, l->t_us, l->n);
	theirs = lookahead_evidence(model, l->t_us, l->n);
	if (lookahead_changed_once(plate, model))
		return ours < theirs && plate->seen > model->seen;
	return ours * 4 > theirs * 5 &&
	       (seen_count(model->seen) >= LOOKAHEAD_SEEN || plate->seen > model->seen);
}

int lookahead_surer(struct lookahead *l, const struct yuv *model, struct yuv *out,
		    struct image *where)
{
	struct yuv in;
	int n = 0;

	if (l->n < ENOUGH)
		return 0;
	in = in_first_light(l, model);
	lookahead_choose(l->words, l->t_us, l->n, out);
	for (int y = 0; y < l->h; y++)
		for (int x = 0; x < l->w; x++) {
			bool yes = surer(l, word_of(l, out, x, y), word_of(l, &in, x, y));

			image_row(where, y)[x] = yes ? 255 : 0;
			n += yes;
		}
	if (n && lookahead_light(&l->light, out, model)) {
		even_out(l, out);
		image_copy(&out->y, &l->evened.y);
	}
	return n;
}
