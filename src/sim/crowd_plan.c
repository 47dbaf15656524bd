/* SPDX-License-Identifier: Apache-2.0 */
/* crowd_plan.c -- who comes, and what for. */
#include "sim/crowd_person.h"

#include "base/real.h"
#include "sim/indoors.h"
#include "sim/plane.h"

#include <math.h>

/* Where one stands to look at a shelf, and how far apart. */
#define LOOK_M 0.6
#define SPOT_EVERY_M 0.7
#define SIDE_MIN_M 0.5
#define LONG_SIDE 0.5 /* of the longest: shorter ends have no goods */
#define PASS_M 0.34   /* behind somebody who looks, for others to pass */
#define QUEUE_EVERY_M 0.8
#define QUEUE_MORE 6
#define DOOR_PAST_M 0.9  /* beyond the sill, in front of the door and behind it */
#define DOOR_POST_M 0.45 /* from a door's ends */
#define U_TURN_MIN_M 0.5
#define U_TURN_MAX_M 2.0
#define MANY_STOPS 60
#define STAFF_SPREAD_S 20 /* a shift does not come all at once */

/* Bodies of grown-ups: the pooled mean of men and women in many countries lies near 1.69 m,
 * with a standard deviation of about 0.09 m (NCD-RisC, eLife 5:e13410, 2016, for the means). */
#define ADULT_M 1.69
#define ADULT_SD_M 0.09
#define CHILD_MIN_M 1.0
#define CHILD_MAX_M 1.4
/* Breadth over the shoulders, and a step, as shares of the height (Drillis & Contini, "Body
 * Segment Parameters", New York University, 1966; Winter, "Biomechanics and Motor Control of
 * Human Movement", 4th ed. 2009). */
#define SHOULDER 0.259
#define STEP 0.41
#define GROUP_SLOWER_M_S 0.04 /* for each companion */
#define TROLLEY_PACE 0.85
#define WHEELCHAIR_M_S 0.8

/* ---- places to stand ---- */

static bool in_shop(const struct crowd *c, const struct indoors *in, struct pt_m at)
{
	return ways_free_at(c->ways, at) && (!c->scene->n_doors || indoors_at(in, at));
}

static struct pt_m side(const struct scene_shelf *s, int k)
{
	struct pt_m a = s->corner[k], b = s->corner[(k + 1) % 4];

	return (struct pt_m){ b.x - a.x, b.y - a.y };
}

static double side_length(const struct scene_shelf *s, int k)
{
	struct pt_m d = side(s, k);

	return real_hypot(d.x, d.y);
}

/* Places before side k of a shelf; where `strict`, only such that others can pass behind. */
static void spots_before(struct crowd *c, const struct indoors *in, int shelf, int k,
			 bool strict)
{
	const struct scene_shelf *s = &c->scene->shelf[shelf];
	double length = side_length(s, k);
	struct pt_m d = side(s, k), out = { d.y / length, -d.x / length };
	int n = (int)fmax(1, floor(length / SPOT_EVERY_M));
	double weight = s->browse * length / n;

	for (int m = 0; m < n; m++) {
		struct pt_m on =
			plane_between(s->corner[k], s->corner[(k + 1) % 4], (m + 0.5) / n);
		struct pt_m at = { on.x + LOOK_M * out.x, on.y + LOOK_M * out.y };
		struct pt_m behind = { at.x + PASS_M * out.x, at.y + PASS_M * out.y };

		if (!in_shop(c, in, at) || (strict && !in_shop(c, in, behind)))
			continue;
		*VEC_PUSH(&c->spot) = (struct spot){ .at = at,
						     .facing = real_atan2(-out.y, -out.x),
						     .weight = weight,
						     .shelf = shelf };
		c->spot_weight += weight;
	}
}

/* Goods are on the long sides. */
static void plan_spots(struct crowd *c, const struct indoors *in, bool strict)
{
	for (int i = 0; i < c->scene->n_shelves; i++) {
		const struct scene_shelf *s = &c->scene->shelf[i];
		double longest = fmax(side_length(s, 0), side_length(s, 1));

		for (int k = 0; k < 4 && s->browse > 0; k++)
			if (side_length(s, k) >= (strict ? LONG_SIDE * longest : SIDE_MIN_M))
				spots_before(c, in, i, k, strict);
	}
}

int plan_spot(const struct crowd *c, struct rng *r)
{
	double at = rng_unit(r) * c->spot_weight;

	for (size_t i = 0; i < c->spot.n; i++) {
		at -= c->spot.v[i].weight;
		if (at < 0)
			return (int)i;
	}
	return (int)c->spot.n - 1;
}

