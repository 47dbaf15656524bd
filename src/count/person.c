/* SPDX-License-Identifier: Apache-2.0 */
/* person.c -- one person, step by step, at all of a camera's places. */
#include "count/person.h"

#include "count/facing.h"
#include "floor/polygon.h"

#include <math.h>
#include <string.h>

#define BODY_M 0.5 /* where a body's width is the yardstick */
#define COUNTER_US INT64_C(60000000)

static void book(struct counter *c, int place, enum measure measure, int key, int64_t t_us)
{
	bucket_value(&c->bucket, place, measure, key, t_us, 1);
}

/* ---- staff ---- */

/* What he does counts for staff as soon as it is known that he is, and then from the start. */
static void book_deed(struct counter *c, struct person *p, enum measure measure, int place,
		      int key, int64_t t_us)
{
	if (p->staff)
		book(c, place, measure, key, t_us);
	else
		*VEC_PUSH(&p->deed) = (struct deed){ measure, place, key, t_us };
}

static void is_staff(struct counter *c, struct person *p, enum staff_key rule, int64_t t_us)
{
	if (p->staff)
		return;
	p->staff = true;
	book(c, -1, MEASURE_STAFF, rule, t_us);
	for (size_t i = 0; i < p->deed.n; i++)
		book(c, p->deed.v[i].place, p->deed.v[i].measure, p->deed.v[i].key,
		     p->deed.v[i].t_us);
	p->deed.n = 0;
}

static void staff_step(struct counter *c, struct person *p, int64_t t_us)
{
	for (size_t i = 0; i < c->zone.n && !p->staff; i++)
		if (c->zone.v[i].role == ZONE_COUNTER && c->inside[i] &&
		    t_us - p->zone[i].enter_us >= COUNTER_US)
			is_staff(c, p, STAFF_COUNTER, t_us);
	if (c->staff_us > 0 && t_us - p->first_us >= c->staff_us)
		is_staff(c, p, STAFF_HOURS, t_us);
}

/* ---- lines and gates ---- */

/* The direction to the right of a line, where it is nearest to p; y up or down. */
static struct pt_floor inwards(const struct counter *c, const struct shape *l,
			       struct pt_floor p)
{
	double least = INFINITY, dx = 0, dy = 0;

	for (int i = 1; i < l->n; i++) {
		double d = polyline_distance(&l->v[i - 1], 2, p);

		if (d >= least)
			continue;
		least = d;
		dx = l->v[i].x - l->v[i - 1].x;
		dy = l->v[i].y - l->v[i - 1].y;
	}
	return c->metric ? (struct pt_floor){ dy, -dx } : (struct pt_floor){ -dy, dx };
}

/* Over an entry line, at its time; that it settled at t_us. */
static void came_in(struct counter *c, struct person *p, size_t i, int64_t cross_us,
		    int64_t t_us)
{
	int zone = route_enter(&p->route, (int)i + 1, cross_us, t_us, p->at,
			       inwards(c, &c->line.v[i], p->at));

	if (zone)
		book(c, c->zone.v[zone - 1].place, MEASURE_FIRST_FROM, c->line.v[i].place,
		     t_us);
	*VEC_PUSH(&c->arrival) = (struct group_member){
		.track = p->track, .t_us = t_us, .line = (int)i, .at = p->at, .metre = p->metre
	};
}

static void explain(struct counter *c, const struct person *p, size_t i, int dir,
		    enum line_rule rule, int64_t t_us)
{
	if (rule != LINE_RULE_NONE)
		*VEC_PUSH(&c->why) = (struct count_why){ .t_us = t_us,
							 .person = p->track,
							 .place = c->line.v[i].place,
							 .dir = dir,
							 .rule = rule };
}

/* A person who is new, with the number of one who was lost for the gap: that step counts for
 * nobody, and when it crosses a line somebody may ask why. */
static void explain_gap(struct counter *c, const struct person *p, const struct sighting *s)
{
	unsigned n = c->n_gone < GONE ? c->n_gone : GONE;

	for (unsigned k = 1; k <= n; k++) {
		const struct gone *g = &c->gone[(c->n_gone - k) % GONE];

		if (g->track != s->track)
			continue;
		for (size_t i = 0; i < c->line.n; i++) {
			const struct shape *l = &c->line.v[i];
			int net = polyline_cross(l->v, l->n, g->at, s->at, !c->metric);

			if (net)
				explain(c, p, i, net > 0 ? 1 : -1, LINE_RULE_GAP, s->t_us);
		}
		return;
	}
}

