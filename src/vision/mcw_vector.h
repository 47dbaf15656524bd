/* SPDX-License-Identifier: Apache-2.0 */
/* mcw_vector.h -- the pixel loops of MCW over vectors of bytes, for any instruction set.
 *
 * Included once by each of mcw_avx2.c, mcw_sse2.c and mcw_neon.c, after they have said what a
 * vector is:
 *   VEC_NAME, VEC_N       the level's name, bytes in a vector (MCW_ALIGN is a multiple of it)
 *   vec                   the type
 *   vec_load, vec_store   aligned; vec_loadu unaligned
 *   vec_set(b)            all bytes b
 *   vec_adds, vec_subs    saturating, unsigned; vec_min, vec_max unsigned; vec_eq: 0 or 255
 *   vec_and, vec_or, vec_xor, vec_andnot(a, b) = ~a & b
 *   vec_shr(a, n)         of each byte
 *   vec_all(a)            are all bits set?
 *   VEC_FLOATS            floats in a vector (MCW_ABREAST is a multiple of it)
 *   vec_floats(p)         so many bytes as floats
 * mcw_scalar.c is the reference; the order of things is the same here.
 */
#include "vision/background.h"
#include "vision/mcw_kernel.h"

static inline vec absdiff(vec a, vec b)
{
	return vec_or(vec_subs(a, b), vec_subs(b, a));
}

static inline vec le(vec a, vec b)
{
	return vec_eq(vec_subs(a, b), vec_set(0));
}

static inline vec lt(vec a, vec b)
{
	return vec_andnot(le(b, a), vec_set(255));
}

static inline vec blend(vec mask, vec yes, vec no)
{
	return vec_or(vec_and(mask, yes), vec_andnot(mask, no));
}

static inline vec bit(vec ctl, uint8_t b)
{
	return vec_eq(vec_and(ctl, vec_set(b)), vec_set(b));
}

/* One level towards to, where mask is set. */
static inline vec follow(vec from, vec to, vec mask)
{
	vec one = vec_and(mask, vec_set(1));
	vec up = vec_min(vec_subs(to, from), one), down = vec_min(vec_subs(from, to), one);

	return vec_subs(vec_adds(from, up), down);
}

struct pixels {
	vec y, u, v, ctl;
	vec dy0; /* of luma, to the first codeword */
	vec label;
};

struct word {
	vec y, u, v, w;
	vec match; /* the pixel has this one */
};

static inline struct word load_word(const struct mcw_word *c, int i)
{
	return (struct word){ vec_load(c->y + i), vec_load(c->u + i), vec_load(c->v + i),
			      vec_load(c->w + i), vec_set(0) };
}

static inline void store_word(const struct mcw_word *c, int i, const struct word *k)
{
	vec_store(c->y + i, k->y);
	vec_store(c->u + i, k->u);
	vec_store(c->v + i, k->v);
	vec_store(c->w + i, k->w);
}

/* What of pixels not yet taken has codeword k. */
static inline vec match(const struct pixels *p, const struct word *k, vec t, vec taken)
{
	vec dc = vec_max(absdiff(p->u, k->u), absdiff(p->v, k->v));
	vec near = vec_and(le(absdiff(p->y, k->y), t), le(dc, vec_set(MCW_T_CHROMA)));

	return vec_andnot(vec_or(taken, vec_eq(k->w, vec_set(0))), near);
}

static inline vec shadow(const struct pixels *p, const struct word *k, vec boot)
{
	vec lo = vec_subs(vec_shr(k->y, 1), vec_shr(k->y, 4));
	vec hi = vec_subs(k->y, vec_shr(k->y, 5));
	vec dc = vec_max(absdiff(p->u, k->u), absdiff(p->v, k->v));
	vec sure = vec_or(le(vec_set(MCW_TB), k->w), boot);
	vec dark = vec_and(le(lo, p->y), le(p->y, hi));

	return vec_and(vec_and(sure, dark),
		       vec_and(lt(vec_set(16), p->y), le(dc, vec_set(MCW_T_SHADOW))));
}

