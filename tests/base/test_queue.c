/* SPDX-License-Identifier: Apache-2.0 */
/* test_queue.c -- nothing is lost but what the policy says, with several threads too. */
#include "base/queue.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define ITEMS 20000

static int dropped[8], n_dropped;

static void note_drop(void *item)
{
	int v;

	memcpy(&v, item, sizeof(v));
	dropped[n_dropped++ % 8] = v;
}

static void the_oldest_is_dropped(void **state)
{
	struct queue *q = queue_new(sizeof(int), 3, QUEUE_DROP_OLDEST, note_drop);
	int v;

	(void)state;
	n_dropped = 0;
	for (int i = 0; i < 5; i++)
		assert_true(queue_push(q, &i));
	assert_int_equal(n_dropped, 2);
	assert_true(dropped[0] == 0 && dropped[1] == 1);
	queue_close(q);
	queue_close(q);
	assert_false(queue_push(q, &(int){ 9 }));
	assert_true(queue_pop(q, &v) && v == 2);
	queue_free(q); /* what is left in it goes through drop */
	assert_int_equal(n_dropped, 4);
	assert_true(dropped[2] == 3 && dropped[3] == 4);
	queue_free(NULL);
}

struct producer {
	struct queue *q;
	int first;
};

static void *produce(void *arg)
{
	struct producer *p = arg;

	for (int i = 0; i < ITEMS; i++) {
		int v = p->first + i;

		if (!queue_push(p->q, &v))
			return NULL;
	}
	return NULL;
}

static void waiting_loses_nothing_and_keeps_order(void **state)
{
	struct queue *q = queue_new(sizeof(int), 4, QUEUE_WAIT, NULL);
	struct producer p[2] = { { q, 0 }, { q, ITEMS } };
	int next[2] = { 0, ITEMS }, v;
	pthread_t thread[2];

	(void)state;
	for (int i = 0; i < 2; i++)
		assert_int_equal(pthread_create(&thread[i], NULL, produce, &p[i]), 0);
	for (int i = 0; i < 2 * ITEMS; i++) {
		assert_true(queue_pop(q, &v));
		assert_int_equal(v, next[v >= ITEMS]++);
	}
	for (int i = 0; i < 2; i++)
		pthread_join(thread[i], NULL);
	queue_close(q);
	assert_false(queue_pop(q, &v));
	queue_free(q);
}

static void *consume(void *arg)
{
	struct queue *q = arg;
	intptr_t n = 0;
	int v;

	while (queue_pop(q, &v))
		n++;
	return (void *)n;
}

static void several_consumers_share_everything(void **state)
{
	struct queue *q = queue_new(sizeof(int), 4, QUEUE_WAIT, NULL);
	pthread_t thread[3];
	intptr_t sum = 0;
	void *n;

	(void)state;
	for (int i = 0; i < 3; i++)
		assert_int_equal(pthread_create(&thread[i], NULL, consume, q), 0);
	for (int i = 0; i < ITEMS; i++)
		assert_true(queue_push(q, &i));
	queue_close(q);
	for (int i = 0; i < 3; i++) {
		pthread_join(thread[i], &n);
		sum += (intptr_t)n;
	}
	assert_int_equal(sum, ITEMS);
	queue_free(q);
}

/* Whether the producer is already waiting when the queue closes or only comes later: it
 * returns, and what it could not deliver stays its own. */
static void closing_frees_a_waiting_producer(void **state)
{
	struct queue *q = queue_new(sizeof(int), 2, QUEUE_WAIT, NULL);
	struct producer p = { q, 0 };
	pthread_t thread;
	int v, n = 0;

	(void)state;
	assert_int_equal(pthread_create(&thread, NULL, produce, &p), 0);
	assert_true(queue_pop(q, &v));
	queue_close(q);
	pthread_join(thread, NULL);
	while (queue_pop(q, &v))
		n++;
	assert_true(n <= 2);
	queue_free(q);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_oldest_is_dropped),
		cmocka_unit_test(waiting_loses_nothing_and_keeps_order),
		cmocka_unit_test(several_consumers_share_everything),
		cmocka_unit_test(closing_frees_a_waiting_producer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
