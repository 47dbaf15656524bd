/* SPDX-License-Identifier: Apache-2.0 */
/* tracker.c -- joins one camera's detections into tracks over time.
 *
 * Per frame: predict; pair the confirmed tracks that were seen lately with detections, at least
 * total cost; let tracks that merged into one larger detection live on in it, and put together
 * the pieces of broken ones; pair all other tracks with what is left; end those that are gone;
 * start new ones from the rest; confirm.
 *
 * The cost, squared Mahalanobis distance plus logarithm of the uncertainty, is that of Yi et
 * al., "UCMCTrack", AAAI 2024; two rounds as in Zhang et al., "ByteTrack", ECCV 2022, but split
 * by how sure the track is and not the detection.
 */
#include "track/tracker.h"

#include "base/vec.h"
#include "track/assign.h"
#include "track/target.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Squared Mahalanobis distances that 1 in 100 and 1 in 1000 true pairs exceed (chi-squared with
 * two degrees of freedom). */
#define GATE_SURE 9.2
#define GATE_OTHER 13.8

#define RECENT_S 1.0     /* unseen no longer, or no more than two frames: still sure */
#define RECENT_MISSES 2  /* where frames are rare */
#define SHARED_SIZE 1.2  /* a detection of two people is this much wider or higher than one */
#define BORDER_BH 0.1    /* this near is at the picture's border */
#define LEAVE_PART 0.25  /* of forget_s, for who walked out of the picture */
#define PART_SHARE 0.8   /* of a detection's area, to be a part of a person */
#define PART_HEIGHT 0.75 /* of the person's height; higher is no part */
#define SIGHTINGS_MIN 3
#define FLICKER_S 0.1 /* unseen longer, and more than one frame: nobody was there */
#define PX_LIMIT 1e6

enum { FREE = -1, NO_BOX = -2, SHARED = -3 }; /* in taken[]; else the index of the track */

struct tracker {
	struct tracker_opts o;
	int w, h;
	const struct grid *floor; /* or NULL */
	bool started;
	int64_t t_us;
	int64_t last_id, last_birth;
	struct target *slots;  /* max_tracks */
	struct target **alive; /* all slots; the first n are in use, in order of birth */
	int n;
	struct track *out;

	int det_cap;
	int *taken;    /* by detection */
	double *cost;  /* rows x detections */
	int *col;      /* detection of each column of cost */
	int *row, *to; /* track of each row, and its column */
	struct assign_work *work;
};

static void reserve(struct tracker *t, int n_det)
{
	size_t max = (size_t)t->o.max_tracks, n;

	if (n_det <= t->det_cap)
		return;
	while (t->det_cap < n_det)
		t->det_cap = t->det_cap ? 2 * t->det_cap : 128;
	n = (size_t)t->det_cap;
	t->taken = xrealloc(t->taken, n, sizeof(*t->taken));
	t->col = xrealloc(t->col, n, sizeof(*t->col));
	t->cost = xrealloc(t->cost, n * max, sizeof(*t->cost));
	assign_work_free(t->work);
	t->work = assign_work_new(t->o.max_tracks, t->det_cap);
}

struct tracker *tracker_new(const struct tracker_opts *opts, int w, int h,
			    const struct grid *floor)
{
	struct tracker *t = xcalloc(1, sizeof(*t));
	size_t max = (size_t)opts->max_tracks;

	assert(opts->max_tracks > 0);
	t->o = *opts;
	t->w = w;
	t->h = h;
	t->floor = floor;
	t->slots = xcalloc(max, sizeof(*t->slots));
	t->alive = xcalloc(max, sizeof(*t->alive));
	t->out = xcalloc(max, sizeof(*t->out));
	t->row = xcalloc(max, sizeof(*t->row));
	t->to = xcalloc(max, sizeof(*t->to));
	for (size_t i = 0; i < max; i++)
		t->alive[i] = &t->slots[i];
	reserve(t, 1);
	return t;
}

void tracker_free(struct tracker *t)
{
	if (!t)
		return;
	free(t->slots);
	free(t->alive);
	free(t->out);
	free(t->taken);
	free(t->cost);
	free(t->col);
	free(t->row);
	free(t->to);
	assign_work_free(t->work);
	free(t);
}

static bool within(double x, double limit)
{
	return isfinite(x) && fabs(x) <= limit;
}

static bool is_box(const struct detection *d)
{
	return within(d->box.x, PX_LIMIT) && within(d->box.y, PX_LIMIT) &&
	       within(d->box.w, PX_LIMIT) && within(d->box.h, PX_LIMIT) && d->box.w >= 1 &&
	       d->box.h >= 1 && within(d->foot.x, PX_LIMIT) && within(d->foot.y, PX_LIMIT);
}

static bool is_place(const struct detection *d)
{
	const struct spread *s = &d->at_off;

	return within(d->at.x, PX_LIMIT) && within(d->at.y, PX_LIMIT) &&
	       within(d->body, PX_LIMIT) && d->body > 0 && within(s->xx, PX_LIMIT) &&
	       within(s->yy, PX_LIMIT) && s->xx > 0 && s->xx * s->yy > s->xy * s->xy;
}

