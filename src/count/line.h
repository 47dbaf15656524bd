/* SPDX-License-Identifier: Apache-2.0 */
/* line.h -- one person and one line: when is a crossing a crossing, and who went through.
 *
 * The steps of the person's path are added up (polyline_cross) from the moment it was last
 * clear of the line, that is the hysteresis or more away from all of it. Once it is clear again
 * the sum settles: more than 0 is one crossing in, less than 0 one crossing out, 0 is none. So
 * jitter on the line counts nothing, a short reach over it counts nothing, no flicker can count
 * the wrong way, and a path round the line's end counts nothing.
 *
 * A path may begin or end before it is clear: people appear and vanish right behind a door at
 * the picture's edge, and tracks break. What is left at the end settles too, if the path went
 * far enough in all: its distances from the line before and after crossing must add up to the
 * hysteresis. Whoever comes from afar and vanishes just behind the line has crossed; what only
 * ever trembles on the line has not, however many tracks it is cut into. And where a walking
 * person's track is cut in two on the line, exactly one of the two crosses, provided that the
 * second begins where the first ends: a step that nobody made counts for nobody.
 */
#ifndef COUNT_LINE_H
#define COUNT_LINE_H

#include <stdbool.h>
#include <stdint.h>

/* Which of the rules above decided about a path that crossed the line, in the words of
 * 'footfall explain'. */
enum line_rule {
	LINE_RULE_NONE,  /* it did not cross, or nothing is decided yet */
	LINE_RULE_CLEAR, /* a crossing: got clear of the line on the other side */
	LINE_RULE_END,   /* a crossing: the path is over, and went far enough in all */
	LINE_RULE_BACK,  /* none: back over the line before it was clear of it */
	LINE_RULE_SHORT, /* none: the path is over, and trembled on the line only */
	LINE_RULE_UTURN, /* a crossing that takes the one before it back: no person */
	LINE_RULE_GAP,   /* none: crossed while unseen for longer than the gap (counter.h) */
	LINE_RULES
};
/* "clear", "back", ...; and what it means for a reader. */
const char *line_rule_name(enum line_rule r);
const char *line_rule_words(enum line_rule r);

/* All zero to start with. */
struct line_state {
	bool crossed;     /* the path crossed since it was last clear */
	int sum;          /* net crossings since then */
	int64_t cross_us; /* the last step that crossed */
	double near, far; /* farthest from the line since then while sum was 0, was not 0 */

	/* What the last call of a function below decided. */
	enum line_rule rule;

	/* Crossings that settled. */
	int net;               /* in - out, without U-turns */
	int passed[2];         /* out, in: how many, without U-turns */
	int last;              /* direction of the last one; 0: none, or part of a U-turn */
	int64_t last_us[2][2]; /* out, in: time of the last and of the one before it */
};

/* The path's next point, net crossings after its last, dist from the line, at t_us. Returns 1
 * (a crossing in settled), -1 (out) or 0; cross_us is its time. */
int line_step(struct line_state *s, int net, double dist, double hysteresis, int64_t t_us);
/* The path is over. Returns as line_step. */
int line_end(struct line_state *s, double hysteresis);

/* Books a crossing that settled for the person. True when it goes back over the one before it
 * within uturn_us: then both are a U-turn and neither counts for the person. */
bool line_book(struct line_state *s, int dir, int64_t t_us, int64_t uturn_us);
/* Which way the person went in the end: 1, -1 or 0, and when: *t_us. */
int line_person(const struct line_state *s, int64_t *t_us);

#endif
