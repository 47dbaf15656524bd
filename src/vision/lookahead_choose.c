/* SPDX-License-Identifier: Apache-2.0 */
/* lookahead_choose.c -- which of the values that a pixel has had is the scene.
 *
 * Three things speak for a value: how often and over how long a time it was seen; that the
 * neighbours have values that were seen, and hidden, in the same pictures; and, where one value
 * gave way to another for good, so that time says nothing, that it continues what is around.
 */
#include "base/vec.h"
#include "vision/lookahead_words.h"
#include "vision/mcw_ghost.h"

#include <stdlib.h>
#include <string.h>

enum {
	WORDS = LOOKAHEAD_WORDS,
	SEEN = 3,  /* pictures: fewer may be anyone passing */
	CLEAR = 4, /* times the evidence of any other word is enough */
	ROUNDS = 2,
	NEIGHBOURS_WEIGH = 3, /* times a pixel's own evidence, together */
	SETTLE_ROUNDS = 2,
	AGREE = 256,     /* two values were seen in the same pictures */
	AROUND = 8,      /* neighbours */
	OWN = 5 * AGREE, /* what all the evidence there can be weighs when settling */
	EVIDENCE_MAX = 2 << 16,
};

/* What was before, or after, a pixel changed once for good; elsewhere what it is. */
struct side {
	uint8_t *word; /* by number, per pixel */
	struct yuv picture;
};

struct choice {
	int w, h;
	const struct lookahead_word *words;
	int32_t *own;          /* evidence for each word */
	int32_t *belief, *was; /* and with the neighbours' */
	uint8_t *pick, *last;  /* the word that it is, by number, per pixel */
	struct image doubt;    /* one value gave way to another for good */
	struct side before, after;
};

int32_t lookahead_evidence(const struct lookahead_word *k, const int64_t *t_us, int n)
{
	int64_t all_us = t_us[n - 1] - t_us[0], span_us;

	if (!k->seen)
		return 0;
	span_us = t_us[seen_last(k->seen)] - t_us[seen_first(k->seen)];
	return (int32_t)(((int64_t)seen_count(k->seen) << 16) / n +
			 (all_us ? (span_us << 16) / all_us : 0));
}

/* Of the pictures in which the rarer of two values was seen, how many had the other, too. */
static int agreement(uint64_t a, uint64_t b)
{
	int na = seen_count(a), nb = seen_count(b);

	return AGREE * seen_count(a & b) / (na < nb ? na : nb);
}

static size_t pixel(const struct choice *c, int x, int y)
{
	return (size_t)y * (size_t)c->w + (size_t)x;
}

/* The pixels next to x, y; returns how many there are. */
static int around(const struct choice *c, int x, int y, size_t q[AROUND])
{
	int n = 0;

	for (int yy = y > 0 ? y - 1 : 0; yy <= y + 1 && yy < c->h; yy++)
		for (int xx = x > 0 ? x - 1 : 0; xx <= x + 1 && xx < c->w; xx++)
			if (xx != x || yy != y)
				q[n++] = pixel(c, xx, yy);
	return n;
}

/* ---- neighbours ---- */

/* The best case that a neighbour makes for a value. */
static int32_t support(uint64_t seen, const struct lookahead_word *words, const int32_t *belief)
{
	int32_t best = 0;

	for (int i = 0; i < WORDS; i++) {
		int32_t s;

		if (belief[i] <= best)
			continue;
		s = (int32_t)((int64_t)belief[i] * agreement(seen, words[i].seen) / AGREE);
		best = s > best ? s : best;
	}
	return best;
}

static void consult(const struct choice *c, int x, int y)
{
	const size_t at = pixel(c, x, y) * WORDS;
	size_t q[AROUND];
	int n = around(c, x, y, q);

	for (int i = 0; i < WORDS; i++) {
		int64_t sum = 0;

		if (!c->words[at + (size_t)i].seen)
			continue;
		for (int k = 0; k < n; k++)
			sum += support(c->words[at + (size_t)i].seen, c->words + q[k] * WORDS,
				       c->was + q[k] * WORDS);
		sum = n ? NEIGHBOURS_WEIGH * sum / n : 0;
		c->belief[at + (size_t)i] =
			(int32_t)((c->own[at + (size_t)i] + sum) / (1 + NEIGHBOURS_WEIGH));
	}
}

/* More than one word may be the scene. */
static bool has_choice(const struct choice *c, size_t at)
{
	const int32_t *own = c->own + at * WORDS;
	int32_t best = 0;
	int open = 0;

	for (int i = 0; i < WORDS; i++)
		best = own[i] > best ? own[i] : best;
	for (int i = 0; i < WORDS; i++)
		open += own[i] > best / CLEAR;
	return open > 1;
}

static void consult_all(struct choice *c)
{
	for (int round = 0; round < ROUNDS; round++) {
		int32_t *was = c->was;

		c->was = c->belief;
		c->belief = was;
		for (int y = 0; y < c->h; y++)
			for (int x = 0; x < c->w; x++)
				if (has_choice(c, pixel(c, x, y)))
					consult(c, x, y);
	}
}

/* ---- what changed once ---- */

bool lookahead_changed_once(const struct lookahead_word *a, const struct lookahead_word *b)
{
	return seen_count(a->seen) >= SEEN && seen_count(b->seen) >= SEEN &&
	       (seen_last(a->seen) < seen_first(b->seen) ||
		seen_last(b->seen) < seen_first(a->seen));
}

/* The likeliest word; if other is given, of those only between which and it the pixel changed
 * once. -1: there is none. */