/* Confirmed and seen lately. The frame that is being worked on counts as missed so far. */
static bool is_sure(const struct target *g)
{
	return g->id != 0 && (g->misses <= RECENT_MISSES + 1 || target_lost_s(g) <= RECENT_S);
}

/* Pairs free detections with the unseen tracks that are sure, or with those that are not. */
static void associate(struct tracker *t, const struct detection *det, int n_det, bool sure)
{
	double gate = sure ? GATE_SURE : GATE_OTHER;
	int rows = 0, cols = 0;

	for (int i = 0; i < t->n; i++)
		if (!t->alive[i]->seen && is_sure(t->alive[i]) == sure)
			t->row[rows++] = i;
	for (int k = 0; k < n_det; k++)
		if (t->taken[k] == FREE)
			t->col[cols++] = k;
	for (int r = 0; r < rows; r++) {
		const struct target *g = t->alive[t->row[r]];
		double reach = t->o.gate_bh * (1 + target_lost_s(g));

		for (int c = 0; c < cols; c++) {
			double x = target_cost(g, &det[t->col[c]], gate, reach);

			t->cost[(size_t)r * (size_t)cols + (size_t)c] =
				fmin(x, ASSIGN_FORBIDDEN);
		}
	}
	assign_with(t->work, t->cost, rows, cols, t->to);
	for (int r = 0; r < rows; r++)
		if (t->to[r] >= 0)
			t->taken[t->col[t->to[r]]] = t->row[r];
}

static bool could_share(const struct target *g, const struct box_px *b)
{
	return g->id != 0 && !g->floor && g->at.x[0] > b->x && g->at.x[0] < b->x + b->w &&
	       g->at.x[1] > b->y && g->at.x[1] < b->y + b->h &&
	       (b->w > SHARED_SIZE * g->w || b->h > SHARED_SIZE * g->h);
}

static bool has_detection(const struct tracker *t, int track, int n_det)
{
	for (int k = 0; k < n_det; k++)
		if (t->taken[k] == track)
			return true;
	return false;
}

/* A detection that is larger than either of two confirmed tracks in it, of which no other
 * detection speaks, is both of them: each goes on inside it, so that at the split their own
 * momentum tells who is who. */
static void share(struct tracker *t, const struct detection *det, int k, int n_det)
{
	const struct box_px *b = &det[k].box;
	int owner = t->taken[k], n = 0;

	if (owner == NO_BOX || (owner >= 0 && !could_share(t->alive[owner], b)))
		return;
	for (int i = 0; i < t->n; i++)
		if (is_sure(t->alive[i]) && !t->alive[i]->seen && could_share(t->alive[i], b) &&
		    (i == owner || !has_detection(t, i, n_det)))
			t->row[n++] = i;
	if (n < 2)
		return;
	t->taken[k] = SHARED;
	for (int i = 0; i < n; i++)
		target_update_within(t->alive[t->row[i]], b);
}

static double overlap(double a, double a_size, double b, double b_size)
{
	return fmax(0, fmin(a + a_size, b + b_size) - fmax(a, b));
}

/* Most of b, by area, lies within the box of g. */
static bool is_part(const struct target *g, const struct box_px *b)
{
	struct box_px in = target_box(g);

	return overlap(b->x, b->w, in.x, in.w) * overlap(b->y, b->h, in.y, in.h) >
	       PART_SHARE * b->w * b->h;
}

static void add_part(struct detection *whole, const struct detection *part)
{
	struct box_px *a = &whole->box;
	const struct box_px *b = &part->box;
	double right = fmax(a->x + a->w, b->x + b->w), low = fmax(a->y + a->h, b->y + b->h);

	if (part->foot.y > whole->foot.y)
		whole->foot = part->foot;
	a->x = fmin(a->x, b->x);
	a->y = fmin(a->y, b->y);
	a->w = right - a->x;
	a->h = low - a->y;
}

/* The mask of a person who is dressed like what is behind him breaks into pieces: two or more
 * detections within the box of track i, none of them nearly as high, are he. */
static void rejoin(struct tracker *t, const struct detection *det, int i, int n_det)
{
	struct target *g = t->alive[i];
	struct detection whole;
	int n = 0;

	if (g->floor)
		return;
	for (int k = 0; k < n_det; k++) {
		if (t->taken[k] != i && (t->taken[k] != FREE || !is_part(g, &det[k].box)))
			continue;
		if (det[k].box.h > PART_HEIGHT * g->h)
			return;
		if (n == 0)
			whole = det[k];
		else
			add_part(&whole, &det[k]);
		t->col[n++] = k;
	}
	if (n < 2)
		return;
	for (int c = 0; c < n; c++)
		t->taken[t->col[c]] = SHARED;
	target_update(g, &whole);
}

