/* SPDX-License-Identifier: Apache-2.0 */
/* mcw.c -- the background model MCW: a few codewords per pixel, counted. */
#include "vision/mcw.h"

#include "base/vec.h"
#include "vision/mcw_ghost.h"
#include "vision/mcw_model.h"

#include <assert.h>
#include <math.h>
#include <string.h>

enum {
	RIM = MCW_SIDE / 2, /* what windows need beyond a pixel */
	SEED_WEIGHT = 255,
	NEW_WEIGHT = 2,         /* of a codeword at first */
	GHOST_VOTES = 2,        /* found so often in a row, a ghost is taken over; */
	GHOST_VOTES_SURE = 4,   /* so often where the model is sure, */
	GHOST_VOTES_TRACK = 12, /* and so often under a track */
	MODEL_SURE = 200,       /* weight */
};

#define SECOND_US 1000000
#define ABSORB_MAX_S 1e6
#define PAUSE_US (2 * SECOND_US)
#define DRIFT_US (SECOND_US / 4) /* a level: slow light is followed */
#define DARK_US (2 * SECOND_US)  /* after so long outside MCW_LIGHT_MIN..MAX, another scene */
#define GHOST_US (4 * SECOND_US / 10) /* how often ghosts are looked for */
#define STILL_US SECOND_US            /* so long at one place, net, is standing still */
#define T_DEFAULT 12

/* Room for rows of n bytes and the vectors' overhang. */
static int padded(int n)
{
	return (n + MCW_ALIGN - 1) / MCW_ALIGN * MCW_ALIGN;
}

static struct mcw_word word_at(uint8_t *p, size_t plane)
{
	return (struct mcw_word){ p, p + plane, p + 2 * plane, p + 3 * plane };
}

static void carve(struct mcw *m)
{
	size_t plane = (size_t)m->stride * (size_t)m->h, raw_size;
	uint8_t *p;

	m->raw_stride = padded(m->stride + 2 * MCW_ALIGN);
	raw_size = (size_t)m->raw_stride * (size_t)m->h;
	m->memory = p = xalign(plane * (9 + 8 * MCW_WORDS) + raw_size + (size_t)m->stride);
	for (int i = 0; i < 3; i++, p += plane)
		m->own[i] = m->cur[i] = p;
	m->label = p, p += plane;
	m->noise = p, p += plane;
	m->flicker = p, p += plane;
	m->other.noise = p, p += plane;
	m->other.flicker = p, p += plane;
	for (int k = 0; k < MCW_WORDS; k++, p += 8 * plane) {
		m->word[k] = word_at(p, plane);
		m->other.word[k] = word_at(p + 4 * plane, plane);
	}
	m->raw = p, p += raw_size;
	m->voted = p, p += plane;
	m->ctl = p;
}

struct mcw *mcw_new(const struct background_opts *o, int w, int h)
{
	struct mcw *m = xcalloc(1, sizeof(*m));
	double t = o->threshold > 0 ? sqrt(o->threshold) : T_DEFAULT;
	int64_t still;

	assert(w > 0 && h > 0);
	m->w = w;
	m->h = h;
	m->stride = padded(w);
	m->t_min = (uint8_t)(t < 1 ? 1 : t > MCW_T_MAX ? MCW_T_MAX : lround(t));
	m->weigh_us = llround(fmin(o->absorb_s, ABSORB_MAX_S) * SECOND_US / MCW_TB);
	m->weigh_us = m->weigh_us > 0 ? m->weigh_us : 1;
	still = STILL_US / m->weigh_us;
	still = still < 1 ? 1 : still > MCW_TB / 2 ? MCW_TB / 2 : still;
	m->still = (uint8_t)(NEW_WEIGHT + still);
	m->boot_us = MCW_BOOT_US;
	carve(m);
	m->gain = xalign((size_t)m->stride * sizeof(*m->gain));
	light_init(&m->light, w, h);
	mcw_moves_init(m);
	image_init(&m->doubt, w, h);
	m->votes = xalign((size_t)m->stride * (size_t)h);
	m->work = xcalloc((size_t)w * (size_t)h, sizeof(*m->work));
	return m;
}

void mcw_free(struct mcw *m)
{
	if (!m)
		return;
	light_clear(&m->light);
	mcw_moves_clear(m);
	image_clear(&m->doubt);
	free(m->votes);
	free(m->work);
	free(m->gain);
	free(m->memory);
	free(m);
}

