/* SPDX-License-Identifier: Apache-2.0 */
/* crowd_do.c -- what people do, one tick at a time. */
#include "sim/crowd_person.h"

#include "base/real.h"
#include "sim/plane.h"

#include <math.h>
#include <string.h>

#define ARRIVED_M 0.3
#define PASSED_M 0.5 /* where one only passes by */
#define NEAR_M 0.3
#define HEADS_TICKS 8 /* for how long one heads for the same point of the way */
#define PROGRESS_M 0.3
#define GIVE_UP_S 45 /* without progress: the next thing */
#define SHRUG_S 20   /* the same on the way to a shelf */
#define CROWDED_S 2  /* somebody stands in the place: next to him will do */
#define CROWDED_M 0.8
#define SPOT_TRIES 8
#define JOIN_M 1.2   /* this near its end one is in the line */
#define LINE_TRIES 3 /* then one leaves without buying */
#define SERVICE_SIGMA 0.5
#define STAY_S 600 /* cashiers finish with who is in the line, so long at most */
#define IN_PLACE_M 0.15
#define CREEP_M_S 0.6  /* moving up in a line, stepping aside */
#define SHOP_PACE 0.75 /* shopping one walks slower than in the street */
#define ASIDE_M 0.2    /* from where one stands at a shelf */
#define BESIDE_M 0.65  /* companions walk side by side */
#define LOST_M 2.0     /* farther ahead a companion waits */
#define WAIT_M 2.5     /* who leads slows down for who is farther behind */
#define STOP_M 4.0     /* and waits for who is still farther */
#define PATIENCE_S 20  /* for so long */

static double distance(struct pt_m a, struct pt_m b)
{
	double dx = a.x - b.x, dy = a.y - b.y;

	return sqrt(dx * dx + dy * dy);
}

static void next_task(struct person *p)
{
	p->now++;
	p->there = false;
	p->task_s = 0;
	p->stuck_s = 0;
	p->best_left_m = HUGE_VAL;
	p->way = NULL;
	p->to_sway = p->to_bend = p->to_reach = p->step_m = p->aside_m = 0;
	p->a.doing = DOING_WALK;
	p->a.shelf = p->a.till = -1;
}

static void straighten(struct person *p)
{
	p->a.bend = fmax(0, p->a.bend - 1.5 * TICK_S);
	p->a.reach = fmax(0, p->a.reach - 2 * TICK_S);
	p->a.sway -= fmin(fmax(p->a.sway, -2 * TICK_S), 2 * TICK_S);
}

static double pace(const struct person *p)
{
	double v = p->want_m_s;

	if (p->a.who.kind == PERSON_SHOPPER && p->now > 0)
		v *= SHOP_PACE;
	return p->behind_m > WAIT_M ? 0.5 * v : v;
}

/* Small movements while standing: weight from foot to foot, at goods now and then a step aside
 * and back, a hand, a look low down. */
static void fidget(struct person *p, bool at_goods)
{
	p->act_s -= TICK_S;
	if (p->act_s > 0)
		return;
	p->to_bend = p->to_reach = 0;
	p->to_sway = rng_between(&p->rng, -1, 1);
	if (at_goods && rng_chance(&p->rng, 0.3))
		p->to_reach = rng_between(&p->rng, 0.5, 1);
	else if (at_goods && rng_chance(&p->rng, 0.12))
		p->to_bend = rng_between(&p->rng, 0.4, 0.9);
	if (at_goods && rng_chance(&p->rng, 0.25))
		p->step_m = rng_between(&p->rng, -ASIDE_M, ASIDE_M) - p->aside_m;
	p->act_s = rng_between(&p->rng, 1.5, 6);
}

/* For companions who are far behind, but not for ever. */
static bool wait_for_them(struct crowd *c, struct person *p)
{
	if (p->behind_m <= STOP_M || p->waited_s > PATIENCE_S) {
		p->waited_s -= fmin(p->waited_s, TICK_S / 2);
		return false;
	}
	p->waited_s += TICK_S;
	p->a.doing = DOING_WAIT;
	p->turn_to = real_atan2(p->behind_at.y - p->a.at.y, p->behind_at.x - p->a.at.x);
	fidget(p, false);
	walk_stand(c, p);
	return true;
}