/* Place number k of a line, beyond the last point of the queue straight on. */
static struct pt_m queue_place(const struct polyline *q, int k)
{
	double left = k * QUEUE_EVERY_M, d = 0;

	for (int i = 1; i < q->n; i++, left -= d) {
		d = real_hypot(q->at[i].x - q->at[i - 1].x, q->at[i].y - q->at[i - 1].y);
		if (d > 0 && (left <= d || i + 1 == q->n))
			return plane_between(q->at[i - 1], q->at[i], left / d);
	}
	return q->at[q->n - 1];
}

static double queue_length(const struct polyline *q)
{
	double sum = 0;

	for (int i = 1; i < q->n; i++)
		sum += real_hypot(q->at[i].x - q->at[i - 1].x, q->at[i].y - q->at[i - 1].y);
	return sum;
}

/* People stand along the queue as drawn, and some more behind it as far as there is room. */
static void plan_tills(struct crowd *c, const struct indoors *in)
{
	for (int i = 0; i < c->scene->n_tills; i++) {
		const struct polyline *q = &c->scene->till[i].queue;
		struct till_line *l = &c->till[i];
		int drawn = (int)(queue_length(q) / QUEUE_EVERY_M + 1e-6) + 1;

		for (int k = 0; k < drawn + QUEUE_MORE; k++) {
			struct pt_m at = queue_place(q, k);

			if (k >= drawn && (q->n < 2 || !in_shop(c, in, at) ||
					   !ways_clear(c->ways, l->place.v[k - 1], at)))
				break;
			ways_nearest(c->ways, at, &at);
			*VEC_PUSH(&l->place) = at;
		}
	}
}

void plan_places(struct crowd *c)
{
	struct indoors *in = indoors_new(c->scene);

	plan_spots(c, in, true);
	if (!c->spot.n)
		plan_spots(c, in, false);
	plan_tills(c, in);
	indoors_free(in);
}

/* A point at the distance past_m behind a door, off its middle by a share of the room: -1 at
 * its beginning, 1 at its end. */
static struct pt_m at_door(const struct scene_door *d, double past_m, double share)
{
	double dx = d->at[1].x - d->at[0].x, dy = d->at[1].y - d->at[0].y;
	double n = real_hypot(dx, dy), side_m = share * fmax(0, n / 2 - DOOR_POST_M);

	dx /= n;
	dy /= n;
	return (struct pt_m){
		(d->at[0].x + d->at[1].x) / 2 + side_m * dx + past_m * dy,
		(d->at[0].y + d->at[1].y) / 2 + side_m * dy - past_m * dx,
	};
}

/* Most people keep to their right: who comes in, to the door's beginning. */
static double side_of(struct rng *r, bool in)
{
	double share = rng_between(r, -0.4, 1);

	return in ? -share : share;
}

/* ---- chances ---- */

static int pick_portal(const struct scene *s, struct rng *r, enum portal_kind kind, int not )
{
	double sum = 0, at;
	int last = -1;

	for (int i = 0; i < s->n_portals; i++)
		if (s->portal[i].kind == kind && i != not )
			sum += s->portal[i].share;
	at = rng_unit(r) * sum;
	for (int i = 0; i < s->n_portals; i++) {
		if (s->portal[i].kind != kind || i == not )
			continue;
		last = i;
		at -= s->portal[i].share;
		if (at < 0)
			break;
	}
	return last;
}

static int pick_door(const struct scene *s, struct rng *r)
{
	double sum = 0, at;

	for (int i = 0; i < s->n_doors; i++)
		sum += s->door[i].share;
	at = rng_unit(r) * sum;
	for (int i = 0; i < s->n_doors; i++) {
		at -= s->door[i].share;
		if (at < 0)
			return i;
	}
	return s->n_doors - 1;
}

static bool portal_point(struct crowd *c, struct rng *r, int portal, struct pt_m *at)
{
	const struct scene_portal *p = &c->scene->portal[portal];

	return ways_nearest(c->ways, plane_between(p->at[0], p->at[1], rng_unit(r)), at);
}

/* ---- persons ---- */

struct person *plan_person(struct crowd *c, int64_t id)
{
	size_t lo = 0, hi = c->person.n;

