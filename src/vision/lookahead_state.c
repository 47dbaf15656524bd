/* SPDX-License-Identifier: Apache-2.0 */
/* lookahead_state.c -- what looking ahead remembers as bytes: how many pictures, when they were
 * (room for all), the first one's planes, and each pixel's words (y, u, v, seen). */
#include "vision/bytes.h"
#include "vision/lookahead_words.h"

#include <string.h>

enum { WORD_SIZE = 3 + 8 };

static size_t pixels(const struct lookahead *l)
{
	return (size_t)l->w * (size_t)l->h;
}

size_t lookahead_state_size(const struct lookahead *l)
{
	return 8 * (1 + LOOKAHEAD_MAX) + pixels(l) * (3 + LOOKAHEAD_WORDS * WORD_SIZE);
}

static uint8_t *save_plane(uint8_t *to, const struct image *im)
{
	for (int y = 0; y < im->h; y++, to += im->w)
		memcpy(to, image_row(im, y), (size_t)im->w);
	return to;
}

static const uint8_t *load_plane(struct image *im, const uint8_t *from)
{
	for (int y = 0; y < im->h; y++, from += im->w)
		memcpy(image_row(im, y), from, (size_t)im->w);
	return from;
}

void lookahead_save(const struct lookahead *l, uint8_t *to)
{
	bytes_put(&to, (uint64_t)l->n);
	for (int i = 0; i < LOOKAHEAD_MAX; i++)
		bytes_put(&to, i < l->n ? (uint64_t)l->t_us[i] : 0);
	to = save_plane(to, &l->first.y);
	to = save_plane(to, &l->first.u);
	to = save_plane(to, &l->first.v);
	for (size_t k = 0; k < pixels(l) * LOOKAHEAD_WORDS; k++) {
		*to++ = l->words[k].y;
		*to++ = l->words[k].u;
		*to++ = l->words[k].v;
		bytes_put(&to, l->words[k].seen);
	}
}

/* Do the words, as saved, fit n pictures? Each pixel was something in the last one. */
static bool words_fit(const struct lookahead *l, const uint8_t *from, uint64_t n)
{
	const uint64_t last = n ? UINT64_C(1) << (n - 1) : 0;
	const uint64_t all = n ? last | (last - 1) : 0;

	for (size_t i = 0; i < pixels(l); i++) {
		uint64_t seen = 0;

		for (int k = 0; k < LOOKAHEAD_WORDS; k++) {
			from += 3;
			seen |= bytes_get(&from);
		}
		if ((seen & last) != last || (seen & ~all))
			return false;
	}
	return true;
}

bool lookahead_load(struct lookahead *l, const uint8_t *from)
{
	const uint64_t n = bytes_get(&from);
	int64_t t_us[LOOKAHEAD_MAX];

	if (n > LOOKAHEAD_MAX)
		return false;
	for (int i = 0; i < LOOKAHEAD_MAX; i++)
		t_us[i] = (int64_t)bytes_get(&from);
	for (int i = 0; i < (int)n; i++)
		if (t_us[i] < 0 || (i && t_us[i] <= t_us[i - 1]))
			return false;
	if (!words_fit(l, from + 3 * pixels(l), n))
		return false;
	l->n = (int)n;
	memcpy(l->t_us, t_us, sizeof(t_us));
	from = load_plane(&l->first.y, from);
	from = load_plane(&l->first.u, from);
	from = load_plane(&l->first.v, from);
	for (size_t k = 0; k < pixels(l) * LOOKAHEAD_WORDS; k++) {
		struct lookahead_word *word = &l->words[k];

		word->y = *from++;
		word->u = *from++;
		word->v = *from++;
		word->seen = bytes_get(&from);
	}
	return true;
}
