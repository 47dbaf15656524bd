/* SPDX-License-Identifier: Apache-2.0 */
/* crowd_do.c -- what people do, one tick at a time. */
#include "sim/crowd_person.h"

#include "base/real.h"

#include <math.h>

#define ARRIVED_M 0.3
#define STRAIGHT_M 0.8 /* this near the goal itself is headed for, not the next cell */
#define PROGRESS_M 0.3
#define GIVE_UP_S 45 /* without progress: the next thing */
#define JOIN_M 1.2   /* this near its end one is in the line */
#define IN_PLACE_M 0.15
#define CREEP_M_S 0.6  /* moving up in a line, stepping aside */
#define SHOP_PACE 0.75 /* in a shop people walk slower than in the street */
#define BESIDE_M 0.65  /* companions walk side by side */
#define LOST_M 2.0     /* farther away one follows the way, not the companion */
#define WAIT_M 2.5     /* who leads slows down for who is farther behind */
#define STOP_M 4.0
#define SERVICE_SIGMA 0.5

static double distance(struct pt_m a, struct pt_m b)
{
	return real_hypot(a.x - b.x, a.y - b.y);
}

static void next_task(struct person *p)
{
	p->now++;
	p->there = false;
	p->task_s = 0;
	p->stuck_s = 0;
	p->best_left_m = HUGE_VAL;
	p->way = NULL;
	p->to_sway = p->to_bend = p->to_reach = 0;
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

	if (p->a.who.kind != PERSON_PASSER && p->now > 0)
		v *= SHOP_PACE;
	if (p->behind_m > WAIT_M)
		v *= p->behind_m > STOP_M ? 0.1 : 0.5;
	return v;
}

/* One tick on the way to `at`; true once there. Gives up (*lost) when it goes on no further. */
static bool go(struct crowd *c, size_t i, struct pt_m at, double speed, double near_m,
	       bool *lost)
{
	struct person *p = &c->person.v[i];
	double straight = distance(p->a.at, at), left;

	*lost = false;
	if (straight <= near_m)
		return true;
	if (!p->way)
		p->way = ways_to(c->ways, at);
	left = p->way ? way_left(p->way, p->a.at) : -1;
	if (left < 0 || straight < STRAIGHT_M)
		left = straight;
	if (left < p->best_left_m - PROGRESS_M) {
		p->best_left_m = left;
		p->stuck_s = 0;
	} else if (p->behind_m <= STOP_M || p->stuck_s < GIVE_UP_S / 2) {
		p->stuck_s += TICK_S; /* unless he waits for somebody */
	}
	if (p->stuck_s > GIVE_UP_S) {
		*lost = true;
		return false;
	}
	straighten(p);
	p->a.doing = DOING_WALK;
	walk_tick(c, i, p->way && straight >= STRAIGHT_M ? way_next(p->way, p->a.at) : at,
		  speed);
	return false;
}

/* Small movements while standing: weight from foot to foot, now and then a hand or a look low
 * down. */
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
	p->act_s = rng_between(&p->rng, 1.5, 6);
}

/* ---- at a shelf ---- */

