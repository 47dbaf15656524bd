/* SPDX-License-Identifier: Apache-2.0 */
/* crowd_walk.c -- how people get along among others: the social force model.
 *
 * Helbing & Molnar, "Social force model for pedestrian dynamics", Phys. Rev. E 51, 1995: a
 * person accelerates towards the wanted velocity within tau and is pushed by others with a
 * force that falls exponentially with the distance, less by those behind. Walls are no forces
 * here: ways keep away from them, and nobody gets into one. Who has somebody in his way steers
 * past him (the first of the two rules of Moussaid, Helbing & Theraulaz, "How simple rules
 * determine pedestrian behavior and crowd disasters", PNAS 108, 2011).
 */
#include "sim/crowd_person.h"

#include "base/real.h"

#include <math.h>
#include <string.h>

#define TAU_S 0.5
#define PUSH 0.5    /* m/s^2 at touching distance: little, as one steers past before */
#define RANGE_M 0.3 /* over which it falls to 1/e */
#define FADES_M 0.9 /* between bodies; beyond, there is no push */
#define BEHIND 0.35 /* share of the push of one right behind */
#define SEES_M 2.0
#define SEES_S 2.5   /* who is met later is not in the way yet */
#define OTHERS 24    /* whom one heeds at most */
#define BESIDE_M 0.5 /* farther back nobody gets in the way by turning */
#define KEEPS_SIDE_S 1.0
#define OTHER_SIDE_S 1.5
#define TURN_RAD_S 3.5
#define TURN_S 0.25 /* in which the body follows the way */
#define OVERSPEED 1.3
#define SHUFFLE_M_S 0.25
#define ARRIVE_M 0.6    /* from here on one slows down */
#define SQUEEZE_S 6     /* stuck for so long, one squeezes past */
#define CLOSE 0.8       /* bodies give way by the rest: shoulders turn */
#define CLOSE_TWO 0.65  /* companions; people who squeeze past */
#define CLOSE_STUCK 0.3 /* stuck for twice as long, through anybody */
#define TOUCH_M 1.1     /* at the start of a tick, of those who touch at its end */
#define STEP_MAX_M 0.28

#define CELL_M SEES_M

/* The column or row of the neighbourhood grid, within it. */
static int line_of(double x, int n)
{
	int i = (int)floor(x / CELL_M);

	return i < 0 ? 0 : i >= n ? n - 1 : i;
}

static int cell_of(const struct crowd *c, struct pt_m p)
{
	return line_of(p.y - c->scene->floor.from.y, c->cell_rows) * c->cell_cols +
	       line_of(p.x - c->scene->floor.from.x, c->cell_cols);
}

void walk_neighbours(struct crowd *c)
{
	const struct scene_floor *f = &c->scene->floor;
	int cells;

	c->cell_cols = (int)ceil((f->to.x - f->from.x) / CELL_M) + 1;
	c->cell_rows = (int)ceil((f->to.y - f->from.y) / CELL_M) + 1;
	cells = c->cell_cols * c->cell_rows;
	if (cells > c->cells_cap) {
		c->cells_cap = cells;
		c->cell_first = xrealloc(c->cell_first, (size_t)cells, sizeof(*c->cell_first));
	}
	if ((int)c->person.cap > c->next_cap) {
		c->next_cap = (int)c->person.cap;
		c->cell_next =
			xrealloc(c->cell_next, (size_t)c->next_cap, sizeof(*c->cell_next));
	}
	memset(c->cell_first, -1, (size_t)cells * sizeof(*c->cell_first));
	for (int i = (int)c->person.n - 1; i >= 0; i--) {
		int cell = cell_of(c, c->person.v[i].a.at);

		c->cell_next[i] = c->cell_first[cell];
		c->cell_first[cell] = i;
	}
}

static bool together(const struct person *p, const struct person *q)
{
	return p->a.who.group && p->a.who.group == q->a.who.group;
}

static bool walks(const struct person *p)
{
	return p->a.doing == DOING_WALK;
}

/* What one sees around him while walking. */
struct around {
	const struct person *me;
	const struct person *other[OTHERS];
	int n;
	struct pt_m dir; /* where he wants to go */
	double want;     /* how fast */
	double close;    /* share of the bodies' room that he keeps to */
	struct pt_m push;
};

/* Whom he would meet first if he went on in some direction. */
struct meeting {
	const struct person *who; /* NULL: nobody */
	double in_s;
	double ahead, left; /* where he is */
	double room;        /* how near he may be passed */
	double goes;        /* his own speed in that direction */
};