static void crossed(struct counter *c, struct person *p, size_t i, int dir, int64_t t_us)
{
	struct line_state *s = &p->line[i];
	const struct shape *l = &c->line.v[i];
	struct minute_line *row;
	bool uturn;

	if (dir == 0) {
		explain(c, p, i, 0, s->rule, s->cross_us);
		return;
	}
	*VEC_PUSH(&c->event) = (struct event){
		.t_us = s->cross_us,
		.kind = dir > 0 ? EVENT_CROSS_IN : EVENT_CROSS_OUT,
		.place = l->place,
		.person = p->track,
	};
	*VEC_PUSH(&c->settled) = (struct settled){ i, dir, s->cross_us };
	uturn = line_book(s, dir, s->cross_us, c->uturn_us);
	explain(c, p, i, dir, s->rule, s->cross_us);
	row = bucket_line(&c->bucket, l->place, s->cross_us);
	row->crossings_in += dir > 0;
	row->crossings_out += dir < 0;
	row->uturns += uturn;
	book_deed(c, p, dir > 0 ? MEASURE_STAFF_IN : MEASURE_STAFF_OUT, l->place, 0,
		  s->cross_us);
	if (l->role == LINE_STAFF)
		is_staff(c, p, STAFF_DOOR, s->cross_us);
	if (l->role != LINE_ENTRY)
		return;
	if (dir < 0)
		route_leave(&p->route);
	if (uturn && dir < 0)
		groups_turned(&c->groups, p->track);
	else if (!uturn && dir > 0)
		came_in(c, p, i, s->cross_us, t_us);
}

/* In which order a gate takes crossings: by time; of one step, those inwards before those
 * outwards, and inwards the first line, outwards the second line first. */
static int gate_order(const struct settled *a, bool a_second, const struct settled *b,
		      bool b_second)
{
	if (a->t_us != b->t_us)
		return a->t_us < b->t_us ? -1 : 1;
	if (a->dir != b->dir)
		return b->dir - a->dir;
	return a->dir > 0 ? a_second - b_second : b_second - a_second;
}

static void gate_step(struct counter *c, struct person *p, size_t i)
{
	static const struct {
		enum measure measure;
		int key;
	} booked[] = {
		[GATE_IN] = { MEASURE_GATE_IN, 0 },
		[GATE_OUT] = { MEASURE_GATE_OUT, 0 },
		[GATE_TURNED_OUT] = { MEASURE_GATE_TURNED, TURNED_OUTSIDE },
		[GATE_TURNED_IN] = { MEASURE_GATE_TURNED, TURNED_INSIDE },
	};
	const struct pair *g = &c->gate.v[i];
	const struct settled *mine[2] = { NULL, NULL };
	int n = 0;

	for (size_t k = 0; k < c->settled.n; k++)
		if (c->settled.v[k].line == g->part[0] || c->settled.v[k].line == g->part[1])
			mine[n++] = &c->settled.v[k];
	if (n == 2 && gate_order(mine[0], mine[0]->line == g->part[1], mine[1],
				 mine[1]->line == g->part[1]) > 0) {
		const struct settled *first = mine[1];

		mine[1] = mine[0];
		mine[0] = first;
	}
	for (int k = 0; k < n; k++) {
		enum gate_news news =
			gate_cross(&p->gate[i], mine[k]->line == g->part[1], mine[k]->dir);

		if (news != GATE_NOTHING)
			book(c, g->place, booked[news].measure, booked[news].key,
			     mine[k]->t_us);
	}
}

static void gates_step(struct counter *c, struct person *p)
{
	for (size_t i = 0; i < c->gate.n && c->settled.n > 0; i++)
		gate_step(c, p, i);
	c->settled.n = 0;
}

static void lines_step(struct counter *c, struct person *p, const struct sighting *s,
		       bool first)
{
	struct pt_floor from = first ? s->at : p->at;

	if (first)
		explain_gap(c, p, s);
	p->at = s->at;
	for (size_t k = 0; k < p->near_line.n; k++) {
		size_t i = p->near_line.v[k];
		const struct shape *l = &c->line.v[i];
		double dist = INFINITY;
		int net = 0, dir;

		if (!shape_passed(l, from, s->at, p->hysteresis)) {
			net = first ? 0 : polyline_cross(l->v, l->n, from, s->at, !c->metric);
			dist = polyline_distance(l->v, l->n, s->at);
		}
		dir = line_step(&p->line[i], net, dist, p->hysteresis, s->t_us);
		crossed(c, p, i, dir, s->t_us);
	}
	gates_step(c, p);
}

