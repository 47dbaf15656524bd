/* SPDX-License-Identifier: Apache-2.0 */
/* radio.c -- phones that probe, join and talk.
 *
 * How phones scan is after those in Baccichet's "ProbingPatternsDataset" (iPhones with iOS 15
 * and 16, a Samsung and an Oppo with Android 13, in use and saving power), one channel at a
 * time, bursts being frames less than a second apart:
 *   - gaps between one phone's bursts vary by 0.4 to 1.2 of their mean, most by 0.8: lognormal
 *     with 0.7;
 *   - mean gaps of different phones and modes spread by 0.6 in the logarithm;
 *   - bursts last 0.02 to 1.2 s and have 1 to 36 frames, the phones' medians 2 to 30;
 *   - half of the phones have one address per burst, the others several, up to 7 on average
 *     over all channels.
 * So counts of bursts in a store are over-dispersed as measured there (variance 2 to 5 times
 * the mean in 10 minutes).
 */
#include "sim/radio.h"

#include "base/real.h"
#include "base/rng.h"
#include "base/vec.h"
#include "sim/indoors.h"
#include "sim/radio_air.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define NEVER INT64_MAX

#define GAP_SIGMA 0.7   /* of one phone's gaps between bursts */
#define PHONE_SIGMA 0.6 /* of the phones' mean gaps */
#define FRAMES_MEDIAN 5.0
#define FRAMES_PHONE_SIGMA 0.8
#define FRAMES_SIGMA 0.4
#define FRAMES_MOST 60
#define ADDRESSES_MOST 7
#define ONE_ADDRESS 0.5 /* share of phones with one address per burst */
#define BURST_S 0.8     /* the longest, but for jitter */

#define JOIN_SIGMA 0.8
#define JOIN_AGAIN_S 5.0
#define DATA_S 8.0     /* mean time between data frames that a monitor could hear */
#define UNHEARD 20     /* most frames that no report tells of, between two that one does */
#define CHILD_SHARE .3 /* of what adults carry */

/* Each kind of thing draws from streams of its own (SALT_LINK + i: of the i-th receiver). */
enum { SALT_CARRIER = 1, SALT_DEVICE, SALT_RECEIVER, SALT_FIELD, SALT_LINK };

/* A device and a receiver. */
struct link {
	struct rng rng;
	int64_t report_us; /* the next report of an access point */
};

struct device {
	struct rng rng;
	int64_t owner;
	int number;
	int64_t next_us;      /* the earliest of all that is to come */
	bool willing, joined; /* to join; has joined */
	double offset_db;
	uint8_t address[6];
	uint16_t sequence;
	int64_t join_us;
	/* Probing. */
	double gap_s, frames;       /* mean gap; median of frames per burst */
	bool several;               /* addresses per burst */
	int64_t burst_us, frame_us; /* the next burst, the next frame of this one */
	int64_t spacing_us;
	int frames_left, addresses_left;
	/* Joined. */
	int serving;
	int64_t data_us;
	struct link *link; /* one per receiver */
};

/* A person with n devices. */
struct carrier {
	int64_t id;
	bool inside;
	int n;
	struct device *device;
};

struct receiver {
	uint64_t field;
	int64_t clock_us;
};

struct radio_sim {
	const struct scene *scene;
	struct indoors *indoors;
	uint64_t seed; /* of the radio: other parts of the simulation draw other numbers */
	struct receiver receiver[SCENE_MAX];
	/* Ordered by id: of the last tick, and of the one in the making, in turn. */
	VEC(struct carrier) carrier[2];
	int now;
	VEC(struct radio_report) report;
};

static int64_t to_us(double s)
{
	return (int64_t)fmin(s * 1e6, 1e15) + 1;
}

static int64_t least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* ---- Addresses ---- */

static void new_address(struct device *d)
{
	uint32_t low = rng_u32(&d->rng), high = rng_u32(&d->rng);

	for (int i = 0; i < 6; i++)
		d->address[i] = (uint8_t)(i < 4 ? low >> 8 * i : high >> 8 * (i - 4));
	d->address[0] = (uint8_t)((d->address[0] & ~1U) | 2); /* one station; nobody's own */
	d->sequence = (uint16_t)rng_below(&d->rng, 4096);
}

static void count_frames(struct device *d, unsigned n)
{
	d->sequence = (uint16_t)((d->sequence + n) & 4095);
}