static int likeliest(const struct lookahead_word *words, const int32_t *belief,
		     const struct lookahead_word *other)
{
	int best = -1;

	for (int i = 0; i < WORDS; i++)
		if (words[i].seen && (!other || lookahead_changed_once(other, &words[i])) &&
		    (best < 0 || belief[i] > belief[best]))
			best = i;
	return best;
}

static void put(struct yuv *p, int x, int y, const struct lookahead_word *k)
{
	image_row(&p->y, y)[x] = k->y;
	image_row(&p->u, y)[x] = k->u;
	image_row(&p->v, y)[x] = k->v;
}

static void pick_likeliest(struct choice *c)
{
	for (int y = 0; y < c->h; y++)
		for (int x = 0; x < c->w; x++) {
			const size_t at = pixel(c, x, y);
			const struct lookahead_word *words = c->words + at * WORDS;
			int a = likeliest(words, c->belief + at * WORDS, NULL);
			int b = likeliest(words, c->belief + at * WORDS, &words[a]);

			image_row(&c->doubt, y)[x] = b < 0 ? 0 : 255;
			b = b < 0 ? a : b;
			c->pick[at] = (uint8_t)a;
			c->before.word[at] = (uint8_t)(words[a].seen < words[b].seen ? a : b);
			c->after.word[at] = (uint8_t)(words[a].seen < words[b].seen ? b : a);
			put(&c->before.picture, x, y, &words[c->before.word[at]]);
			put(&c->after.picture, x, y, &words[c->after.word[at]]);
		}
}

/* Where one side fits its surroundings clearly better than the other, it is the scene. */
static void prefer(struct choice *c, const struct side *side, const struct side *other,
		   struct image *ghost, int *work)
{
	image_copy(ghost, &c->doubt);
	ghost_find(ghost, &c->doubt, &side->picture, &other->picture, work);
	for (int y = 0; y < c->h; y++)
		for (int x = 0; x < c->w; x++)
			if (image_row(ghost, y)[x])
				c->pick[pixel(c, x, y)] = side->word[pixel(c, x, y)];
}

static void decide_doubts(struct choice *c)
{
	int *work = xmalloc((size_t)c->w * (size_t)c->h * sizeof(*work));
	struct image ghost;

	image_init(&ghost, c->w, c->h);
	prefer(c, &c->before, &c->after, &ghost, work);
	prefer(c, &c->after, &c->before, &ghost, work);
	image_clear(&ghost);
	free(work);
}

/* ---- single pixels ---- */

/* The word that agrees best with what was picked around it. Its own evidence counts unless it
 * was set aside. */
static uint8_t settled(const struct choice *c, int x, int y)
{
	const size_t at = pixel(c, x, y);
	const bool doubt = image_row(&c->doubt, y)[x];
	size_t q[AROUND];
	int n = around(c, x, y, q), best = -1;
	uint8_t pick = c->last[at];

	for (int i = 0; i < WORDS; i++) {
		const int k = (c->last[at] + i) % WORDS; /* of equals the one that it was */
		const uint64_t seen = c->words[at * WORDS + (size_t)k].seen;
		int score = doubt ? 0
				  : (int)((int64_t)OWN * c->own[at * WORDS + (size_t)k] /
					  EVIDENCE_MAX);

		if (!seen)
			continue;
		for (int j = 0; j < n; j++)
			score += agreement(seen, c->words[q[j] * WORDS + c->last[q[j]]].seen);
		if (score > best)
			best = score, pick = (uint8_t)k;
	}
	return pick;
}

static void settle(struct choice *c)
{
	for (int round = 0; round < SETTLE_ROUNDS; round++) {
		memcpy(c->last, c->pick, (size_t)c->w * (size_t)c->h);
		for (int y = 0; y < c->h; y++)
			for (int x = 0; x < c->w; x++)
				if (has_choice(c, pixel(c, x, y)))
					c->pick[pixel(c, x, y)] = settled(c, x, y);
	}
}

static void side_init(struct side *s, int w, int h)
{
	s->word = xmalloc((size_t)w * (size_t)h);
	yuv_init(&s->picture, w, h);
}

static void side_clear(struct side *s)
{
	free(s->word);
	yuv_clear(&s->picture);
}

static void choice_init(struct choice *c, const int64_t *t_us, int n_pictures)
{
	const size_t n = (size_t)c->w * (size_t)c->h;

	c->own = xmalloc(n * WORDS * sizeof(*c->own));
	c->belief = xmalloc(n * WORDS * sizeof(*c->belief));
	c->was = xmalloc(n * WORDS * sizeof(*c->was));
	c->pick = xmalloc(n);
	c->last = xmalloc(n);
	side_init(&c->before, c->w, c->h);
	side_init(&c->after, c->w, c->h);
	image_init(&c->doubt, c->w, c->h);
	for (size_t i = 0; i < n * WORDS; i++)
		c->own[i] = c->belief[i] = c->was[i] =
			lookahead_evidence(&c->words[i], t_us, n_pictures);
}

static void choice_clear(struct choice *c)
{
	free(c->own);
	free(c->belief);
	free(c->was);
	free(c->pick);
	free(c->last);
	side_clear(&c->before);
	side_clear(&c->after);
	image_clear(&c->doubt);
}

void lookahead_choose(const struct lookahead_word *words, const int64_t *t_us, int n,
		      struct yuv *out)
{
	struct choice c = { .w = out->y.w, .h = out->y.h, .words = words };

	choice_init(&c, t_us, n);
	consult_all(&c);
	pick_likeliest(&c);
	decide_doubts(&c);
	settle(&c);
	for (int y = 0; y < c.h; y++)
		for (int x = 0; x < c.w; x++)
			put(out, x, y,
			    &words[pixel(&c, x, y) * WORDS + c.pick[pixel(&c, x, y)]]);
	choice_clear(&c);
}