/* Where to head for on a way; looked up anew every few ticks. */
static struct pt_m heading(struct person *p, const struct way *way)
{
	if (--p->heads_ticks <= 0 || distance(p->a.at, p->heads) < NEAR_M) {
		p->heads = way_next(way, p->a.at);
		p->heads_ticks = HEADS_TICKS;
	}
	return p->heads;
}

/* Something was put down where he stands: off it. */
static bool step_off(struct crowd *c, struct person *p)
{
	struct pt_m to;

	if (ways_free_at(c->ways, p->a.at) || !ways_nearest(c->ways, p->a.at, &to))
		return false;
	walk_move_up(c, p, to, CREEP_M_S);
	return true;
}

/* One tick on the way to `at`; true once there. Gives up (*lost) when it goes on no further for
 * so long, or there is no way. */
static bool go(struct crowd *c, size_t i, struct pt_m at, double near_m, double patience_s,
	       bool *lost)
{
	struct person *p = &c->person.v[i];
	double left;

	*lost = false;
	p->a.doing = DOING_WALK;
	straighten(p);
	if (distance(p->a.at, at) <= near_m)
		return true;
	if (step_off(c, p) || wait_for_them(c, p))
		return false;
	if (!p->way) {
		p->way = ways_to(c->ways, at);
		p->heads_ticks = 0;
	}
	left = p->way ? way_left(p->way, p->a.at) : -1;
	if (left < p->best_left_m - PROGRESS_M) {
		p->best_left_m = left;
		p->stuck_s = 0;
	} else {
		p->stuck_s += TICK_S;
	}
	*lost = left < 0 || p->stuck_s > patience_s;
	if (!*lost)
		walk_tick(c, i, heading(p, p->way), pace(p));
	return false;
}

/* ---- at a shelf ---- */

/* The free spot of that shelf that is nearest to the one that was meant; when there is none,
 * at another shelf; -1: the shop is too full. */
static int take_spot(struct crowd *c, struct person *p, int meant)
{
	int best = -1;
	double least = HUGE_VAL;

	for (int i = 0; i < (int)c->spot.n; i++) {
		const struct spot *s = &c->spot.v[i];
		double d = distance(s->at, c->spot.v[meant].at);

		if (s->shelf == c->spot.v[meant].shelf && !s->taken && d < least &&
		    ways_free_at(c->ways, s->at)) {
			least = d;
			best = i;
		}
	}
	for (int i = 0; best < 0 && i < SPOT_TRIES; i++) {
		int other = plan_spot(c, &p->rng);

		if (!c->spot.v[other].taken && ways_free_at(c->ways, c->spot.v[other].at))
			best = other;
	}
	if (best >= 0)
		c->spot.v[best].taken = p->a.who.id;
	return best;
}

static void leave_spot(struct crowd *c, struct person *p, int spot)
{
	if (c->spot.v[spot].taken == p->a.who.id)
		c->spot.v[spot].taken = 0;
}

static void do_look(struct crowd *c, size_t i)
{
	struct person *p = &c->person.v[i];
	struct task *t = &p->task.v[p->now];
	bool lost;

	if (p->task_s == 0 && !p->there) {
		t->spot = take_spot(c, p, t->spot);
		if (t->spot < 0) {
			next_task(p);
			return;
		}
		t->at = c->spot.v[t->spot].at;
		t->facing = c->spot.v[t->spot].facing;
		t->shelf = c->spot.v[t->spot].shelf;
		p->task_s = TICK_S;
	}
	if (!p->there) {
		p->there = go(c, i, t->at, IN_PLACE_M, SHRUG_S, &lost) ||
			   (p->stuck_s > CROWDED_S && distance(p->a.at, t->at) < CROWDED_M);
		if (lost) {
			leave_spot(c, p, t->spot);
			next_task(p);
			return;
		}
		p->task_s = TICK_S;
		return;
	}
	p->a.doing = DOING_LOOK;
	p->a.shelf = t->shelf;
	p->turn_to = t->facing;
	fidget(p, true);
	walk_stand(c, p);
	p->task_s += TICK_S;
	if (p->task_s > t->for_s) {
		leave_spot(c, p, t->spot);
		next_task(p);
	}
}

/* ---- at a till ---- */

