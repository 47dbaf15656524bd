/* SPDX-License-Identifier: Apache-2.0 */
/* zone.c -- one person and one zone: when a visit begins and when it is over. */
#include "count/zone.h"

bool zone_due(struct zone_state *z, int64_t now_us, int64_t gap_us, struct visit *v)
{
	if (!z->in || z->out_us == CLOCK_NONE || now_us - z->out_us < gap_us)
		return false;
	*v = (struct visit){ z->enter_us, z->out_us };
	z->in = false;
	return true;
}

bool zone_gone(struct zone_state *z, int64_t last_us, struct visit *v)
{
	if (!z->in)
		return false;
	*v = (struct visit){ z->enter_us, z->out_us == CLOCK_NONE ? last_us : z->out_us };
	z->in = false;
	return true;
}
