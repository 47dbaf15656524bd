/* SPDX-License-Identifier: Apache-2.0 */
/* effect.c -- what the camera makes of a picture.
 *
 * Pixels are worked on in 16-bit integers in loops that compilers turn into SIMD: luma above
 * black and chroma around grey, in 1/16 levels, times a gain in 1/8192. Noise comes from a long
 * table of normal numbers, read from another place in every row of every frame.
 */
#include "sim/effect.h"

#include "base/real.h"
#include "base/rng.h"
#include "base/vec.h"

#include <math.h>
#include <stdlib.h>

#define GAIN_ONE 8192   /* most is 32767: 4 times */
#define NOISE_N 65536   /* a power of two */
#define NIGHT_NOISE 2.5 /* a camera's gain is high in the dark */
#define EXPOSURE_MOST 4.0
#define HAND_MOVES_S 0.5
#define MAINS_HZ 100.7    /* of the light, and not quite in step with the frames */
#define READOUT_TURNS 1.2 /* of the light while a rolling shutter goes down the picture */
#define HAND ((struct colour){ 46, 121, 138 })

enum { STREAM_NOISE = 1, STREAM_EXPOSURE, STREAM_BALANCE_U, STREAM_BALANCE_V, STREAM_SHAKE };

struct hunt { /* a slow smooth function of time within -1..1 */
	double period[3], phase[3];
};

struct effects {
	const struct scene_picture *pic;
	int w, h;
	uint64_t seed;
	struct hunt exposure, u, v;
	int16_t *noise, *noise_chroma; /* NOISE_N + w, 1/16 levels; NULL: none */
	int16_t *night, *gain, *none;  /* rows */
	uint8_t *row[3];               /* of the picture, shifted or under a hand */
	uint16_t *hand;                /* a row, 0..256 */
};

static void hunt_init(struct hunt *h, uint64_t seed, uint64_t stream)
{
	static const double period[3] = { 6, 15, 40 };
	struct rng r;

	rng_init(&r, seed, stream);
	for (int i = 0; i < 3; i++) {
		h->period[i] = period[i] * rng_between(&r, 0.8, 1.25);
		h->phase[i] = rng_unit(&r);
	}
}

static double turn(double x)
{
	return real_sin(2 * REAL_PI * (x - floor(x)));
}

static double hunt_at(const struct hunt *h, double t)
{
	return 0.3 * turn(t / h->period[0] + h->phase[0]) +
	       0.4 * turn(t / h->period[1] + h->phase[1]) +
	       0.3 * turn(t / h->period[2] + h->phase[2]);
}

static int16_t *noise_table(double sd, int w, uint64_t seed, uint64_t stream)
{
	int16_t *t;
	struct rng r;

	if (sd <= 0)
		return NULL;
	t = xmalloc((size_t)(NOISE_N + w) * sizeof(*t));
	rng_init(&r, seed, stream);
	for (int i = 0; i < NOISE_N + w; i++) {
		double x = floor(rng_normal(&r) * sd * 16 + 0.5);

		t[i] = (int16_t)(x < -4000 ? -4000 : x > 4000 ? 4000 : x);
	}
	return t;
}

struct effects *effects_new(const struct scene *s, int camera, uint64_t seed)
{
	struct effects *e = xcalloc(1, sizeof(*e));
	const struct scene_picture *pic = &s->picture;
	int w = s->camera[camera].w;

	e->pic = pic;
	e->w = w;
	e->h = s->camera[camera].h;
	e->seed = rng_hash(seed, 0x65666665u + (uint64_t)camera);
	hunt_init(&e->exposure, e->seed, STREAM_EXPOSURE);
	hunt_init(&e->u, e->seed, STREAM_BALANCE_U);
	hunt_init(&e->v, e->seed, STREAM_BALANCE_V);
	e->noise = noise_table(pic->noise, w, e->seed, STREAM_NOISE);
	e->noise_chroma = noise_table(pic->noise_chroma, w, e->seed, STREAM_NOISE + 100);
	if (pic->infrared.to > pic->infrared.from)
		e->night = noise_table(pic->noise * NIGHT_NOISE, w, e->seed, STREAM_NOISE);
	e->none = xcalloc((size_t)w + 1, sizeof(*e->none));
	e->gain = xcalloc((size_t)w + 1, sizeof(*e->gain));
	e->hand = xcalloc((size_t)w, sizeof(*e->hand));
	for (int i = 0; i < 3; i++)
		e->row[i] = xcalloc((size_t)w + 1, 1);
	return e;
}

void effects_free(struct effects *e)
{
	if (!e)
		return;
	free(e->noise);
	free(e->noise_chroma);
	free(e->night);
	free(e->none);
	free(e->gain);
	free(e->hand);
	for (int i = 0; i < 3; i++)
		free(e->row[i]);
	free(e);
}