/* Hands the detections out to their tracks, once each. */
static void update(struct tracker *t, const struct detection *det, int n_det)
{
	for (int k = 0; k < n_det; k++)
		if (t->taken[k] >= 0 && !t->alive[t->taken[k]]->seen)
			target_update(t->alive[t->taken[k]], &det[k]);
}

static void end_track(struct tracker *t, int i)
{
	struct target *g = t->alive[i];

	t->n--;
	memmove(&t->alive[i], &t->alive[i + 1], (size_t)(t->n - i) * sizeof(struct target *));
	t->alive[t->n] = g;
}

/* The unconfirmed track that is unseen and has been seen least often, or -1. */
static int weakest(const struct tracker *t)
{
	int best = -1;

	for (int i = 0; i < t->n; i++) {
		const struct target *g = t->alive[i];

		if (g->id == 0 && !g->seen &&
		    (best < 0 || g->sightings <= t->alive[best]->sightings))
			best = i;
	}
	return best;
}

static void give_birth(struct tracker *t, const struct detection *d)
{
	int yields;

	if (t->n == t->o.max_tracks) {
		yields = weakest(t);
		if (yields < 0)
			return;
		end_track(t, yields);
	}
	target_birth(t->alive[t->n], t->t_us, d, t->floor);
	t->alive[t->n++]->birth = ++t->last_birth;
}

/* At the picture's border and on the way out: he is not behind something, he left. */
static bool is_leaving(const struct tracker *t, const struct target *g)
{
	struct box_px b = target_box(g);
	struct pt_px v = target_speed(g);
	double near = BORDER_BH * (g->floor ? g->body_now : g->unit);

	return (b.x < near && v.x < 0) || (b.x + b.w > t->w - near && v.x > 0) ||
	       (b.y < near && v.y < 0) || (b.y + b.h > t->h - near && v.y > 0);
}

static bool is_over(const struct tracker *t, const struct target *g)
{
	if (g->seen)
		return false;
	if (g->id == 0)
		return (g->misses > 1 && target_lost_s(g) > FLICKER_S) ||
		       2 * g->sightings <= g->frames;
	return target_lost_s(g) > t->o.forget_s * (is_leaving(t, g) ? LEAVE_PART : 1);
}

static void forget(struct tracker *t)
{
	for (int i = t->n - 1; i >= 0; i--)
		if (is_over(t, t->alive[i]))
			end_track(t, i);
}

static bool is_confirmed_now(const struct tracker *t, const struct target *g)
{
	return g->id == 0 && g->seen && g->sightings >= SIGHTINGS_MIN &&
	       target_seen_s(g) >= t->o.confirm_s;
}

static struct track tell(const struct target *g, bool confirmed_now)
{
	int n_past = confirmed_now ? g->n_past : 0;

	if (n_past > 0 && g->past[n_past - 1].t_us == g->now_us)
		n_past--;
	return (struct track){
		.id = g->id,
		.birth = g->birth,
		.confirmed = g->id != 0,
		.seen = g->seen,
		.first_us = g->first_us,
		.last_us = g->last_us,
		.at = target_point(g),
		.vel_px_s = target_speed(g),
		.past = n_past > 0 ? g->past : NULL,
		.n_past = n_past,
	};
}

static void tell_all(struct tracker *t)
{
	int n = 0;

	for (int i = 0; i < t->n; i++) {
		struct target *g = t->alive[i];
		bool now = is_confirmed_now(t, g);
		struct track tr;
		int k = n++;

		if (now)
			g->id = ++t->last_id;
		tr = tell(g, now);
		for (; k > 0 && t->out[k - 1].id > tr.id; k--)
			t->out[k] = t->out[k - 1];
		t->out[k] = tr;
	}
}

int tracker_step(struct tracker *t, int64_t t_us, const struct detection *det, int n_det,
		 const struct track **tracks)
{
	if (t->started && t_us <= t->t_us)
		return ERR_STATE;
	t->started = true;
	t->t_us = t_us;
	reserve(t, n_det);
	for (int k = 0; k < n_det; k++)
		t->taken[k] =
			is_box(&det[k]) && (!t->floor || is_place(&det[k])) ? FREE : NO_BOX;
	for (int i = 0; i < t->n; i++)
		target_predict(t->alive[i], t_us);
	for (int i = t->n - 1; i >= 0; i--)
		if (target_lost_s(t->alive[i]) > t->o.forget_s)
			end_track(t, i);

	associate(t, det, n_det, true);
	for (int k = 0; k < n_det; k++)
		share(t, det, k, n_det);
	for (int i = 0; i < t->n; i++)
		if (is_sure(t->alive[i]) && !t->alive[i]->seen)
			rejoin(t, det, i, n_det);
	update(t, det, n_det);
	associate(t, det, n_det, false);
	update(t, det, n_det);
	forget(t);
	for (int k = 0; k < n_det; k++)
		if (t->taken[k] == FREE)
			give_birth(t, &det[k]);
	tell_all(t);
	*tracks = t->out;
	return t->n;
}
