/* SPDX-License-Identifier: Apache-2.0 */
/* group.c -- people who come in together. */
#include "count/group.h"

#include <math.h>

void groups_clear(struct groups *g)
{
	VEC_FREE(&g->member);
}

static bool together(const struct group_member *a, const struct group_member *b)
{
	double dx = a->at.x - b->at.x, dy = a->at.y - b->at.y;
	int64_t dt_us = b->t_us - a->t_us;

	return dt_us <= GROUP_US && dt_us >= -GROUP_US &&
	       sqrt(dx * dx + dy * dy) <= GROUP_M * b->metre;
}

void groups_enter(struct groups *g, const struct group_member *m)
{
	int64_t party = ++g->last_party;
	size_t n = g->member.n;

	for (size_t i = 0; i < n; i++) {
		int64_t other = g->member.v[i].party;

		if (other == party || !together(&g->member.v[i], m))
			continue;
		for (size_t k = 0; k < n; k++)
			if (g->member.v[k].party == other)
				g->member.v[k].party = party;
	}
	VEC_PUSH(&g->member);
	g->member.v[n] = *m;
	g->member.v[n].party = party;
}

void groups_turned(struct groups *g, int64_t track)
{
	size_t kept = 0;

	for (size_t i = 0; i < g->member.n; i++)
		if (g->member.v[i].track != track)
			g->member.v[kept++] = g->member.v[i];
	g->member.n = kept;
}

static int64_t newest(const struct groups *g, int64_t party)
{
	int64_t t_us = INT64_MIN;

	for (size_t i = 0; i < g->member.n; i++)
		if (g->member.v[i].party == party && g->member.v[i].t_us > t_us)
			t_us = g->member.v[i].t_us;
	return t_us;
}

static void take(struct groups *g, int64_t party, struct group *out)
{
	size_t kept = 0;

	*out = (struct group){ 0 };
	for (size_t i = 0; i < g->member.n; i++) {
		const struct group_member *m = &g->member.v[i];

		if (m->party != party) {
			g->member.v[kept++] = *m;
			continue;
		}
		if (!out->n++) {
			out->t_us = m->t_us;
			out->line = m->line;
		}
	}
	g->member.n = kept;
}

bool groups_take(struct groups *g, int64_t now_us, struct group *out)
{
	for (size_t i = 0; i < g->member.n; i++) {
		int64_t party = g->member.v[i].party;

		if (now_us - newest(g, party) <= GROUP_US)
			continue;
		take(g, party, out);
		return true;
	}
	return false;
}
