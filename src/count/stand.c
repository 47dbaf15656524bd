/* SPDX-License-Identifier: Apache-2.0 */
/* stand.c -- one person: when somebody stops, and when he walks on. */
#include "count/stand.h"

#include <math.h>

/* Long enough that the error of a position hardly turns it. */
#define ROPE_M 0.5

static double distance(struct pt_floor a, struct pt_floor b)
{
	return sqrt((a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y));
}

static void tow(struct stand *p, struct pt_floor at, double rope)
{
	double d = distance(p->towed, at);

	if (!(d > rope))
		return;
	p->towed.x = at.x + (p->towed.x - at.x) * rope / d;
	p->towed.y = at.y + (p->towed.y - at.y) * rope / d;
}

static void set_anchor(struct stand *p, struct pt_floor at, int64_t t_us)
{
	p->anchor = at;
	p->anchor_us = t_us;
	p->held = false;
	p->heading = (struct pt_floor){ at.x - p->towed.x, at.y - p->towed.y };
}

static bool stop_over(struct stand *p, int64_t to_us, struct stop *s)
{
	if (!p->stopped)
		return false;
	*s = (struct stop){ p->since_us, to_us, p->spot, p->came };
	p->stopped = false;
	return true;
}

enum stand_news stand_step(struct stand *p, struct pt_floor at, double metre, int64_t t_us,
			   struct stop *s)
{
	enum stand_news news = STAND_NOTHING;

	if (!p->known) {
		p->known = true;
		p->towed = at;
		set_anchor(p, at, t_us);
		return STAND_NOTHING;
	}
	tow(p, at, ROPE_M * metre);
	if (distance(at, p->anchor) > STAND_RADIUS_M * metre) {
		if (!p->held && stop_over(p, p->anchor_us, s))
			news = STAND_ENDED;
		set_anchor(p, at, t_us);
		return news;
	}
	if (p->held || t_us - p->anchor_us < STAND_US)
		return STAND_NOTHING;
	p->held = true;
	if (p->stopped)
		return STAND_NOTHING;
	p->stopped = true;
	p->since_us = p->anchor_us;
	p->spot = at;
	p->came = p->heading;
	return STAND_BEGAN;
}

bool stand_end(struct stand *p, int64_t last_us, struct stop *s)
{
	return stop_over(p, p->held ? last_us : p->anchor_us, s);
}
