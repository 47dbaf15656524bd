/* SPDX-License-Identifier: Apache-2.0 */
/* bucket.c -- the minutes that are not finished. */
#include "count/bucket.h"

#include "base/clock.h"

#include <assert.h>
#include <string.h>

void bucket_init(struct bucket *b, const struct plan *plan)
{
	*b = (struct bucket){ .n_places = plan->n };
	b->level = xcalloc((size_t)plan->n + 1, sizeof(*b->level));
	b->queue = xcalloc((size_t)plan->n + 1, sizeof(*b->queue));
	for (int i = 0; i < plan->n; i++)
		b->queue[i] = plan->place[i].kind == PLACE_QUEUE;
}

void bucket_clear(struct bucket *b)
{
	VEC_FREE(&b->span);
	VEC_FREE(&b->line);
	VEC_FREE(&b->value);
	VEC_FREE(&b->change);
	VEC_FREE(&b->at_level_us);
	VEC_FREE(&b->cover_out);
	VEC_FREE(&b->line_out);
	VEC_FREE(&b->zone_out);
	VEC_FREE(&b->value_out);
	free(b->level);
	free(b->queue);
	b->level = NULL;
	b->queue = NULL;
}

int64_t bucket_minute(int64_t t_us)
{
	int64_t rest = t_us % CLOCK_MINUTE_US;

	return t_us - (rest < 0 ? rest + CLOCK_MINUTE_US : rest);
}

void bucket_observe(struct bucket *b, int64_t from_us, int64_t to_us)
{
	struct span *last = b->span.n > 0 ? &b->span.v[b->span.n - 1] : NULL;

	assert(from_us < to_us && to_us <= bucket_minute(from_us) + CLOCK_MINUTE_US);
	if (last && last->to_us == from_us &&
	    bucket_minute(last->from_us) == bucket_minute(from_us))
		last->to_us = to_us;
	else
		*VEC_PUSH(&b->span) = (struct span){ from_us, to_us };
}

struct minute_line *bucket_line(struct bucket *b, int place, int64_t t_us)
{
	int64_t start_us = bucket_minute(t_us);
	size_t i = b->line.n;

	while (i > 0 &&
	       (b->line.v[i - 1].start_us > start_us ||
		(b->line.v[i - 1].start_us == start_us && b->line.v[i - 1].place >= place)))
		i--;
	if (i < b->line.n && b->line.v[i].start_us == start_us && b->line.v[i].place == place)
		return &b->line.v[i];
	VEC_PUSH(&b->line);
	memmove(&b->line.v[i + 1], &b->line.v[i], (b->line.n - 1 - i) * sizeof(*b->line.v));
	b->line.v[i] = (struct minute_line){ .place = place, .start_us = start_us };
	return &b->line.v[i];
}

static int order(const struct minute_value *a, const struct minute_value *b)
{
	if (a->start_us != b->start_us)
		return a->start_us < b->start_us ? -1 : 1;
	if (a->place != b->place)
		return a->place < b->place ? -1 : 1;
	if (a->measure != b->measure)
		return a->measure < b->measure ? -1 : 1;
	return (a->key > b->key) - (a->key < b->key);
}

void bucket_value(struct bucket *b, int place, enum measure measure, int key, int64_t t_us,
		  int64_t n)
{
	struct minute_value row = { .place = place,
				    .start_us = bucket_minute(t_us),
				    .measure = measure,
				    .key = key,
				    .value = n };
	size_t i = b->value.n;

	assert(n > 0);
	while (i > 0 && order(&b->value.v[i - 1], &row) >= 0)
		i--;
	if (i < b->value.n && order(&b->value.v[i], &row) == 0) {
		b->value.v[i].value += n;
		return;
	}
	VEC_PUSH(&b->value);
	memmove(&b->value.v[i + 1], &b->value.v[i], (b->value.n - 1 - i) * sizeof(*b->value.v));
	b->value.v[i] = row;
}

void bucket_change(struct bucket *b, const struct change *c)
{
	*VEC_PUSH(&b->change) = *c;
}

/* By time; a person comes before he leaves. No two changes are equal. */
static int by_time(const void *a, const void *b)
{
	const struct change *x = a, *y = b;

	if (x->t_us != y->t_us)
		return x->t_us < y->t_us ? -1 : 1;
	if (x->person != y->person)
		return x->person < y->person ? -1 : 1;
	if (x->place != y->place)
		return x->place < y->place ? -1 : 1;
	return y->delta - x->delta;
}

static int64_t observed(const struct span *span, size_t n, int64_t from_us, int64_t to_us)
{
	int64_t sum = 0;

	for (size_t i = 0; i < n; i++) {
		int64_t from = span[i].from_us > from_us ? span[i].from_us : from_us;
		int64_t to = span[i].to_us < to_us ? span[i].to_us : to_us;

		if (from < to)
			sum += to - from;
	}
	return sum;
}

static void add_at_level(struct bucket *b, int level, int64_t dur_us)
{
	assert(level >= 0);
	while (b->at_level_us.n <= (size_t)level)
		*VEC_PUSH(&b->at_level_us) = 0;
	b->at_level_us.v[level] += dur_us;
}

/* From the time at each level: least, most and 95th percentile, and the time-weighted sum. */
static void levels(const struct bucket *b, struct minute_zone *z)
{
	int64_t all_us = 0, so_far_us = 0, person_us = 0;
	bool min_known = false, p95_known = false;

	for (size_t i = 0; i < b->at_level_us.n; i++)
		all_us += b->at_level_us.v[i];
	for (size_t i = 0; i < b->at_level_us.n; i++) {
		int64_t us = b->at_level_us.v[i];

		if (us == 0)
			continue;
		if (!min_known)
			z->min = (int)i;
		min_known = true;
		z->max = (int)i;
		so_far_us += us;
		if (!p95_known && so_far_us * 100 >= all_us * 95) {
			z->p95 = (int)i;
			p95_known = true;
		}
		person_us += us * (int64_t)i;
	}
	z->person_s = (double)person_us / 1e6;
}