static void add_push(struct around *o, const struct person *q, struct pt_m off, double d2)
{
	const struct person *p = o->me;
	double reach = p->radius_m + q->radius_m, d, room, f, ahead;

	if (d2 > (reach + FADES_M) * (reach + FADES_M))
		return;
	d = sqrt(d2);
	room = reach - d;
	f = PUSH * real_exp(fmin(room, 0.3) / RANGE_M);
	ahead = (off.x * o->dir.x + off.y * o->dir.y) / d;
	f *= BEHIND + (1 - BEHIND) * (1 + ahead) / 2;
	f *= together(p, q) ? 0.3 : walks(q) ? 1 : 0.5;
	o->push.x -= f * off.x / d;
	o->push.y -= f * off.y / d;
}

static void look_around(struct crowd *c, size_t i, struct around *o)
{
	const struct person *p = &c->person.v[i];
	int at = cell_of(c, p->a.at), col = at % c->cell_cols, row = at / c->cell_cols;

	for (int r = row > 0 ? row - 1 : 0; r <= row + 1 && r < c->cell_rows; r++)
		for (int k = col > 0 ? col - 1 : 0; k <= col + 1 && k < c->cell_cols; k++)
			for (int j = c->cell_first[r * c->cell_cols + k]; j >= 0;
			     j = c->cell_next[j]) {
				const struct person *q = &c->person.v[j];
				struct pt_m off = { q->a.at.x - p->a.at.x,
						    q->a.at.y - p->a.at.y };
				double d2 = off.x * off.x + off.y * off.y;

				if ((size_t)j == i || d2 > SEES_M * SEES_M || d2 < 1e-12)
					continue;
				add_push(o, q, off, d2);
				if (o->n < OTHERS &&
				    off.x * o->dir.x + off.y * o->dir.y > -BESIDE_M)
					o->other[o->n++] = q;
			}
}

static struct meeting meets(const struct around *o, struct pt_m dir)
{
	const struct person *p = o->me;
	struct meeting m = { .in_s = SEES_S };

	for (int i = 0; i < o->n; i++) {
		const struct person *q = o->other[i];
		double x = q->a.at.x - p->a.at.x, y = q->a.at.y - p->a.at.y;
		double ahead = x * dir.x + y * dir.y, left = dir.x * y - dir.y * x;
		double room = (together(p, q) ? CLOSE : o->close) * (p->radius_m + q->radius_m);
		double goes = q->vel.x * dir.x + q->vel.y * dir.y, closing = o->want - goes;

		if (ahead <= 0 || fabs(left) >= room || closing < 0.15 * o->want ||
		    ahead > closing * m.in_s)
			continue;
		m = (struct meeting){ q, ahead / closing, ahead, left, room, goes };
	}
	return m;
}

static struct pt_m turned(struct pt_m dir, double left, double ahead)
{
	double n = sqrt(left * left + ahead * ahead);

	left /= n;
	ahead /= n;
	return (struct pt_m){ ahead * dir.x - left * dir.y, ahead * dir.y + left * dir.x };
}

/* The direction past somebody on one side (1: left), and how good it is: the later he meets the
 * next and the less he turns, the better; negative: there is no room. */
static double past(const struct crowd *c, const struct around *o, struct meeting m, double side,
		   struct pt_m *dir)
{
	double shift = m.room + 0.03 + side * m.left;
	struct pt_m beside = { m.who->a.at.x - side * m.room * o->dir.y,
			       m.who->a.at.y + side * m.room * o->dir.x };

	*dir = turned(o->dir, side * shift, fmax(m.ahead, 0.6 * shift));
	if (!ways_free_at(c->ways, beside))
		return -1;
	return meets(o, *dir).in_s + dir->x * o->dir.x + dir->y * o->dir.y;
}

/* The side on which somebody is passed: where he is not; right, if he comes straight on, as two
 * who meet must agree; the other one after some time in vain. */
static double side_of(const struct person *p, struct meeting m)
{
	if (p->stuck_s > OTHER_SIDE_S)
		return (int)(p->stuck_s / OTHER_SIDE_S) % 2 ? -1 : 1;
	if (p->side_s > 0)
		return p->side;
	if (fabs(m.left) < 0.12)
		return m.goes < -0.2 || p->a.who.id % 3 ? -1 : 1;
	return m.left > 0 ? -1 : 1;
}