static inline vec weigh(vec old, vec matched, vec protect, vec absorb, vec grow, vec fade)
{
	vec w = vec_adds(old, vec_and(matched, grow));
	vec held = vec_and(protect, lt(old, vec_set(MCW_TB)));

	w = blend(held, vec_min(w, vec_set(MCW_HELD)), w);
	w = vec_max(w, vec_and(vec_and(absorb, matched), vec_set(MCW_ABSORBED)));
	return vec_subs(w, vec_andnot(vec_or(matched, protect), fade));
}

static inline void learn_word(const struct pixels *p, struct word *k, const struct mcw_tick *t)
{
	vec go = vec_and(k->match, vec_or(lt(k->w, vec_set(MCW_YOUNG)), vec_set(t->drift)));

	k->y = follow(k->y, p->y, vec_andnot(bit(p->ctl, MCW_HOLD), go));
	k->u = follow(k->u, p->u, go);
	k->v = follow(k->v, p->v, go);
	k->w = weigh(k->w, k->match, bit(p->ctl, FEEDBACK_PROTECT),
		     bit(p->ctl, FEEDBACK_ABSORB), vec_set(t->grow), vec_set(t->fade));
}

static inline void swap_if_heavier(struct word *a, struct word *b)
{
	vec m = lt(a->w, b->w), x;

	x = vec_and(vec_xor(a->y, b->y), m), a->y = vec_xor(a->y, x), b->y = vec_xor(b->y, x);
	x = vec_and(vec_xor(a->u, b->u), m), a->u = vec_xor(a->u, x), b->u = vec_xor(b->u, x);
	x = vec_and(vec_xor(a->v, b->v), m), a->v = vec_xor(a->v, x), b->v = vec_xor(b->v, x);
	x = vec_and(vec_xor(a->w, b->w), m), a->w = vec_xor(a->w, x), b->w = vec_xor(b->w, x);
}

static inline void learn_pixel(const struct mcw_row *r, int i, const struct pixels *p, vec old,
			       vec noise, vec flicker, const struct mcw_tick *t, vec match0)
{
	vec zero = vec_set(0), two = vec_adds(p->dy0, p->dy0);
	vec lonely =
		vec_and(vec_eq(old, vec_set(MCW_FG)), vec_eq(vec_load(r->voted + i), zero));
	vec more =
		vec_min(vec_adds(flicker, vec_set(MCW_FLICKER_STEP)), vec_set(MCW_FLICKER_MAX));
	vec less = vec_subs(flicker, vec_and(vec_set(t->calm), vec_set(1)));

	noise = follow(noise, vec_adds(two, two), vec_and(match0, vec_set(t->noise)));
	vec_store(r->noise + i, vec_min(noise, vec_set(MCW_NOISE_MAX)));
	lonely = vec_andnot(bit(p->ctl, FEEDBACK_PROTECT), lonely);
	vec_store(r->flicker + i, blend(lonely, more, less));
}

/* Every pixel has its first codeword, and nothing happens to the others. */
static inline bool only_first(const struct mcw_row *r, int i, vec match0,
			      const struct mcw_tick *t)
{
	vec w0 = vec_load(r->word[0].w + i), w1 = vec_load(r->word[1].w + i);
	vec w2 = vec_load(r->word[2].w + i), zero = vec_set(0);
	vec ordered = vec_and(le(w1, w0), le(w2, w1));
	vec fading = vec_and(vec_or(w1, w2), vec_set(t->fade ? 255 : 0));

	return vec_all(vec_and(vec_and(match0, ordered), vec_eq(fading, zero)));
}

/* Is every pixel background by its first codeword, asked for nothing by ctl? Then, when no
 * codeword is due to change, only noise and flicker do. */
static inline bool nothing_to_learn(const struct pixels *p, const struct word *k,
				    const struct mcw_tick *t)
{
	vec sure = vec_and(le(vec_set(MCW_TB), k->w), vec_eq(p->ctl, vec_set(0)));

	return !(t->grow | t->fade | t->drift | t->boot) && vec_all(sure);
}

