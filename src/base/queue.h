/* SPDX-License-Identifier: Apache-2.0 */
/* queue.h -- the one way things go from thread to thread: bounded, with a stated policy.
 *
 * Items have one size and are copied in and out; what they point to changes owner with them.
 */
#ifndef BASE_QUEUE_H
#define BASE_QUEUE_H

#include <stdbool.h>
#include <stddef.h>

enum queue_policy {
	QUEUE_WAIT = 1,    /* a full queue makes the producer wait (files) */
	QUEUE_DROP_OLDEST, /* a full queue loses its oldest item (live cameras) */
};

struct queue;

/* drop is called for each item that is lost (QUEUE_DROP_OLDEST, and at queue_free); may be
 * NULL. */
struct queue *queue_new(size_t item_size, size_t max, enum queue_policy policy,
			void (*drop)(void *item));
/* No thread may be inside a call. NULL is allowed. */
void queue_free(struct queue *q);

/* False, and the item stays the caller's, once the queue was closed. */
bool queue_push(struct queue *q, const void *item);
/* Waits for an item; false when the queue is closed and empty. */
bool queue_pop(struct queue *q, void *item);
/* No more pushes; poppers still get what is in it. May be called more than once. */
void queue_close(struct queue *q);

#endif
