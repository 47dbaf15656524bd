/* SPDX-License-Identifier: Apache-2.0 */
/* line.c -- one person and one line: when is a crossing a crossing, and who went through. */
#include "count/line.h"

#include <math.h>

static const struct {
	const char *name, *words;
} rules[LINE_RULES] = {
	[LINE_RULE_NONE] = { "none", "did not cross the line" },
	[LINE_RULE_CLEAR] = { "clear", "got clear of the line on the other side" },
	[LINE_RULE_END] = { "end", "was lost behind the line, far enough from where it began" },
	[LINE_RULE_BACK] = { "back", "went back over the line before it was clear of it" },
	[LINE_RULE_SHORT] = { "short", "was seen on the line only, never clear of it" },
	[LINE_RULE_UTURN] = { "u-turn", "turned back at once: two crossings, and no person" },
	[LINE_RULE_GAP] = { "gap", "was not seen while it crossed, for too long" },
};

const char *line_rule_name(enum line_rule r)
{
	return rules[r].name;
}

const char *line_rule_words(enum line_rule r)
{
	return rules[r].words;
}

/* counted: the rule by which a crossing is one here. */
static int settle(struct line_state *s, double hysteresis, enum line_rule counted)
{
	int dir = (s->sum > 0) - (s->sum < 0);

	s->rule = !s->crossed ? LINE_RULE_NONE : dir ? counted : LINE_RULE_BACK;
	if (s->near + s->far < hysteresis) {
		s->rule = s->crossed ? LINE_RULE_SHORT : LINE_RULE_NONE;
		dir = 0;
	}
	s->crossed = false;
	s->sum = 0;
	s->near = s->far = 0;
	return dir;
}

int line_step(struct line_state *s, int net, double dist, double hysteresis, int64_t t_us)
{
	int dir;

	s->rule = LINE_RULE_NONE;
	s->sum += net;
	if (net != 0) {
		s->cross_us = t_us;
		s->crossed = true;
	}
	if (s->sum == 0)
		s->near = dist > s->near ? dist : s->near;
	else
		s->far = dist > s->far ? dist : s->far;
	if (dist < hysteresis)
		return 0;
	dir = settle(s, hysteresis, LINE_RULE_CLEAR);
	s->near = INFINITY; /* clear once is far enough, whatever the hysteresis becomes */
	return dir;
}

int line_end(struct line_state *s, double hysteresis)
{
	return settle(s, hysteresis, LINE_RULE_END);
}

bool line_book(struct line_state *s, int dir, int64_t t_us, int64_t uturn_us)
{
	int64_t *mine = s->last_us[dir > 0], *other = s->last_us[dir < 0];

	if (s->last == -dir && t_us - other[0] <= uturn_us) {
		s->net += dir;
		s->last = 0;
		s->passed[dir < 0]--;
		other[0] = other[1];
		s->rule = LINE_RULE_UTURN;
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