/* Labels and learns, given which of the first n codewords of k pixels have. */
static inline void settle(const struct mcw_row *r, int i, const struct mcw_tick *t,
			  struct pixels *p, struct word *k, int n, vec any)
{
	vec old = vec_load(r->label + i), boot = vec_set(t->boot), sh;
	vec bg = vec_and(k[0].match, vec_or(boot, le(vec_set(MCW_TB), k[0].w)));

	for (int j = 1; j < n; j++)
		bg = vec_or(bg,
			    vec_and(vec_andnot(boot, k[j].match), le(vec_set(MCW_TB), k[j].w)));
	sh = shadow(p, &k[0], boot);
	/* 255 without its top bit is MCW_SHADOW. */
	p->label = vec_andnot(vec_or(bg, bit(p->ctl, FEEDBACK_IGNORE)),
			      vec_andnot(vec_and(sh, vec_set(128)), vec_set(255)));
	vec_store(r->label + i, p->label);
	p->dy0 = absdiff(p->y, k[0].y);
	learn_pixel(r, i, p, old, vec_load(r->noise + i), vec_load(r->flicker + i), t,
		    k[0].match);
	for (int j = 0; j < n; j++)
		learn_word(p, &k[j], t);
	if (n == MCW_WORDS) {
		k[2].y = blend(any, k[2].y, p->y);
		k[2].u = blend(any, k[2].u, p->u);
		k[2].v = blend(any, k[2].v, p->v);
		k[2].w = blend(any, k[2].w, vec_set(2));
		swap_if_heavier(&k[1], &k[2]);
		swap_if_heavier(&k[0], &k[1]);
	}
	for (int j = 0; j < n; j++)
		store_word(&r->word[j], i, &k[j]);
}

static inline void step(const struct mcw_row *r, int i, const struct mcw_tick *t)
{
	struct pixels p = { .y = vec_load(r->y + i),
			    .u = vec_load(r->u + i),
			    .v = vec_load(r->v + i),
			    .ctl = vec_load(r->ctl + i) };
	struct word k[MCW_WORDS] = { load_word(&r->word[0], i) };
	vec noise = vec_load(r->noise + i), flicker = vec_load(r->flicker + i);
	vec spread = vec_adds(noise, vec_shr(flicker, 2)), any;
	vec limit = vec_min(vec_max(vec_adds(vec_set(MCW_T_BASE), spread), vec_set(t->t_min)),
			    vec_set(MCW_T_MAX));

	k[0].match = any = match(&p, &k[0], limit, vec_set(0));
	if (only_first(r, i, any, t)) {
		if (nothing_to_learn(&p, &k[0], t)) {
			vec old = vec_load(r->label + i);

			p.dy0 = absdiff(p.y, k[0].y);
			vec_store(r->label + i, vec_set(MCW_BG));
			learn_pixel(r, i, &p, old, noise, flicker, t, any);
			return;
		}
		settle(r, i, t, &p, k, 1, any);
		return;
	}
	for (int n = 1; n < MCW_WORDS; n++) {
		k[n] = load_word(&r->word[n], i);
		k[n].match = match(&p, &k[n], limit, any);
		any = vec_or(any, k[n].match);
	}
	settle(r, i, t, &p, k, MCW_WORDS, any);
}

static void row(const struct mcw_row *r, const struct mcw_tick *t)
{
	for (int i = 0; i < r->n; i += VEC_N)
		step(r, i, t);
}

/* The loops below are plain: compilers make vectors of them. */

static void light(const uint8_t *restrict y, const uint8_t *restrict y0,
		  const uint8_t *restrict label, int n, uint8_t blown, uint16_t *restrict sum,
		  uint16_t *restrict sum0, uint16_t *restrict count)
{
	for (int i = 0; i < n; i++) {
		uint8_t use = !label[i] & (y[i] < blown) & (y0[i] > 16) ? 255 : 0;

		sum[i] = (uint16_t)(sum[i] + (y[i] & use));
		sum0[i] = (uint16_t)(sum0[i] + (y0[i] & use));
		count[i] = (uint16_t)(count[i] + (use & 1));
	}
}

