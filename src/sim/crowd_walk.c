/* SPDX-License-Identifier: Apache-2.0 */
/* crowd_walk.c -- how people get along among others: the social force model.
 *
 * Helbing & Molnar, "Social force model for pedestrian dynamics", Phys. Rev. E 51, 1995: a
 * person accelerates towards the wanted velocity within tau and is pushed by others with a
 * force that falls exponentially with the distance, less by those behind. Walls are no forces
 * here: ways keep away from them, and nobody gets into one.
 */
#include "sim/crowd_person.h"

#include "base/real.h"

#include <math.h>
#include <string.h>

#define TAU_S 0.5
#define PUSH 2.1    /* m/s^2 at touching distance */
#define RANGE_M 0.3 /* over which it falls to 1/e */
#define BEHIND 0.35 /* share of the push of one right behind */
#define SEES_M 2.0
#define TURN_RAD_S 3.5
#define OVERSPEED 1.3
#define ARRIVE_M 0.6 /* from here on one goes straight and slows down */
#define SQUEEZE_S 6  /* stuck for so long, one squeezes past */

#define CELL_M SEES_M

static int cell_of(const struct crowd *c, struct pt_m p)
{
	int col = (int)floor((p.x - c->scene->floor.from.x) / CELL_M);
	int row = (int)floor((p.y - c->scene->floor.from.y) / CELL_M);

	col = col < 0 ? 0 : col >= c->cell_cols ? c->cell_cols - 1 : col;
	row = row < 0 ? 0 : row >= c->cell_rows ? c->cell_rows - 1 : row;
	return row * c->cell_cols + col;
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

static struct pt_m push_of(const struct person *p, const struct person *q, struct pt_m dir)
{
	double dx = p->a.at.x - q->a.at.x, dy = p->a.at.y - q->a.at.y;
	double d = sqrt(dx * dx + dy * dy), room, f, ahead;

	if (d > SEES_M)
		return (struct pt_m){ 0, 0 };
	if (d < 1e-6) {
		dx = p->a.who.id < q->a.who.id ? 1e-3 : -1e-3;
		dy = 0;
		d = 1e-3;
	}
	room = p->radius_m + q->radius_m - d;
	f = PUSH * real_exp(fmin(room, 0.3) / RANGE_M);
	ahead = -(dx * dir.x + dy * dir.y) / d;
	f *= BEHIND + (1 - BEHIND) * (1 + ahead) / 2;
	/* A little to the right of who comes straight on, so that two do not stop each other.
	 */
	return (struct pt_m){ f * (dx / d + (ahead > 0.7 ? 0.4 * dir.y : 0)),
			      f * (dy / d - (ahead > 0.7 ? 0.4 * dir.x : 0)) };
}

static bool together(const struct person *p, const struct person *q)
{
	return p->a.who.group && p->a.who.group == q->a.who.group;
}

static struct pt_m pushes(struct crowd *c, size_t i, struct pt_m dir)
{
	const struct person *p = &c->person.v[i];
	int at = cell_of(c, p->a.at), col = at % c->cell_cols, row = at / c->cell_cols;
	struct pt_m sum = { 0, 0 };

	for (int r = row > 0 ? row - 1 : 0; r <= row + 1 && r < c->cell_rows; r++)
		for (int k = col > 0 ? col - 1 : 0; k <= col + 1 && k < c->cell_cols; k++)
			for (int j = c->cell_first[r * c->cell_cols + k]; j >= 0;
			     j = c->cell_next[j]) {
				const struct person *q = &c->person.v[j];
				double part = together(p, q) ? 0.3 : 1;
				struct pt_m f;

				if ((size_t)j == i)
					continue;
				f = push_of(p, q, dir);
				sum.x += part * f.x;
				sum.y += part * f.y;
			}
	return sum;
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
static void move(struct crowd *c, struct person *p)
{
	struct pt_m at = p->a.at, to = { at.x + p->vel.x * TICK_S, at.y + p->vel.y * TICK_S };
	struct pt_m only_x = { to.x, at.y }, only_y = { at.x, to.y };
	bool stands_free = ways_free_at(c->ways, at);
	double moved;

	if (!stands_free || ways_free_at(c->ways, to))
		p->a.at = to;
	else if (ways_free_at(c->ways, only_x))
		p->a.at = only_x;
	else if (ways_free_at(c->ways, only_y))
		p->a.at = only_y;
	p->vel = (struct pt_m){ (p->a.at.x - at.x) / TICK_S, (p->a.at.y - at.y) / TICK_S };
	moved = real_hypot(p->a.at.x - at.x, p->a.at.y - at.y);
	p->a.walked_m += moved;
	p->a.speed_m_s = moved / TICK_S;
}

void walk_tick(struct crowd *c, size_t i, struct pt_m to, double speed)
{
	struct person *p = &c->person.v[i];
	double dx = to.x - p->a.at.x, dy = to.y - p->a.at.y, d = sqrt(dx * dx + dy * dy);
	double want = d < ARRIVE_M ? fmin(speed, fmax(d / ARRIVE_M, 0.15) * speed) : speed;
	struct pt_m dir = { d > 1e-9 ? dx / d : 0, d > 1e-9 ? dy / d : 0 };
	struct pt_m push = { 0, 0 };
	double v;

	if (d > 0.25 && p->stuck_s < SQUEEZE_S)
		push = pushes(c, i, dir);
	if (d < want * TICK_S)
		want = d / TICK_S;
	p->vel.x += ((want * dir.x - p->vel.x) / TAU_S + push.x) * TICK_S;
	p->vel.y += ((want * dir.y - p->vel.y) / TAU_S + push.y) * TICK_S;
	if (d < 0.25)
		p->vel = (struct pt_m){ want * dir.x, want * dir.y };
	v = real_hypot(p->vel.x, p->vel.y);
	if (v > OVERSPEED * speed) {
		p->vel.x *= OVERSPEED * speed / v;
		p->vel.y *= OVERSPEED * speed / v;
	}
	move(c, p);
	if (p->a.speed_m_s > 0.15)
		p->a.facing = angle_towards(p->a.facing, real_atan2(p->vel.y, p->vel.x),
					    TURN_RAD_S * TICK_S);
}

void walk_move_up(struct crowd *c, struct person *p, struct pt_m to, double speed)
{
	double dx = to.x - p->a.at.x, dy = to.y - p->a.at.y, d = sqrt(dx * dx + dy * dy);
	double v = fmin(speed, d / TICK_S);

	if (d < 1e-9)
		return;
	p->vel = (struct pt_m){ v * dx / d, v * dy / d };
	move(c, p);
	p->a.facing = angle_towards(p->a.facing, real_atan2(dy, dx), TURN_RAD_S * TICK_S);
}

static double ease(double x, double to, double most)
{
	return x + fmin(fmax(to - x, -most), most);
}

void walk_stand(struct crowd *c, struct person *p)
{
	(void)c;
	p->vel = (struct pt_m){ 0, 0 };
	p->a.speed_m_s = 0;
	p->a.facing = angle_towards(p->a.facing, p->turn_to, TURN_RAD_S * TICK_S / 2);
	p->a.sway = ease(p->a.sway, p->to_sway, 1.2 * TICK_S);
	p->a.bend = ease(p->a.bend, p->to_bend, 0.9 * TICK_S);
	p->a.reach = ease(p->a.reach, p->to_reach, 1.5 * TICK_S);
}