	while (lo < hi) {
		size_t mid = (lo + hi) / 2;

		if (c->person.v[mid].a.who.id < id)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < c->person.n && c->person.v[lo].a.who.id == id ? &c->person.v[lo] : NULL;
}

static struct person *appear(struct crowd *c, enum person_kind kind, struct pt_m at)
{
	struct person *p = VEC_PUSH(&c->person);
	struct persona *w = &p->a.who;

	*p = (struct person){ 0 };
	p->a.at = p->was = at;
	p->a.doing = DOING_WALK;
	p->a.till = p->a.shelf = -1;
	w->id = ++c->last_id;
	w->kind = kind;
	w->walker = -1;
	w->born_us = c->t_us;
	rng_init(&p->rng, c->seed, (uint64_t)w->id + 1000);
	w->look = rng_hash(c->seed, (uint64_t)w->id);
	p->best_left_m = HUGE_VAL;
	return p;
}

static void give_body(struct crowd *c, struct person *p, enum body_kind body)
{
	const struct scene_people *o = &c->scene->people;
	struct persona *w = &p->a.who;
	double v = o->speed_m_s + o->speed_sd * rng_normal(&p->rng);

	w->body = body;
	w->height_m = body == BODY_CHILD ? rng_between(&p->rng, CHILD_MIN_M, CHILD_MAX_M)
					 : ADULT_M + ADULT_SD_M * rng_normal(&p->rng);
	w->height_m = fmin(fmax(w->height_m, CHILD_MIN_M), 2.05);
	w->shoulder_m = SHOULDER * w->height_m;
	w->step_m = STEP * w->height_m;
	w->low_contrast = rng_chance(&p->rng, o->low_contrast) != 0;
	p->want_m_s = fmin(fmax(v, 0.5), 2.0);
	p->radius_m = body == BODY_CHILD ? 0.18 : 0.23;
	if (body == BODY_WHEELCHAIR) {
		p->want_m_s = fmin(p->want_m_s, WHEELCHAIR_M_S);
		p->radius_m = 0.35;
		p->a.sit = 1;
	}
}

static void give_trolley(struct person *p)
{
	p->a.who.trolley = true;
	p->want_m_s *= TROLLEY_PACE;
	p->radius_m = 0.4;
}

static void add(struct person *p, struct task t)
{
	*VEC_PUSH(&p->task) = t;
}

static void add_go(struct crowd *c, struct person *p, struct pt_m at)
{
	struct pt_m free;

	if (ways_nearest(c->ways, at, &free))
		add(p,
		    (struct task){
			    .kind = TASK_GO, .at = free, .shelf = -1, .till = -1, .spot = -1 });
}

static void add_end(struct crowd *c, struct person *p, int portal)
{
	struct pt_m at;

	if (portal >= 0 && portal_point(c, &p->rng, portal, &at))
		add_go(c, p, at);
	add(p, (struct task){ .kind = TASK_END });
}

/* Who comes looks where he will walk to. */
static void face_way(struct crowd *c, struct person *p)
{
	const struct way *way = p->task.n ? ways_to(c->ways, p->task.v[0].at) : NULL;

	if (way)
		walk_turn(p, way_next(way, p->a.at), true);
}

double plan_stop(const struct scene_people *o, struct rng *r)
{
	double s;

	/* What is clipped would pile up at the limits: drawn again instead, while that helps.
	 */
	for (int i = 0; i < 100; i++) {
		s = rng_lognormal(r, o->stop_s, o->stop_sigma);
		if (s >= o->stop_min_s && s <= o->stop_max_s)
			return s;
	}
	return fmin(fmax(s, o->stop_min_s), o->stop_max_s);
}

/* Knuth, The Art of Computer Programming 2, 3.4.1. */
static int poisson(struct rng *r, double mean)
{
	double p = 1, end = real_exp(-mean);
	int n = -1;

	do {
		n++;
		p *= rng_unit(r);
	} while (p > end && n < MANY_STOPS);
	return n;
}

static void add_look(struct crowd *c, struct person *p, int spot, double for_s)
{
	const struct spot *s = &c->spot.v[spot];

	add(p, (struct task){ .kind = TASK_LOOK,
			      .at = s->at,
			      .facing = s->facing,
			      .for_s = for_s,
			      .shelf = s->shelf,
			      .till = -1,
			      .spot = spot });
}

/* Through the shop: in by a door, to shelves and a till, out by a door. */
static void plan_visit(struct crowd *c, struct person *p, int portal)
{
	const struct scene *s = c->scene;
	const struct scene_people *o = &s->people;
	const struct scene_door *in = &s->door[pick_door(s, &p->rng)];
	const struct scene_door *out = &s->door[pick_door(s, &p->rng)];

	if (rng_chance(&p->rng, o->u_turn)) {
		double deep = rng_between(&p->rng, U_TURN_MIN_M, U_TURN_MAX_M);

		add_go(c, p, at_door(in, deep, side_of(&p->rng, true)));
		add_go(c, p, at_door(in, -DOOR_PAST_M, side_of(&p->rng, false)));
		add_end(c, p, portal);
		return;
	}
	add_go(c, p, at_door(in, DOOR_PAST_M, side_of(&p->rng, true)));
	for (int n = c->spot.n ? poisson(&p->rng, o->stops) : 0; n > 0; n--) {
		int spot = plan_spot(c, &p->rng);

		add_look(c, p, spot, plan_stop(o, &p->rng));
	}
	if (s->n_tills && rng_chance(&p->rng, o->buyers))
		add(p,
		    (struct task){ .kind = TASK_QUEUE, .till = -1, .shelf = -1, .spot = -1 });
	add_go(c, p, at_door(out, -DOOR_PAST_M, side_of(&p->rng, false)));
	add_end(c, p, pick_portal(s, &p->rng, PORTAL_STREET, -1));
}

static int group_size(const struct scene_people *o, struct rng *r)
{
	double at = rng_unit(r) * (o->group[0] + o->group[1] + o->group[2] + o->group[3]);

	for (int i = 0; i < 4; i++) {
		at -= o->group[i];
		if (at < 0)
			return i + 1;
	}
	return 1;
}

static void follow(struct person *p, const struct person *leader, int i, int64_t group)
{
	p->leader = leader->a.who.id;
	p->leader_at = leader->a.at;
	p->place = i;
	p->a.who.group = group;
}

/* People a party, on average. */
static double mean_size(const struct scene_people *o)
{
	const double *g = o->group;

	return (g[0] + 2 * g[1] + 3 * g[2] + 4 * g[3]) / (g[0] + g[1] + g[2] + g[3]);
}

/* Who comes first in a party is grown up, and the only one with a trolley: what the scene says
 * is a share of all people. */
static enum body_kind pick_body(const struct scene_people *o, struct rng *r, bool first)
{
	double others = 1 - 1 / mean_size(o);

