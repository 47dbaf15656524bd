/* SPDX-License-Identifier: Apache-2.0 */
/* queue.c -- a bounded ring under one mutex. */
#include "base/queue.h"

#include "base/vec.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct queue {
	pthread_mutex_t lock;
	pthread_cond_t not_empty, not_full;
	size_t size, max, head, n;
	enum queue_policy policy;
	void (*drop)(void *item);
	bool closed;
	char *ring;
};

struct queue *queue_new(size_t item_size, size_t max, enum queue_policy policy,
			void (*drop)(void *item))
{
	struct queue *q = xcalloc(1, sizeof(*q));

	pthread_mutex_init(&q->lock, NULL);
	pthread_cond_init(&q->not_empty, NULL);
	pthread_cond_init(&q->not_full, NULL);
	q->size = item_size;
	q->max = max;
	q->policy = policy;
	q->drop = drop;
	q->ring = xcalloc(max, item_size);
	return q;
}

static void *slot(struct queue *q, size_t i)
{
	return q->ring + (q->head + i) % q->max * q->size;
}

static void lose_oldest(struct queue *q)
{
	if (q->drop)
		q->drop(slot(q, 0));
	q->head = (q->head + 1) % q->max;
	q->n--;
}

void queue_free(struct queue *q)
{
	if (!q)
		return;
	while (q->n)
		lose_oldest(q);
	pthread_cond_destroy(&q->not_full);
	pthread_cond_destroy(&q->not_empty);
	pthread_mutex_destroy(&q->lock);
	free(q->ring);
	free(q);
}

bool queue_push(struct queue *q, const void *item)
{
	bool taken;

	pthread_mutex_lock(&q->lock);
	while (q->policy == QUEUE_WAIT && q->n == q->max && !q->closed)
		pthread_cond_wait(&q->not_full, &q->lock);
	taken = !q->closed;
	if (taken) {
		if (q->n == q->max)
			lose_oldest(q);
		memcpy(slot(q, q->n), item, q->size);
		q->n++;
		pthread_cond_signal(&q->not_empty);
	}
	pthread_mutex_unlock(&q->lock);
	return taken;
}

bool queue_pop(struct queue *q, void *item)
{
	bool got;

	pthread_mutex_lock(&q->lock);
	while (!q->n && !q->closed)
		pthread_cond_wait(&q->not_empty, &q->lock);
	got = q->n > 0;
	if (got) {
		memcpy(item, slot(q, 0), q->size);
		q->head = (q->head + 1) % q->max;
		q->n--;
		pthread_cond_signal(&q->not_full);
	}
	pthread_mutex_unlock(&q->lock);
	return got;
}

void queue_close(struct queue *q)
{
	pthread_mutex_lock(&q->lock);
	q->closed = true;
	pthread_cond_broadcast(&q->not_empty);
	pthread_cond_broadcast(&q->not_full);
	pthread_mutex_unlock(&q->lock);
}
