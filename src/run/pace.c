/* SPDX-License-Identifier: Apache-2.0 */
/* pace.c -- how many pictures a second are looked at. */
#include "run/pace.h"

#define SLOWER 0.8
#define FASTER 1.1
#define PATIENCE 5 /* good steps before it becomes faster */

static bool set(struct pace *p, double fps)
{
	bool other;

	fps = fps < PACE_LEAST ? PACE_LEAST : fps > p->most ? p->most : fps;
	other = fps < p->now || fps > p->now;
	p->now = fps;
	atomic_store(&p->every_us, (int64_t)(1e6 / fps));
	return other;
}

void pace_init(struct pace *p, double most)
{
	p->most = most;
	p->good = 0;
	p->now = 0;
	set(p, most);
}

bool pace_step(struct pace *p, bool overloaded)
{
	if (overloaded) {
		p->good = 0;
		return set(p, p->now * SLOWER);
	}
	if (++p->good < PATIENCE)
		return false;
	return set(p, p->now * FASTER);
}
