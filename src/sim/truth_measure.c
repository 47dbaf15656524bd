/* SPDX-License-Identifier: Apache-2.0 */
/* truth_measure.c -- what the measures of places really were. */
#include "sim/truth_measure.h"

#include "base/clock.h"
#include "base/real.h"
#include "sim/truth_book.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MERGE_ROWS 100000
/* Nobody comes in with somebody who came so long before. */
#define PARTY_US (INT64_C(3600) * CLOCK_SECOND_US)

struct truth_measures *truth_measures_new(const struct scene *scene,
					  const struct true_place *place, int n_places)
{
	struct truth_measures *m = xcalloc(1, sizeof(*m));

	m->scene = scene;
	m->place = place;
	m->n_places = n_places;
	m->merge_at = MERGE_ROWS;
	return m;
}

void truth_measures_free(struct truth_measures *m)
{
	if (!m)
		return;
	VEC_FREE(&m->row);
	VEC_FREE(&m->arrival);
	VEC_FREE(&m->level);
	free(m);
}

/* ---- the rows ---- */

static int text_order(const char *a, const char *b)
{
	return strcmp(a ? a : "", b ? b : "");
}

static int by_key(const void *a, const void *b)
{
	const struct truth_row *x = a, *y = b;
	int order;

	if (x->minute_us != y->minute_us)
		return x->minute_us < y->minute_us ? -1 : 1;
	if (x->place != y->place)
		return x->place < y->place ? -1 : 1;
	if ((order = strcmp(x->measure, y->measure)) != 0 ||
	    (order = (int)x->by - (int)y->by) || (order = text_order(x->word, y->word)) != 0)
		return order;
	return (x->number > y->number) - (x->number < y->number);
}

/* Adds up rows that differ in their value only, and leaves them ordered. */
static void merge(struct truth_measures *m)
{
	struct truth_row *v = m->row.v;
	size_t n = 0;

	if (m->row.n)
		qsort(v, m->row.n, sizeof(*v), by_key);
	for (size_t i = 0; i < m->row.n; i++) {
		if (n && by_key(&v[n - 1], &v[i]) == 0)
			v[n - 1].value += v[i].value;
		else
			v[n++] = v[i];
	}
	m->row.n = n;
}

void truth_book(struct truth_measures *m, int64_t t_us, int place, const char *measure,
		const char *word, int64_t number, enum truth_by by)
{
	if (m->row.n >= m->merge_at) {
		merge(m);
		m->merge_at = 2 * m->row.n + MERGE_ROWS;
	}
	*VEC_PUSH(&m->row) = (struct truth_row){ .minute_us = t_us - t_us % CLOCK_MINUTE_US,
						 .place = place,
						 .measure = measure,
						 .word = word,
						 .number = number,
						 .by = by,
						 .value = 1 };
}

/* ---- who came in, with whom ---- */

/* Takes his last arrival back, unless his party was complete by t_us, when it is known that he
 * turned. */
static void turned_back(struct truth_measures *m, int64_t id, int64_t t_us)
{
	struct arrival *a = NULL;

	for (size_t i = m->arrival.n; i > 0 && !a; i--)
		if (m->arrival.v[i - 1].id == id)
			a = &m->arrival.v[i - 1];
	for (size_t i = m->arrival.n; i > 0 && a && !a->turned; i--) {
		const struct arrival *b = &m->arrival.v[i - 1];

		if (t_us - b->t_us > 4 * TRUTH_GROUP_US)
			return;
		a->turned = b->party == a->party && t_us - b->t_us <= TRUTH_GROUP_US;
	}
}

void truth_measures_crossed(struct truth_measures *m, struct trail *t, int place, int dir,
			    int64_t over_us)
{
	const int64_t after = over_us - t->from_us + CROWD_TICK_US - 1;
	struct trail_cross c = { .place = place,
				 .dir = dir,
				 .tick = (int)(after / CROWD_TICK_US),
				 .clear = trail_last(t) };
	struct trail_cross *before = NULL;

	for (size_t i = t->cross.n; i > 0 && !before; i--)
		if (t->cross.v[i - 1].place == place)
			before = &t->cross.v[i - 1];
	if (before && before->dir == -dir && before->uturn == UTURN_NONE &&
	    (int64_t)(c.tick - before->tick) * CROWD_TICK_US <= TRUTH_UTURN_US) {
		before->uturn = UTURN_FIRST;
		c.uturn = UTURN_SECOND;
	}
	*VEC_PUSH(&t->cross) = c;
	if (m->place[place].place->role != LINE_ENTRY)
		return;
	if (c.uturn == UTURN_SECOND && dir < 0)
		turned_back(m, t->who.id, trail_time(t, c.clear));
	if (dir > 0 && c.uturn != UTURN_SECOND)
		*VEC_PUSH(&m->arrival) = (struct arrival){ .id = t->who.id,
							   .group = t->who.group,
							   .t_us = trail_time(t, c.clear),
							   .place = place,
							   .at = t->point.v[c.clear].at,
							   .party = (int64_t)m->arrival.n };
}