uint8_t mcw_spend(int64_t *us, int64_t dt_us, int64_t period_us)
{
	int64_t n;

	*us += dt_us;
	n = *us / period_us;
	*us -= n * period_us;
	return (uint8_t)(n > 255 ? 255 : n);
}

static struct mcw_tick due(struct mcw *m, int64_t dt_us)
{
	struct mcw_tick t = { .t_min = m->t_min };

	t.boot = m->boot_us > 0 ? 255 : 0;
	t.grow = mcw_spend(&m->grow_us, dt_us, m->weigh_us);
	t.fade = mcw_spend(&m->fade_us, dt_us, 4 * m->weigh_us);
	if (t.boot)
		t.grow = t.fade = 1;
	t.drift = mcw_spend(&m->drift_us, dt_us, DRIFT_US) ? 255 : 0;
	t.noise = m->frame % 2 ? 255 : 0;
	t.calm = m->frame % 4 == 0 ? 255 : 0;
	return t;
}

/* How far a row is from the model's where that is what there was. */
static uint32_t distance(const uint8_t *restrict row, const uint8_t *restrict model,
			 const uint8_t *restrict label, int n)
{
	uint32_t sum = 0;

	for (int x = 0; x < n; x++) {
		uint8_t d =
			(uint8_t)(row[x] > model[x] ? row[x] - model[x] : model[x] - row[x]);

		sum += label[x] ? 0 : d;
	}
	return sum;
}

/* A lamp scales colours with the luma, some cameras' brightness does not: what is nearer to the
 * model over a quarter of the rows? Uses m->own, which is filled later. */
static bool colours_follow(struct mcw *m, const struct mcw_ops *ops, const struct yuv *in)
{
	const struct image *planes[2] = { &in->u, &in->v };
	const uint8_t *model[2] = { m->word[0].u, m->word[0].v };
	int64_t as_is = 0, scaled = 0;

	for (int y = 0; y < m->h; y += 4) {
		size_t at = (size_t)y * (size_t)m->stride;

		if (!light_gains(&m->light, y, m->gain))
			continue;
		for (int i = 0; i < 2; i++) {
			const uint8_t *src = image_row(planes[i], y);

			ops->rechroma(m->own[1] + at, src, m->gain, m->w);
			as_is += distance(src, model[i] + at, m->label + at, m->w);
			scaled += distance(m->own[1] + at, model[i] + at, m->label + at, m->w);
		}
	}
	return scaled <= as_is;
}

/* Are in's planes laid out as the model's are? */
static bool fits_kernel(const struct mcw *m, const struct yuv *in)
{
	const struct image *planes[3] = { &in->y, &in->u, &in->v };

	for (int i = 0; i < 3; i++)
		if (planes[i]->stride != m->stride || (uintptr_t)planes[i]->data % MCW_ALIGN)
			return false;
	return true;
}

/* The picture in the model's light: the caller's own while that is even. */
static void bring_in(struct mcw *m, const struct mcw_ops *ops, const struct yuv *in)
{
	const struct image *planes[3] = { &in->y, &in->u, &in->v };
	bool colours = !m->light.even && colours_follow(m, ops, in);
	bool as_is = m->light.even && fits_kernel(m, in);

	for (int i = 0; i < 3; i++)
		m->cur[i] = as_is ? planes[i]->data : m->own[i];
	for (int y = 0; !as_is && y < m->h; y++) {
		size_t at = (size_t)y * (size_t)m->stride;
		bool even = m->light.even || !light_gains(&m->light, y, m->gain);

		for (int i = 0; i < 3; i++) {
			const uint8_t *src = image_row(planes[i], y);

			if (even || (i && !colours))
				memcpy(m->cur[i] + at, src, (size_t)m->w);
			else
				(i ? ops->rechroma : ops->relight)(m->cur[i] + at, src, m->gain,
								   m->w);
		}
		if (!even)
			light_spare_blown(&m->light,
					  (uint8_t *[3]){ m->cur[0] + at, m->cur[1] + at,
							  m->cur[2] + at },
					  image_row(&in->y, y),
					  (const uint8_t *[3]){ m->word[0].y + at,
								m->word[0].u + at,
								m->word[0].v + at },
					  m->w);
	}
}