/* The till with the shortest line, manned ones first; -1 when all lines are full. */
static int shortest_line(const struct crowd *c)
{
	int best = -1, least = 0;

	for (int i = 0; i < c->scene->n_tills; i++) {
		const struct till_line *l = &c->till[i];
		int n = (int)l->who.n + l->heading;

		if (n >= (int)l->place.n)
			continue;
		n += l->cashier ? 0 : 1000;
		if (best < 0 || n < least) {
			best = i;
			least = n;
		}
	}
	return best;
}

/* All lines are full: he looks at something else first, or leaves it. */
static void put_off(struct crowd *c, struct person *p)
{
	struct task look = { .kind = TASK_LOOK, .shelf = -1, .till = -1 };

	if (!c->spot.n || ++p->tries > LINE_TRIES) {
		next_task(p);
		return;
	}
	look.spot = plan_spot(c, &p->rng);
	look.for_s = plan_stop(&c->scene->people, &p->rng);
	VEC_PUSH(&p->task);
	memmove(&p->task.v[p->now + 1], &p->task.v[p->now],
		(p->task.n - 1 - p->now) * sizeof(*p->task.v));
	p->task.v[p->now] = look;
	p->task_s = 0;
}

static int place_in(const struct till_line *l, int64_t id)
{
	for (size_t i = 0; i < l->who.n; i++)
		if (l->who.v[i] == id)
			return (int)i;
	return -1;
}

static void leave_line(struct till_line *l, int k)
{
	l->who.n--;
	for (size_t i = (size_t)k; i < l->who.n; i++)
		l->who.v[i] = l->who.v[i + 1];
}

/* On the way to the end of the line; in it as soon as he is near. */
static void join_line(struct crowd *c, size_t i, struct task *t)
{
	struct person *p = &c->person.v[i];
	struct till_line *l = &c->till[t->till];
	struct pt_m end = l->place.v[l->who.n];
	bool lost, near;

	ways_nearest(c->ways, end, &end);
	/* The end moves: another way once it is another cell's. */
	if (p->way && distance(end, t->at) > 0.1)
		p->way = NULL;
	t->at = end;
	near = go(c, i, end, JOIN_M, GIVE_UP_S, &lost);
	if (!near && !lost)
		return;
	l->heading--;
	if (lost) {
		next_task(p);
		return;
	}
	*VEC_PUSH(&l->who) = p->a.who.id;
	p->there = true;
	p->task_s = 0;
	p->a.till = t->till;
	p->a.doing = DOING_QUEUE;
}

static void do_queue(struct crowd *c, size_t i)
{
	struct person *p = &c->person.v[i];
	struct task *t = &p->task.v[p->now];
	const struct scene_till *till;
	struct till_line *l;
	struct pt_m at, before;
	int k;

	if (t->till < 0) {
		t->till = shortest_line(c);
		if (t->till < 0) {
			put_off(c, p);
			return;
		}
		c->till[t->till].heading++;
		t->for_s = rng_lognormal(&p->rng, c->scene->till[t->till].service_s,
					 SERVICE_SIGMA);
	}
	if (!p->there) {
		join_line(c, i, t);
		return;
	}
	till = &c->scene->till[t->till];
	l = &c->till[t->till];
	k = place_in(l, p->a.who.id);
	ways_nearest(c->ways, l->place.v[k], &at);
	before = k ? l->place.v[k - 1] : till->cashier;
	if (p->a.doing != DOING_PAY)
		p->a.doing = DOING_QUEUE;
	if (distance(p->a.at, at) > IN_PLACE_M && p->a.doing == DOING_QUEUE) {
		straighten(p);
		walk_move_up(c, p, at, CREEP_M_S);
		return;
	}
	p->turn_to = real_atan2(before.y - p->a.at.y, before.x - p->a.at.x);
	fidget(p, false);
	walk_stand(c, p);
	if (k > 0)
		return;
	p->a.doing = DOING_PAY;
	p->task_s += TICK_S;
	if (p->task_s > t->for_s) {
		leave_line(l, 0);
		next_task(p);
	}
}

/* ---- staff ---- */

