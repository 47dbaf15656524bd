/* SPDX-License-Identifier: Apache-2.0 */
/* walkers.c -- people who walk alone and are seen whole. */
#include "run/walkers.h"

#include "base/vec.h"
#include "vision/mask_blobs.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define LOOK_US 400000 /* between two looks */
#define MOVED .25      /* of his height: nearer, it is the same look again */
#define BLOBS_MAX 64
#define GROW 4      /* pixels: so far the mask's smoothing takes ends off */
#define BORDER_PX 6 /* more than GROW */
#define APART_PX 4  /* between his outline's box and another's */
#define TALL_MIN 60 /* analysis pixels: masks of smaller people lose their ends */
#define SLIM_MIN .18
#define SLIM_MAX .65
#define FULL_MIN .40             /* of the box along his axis: fewer pixels are no body */
#define HELD_US INT64_C(5000000) /* an unseen track's way is forgotten */

#define PARTS (WALKERS_COLS * WALKERS_ROWS)

struct part {
	struct person_px kept[WALKERS_KEPT];
	int n, next;
};

/* Whose last look was where. */
struct way {
	int64_t track, t_us;
	int walk;
	double foot[2];
};

struct walkers {
	int img_w, img_h;
	int64_t next_us;
	int walk;           /* the last one's number */
	struct image grown; /* one outline at a time */
	struct mask_blobs *blobs;
	VEC(struct way) way;
	struct part part[PARTS];
	struct person_px all[PARTS * WALKERS_KEPT];
};

struct walkers *walkers_new(int img_w, int img_h)
{
	struct walkers *w = xcalloc(1, sizeof(*w));

	w->img_w = img_w;
	w->img_h = img_h;
	w->next_us = INT64_MIN;
	return w;
}

void walkers_free(struct walkers *w)
{
	if (!w)
		return;
	mask_blobs_free(w->blobs);
	image_clear(&w->grown);
	VEC_FREE(&w->way);
	free(w);
}

/* ---- an outline ---- */

struct outline {
	double x, y;               /* centre of gravity */
	double dx, dy;             /* his axis, downwards, of length 1 */
	double low, top;           /* its ends from there, top < 0 */
	double side;               /* width across */
	double foot_off, head_off; /* beside the axis: of the low and the high two fifths */
};

/* Whether a neighbour was there before this step. */
static bool joined(const struct image *grown, int x, int y, int step)
{
	for (int k = 0; k < 9; k++) {
		int v = image_row(grown, y + k / 3 - 1)[x + k % 3 - 1];

		if (v && v != step)
			return true;
	}
	return false;
}

/* What of the sharp mask is joined to an outline within GROW pixels of it, into grown, outside
 * of *b nothing; *b becomes as much larger. The mask's smoothing took feet and hair off. */
static void grow(const struct camera_out *o, struct mask_blob *b, struct image *grown)
{
	for (int y = b->y - GROW - 1; y <= b->y + b->h + GROW; y++) {
		bool in = y >= b->y && y < b->y + b->h;

		memset(image_row(grown, y) + b->x - GROW - 1, 0, (size_t)(b->w + 2 * GROW + 2));
		if (in)
			memcpy(image_row(grown, y) + b->x, image_row(o->mask, y) + b->x,
			       (size_t)b->w);
	}
	for (int step = 1; step <= GROW; step++) {
		b->x--;
		b->y--;
		b->w += 2;
		b->h += 2;
		for (int y = b->y; y < b->y + b->h; y++)
			for (int x = b->x; x < b->x + b->w; x++)
				if (!image_row(grown, y)[x] && image_row(o->sharp, y)[x] &&
				    joined(grown, x, y, step))
					image_row(grown, y)[x] = (uint8_t)step;
	}
}