static void control(struct mcw *m, const struct image *feedback, int y)
{
	const struct light *l = &m->light;

	if (feedback)
		memcpy(m->ctl, image_row(feedback, y), (size_t)m->w);
	else
		memset(m->ctl, 0, (size_t)m->w);
	if (!l->any_moving)
		return;
	for (int bx = 0; bx < l->bw; bx++)
		for (int x = bx * MCW_BLOCK;
		     l->moving[y / MCW_BLOCK * l->bw + bx] && x < (bx + 1) * MCW_BLOCK; x++)
			m->ctl[x] |= MCW_HOLD;
}

static void run_rows(struct mcw *m, const struct mcw_ops *ops, const struct mcw_tick *t,
		     const struct image *feedback)
{
	for (int y = 0; y < m->h; y++) {
		size_t at = (size_t)y * (size_t)m->stride;
		struct mcw_row r = {
			.y = m->cur[0] + at,
			.u = m->cur[1] + at,
			.v = m->cur[2] + at,
			.ctl = m->ctl,
			.voted = m->voted + at,
			.label = m->label + at,
			.noise = m->noise + at,
			.flicker = m->flicker + at,
			.n = m->stride,
		};

		for (int k = 0; k < MCW_WORDS; k++) {
			const struct mcw_word *c = &m->word[k];

			r.word[k] =
				(struct mcw_word){ c->y + at, c->u + at, c->v + at, c->w + at };
		}
		if (feedback || m->light.any_moving || y == 0)
			control(m, feedback, y);
		ops->row(&r, t);
	}
}

/* For a pixel at the picture's border: its window is cut off there. See mcw_ops.evenly. */
static bool falls_evenly(const struct mcw *m, int x, int y)
{
	int x0 = x < RIM ? 0 : x - RIM, x1 = x + RIM < m->w ? x + RIM : m->w - 1;
	int y0 = y < RIM ? 0 : y - RIM, y1 = y + RIM < m->h ? y + RIM : m->h - 1;
	size_t at = (size_t)y0 * (size_t)m->stride + (size_t)x0;
	const uint8_t *a = m->cur[0] + at, *b = m->word[0].y + at;
	int w = x1 - x0 + 1, h = y1 - y0 + 1, s = 0, s0 = 0, residue = 0;

	for (y = 0; y < h; y++)
		for (x = 0; x < w; x++) {
			s += a[y * m->stride + x];
			s0 += b[y * m->stride + x];
		}
	if (s * 20 <= s0 * MCW_SHADOW_DARK)
		return false;
	for (y = 0; y < h; y++)
		for (x = 0; x < w; x++)
			residue += abs(a[y * m->stride + x] * s0 - b[y * m->stride + x] * s);
	return residue < w * h * MCW_SHADOW_RESIDUE * s0;
}

static uint8_t *raw_row(const struct mcw *m, int y)
{
	return m->raw + (size_t)y * (size_t)m->raw_stride + MCW_ALIGN;
}

/* The shadow at x, y, and those beside it that can be judged at once. Returns how many pixels
 * are done. */
static int judge(const struct mcw *m, const struct mcw_ops *ops, int x, int y, uint8_t *raw)
{
	size_t at = (size_t)(y - RIM) * (size_t)m->stride + (size_t)(x - RIM);
	bool evenly[MCW_ABREAST];

	if (x < RIM || x + MCW_ABREAST + RIM > m->w || y < RIM || y + RIM >= m->h) {
		raw[x] = falls_evenly(m, x, y) ? MCW_BG : MCW_FG;
		return 1;
	}
	ops->evenly(evenly, m->cur[0] + at, m->word[0].y + at, m->stride);
	for (int i = 0; i < MCW_ABREAST; i++)
		if (raw[x + i] == MCW_SHADOW)
			raw[x + i] = evenly[i] ? MCW_BG : MCW_FG;
	return MCW_ABREAST;
}

/* Labels to a mask: shadows go or become foreground. The rim repeats the border. */
static void judge_shadows(struct mcw *m, const struct mcw_ops *ops)
{
	for (int y = 0; y < m->h; y++) {
		uint8_t *raw = raw_row(m, y), *p = raw;

		memcpy(raw, m->label + (size_t)y * (size_t)m->stride, (size_t)m->w);
		while (p < raw + m->w &&
		       (p = memchr(p, MCW_SHADOW, (size_t)(raw + m->w - p))) != NULL)
			p += judge(m, ops, (int)(p - raw), y, raw);
		memset(raw - RIM, raw[0], RIM);
		memset(raw + m->w, raw[m->w - 1], RIM);
	}
}