static void do_work(struct crowd *c, size_t i)
{
	struct person *p = &c->person.v[i];
	struct task *t = &p->task.v[p->now];
	struct pt_m at = t->at;
	bool lost = false;

	ways_nearest(c->ways, t->at, &at);
	if (!p->there) {
		p->there = go(c, i, at, ARRIVED_M, GIVE_UP_S, &lost);
		p->task_s = 0;
		if (lost)
			next_task(p);
		if (!p->there)
			return;
		if (t->till >= 0)
			c->till[t->till].cashier = p->a.who.id;
	}
	p->a.doing = DOING_WORK;
	p->a.till = t->till;
	p->turn_to = t->facing;
	fidget(p, t->till >= 0);
	p->to_bend = fmin(p->to_bend, 0.2);
	walk_stand(c, p);
	p->task_s += TICK_S;
	if (p->task_s < t->for_s ||
	    (t->till >= 0 && c->till[t->till].who.n && p->task_s < t->for_s + STAY_S))
		return;
	if (t->till >= 0)
		c->till[t->till].cashier = 0;
	next_task(p);
}

/* Nobody vanishes where he is stuck: on the last way one tries again as long as there is one.
 */
static void do_go(struct crowd *c, size_t i)
{
	struct person *p = &c->person.v[i];
	bool last = p->now + 1 < p->task.n && p->task.v[p->now + 1].kind == TASK_END, lost;

	if (go(c, i, p->task.v[p->now].at, last ? ARRIVED_M : PASSED_M, GIVE_UP_S, &lost) ||
	    (lost && (!last || (!p->way || way_left(p->way, p->a.at) < 0))))
		next_task(p);
	else if (lost)
		p->stuck_s = GIVE_UP_S / 2;
}

static void do_end(struct crowd *c, struct person *p)
{
	p->over = true;
	for (size_t k = 0; k < sizeof(c->post) / sizeof(*c->post); k++)
		if (c->post[k] == p->a.who.id)
			c->post[k] = 0;
}

/* ---- companions ---- */

static struct pt_m slot_of(const struct person *leader, int place)
{
	double f = leader->a.facing, c = real_cos(f), s = real_sin(f);
	double side = place == 1 ? -BESIDE_M : place == 2 ? BESIDE_M : 0;
	double back = place == 3 ? 1.1 * BESIDE_M : 0.1;

	return (struct pt_m){ leader->a.at.x - back * c - side * s,
			      leader->a.at.y - back * s + side * c };
}

static void stand_by(struct crowd *c, struct person *p, const struct person *leader)
{
	bool looks = leader->a.doing == DOING_LOOK;

	p->a.doing = looks ? DOING_LOOK : DOING_WAIT;
	p->a.shelf = looks ? leader->a.shelf : -1;
	p->turn_to = leader->a.facing;
	fidget(p, looks);
	walk_stand(c, p);
}

/* The way of the one who leads, or NULL. */
static const struct way *way_of(struct crowd *c, const struct person *leader)
{
	if (leader->way || leader->now >= leader->task.n)
		return leader->way;
	return ways_to(c->ways, leader->task.v[leader->now].at);
}

/* Nearer by so much to where both are going. */
static bool is_ahead(const struct way *way, const struct person *p, const struct person *leader,
		     double by_m)
{
	double mine, his;

	if (!way)
		return false;
	mine = way_left(way, p->a.at);
	his = way_left(way, leader->a.at);
	return mine >= 0 && his >= 0 && mine < his - by_m;
}

/* Where to walk to keep company: beside him where there is room, else one after the other. What
 * there is room for is looked at every few ticks. */
static struct pt_m keep_up(struct crowd *c, struct person *p, const struct person *leader,
			   const struct way *way)
{
	struct pt_m slot = slot_of(leader, p->place);

	if (--p->looks_ticks <= 0) {
		p->looks_ticks = HEADS_TICKS;
		p->beside = ways_clear(c->ways, leader->a.at, slot);
		p->straight = ways_clear(c->ways, p->a.at, p->beside ? slot : leader->a.at);
	}
	if (p->straight && p->beside)
		return slot;
	if (way && (!p->straight || is_ahead(way, p, leader, 0)))
		return heading(p, way);
	return distance(p->a.at, leader->a.at) > BESIDE_M ? leader->a.at : p->a.at;
}

/* Whoever runs ahead waits. */
static void wait_for_leader(struct crowd *c, struct person *p, const struct person *leader)
{
	p->a.doing = DOING_WAIT;
	p->turn_to = real_atan2(leader->a.at.y - p->a.at.y, leader->a.at.x - p->a.at.x);
	fidget(p, false);
	walk_stand(c, p);
}