/* ---- zones ---- */

static void entered(struct counter *c, struct person *p, size_t i, int64_t t_us)
{
	int place = c->zone.v[i].place, from, entry;
	struct change change = { .t_us = t_us, .place = place, .delta = 1, .person = p->track };

	bucket_change(&c->bucket, &change);
	*VEC_PUSH(&c->event) = (struct event){
		.t_us = t_us, .kind = EVENT_ZONE_ENTER, .place = place, .person = p->track
	};
	route_zone(&p->route, (int)i + 1, t_us, &from, &entry);
	if (from)
		book(c, c->zone.v[from - 1].place, MEASURE_NEXT, place, t_us);
	if (entry)
		book(c, place, MEASURE_FIRST_FROM, c->line.v[entry - 1].place, t_us);
}

static void left(struct counter *c, struct person *p, size_t i, const struct visit *v)
{
	int place = c->zone.v[i].place;
	struct change change = { .t_us = v->leave_us,
				 .place = place,
				 .delta = -1,
				 .person = p->track,
				 .dwell_us = v->leave_us - v->enter_us };
	double dwell_s = (double)change.dwell_us / 1e6;

	bucket_change(&c->bucket, &change);
	*VEC_PUSH(&c->event) = (struct event){ .t_us = v->leave_us,
					       .kind = EVENT_ZONE_LEAVE,
					       .place = place,
					       .person = p->track,
					       .dwell_s = dwell_s };
	if (dwell_s >= c->engaged_s[i])
		funnel_visited(&p->funnel[i]);
	book_deed(c, p, MEASURE_STAFF_VISITS, place, (int)((change.dwell_us + 500) / 1000),
		  v->leave_us);
}

static void exposed(struct counter *c, size_t i, const struct exposure *e)
{
	int place = c->zone.v[i].place;

	book(c, place, MEASURE_EXPOSED, 0, e->to_us);
	if (e->stopped)
		book(c, place, MEASURE_STOPPED, 0, e->to_us);
	if (e->engaged)
		book(c, place, MEASURE_ENGAGED, 0, e->to_us);
}

static bool in_gap(const struct zone_state *z)
{
	return z->in && z->out_us != CLOCK_NONE;
}

static void zones_step(struct counter *c, struct person *p, const struct sighting *s)
{
	memset(c->inside, 0, c->zone.n * sizeof(*c->inside));
	p->pending = false;
	for (size_t k = 0; k < p->near_zone.n; k++) {
		size_t i = p->near_zone.v[k];
		const struct shape *z = &c->zone.v[i];
		bool inside = shape_inside(z, s->at);
		double within = funnel_within_m(&p->funnel[i]) * p->metre;
		bool near = inside || shape_near(z, s->at, within);

		c->inside[i] = inside;
		if (zone_step(&p->zone[i], inside, s->t_us))
			entered(c, p, i, s->t_us);
		funnel_step(&p->funnel[i], near, p->stand.held, s->t_us);
		p->pending |= in_gap(&p->zone[i]) || in_gap(&p->funnel[i].near);
	}
}

/* ---- queues ---- */

static void queue_news(struct counter *c, const struct person *p, int place, int64_t t_us,
		       const struct waiting_news *n)
{
	int spent_ms = (int)((n->spent_us + 500) / 1000);

	if (n->level) {
		struct change change = { n->level_us, place, n->level, p->track, 0 };

		bucket_change(&c->bucket, &change);
	}
	if (n->joined)
		book(c, place, MEASURE_QUEUE_JOINED, 0, n->join_us);
	if (n->served)
		book(c, place, MEASURE_QUEUE_WAIT, (int)((n->wait_us + 500) / 1000),
		     n->reach_us);
	if (n->service)
		book(c, place, MEASURE_QUEUE_SERVICE, spent_ms, n->leave_us);
	if (n->abandoned)
		book(c, place, MEASURE_QUEUE_ABANDONED, spent_ms, n->leave_us);
	if (n->lost)
		book(c, place, MEASURE_QUEUE_LOST, 0, n->leave_us);
	if (n->front)
		book(c, place, MEASURE_QUEUE_FRONT, 0, t_us);
}