static void steer_past(struct crowd *c, struct person *p, struct around *o, struct meeting m)
{
	double side = side_of(p, m), one, other;
	struct pt_m dir, back;

	if (m.goes > 0.3 && m.ahead < m.room + 0.5) {
		o->want = fmin(o->want, m.goes);
		return;
	}
	one = past(c, o, m, side, &dir);
	other = past(c, o, m, -side, &back) - 0.5;
	if (one < 0 && other < 0) {
		o->want *= 0.4;
		return;
	}
	p->side = one >= other ? side : -side;
	p->side_s = KEEPS_SIDE_S;
	o->dir = one >= other ? dir : back;
}

double angle_towards(double from, double to, double most)
{
	double d = to - from;

	d -= 2 * REAL_PI * floor(d / (2 * REAL_PI) + 0.5);
	d = fmin(fmax(d, -most), most);
	from += d;
	return from - 2 * REAL_PI * floor(from / (2 * REAL_PI) + 0.5);
}

/* Moves as far as solid things let it: all of it, or along one axis, or not. */
static void move(struct crowd *c, struct person *p, double dx, double dy)
{
	struct pt_m at = p->a.at, to = { at.x + dx, at.y + dy };
	struct pt_m only_x = { to.x, at.y }, only_y = { at.x, to.y };

	if (ways_step(c->ways, at, to))
		p->a.at = to;
	else if (ways_step(c->ways, at, only_x))
		p->a.at = only_x;
	else if (ways_step(c->ways, at, only_y))
		p->a.at = only_y;
}

static void turn_along(struct person *p, struct pt_m way)
{
	double to = real_atan2(way.y, way.x), off = fabs(angle_towards(0, to - p->a.facing, 4));

	p->a.facing = angle_towards(p->a.facing, to,
				    fmin(TURN_RAD_S * TICK_S, off * TICK_S / TURN_S));
}

void walk_turn(struct person *p, struct pt_m to, bool at_once)
{
	struct pt_m way = { to.x - p->a.at.x, to.y - p->a.at.y };

	if (way.x == 0 && way.y == 0)
		return;
	if (at_once)
		p->a.facing = real_atan2(way.y, way.x);
	else
		turn_along(p, way);
}

void walk_tick(struct crowd *c, size_t i, struct pt_m to, double speed)
{
	struct person *p = &c->person.v[i];
	double dx = to.x - p->a.at.x, dy = to.y - p->a.at.y, d = sqrt(dx * dx + dy * dy), v;
	bool squeezes = p->stuck_s > SQUEEZE_S;
	struct around o = { .me = p, .close = squeezes ? CLOSE_TWO : 1 };
	struct meeting m;

	if (d < 1e-6) {
		p->vel = (struct pt_m){ 0, 0 };
		return;
	}
	o.dir = (struct pt_m){ dx / d, dy / d };
	o.want = d < ARRIVE_M ? fmin(fmax(d / ARRIVE_M, 0.2) * speed, d / TICK_S) : speed;
	p->side_s -= TICK_S;
	if (d > 0.25) {
		look_around(c, i, &o);
		if (squeezes)
			o.push = (struct pt_m){ 0, 0 };
		m = meets(&o, o.dir);
		if (m.who && m.ahead < d)
			steer_past(c, p, &o, m);
	}
	p->vel.x += ((o.want * o.dir.x - p->vel.x) / TAU_S + o.push.x) * TICK_S;
	p->vel.y += ((o.want * o.dir.y - p->vel.y) / TAU_S + o.push.y) * TICK_S;
	if (d < 0.25)
		p->vel = (struct pt_m){ o.want * o.dir.x, o.want * o.dir.y };
	v = sqrt(p->vel.x * p->vel.x + p->vel.y * p->vel.y);
	if (v > OVERSPEED * speed) {
		p->vel.x *= OVERSPEED * speed / v;
		p->vel.y *= OVERSPEED * speed / v;
	}
	move(c, p, p->vel.x * TICK_S, p->vel.y * TICK_S);
	if (v > 0.25)
		turn_along(p, p->vel);
}

void walk_move_up(struct crowd *c, struct person *p, struct pt_m to, double speed)
{
	double dx = to.x - p->a.at.x, dy = to.y - p->a.at.y, d = sqrt(dx * dx + dy * dy);
	double v = fmin(speed, d / TICK_S);

	if (d < 1e-9)
		return;
	move(c, p, v * dx / d * TICK_S, v * dy / d * TICK_S);
	turn_along(p, (struct pt_m){ dx, dy });
}

