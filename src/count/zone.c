/* SPDX-License-Identifier: Apache-2.0 */
/* zone.c -- one person and one zone: when a visit begins and when it is over. */
#include "count/zone.h"

/* When somebody who is clear of the zone since t_us left. */
static int64_t leave_time(const struct zone_state *z, int64_t t_us, int64_t gap_us)
{
	return t_us - z->out_us < gap_us ? z->out_us : t_us;
}

bool zone_step(struct zone_state *z, bool inside, double dist, double hysteresis, int64_t t_us,
	       int64_t gap_us)
{
	bool begins = inside && !z->in;

	if (inside) {
		if (begins)
			z->enter_us = t_us;
		z->in = true;
		z->out_us = z->left_us = CLOCK_NONE;
		return begins;
	}
	if (!z->in)
		return false;
	if (z->out_us == CLOCK_NONE)
		z->out_us = t_us;
	if (z->left_us == CLOCK_NONE && dist >= hysteresis)
		z->left_us = leave_time(z, t_us, gap_us);
	return false;
}

static bool over(struct zone_state *z, struct visit *v)
{
	v->enter_us = z->enter_us;
	v->leave_us = z->left_us;
	z->in = false;
	return true;
}

bool zone_due(struct zone_state *z, int64_t now_us, int64_t gap_us, struct visit *v)
{
	if (!z->in || z->left_us == CLOCK_NONE || now_us - z->left_us < gap_us)
		return false;
	return over(z, v);
}

bool zone_gone(struct zone_state *z, int64_t last_us, struct visit *v)
{
	if (!z->in)
		return false;
	if (z->left_us == CLOCK_NONE)
		z->left_us = last_us;
	return over(z, v);
}