static void do_follow(struct crowd *c, size_t i, struct person *leader)
{
	struct person *p = &c->person.v[i];
	double far = distance(p->a.at, leader->a.at), d;
	const struct way *way;
	struct pt_m at;

	p->leader_at = leader->a.at;
	if (step_off(c, p))
		return;
	way = way_of(c, leader);
	if (far > LOST_M && is_ahead(way, p, leader, 0.5)) {
		wait_for_leader(c, p, leader);
		return;
	}
	if (far > leader->behind_m) {
		leader->behind_m = far;
		leader->behind_at = p->a.at;
	}
	at = keep_up(c, p, leader, way);
	d = distance(p->a.at, at);
	if (leader->a.doing != DOING_WALK && (d < 0.25 || (far < 1.3 && p->stuck_s > 1))) {
		stand_by(c, p, leader);
		return;
	}
	p->a.shelf = -1;
	p->a.doing = DOING_WALK;
	straighten(p);
	/* Stuck is who should move and does not. */
	p->stuck_s = p->a.speed_m_s < 0.1 && d > 0.25 ? p->stuck_s + TICK_S
						      : fmax(0, p->stuck_s - TICK_S / 2);
	walk_tick(c, i, at, fmin(leader->want_m_s * (1 + 0.25 * fmin(fmax(d, far), 2)), 2));
}

/* The one whom he followed is gone: out where that was. */
static void do_leave_alone(struct crowd *c, struct person *p)
{
	struct pt_m at;

	p->leader = 0;
	next_task(p);
	p->task.n = p->now = 0;
	if (ways_nearest(c->ways, p->leader_at, &at))
		*VEC_PUSH(&p->task) = (struct task){
			.kind = TASK_GO, .at = at, .shelf = -1, .till = -1, .spot = -1
		};
	*VEC_PUSH(&p->task) = (struct task){ .kind = TASK_END };
}

/* ---- walkers ---- */

/* Where a walker is now, exactly; only how he turns and sits down takes a moment. */
static void do_walker(struct crowd *c, struct person *p)
{
	const struct scene_walker *w = &c->scene->walker[p->a.who.walker];
	double s = (double)(c->t_us - c->scene->start_us) / 1e6 - w->start_s, walked = 0;
	bool chair = w->body == BODY_WHEELCHAIR, came = p->a.who.born_us == c->t_us;
	const struct polyline *l = &w->path;
	double most = came ? 1 : TICK_S;

	for (int k = 0; k < l->n; k++) {
		struct pt_m from = l->at[k], to = k + 1 < l->n ? l->at[k + 1] : from;
		double d = distance(from, to), t = d / w->speed_m_s;
		bool waits = s < w->wait_s[k];
		double sit = chair || (w->sits && w->wait_s[k] - s > 1);

		if (waits || s - w->wait_s[k] < t) {
			double part = waits ? 0 : (s - w->wait_s[k]) / t;

			p->a.at = plane_between(from, to, part);
			p->a.walked_m = walked + d * part;
			p->a.speed_m_s = waits ? 0 : w->speed_m_s;
			p->a.doing = waits ? DOING_WAIT : DOING_WALK;
			p->a.sit += fmin(fmax(sit - p->a.sit, -most), most);
			if (came || !waits)
				walk_turn(p, to, came);
			return;
		}
		s -= w->wait_s[k] + t;
		walked += d;
		p->a.at = to;
	}
	p->a.walked_m = walked;
	p->a.speed_m_s = 0;
	p->a.doing = DOING_WAIT;
	p->over = true;
}

void do_tick(struct crowd *c, size_t i)
{
	struct person *p = &c->person.v[i];
	struct person *leader = p->leader ? plan_person(c, p->leader) : NULL;

	if (p->a.who.walker >= 0) {
		do_walker(c, p);
		return;
	}
	if (leader) {
		do_follow(c, i, leader);
		return;
	}
	if (p->leader)
		do_leave_alone(c, p);
	if (p->now >= p->task.n && p->a.who.kind == PERSON_STAFF)
		plan_round(c, p);
	if (p->now >= p->task.n) {
		do_end(c, p);
		return;
	}
	switch (p->task.v[p->now].kind) {
	case TASK_GO:
		do_go(c, i);
		break;
	case TASK_LOOK:
		do_look(c, i);
		break;
	case TASK_QUEUE:
		do_queue(c, i);
		break;
	case TASK_WORK:
		do_work(c, i);
		break;
	case TASK_END:
		do_end(c, p);
		break;
	}
	p->behind_m = 0;
}
