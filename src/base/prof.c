/* SPDX-License-Identifier: Apache-2.0 */
/* prof.c -- how long each stage of a pipeline takes. */
#include "base/prof.h"

#include "base/clock.h"

#include <string.h>

void prof_start(struct prof *p)
{
	if (p->on)
		p->last_us = clock_stopwatch_us();
}

static int find(struct prof *p, const char *name)
{
	for (int i = 0; i < p->n; i++)
		if (p->stage[i].name == name || !strcmp(p->stage[i].name, name))
			return i;
	if (p->n == PROF_STAGES)
		return PROF_STAGES - 1;
	p->stage[p->n].name = name;
	return p->n++;
}

void prof_mark(struct prof *p, const char *name)
{
	int64_t now, took;
	int i;

	if (!p->on)
		return;
	now = clock_stopwatch_us();
	took = now - p->last_us;
	i = find(p, name);
	p->stage[i].sum_us += took;
	p->stage[i].calls++;
	if (took > p->stage[i].max_us)
		p->stage[i].max_us = took;
	p->last_us = now;
}

void prof_add(struct prof *p, const struct prof *from)
{
	for (int k = 0; k < from->n; k++) {
		int i = find(p, from->stage[k].name);

		p->stage[i].sum_us += from->stage[k].sum_us;
		p->stage[i].calls += from->stage[k].calls;
		if (from->stage[k].max_us > p->stage[i].max_us)
			p->stage[i].max_us = from->stage[k].max_us;
	}
}