static void each_pixel(const struct image *mask, const struct mask_blob *b,
		       void (*take)(struct outline *o, double x, double y, double *sum),
		       struct outline *o, double *sum)
{
	for (int y = b->y; y < b->y + b->h; y++) {
		const uint8_t *row = image_row(mask, y);

		for (int x = b->x; x < b->x + b->w; x++)
			if (row[x])
				take(o, x + .5, y + .5, sum);
	}
}

static void take_moments(struct outline *o, double x, double y, double *sum)
{
	(void)o;
	sum[0] += 1;
	sum[1] += x;
	sum[2] += y;
	sum[3] += x * x;
	sum[4] += x * y;
	sum[5] += y * y;
}

static void take_extents(struct outline *o, double x, double y, double *sum)
{
	double along = (x - o->x) * o->dx + (y - o->y) * o->dy;
	double aside = (y - o->y) * o->dx - (x - o->x) * o->dy;

	o->low = fmax(o->low, along);
	o->top = fmin(o->top, along);
	sum[0] = fmin(sum[0], aside);
	sum[1] = fmax(sum[1], aside);
}

static void take_ends(struct outline *o, double x, double y, double *sum)
{
	double along = (x - o->x) * o->dx + (y - o->y) * o->dy;
	double aside = (y - o->y) * o->dx - (x - o->x) * o->dy;
	double part = (along - o->top) / (o->low - o->top);

	if (part < .4) {
		sum[0] += aside;
		sum[1] += 1;
	} else if (part > .6) {
		sum[2] += aside;
		sum[3] += 1;
	}
}

/* The axis is that of the largest second moment. */
static void measure(const struct image *mask, const struct mask_blob *b, struct outline *o)
{
	double m[6] = { 0 }, ends[4] = { 0 }, side[2] = { HUGE_VAL, -HUGE_VAL };
	double xx, xy, yy, big, n;

	memset(o, 0, sizeof(*o));
	each_pixel(mask, b, take_moments, o, m);
	o->x = m[1] / m[0];
	o->y = m[2] / m[0];
	xx = m[3] / m[0] - o->x * o->x;
	xy = m[4] / m[0] - o->x * o->y;
	yy = m[5] / m[0] - o->y * o->y;
	big = (xx + yy) / 2 + sqrt((xx - yy) * (xx - yy) / 4 + xy * xy);
	o->dx = fabs(xy) > 1e-9 ? xy : yy >= xx ? 0 : 1;
	o->dy = fabs(xy) > 1e-9 ? big - xx : yy >= xx ? 1 : 0;
	n = sqrt(o->dx * o->dx + o->dy * o->dy);
	o->dx /= o->dy < 0 ? -n : n;
	o->dy = fabs(o->dy) / n;
	each_pixel(mask, b, take_extents, o, side);
	o->low += .5;
	o->top -= .5;
	o->side = side[1] - side[0] + 1;
	each_pixel(mask, b, take_ends, o, ends);
	o->head_off = ends[1] > 0 ? ends[0] / ends[1] : 0;
	o->foot_off = ends[3] > 0 ? ends[2] / ends[3] : 0;
}

static bool whole(const struct mask_blob *b, const struct image *mask)
{
	return b->h >= TALL_MIN / 2 && b->x >= BORDER_PX && b->y >= BORDER_PX &&
	       b->x + b->w <= mask->w - BORDER_PX && b->y + b->h <= mask->h - BORDER_PX;
}

static bool upright(const struct outline *o, int area)
{
	double tall = o->low - o->top;

	return tall >= TALL_MIN && o->side >= SLIM_MIN * tall && o->side <= SLIM_MAX * tall &&
	       area >= FULL_MIN * tall * o->side && o->dy > .5;
}

/* ---- alone ---- */

static bool near(double ax, double ay, double aw, double ah, const struct mask_blob *b)
{
	return ax < b->x + b->w + APART_PX && ax + aw > b->x - APART_PX &&
	       ay < b->y + b->h + APART_PX && ay + ah > b->y - APART_PX;
}

