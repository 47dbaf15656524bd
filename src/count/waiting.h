/* SPDX-License-Identifier: Apache-2.0 */
/* waiting.h -- one person and one queue: joins, waits, is served, or gives up.
 *
 * A queue has two zones, its tail and its head. Somebody joins when he has stopped (stand.h) in
 * the tail; who walks through does not queue. He waits until he reaches the head; there he is
 * served until he leaves it. Who came through the tail without stopping and stops at the head
 * has joined, too, and waited for no time. Who stops at the head and was not in the tail within
 * WAITING_MERGE_US before comes from the front: he is staff, and does not queue.
 *
 * Away for less than WAITING_MERGE_US is still the same. Who is away for longer, or is gone
 * when he is away, has abandoned the queue when he left it; who is lost from sight in the tail
 * is lost: joined = served + abandoned + lost.
 */
#ifndef COUNT_WAITING_H
#define COUNT_WAITING_H

#include "base/clock.h"

#include <stdbool.h>
#include <stdint.h>

#define WAITING_MERGE_US INT64_C(30000000)

enum waiting_phase { WAITING_NOT, WAITING_TAIL, WAITING_HEAD, WAITING_FRONT };

/* All zero to start with. */
struct waiting_state {
	enum waiting_phase phase;
	bool in_tail, in_head; /* at his last point */
	bool was_in_tail;      /* tail_us means something */
	int64_t enter_us[2];   /* first point of this stay in the tail, at the head */
	int64_t tail_us;       /* his last point in the tail */
	int64_t join_us, head_us;
	int64_t away_us; /* first point out of the queue, or of the head; CLOCK_NONE: not */
	int64_t free_us; /* nothing before it is of his next time in the queue */
	bool used;       /* free_us means something */
	bool in_line;    /* he is one of those who wait */
};

/* What became known with a point. Times are of points of his. */
struct waiting_news {
	bool joined, served, service, abandoned, lost, front;
	int64_t join_us;
	int64_t reach_us, wait_us;  /* served: when he reached the head, after how long */
	int64_t leave_us, spent_us; /* service, abandoned, lost: the end, and how long it was */
	int level;                  /* 1: one more waits, since level_us; -1: one less; 0 */
	int64_t level_us;
};

/* The person's next point. stopped: he has, since since_us. back_us: how far back the number of
 * those who wait may still be changed. True when there is news. */
bool waiting_step(struct waiting_state *w, bool in_tail, bool in_head, bool stopped,
		  int64_t since_us, int64_t t_us, int64_t back_us, struct waiting_news *n);
/* He is gone since last_us, where he was seen last. */
bool waiting_end(struct waiting_state *w, int64_t last_us, struct waiting_news *n);

#endif