/* The time at each level but the lowest, in milliseconds. */
static void waiting(struct bucket *b, int place, int64_t start_us)
{
	for (size_t i = 1; i < b->at_level_us.n; i++) {
		int64_t ms = (b->at_level_us.v[i] + 500) / 1000;

		if (ms > 0)
			bucket_value(b, place, MEASURE_QUEUE_LEVEL, (int)i, start_us, ms);
	}
}

/* The visits that ended, each with its length; as many further parts as it takes. */
static void dwells(struct bucket *b, int place, int64_t start_us, size_t n_changes)
{
	struct minute_zone *z = &b->zone_out.v[b->zone_out.n - 1];

	for (size_t i = 0; i < n_changes; i++) {
		const struct change *c = &b->change.v[i];

		if (c->place != place || c->delta > 0)
			continue;
		if (z->n_dwell == MINUTE_DWELLS) {
			z = VEC_PUSH(&b->zone_out);
			*z = (struct minute_zone){ .place = place, .start_us = start_us };
		}
		z->dwell_s[z->n_dwell++] = (float)((double)c->dwell_us / 1e6);
	}
}

/* One zone or queue in the minute of these spans; the first n_changes are of this minute. */
static void zone_minute(struct bucket *b, int place, const struct span *span, size_t n_spans,
			size_t n_changes)
{
	int64_t start_us = bucket_minute(span[0].from_us), t_us = start_us;
	struct minute_zone z = { .place = place, .start_us = start_us };
	int level = b->level[place];

	b->at_level_us.n = 0;
	for (size_t i = 0; i < n_changes; i++) {
		const struct change *c = &b->change.v[i];

		if (c->place != place)
			continue;
		add_at_level(b, level, observed(span, n_spans, t_us, c->t_us));
		t_us = c->t_us;
		level += c->delta;
		z.begun += c->delta > 0;
		z.ended += c->delta < 0;
	}
	add_at_level(b, level, observed(span, n_spans, t_us, start_us + CLOCK_MINUTE_US));
	b->level[place] = level;
	if (b->queue[place]) {
		waiting(b, place, start_us);
		return;
	}
	levels(b, &z);
	if (z.begun == 0 && z.ended == 0 && z.max == 0)
		return;
	*VEC_PUSH(&b->zone_out) = z;
	dwells(b, place, start_us, n_changes);
}

/* The minute of these spans, which are the oldest. */
static void minute(struct bucket *b, int camera, const struct span *span, size_t n_spans)
{
	int64_t start_us = bucket_minute(span[0].from_us), end_us = start_us + CLOCK_MINUTE_US;
	size_t n_changes = 0;

	*VEC_PUSH(&b->cover_out) = (struct minute_cover){
		.camera = camera,
		.start_us = start_us,
		.from_us = span[0].from_us,
		.to_us = span[n_spans - 1].to_us,
		.observed_s = (double)observed(span, n_spans, start_us, end_us) / 1e6,
	};
	while (n_changes < b->change.n && b->change.v[n_changes].t_us < end_us)
		n_changes++;
	for (int place = 0; place < b->n_places; place++)
		zone_minute(b, place, span, n_spans, n_changes);
	b->change.n -= n_changes;
	if (n_changes > 0)
		memmove(b->change.v, b->change.v + n_changes,
			b->change.n * sizeof(*b->change.v));
}

static void take_lines(struct bucket *b, int64_t before_us)
{
	size_t n = 0;

	while (n < b->line.n && b->line.v[n].start_us < before_us)
		*VEC_PUSH(&b->line_out) = b->line.v[n++];
	b->line.n -= n;
	if (n > 0)
		memmove(b->line.v, b->line.v + n, b->line.n * sizeof(*b->line.v));
}

static void take_values(struct bucket *b, int camera, int64_t before_us)
{
	size_t n = 0;

	for (; n < b->value.n && b->value.v[n].start_us < before_us; n++) {
		*VEC_PUSH(&b->value_out) = b->value.v[n];
		b->value_out.v[n].camera = camera;
	}
	b->value.n -= n;
	if (n > 0)
		memmove(b->value.v, b->value.v + n, b->value.n * sizeof(*b->value.v));
}

static void take_minutes(struct bucket *b, int camera, int64_t before_us)
{
	size_t from = 0, to;

	if (b->span.n == 0 || bucket_minute(b->span.v[0].from_us) >= before_us)
		return;
	if (b->change.n > 1)
		qsort(b->change.v, b->change.n, sizeof(*b->change.v), by_time);
	while (from < b->span.n) {
		int64_t start_us = bucket_minute(b->span.v[from].from_us);

		if (start_us >= before_us)
			break;
		for (to = from; to < b->span.n; to++)
			if (bucket_minute(b->span.v[to].from_us) != start_us)
				break;
		minute(b, camera, b->span.v + from, to - from);
		from = to;
	}
	b->span.n -= from;
	memmove(b->span.v, b->span.v + from, b->span.n * sizeof(*b->span.v));
}

void bucket_take(struct bucket *b, int camera, int64_t before_us)
{
	b->cover_out.n = b->line_out.n = b->zone_out.n = b->value_out.n = 0;
	take_lines(b, before_us);
	take_minutes(b, camera, before_us);
	take_values(b, camera, before_us);
}