/* The one track of this outline, or NULL: none, or others are near. */
static const struct track *only_track(const struct camera_out *o, const struct mask_blob *blob,
				      int n, int i)
{
	const struct track *found = NULL;

	for (int k = 0; k < n; k++)
		if (k != i && near(blob[k].x, blob[k].y, blob[k].w, blob[k].h, &blob[i]))
			return NULL;
	for (int k = 0; k < o->n_track; k++) {
		const struct box_px *b = &o->track[k].at.box;

		if (!near(b->x, b->y, b->w, b->h, &blob[i]))
			continue;
		if (found)
			return NULL;
		found = &o->track[k];
	}
	return found && found->confirmed && found->seen ? found : NULL;
}

/* The track's way so far; a new one begins far from everywhere. */
static struct way *way_of(struct walkers *w, int64_t track)
{
	struct way *way;

	for (size_t i = 0; i < w->way.n; i++)
		if (w->way.v[i].track == track)
			return &w->way.v[i];
	way = VEC_PUSH(&w->way);
	*way = (struct way){ .track = track, .walk = ++w->walk, .foot = { -1e9, -1e9 } };
	return way;
}

static void forget_ways(struct walkers *w, int64_t t_us)
{
	size_t n = 0;

	for (size_t i = 0; i < w->way.n; i++)
		if (t_us - w->way.v[i].t_us < HELD_US)
			w->way.v[n++] = w->way.v[i];
	w->way.n = n;
}

/* ---- what is kept ---- */

static int within(double v, int size, int n)
{
	int i = (int)(v * n / size);

	return i < 0 ? 0 : i < n ? i : n - 1;
}

static void keep(struct walkers *w, const struct person_px *p)
{
	int col = within(p->foot[0], w->img_w, WALKERS_COLS);
	int row = within(p->foot[1], w->img_h, WALKERS_ROWS);
	struct part *part = &w->part[row * WALKERS_COLS + col];

	part->kept[part->next] = *p;
	part->next = (part->next + 1) % WALKERS_KEPT;
	if (part->n < WALKERS_KEPT)
		part->n++;
}

static void look_at(struct walkers *w, int64_t t_us, const struct camera_out *o,
		    const struct mask_blob *blob, int n, int i)
{
	const struct track *t = whole(&blob[i], o->mask) ? only_track(o, blob, n, i) : NULL;
	struct mask_blob at = blob[i];
	struct person_px p;
	struct outline out;
	struct way *way;
	int k = o->factor;

	if (!t)
		return;
	grow(o, &at, &w->grown);
	measure(&w->grown, &at, &out);
	if (!upright(&out, blob[i].area_px))
		return;
	p.foot[0] = k * (out.x + out.low * out.dx - out.foot_off * out.dy);
	p.foot[1] = k * (out.y + out.low * out.dy + out.foot_off * out.dx);
	p.head[0] = k * (out.x + out.top * out.dx - out.head_off * out.dy);
	p.head[1] = k * (out.y + out.top * out.dy + out.head_off * out.dx);
	way = way_of(w, t->id);
	way->t_us = t_us;
	p.walk = way->walk;
	if (hypot(p.foot[0] - way->foot[0], p.foot[1] - way->foot[1]) <
	    MOVED * k * (out.low - out.top))
		return;
	memcpy(way->foot, p.foot, sizeof(p.foot));
	keep(w, &p);
}

void walkers_step(struct walkers *w, int64_t t_us, const struct camera_out *o)
{
	struct mask_blob blob[BLOBS_MAX];
	int n;

	if (t_us < w->next_us || abs(o->mask->w * o->factor - w->img_w) > o->factor ||
	    abs(o->mask->h * o->factor - w->img_h) > o->factor)
		return;
	w->next_us = t_us + LOOK_US;
	if (w->grown.w != o->mask->w || w->grown.h != o->mask->h) {
		mask_blobs_free(w->blobs);
		image_clear(&w->grown);
		w->blobs = mask_blobs_new(o->mask->h);
		image_init(&w->grown, o->mask->w, o->mask->h);
	}
	n = mask_blobs_find(w->blobs, o->mask, blob, BLOBS_MAX);
	for (int i = 0; i < n && n < BLOBS_MAX; i++)
		look_at(w, t_us, o, blob, n, i);
	forget_ways(w, t_us);
}

