/* SPDX-License-Identifier: Apache-2.0 */
/* mcw_scalar.c -- the pixel loops of MCW in plain C: the reference for all others. */
#include "vision/background.h"
#include "vision/mcw_kernel.h"

static uint8_t adds(int a, int b)
{
	return (uint8_t)(a + b > 255 ? 255 : a + b);
}

static uint8_t subs(int a, int b)
{
	return (uint8_t)(a > b ? a - b : 0);
}

static int at_least(int a, int b)
{
	return a > b ? a : b;
}

static int at_most(int a, int b)
{
	return a < b ? a : b;
}

static int distance(int a, int b)
{
	return a > b ? a - b : b - a;
}

/* One level towards to. */
static uint8_t follow(uint8_t from, uint8_t to)
{
	return (uint8_t)(from + (to > from) - (to < from));
}

static bool is_shadow(const struct mcw_row *r, int i, uint8_t boot)
{
	const struct mcw_word *c = &r->word[0];
	int y = r->y[i], y0 = c->y[i];
	int chroma = at_least(distance(r->u[i], c->u[i]), distance(r->v[i], c->v[i]));

	return (c->w[i] >= MCW_TB || boot) && y > 16 && y >= (y0 >> 1) - (y0 >> 4) &&
	       y <= y0 - (y0 >> 5) && chroma <= MCW_T_SHADOW;
}

/* Which codeword the pixel has, or -1. */
static int match(const struct mcw_row *r, int i, uint8_t t_min)
{
	int t = at_most(
		at_least(adds(MCW_T_BASE, adds(r->noise[i], r->flicker[i] >> 2)), t_min),
		MCW_T_MAX);

	for (int k = 0; k < MCW_WORDS; k++) {
		const struct mcw_word *c = &r->word[k];

		if (c->w[i] && distance(r->y[i], c->y[i]) <= t &&
		    distance(r->u[i], c->u[i]) <= MCW_T_CHROMA &&
		    distance(r->v[i], c->v[i]) <= MCW_T_CHROMA)
			return k;
	}
	return -1;
}

static void learn_noise(const struct mcw_row *r, int i)
{
	int d = distance(r->y[i], r->word[0].y[i]);
	uint8_t four = adds(adds(d, d), adds(d, d));

	r->noise[i] = (uint8_t)at_most(follow(r->noise[i], four), MCW_NOISE_MAX);
}

/* A pixel that was foreground among background flickers. */
static void learn_flicker(const struct mcw_row *r, int i, uint8_t calm)
{
	bool lonely = r->label[i] == MCW_FG && !r->voted[i];

	if (lonely && !(r->ctl[i] & FEEDBACK_PROTECT))
		r->flicker[i] = (uint8_t)at_most(adds(r->flicker[i], MCW_FLICKER_STEP),
						 MCW_FLICKER_MAX);
	else if (calm)
		r->flicker[i] = subs(r->flicker[i], 1);
}

static uint8_t weigh(uint8_t old, bool matched, uint8_t ctl, const struct mcw_tick *t)
{
	uint8_t w = old;

	if (matched)
		w = adds(w, t->grow);
	if ((ctl & FEEDBACK_PROTECT) && old < MCW_TB)
		w = (uint8_t)at_most(w, MCW_HELD);
	if ((ctl & FEEDBACK_ABSORB) && matched)
		w = (uint8_t)at_least(w, MCW_ABSORBED);
	if (!matched && !(ctl & FEEDBACK_PROTECT))
		w = subs(w, t->fade);
	return w;
}

static void swap_if_heavier(const struct mcw_row *r, int i, int a, int b)
{
	struct mcw_word p = r->word[a], q = r->word[b];
	uint8_t keep[4] = { p.y[i], p.u[i], p.v[i], p.w[i] };

	if (q.w[i] <= p.w[i])
		return;
	p.y[i] = q.y[i], p.u[i] = q.u[i], p.v[i] = q.v[i], p.w[i] = q.w[i];
	q.y[i] = keep[0], q.u[i] = keep[1], q.v[i] = keep[2], q.w[i] = keep[3];
}