/* ---- bodies ---- */

/* How readily one gives way when somebody is in him. */
static double yields(const struct person *p)
{
	if (p->a.who.walker >= 0 || p->a.doing == DOING_PAY)
		return 0;
	return walks(p) ? 1 : p->a.doing == DOING_WAIT ? 0.3 : 0.05;
}

static void part(struct crowd *c, struct person *p, struct person *q)
{
	double dx = q->a.at.x - p->a.at.x, dy = q->a.at.y - p->a.at.y;
	double d2 = dx * dx + dy * dy, reach = p->radius_m + q->radius_m, d, over, sum;
	double stuck = fmax(walks(p) ? p->stuck_s : 0, walks(q) ? q->stuck_s : 0);

	if (d2 > reach * reach)
		return;
	reach *= stuck > 2 * SQUEEZE_S                 ? CLOSE_STUCK
		 : together(p, q) || stuck > SQUEEZE_S ? CLOSE_TWO
						       : CLOSE;
	d = sqrt(d2);
	over = fmin(reach - d, 0.1);
	sum = yields(p) + yields(q);
	if (over <= 0 || sum <= 0)
		return;
	if (d < 1e-6) {
		dx = d = 1e-6;
		dy = 0;
	}
	over /= d * sum;
	move(c, p, -over * yields(p) * dx, -over * yields(p) * dy);
	move(c, q, over * yields(q) * dx, over * yields(q) * dy);
}

/* Pushed by many, nobody jumps. */
static void settle(struct crowd *c, struct person *p)
{
	double dx = p->a.at.x - p->was.x, dy = p->a.at.y - p->was.y;
	double moved = sqrt(dx * dx + dy * dy);

	if (moved > STEP_MAX_M) {
		p->a.at = p->was;
		move(c, p, dx * STEP_MAX_M / moved, dy * STEP_MAX_M / moved);
		dx = p->a.at.x - p->was.x;
		dy = p->a.at.y - p->was.y;
		moved = sqrt(dx * dx + dy * dy);
	}
	p->vel = (struct pt_m){ dx / TICK_S, dy / TICK_S };
	p->a.walked_m += moved;
	p->a.speed_m_s = moved / TICK_S;
	p->was = p->a.at;
}

/* Those who stand in a place of their own need not be looked at. */
static bool gives_way(const struct person *p)
{
	return walks(p) || p->leader;
}

/* Of two who give way, the first does it. */
static void part_from_others(struct crowd *c, int i)
{
	struct person *p = &c->person.v[i];
	double x = p->a.at.x - c->scene->floor.from.x, y = p->a.at.y - c->scene->floor.from.y;
	int c1 = line_of(x + TOUCH_M, c->cell_cols), r1 = line_of(y + TOUCH_M, c->cell_rows);

	for (int r = line_of(y - TOUCH_M, c->cell_rows); r <= r1; r++)
		for (int k = line_of(x - TOUCH_M, c->cell_cols); k <= c1; k++)
			for (int j = c->cell_first[r * c->cell_cols + k]; j >= 0;
			     j = c->cell_next[j])
				if (j > i || (j < i && !gives_way(&c->person.v[j])))
					part(c, p, &c->person.v[j]);
}

void walk_apart(struct crowd *c)
{
	for (int i = 0; i < (int)c->person.n; i++)
		if (gives_way(&c->person.v[i]))
			part_from_others(c, i);
	for (size_t i = 0; i < c->person.n; i++)
		if (c->person.v[i].a.who.walker < 0)
			settle(c, &c->person.v[i]);
}

static double ease(double x, double to, double most)
{
	return x + fmin(fmax(to - x, -most), most);
}

void walk_stand(struct crowd *c, struct person *p)
{
	double step = fmin(fmax(p->step_m, -SHUFFLE_M_S * TICK_S), SHUFFLE_M_S * TICK_S);

	p->vel = (struct pt_m){ 0, 0 };
	if (step != 0) {
		move(c, p, -step * real_sin(p->turn_to), step * real_cos(p->turn_to));
		p->step_m -= step;
		p->aside_m += step;
	}
	p->a.facing = angle_towards(p->a.facing, p->turn_to, TURN_RAD_S * TICK_S / 2);
	p->a.sway = ease(p->a.sway, p->to_sway, 1.2 * TICK_S);
	p->a.bend = ease(p->a.bend, p->to_bend, 0.9 * TICK_S);
	p->a.reach = ease(p->a.reach, p->to_reach, 1.5 * TICK_S);
}