	if (!first && rng_chance(r, fmin(1, o->child / others)))
		return BODY_CHILD;
	return rng_chance(r, o->wheelchair) ? BODY_WHEELCHAIR : BODY_ADULT;
}

static bool picks_trolley(const struct scene_people *o, struct person *p)
{
	return p->a.who.kind == PERSON_SHOPPER && p->a.who.body == BODY_ADULT &&
	       rng_chance(&p->rng, fmin(1, o->trolley * mean_size(o)));
}

/* A party of one to four comes out of a portal. r draws what concerns all of them. */
static void send_party(struct crowd *c, struct rng *r, enum person_kind kind)
{
	const struct scene *s = c->scene;
	const struct scene_people *o = &s->people;
	int portal = pick_portal(s, r, PORTAL_STREET, -1), to;
	int n = group_size(o, r);
	size_t first = c->person.n;
	double slow = HUGE_VAL;
	struct pt_m at;

	if (portal < 0 || !portal_point(c, r, portal, &at))
		return;
	to = pick_portal(s, r, PORTAL_STREET, portal);
	for (int i = 0; i < n; i++) {
		struct pt_m mine = at;
		struct person *p;

		if (i)
			portal_point(c, r, portal, &mine);
		p = appear(c, kind, mine);
		give_body(c, p, pick_body(o, &p->rng, !i));
		slow = fmin(slow, p->want_m_s);
		if (i) {
			follow(p, &c->person.v[first], i, c->last_group);
			p->a.facing = c->person.v[first].a.facing;
			continue;
		}
		if (n > 1)
			p->a.who.group = ++c->last_group;
		if (picks_trolley(o, p))
			give_trolley(p);
		if (kind == PERSON_PASSER)
			add_end(c, p, to >= 0 ? to : portal);
		else
			plan_visit(c, p, portal);
		face_way(c, p);
	}
	/* The larger the party, the slower (Moussaid et al., PLoS ONE 5(4), 2010); and no
	 * faster than its slowest. */
	c->person.v[first].want_m_s =
		fmin(slow, c->person.v[first].want_m_s) - GROUP_SLOWER_M_S * (n - 1);
}

/* ---- arrivals ---- */

/* Parties that come in this tick: a Poisson process thinned to the hour's rate. */
static int parties(struct crowd *c, struct rng *r, const double *per_hour, int hour)
{
	double mean = per_hour[hour] / mean_size(&c->scene->people) / 3600 * TICK_S;

	return mean > 0 ? poisson(r, mean) : 0;
}

static int free_post(struct crowd *c, int64_t who)
{
	int posts = c->scene->people.staff;

	for (int i = 0; i < posts && i < (int)(sizeof(c->post) / sizeof(*c->post)); i++)
		if (!c->post[i]) {
			c->post[i] = who;
			return i;
		}
	return -1;
}

void plan_round(struct crowd *c, struct person *p)
{
	const struct scene *s = c->scene;
	double left = (double)(p->until_us - c->t_us) / 1e6;
	bool cashier = p->post < s->n_tills;
	struct task t = {
		.kind = TASK_WORK, .at = p->a.at, .shelf = -1, .till = -1, .spot = -1
	};

	p->task.n = p->now = 0;
	if (left <= 0) {
		add_end(c, p, pick_portal(s, &p->rng, PORTAL_STAFF, -1));
		return;
	}
	t.for_s = fmin(fmax(5, rng_exponential(&p->rng, s->people.cross_s)), left);
	if (cashier) {
		const struct scene_till *till = &s->till[p->post];

		t.till = p->post;
		t.at = till->cashier;
		t.facing = real_atan2(till->customer.y - till->cashier.y,
				      till->customer.x - till->cashier.x);
		ways_nearest(c->ways, t.at, &t.at);
	}
	if (cashier || !c->spot.n)
		add(p, t);
	if (c->spot.n && (!cashier || t.for_s < left)) {
		int spot = plan_spot(c, &p->rng);

		add_look(c, p, spot, cashier ? rng_between(&p->rng, 15, 40) : t.for_s);
	}
}

static void send_staff(struct crowd *c, double hour)
{
	const struct scene *s = c->scene;
	const struct scene_people *o = &s->people;
	int portal, post;
	struct person *p;
	struct pt_m at;
	double shift_s = fmin(o->shift_h, o->staff_to_h - hour) * 3600;

	if (!o->staff || hour < o->staff_from_h || shift_s < 60)
		return;
	if (!rng_chance(&c->staff, TICK_S / STAFF_SPREAD_S * 2))
		return;
	post = free_post(c, c->last_id + 1);
	if (post < 0)
		return;
	portal = pick_portal(s, &c->staff, PORTAL_STAFF, -1);
	if (portal >= 0 ? !portal_point(c, &c->staff, portal, &at)
			: !ways_nearest(c->ways,
					post < s->n_tills ? s->till[post].cashier
					: c->spot.n       ? c->spot.v[0].at
							  : s->floor.from,
					&at)) {
		c->post[post] = 0;
		return;
	}
	p = appear(c, PERSON_STAFF, at);
	give_body(c, p, BODY_ADULT);
	p->post = post;
	p->until_us = c->t_us + (int64_t)(shift_s * 1e6);
	plan_round(c, p);
	face_way(c, p);
}

static void send_walkers(struct crowd *c)
{
	const struct scene *s = c->scene;

	for (int i = 0; i < s->n_walkers; i++) {
		const struct scene_walker *w = &s->walker[i];
		struct person *p;

		if (c->walker_came[i] || c->t_us < s->start_us + (int64_t)(w->start_s * 1e6))
			continue;
		c->walker_came[i] = true;
		p = appear(c, w->staff ? PERSON_STAFF : PERSON_SHOPPER, w->path.at[0]);
		give_body(c, p, w->body);
		p->a.who.walker = i;
		p->a.who.low_contrast = false;
		p->a.who.height_m = w->height_m;
		p->a.who.shoulder_m = SHOULDER * w->height_m;
		p->a.who.step_m = STEP * w->height_m;
		if (w->trolley)
			give_trolley(p);
	}
}

void plan_arrivals(struct crowd *c)
{
	const struct scene *s = c->scene;
	double h = scene_hour(s, c->t_us);
	int hour = (int)h;

	send_walkers(c);
	if (s->n_doors)
		for (int n = parties(c, &c->shoppers, s->people.shoppers_h, hour); n > 0; n--)
			send_party(c, &c->shoppers, PERSON_SHOPPER);
	for (int n = parties(c, &c->passers, s->people.passers_h, hour); n > 0; n--)
		send_party(c, &c->passers, PERSON_PASSER);
	send_staff(c, h);
}