static void learn_words(const struct mcw_row *r, int i, int m, const struct mcw_tick *t)
{
	uint8_t ctl = r->ctl[i];

	for (int k = 0; k < MCW_WORDS; k++) {
		const struct mcw_word *c = &r->word[k];

		if (k == m && (c->w[i] < MCW_YOUNG || t->drift)) {
			if (!(ctl & MCW_HOLD))
				c->y[i] = follow(c->y[i], r->y[i]);
			c->u[i] = follow(c->u[i], r->u[i]);
			c->v[i] = follow(c->v[i], r->v[i]);
		}
		c->w[i] = weigh(c->w[i], k == m, ctl, t);
	}
	if (m < 0) {
		const struct mcw_word *c = &r->word[MCW_WORDS - 1];

		c->y[i] = r->y[i], c->u[i] = r->u[i], c->v[i] = r->v[i], c->w[i] = 2;
	}
	swap_if_heavier(r, i, 1, 2);
	swap_if_heavier(r, i, 0, 1);
}

static void row(const struct mcw_row *r, const struct mcw_tick *t)
{
	for (int i = 0; i < r->n; i++) {
		int m = match(r, i, t->t_min);
		bool bg = m >= 0 && (t->boot ? m == 0 : r->word[m].w[i] >= MCW_TB);
		uint8_t label = MCW_BG;

		if (!bg && !(r->ctl[i] & FEEDBACK_IGNORE))
			label = is_shadow(r, i, t->boot) ? MCW_SHADOW : MCW_FG;
		if (t->noise && m == 0)
			learn_noise(r, i);
		learn_flicker(r, i, t->calm);
		r->label[i] = label;
		learn_words(r, i, m, t);
	}
}

static void light(const uint8_t *y, const uint8_t *y0, const uint8_t *label, int n,
		  uint8_t blown, uint16_t *sum, uint16_t *sum0, uint16_t *count)
{
	for (int i = 0; i < n; i++) {
		if (label[i] || y[i] >= blown || y0[i] <= 16)
			continue;
		sum[i] = (uint16_t)(sum[i] + y[i]);
		sum0[i] = (uint16_t)(sum0[i] + y0[i]);
		count[i]++;
	}
}

static void relight(uint8_t *dst, const uint8_t *src, const uint16_t *gain, int n)
{
	for (int i = 0; i < n; i++)
		dst[i] = (uint8_t)at_most(((src[i] * 256 + 128) * gain[i]) >> 16, 255);
}

static void rechroma(uint8_t *dst, const uint8_t *src, const uint16_t *gain, int n)
{
	enum { LIFT = 1 << 9 }; /* keeps what is shifted positive */

	for (int i = 0; i < n; i++) {
		int c = ((src[i] - 128) * 256 + 128) * gain[i] + (LIFT << 16);

		dst[i] = (uint8_t)at_most(at_least((c >> 16) - LIFT + 128, 0), 255);
	}
}

static bool window_even(const uint8_t *a, const uint8_t *b, int stride)
{
	int s = 0, s0 = 0, residue = 0;

	for (int y = 0; y < MCW_SIDE; y++)
		for (int x = 0; x < MCW_SIDE; x++) {
			s += a[y * stride + x];
			s0 += b[y * stride + x];
		}
	for (int y = 0; y < MCW_SIDE; y++)
		for (int x = 0; x < MCW_SIDE; x++)
			residue += distance(a[y * stride + x] * s0, b[y * stride + x] * s);
	return s * 20 > s0 * MCW_SHADOW_DARK &&
	       residue < MCW_SIDE * MCW_SIDE * MCW_SHADOW_RESIDUE * s0;
}

static void evenly(bool even[MCW_ABREAST], const uint8_t *a, const uint8_t *b, int stride)
{
	for (int i = 0; i < MCW_ABREAST; i++)
		even[i] = window_even(a + i, b + i, stride);
}

static void majority(uint8_t *out, const uint8_t *const in[5], int n)
{
	for (int i = 0; i < n; i++) {
		int set = 0;

		for (int k = 0; k < 5; k++)
			for (int d = -2; d <= 2; d++)
				set += in[k][i + d] & 1;
		out[i] = set >= 13 ? 255 : 0;
	}
}

const struct mcw_ops mcw_scalar = {
	.name = "scalar",
	.row = row,
	.light = light,
	.relight = relight,
	.rechroma = rechroma,
	.evenly = evenly,
	.majority = majority,
};