static void vote(struct mcw *m, const struct mcw_ops *ops, struct image *mask)
{
	for (int y = 0; y < m->h; y++) {
		const uint8_t *in[2 * RIM + 1];
		uint8_t *out = m->voted + (size_t)y * (size_t)m->stride;

		for (int k = -RIM; k <= RIM; k++) {
			int yy = y + k < 0 ? 0 : y + k < m->h ? y + k : m->h - 1;

			in[k + RIM] = raw_row(m, yy);
		}
		ops->majority(out, in, m->stride);
		memcpy(image_row(mask, y), out, (size_t)m->w);
	}
}

static struct yuv view(const struct mcw *m, uint8_t *y, uint8_t *u, uint8_t *v)
{
	struct yuv p = { { y, m->w, m->h, m->stride },
			 { u, m->w, m->h, m->stride },
			 { v, m->w, m->h, m->stride } };

	return p;
}

/* Foreground whose second codeword has been there for a while, and is there now. */
static void mark_doubt(struct mcw *m)
{
	const struct mcw_word *k = &m->word[1];

	for (int y = 0; y < m->h; y++) {
		size_t at = (size_t)y * (size_t)m->stride;
		uint8_t *doubt = image_row(&m->doubt, y);
		const uint8_t *raw = raw_row(m, y);

		memset(doubt, 0, (size_t)m->w);
		if (!memchr(raw, MCW_FG, (size_t)m->w))
			continue;
		for (size_t i = at; i < at + (size_t)m->w; i++)
			doubt[i - at] =
				raw[i - at] && k->w[i] >= m->still &&
						abs(m->cur[0][i] - k->y[i]) <= T_DEFAULT &&
						abs(m->cur[1][i] - k->u[i]) <= MCW_T_CHROMA &&
						abs(m->cur[2][i] - k->v[i]) <= MCW_T_CHROMA
					? 255
					: 0;
	}
}

/* How often in a row a pixel must be found to be a ghost's. */
static int votes_needed(const struct mcw *m, size_t i, uint8_t ctl)
{
	if (ctl & FEEDBACK_PROTECT)
		return GHOST_VOTES_TRACK;
	return m->word[0].w[i] < MODEL_SURE ? GHOST_VOTES : GHOST_VOTES_SURE;
}

static void count_votes(struct mcw *m, const struct image *feedback)
{
	for (int y = 0; y < m->h; y++) {
		size_t at = (size_t)y * (size_t)m->stride;
		const uint8_t *ghost = image_row(&m->doubt, y);
		const uint8_t *ctl = feedback ? image_row(feedback, y) : NULL;

		for (int x = 0; x < m->w; x++) {
			size_t i = at + (size_t)x;

			m->votes[i] = ghost[x] ? (uint8_t)(m->votes[i] + 1) : 0;
			if (m->votes[i] < votes_needed(m, i, ctl ? ctl[x] : 0))
				continue;
			m->votes[i] = 0;
			m->word[0].w[i] = MCW_YOUNG;
			m->word[1].w[i] = MCW_SURE;
		}
	}
}

/* The floor where a trolley was, the wall where someone stood when the model was new. */
static void take_over_ghosts(struct mcw *m, const struct image *feedback)
{
	struct image covered = { raw_row(m, 0), m->w, m->h, m->raw_stride };
	struct yuv now = view(m, m->cur[0], m->cur[1], m->cur[2]);
	struct yuv model = view(m, m->word[0].y, m->word[0].u, m->word[0].v);
	int found;

	mark_doubt(m);
	found = ghost_find(&m->doubt, &covered, &now, &model, m->work);
	if (found || m->voting)
		count_votes(m, feedback);
	m->voting = found;
}

/* What was there most of the time is background; so is what was there a quarter as long. */
static void end_boot(struct mcw *m)
{
	size_t n = (size_t)m->stride * (size_t)m->h;

	for (size_t i = 0; i < n; i++) {
		uint8_t *w0 = &m->word[0].w[i], *w1 = &m->word[1].w[i], *w2 = &m->word[2].w[i];

		if (*w1 >= 8 && *w1 >= *w0 / 4)
			*w1 = MCW_TB;
		else if (*w1 >= MCW_TB)
			*w1 = MCW_TB - 1;
		if (*w2 >= MCW_TB)
			*w2 = MCW_TB - 1;
		if (*w0 < MCW_SURE)
			*w0 = MCW_SURE;
	}
}