/* ---- Hearing ---- */

/* One frame, or report, at one receiver. */
static bool hear(struct radio_sim *r, struct device *d, const struct actor *a, int64_t now_us,
		 int receiver, enum radio_kind kind)
{
	const struct scene *s = r->scene;
	double dbm = d->offset_db + air_power(&s->radio, &s->receiver[receiver],
					      r->receiver[receiver].field, a);
	struct radio_report *report;
	double rssi;

	if (!air_hears(&s->radio, dbm, &d->link[receiver].rng, &rssi))
		return false;
	report = VEC_PUSH(&r->report);
	*report = (struct radio_report){ .t_us = now_us + r->receiver[receiver].clock_us,
					 .true_us = now_us,
					 .receiver = receiver,
					 .kind = kind,
					 .sequence = d->sequence,
					 .rssi_dbm = rssi,
					 .owner = d->owner,
					 .device = d->number,
					 .serving = d->serving };
	memcpy(report->address, d->address, 6);
	return true;
}

static void monitors_hear(struct radio_sim *r, struct device *d, const struct actor *a,
			  int64_t now_us, enum radio_kind kind)
{
	for (int i = 0; i < r->scene->n_receivers; i++)
		if (r->scene->receiver[i].monitor)
			hear(r, d, a, now_us, i, kind);
}

/* ---- Probing ---- */

/* Lognormal with this mean. */
static double around(struct rng *rng, double mean, double sigma)
{
	return rng_lognormal(rng, mean * real_exp(-0.5 * sigma * sigma), sigma);
}

/* Seen at some moment, a renewal process is within a gap that is longer than most: one drawn in
 * proportion to its length, which of a lognormal is a lognormal again. */
static double rest_of_gap(struct device *d)
{
	double longer = d->gap_s * real_exp(GAP_SIGMA * GAP_SIGMA);
	double gap_s = around(&d->rng, longer, GAP_SIGMA);

	return gap_s * rng_unit(&d->rng);
}

static void begin_burst(struct device *d)
{
	double span_s = rng_between(&d->rng, 0.05, BURST_S);
	double frames = fmin(rng_lognormal(&d->rng, d->frames, FRAMES_SIGMA), FRAMES_MOST);

	d->addresses_left = 1;
	if (d->several)
		d->addresses_left = 2 + (int)rng_below(&d->rng, ADDRESSES_MOST - 1);
	d->frames_left = (int)fmax(frames, d->addresses_left);
	d->spacing_us = to_us(span_s / d->frames_left);
	d->burst_us += to_us(around(&d->rng, d->gap_s, GAP_SIGMA));
	new_address(d);
	d->addresses_left--;
}

static void end_burst(struct device *d, int64_t now_us)
{
	d->frames_left = 0;
	d->frame_us = d->burst_us = d->burst_us > now_us ? d->burst_us : now_us + 1;
}

static void probe(struct radio_sim *r, struct device *d, const struct actor *a)
{
	if (d->frames_left == 0)
		begin_burst(d);
	else if (rng_below(&d->rng, (uint32_t)d->frames_left) < (uint32_t)d->addresses_left) {
		/* So that after the last frame as many as there are to be were there. */
		new_address(d);
		d->addresses_left--;
	} else {
		count_frames(d, 1);
	}
	monitors_hear(r, d, a, d->frame_us, RADIO_PROBE);
	d->frames_left--;
	d->frame_us += (int64_t)((double)d->spacing_us * rng_between(&d->rng, 0.5, 1.5)) + 1;
	if (d->frames_left == 0)
		end_burst(d, d->frame_us);
}

/* ---- Joined ---- */

/* The access point that hears it best; -1 when there is none. */
static int strongest(const struct radio_sim *r, const struct actor *a)
{
	const struct scene *s = r->scene;
	double most = -HUGE_VAL;
	int best = -1;

	for (int i = 0; i < s->n_receivers; i++) {
		double dbm;

		if (s->receiver[i].monitor)
			continue;
		dbm = air_power(&s->radio, &s->receiver[i], r->receiver[i].field, a);
		if (dbm > most) {
			most = dbm;
			best = i;
		}
	}
	return best;
}

