/* SPDX-License-Identifier: Apache-2.0 */
/* gate.h -- one person and two lines that have to be crossed one after the other.
 *
 * Inwards over the second line he is inside; outwards over the first one he is outside; between
 * the lines he is what he was before. Each change counts one passage. So whoever lingers
 * between them, or goes back and forth over one of them, counts nothing, and passages in - out
 * are the change of who is inside. A path that begins between the lines counts nothing at its
 * first line.
 */
#ifndef COUNT_GATE_H
#define COUNT_GATE_H

#include <stdbool.h>
#include <stdint.h>

/* All zero to start with. */
struct gate_state {
	int side; /* -1 outside, 1 inside: where he was last; 0: not known */
	bool between;
};

enum gate_news {
	GATE_NOTHING,
	GATE_IN,
	GATE_OUT,
	GATE_TURNED_OUT, /* came from outside and went back there */
	GATE_TURNED_IN,
};

/* He crossed a line: the first or the second one, in (1) or out (-1). Crossings come in the
 * order of their time; of the same step, those inwards first line first, those outwards second
 * line first. */
enum gate_news gate_cross(struct gate_state *g, bool second, int dir);

#endif
