/* SPDX-License-Identifier: Apache-2.0 */
/* funnel.c -- one person and one zone: exposed to it, stopped, engaged. */
#include "count/funnel.h"

void funnel_step(struct funnel_state *f, bool near, bool stopped, int64_t t_us)
{
	zone_step(&f->near, near, t_us);
	f->stopped |= near && stopped;
}

void funnel_visited(struct funnel_state *f)
{
	f->long_visit = true;
}

static void over(struct funnel_state *f, const struct visit *v, struct exposure *e)
{
	*e = (struct exposure){ v->enter_us, v->leave_us, f->stopped,
				f->stopped && f->long_visit };
	f->stopped = f->long_visit = false;
}

bool funnel_due(struct funnel_state *f, int64_t now_us, int64_t gap_us, struct exposure *e)
{
	struct visit v;

	if (!zone_due(&f->near, now_us, gap_us, &v))
		return false;
	over(f, &v, e);
	return true;
}

bool funnel_gone(struct funnel_state *f, int64_t last_us, struct exposure *e)
{
	struct visit v;

	if (!zone_gone(&f->near, last_us, &v))
		return false;
	over(f, &v, e);
	return true;
}
