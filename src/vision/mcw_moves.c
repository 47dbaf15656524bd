/* SPDX-License-Identifier: Apache-2.0 */
/* mcw_moves.c -- the camera's moves: a bump takes the model along, more is told. */
#include "vision/mcw_model.h"

#include <stdlib.h>
#include <string.h>

#define LOOK_US 200000

enum {
	BUMP_LOOKS = 10,  /* looks, 2 s, that agree on a bump; one that does not takes off */
	BUMP_MISS = 4,    /* so many, so that four in five must agree */
	MOVED_LOOKS = 20, /* looks, 4 s, that see another scene */
	BACK_LOOKS = 5,
	CHANGED_SHARE = 4, /* a move changes at least a quarter of the picture */
	STEP = 4,          /* rows, for counting what has changed */
};

void mcw_moves_init(struct mcw *m)
{
	shift_sums_init(&m->moves.now, m->w, m->h);
	shift_sums_init(&m->moves.model, m->w, m->h);
	shift_sums_init(&m->moves.before, m->w, m->h);
}

void mcw_moves_clear(struct mcw *m)
{
	shift_sums_clear(&m->moves.now);
	shift_sums_clear(&m->moves.model);
	shift_sums_clear(&m->moves.before);
}

static int clamp(int v, int n)
{
	return v < 0 ? 0 : v >= n ? n - 1 : v;
}

/* Moves p by dx, dy; what comes in repeats the border. */
static void shift_plane(const struct mcw *m, uint8_t *p, int dx, int dy)
{
	const int w = m->w, h = m->h;

	for (int i = 0; i < h; i++) {
		int y = dy > 0 ? h - 1 - i : i; /* never from a row that was written to */
		uint8_t *to = p + (size_t)y * (size_t)m->stride;
		const uint8_t *from = p + (size_t)clamp(y - dy, h) * (size_t)m->stride;
		uint8_t left = from[0], right = from[w - 1];

		if (dx >= 0) {
			memmove(to + dx, from, (size_t)(w - dx));
			memset(to, left, (size_t)dx);
		} else {
			memmove(to, from - dx, (size_t)(w + dx));
			memset(to + w + dx, right, (size_t)-dx);
		}
	}
}

static void shift_slot(const struct mcw *m, const struct mcw_word *word, uint8_t *noise,
		       uint8_t *flicker, int dx, int dy)
{
	shift_plane(m, noise, dx, dy);
	shift_plane(m, flicker, dx, dy);
	for (int k = 0; k < MCW_WORDS; k++) {
		shift_plane(m, word[k].y, dx, dy);
		shift_plane(m, word[k].u, dx, dy);
		shift_plane(m, word[k].v, dx, dy);
		shift_plane(m, word[k].w, dx, dy);
	}
}

/* What was out of sight until now is scene as it is. */
static void learn_border(struct mcw *m, int dx, int dy)
{
	for (int y = 0; y < m->h; y++)
		for (int x = 0; x < m->w; x++) {
			size_t i = (size_t)y * (size_t)m->stride + (size_t)x;
			int from_x = x - dx, from_y = y - dy;

			if (from_x >= 0 && from_x < m->w && from_y >= 0 && from_y < m->h)
				continue;
			m->word[0].y[i] = m->cur[0][i];
			m->word[0].u[i] = m->cur[1][i];
			m->word[0].v[i] = m->cur[2][i];
			m->word[0].w[i] = MCW_SURE;
			for (int k = 1; k < MCW_WORDS; k++)
				m->word[k].w[i] = 0;
		}
}

static void take_along(struct mcw *m, int dx, int dy)
{
	size_t n = (size_t)m->stride * (size_t)m->h;

	shift_slot(m, m->word, m->noise, m->flicker, dx, dy);
	shift_slot(m, m->other.word, m->other.noise, m->other.flicker, dx, dy);
	learn_border(m, dx, dy);
	memset(m->label, 0, n);
	memset(m->voted, 0, n);
	memset(m->votes, 0, n);
	m->moves.told.bumps++;
	m->moves.told.dx += dx;
	m->moves.told.dy += dy;
}

static bool much_has_changed(const struct mcw *m)
{
	int64_t changed = 0, n = 0;

	for (int y = 0; y < m->h; y += STEP) {
		const uint8_t *label = m->label + (size_t)y * (size_t)m->stride;

		for (int x = 0; x < m->w; x++)
			changed += label[x] == MCW_FG;
		n += m->w;
	}
	return changed * CHANGED_SHARE > n;
}

static void watch_bump(struct mcw *m, const struct shift_found *f)
{
	struct mcw_moves *v = &m->moves;

	if (f->clear && (v->bump == 0 || (f->dx == v->dx && f->dy == v->dy))) {
		v->dx = f->dx;
		v->dy = f->dy;
		v->bump++;
	} else {
		v->bump = v->bump > BUMP_MISS ? v->bump - BUMP_MISS : 0;
	}
	if (v->bump < BUMP_LOOKS)
		return;
	take_along(m, v->dx, v->dy);
	v->bump = 0;
}

/* Until the scene from before the move is back, which the model may have forgotten by then. */
static void watch_return(struct mcw *m)
{
	struct mcw_moves *v = &m->moves;
	struct shift_found f = shift_find(&v->now, &v->before);

	v->back = f.alike && !f.clear ? v->back + 1 : 0;
	if (v->back < BACK_LOOKS)
		return;
	v->told.moved = false;
	v->away = v->back = v->bump = 0;
}

static void watch_move(struct mcw *m, const struct shift_found *f)
{
	struct mcw_moves *v = &m->moves;

	if (f->alike || !much_has_changed(m)) {
		v->away = 0;
		return;
	}
	if (v->away == 0) /* it is the model from before the move that counts */
		memcpy(v->before.v, v->model.v,
		       ((size_t)m->w + (size_t)m->h) * sizeof(*v->model.v));
	if (++v->away < MOVED_LOOKS)
		return;
	v->told.moved = true;
	v->back = 0;
}

void mcw_watch_moves(struct mcw *m, int64_t dt_us)
{
	struct mcw_moves *v = &m->moves;
	struct image now = { m->cur[0], m->w, m->h, m->stride };
	struct image model = { m->word[0].y, m->w, m->h, m->stride };
	struct shift_found f;

	if (m->boot_us > 0) {
		v->bump = v->away = 0;
		return;
	}
	if (!mcw_spend(&v->due_us, dt_us, LOOK_US))
		return;
	shift_sums_measure(&v->now, &now);
	if (v->told.moved) {
		watch_return(m);
		return;
	}
	shift_sums_measure(&v->model, &model);
	f = shift_find(&v->now, &v->model);
	watch_move(m, &f);
	if (!v->told.moved)
		watch_bump(m, &f);
}