static void queues_step(struct counter *c, struct person *p, int64_t t_us)
{
	struct waiting_news n;

	for (size_t i = 0; i < c->queue.n; i++) {
		const struct pair *q = &c->queue.v[i];

		if (waiting_step(&p->waiting[i], c->inside[q->part[1]], c->inside[q->part[0]],
				 p->stand.held, p->stand.since_us, t_us, c->gap_us, &n))
			queue_news(c, p, q->place, t_us, &n);
	}
}

/* ---- stops ---- */

static void began_stop(struct counter *c, const struct person *p, int64_t t_us)
{
	int16_t x, y;

	if (c->metric && cells_of(p->stand.spot, &x, &y))
		cells_add(&c->cells, bucket_minute(t_us), x, y, 0, 1);
}

/* Each fixture within reach had a stop, one of them at most was faced. */
static void ended_stop(struct counter *c, const struct person *p, const struct stop *s)
{
	double least = FACING_M;
	int faced = -1;
	bool left = false;

	for (size_t i = 0; i < c->fixture.n; i++) {
		const struct shape *f = &c->fixture.v[i];
		struct facing_view v;

		if (shape_passed(f, s->spot, s->spot, FACING_M * p->metre))
			continue;
		v = facing_look(f->v, f->n, s->spot, p->metre, !c->metric);
		if (v.distance_m > FACING_M)
			continue;
		book(c, f->place, MEASURE_STOPS, v.left ? SIDE_LEFT : SIDE_RIGHT, s->to_us);
		if (s->to_us - s->from_us < FACING_US || facing_cost(&v, s->came) > least)
			continue;
		least = facing_cost(&v, s->came);
		faced = f->place;
		left = v.left;
	}
	if (faced < 0)
		return;
	book(c, faced, MEASURE_FACING, left ? SIDE_LEFT : SIDE_RIGHT, s->to_us);
	book(c, faced, left ? MEASURE_FACING_LEFT : MEASURE_FACING_RIGHT,
	     (int)((s->to_us - s->from_us + 500) / 1000), s->to_us);
}

static void stand_news(struct counter *c, struct person *p, const struct sighting *s)
{
	struct stop stop;

	switch (stand_step(&p->stand, s->at, p->metre, s->t_us, &stop)) {
	case STAND_BEGAN:
		began_stop(c, p, s->t_us);
		break;
	case STAND_ENDED:
		ended_stop(c, p, &stop);
		break;
	default:
		break;
	}
}

static void route_news(struct counter *c, struct person *p, struct pt_floor at)
{
	int line = 0;
	int64_t t_us = 0;
	int turn = route_turn(&p->route, at, p->metre, !c->metric, &line, &t_us);

	if (turn)
		book(c, c->line.v[line - 1].place, MEASURE_TURNS, turn, t_us);
}

/* ---- what is near ---- */

static bool strayed(const struct person *p, struct pt_floor at)
{
	double dx = at.x - p->around.x, dy = at.y - p->around.y;
	double limit = PERSON_STRAY_M * p->around_metre;

	return !(dx * dx + dy * dy <= limit * limit) ||
	       p->metre > PERSON_STRETCH * p->around_metre;
}

static void all_near(struct near_places *near, size_t n)
{
	for (near->n = 0; near->n < n; near->n++)
		near->v[near->n] = (unsigned short)near->n;
}

/* Keeps what is not far from where he is, and what still has him. A step of all places came
 * before: of those that are far, lines know that he is clear of them. */
static void look_around(struct counter *c, struct person *p)
{
	double stray = PERSON_STRAY_M * p->metre;
	double line = PERSON_STRETCH * p->hysteresis + stray;
	double zone = PERSON_STRETCH * FUNNEL_FAR_M * p->metre + stray;
	struct near_places *near = &p->near_line;

	p->around = p->at;
	p->around_metre = p->metre;
	near->n = 0;
	for (size_t i = 0; i < c->line.n; i++)
		if (!shape_passed(&c->line.v[i], p->at, p->at, line))
			near->v[near->n++] = (unsigned short)i;
	near = &p->near_zone;
	near->n = 0;
	for (size_t i = 0; i < c->zone.n; i++)
		if (p->zone[i].in || p->funnel[i].near.in ||
		    !shape_passed(&c->zone.v[i], p->at, p->at, zone))
			near->v[near->n++] = (unsigned short)i;
}

/* ---- all of it ---- */

double person_metre(const struct counter *c, const struct sighting *s)
{
	return c->metric ? 1 : s->body / BODY_M;
}