/* The spot of the task, or another of that shelf when somebody stands there. */
static int take_spot(struct crowd *c, struct person *p, int spot)
{
	int n = (int)c->spot.n, best = spot;
	double least = HUGE_VAL;

	for (int i = 0; i < n; i++) {
		const struct spot *s = &c->spot.v[i];
		double d = distance(s->at, c->spot.v[spot].at);

		if (s->shelf == c->spot.v[spot].shelf && !s->taken && d < least) {
			least = d;
			best = i;
		}
	}
	if (!c->spot.v[best].taken)
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
		t->at = c->spot.v[t->spot].at;
		t->facing = c->spot.v[t->spot].facing;
		p->task_s = TICK_S;
	}
	if (!p->there) {
		p->there = go(c, i, t->at, pace(p), IN_PLACE_M, &lost);
		if (lost) {
			leave_spot(c, p, t->spot);
			next_task(p);
			return;
		}
		p->task_s = TICK_S;
		if (!p->there)
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

static int shortest_line(const struct crowd *c)
{
	int best = 0;

	for (int i = 1; i < c->scene->n_tills; i++) {
		int n = (int)c->till[i].who.n + c->till[i].heading;
		bool manned = c->till[i].cashier != 0, was = c->till[best].cashier != 0;

		if (manned != was ? manned
				  : n < (int)c->till[best].who.n + c->till[best].heading)
			best = i;
	}
	return best;
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
	struct pt_m end = plan_queue_place(&c->scene->till[t->till], (int)l->who.n), free;
	bool lost, near;

	if (ways_nearest(c->ways, end, &free))
		end = free;
	/* The end moves: another way once it is another cell's. */
	if (p->way && distance(end, t->at) > 0.1)
		p->way = NULL;
	t->at = end;
	near = go(c, i, end, pace(p), JOIN_M, &lost);
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
	ways_nearest(c->ways, plan_queue_place(till, k), &at);
	before = k ? plan_queue_place(till, k - 1) : till->cashier;
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
		p->there = go(c, i, at, pace(p), ARRIVED_M, &lost);
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
	if (p->task_s < t->for_s)
		return;
	if (t->till >= 0)
		c->till[t->till].cashier = 0;
	next_task(p);
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

/* Nearer to where both are going: whoever runs ahead waits. */
static bool is_ahead(const struct person *p, const struct person *leader)
{
	double mine, his;

	if (!leader->way)
		return false;
	mine = way_left(leader->way, p->a.at);
	his = way_left(leader->way, leader->a.at);
	return mine >= 0 && his >= 0 && mine < his - 0.5;
}

/* Follows the one who leads: beside him where there is room, else behind. */
static void do_follow(struct crowd *c, size_t i, struct person *leader)
{
	struct person *p = &c->person.v[i];
	struct pt_m at = slot_of(leader, p->place);
	double far = distance(p->a.at, leader->a.at), d;
	bool walks = leader->a.doing == DOING_WALK;

	p->leader_at = leader->a.at;
	if (far > LOST_M && is_ahead(p, leader)) {
		p->a.doing = DOING_WAIT;
		p->turn_to = real_atan2(leader->a.at.y - p->a.at.y, leader->a.at.x - p->a.at.x);
		fidget(p, false);
		walk_stand(c, p);
		return;
	}
	leader->behind_m = fmax(leader->behind_m, far);
	if (!ways_free_at(c->ways, at) || (p->stuck_s > 3 && p->stuck_s < 6))
		at = leader->a.at;
	d = distance(p->a.at, at);
	if (!walks && (d < 0.25 || (far < 1.3 && p->stuck_s > 1))) {
		stand_by(c, p, leader);
		return;
	}
	p->a.shelf = -1;
	p->a.doing = DOING_WALK;
	straighten(p);
	/* Stuck is who should move and does not. */
	p->stuck_s =
		p->a.speed_m_s < 0.1 ? p->stuck_s + TICK_S : fmax(0, p->stuck_s - TICK_S / 2);
	if (far > LOST_M || !ways_clear(c->ways, p->a.at, at)) {
		const struct way *way = leader->way;

		if (!way && leader->now < leader->task.n)
			way = ways_to(c->ways, leader->task.v[leader->now].at);
		if (way)
			at = way_next(way, p->a.at);
	}
	walk_tick(c, i, at, fmin(leader->want_m_s * (1 + 0.25 * fmin(d, 2)), 2));
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

/* Where a walker is so many seconds after his start, and what he does there. */
static void do_walker(struct crowd *c, struct person *p)
{
	const struct scene_walker *w = &c->scene->walker[p->a.who.walker];
	double s = (double)(c->t_us - c->scene->start_us) / 1e6 - w->start_s, walked = 0;
	const struct polyline *l = &w->path;

	p->a.speed_m_s = 0;
	p->a.doing = DOING_WAIT;
	p->a.sit = w->body == BODY_WHEELCHAIR || w->sits;
	for (int k = 0; k < l->n; k++) {
		double d, t;

		p->a.at = l->at[k];
		p->a.walked_m = walked;
		if (s < w->wait_s[k])
			return;
		s -= w->wait_s[k];
		if (k + 1 == l->n)
			break;
		d = distance(l->at[k], l->at[k + 1]);
		t = d / w->speed_m_s;
		p->a.facing = d > 0 ? real_atan2(l->at[k + 1].y - l->at[k].y,
						 l->at[k + 1].x - l->at[k].x)
				    : p->a.facing;
		if (s < t) {
			p->a.at.x += (l->at[k + 1].x - l->at[k].x) * s / t;
			p->a.at.y += (l->at[k + 1].y - l->at[k].y) * s / t;
			p->a.walked_m = walked + d * s / t;
			p->a.speed_m_s = w->speed_m_s;
			p->a.doing = DOING_WALK;
			p->a.sit = w->body == BODY_WHEELCHAIR;
			return;
		}
		s -= t;
		walked += d;
	}
	p->over = true;
}

void do_tick(struct crowd *c, size_t i)
{
	struct person *p = &c->person.v[i];
	struct person *leader = p->leader ? plan_person(c, p->leader) : NULL;
	bool lost;

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
	if (p->now >= p->task.n) {
		do_end(c, p);
		return;
	}
	switch (p->task.v[p->now].kind) {
	case TASK_GO:
		if (go(c, i, p->task.v[p->now].at, pace(p), ARRIVED_M, &lost) || lost)
			next_task(p);
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