/* The first arrival that may still be somebody's companion. */
static size_t recent(const struct truth_measures *m, int64_t t_us)
{
	size_t i = m->arrival.n;

	/* Who vanished right behind the line is told of late. */
	while (i > 0 && m->arrival.v[i - 1].t_us >= t_us - 4 * TRUTH_GROUP_US)
		i--;
	return i;
}

static void place_arrival(struct truth_measures *m, size_t first, struct arrival *a)
{
	for (size_t i = first; i < m->arrival.n; i++) {
		const struct arrival *b = &m->arrival.v[i];
		int64_t dt_us = a->t_us - b->t_us, party = b->party;

		if (b == a || !b->is_placed || party == a->party || dt_us > TRUTH_GROUP_US ||
		    dt_us < -TRUTH_GROUP_US ||
		    real_hypot(a->at.x - b->at.x, a->at.y - b->at.y) > TRUTH_GROUP_M)
			continue;
		for (size_t k = first; k < m->arrival.n; k++)
			if (m->arrival.v[k].party == party)
				m->arrival.v[k].party = a->party;
	}
	a->is_placed = true;
}

void truth_measures_tick(struct truth_measures *m, const struct actor *actors, int n)
{
	size_t first;

	if (!m->arrival.n || m->arrival.v[m->arrival.n - 1].is_placed)
		return;
	first = recent(m, m->arrival.v[m->arrival.n - 1].t_us);
	for (size_t i = first; i < m->arrival.n; i++)
		for (int k = 0; k < n; k++)
			if (actors[k].who.id == m->arrival.v[i].id)
				m->arrival.v[i].at = actors[k].at;
	for (size_t i = first; i < m->arrival.n; i++)
		if (!m->arrival.v[i].is_placed)
			place_arrival(m, first, &m->arrival.v[i]);
}

/* Parties are those who share a number. */
static void book_parties(struct truth_measures *m, enum truth_by by)
{
	size_t from = 0;

	for (size_t i = 0; i < m->arrival.n; i++) {
		const struct arrival *a = &m->arrival.v[i];
		int64_t n = 0;
		bool first = !a->turned;

		while (m->arrival.v[from].t_us < a->t_us - PARTY_US)
			from++;
		for (size_t k = from; k < m->arrival.n && first; k++) {
			const struct arrival *b = &m->arrival.v[k];
			bool with = by == BY_RULE
					    ? b->party == a->party
					    : k == i || (a->group && b->group == a->group);

			if (b->t_us > a->t_us + PARTY_US)
				break;
			if (b->turned || !with)
				continue;
			first = k >= i;
			n++;
		}
		if (first)
			truth_book(m, a->t_us, a->place, "groups", NULL, n, by);
	}
}

/* ---- somebody's whole way ---- */

static int by_begin(const void *a, const void *b)
{
	const struct trail_visit *x = a, *y = b;

	return x->when.from != y->when.from ? x->when.from - y->when.from : x->zone - y->zone;
}

void truth_measures_went(struct truth_measures *m, const struct trail *t)
{
	struct findings f = { .t = t };

	f.stands = xcalloc(t->point.n, sizeof(*f.stands));
	f.since = xcalloc(t->point.n, sizeof(*f.since));
	f.in = xcalloc((size_t)m->n_places + 1, sizeof(*f.in));
	trail_stops(t, f.stands, f.since, &f.stops);
	truth_find_zones(m, &f);
	if (f.visit.n)
		qsort(f.visit.v, f.visit.n, sizeof(*f.visit.v), by_begin);
	truth_find_stops(m, &f);
	truth_find_ways(m, &f);
	truth_find_staff(m, &f);
	truth_find_queues(m, &f);
	for (int i = 0; i < m->n_places; i++)
		free(f.in[i]);
	free(f.in);
	free(f.stands);
	free(f.since);
	VEC_FREE(&f.stops);
	VEC_FREE(&f.visit);
}

/* ---- the file ---- */

static void put_row(const struct truth_measures *m, FILE *f, const struct truth_row *r)
{
	char text[CLOCK_TEXT];

	fprintf(f, "%s,%s,%s,", clock_text_utc(r->minute_us, text),
		r->place < 0 ? "" : m->place[r->place].place->name, r->measure);
	if (r->word)
		fputs(r->word, f);
	else if (r->number >= 0)
		fprintf(f, "%" PRId64, r->number);
	fprintf(f, ",%s,%" PRId64 "\n", r->by == BY_RULE ? "rule" : "intent", r->value);
}

void truth_measures_write(struct truth_measures *m, FILE *f)
{
	book_parties(m, BY_RULE);
	book_parties(m, BY_INTENT);
	truth_queue_levels(m);
	merge(m);
	for (size_t i = 0; i < m->row.n; i++)
		put_row(m, f, &m->row.v[i]);
}
