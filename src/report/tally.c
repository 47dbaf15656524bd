/* SPDX-License-Identifier: Apache-2.0 */
/* tally.c -- what measures counted, per bucket and in all. */
#include "report/tally.h"

#include <stdlib.h>

void tally_init(struct tally *t, int n_bucket)
{
	*t = (struct tally){ .n_bucket = n_bucket };
	t->row = xcalloc((size_t)n_bucket, sizeof(*t->row));
	t->from = xcalloc((size_t)n_bucket + 1, sizeof(*t->from));
}

static int by_cell(const void *a, const void *b)
{
	const struct tally_cell *x = a, *y = b;

	return x->measure != y->measure ? x->measure - y->measure
					: (x->key > y->key) - (x->key < y->key);
}

/* Sorts n cells and puts like ones together; returns how many are left. */
static size_t merge(struct tally_cell *v, size_t n)
{
	size_t out = 0;

	vec_sort(v, n, sizeof(*v), by_cell);
	for (size_t i = 0; i < n; i++)
		if (out && by_cell(&v[out - 1], &v[i]) == 0)
			v[out - 1].value += v[i].value;
		else
			v[out++] = v[i];
	return out;
}

/* Closes the bucket that is open, and those up to the next one. */
static void close_buckets(struct tally *t, int next)
{
	size_t n = merge(t->now.v, t->now.n);

	for (size_t i = 0; i < n; i++)
		*VEC_PUSH(&t->cells) = t->now.v[i];
	t->now.n = 0;
	while (t->bucket < next)
		t->from[++t->bucket] = t->cells.n;
}

void tally_add(struct tally *t, int bucket, struct tally_cell cell)
{
	if (bucket > t->bucket)
		close_buckets(t, bucket);
	*VEC_PUSH(&t->now) = cell;
}

void tally_finish(struct tally *t)
{
	size_t n;

	close_buckets(t, t->n_bucket);
	n = t->cells.n;
	for (size_t i = 0; i < n; i++)
		*VEC_PUSH(&t->now) = t->cells.v[i];
	t->total.n = (int)merge(t->now.v, n);
	t->total.v = t->now.v;
	t->total.observed_s = 0;
	for (int b = 0; b < t->n_bucket; b++) {
		t->row[b].v = t->cells.v + (n ? t->from[b] : 0);
		t->row[b].n = (int)(t->from[b + 1] - t->from[b]);
		t->total.observed_s += t->row[b].observed_s;
	}
}

void tally_clear(struct tally *t)
{
	VEC_FREE(&t->cells);
	VEC_FREE(&t->now);
	free(t->row);
	free(t->from);
	*t = (struct tally){ 0 };
}

/* The first cell of a measure; *n: how many it has. */
static const struct tally_cell *cells_of(const struct tally_row *r, int measure, int *n)
{
	int lo = 0, hi = r->n, end;

	while (lo < hi) {
		int middle = lo + (hi - lo) / 2;

		if (r->v[middle].measure < measure)
			lo = middle + 1;
		else
			hi = middle;
	}
	for (end = lo; end < r->n && r->v[end].measure == measure; end++)
		;
	*n = end - lo;
	return *n ? r->v + lo : NULL;
}

int64_t tally_at(const struct tally_row *r, int measure, int key, bool or_more)
{
	int64_t sum = 0;
	int n;
	const struct tally_cell *v = cells_of(r, measure, &n);

	for (int i = 0; i < n; i++)
		if (or_more ? v[i].key >= key : v[i].key == key)
			sum += v[i].value;
	return sum;
}

int64_t tally_sum(const struct tally_row *r, int measure)
{
	return tally_at(r, measure, INT32_MIN, true);
}

int64_t tally_weighted(const struct tally_row *r, int measure)
{
	int64_t sum = 0;
	int n;
	const struct tally_cell *v = cells_of(r, measure, &n);

	for (int i = 0; i < n; i++)
		sum += v[i].key * v[i].value;
	return sum;
}

int tally_most(const struct tally_row *r, int measure)
{
	int n;
	const struct tally_cell *v = cells_of(r, measure, &n);

	return n ? v[n - 1].key : 0;
}

/* The rank-th shortest, in seconds. */
static double at_rank(const struct tally_cell *v, int n, int64_t rank)
{
	for (int i = 0; i < n; i++)
		if ((rank -= v[i].value) <= 0)
			return v[i].key / 1000.0;
	return 0;
}

struct tally_times tally_times(const struct tally_row *r, int measure)
{
	struct tally_times t = { .n = tally_sum(r, measure) };
	int n;
	const struct tally_cell *v = cells_of(r, measure, &n);

	if (t.n == 0)
		return t;
	t.mean_s = (double)tally_weighted(r, measure) / 1000 / (double)t.n;
	/* ceil(n / 2), ceil(9 n / 10) */
	t.p50_s = at_rank(v, n, (t.n + 1) / 2);
	t.p90_s = at_rank(v, n, (9 * t.n + 9) / 10);
	t.max_s = v[n - 1].key / 1000.0;
	return t;
}
