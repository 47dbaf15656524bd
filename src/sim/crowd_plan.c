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
#define QUEUE_EVERY_M 0.8
#define DOOR_PAST_M 0.9 /* beyond the sill, in front of the door and behind it */
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

void plan_spots(struct crowd *c)
{
	const struct scene *s = c->scene;
	struct indoors *in = s->n_doors ? indoors_new(s) : NULL;

	for (int i = 0; i < s->n_shelves; i++)
		for (int k = 0; k < 4 && s->shelf[i].browse > 0; k++) {
			struct pt_m a = s->shelf[i].corner[k],
				    b = s->shelf[i].corner[(k + 1) % 4];
			double length = real_hypot(b.x - a.x, b.y - a.y);
			struct pt_m out = { (b.y - a.y) / length, -(b.x - a.x) / length };
			int n = (int)fmax(1, floor(length / SPOT_EVERY_M));

			for (int m = 0; m < n && length >= SIDE_MIN_M; m++) {
				struct pt_m at = plane_between(a, b, (m + 0.5) / n);

				at.x += LOOK_M * out.x;
				at.y += LOOK_M * out.y;
				if (!ways_free_at(c->ways, at) || (in && !indoors_at(in, at)))
					continue;
				*VEC_PUSH(&c->spot) = (struct spot){
					.at = at,
					.facing = real_atan2(-out.y, -out.x),
					.weight = s->shelf[i].browse * length / n,
					.shelf = i,
				};
				c->spot_weight += s->shelf[i].browse * length / n;
			}
		}
	indoors_free(in);
}

static int pick_spot(const struct crowd *c, struct rng *r)
{
	double at = rng_unit(r) * c->spot_weight;

	for (size_t i = 0; i < c->spot.n; i++) {
		at -= c->spot.v[i].weight;
		if (at < 0)
			return (int)i;
	}
	return (int)c->spot.n - 1;
}

struct pt_m plan_queue_place(const struct scene_till *till, int k)
{
	const struct polyline *q = &till->queue;
	double left = k * QUEUE_EVERY_M;

	for (int i = 1; i < q->n; i++) {
		double d = real_hypot(q->at[i].x - q->at[i - 1].x, q->at[i].y - q->at[i - 1].y);

		if (left <= d)
			return plane_between(q->at[i - 1], q->at[i], left / d);
		left -= d;
	}
	return q->at[q->n - 1];
}

/* A point at the distance past_m behind the middle of a door, off to the side by side_m. */
static struct pt_m at_door(const struct scene_door *d, double past_m, double side_m)
{
	double dx = d->at[1].x - d->at[0].x, dy = d->at[1].y - d->at[0].y;
	double n = real_hypot(dx, dy), most = fmax(0, n / 2 - 0.45);

	side_m = fmin(fmax(side_m, -most), most);
	dx /= n;
	dy /= n;
	return (struct pt_m){
		(d->at[0].x + d->at[1].x) / 2 + side_m * dx + past_m * dy,
		(d->at[0].y + d->at[1].y) / 2 + side_m * dy - past_m * dx,
	};
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
	p->a.at = at;
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

static double stop_length(const struct scene_people *o, struct rng *r)
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
	double side = rng_between(&p->rng, -2, 2);

	add_go(c, p, at_door(in, -DOOR_PAST_M, side));
	if (rng_chance(&p->rng, o->u_turn)) {
		add_go(c, p,
		       at_door(in, rng_between(&p->rng, U_TURN_MIN_M, U_TURN_MAX_M), side));
		add_go(c, p, at_door(in, -DOOR_PAST_M, rng_between(&p->rng, -2, 2)));
		add_end(c, p, portal);
		return;
	}
	add_go(c, p, at_door(in, DOOR_PAST_M, side));
	for (int n = c->spot.n ? poisson(&p->rng, o->stops) : 0; n > 0; n--) {
		int spot = pick_spot(c, &p->rng);

		add_look(c, p, spot, stop_length(o, &p->rng));
	}
	if (s->n_tills && rng_chance(&p->rng, o->buyers))
		add(p,
		    (struct task){ .kind = TASK_QUEUE, .till = -1, .shelf = -1, .spot = -1 });
	side = rng_between(&p->rng, -2, 2);
	add_go(c, p, at_door(out, DOOR_PAST_M, side));
	add_go(c, p, at_door(out, -DOOR_PAST_M, side));
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

/* A party of one to four comes out of a portal. r draws what concerns all of them. */
static void send_party(struct crowd *c, struct rng *r, bool passers)
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
		enum body_kind body = BODY_ADULT;

		if (i)
			portal_point(c, r, portal, &mine);
		p = appear(c, passers ? PERSON_PASSER : PERSON_SHOPPER, mine);
		/* Children come with grown-ups only, so that more of those who are not first
		 * are children. */
		if (i && rng_chance(&p->rng, fmin(1, o->child * 2.5)))
			body = BODY_CHILD;
		else if (rng_chance(&p->rng, o->wheelchair))
			body = BODY_WHEELCHAIR;
		give_body(c, p, body);
		if (i) {
			follow(p, &c->person.v[first], i, c->last_group);
			slow = fmin(slow, p->want_m_s);
		} else {
			if (n > 1)
				p->a.who.group = ++c->last_group;
			if (!passers && body == BODY_ADULT && rng_chance(&p->rng, o->trolley))
				give_trolley(p);
			if (passers)
				add_end(c, p, to >= 0 ? to : portal);
			else
				plan_visit(c, p, portal);
			slow = p->want_m_s;
		}
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
	const double *g = c->scene->people.group;
	double size = (g[0] + 2 * g[1] + 3 * g[2] + 4 * g[3]) / (g[0] + g[1] + g[2] + g[3]);
	double mean = per_hour[hour] / size / 3600 * TICK_S;

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

/* A member of staff works a shift at post number `post`: at the till of that number, or at the
 * shelves, with walks through the shop in between. */
static void plan_shift(struct crowd *c, struct person *p, int post, double shift_s)
{
	const struct scene *s = c->scene;
	bool cashier = post < s->n_tills;
	double left = shift_s;

	while (left > 0) {
		double here = fmax(5, rng_exponential(&p->rng, s->people.cross_s));
		struct task t = { .kind = TASK_WORK,
				  .for_s = fmin(here, left),
				  .shelf = -1,
				  .till = -1,
				  .spot = -1 };

		if (cashier) {
			const struct scene_till *till = &s->till[post];

			t.till = post;
			t.at = till->cashier;
			t.facing = real_atan2(till->customer.y - till->cashier.y,
					      till->customer.x - till->cashier.x);
			add(p, t);
		} else if (!c->spot.n) {
			t.at = p->a.at;
			add(p, t);
		}
		left -= t.for_s;
		if (c->spot.n) {
			double look = rng_between(&p->rng, 15, cashier ? 40 : 300);

			add_look(c, p, pick_spot(c, &p->rng), look);
			left -= look;
		}
	}
	add_end(c, p, pick_portal(s, &p->rng, PORTAL_STAFF, -1));
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
	plan_shift(c, p, post, shift_s);
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
			send_party(c, &c->shoppers, false);
	for (int n = parties(c, &c->passers, s->people.passers_h, hour); n > 0; n--)
		send_party(c, &c->passers, true);
	send_staff(c, h);
}