/* The end of scanning. If nobody hears it, the phone scans on and tries again. */
static void join(struct radio_sim *r, struct device *d, const struct actor *a)
{
	double report_s = r->scene->radio.report_s;
	int64_t now_us = d->join_us;
	int ap = strongest(r, a);

	end_burst(d, now_us);
	new_address(d);
	d->serving = ap;
	if (ap < 0 || !hear(r, d, a, now_us, ap, RADIO_JOIN)) {
		d->serving = -1;
		d->join_us += to_us(JOIN_AGAIN_S * rng_between(&d->rng, 1, 2));
		return;
	}
	d->joined = true;
	d->data_us = now_us + to_us(rng_exponential(&d->rng, DATA_S));
	for (int i = 0; i < r->scene->n_receivers; i++) {
		struct link *l = &d->link[i];

		if (!r->scene->receiver[i].monitor && report_s > 0)
			l->report_us = now_us + to_us(report_s * rng_unit(&l->rng));
	}
}

static void data(struct radio_sim *r, struct device *d, const struct actor *a)
{
	count_frames(d, 1 + rng_below(&d->rng, UNHEARD));
	monitors_hear(r, d, a, d->data_us, RADIO_DATA);
	d->data_us += to_us(rng_exponential(&d->rng, DATA_S));
}

static void access_point_reports(struct radio_sim *r, struct device *d, const struct actor *a,
				 int receiver)
{
	struct link *l = &d->link[receiver];
	double next_s = r->scene->radio.report_s * rng_between(&l->rng, 0.5, 1.5);

	hear(r, d, a, l->report_us, receiver, RADIO_REPORT);
	l->report_us += to_us(next_s);
}

/* ---- Devices and their carriers ---- */

static int64_t next_of(const struct radio_sim *r, const struct device *d)
{
	int64_t next;

	if (!d->joined)
		return least(d->frame_us, d->join_us);
	next = d->data_us;
	for (int i = 0; i < r->scene->n_receivers; i++)
		next = least(next, d->link[i].report_us);
	return next;
}

/* Everything that the device does up to t_us. */
static void device_step(struct radio_sim *r, struct device *d, const struct actor *a,
			int64_t t_us)
{
	for (int64_t now; (now = next_of(r, d)) <= t_us;) {
		if (!d->joined) {
			if (d->join_us == now)
				join(r, d, a);
			else
				probe(r, d, a);
			continue;
		}
		if (d->data_us == now)
			data(r, d, a);
		for (int i = 0; i < r->scene->n_receivers; i++)
			if (d->link[i].report_us == now)
				access_point_reports(r, d, a, i);
	}
	d->next_us = next_of(r, d);
}

static void device_init(struct radio_sim *r, struct device *d, const struct persona *who,
			int number, int64_t t_us)
{
	const struct scene_radio *radio = &r->scene->radio;
	uint64_t stream = rng_hash((uint64_t)who->id, (uint64_t)number);
	struct rng *rng = &d->rng;

	rng_init(rng, rng_hash(r->seed, SALT_DEVICE), stream);
	d->owner = who->id;
	d->number = number;
	d->serving = -1;
	d->offset_db = radio->device_db * rng_normal(rng);
	d->willing = rng_chance(rng, radio->joined) || who->kind == PERSON_STAFF;
	d->join_us = who->kind == PERSON_STAFF ? t_us + 1 : NEVER;
	d->gap_s = 60 / around(rng, radio->bursts_min, PHONE_SIGMA);
	d->frames = rng_lognormal(rng, FRAMES_MEDIAN, FRAMES_PHONE_SIGMA);
	d->several = !rng_chance(rng, ONE_ADDRESS);
	d->burst_us = d->frame_us =
		radio->bursts_min > 0 ? t_us + to_us(rest_of_gap(d)) : NEVER;
	d->link = xcalloc((size_t)r->scene->n_receivers + 1, sizeof(*d->link));
	for (int i = 0; i < r->scene->n_receivers; i++) {
		rng_init(&d->link[i].rng, rng_hash(r->seed, SALT_LINK + (uint64_t)i), stream);
		d->link[i].report_us = NEVER;
	}
	d->next_us = next_of(r, d);
}

/* How many devices somebody has: the mean, or one of the two whole numbers around it. */
static int devices_of(const struct radio_sim *r, const struct persona *who)
{
	double mean = r->scene->radio.phones * (who->body == BODY_CHILD ? CHILD_SHARE : 1);
	struct rng rng;

	rng_init(&rng, rng_hash(r->seed, SALT_CARRIER), (uint64_t)who->id);
	return (int)floor(mean) + rng_chance(&rng, mean - floor(mean));
}