static void relight(uint8_t *dst, const uint8_t *src, const uint16_t *gain, int n)
{
	for (int i = 0; i < n; i++) {
		int v = ((src[i] * 256 + 128) * gain[i]) >> 16;

		dst[i] = (uint8_t)(v > 255 ? 255 : v);
	}
}

static void rechroma(uint8_t *dst, const uint8_t *src, const uint16_t *gain, int n)
{
	for (int i = 0; i < n; i++) {
		int c = ((src[i] - 128) * 256 + 128) * gain[i] + (1 << 25);
		int v = (c >> 16) - (1 << 9) + 128;

		dst[i] = (uint8_t)(v < 0 ? 0 : v > 255 ? 255 : v);
	}
}

typedef float floats __attribute__((vector_size(4 * VEC_FLOATS)));
typedef int32_t ints __attribute__((vector_size(4 * VEC_FLOATS)));

/* Whole numbers in floats, which are exact up to 2^24: a row's sum of residues is under 2^23.
 * Not every processor can multiply whole numbers of that size side by side. */
static inline ints windows_even(const uint8_t *a, const uint8_t *b, int stride)
{
	floats fa[MCW_SIDE][MCW_SIDE], fb[MCW_SIDE][MCW_SIDE], s = { 0 }, s0 = { 0 };
	ints residue = { 0 }, limit;

	for (int y = 0; y < MCW_SIDE; y++)
		for (int x = 0; x < MCW_SIDE; x++) {
			s += fa[y][x] = vec_floats(a + y * stride + x);
			s0 += fb[y][x] = vec_floats(b + y * stride + x);
		}
	for (int y = 0; y < MCW_SIDE; y++) {
		floats row = { 0 };

		for (int x = 0; x < MCW_SIDE; x++) {
			floats d = fa[y][x] * s0 - fb[y][x] * s;

			row += (floats)((ints)d & INT32_MAX); /* without its sign */
		}
		residue += __builtin_convertvector(row, ints);
	}
	limit = __builtin_convertvector(s0 * (float)(MCW_SIDE * MCW_SIDE * MCW_SHADOW_RESIDUE),
					ints);
	return (residue < limit) & (s * 20 > s0 * (float)MCW_SHADOW_DARK);
}

static void evenly(bool even[MCW_ABREAST], const uint8_t *a, const uint8_t *b, int stride)
{
	for (int from = 0; from < MCW_ABREAST; from += VEC_FLOATS) {
		ints yes = windows_even(a + from, b + from, stride);

		for (int i = 0; i < VEC_FLOATS; i++)
			even[from + i] = yes[i] != 0;
	}
}

static void majority(uint8_t *out, const uint8_t *const in[5], int n)
{
	enum { SPAN = 256 };
	uint8_t col[SPAN + 2 * VEC_N];
	vec one = vec_set(1);

	for (int from = 0; from < n; from += SPAN) {
		int m = n - from < SPAN ? n - from : SPAN;

		for (int i = 0; i < m + 4; i += VEC_N) {
			vec s = vec_set(0);

			for (int k = 0; k < 5; k++)
				s = vec_adds(s, vec_and(vec_loadu(in[k] + from - 2 + i), one));
			vec_storeu(col + i, s);
		}
		for (int i = 0; i < m; i += VEC_N) {
			vec s = vec_loadu(col + i);

			for (int d = 1; d < 5; d++)
				s = vec_adds(s, vec_loadu(col + i + d));
			vec_storeu(out + from + i, le(vec_set(13), s));
		}
	}
}

const struct mcw_ops VEC_OPS = {
	.name = VEC_NAME,
	.row = row,
	.light = light,
	.relight = relight,
	.rechroma = rechroma,
	.evenly = evenly,
	.majority = majority,
};