/* Nearly normal, mean 0, variance 1. */
static double hashed_normal(uint64_t seed, int64_t i)
{
	uint64_t h = rng_hash(seed, (uint64_t)i);
	double sum = 0;

	for (int k = 0; k < 4; k++)
		sum += (double)(h >> 16 * k & 0xffff) * 0x1p-16;
	return (sum - 2) * 1.7320508075688772;
}

/* Neighbouring frames tremble alike; the standard deviation is 1. */
static int tremble(uint64_t seed, int64_t i, double px)
{
	double x = hashed_normal(seed, i) + hashed_normal(seed, i + 2) / 2 +
		   hashed_normal(seed, i + 1);

	return (int)floor(x / 1.5 * px * 16 + 0.5);
}

static double hand_at(const struct while_s *w, double t)
{
	double in = (t - w->from) / HAND_MOVES_S, out = (w->to - t) / HAND_MOVES_S;
	double k = in < out ? in : out;

	k = k < 0 ? 0 : k > 1 ? 1 : k;
	return k * k * (3 - 2 * k);
}

void effects_at(const struct effects *e, const struct lights *lights, double t, int64_t index,
		struct effect_now *now)
{
	const struct scene_picture *p = e->pic;
	uint64_t shake = rng_hash(e->seed, STREAM_SHAKE);

	*now = (struct effect_now){ .gain = 1,
				    .night = light_within(&p->infrared, t),
				    .index = index };
	if (p->exposure > 0) {
		now->gain += p->exposure * hunt_at(&e->exposure, t);
		if (lights->switched && !now->night)
			now->gain /= fmax(lights_followed(lights, t), 1 / EXPOSURE_MOST);
	}
	if (p->white_balance > 0) {
		now->du = p->white_balance * hunt_at(&e->u, t);
		now->dv = p->white_balance * hunt_at(&e->v, t);
	}
	if (p->flicker > 0)
		now->beat = t * MAINS_HZ - floor(t * MAINS_HZ);
	if (p->shake_px > 0) {
		now->dx = tremble(shake, index, p->shake_px);
		now->dy = tremble(shake + 1, index, p->shake_px);
	}
	if (light_within(&p->hand, t))
		now->hand = hand_at(&p->hand, t);
}

/* Row y of a plane, moved by dx, dy sixteenths; the edge goes on outside. */
static void shifted_row(const struct image *im, int y, int dx, int dy, uint8_t *out)
{
	int sx = -dx, sy = y * 16 - dy, kx = sx & 15, ky = sy & 15, w = im->w;
	int y0 = (sy - ky) / 16, y1 = y0 + 1, x0 = (sx - kx) / 16;
	const uint8_t *a, *b;

	y0 = y0 < 0 ? 0 : y0 >= im->h ? im->h - 1 : y0;
	y1 = y1 < 0 ? 0 : y1 >= im->h ? im->h - 1 : y1;
	a = image_row(im, y0);
	b = image_row(im, y1);
	for (int x = 0; x < w; x++) {
		int l = x + x0, r = l + 1;

		l = l < 0 ? 0 : l >= w ? w - 1 : l;
		r = r < 0 ? 0 : r >= w ? w - 1 : r;
		out[x] = (uint8_t)(((a[l] * (16 - kx) + a[r] * kx) * (16 - ky) +
				    (b[l] * (16 - kx) + b[r] * kx) * ky + 128) >>
				   8);
	}
}

/* How much of a pixel the hand hides: a palm with four fingers before it comes in from the
 * lower left corner, far out of focus. */
static int hand_share(const struct effects *e, const struct effect_now *now, int x, int y)
{
	double w = e->w, h = e->h, big = sqrt(w * w + h * h), near = 1 - now->hand;
	double px = w * (0.5 - 0.9 * near), py = h * (0.5 + 0.9 * near), k = 0;

	for (int i = 0; i < 5; i++) {
		double r = big * (i ? 0.14 : 0.72);
		double cx = px + (i ? 0.5 * big * (0.25 + 0.25 * i) : 0);
		double cy = py - (i ? 0.5 * big * (1.45 - 0.3 * i) : 0);
		double d2 = (x - cx) * (x - cx) + (y - cy) * (y - cy);

		k = fmax(k, (r * r - d2) / (2 * r * 0.09 * big) + 0.5);
	}
	return k <= 0 ? 0 : k >= 1 ? 256 : (int)(k * 256);
}

bool effects_hidden(const struct effects *e, const struct effect_now *now, int x, int y)
{
	return now->hand > 0 && hand_share(e, now, x, y) >= 128;
}

static void under_hand(const uint16_t *share, int tone, int w, uint8_t *row)
{
	for (int x = 0; x < w; x++)
		row[x] = (uint8_t)((row[x] * (256 - share[x]) + tone * share[x] + 128) >> 8);
}