/* The light is so different that nothing of the model helps. */
static void watch_light(struct mcw *m, const struct yuv *in, int64_t dt_us)
{
	bool fits = m->light.overall >= MCW_LIGHT_MIN && m->light.overall <= MCW_LIGHT_MAX;

	m->dark_us = fits ? 0 : m->dark_us + dt_us;
	if (m->dark_us > DARK_US && m->boot_us <= 0)
		mcw_change_slot(m, in);
}

static void take_over(struct mcw *m, const struct yuv *in, uint8_t weight)
{
	const struct image *planes[3] = { &in->y, &in->u, &in->v };
	uint8_t *words[3] = { m->word[0].y, m->word[0].u, m->word[0].v };

	for (int y = 0; y < m->h; y++) {
		size_t at = (size_t)y * (size_t)m->stride;

		for (int i = 0; i < 3; i++)
			memcpy(words[i] + at, image_row(planes[i], y), (size_t)m->w);
		memset(m->word[0].w + at, weight, (size_t)m->w);
	}
}

void mcw_step(struct mcw *m, double dt_s, const struct yuv *in, const struct image *feedback,
	      struct image *mask)
{
	const struct mcw_ops *ops = mcw_ops();
	int64_t dt_us = llround(fmin(fmax(dt_s, 0), 1e-6 * PAUSE_US) * SECOND_US);
	struct mcw_tick t;
	bool was_boot;

	if (m->frame == 0 && m->boot_us > 0)
		take_over(m, in, NEW_WEIGHT);
	mcw_watch_kind(m, in, dt_us);
	light_measure(&m->light, ops, &in->y, m->word[0].y, m->label, m->stride);
	watch_light(m, in, dt_us);
	bring_in(m, ops, in);
	t = due(m, dt_us);
	run_rows(m, ops, &t, feedback);
	judge_shadows(m, ops);
	vote(m, ops, mask);
	was_boot = m->boot_us > 0;
	/* the strips of a bump are ghosts, too, but the model will move */
	if (!was_boot && !m->moves.bump && mcw_spend(&m->ghost_us, dt_us, GHOST_US))
		take_over_ghosts(m, feedback);
	m->boot_us -= dt_us;
	if (was_boot && m->boot_us <= 0)
		end_boot(m);
	mcw_watch_moves(m, dt_us);
	m->frame++;
}

struct background_moves mcw_moved(const struct mcw *m)
{
	return m->moves.told;
}

void mcw_seed(struct mcw *m, const struct yuv *plate)
{
	size_t n = (size_t)m->stride * (size_t)m->h;

	memset(m->label, 0, n);
	memset(m->voted, 0, n);
	memset(m->votes, 0, n);
	memset(m->noise, 0, n);
	memset(m->flicker, 0, n);
	for (int k = 0; k < MCW_WORDS; k++)
		memset(m->word[k].w, 0, n);
	take_over(m, plate, SEED_WEIGHT);
	light_reset(&m->light);
	m->grow_us = m->fade_us = m->drift_us = m->ghost_us = 0;
	m->boot_us = m->dark_us = 0;
	m->kind = (struct mcw_kind){ 0 };
	m->other.known = false;
	m->moves.told = (struct background_moves){ 0 };
	m->moves.bump = m->moves.away = m->moves.back = 0;
	m->moves.due_us = 0;
	m->frame = 0;
}

void mcw_correct(struct mcw *m, const struct yuv *scene, const struct image *where)
{
	for (int y = 0; y < m->h; y++)
		for (int x = 0; x < m->w; x++) {
			size_t i = (size_t)y * (size_t)m->stride + (size_t)x;
			const struct mcw_word *k = m->word;

			if (!image_row(where, y)[x])
				continue;
			k[1].y[i] = k[0].y[i];
			k[1].u[i] = k[0].u[i];
			k[1].v[i] = k[0].v[i];
			k[1].w[i] = MCW_YOUNG;
			k[2].w[i] = 0;
			k[0].y[i] = image_row(&scene->y, y)[x];
			k[0].u[i] = image_row(&scene->u, y)[x];
			k[0].v[i] = image_row(&scene->v, y)[x];
			k[0].w[i] = MCW_SURE;
		}
}

void mcw_plate(const struct mcw *m, struct yuv *out)
{
	struct image *planes[3] = { &out->y, &out->u, &out->v };
	uint8_t *const words[3] = { m->word[0].y, m->word[0].u, m->word[0].v };

	for (int i = 0; i < 3; i++)
		for (int y = 0; y < m->h; y++)
			memcpy(image_row(planes[i], y),
			       words[i] + (size_t)y * (size_t)m->stride, (size_t)m->w);
}
