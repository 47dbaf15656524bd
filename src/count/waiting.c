/* SPDX-License-Identifier: Apache-2.0 */
/* waiting.c -- one person and one queue: joins, waits, is served, or gives up. */
#include "count/waiting.h"

static int64_t later(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static void line_up(struct waiting_state *w, bool in_line, int64_t t_us, struct waiting_news *n)
{
	if (w->in_line == in_line)
		return;
	n->level = in_line ? 1 : -1;
	n->level_us = t_us;
	w->in_line = in_line;
}

/* His time in the queue is over since away_us. */
static void leave(struct waiting_state *w, int64_t now_us, struct waiting_news *n)
{
	if (w->phase == WAITING_TAIL) {
		n->abandoned = true;
		n->spent_us = w->away_us - w->join_us;
	} else if (w->phase == WAITING_HEAD) {
		n->service = true;
		n->spent_us = w->away_us - w->head_us;
	}
	n->leave_us = w->away_us;
	w->phase = WAITING_NOT;
	w->free_us = now_us;
	w->used = true;
}

static void join(struct waiting_state *w, int64_t t_us, struct waiting_news *n)
{
	w->join_us = w->used ? later(t_us, w->free_us) : t_us;
	n->joined = true;
	n->join_us = w->join_us;
	w->away_us = CLOCK_NONE;
}

static void reach(struct waiting_state *w, int64_t t_us, struct waiting_news *n)
{
	w->phase = WAITING_HEAD;
	w->head_us = later(t_us, w->join_us);
	n->served = true;
	n->reach_us = w->head_us;
	n->wait_us = w->head_us - w->join_us;
	w->away_us = CLOCK_NONE;
}

static bool came_through_tail(const struct waiting_state *w)
{
	return w->was_in_tail && w->enter_us[1] - w->tail_us < WAITING_MERGE_US;
}

static void at_head(struct waiting_state *w, bool stopped, int64_t t_us, struct waiting_news *n)
{
	w->away_us = CLOCK_NONE;
	line_up(w, false, t_us, n);
	if (w->phase == WAITING_TAIL) {
		reach(w, t_us, n);
	} else if (w->phase == WAITING_NOT && stopped && came_through_tail(w)) {
		join(w, w->enter_us[1], n);
		reach(w, w->enter_us[1], n);
	} else if (w->phase == WAITING_NOT && stopped) {
		w->phase = WAITING_FRONT;
		n->front = true;
	}
}

static void in_tail(struct waiting_state *w, bool stopped, int64_t since_us, int64_t t_us,
		    int64_t back_us, struct waiting_news *n)
{
	if (w->phase == WAITING_TAIL) {
		w->away_us = CLOCK_NONE;
		line_up(w, true, t_us, n);
	} else if (w->phase == WAITING_NOT && stopped) {
		w->phase = WAITING_TAIL;
		join(w, later(since_us, w->enter_us[0]), n);
		line_up(w, true, later(w->join_us, t_us - back_us), n);
	}
}

static void note_stay(bool *in, int64_t *enter_us, bool now, int64_t t_us)
{
	if (now && !*in)
		*enter_us = t_us;
	*in = now;
}

static bool any(const struct waiting_news *n)
{
	return n->joined || n->served || n->service || n->abandoned || n->lost || n->front ||
	       n->level;
}

bool waiting_step(struct waiting_state *w, bool tail, bool head, bool stopped, int64_t since_us,
		  int64_t t_us, int64_t back_us, struct waiting_news *n)
{
	*n = (struct waiting_news){ 0 };
	if (w->phase != WAITING_NOT && w->away_us != CLOCK_NONE &&
	    t_us - w->away_us >= WAITING_MERGE_US)
		leave(w, t_us, n);
	note_stay(&w->in_tail, &w->enter_us[0], tail, t_us);
	note_stay(&w->in_head, &w->enter_us[1], head, t_us);
	if (head)
		at_head(w, stopped, t_us, n);
	else if (tail)
		in_tail(w, stopped, since_us, t_us, back_us, n);
	if (!head && (!tail || w->phase != WAITING_TAIL)) {
		if (w->phase != WAITING_NOT && w->away_us == CLOCK_NONE)
			w->away_us = t_us;
		line_up(w, false, t_us, n);
	}
	if (tail) {
		w->was_in_tail = true;
		w->tail_us = t_us;
	}
	return any(n);
}

bool waiting_end(struct waiting_state *w, int64_t last_us, struct waiting_news *n)
{
	*n = (struct waiting_news){ 0 };
	line_up(w, false, last_us, n);
	if (w->phase == WAITING_TAIL && w->away_us == CLOCK_NONE) {
		n->lost = true;
		n->leave_us = last_us;
		n->spent_us = last_us - w->join_us;
		w->phase = WAITING_NOT;
		return true;
	}
	if (w->away_us == CLOCK_NONE)
		w->away_us = last_us;
	if (w->phase != WAITING_NOT)
		leave(w, last_us, n);
	return any(n);
}