/* Row y of a plane as the lens throws it. */
static const uint8_t *lens_row(struct effects *e, const struct effect_now *now,
			       const struct image *im, int y, int tone, uint8_t *row)
{
	if (!now->dx && !now->dy && now->hand <= 0)
		return image_row(im, y);
	shifted_row(im, y, now->dx, now->dy, row);
	if (now->hand > 0) {
		for (int x = 0; x < e->w; x++)
			e->hand[x] = (uint16_t)hand_share(e, now, x, y);
		under_hand(e->hand, tone, e->w, row);
	}
	return row;
}

static void gain_row(struct effects *e, const struct effect_now *now, const struct dimmer *d,
		     int y)
{
	double k = now->gain;

	if (e->pic->flicker > 0 && !now->night)
		k *= 1 + e->pic->flicker * turn(now->beat + READOUT_TURNS * y / e->h);
	k = fmin(k * GAIN_ONE + 0.5, 32767);
	if (now->dim) {
		dimmer_row(d, y, (float)k, e->w, e->gain);
		return;
	}
	for (int x = 0; x < e->w; x++)
		e->gain[x] = (int16_t)k;
}

static const int16_t *noise_row(const struct effects *e, const int16_t *table, int64_t index,
				int plane, int y)
{
	uint64_t where = (uint64_t)y * 4 + (uint64_t)plane;

	if (!table)
		return e->none;
	return table + (rng_hash(rng_hash(e->seed, (uint64_t)index), where) & (NOISE_N - 1));
}

static void luma_row(const uint8_t *restrict in, const int16_t *restrict gain,
		     const int16_t *restrict noise, int w, uint8_t *restrict out)
{
	for (int x = 0; x < w; x++) {
		int16_t a = (int16_t)((in[x] - 16) * 128);
		int16_t k = (int16_t)(a * gain[x] >> 16);

		k = (int16_t)((k + noise[x] + 8) >> 4);
		k = k < 0 ? 0 : k;
		k = k > 219 ? 219 : k;
		out[x] = (uint8_t)(k + 16);
	}
}

/* From two rows to one of half the width. */
static void chroma_row(const uint8_t *restrict a, const uint8_t *restrict b,
		       const int16_t *restrict gain, const int16_t *restrict noise, int shift,
		       int w, uint8_t *restrict out)
{
	for (int x = 0; x < w; x++) {
		int16_t sum =
			(int16_t)(a[2 * x] + a[2 * x + 1] + b[2 * x] + b[2 * x + 1] - 512);
		int16_t k = (int16_t)((int16_t)(sum * 32) * gain[2 * x] >> 16);

		k = (int16_t)((k + shift + noise[x] + 8) >> 4);
		k = k < -112 ? -112 : k;
		k = k > 112 ? 112 : k;
		out[x] = (uint8_t)(k + 128);
	}
}

static void out_luma(struct effects *e, const struct effect_now *now, const struct dimmer *d,
		     const struct canvas *c, const struct frame *out)
{
	for (int y = 0; y < e->h; y++) {
		const uint8_t *in = lens_row(e, now, &c->y, y, HAND.y, e->row[0]);

		gain_row(e, now, d, y);
		luma_row(in, e->gain,
			 noise_row(e, now->night ? e->night : e->noise, now->index, 0, y), e->w,
			 image_row(&out->y, y));
	}
}

static void grey(const struct image *im)
{
	for (int y = 0; y < im->h; y++)
		for (int x = 0; x < im->w; x++)
			image_row(im, y)[x] = 128;
}

/* The last column of an odd width stands for its missing neighbour. */
static const uint8_t *even_row(const uint8_t *in, int w, uint8_t *row)
{
	if (w % 2 == 0)
		return in;
	for (int x = 0; x < w; x++)
		row[x] = in[x];
	row[w] = in[w - 1];
	return row;
}

static void out_chroma(struct effects *e, const struct effect_now *now, const struct dimmer *d,
		       const struct image *im, int plane, const struct image *out)
{
	int tone = plane == 1 ? HAND.u : HAND.v;
	int shift = (int)floor((plane == 1 ? now->du : now->dv) * 16 + 0.5);

	for (int y = 0; y < out->h; y++) {
		int low = 2 * y + 1 < e->h ? 2 * y + 1 : 2 * y;
		const uint8_t *a = lens_row(e, now, im, 2 * y, tone, e->row[1]);
		const uint8_t *b = lens_row(e, now, im, low, tone, e->row[2]);

		gain_row(e, now, d, 2 * y);
		chroma_row(even_row(a, e->w, e->row[1]), even_row(b, e->w, e->row[2]), e->gain,
			   noise_row(e, e->noise_chroma, now->index, plane, y), shift, out->w,
			   image_row(out, y));
	}
}

void effects_out(struct effects *e, const struct effect_now *now, const struct dimmer *d,
		 const struct canvas *c, const struct frame *out)
{
	out_luma(e, now, d, c, out);
	if (now->night) {
		grey(&out->u);
		grey(&out->v);
		return;
	}
	out_chroma(e, now, d, &c->u, 1, &out->u);
	out_chroma(e, now, d, &c->v, 2, &out->v);
}