const struct person_px *walkers_people(struct walkers *w, int *n)
{
	*n = 0;
	for (int i = 0; i < PARTS; i++) {
		memcpy(w->all + *n, w->part[i].kept, (size_t)w->part[i].n * sizeof(*w->all));
		*n += w->part[i].n;
	}
	return w->all;
}

/* ---- as bytes: version, size of the picture, how many; of each four ends in sixteenths of a
 * pixel, and the walk. All numbers have 32 bits, low byte first. ---- */

#define STATE_VERSION 1
#define STATE_HEAD 4
#define STATE_PERSON 5
#define FINER 16

static void put(uint8_t **at, double v)
{
	uint32_t u = (uint32_t)(int32_t)lround(v);

	for (int i = 0; i < 4; i++)
		*(*at)++ = (uint8_t)(u >> 8 * i);
}

static int32_t get(const uint8_t **at)
{
	uint32_t u = 0;

	for (int i = 0; i < 4; i++)
		u |= (uint32_t) * (*at)++ << 8 * i;
	return (int32_t)u;
}

uint8_t *walkers_save(const struct walkers *w, size_t *len)
{
	uint8_t *to, *at;
	int n = 0;

	for (int i = 0; i < PARTS; i++)
		n += w->part[i].n;
	*len = 4 * (size_t)(STATE_HEAD + STATE_PERSON * n);
	to = at = xmalloc(*len);
	put(&at, STATE_VERSION);
	put(&at, w->img_w);
	put(&at, w->img_h);
	put(&at, n);
	for (int i = 0; i < PARTS; i++)
		for (int k = 0; k < w->part[i].n; k++) {
			/* The oldest first: they are the next to go. */
			const struct part *t = &w->part[i];
			const struct person_px *p =
				&t->kept[t->n < WALKERS_KEPT ? k
							     : (t->next + k) % WALKERS_KEPT];

			for (int c = 0; c < 2; c++)
				put(&at, p->foot[c] * FINER);
			for (int c = 0; c < 2; c++)
				put(&at, p->head[c] * FINER);
			put(&at, p->walk);
		}
	return to;
}

bool walkers_load(struct walkers *w, const uint8_t *from, size_t len)
{
	const uint8_t *at = from;
	struct walkers *fresh;
	int n, limit;

	if (len < 4 * STATE_HEAD || get(&at) != STATE_VERSION || get(&at) != w->img_w ||
	    get(&at) != w->img_h)
		return false;
	n = get(&at);
	if (n < 0 || n > PARTS * WALKERS_KEPT ||
	    len != 4 * (size_t)(STATE_HEAD + STATE_PERSON * n))
		return false;
	fresh = walkers_new(w->img_w, w->img_h);
	limit = FINER * 2 * (w->img_w > w->img_h ? w->img_w : w->img_h);
	for (int i = 0; i < n; i++) {
		struct person_px p;
		double *const to[] = { &p.foot[0], &p.foot[1], &p.head[0], &p.head[1] };

		for (int c = 0; c < 4; c++) {
			int32_t v = get(&at);

			if (abs(v / 2) > limit / 2)
				goto refuse;
			*to[c] = (double)v / FINER;
		}
		p.walk = get(&at);
		if (p.walk < 0)
			goto refuse;
		if (p.walk > fresh->walk)
			fresh->walk = p.walk;
		keep(fresh, &p);
	}
	memcpy(w->part, fresh->part, sizeof(w->part));
	w->walk = fresh->walk;
	w->way.n = 0;
	walkers_free(fresh);
	return true;
refuse:
	walkers_free(fresh);
	return false;
}
