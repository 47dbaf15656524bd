/* SPDX-License-Identifier: Apache-2.0 */
/* mcw_state.c -- the model as bytes, to go on with after a restart. Numbers are 64 bits, low
 * byte first; planes are rows of w bytes. */
#include "vision/mcw_model.h"

#include <string.h>

enum {
	NUMBERS = 23,
	PLANES = 3 + 2 * (2 + 4 * MCW_WORDS), /* label, voted, votes; of each slot the rest */
};

#define COUNT_MAX (INT32_MAX / 2)
#define SUM_MAX (255 * IMAGE_MAX)
#define TIMER_MAX INT64_C(1000000000000)

/* Goes through the state, either way. */
struct cursor {
	uint8_t *to; /* NULL: loads */
	const uint8_t *from;
	bool good; /* what was loaded is within its limits */
};

static void number(struct cursor *c, int64_t *v, int64_t min, int64_t max)
{
	uint64_t bits = (uint64_t)*v;

	if (c->to) {
		for (int i = 0; i < 8; i++)
			*c->to++ = (uint8_t)(bits >> (8 * i));
		return;
	}
	bits = 0;
	for (int i = 0; i < 8; i++)
		bits |= (uint64_t)*c->from++ << (8 * i);
	*v = (int64_t)bits;
	c->good &= *v >= min && *v <= max;
}

static void small(struct cursor *c, int *v, int min, int max)
{
	int64_t n = *v;

	number(c, &n, min, max);
	*v = c->to ? *v : (int)n;
}

/* NUMBERS of them. */
static void numbers(struct cursor *c, struct mcw *m)
{
	int64_t overall = m->light.overall, voting = m->voting, known = m->other.known;
	int64_t moved = m->moves.told.moved;
	struct mcw_moves *v = &m->moves;
	int64_t wrong = m->kind.wrong, frame = (int64_t)m->frame;

	number(c, &m->grow_us, 0, TIMER_MAX);
	number(c, &m->fade_us, 0, TIMER_MAX);
	number(c, &m->drift_us, 0, TIMER_MAX);
	number(c, &m->ghost_us, 0, TIMER_MAX);
	number(c, &m->boot_us, -TIMER_MAX, MCW_BOOT_US);
	number(c, &m->dark_us, 0, TIMER_MAX);
	number(c, &m->kind.due_us, 0, TIMER_MAX);
	number(c, &m->kind.wrong_us, 0, TIMER_MAX);
	number(c, &wrong, 0, COUNT_MAX);
	number(c, &overall, LIGHT_RATIO_MIN, LIGHT_RATIO_MAX);
	number(c, &voting, 0, 1);
	number(c, &known, 0, 1);
	number(c, &frame, 0, INT64_MAX / 2);
	number(c, &v->due_us, 0, TIMER_MAX);
	small(c, &v->bump, 0, COUNT_MAX);
	small(c, &v->dx, -SHIFT_MAX, SHIFT_MAX);
	small(c, &v->dy, -SHIFT_MAX, SHIFT_MAX);
	small(c, &v->away, 0, COUNT_MAX);
	small(c, &v->back, 0, COUNT_MAX);
	small(c, &v->told.bumps, 0, COUNT_MAX);
	small(c, &v->told.dx, -COUNT_MAX, COUNT_MAX);
	small(c, &v->told.dy, -COUNT_MAX, COUNT_MAX);
	number(c, &moved, 0, 1);
	if (c->to)
		return;
	v->told.moved = moved;
	m->kind.wrong = (int)wrong;
	m->light.overall = (int)overall;
	m->voting = voting;
	m->other.known = known;
	m->frame = (uint64_t)frame;
}

static void list(struct cursor *c, int *v, int n, int min, int max)
{
	for (int i = 0; i < n; i++)
		small(c, &v[i], min, max);
}

static void plane(struct cursor *c, const struct mcw *m, uint8_t *p)
{
	for (int y = 0; y < m->h; y++, p += m->stride) {
		if (c->to) {
			memcpy(c->to, p, (size_t)m->w);
			c->to += m->w;
		} else {
			memcpy(p, c->from, (size_t)m->w);
			c->from += m->w;
		}
	}
}

static void slot(struct cursor *c, const struct mcw *m, const struct mcw_word *word,
		 uint8_t *noise, uint8_t *flicker)
{
	plane(c, m, noise);
	plane(c, m, flicker);
	for (int k = 0; k < MCW_WORDS; k++) {
		plane(c, m, word[k].y);
		plane(c, m, word[k].u);
		plane(c, m, word[k].v);
		plane(c, m, word[k].w);
	}
}

static void planes(struct cursor *c, const struct mcw *m)
{
	plane(c, m, m->label);
	plane(c, m, m->voted);
	plane(c, m, m->votes);
	slot(c, m, m->word, m->noise, m->flicker);
	slot(c, m, m->other.word, m->other.noise, m->other.flicker);
}

static int blocks(const struct mcw *m)
{
	return m->light.bw * m->light.bh;
}

size_t mcw_state_size(const struct mcw *m)
{
	return 8 * (NUMBERS + (size_t)(blocks(m) + m->w + m->h)) +
	       (size_t)PLANES * (size_t)m->w * (size_t)m->h;
}

void mcw_save(const struct mcw *m, uint8_t *to)
{
	struct mcw copy = *m; /* its planes are m's; nothing is written to them */
	struct cursor c = { .to = to };

	numbers(&c, &copy);
	list(&c, copy.light.last, blocks(m), LIGHT_RATIO_MIN, LIGHT_RATIO_MAX);
	list(&c, copy.moves.before.v, m->w + m->h, 0, SUM_MAX);
	planes(&c, m);
}

bool mcw_load(struct mcw *m, const uint8_t *from)
{
	struct mcw loaded = *m; /* its numbers only, until they are known to be good */
	struct cursor c = { .from = from, .good = true };

	numbers(&c, &loaded);
	list(&c, m->light.work, blocks(m), LIGHT_RATIO_MIN, LIGHT_RATIO_MAX);
	list(&c, m->moves.now.v, m->w + m->h, 0, SUM_MAX);
	if (!c.good)
		return false;
	light_restore(&loaded.light, m->light.work);
	memcpy(m->moves.before.v, m->moves.now.v,
	       ((size_t)m->w + (size_t)m->h) * sizeof(*m->moves.now.v));
	planes(&c, m);
	*m = loaded;
	return true;
}
