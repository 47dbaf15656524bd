/* SPDX-License-Identifier: Apache-2.0 */
/* gate.c -- one person and two lines that have to be crossed one after the other. */
#include "count/gate.h"

/* Through, to that side: what that means after where he was before. */
static enum gate_news arrive(struct gate_state *g, int side)
{
	int was = g->side;
	bool turned = g->between && was == side;

	g->side = side;
	g->between = false;
	if (was == -side)
		return side > 0 ? GATE_IN : GATE_OUT;
	if (turned)
		return side > 0 ? GATE_TURNED_IN : GATE_TURNED_OUT;
	return GATE_NOTHING;
}

enum gate_news gate_cross(struct gate_state *g, bool second, int dir)
{
	int side = second ? 1 : -1; /* beyond that line */

	if (dir == side)
		return arrive(g, side);
	/* From beyond it to between the lines: so he was there, whatever was known. */
	g->side = side;
	g->between = true;
	return GATE_NOTHING;
}
