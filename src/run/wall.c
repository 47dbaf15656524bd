/* SPDX-License-Identifier: Apache-2.0 */
/* wall.c -- the time of day that live pictures get. */
#include "run/wall.h"

#include "base/clock.h"
#include "base/vec.h"

#include <pthread.h>
#include <stdlib.h>

/* Differences are made up for at one part in so many: 0.5 ms a second, as NTP does it. */
#define SLEW 2000

struct wall {
	pthread_mutex_t lock;
	int64_t from_us, t_us; /* stopwatch, and time of day then */
	int slew;              /* -1, 0, 1 */
	int64_t ahead_us;
	int64_t jumped_us; /* when the clock was first seen to be another; 0: it is not */
	int epoch;
};

struct wall *wall_new(int64_t stopwatch_us, int64_t clock_us)
{
	struct wall *w = xcalloc(1, sizeof(*w));

	pthread_mutex_init(&w->lock, NULL);
	w->from_us = stopwatch_us;
	w->t_us = clock_us;
	return w;
}

void wall_free(struct wall *w)
{
	if (!w)
		return;
	pthread_mutex_destroy(&w->lock);
	free(w);
}

static int64_t at(const struct wall *w, int64_t stopwatch_us)
{
	int64_t since_us = stopwatch_us - w->from_us;

	return w->t_us + since_us + w->slew * (since_us / SLEW);
}

static enum wall_news step(struct wall *w, int64_t stopwatch_us, int64_t clock_us)
{
	int64_t t_us = at(w, stopwatch_us), ahead_us = clock_us - t_us;
	bool off = llabs(ahead_us) > WALL_STEP_S * CLOCK_SECOND_US;
	int64_t since_us = stopwatch_us - w->jumped_us;
	/* Too small to make up for before the next step: right. */
	bool right = llabs(ahead_us) < CLOCK_SECOND_US / 1000;

	w->from_us = stopwatch_us;
	w->t_us = t_us;
	w->ahead_us = ahead_us;
	w->slew = off || right ? 0 : ahead_us > 0 ? 1 : -1;
	if (!off) {
		enum wall_news news = w->jumped_us ? WALL_BACK : WALL_NONE;

		w->jumped_us = 0;
		return news;
	}
	if (!w->jumped_us) {
		w->jumped_us = stopwatch_us;
		return WALL_JUMPED;
	}
	if (since_us < WALL_BELIEVE_S * CLOCK_SECOND_US)
		return WALL_NONE;
	w->jumped_us = 0;
	w->t_us = clock_us;
	w->ahead_us = 0;
	w->epoch++;
	return WALL_TAKEN;
}

enum wall_news wall_step(struct wall *w, int64_t stopwatch_us, int64_t clock_us)
{
	enum wall_news news;

	pthread_mutex_lock(&w->lock);
	news = step(w, stopwatch_us, clock_us);
	pthread_mutex_unlock(&w->lock);
	return news;
}

int64_t wall_time(struct wall *w, int64_t stopwatch_us, int *epoch)
{
	int64_t t_us;

	pthread_mutex_lock(&w->lock);
	t_us = at(w, stopwatch_us);
	if (epoch)
		*epoch = w->epoch;
	pthread_mutex_unlock(&w->lock);
	return t_us;
}

int64_t wall_ahead_us(struct wall *w)
{
	int64_t us;

	pthread_mutex_lock(&w->lock);
	us = w->ahead_us;
	pthread_mutex_unlock(&w->lock);
	return us;
}
