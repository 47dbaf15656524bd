/* SPDX-License-Identifier: Apache-2.0 */
/* line.c -- one person and one line: when is a crossing a crossing, and who went through. */
#include "count/line.h"

#include <math.h>

static int settle(struct line_state *s, double hysteresis)
{
	int dir = (s->sum > 0) - (s->sum < 0);

	if (s->near + s->far < hysteresis)
		dir = 0;
	s->sum = 0;
	s->near = s->far = 0;
	return dir;
}

int line_step(struct line_state *s, int net, double dist, double hysteresis, int64_t t_us)
{
	int dir;

	s->sum += net;
	if (net != 0)
		s->cross_us = t_us;
	if (s->sum == 0)
		s->near = fmax(s->near, dist);
	else
		s->far = fmax(s->far, dist);
	if (dist < hysteresis)
		return 0;
	dir = settle(s, hysteresis);
	s->near = INFINITY; /* clear once is far enough, whatever the hysteresis becomes */
	return dir;
}

int line_end(struct line_state *s, double hysteresis)
{
	return settle(s, hysteresis);
}

bool line_book(struct line_state *s, int dir, int64_t t_us, int64_t uturn_us)
{
	int64_t *mine = s->last_us[dir > 0], *other = s->last_us[dir < 0];

	if (s->last == -dir && t_us - other[0] <= uturn_us) {
		s->net += dir;
		s->last = 0;
		s->passed[dir < 0]--;
		other[0] = other[1];
		return true;
	}
	s->net += dir;
	s->last = dir;
	s->passed[dir > 0]++;
	mine[1] = mine[0];
	mine[0] = t_us;
	return false;
}

int line_person(const struct line_state *s, int64_t *t_us)
{
	if (s->net == 0)
		return 0;
	*t_us = s->last_us[s->net > 0][0];
	return s->net > 0 ? 1 : -1;
}