/* Coming in sets the time of joining; going out before it is the end of that. Not for staff. */
static void move(struct radio_sim *r, struct carrier *c, const struct actor *a, int64_t t_us)
{
	bool inside = a->who.kind != PERSON_PASSER && indoors_at(r->indoors, a->at);

	if (inside == c->inside || a->who.kind == PERSON_STAFF)
		return;
	c->inside = inside;
	for (int i = 0; i < c->n; i++) {
		struct device *d = &c->device[i];

		if (!d->willing || d->joined)
			continue;
		d->join_us = NEVER;
		if (inside)
			d->join_us = t_us + to_us(rng_lognormal(&d->rng, r->scene->radio.join_s,
								JOIN_SIGMA));
		d->next_us = next_of(r, d);
	}
}

static void carrier_init(struct radio_sim *r, struct carrier *c, const struct actor *a,
			 int64_t t_us)
{
	*c = (struct carrier){ .id = a->who.id, .n = devices_of(r, &a->who) };
	if (c->n)
		c->device = xcalloc((size_t)c->n, sizeof(*c->device));
	for (int i = 0; i < c->n; i++)
		device_init(r, &c->device[i], &a->who, i, t_us);
	move(r, c, a, t_us);
}

static void carrier_step(struct radio_sim *r, struct carrier *c, const struct actor *a,
			 int64_t t_us)
{
	move(r, c, a, t_us);
	for (int i = 0; i < c->n; i++)
		if (c->device[i].next_us <= t_us)
			device_step(r, &c->device[i], a, t_us);
}

static void carrier_clear(struct carrier *c)
{
	for (int i = 0; i < c->n; i++)
		free(c->device[i].link);
	free(c->device);
}

/* ---- The simulation ---- */

struct radio_sim *radio_sim_new(const struct scene *scene, uint64_t seed)
{
	struct radio_sim *r = xcalloc(1, sizeof(*r));
	struct rng rng;

	r->scene = scene;
	r->indoors = indoors_new(scene);
	r->seed = rng_hash(seed, 0x726164696f);
	for (int i = 0; i < scene->n_receivers; i++) {
		rng_init(&rng, rng_hash(r->seed, SALT_RECEIVER), (uint64_t)i);
		r->receiver[i].field = rng_hash(rng_hash(r->seed, SALT_FIELD), (uint64_t)i);
		r->receiver[i].clock_us =
			(int64_t)floor(1e6 * scene->radio.clock_sd_s * rng_normal(&rng) + 0.5);
	}
	return r;
}

void radio_sim_free(struct radio_sim *r)
{
	if (!r)
		return;
	for (size_t i = 0; i < r->carrier[r->now].n; i++)
		carrier_clear(&r->carrier[r->now].v[i]);
	VEC_FREE(&r->carrier[0]);
	VEC_FREE(&r->carrier[1]);
	VEC_FREE(&r->report);
	indoors_free(r->indoors);
	free(r);
}

static int by_time(const void *a, const void *b)
{
	const struct radio_report *x = a, *y = b;

	if (x->true_us != y->true_us)
		return x->true_us < y->true_us ? -1 : 1;
	if (x->owner != y->owner)
		return x->owner < y->owner ? -1 : 1;
	if (x->device != y->device)
		return x->device - y->device;
	return x->receiver - y->receiver;
}

int radio_sim_tick(struct radio_sim *r, int64_t t_us, const struct actor *actors, int n,
		   const struct radio_report **reports)
{
	size_t old = 0, n_old = r->carrier[r->now].n;
	struct carrier *before = r->carrier[r->now].v;

	r->now = !r->now;
	r->carrier[r->now].n = r->report.n = 0;
	for (int i = 0; i < n; i++) {
		int64_t id = actors[i].who.id;
		struct carrier *c = VEC_PUSH(&r->carrier[r->now]);

		while (old < n_old && before[old].id < id)
			carrier_clear(&before[old++]);
		if (old < n_old && before[old].id == id) {
			*c = before[old++];
			carrier_step(r, c, &actors[i], t_us);
		} else {
			carrier_init(r, c, &actors[i], t_us);
		}
	}
	while (old < n_old)
		carrier_clear(&before[old++]);
	VEC_SORT(&r->report, by_time);
	*reports = r->report.v;
	return (int)r->report.n;
}