void person_step(struct counter *c, struct person *p, const struct sighting *s)
{
	bool first = p->last_us == CLOCK_NONE, anew;

	if (first)
		p->first_us = s->t_us;
	p->metre = person_metre(c, s);
	p->hysteresis = c->metric ? c->o.hysteresis_m : c->o.hysteresis_body * s->body;
	anew = strayed(p, s->at);
	if (anew) {
		all_near(&p->near_line, c->line.n);
		all_near(&p->near_zone, c->zone.n);
	}
	stand_news(c, p, s);
	lines_step(c, p, s, first);
	zones_step(c, p, s);
	queues_step(c, p, s->t_us);
	route_news(c, p, s->at);
	staff_step(c, p, s->t_us);
	if (anew)
		look_around(c, p);
	p->last_us = s->t_us;
}

void person_due(struct counter *c, struct person *p, int64_t t_us)
{
	struct exposure e;
	struct visit v;

	if (!p->pending)
		return;
	for (size_t k = 0; k < p->near_zone.n; k++) {
		size_t i = p->near_zone.v[k];

		if (zone_due(&p->zone[i], t_us, c->gap_us, &v))
			left(c, p, i, &v);
		if (funnel_due(&p->funnel[i], t_us, c->gap_us, &e))
			exposed(c, i, &e);
	}
}

/* Which way he went in the end, over each line. */
static void net_of_lines(struct counter *c, const struct person *p)
{
	for (size_t i = 0; i < c->line.n; i++) {
		struct minute_line *row;
		int64_t t_us;
		int dir = line_person(&p->line[i], &t_us);

		if (dir == 0)
			continue;
		row = bucket_line(&c->bucket, c->line.v[i].place, t_us);
		row->persons_in += dir > 0;
		row->persons_out += dir < 0;
	}
}

/* The line of a role that he crossed last, and not only to turn back; *dir, *t_us: how and
 * when. -1: none. dirs: the directions that count, 1 << 0 out, 1 << 1 in. */
static int last_crossed(const struct counter *c, const struct person *p, enum line_role role,
			int dirs, int *dir, int64_t *t_us)
{
	int last = -1;

	for (size_t i = 0; i < c->line.n; i++)
		for (int in = 0; in < 2; in++) {
			const struct line_state *s = &p->line[i];

			if (c->line.v[i].role != (int)role || !(dirs >> in & 1) ||
			    !s->passed[in] || (last >= 0 && s->last_us[in][0] <= *t_us))
				continue;
			last = (int)i;
			*dir = in ? WAY_IN : WAY_OUT;
			*t_us = s->last_us[in][0];
		}
	return last;
}

/* Came in, passed by, or neither: he was in the store, or never before it. */
static void came_or_passed(struct counter *c, const struct person *p)
{
	int64_t t_us = 0;
	int dir = 0, line = last_crossed(c, p, LINE_ENTRY, 1 << 1, &dir, &t_us);

	if (line >= 0) {
		book(c, c->line.v[line].place, MEASURE_ENTERED, 0, t_us);
		return;
	}
	if (last_crossed(c, p, LINE_ENTRY, 1 << 0, &dir, &t_us) >= 0)
		return;
	line = last_crossed(c, p, LINE_OUTSIDE, 1 << 0 | 1 << 1, &dir, &t_us);
	if (line >= 0)
		book(c, c->line.v[line].place, MEASURE_PASSED_BY, dir, t_us);
}

static void end_zones(struct counter *c, struct person *p)
{
	struct exposure e;
	struct visit v;

	for (size_t i = 0; i < c->zone.n; i++) {
		if (zone_gone(&p->zone[i], p->last_us, &v))
			left(c, p, i, &v);
		if (funnel_gone(&p->funnel[i], p->last_us, &e))
			exposed(c, i, &e);
	}
}

void person_end(struct counter *c, struct person *p)
{
	struct waiting_news n;
	struct stop stop;

	if (stand_end(&p->stand, p->last_us, &stop))
		ended_stop(c, p, &stop);
	for (size_t i = 0; i < c->line.n; i++)
		crossed(c, p, i, line_end(&p->line[i], p->hysteresis), p->last_us);
	gates_step(c, p);
	net_of_lines(c, p);
	came_or_passed(c, p);
	end_zones(c, p);
	for (size_t i = 0; i < c->queue.n; i++)
		if (waiting_end(&p->waiting[i], p->last_us, &n))
			queue_news(c, p, c->queue.v[i].place, p->last_us, &n);
	if (p->route.first)
		book(c, c->zone.v[p->route.first - 1].place, MEASURE_OD,
		     c->zone.v[p->route.last - 1].place, p->last_us);
}
